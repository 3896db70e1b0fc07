"""Choices, yes or no, the share of children that pass, units at a level, cut-offs, own rounds, interpolation."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from scoring.explain import State
from scoring.formula import CannotCompute
from scoring.levels import Direction, Policy
from scoring.score import (
    Part,
    check_data,
    check_item,
    score_across,
    score_data,
    score_number,
    score_pass_share,
    score_value,
    year_of_rounds,
    year_to_date,
)
from scoring.template import Printed, RoundRule
from tests.scoring.measures import DAILY, K405, SHARE, bands
from tests.scoring.samples import MILESTONE, PERCENT, data, marks

# Choice.


def test_a_grade_stands_for_its_points():
    score = score_data(K405, data(EIA="86.67", TPS=100))
    assert (score.value, score.level) == (D("93.34"), 5)
    sentences = score.explanation.sentences()
    assert "TPS ผลประเมิน TPS = A (100)" in sentences
    assert "สูตร (EIA+TPS)/2 = (86.67+100)/2 = 93.335" in sentences


def test_only_the_words_can_be_chosen():
    tps = K405.item("TPS")
    assert (tps.points_of(" a "), tps.points_of("E"), tps.word_of(D(100))) == (100, None, "A")
    assert check_item(tps, D(100)) is None
    sentence = "TPS ผลประเมิน TPS เป็น 95 ต้องเป็น A (100), B (80), C (70), D (60), F (50)"
    assert check_item(tps, D(95)) == sentence
    assert [w.code for w in check_data(K405, data(EIA=80, TPS=95))] == ["out_of_bounds"]


def test_grades_of_two_rounds_do_not_add_up():
    score = year_to_date(K405, [data(EIA=60, TPS=60), data(EIA=80, TPS=100)])
    assert score.value == D("90.00")


# Yes or no.


@pytest.mark.parametrize(("given", "passed", "word"), [(1, True, "ทำได้ทุกวัน"), (0, False, "ทำไม่ได้ทุกวัน")])
def test_a_yes_or_no_has_no_level(given, passed, word):
    score = score_data(DAILY, data(P=given))
    assert (score.state, score.value, score.level, score.passed) == (State.COMPUTED, D(given), None, passed)
    assert score_number(DAILY, data(P=given)) == (D(given), None)
    sentences = score.explanation.sentences()
    assert f"P ผลการประเมิน = {word} ({given})" in sentences
    assert "ตัวชี้วัดเชิงคุณภาพไม่มีระดับคะแนนของตัวเอง" in sentences
    assert ("ผ่านเกณฑ์" if passed else "ไม่ผ่านเกณฑ์") in sentences


def test_a_yes_or_no_needs_one():
    assert score_data(DAILY, {}).state == State.INCOMPLETE
    assert score_data(DAILY, data(P=2)).state == State.CANNOT_COMPUTE
    assert [warning.code for warning in score_value(DAILY, D(3)).warnings] == ["not_a_verdict"]
    with pytest.raises(CannotCompute):
        score_number(DAILY, {})


def test_the_year_of_a_yes_or_no_is_its_last_round():
    assert year_to_date(DAILY, [data(P=1), data(P=0)]).passed is False


# The share of children that pass.

CHILDREN = (
    Part("14(1)", passed=True),
    Part("14(2)", passed=False),
    Part("14(3)", passed=True, reported=False),
    Part("14(4)", passed=None),
    Part("14(5)", passed=True, applicable=False),
    Part("14(6)", passed=True, due=False),
    Part("14(7)", passed=True),
)


def test_what_is_missing_has_not_passed_and_what_is_not_due_is_left_out():
    score = score_pass_share(SHARE, CHILDREN)
    assert (score.value, score.level, score.passed) == (D("40.00"), 0, False)
    assert dict(score.data) == {"A": 2, "B": 5}
    assert score.explanation.sentences()[-6:] == (
        "ผ่านเกณฑ์ 2 จาก 5 ตัวชี้วัดย่อยที่นำมานับ",
        "ไม่ผ่านเกณฑ์: 14(2)",
        "ไม่มีผลการประเมิน จึงนับว่าไม่ผ่าน: 14(4)",
        "ยังไม่รายงาน จึงนับว่าไม่ผ่าน: 14(3)",
        "ไม่มีกรณี จึงไม่นำมานับ: 14(5)",
        "ยังไม่ถึงกำหนด จึงไม่นำมานับ: 14(6)",
    )


def test_many_that_fail_are_not_all_named():
    score = score_pass_share(SHARE, [Part(f"C{number}", passed=False) for number in range(20)])
    assert score.notes[1].endswith("C11 และอีก 8 ตัว")


@pytest.mark.parametrize("children", [[], [Part("1", due=False)], [Part("1", applicable=False)]])
def test_nothing_to_count_is_no_cases(children):
    assert score_pass_share(SHARE, children).state == State.NO_CASES


def test_a_share_can_be_typed_like_a_formula():
    assert score_data(SHARE, data(A=20, B=24)).value == D("83.33")
    assert score_value(SHARE, D("83.33")).level == 4


def test_a_share_without_its_items_or_with_a_broken_formula_says_so():
    assert score_pass_share(replace(SHARE, items=()), CHILDREN).state == State.CANNOT_COMPUTE
    assert score_pass_share(replace(SHARE, formula="A/"), CHILDREN).state == State.UNREADABLE


# Units at a level.


def test_units_at_the_level_are_counted():
    levels = [(f"รพ. {number}", D(5)) for number in range(12)]
    levels += [("รพ. ก", D(4)), ("รพ. ข", None)]
    score = score_across(K405, levels)
    assert (score.state, score.value, score.level, score.passed) == (State.COMPUTED, D(12), None, True)
    assert score.template.unit == "แห่ง"
    assert score.explanation.sentences() == (
        "ได้ระดับ 5 ขึ้นไป 12 แห่ง",
        "ผ่านเกณฑ์ (12 แห่ง)",
        "รายงานแล้ว 13 จาก 14 แห่ง",
    )
    assert score.explanation.as_dict()["counted"] == {"at_level": 12, "reported": 13, "measured": 14, "level": 5}
    assert score_across(K405, levels[1:]).passed is False
    assert score_across(K405, [*levels, ("รพ. ค", D(5))]).passed is True


def test_no_unit_that_reported_is_no_zero():
    score = score_across(K405, [("รพ. ก", None)])
    assert (score.state, score.value) == (State.INCOMPLETE, None)
    zero = score_across(K405, [("รพ. ก", D(0))])
    assert (zero.state, zero.value, zero.passed) == (State.COMPUTED, D(0), False)


def test_an_odd_target_of_units_is_left_open():
    odd = replace(K405, across=replace(K405.across, criterion=Printed("ทุกแห่ง")))
    score = score_across(odd, [("รพ. ก", D(5))])
    assert (score.value, score.passed, [w.code for w in score.warnings]) == (D(1), None, ["criterion_unreadable"])
    assert score_across(replace(K405, across=None), []).state == State.CANNOT_COMPUTE


# Cut-off, own rounds, words.


@pytest.mark.parametrize(
    ("value", "within", "part"), [("85", True, "แต่ยังอยู่ในค่า cut-off (80)"), ("79", False, "และไม่ถึงค่า cut-off (80)")]
)
def test_what_fails_is_compared_with_the_cutoff(value, within, part):
    score = score_value(replace(PERCENT, cutoff="80"), D(value))
    assert (score.passed, score.explanation.within_cutoff) == (False, within)
    assert part in score.explanation.sentences()


def test_a_cutoff_is_only_told_of_what_fails_and_only_if_it_is_a_number():
    assert score_value(replace(PERCENT, cutoff="80"), D(90)).explanation.within_cutoff is None
    assert score_value(replace(PERCENT, cutoff="ทุกวัน"), D(70)).explanation.within_cutoff is None
    lower = replace(PERCENT, direction=Direction.LOWER, pass_criterion=Printed("≤10"), cutoff="15")
    assert score_value(lower, D(12)).explanation.within_cutoff is True
    assert score_value(lower, D(16)).explanation.within_cutoff is False


def test_rounds_with_targets_alone_still_add_up():
    quarters = replace(
        PERCENT, rounds=(RoundRule(1, target="60", pass_criterion=Printed("60")), RoundRule(2, target="70"))
    )
    score = year_of_rounds(quarters, [(1, data(A=1, B=2)), (2, data(A=9, B=10))])
    assert (score.value, score.template.target, score.passed) == (D("83.33"), "70", False)


def test_rounds_with_bands_do_not():
    halves = replace(PERCENT, rounds=(RoundRule(1, bands=bands(b5="≥50")), RoundRule(2, bands=bands(b5="≥90"))))
    assert year_of_rounds(halves, [(1, data(A=1, B=2))]).level == 5
    assert year_of_rounds(halves, [(1, data(A=1, B=2)), (2, data(A=3, B=4))]).level == 0
    assert year_of_rounds(halves, [(1, data(A=1, B=2)), (2, {})]).level == 5


def test_the_word_of_a_level():
    named = replace(PERCENT, words=((4, "ดี"), (5, "ดีมาก")))
    assert score_value(named, D(88)).explanation.word == "ดีมาก"
    assert score_value(named, D(60)).explanation.word == ""


# Interpolation and milestones.


def test_interpolation_through_data():
    policy = replace(
        PERCENT,
        policy=Policy.INTERPOLATED,
        bands=bands(b1="70", b2="75", b3="80", b4="85", b5="90"),
        items=PERCENT.items,
    )
    assert score_data(policy, data(A=822835, B=1000000)).level == D("3.4567")
    assert score_number(policy, data(A=822835, B=1000000)) == (D("82.28"), D("3.4567"))


def test_milestones_are_never_interpolated():
    score = score_data(replace(MILESTONE, policy=Policy.INTERPOLATED), marks(1, 2, 3))
    assert (score.level, score.policy) == (3, Policy.BANDS)


def test_a_step_without_the_one_before_it_does_not_count_and_says_so():
    score = score_data(MILESTONE, marks(1, 3))
    assert score.level == 1
    assert "ขั้นที่ 3 ทำแล้วแต่ยังไม่นับ เพราะขั้นก่อนหน้ายังไม่ครบ" in score.explanation.sentences()
