"""What all tests share. Tests do not depend on the environment of whoever runs them, DATABASE_URL apart."""

import gc
import os
import tempfile
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest

# No time limits: a slow machine is no failure. CI looks at the same examples every time, people at new ones.
hypothesis.settings.register_profile("kpitrack", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis.settings.load_profile("kpitrack")

_OURS = ("KPITRACK_TEST_POSTGRES", "KPITRACK_SLOW_LINE")
for name in [name for name in os.environ if name.startswith("KPITRACK_") and name not in _OURS]:
    del os.environ[name]
os.environ["KPITRACK_DEBUG"] = "1"
_FILES = tempfile.TemporaryDirectory(prefix="kpitrack-tests-")  # gone with the process
os.environ["KPITRACK_EVIDENCE"] = str(Path(_FILES.name, "evidence"))
os.environ["DJANGO_SETTINGS_MODULE"] = "kpitrack.settings"
django.setup()  # the cast imports models
# Collecting garbage among hundreds of thousands of objects that live as long as the process took an eighth of the time.
gc.freeze()
gc.set_threshold(50_000, 20, 20)


def pytest_configure() -> None:
    """Fast passwords; Django is set up by pytest-django right after."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False
    _database_in_a_file(settings.DATABASES["default"])


def _database_in_a_file(database: dict[str, Any]) -> None:
    """SQLite as in production, where every thread has a connection of its own and waits for the others.

    Django's own choice, a database in memory, is one connection or one cache for all threads: nobody waits.
    """
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(Path(_FILES.name, "tests.sqlite3"))
        command = database["OPTIONS"]["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")
        assert command != database["OPTIONS"]["init_command"]  # tests need not outlive a power cut
        database["OPTIONS"]["init_command"] = command


# A worker that begins with one of these last would keep all others waiting. Browsers mostly wait and the others never
# do, so they take turns.
_LONGEST = (
    "test_tour_in_english.py", "test_urlconf.py", "test_urlconf_neighbours.py", "test_tour_on_phone.py",
    "test_urlconf_admin.py", "test_keep.py", "test_query_counts.py", "test_snapshot.py", "test_main_path.py",
    "test_closure_page.py", "test_autosave.py", "test_recovery.py", "test_lint_page.py", "test_month.py",
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; every test finds and leaves the database as it was, so the order changes nothing."""
    place = {name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture
def person(django_user_model):
    """A user without any role."""
    return django_user_model.objects.create_user("somboon", password="thai-silk-2560", first_name="สมบูรณ์")


@pytest.fixture
def staff(django_user_model):
    """A user who may open the admin, without any role in a unit."""
    return django_user_model.objects.create_user("wichai", password="thai-silk-2560", is_staff=True)


pytest_plugins = ["tests.cast", "tests.world"]
