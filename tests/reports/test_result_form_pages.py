"""The official result form from the database: page, PDF, Excel; who sees what on it."""

import io
import subprocess
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from indicators.models import Result
from strategy.models import Membership, OrgUnit

PDF, XLSX, PAGE = "result_form_pdf", "result_form_xlsx", "result_form"


@pytest.fixture
def get(client):
    def fetch(user, name, *args):
        client.force_login(user)
        return client.get(reverse(name, args=args))

    return fetch


def pdf_text(content: bytes, tmp_path) -> str:
    path = tmp_path / "form.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def test_the_page_has_all_parts_of_the_paper(get, cast, approved):
    result = approved("7(1)", A=33600, B=200)
    page = strip_tags(get(cast.executive, PAGE, result.round_id).content.decode())
    for text in (
        "แบบฟอร์มรายงานผลการดำเนินงานตัวชี้วัด", "ประจำปีงบประมาณ 2560", "ระยะเวลารอคอย OPD ลดลง", "มีนาคม 2560", "33,600/200",
        "168.00", "&lt;170 นาที", "186 - 190", "≤170", "ปัญหาและอุปสรรค", "ข้อเสนอแนะ/โอกาสพัฒนา", "งบฯ ที่ได้รับจัดสรรทั้งสิ้น",
        "ผ่าน", "สูตร A/B = 33600/200 = 168",
    ):  # fmt: skip
        assert text in page


def test_the_pdf_can_be_copied(get, cast, approved, tmp_path):
    result = approved("7(1)", A=33600, B=200)
    response = get(cast.executive, PDF, result.round_id)
    assert response["Content-Type"] == "application/pdf"
    assert "attachment" in response["Content-Disposition"]
    assert quote("แบบรายงานผลตัวชี้วัด 7(1) (มีนาคม 2560)", safe="") + ".pdf" in response["Content-Disposition"]
    text = pdf_text(response.content, tmp_path)
    for word in ("แบบฟอร์มรายงานผลการดำเนินงาน", "ระยะเวลารอคอย", "168.00", "≤170", "เกณฑ์ผ่าน", "ข้อเสนอแนะ"):
        assert word in text


def test_the_workbook_has_numbers(get, cast, approved):
    result = approved("7(1)", A=33600, B=200)
    book = load_workbook(io.BytesIO(get(cast.executive, XLSX, result.round_id).content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert 168 in cells
    assert 5 in cells
    assert "ระยะเวลารอคอย OPD ลดลง" in " ".join(str(c) for c in cells)


@pytest.mark.parametrize(
    ("person", "sees"), [("head", True), ("reviewer", True), ("executive", True), ("other_head", False)]
)
def test_values_not_yet_approved(person, sees, get, cast, submitted):
    result = submitted("7(1)", A=33600, B=200)
    page = get(getattr(cast, person), PAGE, result.round_id).content.decode()
    assert ("33,600/200" in strip_tags(page)) is sees
    assert "ส่งแล้ว รอตรวจสอบ" in page
    assert ("ตัวเลขนี้ยังไม่ได้รับอนุมัติ" in page) is sees


def test_approved_values_are_final(get, cast, approved):
    result = approved("7(1)", A=33600, B=200)
    assert "ตัวเลขนี้ยังไม่ได้รับอนุมัติ" not in get(cast.executive, PAGE, result.round_id).content.decode()


def test_a_pair_is_a_pair_over_the_year_too(get, cast, approved, plan):
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    result = approved("2", A=7000, B=3000, C=10000)
    page = get(cast.executive, PAGE, result.round_id).content.decode()
    assert "70.00 : 30.00" in page.partition("สะสมตั้งแต่ต้นปีงบประมาณ")[2]


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_year_that_rests_on_demo_results_is_marked(is_demo, get, cast, approved):
    first = approved("7(1)", number=1, A=33600, B=200)
    Result.objects.filter(pk=first.pk).update(is_demo=is_demo)
    result = approved("7(1)", A=33600, B=200)
    page = get(cast.executive, PAGE, result.round_id).content.decode()
    assert ("ข้อมูลสาธิต" in page.partition('class="paper"')[2]) is is_demo


def test_a_round_without_result_is_a_blank_form(get, cast, round_of):
    page = get(cast.head, PAGE, round_of("7(1)").pk).content.decode()
    assert "ยังไม่รายงาน" in page
    assert "ยังไม่ถึงกำหนด" in get(cast.head, PAGE, round_of("7(1)", 9).pk).content.decode()


@pytest.mark.parametrize("name", [PAGE, PDF, XLSX])
def test_strangers_get_404(name, get, cast, round_of, client):
    assert get(cast.outsider, name, round_of("7(1)").pk).status_code == 404
    client.logout()
    assert client.get(reverse(name, args=[round_of("7(1)").pk])).status_code == 302


@pytest.mark.parametrize("code", ["7(2)", "26", "27", "11", "13"])
def test_a_kpi_made_of_others_has_a_table_for_each(code, get, cast, indicator):
    of = indicator(code)
    page = get(cast.executive, "indicator_form", of.pk, 2560, 6).content.decode()
    for child in of.children.all():
        assert child.name.replace("<", "&lt;").replace("&", "&amp;").replace("&amp;lt;", "&lt;") in page


def test_the_mean_of_groups_on_the_form(get, cast, approved, indicator):
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="PST_ER"), role="head")
    approved("7(2)(1)", A=19, B=100)
    approved("7(2)(2)", A=23, B=100)
    approved("7(2)(3)", A3=1, B3=100, A4=0, B4=0, A5=2, B5=100)
    page = get(cast.executive, "indicator_form", indicator("7(2)").pk, 2560, 6).content.decode()
    assert "4.6667" in page  # (5 + 4 + 5) / 3


def test_a_kpi_whose_part_is_missing_says_that_it_does_not_count_yet(get, cast, approved, indicator, plan):
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    approved("7(2)(1)", A=19, B=100)
    page = get(cast.executive, "indicator_form", indicator("7(2)").pk, 2560, 6).content.decode()
    assert "ส่วนย่อย 7(2)(2), 7(2)(3) ยังไม่รายงาน ผลรวมทางการจึงนับเป็นระดับ 0" in page


def test_a_simple_kpi_goes_to_its_round(get, cast, indicator, round_of):
    response = get(cast.executive, "indicator_form", indicator("7(1)").pk, 2560, 6)
    assert response.url == reverse(PAGE, args=[round_of("7(1)").pk])


@pytest.mark.parametrize(("year", "number"), [(2560, 0), (2560, 13), (99, 1), (2599, 6)])
def test_a_month_that_is_not_there(year, number, get, cast, indicator):
    assert get(cast.executive, "indicator_form", indicator("7(2)").pk, year, number).status_code == 404
