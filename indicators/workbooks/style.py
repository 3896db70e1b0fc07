"""How a workbook looks and prints, and how values get into its cells: texts as texts, numbers exactly."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from scoring.numbers import format_number

# What government offices have installed; elsewhere the spreadsheet takes another without serifs (family 2).
FONT_NAME, FONT_FAMILY, FONT_SIZE = "TH Sarabun New", 2, 15
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
LONGEST_TEXT = 32_000  # a cell holds 32,767 characters
LINE_HEIGHT, ROW_PADDING = 21, 4  # points
MARKS_A_WIDTH = 0.8  # characters that surely fit into one unit of width, words that move to the next line counted
MARGINS_CM = {"left": 1.2, "right": 1.2, "top": 1.3, "bottom": 1.5}
CM_PER_INCH = 2.54

_LINE = Side(style="thin", color="B8BEC4")
_STRONG = Side(style="medium", color="555555")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
BOX_OF_FIRST = Border(left=_LINE, right=_LINE, top=_STRONG, bottom=_LINE)
INPUT_FILL = PatternFill("solid", start_color="FFF8D6")
HEAD_FILL = PatternFill("solid", start_color="E9EDF1")
SHUT_FILL = PatternFill("solid", start_color="E4E6E8")
OPEN = Protection(locked=False)
LATE_TAB = "B3261E"


def font(*, bold: bool = False, size: int = FONT_SIZE, color: str | None = None, link: bool = False) -> Font:
    shade = "0B57A4" if link else color
    return Font(
        name=FONT_NAME, family=FONT_FAMILY, size=size, bold=bold, color=shade, underline="single" if link else None
    )


PLAIN, BOLD, QUIET = font(), font(bold=True), font(color="555555")
WRAPPED = Alignment(vertical="top", wrap_text=True)
RIGHT = Alignment(vertical="top", horizontal="right")
CENTRED = Alignment(vertical="center", horizontal="center", wrap_text=True)


def put(cell: Any, value: Decimal | str | None) -> None:
    """Write a number exactly, or a text that stays a text, also where it begins as a formula does."""
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        cell.value = format_number(value, thousands=False)
        cell.data_type = "n"
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
    cell.data_type = "s"
    if value.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def height_of(values: Iterable[Any], widths: Iterable[int], *, size: int = FONT_SIZE) -> float:
    """The height in points of a row in which all of these texts can be read.

    Not every spreadsheet makes a row higher by itself when it opens a file. Rather a little too high than cut.
    """
    lines = max(
        (_lines_of(str(value), width) for value, width in zip(values, widths, strict=False) if value), default=1
    )
    return lines * LINE_HEIGHT * size / FONT_SIZE + ROW_PADDING


def _lines_of(text: str, width: int) -> int:
    """Thai marks above and below take no room of their own."""
    room = width * MARKS_A_WIDTH
    seen = (sum(unicodedata.category(mark) != "Mn" for mark in line) for line in text.split("\n"))
    return sum(max(1, ceil(count / room)) for count in seen)


def protect(sheet: Worksheet) -> None:
    """Only cells that are open can be typed in; columns and rows may be made wider. There is no password."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def lay_out(sheet: Worksheet, footer: str) -> None:
    """A4 landscape, as wide as the page, with page numbers."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, size in MARGINS_CM.items():
        setattr(sheet.page_margins, side, size / CM_PER_INCH)
    sheet.oddFooter.left.text = footer.replace("&", "&&")
    sheet.oddFooter.right.text = "&P/&N"
