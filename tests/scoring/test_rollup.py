"""Weighted totals, groups and grades (DESIGN.md sections 4 and 5), worked by hand and as properties."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.notation import parse_notation
from scoring.rollup import Standing, Totals, combine_lowest, combine_mean, grade_of, weighted_totals


def standing(weight, level, **flags):
    return Standing(None if weight is None else D(weight), None if level is None else D(level), **flags)


def figures(*standings):
    totals = weighted_totals(standings)
    return totals.reported, totals.official, totals.coverage, totals.best, totals.worst


def test_all_five_figures_worked_by_hand():
    totals = weighted_totals(
        [
            standing(2, 4),  # 8 points, year closed
            standing(3, 5, open_rounds=True),  # 15 points, may still become 0 or 5
            standing(4, None, reported=False, open_rounds=True),  # due, not reported
            standing(1, None, reported=False),  # due, closed without a result
            standing(5, None, due=False, reported=False, open_rounds=True),  # not yet due
            standing(7, 5, applicable=False),  # left out everywhere
            standing(2, 3, computable=False),  # cannot be computed: as missing
            standing(None, 5),  # no weight, no part in sums
        ]
    )
    assert (totals.weight_due, totals.weight_reported, totals.weight_all) == (12, 5, 17)
    assert totals.reported == Fr(23, 5)
    assert totals.official == Fr(23, 12)
    assert totals.coverage == Fr(5, 12)
    assert totals.best == Fr(8 + 15 + 20 + 0 + 25 + 0, 17)
    assert totals.worst == Fr(8, 17)


def test_everything_reported_makes_all_totals_one():
    assert figures(standing(2, 5), standing(2, 4)) == (Fr(9, 2), Fr(9, 2), 1, Fr(9, 2), Fr(9, 2))


def test_nothing_reported_is_an_official_zero_but_no_reported_total():
    missing = standing(2, None, reported=False, open_rounds=True)
    assert figures(missing) == (None, 0, 0, 5, 0)


def test_a_reported_zero_is_reported():
    assert figures(standing(2, 0)) == (0, 0, 1, 0, 0)


def test_nothing_due_yet_has_only_a_reach():
    assert figures(standing(2, None, due=False, reported=False, open_rounds=True)) == (None, None, None, 5, 0)


@pytest.mark.parametrize("rows", [[], [standing(None, 5)], [standing(0, 5)], [standing(2, 5, applicable=False)]])
def test_no_weight_no_total(rows):
    assert figures(*rows) == (None, None, None, None, None)


def test_an_earlier_level_does_not_count_while_the_latest_due_round_is_open():
    late = standing(2, 4, reported=False, open_rounds=True)
    assert figures(late, standing(2, 4)) == (4, 2, Fr(1, 2), Fr(9, 2), 2)


def test_weights_of_the_real_plan_need_not_sum_to_100():
    totals = weighted_totals([standing("47", 5), standing("47", 4)])
    assert totals.official == Fr(9, 2)
    assert Totals.percent_of(totals.official) == D("90.00")


def test_percent_and_level_are_rounded_only_to_be_shown():
    totals = weighted_totals([standing(1, 5), standing(2, 4)])
    assert totals.official == Fr(13, 3)
    assert Totals.shown(totals.official) == D("4.3333")
    assert totals.percent_of(totals.official) == D("86.67")
    assert totals.coverage_percent == D("100.00")
    assert Totals.percent_of(None) is None
    assert Totals.shown(None) is None


def test_weights_may_be_fractions():
    totals = weighted_totals([standing("0.5", 4), standing("0.25", 1, open_rounds=True), standing("1.5", 2, due=False)])
    assert (totals.weight_reported, totals.weight_due, totals.weight_all) == (D("0.75"), D("0.75"), D("2.25"))
    assert totals.official == 3


def test_no_coverage_without_weight():
    assert weighted_totals([]).coverage_percent is None
    assert weighted_totals([standing(2, 3), standing(1, None, reported=False)]).coverage_percent == D("66.67")


def test_groups():
    assert combine_mean([D(5), D(4), D(4)]) == D("4.3333")
    assert combine_mean([D(5), D(5), D(3)]) == D("4.3333")
    assert combine_mean([D("0")]) == D("0.0000")
    assert combine_mean([]) is None
    assert combine_lowest([D(5), D(2), D(4)]) == 2
    assert combine_lowest([]) is None


GRADES = tuple(
    (name, parse_notation(text)) for name, text in zip("ABCDF", (">80", "70-79", "60-69", "50-59", "<50"), strict=True)
)


@pytest.mark.parametrize(
    ("percent", "grade"),
    [
        ("100", "A"),
        ("80.01", "A"),
        ("80.005", "A"),
        ("80.004", "B"),
        ("80", "B"),
        ("79.5", "B"),
        ("70", "B"),
        ("69.995", "B"),
        ("69.99", "C"),
        ("60", "C"),
        ("59.99", "D"),
        ("50", "D"),
        ("49.99", "F"),
        ("0", "F"),
    ],
)
def test_grades_by_the_edge_rule(percent, grade):
    assert grade_of(D(percent), GRADES) == grade
    assert grade_of(D(percent), tuple(reversed(GRADES))) == grade


@pytest.mark.parametrize(("percent", "grade"), [("0", "passed"), ("10", "passed"), ("-1", "below")])
def test_a_grade_with_a_number_is_above_one_that_is_open(percent, grade):
    grades = (("below", parse_notation("<0")), ("passed", parse_notation("≥0")))
    assert grade_of(D(percent), grades) == grade
    assert grade_of(D(percent), tuple(reversed(grades))) == grade


def test_no_percent_no_grade():
    assert grade_of(None, GRADES) is None
    assert grade_of(D(10), GRADES[:2]) is None


# Properties. A standing as it occurs: what is not reported has an open round, what is not due yet too.

weights = st.none() | st.decimals(0, 20, places=1)
levels = st.decimals(0, 5, places=4)


@st.composite
def real_standings(draw):
    due = draw(st.booleans())
    reported = due and draw(st.booleans())
    return Standing(
        weight=draw(weights),
        level=draw(levels) if reported else draw(st.none() | levels),
        due=due,
        reported=reported,
        applicable=draw(st.booleans()),
        open_rounds=not reported or draw(st.booleans()),
        computable=draw(st.booleans()),
    )


plans = st.lists(real_standings(), max_size=12)


@given(plans)
def test_the_figures_stand_in_their_order(rows):
    totals = weighted_totals(rows)
    if totals.best is not None:
        assert 0 <= totals.worst <= totals.best <= 5
    if totals.official is not None:
        assert totals.worst <= totals.official <= totals.best
        assert 0 <= totals.coverage <= 1
    if totals.reported is not None:
        assert totals.official <= totals.reported <= 5
        assert totals.official == totals.reported * totals.coverage


@given(plans, st.decimals("0.1", 20, places=1))
def test_a_due_kpi_without_report_never_raises_the_official_total(rows, weight):
    before = weighted_totals(rows)
    missing = Standing(weight, None, due=True, reported=False, open_rounds=True)
    after = weighted_totals([*rows, missing])
    assert after.reported == before.reported
    assert after.official <= (before.official or 0)


@given(plans, st.integers(1, 1000))
def test_scaling_all_weights_changes_nothing(rows, factor):
    scaled = [replace(row, weight=None if row.weight is None else row.weight * factor) for row in rows]
    before, after = weighted_totals(rows), weighted_totals(scaled)
    names = ("reported", "official", "coverage", "best", "worst")
    assert [getattr(before, name) for name in names] == [getattr(after, name) for name in names]


@given(plans)
def test_not_applicable_and_unweighted_kpis_change_nothing(rows):
    noise = [Standing(D(3), D(5), applicable=False), Standing(None, D(0))]
    assert weighted_totals([*rows, *noise]) == weighted_totals(rows)


@given(plans, st.randoms())
def test_order_changes_nothing(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert weighted_totals(shuffled) == weighted_totals(rows)


@given(st.lists(levels, min_size=1, max_size=8))
def test_group_levels_stay_within_their_children(children):
    assert min(children) - D("0.0001") < combine_mean(children) < max(children) + D("0.0001")
    assert combine_lowest(children) <= combine_mean(children)
