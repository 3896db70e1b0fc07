"""A frozen revision to read and to print: its page, its report, what changed since the last, the dashboard's line."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.closing.actions import reopen_period
from indicators.closing.frozen import Frozen
from indicators.models import Cancellation, Closure, Extension, IndicatorVersion, Result, ScoreBand
from indicators.revisions import next_revision
from reports.closing.differences import differences
from reports.closing.page import ClosurePage
from reports.closing.report import closing_report
from reports.closing.rows import ClosedRow, totals_of
from reports.documents.model import KeyValues
from reports.render import to_pdf, to_print_html
from strategy import clock
from strategy.models import OrgUnit
from tests.builders import K405_BANDS, K405_ITEMS, make, measure_in, report
from tests.closing.test_closing_pages import plain

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def read(client, cast):
    """The text of a closure's page."""
    return lambda closure, by=None: plain(_get(client, by or cast.executive, closure))


def _get(client, person, closure):
    client.force_login(person)
    response = client.get(reverse("closure", args=[closure.pk]))
    assert response.status_code == 200
    return response


def page_of(closure):
    return ClosurePage(Closure.objects.get(pk=closure.pk), before_of(closure))


def before_of(closure):
    return Closure.objects.filter(number=closure.number, revision=closure.revision - 1).first()


def pdf_text(content):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def row_of(closure, code) -> ClosedRow:
    return next(row for group in page_of(closure).groups for row in group.rows if row.code == code)


@pytest.fixture
def revised(approved, cast, indicator, close):
    """Two revisions of March: between them a value, a band, a target and a weight were changed, and one came in."""
    approved("5", 6, A=12, B=100)
    first = close(6, note="ครั้งแรก")
    reopen_period(closure=first, by=cast.reviewer, reason="นับผิด")
    approved("7(1)", 6, A=33600, B=200)
    Result.objects.filter(round__indicator__code="5").update(value=Decimal("11.5"), note="แก้")
    version = next_revision(version=IndicatorVersion.objects.get(indicator=indicator("10"), fiscal_year=2560))
    version.weight, version.template_target = 4, "2.20"
    version.save()
    ScoreBand.objects.filter(version=version, level=5).update(printed="≥2.20", correction="", reason="")
    return first, close(6)


# The page


def test_figures_of_one_kpi(approved, close, read):
    approved("7(1)", 6, A=33600, B=200)
    closure = close(6)
    row = row_of(closure, "7(1)")
    assert (row.value, row.unit, row.level, row.passed, row.weight, row.revision) == ("168.00", "นาที", 5, True, 2, "1")
    assert re.search(r"7\(1\) ระยะเวลารอคอย OPD ลดลง ระดับ 5 ผ่าน 168.00 นาที <170 นาที 2 1 ", read(closure))


def test_the_page_says_who_when_and_how_it_stood(approved, close, read):
    approved("7(1)", 6, A=33600, B=200)
    text = read(close(6, note="ปิดตามประกาศ"))
    assert "งวดมีนาคม 2560 ฉบับที่ 1" in text
    assert "ปิดโดย reviewer เมื่อ 15 เมษายน 2560" in text
    assert "ณ สิ้นเดือนมีนาคม 2560 ผลรวมทางการ 0.1408 จาก 5 (2.82 %, เกรด F) รายงานแล้ว 2.82 %" in text
    assert "ปิดตามประกาศ" in text


def test_waivers_with_their_state_and_reason(saved, close, read):
    saved("7(1)", 6, A=31415, B=200)
    text = read(close(6))
    assert "7(1) ระยะเวลารอคอย OPD ลดลง มีนาคม 2560 ฉบับร่าง PST OPD ระบบของหน่วยงานล่ม" in text
    assert "31,415" not in text
    assert "31415" not in text


def test_later_edits_do_not_show(approved, close, read):
    approved("7(1)", 6, A=33600, B=200)
    closure = close(6)
    head = "งวดมีนาคม 2560 ฉบับที่ 1"  # in the title, and on top below the navigation with its names
    before = read(closure).split(head)[2]
    IndicatorVersion.objects.update(template_target="0", plan_target="0", weight=1)
    Result.objects.update(value=1, level=0, passed=False)
    OrgUnit.objects.filter(code="KKH").update(name="ชื่อใหม่")
    assert read(closure).split(head)[2] == before


def test_what_today_would_compute_otherwise_reads_as_it_was(approved, close, monkeypatch):
    """The frozen figures are shown, not what the code of a later day makes of the frozen rows."""
    approved("7(1)", 6, A=33600, B=200)
    closure = close(6)
    monkeypatch.setattr("indicators.scorecards.Scorecard.level", Decimal(1))
    assert (row_of(closure, "7(1)").level, page_of(closure).totals.weight_due) == (5, 71)
    assert totals_of(closure.snapshot["totals"]["plan"]) == page_of(closure).totals


def test_an_old_revision_says_that_it_was_reopened(revised, read, cast):
    first, second = revised
    marked = "ฉบับที่ 1 (ถูกเปิดใหม่เมื่อ 15 เม.ย. 2560 โดย reviewer เพราะ นับผิด)"
    assert marked in read(first)
    assert marked not in read(second)
    assert "เปิดงวดใหม่" not in read(first, cast.reviewer)
    assert "เปิดงวดใหม่" in read(second, cast.reviewer)
    assert "เปิดงวดใหม่" not in read(second, cast.head)


def test_many_units_and_exceptions(plan, cast, close, read, indicator, round_of):
    many = make(plan, "K405", items=K405_ITEMS, bands=K405_BANDS, formula="(EIA + TPS) / 2", across_level=5)
    one, two = measure_in(many, ["H1", "H2"])
    report(many, 1, cast, unit=one, EIA=90, TPS=100)
    who = {"by": cast.reviewer, "at": clock.now()}
    Cancellation.objects.create(indicator=indicator("8"), fiscal_year=2560, day=date(2017, 3, 1), reason="เลิกวัด", **who)
    Extension.objects.create(
        round=round_of("7(1)"), measured_unit=plan.unit, until=date(2017, 4, 30), reason="ระบบล่ม", **who
    )
    closure = close(6)
    text = read(closure)
    assert "โรงพยาบาล H2" in text
    assert "8 ร้อยละของผู้ป่วยที่นอนเกินเกณฑ์มาตรฐาน (WTLOS) · ตั้งแต่ 1 มี.ค. 2560 · เลิกวัด" in text
    assert "ตัวชี้วัด 7(1) (มีนาคม 2560) · PST OPD · ถึง 30 เม.ย. 2560 · ระบบล่ม" in text
    assert (row_of(closure, "8").state, row_of(closure, "8").level) == ("cancelled", None)
    assert two.pk in {row.unit.pk for row in page_of(closure).waivers}


def test_every_part_of_the_page_is_one_link_away(revised, client, cast):
    """On a phone the page is long."""
    html = _get(client, cast.executive, revised[1]).content.decode()
    links, places = (set(re.findall(rf'{name}="#?([a-z]+-(?:title|\d+))"', html)) for name in ("href", "id"))
    assert links == {"changes-title", "waivers-title", "kpis-title", "issue-1", "issue-2", "issue-3", "issue-4"}
    assert links <= places


# What changed


def test_differences_name_everything_that_reads_otherwise(revised):
    _first, second = revised
    found = {kpi.code: {c.what: (c.before, c.after) for c in kpi.changes} for kpi in page_of(second).changes}
    assert set(found) == {"", "5", "7(1)", "10"}
    assert found["5"] == {"ผลงาน มีนาคม 2560": ("12.00 ระดับ 3 (A=12, B=100)", "11.50 ระดับ 3 (A=12, B=100)")}
    assert found["7(1)"]["ผลงานสะสม"] == ("–", "168.00")
    assert found["7(1)"]["สถานะ"] == ("ยังไม่รายงาน", "รายงานแล้ว")
    assert found["10"] == {
        "น้ำหนัก": ("3", "4"),
        "เป้าหมาย": ("2.00", "2.20"),
        "เกณฑ์ระดับ 5": ("≥2.00", "≥2.20"),
        "ฉบับของ Template": ("1", "2"),
    }
    assert set(found[""]) == {"ผลรวมทางการ", "น้ำหนักที่นับในผลรวม", "น้ำหนักที่ถึงกำหนด", "น้ำหนักที่รายงานแล้ว"}
    assert found[""]["น้ำหนักที่รายงานแล้ว"] == ("3", "5")  # 7(1) came in


def changes_of(closure):
    return {kpi.code: {c.what: (c.before, c.after) for c in kpi.changes} for kpi in page_of(closure).changes}


def test_more_time_does_not_read_as_reported(approved, close, cast, plan, round_of):
    """February is approved; March was missing, and after the reopening only has more time: February's counts."""
    approved("7(1)", 5, A=33600, B=200)
    reopen_period(closure=close(6), by=cast.reviewer, reason="ให้เวลาเพิ่ม")
    Extension.objects.create(
        round=round_of("7(1)"),
        measured_unit=plan.unit,
        until=date(2017, 4, 28),
        reason="ระบบล่ม",
        by=cast.reviewer,
        at=clock.now(),
    )
    found = changes_of(close(6))["7(1)"]
    assert found["สถานะ"] == (
        "ยังไม่รายงาน",
        "รายงานแล้วถึงงวด กุมภาพันธ์ 2560 ส่วนงวด มีนาคม 2560 ขยายเวลาถึง 28 เม.ย. 2560 ยังไม่ถึงกำหนด",
    )
    assert found["การขยายเวลาส่ง มีนาคม 2560"] == ("–", "ถึง 28 เม.ย. 2560")


def test_more_time_for_the_first_round_of_all(close, cast, plan, round_of):
    reopen_period(closure=close(1), by=cast.reviewer, reason="ให้เวลาเพิ่ม")
    Extension.objects.create(
        round=round_of("7(1)", 1),
        measured_unit=plan.unit,
        until=date(2017, 4, 28),
        reason="ระบบล่ม",
        by=cast.reviewer,
        at=clock.now(),
    )
    assert changes_of(close(1))["7(1)"]["สถานะ"] == ("ยังไม่รายงาน", "ขยายเวลาถึง 28 เม.ย. 2560 ยังไม่ถึงกำหนด")


def test_a_cancelled_weight_is_told_where_it_moves_the_total(close, cast, indicator):
    reopen_period(closure=close(6), by=cast.reviewer, reason="ยกเลิกตัวชี้วัด")
    Cancellation.objects.create(
        indicator=indicator("7(1)"),
        fiscal_year=2560,
        day=date(2017, 3, 1),
        reason="เลิกวัด",
        by=cast.reviewer,
        at=clock.now(),
    )
    found = changes_of(close(6))
    assert found[""] == {"น้ำหนักที่นับในผลรวม": ("94", "92"), "น้ำหนักที่ถึงกำหนด": ("71", "69")}
    assert found["7(1)"]["น้ำหนัก"] == ("2", "2 (ไม่นับในผลรวม)")
    assert found["7(1)"]["สถานะ"] == ("ยังไม่รายงาน", "ยกเลิกตั้งแต่ 1 มี.ค. 2560 เพราะ เลิกวัด")


def test_no_differences(close, cast, read):
    reopen_period(closure=close(6), by=cast.reviewer, reason="ปิดใหม่")
    second = close(6)
    assert page_of(second).changes == []
    assert "ไม่มีตัวเลขหรือเกณฑ์ใดต่างจากฉบับก่อน" in read(second)
    assert differences(Frozen(second.snapshot), Frozen(second.snapshot)) == []


def test_the_first_revision_has_none(close, read):
    assert "สิ่งที่ต่างจาก" not in read(close(6))


# The report


def test_the_report_has_all_kpis_with_bands_and_targets(revised):
    _first, second = revised
    document = closing_report(page_of(second))
    html = to_print_html(document)
    assert "รายงานปิดงวดมีนาคม 2560" in html
    printed = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    codes = {row.code for group in page_of(second).groups for row in group.rows}
    assert codes <= printed
    assert {"≥2.20", "2.20", "168.00", "≤170"} <= printed
    assert [signature.role for signature in document.signatures] == ["ผู้ปิดงวด", "ผู้อำนวยการ"]
    assert "สิ่งที่ต่างจากฉบับที่ 1" in html
    assert "ระบบของหน่วยงานล่ม" in html


def test_an_old_report_is_marked(revised):
    first, _second = revised
    assert "ฉบับที่ 1 (ถูกเปิดใหม่เมื่อ 15 เม.ย. 2560 โดย reviewer เพราะ นับผิด)" in to_print_html(closing_report(page_of(first)))


def test_an_empty_plan_has_a_report(close, plan):
    html = to_print_html(closing_report(page_of(close(6))))
    assert "ยังไม่รายงาน" in html


def test_files(client, cast, revised, monkeypatch):
    monkeypatch.setattr("reports.form_views.to_pdf", lambda document: b"%PDF-1.7 " + document.title.encode())
    client.force_login(cast.head)
    old, new = (client.get(reverse("closure_pdf", args=[closure.pk])) for closure in revised)
    assert old.content == new.content == "%PDF-1.7 รายงานปิดงวดมีนาคม 2560".encode()
    assert 'filename="closing-report.pdf"' in old["Content-Disposition"]
    response = client.get(reverse("closure_xlsx", args=[revised[1].pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    numbers = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert {168, 2, 5} <= set(numbers)  # value, weight and level of 7(1), as numbers
    [totals] = ([cell.value for cell in row if cell.value is not None] for row in sheet if row[0].value == "ด้านคุณภาพ")
    assert all(isinstance(value, int | float) for value in totals[1:])
    assert len(totals) == 8


def test_the_report_prints(revised):
    """Its first parts; the whole is the same tables again."""
    document = closing_report(page_of(revised[0]))
    text = pdf_text(to_pdf(replace(document, sections=document.sections[:2])))
    assert "รายงานปิดงวดมีนาคม 2560" in text
    assert "ผู้อำนวยการ" in text


# The dashboard


def line_of(client, month):
    text = plain(client.get(reverse("dashboard"), {"month": month}))
    found = re.search(r"(งวดนี้ปิดแล้ว|เดือนนี้อยู่ในงวดที่ปิด).*?ดูตัวเลขที่ตรึงไว้", text)
    return found[0] if found else ""


def test_the_dashboard_says_that_the_month_is_closed(client, cast, close):
    client.force_login(cast.head)
    assert line_of(client, "2560-03") == ""
    closure = close(6)
    assert line_of(client, "2560-03") == "งวดนี้ปิดแล้วเมื่อ 15 เม.ย. 2560 (ฉบับที่ 1) ดูตัวเลขที่ตรึงไว้"
    assert line_of(client, "2560-01") == "เดือนนี้อยู่ในงวดที่ปิดถึง 31 มี.ค. 2560 เมื่อ 15 เม.ย. 2560 ดูตัวเลขที่ตรึงไว้"
    assert line_of(client, "2560-04") == ""
    reopen_period(closure=closure, by=cast.reviewer, reason="นับผิด")
    assert line_of(client, "2560-03") == ""


def test_the_dashboard_leads_to_every_closing_of_the_month(client, cast, close):
    """Also while the period is open again, and to the revisions before."""
    client.force_login(cast.executive)
    first = close(6)
    reopen_period(closure=first, by=cast.reviewer, reason="นับผิด")
    page = plain(client.get(reverse("dashboard"), {"month": "2560-03"}))
    assert "งวดนี้เคยปิดแล้วและเปิดใหม่: ฉบับที่ 1" in page
    assert "เคยปิดแล้ว" not in plain(client.get(reverse("dashboard"), {"month": "2560-04"}))
    second = close(6)
    response = client.get(reverse("dashboard"), {"month": "2560-03"})
    assert "ดูตัวเลขที่ตรึงไว้ ฉบับก่อน: ฉบับที่ 1" in plain(response)
    for each in (first, second):
        assert f'href="{reverse("closure", args=[each.pk])}"' in response.content.decode()


def test_the_closing_note_has_a_label_on_paper(close):
    document = closing_report(page_of(close(6, note="ปิดก่อนประชุมกรรมการ")))
    first = document.sections[0].blocks[0]
    assert isinstance(first, KeyValues)
    assert first.pairs == (("หมายเหตุของการปิดงวด", "ปิดก่อนประชุมกรรมการ"),)


def test_nearest_closing_of_a_month(client, cast, close):
    client.force_login(cast.head)
    close(3)
    close(6)
    assert line_of(client, "2559-12").startswith("งวดนี้ปิดแล้ว")
    assert line_of(client, "2559-11").startswith("เดือนนี้อยู่ในงวดที่ปิดถึง 31 ธ.ค. 2559")


# What it costs


def test_queries(client, revised, cast):
    first, second = revised
    counts = []
    for closure in (first, second):
        client.force_login(cast.head)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("closure", args=[closure.pk])).status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[0] + 1 <= MOST  # the revision before


def test_queries_are_the_same_for_few_and_many_results(client, cast, approved, close):
    client.force_login(cast.executive)
    counts = []
    for number in (1, 2, 3):
        approved("7(1)", number, A=33600 + number, B=200)
        approved("5", number, A=12 + number, B=100)
        address = reverse("closure", args=[close(number).pk])
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert len(set(counts)) == 1
