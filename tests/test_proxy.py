"""Whose address counts for the lock-out, with a proxy in front and without."""

import pytest
from django.test import RequestFactory

from kpitrack.proxy import client_address

PROXY, WARD, LAB = "10.0.0.1", "10.1.1.20", "10.1.1.30"


def request(forwarded: str | None = None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers)


def test_without_a_proxy_nobody_chooses_an_address(settings):
    settings.KPITRACK_BEHIND_PROXY = False
    assert client_address(request(WARD)) == PROXY


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (WARD, WARD),
        (f"1.2.3.4, {WARD}", WARD),  # the first was claimed by the browser, the last written by the proxy
        ("2001:db8::1", "2001:db8::1"),
        (f"{WARD}, unknown", PROXY),
        ("", PROXY),
        (None, PROXY),
    ],
)
def test_behind_a_proxy_its_own_entry_counts(forwarded, address, settings):
    settings.KPITRACK_BEHIND_PROXY = True
    assert client_address(request(forwarded)) == address


@pytest.mark.django_db
def test_a_name_is_locked_for_one_machine_alone(client, person, settings):
    settings.AXES_ENABLED = settings.KPITRACK_BEHIND_PROXY = True

    def log_in(password: str, address: str) -> int:
        typed = {"username": "somboon", "password": password}
        return client.post("/accounts/login/", typed, headers={"X-Forwarded-For": address}).status_code

    answers = [log_in("wrong", WARD) for _ in range(5)]
    assert answers[-1] == 429
    assert log_in("thai-silk-2560", WARD) == 429
    assert log_in("thai-silk-2560", LAB) == 302
