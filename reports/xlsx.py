"""One document to a workbook: a single sheet that prints like the paper form and calculates like a table.

All tables of a document share one grid: its columns end wherever a column of one of them ends, and a cell that
reaches over several grid columns is merged. A document with one table has therefore no merged cells in it.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.documents.model import (
    Align,
    Block,
    Cell,
    CheckList,
    Document,
    KeyValues,
    Lines,
    Orientation,
    Paragraph,
    Signature,
    Table,
)

FONT_NAME = "TH Sarabun New"  # what government offices have installed
FONT_SIZE = 16
PAGE_CHARACTERS = {Orientation.PORTRAIT: 92, Orientation.LANDSCAPE: 140}  # of the default width, at FONT_SIZE
LINE_HEIGHT = 24  # points
MARGINS_CM = {"left": 3, "right": 2, "top": 1.5, "bottom": 1.8}
SNAP = 2  # percent of the page: column ends nearer than this to each other become one
EXACT_DIGITS = 15  # a spreadsheet keeps no more significant digits
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
LEVEL_TINTS = ("DDC0BC", "E8CCBB", "FBEDDA", "FBF9EF", "E3EFF8", "BBCEE0")  # as in static/css/document.css
HEAD_TINT = "F1F3F5"
_THIN = Side(style="thin", color="555555")
_DOTTED = Side(style="dotted", color="555555")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def workbook_bytes(document: Document, *, demo: str = "") -> bytes:
    """The workbook file; `demo` is the word that marks made-up data, empty for real ones."""
    book = Workbook()
    book.properties.title = document.title
    book.properties.creator = "kpitrack"
    _Sheet(book.active, document, demo).write()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def number_format(value: Decimal, decimals: int | None, *, thai_digits: bool = False) -> str:
    """The spreadsheet format that shows `value` with `decimals` places (None: as many as it has)."""
    places = max(0, -int(value.normalize().as_tuple().exponent)) if decimals is None else decimals
    plain = "#,##0" + ("." + "0" * places if places else "")
    return f"[$-D00041E]{plain}" if thai_digits else plain


def grid_of(tables: Sequence[Table]) -> tuple[Decimal, ...]:
    """Where grid columns end, in percent of the page, rising to 100."""
    ends = sorted({end for table in tables for end in column_ends(table)} | {Decimal(100)})
    kept: list[Decimal] = []
    for end in ends:
        if kept and end - kept[-1] < SNAP:
            kept.pop()
        kept.append(end)
    return tuple(kept)


def column_ends(table: Table) -> list[Decimal]:
    """Where the columns of one table end, in percent of the page."""
    total, done, ends = sum(column.width for column in table.columns), 0, []
    for column in table.columns:
        done += column.width
        ends.append(Decimal(100 * done) / total)
    return ends


def grid_stops(table: Table, grid: Sequence[Decimal]) -> list[int]:
    """For each column of the table the number of the grid column (from 1) that it ends in; always rising."""
    stops: list[int] = []
    left = len(table.columns)
    for end in column_ends(table):
        left -= 1
        nearest = min(range(len(grid)), key=lambda at: abs(grid[at] - end)) + 1
        stops.append(max(stops[-1] + 1 if stops else 1, min(nearest, len(grid) - left)))
    return stops


def text_width(text: str) -> int:
    """How many places a text takes in its longest line; Thai marks above and below take none."""
    return max((sum(not unicodedata.combining(sign) and unicodedata.category(sign) != "Mn" for sign in line)
                for line in text.split("\n")), default=0)  # fmt: skip


class _Sheet:
    """Writes one document down a worksheet; `row` is the next free row."""

    def __init__(self, sheet: Worksheet, document: Document, demo: str):
        self.sheet, self.document, self.demo = sheet, document, demo
        self.grid = self._roomy_grid()
        self.widths = self._grid_widths()
        self.row = 1

    @property
    def last(self) -> int:
        return len(self.grid)

    def write(self) -> None:
        self._set_up()
        self._head()
        for section in self.document.sections:
            self._section(section.heading, section.blocks)
        self._signatures(self.document.signatures)
        if self.document.footer:
            self.row += 1
            self._line(self.document.footer, size=FONT_SIZE - 3)

    # The sheet as a whole

    def _roomy_grid(self) -> tuple[Decimal, ...]:
        tables = [table for table in self.document.tables if table.rows]
        grid = grid_of(tables) if tables else (Decimal(30), Decimal(50), Decimal(80), Decimal(100))
        most = max((len(table.columns) for table in tables), default=0)
        even = tuple(Decimal(100 * number) / most for number in range(1, most + 1)) if most else ()
        return grid if len(grid) >= most else even

    def _grid_widths(self) -> list[float]:
        characters, before, widths = PAGE_CHARACTERS[self.document.orientation], Decimal(0), []
        for end in self.grid:
            widths.append(max(4.0, round(float((end - before) * characters / 100), 1)))
            before = end
        return widths

    def _set_up(self) -> None:
        sheet, landscape = self.sheet, self.document.orientation is Orientation.LANDSCAPE
        sheet.title = _sheet_title(self.document.title)
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for side, centimetres in MARGINS_CM.items():
            setattr(sheet.page_margins, side, centimetres / 2.54)
        self._margin_texts()
        for number, width in enumerate(self.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width

    def _margin_texts(self) -> None:
        """What stands on every printed sheet. An empty part would be a header that no program can read."""
        self.sheet.oddFooter.right.text = gettext("หน้า") + " &P/&N"
        if self.document.footer:
            self.sheet.oddFooter.left.text = self.document.footer.replace("&", "&&")
        if self.demo:
            self.sheet.oddHeader.right.text = self.demo

    def _head(self) -> None:
        if self.demo:
            self._line(self.demo, bold=True, align=Align.RIGHT)
        self._line(self.document.title, bold=True, size=FONT_SIZE + 2, align=Align.CENTER)
        if self.document.subtitle:
            self._line(self.document.subtitle, bold=True, align=Align.CENTER)
        self._pairs(self.document.meta)

    def _section(self, heading: str, blocks: Iterable[Block]) -> None:
        self.row += 1
        if heading:
            self._line(heading, bold=True)
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._line(block.text, bold=block.bold, size=FONT_SIZE - 2 if block.small else FONT_SIZE)
            case KeyValues():
                self._pairs(block.pairs)
            case Table():
                self._table(block)
            case CheckList():
                for item in block.items:
                    self._line(f"[{'x' if item.checked else ' '}] {item.text}")
            case Lines():
                self._dotted(block)

    # What is not a table

    def _line(self, text: str, *, bold: bool = False, size: int = FONT_SIZE, align: Align = Align.LEFT) -> None:
        """One text over the whole width, as high as it needs."""
        self._put(self.row, 1, self.last, Cell(text, bold=bold, align=align), size=size)
        self._raise_row(self.row, [(text, 1, self.last)])
        self.row += 1

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        split = self._split_at(Decimal(30))
        for name, value in pairs:
            if split == self.last:
                self._line(f"{name}: {value}")
                continue
            self._put(self.row, 1, split, Cell(name, bold=True))
            self._put(self.row, split + 1, self.last, Cell(value))
            if not value:
                self._border(self.row, split + 1, self.last, Border(bottom=_DOTTED))
            self._raise_row(self.row, [(name, 1, split), (value, split + 1, self.last)])
            self.row += 1

    def _split_at(self, percent: Decimal) -> int:
        """The grid column that ends nearest to `percent` of the page."""
        return min(range(self.last), key=lambda at: abs(self.grid[at] - percent)) + 1

    def _dotted(self, block: Lines) -> None:
        if block.label:
            self._line(block.label)
        for _number in block.numbers:
            self._border(self.row, 1, self.last, Border(bottom=_DOTTED))
            self._merge(self.row, 1, self.row, self.last)
            self.sheet.row_dimensions[self.row].height = LINE_HEIGHT
            self.row += 1

    def _signatures(self, signatures: Iterable[Signature]) -> None:
        dots, sign, position, day = "." * 40, gettext("ลงชื่อ"), gettext("ตำแหน่ง"), gettext("วันที่")
        for signature in signatures:
            self.row += 1
            self._line(f"{sign} {dots} {signature.role}", align=Align.CENTER)
            self._line(f"({signature.name or dots})", align=Align.CENTER)
            self._line(signature.position or f"{position} {dots}", align=Align.CENTER)
            self._line(f"{day} {signature.date or dots}", align=Align.CENTER)

    # Tables

    def _table(self, table: Table) -> None:
        if not table.hide_caption:
            self._line(table.caption, bold=True)
        if not table.rows:
            self._line(table.empty)
            return
        stops = grid_stops(table, self.grid)
        first = self.row
        self._table_head(table, stops)
        if len([other for other in self.document.tables if other.rows]) == 1:
            self.sheet.freeze_panes = self.sheet.cell(self.row, 1)
            self.sheet.print_title_rows = f"{first}:{self.row - 1}"
        self._table_body(table, stops)

    def _table_head(self, table: Table, stops: Sequence[int]) -> None:
        taken: set[tuple[int, int]] = set()
        for line, head in enumerate(table.head):
            column = 0
            for cell in head:
                while (line, column) in taken:
                    column += 1
                text = f"{cell.text} ({cell.unit})" if cell.unit else cell.text
                shown = Cell(text, bold=True, align=Align.CENTER, colspan=cell.colspan, rowspan=cell.rowspan)
                taken |= {(line + 1, column)} if cell.rowspan > 1 else set()
                self._boxed(self.row + line, column, stops, shown, fill=HEAD_TINT)
                column += cell.colspan
        self.row += len(table.head)

    def _table_body(self, table: Table, stops: Sequence[int]) -> None:
        for number, column, cell in table.placed:
            row = table.rows[number]
            self._boxed(
                self.row + number,
                column,
                stops,
                cell,
                bold=row.bold or row.heading,
                align=cell.align or table.columns[column].align,
                fill=HEAD_TINT if row.heading else None,
            )
        self.row += len(table.rows)

    def _boxed(
        self,
        row: int,
        column: int,
        stops: Sequence[int],
        cell: Cell,
        *,
        bold: bool = False,
        align: Align = Align.CENTER,
        fill: str | None = None,
    ) -> None:
        """A table cell with its frame, tint and merging; `column` counts the table's columns from 0."""
        start = stops[column - 1] + 1 if column else 1
        stop = stops[column + cell.colspan - 1]
        for line in range(row, row + cell.rowspan):
            self._border(line, start, stop, _BOX)
        self._put(row, start, stop, cell, bold=bold, align=align, rows=cell.rowspan)
        tint = LEVEL_TINTS[cell.level] if cell.level is not None else fill
        if tint:
            self.sheet.cell(row, start).fill = PatternFill("solid", start_color=tint)
        self._spread_height(row, cell.rowspan, cell.text, start, stop)

    # Single cells

    def _put(
        self,
        row: int,
        start: int,
        stop: int,
        cell: Cell,
        *,
        bold: bool = False,
        align: Align = Align.LEFT,
        rows: int = 1,
        size: int = FONT_SIZE,
    ) -> None:
        target = self.sheet.cell(row, start)
        _set_value(target, cell, thai_digits=self.document.thai_digits)
        target.font = Font(name=FONT_NAME, size=size, bold=bold or cell.bold)
        target.alignment = Alignment(horizontal=cell.align or align, vertical="top", wrap_text=not cell.is_number)
        self._merge(row, start, row + rows - 1, stop)

    def _merge(self, row: int, start: int, last_row: int, stop: int) -> None:
        if (row, start) != (last_row, stop):
            self.sheet.merge_cells(start_row=row, start_column=start, end_row=last_row, end_column=stop)

    def _border(self, row: int, start: int, stop: int, border: Border) -> None:
        for column in range(start, stop + 1):
            self.sheet.cell(row, column).border = border

    def _spread_height(self, row: int, rows: int, text: str, start: int, stop: int) -> None:
        """Rows high enough for a text; over several rows each gets its share (merged cells do not grow)."""
        for line in range(row, row + rows):
            self._raise_row(line, [(text, start, stop)], share=rows)

    def _raise_row(self, row: int, texts: Iterable[tuple[str, int, int]], *, share: int = 1) -> None:
        lines = max(self._line_count(text, start, stop) for text, start, stop in texts)
        now = self.sheet.row_dimensions[row].height or 0
        self.sheet.row_dimensions[row].height = max(now, LINE_HEIGHT, math.ceil(LINE_HEIGHT * lines / share))

    def _line_count(self, text: str, start: int, stop: int) -> int:
        room = max(1.0, sum(self.widths[start - 1 : stop]) * 0.95)
        return sum(max(1, math.ceil(text_width(line) / room)) for line in text.split("\n"))


def _set_value(target: SheetCell, cell: Cell, *, thai_digits: bool) -> None:
    """A number as a number; a text always as a text, whatever sign it begins with (no formula gets in)."""
    if isinstance(cell.value, Decimal) and len(cell.value.normalize().as_tuple().digits) <= EXACT_DIGITS:
        target.value = cell.value
        target.number_format = number_format(cell.value, cell.decimals, thai_digits=thai_digits)
    elif not cell.is_empty:
        target.value = cell.text
        target.data_type = "s"
        target.number_format = "@"
        if cell.text.startswith(FORMULA_STARTS):
            target.quotePrefix = True


def _sheet_title(title: str) -> str:
    """A name that a sheet may have: 31 characters, none of []:*?/\\ and no quote at an end."""
    kept = "".join(" " if sign in "[]:*?/\\\n" else sign for sign in title)
    return kept[:31].strip().strip("'") or "kpitrack"
