"""The dashboard and the KPI page with the other kinds of measure: folded children, units, marks, rounds, assessed."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Indicator, IndicatorVersion
from strategy.models import Plan, StrategicIssue
from tests.builders import (
    EVIDENCE,
    ITA_ROUNDS,
    K405_BANDS,
    K405_ITEMS,
    MARK_BANDS,
    MARKS,
    SHARE_ITEMS,
    YES_NO,
    assess,
    give_bands,
    make,
    measure_in,
    report,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client, cast):
    def fetch(name="dashboard", query="", *args, by=None):
        client.force_login(by or cast.executive)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse(name, args=args) + query)
        assert response.status_code == 200
        assert len(asked) <= 12
        return response.content.decode()

    return fetch


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def section(html, name):
    return plain(re.search(rf'<section aria-labelledby="{name}">.*?</section>', html, re.S)[0])


def line(html, code):
    rows = re.findall(r'<tr class="kpi-row.*?</tr>', html, re.S)
    return next((plain(row) for row in rows if re.search(rf'code">{re.escape(code)}<', row)), None)


@pytest.fixture
def share(plan, cast):
    parent = make(plan, "S", kind="pass_share", formula="A/B*100", items=SHARE_ITEMS, unit="ร้อยละ", weight=2,
                  bands={1: "30", 5: "≥80"}, pass_criterion="≥80")  # fmt: skip
    percent = {"formula": "A/B*100", "items": SHARE_ITEMS, "bands": {5: "≥50"}, "pass_criterion": "≥50"}
    children = [make(plan, f"S({n})", parent=parent, plan_target="≥50", unit="ร้อยละ", **percent) for n in (1, 2, 3)]
    for child, branch in zip(children, ("สาขาหัวใจ", "สาขาหัวใจ", "สาขามะเร็ง"), strict=True):
        Indicator.objects.filter(pk=child.pk).update(group=branch)
    report(children[0], 2, cast, A=60, B=100)
    report(children[1], 2, cast, A=40, B=100)
    return parent


def folded(html):
    found = re.search(r'<details class="share".*?</details>', html[html.index(">S<") :], re.S)
    return found[0] if found else ""


def test_children_that_pass_are_folded_under_their_parent(share, look):
    html = look()
    assert "ระดับ 1 ไม่ผ่าน 33.33 ร้อยละ" in line(html, "S")
    assert line(html, "S(1)") is None
    fold = folded(html)
    assert '<details class="share">' in fold  # closed
    text = plain(fold)
    assert text.startswith("ผ่าน 1 จาก 3 · ไม่ผ่าน 1 · ยังไม่รายงาน 1")
    assert text.index("สาขาหัวใจ") < text.index("S(1)") < text.index("S(2)") < text.index("สาขามะเร็ง")
    assert text.count("สาขาหัวใจ") == 1
    assert "S(2) ตัวชี้วัด S(2) ไม่ผ่าน 40.00 ร้อยละ ≥50" in text
    assert "S(3) ตัวชี้วัด S(3) ยังไม่รายงาน –" in text


def test_a_filter_opens_the_fold_and_shows_what_it_lets_through(share, look):
    fold = folded(look(query="?show=failed"))
    assert '<details class="share" open>' in fold
    assert "S(2)" in fold
    assert "S(1)" not in fold
    assert plain(fold).startswith("ผ่าน 1 จาก 3"), "the summary is of all children"


def test_the_page_of_a_share_lists_its_children(share, look):
    html = look("indicator", "", share.pk)
    text = section(html, "share")
    assert "ผ่าน 1 จาก 3 · ไม่ผ่าน 1 · ยังไม่รายงาน 1" in text
    assert "ผลงานสะสม 33.33 ร้อยละ" not in plain(html)
    assert "ผลงานสะสม ร้อยละ 33.33 ได้ระดับ 1 ไม่ผ่านเกณฑ์" in plain(html)
    why = section(html, "why")
    assert "ไม่ผ่านเกณฑ์: S(2)" in why
    assert "การรวมทั้งปี" not in why
    assert "indicator_parts" not in html
    child = share.children.first()
    assert f'href="{reverse("indicator", args=[child.pk])}?month=2560-03"' in html


def test_a_share_that_nobody_reported(share, look):
    from indicators.models import DataValue, Result

    DataValue.objects.all().delete()
    Result.objects.all().delete()
    html = look("indicator", "", share.pk)
    assert "ตัวชี้วัดย่อยที่ถึงกำหนด 3 ตัวยังไม่รายงาน ผลรวมทางการจึงนับเป็นระดับ 0" in plain(html)
    assert "– ยังไม่รายงาน –" in line(look(), "S")


@pytest.fixture
def across(plan, cast):
    indicator = make(plan, "K405X", formula="(EIA+TPS)/2", items=K405_ITEMS, bands=K405_BANDS, unit="คะแนน", weight=3,
                     across_level=5, plan_target="2 แห่ง")  # fmt: skip
    units = measure_in(indicator, ("10991", "10992", "10993"))
    report(indicator, 2, cast, unit=units[1], EIA="86.67", TPS=100)
    report(indicator, 2, cast, unit=units[0], EIA=60, TPS=50)
    report(indicator, 2, cast, unit=units[2], EIA=77, TPS=100, status="submitted")
    return indicator


def test_units_at_a_level_on_the_dashboard(across, look):
    row = line(look(), "K405X")
    assert row.startswith("K405X ตัวชี้วัด K405X รายงานแล้ว 2 จาก 3 แห่ง – ยังไม่รายงาน 1 แห่ง 2 แห่ง")


def test_the_page_lists_the_units_and_keeps_back_what_is_not_approved(across, look):
    html = look("indicator", "", across.pk)
    text = section(html, "units")
    assert "โรงพยาบาล 10992 ระดับ 5 93.34 86.67 A โรงพยาบาล 10991 ระดับ 0 55.00 60 F" in text
    assert "โรงพยาบาล 10993 ยังไม่รายงาน – – –" in text
    assert "ยังรายงานไม่ครบทุกแห่ง 1 แห่ง · รายงานแล้ว 2 จาก 3 แห่ง" in plain(html)
    assert "1 แห่ง · รายงานแล้ว 2 จาก 3 แห่ง" in section(html, "rounds")
    assert "ได้ระดับ 5 ขึ้นไป 1 แห่ง" in section(html, "why")
    assert "นับเป็นระดับ 0" not in plain(html)


def test_the_count_of_units_passes(across, look, cast):
    across.rounds.get(number=2).results.all().delete()
    for unit in across.responsibilities.all():
        report(across, 2, cast, unit=unit.measured_unit, EIA=90, TPS=100)
    html = look("indicator", "", across.pk)
    assert "ผลงานสะสม 3 แห่ง ผ่านเกณฑ์ รายงานแล้ว 3 จาก 3 แห่ง" in plain(html)
    assert "ผ่านเกณฑ์ (2 แห่ง)" in section(html, "why")
    assert "ไม่ให้ระดับ ผ่าน 3 แห่ง 2 แห่ง 3" in line(look(), "K405X")


def test_marks_stand_under_their_groups(plan, cast, look):
    smart = make(plan, "16X", kind="checklist", items=MARKS, bands=MARK_BANDS, unit="ร้อยละ", pass_criterion="80")
    report(smart, 2, cast, I1=5, I2=5, I3=0, I4_NA=1)
    why = section(look("indicator", "", smart.pk), "why")
    assert "1.2 Smart Tools ทำแล้ว 1 จาก 2 ข้อ ต้องทำอย่างน้อย 2 ข้อ 5 10 I2 จอเรียกคิว 5 5" in why
    assert "I4 เครื่องมือแพทย์ ไม่เกี่ยวข้อง –" in why
    assert "รวม (เฉพาะที่เกี่ยวข้อง) 10 15" in why
    assert "ได้ 10 จากเต็ม 15 คะแนน (ไม่เกี่ยวข้อง 1 ข้อ) = 66.67" in why
    assert "66.67 ร้อยละ" in line(look(), "16X")


def test_rounds_of_their_own(plan, cast, look):
    ita = make(plan, "12X", kind="checklist", items=EVIDENCE, bands={3: "60", 4: "80", 5: "100"}, unit="ร้อยละ",
               pass_criterion="4 ข้อ", round_rules=ITA_ROUNDS)  # fmt: skip
    template = IndicatorVersion.objects.get(indicator=ita)
    give_bands(template, {level: f"{level} ข้อ" for level in range(1, 6)}, round_number=1)
    report(ita, 1, cast, EB1=1, EB2=1)
    assert "ระดับ 2 ไม่ผ่าน 2 ข้อ 5 ข้อ" in line(look(query="?month=2559-12"), "12X")
    report(ita, 2, cast, EB1=1, EB2=1, EB3=1, EB4=1)
    html = look("indicator", "", ita.pk)
    own = section(html, "own-rounds")
    assert "รอบที่ 1 1 ต.ค. 2559 – 31 ธ.ค. 2559 5 ข้อ 5 ข้อ ข้อ 5: 5 ข้อ · 4: 4 ข้อ" in own
    assert "รอบที่ 2 1 ม.ค. 2560 – 31 มี.ค. 2560 ร้อยละ 82 – ร้อยละ ตามเกณฑ์ของปี" in own
    rounds = section(html, "rounds")
    assert "อนุมัติแล้ว 2 ข้อ ระดับ 2" in rounds
    assert "อนุมัติแล้ว 80.00 ร้อยละ ระดับ 4" in rounds
    assert "5 ข้อ" not in section(html, "years"), "a round's own bands are no bands of the year"
    assert "80.00 ร้อยละ ร้อยละ 82" in line(look(), "12X")


def test_a_yes_or_no_reads_as_its_word(plan, cast, look):
    daily = make(plan, "D1", kind="qualitative", items=YES_NO, plan_target="ทุกวัน")
    report(daily, 2, cast, P=1)
    assert "D1 ตัวชี้วัด D1 ไม่ให้ระดับ ผ่าน ทำได้ทุกวัน ทุกวัน" in line(look(), "D1")
    html = look("indicator", "", daily.pk)
    assert "ผลงานสะสม ทำได้ทุกวัน ผ่านเกณฑ์" in plain(html)
    assert "อนุมัติแล้ว ทำได้ทุกวัน" in section(html, "rounds")


def test_the_assessed_level_stands_beside_the_computed_one(approved, cast, look, indicator):
    assess(approved("7(1)", A=33600, B=200), cast, level=2, passed=False)
    row = line(look(), "7(1)")
    assert "ผู้ประเมินให้ระดับ 2 ไม่ผ่าน ระดับ 5 ผ่าน 168.00" in row
    html = look("indicator", "", indicator("7(1)").pk)
    why = section(html, "why")
    assert "ผู้ประเมินให้ ระดับ 2 ไม่ผ่าน ตรวจพื้นที่แล้ว reviewer" in why
    assert "ได้ระดับ 5 เพราะถึงขีด" in why
    assert "ผู้ประเมินให้ระดับ 2 ไม่ผ่าน" in section(html, "rounds")


def test_words_of_levels_and_the_cutoff_are_printed(plan, look):
    indicator = make(plan, "W", formula="A/B*100", items=SHARE_ITEMS, bands={}, cutoff="60",
                     sections=[{"key": "source", "number": "12", "title": "แหล่งข้อมูล", "text": "เว็บไซต์"}])  # fmt: skip
    give_bands(IndicatorVersion.objects.get(indicator=indicator), {5: "≥80", 1: "<50"}, words={5: "ดีมาก"})
    html = look("indicator", "", indicator.pk)
    assert "≥80 ดีมาก" in section(html, "years")
    assert "ค่า cut-off 60" in section(html, "facts")
    assert "12 แหล่งข้อมูล เว็บไซต์" in section(html, "facts")


def test_the_switch_between_plans(plan, look):
    assert 'class="plan-switch"' not in look()
    other = Plan.objects.create(code="DEPT", name="แผนของฝ่าย", unit=plan.unit, first_year=2568, last_year=2568)
    StrategicIssue.objects.create(plan=other, number=1, code="PPE", name="ก")
    html = look()
    assert "ภาพรวมแผน แผนยุทธศาสตร์" in plain(html), "the plan of today, not the newest one"
    switch = re.search(r'<nav class="plan-switch".*?</nav>', html, re.S)[0]
    assert re.search(r'href="\?plan=KKH2560" aria-current="true"', switch)
    assert 'href="?plan=DEPT"' in switch
    assert "แผนของฝ่าย" in plain(look(query="?plan=DEPT"))
