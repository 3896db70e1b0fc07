"""Corners of the scoring core: beside the first point, half a verdict, a year whose items changed."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from scoring.explain import Score, State
from scoring.levels import Policy
from scoring.score import score_children, score_data, score_value, year_to_date
from scoring.template import Accumulation, Item, Kind
from tests.scoring.samples import PAIR, PERCENT, data

GROUPS = replace(PERCENT, code="7(2)", kind=Kind.MEAN_OF_GROUPS, formula="", items=(), bands=(), pass_criterion=None)


def test_held_at_the_lowest_level_does_not_speak_of_level_0():
    score = score_value(replace(PERCENT, policy=Policy.INTERPOLATED), D(0))
    assert score.level == D("1.0000")
    sentences = " ".join(score.explanation.sentences())
    assert "ได้ระดับ 0" not in sentences
    assert "ได้ระดับ 1 " in sentences


def test_one_failing_group_is_enough_to_fail():
    undecided = replace(score_value(PERCENT, D(90)), passed=None)
    failed = replace(undecided, passed=False)
    passed = replace(undecided, passed=True)

    def verdict(*scores: Score) -> bool | None:
        return score_children(GROUPS, [(str(n), score) for n, score in enumerate(scores)]).passed

    assert verdict(failed, undecided) is False
    assert verdict(passed, undecided) is None
    assert verdict(passed, passed) is True


def test_a_ratio_of_unlike_rounds_is_no_ratio():
    """After a revision renamed an item, the rounds before it say nothing of the new one."""
    score = year_to_date(PERCENT, [data(A=40), data(A=45, B=50)])
    assert (score.state, score.value, score.level) == (State.INCOMPLETE, None, None)
    assert "B" in score.message


def test_rounds_that_say_nothing_do_not_matter():
    assert year_to_date(PERCENT, [data(A=None, B=None), {}, data(A=45, B=50)]).value == D("90.00")


@pytest.mark.parametrize("how", [Accumulation.LAST, Accumulation.MAX, Accumulation.MEAN])
def test_only_sums_need_every_round(how):
    template = replace(PERCENT, items=(Item("A", "a"), Item("B", "b", accumulation=how)))
    assert year_to_date(template, [data(A=20, B=50), data(A=20)]).value == D("80.00")


def test_a_derived_item_makes_its_parts_unneeded():
    assert year_to_date(PAIR, [data(A=1, B=1, C=4), data(A=3, B=3)]).value == D("40.00")
    assert year_to_date(PAIR, [data(A=1), data(A=3, B=3)]).state == State.INCOMPLETE


def test_dividing_by_a_plain_zero_names_it():
    score = score_data(replace(PERCENT, formula="A/0"), data(A=1, B=1))
    assert score.state == State.CANNOT_COMPUTE
    assert "()" not in score.message
