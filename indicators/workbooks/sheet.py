"""One sheet of a workbook: the KPIs of a period, a line for each data item, with the cell to fill in."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indicators.grids.cells import Field
from indicators.grids.rows import GridRow
from indicators.workbooks import style
from indicators.workbooks.cells import LEFT_OUT, is_left_out, remark_of, text_in
from indicators.workbooks.earlier import Earlier
from indicators.workbooks.periods import PeriodSheet
from indicators.workbooks.rules import Rule, Rulebook
from indicators.workbooks.style import put
from scoring.template import ItemKind
from strategy import clock
from strategy.periods import thai_date

MARK_ROW, TITLE_ROW, HINT_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3, 4, 5
# The columns by the marks that a hidden row holds, so that they are found again wherever they have been moved to.
KEY, KPI, ITEM, INPUT = "kpitrack:key", "kpitrack:kpi", "kpitrack:item", "kpitrack:input"
HEAD = "kpitrack:head"  # stands in place of a key where the titles are
COLUMNS = (KPI, "name", ITEM, "item_name", "unit", "last", INPUT, "remark", KEY)
WIDTHS = (13, 46, 9, 37, 11, 14, 17, 26, 12)
LAST_COLUMN, INPUT_COLUMN, KEY_COLUMN = COLUMNS.index("last") + 1, COLUMNS.index(INPUT) + 1, COLUMNS.index(KEY) + 1


class SheetWriter:
    """One period: a line for each data item, KPI after KPI."""

    def __init__(self, sheet: Worksheet, period: PeriodSheet, earlier: Mapping[str, Earlier], rules: Rulebook) -> None:
        self.sheet, self.period, self.earlier, self.rules = sheet, period, earlier, rules
        self.number = FIRST_ROW
        self.first_input = ""

    def write(self, unit: str) -> None:
        self._head(unit)
        for row in self.period.rows:
            self._row(row)
        for check in self.rules.checks:
            self.sheet.add_data_validation(check)
        self._set_up(unit)

    # Around the lines

    def _head(self, unit: str) -> None:
        for column, mark in enumerate(COLUMNS, start=1):
            put(self.sheet.cell(MARK_ROW, column), mark)
        self._text(TITLE_ROW, f"{unit} · {self.period.label}", size=20)
        facts = {"days": self.period.days, "due": self.period.due}
        self._text(HINT_ROW, _("%(days)s · กำหนดส่ง %(due)s · กรอกเฉพาะช่องสีเหลือง ช่องที่เว้นว่างไม่เปลี่ยนค่าที่บันทึกไว้") % facts)
        for column, title in enumerate(self._titles(), start=1):
            cell = self.sheet.cell(HEAD_ROW, column)
            put(cell, title)
            cell.font, cell.alignment, cell.fill, cell.border = style.BOLD, style.CENTRED, style.HEAD_FILL, style.BOX

        put(self.sheet.cell(HEAD_ROW, KEY_COLUMN), HEAD)
        self.sheet.row_dimensions[HEAD_ROW].height = style.height_of(self._titles(), WIDTHS)

    def _text(self, row: int, text: str, *, size: int | None = None) -> None:
        cell = self.sheet.cell(row, 1)
        put(cell, text)
        cell.font = style.font(bold=True, size=size) if size else style.QUIET
        self.sheet.row_dimensions[row].height = style.height_of((), WIDTHS, size=size or style.FONT_SIZE)

    def _titles(self) -> list[str]:
        labels = {self.earlier[row.key].label for row in self.period.rows if row.key in self.earlier}
        last = _("งวดก่อน") + (f"\n{labels.pop()}" if len(labels) == 1 else "")
        return [
            _("ตัวชี้วัด"), _("ชื่อตัวชี้วัด"), _("รายการ"), _("รายการข้อมูล"), _("หน่วยนับ"), last, _("กรอกที่นี่"),
            _("ที่กรอกได้"),
        ]  # fmt: skip

    def _set_up(self, unit: str) -> None:
        sheet = self.sheet
        for column, width in enumerate(WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.column_dimensions[get_column_letter(KEY_COLUMN)].hidden = True
        sheet.row_dimensions[MARK_ROW].hidden = True
        sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)
        style.lay_out(sheet, f"{unit} · {self.period.label}")
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
        sheet.print_area = f"A{TITLE_ROW}:{get_column_letter(KEY_COLUMN - 1)}{max(self.number - 1, FIRST_ROW)}"
        if any(row.access.due < clock.today() for row in self.period.rows):
            sheet.sheet_properties.tabColor = style.LATE_TAB
        for selection in sheet.sheet_view.selection:
            selection.activeCell = selection.sqref = self.first_input or "A1"
        style.protect(sheet)

    # The lines

    def _row(self, row: GridRow) -> None:
        group = ""
        is_first = True
        for each in row.fields:
            if each.item is not None and each.item.group != group:
                group = each.item.group
                is_first = self._group(row, group, is_first)
            self._line(row, each, is_first)
            is_first = False

    def _group(self, row: GridRow, code: str, is_first: bool) -> bool:
        """The heading of a checklist's group; whether the KPI's name still has to be said."""
        found = next((group for group in row.template.groups if group.code == code), None)
        if found is None:
            return is_first
        name = row.name if is_first else None
        self._cells([row.code if is_first else None, name, None, found.name], is_first, bold=True)
        return False

    def _line(self, row: GridRow, each: Field, is_first: bool) -> None:
        last = self.earlier.get(row.key)
        texts = [row.code, row.name if is_first else None, each.code, each.name, each.unit]
        number = self.number
        self._cells(
            [*texts, _value(each, last.data) if last else None, None, self._remark(row, each, is_first)], is_first
        )
        self.sheet.cell(number, LAST_COLUMN).alignment = style.RIGHT
        self._input(number, row, each)

    def _cells(self, values: Iterable[Decimal | str | None], is_first: bool, *, bold: bool = False) -> None:
        """One line of the sheet with its frame; the first of a KPI has a strong line above it."""
        shown = [*values, *([None] * KEY_COLUMN)][: KEY_COLUMN - 1]
        for column, value in enumerate(shown, start=1):
            cell = self.sheet.cell(self.number, column)
            put(cell, value)
            cell.font, cell.alignment = style.BOLD if bold else style.PLAIN, style.WRAPPED
            cell.border = style.BOX_OF_FIRST if is_first else style.BOX
            if isinstance(value, Decimal):
                cell.number_format = _grouped(value)
        self.sheet.row_dimensions[self.number].height = style.height_of(shown, WIDTHS)
        self.number += 1

    def _input(self, number: int, row: GridRow, each: Field) -> None:
        cell = self.sheet.cell(number, INPUT_COLUMN)
        cell.font, cell.alignment = style.font(bold=True), style.RIGHT
        if is_left_out(row):
            put(cell, LEFT_OUT)
            cell.fill = style.SHUT_FILL
            return
        put(cell, _value(each, row.data))
        cell.fill, cell.protection = style.INPUT_FILL, style.OPEN
        self.rules.add(Rule.of(each, text_in(each, row.data)), cell.coordinate)
        self.first_input = self.first_input or cell.coordinate
        put(self.sheet.cell(number, KEY_COLUMN), f"{row.key}:{each.code}")

    def _remark(self, row: GridRow, each: Field, is_first: bool) -> str:
        if is_left_out(row):
            return _("ทั้งรายการทำเครื่องหมายว่าไม่เกี่ยวข้องไว้ แก้ได้ที่หน้าบันทึกผล") if is_first else ""
        parts = [remark_of(row, each)]
        if is_first and self.period.has_several_due_days:
            parts.append(_("กำหนดส่ง %(day)s") % {"day": thai_date(row.access.due)})
        if is_first and row.comeback:
            parts.append(_("ส่งกลับ: %(reason)s") % {"reason": row.comeback.reason})
        return " · ".join(parts)


def _value(each: Field, data: Mapping[str, Decimal | None]) -> Decimal | str | None:
    """A number as a number, words and ticks as texts."""
    text = text_in(each, data)
    is_number = each.item is not None and each.kind in (ItemKind.NUMBER, ItemKind.POINTS)
    return data[each.code] if is_number and text and text != LEFT_OUT else text


def _grouped(number: Decimal) -> str:
    """Groups of three, with as many decimals as there are."""
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return "#,##0" + ("." + "0" * places if places else "")
