"""Lock-out, the log of log-ins, one's own log-ins, passwords forgotten and reset."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from strategy.accounts.forms import SetPasswordForm
from strategy.accounts.logins import device_of, lock_outs, own_log
from strategy.models import User
from strategy.people.actions import make_link
from strategy.people.scope import fetch_person
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.fixture
def axes(settings):
    settings.AXES_ENABLED = True


@pytest.fixture(autouse=True)
def _nothing_was_asked_before():
    cache.clear()


def attempt(name: str, password: str = PASSWORD, **more):
    return Client(headers={"User-Agent": WINDOWS}).post(
        "/accounts/login/", {"username": name, "password": password}, **more
    )


# Locked out


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(cast, axes):
    with time_machine.travel("2026-11-02 09:00:00+07:00", tick=False) as clock:
        assert [attempt("head", "wrong").status_code for _each in range(4)] == [200] * 4
        assert lock_outs("head") == []
        assert attempt("head", "wrong").status_code == 429
        assert attempt("head").status_code == 429
        assert attempt("reporter").status_code == 302  # the same machine, another name
        assert attempt("head", REMOTE_ADDR="10.0.0.9").status_code == 302  # the same name, another machine
        (locked,) = lock_outs("head")
        assert (locked.address, locked.until) == ("127.0.0.1", timezone.now() + timedelta(minutes=15))
        clock.shift(timedelta(minutes=15, seconds=1))
        assert lock_outs("head") == []
        assert attempt("head").status_code == 302


def test_a_right_password_before_the_fifth_forgets_the_wrong_ones(cast, axes):
    for _each in range(3):
        assert [attempt("head", "wrong").status_code for _time in range(4)] == [200] * 4
        assert attempt("head").status_code == 302


def test_the_administrator_unlocks(client, cast, axes, houses):
    for _each in range(5):
        attempt("head", "wrong")
    client.force_login(houses.boss)
    page = client.get(reverse("person_detail", args=[cast.head.pk])).content.decode()
    assert "ถูกพักเพราะเข้าสู่ระบบผิดหลายครั้งจากที่อยู่เครือข่าย 127.0.0.1" in page
    assert client.post(reverse("person_unlock", args=[cast.head.pk])).status_code == 302
    assert attempt("head").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/password/", "/accounts/second-factor/set-up/"])
def test_guessing_a_password_inside_locks_out_too(client, cast, axes, path):
    """Somebody sits down at an open computer."""
    client.force_login(cast.head)
    typed = {"old_password": "wrong", "password": "wrong", "new_password1": "a-b-c-d-1", "new_password2": "a-b-c-d-1"}
    codes = [client.post(path, {**typed, "code": "123456"}).status_code for _each in range(5)]
    assert codes == [200] * 4 + [429]
    assert AccessFailureLog.objects.filter(username="head").count() == 5
    kept = AccessAttempt.objects.get().post_data
    assert "wrong" not in kept
    assert "123456" not in kept


# The log


@pytest.fixture
def tried(cast, houses, axes):
    attempt("head")
    attempt("head", "wrong")
    attempt("nurse")
    attempt("nobody", "wrong")
    attempt("outsider", "wrong")


def sit_down(client, user) -> None:
    """Look at the log without a line of one's own."""
    client.force_login(user)
    AccessLog.objects.filter(username=user.username).latest("pk").delete()


def lines(page: str) -> list[tuple[str, ...]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.S)
    return [
        tuple(" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S))
        for row in rows
    ]


def test_the_administrators_log_has_their_own_people_alone(client, houses, tried):
    sit_down(client, houses.boss)
    found = lines(client.get("/people/logins/").content.decode())
    assert [line[:4] for line in found] == [
        ("outsider outsider", "ไม่สำเร็จ", "Chrome · Windows", "127.0.0.1"),  # who never had a role
        ("head head", "ไม่สำเร็จ", "Chrome · Windows", "127.0.0.1"),
        ("head head", "เข้าสู่ระบบได้", "Chrome · Windows", "127.0.0.1"),
    ]
    sit_down(client, houses.nb_boss)
    theirs = [line[0] for line in lines(client.get("/people/logins/").content.decode())]
    assert theirs == ["outsider outsider", "nurse nurse"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "in"}, ["เข้าสู่ระบบได้"]),
        ({"kind": "wrong"}, ["ไม่สำเร็จ"] * 2),
        ({"q": "xyz"}, []),
        ({"q": "nurse"}, []),
        ({"q": "hea", "kind": "in"}, ["เข้าสู่ระบบได้"]),
        ({"kind": "nonsense", "page": "x"}, ["ไม่สำเร็จ", "ไม่สำเร็จ", "เข้าสู่ระบบได้"]),
        ({"unknown": "on"}, ["ไม่สำเร็จ", "ไม่สำเร็จ", "เข้าสู่ระบบได้"]),  # not hers to ask
    ],
)
def test_the_log_is_filtered(client, houses, tried, query, expected):
    sit_down(client, houses.boss)
    assert [line[1] for line in lines(client.get("/people/logins/", query).content.decode())] == expected


def test_names_that_nobody_has_are_for_the_whole_systems_administrator(client, cast, tried):
    client.force_login(cast.administrator)
    page = client.get("/people/logins/", {"unknown": "on"}).content.decode()
    assert [line[0] for line in lines(page)] == ["nobody ไม่มีชื่อนี้ในระบบ"]
    assert lines(client.get("/people/logins/", {"unknown": "on", "q": "else"}).content.decode()) == []


def test_the_log_in_pages_of_fifty_at_the_same_cost(client, houses, cast):
    client.force_login(houses.boss)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/people/logins/").status_code == 200
        return len(asked)

    AccessLog.objects.create(username="head")
    before = cost()
    AccessLog.objects.bulk_create(AccessLog(username=name) for name in ("head", "reviewer", "executive") * 20)
    AccessFailureLog.objects.bulk_create(AccessFailureLog(username="head") for _each in range(3))
    assert cost() == before <= 12
    page = client.get("/people/logins/").content.decode()
    assert len(lines(page)) == 50
    assert "64 ครั้ง" in page
    assert len(lines(client.get("/people/logins/", {"page": 2}).content.decode())) == 14


def test_everybody_sees_their_own_log_ins(client, cast, tried):
    sit_down(client, cast.head)
    found = lines(client.get("/accounts/").content.decode().partition("การเข้าสู่ระบบล่าสุด")[2])
    assert [line[1] for line in found] == ["ไม่สำเร็จ", "เข้าสู่ระบบได้"]
    assert {line.username for line in own_log("nurse")} == {"nurse"}


AGENTS = [
    (WINDOWS, "Chrome · Windows"),
    (WINDOWS + " Edg/130.0", "Edge · Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari · iPhone"),
    ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36 Line/14.0", "LINE · Android"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox · Linux"),
    ("curl/8.0", "curl/8.0"),
    ("<script>alert(1)</script>" + "x" * 200, ("<script>alert(1)</script>" + "x" * 200)[:60]),
    ("", "ไม่ทราบอุปกรณ์"),
]


@pytest.mark.parametrize(("agent", "plain"), AGENTS)
def test_a_device_is_said_plainly(agent, plain):
    assert device_of(agent) == plain


# Forgotten passwords


@pytest.fixture
def mailing(settings, cast, monkeypatch):
    """Mail goes out at once, so that a test sees it."""
    settings.SENDS_MAIL = True
    settings.KPITRACK_SITE_URL = "https://kpi.hospital.example"
    User.objects.filter(pk=cast.head.pk).update(email="head@hospital.example")
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.run)


def ask(email: str):
    return Client().post("/accounts/reset/", {"email": email})


def link_in_mail() -> str:
    return re.search(r"https://kpi\.hospital\.example(/accounts/reset/\S+)", mail.outbox[-1].body)[1]


def test_without_mail_one_is_told_whom_to_ask(client, cast, plan):
    page = client.get("/accounts/reset/").content.decode()
    assert "ยังไม่ได้ตั้งค่าอีเมล" in page
    assert "ผู้ดูแลระบบสร้างลิงก์หรือรหัสผ่านครั้งเดียวให้ได้ทันที" in page
    assert plan.strategy_unit.name in page
    assert "administrator" not in page  # no names of people for whoever comes
    assert 'name="email"' not in page
    assert ask("head@hospital.example").status_code == 200
    assert mail.outbox == []


def test_known_and_unknown_addresses_get_the_same_answer(mailing, cast):
    answers = [ask(address) for address in ("head@hospital.example", "nobody@hospital.example")]
    assert [answer.url for answer in answers] == ["/accounts/reset/sent/"] * 2
    assert [message.to for message in mail.outbox] == [["head@hospital.example"]]
    assert mail.outbox[0].subject == "ตั้งรหัสผ่านใหม่ของ kpitrack"


def test_the_link_leads_where_the_settings_say(mailing, settings):
    """The name of the host in a request is anybody's to choose, where more than one is allowed."""
    settings.ALLOWED_HOSTS = [".hospital.example"]
    Client().post("/accounts/reset/", {"email": "head@hospital.example"}, headers={"Host": "evil.hospital.example"})
    assert "https://kpi.hospital.example/accounts/reset/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_an_answer_does_not_wait_for_the_mail(settings, cast, monkeypatch):
    """Not even for its text, so that the time tells nobody who has an account."""
    settings.SENDS_MAIL = True
    User.objects.filter(pk=cast.head.pk).update(email="head@hospital.example")
    later = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: later.append(thread))
    monkeypatch.setattr("strategy.accounts.mail.loader.render_to_string", lambda *args: pytest.fail("too early"))
    assert ask("head@hospital.example").status_code == 302
    assert len(later) == 1


def test_choosing_a_password_does_not_undo_what_happened_meanwhile(mailing, cast, client):
    """An administrator closes the account while its owner sets a password."""
    form = SetPasswordForm(
        User.objects.get(pk=cast.head.pk), {"new_password1": "khon-kaen-2561", "new_password2": "khon-kaen-2561"}
    )
    assert form.is_valid()
    User.objects.filter(pk=cast.head.pk).update(is_active=False, title="ปิดแล้ว")
    form.save()
    head = User.objects.get(pk=cast.head.pk)
    assert (head.is_active, head.title, head.check_password("khon-kaen-2561")) == (False, "ปิดแล้ว", True)


def test_a_closed_account_gets_no_link(mailing, cast):
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    ask("head@hospital.example")
    assert mail.outbox == []


def test_three_mails_in_a_quarter_of_an_hour(mailing):
    for _each in range(6):
        assert ask("HEAD@hospital.example ").url == "/accounts/reset/sent/"
    assert len(mail.outbox) == 3


def test_the_link_works_once(mailing, cast, client):
    ask("head@hospital.example")
    form = client.get(link_in_mail(), follow=True)
    here = form.request["PATH_INFO"]
    assert here.endswith("/set-password/")  # the secret is out of the address
    weak = client.post(here, {"new_password1": "12345678", "new_password2": "12345678"}).content.decode()
    assert "รหัสผ่านนี้เป็นตัวเลขทั้งหมด" in weak or "ตัวเลข" in weak
    typed = {"new_password1": "khon-kaen-2561", "new_password2": "khon-kaen-2561"}
    assert client.post(here, typed).url == "/accounts/reset/done/"
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in Client().get(link_in_mail(), follow=True).content.decode()
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in client.post(here, typed).content.decode()
    assert attempt("head", "khon-kaen-2561").status_code == 302


def test_a_link_ends_after_three_days_and_by_a_log_in(mailing, cast):
    with time_machine.travel("2026-11-02 09:00:00+07:00", tick=False) as clock:
        ask("head@hospital.example")
        clock.shift(timedelta(days=3, seconds=-1))
        assert "ตั้งรหัสผ่านใหม่" in Client().get(link_in_mail(), follow=True).content.decode()
        clock.shift(2)
        assert "ใช้ไม่ได้แล้ว" in Client().get(link_in_mail(), follow=True).content.decode()
        ask("head@hospital.example")
        attempt("head")
        assert "ใช้ไม่ได้แล้ว" in Client().get(link_in_mail(), follow=True).content.decode()


@pytest.mark.parametrize("uid", ["x", "MQ", "9" * 40, "%00"])
def test_nonsense_in_the_link_is_no_crash(client, uid, db):
    page = client.get(f"/accounts/reset/{uid}/c0ffee-1234/").content.decode()
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in page


def test_a_password_of_ones_own_choice_need_not_be_changed(client, cast, houses):
    User.objects.filter(pk=cast.head.pk).update(must_change_password=True)
    link = make_link(person=fetch_person(houses.boss, cast.head.pk), by=houses.boss)
    here = client.get(link, follow=True).request["PATH_INFO"]
    client.post(here, {"new_password1": "khon-kaen-2561", "new_password2": "khon-kaen-2561"})
    client.login(username="head", password="khon-kaen-2561")
    assert client.get("/dashboard/").status_code == 200


def test_the_new_password_is_another_one(client, cast):
    client.force_login(cast.head)
    typed = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "ต้องไม่เหมือนรหัสผ่านเดิม" in client.post("/accounts/password/", typed).content.decode()


def test_a_link_for_a_closed_account_is_refused_with_a_sentence(client, cast, houses):
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    client.force_login(houses.boss)
    page = client.post(reverse("person_password", args=[cast.head.pk]), {"kind": "link"}).content.decode()
    assert "เปิดใช้ก่อนจึงสร้างลิงก์ได้" in page
