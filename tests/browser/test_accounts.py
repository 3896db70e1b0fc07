"""Accounts in a real browser: nothing typed is lost with a session, a second factor by keyboard, roles on a phone."""

import re
from base64 import b32decode

import pytest
from django.urls import reverse
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from indicators.models import DataValue
from strategy.models import Membership, OrgUnit, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, name: str) -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_form_survives_the_end_of_its_session(visit, cast, round_of, scripts, size):
    page = visit(cast.head, size, java_script_enabled=scripts)
    address = reverse("entry", args=[round_of("7(1)", 6).pk])
    page.goto(address)
    page.fill("#id_item_A", "33600")
    page.fill("#id_item_B", "200")
    page.fill("#id_note", "บรรทัดแรก\nบรรทัดสอง")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-save]").click()
    expect(page.get_by_text("สิ่งที่พิมพ์ไว้ยังอยู่ เข้าสู่ระบบด้วยบัญชีเดิม")).to_be_visible()
    log_in(page, "head")
    expect(page.get_by_role("heading", name="ข้อมูลที่พิมพ์ค้างไว้ยังอยู่")).to_be_visible()
    assert not DataValue.objects.exists()
    page.get_by_role("button", name="ส่งสิ่งที่พิมพ์ไว้").click()
    expect(page.locator("#id_item_A")).to_have_value(re.compile("33,?600"))
    expect(page.locator("#id_note")).to_have_value("บรรทัดแรก\nบรรทัดสอง")
    assert {value.code: int(value.value) for value in DataValue.objects.all()} == {"A": 33600, "B": 200}


def test_somebody_else_at_the_same_computer_does_not_get_it(visit, cast, round_of):
    page = visit(cast.head)
    page.goto(reverse("entry", args=[round_of("7(1)", 6).pk]))
    page.fill("#id_item_A", "33600")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-save]").click()
    log_in(page, "other_head")
    expect(page.get_by_text("ไม่พบหน้านี้").first).to_be_visible()
    page.goto("/accounts/resume/")
    expect(page.get_by_role("heading", name="ไม่มีข้อมูลที่พิมพ์ค้างไว้")).to_be_visible()
    assert not DataValue.objects.exists()


def test_a_second_factor_by_keyboard_alone(visit, cast):
    page = visit(cast.head)
    page.goto("/accounts/second-factor/set-up/")
    totp = TOTP(b32decode(page.locator(".factor-key").inner_text().replace(" ", "")))
    page.focus("#id_code")
    page.keyboard.type(f"{totp.token():06d}")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".factor-codes code")).to_have_count(10)
    codes = page.locator(".factor-codes code").all_inner_texts()
    page.context.clear_cookies(name="sessionid")
    page.goto("/dashboard/")
    log_in(page, "head")
    expect(page.get_by_role("heading", name="ยืนยันตัวตนขั้นที่สอง")).to_be_visible()
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.focus("#id_code")
    page.fill("#id_code", "")
    page.keyboard.type(codes[3])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/dashboard/$"))
    expect(page.get_by_text("เหลืออีก 9 รหัส")).to_be_visible()


def test_the_picture_of_the_secret_is_whole(visit, cast):
    """A QR code that is cut off cannot be scanned."""
    page = visit(cast.head, "phone")
    page.goto("/accounts/second-factor/set-up/")
    box = page.locator(".factor-picture svg").bounding_box()
    drawn = page.locator(".factor-picture svg path").last.bounding_box()
    assert box["x"] < drawn["x"]
    assert drawn["x"] + drawn["width"] < box["x"] + box["width"]
    assert drawn["y"] + drawn["height"] < box["y"] + box["height"]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_is_added_and_given_a_role_on_a_phone(visit, cast, scripts):
    page = visit(cast.administrator, "phone", java_script_enabled=scripts)
    page.goto("/people/")
    page.get_by_role("link", name="เพิ่มผู้ใช้").click()
    page.fill("#id_username", "somsri")
    page.fill("#id_first_name", "สมศรี")
    page.fill("#id_last_name", "ใจงาม")
    page.get_by_role("button", name="เพิ่มผู้ใช้").click()
    password = page.locator(".once-secret").inner_text()
    page.get_by_role("link", name="จดแล้ว ให้บทบาทต่อ").click()
    page.fill("#id_unit", "PST_ER")
    page.select_option("#id_role", "head")
    page.fill("#id_reason", "คำสั่งที่ 1/2560")
    page.get_by_role("button", name="ให้บทบาท").click()
    expect(page.get_by_text("ให้บทบาทแก่ สมศรี ใจงาม แล้ว")).to_be_visible()
    unit = OrgUnit.objects.get(code="PST_ER")
    assert Membership.objects.filter(user__username="somsri", unit=unit, role="head").exists()
    assert User.objects.get(username="somsri").check_password(password)


def test_a_head_names_a_deputy_by_keyboard(visit, cast):
    unit = OrgUnit.objects.get(code="PST_OPD")
    page = visit(cast.head)
    page.goto(reverse("unit_detail", args=[unit.pk]))
    page.get_by_role("link", name="มอบหมายผู้รักษาการ", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.focus("#id_deputy")
    page.keyboard.type("reviewer")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("30 เม.ย. 2560")
    page.keyboard.press("Tab")
    page.keyboard.type("ประชุมต่างจังหวัด")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("มอบหมายผู้รักษาการแล้ว")).to_be_visible()
    assert cast.reviewer.memberships.filter(unit=unit, deputy_of=cast.head).exists()
