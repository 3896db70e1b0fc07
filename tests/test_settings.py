"""A bad value in the environment stops the start with one sentence; a good one arrives with its type."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop"
PRODUCTION = {"KPITRACK_SECRET_KEY": KEY, "KPITRACK_ALLOWED_HOSTS": "kpi.example.go.th"}
DEVELOPMENT = {"KPITRACK_DEBUG": "1"}


def run(arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**inherited, "PYTHONUTF8": "1", **variables}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def read(expression: str, variables: dict[str, str]) -> object:
    """A setting as a process with these variables sees it."""
    code = f"import json; from kpitrack import settings; print(json.dumps({expression}, default=str))"
    done = run(["-c", code], variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


BAD = [
    ("KPITRACK_DEBUG", "maybe", "1 or 0"),
    ("KPITRACK_TODAY", "15/04/2560", "an ISO date such as 2017-04-15"),
    ("KPITRACK_TODAY", "2017-02-30", "an ISO date"),
    ("KPITRACK_ALLOWED_HOSTS", "https://kpi.example.go.th", "host names separated by commas"),
    ("KPITRACK_ALLOWED_HOSTS", "*", "host names separated by commas"),
    ("KPITRACK_ALLOWED_HOSTS", "a.go.th,,b.go.th", "host names separated by commas"),
    ("KPITRACK_TRUSTED_ORIGINS", "kpi.example.go.th", "web origins separated by commas"),
    ("KPITRACK_HTTPS", "2", "1 or 0"),
    ("KPITRACK_HSTS_SECONDS", "-1", "a whole number from 0 to 63072000"),
    ("KPITRACK_HSTS_SECONDS", "๑๐", "a whole number from 0 to 63072000"),
    ("KPITRACK_BEHIND_PROXY", "nginx", "1 or 0"),
    ("KPITRACK_EVIDENCE_MB", "20MB", "a whole number from 1 to 500"),
    ("KPITRACK_IDLE_MINUTES", "0", "a whole number from 1 to 1440"),
    ("KPITRACK_IDLE_MINUTES", "1 hour", "a whole number from 1 to 1440"),
    ("KPITRACK_SECOND_FACTOR", "sms", "one of ADMINISTRATORS, EVERYONE, OPTIONAL"),
    ("KPITRACK_LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR"),
]


@pytest.mark.parametrize(("name", "value", "expected"), BAD)
def test_bad_value_stops_the_start_with_one_sentence(name, value, expected):
    done = run(["manage.py", "check"], {**PRODUCTION, name: value})
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert f'{name} = "{value}"' in done.stderr
    assert "ใช้ไม่ได้ ต้องเป็น" in done.stderr
    assert expected in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:hunter2@db/kpi",
        "postgres://kpi:hunter2@db",
        "hunter2",
        "sqlite://",
        "postgres://u:hunter2@db:port/k",
    ],
)
def test_bad_database_url_is_named_without_its_password(url):
    done = run(["manage.py", "check"], {**DEVELOPMENT, "DATABASE_URL": url})
    assert done.returncode == 3
    assert "DATABASE_URL" in done.stderr
    assert "postgres://user:password@host:5432/kpitrack" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


MAIL = {"KPITRACK_EMAIL_URL": "smtp+tls://kpi:p%40ss@mail.example:2525", "KPITRACK_MAIL_FROM": "kpi@example.go.th"}
SITE = {"KPITRACK_SITE_URL": "https://kpi.example.go.th/"}


@pytest.mark.parametrize(
    "url",
    ["hunter2", "smtp://", "smtp://h:hunter2", "smtps://u:hunter2@mail", "mailto:hunter2", "filemail://", "http://x"],
)
def test_bad_mail_url_is_named_without_its_password(url):
    done = run(["manage.py", "check"], {**DEVELOPMENT, **MAIL, "KPITRACK_EMAIL_URL": url})
    assert done.returncode == 3
    assert "KPITRACK_EMAIL_URL" in done.stderr
    assert "smtp+tls://user:password@mail.hospital.go.th:587" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("missing", "expected"), [("KPITRACK_MAIL_FROM", "sender's mail address"), ("KPITRACK_SITE_URL", "site's address")]
)
def test_mail_needs_a_sender_and_the_site(missing, expected):
    given = {**PRODUCTION, **MAIL, **SITE}
    done = run(["manage.py", "check"], {name: value for name, value in given.items() if name != missing})
    assert done.returncode == 3
    assert f"{missing} = (ไม่ได้ตั้งค่า / not set)" in done.stderr
    assert expected in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("KPITRACK_MAIL_FROM", "nobody"), ("KPITRACK_MAIL_FROM", "a@b@c"), ("KPITRACK_SITE_URL", "kpi.example.go.th"),
     ("KPITRACK_SITE_URL", "https://kpi.example.go.th/sub")],
)  # fmt: skip
def test_bad_sender_or_site_stops_the_start(name, value):
    done = run(["manage.py", "check"], {**PRODUCTION, **MAIL, **SITE, name: value})
    assert done.returncode == 3
    assert f'{name} = "{value}"' in done.stderr


def test_mail_by_url():
    given = {**PRODUCTION, **MAIL, **SITE}
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    values = read(f"[{', '.join(f'settings.{name}' for name in names)}]", given)
    assert values == ["mail.example", 2525, "kpi", "p@ss", True, False]
    assert read("settings.KPITRACK_SITE_URL", given) == "https://kpi.example.go.th"
    assert read("settings.DEFAULT_FROM_EMAIL", given) == "kpi@example.go.th"
    assert read("settings.SENDS_MAIL", given) is True


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 25), ("smtp+tls", 587), ("smtp+ssl", 465)])
def test_the_usual_ports_of_mail(scheme, port):
    assert (
        read("settings.EMAIL_PORT", {**DEVELOPMENT, **MAIL, "KPITRACK_EMAIL_URL": f"{scheme}://mail.example"}) == port
    )


@pytest.mark.parametrize(("variables", "kind"), [(PRODUCTION, "dummy"), (DEVELOPMENT, "console")])
def test_without_a_mail_server_nothing_leaves(variables, kind):
    assert read("settings.EMAIL_BACKEND", variables) == f"django.core.mail.backends.{kind}.EmailBackend"
    assert read("settings.SENDS_MAIL", variables) is False


def test_number_of_seconds_is_checked_for_postgresql():
    variables = {**DEVELOPMENT, "DATABASE_URL": "postgres://db/kpi", "KPITRACK_DB_CONN_MAX_AGE": "soon"}
    done = run(["manage.py", "check"], variables)
    assert 'KPITRACK_DB_CONN_MAX_AGE = "soon"' in done.stderr


@pytest.mark.parametrize("missing", sorted(PRODUCTION))
def test_production_needs_key_and_hosts(missing):
    done = run(["manage.py", "check"], {k: v for k, v in PRODUCTION.items() if k != missing})
    assert done.returncode == 3
    assert f"{missing} = (ไม่ได้ตั้งค่า / not set)" in done.stderr


@pytest.mark.parametrize("weak", ["short", "a" * 60])
def test_weak_key_is_refused_and_not_shown(weak):
    done = run(["manage.py", "check"], {**PRODUCTION, "KPITRACK_SECRET_KEY": weak})
    assert done.returncode == 3
    assert "at least 50 characters" in done.stderr
    assert weak not in done.stderr


def test_wsgi_stops_in_the_same_way():
    done = run(["-c", "import kpitrack.wsgi"], {**PRODUCTION, "KPITRACK_TODAY": "tomorrow"})
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_debug_is_off_by_default():
    assert read("settings.DEBUG", PRODUCTION) is False


def test_clock():
    assert read("settings.KPITRACK_TODAY", {**DEVELOPMENT, "KPITRACK_TODAY": "2017-04-15"}) == "2017-04-15"
    assert read("settings.KPITRACK_TODAY", {**DEVELOPMENT, "KPITRACK_TODAY": " "}) is None


def test_lists_lose_their_spaces():
    variables = {**PRODUCTION, "KPITRACK_ALLOWED_HOSTS": "a.go.th, .b.go.th ,[::1]"}
    assert read("settings.ALLOWED_HOSTS", variables) == ["a.go.th", ".b.go.th", "[::1]"]


def test_sqlite_waits_and_takes_its_lock_at_the_start():
    config = read("settings.DATABASES['default']", DEVELOPMENT)
    assert config["NAME"] == str(ROOT / "db.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    assert (
        read("settings.DATABASES['default']['NAME']", {**DEVELOPMENT, "DATABASE_URL": "sqlite:////srv/k.db"})
        == "/srv/k.db"
    )


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("postgres://kpi:p%40ss@db.example:5433/kpi", "db.example", "kpi"),
        ("postgresql://kpi@//run/postgresql/kpi", "/run/postgresql", "kpi"),
    ],
)
def test_postgresql_by_url(url, host, name):
    config = read("settings.DATABASES['default']", {**DEVELOPMENT, "DATABASE_URL": url})
    assert (config["HOST"], config["NAME"], config["CONN_MAX_AGE"]) == (host, name, 600)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert config["OPTIONS"] == {"options": "-c jit=off"}


def test_postgresql_with_options_of_the_url():
    url = "postgres://kpi@db/kpi?options=-c%20work_mem%3D64MB&sslmode=require"
    config = read("settings.DATABASES['default']", {**DEVELOPMENT, "DATABASE_URL": url})
    assert config["OPTIONS"] == {"options": "-c work_mem=64MB", "sslmode": "require"}


def test_deployment_check_is_silent():
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_https_may_be_switched_off_inside_a_hospital():
    assert read("settings.SECURE_SSL_REDIRECT", {**PRODUCTION, "KPITRACK_HTTPS": "0"}) is False
    assert read("settings.SESSION_COOKIE_SECURE", PRODUCTION) is True


def test_a_command_needs_no_settings_where_nothing_is_configured():
    """`manage.py score …` on a newcomer's machine; a server still asks for its key and its names."""
    assert run(["manage.py", "check"], {}).returncode == 0
    served = run(["-c", "import kpitrack.wsgi"], {})
    assert served.returncode == 3
    assert "KPITRACK_SECRET_KEY" in served.stderr


@pytest.mark.parametrize("name", ["KPITRACK_SECRET_KEY", "KPITRACK_ALLOWED_HOSTS"])
def test_half_an_installation_is_no_development_machine(name):
    """With one of the production settings given, a command does not fall back to debug."""
    assert run(["manage.py", "check"], {name: PRODUCTION[name]}).returncode == 3


def test_idle_and_second_factor():
    assert read("settings.SESSION_COOKIE_AGE", DEVELOPMENT) == 61 * 60
    assert read("settings.SESSION_COOKIE_AGE", {**DEVELOPMENT, "KPITRACK_IDLE_MINUTES": "15"}) == 16 * 60
    assert read("settings.SECOND_FACTOR", DEVELOPMENT) == "OPTIONAL"
    assert (
        read("settings.SECOND_FACTOR", {**DEVELOPMENT, "KPITRACK_SECOND_FACTOR": "administrators"}) == "ADMINISTRATORS"
    )
