"""Files that people upload: what is refused before anything of it is read, and cells as texts. Careful with both."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_UNPACKED = 60 * MEGABYTE  # an Excel file is a zip: a small one may unfold into a great one
MAX_MEMBERS = 2000
MAX_TAGS = 600_000  # of all parts together: many tiny ones are small in bytes and long to read
LONGEST_CELL = 500
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and every Excel file with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what is inside of one with a password
ZIP = b"PK\x03\x04"
SIGNIFICANT_DIGITS = 15  # a spreadsheet shows and keeps no more
LARGEST_EXPONENT = 30  # beyond it a number stays as the computer writes it, 1e+300
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # a spreadsheet packs its parts in no other way
DOCTYPE = b"<!DOCTYPE"  # of a part that brings definitions of its own
ENCODINGS = {
    b"utf-8",
    b"utf8",
    b"utf-16",
    b"us-ascii",
    b"ascii",
    b"iso-8859-1",
    b"windows-1252",
    b"windows-874",
    b"tis-620",
}
LONGEST_FORMAT = 255  # characters of a number format; the reader's time grows with the square of it
MOST_COPYING = 2_000_000  # characters of formulas that are written once for many cells: the reader rewrites each
# Sheets of Excel 4.0 macros and modules of newer ones, by the part's name and by what the package says of it.
MACROS = re.compile(r"vbaproject|(^|/)(intl)?macrosheets?/", re.IGNORECASE)
MACRO_TYPES = re.compile(rb"vbaproject|macrosheet", re.IGNORECASE)
TYPES = "[content_types].xml"
# What zipfile, the XML reader and openpyxl raise at a file that is not what it says.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, NotImplementedError, RuntimeError, EOFError),
    *(LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError, AssertionError, MemoryError),
    *(ArithmeticError, struct.error),
)
# How other programs' files begin, which somebody has called .xlsx.
STARTS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
)
PARTS = (
    ("word/", "Word"),
    ("ppt/", "PowerPoint"),
    ("xl/workbook.bin", "Excel (.xlsb)"),
    ("content.xml", "OpenDocument"),
)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']*)")
_FORMAT = re.compile(rb"formatCode\s*=\s*(\"[^\"]*|'[^']*)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f\b.*?</", re.DOTALL)
_SHARED = re.compile(rb"=\s*[\"']shared")
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1a\x1c-\x1f]*", re.DOTALL)


class FileError(Exception):
    """The file cannot be read; `message` is a Thai sentence that says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def content_of(file: UploadedFile | None, *, if_large: str = "") -> bytes:
    """What is in the file. FileError where there is none, nothing in it, or far too much to be read at all.

    `if_large` is what to do about a large one, where that is not to divide it.
    """
    if file is None:
        raise FileError(_("ยังไม่ได้เลือกไฟล์"))
    if (file.size or 0) > MAX_BYTES:
        sentence = if_large or _("ไฟล์ใหญ่เกิน %(size)s MB กรุณาแบ่งไฟล์หรือลบแผ่นงานที่ไม่ใช้")
        raise FileError(sentence % {"size": MAX_BYTES // MEGABYTE})
    if getattr(file, "is_lost", False):
        raise FileError(_("รับไฟล์ไว้ไม่ได้ในขณะนี้ เพราะที่พักไฟล์ของระบบเต็ม กรุณาแจ้งผู้ดูแลระบบ แล้วลองใหม่"))
    content = file.read()
    if not content.strip():
        raise FileError(_("ไฟล์ว่างเปล่า"))
    return content


def is_locked_by_password(content: bytes) -> bool:
    return content.startswith(OLD_OFFICE) and ENCRYPTED in content


def kind_of(content: bytes) -> str:
    """What a file that is no Excel package seems to be, by its content: "PDF", "CSV", "HTML"; empty where unknown."""
    for start, name in STARTS:
        if content.startswith(start):
            return name
    if content.startswith(ZIP):
        return _kind_of_package(content)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return "HTML"
    is_text = content.startswith((b"\xff\xfe", b"\xfe\xff")) or _TEXT.fullmatch(content[:4096])
    return "CSV" if is_text else ""


def _kind_of_package(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
    except DAMAGED:
        return ""
    return next((kind for part, kind in PARTS if any(name.startswith(part) for name in names)), "ZIP")


def is_excel(content: bytes) -> bool:
    """Whether it is a package with a workbook in it, whatever else is wrong with it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return "xl/workbook.xml" in package.namelist()
    except DAMAGED:
        return False


def damaged() -> str:
    return _("ไฟล์ Excel นี้เสียหรืออ่านไม่ได้ ให้เปิดใน Excel แล้วบันทึกใหม่เป็น .xlsx")


@contextmanager
def reading_excel() -> Iterator[None]:
    """Whatever the readers raise at a damaged file is a FileError; what they mutter about is kept quiet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except DAMAGED as error:
        raise FileError(damaged()) from error


def check_package(content: bytes, *, largest: int = MAX_UNPACKED, most_tags: int = MAX_TAGS) -> None:
    """Refuse a workbook that has macros, unfolds into something huge, or brings definitions of its own."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            members = package.infolist()
            if any(MACROS.search(member.filename.replace("\\", "/")) for member in members):
                raise FileError(_has_macros())
            if len(members) > MAX_MEMBERS:
                raise FileError(_("ไฟล์ Excel นี้มีแผ่นงานหรือรูปมากเกินไป กรุณาลบที่ไม่ใช้"))
            if sum(member.file_size for member in members) > largest:
                raise FileError(_too_large())
            if any(member.compress_type not in PACKINGS for member in members):
                raise FileError(damaged())
            _check_parts(package, members, most_tags)
    except DAMAGED:
        raise FileError(damaged()) from None


def _has_macros() -> str:
    return _("ไฟล์ Excel นี้มีมาโคร ให้บันทึกใหม่เป็น .xlsx ที่ไม่มีมาโคร")


def _too_large() -> str:
    return _("ไฟล์ Excel นี้ขยายแล้วใหญ่เกินไป ให้ดาวน์โหลดไฟล์ใหม่จากหน้านี้ แล้วคัดลอกเฉพาะตัวเลขไปใส่")


def _check_parts(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], most_tags: int) -> None:
    """All of them: the package itself says which are read as XML, whatever they are called."""
    tags = 0
    for member in members:
        part = _unpacked(package, member).replace(b"\0", b"")  # the same in every width of characters
        if _is_unsafe(part):
            raise FileError(_("ไฟล์ Excel นี้มีส่วนที่ไม่ปลอดภัย จึงไม่อ่าน"))
        if member.filename.casefold() == TYPES and MACRO_TYPES.search(part):
            raise FileError(_has_macros())
        tags += part.count(b"<")
        if tags > most_tags:
            raise FileError(_too_large())
        if _copying(part) > MOST_COPYING:
            raise FileError(_("ไฟล์ Excel นี้มีสูตรที่ขยายแล้วใหญ่เกินไป ให้แทนสูตรด้วยตัวเลข (วางแบบค่าเท่านั้น)"))


def _unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """No more of it than the package says that there is: reading without an end unpacks all, and then cuts it off."""
    with package.open(member) as part:
        return part.read(member.file_size + 1)


def _is_unsafe(part: bytes) -> bool:
    """It defines things, says so in letters that are not looked through here, or has a number format without end."""
    said = _ENCODING.search(part[:500])
    if DOCTYPE in part or (said and said[1].lower() not in ENCODINGS):
        return True
    formats = (found[1].decode("utf-8", "replace") for found in _FORMAT.finditer(part))
    return any(len(unescape(text)) > LONGEST_FORMAT + 1 for text in formats)


def _copying(part: bytes) -> int:
    """Characters of formulas that a reader writes for the cells that share one, at most."""
    shared = len(_SHARED.findall(part))
    return shared * max((len(found[0]) for found in _FORMULA.finditer(part)), default=0) if shared else 0


def text_of(cell: Any) -> str:
    """A cell as people typed it: a number without the tail of binary fractions, a day as it cannot be a number."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()[:LONGEST_CELL]


def number_text(number: int | float) -> str:
    """The number that the sheet shows in full: 15 digits, so that 0.1 + 0.2 is 0.3."""
    try:
        text = f"{number:.{SIGNIFICANT_DIGITS}g}"
    except OverflowError:  # a whole number of hundreds of digits
        return str(number)[:LONGEST_CELL]
    exact = Decimal(text)
    if not exact.is_finite() or abs(exact.adjusted()) > LARGEST_EXPONENT:
        return text
    return f"{exact:f}"
