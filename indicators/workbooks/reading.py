"""A filled workbook back into texts by row and item: what is no workbook of ours is told in a sentence.

Cells are found by the keys that travel in a hidden column, so that sheets may be renamed or put in another order
and rows be inserted; a number is never taken from a place that does not say by itself what it is of.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook

from indicators.uploads import (
    MEGABYTE,
    OLD_OFFICE,
    FileError,
    check_package,
    content_of,
    is_excel,
    is_locked_by_password,
    kind_of,
    number_text,
    reading_excel,
    text_of,
)
from indicators.workbooks.sheet import HEAD, INPUT, ITEM, KEY, KPI
from indicators.workbooks.stamp import MARK, Stamp
from strategy.models import OrgUnit

LARGEST, MOST_TAGS = 20 * MEGABYTE, 150_000  # unpacked; a workbook of ours has less than one, and some 10,000
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 60, 4000, 40
MARK_ROWS = 20  # the marks stand in the first row, or a little below where rows were inserted
MOST_NAMED = 8
# What a number format only writes beside the number: "…", and a sign after \\, _ or *.
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')
_KEY = re.compile(r"(\d{1,10}-\d{1,10}):(.{1,20})", re.ASCII)


@dataclass(frozen=True)
class Given:
    """One filled cell: of which row and item, where it stands, its text as it was and is; or why it cannot be read."""

    key: str
    code: str
    place: str
    base: str
    text: str
    problem: str = ""


@dataclass(frozen=True)
class Contents:
    """What a file says: whose it is, its filled cells, and what was left aside, told in sentences."""

    file_name: str
    made_by: str
    made_at: str
    versions: Mapping[str, int]  # the template's revision by row
    given: tuple[Given, ...]
    blank: int = 0
    untouched: tuple[Given, ...] = ()  # filled cells that stand as they were made
    notices: tuple[str, ...] = field(default_factory=tuple)
    same: int = 0  # more of them, which were found to be as saved before

    @property
    def rounds(self) -> set[int]:
        return {int(key.partition("-")[0]) for key in self.versions}


def read_workbook(file: UploadedFile | None, unit: OrgUnit) -> Contents:
    """A workbook of this unit. FileError says why it is none and what to do."""
    content = content_of(file, if_large=_("ไฟล์ใหญ่เกิน %(size)s MB ให้ดาวน์โหลดไฟล์จากหน้านี้อีกครั้ง แล้วกรอกในไฟล์นั้น"))
    _refuse_others(content)
    check_package(content, largest=LARGEST, most_tags=MOST_TAGS)
    with reading_excel():
        shown = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        typed = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        if len(shown.worksheets) > MOST_SHEETS:
            raise FileError(_("ไฟล์มีแผ่นงานมากเกินไป ให้ใช้ไฟล์ที่ดาวน์โหลดจากหน้านี้ และลบแผ่นงานที่เพิ่มเอง"))
        stamp = Stamp.of_lines(_stamp_lines(shown))
        stamp.check(unit)
        name = (file.name or "")[:100] if file else ""
        return _Reader(stamp, shown, typed).contents(name)


def _refuse_others(content: bytes) -> None:
    if is_locked_by_password(content):
        raise FileError(_("ไฟล์นี้ตั้งรหัสผ่านไว้ ให้เปิดใน Excel เอารหัสผ่านออก บันทึก แล้วเลือกไฟล์อีกครั้ง"))
    if content.startswith(OLD_OFFICE):
        raise FileError(_("ไฟล์นี้เป็น Excel รุ่นเก่า (.xls) ให้เปิดใน Excel แล้วบันทึกเป็น .xlsx"))
    if is_excel(content):
        return
    kind = kind_of(content)
    if kind == "CSV":
        raise FileError(_("ไฟล์นี้เป็นข้อความหรือ CSV แม้ชื่อจะลงท้ายด้วย .xlsx ให้เลือกไฟล์ .xlsx ที่ดาวน์โหลดจากหน้านี้"))
    if kind and kind != "ZIP":
        raise FileError(_("ไฟล์นี้เป็น %(kind)s ไม่ใช่ Excel (.xlsx) ให้เลือกไฟล์ .xlsx ที่ดาวน์โหลดจากหน้านี้") % {"kind": kind})
    raise FileError(_("ไฟล์นี้ไม่ใช่ Excel (.xlsx) หรือเสียหาย ให้เลือกไฟล์ .xlsx ที่ดาวน์โหลดจากหน้านี้"))


def _stamp_lines(book: Workbook) -> list[str]:
    for sheet in book.worksheets:
        lines: list[str] = []
        for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=1, values_only=True):
            if not row or not isinstance(row[0], str) or not (lines or row[0].startswith(f"{MARK} ")):
                break
            lines.append(row[0])
        if lines:
            return lines
    raise FileError(_("ไฟล์นี้ไม่ใช่ไฟล์ที่ดาวน์โหลดจากหน้านี้ ให้ดาวน์โหลดไฟล์จากหน้านี้ แล้วกรอกในไฟล์นั้น"))


@dataclass(frozen=True)
class _Columns:
    """Where on a sheet the marks are; columns count from 0."""

    key: int
    kpi: int
    item: int
    input: int

    @classmethod
    def found_in(cls, values: Iterable[Any]) -> "_Columns | None":
        """None where the row holds no marks, or not each of them once."""
        texts = list(values)
        if any(texts.count(mark) != 1 for mark in (KEY, KPI, ITEM, INPUT)):
            return None
        return cls(*(texts.index(mark) for mark in (KEY, KPI, ITEM, INPUT)))


class _Reader:
    """Goes through the sheets of both readings of a file: what cells show, and which of them are formulas."""

    def __init__(self, stamp: Stamp, shown: Workbook, typed: Workbook) -> None:
        self.stamp, self.shown, self.typed = stamp, shown, typed
        self.given: dict[tuple[str, str], Given] = {}
        self.seen: set[tuple[str, str]] = set()
        self.blank = 0
        self.strangers: list[str] = []  # filled cells in rows without a key
        self.foreign: list[str] = []  # sheets that somebody has added

    def contents(self, name: str) -> Contents:
        for shown, typed in zip(self.shown.worksheets, self.typed.worksheets, strict=True):
            self._sheet(shown, typed)
        touched, untouched = [], []
        for each in self.given.values():
            (touched if each.problem or each.text != each.base else untouched).append(each)
        stamp = self.stamp
        versions = {key: row.version for key, row in stamp.rows.items()}
        return Contents(
            name, stamp.made_by, stamp.made_at, versions, tuple(touched), self.blank, tuple(untouched),
            tuple(self._notices()),
        )  # fmt: skip

    def _sheet(self, shown: Any, typed: Any) -> None:
        columns: _Columns | None = None
        pairs = zip(_rows(shown), _rows(typed), strict=False)
        for number, (cells, formulas) in enumerate(pairs, start=1):
            if columns is not None:
                self._line(columns, number, shown.title, cells, formulas)
            elif number <= MARK_ROWS:
                columns = _Columns.found_in(cell.value for cell in cells)
            else:
                break
        if columns is None and self._is_foreign(shown):
            self.foreign.append(shown.title)

    @staticmethod
    def _is_foreign(sheet: Any) -> bool:
        """Somebody's own sheet with something in it; ours without cells to fill are the first and the hidden one."""
        texts = [str(cell.value) for row in islice(_rows(sheet), 50) for cell in row if cell.value is not None]
        return bool(texts) and not texts[0].startswith("kpitrack")

    def _line(self, columns: _Columns, number: int, title: str, cells: tuple, formulas: tuple) -> None:
        cell, formula = cells[columns.input], formulas[columns.input]
        place = f"{title}!{get_column_letter(columns.input + 1)}{number}"
        found = _KEY.fullmatch(str(cells[columns.key].value or ""))
        if found is None:
            if cell.value is not None and cells[columns.key].value != HEAD:
                self.strangers.append(place)
            return
        key, code = found.groups()
        known = self.stamp.rows.get(key)
        if known is None or code not in known.texts:
            self._add(Given(key, code, place, "", "", _("แถวนี้ไม่ใช่ของไฟล์ที่ดาวน์โหลด ให้ดาวน์โหลดไฟล์ใหม่แล้วกรอกในแถวเดิม")))
            return
        given = self._read(Given(key, code, place, known.texts[code], ""), cell, formula)
        codes = [text_of(cells[at].value) for at in (columns.kpi, columns.item)]
        if codes != [text_of(known.code), code] and given is not None:
            facts = {"kpi": known.code, "item": code}
            sentence = _("รหัสในแถวนี้ถูกแก้ไข เดิมคือ %(kpi)s รายการ %(item)s ให้ดาวน์โหลดไฟล์ใหม่แล้วกรอกในแถวเดิม") % facts
            given = Given(key, code, place, given.base, given.text, sentence)
        self._add(given, (key, code))

    @staticmethod
    def _read(given: Given, cell: Any, formula: Any) -> Given | None:
        """The cell with its text; None for an empty one."""
        try:
            text = cell_text(cell, is_formula=formula.data_type == "f")
        except UnreadableError as error:
            return Given(given.key, given.code, given.place, given.base, "", str(error))
        return Given(given.key, given.code, given.place, given.base, text) if text else None

    def _add(self, given: Given | None, pair: tuple[str, str] | None = None) -> None:
        pair = pair or (given.key, given.code) if given else pair
        if pair is None:
            return
        is_again = pair in self.seen
        self.seen.add(pair)
        if given is None:
            self.blank += not is_again
            return
        before = self.given.get(pair)
        if before is None:
            self.given[pair] = given
        elif (before.text, before.problem) != (given.text, given.problem):
            facts = {"first": before.place, "second": given.place}
            sentence = _("รายการเดียวกันมีสองที่ (%(first)s และ %(second)s) และค่าไม่ตรงกัน ให้ลบแผ่นงานหรือแถวที่ไม่ใช้") % facts
            self.given[pair] = Given(given.key, given.code, given.place, given.base, given.text, sentence)

    def _notices(self) -> Iterator[str]:
        missing = [
            f"{row.code} {code}"
            for key, row in self.stamp.rows.items()
            for code in row.texts
            if (key, code) not in self.seen
        ]
        if missing:
            facts = {"count": len(missing), "codes": _listed(missing)}
            yield _("ไม่มีในไฟล์แล้ว %(count)s แถว เพราะแผ่นงาน แถว หรือคอลัมน์ถูกลบ จึงไม่เปลี่ยน: %(codes)s") % facts
        if self.strangers:
            yield _("ไม่ได้อ่าน เพราะอยู่ในแถวที่เพิ่มเอง: %(cells)s") % {"cells": _listed(self.strangers)}
        if self.foreign:
            yield _("ไม่ได้อ่านแผ่นงานที่เพิ่มเอง: %(sheets)s") % {"sheets": _listed(self.foreign)}


def _listed(texts: Iterable[str]) -> str:
    found = list(dict.fromkeys(texts))
    return ", ".join(found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else "")


def _rows(sheet: Any) -> Iterator[tuple]:
    return sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)


# Single cells


class UnreadableError(ValueError):
    """What stands in a cell is no text of a person; the message is a Thai sentence."""


def cell_text(cell: Any, *, is_formula: bool = False) -> str:
    """What a cell shows, as a person would type it: 0.1 + 0.2 is 0.3, a percentage has its sign."""
    value = cell.value
    if value is None:
        if is_formula:
            raise UnreadableError(_("ช่องนี้เป็นสูตรที่ยังไม่มีผลลัพธ์ ให้พิมพ์ตัวเลขแทนสูตร หรือเปิดใน Excel แล้วบันทึกอีกครั้ง"))
        return ""
    if cell.data_type == "e":
        raise UnreadableError(_("ช่องนี้เป็นข้อผิดพลาด %(error)s ให้พิมพ์ตัวเลขแทน") % {"error": value})
    if isinstance(value, datetime | date | time | timedelta):
        sentence = _("Excel อ่านช่องนี้เป็นวันที่หรือเวลา ให้ล้างช่อง เปลี่ยนรูปแบบเซลล์เป็น “ทั่วไป” แล้วพิมพ์ตัวเลขใหม่")
        raise UnreadableError(sentence)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return text_of(value)


def _number(value: int | float, number_format: str) -> str:
    text = number_text(value)
    if "%" not in _LITERAL.sub("", number_format):
        return text
    shown = Decimal(text).scaleb(2)
    return f"{shown.normalize():f}%" if shown.is_finite() else text
