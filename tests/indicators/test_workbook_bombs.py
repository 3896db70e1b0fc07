"""Files that are made to hurt: macros, bombs, definitions, things that no spreadsheet writes. Each gets a sentence."""

import io
import tracemalloc
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.uploads import MEGABYTE, FileError, check_package
from indicators.workbooks.reading import read_workbook
from strategy.models import OrgUnit
from tests.indicators.workbooks import Desk, edited, fill, repacked

pytestmark = pytest.mark.django_db
MARCH = "มี.ค. 2560"


@pytest.fixture
def desk(client, cast) -> Desk:
    return Desk(client, cast.head, "PST_OPD")


@pytest.fixture
def filled(desk) -> bytes:
    return edited(desk.download(), fill(MARCH, A=41000, B=100))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"xl__vbaProject_dot_bin": b"x"}, "มีมาโคร"),
        ({"xl__macrosheets__sheet1_dot_xml": b"<x/>"}, "มีมาโคร"),
        ({"XL__IntlMacrosheets__sheet1_dot_xml": b"<x/>"}, "มีมาโคร"),
        ({"xl__media__bomb_dot_xml": b"\0" * (21 * 1024 * 1024)}, "ใหญ่เกินไป ให้ดาวน์โหลดไฟล์ใหม่"),
        ({"xl__sharedStrings_dot_xml": b"<si/>" * 200_000}, "ใหญ่เกินไป ให้ดาวน์โหลดไฟล์ใหม่"),
        ({f"xl__media__{number}_dot_png": b"" for number in range(2000)}, "มีแผ่นงานหรือรูปมากเกินไป กรุณาลบ"),
        ({"xl__styles_dot_xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, "มีส่วนที่ไม่ปลอดภัย"),
        ({"xl__styles_dot_xml": b" " * 5000 + b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, "มีส่วนที่ไม่ปลอดภัย"),
        ({"xl__styles_dot_xml": '<!DOCTYPE x><x/>'.encode("utf-16")}, "มีส่วนที่ไม่ปลอดภัย"),
        ({"xl__styles_dot_xml": '<!DOCTYPE x><x/>'.encode("utf-32")}, "มีส่วนที่ไม่ปลอดภัย"),
        ({"xl__styles_dot_xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x><x/>'}, "มีส่วนที่ไม่ปลอดภัย"),
        ({"xl__styles_dot_xml": b'<numFmt formatCode="' + b"[" * 300 + b'"/>'}, "มีส่วนที่ไม่ปลอดภัย"),
        ({"xl__styles_dot_xml": b"<broken"}, "เสียหรืออ่านไม่ได้"),
        ({"xl__worksheets__sheet2_dot_xml": b"<worksheet><sheetData><row"}, "เสียหรืออ่านไม่ได้"),
    ],
)  # fmt: skip
def test_a_workbook_that_may_not_be_opened(desk, filled, changes, says):
    response = desk.send(repacked(filled, **changes))
    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_macro_sheet_by_what_the_package_says_of_it(desk, filled):
    """Its part may be called anything."""
    kind = b'<Override PartName="/xl/x.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>'
    with zipfile.ZipFile(io.BytesIO(filled)) as package:
        types = package.read("[Content_Types].xml").replace(b"</Types>", kind)
    changes = {"[Content_Types]_dot_xml": types, "xl__x_dot_xml": b"<x/>"}
    assert "มีมาโคร" in desk.send(repacked(filled, **changes)).content.decode()


def test_a_formula_that_is_copied_without_end(desk, filled):
    """The reader writes a shared formula anew for each cell: small in bytes, minutes to read."""
    formula = b'<c r="A3"><f t="shared" ref="A3:Z3" si="0">' + b"+".join([b"A1"] * 4000) + b"</f><v>1</v></c>"
    row = b'<row r="3">' + formula + b'<c><f t="shared" si="0"/><v>1</v></c>' * 1000 + b"</row>"
    sheet = b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>"
    response = desk.send(repacked(filled, xl__worksheets__sheet2_dot_xml=sheet))
    assert "มีสูตรที่ขยายแล้วใหญ่เกินไป ให้แทนสูตรด้วยตัวเลข" in response.content.decode()


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_parts_that_are_packed_as_no_spreadsheet_packs_them(desk, filled, method):
    """Those unpackers fail in ways of their own, and one may ask for gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(filled)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    broken = bytearray(out.getvalue())
    broken[200] ^= 0x5A
    for content in (out.getvalue(), bytes(broken)):
        response = desk.send(content)
        assert response.status_code == 422
        assert "เสียหรืออ่านไม่ได้" in response.content.decode()


def test_a_part_that_says_it_is_small_is_not_unpacked_further(filled):
    """The package says of each part how large it is: what it says of a bomb is not believed, and not paid for."""
    bomb = bytearray(repacked(filled, xl__media__bomb_dot_xml=b"\0" * (64 * MEGABYTE)))
    said = bomb.rfind(b"PK\x01\x02") + 24
    bomb[said : said + 4] = (100).to_bytes(4, "little")
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match="เสียหรืออ่านไม่ได้"):
            check_package(bytes(bomb))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 * MEGABYTE


def test_a_number_of_hundreds_of_digits(desk, filled):
    """As no spreadsheet writes one; it is an error of its cell."""
    with zipfile.ZipFile(io.BytesIO(filled)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name, sheet = next(pair for pair in parts.items() if b"<v>41000</v>" in pair[1])
    long = sheet.replace(b"<v>41000</v>", b"<v>" + b"9" * 400 + b"</v>")
    page = desk.send(repacked(filled, **{name.replace("/", "__").replace(".", "_dot_"): long})).content.decode()
    assert f"{MARCH}!G5" in page
    assert "ตัวเลขยาวเกินไป" in page


def test_a_cut_file(desk, filled):
    assert "เสียหาย" in desk.send(filled[: len(filled) // 2]).content.decode()


def test_fifty_megabytes_are_not_even_read(plan):
    class Great(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("not to be read")

    file = Great("kpi.xlsx", b"")
    file.size = 50 * 1024 * 1024
    with pytest.raises(FileError, match="ไฟล์ใหญ่เกิน 5 MB"):
        read_workbook(file, OrgUnit.objects.get(code="PST_OPD"))


def test_fifty_megabytes_through_the_form(desk):
    assert "ไฟล์ใหญ่เกิน 5 MB" in desk.send(b"PK\x03\x04" + b"x" * (50 * 1024 * 1024)).content.decode()
