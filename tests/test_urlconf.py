"""Every address x every person x own and other unit x every method, by the table in access_matrix.py."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import get_resolver, reverse

from tests.access_matrix import ADDRESSES, ADMIN_MODELS, ADMIN_PAGES, OPERATIONS, PEOPLE
from tests.matrix.address import METHODS
from tests.matrix.asking import DATED, IN_MARCH, address_of, answer, data_for
from tests.world import World, kept_apart, made

pytestmark = pytest.mark.django_db
Cells = dict[tuple[str, str, str], str]  # by person, indicator and method
SHOWN = ("200", "403", "409", "422", "moved_with_200")
OF_A_HOSPITAL = [name for name, entry in ADDRESSES.items() if entry.takes and not entry.is_public]
WHAT_TO_ADD = (
    "{name!r} is an address that tests/access_matrix.py does not know: add a row to {table} that says "
    "what every person of the cast gets there."
)


def names_of(patterns, space="") -> list[str]:
    """All URL names below, with their namespace; an address without a name stands as its pattern."""
    found: list[str] = []
    for entry in patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found += names_of(entry.url_patterns, inner)
        else:
            found.append(f"{space}{entry.name}" if entry.name else f"{space}<{entry.pattern}>")
    return found


# The table is whole


def test_every_address_is_in_the_table():
    for name in names_of(get_resolver().url_patterns):
        if not name.startswith("admin:"):
            assert name in ADDRESSES, WHAT_TO_ADD.format(name=name, table="ADDRESSES")


def test_every_page_of_the_admin_is_in_the_table():
    known = {f"admin:{model}_{operation}" for model in ADMIN_MODELS for operation in OPERATIONS}
    for name in names_of(get_resolver().url_patterns):
        if name.startswith("admin:") and not name.startswith("admin:<"):
            table = "ADMIN_MODELS (what the administrator may do) or ADMIN_PAGES"
            assert name in known or name in ADMIN_PAGES, WHAT_TO_ADD.format(name=name, table=table)


def test_a_name_stands_for_one_address():
    """Of two addresses of one name the table would ask one alone; of the admin's own without a name it asks none."""
    counted = Counter(names_of(get_resolver().url_patterns))
    assert counted.pop("admin:<<path:object_id>/>") == len(ADMIN_MODELS)  # to where a model's page was long ago
    assert counted.pop("admin:<(?P<url>.*)$>") == 1  # what is not there
    assert [name for name, number in counted.items() if number > 1 or "<" in name] == []


def test_the_table_knows_nothing_that_is_gone():
    names = set(names_of(get_resolver().url_patterns))
    assert set(ADDRESSES) | set(ADMIN_PAGES) <= names
    assert {f"admin:{model}_changelist" for model in ADMIN_MODELS} <= names


def test_the_admin_reaches_every_model():
    for app in ("strategy", "indicators", "reports"):
        for model in apps.get_app_config(app).get_models():
            assert model._meta.label_lower.replace(".", "_") in ADMIN_MODELS


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_person_has_a_row(name):
    width = 4 if ADDRESSES[name].takes else 2
    assert {person: len(cells) for person, cells in ADDRESSES[name].rows.items()} == dict.fromkeys(PEOPLE, width)


# Every cell


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), made() as there:
        yield there


def found_at(name: str, world: World, expected: Cells) -> Cells:
    """For a person, an indicator and a method: what is answered. Every cell begins with the same results.

    A page is drawn where one is to be seen; the many that only refuse are not.
    """
    found = {}
    for code in ADDRESSES[name].objects:
        with kept_apart():
            url = address_of(name, world.plan, code)
            data = data_for(name, world.plan, url, code)
            for person in PEOPLE:
                with kept_apart():
                    client = world.browser(person)
                    for method in METHODS:
                        is_shown = method in ("get", "post") and expected[person, code, method] in SHOWN
                        found[person, code, method] = answer(client, method, url, data, is_drawn=is_shown)
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_cells(name, world, quick_documents):
    entry = ADDRESSES[name]
    expected = {(person, *cell): word for person in PEOPLE for cell, word in entry.expected(person).items()}
    with kept_apart():
        world.stand(entry.status)
        found = found_at(name, world, expected)
    assert found.keys() == expected.keys()
    wrong = [
        f"{name}: {method.upper()} {code} by {person} gives {found[person, code, method]}, the table says {word}"
        for (person, code, method), word in expected.items()
        if found[person, code, method] != word
    ]
    assert wrong == []


@pytest.mark.parametrize("name", OF_A_HOSPITAL)
def test_what_is_not_there(name, world):
    """The same answer as for what is not theirs, also for a number that no database holds."""
    method = "get" if any("200" in cells[::2] for cells in ADDRESSES[name].rows.values()) else "post"
    for pk in (0, 10**30):
        url = reverse(name, args=[pk, *(IN_MARCH if ADDRESSES[name].takes in DATED else ())])
        for person in ("outsider", "head", "reviewer", "administrator"):
            with kept_apart():
                found = answer(world.browser(person), method, url, is_drawn=False)
                assert (person, pk, found) == (person, pk, "404")
