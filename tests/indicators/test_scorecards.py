"""The scorecards of the real plan against figures worked out on paper (DESIGN.md sections 4 and 5)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.models import IndicatorVersion
from indicators.scorecards import CardState, indicator_card, plan_card
from strategy.models import Membership

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH, SEPTEMBER = date(2017, 2, 28), date(2017, 3, 31), date(2017, 9, 30)
# Weights of the plan: 94 in all, 23 of them on yearly KPIs that are not due in March.
ALL, DUE = 94, 71


@pytest.fixture
def approved(approved, cast, plan):
    """As in the cast, but the head enters for every unit of the hospital."""
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    return approved


@pytest.fixture
def card_of(plan):
    def find(code, until=MARCH):
        return next(card for card in plan_card(plan, 2560, until).walk() if card.indicator.code == code)

    return find


@pytest.fixture
def five_figures(plan):
    def figures(until=MARCH):
        totals = plan_card(plan, 2560, until).totals
        return totals.reported, totals.official, totals.coverage, totals.best, totals.worst

    return figures


@pytest.fixture
def march(approved):
    """Five KPIs in March: levels 5, 3, 2, 5 and a reported 0, of weights 2, 3, 3, 1.5 and 1.5."""
    approved("7(1)", A=33600, B=200)  # 168 minutes, at most 170
    approved("5", A=12, B=100)  # 12.00, at most 12.0
    approved("10", A=194, B=100)  # 1.94
    approved("28", A=0, B=100)  # 0 % is the best there is
    approved("29", A=0, B=100)  # 0 is below level 1
    return Fraction("32.5"), Fraction(11)  # 10 + 9 + 6 + 7.5 + 0; the weights


def test_five_figures_by_hand(march, five_figures):
    earned, weight = march
    assert five_figures() == (earned / weight, earned / DUE, weight / DUE, 5, 0)


def test_nothing_reported(five_figures):
    assert five_figures() == (None, 0, 0, 5, 0)


def test_nothing_due(five_figures, settings):
    settings.KPITRACK_TODAY = date(2016, 10, 20)
    assert five_figures(date(2016, 9, 30)) == (None, None, None, 5, 0)


def test_no_cases_leave_the_sums_and_cannot_compute_stays_missing(march, approved, five_figures, card_of):
    earned, weight = march
    approved("16", A=0, B=0)  # weight 2, not applicable
    approved("24(1)", A=5, B=0)  # weight 1.5, cannot be computed
    assert card_of("16").state == CardState.NO_CASES
    assert card_of("24(1)").state == CardState.CANNOT_COMPUTE
    assert five_figures() == (earned / weight, earned / (DUE - 2), weight / (DUE - 2), 5, 0)


def test_best_and_worst_when_some_years_are_over(approved, five_figures, settings):
    settings.KPITRACK_TODAY = date(2017, 10, 15)
    approved("30", 1, A=10)  # level 4, weight 2: >8
    approved("1", 1, A=1, B=5)  # 20 %, level 5, weight 3
    earned = Fraction(4 * 2 + 5 * 3)
    expected = (earned / 5, earned / ALL, Fraction(5, ALL), (earned + 5 * (ALL - 5)) / ALL, earned / ALL)
    assert five_figures(SEPTEMBER) == expected


def test_approved_ahead_of_the_month_is_still_open(approved, five_figures, card_of):
    approved("30", 1, A=10)  # the year's only round, which ends in September
    assert card_of("30").state == CardState.NOT_DUE
    assert five_figures()[3:] == (5, 0)


def test_themes_and_issues_add_up(march, plan):
    card = plan_card(plan, 2560, MARCH)
    weights = [issue.totals.weight_all for issue in card.issues]
    assert (weights, card.totals.weight_all) == ([10, 51, 15, 18], ALL)
    themes = dict(card.themes)
    assert (themes["คุณภาพ"].weight_all, themes["คุณธรรม"].weight_all) == (61, 33)
    assert themes["คุณภาพ"].official == Fraction(25) / Fraction(themes["คุณภาพ"].weight_due)
    assert themes["คุณธรรม"].reported == Fraction("7.5") / 3


def test_grade_is_of_the_official_percent(march, plan):
    assert plan_card(plan, 2560, MARCH).grade == "F"  # 9.15 %


STATES = {
    "not due": (None, "1", CardState.NOT_DUE, None),
    "not reported": (None, "7(1)", CardState.NOT_REPORTED, None),
    "reported": ({"A": 33600, "B": 200}, "7(1)", CardState.REPORTED, 5),
    "zero is reported": ({"A": 0, "B": 100}, "29", CardState.REPORTED, 0),
    "no cases": ({"A": 0, "B": 0}, "29", CardState.NO_CASES, None),
    "cannot compute": ({"A": 5, "B": 0}, "24(1)", CardState.CANNOT_COMPUTE, None),
    "heading": (None, "7", CardState.HEADING, None),
}


@pytest.mark.parametrize(("data", "code", "state", "level"), STATES.values(), ids=STATES)
def test_states(data, code, state, level, approved, card_of):
    if data is not None:
        approved(code, **data)
    card = card_of(code)
    assert (card.state, card.level) == (state, level)


def test_drafts_and_submissions_do_not_count(saved, submitted, card_of):
    saved("7(1)", 5, A=33600, B=200)
    submitted("7(1)", 6, A=33600, B=200)
    card = card_of("7(1)")
    assert (card.state, card.score, card.latest) == (CardState.NOT_REPORTED, None, None)


def test_latest_due_round_decides_whether_it_is_reported(approved, card_of):
    approved("7(1)", 5, A=33600, B=200)
    assert card_of("7(1)", FEBRUARY).state == CardState.REPORTED
    card = card_of("7(1)")
    assert (card.state, card.level, card.latest.round.number) == (CardState.NOT_REPORTED, 5, 5)
    assert card.standing.reported is False


def test_year_to_date_is_sum_over_sum(approved, card_of):
    approved("7(1)", 5, A=18000, B=100)  # 180
    approved("7(1)", 6, A=34000, B=200)  # 170; the mean of both would be 175, level 4's own edge
    score = card_of("7(1)").score
    assert (score.exact, score.value, score.level) == (Fraction(52000, 300), Decimal("173.33"), 4)


def groups(approved, second=(25, 100), third=True):
    approved("7(2)(1)", A=10, B=100)  # 10 %: level 5, passes
    approved("7(2)(2)", A=second[0], B=second[1])  # 25 %: level 4, fails
    if third:
        approved("7(2)(3)", A3=12, B3=100, A4=10, B4=100, A5=0, B5=0)  # mean of 12 and 10: 11, level 4


def test_mean_of_groups(approved, card_of):
    groups(approved)
    card = card_of("7(2)")
    assert (card.state, card.level, card.passed, card.weight) == (CardState.REPORTED, Decimal("4.3333"), False, 2)


def test_group_without_cases_drops_out(approved, card_of):
    groups(approved, second=(0, 0))
    assert card_of("7(2)").level == Decimal("4.5")


def test_group_that_is_missing_keeps_the_parent_from_being_reported(approved, card_of):
    groups(approved, third=False)
    card = card_of("7(2)")
    assert (card.state, card.level) == (CardState.NOT_REPORTED, None)


def test_scored_half(approved, card_of):
    approved("26(1)", 2, A=83, B=100)  # 80 - 84: level 4
    assert (card_of("26").state, card_of("26").level) == (CardState.REPORTED, 4)
    approved("26(2)", 2, A=1, B=100)  # shown, never scored
    card = card_of("26")
    assert (card.level, card.passed, [child.level for child in card.children]) == (4, False, [4, None])


def test_lowest_of(approved, card_of):
    steps = {f"S{number}": 1 for number in range(1, 6)}
    approved("27(1)", 1, **steps)
    approved("27(2)", 1, **{**steps, "S4": 0})  # three in a row; the fifth does not count
    approved("27(3)", 1, **steps)
    card = card_of("27")
    assert (card.state, card.level, card.passed) == (CardState.REPORTED, 3, False)


@pytest.mark.parametrize("codes", [["7(1)"], ["1", "5", "7(1)"], None], ids=["1", "3", "all"])
def test_five_queries_however_many_kpis(codes, plan, django_assert_num_queries):
    if codes:
        IndicatorVersion.objects.exclude(indicator__code__in=codes).update(is_active=False)
    with django_assert_num_queries(5):
        cards = list(plan_card(plan, 2560, MARCH).walk())
    assert len(cards) == IndicatorVersion.objects.filter(fiscal_year=2560, is_active=True).count()


def test_indicator_card_has_all_below_it_and_its_years(plan, indicator, approved, cast, django_assert_num_queries):
    approved("7(2)(1)", A=10, B=100)
    root = indicator("7")
    assert root.plan.unit
    with django_assert_num_queries(5):
        found = indicator_card(root, 2560, MARCH)
    codes = ["7", "7(1)", "7(2)", "7(2)(1)", "7(2)(2)", "7(2)(3)", "7(3)"]
    assert [card.indicator.code for card in found.card.walk()] == codes
    assert [version.fiscal_year for version in found.years] == [2560, 2561, 2562, 2563]
    part = next(card for card in found.card.walk() if card.indicator.code == "7(2)(1)")
    assert (part.latest.result.entered_by, part.latest.result.approved_by) == (cast.head, cast.reviewer)


def test_indicator_without_a_template_in_the_year(indicator):
    IndicatorVersion.objects.filter(indicator__code="5", fiscal_year=2560).update(is_active=False)
    found = indicator_card(indicator("5"), 2560, MARCH)
    assert found.card is None
    assert [version.fiscal_year for version in found.years] == [2561, 2562, 2563]
