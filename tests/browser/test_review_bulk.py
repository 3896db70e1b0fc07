"""Many decisions by keyboard alone, without JavaScript, at both sizes; and the notice that leads the head to it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from indicators.models import Notice, Result, ReviewEvent
from tests.browser.test_main_path import press
from tests.builders import report

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_tick_return_and_read_it(visit, cast, indicator, size):
    results = [report(indicator("7(1)"), n, cast, status="submitted", A=33600, B=200) for n in (5, 6)]
    page = visit(cast.reviewer, size, java_script_enabled=False)
    page.goto(reverse("review_list"))
    page.get_by_role("checkbox", name="เลือก 7(1) มีนาคม 2560").focus()
    page.keyboard.press("Space")
    press(page, "ส่งกลับรายการที่เลือก")
    expect(page.locator(".error-summary")).to_contain_text("กรุณาระบุเหตุผล")
    expect(page.get_by_role("checkbox", name="เลือก 7(1) มีนาคม 2560")).to_be_checked()
    page.get_by_label("เหตุผลที่ส่งกลับ").focus()
    page.keyboard.type("ตัวตั้งไม่ตรงกับทะเบียน")
    press(page, "ส่งกลับรายการที่เลือก")
    expect(page.locator(".alert-success")).to_contain_text("ส่งกลับให้แก้ไขแล้ว 1 รายการ: 7(1)")
    press(page, "อนุมัติที่ผ่านและไม่มีคำเตือนในหน้านี้ (1)")
    expect(page.locator(".alert-success")).to_contain_text("อนุมัติแล้ว 1 รายการ: 7(1)")
    expect(page.locator(".empty")).to_contain_text("ไม่มีผลงานที่รอตรวจสอบ")
    statuses = Result.objects.filter(pk__in=[each.pk for each in results]).order_by("round__number")
    assert list(statuses.values_list("status", flat=True)) == ["approved", "returned"]

    head = visit(cast.head, size, java_script_enabled=False)
    head.goto(reverse("my_work"))
    head.get_by_role("link", name="การแจ้งเตือน ยังไม่ได้อ่าน 2").focus()
    head.keyboard.press("Enter")
    expect(head.get_by_role("heading", level=1)).to_have_text("การแจ้งเตือน")
    head.locator(".notice-open").filter(has_text="reviewer ส่งกลับให้แก้ไข: 7(1)").focus()
    head.keyboard.press("Enter")
    expect(head.get_by_role("heading", level=1)).to_contain_text("7(1)")
    expect(head.locator("main")).to_contain_text("ตัวตั้งไม่ตรงกับทะเบียน")
    assert Notice.objects.filter(user=cast.head, read_at__isnull=True).count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_enter_on_a_tick_decides_nothing(visit, cast, indicator, javascript):
    """Not even with a reason in the box, where the first button of the form would send it back."""
    report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    page = visit(cast.reviewer, java_script_enabled=javascript)
    page.goto(reverse("review_list"))
    page.get_by_label("เหตุผลที่ส่งกลับ").fill("ตัวตั้งไม่ตรงกับทะเบียน")
    tick = page.get_by_role("checkbox", name="เลือก 7(1) มีนาคม 2560")
    tick.press("Space")
    tick.press("Enter")
    press(page, "อนุมัติรายการที่เลือก")
    expect(page.locator(".alert-success")).to_contain_text("อนุมัติแล้ว 1 รายการ: 7(1)")
    assert list(ReviewEvent.objects.values_list("action", flat=True)) == ["approve"]
