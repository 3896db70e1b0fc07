"""Year to date, milestones, and parents made of groups (DESIGN.md section 4)."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest

from scoring.explain import State
from scoring.levels import Policy
from scoring.score import (
    accumulate,
    score_children,
    score_data,
    score_value,
    year_to_date,
)
from scoring.template import Accumulation, Item, Kind, Printed
from tests.scoring.samples import MILESTONE, PAIR, PERCENT, data, marks

# Year to date.


def test_a_ratio_is_the_ratio_of_sums():
    rounds = [data(A=1, B=2), data(A=9, B=10), data(A=0, B=0)]
    score = year_to_date(PERCENT, rounds)
    assert score.value == D("83.33")  # 10/12, while the mean of 50 % and 90 % is 70
    assert score.exact == Fr(1000, 12)


def test_bed_occupancy_sums_days_and_averages_beds():
    beds = replace(
        PERCENT,
        formula="A*100/(B*C)",
        items=(Item("A", "วันนอน"), Item("B", "เตียง", accumulation=Accumulation.MEAN), Item("C", "วัน")),
    )
    rounds = [data(A=31000, B=1000, C=31), data(A=25000, B=1001, C=28)]
    score = year_to_date(beds, rounds)
    assert score.exact == Fr(56000 * 100) / (Fr(2001, 2) * 59)
    assert score.value == D("94.87")


@pytest.mark.parametrize(
    ("how", "entries", "total"),
    [
        (Accumulation.SUM, (1, None, D("2.5")), D("3.5")),
        (Accumulation.LAST, (1, 7, None), D(7)),
        (Accumulation.LAST, (1, 7, 0), D(0)),
        (Accumulation.MEAN, (1, 1, 2), Fr(4, 3)),
        (Accumulation.MEAN, (1, None, 2), Fr(3, 2)),
        (Accumulation.MAX, (3, 9, 4), D(9)),
        (Accumulation.MAX, (-3, -9), D(-3)),
        (Accumulation.SUM, (None, None), None),
        (Accumulation.SUM, (), None),
    ],
)
def test_accumulation(how, entries, total):
    item = Item("A", "", accumulation=how)
    assert accumulate([item], [data(A=entry) for entry in entries]) == {"A": total}


def test_a_derived_item_given_in_some_rounds_is_derived_in_the_others():
    rounds = [data(A=1, B=1, C=4), data(A=3, B=3)]
    assert accumulate(PAIR.items, rounds) == {"A": 4, "B": 4, "C": 10}
    assert year_to_date(PAIR, rounds).value == D("40.00")
    assert year_to_date(PAIR, [data(A=1, B=1), data(A=3, B=3)]).value == D("50.00")


def test_no_rounds_is_incomplete():
    assert year_to_date(PERCENT, []).state == State.INCOMPLETE
    assert year_to_date(MILESTONE, []).state == State.INCOMPLETE


def test_part_above_whole_is_warned_of_over_the_year_too():
    assert [warning.code for warning in year_to_date(PERCENT, [data(A=5, B=4)]).warnings] == ["exceeds"]
    assert year_to_date(PERCENT, [data(A=5, B=4), data(A=1, B=4)]).warnings == ()


def test_of_a_milestone_the_last_round_counts():
    assert year_to_date(MILESTONE, [marks(1, 2, 3), marks(1), {}]).level == 1


# Milestones.


@pytest.mark.parametrize(
    ("done", "level"), [((), 0), ((1, 2), 2), ((1, 3), 1), ((1, 2, 3, 5), 5), ((1, 2, 3, 4, 5), 5)]
)
def test_milestone(done, level):
    score = score_data(MILESTONE, marks(*done))
    assert (score.state, score.value, score.level, score.passed) == (State.COMPUTED, level, level, level == 5)


def test_milestone_explains_itself():
    sentences = score_data(MILESTONE, marks(1, 2, 4)).explanation.sentences()
    assert "S1 วิเคราะห์ Gap: ทำแล้ว" in sentences
    assert "S3 ดำเนินการ: ยังไม่ทำ" in sentences
    assert "ได้ระดับ 2" in sentences
    assert "ระดับ 3 ต้องทำขั้นที่ 3 (ดำเนินการ) ให้เสร็จ" in sentences
    assert "ขั้นที่ 4 ทำแล้วแต่ยังไม่นับ เพราะขั้นก่อนหน้ายังไม่ครบ" in sentences
    implied = score_data(MILESTONE, marks(1, 2, 3, 5)).explanation.sentences()
    assert "นับขั้นที่ 4 ว่าทำแล้ว เพราะทำขั้นที่ 5 แล้ว" in implied


def test_unmarked_steps_matter_only_where_they_could_change_the_count():
    assert score_data(MILESTONE, data(S1=1, S2=0)).level == 1
    open_end = score_data(MILESTONE, data(S1=1, S2=1))
    assert open_end.state == State.INCOMPLETE
    assert "S3 ดำเนินการ" in open_end.message


def test_a_step_is_done_or_not():
    score = score_data(MILESTONE, data(S1="0.5", S2=0, S3=0, S4=0, S5=0))
    assert (score.state, score.level) == (State.CANNOT_COMPUTE, None)


@pytest.mark.parametrize(("value", "level", "warned"), [(3, 3, 0), (0, 0, 0), (5, 5, 0), (7, 5, 1), (-1, 0, 1)])
def test_milestone_value_is_its_level(value, level, warned):
    score = score_value(MILESTONE, D(value))
    assert score.level == level
    assert len(score.warnings) == warned


def test_milestones_are_never_interpolated():
    score = score_data(replace(MILESTONE, policy=Policy.INTERPOLATED), marks(1, 2))
    assert (score.level, score.policy) == (2, Policy.BANDS)


# Parents.

GROUPS = replace(PERCENT, code="7(2)", kind=Kind.MEAN_OF_GROUPS, formula="", items=(), bands=(), pass_criterion=None)
LOWEST = replace(MILESTONE, code="27", kind=Kind.LOWEST_OF, steps=(), pass_criterion=Printed("ระดับ 5"))


def children(*values):
    return [(f"c{number}", score_value(PERCENT, D(value))) for number, value in enumerate(values, 1)]


def test_mean_of_groups():
    score = score_children(GROUPS, children(90, 90, 80))
    assert (score.level, score.passed) == (D("4.6667"), False)
    assert score_children(GROUPS, children(90, 95)).passed is True
    assert "c3: ระดับ 4" in score.explanation.sentences()


def test_a_group_without_cases_drops_out():
    empty = ("c9", score_data(PERCENT, data(A=0, B=0)))
    score = score_children(GROUPS, [*children(90, 80), empty])
    assert score.level == D("4.5000")
    assert "c9: ไม่มีกรณี จึงไม่นำมาคิด" in score.explanation.sentences()
    assert score_children(GROUPS, [empty]).state == State.NO_CASES


def test_a_missing_group_leaves_the_parent_incomplete():
    score = score_children(GROUPS, [*children(90), ("c2", score_data(PERCENT, {}))])
    assert (score.state, score.level) == (State.INCOMPLETE, None)
    assert "c2" in score.message
    assert score_children(GROUPS, []).state == State.INCOMPLETE


def test_lowest_of_domains_is_judged_by_the_parent():
    domains = [(f"27({n})", score_data(MILESTONE, marks(*range(1, done + 1)))) for n, done in enumerate((5, 3, 4), 1)]
    score = score_children(LOWEST, domains)
    assert (score.level, score.passed) == (3, False)
    assert score_children(LOWEST, domains[:1]).passed is True


def test_scored_half_takes_what_the_half_has():
    parent = replace(GROUPS, code="26", kind=Kind.SCORED_HALF)
    score = score_children(parent, children(90))
    assert (score.template.code, score.value, score.level, score.passed) == ("26", D("90.00"), 5, True)


@pytest.mark.parametrize("template", [GROUPS, LOWEST, replace(GROUPS, kind=Kind.HEADING), replace(PERCENT, formula="")])
def test_no_formula_no_score_from_data(template):
    score = score_data(template, data(A=1, B=2))
    assert score.state == State.CANNOT_COMPUTE
    assert score.explanation.sentences()


def test_a_value_for_a_parent_is_its_level():
    assert score_value(GROUPS, D("4.3333")).level == D("4.3333")
    assert score_value(LOWEST, D(3)).level == 3
