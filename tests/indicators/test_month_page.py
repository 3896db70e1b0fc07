"""One page for the month: what it shows, what is typed in it, two people at once, submitting all, its cost."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import DataItem, Extension, IndicatorVersion, Responsibility, Result, ReviewEvent, Round
from indicators.workflow import transition
from strategy import clock
from strategy.models import Membership, OrgUnit
from tests import builders, shapes
from tests.indicators.grids import JULY, PASS, load_province, person
from tests.indicators.months import APRIL, MARCH, give, group_of, month_form, month_url, rows_of, unit_of

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def page(client, cast):
    """The text of the page: `page(cast.head)`."""

    def show(user=None, code="PST_OPD", number=MARCH, query="") -> str:
        client.force_login(user or cast.head)
        response = client.get(month_url(code, number) + query)
        assert response.status_code == 200
        return response.content.decode()

    return show


@pytest.fixture
def post(client, cast):
    """Send the page's form with texts typed in its first rows."""

    def send(*typed, user=None, code="PST_OPD", number=MARCH, form=None, query="", **more):
        user = user or cast.head
        client.force_login(user)
        data = form if form is not None else month_form(rows_of(user, code, number), *typed, **more)
        return client.post(month_url(code, number) + query, data)

    return send


@pytest.fixture
def save_row(client, cast):
    """Save the first row as the page's script does."""

    def send(texts, user=None, number=MARCH, place=0, **more):
        user = user or cast.head
        client.force_login(user)
        found = rows_of(user, number=number)
        typed = [None] * place + [texts]
        form = month_form(found, *typed, row=found.rows[place].key, who=str(user.pk)) | more
        return client.post(month_url(number=number, name="month_row"), form)

    return send


def said(html: str) -> str:
    """What a person reads: without tags, one blank between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def values() -> dict[str, str]:
    """What is saved for 7(1) in March."""
    result = Result.objects.filter(round__indicator__code="7(1)", round__number=6).first()
    return {row.code: f"{row.value.normalize():f}" for row in result.values.all()} if result else {}


# What it shows


def test_unit_month_and_how_things_stand(page):
    text = said(page())
    assert "ผลงานเดือนมีนาคม 2560" in text
    assert "ทีม PST ผู้ป่วยนอก" in text
    assert "ต้องส่ง 1 รายการ บันทึกแล้ว 0 ส่งแล้ว 0 · กำหนดส่ง 10 เมษายน 2560 เลยมาแล้ว 5 วัน" in text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (APRIL, "กำหนดส่ง 11 พฤษภาคม 2560 เหลืออีก 26 วัน"),  # the 10th is Visakha Bucha
        (MARCH, "กำหนดส่ง 10 เมษายน 2560 เลยมาแล้ว 5 วัน"),
    ],
)
def test_the_days_left(page, number, words):
    assert words in page(number=number)


def test_the_last_day(page, settings):
    settings.KPITRACK_TODAY = settings.KPITRACK_TODAY.replace(day=10)
    assert "กำหนดส่งวันนี้ (10 เมษายน 2560)" in page()


def test_more_time_counts(page, cast, plan, round_of):
    Extension.objects.create(
        round=round_of("7(1)"), measured_unit=plan.unit, until=clock.today().replace(day=20), reason="ระบบล่ม",
        by=cast.reviewer, at=clock.now(),
    )  # fmt: skip
    text = page()
    assert "กำหนดส่ง 20 เมษายน 2560 เหลืออีก 5 วัน" in text
    assert "ขยายเวลาแล้ว" in text


def test_everything_sent(page, submitted):
    submitted("7(1)", 6, A=33600, B=200)
    text = said(page())
    assert "บันทึกแล้ว 1 ส่งแล้ว 1 · ส่งครบแล้ว" in text
    assert "data-save" not in page()


def test_each_box_says_what_it_is(page):
    text = page()
    assert re.findall(r"<label [^>]*><b>(.)</b> \S", text) == ["A", "B"]
    assert text.count('data-code="') == 2


def test_the_way_to_other_months(page):
    text = page()
    assert f'rel="prev" href="{month_url(number=5)}"' in text
    assert f'rel="next" href="{month_url(number=7)}"' in text
    assert f'rel="prev" href="{month_url(number=12, year=2559)}"' in page(number=1)
    assert 'rel="next"' not in page(number=12)


def test_an_empty_month_says_what_will_be_here(page):
    Round.objects.filter(indicator__code="7(1)", number=6).delete()
    text = page()
    assert "ไม่มีงวดที่สิ้นสุดในมีนาคม 2560" in text
    assert "grid-table" not in text


def test_earlier_months_are_announced_with_their_pages(page, submitted):
    for number in (1, 2, 3, 5):
        submitted("7(1)", number, A=33600, B=200)
    text = page()
    assert "เดือนก่อนหน้าที่ยังค้างส่ง" in text
    assert f'<a href="{month_url(number=4)}">มกราคม 2560</a> (1 รายการ)' in text
    assert f'href="{month_url(number=3)}"' not in text


def test_the_choice_between_units(page, cast):
    Membership.objects.create(user=cast.head, unit=unit_of("ACCOUNT"), role="reporter")
    assert f'href="{month_url("ACCOUNT")}"' in page()


def test_the_departments_of_a_group(page, plan):
    group_of("PST_OPD", "ACCOUNT")
    chief = person("chief", "GROUP", "head")
    text = page(chief, "GROUP")
    assert text.count("grid-group") == 2
    assert text.index(unit_of("ACCOUNT").name) < text.index(unit_of("PST_OPD").name)
    assert "grid-group" not in page(chief, "PST_OPD")


def test_a_large_grid_is_one_line_with_the_way_to_it(page, indicator):
    """15(2) has 63 rows for Q&S, 15(1) has 10."""
    qs = person("qs", "QS", "head")
    text = page(qs, "QS")
    assert text.count("month-folded") == 1
    assert "มี 63 รายการ บันทึกแล้ว 0 ส่งแล้ว 0" in said(text)
    assert f'href="{reverse("grid", args=[indicator("15(2)").pk, 2560, 6])}"' in text
    assert "15(2)(CG0101)" not in text
    assert "15(1)(10)" in text
    assert "ต้องส่ง 75 รายการ" in text


def test_a_long_checklist_is_filled_on_its_own_page(page, indicator, saved, cast, round_of):
    long = indicator("7(1)")
    version = long.versions.get(fiscal_year=2560, is_active=True)
    version.items.all().delete()
    IndicatorVersion.objects.filter(pk=version.pk).update(kind="checklist")
    for n in range(1, 11):
        DataItem.objects.create(version=version, code=f"I{n}", name=f"ข้อ {n}", kind="tick", position=n)
    saved("7(1)", 6, I1=1, I2=1)
    text = said(page())
    assert "กรอกแล้ว 2 จาก 10 ข้อ" in text
    assert reverse("entry", args=[round_of("7(1)").pk]) in page()


def test_steps_stand_one_below_the_other(page, indicator):
    shapes.milestone(indicator("7(1)"))
    text = page()
    assert "month-steps" in text
    assert re.findall(r'type="checkbox"[^>]* data-code="(S\d)"', text)[:2] == ["S1", "S2"]


def test_what_does_not_apply_says_why_and_has_no_boxes(page, saved):
    result = saved("7(1)", 6, A=33600, B=200)
    Result.objects.filter(pk=result.pk).update(
        is_not_applicable=True, not_applicable_reason="หอผู้ป่วยปิดปรับปรุง", state="not_applicable", value=None, level=None
    )
    text = page()
    assert "ระบุว่าไม่เกี่ยวข้องในงวดนี้: หอผู้ป่วยปิดปรับปรุง" in said(text)
    assert 'data-code="A"' not in text
    assert "ไม่มีรายการที่แก้ไขได้" not in text  # it is mended on its own page
    assert (" data-submit>" in text, " data-save>" in text) == (True, False)


def test_what_does_not_apply_is_submitted_before_the_round_ends(page, post, saved):
    """There are no numbers that could be incomplete yet, so nobody is asked whether they are; as on its own page."""
    result = saved("7(1)", APRIL, A=33600, B=200)
    Result.objects.filter(pk=result.pk).update(
        is_not_applicable=True, not_applicable_reason="หอผู้ป่วยปิดปรับปรุง", state="not_applicable", value=None, level=None
    )
    assert 'name="early"' not in page(number=APRIL)
    key = f"{result.round_id}-{result.measured_unit_id}"
    form = {f"{key}:seen": str(result.lock), "action": "submit"}
    assert "ส่งแล้ว 1 รายการ รอตรวจสอบ" in post(number=APRIL, form=form).content.decode()
    assert Result.objects.get().status == "submitted"


def test_the_reason_for_a_return_stands_in_the_row(page, submitted, cast, access):
    result = submitted("7(1)", 6, A=33600, B=200)
    transition(
        access=access(cast.reviewer, result.round),
        action="return",
        by=cast.reviewer,
        lock=result.lock,
        reason="ตัวตั้ง <b>ผิด</b>",
    )
    text = page()
    assert "ตัวตั้ง &lt;b&gt;ผิด&lt;/b&gt;" in text
    assert text.index("ตัวตั้ง &lt;b&gt;") < text.index('data-code="A"')
    assert f'<a href="#row-{rows_of(cast.head).rows[0].key}">ตัวชี้วัด 7(1)</a>' in text
    assert "ส่งกลับให้แก้ไข 1" in text


def test_open_warnings_stand_in_the_row(page, saved):
    """200 minutes fail, and nothing is being done about it."""
    saved("7(1)", 6, A=40000, B=200)
    text = said(page())
    assert "ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไข" in text
    assert "เหตุผลที่ยังไม่มีมาตรการ" in text
    assert "เพิ่มมาตรการแก้ไข" in text


def test_who_reads_sees_numbers_and_no_boxes(page, cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    text = page(cast.executive)
    assert "33,600" in text
    assert 'data-code="A"' not in text
    assert "ท่านดูตารางนี้ได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน" in text


def test_who_does_not_submit_is_told_who_does(page, cast):
    text = page(cast.reporter)
    assert "data-submit" not in text
    assert "หัวหน้าหน่วยงานเป็นผู้ส่งให้ตรวจสอบ" in text


def test_only_what_is_not_saved(page, cast, indicator, saved):
    give(indicator("5"))
    saved("7(1)", 6, A=33600, B=200)
    text = page(query="?open=1")
    assert 'id="row-' in text
    assert len(re.findall('id="row-', text)) == 1


def test_what_is_saved_in_part_is_not_counted_as_saved(page, saved, indicator):
    """One of two boxes: it is lacking still, and stands on the page of what is lacking."""
    give(indicator("5"))
    saved("7(1)", 6, A=33600)
    assert "ต้องส่ง 2 รายการ บันทึกแล้ว 0 ส่งแล้ว 0 · กรอกยังไม่ครบ 1" in said(page())
    assert len(re.findall('id="row-', page(query="?open=1"))) == 2
    saved("5", 6, A=0, B=0)  # no cases are complete
    assert "บันทึกแล้ว 1 ส่งแล้ว 0 · กรอกยังไม่ครบ 1" in said(page())
    assert len(re.findall('id="row-', page(query="?open=1"))) == 1


def test_not_applicable_is_saved_whole(page, saved):
    result = saved("7(1)", 6, A=33600)
    Result.objects.filter(pk=result.pk).update(
        is_not_applicable=True, not_applicable_reason="ปิด", state="not_applicable"
    )
    assert "บันทึกแล้ว 1 ส่งแล้ว 0" in said(page())
    assert 'id="row-' not in page(query="?open=1")


# Typing


def test_everything_is_saved_at_once_without_a_script(post, page, cast, indicator):
    give(indicator("5"))
    assert post({"A": "10", "B": "300"}, {"A": "33600", "B": "200"}).status_code == 302
    assert values() == {"A": "33600", "B": "200"}
    assert "บันทึกแล้ว 2 รายการ ยังไม่ได้ส่ง" in page()


def test_nothing_changed_saves_nothing(post):
    post({"A": "33600", "B": "200"})
    post()
    assert ReviewEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("๓๓๖๐๐", "33600"),
        ("33,600", "33600"),
        (" 33600 ", "33600"),
        ("0", "0"),
        ("1,234.5", "1234.5"),
        ("๑,๒๓๔.๕", "1234.5"),
    ],
)
def test_thai_digits_and_separators(save_row, typed, kept):
    answer = save_row({"A": typed}).json()
    assert answer["state"] == "saved"
    assert values() == {"A": kept}


@pytest.mark.parametrize(
    "typed", ["12a", "-1", "9" * 40, "1e5", "ไม่มี", "1,2,3", "½", "NaN", "Infinity", "\0", "1.23456", "x" * 10_000]
)
def test_bad_input_is_told_in_its_cell_and_not_saved(save_row, typed):
    answer = save_row({"A": typed, "B": "200"}).json()
    assert answer["cells"]["A"]["state"] == "invalid"
    assert answer["cells"]["A"]["error"]
    assert answer["cells"]["B"]["state"] == "saved"
    assert values() == {"B": "200"}


def test_bad_input_comes_back_as_it_was_typed(post):
    page = post({"A": "12a", "B": "200"}).content.decode()
    assert 'value="12a"' in page
    assert "มี 1 รายการที่ยังไม่ได้บันทึกครบ" in page
    assert values() == {"B": "200"}


def test_the_answer_brings_value_level_and_what_is_asked(save_row):
    answer = save_row({"A": "40000", "B": "200"}).json()
    assert "200.00" in answer["outcome"]
    assert "level" in answer["outcome"]
    assert "ไม่ผ่าน" in answer["outcome"]
    assert "ยังไม่มีมาตรการแก้ไข" in answer["notes"]
    assert "บันทึกแล้ว 1" in answer["summary"]
    better = save_row({"A": "33600", "B": "200"}).json()
    assert better["summary"] == ""  # as many rows are saved as before
    assert "168.00" in better["outcome"]
    assert "ยังไม่มีมาตรการแก้ไข" not in better["notes"]


def test_the_last_box_changes_how_the_month_stands(save_row):
    assert "บันทึกแล้ว 0 ส่งแล้ว 0 · กรอกยังไม่ครบ 1" in save_row({"A": "33600"}).json()["summary"]
    assert "บันทึกแล้ว 1 ส่งแล้ว 0" in save_row({"B": "200"}).json()["summary"]
    assert "กรอกยังไม่ครบ 1" in save_row({"B": ""}).json()["summary"]


def test_a_clash_shows_both_and_overwrites_nothing(client, save_row, cast, saved):
    before = rows_of(cast.head)
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    form = month_form(before, {"A": "33600"}, row=before.rows[0].key)
    client.force_login(cast.head)
    answer = client.post(month_url(name="month_row"), form).json()
    assert answer["state"] == "conflict"
    assert answer["cells"]["A"] == {"text": "1", "state": "conflict", "error": ""}
    assert "reporter" in answer["trouble"]
    assert values() == {"A": "1", "B": "200"}
    mine = {
        **form,
        f"{before.rows[0].key}:lock": answer["lock"],
        f"{before.rows[0].key}:was": answer["was"],
        f"{before.rows[0].key}:theirs": answer["theirs"],
        "mine": before.rows[0].key,
    }
    assert client.post(month_url(name="month_row"), mine).json()["state"] == "saved"
    assert values() == {"A": "33600", "B": "200"}


def test_the_same_clash_without_a_script(post, cast, saved):
    before = month_form(rows_of(cast.head), {"A": "33600"})
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    page = post(form=before).content.decode()
    assert "ใช้ค่าที่ท่านพิมพ์" in page
    assert 'value="33600"' in page
    assert values() == {"A": "1", "B": "200"}


def test_nobody_saves_what_somebody_else_typed(client, cast):
    """Another person has logged in in another tab meanwhile; what was typed here is not theirs."""
    found = rows_of(cast.head)
    client.force_login(cast.reporter)
    form = month_form(found, {"A": "1"}, row=found.rows[0].key, who=str(cast.head.pk))
    assert client.post(month_url(name="month_row"), form).status_code == 401
    assert values() == {}


def test_a_row_that_is_not_on_the_page(client, cast, round_of):
    """Another unit's, another month's, another measured unit's, and nonsense."""
    client.force_login(cast.head)
    unit = round_of("22").indicator.plan.unit_id
    own = round_of("7(1)").pk
    keys = (f"{round_of('22').pk}-{unit}", f"{round_of('7(1)', 5).pk}-{unit}", f"{own}-0", f"{own}", f"{own}-{unit}x")
    for row in (*keys, "", "0-0", "x", "9" * 50, "๑-๑"):
        form = {"row": row, f"{row}:lock": "0", f"{row}:A": "1"}
        assert client.post(month_url(name="month_row"), form).status_code == 404


@pytest.mark.parametrize("lock", ["", "x", "-1", "9" * 30, "๑"])
def test_a_strange_save_count_overwrites_nothing(save_row, saved, cast, lock):
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    key = rows_of(cast.head).rows[0].key
    answer = save_row({"A": "2"}, **{f"{key}:lock": lock, f"{key}:was": ""}).json()
    assert answer["state"] == "conflict"
    assert values() == {"A": "1", "B": "200"}


# Submitting


def test_all_that_is_complete_is_submitted_and_the_rest_told(post, cast, indicator):
    """5 is complete, 7(1) fails and asks a question, 6 lacks a number, 8 is empty."""
    for code in ("5", "6", "8"):
        give(indicator(code))
    rows = [row.code for row in rows_of(cast.head).rows]
    typed = {"5": {"A": "9", "B": "100"}, "6": {"A": "1"}, "7(1)": {"A": "40000", "B": "200"}}
    page = post(*(typed.get(code) for code in rows), action="submit").content.decode()
    status = dict(Result.objects.values_list("round__indicator__code", "status"))
    assert status == {"5": "submitted", "6": "draft", "7(1)": "draft"}
    text = said(page)
    assert "ส่งแล้ว 1 รายการ รอตรวจสอบ" in text
    assert "บันทึกไว้แต่ยังไม่ได้ส่ง 2 รายการ" in text
    assert "ยังไม่ได้บันทึก 1 รายการ" in text
    assert "ยังไม่มีมาตรการแก้ไข" in text
    assert "แก้ไขหรือเขียนคำอธิบายข้างแถวในตาราง แล้วกดส่งอีกครั้ง" in text
    key = next(row.key for row in rows_of(cast.head).rows if row.code == "7(1)")
    assert f'<a href="#row-{key}">7(1)' in page[page.index("grid-left") :]


def test_who_only_reports_submits_nothing(post, cast):
    post({"A": "33600", "B": "200"}, user=cast.reporter, action="submit")
    assert Result.objects.get().status == "draft"


def test_early_only_with_a_tick(post):
    page = post({"A": "33600", "B": "200"}, number=APRIL, action="submit").content.decode()
    assert "งวดนี้ยังไม่สิ้นสุด" in page
    assert Result.objects.get().status == "draft"
    post(number=APRIL, action="submit", early="1")
    assert Result.objects.get().status == "submitted"


def test_what_changed_since_the_page_was_opened_is_not_submitted(post, cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    form = month_form(rows_of(cast.head), action="submit")
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    assert "มีผู้อื่นบันทึกรายการนี้หลังจากที่เปิดหน้านี้" in post(form=form).content.decode()
    assert Result.objects.get().status == "draft"


def test_a_row_of_its_own_page_is_submitted_too(page, post, saved, indicator, cast):
    version = indicator("7(1)").versions.get(fiscal_year=2560, is_active=True)
    version.items.all().delete()
    IndicatorVersion.objects.filter(pk=version.pk).update(kind="checklist", formula="", pass_criterion="")
    for n in range(1, 11):
        DataItem.objects.create(version=version, code=f"I{n}", name=f"ข้อ {n}", kind="tick", position=n)
    saved("7(1)", 6, **{f"I{n}": 1 for n in range(1, 11)})
    key = rows_of(cast.head).rows[0].key
    assert f'name="{key}:seen" value="1"' in page()
    post(form={"action": "submit", f"{key}:seen": "1"})
    result = Result.objects.get()
    assert result.status == "submitted"
    assert result.values.filter(value=1).count() == 10


def test_a_large_grid_is_not_submitted_from_here(post, client):
    qs = person("qs", "QS", "head")
    found = rows_of(qs, "QS")
    thip = [row for row in found.rows if row.code.startswith("15(2)")]
    form = month_form(found, action="submit")
    form[f"{thip[0].key}:P"] = PASS
    post(form=form, user=qs, code="QS")
    assert Result.objects.get().status == "draft"


def test_who_may_not_enter_changes_nothing(post, cast):
    form = month_form(rows_of(cast.head), {"A": "33600", "B": "200"})
    assert post(form=form, user=cast.executive).status_code == 403
    assert values() == {}


# From งานของฉัน


@pytest.mark.parametrize(
    ("sent", "month"), [((), 6), ((1, 2, 3, 4, 5), 6), ((1, 2, 3, 4, 6), 5), ((1, 2, 3, 4, 5, 6), 7)]
)
def test_my_work_leads_to_the_last_month_that_is_owed(client, cast, submitted, sent, month):
    for number in sent:
        submitted("7(1)", number, A=33600, B=200)
    client.force_login(cast.head)
    text = client.get(reverse("my_work")).content.decode()
    assert re.search(rf'btn-primary" href="{month_url(number=month)}"', text)
    assert len(re.findall(r'btn-primary" href', text)) == 1


def test_my_work_of_two_units(client, cast):
    Membership.objects.create(user=cast.head, unit=unit_of("ACCOUNT"), role="head")
    Membership.objects.create(user=cast.head, unit=unit_of("KKH"), role="executive")
    client.force_login(cast.head)
    text = client.get(reverse("my_work")).content.decode()
    assert month_url("PST_OPD") in text
    assert month_url("ACCOUNT") in text
    assert month_url("KKH") not in text


def test_my_work_offers_no_empty_month(client, cast, submitted):
    """All is sent, and in April no round ends: the page would be empty. Excel stays."""
    Round.objects.filter(indicator__code="7(1)", number__gte=7).delete()
    for number in range(1, 7):
        submitted("7(1)", number, A=33600, B=200)
    client.force_login(cast.head)
    text = client.get(reverse("my_work")).content.decode()
    assert "กรอกทั้งเดือนในหน้าเดียว" not in text
    assert reverse("workbook_upload", args=[unit_of("PST_OPD").pk]) in text


def test_my_work_leads_each_unit_to_its_own_month(client, cast, plan, submitted):
    """One unit owes March, the other nothing that ends in a month before; a third has nothing at all."""
    Membership.objects.create(user=cast.head, unit=unit_of("PST_ER"), role="head")
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.create(code="NEW", name="ใหม่"), role="head")
    Responsibility.objects.filter(responsible_unit__code="PST_ER").delete()
    quarterly = builders.make(
        plan, "Q1", items=builders.SHARE_ITEMS, frequency="monthly", kind="formula", formula="A/B*100"
    )
    give(quarterly, "PST_ER")
    Round.objects.filter(indicator=quarterly, end__gt=date(2017, 2, 28)).delete()
    client.force_login(cast.head)
    text = client.get(reverse("my_work")).content.decode()
    assert month_url("PST_OPD", 6) in text
    assert month_url("PST_ER", 5) in text
    assert f"/month/{unit_of('NEW').pk}/" not in text
    assert len(re.findall(r'btn-primary" href', text)) == 1


# Cost


def _cost(client, user, url) -> int:
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    told = "\n".join(f"{number}. {row['sql'][:160]}" for number, row in enumerate(asked.captured_queries, 1))
    assert len(asked) <= MOST, f"{url}: {len(asked)}\n{told}"
    return len(asked)


def test_queries_do_not_grow(client, cast, plan, indicator, saved, submitted, approved, access, round_of):
    saved("7(1)", 6, A=40000, B=200)
    approved("7(1)", 5, A=33600, B=200)
    one = _cost(client, cast.head, month_url())
    for code in ("5", "6", "8", "9(1)", "13(1)", "26(1)"):
        give(indicator(code))
    approved("5", 5, A=9, B=100)
    result = submitted("5", 6, A=9, B=100)
    transition(
        access=access(cast.reviewer, result.round), action="return", by=cast.reviewer, lock=result.lock, reason="ผิด"
    )
    saved("6", 6, A=5)
    submitted("8", 6, A=5, B=10)
    assert _cost(client, cast.head, month_url()) == one


def test_a_group_with_everything_at_once(client, cast, plan, indicator, saved, round_of):
    """Departments below, an older revision, more time, something returned: still within the limit."""
    group_of("PST_OPD", "ACCOUNT")
    chief = person("chief", "GROUP", "head")
    saved("7(1)", 6, A=40000, B=200)
    Extension.objects.create(
        round=round_of("7(1)"),
        measured_unit=plan.unit,
        until=clock.today(),
        reason="ระบบล่ม",
        by=cast.reviewer,
        at=clock.now(),
    )
    _cost(client, chief, month_url("GROUP"))
    _cost(client, chief, month_url("PST_OPD"))
    _cost(client, cast.executive, month_url("KKH"))


def test_one_row_costs_the_same_among_many(client, cast, indicator):
    def cost() -> int:
        found = rows_of(cast.head)
        row = next(row for row in found.rows if row.code == "7(1)")
        form = {"row": row.key, f"{row.key}:lock": row.lock, f"{row.key}:was": "", f"{row.key}:A": str(row.lock + 5)}
        client.force_login(cast.head)
        with CaptureQueriesContext(connection) as asked:
            assert client.post(month_url(name="month_row"), form).json()["state"] == "saved"
        return len(asked)

    cost()
    one = cost()
    for code in ("5", "6", "8", "9(1)"):
        give(indicator(code))
    assert cost() == one


def test_sixty_rows_are_quick(client, plan, cast, indicator):
    """Sixty KPIs on one page; the limit is generous, a slow machine is no failure."""
    for place in range(60):
        made = builders.make(
            plan, f"Q{place}", items=builders.SHARE_ITEMS, frequency="monthly", kind="formula", formula="A/B*100"
        )
        give(made)
    client.force_login(cast.head)
    client.get(month_url())
    began = clock.now()
    assert client.get(month_url()).content.decode().count('id="row-') == 61
    assert (clock.now() - began).total_seconds() < 5


def test_the_province_has_one_line_for_its_hospitals(client, plan, settings):
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    client.force_login(province.enters)
    text = client.get(month_url("KKPHO_INSURANCE", 9, 2566)).content.decode()
    assert "มี 26 รายการ" in said(text)
    assert f'href="{reverse("grid", args=[province.k405.pk, 2566, 2])}"' in text
