"""Indicators cancelled in mid-year, and results that are not applicable: what leaves the totals, and what stays."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import Entry, save_result
from indicators.models import Cancellation, DataValue, Indicator, IndicatorVersion, Notice, Result
from indicators.queries import awaiting_entry
from indicators.refusals import NotAllowed
from indicators.reviews.queries import overdue_rounds
from indicators.schedule.actions import cancel_indicator, lift_cancellation
from indicators.scorecards import CardState, plan_card
from indicators.work import work_of
from indicators.work_places import Place
from scoring.rollup import weighted_totals
from strategy.access import reach_of
from tests.builders import K405_BANDS, K405_ITEMS, SHARE_ITEMS, YES_NO, assess, make, measure_in, report
from tests.indicators.test_extensions import closure

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, FEBRUARY, MARCH = date(2016, 11, 30), date(2016, 12, 31), date(2017, 2, 28), date(2017, 3, 31)
MONTHS = [date(2016, 10, 31), NOVEMBER, DECEMBER, date(2017, 1, 31), FEBRUARY, MARCH, date(2017, 4, 30)]
WHY = "กระทรวงยุบรวมตัวชี้วัด"
GOOD = {"A": 33600, "B": 200}


@pytest.fixture
def cancel(cast, indicator):
    def put(code, day=date(2017, 3, 1), year=2560, reason=WHY, by=None):
        return cancel_indicator(
            indicator=indicator(code), fiscal_year=year, day=day, reason=reason, by=by or cast.reviewer
        )  # fmt: skip

    return put


@pytest.fixture
def card_of(plan):
    def find(code, until=MARCH):
        return next(card for card in plan_card(plan, 2560, until).walk() if card.indicator.code == code)

    return find


@pytest.fixture
def totals(plan):
    return lambda until=MARCH: plan_card(plan, 2560, until).totals


def not_applicable(indicator, number, cast, *, unit=None, status="approved", reason="ปิดหอผู้ป่วยทั้งไตรมาส"):
    """A result of that round which its unit said to be not applicable."""
    result = report(indicator, number, cast, unit=unit, status=status)
    facts = {"state": "not_applicable", "value": None, "level": None, "passed": None}
    Result.objects.filter(pk=result.pk).update(is_not_applicable=True, not_applicable_reason=reason, **facts)
    DataValue.objects.filter(result=result).delete()
    return Result.objects.get(pk=result.pk)


# Out of the totals from its day on, and not before


def test_the_weight_leaves_from_the_month_of_its_day_on(cancel, totals, indicator, cast):
    report(indicator("7(1)"), 4, cast, **GOOD)  # level 5, weight 2
    report(indicator("7(1)"), 6, cast, **GOOD)
    before = {until: totals(until) for until in MONTHS}
    cancel("7(1)", date(2017, 3, 20))
    for until in MONTHS:
        if until < MARCH:
            assert totals(until) == before[until]
        else:
            assert totals(until).weight_all == before[until].weight_all - 2
            assert totals(until).weight_due == before[until].weight_due - 2
            assert (totals(until).weight_reported, totals(until).reported) == (0, None)


def test_its_history_stays(cancel, card_of, indicator, cast):
    report(indicator("7(1)"), 4, cast, **GOOD)
    cancel("7(1)", date(2017, 3, 1))
    card = card_of("7(1)")
    assert (card.state, card.cancellation.day, card.cancellation.reason) == (
        CardState.CANCELLED, date(2017, 3, 1), WHY,
    )  # fmt: skip
    assert (card.latest.round.number, card.score.value) == (4, 168)
    assert card_of("7(1)", date(2017, 1, 31)).state == CardState.REPORTED
    assert card_of("7(1)", FEBRUARY).state == CardState.NOT_REPORTED  # what was owed in February is still owed
    assert Result.objects.filter(round__indicator=indicator("7(1)"), status="approved").count() == 1


DAYS = [
    date(2016, 10, 1),
    date(2016, 10, 31),
    date(2016, 11, 1),
    date(2017, 2, 28),
    date(2017, 3, 31),
    date(2017, 9, 30),
]


@pytest.mark.parametrize("day", DAYS)
def test_totals_are_those_of_the_others(day, plan, cast, cancel):
    """For any KPIs that are cancelled, the totals are the same as without them, from their day on."""
    random = Random(day.toordinal())
    leaves = list(Indicator.objects.filter(plan=plan, code__in=["5", "7(1)", "9(1)", "10", "16", "28", "29"]))
    for kpi in random.sample(leaves, 5):
        report(kpi, random.randint(1, 6), cast, A=random.randint(1, 99), B=100)
    before = {until: plan_card(plan, 2560, until) for until in MONTHS}
    out = {kpi.code for kpi in random.sample(leaves, 3)} | {"7(2)"}
    for code in out:
        cancel(code, day)
    for until in MONTHS:
        gone = out if day <= until else set()
        rest = [card.standing for card in before[until].walk() if card.indicator.code not in gone]
        found = plan_card(plan, 2560, until)
        assert found.totals == weighted_totals(rest)
        states = {card.indicator.code for card in found.walk() if card.state == CardState.CANCELLED}
        below = {code for code in states if code.startswith("7(2)(")}
        assert states - below == gone
        assert bool(below) is ("7(2)" in gone)


def test_it_covers_what_is_below_it(cancel, card_of):
    cancel("7")
    for code in ("7", "7(1)", "7(2)", "7(2)(1)", "7(3)"):
        assert card_of(code).state == CardState.CANCELLED
        assert card_of(code, FEBRUARY).state != CardState.CANCELLED


def test_the_earliest_day_of_the_family_counts(cancel, card_of):
    cancel("7(1)", date(2017, 1, 15))
    cancel("7", date(2017, 3, 15))
    assert card_of("7(1)", date(2017, 1, 31)).state == CardState.CANCELLED
    assert card_of("7(3)", date(2017, 1, 31)).state != CardState.CANCELLED
    assert card_of("7(3)").cancellation.day == date(2017, 3, 15)


def test_another_year_is_not_touched(cancel, plan):
    cancel("7(1)")
    other = plan_card(plan, 2561, date(2018, 3, 31))
    assert all(card.state != CardState.CANCELLED for card in other.walk())


# What its parent comes to


@pytest.fixture
def groups(indicator, cast):
    report(indicator("7(2)(1)"), 6, cast, A=10, B=100)  # level 5, passes
    report(indicator("7(2)(2)"), 6, cast, A=25, B=100)  # level 4, fails


def test_a_cancelled_group_is_left_out_of_the_mean(groups, cancel, card_of):
    assert card_of("7(2)").state == CardState.NOT_REPORTED  # the third is missing
    cancel("7(2)(3)")
    card = card_of("7(2)")
    assert (card.state, card.level, card.passed) == (CardState.REPORTED, Decimal("4.5"), False)
    assert "ยกเลิกแล้ว จึงไม่นำมานับ: 7(2)(3)" in card.score.notes
    cancel("7(2)(2)")
    assert (card_of("7(2)").level, card_of("7(2)").passed) == (5, True)


def test_a_parent_of_which_all_is_cancelled_is_so_itself(groups, cancel, card_of):
    for number in (1, 2, 3):
        cancel(f"7(2)({number})")
    card = card_of("7(2)")
    assert (card.state, card.score, card.standing.applicable) == (CardState.CANCELLED, None, False)


def test_a_cancelled_domain_does_not_pull_the_lowest_down(indicator, cast, cancel, card_of):
    steps = {f"S{number}": 1 for number in range(1, 6)}
    for code, done in (("27(1)", steps), ("27(2)", {**steps, "S4": 0}), ("27(3)", steps)):
        report(indicator(code), 1, cast, **done)
    assert card_of("27").level == 3
    cancel("27(2)")
    assert card_of("27").level == 5


def test_without_its_scored_half_nothing_is_scored(indicator, cast, cancel, card_of):
    report(indicator("26(1)"), 2, cast, A=83, B=100)
    cancel("26(1)")
    assert card_of("26").state == CardState.CANCELLED


@pytest.fixture
def share(plan):
    parent = make(
        plan, "S", kind="pass_share", formula="A/B*100", items=SHARE_ITEMS, unit="ร้อยละ", weight=2,
        bands={1: "50-59", 3: "60-79", 5: "≥80"}, pass_criterion="≥80",
    )  # fmt: skip
    percent = {"formula": "A/B*100", "items": SHARE_ITEMS, "bands": {5: "≥50"}, "pass_criterion": "≥50"}
    return [make(plan, f"S({n})", parent=parent, **percent) for n in range(1, 5)]


def test_a_cancelled_child_is_no_part_of_a_share(share, cast, cancel, card_of):
    report(share[0], 2, cast, A=60, B=100)
    report(share[1], 2, cast, A=40, B=100)
    assert dict(card_of("S").score.data) == {"A": 1, "B": 4}
    cancel("S(2)")
    cancel("S(3)")
    card = card_of("S")
    assert dict(card.score.data) == {"A": 1, "B": 2}
    assert "ยกเลิกแล้ว จึงไม่นำมานับ: S(2), S(3)" in card.score.notes
    for number in (1, 4):
        cancel(f"S({number})")
    assert card_of("S").state == CardState.CANCELLED


# Nothing is owed and nothing is taken


def test_rounds_that_end_from_the_day_on_are_not_entered(cancel, cast, access, round_of):
    cancel("7", date(2017, 3, 31))
    seen = access(cast.head, round_of("7(1)", 6))
    assert not seen.may_enter
    assert "ยกเลิกตั้งแต่ 31 มีนาคม 2560" in seen.obstacle
    assert WHY in seen.obstacle
    with pytest.raises(NotAllowed, match="ยกเลิกตั้งแต่"):
        save_result(access=seen, by=cast.head, entry=Entry(data={}), lock=0)
    assert access(cast.head, round_of("7(1)", 5)).may_enter


def test_lists_leave_it_out(cancel, cast, plan, round_of):
    march = round_of("7(1)", 6)
    assert march in overdue_rounds(reach_of(cast.reviewer))
    assert march in awaiting_entry(reach_of(cast.head), 2560)
    cancel("7")
    assert march not in overdue_rounds(reach_of(cast.reviewer))
    assert march not in awaiting_entry(reach_of(cast.head), 2560)
    rows = {row.round.pk: row for row in work_of(reach_of(cast.head), 2560).rows}
    assert (rows[march.pk].place, rows[march.pk].states) == (Place.OUT, ["cancelled"])
    assert WHY in rows[march.pk].note
    assert rows[round_of("7(1)", 5).pk].place is Place.LATE


def test_closed_rounds_leave_the_lists_too(plan, cast, round_of):
    closure(plan, cast)
    march = round_of("7(1)", 6)
    assert march not in overdue_rounds(reach_of(cast.reviewer))
    assert march not in awaiting_entry(reach_of(cast.head), 2560)
    rows = {row.round.pk: row for row in work_of(reach_of(cast.head), 2560).rows}
    assert (rows[march.pk].place, rows[march.pk].states) == (Place.OUT, ["closed"])


# Cancelling and taking it back


@pytest.mark.parametrize("name", ["reporter", "head", "executive", "administrator"])
def test_only_the_strategy_unit_cancels(name, cancel, cast):
    with pytest.raises(NotAllowed, match="เฉพาะผู้ตรวจสอบ"):
        cancel("7(1)", by=getattr(cast, name))


@pytest.mark.parametrize("day", [date(2016, 9, 30), date(2017, 10, 1), date(1900, 1, 1)])
def test_the_day_lies_in_the_year(day, cancel):
    with pytest.raises(NotAllowed, match="ต้องอยู่ในปีงบประมาณ 2560"):
        cancel("7(1)", day)


def test_a_reason_is_due(cancel):
    with pytest.raises(NotAllowed, match="กรุณาระบุเหตุผล"):
        cancel("7(1)", reason=" ")


def test_not_twice(cancel):
    cancel("7(1)")
    with pytest.raises(NotAllowed, match="ยกเลิกไว้แล้ว"):
        cancel("7(1)")
    cancel("7")
    with pytest.raises(NotAllowed, match="ยกเลิกไปแล้วพร้อมกับตัวชี้วัด 7"):
        cancel("7(3)")


def test_not_into_a_closed_period(cancel, plan, cast):
    closure(plan, cast)
    with pytest.raises(NotAllowed, match="ปิดงวดถึง มีนาคม 2560"):
        cancel("7(1)", date(2017, 3, 31))
    cancel("7(1)", date(2017, 4, 1))


def test_taken_back_it_counts_as_before(cancel, cast, totals, indicator):
    report(indicator("7(1)"), 6, cast, **GOOD)
    before = {until: totals(until) for until in MONTHS}
    cancellation = cancel("7(1)")
    lift_cancellation(cancellation=cancellation, reason="ผู้ตรวจราชการให้คงไว้", by=cast.reviewer)
    assert {until: totals(until) for until in MONTHS} == before
    with pytest.raises(NotAllowed, match="กลับมาแล้ว"):
        lift_cancellation(cancellation=cancellation, reason="อีกครั้ง", by=cast.reviewer)
    cancel("7(1)", date(2017, 4, 1))
    assert Cancellation.objects.count() == 2


def test_taking_back_needs_a_reason_an_office_and_an_open_period(cancel, cast, plan):
    cancellation = cancel("7(1)", date(2017, 3, 1))
    with pytest.raises(NotAllowed, match="กรุณาระบุเหตุผล"):
        lift_cancellation(cancellation=cancellation, reason="", by=cast.reviewer)
    with pytest.raises(NotAllowed, match="เฉพาะผู้ตรวจสอบ"):
        lift_cancellation(cancellation=cancellation, reason="คงไว้", by=cast.head)
    closure(plan, cast)
    with pytest.raises(NotAllowed, match="ปิดงวดถึง มีนาคม 2560"):
        lift_cancellation(cancellation=cancellation, reason="คงไว้", by=cast.reviewer)


def test_those_who_enter_it_are_told(cancel, cast):
    cancel("7")
    notice = Notice.objects.get(user=cast.head)
    assert (notice.kind, notice.facts["code"], notice.facts["day"]) == ("cancelled", "7", "2017-03-01")
    assert not Notice.objects.filter(user=cast.other_head).exists()


# Not applicable


def test_a_round_that_is_not_applicable_adds_nothing(indicator, cast, card_of):
    report(indicator("7(1)"), 4, cast, A=18000, B=100)  # 180
    not_applicable(indicator("7(1)"), 6, cast)
    card = card_of("7(1)")
    assert (card.state, card.score.value) == (CardState.REPORTED, 180)
    assert card.standing.applicable
    report(indicator("7(1)"), 5, cast, A=34000, B=200)
    assert card_of("7(1)").score.exact == Fraction(52000, 300)


def test_alone_it_leaves_the_totals(indicator, cast, card_of, totals):
    before = totals()
    not_applicable(indicator("7(1)"), 6, cast)
    card = card_of("7(1)")
    assert (card.state, card.score, card.level) == (CardState.NOT_APPLICABLE, None, None)
    after = totals()
    assert (after.weight_all, after.weight_due) == (before.weight_all - 2, before.weight_due - 2)
    assert after.official == before.official == 0


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_it_counts_once_it_is_approved(status, indicator, cast, card_of):
    not_applicable(indicator("7(1)"), 6, cast, status=status)
    assert card_of("7(1)").state == CardState.NOT_REPORTED


def test_five_things_are_five_states(plan, indicator, cast, card_of):
    report(indicator("29"), 6, cast, A=0, B=100)
    report(indicator("24(1)"), 6, cast, A=5, B=0)
    report(indicator("16"), 6, cast, A=0, B=0)
    not_applicable(indicator("28"), 6, cast)
    found = {code: card_of(code).state for code in ("29", "7(1)", "1", "28", "24(1)", "16")}
    assert list(found.values()) == [
        CardState.REPORTED, CardState.NOT_REPORTED, CardState.NOT_DUE, CardState.NOT_APPLICABLE,
        CardState.CANNOT_COMPUTE, CardState.NO_CASES,
    ]  # fmt: skip
    assert card_of("29").level == 0


def test_a_group_that_is_not_applicable_drops_out(groups, indicator, cast, card_of):
    not_applicable(indicator("7(2)(3)"), 6, cast)
    card = card_of("7(2)")
    assert (card.state, card.level) == (CardState.REPORTED, Decimal("4.5"))
    assert "ไม่เกี่ยวข้อง จึงไม่นำมานับ: 7(2)(3)" in card.score.notes


def test_all_groups_not_applicable(indicator, cast, card_of):
    for number in (1, 2, 3):
        not_applicable(indicator(f"7(2)({number})"), 6, cast)
    card = card_of("7(2)")
    assert (card.state, card.standing.applicable) == (CardState.NOT_APPLICABLE, False)


def test_a_child_of_a_share_that_is_not_applicable(share, cast, card_of):
    report(share[0], 2, cast, A=60, B=100)
    not_applicable(share[1], 2, cast)
    assert dict(card_of("S").score.data) == {"A": 1, "B": 3}


def test_a_hospital_that_is_not_applicable_is_not_counted(plan, cast, card_of):
    kpi = make(
        plan, "K405", formula="(EIA+TPS)/2", items=K405_ITEMS, bands=K405_BANDS, weight=3, across_level=5,
        plan_target="1 แห่ง",
    )  # fmt: skip
    first, second = measure_in(kpi, ["10991", "10992"])
    report(kpi, 2, cast, unit=first, EIA=90, TPS=100)
    not_applicable(kpi, 2, cast, unit=second)
    card = card_of("K405")
    assert (card.state, card.score.value) == (CardState.REPORTED, 1)
    assert card.score.notes == ("รายงานแล้ว 1 จาก 1 แห่ง",)
    assert [unit.state for unit in card.units] == [CardState.REPORTED, CardState.NOT_APPLICABLE]
    not_applicable_again = Result.objects.get(measured_unit=first, round__indicator=kpi)
    Result.objects.filter(pk=not_applicable_again.pk).update(state="not_applicable", value=None, level=None)
    assert card_of("K405").state == CardState.NOT_APPLICABLE


def test_the_judgement_of_a_round_that_counts_stays(indicator, cast, plan, card_of):
    kpi = make(plan, "Q", kind="qualitative", items=YES_NO)
    assess(report(kpi, 1, cast, P=1), cast, level=Decimal(4), passed=True)
    not_applicable(kpi, 2, cast)
    assert (card_of("Q").level, card_of("Q").passed) == (4, True)


# The pages


@pytest.fixture
def office(client, cast):
    client.force_login(cast.reviewer)
    return client


@pytest.fixture
def url(indicator):
    return f"{reverse('indicator_cancel', args=[indicator('7(1)').pk])}?year=2560"


def test_the_page_says_what_it_does(office, url):
    text = office.get(url).content.decode()
    for part in ("ยกเลิกตัวชี้วัด 7(1)", "น้ำหนัก 2 จากน้ำหนักรวม 94", "เมษายน 2560", "15 เม.ย. 2560"):
        assert part in text
    assert "นำตัวชี้วัดกลับมา" not in text


def test_cancelling_and_taking_back_on_the_page(office, url, indicator, card_of):
    typed = {"day": "๑ มี.ค. ๒๕๖๐", "reason": WHY, "counted": "2017-03-01"}
    text = office.post(url, typed, follow=True).content.decode()
    assert "ยกเลิกตั้งแต่ 1 มี.ค. 2560 เพราะ" in text
    assert card_of("7(1)").state == CardState.CANCELLED
    row = Cancellation.objects.get()
    lift = f"{reverse('indicator_lift', args=[indicator('7(1)').pk])}?year=2560"
    answer = office.post(lift, {"cancellation": row.pk, "reason": " "})
    assert answer.status_code == 422
    assert "กรุณาระบุเหตุผล" in answer.content.decode()
    text = office.post(lift, {"cancellation": row.pk, "reason": "ให้คงไว้"}, follow=True).content.decode()
    assert "นำกลับมาโดย" in text
    assert "ให้คงไว้" in text
    assert card_of("7(1)").state != CardState.CANCELLED


def test_another_day_shows_what_it_does_first(office, url, indicator, cast):
    report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    typed = {"day": "15 มี.ค. 2560", "reason": WHY}
    answer = office.post(url, {**typed, "counted": ""})
    text = answer.content.decode()
    assert "ถ้ายกเลิกตั้งแต่ 15 มี.ค. 2560 งวดในตารางด้านล่างจะไม่ต้องส่ง ในนั้นมีผลงานที่รอตรวจ 1 รายการ" in text
    assert "มีนาคม 2560" in text
    assert 'value="2017-03-15"' in text
    assert WHY in text  # what was typed is kept
    assert not Cancellation.objects.exists()
    again = office.post(url, {**typed, "day": "1 ก.พ. 2560", "counted": "2017-03-15"})  # other rounds once more
    assert 'value="2017-02-01"' in again.content.decode()
    assert not Cancellation.objects.exists()
    assert office.post(url, {**typed, "counted": "2017-03-15"}).status_code == 302
    assert Cancellation.objects.get().day == date(2017, 3, 15)


def test_a_day_that_does_the_same_needs_no_second_look(office, url):
    assert office.post(url, {"day": "1 เม.ย. 2560", "reason": WHY, "counted": ""}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "กรุณาใส่วันที่"),
        ("เร็ว ๆ นี้", "ไม่ใช่วันที่"),
        ("30 ก.พ. 2560", "ไม่มีวันที่"),
        ("30 ก.ย. 2559", "ต้องอยู่ในปีงบประมาณ 2560"),
        ("1 ต.ค. 2560", "ต้องอยู่ในปีงบประมาณ 2560"),
    ],
)
def test_bad_days_come_back(typed, sentence, office, url):
    answer = office.post(url, {"day": typed, "reason": WHY})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert WHY in text
    assert not Cancellation.objects.exists()


@pytest.mark.parametrize("year", ["2559", "2564", "25600", "abcd", "๒๕๖๐", "-1", "\0"])
def test_years_that_the_plan_has_not(year, office, indicator):
    assert office.get(reverse("indicator_cancel", args=[indicator("7(1)").pk]), {"year": year}).status_code == 404


def test_a_year_without_a_template(office, indicator):
    IndicatorVersion.objects.filter(indicator=indicator("7(1)"), fiscal_year=2561).update(is_active=False)
    assert office.get(reverse("indicator_cancel", args=[indicator("7(1)").pk]), {"year": 2561}).status_code == 404


def test_two_tabs_cancel_once(office, url, cancel):
    cancel("7(1)")
    answer = office.post(url, {"day": "1 เม.ย. 2560", "reason": WHY})
    assert answer.status_code == 409
    assert "ยกเลิกไว้แล้ว" in answer.content.decode()


def test_the_cancellation_of_another_indicator_is_not_lifted_here(office, indicator, cancel):
    row = cancel("7(3)")
    url = f"{reverse('indicator_lift', args=[indicator('7(1)').pk])}?year=2560"
    assert office.post(url, {"cancellation": row.pk, "reason": "x"}).status_code == 404


def test_a_part_says_what_it_was_cancelled_with(office, url, cancel):
    cancel("7")
    text = office.get(url).content.decode()
    assert "ยกเลิกไปพร้อมกับตัวชี้วัด 7" in text
    assert 'name="day"' not in text


@pytest.mark.parametrize("code", ["7(1)", "7", "14"])
def test_the_page_asks_few_questions(code, office, indicator, cancel):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get(reverse("indicator_cancel", args=[indicator(code).pk])).status_code == 200
        return len(asked)

    one = count()
    cancel(code)
    assert count() == one <= 12


def test_dashboard_and_kpi_page_show_it(office, cancel, indicator):
    cancel("7(1)")
    for page in (reverse("dashboard"), reverse("indicator", args=[indicator("7(1)").pk])):
        text = office.get(page, {"month": "2560-06"}).content.decode()
        assert "ยกเลิกแล้ว" in text
        assert "ยกเลิกตั้งแต่ 1 มี.ค. 2560" in text
        assert WHY in text


def test_forms_show_it(office, cancel, round_of, indicator):
    cancel("7(1)")
    text = office.get(reverse("result_form", args=[round_of("7(1)", 6).pk])).content.decode()
    assert "ยกเลิกแล้ว" in text
    assert WHY in text
    whole = office.get(reverse("indicator_form", args=[indicator("7").pk, 2560, 6])).content.decode()
    assert "ยกเลิกแล้ว" in whole


def test_pages_say_not_applicable(office, indicator, cast, round_of):
    not_applicable(indicator("7(1)"), 6, cast)
    for page in (reverse("dashboard"), reverse("indicator", args=[indicator("7(1)").pk])):
        assert "ไม่เกี่ยวข้อง" in office.get(page, {"month": "2560-06"}).content.decode()
    text = office.get(reverse("result_form", args=[round_of("7(1)", 6).pk])).content.decode()
    assert "ไม่เกี่ยวข้อง" in text


def test_the_weights_of_the_page_are_those_of_the_totals(cancel, totals, office, url):
    """What is cancelled by then is in neither sum; what is cancelled later in the year is in both."""
    cancel("29", date(2017, 3, 1))
    cancel("5", date(2017, 6, 1))
    whole = totals(date(2017, 4, 30)).weight_all
    page = " ".join(office.get(url).content.decode().split())
    assert f"น้ำหนัก 2 จากน้ำหนักรวม {whole.normalize():f}" in page
    assert f"เหลือ {(whole - 2).normalize():f}" in page
    cancel("7(1)", date(2017, 4, 15))
    assert totals(date(2017, 4, 30)).weight_all == whole - 2
    after = " ".join(office.get(url).content.decode().split())
    assert f"น้ำหนัก 2 จากน้ำหนักรวม {whole.normalize():f}" in after
