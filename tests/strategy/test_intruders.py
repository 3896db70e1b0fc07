"""Somebody who tries: spellings of a name, forged addresses, fixed sessions, closed accounts, who exists."""

import re
from pathlib import Path

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from strategy.accounts import second_factor
from strategy.models import User
from tests.cast import PASSWORD
from tests.indicators.conftest import EMPTY_PROJECTS

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def axes(settings):
    settings.AXES_ENABLED = True


def attempt(name: str, password: str = "wrong", path: str = "/accounts/login/", **more) -> int:
    return Client().post(path, {"username": name, "password": password}, **more).status_code


@pytest.mark.parametrize(
    "spellings",
    [
        ["head", " head", "head ", "\thead", "ｈｅａｄ"],  # what the form takes for the same name counts as the same
        ["head"] * 2 + ["head\x0b"] * 3,
    ],
)
def test_no_spelling_escapes_the_lock_out(cast, axes, spellings):
    assert [attempt(name) for name in spellings][-1] == 429
    assert attempt("head", PASSWORD) == 429


def test_the_admins_log_in_counts_with_the_other(cast, axes):
    for path in ["/admin/login/", "/accounts/login/"] * 2:
        attempt("administrator", path=path)
    assert attempt("administrator", path="/admin/login/") == 429
    assert attempt("administrator", PASSWORD) == 429


def test_another_letter_case_is_another_name_and_no_way_in(cast, axes):
    assert attempt("HEAD", PASSWORD) == 200


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_FORWARDED", "HTTP_CF_CONNECTING_IP"]
)
def test_no_claimed_address_escapes_the_lock_out(cast, axes, header):
    found = [attempt("head", **{header: f"10.0.0.{number}"}) for number in range(5)]
    assert found[-1] == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}


def test_behind_the_proxy_its_own_word_counts(cast, axes, settings):
    settings.KPITRACK_BEHIND_PROXY = True
    found = [attempt("head", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 172.16.0.7") for number in range(5)]
    assert found[-1] == 429


def test_a_session_from_before_the_log_in_is_worth_nothing(client, cast):
    client.get("/accounts/login/")
    client.session.save()
    fixed = client.session.session_key
    client.cookies["sessionid"] = fixed
    client.post("/accounts/login/", {"username": "head", "password": PASSWORD})
    assert client.cookies["sessionid"].value != fixed
    assert not Session.objects.filter(session_key=fixed).exists()


def test_who_exists_is_not_said(cast):
    User.objects.filter(pk=cast.reporter.pk).update(is_active=False)
    pages = set()
    for name in ("head", "nobody", "reporter"):
        page = Client().post("/accounts/login/", {"username": name, "password": "wrong"}).content.decode()
        pages.add(page.partition('class="error-summary')[2].partition("<form")[0].replace(name, ""))
    assert len(pages) == 1


def test_a_closed_account_is_out_at_once_and_its_session_is_not_kept_alive(client, cast):
    client.force_login(cast.head)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    Session.objects.update(expire_date="2099-01-01T00:00:00Z")
    response = client.get("/")
    assert response.url.startswith("/accounts/login/")
    assert "sessionid" not in response.cookies
    assert Session.objects.get().expire_date.year == 2099


def test_the_same_role_twice_says_who_has_it(client, cast, houses):
    client.force_login(houses.boss)
    typed = {"unit": "PST_OPD", "role": "head", "start": "15 เม.ย. 2560", "reason": "คำสั่ง"}
    page = client.post(reverse("role_give", args=[cast.head.pk]), typed).content.decode()
    assert "head มีบทบาท หัวหน้าหน่วยงาน ที่" in page


def test_who_knows_the_password_does_not_start_the_codes_anew_by_logging_in_again(cast, axes):
    """A right password forgets the wrong ones of the lock-out; the waiting of the second factor stays."""
    key = second_factor.new_key()
    device = TOTPDevice.objects.create(user=cast.head, key=key, name="app")
    for number in range(4):
        browser = Client()
        assert browser.post("/accounts/login/", {"username": "head", "password": PASSWORD}).status_code == 302
        page = browser.post("/accounts/second-factor/", {"code": "000000"}).content.decode()
        assert ("รออีก" in page) is (number > 0)
    device.refresh_from_db()
    assert device.throttling_failure_count == 1


def test_typing_keeps_a_session_and_an_open_page_does_not(client, cast, round_of):
    """A draft saves itself after typing alone, so that counts as being at work; nothing else asks by itself."""
    address = reverse("autosave", args=[round_of("7(1)").pk])
    with time_machine.travel("2026-11-02 09:00:00+07:00", tick=False) as clock:
        client.force_login(cast.head)
        for _each in range(3):
            clock.shift(50 * 60)
            assert client.post(address, {**EMPTY_PROJECTS, "note": "พิมพ์ต่อ", "lock": "0"}).status_code != 401
        clock.shift(62 * 60)
        assert client.post(address, {**EMPTY_PROJECTS, "note": "พิมพ์ต่อ", "lock": "0"}).status_code == 401


def test_no_page_asks_the_server_by_itself():
    """A clock in a script would keep the session of an empty chair alive."""
    for script in (ROOT / "static" / "js").glob("*.js"):
        assert "setInterval" not in script.read_text(), script
    for template in (ROOT / "templates").rglob("*.html"):
        assert "every " not in "".join(re.findall(r'hx-trigger="[^"]*"', template.read_text())), template
