"""The grid in a real browser: the keyboard, a pasted block, two people, a broken network, and without any script."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.models import Result
from tests.browser.session import sit_down
from tests.indicators.grids import JULY, load_province

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """([cell, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def province(plan, settings):
    settings.KPITRACK_TODAY = JULY
    return load_province()


@pytest.fixture
def address(province) -> str:
    return reverse("grid", args=[province.k405.pk, 2566, 2])


@pytest.fixture
def page(visit, province, address) -> Page:
    opened = visit(province.enters)
    opened.goto(address)
    return opened


def eia(page: Page, place: int):
    return page.locator("input[data-code=EIA]").nth(place)


def tps(page: Page, place: int):
    return page.locator("select[data-code=TPS]").nth(place)


def paste(page: Page, cell, text: str) -> None:
    cell.focus()
    page.evaluate(PASTE, [cell.element_handle(), text])


def all_saved(page: Page) -> None:
    expect(page.locator(".grid-told")).to_have_text("บันทึกทุกช่องแล้ว")


def saved() -> dict[str, dict[str, int]]:
    rows = Result.objects.select_related("measured_unit").prefetch_related("values")
    return {row.measured_unit.code: {v.code: int(v.value) for v in row.values.all()} for row in rows}


def test_the_keyboard_moves_between_cells(page):
    eia(page, 0).focus()
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    expect(eia(page, 1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(eia(page, 2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(tps(page, 1)).to_be_focused()
    page.keyboard.press("ArrowDown")  # passes and changes nothing
    expect(tps(page, 2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(tps(page, 1)).to_have_value("")
    page.keyboard.type("A")
    expect(tps(page, 1)).to_have_value("A")
    page.keyboard.press("ArrowDown")
    expect(tps(page, 2)).to_be_focused()
    expect(tps(page, 1)).to_have_value("A")
    page.keyboard.press("Control+ArrowLeft")
    expect(eia(page, 2)).to_be_focused()
    page.keyboard.press("End")
    expect(tps(page, 2)).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(eia(page, 0)).to_be_focused()
    page.keyboard.press("Tab")
    expect(tps(page, 0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(tps(page, 1)).to_be_focused()
    all_saved(page)
    assert saved() == {"KKH": {"EIA": 80}, "10995": {"TPS": 100}}


def test_enter_in_the_last_row_replaces_and_never_appends(page):
    last = eia(page, 25)
    last.focus()
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    expect(last).to_be_focused()
    all_saved(page)
    page.keyboard.type("9")
    expect(last).to_have_value("9")


def test_a_column_stays_in_its_column(page):
    paste(page, eia(page, 0), "80\n70\n60\n")
    all_saved(page)
    assert saved() == {"KKH": {"EIA": 80}, "10995": {"EIA": 70}, "10996": {"EIA": 60}}


def test_in_an_opened_list_the_arrows_choose(page):
    tps(page, 1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(tps(page, 1)).to_have_value("B")
    all_saved(page)
    assert saved() == {"10995": {"TPS": 80}}


def test_inside_a_number_the_arrows_move_the_caret(page):
    eia(page, 0).focus()
    page.keyboard.type("85")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("1")  # 815
    expect(eia(page, 0)).to_have_value("815")
    page.keyboard.press("Escape")
    expect(eia(page, 0)).to_have_value("")


def test_every_cell_is_saved_by_itself(page):
    eia(page, 4).fill("๘๖.๖๗")
    tps(page, 4).select_option("A")
    all_saved(page)
    row = page.locator(".grid-row").nth(4)
    expect(row).to_contain_text("93.34")
    expect(eia(page, 4)).to_have_value("86.67")
    expect(page.locator("#grid-summary")).to_contain_text("บันทึกแล้ว 1 จาก 26 · ได้ระดับ 5 ขึ้นไป 1 แห่ง")
    page.reload()
    expect(tps(page, 4)).to_have_value("A")


def test_a_block_from_a_spreadsheet(page):
    """Five rows of two: Thai digits, a number that is too large, small letters, a word that is none, an empty cell."""
    paste(page, eia(page, 2), "๘๐\tA\r\n70.5\tb\r\n1,234\tC\r\n90\tเกรด\r\n\tf\r\n")
    expect(page.locator(".grid-told")).to_have_text("บางช่องยังไม่ได้บันทึก ดูข้อความใต้ช่องสีแดง")
    expect(eia(page, 4)).to_have_value("1,234")
    expect(eia(page, 4)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".grid-row").nth(4)).to_contain_text("ต้องไม่เกิน 100")
    expect(page.locator(".grid-row").nth(5)).to_contain_text("เลือก “เกรด” ไม่ได้")
    assert saved() == {
        "10996": {"EIA": 80, "TPS": 100}, "10997": {"EIA": 70, "TPS": 80}, "10998": {"TPS": 70},
        "10999": {"EIA": 90}, "11000": {"TPS": 50},
    }  # fmt: skip
    eia(page, 4).fill("100")
    page.keyboard.press("Tab")
    tps(page, 5).select_option("D")
    all_saved(page)
    assert saved()["10998"] == {"EIA": 100, "TPS": 70}


def test_what_falls_outside_the_grid_is_told(page):
    paste(page, tps(page, 25), "A\t9\nB\t9\n")
    expect(page.locator(".grid-told")).to_be_visible()
    all_saved(page)
    assert saved() == {"77652": {"TPS": 100}}


def test_somebody_else_was_quicker(page, visit, province, address):
    other = visit(province.colleague)
    other.goto(address)
    eia(other, 0).fill("70")
    tps(other, 0).focus()
    all_saved(other)
    eia(page, 0).fill("90")
    tps(page, 0).focus()
    trouble = page.locator(".grid-trouble")
    expect(trouble).to_contain_text("ins2")
    expect(trouble).to_contain_text("70")
    expect(trouble).to_contain_text("90")
    assert saved() == {"KKH": {"EIA": 70}}
    head, line = page.locator(".grid-table thead"), trouble.locator("td")
    assert head.bounding_box()["width"] == line.bounding_box()["width"]
    trouble.get_by_role("button", name="ใช้ค่าที่ท่านพิมพ์").click()
    all_saved(page)
    expect(trouble).to_have_count(0)
    assert saved() == {"KKH": {"EIA": 90}}
    eia(other, 0).fill("75")
    tps(other, 0).focus()
    other.get_by_role("button", name="ใช้ค่าที่บันทึกไว้แล้ว").click()
    expect(eia(other, 0)).to_have_value("90")
    assert saved() == {"KKH": {"EIA": 90}}


def test_other_cells_of_a_row_are_merged(page, visit, province, address):
    other = visit(province.colleague)
    other.goto(address)
    eia(other, 0).fill("70")
    tps(other, 0).focus()
    all_saved(other)
    tps(page, 0).select_option("B")
    all_saved(page)
    expect(eia(page, 0)).to_have_value("70")
    assert saved() == {"KKH": {"EIA": 70, "TPS": 80}}


def test_a_broken_network_loses_nothing(page):
    page.route("**/row/", lambda route: route.abort())
    eia(page, 0).fill("80")
    tps(page, 0).focus()
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    expect(eia(page, 0)).to_have_value("80")
    page.unroute("**/row/")
    page.get_by_role("button", name="ลองบันทึกอีกครั้ง").click()
    all_saved(page)
    assert saved() == {"KKH": {"EIA": 80}}


def test_after_the_log_in_ran_out(page, province):
    sit_down(page.context, None, page.watch.home)
    eia(page, 0).fill("80")
    tps(page, 0).focus()
    expect(page.locator(".grid-told")).to_contain_text("หมดเวลาเข้าสู่ระบบ")
    sit_down(page.context, province.enters, page.watch.home)
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    all_saved(page)
    assert saved() == {"KKH": {"EIA": 80}}


def test_submitting_what_is_complete(page):
    paste(page, eia(page, 0), "80\tA\n90\tB\n70\t\n")
    all_saved(page)
    page.get_by_role("button", name="ส่งทั้งหมดที่ครบแล้ว").click()
    expect(page.get_by_role("status").filter(has_text="ส่งแล้ว 2 รายการ")).to_be_visible()
    left = page.locator(".grid-left")
    expect(left).to_contain_text("โรงพยาบาลพระยืน")
    expect(left).to_contain_text("ยังไม่ได้บันทึก 23 รายการ")
    left.get_by_role("link", name="โรงพยาบาลพระยืน").click()
    expect(page).to_have_url(re.compile(r"/entry/\?unit=10996$"))


def test_without_script(visit, province, address):
    page = visit(province.enters, java_script_enabled=False)
    page.goto(address)
    eia(page, 0).fill("80")
    tps(page, 0).select_option("A")
    eia(page, 1).fill("180")
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    expect(page.locator(".error-summary")).to_contain_text("ต้องไม่เกิน 100")
    expect(eia(page, 1)).to_have_value("180")
    eia(page, 1).fill("60")
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    expect(page.get_by_role("status").filter(has_text="บันทึกแล้ว 1 รายการ")).to_be_visible()
    assert saved() == {"KKH": {"EIA": 80, "TPS": 100}, "10995": {"EIA": 60}}


def test_a_file_by_hand(page, tmp_path):
    file = tmp_path / "eia.csv"
    file.write_text("code,EIA,TPS\n10998,80,A\n11002,60,G\n", encoding="utf-8")
    page.set_input_files("#id_file", file)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    expect(page.locator(".error-summary")).to_contain_text("แถว 3 · TPS")
    page.get_by_role("link", name="กลับไปที่ตาราง").click()
    file.write_text("code,EIA,TPS\n10998,80,A\n11002,60,B\n", encoding="utf-8")
    page.set_input_files("#id_file", file)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    page.get_by_role("button", name="บันทึกทั้ง 2 รายการ").click()
    expect(page.get_by_role("status").filter(has_text="บันทึกจากไฟล์แล้ว 2 รายการ")).to_be_visible()
    assert saved() == {"10998": {"EIA": 80, "TPS": 100}, "11002": {"EIA": 60, "TPS": 80}}


def test_on_a_phone_it_is_a_list(visit, province, address):
    page = visit(province.enters, "phone")
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    eia(page, 0).fill("80")
    tps(page, 0).select_option("A")
    all_saved(page)
    assert saved() == {"KKH": {"EIA": 80, "TPS": 100}}
