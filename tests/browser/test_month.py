"""One page for the month in a real browser: by keyboard alone, a pasted block, a phone, two people, no script."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.models import Indicator, Result
from tests.browser.session import scripts_on_their_way, sit_down
from tests.browser.test_grid import PASTE, all_saved
from tests.indicators.months import give, month_url

pytestmark = pytest.mark.django_db(transaction=True)
CODES = ("5", "6", "7(1)", "9(1)")  # two boxes each, the last has three
SAY_MUCH_WHEN_LEFT = """() => document.addEventListener("focusout", () => {
  const told = document.querySelector(".grid-told");
  told.before(Object.assign(document.createElement("div"), { innerHTML: "<br>".repeat(4) }));
}, { once: true })"""


@pytest.fixture
def unit(plan, cast):
    """PST OPD with four KPIs due in March."""
    for code in set(CODES) - {"7(1)"}:
        give(Indicator.objects.get(plan=plan, code=code))
    return cast


@pytest.fixture
def page(visit, unit) -> Page:
    opened = visit(unit.head)
    opened.goto(month_url())
    return opened


def row(page: Page, code: str):
    return page.locator(".grid-row").filter(has=page.locator(f".code:text-is('{code}')"))


def cell(page: Page, code: str, item: str):
    return row(page, code).locator(f"[data-code={item}]")


def saved() -> dict[str, dict[str, int]]:
    rows = Result.objects.select_related("round__indicator").prefetch_related("values")
    return {row.round.indicator.code: {v.code: int(v.value) for v in row.values.all()} for row in rows}


def paste(page: Page, box, text: str) -> None:
    box.focus()
    page.evaluate(PASTE, [box.element_handle(), text])


def test_the_whole_month_by_keyboard_alone(visit, unit):
    """From the log-in page of work to all submitted, without a mouse."""
    page = visit(unit.head)
    page.goto(reverse("my_work"))
    link = page.get_by_role("link", name="กรอกทั้งเดือนในหน้าเดียว")
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/month/\d+/2560/6/$"))
    page.wait_for_load_state()  # before its scripts have come, Enter sends the form
    cell(page, "5", "A").focus()
    for number in ("9", "100", "๑๐", "100", "33,600", "200", "30000", "1000"):
        page.keyboard.type(number)
        page.keyboard.press("Enter")  # A, B of this KPI, then the next one
    expect(cell(page, "9(1)", "C")).to_be_focused()
    all_saved(page)
    expect(row(page, "7(1)")).to_contain_text("168.00")
    expect(row(page, "7(1)").locator(".level")).to_have_text(re.compile(r"5"))
    expect(page.locator("#grid-summary")).to_contain_text("ต้องส่ง 4 รายการ บันทึกแล้ว 3 ส่งแล้ว 0 · กรอกยังไม่ครบ 1")
    submit = page.get_by_role("button", name="ส่งทั้งหมดที่ครบแล้ว")
    submit.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".grid-left")).to_contain_text("9(1)")  # its third box is empty
    assert Result.objects.get(round__indicator__code="7(1)").status == "submitted"
    assert saved()["9(1)"] == {"A": 30000, "B": 1000}


def test_home_and_end_stay_in_the_row(page):
    cell(page, "9(1)", "A").focus()
    page.keyboard.press("End")
    expect(cell(page, "9(1)", "C")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")  # the last box of the KPI above
    expect(cell(page, "7(1)", "B")).to_be_focused()
    page.keyboard.press("Home")
    expect(cell(page, "7(1)", "A")).to_be_focused()
    expect(page.locator(".grid-where")).to_contain_text("7(1)")


def here(page: Page) -> str:
    """The box that has the focus: its KPI and item."""
    code = page.locator(".grid-row:focus-within .code").inner_text()
    item = page.evaluate("document.activeElement.dataset.code")
    return f"{code} {item}"


ALL_BOXES = ["5 A", "5 B", "6 A", "6 B", "7(1) A", "7(1) B", "9(1) A", "9(1) B", "9(1) C"]


@pytest.mark.parametrize(("on", "back"), [("Enter", "Shift+Enter"), ("ArrowDown", "ArrowUp")])
def test_the_boxes_are_one_list_in_reading_order(page, on, back):
    """To and fro through all KPIs; what is not a box of the row is never passed over."""
    cell(page, "5", "A").focus()
    for box in ALL_BOXES[1:]:
        page.keyboard.press(on)
        assert here(page) == box
    for box in reversed(ALL_BOXES[:-1]):
        page.keyboard.press(back)
        assert here(page) == box
    page.keyboard.press(back)
    assert here(page) == "5 A"


def test_enter_in_the_last_box_saves_it_and_chooses_it_whole(page):
    """What is typed next replaces what stands there, before and after the answer has come."""
    last = cell(page, "9(1)", "C")
    last.focus()
    page.keyboard.type("3333")
    page.keyboard.press("Enter")
    expect(last).to_be_focused()
    all_saved(page)
    expect(last).to_have_value("3,333")
    page.keyboard.type("31")
    expect(last).to_have_value("31")
    page.keyboard.press("Enter")
    page.keyboard.type("30")
    expect(last).to_have_value("30")
    page.keyboard.press("Tab")
    all_saved(page)
    assert saved() == {"9(1)": {"C": 30}}


@pytest.mark.parametrize("between", ["\r\n", "\t"])
def test_a_column_or_a_line_fills_in_reading_order(page, between):
    """As the workbook has it: a line for each item, KPI after KPI."""
    paste(page, cell(page, "5", "B"), between.join(["๑๐๐", "12", "50", "33,600", "200"]))
    all_saved(page)
    assert saved() == {"5": {"B": 100}, "6": {"A": 12, "B": 50}, "7(1)": {"A": 33600, "B": 200}}
    expect(page.locator(".grid-aside")).to_contain_text("วางแล้ว 5 ช่อง ถึงช่อง 7(1): ")


def test_a_column_longer_than_the_list_is_told(page):
    paste(page, cell(page, "9(1)", "B"), "1000\r\n31\r\n7\r\n\r\n8\r\n")
    expect(page.locator(".grid-aside")).to_contain_text("วางแล้ว 2 ช่อง ข้าม 2 ช่องที่อยู่นอกตารางหรือแก้ไขไม่ได้")
    all_saved(page)
    assert saved() == {"9(1)": {"B": 1000, "C": 31}}


def test_a_column_leaves_the_place_of_what_was_sent(page, submitted):
    """The numbers of a KPI that cannot be changed fall on it, not on the next one."""
    submitted("6", 6, A=12, B=50)
    page.reload()
    paste(page, cell(page, "5", "A"), "9\n100\n77\n88\n33600\n200\n")
    expect(page.locator(".grid-aside")).to_contain_text("ข้าม 2 ช่อง")
    all_saved(page)
    assert saved() == {"5": {"A": 9, "B": 100}, "6": {"A": 12, "B": 50}, "7(1)": {"A": 33600, "B": 200}}
    cell(page, "5", "B").focus()
    page.keyboard.press("Enter")  # to the next box that can be typed in
    assert here(page) == "7(1) A"


def test_labels_wrap_and_boxes_stand_in_line(page):
    """At the usual width names of two and three lines are whole; the very longest is whole in its turn."""
    labels = page.locator(".month-cell > label")
    cut = "all => all.filter(label => label.scrollHeight > label.clientHeight + 1).length"
    assert labels.evaluate_all(cut) <= 1
    assert labels.evaluate_all("all => all.some(label => label.clientHeight > 30)")  # two lines
    tops = {cell(page, "9(1)", item).bounding_box()["y"] for item in "ABC"}
    assert len(tops) == 1
    for box in page.locator(".month-cell > input").all():
        box.focus()
        assert page.locator(".month-cell:focus-within > label").evaluate_all(cut) == 0


def test_the_buttons_stay_together_after_a_slip(page):
    cell(page, "5", "A").fill("x")
    page.keyboard.press("Tab")
    expect(page.locator(".grid-told")).to_have_text("บางช่องยังไม่ได้บันทึก ดูข้อความใต้ช่องสีแดง")
    save, send = (page.locator(f"[{name}]").bounding_box() for name in ("data-save", "data-submit"))
    assert save["y"] == send["y"]


def test_a_block_from_a_spreadsheet(page):
    """Rows of the plan, columns A to C: Thai digits, separators, a slip, a number out of range, a huge one."""
    paste(page, cell(page, "5", "A"), "๙\t๑๐๐\r\n12a\t-5\r\n33,600\t200\r\n" + "9" * 30 + "\t1,000\t31\r\n")
    expect(page.locator(".grid-told")).to_have_text("บางช่องยังไม่ได้บันทึก ดูข้อความใต้ช่องสีแดง")
    for code, item in (("6", "A"), ("6", "B"), ("9(1)", "A")):
        expect(cell(page, code, item)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, "6", "A")).to_have_value("12a")
    assert saved() == {"5": {"A": 9, "B": 100}, "7(1)": {"A": 33600, "B": 200}, "9(1)": {"B": 1000, "C": 31}}
    cell(page, "6", "A").fill("12")
    cell(page, "6", "B").fill("50")
    cell(page, "9(1)", "A").fill("30000")
    page.keyboard.press("Tab")
    all_saved(page)
    assert saved()["6"] == {"A": 12, "B": 50}


def test_warnings_come_and_go_with_the_numbers(page):
    cell(page, "7(1)", "A").fill("40000")
    cell(page, "7(1)", "B").fill("200")
    page.keyboard.press("Tab")
    all_saved(page)
    expect(row(page, "7(1)").locator(".row-question")).to_contain_text("ยังไม่มีมาตรการแก้ไข")
    cell(page, "7(1)", "A").fill("33600")
    page.keyboard.press("Tab")
    all_saved(page)
    expect(row(page, "7(1)").locator(".row-question")).to_have_count(0)


def test_two_sessions_at_one_cell(page, visit, unit):
    other = visit(unit.reporter)
    other.goto(month_url())
    cell(other, "7(1)", "A").fill("30000")
    other.keyboard.press("Tab")
    all_saved(other)
    cell(page, "7(1)", "A").fill("33600")
    page.keyboard.press("Tab")
    trouble = page.locator(".grid-trouble")
    expect(trouble).to_contain_text("30,000")
    expect(trouble).to_contain_text("33600")
    assert saved() == {"7(1)": {"A": 30000}}
    trouble.get_by_role("button", name="ใช้ค่าที่ท่านพิมพ์").click()
    all_saved(page)
    assert saved() == {"7(1)": {"A": 33600}}
    cell(other, "7(1)", "B").fill("200")  # the other's cells of the row are merged
    other.keyboard.press("Tab")
    all_saved(other)
    expect(cell(other, "7(1)", "A")).to_have_value(re.compile("33,?600"))
    assert saved() == {"7(1)": {"A": 33600, "B": 200}}


def test_another_person_in_the_same_browser_saves_nothing_of_this(page, unit):
    cell(page, "5", "A").focus()
    sit_down(page.context, unit.reporter, page.watch.home)
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    expect(page.locator(".grid-told")).to_contain_text("หมดเวลาเข้าสู่ระบบ")
    assert saved() == {}


def test_on_a_phone(visit, unit):
    page = visit(unit.head, "phone")
    page.goto(month_url())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for code, item, number in (("5", "A", "9"), ("5", "B", "100"), ("9(1)", "C", "31")):
        box = cell(page, code, item)
        assert box.bounding_box()["height"] >= 44
        box.fill(number)
    page.keyboard.press("Tab")
    all_saved(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert saved() == {"5": {"A": 9, "B": 100}, "9(1)": {"C": 31}}
    label = row(page, "9(1)").locator("label").first
    assert label.bounding_box()["y"] < cell(page, "9(1)", "A").bounding_box()["y"]


@pytest.mark.parametrize("how", ["tap", "press"])
def test_what_moves_under_the_finger_is_not_what_was_meant(visit, unit, how):
    """Leaving a box may say something above the buttons: they move down, and the first is where the second was."""
    page = visit(unit.head, "phone", has_touch=True)
    page.goto(month_url())
    cell(page, "7(1)", "A").fill("33600")
    button = page.get_by_role("button", name="ส่งทั้งหมดที่ครบแล้ว")
    button.scroll_into_view_if_needed()
    cell(page, "7(1)", "B").focus()
    page.keyboard.type("200")
    page.evaluate(SAY_MUCH_WHEN_LEFT)  # what the page itself says may have come and gone before
    before = button.bounding_box()
    at = before["x"] + before["width"] / 2, before["y"] + 4
    if how == "tap":
        page.touchscreen.tap(*at)
    else:
        page.mouse.move(*at)
        page.mouse.down()
        assert button.bounding_box()["y"] >= before["y"] + 60
        page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="ส่งแล้ว 1 รายการ")).to_be_visible()
    assert Result.objects.get(round__indicator__code="7(1)").status == "submitted"


def test_without_script(visit, unit):
    page = visit(unit.head, java_script_enabled=False)
    page.goto(month_url())
    cell(page, "5", "A").fill("๙")
    cell(page, "6", "A").fill("12a")
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    expect(page.locator(".error-summary")).to_contain_text("มี 1 รายการที่ยังไม่ได้บันทึกครบ")
    expect(cell(page, "6", "A")).to_have_value("12a")
    assert saved() == {"5": {"A": 9}}


def test_months_back_and_forward(page):
    page.get_by_role("link", name="เดือนก่อน").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ผลงานเดือนกุมภาพันธ์ 2560")
    page.get_by_role("link", name="เดือนถัดไป").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ผลงานเดือนมีนาคม 2560")
    page.locator(".alert-warning").get_by_role("link", name="มกราคม 2560").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ผลงานเดือนมกราคม 2560")


def test_a_conflict_waits_for_the_choice(page, visit, unit):
    """Typing elsewhere in the row, and "save all", choose nothing; theirs is chosen with a button."""
    other = visit(unit.reporter)
    other.goto(month_url())
    cell(other, "7(1)", "A").fill("30000")
    other.keyboard.press("Tab")
    all_saved(other)
    cell(page, "7(1)", "A").fill("33600")
    page.keyboard.press("Tab")
    trouble = page.locator(".grid-trouble")
    expect(trouble).to_contain_text("reporter")
    cell(page, "7(1)", "B").fill("200")
    page.keyboard.press("Tab")
    expect(row(page, "7(1)").locator(".month-cell").nth(1)).to_have_attribute("data-state", "saved")
    expect(trouble).to_contain_text("30,000")
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    page.wait_for_timeout(500)
    expect(trouble).to_be_visible()
    assert saved() == {"7(1)": {"A": 30000, "B": 200}}
    trouble.get_by_role("button", name="ใช้ค่าที่บันทึกไว้แล้ว").click()
    expect(trouble).to_have_count(0)
    expect(cell(page, "7(1)", "A")).to_have_value("30,000")
    cell(page, "7(1)", "B").fill("210")
    page.keyboard.press("Tab")
    all_saved(page)
    assert saved() == {"7(1)": {"A": 30000, "B": 210}}


def test_gone_back_to_the_page_shows_what_others_saved_since(page, visit, unit):
    """A browser brings typed texts back into the boxes; into a fresh page they would be changes of one's own."""
    cell(page, "7(1)", "A").fill("33600")
    page.keyboard.press("Tab")
    all_saved(page)
    page.goto(reverse("my_work"))
    other = visit(unit.reporter)
    other.goto(month_url())
    cell(other, "7(1)", "A").fill("30000")
    other.keyboard.press("Tab")
    all_saved(other)
    page.go_back()
    cell(page, "7(1)", "B").fill("200")
    page.keyboard.press("Tab")
    all_saved(page)
    expect(cell(page, "7(1)", "A")).to_have_value("30,000")
    assert saved() == {"7(1)": {"A": 30000, "B": 200}}


def test_a_block_larger_than_the_table_and_with_gaps(page):
    """The last line falls outside and is told until one types again; an empty cell empties what was there."""
    cell(page, "6", "A").fill("77")
    page.keyboard.press("Tab")
    all_saved(page)
    paste(page, cell(page, "5", "A"), "๙\t1,000\n\t๕๐\n33600\t200\n30000\t1000\t31\t5\n8\t8\n")
    aside = page.locator(".grid-aside")
    expect(aside).to_contain_text("ข้าม 3 ช่องที่อยู่นอกตารางหรือแก้ไขไม่ได้")
    all_saved(page)
    expect(aside).to_be_visible()
    assert saved() == {
        "5": {"A": 9, "B": 1000}, "6": {"B": 50}, "7(1)": {"A": 33600, "B": 200},
        "9(1)": {"A": 30000, "B": 1000, "C": 31},
    }  # fmt: skip
    cell(page, "6", "A").focus()
    page.keyboard.type("1")
    expect(aside).to_be_hidden()


def test_a_comment_beside_its_warning_keeps_the_caret(page, slow_server):
    """While the numbers are saved one goes on writing."""
    cell(page, "7(1)", "A").fill("40000")
    cell(page, "7(1)", "B").fill("200")
    page.keyboard.press("Tab")
    all_saved(page)
    answer = row(page, "7(1)").locator("textarea")
    answer.click()
    page.keyboard.type("รอประชุม")
    with slow_server:
        cell(page, "7(1)", "A").evaluate(
            "box => { box.value = '41000'; box.dispatchEvent(new Event('change', {bubbles: true})); }"
        )
        page.wait_for_timeout(300)
        page.keyboard.type("ทีมวันที่ 20")
    all_saved(page)
    page.keyboard.type(" และ")
    expect(answer).to_have_value("รอประชุมทีมวันที่ 20 และ")
    page.keyboard.press("Tab")
    expect(row(page, "7(1)").locator(".question-answer")).to_have_text("รอประชุมทีมวันที่ 20 และ")
    assert Result.objects.get().warning_comments == {"no_recovery:": "รอประชุมทีมวันที่ 20 และ"}
    page.reload()
    expect(row(page, "7(1)")).to_be_visible()
    expect(page.locator(".keep-bar")).to_have_count(0)


def test_what_was_typed_before_the_scripts_had_come_is_saved(visit, unit):
    page = visit(unit.head)
    with scripts_on_their_way(page):
        page.goto(month_url(), wait_until="commit")
        cell(page, "5", "A").fill("๙")
        cell(page, "6", "B").fill("100")
        cell(page, "6", "B").press("Tab")
    all_saved(page)
    assert saved() == {"5": {"A": 9}, "6": {"B": 100}}
