"""A table out of an uploaded file, CSV or Excel, as texts: careful with what people and others may send."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from indicators.uploads import (
    OLD_OFFICE,
    ZIP,
    FileError,
    check_package,
    content_of,
    damaged,
    is_excel,
    kind_of,
    reading_excel,
    text_of,
)

__all__ = ["FileError", "Line", "read_lines", "text_of"]

MAX_ROWS = 5000
MAX_COLUMNS = 60
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Line:
    """One row of the file with its number as a spreadsheet counts."""

    number: int
    cells: tuple[str, ...]


def read_lines(file: UploadedFile | None) -> list[Line]:
    """The rows of the file that are not empty, the head first. FileError says why it cannot be read."""
    content = content_of(file)
    if content.startswith(OLD_OFFICE):
        raise FileError(_("ไฟล์ Excel นี้มีรหัสผ่านหรือเป็นรุ่นเก่า (.xls) ให้บันทึกใหม่เป็น .xlsx โดยไม่มีรหัสผ่าน หรือเป็น CSV"))
    rows = _excel_rows(content) if content.startswith(ZIP) else _csv_rows(content)
    found = [line for line in _numbered(rows) if any(line.cells)]
    if not found:
        raise FileError(_("ไฟล์ไม่มีข้อมูล"))
    return found


def _numbered(rows: Iterable[Iterable[Any]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        if number > MAX_ROWS + 1:
            raise FileError(_("ไฟล์มีเกิน %(limit)s แถว กรุณาแบ่งไฟล์") % {"limit": MAX_ROWS})
        yield Line(number, _cells(row))


def _cells(row: Iterable[Any]) -> tuple[str, ...]:
    """The cells as texts, without the empty ones at the end."""
    cells = [text_of(cell) for cell in row][:MAX_COLUMNS]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


# CSV


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise FileError(_("ไฟล์นี้ไม่ใช่ CSV หรือ Excel (.xlsx)"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        yield from reader
    except csv.Error as error:
        facts = {"line": reader.line_num, "why": error}
        raise FileError(_("อ่านบรรทัดที่ %(line)s ไม่ได้: %(why)s") % facts) from None


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 where the file says so or reads so, else Windows-874 (TIS-620), as Thai Excel saves CSV."""
    encoding = next((name for bom, name in BOMS.items() if content.startswith(bom)), "utf-8")
    for each in (encoding, "cp874"):
        try:
            return content.decode(each)
        except UnicodeDecodeError:
            continue
    raise FileError(_("อ่านตัวอักษรในไฟล์ไม่ได้ ใน Excel ให้บันทึกเป็น CSV UTF-8 หรือ .xlsx"))


def _delimiter(text: str) -> str:
    """The one that the head uses most."""
    head = text.lstrip().split("\n", 1)[0]
    return max(DELIMITERS, key=head.count)


# Excel


def _excel_rows(content: bytes) -> list[tuple[Any, ...]]:
    if not is_excel(content):
        raise FileError(_("ไฟล์นี้ไม่ใช่ CSV หรือ Excel (.xlsx)") if kind_of(content) else damaged())
    check_package(content)
    with reading_excel():
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return list(islice(book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True), MAX_ROWS + 2))
