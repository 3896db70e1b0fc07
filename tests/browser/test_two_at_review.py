"""Two real browsers at the same result: the second to decide sees what happened, and nothing is written over."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from indicators.models import Result, ReviewEvent
from strategy.models import Membership, OrgUnit
from tests.browser.test_main_path import press
from tests.builders import report

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "ตัวตั้งไม่ตรงกับทะเบียนผู้ป่วย"


@pytest.fixture
def second(cast, django_user_model):
    """Another reviewer."""
    user = django_user_model.objects.create_user("second", first_name="วีระ")
    Membership.objects.create(user=user, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    return user


@pytest.fixture
def march(indicator, cast):
    """March of 7(1), submitted by the head; the only one that waits."""
    return report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)


def decisions() -> list[tuple[str, str]]:
    return list(ReviewEvent.objects.order_by("pk").values_list("action", "actor__username"))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_one_approves_the_other_returns(visit, cast, second, march, size):
    address = reverse("review_detail", args=[march.round_id])
    first, other = visit(cast.reviewer, size), visit(second, size)
    for page in (first, other):
        page.goto(address)
    press(first, "อนุมัติ")
    expect(first.get_by_role("status")).to_contain_text("อนุมัติตัวชี้วัด 7(1)")

    other.get_by_label("เหตุผลที่ส่งกลับ").fill(REASON)
    press(other, "ส่งกลับให้แก้ไข")
    refused = other.get_by_role("alert").filter(has_text="ยังไม่มีการตัดสินใดเกิดขึ้น")
    expect(refused).to_be_in_viewport()
    expect(refused).to_contain_text("สถานะ “อนุมัติแล้ว”")
    expect(other.locator("main")).to_contain_text("อนุมัติโดย reviewer เมื่อ")
    expect(other.locator("main")).to_contain_text(REASON)  # what was typed is not lost
    assert Result.objects.get(pk=march.pk).status == "approved"
    assert decisions() == [("approve", "reviewer")]


def test_one_returns_the_other_approves(visit, cast, second, march):
    address = reverse("review_detail", args=[march.round_id])
    first, other = visit(cast.reviewer), visit(second)
    for page in (first, other):
        page.goto(address)
    first.get_by_label("เหตุผลที่ส่งกลับ").fill(REASON)
    press(first, "ส่งกลับให้แก้ไข")
    expect(first.get_by_role("status")).to_contain_text("ส่งกลับตัวชี้วัด 7(1)")

    press(other, "อนุมัติ")
    expect(other.get_by_role("alert").filter(has_text="สถานะ “ส่งกลับให้แก้ไข”")).to_be_in_viewport()
    expect(other.locator("main")).to_contain_text(f"อยู่ที่หน่วยงานเพื่อแก้ไข: {REASON} (reviewer")
    expect(other.get_by_role("button", name="อนุมัติ", exact=True)).to_have_count(0)
    assert decisions() == [("return", "reviewer")]


def test_the_head_takes_it_back_while_it_is_reviewed(visit, cast, march):
    """And sends other numbers: the reviewer does not approve what they have not seen."""
    review, head = visit(cast.reviewer), visit(cast.head)
    review.goto(reverse("review_detail", args=[march.round_id]))
    head.goto(reverse("entry", args=[march.round_id]))
    press(head, "ถอนกลับมาแก้ไข")
    head.locator("#id_item_A").fill("33800")
    press(head, "ส่งให้ตรวจสอบ")
    expect(head.get_by_role("status")).to_contain_text("7(1)")

    press(review, "อนุมัติ")
    expect(review.get_by_role("alert").filter(has_text="ยังไม่มีการตัดสินใดเกิดขึ้น")).to_be_in_viewport()
    expect(review.locator(".review-compare")).to_contain_text("33,800")
    assert Result.objects.get(pk=march.pk).status == "submitted"
    press(review, "อนุมัติ")  # of what is shown now
    expect(review.get_by_role("status")).to_contain_text("อนุมัติตัวชี้วัด 7(1)")
    assert decisions()[-1] == ("approve", "reviewer")


def test_a_list_that_is_older_than_a_decision(visit, cast, second, march, indicator):
    """Two open lists: what was decided in one is left, with why, by the other."""
    report(indicator("7(1)"), 5, cast, status="submitted", A=33600, B=200)
    first, other = visit(cast.reviewer), visit(second)
    for page in (first, other):
        page.goto(reverse("review_list"))
    first.get_by_role("checkbox", name="เลือก 7(1) มีนาคม 2560").check()
    first.get_by_label("เหตุผลที่ส่งกลับ").fill(REASON)
    press(first, "ส่งกลับรายการที่เลือก")
    expect(first.locator(".alert-success")).to_contain_text("ส่งกลับให้แก้ไขแล้ว 1 รายการ")

    press(other, "อนุมัติที่ผ่านและไม่มีคำเตือนในหน้านี้ (2)")
    expect(other.locator(".alert-success")).to_contain_text("อนุมัติแล้ว 1 รายการ")
    expect(other.locator(".alert-warning")).to_contain_text("มีการเปลี่ยนแปลงหลังจากที่เปิดหน้านี้")
    statuses = Result.objects.order_by("round__number").values_list("round__number", "status")
    assert list(statuses) == [(5, "approved"), (6, "returned")]
