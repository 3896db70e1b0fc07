"""The workbook of what a unit owes: instructions, a sheet a period with cells to fill, and a hidden stamp."""

from io import BytesIO

from django.utils import translation
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from indicators.monthly.rows import UnitRows
from indicators.workbooks.earlier import earlier_of
from indicators.workbooks.instructions import write_instructions
from indicators.workbooks.periods import sheets_of
from indicators.workbooks.rules import Rulebook, WordLists
from indicators.workbooks.sheet import SheetWriter
from indicators.workbooks.stamp import STAMP_SHEET, Stamp
from indicators.workbooks.style import put
from strategy import clock


def file_name(found: UnitRows) -> str:
    return f"kpi-{slugify(found.unit.code) or found.unit.pk}-{clock.today():%Y%m%d}.xlsx"


def make_workbook(found: UnitRows, *, made_by: str, address: str) -> bytes:
    """All rows of the unit, pre-filled; `address` is where the file is sent. Thai, whatever language the page has."""
    with translation.override("th"):
        return _make(found, made_by, address)


def _make(found: UnitRows, made_by: str, address: str) -> bytes:
    book, earlier, sheets = Workbook(), earlier_of(found.rows), sheets_of(found.rows)
    book.properties.title, book.properties.creator = found.unit.name, "kpitrack"
    hidden = _stamp(book.create_sheet(STAMP_SHEET), Stamp.of_rows(found, made_by))
    lists = WordLists(hidden, STAMP_SHEET)
    for period in sheets:
        SheetWriter(book.create_sheet(period.name), period, earlier, Rulebook(lists)).write(found.unit.name)
    write_instructions(book.active, found.unit, sheets, made_by=made_by, address=address)
    book.move_sheet(hidden, len(sheets))
    book.security = WorkbookProtection(lockStructure=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _stamp(sheet: Worksheet, stamp: Stamp) -> Worksheet:
    for number, text in enumerate(stamp.lines(), start=1):
        put(sheet.cell(number, 1), text)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
    return sheet
