"""The first sheet of a workbook: whose it is, how to fill it in, and what is in it."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from indicators.workbooks.cells import CLEAR, text_in
from indicators.workbooks.periods import PeriodSheet
from indicators.workbooks.style import (
    BOLD,
    BOX,
    CENTRED,
    FONT_SIZE,
    HEAD_FILL,
    PLAIN,
    QUIET,
    RIGHT,
    WRAPPED,
    font,
    height_of,
    lay_out,
    protect,
    put,
)
from strategy import clock
from strategy.models import OrgUnit
from strategy.periods import thai_date

ABOUT = "kpitrack:about"  # in a hidden row, so that the sheet is known for ours
WIDTHS = (24, 34, 32, 34, 12, 9, 25)


def write_instructions(
    sheet: Worksheet, unit: OrgUnit, sheets: Sequence[PeriodSheet], *, made_by: str, address: str
) -> None:
    """Short lines that need no merged cells: each runs over the empty cells beside it."""
    sheet.title = _("คำแนะนำ")
    put(sheet.cell(1, 1), ABOUT)
    sheet.row_dimensions[1].hidden = True
    _line(sheet, 2, _("แบบกรอกผลงานตัวชี้วัดที่ค้างส่ง"), size=22)
    _line(sheet, 3, unit.name, size=18)
    _line(sheet, 4, _made(sheets, made_by))
    sheet.cell(4, 1).font = QUIET
    number = 6
    for text in [*_steps(address), *_rules()]:
        _line(sheet, number, text, bold=text in (_how(), _what()))
        number += 1
    _table(sheet, number + 1, sheets)
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    lay_out(sheet, unit.name)
    protect(sheet)


def _line(sheet: Worksheet, row: int, text: str, *, size: int | None = None, bold: bool = False) -> None:
    cell = sheet.cell(row, 1)
    put(cell, text)
    cell.font = font(bold=True, size=size) if size else BOLD if bold else PLAIN
    sheet.row_dimensions[row].height = height_of((), WIDTHS, size=size or FONT_SIZE)


def _made(sheets: Sequence[PeriodSheet], made_by: str) -> str:
    now = clock.now()
    facts = {"day": thai_date(clock.day_of(now), long=True), "time": f"{now:%H:%M}", "who": made_by}
    text = _("สร้างเมื่อ %(day)s เวลา %(time)s น. โดย %(who)s") % facts
    plans = dict.fromkeys(row.access.plan.name for sheet in sheets for row in sheet.rows)
    demo = [_("ข้อมูลสาธิต")] if clock.is_fixed() else []
    return " · ".join([*demo, text, *plans])


def _how() -> str:
    return _("ทำอย่างไร")


def _what() -> str:
    return _("กรอกอะไรได้")


def _steps(address: str) -> list[str]:
    return [
        _how(),
        _("1. เปิดแผ่นงานของงวดที่จะกรอก (ตารางข้างล่าง) กรอกเฉพาะช่องสีเหลือง ช่องอื่นล็อกไว้ ไม่ต้องต่ออินเทอร์เน็ต"),
        _("2. บันทึกไฟล์เป็น .xlsx ตามเดิม ไม่ต้องเปลี่ยนชื่อแผ่นงาน ไม่ต้องเพิ่มหรือลบแถว"),
        _("3. ส่งไฟล์ที่ %(address)s") % {"address": address},
        _("4. ระบบแสดงทุกช่องที่จะเปลี่ยนและทุกช่องที่ผิดก่อน แล้วจึงบันทึกทั้งหมดเมื่อท่านยืนยัน จากนั้นส่งผลงานที่หน้าของเดือนนั้น"),
        "",
    ]


def _rules() -> list[str]:
    return [
        _what(),
        _("• ช่องที่เว้นว่าง: ไม่เปลี่ยนค่าที่บันทึกไว้ในระบบ"),
        _("• ลบค่าที่บันทึกไว้แล้ว: พิมพ์คำว่า %(clear)s ในช่องนั้น (0 คือศูนย์ ไม่ใช่การลบ)") % {"clear": CLEAR},
        _("• ตัวเลข: ใช้เลขไทยหรือมีจุลภาคคั่นหลักพันได้ ทศนิยมไม่เกิน 4 ตำแหน่ง ไม่ต้องใส่หน่วยนับ"),
        _("• ช่องที่มีรายการให้เลือก: เลือกจากลูกศรข้างช่อง"),
        _("• ถ้ามีผู้อื่นบันทึกช่องเดียวกันหลังจากสร้างไฟล์นี้ ระบบจะแสดงทั้งสองค่าให้เลือก"),
    ]


def _table(sheet: Worksheet, row: int, sheets: Sequence[PeriodSheet]) -> None:
    titles = [_("แผ่นงาน"), _("งวด"), _("ช่วงวันที่"), _("กำหนดส่ง"), _("ตัวชี้วัด"), _("ช่อง"), _("มีค่าแล้ว (ก่อนดาวน์โหลด)")]
    for column, title in enumerate(titles, start=1):
        cell = sheet.cell(row, column)
        put(cell, title)
        cell.font, cell.fill, cell.border, cell.alignment = BOLD, HEAD_FILL, BOX, CENTRED
    sheet.row_dimensions[row].height = height_of(titles, WIDTHS)
    for number, period in enumerate(sheets, start=row + 1):
        _period(sheet, number, period)


def _period(sheet: Worksheet, number: int, period: PeriodSheet) -> None:
    cells = [(row, each) for row in period.rows for each in row.fields]
    filled = sum(bool(text_in(each, row.data)) for row, each in cells)
    due = period.due + (" " + _("เลยกำหนด") if all(row.access.due < clock.today() for row in period.rows) else "")
    counts = [Decimal(len(period.rows)), Decimal(len(cells)), Decimal(filled)]
    for column, value in enumerate([period.name, period.label, period.days, due, *counts], start=1):
        cell = sheet.cell(number, column)
        put(cell, value)
        cell.font, cell.border = PLAIN, BOX
        cell.alignment = RIGHT if isinstance(value, Decimal) else WRAPPED
    sheet.row_dimensions[number].height = height_of((period.name, period.label, period.days, due), WIDTHS)
    first = sheet.cell(number, 1)
    first.hyperlink = Hyperlink(ref=first.coordinate, location=f"{quote_sheetname(period.name)}!A1")
    first.font = font(link=True)
