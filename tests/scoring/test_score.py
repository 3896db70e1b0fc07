"""From a value or data to a score: states, bands, passing, checks, the short path."""

import copy
import pickle
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.explain import State
from scoring.formula import CannotCompute, NoCases
from scoring.levels import Direction, Policy
from scoring.notation import NotationError
from scoring.score import (
    check_data,
    check_item,
    score_data,
    score_number,
    score_value,
    year_to_date,
)
from scoring.template import Printed
from tests.scoring.samples import MILESTONE, PAIR, PERCENT, WAITING, A, bands, data

# One value.


@pytest.mark.parametrize(
    ("value", "level", "passed"),
    [("64", 0, False), ("69.5", 1, False), ("80", 4, False), ("87", 4, False), ("87.01", 5, True), ("87.005", 5, True)],
)
def test_value_higher_is_better(value, level, passed):
    score = score_value(PERCENT, D(value))
    assert (score.state, score.level, score.passed) == (State.COMPUTED, level, passed)


@pytest.mark.parametrize(("value", "level"), [("170", 5), ("170.004", 5), ("170.01", 4), ("190", 1), ("190.5", 0)])
def test_value_lower_is_better(value, level):
    assert score_value(WAITING, D(value)).level == level


def test_the_rounded_value_is_judged_and_the_exact_one_kept():
    score = score_value(PERCENT, D("87.004"))
    assert (score.value, score.exact, score.level) == (D("87.00"), Fr("87.004"), 4)


def test_pair_of_values_is_decided_by_the_first():
    score = score_value(PAIR, D("76.4"), D("23.6"))
    assert (score.value, score.second, score.level, score.passed) == (D("76.40"), D("23.60"), 1, False)


def test_a_template_without_bands_has_a_value_and_no_level():
    score = score_value(replace(PERCENT, bands=(), pass_criterion=None), D(60))
    assert (score.state, score.value, score.level, score.passed) == (State.COMPUTED, D("60.00"), None, None)
    assert "ตัวชี้วัดนี้ไม่มีเกณฑ์ให้ระดับคะแนน" in score.explanation.sentences()


def test_a_yes_no_template_has_levels_0_and_5():
    yes_no = replace(PERCENT, bands=((0, Printed("ไม่มี/ส่งผลงาน")), (5, Printed("100"))))
    assert [score_value(yes_no, D(value)).level for value in (0, 99, 100)] == [0, 0, 5]


def test_an_odd_value_is_scored_with_a_warning():
    score = score_value(PERCENT, D(120))
    assert score.level == 5
    assert [warning.code for warning in score.warnings] == ["outside_percent"]
    assert score_value(WAITING, D(120)).warnings == ()


# Data.


def test_data_worked_by_hand():
    score = score_data(PERCENT, data(A=33, B=40))
    assert (score.state, score.exact, score.value, score.level, score.passed) == (
        State.COMPUTED,
        Fr("82.5"),
        D("82.50"),
        4,
        False,
    )
    assert score.warnings == ()


def test_zero_is_a_value():
    score = score_data(PERCENT, data(A=0, B=40))
    assert (score.state, score.value, score.level) == (State.COMPUTED, D("0.00"), 0)


@pytest.mark.parametrize("given_data", [data(A=33), data(A=33, B=None)])
def test_missing_items_are_named(given_data):
    score = score_data(PERCENT, given_data)
    assert (score.state, score.value, score.level, score.passed) == (State.INCOMPLETE, None, None, None)
    assert score.message == "ข้อมูลยังไม่ครบ ยังไม่มีค่าของ B จำนวน PCC ทั้งหมด"
    assert score.message in score.explanation.sentences()


def test_all_missing_items_are_named_in_order():
    assert score_data(PERCENT, {}).message.endswith("A จำนวน PCC ที่ได้มาตรฐาน, B จำนวน PCC ทั้งหมด")


def test_zero_of_zero_is_no_cases():
    score = score_data(PERCENT, data(A=0, B=0))
    assert (score.state, score.value, score.level) == (State.NO_CASES, None, None)


def test_something_of_zero_cannot_be_computed():
    score = score_data(PERCENT, data(A=3, B=0))
    assert (score.state, score.level) == (State.CANNOT_COMPUTE, None)
    assert "B" in score.message


def test_derived_items_are_computed_when_not_given():
    score = score_data(PAIR, data(A=764, B=236))
    assert (score.value, score.second, score.level) == (D("76.40"), D("23.60"), 1)
    assert "C ครั้งทั้งหมด = 1,000" in score.explanation.sentences()
    assert score_data(PAIR, data(A=764, B=236, C=2000)).value == D("38.20")


def test_a_missing_derived_item_is_named_by_its_sources():
    assert score_data(PAIR, data(A=764)).message == "ข้อมูลยังไม่ครบ ยังไม่มีค่าของ B ครั้งที่ รพ."


def test_unreadable_formula_and_bands():
    assert score_data(replace(PERCENT, formula="A/B)"), data(A=1, B=2)).state == State.UNREADABLE
    odd = replace(PERCENT, bands=((3, Printed("1<40")),))
    score = score_data(odd, data(A=1, B=2))
    assert (score.state, score.value, score.level) == (State.UNREADABLE, D("50.00"), None)
    assert "1<40" in score.message
    assert score.explanation.sentences()
    with pytest.raises(NotationError):
        _ = odd.scale


def test_level_0_decides_nothing_even_unreadable():
    assert score_value(replace(PERCENT, bands=((0, Printed("ดูหมายเหตุ")), *PERCENT.bands[1:])), D(80)).level == 4


def test_an_unreadable_criterion_leaves_passing_open_with_a_warning():
    score = score_value(replace(PERCENT, pass_criterion=Printed("< >10")), D(90))
    assert (score.state, score.level, score.passed) == (State.COMPUTED, 5, None)
    assert [warning.code for warning in score.warnings] == ["criterion_unreadable"]


def test_corrections_are_used_and_told():
    corrected = replace(
        WAITING,
        bands=((1, Printed("1.1-2")), (2, Printed("0-1", "0.9-1", "พิมพ์ซ้อนกับระดับ 3")), (3, Printed("0.5-0.8"))),
    )
    score = score_value(corrected, D("0.95"))
    assert score.level == 2
    assert any("ใช้ค่าแก้ไข 0.9-1 แทนที่พิมพ์ 0-1 เพราะ พิมพ์ซ้อนกับระดับ 3" in text for text in score.explanation.sentences())
    criterion = replace(PERCENT, pass_criterion=Printed("< >10", ">10", "เครื่องหมายเกิน"))
    assert score_value(criterion, D(11)).passed is True


def test_interpolated_policy_scores_the_unrounded_value():
    policy = replace(PERCENT, policy=Policy.INTERPOLATED, bands=bands("<70", "70-74", "75-79", "80-84", "85-89", "≥90"))
    score = score_value(policy, D("82.2835"))
    assert (score.level, score.value, score.policy) == (D("3.4567"), D("82.28"), Policy.INTERPOLATED)
    sentences = score.explanation.sentences()
    assert "คิดคะแนนตามสัดส่วนระหว่างขีดของระดับ จากค่าก่อนปัดเศษ: 3.4567" in sentences
    assert "ถึงขีดของระดับ 3 (พิมพ์ว่า 80-84: ตั้งแต่ 80)" in sentences


def test_interpolated_score_on_a_strict_edge_has_no_next_level():
    policy = replace(PERCENT, policy=Policy.INTERPOLATED)
    score = score_value(policy, D(87))
    assert score.level == 5
    assert score.explanation.following is None


# Checks of what is entered.


def test_check_item():
    assert check_item(A, D(0)) is None
    assert check_item(A, None) is None
    assert check_item(A, D(-1)) == "A จำนวน PCC ที่ได้มาตรฐาน เป็น -1 ต้องไม่น้อยกว่า 0"
    assert check_item(replace(A, minimum=None), D(-1)) is None
    assert check_item(replace(A, maximum=D(5)), D(6)) == "A จำนวน PCC ที่ได้มาตรฐาน เป็น 6 ต้องไม่เกิน 5"
    assert check_item(replace(A, maximum=D(5)), D(5)) is None


def test_check_data():
    assert check_data(PERCENT, data(A=3, B=3)) == ()
    exceeding = check_data(PERCENT, data(A=4, B=3))
    assert [(warning.code, warning.items) for warning in exceeding] == [("exceeds", ("A", "B"))]
    assert exceeding[0].message == "A (4) มากกว่า B (3) ทั้งที่ A เป็นส่วนหนึ่งของ B"
    assert [warning.code for warning in check_data(PERCENT, data(A="1.5", B=3))] == ["not_whole"]
    assert [warning.code for warning in check_data(PERCENT, data(A=-1, B=3))] == ["out_of_bounds"]
    assert check_data(PERCENT, data(A=4)) == ()


def test_warnings_do_not_keep_from_scoring():
    score = score_data(PERCENT, data(A=44, B=40))
    assert (score.level, score.value) == (5, D("110.00"))
    assert [warning.code for warning in score.warnings] == ["exceeds"]


# The short path, and what holds for every number.


def test_score_number_raises_what_score_data_tells():
    with pytest.raises(NoCases):
        score_number(PERCENT, data(A=0, B=0))
    with pytest.raises(CannotCompute):
        score_number(PERCENT, data(A=1, B=0))
    with pytest.raises(CannotCompute):
        score_number(PERCENT, data(A=1))
    with pytest.raises(CannotCompute):
        score_number(MILESTONE, {})


def test_a_template_can_be_copied_and_pickled_after_use():
    score_data(PERCENT, data(A=1, B=2))
    assert copy.deepcopy(PERCENT) == PERCENT
    assert pickle.loads(pickle.dumps(PERCENT)) == PERCENT
    assert score_number(pickle.loads(pickle.dumps(PERCENT)), data(A=33, B=40)) == (D("82.50"), D(4))


counts = st.integers(0, 10**6).map(D)


@given(counts, counts, st.sampled_from([PERCENT, WAITING, PAIR, replace(PERCENT, policy=Policy.INTERPOLATED)]))
def test_the_short_path_agrees_with_the_long_one(a, b, template):
    entered = {"A": a, "B": b}
    long = score_data(template, entered)
    if long.state == State.COMPUTED:
        assert score_number(template, entered) == (long.value, long.level)
    else:
        with pytest.raises((CannotCompute, NoCases)):
            score_number(template, entered)


@given(counts, counts, st.sampled_from([PERCENT, WAITING, replace(PERCENT, policy=Policy.INTERPOLATED)]))
def test_a_better_value_never_gets_a_lower_level(one, other, template):
    worse, better = sorted((one, other), reverse=template.direction is Direction.LOWER)
    assert score_value(template, worse / 1000).level <= score_value(template, better / 1000).level


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=6))
@settings(deadline=None)
def test_year_to_date_of_sums_is_the_score_of_the_sums(pairs):
    rounds = [{"A": a, "B": b} for a, b in pairs]
    sums = {"A": sum(a for a, _ in pairs), "B": sum(b for _, b in pairs)}
    year, once = year_to_date(PERCENT, rounds), score_data(PERCENT, sums)
    assert (year.state, year.value, year.level) == (once.state, once.value, once.level)


@given(st.dictionaries(st.sampled_from(["A", "B", "C"]), st.none() | st.decimals(-1000, 1000, places=2)))
def test_whatever_is_entered_is_explained(entered):
    for template in (PERCENT, PAIR, WAITING):
        score = score_data(template, entered)
        assert score.explanation.sentences()
        assert (score.value is None) == (score.state != State.COMPUTED)
        assert bool(score.message) == (score.state != State.COMPUTED)
