"""A file for a grid: what it would change, cell by cell, with all that is wrong with it; and a file to start from."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from indicators.actions import range_errors
from indicators.grids.cells import Field, read, sentence_of, shown
from indicators.grids.reading import FileError, Line, read_lines
from indicators.grids.rows import Grid, GridRow
from scoring.numbers import from_thai_digits
from scoring.template import ItemKind

Numbers = Mapping[str, Decimal | None]
CODE, CODE_IN_THAI = "code", "รหัส"
YEAR = "fiscal_year"  # as the table of `manage.py score` has it; it must be the grid's
IGNORED = ("name", "ชื่อ", "ชื่อหน่วยงาน", "ตัวชี้วัด", "target", "เป้าหมาย")  # columns that only help people

__all__ = ["FileError", "Upload", "file_name", "template_file"]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where in the file."""

    place: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """One cell: what is saved, and what the file has."""

    field: Field
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Upload:
    """What a file would do to a grid. `changes` are the numbers by row key that differ from what is saved."""

    grid: Grid
    changes: Mapping[str, Numbers]
    locks: Mapping[str, int]
    errors: tuple[Fault, ...] = ()
    same: int = 0  # rows that change nothing
    given: Mapping[str, Numbers] = field(default_factory=dict)  # all that the file has, changed or not

    @classmethod
    def of_file(cls, grid: Grid, file: UploadedFile | None) -> "Upload":
        """Read a file against the grid. FileError where it is no table at all."""
        reader = _Reader(grid, read_lines(file))
        changes = {key: _changed(grid, key, numbers) for key, numbers in reader.numbers.items()}
        changes = {key: numbers for key, numbers in changes.items() if numbers}
        locks = {key: _row(grid, key).lock for key in changes}
        same = len(reader.numbers) - len(changes)
        return cls(grid, changes, locks, tuple(reader.faults), same, reader.numbers)

    @classmethod
    def of_changes(cls, grid: Grid, text: str) -> "Upload":
        """What a preview carried along, checked again. FileError where somebody has meddled with it."""
        try:
            raw = json.loads(text)
            changes = {str(key): _as_numbers(pair[1]) for key, pair in raw.items()}
            locks = {str(key): int(pair[0]) for key, pair in raw.items()}
        except (ValueError, TypeError, AttributeError, LookupError, InvalidOperation, RecursionError):
            raise FileError(_("ข้อมูลที่ตรวจไว้ส่งมาไม่ครบ กรุณาเลือกไฟล์อีกครั้ง")) from None
        return cls(grid, changes, locks, tuple(_checked(grid, changes)))

    @property
    def as_text(self) -> str:
        """The changes for the form that applies them: exact numbers as text."""
        return json.dumps({key: [self.locks[key], _as_text(numbers)] for key, numbers in self.changes.items()})

    @cached_property
    def columns(self) -> list[str]:
        return [field.code for field in _fields(self.grid)]

    @property
    def lines(self) -> list[tuple[GridRow, list[Change | None]]]:
        """Each row that changes, with its cells in the order of the columns."""
        found = []
        for row in self.grid.rows:
            if row.key in self.changes:
                found.append((row, [self._change(row, code) for code in self.columns]))
        return found

    def _change(self, row: GridRow, code: str) -> Change | None:
        field = next((each for each in row.fields if each.code == code), None)
        if field is None:
            return None
        before = row.data.get(code)
        after = self.changes[row.key].get(code, before)
        return Change(field, shown(field, before), shown(field, after))

    def refused(self, reasons: Mapping[str, str]) -> "Upload":
        """The same with what kept it from being written."""
        faults = [Fault(_name(self.grid, key), reason) for key, reason in reasons.items()]
        return replace(self, errors=(*self.errors, *faults))


def _row(grid: Grid, key: str) -> GridRow:
    row = grid.row(key)
    if row is None:
        raise FileError(_("ไม่พบบางรายการในตารางแล้ว กรุณาเลือกไฟล์อีกครั้ง"))
    return row


def _name(grid: Grid, key: str) -> str:
    row = grid.row(key)
    return f"{row.code} {row.name}" if row else key


def _as_text(numbers: Numbers) -> dict[str, str | None]:
    return {code: None if number is None else str(number) for code, number in numbers.items()}


def _as_numbers(raw: Mapping[str, Any]) -> dict[str, Decimal | None]:
    numbers = {str(code): None if value is None else Decimal(str(value)) for code, value in raw.items()}
    if not all(number is None or number.is_finite() for number in numbers.values()):
        raise ValueError("not a number")
    return numbers


def _changed(grid: Grid, key: str, numbers: Numbers) -> dict[str, Decimal | None]:
    saved = _row(grid, key).data
    return {code: number for code, number in numbers.items() if saved.get(code) != number}


def _checked(grid: Grid, changes: Mapping[str, Numbers]) -> Iterator[Fault]:
    for key, numbers in changes.items():
        row = _row(grid, key)
        codes = {field.code for field in row.fields}
        errors = range_errors(row.template, numbers)
        errors |= {code: _("ไม่มีรายการข้อมูลนี้") for code in numbers if code not in codes}
        yield from (Fault(f"{row.code} {code}", sentence) for code, sentence in errors.items())


# Reading


class _Reader:
    """Takes the lines of a file apart against the rows of the grid; collects everything that is wrong."""

    def __init__(self, grid: Grid, lines: list[Line]) -> None:
        self.grid = grid
        self.faults: list[Fault] = []
        self.numbers: dict[str, dict[str, Decimal | None]] = {}
        self.places: dict[str, int] = {}
        self.names = _row_names(grid)
        head, *body = lines
        columns = self._columns(head)
        if not body:
            raise FileError(_("ไฟล์มีแต่หัวตาราง ไม่มีแถวข้อมูล"))
        for line in body:
            self._line(line, columns)

    def _columns(self, head: Line) -> dict[int, str]:
        """Place to item code; `code` is at place -1. FileError where the head is not one."""
        plain = [CODE if cell.strip() == CODE_IN_THAI else cell.strip().casefold() for cell in head.cells]
        if CODE not in plain:
            facts = {"found": ", ".join(cell[:40] for cell in head.cells[:10] if cell) or _("ว่าง")}
            raise FileError(_("หัวตารางขาดคอลัมน์ code (ที่พบ: %(found)s)") % facts)
        self.code_place = plain.index(CODE)
        self.year_place = plain.index(YEAR) if YEAR in plain else None
        known = {field.code.casefold(): field.code for field in _fields(self.grid)}
        columns = {place: known[cell] for place, cell in enumerate(plain) if cell in known}
        self._check_head(head, plain, columns, known)
        return columns

    def _check_head(self, head: Line, plain: list[str], columns: Mapping[int, str], known: Mapping[str, str]) -> None:
        twice = sorted({cell for cell in plain if cell and plain.count(cell) > 1 and (cell in known or cell == CODE)})
        if twice:
            raise FileError(_("หัวตารางมีคอลัมน์ซ้ำ: %(names)s") % {"names": ", ".join(twice)})
        missing = [code for code in known.values() if code not in columns.values()]
        if not columns or (missing and self.grid.is_across):
            raise FileError(_("หัวตารางขาดคอลัมน์ %(names)s") % {"names": ", ".join(missing)})
        for cell in head.cells:
            if cell and cell.strip().casefold() not in (CODE, CODE_IN_THAI, YEAR, *IGNORED, *known):
                facts = {"known": ", ".join(known.values())}
                self._fault(head, cell[:40], _("ไม่รู้จักคอลัมน์นี้ ที่ใช้ได้: %(known)s") % facts)

    def _fault(self, line: Line, column: str, sentence: str) -> None:
        place = _("แถว %(row)s") % {"row": line.number}
        self.faults.append(Fault(f"{place} · {column}" if column else place, sentence))

    def _line(self, line: Line, columns: Mapping[int, str]) -> None:
        code = self._cell(line, self.code_place)
        texts = {name: self._cell(line, place) for place, name in columns.items()}
        if not code:
            if any(texts.values()):
                self._fault(line, CODE, _("ไม่มีรหัส"))
            return
        year = from_thai_digits(self._cell(line, self.year_place)) if self.year_place is not None else ""
        if year and year != str(self.grid.year):
            facts = {"typed": year[:40], "year": self.grid.year}
            self._fault(line, YEAR, _("ปีงบประมาณ %(typed)s ไม่ใช่ปีของตารางนี้ (%(year)s)") % facts)
            return
        row = self._find(line, code)
        if row is None:
            return
        if row.key in self.places:
            facts = {"code": code[:40], "row": self.places[row.key]}
            self._fault(line, CODE, _("รหัส %(code)s ซ้ำกับแถว %(row)s") % facts)
            return
        self.places[row.key] = line.number
        self._read(line, row, texts)

    @staticmethod
    def _cell(line: Line, place: int) -> str:
        return line.cells[place].strip() if place < len(line.cells) else ""

    def _find(self, line: Line, code: str) -> GridRow | None:
        plain = from_thai_digits(code).casefold()
        row = self.names.get(plain) or self.names.get(plain.zfill(5))
        if row is None:
            self._fault(line, CODE, _("ไม่รู้จักรหัส “%(code)s” ในตารางนี้") % {"code": code[:40]})
        return row

    def _read(self, line: Line, row: GridRow, texts: Mapping[str, str]) -> None:
        """The cells that are filled; an empty one changes nothing."""
        numbers: dict[str, Decimal | None] = {}
        fields = {each.code: each for each in row.fields}
        for code, text in texts.items():
            if not text:
                continue
            if code not in fields:
                self._fault(line, code, _("%(row)s ไม่มีรายการข้อมูล %(code)s") % {"row": row.code, "code": code})
                continue
            try:
                numbers[code] = read(row.template, fields[code], text)
            except ValidationError as error:
                self._fault(line, code, sentence_of(error))
        for code, sentence in range_errors(row.template, numbers).items():
            self._fault(line, code, sentence)
            numbers.pop(code, None)
        if numbers and not row.access.may_enter and any(row.data.get(code) != n for code, n in numbers.items()):
            self._fault(line, CODE, _locked(row))
        elif numbers:
            self.numbers[row.key] = numbers


def _locked(row: GridRow) -> str:
    facts = {"row": row.name, "status": row.result.get_status_display() if row.result else ""}
    if row.result is not None and row.access.is_own:
        return _("แก้ไข %(row)s ไม่ได้ สถานะคือ “%(status)s”") % facts
    return _("ท่านไม่ได้เป็นผู้บันทึกของ %(row)s") % facts


def _fields(grid: Grid) -> list[Field]:
    """Every data item of the grid once, in the order in which they first come."""
    found: dict[str, Field] = {}
    for row in grid.rows:
        for each in row.fields:
            found.setdefault(each.code, each)
    return list(found.values())


def _row_names(grid: Grid) -> dict[str, GridRow]:
    """What a row may be called in the column `code`: a unit's codes, or the sub-indicator's, long or short."""
    found: dict[str, GridRow] = {}
    short: dict[str, list[GridRow]] = {}
    for row in grid.rows:
        for name in _names_of(row):
            found[name.casefold()] = row
        if not row.is_across and row.code.endswith(")"):
            short.setdefault(row.code.rsplit("(", 1)[1][:-1].casefold(), []).append(row)
    return {name: rows[0] for name, rows in short.items() if len(rows) == 1} | found


def _names_of(row: GridRow) -> Iterable[str]:
    if not row.is_across:
        return (row.code,)
    unit = row.access.measured_unit
    return tuple(filter(None, (unit.code, unit.ministry_code)))


# A file to start from


def file_name(grid: Grid) -> str:
    return f"{slugify(grid.indicator.code) or 'grid'}-{grid.year}-{grid.number}.xlsx"


def template_file(grid: Grid) -> bytes:
    """A workbook with one line a row, and in it what is saved."""
    book = Workbook()
    sheet = book.active
    sheet.title = "data"
    fields = _fields(grid)
    _write(sheet, 1, [CODE, "name", *(each.code for each in fields)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(grid.rows, start=2):
        own = {each.code: each for each in row.fields}
        cells = [_as_cell(own.get(each.code), row) for each in fields]
        _write(sheet, number, [row.code, row.name, *cells])
    sheet.freeze_panes = "C2"
    for place, width in enumerate([18, 60, *([14] * len(fields))], start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    _write_items(book.create_sheet("items"), fields)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_items(sheet: Any, fields: Iterable[Field]) -> None:
    """What the columns are, and which words a choice has."""
    _write(sheet, 1, [CODE, _("รายการข้อมูล"), _("หน่วยนับ"), _("ที่ใส่ได้")])
    for number, each in enumerate(fields, start=2):
        words = ", ".join(word for word, _shown in each.options)
        _write(sheet, number, [each.code, each.name, each.unit, "0, 1" if each.kind is ItemKind.TICK else words])
    sheet.column_dimensions["B"].width = 60


def _as_cell(field: Field | None, row: GridRow) -> Decimal | str | None:
    if field is None:
        return None
    value = row.data.get(field.code)
    return shown(field, value) if field.kind is ItemKind.CHOICE and value is not None else value


def _write(sheet: Any, number: int, values: list[Any]) -> None:
    """A line of cells; a text is a text, also where it begins as a formula does."""
    for place, value in enumerate(values, start=1):
        cell = sheet.cell(row=number, column=place, value=value)
        if isinstance(value, str):
            cell.data_type = "s"
