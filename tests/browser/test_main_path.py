"""The main path: a head enters a month's counts and submits, the strategy unit approves, executives read, all print."""

import re
import shutil
import subprocess
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.models import Result, ReviewEvent
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

MARCH = "มีนาคม 2560"


@pytest.fixture
def march(round_of):
    """March 2560 of KPI 7(1), which the head's unit enters."""
    return round_of("7(1)", 6)


def log_in(page: Page, name: str) -> None:
    """Through the form, with the keyboard alone."""
    page.goto("/")
    page.get_by_label("ชื่อผู้ใช้").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".menu-name")).to_have_text(name)


def type_counts(page: Page, a: str, b: str) -> None:
    """With the keyboard: the first box is cleared and filled, Tab leads to the second."""
    page.locator("#id_item_A").focus()
    for text in (a, b):
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def expect_score(page: Page, value: str, level: str, passed: str) -> None:
    panel = page.locator("#score-panel")
    expect(panel.locator(".score-value")).to_contain_text(value)
    expect(panel.locator(".score-figures .level")).to_have_text(re.compile(rf"{level}$"))
    expect(panel.locator(".score-figures .state")).to_have_text(passed)


def press(page: Page, name: str) -> None:
    """A button, by the keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def official_total(page: Page) -> str:
    return page.locator(".five-main .five-value").inner_text()


def test_from_the_first_count_to_the_printed_form(visit, cast, march):
    head = visit()
    log_in(head, "head")
    expect(head.get_by_role("heading", level=1)).to_have_text("งานของฉัน")
    head.get_by_role("link", name=re.compile(rf"7\(1\) {MARCH}")).focus()
    head.keyboard.press("Enter")
    expect(head.get_by_role("heading", level=1)).to_contain_text("ระยะเวลารอคอย OPD ลดลง")

    type_counts(head, "33600", "200")
    expect_score(head, "168.00", "5", "ผ่าน")
    type_counts(head, "๓๔๔๐๐", "๒๐๐")
    expect_score(head, "172.00", "4", "ไม่ผ่าน")
    expect(head.locator(".next-step")).to_contain_text("170")
    type_counts(head, "๓๓๖๐๐", "200")
    expect_score(head, "168.00", "5", "ผ่าน")

    press(head, "บันทึกร่าง")
    expect(head.get_by_role("status")).to_contain_text(re.compile(r"บันทึกฉบับร่าง.*7\(1\)"))
    expect(head.locator("#id_item_A")).to_have_value("33,600")
    press(head, "ส่งให้ตรวจสอบ")
    expect(head.get_by_role("status")).to_contain_text(re.compile(r"ส่งผลงาน.*7\(1\)"))
    expect(head).to_have_url(re.compile("/$"))

    reviewer = visit()
    log_in(reviewer, "reviewer")
    reviewer.goto(reverse("dashboard"))
    before = official_total(reviewer)
    reviewer.get_by_role("link", name=re.compile("ตรวจผลงาน")).click()
    row = reviewer.get_by_role("row").filter(has_text="7(1)")
    expect(row).to_contain_text("168.00")
    row.get_by_role("link", name=re.compile("^ตรวจ")).focus()
    reviewer.keyboard.press("Enter")
    expect_score(reviewer, "168.00", "5", "ผ่าน")
    press(reviewer, "อนุมัติ")
    expect(reviewer.get_by_role("status")).to_contain_text("→")
    reviewer.goto(reverse("dashboard"))
    after = official_total(reviewer)
    assert Decimal(after) > Decimal(before)

    executive = visit()
    log_in(executive, "executive")
    expect(executive.get_by_role("heading", level=1)).to_contain_text("ภาพรวมแผน")
    assert official_total(executive) == after
    executive.wait_for_load_state()  # before its script has come, the link leads to a page of its own
    executive.get_by_role("link", name="ตัวชี้วัด 7(1) ระดับ 5 อ่านเหตุผล").focus()
    executive.keyboard.press("Enter")
    why = executive.locator(".why-box")
    expect(why).to_contain_text("33600/200")
    expect(why).to_contain_text("168")
    expect(why).to_be_focused()
    why.get_by_role("link").click()
    expect(executive.get_by_role("heading", level=2, name="ทำไมจึงได้ระดับนี้")).to_be_visible()
    executive.get_by_role("link", name="แบบฟอร์ม").click()
    expect(executive.locator(".paper")).to_contain_text("33,600")


def test_the_form_downloads_as_pdf_and_excel(visit, cast, march, approved, tmp_path):
    approved("7(1)", 6, A=33600, B=200)
    page = visit(cast.executive)
    page.goto(reverse("result_form", args=[march.pk]))
    expect(page.get_by_role("button", name="พิมพ์หน้านี้")).to_be_visible()

    answer = page.request.get(page.get_by_role("link", name="ดาวน์โหลด PDF").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ดาวน์โหลด PDF").click()
    assert waiting.value.suggested_filename.endswith(".pdf")
    if shutil.which("pdftotext"):
        file = tmp_path / "form.pdf"
        waiting.value.save_as(file)
        text = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout
        assert "7(1)" in text
        assert "33,600" in text
        assert "168.00" in text

    answer = page.request.get(page.get_by_role("link", name="ดาวน์โหลด Excel").get_attribute("href"))
    assert "spreadsheetml" in answer.headers["content-type"]
    assert "xl/workbook.xml" in ZipFile(BytesIO(answer.body())).namelist()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ดาวน์โหลด Excel").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")


def test_a_returned_result_shows_the_reason_on_top(visit, cast, march, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    reviewer = visit(cast.reviewer)
    reviewer.goto(reverse("review_detail", args=[march.pk]))
    press(reviewer, "ส่งกลับให้แก้ไข")
    expect(reviewer.locator(".error-summary")).to_contain_text("กรุณาระบุเหตุผล")
    expect(reviewer.locator(".error-summary")).to_be_focused()
    reviewer.get_by_label("เหตุผลที่ส่งกลับ").fill("กลุ่มตัวอย่างน้อยกว่าที่กำหนด")
    press(reviewer, "ส่งกลับให้แก้ไข")
    expect(reviewer.get_by_role("status")).to_contain_text(re.compile(r"ส่งกลับ.*7\(1\)"))

    head = visit(cast.head)
    head.goto("/")
    expect(head.locator(".work-list").first).to_contain_text("กลุ่มตัวอย่างน้อยกว่าที่กำหนด")
    head.get_by_role("link", name=re.compile(rf"7\(1\) {MARCH}")).click()
    reason = head.get_by_role("alert").filter(has_text="กลุ่มตัวอย่างน้อยกว่าที่กำหนด")
    expect(reason).to_be_in_viewport()
    assert reason.bounding_box()["y"] < head.locator("#entry-form").bounding_box()["y"]
    press(head, "ส่งให้ตรวจสอบ")
    expect(head.get_by_role("status")).to_contain_text(re.compile(r"ส่งผลงาน.*7\(1\)"))


def test_without_javascript_a_save_shows_the_score(visit, cast, march):
    page = visit(cast.head, java_script_enabled=False)
    page.goto(reverse("entry", args=[march.pk]))
    page.fill("#id_item_A", "34,400")
    page.fill("#id_item_B", "๒๐๐")
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect_score(page, "172.00", "4", "ไม่ผ่าน")
    expect(page.locator(".next-step")).to_contain_text("170")
    page.fill("#id_item_A", "สามหมื่น")
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.locator(".error-summary")).to_contain_text("สามหมื่น")
    expect(page.locator("#id_item_A")).to_have_value("สามหมื่น")
    page.fill("#id_item_A", "33600")
    page.get_by_role("button", name="ส่งให้ตรวจสอบ").click()
    assert Result.objects.get(round=march).status == Result.Status.SUBMITTED


def test_without_javascript_the_dashboard_leads_to_the_reasons(visit, cast, approved):
    approved("7(1)", 6, A=33600, B=200)
    page = visit(cast.executive, java_script_enabled=False)
    page.goto(reverse("dashboard"))
    page.get_by_role("link", name="ตัวชี้วัด 7(1) ระดับ 5 อ่านเหตุผล").click()
    expect(page.get_by_role("heading", level=2, name="ทำไมจึงได้ระดับนี้")).to_be_in_viewport()


def test_two_people_at_the_same_result_lose_nothing(visit, cast, march):
    address = reverse("entry", args=[march.pk])
    first, second = visit(cast.reporter), visit(cast.head)
    for page in (first, second):
        page.goto(address)
    type_counts(first, "33600", "200")
    press(first, "บันทึกร่าง")
    expect(first.get_by_role("status")).to_contain_text("บันทึกฉบับร่าง")

    type_counts(second, "34400", "200")
    second.get_by_label("หมายเหตุ").fill("ของหัวหน้า")
    press(second, "บันทึกร่าง")
    told = second.locator(".conflict")
    expect(told).to_contain_text("มีผู้บันทึกก่อนท่าน")
    expect(told).to_be_focused()
    for part in ("reporter", "33,600", "34,400", "ของหัวหน้า"):
        expect(told).to_contain_text(part)
    expect(second.locator("#id_item_A")).to_have_value("34400")
    expect(second.get_by_label("หมายเหตุ")).to_have_value("ของหัวหน้า")
    assert Result.objects.get(round=march).values.get(code="A").value == 33600

    press(second, "บันทึกทับด้วยค่าของฉัน")
    expect(second.get_by_role("status")).to_contain_text("บันทึกฉบับร่าง")
    assert Result.objects.get(round=march).values.get(code="A").value == 34400
    kept = ReviewEvent.objects.filter(result__round=march).order_by("pk").values_list("after", flat=True)
    assert list(dict.fromkeys(event["values"]["A"] for event in kept)) == ["33600", "34400"]


def test_who_was_slower_may_take_the_others_version(visit, cast, march):
    """Without being asked whether to leave, and without being offered again what was given up."""
    address = reverse("entry", args=[march.pk])
    first, second = visit(cast.reporter), visit(cast.head)
    asked = []
    second.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    for page in (first, second):
        page.goto(address)
    type_counts(first, "33600", "200")
    press(first, "บันทึกร่าง")
    expect(first.get_by_role("status")).to_contain_text("บันทึกฉบับร่าง")
    type_counts(second, "34400", "200")
    press(second, "บันทึกร่าง")
    second.locator(".conflict").get_by_role("link", name="ใช้ค่าที่บันทึกไว้").click()
    expect(second.locator(".conflict")).to_have_count(0)
    expect(second.locator("#id_item_A")).to_have_value("33,600")
    expect(second.locator(".keep-bar")).to_have_count(0)
    assert asked == []
    assert Result.objects.get(round=march).values.get(code="A").value == 33600


def test_what_a_browser_brings_back_into_the_boxes_is_no_save_of_others_numbers(visit, cast, march):
    """Gone back to a page that somebody else has saved since: nothing of theirs is written over unseen."""
    address = reverse("entry", args=[march.pk])
    first, second = visit(cast.reporter), visit(cast.head)
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(address)
    type_counts(second, "34400", "200")
    second.get_by_label("หมายเหตุ").fill("ของหัวหน้า")
    second.locator("#id_item_A").focus()
    expect(second.locator("#autosave-note")).to_contain_text("บันทึกแล้ว")
    second.goto("/")
    first.goto(address)
    first.get_by_label("หมายเหตุ").fill("ของผู้บันทึก")
    press(first, "บันทึกร่าง")
    expect(first.get_by_role("status")).to_contain_text("บันทึกฉบับร่าง")
    second.go_back()
    second.locator("#id_item_B").fill("201")
    press(second, "บันทึกร่าง")
    note = second.get_by_label("หมายเหตุ")
    expect(second.locator(".conflict, .alert-success").first).to_be_visible()
    if second.locator(".conflict").count():
        expect(second.locator(".conflict")).to_contain_text("ของผู้บันทึก")
    else:
        expect(note).to_have_value("ของผู้บันทึก")
    assert Result.objects.get(round=march).note == "ของผู้บันทึก"


@pytest.mark.parametrize("way", ["reload", "back"])
def test_a_page_opened_again_shows_what_is_saved_now(visit, cast, march, way):
    address = reverse("entry", args=[march.pk])
    first, second = visit(cast.reporter), visit(cast.head)
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(address)
    second.get_by_label("หมายเหตุ").fill("ของหัวหน้า")
    expect(second.locator("#autosave-note")).to_contain_text("บันทึกแล้ว")
    if way == "back":
        second.goto("/")
    first.goto(address)
    first.get_by_label("หมายเหตุ").fill("ของผู้บันทึก")
    press(first, "บันทึกร่าง")
    expect(first.get_by_role("status")).to_contain_text("บันทึกฉบับร่าง")
    second.go_back() if way == "back" else second.reload()
    lock, note = second.locator("input[name=lock]").input_value(), second.get_by_label("หมายเหตุ").input_value()
    # An old page with its old save count, or all of the new one: never old texts with the new count.
    assert (lock, note) in (("2", "ของผู้บันทึก"), ("0", "ของหัวหน้า"), ("1", "ของหัวหน้า"))


def test_the_back_button_brings_back_what_was_typed(visit, cast, march):
    page = visit(cast.head)
    page.on("dialog", lambda dialog: dialog.accept())  # "leave without saving?"
    page.goto("/")
    page.goto(reverse("entry", args=[march.pk]))
    type_counts(page, "33600", "200")
    expect_score(page, "168.00", "5", "ผ่าน")
    press(page, "บันทึกร่าง")
    expect(page.get_by_role("status")).to_contain_text("บันทึกฉบับร่าง")
    page.go_back()
    expect(page.locator("#id_item_A")).to_have_value(re.compile("33,?600"))
    press(page, "บันทึกร่าง")  # the page of before the save: nothing is lost and nobody is frightened
    expect(page.locator("#id_item_A")).to_have_value("33,600")
    expect(page.locator(".conflict")).to_have_count(0)
    assert Result.objects.get(round=march).values.get(code="A").value == 33600


@pytest.mark.parametrize(("javascript", "posts"), [(True, 1), (False, 2)])
def test_a_double_click_submits_once(visit, cast, march, saved, slow_server, javascript, posts):
    saved("7(1)", 6, A=33600, B=200)
    page = visit(cast.head, java_script_enabled=javascript)
    page.goto(reverse("entry", args=[march.pk]))
    button = page.get_by_role("button", name="ส่งให้ตรวจสอบ")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    with slow_server:
        for _click in range(2):
            page.mouse.click(place["x"] + 20, place["y"] + 20)
            page.wait_for_timeout(300)  # long enough to be sent, too short for patience
    expect(page.get_by_role("status").first).to_contain_text(re.compile(r"ส่งผลงาน.*7\(1\)"))
    expect(page.get_by_role("heading", level=1)).to_have_text("งานของฉัน")
    assert ReviewEvent.objects.filter(result__round=march, action="submit").count() == 1
    assert len(list(page.watch.posts("/entry/"))) == posts


def test_a_lost_session_leaves_the_numbers(visit, cast, march):
    page = visit(cast.head)
    page.goto(reverse("entry", args=[march.pk]))
    page.context.clear_cookies(name="sessionid")  # the shift is over
    type_counts(page, "33600", "200")
    expect(page.locator(".live-note")).to_be_visible()
    expect(page.locator("#id_item_A")).to_have_value("33600")


def test_the_dashboard_ends_with_its_footer(visit, demo):
    page = visit(demo("executive"))
    page.goto("/dashboard/")
    # What is hidden for the eye inside a table that scrolls must not make the page longer than it is.
    end = page.evaluate("scrollY + document.querySelector('.page-foot').getBoundingClientRect().bottom")
    assert page.evaluate("document.documentElement.scrollHeight") < end + 5
