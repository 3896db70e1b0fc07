"""A form that was opened before the latest log-in: it waits for its own person, and nobody else's is ever sent."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Comment
from strategy.accounts import kept
from tests.cast import PASSWORD
from tests.strategy.test_session_end import hidden

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
TYPED = "ตัวเลขรวมผู้ป่วยนอกเวลาหรือไม่ <b>"


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def token_of(page) -> str:
    return re.search('name="csrfmiddlewaretoken" value="([^"]*)"', page.content.decode())[1]


def log_in(browser, name="head"):
    token = token_of(browser.get("/accounts/login/"))
    typed = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/accounts/login/", typed).status_code == 302


@pytest.fixture
def comment(saved) -> str:
    return reverse("comment_add", args=[saved("7(1)", 6, A=33600, B=200).round_id])


@pytest.fixture
def opened(browser, cast, comment) -> str:
    """The head has a page open; its token."""
    log_in(browser)
    return token_of(browser.get("/accounts/resume/"))


def away(browser) -> None:
    """The session has ended, the browser is the same."""
    del browser.cookies["sessionid"]


def send(browser, comment, token, headers=HERE):
    return browser.post(comment, {"text": TYPED, "csrfmiddlewaretoken": token}, headers=headers)


def test_ones_own_form_waits_and_is_sent_by_a_button(browser, opened, comment):
    away(browser)
    log_in(browser)
    assert send(browser, comment, opened).url == "/accounts/resume/"
    assert not Comment.objects.exists()
    offered = browser.get("/accounts/resume/")
    assert f'action="{comment}"' in offered.content.decode()
    assert hidden(offered.content.decode(), "text") == [TYPED]
    assert send(browser, comment, token_of(offered)).status_code == 302
    assert Comment.objects.get().text == TYPED
    assert "ไม่มีข้อมูลที่พิมพ์ค้างไว้" in browser.get("/accounts/resume/").content.decode()


def test_also_after_logging_out_and_in_again(browser, opened, comment):
    browser.post("/accounts/logout/", {"csrfmiddlewaretoken": opened})
    log_in(browser)
    assert send(browser, comment, opened).url == "/accounts/resume/"


def test_another_persons_form_is_shown_and_not_offered(browser, opened, comment):
    away(browser)
    log_in(browser, "reporter")
    page = send(browser, comment, opened)
    assert page.status_code == 403
    assert "&lt;b&gt;" in page.content.decode()
    assert kept.SESSION not in browser.session
    assert "ไม่มีข้อมูลที่พิมพ์ค้างไว้" in browser.get("/accounts/resume/").content.decode()


@pytest.mark.parametrize("token", ["", "x", "x" * 64, "ก" * 64, "a" * 32, "<" * 64])
def test_what_another_site_sends_is_neither_offered_nor_shown(browser, opened, comment, token):
    away(browser)
    log_in(browser)
    page = send(browser, comment, token, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    assert page.status_code == 403
    assert "นอกเวลา" not in page.content.decode()
    assert kept.SESSION not in browser.session
    assert not Comment.objects.exists()


def test_the_page_says_what_to_do_and_shows_what_was_typed(browser, opened, comment):
    back = {**HERE, "Referer": "http://testserver/result/1/"}
    page = send(browser, comment, "x" * 64, back).content.decode()
    assert "เปิดไว้ก่อนการเข้าสู่ระบบครั้งล่าสุด" in page
    assert "นอกเวลา" in page
    assert 'href="http://testserver/result/1/"' in page
    assert (
        "evil.example" not in send(browser, comment, "", {**HERE, "Referer": "https://evil.example/"}).content.decode()
    )


def test_a_password_is_never_shown_again(browser, opened):
    typed = {"old_password": "geheim-2560", "new_password1": "neu-2561", "csrfmiddlewaretoken": "x" * 64}
    page = browser.post("/accounts/password/", typed, headers=HERE)
    assert page.status_code == 403
    assert "geheim-2560" not in page.content.decode()
    assert "neu-2561" not in page.content.decode()


def test_scripts_get_no_page(browser, opened, comment):
    answer = send(browser, comment, "x" * 64, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"})
    assert (answer.status_code, answer.content) == (403, b"")


def test_the_second_factor_comes_first(browser, opened, comment, cast):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    away(browser)
    TOTPDevice.objects.create(user=cast.head, name="app")
    log_in(browser)
    send(browser, comment, opened)
    assert browser.get("/accounts/resume/").url.startswith("/accounts/second-factor/")


def test_an_old_log_in_page_asks_again_and_keeps_what_it_carries(browser, cast):
    sealed = kept.Kept("/x/", cast.head.pk, (("note", "พิมพ์ค้าง"),)).seal()
    typed = {"username": "head", "password": PASSWORD, "kept": sealed, "next": "/x/"}
    page = browser.post("/accounts/login/", typed, headers=HERE)
    assert page.status_code == 403
    assert "ใส่ชื่อผู้ใช้และรหัสผ่านอีกครั้ง" in page.content.decode()
    assert "สิ่งที่พิมพ์ไว้ยังอยู่" in page.content.decode()
    again = {**typed, "csrfmiddlewaretoken": token_of(page)}
    assert browser.post("/accounts/login/", again, headers=HERE).url == "/accounts/resume/"
