"""Office documents by their content: which kind they are, and what makes them unfit (macros, passwords, damage).

Nothing is unpacked but two short lists of contents, each read up to a limit, so no bomb goes off here.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from indicators.evidence.refusal import Refused

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DIRECTORY_END, DIRECTORY_END_SIZE = b"PK\x05\x06", 22
LONG_END_POINTER, LONG_END_POINTER_SIZE = b"PK\x06\x07", 20
LONG_END_SIZE = 56 + LONG_END_POINTER_SIZE
LARGEST_DIRECTORY = 1_000_000  # bytes of a zip's list of contents
LARGEST_PART = 2_000_000  # bytes that are read of one part
MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    "presentationml.slideshow.main+xml": "ppsx",
}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
MACROS = re.compile(r"vbaproject|/macrosheets/|/activex/|^basic/|^scripts/", re.IGNORECASE)
PROGRAMS = re.compile(r"\.(exe|dll|scr|com|bat|cmd|vbs|js|jar|class|ps1|hta|msi|lnk)$", re.IGNORECASE)
# Streams of the old format, by which a document is known, and those that hold macros.
STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
MACRO_STREAMS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros")
LOCKED_STREAMS = ("EncryptedPackage", "EncryptedSummary")
ENTRY_SIZE = 128  # a line of the old format's list of contents
# PowerPoint hides its macros inside its one stream; this record says whether there are any.
SLIDE_MACROS = bytes.fromhex("1f00ff0314000000020000040c000000")
# A workbook's record of one sheet (1: macros of Excel 4.0, 6: a module of Excel 95) with the length of its name.
MACRO_SHEET = re.compile(rb"(?=\x85\x00(.)\x00.{4}[\x00-\x03][\x01\x06](.)(.))", re.DOTALL)
BOOK_START = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
PASSWORD_RECORD, FIRST_RECORDS = 0x2F, 8
WORD_START, WORD_FLAGS, WORD_ENCRYPTED, SECTOR = b"\xec\xa5", 10, 0x0100, 512
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # an Office document packs its parts in no other way


def is_zip(data: bytes) -> bool:
    return data.startswith(ZIP)


def is_compound(data: bytes) -> bool:
    """The container of Word, Excel and PowerPoint before 2007, and of newer ones with a password."""
    return data.startswith(COMPOUND)


def ends_in_zip(data: bytes) -> bool:
    """Something else in front, but a zip to whoever reads from the end."""
    place = data.rfind(DIRECTORY_END)
    if place < 0 or place + DIRECTORY_END_SIZE > len(data):
        return False
    (comment,) = struct.unpack_from("<H", data, place + DIRECTORY_END_SIZE - 2)
    return bool(place + DIRECTORY_END_SIZE + comment == len(data))


# Zip


def kind_of_zip(data: bytes) -> str | None:
    """docx, xlsx, pptx, odt …; None for any other zip. Raises Refused."""
    if _directory_size(data) > LARGEST_DIRECTORY:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _kind_of(file)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error):
        raise _damaged() from None


def _directory_size(data: bytes) -> int:
    """How long the list of contents says it is; 0 where there is none."""
    place = data.rfind(DIRECTORY_END)
    if place < 0 or place + DIRECTORY_END_SIZE > len(data):
        return 0
    (size,) = struct.unpack_from("<I", data, place + 12)
    return max(int(size), _long_directory_size(data, place))


def _long_directory_size(data: bytes, place: int) -> int:
    """What a second end, of archives beyond 4 GB, says in place of the first; 0 where there is none."""
    if place < LONG_END_SIZE or not data.startswith(LONG_END_POINTER, place - LONG_END_POINTER_SIZE):
        return 0
    (size,) = struct.unpack_from("<Q", data, place - LONG_END_SIZE + 40)
    return int(size)


def _kind_of(file: zipfile.ZipFile) -> str | None:
    names = {entry.filename.replace("\\", "/"): entry for entry in file.infolist()}
    kind = _open_xml(file, names) or _open_document(file, names)
    if kind is None:
        return None
    if any(entry.flag_bits & 1 for entry in names.values()):
        raise _locked()
    if any(MACROS.search(name) for name in names):
        raise _macros()
    if any(PROGRAMS.search(name) for name in names):
        raise Refused(_("มีโปรแกรมฝังอยู่ในเอกสาร ซึ่งแนบไม่ได้ กรุณาลบออก หรือบันทึกเป็น PDF แล้วแนบใหม่"))
    return kind


def _open_xml(file: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> str | None:
    if "[Content_Types].xml" not in names:
        return None
    types = _read(file, names["[Content_Types].xml"]).decode("utf-8", "replace")
    if "macroenabled" in types.lower():
        raise _macros()
    return next((kind for main, kind in MAIN_PARTS.items() if main in types), None)


def _open_document(file: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> str | None:
    if "mimetype" not in names:
        return None
    kind = OPEN_DOCUMENTS.get(_read(file, names["mimetype"]).strip())
    manifest = names.get("META-INF/manifest.xml")
    if kind and manifest and b"encryption-data" in _read(file, manifest):
        raise _locked()
    return kind


def _read(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 1:
        raise _locked()
    if entry.compress_type not in PACKINGS:
        raise _damaged()
    with file.open(entry) as part:
        found = part.read(LARGEST_PART + 1)
    if len(found) > LARGEST_PART:
        raise _damaged()
    return found


# The container before 2007


def kind_of_compound(data: bytes) -> str | None:
    """doc, xls or ppt; None for what else is kept in such a container. Raises Refused."""
    names = set(_streams(data))
    kind = next((kind for stream, kind in STREAMS.items() if stream in names), None)
    is_locked = {"xls": _is_locked_book, "doc": _is_locked_text}.get(kind or "")
    if names.intersection(LOCKED_STREAMS) or (is_locked and is_locked(data)):
        raise _locked()
    has_sheet = kind == "xls" and _has_macro_sheet(data)
    if names.intersection(MACRO_STREAMS) or _slides_have_macros(data) or has_sheet:
        raise _macros()
    return kind


def _streams(data: bytes) -> Iterator[str]:
    """The names that are looked for and that stand where a line of the list of contents begins."""
    for name in (*STREAMS, *MACRO_STREAMS, *LOCKED_STREAMS):
        written = name.encode("utf-16-le") + b"\0\0"
        place = data.find(written)
        while place >= 0:
            if place % ENTRY_SIZE == 0:
                yield name
                break
            place = data.find(written, place + 1)


def _slides_have_macros(data: bytes) -> bool:
    place = data.find(SLIDE_MACROS)
    start = place + len(SLIDE_MACROS) + 4
    return place >= 0 and data[start : start + 4] == b"\x01\0\0\0"


def _has_macro_sheet(data: bytes) -> bool:
    """The record is known by its length: that of the name, in one or two bytes a character, and what is fixed."""
    records = ((found[1][0], found[2][0], found[3][0]) for found in MACRO_SHEET.finditer(data))
    return any(size == 7 + name or (wide < 2 and size == 8 + name * (1 + wide)) for size, name, wide in records)


def _is_locked_book(data: bytes) -> bool:
    """A workbook with a password says so in one of its first records."""
    start = BOOK_START.search(data)
    place = start.start() if start else len(data)
    for _number in range(FIRST_RECORDS):
        if place + 4 > len(data):
            return False
        kind, size = struct.unpack_from("<HH", data, place)
        if kind == PASSWORD_RECORD:
            return True
        place += 4 + size
    return False


def _is_locked_text(data: bytes) -> bool:
    """Word says it at the beginning of its stream, which begins a sector."""
    starts = (place for place in range(SECTOR, len(data) - SECTOR, SECTOR) if data.startswith(WORD_START, place))
    place = next(starts, None)
    return place is not None and bool(data[place + WORD_FLAGS + 1] & WORD_ENCRYPTED >> 8)


# Sentences


def _macros() -> Refused:
    return Refused(_("มีมาโคร ซึ่งแนบไม่ได้ กรุณาบันทึกเป็นแบบไม่มีมาโคร (.docx, .xlsx, .pptx) หรือ PDF แล้วแนบใหม่"))


def _locked() -> Refused:
    return Refused(_("มีรหัสผ่าน ผู้ตรวจสอบจะเปิดดูไม่ได้ กรุณาบันทึกแบบไม่มีรหัสผ่านแล้วแนบใหม่"))


def _damaged() -> Refused:
    return Refused(_("เสียหายหรือไม่ครบ เปิดไม่ได้ กรุณาบันทึกใหม่แล้วแนบอีกครั้ง"))
