"""A table out of an uploaded file, CSV or Excel, as texts: careful with what people and others may send."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_UNPACKED = 60 * 1024 * 1024  # an Excel file is a zip: a small one may unfold into a great one
LONGEST_CELL = 500
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and every Excel file with a password
ZIP = b"PK\x03\x04"
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
DELIMITERS = ",;\t"


class FileError(Exception):
    """The file cannot be read as a table; `message` is a Thai sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Line:
    """One row of the file with its number as a spreadsheet counts."""

    number: int
    cells: tuple[str, ...]


def read_lines(file: UploadedFile | None) -> list[Line]:
    """The rows of the file that are not empty, the head first. FileError says why it cannot be read."""
    if file is None:
        raise FileError(_("ยังไม่ได้เลือกไฟล์"))
    if (file.size or 0) > MAX_BYTES:
        raise FileError(_("ไฟล์ใหญ่เกิน %(size)s MB กรุณาแบ่งไฟล์หรือลบแผ่นงานที่ไม่ใช้") % {"size": MAX_BYTES // 1024**2})
    content = file.read()
    if not content.strip():
        raise FileError(_("ไฟล์ว่างเปล่า"))
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


def text_of(cell: Any) -> str:
    """A cell as people typed it: a number without the tail of binary fractions, a day as it cannot be a number."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell).strip()[:LONGEST_CELL]


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

# What zipfile, the XML reader and openpyxl raise at a file that is not what it says.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, NotImplementedError, RuntimeError, EOFError),
    *(LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError),
)


def _damaged() -> str:
    return _("ไฟล์ Excel นี้เสียหรืออ่านไม่ได้ ให้เปิดใน Excel แล้วบันทึกใหม่เป็น .xlsx")


def _excel_rows(content: bytes) -> Iterator[tuple[Any, ...]]:
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    except DAMAGED as error:
        raise FileError(_damaged()) from error


def _check_package(content: bytes) -> None:
    """Refuse what is no workbook, has macros, unfolds into something huge, or brings definitions of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            _check_members(members)
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and _has_doctype(package, member):
                    raise FileError(_("ไฟล์ Excel นี้มีส่วนที่ไม่ปลอดภัย จึงไม่อ่าน"))
    except DAMAGED:
        raise FileError(_damaged()) from None


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise FileError(_("ไฟล์นี้ไม่ใช่ CSV หรือ Excel (.xlsx)"))
    if any("vbaProject" in name for name in names):
        raise FileError(_("ไฟล์ Excel นี้มีมาโคร ให้บันทึกใหม่เป็น .xlsx ที่ไม่มีมาโคร"))
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise FileError(_("ไฟล์ Excel นี้ขยายแล้วใหญ่เกินไป กรุณาลบแผ่นงานและรูปที่ไม่ใช้"))


def _has_doctype(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with package.open(member) as part:
        return b"<!DOCTYPE" in part.read(2048)
