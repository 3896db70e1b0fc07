"""Where nothing is computed to judge by, a reviewer's verdict or level is the one that counts; elsewhere it is not."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from indicators.cells import counted_verdict
from indicators.grids.row_view import passed_of
from indicators.models import IndicatorVersion, Result
from indicators.scorecards import CardState, plan_card
from scoring.explanation import State
from scoring.template import Kind
from tests.builders import SHARE_ITEMS, YES_NO, assess, give_bands, make, report

pytestmark = pytest.mark.django_db
MARCH, JUNE = date(2017, 3, 31), date(2017, 6, 30)
CLINICS = ({"code": "A", "name": "จำนวนคลินิก", "accumulation": "last"},)
# The department form's P1: a number of clinics in two quarters, "every clinic" in the others.
OWN_TARGETS = [
    {"number": 1, "target": "ทุกคลินิก"},
    {"number": 2, "target": ">4 คลินิก", "pass": ">4 คลินิก"},
    {"number": 3, "target": "ทุกคลินิก"},
]


@pytest.fixture
def card_of(plan):
    def find(code, until=MARCH):
        return next(card for card in plan_card(plan, 2560, until).walk() if card.indicator.code == code)

    return find


@pytest.fixture
def clinics(plan):
    return make(plan, "P1X", formula="A", items=CLINICS, unit="คลินิก", weight=2, round_rules=OWN_TARGETS)


def test_where_no_criterion_judges_the_reviewers_verdict_counts(clinics, card_of, cast):
    assess(report(clinics, 1, cast, A=4), cast, passed=True)
    card = card_of("P1X", date(2016, 12, 31))
    assert (card.score.passed, card.passed, card.state) == (None, True, CardState.REPORTED)


def test_where_a_criterion_judges_the_computed_verdict_counts(clinics, card_of, cast):
    assess(report(clinics, 2, cast, A=4), cast, passed=True)
    assert (card_of("P1X").passed, card_of("P1X").assessed.passed) == (False, True)


def test_a_verdict_of_an_earlier_round_is_not_that_of_the_year(clinics, card_of, cast):
    assess(report(clinics, 1, cast, A=4), cast, passed=True)
    IndicatorVersion.objects.filter(indicator=clinics).update(round_rules=[])
    report(clinics, 2, cast, A=4)
    assert card_of("P1X").passed is None


def test_a_reopened_assessment_does_not_count(clinics, card_of, cast):
    assess(report(clinics, 1, cast, A=4, status="reopened"), cast, passed=True)
    assert (card_of("P1X").passed, card_of("P1X").state) == (None, CardState.NOT_REPORTED)


def test_what_cannot_have_a_level_takes_nothing_from_the_total(clinics, plan, cast):
    before = plan_card(plan, 2560, MARCH).totals
    report(clinics, 2, cast, A=5)
    after = plan_card(plan, 2560, MARCH).totals
    assert (after.weight_due, after.official) == (before.weight_due, before.official)


def test_what_has_bands_and_is_not_reported_takes_its_weight(clinics, plan, cast):
    before = plan_card(plan, 2560, MARCH).totals
    give_bands(clinics.versions.get(), {5: ">4"})
    assert plan_card(plan, 2560, MARCH).totals.weight_due == before.weight_due + 2


def test_where_no_bands_give_a_level_the_reviewers_level_counts(clinics, card_of, cast):
    result = report(clinics, 2, cast, A=5)
    assert (card_of("P1X").level, card_of("P1X").standing.has_report) == (None, False)
    assess(result, cast, level=3)
    card = card_of("P1X")
    assert (card.score.level, card.level, card.passed) == (None, 3, True)
    assert (card.standing.weight, card.standing.level, card.standing.has_report) == (2, 3, True)


def test_a_computed_level_stays_whatever_the_reviewer_gives(clinics, card_of, cast):
    give_bands(IndicatorVersion.objects.get(indicator=clinics), {1: "1", 5: "9"})
    assess(report(clinics, 2, cast, A=5), cast, level=5)
    assert (card_of("P1X").level, card_of("P1X").standing.level) == (1, 1)


@pytest.mark.parametrize("numbers", [{"A": 0, "B": 0}, {"A": 5, "B": 0}])
def test_without_a_value_there_is_nothing_to_assess(plan, card_of, cast, numbers):
    rate = make(plan, "R", formula="A/B*100", items=SHARE_ITEMS, bands={5: "≥50"}, weight=2)
    assess(report(rate, 2, cast, **numbers), cast, level=5, passed=True)
    card = card_of("R")
    assert (card.level, card.passed, card.standing.has_report) == (None, None, False)


def test_the_verdict_counts_in_the_share_of_children(plan, card_of, cast):
    parent = make(plan, "S", kind="pass_share", formula="A/B*100", items=SHARE_ITEMS, bands={5: "≥80"}, unit="ร้อยละ")
    children = [make(plan, f"S({n})", parent=parent, formula="A", items=CLINICS) for n in (1, 2, 3)]
    results = [report(child, 2, cast, A=1) for child in children]
    assert dict(card_of("S").score.data) == {"A": 0, "B": 3}
    for result, verdict in zip(results, (True, False, None), strict=True):
        assess(result, cast, level=4 if verdict is None else None, passed=verdict)
    card = card_of("S")
    assert (dict(card.score.data), card.score.value) == ({"A": 1, "B": 3}, Decimal("33.33"))


def test_the_level_counts_in_the_parent_that_is_the_lowest_of_its_parts(plan, card_of, cast):
    parent = make(plan, "L", kind="lowest_of", weight=5)
    parts = [make(plan, f"L({n})", parent=parent, kind="qualitative", items=YES_NO) for n in (1, 2)]
    for part, level in zip(parts, (4, 2), strict=True):
        assess(report(part, 2, cast, P=1), cast, level=level)
    card = card_of("L")
    assert (card.level, card.passed, card.standing.has_report) == (2, True, True)


def test_what_a_heading_below_a_share_still_has_open(plan, card_of, cast):
    parent = make(plan, "S", kind="pass_share", formula="A/B*100", items=SHARE_ITEMS, bands={5: "≥80"}, weight=4)
    heading = make(plan, "S(1)", parent=parent, kind="heading", frequency="yearly")
    heading.rounds.all().delete()
    child = make(plan, "S(1)(1)", parent=heading, formula="A", items=CLINICS, pass_criterion="≥1")
    report(child, 2, cast, A=1)
    card = card_of("S")
    assert (card.level, card.is_open, card.standing.at_worst) == (5, True, 0)
    for number in (1, 3, 4):
        report(child, number, cast, A=1)
    assert not card_of("S", date(2017, 9, 30)).is_open


# Kind, computed, the reviewer's, whose counts.
WHOSE = [
    (Kind.FORMULA, None, True, True),
    (Kind.FORMULA, False, True, False),
    (Kind.FORMULA, True, None, True),
    (Kind.QUALITATIVE, False, True, True),
    (Kind.QUALITATIVE, True, None, True),
]


@pytest.mark.parametrize(("kind", "computed", "assessed", "counts"), WHOSE)
def test_whose_verdict_counts_is_one_rule(kind, computed, assessed, counts):
    assert counted_verdict(kind, computed, assessed) is counts


def test_the_grid_shows_the_verdict_that_counts():
    result = Result(value=Decimal(4), state=State.COMPUTED, passed=None, assessed_passed=True)
    seen = SimpleNamespace(access=SimpleNamespace(may_see_values=True), result=result)
    assert passed_of(SimpleNamespace(**vars(seen), template=SimpleNamespace(kind=Kind.FORMULA))) is True
    result.state = State.CANNOT_COMPUTE
    assert passed_of(SimpleNamespace(**vars(seen), template=SimpleNamespace(kind=Kind.FORMULA))) is None
