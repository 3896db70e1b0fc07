"""What the preview of a file tells besides its changes: cells left alone, warnings to come, rows that are gone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.uploads import MAX_BYTES
from indicators.workbooks.sheet import INPUT_COLUMN, KEY_COLUMN
from tests.indicators.workbooks import Desk, cell_of, edited, fill, numbers, url_of

pytestmark = pytest.mark.django_db
MARCH = "มี.ค. 2560"


@pytest.fixture
def desk(client, cast) -> Desk:
    return Desk(client, cast.head, "PST_OPD")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


# Cells that were not edited in the file, and were on the page since


@pytest.fixture
def old_file(desk, cast, saved) -> bytes:
    """A file with A 33,600 and B 200, which are 36,000 and 0 by now."""
    saved("7(1)", 6, A=33600, B=200)
    content = desk.download()
    saved("7(1)", 6, by=cast.reporter, A=36000, B=0)
    return content


def test_an_old_file_that_nobody_has_edited(desk, old_file):
    response = desk.send(old_file)
    page = text_of(response)
    assert [line.place for line in response.context["preview"].left] == [f"{MARCH}!G5", f"{MARCH}!G6"]
    assert "ไม่ได้แก้ในไฟล์ 2 ช่อง (ในระบบเปลี่ยนหลังดาวน์โหลด ไม่ถูกเขียนทับ)" in page
    for said in ("33,600", "36,000", "ไม่มีอะไรต้องบันทึก", "ช่องที่ในระบบเปลี่ยนหลังดาวน์โหลด"):
        assert said in page
    assert "ตรงกับที่บันทึกไว้" not in page
    assert numbers("7(1)", 6) == {"A": 36000, "B": 0}


def test_only_the_edited_cell_is_written(desk, old_file):
    preview = desk.send(edited(old_file, fill("เม.ย. 2560", A=5)))
    assert "ไม่ได้แก้ในไฟล์ 2 ช่อง" in text_of(preview)
    assert desk.apply(preview).status_code == 302
    assert (numbers("7(1)", 6), numbers("7(1)", 7)) == ({"A": 36000, "B": 0}, {"A": 5})


def test_they_are_told_again_when_the_preview_comes_again(desk, cast, saved, old_file):
    preview = desk.send(edited(old_file, fill(MARCH, A=41000)))
    again = desk.apply(preview)
    assert again.status_code == 422
    assert [line.given.code for line in again.context["preview"].left] == ["B"]
    assert again.context["preview"].same == preview.context["preview"].same == 0


def test_a_file_that_is_as_saved_says_so(desk, saved):
    saved("7(1)", 6, A=33600, B=200)
    page = text_of(desk.send(desk.download()))
    assert "ตรงกับที่บันทึกไว้ 2 ช่อง" in page
    assert "ทุกช่องในไฟล์ตรงกับที่บันทึกไว้แล้ว" in page


# Warnings that want an answer


def test_the_warnings_that_the_numbers_bring(desk):
    page = text_of(desk.send(edited(desk.download(), fill(MARCH, A=41000, B="190.5"))))
    assert "190.5 ควรเป็นจำนวนเต็ม" in page
    assert "คำเตือนที่ต้องตอบก่อนส่งผลงาน" in page


def test_what_is_answered_already_is_not_asked(desk, saved):
    desk.round_trip(fill(MARCH, A=41000, B="190.5"))
    preview = desk.send(edited(desk.download(), fill(MARCH, A=42000)))
    key = next(key for key in preview.context["page"].asked[0].keys if key.startswith("not_whole"))
    result = preview.context["preview"].changes[0].row.result
    type(result).objects.filter(pk=result.pk).update(warning_comments={key: "ครึ่งเวลานับครึ่งคน"})
    assert "ควรเป็นจำนวนเต็ม" not in text_of(desk.send(edited(desk.download(), fill(MARCH, A=42000))))


def test_all_of_it_costs_a_dozen_queries(desk, old_file):
    content, url = edited(old_file, fill("เม.ย. 2560", A=41000, B="190.5")), url_of(desk.unit)
    with CaptureQueriesContext(connection) as cost:
        response = desk.client.post(url, {"file": SimpleUploadedFile("kpi.xlsx", content)})
    page = response.context["page"]
    assert (len(page.asked), len(page.preview.left)) == (1, 2)
    assert len(cost) <= 12, "\n".join(each["sql"][:200] for each in cost.captured_queries)


def test_where_the_help_is_not_the_box_does_not_point_at_it(desk):
    """The box for the mended file stands without the steps around it."""
    assert 'aria-describedby="file-help"' in text_of(desk.send(b"no workbook"))
    page = text_of(desk.send(edited(desk.download(), fill(MARCH, A="แปด"))))
    assert 'id="id_file"' in page
    assert "file-help" not in page


def test_a_file_that_cannot_be_saved_yet_asks_nothing(desk):
    page = text_of(desk.send(edited(desk.download(), fill(MARCH, A="สิบ", B="190.5"))))
    assert "คำเตือนที่ต้องตอบก่อนส่งผลงาน" not in page


# Rows that are gone


def gone(item: str):
    def edit(book) -> None:
        cell = cell_of(book, "7(1)", item, MARCH)
        assert cell.column == INPUT_COLUMN
        cell.parent.delete_rows(cell.row)

    return edit


def test_a_deleted_row_is_counted(desk):
    page = text_of(desk.send(edited(desk.download(), gone("B"))))
    assert "ไม่มีในไฟล์แล้ว 1 แถว เพราะแผ่นงาน แถว หรือคอลัมน์ถูกลบ จึงไม่เปลี่ยน: 7(1) B" in page


@pytest.mark.parametrize("column", [INPUT_COLUMN, KEY_COLUMN])
def test_a_deleted_column_is_told_and_no_number_is_taken_from_beside_it(desk, column):
    def edit(book) -> None:
        fill(MARCH, A=41000, B=100)(book)
        book[MARCH].delete_cols(column)

    response = desk.send(edited(desk.download(), edit))
    assert response.context["preview"].changes == []
    assert "ไม่มีในไฟล์แล้ว 2 แถว เพราะแผ่นงาน แถว หรือคอลัมน์ถูกลบ จึงไม่เปลี่ยน: 7(1) A, 7(1) B" in text_of(response)


# A file that is too large


def test_a_large_file_is_to_be_downloaded_again(desk):
    page = text_of(desk.send(b"PK\x03\x04" + b"x" * MAX_BYTES))
    assert "ไฟล์ใหญ่เกิน 5 MB" in page
    assert "ให้ดาวน์โหลดไฟล์จากหน้านี้อีกครั้ง แล้วกรอกในไฟล์นั้น" in page
    assert "แบ่งไฟล์" not in page
