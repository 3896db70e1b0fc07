"""The plan's dashboard: figures, states, months, filters, who may see it and what it costs."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from indicators.models import IndicatorVersion, Result
from reports.months import MonthError, chosen_month
from strategy.models import Membership, OrgUnit, Plan

pytestmark = pytest.mark.django_db
QUERIES = 11  # session, user, memberships, what waits; plan; templates, items, bands, rounds, values; its closing


@pytest.fixture
def approved(approved, cast, plan):
    """As in the cast, but the head enters for every unit of the hospital."""
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    return approved


@pytest.fixture
def page(client, cast):
    """The text of the page, without tags and with single spaces."""

    def fetch(query="", by=None):
        client.force_login(by or cast.executive)
        response = client.get(reverse("dashboard") + query)
        assert response.status_code == 200
        return response.content.decode()

    return fetch


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def line(html, code):
    """The cells of one KPI's line: name, level, outcome, value, target, weight, latest."""
    rows = re.findall(r'<tr class="kpi-row.*?</tr>', html, re.S)
    found = [plain(row) for row in rows if re.search(rf'code">{re.escape(code)}<', row)]
    return found[0] if found else None


def test_sentence_and_five_figures(page, approved):
    approved("7(1)", A=33600, B=200)  # level 5, weight 2
    approved("5", A=12, B=100)  # level 3, fails, weight 3
    html = page()
    text = plain(html)
    # 19 / 71, x 20; 5 of the 71 that are due
    sentence = (
        "ณ สิ้นเดือนมีนาคม 2560 ผลรวมตามเกณฑ์ทางการ 0.2676 จาก 5 (5.35 %, เกรด F) "
        "รายงานแล้ว 7.04 % ของน้ำหนักที่ถึงกำหนด; ไม่ผ่าน 1 ตัว ยังไม่รายงาน 29 ตัว"
    )
    assert sentence in text
    figures = [plain(one) for one in re.findall(r'<div class="five-one.*?</div>', html, re.S)]
    assert figures == [
        "ผลรวมทางการ 0.2676 5.35 %, เกรด F ที่ถึงกำหนดแต่ยังไม่รายงาน นับเป็นระดับ 0",
        "เฉพาะที่รายงานแล้ว 3.8000 76.00 % ไม่นับตัวที่ยังไม่รายงาน",
        "ความครอบคลุม 7.04 % น้ำหนักที่รายงานแล้ว 5 จาก 71 ที่ถึงกำหนด",
        "ปีนี้ไปได้สูงสุด 5.0000 100.00 % ถ้าทุกตัวที่ยังเหลืองวดได้ระดับ 5",
        "ปีนี้ลงได้ต่ำสุด 0.0000 0.00 % ถ้าทุกตัวที่ยังเหลืองวดได้ระดับ 0",
    ]


def test_every_kpi_has_its_line_and_its_state(page, approved):
    approved("7(1)", A=33600, B=200)
    approved("29", A=0, B=100)
    approved("16", A=0, B=0)
    approved("24(1)", A=5, B=0)
    approved("5", 5, A=8, B=100)
    html = page()
    assert html.count('class="code"') == 59
    assert line(html, "7(1)").endswith("ระดับ 5 ผ่าน 168.00 นาที <170 นาที 2 168.00 มี.ค. 2560")
    assert "ระดับ 0 ไม่ผ่าน 0.00 ร้อยละ" in line(html, "29")
    assert "– ไม่มีผู้รับบริการเข้าเกณฑ์ – " in line(html, "16")
    assert "– คำนวณไม่ได้ – " in line(html, "24(1)")
    assert "– ยังไม่รายงาน 8.00 ร้อยละ" in line(html, "5")  # February is approved, March is not
    assert line(html, "5").endswith("8.00 ก.พ. 2560")
    assert "– ยังไม่ถึงกำหนด – " in line(html, "1")
    assert line(html, "7") == "7 ระยะเวลารอคอย"


def test_level_between_has_the_colour_of_its_floor(page, approved):
    approved("7(2)(1)", A=10, B=100)
    approved("7(2)(2)", A=25, B=100)
    approved("7(2)(3)", A3=12, B3=100, A4=10, B4=100, A5=0, B5=0)
    html = page()
    assert re.search(r'class="level level-4">.*?4\.3333', html)
    assert html.index(">7(2)<") < html.index(">7(2)(1)<") < html.index(">7(3)<")
    assert re.search(r'kpi-row depth-2"[^>]*>.*?7\(2\)\(1\)', html, re.S)


def test_level_leads_to_the_reasons(page, approved, indicator):
    approved("7(1)", A=33600, B=200)
    pk = indicator("7(1)").pk
    html = page()
    assert f'href="/indicators/{pk}/?month=2560-03#why"' in html
    assert f'hx-get="/indicators/{pk}/why/?month=2560-03"' in html
    assert f'<tr class="why-row" id="why-{pk}" hidden></tr>' in html


def test_nothing_due_is_a_sentence(page):
    text = plain(page("?month=2560-05"))
    assert "พฤษภาคม 2560 ยังไม่สิ้นสุด ตัวเลขเป็นเท่าที่อนุมัติถึงวันนี้ (15 เมษายน 2560): ผลรวมตามเกณฑ์ทางการ 0.0000 จาก 5" in text
    html = page("?year=2561")
    assert "(15 เมษายน 2560): ยังไม่มีตัวชี้วัดที่ถึงกำหนดรายงาน จึงยังไม่มีผลรวม" in plain(html)
    assert "เกรด" not in plain(html)


def test_year_without_templates_says_what_will_be_here(page):
    IndicatorVersion.objects.filter(fiscal_year=2563).update(is_active=False)
    assert "แผนนี้ยังไม่มีตัวชี้วัดของปีงบประมาณ 2563" in plain(page("?year=2563"))


def test_theme_and_issue_totals(page, approved):
    approved("7(1)", A=33600, B=200)
    rows = [plain(row) for row in re.findall(r"<tr.*?</tr>", page().partition('id="kpis"')[0], re.S)]
    assert any(row.startswith("ด้านคุณภาพ 0.1980") for row in rows)  # 10 / 50.5 that are due
    assert any(re.match(r"2 SE .* 0\.2299 4\.60 5\.0000 4\.60 5\.0000 0\.0000 51$", row) for row in rows)  # of 43.5


def test_filters(page, approved):
    approved("7(1)", A=33600, B=200)
    approved("5", A=12, B=100)
    failed = page("?show=failed")
    assert re.findall(r'code">(.*?)<', failed) == ["5"]
    missing = re.findall(r'code">(.*?)<', page("?show=missing"))
    assert "7(1)" not in missing
    assert {"7", "7(2)", "7(2)(1)", "7(3)"} <= set(missing)
    assert re.search(r'show=failed#kpis" +aria-current="true"', " ".join(failed.split()))
    assert page("?show=nonsense").count('class="code"') == 59


def test_old_failure_of_a_missing_report_is_missing_not_failed(page, approved):
    approved("5", 5, A=12, B=100)  # February failed; March is due and not there
    assert "ไม่ผ่าน 0 ตัว ยังไม่รายงาน 31 ตัว" in plain(page())
    assert line(page("?show=failed"), "5") is None


def test_filter_that_finds_nothing(page):
    assert "ไม่มีตัวชี้วัดที่ไม่ผ่านเกณฑ์" in plain(page("?show=failed"))


def test_month_form_keeps_what_was_chosen(page):
    html = " ".join(page("?plan=KKH2560&month=2559-12&show=missing").split())
    assert '<input type="hidden" name="plan" value="KKH2560">' in html
    assert '<input type="hidden" name="show" value="missing">' in html
    assert '<option value="2559-12" selected>ธันวาคม 2559</option>' in html
    assert '<option value="2560" selected>2560</option>' in html


MONTHS = {
    ("", ""): date(2017, 3, 31),
    ("2560", ""): date(2017, 3, 31),
    ("", "2560-01"): date(2017, 1, 31),
    ("", "๒๕๖๐-๐๑"): date(2017, 1, 31),
    ("2561", ""): date(2017, 10, 31),
    ("2561", "2560-03"): date(2018, 3, 31),
    ("2560", "2559-12"): date(2016, 12, 31),
    ("2562", "2559-12"): date(2018, 12, 31),
}


@pytest.mark.parametrize(("year", "month"), MONTHS)
def test_chosen_month(year, month, plan):
    assert chosen_month(plan, year, month, date(2017, 4, 15)).until == MONTHS[year, month]


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2016, 8, 1), date(2016, 10, 31)),
        (date(2016, 10, 20), date(2016, 10, 31)),
        (date(2017, 10, 5), date(2017, 9, 30)),
        (date(2026, 11, 22), date(2020, 9, 30)),
    ],
)
def test_last_ended_month_within_the_plan(today, until, plan):
    assert chosen_month(plan, "", "", today).until == until


BAD = [
    ("2559", ""),
    ("", "2560-13"),
    ("", "2559-09"),
    ("", "2017-03"),
    ("x", ""),
    ("", "มีนาคม"),
    ("", "2560-0"),
    ("9" * 5000, ""),
]


@pytest.mark.parametrize(("year", "month"), BAD)
def test_no_such_month(year, month, plan, client, cast):
    with pytest.raises(MonthError):
        chosen_month(plan, year, month, date(2017, 4, 15))
    client.force_login(cast.head)
    assert client.get(reverse("dashboard"), {"year": year, "month": month}).status_code == 404


@pytest.mark.parametrize("person", ["reporter", "head", "other_head", "reviewer", "executive", "administrator"])
def test_open_to_everybody_of_the_hospital(person, cast, page):
    assert "ภาพรวมแผน" in page(by=getattr(cast, person))


def test_strangers(client, cast):
    url = reverse("dashboard")
    assert client.get(url).headers["Location"] == f"/accounts/login/?next={url}"
    client.force_login(cast.outsider)
    response = client.get(url)
    assert response.status_code == 404
    assert "ยังไม่มีบทบาทในหน่วยงานใด" in response.content.decode()


def test_plan_of_another_hospital(client, cast):
    other = OrgUnit.objects.create(code="OTHER", name="โรงพยาบาลอื่น", kind="hospital")
    Plan.objects.create(code="OTHER", name="แผนอื่น", unit=other, first_year=2560, last_year=2560)
    client.force_login(cast.executive)
    assert client.get(reverse("dashboard"), {"plan": "OTHER"}).status_code == 404
    assert client.get(reverse("dashboard"), {"plan": "KKH2560"}).status_code == 200


def test_a_code_that_no_plan_can_have(client, cast):
    """PostgreSQL refuses a NUL in a text."""
    client.force_login(cast.executive)
    assert client.get(reverse("dashboard"), {"plan": "KKH\0"}).status_code == 404


def test_without_a_readable_grade_there_is_none(page, approved, plan):
    approved("7(1)", A=33600, B=200)
    assert ", เกรด F)" in plain(page())
    plan.grades = [*plan.grades[:-1], {"grade": "F", "text": "ต่ำกว่าครึ่ง"}]
    plan.save()
    assert "เกรด" not in plain(page())


@pytest.mark.parametrize("codes", [["7(1)"], ["1", "5", "7(1)"], None], ids=["1", "3", "59"])
def test_queries(codes, client, cast, approved, django_assert_num_queries):
    approved("7(1)", A=33600, B=200)
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    if codes:
        IndicatorVersion.objects.exclude(indicator__code__in=codes).update(is_active=False)
    client.force_login(cast.head)
    with django_assert_num_queries(QUERIES):
        assert client.get(reverse("dashboard")).status_code == 200


def test_strict_content_policy(page, approved):
    approved("7(1)", A=33600, B=200)
    html = page()
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize(("month", "is_ahead"), [("2560-03", False), ("2560-04", True), ("2560-09", True)])
def test_a_month_that_lies_ahead_says_so(client, cast, approved, month, is_ahead):
    approved("7(1)", A=33600, B=200)
    client.force_login(cast.executive)
    ahead = "ยังไม่สิ้นสุด ตัวเลขเป็นเท่าที่อนุมัติถึงวันนี้ (15 เมษายน 2560):"
    for url in (reverse("dashboard"), reverse("indicator", args=[Result.objects.get().round.indicator_id])):
        assert (ahead in client.get(url, {"month": month}).content.decode()) is is_ahead
