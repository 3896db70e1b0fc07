"""What a file really is, by its content: the kinds that may be evidence, and why others are refused.

What the browser says of a file and what it is called decide nothing, but for plain text, which has no mark of its own.
"""

import re
from dataclasses import dataclass

import puremagic
from django.utils.translation import gettext as _

from indicators.evidence import office
from indicators.evidence.refusal import Refused

OPEN_XML = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
ARCHIVES = {"zip", "rar", "7z", "gz", "bz2", "xz", "tar", "cab", "iso", "lzh", "arj", "z", "zst", "dmg"}
PROGRAMS = {"exe", "dll", "class", "jar", "msi", "swf", "lnk", "sys", "appimage", "com", "dex", "wasm"}
PICTURES = {
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
# Brands of the container that telephones keep their photographs in; the same container holds films.
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
MARKUP = re.compile(r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)\b", re.IGNORECASE)
COMMANDS = re.compile(r"\s*(#!|@echo\b|<%)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
ENCODINGS = ("utf-8-sig", "cp874")  # the second is what a Thai Excel writes


@dataclass(frozen=True)
class FileKind:
    """A kind that is taken: what it is sent out as, and the ends of names that fit it, the usual one first."""

    content_type: str
    ends: tuple[str, ...]


KINDS = {
    "pdf": FileKind("application/pdf", ("pdf",)),
    "jpg": FileKind("image/jpeg", ("jpg", "jpeg", "jfif", "jpe")),
    "png": FileKind("image/png", ("png",)),
    "webp": FileKind("image/webp", ("webp",)),
    "heic": FileKind("image/heic", ("heic", "heif")),
    "gif": FileKind("image/gif", ("gif",)),
    "docx": FileKind(f"{OPEN_XML}.wordprocessingml.document", ("docx",)),
    "xlsx": FileKind(f"{OPEN_XML}.spreadsheetml.sheet", ("xlsx",)),
    "pptx": FileKind(f"{OPEN_XML}.presentationml.presentation", ("pptx",)),
    "ppsx": FileKind(f"{OPEN_XML}.presentationml.slideshow", ("ppsx",)),
    "doc": FileKind("application/msword", ("doc",)),
    "xls": FileKind("application/vnd.ms-excel", ("xls",)),
    "ppt": FileKind("application/vnd.ms-powerpoint", ("ppt", "pps")),
    "odt": FileKind(f"{OPEN_DOCUMENT}.text", ("odt",)),
    "ods": FileKind(f"{OPEN_DOCUMENT}.spreadsheet", ("ods",)),
    "odp": FileKind(f"{OPEN_DOCUMENT}.presentation", ("odp",)),
    "csv": FileKind("text/csv", ("csv",)),
    "txt": FileKind("text/plain", ("txt",)),
}
# As a hint for the browser's dialog; it decides nothing.
ACCEPT = ",".join(f".{end}" for kind in KINDS.values() for end in kind.ends)


def accepted_words() -> str:
    """The kinds in words, for pages and refusals."""
    return _("PDF, รูปภาพ (JPG, PNG, WebP, HEIC, GIF), Word, Excel, PowerPoint, OpenDocument, CSV และ TXT")


def kind_of(data: bytes, end: str) -> FileKind:
    """What the content is; `end` is the end of its name without the dot. Raises Refused with a sentence."""
    if not data:
        raise Refused(_("เป็นไฟล์ว่าง ไม่มีข้อมูล กรุณาเลือกไฟล์ใหม่"))
    if office.is_zip(data):
        return KINDS[_known(office.kind_of_zip(data), _archive())]
    if office.is_compound(data):
        return KINDS[_known(office.kind_of_compound(data), _unknown(b"", end))]
    name = "pdf" if data.startswith(b"%PDF-") else _picture(data)
    if name:
        if office.ends_in_zip(data):
            raise Refused(_("มีไฟล์บีบอัดซ่อนต่อท้ายอยู่ กรุณาบันทึกหรือสแกนไฟล์ใหม่แล้วแนบอีกครั้ง"))
        return KINDS[name]
    return KINDS[_text(data, end)]


def _known(name: str | None, refusal: Refused) -> str:
    if name is None:
        raise refusal
    return name


def _picture(data: bytes) -> str:
    """The kind of picture; empty for what is none."""
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in HEIF_BRANDS else ""
    return next((name for name, mark in PICTURES.items() if mark.match(data)), "")


def _guesses(data: bytes) -> set[str]:
    """The ends of names that the content could have; empty where it has no mark."""
    try:
        return {found.extension.lstrip(".").lower() for found in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return set()


def _text(data: bytes, end: str) -> str:
    """csv or txt, for what is neither picture nor document; Refused for all else."""
    text = _decoded(data)
    if text is None:
        raise _unknown(data, end)
    if MARKUP.search(text):
        raise Refused(_("เป็นหน้าเว็บหรือภาพ SVG ซึ่งแนบไม่ได้ กรุณาเปิดแล้วบันทึกเป็น PDF หรือ Excel (.xlsx) ก่อนแนบ"))
    if COMMANDS.match(text):
        raise _program()
    if end not in ("csv", "txt"):
        raise _unknown(b"", end)
    return end


def _decoded(data: bytes) -> str | None:
    """The text of a text file; None for anything else."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if CONTROLS.search(text) else text
    return None


# Sentences


def _unknown(data: bytes, end: str) -> Refused:
    """Why, for what is no kind that is taken."""
    guesses = _guesses(data)
    if data.startswith((b"MZ", b"\x7fELF")) or (guesses and guesses <= PROGRAMS):
        return _program()
    if guesses & ARCHIVES:
        return _archive()
    if any(end in kind.ends for kind in KINDS.values()):
        facts = {"end": end, "kind": end.upper()}
        sentence = _("ชื่อลงท้ายด้วย .%(end)s แต่เนื้อหาไม่ใช่ไฟล์ %(kind)s กรุณาเปิดดูแล้วบันทึกใหม่เป็นชนิดนั้นก่อนแนบ")
        return Refused(sentence % facts)
    return Refused(_("ไม่ใช่ชนิดที่แนบได้ แนบได้เฉพาะ %(kinds)s") % {"kinds": accepted_words()})


def _archive() -> Refused:
    return Refused(_("เป็นไฟล์บีบอัด ซึ่งแนบไม่ได้ กรุณาแตกไฟล์แล้วแนบทีละไฟล์"))


def _program() -> Refused:
    return Refused(_("เป็นโปรแกรมหรือชุดคำสั่ง ซึ่งแนบไม่ได้"))
