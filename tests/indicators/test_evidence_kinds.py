"""What a file is by its content: what is taken, as what, and the sentence for what is not."""

import contextlib
import io
import struct
import zipfile

import pytest

from indicators.evidence.forms import link_error
from indicators.evidence.kinds import KINDS, kind_of
from indicators.evidence.naming import LONGEST, end_of, kept_name, plain_name
from indicators.evidence.refusal import Refused
from tests.files import bomb, compound, docx, heic, locked_zip, open_document, open_xml, pdf, picture, xlsx, zipped

SLIDES_WITH_MACROS = bytes.fromhex("1f00ff0314000000020000040c000000") + bytes(4) + b"\x01\0\0\0" + bytes(4)
PASSWORD_BOOK = bytes.fromhex("0908100000060500") + bytes(12) + bytes.fromhex("2f003600") + bytes(54)
LOCKED_TEXT = bytes(512 - 2 * 128) + b"\xec\xa5" + bytes(9) + b"\x01" + bytes(512)


def sheets(*kinds: int, name: str = "Sheet1", hidden: int = 0, is_1995: bool = False) -> bytes:
    """The records of an old workbook that say which sheets it has; 0 is a worksheet, 1 one of macros."""
    wide = not name.isascii()
    letters = name.encode("utf-16-le" if wide else "ascii")
    tail = bytes([len(name)]) + (b"" if is_1995 else bytes([wide])) + letters
    records = (b"\x85\0" + struct.pack("<HIBB", 6 + len(tail), 0x1234, hidden, kind) + tail for kind in kinds)
    return b"".join(records)


def repacked_by(method: int) -> bytes:
    """A document whose parts are packed in another way, and damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx())) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    data = bytearray(out.getvalue())
    data[80] ^= 0x5A
    return bytes(data)


THAI = "รหัส,จำนวน\n7(1),33600\n"

TAKEN = {
    "pdf": (pdf(), "pdf"),
    "pdf with a document inside": (pdf(more=docx()), "pdf"),
    "jpg": (picture("JPEG"), "jpg"),
    "png": (picture("PNG"), "png"),
    "gif": (picture("GIF"), "gif"),
    "webp": (picture("WEBP"), "webp"),
    "photograph of a telephone": (heic(), "heic"),
    "docx": (docx(), "docx"),
    "xlsx": (xlsx(), "xlsx"),
    "pptx": (open_xml("presentationml.presentation.main+xml"), "pptx"),
    "ppsx": (open_xml("presentationml.slideshow.main+xml"), "ppsx"),
    "doc": (compound("WordDocument"), "doc"),
    "xls": (compound("Workbook"), "xls"),
    "xls of 1995": (compound("Book"), "xls"),
    "ppt": (compound("PowerPoint Document"), "ppt"),
    "odt": (open_document("text"), "odt"),
    "ods": (open_document("spreadsheet"), "ods"),
    "odp": (open_document("presentation"), "odp"),
    "xls with a sheet": (compound("Workbook", more=sheets(0)), "xls"),
    "xls with a chart": (compound("Workbook", more=sheets(2)), "xls"),
    "csv": (THAI.encode(), "csv"),
    "csv with a mark of its encoding": (THAI.encode("utf-8-sig"), "csv"),
    "csv of a Thai Excel": (THAI.encode("cp874"), "csv"),
    "csv of Excel's Unicode": (THAI.encode("utf-16"), "csv"),
    "txt": ("ผลการประชุม\r\n".encode(), "txt"),
    "text that begins like a program": (b"MZ is what I type", "txt"),
}
REFUSED = {
    "nothing": (b"", "pdf", "ไฟล์ว่าง"),
    "program": (b"MZ\x90\0" + bytes(200), "pdf", "เป็นโปรแกรม"),
    "program of Linux": (b"\x7fELF" + bytes(200), "pdf", "เป็นโปรแกรม"),
    "class": (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100), "png", "เป็นโปรแกรม"),
    "commands": (b"#!/bin/sh\nrm -rf /\n", "txt", "เป็นโปรแกรม"),
    "commands of Windows": (b"@echo off\r\ndel *\r\n", "txt", "เป็นโปรแกรม"),
    "web page": (b"<!DOCTYPE html><html><body>x</body></html>", "html", "หน้าเว็บ"),
    "web page called csv": (b"a,b\n<script>alert(1)</script>", "csv", "หน้าเว็บ"),
    "web page called xls": (b"<table><html xmlns:x='x'></html>", "xls", "หน้าเว็บ"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg", "หน้าเว็บ"),
    "svg called png": (b'<?xml version="1.0"?><svg/>', "png", "หน้าเว็บ"),
    "zip": (zipped({"a.txt": "x"}), "zip", "ไฟล์บีบอัด"),
    "zip called pdf": (zipped({"a.txt": "x"}), "pdf", "ไฟล์บีบอัด"),
    "jar": (zipped({"META-INF/MANIFEST.MF": "x", "A.class": b"x"}), "jar", "ไฟล์บีบอัด"),
    "rar": (b"Rar!\x1a\x07\x00" + bytes(100), "rar", "ไฟล์บีบอัด"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), "7z", "ไฟล์บีบอัด"),
    "gz": (b"\x1f\x8b\x08" + bytes(100), "gz", "ไฟล์บีบอัด"),
    "picture and zip in one": (picture("GIF") + zipped({"a.class": "x"}), "gif", "ซ่อนต่อท้าย"),
    "pdf and zip in one": (pdf() + zipped({"a.class": "x"}), "pdf", "ซ่อนต่อท้าย"),
    "macros": (docx(**{"word/vbaProject.bin": b"x"}), "docx", "มีมาโคร"),
    "macros by type": (open_xml("ms-word.document.macroEnabled.main+xml"), "docx", "มีมาโคร"),
    "macros called docx": (open_xml("sheet.macroEnabled.main+xml"), "xlsx", "มีมาโคร"),
    "binary workbook": (open_xml("ms-excel.sheet.binary.macroEnabled.main"), "xlsb", "มีมาโคร"),
    "macro sheet": (docx(**{"xl/macrosheets/sheet1.xml": b"x"}), "xlsx", "มีมาโคร"),
    "macros of 1997": (compound("WordDocument", "Macros"), "doc", "มีมาโคร"),
    "macros of an old workbook": (compound("Workbook", "_VBA_PROJECT_CUR"), "xls", "มีมาโคร"),
    "macro sheet of an old workbook": (compound("Workbook", more=sheets(0, 1)), "xls", "มีมาโคร"),
    "hidden macro sheet with a Thai name": (
        compound("Workbook", more=sheets(1, name="มาโคร", hidden=2)),
        "xls",
        "มีมาโคร",
    ),
    "macro sheet of 1995": (compound("Book", more=sheets(1, is_1995=True)), "xls", "มีมาโคร"),
    "module of 1995": (compound("Book", more=sheets(6, is_1995=True)), "xls", "มีมาโคร"),
    "password of an old workbook": (compound("Workbook", more=PASSWORD_BOOK), "xls", "มีรหัสผ่าน"),
    "password of an old text": (compound("WordDocument", more=LOCKED_TEXT), "doc", "มีรหัสผ่าน"),
    "password of old slides": (compound("PowerPoint Document", "EncryptedSummary"), "ppt", "มีรหัสผ่าน"),
    "packed in a way of its own": (repacked_by(zipfile.ZIP_LZMA), "docx", "เสียหาย"),
    "macros of old slides": (compound("PowerPoint Document", more=SLIDES_WITH_MACROS), "ppt", "มีมาโคร"),
    "macros of an open document": (open_document(**{"Basic/Standard/Module1.xml": "x"}), "odt", "มีมาโคร"),
    "program in a document": (docx(**{"word/embeddings/setup.exe": b"x"}), "docx", "โปรแกรมฝังอยู่"),
    "password": (compound("EncryptedPackage", "EncryptionInfo"), "docx", "มีรหัสผ่าน"),
    "password on the parts": (locked_zip(), "docx", "มีรหัสผ่าน"),
    "password of an open document": (open_document(**{"META-INF/manifest.xml": "encryption-data"}), "odt", "มีรหัสผ่าน"),
    "installer": (compound("!MsiInstaller"), "msi", "ไม่ใช่ชนิดที่แนบได้"),
    "document cut off": (xlsx()[:-200], "xlsx", "เสียหาย"),
    "document of zeros": (b"PK\x03\x04" + bytes(200), "docx", "เสียหาย"),
    "bomb": (bomb(), "docx", "เสียหาย"),
    "film": (heic(b"isom"), "mp4", "ไม่ใช่ชนิดที่แนบได้"),
    "unknown": (bytes(range(256)) * 4, "dat", "ไม่ใช่ชนิดที่แนบได้"),
    "text called pdf": (b"just a text", "pdf", "ลงท้ายด้วย .pdf แต่เนื้อหาไม่ใช่ไฟล์ PDF"),
    "text called docx": (b"just a text", "docx", "ลงท้ายด้วย .docx แต่เนื้อหาไม่ใช่ไฟล์ DOCX"),
    "text called js": (b"alert(1)", "js", "ไม่ใช่ชนิดที่แนบได้"),
    "text with a nought in it": (b"abc\0def", "txt", "ลงท้ายด้วย .txt แต่เนื้อหาไม่ใช่ไฟล์ TXT"),
    "pdf that does not begin as one": (b"x" + pdf(), "pdf", "ลงท้ายด้วย .pdf แต่เนื้อหาไม่ใช่ไฟล์ PDF"),
    "old word that is none": (compound("Something"), "doc", "ลงท้ายด้วย .doc แต่เนื้อหาไม่ใช่ไฟล์ DOC"),
}


@pytest.mark.parametrize(("data", "name"), TAKEN.values(), ids=TAKEN)
def test_what_is_taken(data, name):
    assert kind_of(data, name) is KINDS[name]


@pytest.mark.parametrize(("data", "name"), [row for row in TAKEN.values() if row[1] not in ("csv", "txt")])
def test_the_name_does_not_matter(data, name):
    assert kind_of(data, "exe") is KINDS[name]


@pytest.mark.parametrize(("data", "end", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(data, end, sentence):
    with pytest.raises(Refused, match=sentence):
        kind_of(data, end)


@pytest.mark.parametrize(("data", "name"), TAKEN.values(), ids=TAKEN)
def test_any_file_that_is_cut_off_anywhere_is_taken_or_refused(data, name):
    """Whatever arrives, there is a kind or a sentence, and no crash."""
    for length in {*range(min(len(data), 64)), *range(0, len(data), max(1, len(data) // 97))}:
        with contextlib.suppress(Refused):
            kind_of(data[:length], name)


def test_slides_without_macros_say_so():
    none = SLIDES_WITH_MACROS.replace(b"\x01\0\0\0", bytes(4))
    assert kind_of(compound("PowerPoint Document", more=none), "ppt") is KINDS["ppt"]


def test_a_word_about_macros_is_no_macro():
    """The names count only where the list of contents has them."""
    text = b"x" + "Macros VBA EncryptedPackage".encode("utf-16-le") + bytes(3)
    assert kind_of(compound("WordDocument", more=text), "doc") is KINDS["doc"]


def test_a_long_list_of_contents_is_not_read():
    """Two hundred thousand empty parts are an archive, whatever the first is called."""
    data = bytearray(docx())
    place = data.rfind(b"PK\x05\x06")
    data[place + 12 : place + 16] = (50_000_000).to_bytes(4, "little")
    with pytest.raises(Refused, match="ไฟล์บีบอัด"):
        kind_of(bytes(data), "docx")


def test_nor_one_that_a_second_end_tells_of():
    """As of an archive beyond 4 GB; zipfile believes it, not the first."""
    data = docx()
    place = data.rfind(b"PK\x05\x06")
    long_end = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, 50_000_000, 0)
    data = data[:place] + long_end + struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1) + data[place:]
    with pytest.raises(Refused, match="ไฟล์บีบอัด"):
        kind_of(data, "docx")


# Names


PNG, JPG = ("png",), ("jpg", "jpeg")
NAMES = {
    "as it is": ("รายงาน มี.ค. 2560.png", PNG, "รายงาน มี.ค. 2560.png"),
    "other end of the same kind": ("IMG_1.JPEG", JPG, "IMG_1.jpeg"),
    "end of another kind": ("scan.pdf", PNG, "scan.png"),
    "no end": ("scan", PNG, "scan.png"),
    "number after a dot": ("ครั้งที่ 2.1", PNG, "ครั้งที่ 2.1.png"),
    "two ends": ("setup.exe.png", PNG, "setup.exe.png"),
    "path": ("../../etc/passwd", PNG, "passwd.png"),
    "path of Windows": ("C:\\fakepath\\งาน.png", PNG, "งาน.png"),
    "only a path": ("/tmp/", PNG, "ไฟล์แนบ.png"),
    "nothing": ("", PNG, "ไฟล์แนบ.png"),
    "dots": ("...", PNG, "ไฟล์แนบ.png"),
    "hidden": (".htaccess", PNG, "htaccess.png"),
    "direction turned": ("photo\u202egnp.exe", PNG, "photognp.png"),
    "control characters": ("a\0b\r\nc\x7f.png", PNG, "abc.png"),
    "no-width spaces": ("งาน\u200b\ufeff.png", PNG, "งาน.png"),
    "header broken": ('a"; filename="b.exe', PNG, "a_; filename=_b.png"),
    "marks of Windows": ("a<b>:c|d?.png", PNG, "a_b__c_d_.png"),
    "many spaces": ("  a   b .png", PNG, "a b.png"),
    "composed": ("re\u0301sume\u0301.png", PNG, "r\u00e9sum\u00e9.png"),
    "half a character": ("a\ud800b.png", PNG, "ab.png"),
}


@pytest.mark.parametrize(("name", "ends", "kept"), NAMES.values(), ids=NAMES)
def test_names(name, ends, kept):
    assert kept_name(name, ends) == kept


def test_a_long_name_is_cut_and_keeps_its_end():
    kept = kept_name("ก" * 300 + ".png", PNG)
    assert len(kept) == LONGEST + 4
    assert kept.endswith("ก.png")


def test_the_end_of_a_name():
    assert [end_of(name) for name in ("a.PDF", "a", "a.2560", "a.b c", "x/y.csv")] == ["pdf", "", "", "", "csv"]
    assert plain_name("\u202e\u200f") == ""


# Links


@pytest.mark.parametrize(
    "link",
    [
        "https://kpi.kkh.go.th/report?id=7&m=3#page=2", "http://10.0.0.5:8080/a", "http://hosxp/report",
        "https://โรงพยาบาล.ไทย/รายงาน", "https://[::1]/x", "HTTPS://A.TH/",
    ],
)  # fmt: skip
def test_links_that_are_taken(link):
    assert link_error(link) == ""


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("javascript:alert(1)", "ขึ้นต้นด้วย"), ("data:text/html,x", "ขึ้นต้นด้วย"), ("file:///C:/a.pdf", "ขึ้นต้นด้วย"),
        ("ftp://a.th/x", "ขึ้นต้นด้วย"), ("kkh.go.th/x", "ขึ้นต้นด้วย"), ("//kkh.go.th/x", "ขึ้นต้นด้วย"), ("https://", "ไม่มีชื่อเว็บ"),
        ("https:///x", "ไม่มีชื่อเว็บ"), ("https://:80/x", "ไม่มีชื่อเว็บ"), ("https://a.th:99999/", "ไม่ถูกต้อง"),
        ("https://[::1/x", "ไม่ถูกต้อง"), ("https://me:secret@a.th/x", "รหัสผ่าน"), ("https://a.th@evil.th/", "รหัสผ่าน"),
        ("https://a.th/x y", "ช่องว่าง"), ("https://a.th\\@evil.th", "ช่องว่าง"), ("https://a.th/\u202etxt", "ช่องว่าง"),
        ("java\tscript:alert(1)", "ช่องว่าง"), ("https://a.th/\0", "ช่องว่าง"), ("C:\\a.pdf", "ช่องว่าง"),
    ],
)  # fmt: skip
def test_links_that_are_refused(link, sentence):
    assert sentence in link_error(link)
