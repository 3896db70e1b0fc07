"""Scorecards of the other kinds: children that pass, units at a level, checklists, own rounds, assessed levels."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.models import IndicatorVersion
from indicators.scorecards import CardState, indicator_card, plan_card
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
DECEMBER, MARCH = date(2016, 12, 31), date(2017, 3, 31)
UNITS = ("10991", "10992", "10993")


@pytest.fixture
def card_of(plan):
    def find(code, until=MARCH):
        return next(card for card in plan_card(plan, 2560, until).walk() if card.indicator.code == code)

    return find


# The share of children that pass.


@pytest.fixture
def share(plan):
    parent = make(
        plan, "S", kind="pass_share", formula="A/B*100", items=SHARE_ITEMS, unit="ร้อยละ", weight=2,
        bands={1: "50-59", 3: "60-79", 5: "≥80"}, pass_criterion="≥80",
    )  # fmt: skip
    percent = {"formula": "A/B*100", "items": SHARE_ITEMS, "bands": {5: "≥50"}, "pass_criterion": "≥50"}
    children = [make(plan, f"S({n})", parent=parent, **percent) for n in range(1, 5)]
    make(plan, "S(5)", parent=parent, frequency="yearly", **percent)
    return children


def test_a_share_before_anything_is_reported(share, card_of):
    card = card_of("S")
    assert (card.state, card.score, card.standing.due, card.standing.reported) == (
        CardState.NOT_REPORTED,
        None,
        True,
        False,
    )
    assert card_of("S", date(2016, 11, 30)).state == CardState.NOT_DUE


def test_a_share_counts_passed_over_due_and_applicable(share, card_of, cast):
    report(share[0], 2, cast, A=60, B=100)
    report(share[1], 2, cast, A=40, B=100)
    report(share[2], 1, cast, A=90, B=100)  # passed in quarter 1, and quarter 2 is missing: has not passed
    report(share[3], 2, cast, A=0, B=0)  # no cases
    card = card_of("S")
    assert dict(card.score.data) == {"A": 1, "B": 3}  # S(5) is not due before September
    assert (card.state, card.score.value, card.level, card.passed) == (
        CardState.REPORTED,
        Decimal("33.33"),
        0,
        False,
    )
    assert card.standing.weight == 2
    notes = card.score.notes
    assert "ไม่ผ่านเกณฑ์: S(2)" in notes
    assert "ยังไม่รายงาน จึงนับว่าไม่ผ่าน: S(3)" in notes
    assert "ไม่มีกรณี จึงไม่นำมานับ: S(4)" in notes
    assert "ยังไม่ถึงกำหนด จึงไม่นำมานับ: S(5)" in notes


def test_a_share_of_children_without_cases(share, card_of, cast):
    for child in share:
        report(child, 2, cast, A=0, B=0)
    assert (card_of("S").state, card_of("S").standing.applicable) == (CardState.NO_CASES, False)


def test_what_cannot_be_computed_has_not_passed(share, card_of, cast):
    report(share[0], 2, cast, A=5, B=0)
    card = card_of("S")
    assert (card.state, dict(card.score.data)) == (CardState.REPORTED, {"A": 0, "B": 4})


# Units at a level.


@pytest.fixture
def across(plan):
    indicator = make(
        plan, "K405", formula="(EIA+TPS)/2", items=K405_ITEMS, bands=K405_BANDS, unit="คะแนน", weight=3,
        across_level=5, plan_target="2 แห่ง",
    )  # fmt: skip
    return indicator, measure_in(indicator, UNITS)


def test_units_at_the_level_of_the_latest_due_round(across, card_of, cast):
    indicator, units = across
    for unit in units:
        report(indicator, 1, cast, unit=unit, EIA=90, TPS=100)
    report(indicator, 2, cast, unit=units[0], EIA="86.67", TPS=100)
    report(indicator, 2, cast, unit=units[1], EIA=60, TPS=50)
    report(indicator, 2, cast, unit=units[2], EIA=90, TPS=100, status="submitted")
    card = card_of("K405")
    assert (card.state, card.score.value, card.level, card.passed) == (CardState.NOT_REPORTED, 1, None, False)
    assert card.score.notes == ("รายงานแล้ว 2 จาก 3 แห่ง",)
    facts = [(cell.unit.code, cell.level, cell.state) for cell in card.units]
    assert facts == [
        ("10991", 5, CardState.REPORTED),
        ("10992", 0, CardState.REPORTED),
        ("10993", None, CardState.NOT_REPORTED),
    ]
    assert card.units[0].data == {"EIA": Decimal("86.67"), "TPS": 100}
    first = card_of("K405", DECEMBER)
    assert (first.state, first.score.value, first.passed) == (CardState.REPORTED, 3, True)


def test_it_is_reported_when_every_unit_is_approved(across, card_of, cast):
    indicator, units = across
    for unit in units:
        report(indicator, 2, cast, unit=unit, EIA=90, TPS=100)
    card = card_of("K405")
    assert (card.state, card.latest.round.number, card.is_open) == (CardState.REPORTED, 2, True)
    # A count of units has no level, so its weight is in no sum of levels.
    assert card.standing.weight is None


def test_before_the_first_round_is_due(across, card_of):
    card = card_of("K405", date(2016, 11, 30))
    assert (card.state, card.score, len(card.units)) == (CardState.NOT_DUE, None, 3)


def test_a_unit_that_two_offices_enter_counts_once_and_one_that_left_not_at_all(across, card_of, cast):
    indicator, _units = across
    measure_in(indicator, UNITS[:1], responsible="HR")
    indicator.responsibilities.filter(measured_unit__code="10993").update(end=date(2016, 12, 31))
    assert [cell.unit.code for cell in card_of("K405").units] == list(UNITS[:2])
    assert len(card_of("K405", DECEMBER).units) == 3


@pytest.mark.parametrize("number", [1, 3])
def test_five_queries_however_many_units(number, plan, cast, django_assert_num_queries):
    indicator = make(plan, "K405", formula="EIA", items=K405_ITEMS, bands=K405_BANDS, across_level=5)
    for unit in measure_in(indicator, UNITS[:number]):
        report(indicator, 2, cast, unit=unit, EIA=90, TPS=100)
    with django_assert_num_queries(5):
        cards = list(plan_card(plan, 2560, MARCH).walk())
    assert len(next(card for card in cards if card.indicator.code == "K405").units) == number
    with django_assert_num_queries(5):
        found = indicator_card(indicator, 2560, MARCH)
    assert found.card.score.value == number


def test_the_others_are_what_they_were(across, approved, card_of, cast, plan):
    approved("7(1)", A=33600, B=200)
    card = card_of("7(1)")
    assert (card.state, card.level, card.units) == (CardState.REPORTED, 5, ())
    assert len(card.rounds) == 12


# Checklists, own rounds, a yes or no.


def test_a_checklist_is_its_last_round(plan, card_of, cast):
    smart = make(plan, "16X", kind="checklist", items=MARKS, bands=MARK_BANDS, unit="ร้อยละ", pass_criterion="80")
    report(smart, 1, cast, I1=5, I2=5, I3=5, I4=5)
    report(smart, 2, cast, I1=5, I2=5, I3=0, I4_NA=1)
    card = card_of("16X")
    assert (card.score.value, card.level, card.passed) == (Decimal("66.67"), 3, False)
    assert card.score.parts.not_applicable == ("I4",)


@pytest.fixture
def ita(plan):
    indicator = make(
        plan, "12X", kind="checklist", items=EVIDENCE, bands={3: "60", 4: "80", 5: "100"}, unit="ร้อยละ",
        pass_criterion="4 ข้อ", round_rules=ITA_ROUNDS,
    )  # fmt: skip
    counted = {level: f"{level} ข้อ" for level in range(1, 6)}
    give_bands(IndicatorVersion.objects.get(indicator=indicator), counted, round_number=1)
    return indicator


def test_each_round_by_its_own_bands(ita, card_of, cast):
    first = report(ita, 1, cast, EB1=1, EB2=1)
    assert (first.value, first.level, first.passed) == (2, 2, False)
    card = card_of("12X", DECEMBER)
    assert (card.score.value, card.level, card.score.template.unit, card.score.template.target) == (
        2,
        2,
        "ข้อ",
        "5 ข้อ",
    )
    report(ita, 2, cast, EB1=1, EB2=1, EB3=1, EB4=1)
    card = card_of("12X")
    assert (card.score.value, card.level, card.passed) == (Decimal("80.00"), 4, True)


@pytest.fixture
def daily(plan):
    return make(plan, "D1", kind="qualitative", items=YES_NO, weight=4)


def test_a_yes_or_no_has_no_level_and_enters_no_sum(daily, card_of, cast):
    report(daily, 2, cast, P=1)
    card = card_of("D1")
    assert (card.state, card.level, card.passed, card.standing.weight) == (CardState.REPORTED, None, True, None)


def test_the_assessed_level_of_a_yes_or_no_counts(daily, card_of, cast):
    assess(report(daily, 2, cast, P=1), cast, level=4, passed=False)
    card = card_of("D1")
    assert (card.level, card.passed, card.score.passed, card.standing.weight) == (4, False, True, 4)


def test_elsewhere_the_computed_level_stays(approved, card_of, cast):
    assess(approved("7(1)", A=33600, B=200), cast, level=2, passed=False)
    card = card_of("7(1)")
    assert (card.level, card.passed, card.standing.level) == (5, True, 5)
    assert (card.assessed.level, card.assessed.passed, card.assessed.reason) == (2, False, "ตรวจพื้นที่แล้ว")


def test_the_assessor_comes_with_the_card(approved, cast, indicator, django_assert_num_queries):
    assess(approved("7(1)", A=33600, B=200), cast, level=2)
    root = indicator("7(1)")
    assert root.plan.unit
    with django_assert_num_queries(5):
        assert indicator_card(root, 2560, MARCH).card.assessed.by == cast.reviewer
