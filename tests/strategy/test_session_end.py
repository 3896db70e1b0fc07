"""A session ends after a while without a request; what was typed meets its person again after the log-in."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Result
from strategy.accounts import kept
from strategy.accounts.requests import WHO
from strategy.models import User
from tests.cast import PASSWORD
from tests.indicators.conftest import EMPTY_PROJECTS

pytestmark = pytest.mark.django_db

TYPED = {"item_A": "33600", "item_B": "200", "note": "บรรทัดแรก\r\nบรรทัดสอง <b>", "lock": "0", "action": "save"}


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-02 09:00:00+07:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def address(round_of) -> str:
    return reverse("entry", args=[round_of("7(1)").pk])


@pytest.fixture
def working(client, cast, clock, address):
    """The head has the entry page open."""
    client.force_login(cast.head)
    assert client.get(address).status_code == 200
    return client


def minutes(clock, number: float) -> None:
    clock.shift(timedelta(minutes=number))


def hidden(page: str, name: str) -> list[str]:
    found = re.findall(f'<input type="hidden" name="{re.escape(name)}" value="([^"]*)"', page)
    return [html.unescape(value) for value in found]


def late(client, address, typed=TYPED, **more):
    return client.post(address, {**EMPTY_PROJECTS, **typed}, **more)


def log_in(client, page: str, name: str = "head", **more):
    """As the form of this page is sent."""
    carried = {"next": hidden(page, "next")[0], **({"kept": hidden(page, "kept")[0]} if hidden(page, "kept") else {})}
    return client.post("/accounts/login/", {"username": name, "password": PASSWORD, **carried, **more})


# The end


@pytest.mark.parametrize(("quiet", "is_in"), [(1, True), (59, True), (60, True), (62, False), (24 * 60, False)])
def test_an_hour_without_a_request_ends_it(working, clock, quiet, is_in):
    minutes(clock, quiet)
    assert (working.get("/").status_code == 200) is is_in


def test_every_request_pushes_the_end_away(working, clock):
    for _each in range(20):
        minutes(clock, 50)
        assert working.get("/").status_code == 200
    minutes(clock, 62)
    assert working.get("/").status_code == 302


def test_the_session_is_written_once_a_minute_at_most(working, clock, django_assert_num_queries):
    row = Session.objects.get()
    for _each in range(5):
        clock.shift(10)
        working.get("/")
    assert Session.objects.get().expire_date == row.expire_date
    clock.shift(30)
    response = working.get("/")
    assert Session.objects.get().expire_date == timezone.now() + timedelta(seconds=61 * 60)
    assert Session.objects.get().session_data == row.session_data
    cookie = response.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (61 * 60, True, "Lax")


def test_the_setting_decides(working, clock, settings):
    settings.SESSION_COOKIE_AGE = 5 * 60 + 60
    minutes(clock, 2)
    working.get("/")
    minutes(clock, 7)
    assert working.get("/").status_code == 302


def test_the_log_in_page_says_why(working, clock):
    minutes(clock, 70)
    page = working.get("/dashboard/", follow=True).content.decode()
    assert "ออกจากระบบแล้วหรือไม่ได้ใช้งานนานเกินกำหนด" in page
    assert "ออกจากระบบแล้วหรือไม่ได้ใช้งาน" not in Client().get("/dashboard/", follow=True).content.decode()


# What was typed


def test_a_late_form_meets_a_log_in_and_then_its_page(working, clock, address, cast):
    minutes(clock, 70)
    response = late(working, address)
    page = response.content.decode()
    assert response.status_code == 401
    assert "สิ่งที่พิมพ์ไว้ยังอยู่" in page
    assert not Result.objects.exists()
    assert log_in(working, page).url == "/accounts/resume/"
    offered = working.get("/accounts/resume/").content.decode()
    assert f'action="{address}"' in offered
    assert not Result.objects.exists()  # nothing is sent by itself
    again = {name: hidden(offered, name)[0] for name in {**TYPED, **EMPTY_PROJECTS} if hidden(offered, name)}
    assert again["note"] == TYPED["note"]
    assert working.post(address, again).status_code in (200, 302)
    result = Result.objects.get()
    assert result.entered_by == cast.head
    assert {value.code: int(value.value) for value in result.values.all()} == {"A": 33600, "B": 200}
    assert "ไม่มีข้อมูลที่พิมพ์ค้างไว้" in working.get("/accounts/resume/").content.decode()


def test_a_mistyped_password_keeps_it(working, clock, address):
    minutes(clock, 70)
    page = late(working, address).content.decode()
    refused = working.post("/accounts/login/", {"username": "head", "password": "x", "kept": hidden(page, "kept")[0]})
    assert hidden(refused.content.decode(), "kept") == hidden(page, "kept")


def test_the_page_of_the_lock_out_keeps_it(working, clock, address, settings):
    settings.AXES_ENABLED = True
    minutes(clock, 70)
    typed = {"username": "head", "password": "x", "kept": hidden(late(working, address).content.decode(), "kept")[0]}
    for _each in range(5):
        response = working.post("/accounts/login/", typed)
    assert response.status_code == 429
    assert hidden(response.content.decode(), "kept") == [typed["kept"]]
    back = working.post("/accounts/login/", {"kept": typed["kept"], "next": address}).content.decode()
    assert hidden(back, "kept") == [typed["kept"]]
    assert "error-summary" not in back
    from axes.models import AccessAttempt

    assert typed["kept"] not in AccessAttempt.objects.get().post_data


def test_somebody_else_gets_nothing_of_it(working, clock, address, cast):
    minutes(clock, 70)
    page = late(working, address).content.decode()
    response = log_in(working, page, "other_head")
    assert response.url == address  # which they may not open
    shown = working.get("/accounts/resume/").content.decode()
    assert "ไม่มีข้อมูลที่พิมพ์ค้างไว้" in shown
    assert "เป็นของผู้ใช้อื่น" in shown
    assert "33600" not in shown


@pytest.mark.parametrize("change", [lambda text: text[:-3] + "abc", lambda text: "x" + text, lambda text: "nonsense"])
def test_what_was_changed_on_the_way_is_not_taken(working, clock, address, change):
    minutes(clock, 70)
    page = late(working, address).content.decode()
    response = log_in(working, page, kept=change(hidden(page, "kept")[0]))
    assert response.url == address
    assert "ไม่มีข้อมูลที่พิมพ์ค้างไว้" in working.get("/accounts/resume/").content.decode()


def test_another_seal_of_ours_is_no_form(working, clock, address):
    """A cookie, a reset link: the salt tells them apart."""
    minutes(clock, 70)
    page = late(working, address).content.decode()
    log_in(working, page, kept=signing.dumps(["/x/", 1, [], []], salt="other"))
    assert "ไม่มีข้อมูล" in working.get("/accounts/resume/").content.decode()


def test_after_three_days_it_is_too_old(working, clock, address):
    minutes(clock, 70)
    page = late(working, address).content.decode()
    minutes(clock, 60 * 24 * 3 + 1)
    assert log_in(working, page).url == address


def test_over_a_weekend_it_is_still_known_whose_it_is(working, clock, address):
    """The session is long gone, its cookie too."""
    minutes(clock, 60 * 63)
    del working.cookies["sessionid"]
    assert hidden(late(working, address).content.decode(), "kept")


def test_no_password_is_carried(working, clock):
    minutes(clock, 70)
    typed = {"first_name": "ก", "password1": "geheim-1", "old_password": "geheim-2", "client_secret": "geheim-3"}
    page = working.post(reverse("person_add"), typed).content.decode()
    carried = kept.unseal(hidden(page, "kept")[0])
    assert carried.fields == (("first_name", "ก"),)
    change = working.post("/accounts/password/", {"old_password": "geheim-2"})
    assert change.status_code == 302
    assert "geheim" not in page


def test_files_are_named_and_not_carried(working, clock, address):
    minutes(clock, 70)
    file = SimpleUploadedFile("หลักฐาน.pdf", b"%PDF-1.7")
    page = working.post(address, {**TYPED, "file": file}).content.decode()
    assert "ไฟล์ที่แนบต้องเลือกใหม่: หลักฐาน.pdf" in page
    assert kept.unseal(hidden(page, "kept")[0]).files == ("หลักฐาน.pdf",)
    log_in(working, page)
    assert "หลักฐาน.pdf" in working.get("/accounts/resume/").content.decode()


def test_a_file_alone_is_said_and_nothing_is_offered(working, clock, address):
    minutes(clock, 70)
    page = working.post(address, {"file": SimpleUploadedFile("a.xlsx", b"x")}).content.decode()
    assert "ไฟล์ที่แนบต้องเลือกใหม่: a.xlsx" in page
    assert hidden(page, "kept") == []
    assert log_in(working, page).url == address


def test_too_much_is_said(working, clock, address):
    minutes(clock, 70)
    page = late(working, address, {**TYPED, "note": "ก" * (kept.LARGEST + 1)}).content.decode()
    assert "มีมากเกินกว่าจะเก็บไว้" in page
    assert hidden(page, "kept") == []
    fits = late(working, address, {**TYPED, "note": "ก" * (kept.LARGEST - 500)}).content.decode()
    assert len(hidden(fits, "kept")[0]) < 20_000  # compressed


def test_many_fields_of_one_name_stay_in_order(working, clock, address):
    minutes(clock, 70)
    page = working.post(address, {"picked": ["3:1", "1:2", "2:9"], "action": "save"}).content.decode()
    log_in(working, page)
    assert hidden(working.get("/accounts/resume/").content.decode(), "picked") == ["3:1", "1:2", "2:9"]


def test_what_was_typed_is_escaped(working, clock, address):
    minutes(clock, 70)
    page = late(working, address, {"note": '"><script>alert(1)</script>', "x'y\"<": "1"}).content.decode()
    log_in(working, page)
    assert "<script>alert" not in working.get("/accounts/resume/").content.decode()


def test_it_can_be_thrown_away(working, clock, address):
    minutes(clock, 70)
    log_in(working, late(working, address).content.decode())
    assert working.post("/accounts/resume/").url == address
    assert "ไม่มีข้อมูล" in working.get("/accounts/resume/").content.decode()


# Nobody else's form


def test_a_form_of_another_site_is_not_carried(cast, clock, address):
    """It fails the check against forgery, as it would with a session."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.head)
    strict.get(address)
    minutes(clock, 70)
    response = strict.post(address, TYPED)
    assert response.status_code == 403
    assert "33600" not in response.content.decode()


def test_who_never_logged_in_here_is_sent_to_the_log_in(client, address):
    response = late(client, address)
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={address}")


def test_their_scripts_too(client, address):
    assert late(client, address, headers={"HX-Request": "true"}).status_code == 302


def test_a_forged_cookie_names_nobody(client, address):
    client.cookies[WHO] = signing.dumps(1, salt="another")
    assert late(client, address).status_code == 302


def test_the_cookie_opens_nothing(working, clock):
    cookie = working.cookies[WHO]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    stranger = Client()
    stranger.cookies[WHO] = cookie.value
    assert stranger.get("/dashboard/").status_code == 302


def test_the_person_of_the_latest_log_in_counts(working, cast, clock, address):
    working.post("/accounts/logout/")
    working.force_login(cast.other_head)
    working.get("/")
    minutes(clock, 70)
    page = late(working, address).content.decode()
    assert kept.unseal(hidden(page, "kept")[0]).who == cast.other_head.pk


@pytest.mark.parametrize("next_", ["//evil.example/", "https://evil.example/", "http:///evil.example"])
def test_no_way_out_to_other_sites(client, cast, next_):
    typed = {"username": "head", "password": PASSWORD, "next": next_}
    assert client.post("/accounts/login/", typed).url == "/"
    client.logout()
    sealed = kept.Kept("/dashboard/", cast.head.pk, (("a", "1"),)).seal()
    assert client.post("/accounts/login/", {**typed, "kept": sealed}).url == "/accounts/resume/"


def test_the_language_is_chosen_before_the_log_in(working, clock):
    """The switch leads back to the log-in, and is no form of somebody's."""
    minutes(clock, 70)
    back = "/accounts/login/?next=/dashboard/"
    assert working.post("/language/", {"language": "en", "next": back}).url == back


@pytest.mark.parametrize("path", ["/admin/strategy/orgunit/add/", "/review/1/approve/?unit=NB"])
def test_every_form_is_met_with_its_query(working, clock, path):
    minutes(clock, 70)
    page = working.post(path, {"reason": "x"}).content.decode()
    assert kept.unseal(hidden(page, "kept")[0]).path == path


# Scripts


SCRIPTS = [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "same-origin"}, {"Accept": "*/*"}]


@pytest.mark.parametrize("headers", SCRIPTS)
def test_scripts_get_401_and_no_page(working, clock, address, headers):
    minutes(clock, 70)
    response = late(working, address, headers=headers)
    assert (response.status_code, response.content) == (401, b"")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Mode": "navigate"}, {"Accept": "text/html,*/*;q=0.8"}])
def test_people_get_a_page(working, clock, address, headers):
    minutes(clock, 70)
    assert late(working, address, headers=headers).content


# Two windows, a second factor, a given password


def test_the_log_in_of_a_second_window_goes_on_too(cast, clock, address):
    """Its token against forgery is of before the first window's log-in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.head)
    token = re.search('name="csrfmiddlewaretoken" value="([^"]*)"', browser.get(address).content.decode())[1]
    minutes(clock, 70)
    pages = [late(browser, address, {**TYPED, "csrfmiddlewaretoken": token}).content.decode() for _each in range(2)]
    tokens = [hidden(page, "csrfmiddlewaretoken")[-1] for page in pages]
    assert log_in(browser, pages[0], csrfmiddlewaretoken=tokens[0]).url == "/accounts/resume/"
    assert log_in(browser, pages[1], csrfmiddlewaretoken=tokens[1]).url == "/accounts/resume/"
    assert "33600" in browser.get("/accounts/resume/").content.decode()


def test_a_given_password_is_changed_first_and_then_it_is_offered(working, clock, address, cast):
    """An administrator set a new password while the head was typing."""
    user = User.objects.get(pk=cast.head.pk)
    user.set_password("one-time-2560")
    user.must_change_password = True
    user.save()
    page = late(working, address).content.decode()
    typed = {"username": "head", "password": "one-time-2560", "kept": hidden(page, "kept")[0]}
    working.post("/accounts/login/", typed)
    must = working.get("/accounts/resume/")
    assert must.url == "/accounts/password/?next=%2Faccounts%2Fresume%2F"
    change = {"old_password": "one-time-2560", "new_password1": "khon-kaen-2561", "new_password2": "khon-kaen-2561"}
    assert working.post("/accounts/password/", {**change, "next": "/accounts/resume/"}).url == "/accounts/resume/"
    assert "33600" in working.get("/accounts/resume/").content.decode()


def test_a_form_before_the_given_password_is_changed_waits(client, cast, address):
    client.force_login(cast.head)
    User.objects.filter(pk=cast.head.pk).update(must_change_password=True)
    assert late(client, address).url == "/accounts/password/?next=%2Faccounts%2Fresume%2F"
    User.objects.filter(pk=cast.head.pk).update(must_change_password=False)
    assert "33600" in client.get("/accounts/resume/").content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("item_A", "A"),
        ("note", "หมายเหตุ"),
        ("not_applicable_reason", "เหตุผล"),
        ("comment:far_value:A=9,B=1|drift:B=1", "คำอธิบายคำเตือน"),
        ("157-9:comment:drift:B=1", "157-9:คำอธิบายคำเตือน"),
    ],
)
def test_boxes_are_called_as_people_call_them(name, words):
    assert kept.Kept("/", 1, ((name, "x"),)).shown == [(words, "x")]
