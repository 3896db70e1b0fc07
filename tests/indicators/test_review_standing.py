"""The review pages where the calendar has the last word: what was cancelled or closed waits for nobody."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from indicators.actions import assess_result
from indicators.adapters import template_of
from indicators.events import lines_of
from indicators.models import Closure, Extension, Responsibility, Result, Round, Waiver
from indicators.queries import waiting_counts
from indicators.refusals import NotAllowed
from indicators.reviews.lists import missing_rows
from indicators.reviews.queries import overdue_rounds, review_queue, reviewed_results, with_overdue_rows
from indicators.schedule.actions import cancel_indicator, lift_cancellation
from indicators.workflow import transition
from strategy import clock
from strategy.access import Reach, reach_of
from tests.builders import K405_BANDS, K405_ITEMS, make, measure_in, report
from tests.indicators.test_extensions import closure

pytestmark = pytest.mark.django_db
WHY = "กระทรวงยุบรวมตัวชี้วัด"
SINCE = "ยกเลิกตั้งแต่ 15 มีนาคม 2560"
GOOD = {"A": 33600, "B": 200}


@pytest.fixture
def reviewer(client, cast):
    client.force_login(cast.reviewer)
    return client


@pytest.fixture
def cancel(cast, indicator):
    return lambda code="7(1)": cancel_indicator(
        indicator=indicator(code), fiscal_year=2560, day=date(2017, 3, 15), reason=WHY, by=cast.reviewer
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def counts_of(response) -> dict[str, int]:
    return {tab.key: count for tab, count in response.context["tabs"]}


# Cancelled after it was submitted


@pytest.mark.parametrize("code", ["7(1)", "7"])
def test_a_cancelled_result_leaves_the_queue_and_its_count_until_it_is_lifted(code, cast, submitted, cancel):
    result = submitted("7(1)", **GOOD)
    earlier = submitted("7(1)", 5, **GOOD)

    def waiting():
        return set(review_queue(reviewed_results(reach_of(cast.reviewer))))

    cancellation = cancel(code)
    assert waiting() == {earlier}
    assert waiting_counts(cast.reviewer)["review"] == 1
    lift_cancellation(cancellation=cancellation, reason="นำกลับมา", by=cast.reviewer)
    assert waiting() == {earlier, result}
    assert waiting_counts(cast.reviewer)["review"] == 2


def test_its_page_says_since_when_and_why_and_offers_no_decision(reviewer, submitted, cancel):
    result = submitted("7(1)", **GOOD)
    cancel()
    page = text_of(reviewer.get(reverse("review_detail", args=[result.round_id])))
    assert SINCE in page
    assert WHY in page
    for name in ("review_approve", "review_return", "review_assess"):
        assert reverse(name, args=[result.round_id]) not in page
    assert reverse("round_extend", args=[result.round_id]) not in page


@pytest.mark.parametrize("action", ["approve", "return"])
def test_a_decision_from_an_older_page_is_refused(action, cast, access, submitted, cancel):
    result = submitted("7(1)", **GOOD)
    seen = access(cast.reviewer, result.round)  # before it was cancelled
    cancel()
    with pytest.raises(NotAllowed, match=SINCE):
        transition(access=seen, action=action, by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง")
    assert Result.objects.get(pk=result.pk).status == "submitted"


def test_an_assessment_is_refused_too(cast, access, submitted, cancel):
    result = submitted("7(1)", **GOOD)
    seen = access(cast.reviewer, result.round)
    cancel()
    with pytest.raises(NotAllowed, match=SINCE):
        assess_result(access=seen, by=cast.reviewer, lock=result.lock, level=3, passed=None, reason="ดูพื้นที่")


@pytest.mark.parametrize("action", ["approve", "return"])
def test_the_page_tells_the_refusal(action, reviewer, submitted, cancel):
    result = submitted("7(1)", **GOOD)
    cancel()
    address = reverse(f"review_{action}", args=[result.round_id])
    response = reviewer.post(address, {"lock": result.lock, "reason": "แก้ตัวตั้ง"})
    assert response.status_code == 403
    assert SINCE in text_of(response)


def test_the_form_says_that_it_is_cancelled(reviewer, submitted, cancel):
    result = submitted("7(1)", **GOOD)
    address = reverse("result_form", args=[result.round_id])
    assert WHY not in text_of(reviewer.get(address))
    cancel()
    page = text_of(reviewer.get(address))
    assert "ยกเลิกตั้งแต่ 15 มี.ค. 2560" in page
    assert WHY in page
    sheet = load_workbook(BytesIO(reviewer.get(reverse("result_form_xlsx", args=[result.round_id])).content)).active
    assert any(WHY in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert reviewer.get(reverse("result_form_pdf", args=[result.round_id])).content.startswith(b"%PDF")


def test_what_was_approved_before_is_not_said_to_wait_again(reviewer, approved, cancel):
    result = approved("7(1)", **GOOD)
    cancel()
    decide = text_of(reviewer.get(reverse("review_detail", args=[result.round_id]))).split('id="decide"')[1]
    assert "ตัวชี้วัดยกเลิกแล้ว จึงตัดสินผลงานนี้ไม่ได้" in decide
    assert "รอตรวจอีกครั้ง" not in decide


# Closed while it was with its unit


def test_what_was_sent_back_and_closed_is_not_counted_as_with_its_unit(reviewer, cast, plan, access, submitted):
    result = submitted("7(1)", **GOOD)
    seen = access(cast.reviewer, result.round)
    transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง")

    def returned():
        return counts_of(reviewer.get(reverse("review_list")))["returned"]

    assert returned() == 1
    closure(plan, cast)
    assert returned() == 0


def test_a_reviewer_is_shown_the_way_to_open_a_closed_period(reviewer, cast, plan, approved):
    result = approved("7(1)", **GOOD)
    address = reverse("review_detail", args=[result.round_id])
    assert reverse("closing") + '">' not in text_of(reviewer.get(address)).split('id="decide"')[1]
    closure(plan, cast)
    decide = text_of(reviewer.get(address)).split('id="decide"')[1]
    assert f'href="{reverse("closing")}"' in decide
    assert "ขอให้หน่วยงานที่ตรวจสอบผลงาน" not in decide


# What is missing says the same in both lists


@pytest.fixture
def only(indicator):
    """7(1) of the PST OPD team alone."""
    Responsibility.objects.exclude(indicator=indicator("7(1)")).delete()


@pytest.fixture
def back(cast, access, submitted):
    """A result that came back: returned, or reopened after an approval."""

    def make(number, *actions, code="7(1)"):
        result = submitted(code, number, **GOOD)
        for action in actions:
            seen = access(cast.reviewer, result.round)
            result = transition(access=seen, action=action, by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง")
        return result

    return make


def test_the_link_of_a_silent_unit_leads_to_as_many_as_it_says(only, back, saved, reviewer):
    for number in (1, 2):
        back(number, "approve")
    returned, reopened = back(3, "return"), back(4, "approve", "reopen")
    saved("7(1)", 6, **GOOD)
    (unit,) = reviewer.get(reverse("silent")).context["found"].units
    assert unit.count == 4
    response = reviewer.get(reverse("review_list"), {"tab": "missing", "office": unit.unit.pk})
    rows = response.context["rows"]
    assert [(row.round.number, row.state) for row in rows] == [
        (3, "returned"), (4, "reopened"), (5, "not_reported"), (6, "draft"),
    ]  # fmt: skip
    assert counts_of(response)["missing"] == 4
    page = text_of(response)
    for result in (returned, reopened):
        assert reverse("review_detail", args=[result.round_id]) in page


def test_what_came_back_in_the_last_year_is_missing_as_well(only, back, reviewer, settings):
    back(6, "return")
    settings.KPITRACK_TODAY = date(2017, 10, 20)
    (unit,) = reviewer.get(reverse("silent")).context["found"].units
    response = reviewer.get(reverse("review_list"), {"tab": "missing", "office": unit.unit.pk})
    assert len(response.context["rows"]) == unit.count


@pytest.fixture
def hospitals(plan):
    """Two in which an indicator is measured, by one unit, and nothing else: (indicator, one, two)."""
    Responsibility.objects.all().delete()
    across = make(plan, "K", items=K405_ITEMS, bands=K405_BANDS, across_level=5)
    return across, *measure_in(across, ["10998", "10999"], responsible="PST_OPD")


def missing_of(reviewer, person, indicator) -> tuple[int, list[str]]:
    """How many results of the indicator the silent owe, and the units whose results the review list lacks."""
    owed = [item for unit in reviewer.get(reverse("silent")).context["found"].units for item in unit.items]
    rounds = with_overdue_rows(overdue_rounds(Reach(person)).filter(indicator=indicator))
    return len(owed), [row.measured_unit.code for round_ in rounds for row in missing_rows(round_)]


def test_of_the_last_year_only_the_unit_that_was_sent_back(hospitals, reviewer, cast, settings):
    across, one, _two = hospitals
    report(across, 1, cast, unit=one, status="returned", EIA=80, TPS=80)
    settings.KPITRACK_TODAY = date(2017, 11, 20)
    Round.objects.filter(indicator=across).exclude(number=1).delete()
    assert missing_of(reviewer, cast.reviewer, across) == (1, ["10998"])


def test_of_the_last_year_what_had_more_time_in_this_one(hospitals, reviewer, cast, settings):
    across, one, _two = hospitals
    first = Round.objects.get(indicator=across, number=1)
    Round.objects.filter(indicator=across).exclude(number=1).delete()
    Extension.objects.create(
        round=first, measured_unit=one, until=date(2017, 11, 10), reason=WHY, by=cast.reviewer, at=clock.now()
    )
    settings.KPITRACK_TODAY = date(2017, 11, 20)
    assert missing_of(reviewer, cast.reviewer, across) == (1, ["10998"])


def test_only_what_came_back_carries_its_mark(only, back, reviewer):
    for number in (1, 2, 4):
        back(number, "approve")
    back(3, "return")
    back(5, "approve", "reopen")
    (unit,) = reviewer.get(reverse("silent")).context["found"].units
    (piece,) = unit.pieces
    assert piece.parts == [
        ("ธันวาคม 2559", ["returned"]), ("กุมภาพันธ์ 2560", ["reopened"]), ("มีนาคม 2560", []),
    ]  # fmt: skip
    assert "เปิดแก้ไขใหม่" in text_of(reviewer.get(reverse("silent")))


def test_a_single_row_of_a_grid_is_named_by_its_own_code(indicator, reviewer):
    home = indicator("15(2)")
    one = home.children.order_by("position").first()
    Responsibility.objects.exclude(indicator=one).delete()
    found = reviewer.get(reverse("silent")).context["found"].units
    assert {piece.code for unit in found for piece in unit.pieces} == {one.code}


# What is closed without its results


@pytest.fixture
def closed(plan, cast, round_of):
    """The first half year closed without February and March."""
    made = closure(plan, cast)
    for number in (5, 6):
        Waiver.objects.create(closure=made, round=round_of("7(1)", number), measured_unit=plan.unit, reason="ไม่ส่ง")
    return made


LACKS = "งวดที่ปิดถึงมีนาคม 2560 ขาดผลงาน 2 รายการ"


@pytest.mark.parametrize(
    ("name", "query", "untrue"),
    [
        ("silent", {}, "ทุกหน่วยงานส่งผลงานที่ถึงกำหนดแล้ว"),
        ("review_list", {}, "ทุกรอบที่ถึงกำหนดส่งมาแล้ว"),
        ("review_list", {"tab": "missing"}, "ทุกรอบที่ถึงกำหนดส่งมาแล้ว"),
    ],
)
def test_nothing_is_said_to_be_all_there_that_was_waived(name, query, untrue, only, plan, closed, reviewer):
    page = text_of(reviewer.get(reverse(name), query))
    assert untrue not in page
    assert "งวดที่ยังเปิดอยู่" in page
    assert LACKS in page
    assert reverse("closing_period", args=[plan.pk, 2560, 6]) in page


@pytest.mark.parametrize("name", ["silent", "review_list"])
def test_a_period_that_was_opened_again_lacks_nothing(name, only, closed, cast, reviewer):
    now = clock.now()
    Closure.objects.update(reopened_at=now, reopened_by=cast.reviewer, reopened_reason="แก้ตัวเลข")
    assert "ขาดผลงาน" not in text_of(reviewer.get(reverse(name)))


@pytest.mark.parametrize("name", ["silent", "review_list"])
def test_before_anything_is_due_nothing_is_said_to_have_come(name, only, reviewer, settings):
    settings.KPITRACK_TODAY = date(2016, 10, 20)
    page = text_of(reviewer.get(reverse(name)))
    assert "ส่งมาแล้ว" not in page
    assert "ทุกหน่วยงานส่ง" not in page
    assert "ยังไม่มี" in page


def test_the_head_reads_what_the_closed_periods_lack(only, closed, client, cast):
    client.force_login(cast.head)
    page = text_of(client.get("/"))
    assert "ไม่มีรายการค้างในงวดที่ยังเปิดอยู่" in page
    assert "งวดที่ปิดแล้วขาดผลงาน 6 รายการ" in page


# Small things


def test_two_explanations_are_told_apart(approved):
    result = approved("7(1)", **GOOD)
    event = result.events.order_by("pk").last()
    event.before, event.after = {}, {"answers": {"one": "ตามทะเบียน", "two": "ส่งต่อซ้ำ"}}
    (line,) = lines_of([event], template_of(result.version))
    assert [change.after for change in line.changes] == ["ตามทะเบียน · ส่งต่อซ้ำ"]


def test_the_whole_rule_of_approving_together_is_said(reviewer, indicator, cast):
    report(indicator("7(1)"), 6, cast, status="submitted", **GOOD)
    page = text_of(reviewer.get(reverse("review_list")))
    assert "เฉพาะที่คำนวณได้ ไม่มีคำเตือน ไม่ตกเกณฑ์ และไม่เคยถูกส่งกลับ" in page
    assert "รายการที่มีคำเตือน ไม่เกี่ยวข้อง หรือคำนวณไม่ได้ ต้องตรวจทีละรายการ จึงอนุมัติพร้อมกันไม่ได้" in page


def test_what_was_sent_back_and_closed_is_not_said_to_be_mended_by_its_unit(reviewer, cast, plan, back):
    result = back(6, "return")
    address = reverse("review_detail", args=[result.round_id])
    assert "อยู่ที่หน่วยงานเพื่อแก้ไข" in text_of(reviewer.get(address))
    closure(plan, cast)
    page = text_of(reviewer.get(address))
    assert "อยู่ที่หน่วยงานเพื่อแก้ไข" not in page
    assert "ปิดงวดแล้ว" in page
