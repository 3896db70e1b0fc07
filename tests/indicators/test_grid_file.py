"""A file for a grid: what is read, what is refused and how that is told, all or nothing, the file to start from."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from indicators.grids.files import Upload, template_file
from indicators.grids.reading import FileError, read_lines, text_of
from indicators.models import Result, ReviewEvent
from tests.indicators.grids import JULY, PASS, grid_of, load_province, person, url_of

HEAD = "code,EIA,TPS"


@pytest.fixture
def province(plan, settings):
    settings.KPITRACK_TODAY = JULY
    return load_province()


@pytest.fixture
def grid(province):
    return lambda: grid_of(province.enters, province.k405, 2566, 2)


@pytest.fixture
def send(client, province, grid):
    """Upload a file; the answer is the preview."""

    def post(content, name="eia.csv", user=None):
        client.force_login(user or province.enters)
        content = content.encode() if isinstance(content, str) else content
        return client.post(url_of(grid(), "grid_import"), {"file": SimpleUploadedFile(name, content)})

    return post


@pytest.fixture
def apply(client, grid):
    """Press the button of a preview."""

    def post(preview):
        text = preview.context["upload"].as_text
        return client.post(url_of(grid(), "grid_import"), {"changes": text})

    return post


def book(*rows, **sheets) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for name in sheets:
        made.create_sheet(name)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "a.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def cells(content: bytes) -> list:
    return [line.cells for line in read_lines(upload(content))]


# Reading

TABLE = [("code", "ชื่อ", "A"), ("1", "ก", "2")]


@pytest.mark.parametrize(
    "content",
    [
        "code,ชื่อ,A\n1,ก,2\n".encode(),
        "code,ชื่อ,A\r\n1,ก,2".encode("utf-8-sig"),
        "code;ชื่อ;A\r\n1;ก;2\r\n".encode("cp874"),
        "code\tชื่อ\tA\n1\tก\t2\n".encode("utf-16"),
        'code,"ชื่อ",A\n\n1,"ก"," 2 "\n,,\n'.encode(),
        book(["code", "ชื่อ", "A"], [1, "ก", 2.0]),
        book(["code", "ชื่อ", "A"], [], ["1", "ก ", "2"], second=1),
    ],
)
def test_files_as_people_save_them(content):
    assert cells(content) == TABLE


@pytest.mark.parametrize(
    ("cell", "text"),
    [(86.67, "86.67"), (0.1, "0.1"), (100.0, "100"), (7, "7"), (True, "1"), (None, ""), (" ก ", "ก"),
     (date(2023, 7, 5), "2023-07-05"), (0, "0"), (1e300, "1e+300")],
)  # fmt: skip
def test_a_cell_reads_as_it_was_typed(cell, text):
    assert text_of(cell) == text


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


BOMB = packed(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"\0" * (61 * 1024 * 1024))
MACROS = packed(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x")
LAUGHS = packed(xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "ไฟล์ว่างเปล่า"),
        (b" \n \n", "ไฟล์ว่างเปล่า"),
        (b",,\n,,\n", "ไฟล์ไม่มีข้อมูล"),
        (b"x" * (5 * 1024 * 1024 + 1), "ไฟล์ใหญ่เกิน 5 MB"),
        (b"code,A\n" + b"1,2\n" * 5001, "ไฟล์มีเกิน 5000 แถว"),
        (b"\xd0\xcf\x11\xe0rest", "มีรหัสผ่านหรือเป็นรุ่นเก่า"),
        (MACROS, "มีมาโคร"),
        (BOMB, "ขยายแล้วใหญ่เกินไป"),
        (LAUGHS, "มีส่วนที่ไม่ปลอดภัย"),
        (packed(word__document_xml=b"<x/>"), "ไม่ใช่ CSV หรือ Excel"),
        (packed(xl__workbook_xml=b"<x/>"), "เสียหรืออ่านไม่ได้"),
        (b"PK\x03\x04 nothing", "เสียหรืออ่านไม่ได้"),
        (book(["code", "A"])[:400], "เสียหรืออ่านไม่ได้"),
        (b"%PDF-1.7\0\0", "ไม่ใช่ CSV หรือ Excel"),
        (b'code,A\n"1' + b"x" * 200_000, "อ่านบรรทัดที่"),
    ],
)
def test_what_is_no_table_is_told_in_a_sentence(content, says):
    with pytest.raises(FileError, match=says):
        read_lines(upload(content))


def test_no_file_at_all():
    with pytest.raises(FileError, match="ยังไม่ได้เลือกไฟล์"):
        read_lines(None)


def test_a_great_file_is_not_even_read():
    class Great:
        size = 50 * 1024 * 1024

        def read(self):
            raise AssertionError("not to be read")

    with pytest.raises(FileError, match="ใหญ่เกิน"):
        read_lines(Great())


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_whatever_comes_is_read_or_told(content):
    try:
        found: list | str = read_lines(upload(content))
    except FileError as error:
        found = error.message
    assert found


# Against the grid


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["code,EIA,TPS\n10998,86.67,A\n11002,60,b\n", "CODE;ชื่อ;tps;eia\n๑๐๙๙๘;x;a;๘๖.๖๗\n11002;;B (80);60\n",
     "code,EIA,TPS\n10998,86.67,100\n11002,60,80"],
)  # fmt: skip
def test_the_changes_are_shown_and_then_written(send, apply, text):
    preview = send(text)
    assert preview.status_code == 200
    assert "ไฟล์นี้เปลี่ยน 2 รายการ" in preview.content.decode()
    assert not Result.objects.exists()
    assert apply(preview).status_code == 302
    values = Result.objects.order_by("measured_unit__code").values_list("measured_unit__code", "value", "level")
    assert [(code, str(value), int(level)) for code, value, level in values] == [
        ("10998", "93.3400", 5),
        ("11002", "70.0000", 2),
    ]


@pytest.mark.django_db
def test_an_excel_file_too(send, apply):
    apply(send(book(["code", "EIA", "TPS"], [10998, 86.67, "A"], ["KKH", 70, "c"]), "a.xlsx"))
    assert set(Result.objects.values_list("measured_unit__code", flat=True)) == {"10998", "KKH"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HEAD}\n99999,1,A\n", ["แถว 2 · code", "ไม่รู้จักรหัส “99999”"]),
        (f"{HEAD}\n10998,1,A\n11002,2,G\n", ["แถว 3 · TPS", "เลือก “G” ไม่ได้"]),
        (f"{HEAD}\n10998,120,A\n", ["แถว 2 · EIA", "ต้องไม่เกิน 100"]),
        (f"{HEAD}\n10998,แปดสิบ,A\n", ["แถว 2 · EIA", "เป็นตัวเลขไม่ได้"]),
        (f"{HEAD}\n10998,1,A\n\n10998,2,B\n", ["แถว 4 · code", "ซ้ำกับแถว 2"]),
        (f"{HEAD}\n,80,A\n", ["แถว 2 · code", "ไม่มีรหัส"]),
        ("code,EIA\n10998,80\n", ["หัวตารางขาดคอลัมน์ TPS"]),
        ("hospital,EIA,TPS\n10998,80,A\n", ["หัวตารางขาดคอลัมน์ code", "hospital"]),
        ("code,EIA,TPS,EIA\n10998,80,A,1\n", ["หัวตารางมีคอลัมน์ซ้ำ: eia"]),
        ("code,EIA,TPS,XYZ\n10998,80,A,1\n", ["แถว 1 · XYZ", "ไม่รู้จักคอลัมน์นี้"]),
        (f"{HEAD}\n", ["มีแต่หัวตาราง"]),
        ("", ["ไฟล์ว่างเปล่า"]),
    ],
)
def test_errors_are_told_by_row_and_cell_and_nothing_is_written(send, text, says):
    response = send(text)
    page = response.content.decode()
    assert response.status_code == 422
    assert [each for each in says if each not in page] == []
    assert 'name="changes"' not in page
    assert not Result.objects.exists()


@pytest.mark.django_db
def test_an_empty_cell_changes_nothing(send, apply):
    apply(send(f"{HEAD}\n10998,80,A\n"))
    preview = send(f"{HEAD}\n10998,,B\n11002,,\n")
    assert list(preview.context["upload"].changes.values()) == [{"TPS": 80}]
    assert "ทุกค่าในไฟล์ตรงกับที่บันทึกไว้แล้ว" in send(f"{HEAD}\n10998,80,A\n").content.decode()


@pytest.mark.django_db
def test_all_or_nothing_where_somebody_was_quicker(send, apply, province, grid, client):
    preview = send(f"{HEAD}\n10998,80,A\n11002,60,B\n")
    client.force_login(province.colleague)
    send(f"{HEAD}\n11002,70,C\n", user=province.colleague)
    from indicators.grids.actions import Typed, save_row

    row = next(row for row in grid().rows if row.code == "11002")
    save_row(row, by=province.colleague, typed=Typed({"EIA": "70"}, {}, 0))
    client.force_login(province.enters)
    response = apply(preview)
    assert response.status_code == 409
    assert "มีผู้อื่นบันทึกรายการนี้หลังจากที่ตรวจไฟล์" in response.content.decode()
    assert Result.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}x", '{"1": 2}', '{"1-1": [0, {"EIA": "1"}]}', '{"a": [1]}', "[" * 5000]
)
def test_a_preview_that_was_meddled_with(client, province, grid, text):
    client.force_login(province.enters)
    response = client.post(url_of(grid(), "grid_import"), {"changes": text})
    assert response.status_code == 422
    assert not Result.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "value"), [("EIA", "1000"), ("TPS", "55"), ("XYZ", "1"), ("EIA", "NaN"), ("EIA", "Infinity")]
)
def test_numbers_that_the_preview_did_not_show(client, province, grid, code, value):
    row = grid().rows[0]
    client.force_login(province.enters)
    text = f'{{"{row.key}": [0, {{"{code}": "{value}"}}]}}'
    assert client.post(url_of(grid(), "grid_import"), {"changes": text}).status_code == 422
    assert not Result.objects.exists()


@pytest.mark.django_db
def test_what_was_submitted_is_not_overwritten(send, apply, province, grid, client):
    apply(send(f"{HEAD}\n10998,80,A\n"))
    from indicators.grids.actions import submit_complete

    submit_complete(grid(), by=province.enters, locks={row.key: row.lock for row in grid().rows})
    page = send(f"{HEAD}\n10998,85,A\n").content.decode()
    assert "แก้ไข โรงพยาบาลชุมแพ ไม่ได้ สถานะคือ “ส่งแล้ว รอตรวจสอบ”" in page
    assert send(f"{HEAD}\n10998,80,A\n").status_code == 200  # the same is no change


@pytest.mark.django_db
def test_only_who_enters_may(client, province, grid):
    for user in (province.reviews, province.hospital):
        client.force_login(user)
        assert client.post(url_of(grid(), "grid_import"), {}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("head", ["code,fiscal_year,EIA,TPS", "รหัส,fiscal_year,EIA,TPS"])
def test_the_table_of_the_score_command_is_read_too(send, apply, grid, head):
    apply(send(f"{head}\n10998,๒๕๖๖,80,A\n"))
    row = next(row for row in grid().rows if row.code == "10998")
    assert {code: int(value) for code, value in row.data.items()} == {"EIA": 80, "TPS": 100}


@pytest.mark.django_db
def test_another_years_row_is_refused(send):
    page = send("code,fiscal_year,EIA,TPS\n10998,2565,80,A\n").content.decode()
    assert "ปีงบประมาณ 2565 ไม่ใช่ปีของตารางนี้ (2566)" in page
    assert not Result.objects.exists()


# The file to start from


@pytest.mark.django_db
def test_the_file_to_start_from_goes_back_in(send, apply, province, grid, client):
    apply(send(f"{HEAD}\n10998,80,A\n"))
    client.force_login(province.enters)
    response = client.get(url_of(grid(), "grid_template"))
    assert response["Content-Disposition"] == 'attachment; filename="k405-2566-2.xlsx"'
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert next(iter(rows)) == "code"
    assert rows["code"][2:] == ("EIA", "TPS")
    assert rows["10998"][2:] == (80, "A")
    assert len(rows) == 27
    assert Upload.of_file(grid(), upload(response.content)).changes == {}


@pytest.mark.django_db
def test_names_are_texts(plan, indicator):
    """A name that begins as a formula does is no formula in the file."""
    home = indicator("15(1)")
    home.children.update(name="=1+1")
    user = person("q", "QS", "head")
    sheet = load_workbook(io.BytesIO(template_file(grid_of(user, home, 2560, 6)))).active
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value == "=1+1"


@pytest.mark.django_db
def test_sub_indicators_by_their_code(plan, indicator, client):
    """Long as the plan has it, or short as THIP has it."""
    user = person("q", "QS", "head")
    grid = grid_of(user, indicator("15(2)"), 2560, 6)
    found = Upload.of_file(grid, upload(f"code,P\n15(2)(DH0101),{PASS}\ndh0110,{PASS}\n".encode()))
    assert found.errors == ()
    assert len(found.changes) == 2
    assert ReviewEvent.objects.count() == 0


@pytest.mark.django_db
def test_items_that_a_row_has_not(plan, indicator):
    user = person("q", "SP_BOARD", "head")
    grid = grid_of(user, indicator("14"), 2560, 1)
    found = Upload.of_file(grid, upload(b"code,A,B\n14(1),5,1\n14(2),4,8\n"))
    assert [(fault.place, fault.sentence) for fault in found.errors] == [("แถว 2 · B", "14(1) ไม่มีรายการข้อมูล B")]
