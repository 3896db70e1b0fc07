"""The rounds that a round is held against: which of them, how far back, and what they cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.history import history_of
from indicators.models import IndicatorVersion, RecoveryMeasure, Result, Round
from indicators.pasts import background_of, backgrounds_of, key_of, pasts_among, pasts_of
from indicators.reviews.queries import results_to_compare, values_of
from strategy import clock
from strategy.models import OrgUnit
from tests.builders import give_bands, make, measure_in, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(indicator):
    return indicator("7(1)")


@pytest.fixture
def at(access, cast, round_of):
    """The head's access to a round of 7(1)."""
    return lambda number=6, year=2560: access(cast.head, round_of("7(1)", number, year))


def labels(access) -> list[str]:
    return [past.label for past in pasts_of([access])[key_of(access)]]


def test_what_was_handed_in_before_in_order_of_time(waiting, cast, at):
    report(waiting, 3, cast, A=1, B=1)
    report(waiting, 1, cast, A=33600, B=200)
    report(waiting, 2, cast, status="submitted", A=34000, B=200)
    for number, status in ((4, "draft"), (5, "returned"), (6, "approved"), (7, "approved")):
        report(waiting, number, cast, status=status, A=5, B=1)
    here = at()
    assert labels(here) == ["ตุลาคม 2559", "พฤศจิกายน 2559", "ธันวาคม 2559"]
    first = pasts_of([here])[key_of(here)][0]
    assert (first.value, first.level, first.data) == (168, 5, {"A": 33600, "B": 200})


def test_across_fiscal_years_and_no_more_than_twelve(waiting, cast, at, settings):
    settings.KPITRACK_TODAY = date(2018, 4, 15)
    for number in range(1, 13):
        report(waiting, number, cast, A=33600, B=200)
    for number in range(1, 4):
        report(waiting, number, cast, year=2561, A=34000, B=200)
    found = labels(at(4, 2561))
    assert (len(found), found[0], found[-1]) == (12, "มกราคม 2560", "ธันวาคม 2560")
    assert labels(at(1, 2561))[-1] == "กันยายน 2560"


@pytest.mark.parametrize(("frequency", "years"), [("quarterly", 3), ("half_yearly", 6), ("yearly", 12), ("", 6)])
def test_rarer_rounds_look_further_back(frequency, years, plan, cast, access):
    """Twelve quarters are three years."""
    rare = make(plan, "9(9)", items=({"code": "A", "name": "ก"},), formula="A", year=2570)
    measure_in(rare, [plan.unit.code])
    for year in (2570 - years, 2570 - years - 1):
        twin = IndicatorVersion.objects.get(indicator=rare, fiscal_year=2570)
        twin.pk, twin.fiscal_year = None, year
        twin.save()
        days = {name: date(year - 543, 3, 31) for name in ("start", "end", "opens", "due", "locks")}
        Round.objects.create(indicator=rare, fiscal_year=year, number=1, frequency=frequency, **days)
        report(rare, 1, cast, year=year, A=year)
    Round.objects.filter(indicator=rare, fiscal_year=2570).update(frequency=frequency)
    here = access(cast.reviewer, Round.objects.get(indicator=rare, fiscal_year=2570, number=4))
    assert [past.data["A"] for past in pasts_of([here])[key_of(here)]] == [2570 - years]


def test_what_does_not_apply_and_what_was_measured_otherwise_is_left_out(waiting, cast, at):
    for number in (1, 2, 3, 4):
        report(waiting, number, cast, A=33600, B=200)
    Result.objects.filter(round__number=1).update(state="not_applicable")
    old = waiting.versions.get(fiscal_year=2560)
    for number, change in ((2, {"formula": "A/B*60"}), (3, {"unit": "วินาที"})):
        old.pk, old.revision, old.is_active = None, number, False
        old.save()
        IndicatorVersion.objects.filter(pk=old.pk).update(**change)
        Result.objects.filter(round__number=number).update(version=old)
    assert labels(at()) == ["มกราคม 2560"]


def test_rounds_with_bands_of_their_own_are_compared_with_the_same_round(plan, cast, access):
    ita = make(
        plan, "ITA", items=({"code": "A", "name": "ก"},), formula="A", bands={1: "1", 2: "2", 5: "5"},
        round_rules=[{"number": 1, "name": "รอบแรก"}, {"number": 2, "name": "รอบสอง"}],
    )  # fmt: skip
    version = ita.versions.get()
    give_bands(version, {1: "1", 5: "5"}, round_number=2)
    for number in (1, 2, 3):
        report(ita, number, cast, A=number)
    here = access(cast.reviewer, Round.objects.get(indicator=ita, number=4))
    assert pasts_of([here])[key_of(here)] == ()


def test_another_unit_and_another_indicator_are_none_of_it(plan, cast, access):
    many = make(plan, "K1", items=({"code": "A", "name": "ก"},), formula="A")
    near, far = measure_in(many, ["10998", "10999"])
    report(many, 1, cast, unit=near, A=1)
    report(many, 1, cast, unit=far, A=2)
    round_ = Round.objects.get(indicator=many, number=2)
    found = []
    for unit in (near, far):
        cast.reviewer.__dict__.pop("_kpitrack_reach", None)
        from indicators.rules import fetch_round

        found.append(fetch_round(cast.reviewer, round_.pk, unit.code))
    pasts = pasts_of(found)
    assert [[past.data["A"] for past in pasts[key_of(each)]] for each in found] == [[1], [2]]


# A recovery measure


def measure(result, cast, status="open"):
    return RecoveryMeasure.objects.create(
        result=result, what="เพิ่มจุดเจาะเลือด", who="หัวหน้า", by_when=date(2017, 5, 1), status=status,
        created_by=cast.head, created_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(("status", "is_open"), [("open", True), ("done", True), ("closed", False), ("dropped", False)])
def test_a_measure_counts_until_it_is_closed(status, is_open, waiting, cast, at):
    measure(report(waiting, 2, cast, A=40000, B=200), cast, status)
    assert background_of(at()).has_measure is is_open


def test_the_measure_of_another_indicator_or_unit_does_not_count(waiting, indicator, cast, at):
    measure(report(indicator("5"), 2, cast, A=40, B=200), cast)
    other = OrgUnit.objects.exclude(pk=waiting.plan.unit_id).first()
    measure(report(waiting, 2, cast, unit=other, A=40000, B=200), cast)
    assert not background_of(at()).has_measure


# One truth, and what it costs


def test_page_list_and_review_see_the_same(waiting, cast, at):
    for number, status in ((1, "approved"), (2, "submitted"), (3, "draft"), (5, "approved")):
        report(waiting, number, cast, status=status, A=33000 + number, B=200)
    report(waiting, 6, cast, status="submitted", A=40000, B=200)
    here = at()
    single = pasts_of([here])[key_of(here)]
    assert len(single) == 3
    assert history_of(here).background(has_measure=False).pasts == single
    assert pasts_among(here, values_of(results_to_compare(here.round, here.measured_unit.pk))) == single
    assert pasts_of([here.result])[key_of(here.result)] == single


def test_the_year_so_far_is_what_was_approved(waiting, cast, at):
    for number, status in ((1, "approved"), (2, "submitted"), (4, "approved"), (6, "approved"), (7, "approved")):
        report(waiting, number, cast, status=status, A=33000 + number, B=200)
    year = history_of(at()).background(has_measure=False).year
    assert [(number, data["A"]) for number, data in year] == [(1, 33001), (4, 33004)]


def test_two_queries_however_many_rounds(waiting, cast, at):
    for number in range(1, 6):
        report(waiting, number, cast, A=33600, B=200)
    counted = []
    for count in (1, 6):
        wanted = [at(number) for number in range(7 - count, 7)]
        with CaptureQueriesContext(connection) as asked:
            found = backgrounds_of(wanted)
        assert len(found) == count
        counted.append(len(asked))
    assert counted == [2, 2]


def test_nothing_is_asked_for_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert backgrounds_of([]) == {}
