"""The page of one KPI: why it has its level, its rounds, what its templates print, and who sees what."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from indicators.models import IndicatorVersion
from indicators.schedule.actions import cancel_indicator
from strategy.models import Membership, OrgUnit
from tests.indicators.test_extensions import closure

pytestmark = pytest.mark.django_db
QUERIES = 11  # session, user, memberships, what waits; KPI; templates, items, bands, rounds, values; baselines
WITH_ROUNDS = QUERIES + 1  # what is closed of the year


@pytest.fixture
def everywhere(cast, plan):
    """The head enters for every unit of the hospital."""
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")


@pytest.fixture
def page(client, cast, indicator):
    def fetch(code="7(1)", query="", by=None, name="indicator", **headers):
        client.force_login(by or cast.executive)
        response = client.get(reverse(name, args=[indicator(code).pk]) + query, headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return fetch


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def section(html, name):
    return plain(re.search(rf'<section aria-labelledby="{name}">.*?</section>', html, re.S)[0])


def row(html, label):
    table = re.search(r'<section aria-labelledby="rounds">.*?</section>', html, re.S)[0]
    return next(r for r in map(plain, re.findall(r"<tr>.*?</tr>", table, re.S)) if r.startswith(label))


def test_how_it_stands(page, approved):
    approved(code="7(1)", A=33600, B=200)
    text = plain(page())
    assert "ณ สิ้นเดือนมีนาคม 2560 ผลงานสะสม 168.00 นาที ได้ระดับ 5 ผ่านเกณฑ์" in text


def test_why(page, approved):
    approved("7(1)", 5, A=18000, B=100)
    approved("7(1)", 6, A=34000, B=200)
    why = section(page(), "why")
    assert "รวมทุกงวด 52,000 นาที" in why
    assert "รวมทุกงวด 300" in why
    assert "สูตร A/B = 52000/300 = 173.333333…" in why
    assert "ปัดเศษครึ่งขึ้นเป็นทศนิยม 2 ตำแหน่ง: 173.33" in why
    assert "ได้ระดับ 4 เพราะถึงขีดของระดับ 4 (พิมพ์ว่า 171 - 175: ไม่เกิน 175)" in why
    assert "ระดับ 5 ต้องไม่เกิน 170 ต้องลดลงอีก 3.33" in why
    assert "ไม่ผ่านเกณฑ์ (≤170)" in why
    assert "สูตร: ใช้ค่าแก้ไข A/B แทนที่พิมพ์ (A/B)*100" in why
    assert "คิดจากงวดที่อนุมัติแล้ว 2 งวด (กุมภาพันธ์ 2560 – มีนาคม 2560) · Template ปีงบประมาณ 2560 ฉบับที่ 1" in why
    assert "วิธีให้คะแนน: ตามช่วงคะแนน" in why


SENTENCES = {
    "7(1)": "ยังไม่มีผลงานที่อนุมัติของงวดมีนาคม 2560 ซึ่งครบกำหนด 10 เม.ย. 2560 ผลรวมทางการจึงนับเป็นระดับ 0",
    "1": "ยังไม่ถึงกำหนดรายงาน (งวดแรก ปีงบประมาณ 2560 ครบกำหนด 10 ต.ค. 2560) จึงยังไม่นับในผลรวม",
    "7": "เป็นหัวข้อของตัวชี้วัดย่อย 3 ตัว ไม่มีคะแนนของตัวเอง",
    "7(2)": "ส่วนย่อย 7(2)(1), 7(2)(2), 7(2)(3) ยังไม่รายงาน ผลรวมทางการจึงนับเป็นระดับ 0",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_state_is_a_sentence(code, page):
    assert SENTENCES[code] in plain(page(code))


def test_no_cases_and_cannot_compute_are_sentences(page, approved, everywhere):
    approved("16", A=0, B=0)
    approved("24(1)", A=5, B=0)
    assert "ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0) จึงไม่นำมาคิดในผลรวม" in plain(page("16"))
    assert re.search(r"คำนวณไม่ได้: .*B.* ผลรวมทางการจึงนับเป็นระดับ 0", plain(page("24(1)")))


def test_parts_explain_themselves(page, approved, everywhere):
    approved("7(2)(1)", A=10, B=100)
    approved("7(2)(2)", A=25, B=100)
    approved("7(2)(3)", A3=12, B3=100, A4=10, B4=100, A5=0, B5=0)
    html = page("7(2)")
    assert "ได้ระดับ 4.3333 ไม่ผ่านเกณฑ์" in plain(html)
    assert "ได้ระดับ 4.3333 ซึ่งเป็นค่าเฉลี่ยของระดับของทุกส่วน" in section(html, "why")
    parts = section(html, "parts")
    assert "สูตร A/B*100 = 10/100*100 = 10" in parts
    assert "7(2)(3): ระดับ 4" in section(html, "why")


def test_heading_lists_its_parts_and_has_no_why(page):
    html = page("7")
    assert "7(3)" in section(html, "parts")
    assert 'id="why"' not in html


def test_half_that_is_not_scored_says_so(page):
    assert "ประสิทธิภาพ (แสดงเทียบเป้าหมาย ไม่นำมาให้คะแนน)" in section(page("26"), "parts")


def test_rounds(page, approved, cast, round_of):
    approved("7(1)", A=33600, B=200)
    html = page()
    march = row(html, "มีนาคม 2560")
    assert march.startswith("มีนาคม 2560 10 เม.ย. 2560 อนุมัติแล้ว ส่งช้า 5 วัน 168.00 ระดับ 5 ผ่าน head reviewer")
    assert reverse("result_form", args=[round_of("7(1)").pk]) in html
    assert row(html, "กุมภาพันธ์ 2560").startswith("กุมภาพันธ์ 2560 10 มี.ค. 2560 เลยกำหนด – –")
    assert "ยังไม่ถึงกำหนด" in row(html, "เมษายน 2560")
    assert html.count('role="img"') == 1
    assert "เกณฑ์ผ่าน ≤170" in html


def test_entry_is_linked_for_own_units_alone(page, cast, round_of):
    entry, later = (reverse("entry", args=[round_of("7(1)", number).pk]) for number in (6, 8))
    own = page(by=cast.head)
    assert entry in own
    assert later not in own  # May has not begun
    assert entry not in page(by=cast.other_head)
    assert entry not in page(by=cast.executive)


SEES_DRAFTS = {
    "reporter": True,
    "head": True,
    "other_head": False,
    "reviewer": True,
    "executive": True,
    "administrator": True,
}


@pytest.mark.parametrize("person", SEES_DRAFTS)
@pytest.mark.parametrize(("state", "word"), [("saved", "ฉบับร่าง"), ("submitted", "รอตรวจ")])
def test_who_sees_what_is_not_approved(person, state, word, page, cast, request):
    request.getfixturevalue(state)("7(1)", A=33600, B=200)
    html = page(by=getattr(cast, person))
    march = row(html, "มีนาคม 2560")
    assert word in march  # everybody sees the word
    assert ("168.00" in html) == SEES_DRAFTS[person]
    assert ("head" in march) == SEES_DRAFTS[person]
    assert 'role="img"' not in html  # the chart is of approved rounds


def test_both_readings_and_corrections_are_shown(page, everywhere):
    html = page("17")
    years = section(html, "years")
    assert "0-1 แก้จากที่พิมพ์ ใช้ 0.9-1 ช่วงที่พิมพ์ 0-1 เริ่มต่ำกว่า" in years
    facts = section(page(), "facts")
    assert "เป้าหมาย ตารางแผน <170 Template <170 นาที" in facts
    assert "ผู้รับผิดชอบหลัก ตารางแผน PST OPD Template กลุ่มงานผู้ป่วยนอก โทร. 043-336789 ต่อ 3821" in facts
    assert "ระดับ KPI ตารางแผน 3o/Exc บทสรุป 2o,3o,Exc" in facts
    assert "ตามที่พิมพ์ (A/B)*100" in facts
    assert "ฐานข้อมูล 181 นาที" in facts
    assert "มาตรฐาน HA IV-5" in facts


def test_bands_of_all_years_in_one_table(page):
    years = section(page(), "years")
    assert "ปีงบประมาณ 2560 2561 2562 2563" in years
    assert "ระดับ ระดับ 5 ≤170 <165 <160 <155" in years
    assert "เกณฑ์ผ่าน ≤170" in years


def test_year_without_a_template(page):
    IndicatorVersion.objects.filter(indicator__code="5", fiscal_year=2560).update(is_active=False)
    text = plain(page("5"))
    assert "ตัวชี้วัดนี้ไม่มี Template ของปีงบประมาณ 2560" in text
    assert "2561 2562 2563" in text


def test_why_fragment(page, approved, client, indicator, cast):
    approved("7(1)", A=33600, B=200)
    html = page(name="indicator_why", query="?month=2560-03", **{"HX-Request": "true"})
    assert html.lstrip().startswith("<tr")
    assert "<html" not in html
    assert "A ผลรวมระยะเวลารับบริการ" in plain(html)
    assert "ได้ระดับ 5" in plain(html)
    pk = indicator("7(1)").pk
    response = client.get(reverse("indicator_why", args=[pk]), {"month": "2560-03"})
    assert response.headers["Location"] == f"/indicators/{pk}/?month=2560-03#why"


def test_strangers(client, cast, indicator):
    url = reverse("indicator", args=[indicator("7(1)").pk])
    assert client.get(url).headers["Location"] == f"/accounts/login/?next={url}"
    client.force_login(cast.outsider)
    assert client.get(url).status_code == 404
    assert client.get(reverse("indicator", args=[0])).status_code == 404


def test_no_such_month(client, cast, indicator):
    client.force_login(cast.head)
    assert client.get(reverse("indicator", args=[indicator("5").pk]), {"month": "2560-13"}).status_code == 404


def row_of_march(client, url) -> str:
    html = client.get(url).content.decode()
    return html.split('<th scope="row">มีนาคม 2560</th>', 1)[1].split("</tr>", 1)[0]


def test_a_closed_round_without_a_result_is_not_late(client, cast, plan, indicator):
    """Nothing is asked of it any more, and no time can be granted."""
    client.force_login(cast.reviewer)
    url = reverse("indicator", args=[indicator("7(1)").pk])

    def march():
        row = row_of_march(client, url)
        return "เลยกำหนด" in row, "ปิดงวดแล้ว" in row, "/extend/" in row

    assert march() == (True, False, True)
    closure(plan, cast)
    assert march() == (False, True, False)


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_nobody_is_asked_to_enter_what_is_out(how, client, cast, plan, indicator):
    client.force_login(cast.head)
    url = reverse("indicator", args=[indicator("7(1)").pk])
    assert row_of_march(client, url).count("บันทึกผลงาน") == 1
    if how == "closed":
        closure(plan, cast)
    else:
        day = date(2017, 3, 15)
        cancel_indicator(indicator=indicator("7(1)"), fiscal_year=2560, day=day, reason="ยุบรวม", by=cast.reviewer)
    assert "บันทึกผลงาน" not in row_of_march(client, url)


@pytest.mark.parametrize(
    ("code", "queries"),
    [("7", QUERIES), ("7(1)", WITH_ROUNDS), ("7(2)", QUERIES), ("26", QUERIES), ("30", WITH_ROUNDS)],
)
def test_queries(code, queries, client, cast, indicator, approved, everywhere, django_assert_num_queries):
    for number in (4, 5, 6):
        approved("7(1)", number, A=33600, B=200)
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    client.force_login(cast.head)
    url = reverse("indicator", args=[indicator(code).pk])
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_strict_content_policy(page, approved):
    approved("7(1)", A=33600, B=200)
    html = page()
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("code", ["7", "7(2)", "26"])
def test_the_form_of_a_kpi_made_of_others_is_one_click_away(code, client, cast, indicator):
    client.force_login(cast.executive)
    page = client.get(reverse("indicator", args=[indicator(code).pk]), {"month": "2560-02"}).content.decode()
    form = reverse("indicator_form", args=[indicator(code).pk, 2560, 5])
    assert f'href="{form}"' in page
    assert client.get(form).status_code == 200


def test_a_gap_in_the_year_and_the_people_are_named(client, cast, approved, indicator):
    """The year to date says which round is not in it, and who entered and approved the latest one."""
    approved("7(1)", 4, A=33600, B=200)
    approved("7(1)", 6, A=33600, B=200)
    client.force_login(cast.executive)
    page = client.get(reverse("indicator", args=[indicator("7(1)").pk])).content.decode()
    assert "ยังขาดงวด ตุลาคม 2559, พฤศจิกายน 2559, ธันวาคม 2559, กุมภาพันธ์ 2560" in page
    assert "งวดล่าสุดบันทึกโดย head อนุมัติโดย reviewer" in page
