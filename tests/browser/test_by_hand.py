"""The main paths with nothing but a keyboard (Tab finds everything), and with a thumb on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from indicators.models import Result
from tests.browser.test_grid import all_saved
from tests.browser.test_main_path import MARCH, log_in
from tests.browser.test_month import cell
from tests.indicators.months import month_url

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 150  # presses of Tab


@pytest.fixture
def march(round_of):
    return round_of("7(1)", 6)


def tab_to(page: Page, place: Locator) -> None:
    """With the Tab key alone, from wherever one is."""
    expect(place).to_be_visible()
    for _press in range(FAR):
        if place.evaluate("place => place === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{place} is not reached by Tab")


def press(page: Page, place: Locator) -> None:
    tab_to(page, place)
    page.keyboard.press("Enter")


def write(page: Page, place: Locator, text: str) -> None:
    tab_to(page, place)
    page.keyboard.type(text)


def status() -> str:
    return Result.objects.get().status


def test_entry_to_approval_with_the_keyboard_alone(visit, cast, march):
    head = visit()
    log_in(head, "head")
    press(head, head.get_by_role("link", name=re.compile(rf"7\(1\) {MARCH}")))
    expect(head.get_by_role("heading", level=1)).to_contain_text("ระยะเวลารอคอย OPD ลดลง")
    write(head, head.locator("#id_item_A"), "40000")
    write(head, head.locator("#id_item_B"), "๒๐๐")
    answer = head.locator("#questions textarea")  # it fails: it asks why nothing is done
    write(head, answer, "รอประชุมทีม")
    expect(head.locator("#score-panel")).to_have_attribute("data-complete", "1")
    press(head, head.locator("[data-submit]"))
    expect(head.get_by_role("status").first).to_contain_text("ส่งผลงานตัวชี้วัด 7(1)")
    assert (status(), Result.objects.get().warning_comments) == ("submitted", {"no_recovery:": "รอประชุมทีม"})

    reviewer = visit()
    log_in(reviewer, "reviewer")
    press(reviewer, reviewer.get_by_role("link", name=re.compile("ตรวจผลงาน")).first)
    press(reviewer, reviewer.get_by_role("row").filter(has_text="7(1)").get_by_role("link", name=re.compile("^ตรวจ")))
    expect(reviewer.locator("main")).to_contain_text("รอประชุมทีม")
    press(reviewer, reviewer.get_by_role("button", name="อนุมัติ", exact=True))
    expect(reviewer.get_by_role("status").first).to_contain_text("7(1)")
    assert status() == "approved"


def test_the_month_with_the_keyboard_alone(visit, cast, march):
    page = visit()
    log_in(page, "head")
    press(page, page.get_by_role("link", name="กรอกทั้งเดือนในหน้าเดียว"))
    expect(cell(page, "7(1)", "A")).to_be_visible()
    page.wait_for_load_state()  # before its scripts have come, arrows stay inside a box
    write(page, cell(page, "7(1)", "A"), "40000")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("200")
    page.keyboard.press("Tab")
    all_saved(page)
    write(page, page.locator(".row-question textarea"), "รอประชุมทีม")
    page.keyboard.press("Tab")
    expect(page.locator(".row-question")).to_contain_text("รอประชุมทีม")
    press(page, page.locator("[data-submit]"))
    expect(page.get_by_role("status").filter(has_text="ส่งแล้ว 1 รายการ")).to_be_visible()
    assert status() == "submitted"


def fits(page: Page) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_entry_to_approval_on_a_phone(visit, cast, march):
    head = visit(cast.head, "phone", has_touch=True)
    head.goto("/")
    fits(head)
    head.get_by_role("link", name=re.compile(rf"7\(1\) {MARCH}")).tap()
    head.locator("#id_item_A").tap()
    head.keyboard.type("40000")
    head.locator("#id_item_B").tap()
    head.keyboard.type("200")
    answer = head.locator("#questions textarea")
    answer.tap()
    head.keyboard.type("รอประชุมทีม")
    expect(head.locator("#score-panel")).to_have_attribute("data-complete", "1")
    fits(head)
    head.locator("[data-submit]").tap()
    expect(head.get_by_role("status").first).to_contain_text("ส่งผลงานตัวชี้วัด 7(1)")
    fits(head)

    reviewer = visit(cast.reviewer, "phone", has_touch=True)
    reviewer.goto(reverse("review_list"))
    fits(reviewer)
    reviewer.get_by_role("link", name=re.compile("^ตรวจ.*7\\(1\\)")).first.tap()
    approve = reviewer.get_by_role("button", name="อนุมัติ", exact=True)
    expect(approve).to_be_visible()
    fits(reviewer)
    approve.tap()
    expect(reviewer.get_by_role("status").first).to_contain_text("7(1)")
    fits(reviewer)
    assert status() == "approved"


def test_the_month_on_a_phone(visit, cast, march):
    page = visit(cast.head, "phone", has_touch=True)
    page.goto(month_url())
    for code, number in (("A", "40000"), ("B", "200")):
        cell(page, "7(1)", code).tap()
        page.keyboard.type(number)
    answer = page.locator(".row-question textarea")
    page.locator(".page-foot").tap()
    all_saved(page)
    assert answer.bounding_box()["height"] >= 44
    answer.tap()
    page.keyboard.type("รอประชุมทีม")
    page.locator(".page-foot").tap()
    expect(page.locator(".row-question")).to_contain_text("รอประชุมทีม")
    fits(page)
    page.locator("[data-submit]").tap()
    expect(page.get_by_role("status").filter(has_text="ส่งแล้ว 1 รายการ")).to_be_visible()
    fits(page)
    assert status() == "submitted"
