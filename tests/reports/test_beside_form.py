"""What a result form prints of evidence and recovery measures, as page, PDF and Excel."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Evidence, RecoveryMeasure
from strategy import clock
from tests.builders import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def beside(cast):
    """Evidence and a measure beside a result."""

    def put(result, *, what="เพิ่มช่องบริการ", status="open", by_when=date(2017, 5, 31), name="รายงาน.pdf", link=""):
        facts = {"link": link, "kind": "link"} if link else {"name": name, "kind": "file", "file": "ab/x", "size": 1}
        Evidence.objects.create(
            result=result, description="รายงานจาก HOSxP", added_by=cast.head, added_at=clock.now(), **facts
        )
        return RecoveryMeasure.objects.create(
            result=result, what=what, who="หัวหน้า OPD", by_when=by_when, status=status, created_by=cast.head,
            created_at=clock.now(),
        )  # fmt: skip

    return put


@pytest.fixture
def form(client, cast, round_of):
    def get(who="head", number=6, kind="", code="7(1)"):
        client.force_login(getattr(cast, who))
        return client.get(reverse(f"result_form{kind}", args=[round_of(code, number).pk]))

    return get


def test_the_form_prints_both(form, cast, beside, indicator):
    result = report(indicator("7(1)"), 6, cast, A=40000, B=200)
    beside(result)
    beside(result, link="https://hdc.moph.go.th/kkn/7", status="closed", what="ปรับตารางแพทย์")
    page = form().content.decode()
    for text in ("มาตรการแก้ไข", "เพิ่มช่องบริการ", "หัวหน้า OPD", "31 พ.ค. 2560", "กำลังดำเนินการ", "ปรับตารางแพทย์", "ปิดแล้ว"):
        assert text in page
    for text in ("หลักฐานอ้างอิง", "รายงานจาก HOSxP", "รายงาน.pdf", "https://hdc.moph.go.th/kkn/7", "head 15 เม.ย. 2560"):
        assert text in page


def test_without_them_the_form_is_as_before(form, cast, indicator):
    report(indicator("7(1)"), 6, cast, A=40000, B=200)
    page = form().content.decode()
    assert "ผู้รับผิดชอบ</" not in page
    assert "ไฟล์หรือลิงก์" not in page


def test_what_is_overdue_and_from_another_round_says_so(form, cast, beside, indicator):
    report(indicator("7(1)"), 6, cast, A=40000, B=200)
    beside(report(indicator("7(1)"), 4, cast, A=40000, B=200), by_when=date(2017, 4, 1))
    page = form().content.decode()
    assert "เลยกำหนด (กำลังดำเนินการ)" in page
    assert "(จากงวดที่สิ้นสุด 31 ม.ค. 2560)" in page
    assert "รายงานจาก HOSxP" not in page  # evidence of the other round is not this one's


def test_excel_has_them_as_cells(form, cast, beside, indicator):
    beside(report(indicator("7(1)"), 6, cast, A=40000, B=200))
    sheet = openpyxl.load_workbook(BytesIO(form(kind="_xlsx").content)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"เพิ่มช่องบริการ", "หัวหน้า OPD", "กำลังดำเนินการ", "รายงานจาก HOSxP", "รายงาน.pdf"} <= cells


def test_the_pdf_is_made(form, cast, beside, indicator):
    beside(report(indicator("7(1)"), 6, cast, A=40000, B=200), what="ก" * 2000)
    assert form(kind="_pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_who_may_not_see_the_values_sees_neither(status, form, cast, beside, indicator):
    beside(report(indicator("7(1)"), 6, cast, status=status, A=40000, B=200))
    assert "เพิ่มช่องบริการ" not in form("other_head").content.decode()
    assert "รายงานจาก HOSxP" not in form("other_head").content.decode()
    assert "เพิ่มช่องบริการ" in form("executive").content.decode()


def test_a_kpi_made_of_others_names_the_part(client, cast, beside, indicator):
    beside(report(indicator("7(1)"), 6, cast, A=40000, B=200))
    client.force_login(cast.executive)
    page = client.get(reverse("indicator_form", args=[indicator("7").pk, 2560, 6])).content.decode()
    assert "7(1): เพิ่มช่องบริการ" in page
    assert "7(1): รายงานจาก HOSxP" in page


@pytest.mark.parametrize("name", ["round", "made of others"])
def test_they_cost_no_query(name, client, cast, beside, indicator, round_of):
    def cost() -> int:
        client.force_login(cast.executive)
        args = [round_of("7(1)").pk] if name == "round" else [indicator("7").pk, 2560, 6]
        with CaptureQueriesContext(connection) as asked:
            page = reverse("result_form" if name == "round" else "indicator_form", args=args)
            assert client.get(page).status_code == 200
        return len(asked)

    result = report(indicator("7(1)"), 6, cast, A=40000, B=200)
    before = cost()
    for _row in range(3):
        beside(result)
    assert cost() == before <= 12
