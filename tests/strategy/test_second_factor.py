"""The second factor: set up, asked, throttled, used once; in front of every page and of the admin."""

import re
import time
from base64 import b32decode
from datetime import datetime
from html import unescape
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from strategy.accounts import second_factor
from strategy.accounts.history import lines_of
from strategy.accounts.logins import own_log
from strategy.models import User
from strategy.people.actions import remove_second_factor, unlock
from strategy.people.scope import fetch_person
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 5, 0, 0)  # UTC
VERIFY = "/accounts/second-factor/"


def code_of(device: TOTPDevice, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def secured(cast, clock):
    """The head has a second factor, with these recovery codes."""
    key = second_factor.new_key()
    device = TOTPDevice(key=key)
    pk, codes = second_factor.set_up(user=cast.head, key=key, code=code_of(device))
    clock.shift(60)
    return TOTPDevice.objects.get(pk=pk), codes


@pytest.fixture
def entered(client, cast, secured):
    """Past the password, before the second factor."""
    assert client.post("/accounts/login/", {"username": "head", "password": PASSWORD}).status_code == 302
    return secured


# Asked before everything else


@pytest.mark.parametrize(
    "path", ["/", "/dashboard/", "/accounts/", "/accounts/password/", "/people/", "/admin/", "/units/"]
)
def test_nothing_opens_before_the_code(client, entered, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url == f"{VERIFY}?next={quote(path, safe='')}"


def test_nothing_is_taken_before_the_code_either(client, entered, round_of, cast):
    address = reverse("entry", args=[round_of("7(1)").pk])
    response = client.post(address, {"item_A": "1", "item_B": "2", "lock": "0", "action": "save"})
    assert response.url == f"{VERIFY}?next=%2Faccounts%2Fresume%2F"
    assert not round_of("7(1)").results.exists()
    assert client.post(address, {}, headers={"HX-Request": "true"}).status_code == 401
    assert client.post(address, {}, headers={"Sec-Fetch-Mode": "cors"}).status_code == 401


@pytest.mark.parametrize("path", ["/accounts/logout/", "/language/"])
def test_one_may_leave_and_choose_the_language(client, entered, path):
    assert VERIFY not in client.post(path, {"language": "en"}).headers.get("Location", "")


def test_the_code_opens_the_page_that_was_asked_for(client, entered):
    device, _codes = entered
    response = client.post(VERIFY, {"code": code_of(device), "next": "/dashboard/"})
    assert response.url == "/dashboard/"
    assert client.get("/dashboard/").status_code == 200


@pytest.mark.parametrize("spelling", ["{0}{1}{2} {3}{4}{5}", "{0}{1}{2}-{3}{4}{5}", " {0}{1}{2}{3}{4}{5} "])
def test_a_code_may_be_typed_as_it_is_shown(client, entered, spelling):
    device, _codes = entered
    assert client.post(VERIFY, {"code": spelling.format(*code_of(device))}).status_code == 302


def test_thai_digits_count(client, entered):
    device, _codes = entered
    thai = code_of(device).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert client.post(VERIFY, {"code": thai}).status_code == 302


def test_the_admin_is_behind_it_by_its_own_log_in_too(client, cast, secured):
    User.objects.filter(pk=cast.head.pk).update(is_staff=True, is_superuser=True)
    client.post("/admin/login/", {"username": "head", "password": PASSWORD, "next": "/admin/"})
    assert client.get("/admin/").url == f"{VERIFY}?next=%2Fadmin%2F"
    client.post(VERIFY, {"code": code_of(secured[0])})
    assert client.get("/admin/").status_code == 200


# Once, and not too often


def test_a_code_is_good_for_one_time(client, entered, clock):
    device, _codes = entered
    code = code_of(device)
    assert client.post(VERIFY, {"code": code}).status_code == 302
    second = Client()
    second.post("/accounts/login/", {"username": "head", "password": PASSWORD})
    page = second.post(VERIFY, {"code": code}).content.decode()
    assert "รหัสไม่ถูกต้อง หรือใช้ไปแล้ว" in page
    clock.shift(32)
    assert second.post(VERIFY, {"code": code_of(device)}).status_code == 302


def test_the_code_of_the_set_up_is_used_up(client, cast, clock):
    key = second_factor.new_key()
    device = TOTPDevice(key=key)
    code = code_of(device)
    second_factor.set_up(user=cast.head, key=key, code=code)
    assert second_factor.check(user=cast.head, code=code).device is None


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(cast, secured, steps, is_right):
    device, _codes = secured
    answer = second_factor.check(user=cast.head, code=code_of(device, steps))
    assert (answer.device is not None) is is_right


@pytest.mark.parametrize(
    "code", ["000000", "1", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "", "-", "'; drop", "๑๒๓", "0" * 40]
)
def test_what_is_no_code_is_refused(client, entered, code):
    response = client.post(VERIFY, {"code": code})
    assert response.status_code == 200
    assert client.get("/dashboard/").status_code == 302


def test_a_code_without_its_zeros_is_another_one(cast, secured, clock):
    """int("1234") is not the code 001234."""
    device, _codes = secured
    while not code_of(device).startswith("0"):
        clock.shift(30)
    assert second_factor.check(user=cast.head, code=code_of(device).lstrip("0")).device is None


def test_wrong_codes_wait_longer_each_time(client, entered, clock):
    device, _codes = entered
    waits = []
    for _each in range(4):
        client.post(VERIFY, {"code": "000000"})
        page = client.post(VERIFY, {"code": code_of(device)}).content.decode()
        waits.append(int(re.search(r"รออีก (\d+) วินาที", page)[1]))
        clock.shift(waits[-1] + 0.5)
    assert waits == [1, 2, 4, 8]
    clock.shift(30)
    assert client.post(VERIFY, {"code": code_of(device)}).status_code == 302


def test_wrong_codes_stand_in_the_log_and_lock_out(client, entered, clock, settings, cast):
    settings.AXES_ENABLED = True
    for _each in range(4):
        clock.shift(60)
        assert client.post(VERIFY, {"code": "000000"}).status_code == 200
    clock.shift(60)
    assert client.post(VERIFY, {"code": "000000"}).status_code == 429
    assert [line.kind for line in own_log("head")].count("wrong") == 4
    assert "ถูกพัก" in own_log("head")[0].outcome
    assert Client().post("/accounts/login/", {"username": "head", "password": PASSWORD}).status_code == 429


# Recovery codes


def test_a_recovery_code_is_good_for_one_time(client, entered):
    _device, codes = entered
    response = client.post(VERIFY, {"code": codes[0].upper().replace("-", " "), "next": "/dashboard/"})
    assert response.url == "/dashboard/"
    assert "เหลืออีก 9 รหัส" in client.get("/dashboard/").content.decode()
    second = Client()
    second.post("/accounts/login/", {"username": "head", "password": PASSWORD})
    assert "รหัสสำรองไม่ถูกต้อง หรือใช้ไปแล้ว" in second.post(VERIFY, {"code": codes[0]}).content.decode()


def test_ten_codes_that_nobody_guesses(secured, cast):
    _device, codes = secured
    assert len(set(codes)) == 10
    assert all(re.fullmatch("[a-z2-7]{4}-[a-z2-7]{4}", code) for code in codes)
    assert second_factor.codes_left(cast.head) == 10


def test_new_codes_make_the_old_ones_worthless(client, secured, cast, clock):
    device, codes = secured
    client.force_login(cast.head)
    client.post(VERIFY, {"code": code_of(device)})
    page = client.post("/accounts/second-factor/codes/", {"password": PASSWORD}).content.decode()
    fresh = re.findall("<code>([a-z2-7-]{9})</code>", page)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert second_factor.check(user=cast.head, code=codes[1]).device is None
    clock.shift(60)
    assert second_factor.check(user=cast.head, code=fresh[1]).device == device.pk
    assert "<code>" not in client.get("/accounts/second-factor/codes/").content.decode()


@pytest.mark.parametrize("path", ["/accounts/second-factor/codes/", "/accounts/second-factor/off/"])
def test_the_password_is_asked_for_again(client, secured, cast, path):
    device, _codes = secured
    client.force_login(cast.head)
    client.post(VERIFY, {"code": code_of(device)})
    assert "รหัสผ่านไม่ถูกต้อง" in client.post(path, {"password": "wrong"}).content.decode()
    assert TOTPDevice.objects.filter(user=cast.head).exists()
    assert StaticToken.objects.count() == 10


# Set up, switched off, lost


def set_up_page(client) -> tuple[str, TOTPDevice]:
    page = client.get("/accounts/second-factor/set-up/").content.decode()
    key = re.search('factor-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    return page, TOTPDevice(key=b32decode(key).hex())


def test_set_up_shows_picture_and_text_and_then_the_codes_once(client, cast, clock):
    client.force_login(cast.head)
    page, device = set_up_page(client)
    assert "<svg" in page
    assert "style=" not in page
    assert set_up_page(client)[1].key == device.key  # reloading keeps the secret
    response = client.post("/accounts/second-factor/set-up/", {"code": code_of(device), "password": PASSWORD})
    assert len(re.findall("<code>[a-z2-7-]{9}</code>", response.content.decode())) == 10
    assert "no-store" in response["Cache-Control"]
    assert TOTPDevice.objects.get(user=cast.head, confirmed=True).key == device.key
    assert client.get("/dashboard/").status_code == 200
    assert lines_of(cast.head)[0].sentence == "เปิดใช้การยืนยันตัวตนขั้นที่สอง"


def test_the_phone_itself_opens_its_app(client, cast, clock):
    client.force_login(cast.head)
    page, device = set_up_page(client)
    (link,) = re.findall(r'href="(otpauth:[^"]*)"', page)
    device.user = cast.head
    assert unescape(link) == device.config_url
    assert "เปิดในแอปยืนยันตัวตนบนเครื่องนี้" in page
    assert "no-store" in client.get("/accounts/second-factor/set-up/")["Cache-Control"]


@pytest.mark.parametrize(("code", "password"), [("000000", PASSWORD), (None, "wrong"), (None, ""), ("", PASSWORD)])
def test_a_wrong_set_up_changes_nothing(client, cast, clock, code, password):
    client.force_login(cast.head)
    _page, device = set_up_page(client)
    typed = {"code": code_of(device) if code is None else code, "password": password}
    response = client.post("/accounts/second-factor/set-up/", typed)
    assert "error-summary" in response.content.decode()
    assert not TOTPDevice.objects.exists()
    assert set_up_page(client)[1].key == device.key


def test_other_browsers_are_asked_from_then_on(client, cast, clock):
    other = Client()
    for each in (client, other):
        each.force_login(cast.head)
    _page, device = set_up_page(client)
    client.post("/accounts/second-factor/set-up/", {"code": code_of(device), "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200
    assert other.get("/dashboard/").url.startswith(VERIFY)


def test_a_session_that_was_verified_is_not_for_the_next_device(client, entered, cast, clock):
    device, _codes = entered
    client.post(VERIFY, {"code": code_of(device)})
    second_factor.remove(user=cast.head, by=cast.head)
    assert client.get("/dashboard/").status_code == 200
    key = second_factor.new_key()
    second_factor.set_up(user=cast.head, key=key, code=code_of(TOTPDevice(key=key)))
    assert client.get("/dashboard/").url.startswith(VERIFY)


def test_switched_off_with_the_password(client, entered, cast):
    device, _codes = entered
    client.post(VERIFY, {"code": code_of(device)})
    assert client.post("/accounts/second-factor/off/", {"password": PASSWORD}).url == "/accounts/"
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"username": "head", "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200


def test_lost_and_removed_by_the_administrator(client, secured, cast, houses):
    remove_second_factor(person=fetch_person(houses.boss, cast.head.pk), by=houses.boss, reason="โทรศัพท์หาย")
    client.post("/accounts/login/", {"username": "head", "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200
    assert (lines_of(cast.head)[0].by, lines_of(cast.head)[0].reason) == (houses.boss, "โทรศัพท์หาย")


def test_unlocking_ends_the_waiting(secured, cast, houses):
    device, _codes = secured
    for _each in range(9):
        TOTPDevice.objects.get().throttle_increment()
    assert "รออีก" in second_factor.check(user=cast.head, code=code_of(device)).error
    unlock(person=fetch_person(houses.boss, cast.head.pk), by=houses.boss)
    assert second_factor.check(user=cast.head, code=code_of(device)).device == device.pk


# Who must


MUST = [
    ("OPTIONAL", "administrator", False),
    ("OPTIONAL", "head", False),
    ("ADMINISTRATORS", "administrator", True),
    ("ADMINISTRATORS", "boss", True),
    ("ADMINISTRATORS", "head", False),
    ("ADMINISTRATORS", "reviewer", False),
    ("EVERYONE", "head", True),
    ("EVERYONE", "outsider", True),
]


@pytest.mark.parametrize(("setting", "name", "must"), MUST)
def test_who_must_by_the_setting(client, houses, settings, setting, name, must):
    settings.SECOND_FACTOR = setting
    client.force_login(User.objects.get(username=name))
    response = client.get("/dashboard/")
    assert (response.status_code == 302 and "/second-factor/set-up/" in response["Location"]) is must
    if must:
        assert client.get("/accounts/second-factor/set-up/").status_code == 200
        assert "/second-factor/set-up/" in client.get("/admin/")["Location"]


def test_who_must_and_switches_off_sets_up_again(client, entered, settings):
    settings.SECOND_FACTOR = "EVERYONE"
    device, _codes = entered
    client.post(VERIFY, {"code": code_of(device)})
    client.post("/accounts/second-factor/off/", {"password": PASSWORD})
    assert "/second-factor/set-up/" in client.get("/dashboard/")["Location"]


def test_a_given_password_is_changed_after_the_second_factor(client, entered, cast):
    device, _codes = entered
    User.objects.filter(pk=cast.head.pk).update(must_change_password=True)
    assert client.get("/accounts/password/").url.startswith(VERIFY)
    client.post(VERIFY, {"code": code_of(device)})
    assert client.get("/dashboard/").url.startswith("/accounts/password/")


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_no_way_out_to_other_sites(client, entered, target):
    device, _codes = entered
    assert client.post(VERIFY, {"code": code_of(device), "next": target}).url == "/"


def test_a_wait_is_at_most_half_an_hour(secured, cast, clock):
    """Nobody locks somebody else out for days with wrong codes."""
    device, _codes = secured
    for _each in range(40):
        device.throttle_increment()
    seconds = int(re.search(r"รออีก (\d+) วินาที", second_factor.check(user=cast.head, code=code_of(device)).error)[1])
    assert seconds == 2048
    clock.shift(2050)
    assert "ไม่ถูกต้อง" in second_factor.check(user=cast.head, code="000000").error
    clock.shift(2050)
    assert second_factor.check(user=cast.head, code=code_of(device)).device == device.pk
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_the_last_administrator_is_let_in_from_the_command_line(secured, cast, capsys):
    call_command("remove_second_factor", "head")
    assert "head" in capsys.readouterr().out
    assert not TOTPDevice.objects.exists()
    for name in ("head", "nobody"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", name)
