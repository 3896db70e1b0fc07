"""What people send instead of the workbook, and what they have done to it: each gets a sentence with what to do."""

import io
import re
import zipfile
from datetime import date, time
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles.numbers import FORMAT_PERCENTAGE_00

from indicators.models import DataItem, Result
from indicators.uploads import FileError, number_text
from indicators.workbooks import stamp as stamps
from indicators.workbooks.reading import read_workbook
from strategy.models import OrgUnit
from tests.indicators.workbooks import Desk, cell_of, edited, fill, numbers, opened, packed, repacked, saved, url_of

pytestmark = pytest.mark.django_db
MARCH, APRIL = "มี.ค. 2560", "เม.ย. 2560"


@pytest.fixture
def desk(client, cast) -> Desk:
    return Desk(client, cast.head, "PST_OPD")


@pytest.fixture
def filled(desk) -> bytes:
    return edited(desk.download(), fill(MARCH, A=41000, B=100))


def own_book() -> bytes:
    book = Workbook()
    book.active.append(["รหัส", "A", "B"])
    return saved(book)


# No workbook of ours

OTHERS = {
    "no file": (None, "ยังไม่ได้เลือกไฟล์"),
    "empty": (b"", "ไฟล์ว่างเปล่า"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "ไฟล์นี้เป็น PDF ไม่ใช่ Excel"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "ไฟล์นี้เป็น PNG ไม่ใช่ Excel"),
    "csv": (b"code,A,B\n7(1),1,2\n", "ไฟล์นี้เป็นข้อความหรือ CSV แม้ชื่อจะลงท้ายด้วย .xlsx"),
    "csv of thai excel": ("รหัส,A\n7(1),1\n".encode("cp874"), "ไฟล์นี้เป็นข้อความหรือ CSV"),
    "csv in utf-16": ("รหัส\tA\n".encode("utf-16"), "ไฟล์นี้เป็นข้อความหรือ CSV"),
    "html": (b"<html><table></table></html>", "ไฟล์นี้เป็น HTML ไม่ใช่ Excel"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "เป็น Excel รุ่นเก่า (.xls)"),
    "password": (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "ตั้งรหัสผ่านไว้"),
    "word": (packed(word__document_dot_xml=b"<x/>"), "ไฟล์นี้เป็น Word ไม่ใช่ Excel"),
    "ods": (packed(content_dot_xml=b"<x/>", mimetype=b"x"), "ไฟล์นี้เป็น OpenDocument ไม่ใช่ Excel"),
    "xlsb": (packed(xl__workbook_dot_bin=b"x"), "ไฟล์นี้เป็น Excel (.xlsb)"),
    "zip": (packed(a=b"x"), "ไม่ใช่ Excel (.xlsx) หรือเสียหาย"),
    "binary": (bytes(range(256)) * 4, "ไม่ใช่ Excel (.xlsx) หรือเสียหาย"),
    "cut zip": (b"PK\x03\x04 nothing", "ไม่ใช่ Excel (.xlsx) หรือเสียหาย"),
    "empty package": (packed(xl__workbook_dot_xml=b"<x/>"), "เสียหรืออ่านไม่ได้"),
    "another workbook": (own_book(), "ไม่ใช่ไฟล์ที่ดาวน์โหลดจากหน้านี้"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_none_of_ours_gets_a_sentence(desk, what):
    content, says = OTHERS[what]
    response = desk.send(content)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert "ยังไม่ได้บันทึกอะไร" in page
    assert "ดาวน์โหลดไฟล์ Excel" in page
    assert not Result.objects.exists()


# Whose, and of when


def test_another_units_workbook(desk, client, cast, filled):
    other = Desk(client, cast.other_head, "ACCOUNT")
    response = other.send(filled)
    assert response.status_code == 422
    theirs, here = (OrgUnit.objects.get(code=code).name for code in ("PST_OPD", "ACCOUNT"))
    assert f"ไฟล์นี้เป็นของ {theirs} ไม่ใช่ของ {here}" in response.content.decode()


def test_a_workbook_of_another_installation(desk, filled, settings):
    settings.SECRET_KEY = "x" * 60
    assert "ไฟล์นี้ไม่ได้มาจากระบบนี้" in desk.send(filled).content.decode()


def test_an_older_format(desk, filled, monkeypatch):
    monkeypatch.setattr(stamps, "FORMAT", 2)
    assert "เป็นแบบเก่าที่ระบบไม่ใช้แล้ว" in desk.send(filled).content.decode()


@pytest.mark.parametrize("line", [2, 3])
def test_a_changed_stamp(desk, filled, line):
    def meddle(book):
        cell = book["_kpitrack"].cell(2, 1)
        cell.value = cell.value[:-5] + ("aaaaa" if line == 2 else "")

    assert "ส่วนที่ซ่อนไว้ถูกแก้ไข" in desk.send(edited(filled, meddle)).content.decode()


def test_without_the_stamp(desk, filled):
    page = desk.send(edited(filled, lambda book: book.remove(book["_kpitrack"]))).content.decode()
    assert "ไม่ใช่ไฟล์ที่ดาวน์โหลดจากหน้านี้" in page


# What people do to sheets and rows


def changes_of(response) -> dict[str, str]:
    return {line.place: line.after for line in response.context["preview"].changes}


def test_sheets_renamed_and_in_another_order(desk, filled):
    def edit(book):
        book.move_sheet(MARCH, -2)
        book[MARCH].title = "ของเดือนมีนา"

    assert changes_of(desk.send(edited(filled, edit))) == {"ของเดือนมีนา!G5": "41000", "ของเดือนมีนา!G6": "100"}


def test_rows_and_columns_inserted(desk, filled):
    def edit(book):
        book[MARCH].insert_rows(1, 2)
        book[MARCH].insert_rows(8)
        book[MARCH]["G8"] = "999"
        book[MARCH].insert_cols(3)

    response = desk.send(edited(filled, edit))
    assert changes_of(response) == {f"{MARCH}!H7": "41000", f"{MARCH}!H9": "100"}
    assert f"ไม่ได้อ่าน เพราะอยู่ในแถวที่เพิ่มเอง: {MARCH}!H8" in response.content.decode()


def test_a_sheet_deleted_and_one_added(desk, filled):
    def edit(book):
        book.remove(book[APRIL])
        book.create_sheet("คิดเลข")["A1"] = 7

    response = desk.send(edited(filled, edit))
    page = response.content.decode()
    assert len(changes_of(response)) == 2
    assert "ไม่มีในไฟล์แล้ว 2 แถว เพราะแผ่นงาน แถว หรือคอลัมน์ถูกลบ จึงไม่เปลี่ยน: 7(1) A, 7(1) B" in page
    assert "ไม่ได้อ่านแผ่นงานที่เพิ่มเอง: คิดเลข" in page


def test_a_copied_sheet_counts_where_both_say_the_same(desk, filled):
    copied = edited(filled, lambda book: book.copy_worksheet(book[MARCH]))
    assert len(changes_of(desk.send(copied))) == 2

    def edit(book):
        book.copy_worksheet(book[MARCH])["G5"] = 42000

    response = desk.send(edited(filled, edit))
    assert response.status_code == 422
    assert f"รายการเดียวกันมีสองที่ ({MARCH}!G5 และ {MARCH} Copy!G5) และค่าไม่ตรงกัน" in response.content.decode()


def test_a_row_pasted_over_another(desk, filled):
    def edit(book):
        for column in (1, 3, 4):
            book[MARCH].cell(6, column).value = book[MARCH].cell(5, column).value

    assert "รหัสในแถวนี้ถูกแก้ไข เดิมคือ 7(1) รายการ B" in desk.send(edited(filled, edit)).content.decode()


def test_a_key_of_another_row(desk, filled):
    def edit(book):
        book[MARCH].cell(6, 9).value = "999999-1:A"

    assert "แถวนี้ไม่ใช่ของไฟล์ที่ดาวน์โหลด" in desk.send(edited(filled, edit)).content.decode()


# What stands in cells


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("ยังไม่มี", "อ่าน “ยังไม่มี” เป็นตัวเลขไม่ได้"),
        ("1.234,5", "จุลภาคต้องคั่นหลักพันทุกสามหลัก"),
        ("12 34", "“ ” ไม่ใช่ตัวเลข"),
        ("85 คน", "เป็นตัวเลขไม่ได้"),
        ("85%", "มีเครื่องหมายร้อยละ"),
        ("-", "เป็นตัวเลขไม่ได้"),
        (-1, "ต้องไม่น้อยกว่า 0"),
        (100 / 3, "ใส่ทศนิยมได้ไม่เกิน 4 ตำแหน่ง"),
        (1e12, "ตัวเลขใหญ่เกินไป"),
        (1e300, "เป็นตัวเลขไม่ได้"),
        (True, "เป็นตัวเลขไม่ได้"),
        (date(2017, 2, 1), "เป็นวันที่หรือเวลา"),
        (time(8, 30), "เป็นวันที่หรือเวลา"),
        ("#DIV/0!", "ข้อผิดพลาด #DIV/0!"),
        ("=1+1", "เป็นสูตรที่ยังไม่มีผลลัพธ์"),
        ("ไม่เกี่ยวข้อง", "เป็นตัวเลขไม่ได้"),
        ("A" * 40_000, "เป็นตัวเลขไม่ได้"),
    ],
)
def test_what_is_no_number_is_told_by_cell_and_nothing_is_written(desk, value, says):
    response = desk.send(edited(desk.download(), fill(MARCH, A=value, B=100)))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'<b lang="th">{MARCH}!G5</b> · 7(1) A' in page
    assert says in page
    assert 'name="changes"' not in page
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("๓๓,๖๐๐.๕", "33600.5"),
        (" 33600 ", "33600"),
        ("\u00a033600\u00a0", "33600"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 3, "3.3"),
        (33600.0, "33600"),
        (0, "0"),
        ("+7", "7"),
        (12345678901.2345, "12345678901.2345"),
    ],
)
def test_numbers_as_they_are_shown(desk, value, number):
    desk.round_trip(fill(MARCH, A=value))
    assert numbers("7(1)", 6) == {"A": Decimal(number)}


def test_a_formula_counts_with_what_it_came_to(desk):
    """As Excel and LibreOffice save it: the formula with its result."""
    content = edited(desk.download(), fill(MARCH, A="=16800*2"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        name = next(name for name in package.namelist() if b"<f>16800*2</f>" in package.read(name))
        sheet = re.sub(rb"(<f>16800\*2</f>)<v *(/>|></v>)", rb"\1<v>33600</v>", package.read(name))
    assert b"<v>33600</v>" in sheet
    desk.apply(desk.send(repacked(content, **{name.replace("/", "__").replace(".", "_dot_"): sheet})))
    assert numbers("7(1)", 6) == {"A": Decimal(33600)}


def test_percentages_of_what_is_one(desk):
    """85% is 85 where the item itself is a percentage, by sign and by the cell's format."""
    DataItem.objects.filter(version__indicator__code="7(1)").update(unit="ร้อยละ")

    def edit(book):
        fill(MARCH, A="85.5 %", B=0.07)(book)
        cell_of(book, "7(1)", "B", MARCH).number_format = FORMAT_PERCENTAGE_00

    desk.round_trip(edit)
    assert numbers("7(1)", 6) == {"A": Decimal("85.5"), "B": Decimal(7)}


def test_a_percent_sign_that_only_stands_beside_the_number(desk):
    def edit(book):
        fill(MARCH, A=85, B=7)(book)
        cell_of(book, "7(1)", "A", MARCH).number_format = '0.0"%"'
        cell_of(book, "7(1)", "B", MARCH).number_format = "0\\%"

    desk.round_trip(edit)
    assert numbers("7(1)", 6) == {"A": Decimal(85), "B": Decimal(7)}


def test_a_percentage_of_a_count_is_asked_back(desk):
    def edit(book):
        fill(MARCH, A=0.85)(book)
        cell_of(book, "7(1)", "A", MARCH).number_format = "0%"

    assert "“85%” มีเครื่องหมายร้อยละ" in desk.send(edited(desk.download(), edit)).content.decode()


@given(st.decimals(min_value=0, max_value=10**11, places=4, allow_nan=False, allow_infinity=False))
def test_every_number_that_can_be_stored_survives_a_spreadsheet(number):
    """As a spreadsheet keeps it: a binary fraction."""
    if number >= 10**11 or len(number.normalize().as_tuple().digits) > 15:
        return
    assert Decimal(number_text(float(number))) == number


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail))
def test_whatever_comes_is_told_in_a_sentence(plan, content):
    with pytest.raises(FileError) as told:
        read_workbook(SimpleUploadedFile("kpi.xlsx", content), OrgUnit.objects.get(code="PST_OPD"))
    assert len(told.value.message) > 10


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_workbook_with_a_flipped_byte_is_read_or_told(filled, data):
    place = data.draw(st.integers(0, len(filled) - 1))
    broken = filled[:place] + bytes([filled[place] ^ data.draw(st.integers(1, 255))]) + filled[place + 1 :]
    try:
        found: object = read_workbook(SimpleUploadedFile("kpi.xlsx", broken), OrgUnit.objects.get(code="PST_OPD"))
    except FileError as error:
        found = error.message
    assert found


def with_shared_strings(content: bytes) -> bytes:
    """Texts in one list instead of in the cells, as Excel and LibreOffice write them."""
    texts: list[bytes] = []

    def share(match: re.Match) -> bytes:
        texts.append(match[2])
        return match[1].replace(b"inlineStr", b"s") + b"<v>%d</v></c>" % (len(texts) - 1)

    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                cells = rb'(<c [^>]*t="inlineStr"[^>]*>)<is>(.*?)</is></c>'
                parts[name] = re.sub(cells, share, package.read(name), flags=re.DOTALL)
        types, links = (package.read(name) for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"))
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/>'
    parts["[Content_Types].xml"] = types.replace(b"</Types>", part + b"</Types>")
    rel = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rShared" Type="' + rel + b'" Target="/xl/sharedStrings.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = links.replace(b"</Relationships>", link + b"</Relationships>")
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = b"".join(b"<si>" + text + b"</si>" for text in texts)
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="' + space + b'">' + strings + b"</sst>"
    assert len(texts) > 50
    return repacked(content, **parts)


def test_saved_by_another_program(desk, filled):
    """The same texts come out of a list that all sheets share, and the stamp with them."""
    assert changes_of(desk.send(with_shared_strings(filled))) == {f"{MARCH}!G5": "41000", f"{MARCH}!G6": "100"}


def test_the_other_language_reads_the_same_file(desk, filled):
    desk.client.post("/i18n/setlang/", {"language": "en"})
    assert len(changes_of(desk.send(filled))) == 2
    assert opened(desk.download()).sheetnames[0] == "คำแนะนำ"


def test_only_who_enters_for_the_unit(client, cast, filled):
    for user in (cast.reviewer, cast.executive, cast.other_head, cast.outsider):
        client.force_login(user)
        assert client.post(url_of("PST_OPD"), {"file": SimpleUploadedFile("a.xlsx", filled)}).status_code == 404
