"""Checklists: subtotals, what does not apply, groups that are all or nothing, and what holds for any marks."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.checklist import breakdown
from scoring.explain import State
from scoring.score import check_data, check_item, score_data, score_number, score_value, year_of_rounds, year_to_date
from scoring.template import Measure, Printed
from tests.scoring.measures import ITA, SMART, TREE, points
from tests.scoring.samples import data

FULL = data(I1=5, I2=5, I3=5, I4=5, I5=5, I6=5, I7=10)


def ticked(*numbers):
    return {f"EB{number}": D(1) for number in numbers}


def test_subtotals_and_total():
    found = breakdown(SMART, FULL | data(I4=0, I7=8))
    groups = [(g.code, g.obtained, g.full, g.done, g.applicable, g.need) for g in found.groups]
    assert groups == [("1.1", 5, 5, 1, 1, None), ("1.2", 10, 15, 2, 3, 2), ("1.4", 18, 20, 2, 3, None)]
    assert (found.obtained, found.full, found.done, found.applicable) == (33, 40, 5, 7)
    assert (found.missing, found.value) == ((), Fr(33, 40) * 100)


def test_what_does_not_apply_counts_neither_way():
    found = breakdown(SMART, FULL | data(I6=None, I6_NA=1, I4=0))
    assert (found.obtained, found.full, found.applicable, found.not_applicable) == (30, 35, 6, ("I6",))
    score = score_data(SMART, FULL | data(I6=None, I6_NA=1, I4=0))
    assert (score.value, score.level, score.passed) == (D("85.71"), 5, True)
    sentences = score.explanation.sentences()
    assert "ได้ 30 จากเต็ม 35 คะแนน (ไม่เกี่ยวข้อง 1 ข้อ) = 85.71" in sentences
    assert "1.2 Smart Tools: ได้ 10 จากเต็ม 15 คะแนน ทำแล้ว 2 จาก 3 ข้อ (ต้องทำอย่างน้อย 2 ข้อ)" in sentences
    assert "1.1 Smart Place: ได้ 5 จากเต็ม 5 คะแนน" in sentences
    assert "I6 รายการ I6: ไม่เกี่ยวข้อง" in sentences
    assert "แปลผล: ดีมาก" in sentences


def test_a_mark_for_what_must_apply_is_refused():
    marked = FULL | data(I1=None, I1_NA=1)
    assert [(w.code, w.items) for w in check_data(SMART, marked)] == [("out_of_bounds", ("I1_NA",))]
    score = score_data(SMART, marked)
    assert (score.state, score.value) == (State.CANNOT_COMPUTE, None)
    assert score.message == "I1 รายการ I1 ระบุว่าไม่เกี่ยวข้องไม่ได้ ต้องให้คะแนนข้อนี้"
    assert breakdown(SMART, marked).missing == ("I1",)


def test_nothing_that_applies_is_no_cases():
    only = replace(SMART, items=(points("I1", "1.1", may_be_na=True),))
    assert score_data(only, data(I1_NA=1)).state == State.NO_CASES


def test_missing_marks_are_named_and_the_rest_is_shown():
    score = score_data(SMART, data(I1=5, I2=3))
    assert (score.state, score.value, score.level) == (State.INCOMPLETE, None, None)
    assert "I3 รายการ I3" in score.message
    assert score.parts is not None
    assert (score.parts.obtained, score.parts.missing) == (8, ("I3", "I4", "I5", "I6", "I7"))
    assert "เท่าที่ให้แล้ว: ได้ 8 จากเต็ม 40 คะแนน" in score.explanation.sentences()


def test_nothing_given_is_incomplete_also_where_all_are_ticks():
    assert score_data(ITA, {}).state == State.INCOMPLETE
    assert breakdown(ITA, {}).value is None


def test_a_tick_that_is_not_there_is_not_done():
    score = score_data(ITA, ticked(*range(4, 24)))
    assert (score.value, score.level, score.passed) == (D("86.96"), 3, True)  # 20 of 23
    assert "ได้ 20 จากเต็ม 23 ข้อ = 86.96" in score.explanation.sentences()
    assert "EB1 ข้อ EB1: ยังไม่ทำ" in score.explanation.sentences()


def test_a_criterion_in_items_is_judged_by_the_number_done():
    assert score_data(ITA, ticked(*range(4, 23))).passed is False  # 19 items are 82.61 %: level 3 all the same
    assert score_data(ITA, ticked(*range(4, 23))).level == 3
    by_value = score_value(ITA, D(90))
    assert (by_value.level, by_value.passed) == (4, None)
    assert [warning.code for warning in by_value.warnings] == ["criterion_of_items"]
    assert score_value(ITA.for_round(1), D(5)).passed is True


@pytest.mark.parametrize(("done", "level", "passed"), [(0, 0, False), (3, 3, False), (5, 5, True), (9, 5, True)])
def test_a_round_that_counts_items(done, level, passed):
    score = score_data(ITA.for_round(1), {"EB1": D(0)} | ticked(*range(4, 4 + done)))
    assert (score.value, score.level, score.passed, score.template.unit) == (D(done), level, passed, "ข้อ")


def test_all_or_nothing():
    four = {f"R{number}": D(1) for number in range(1, 5)}
    found = breakdown(TREE, four | data(T11=1))
    assert [(g.obtained, g.full, g.done, g.need) for g in found.groups] == [(1, 2, 1, None), (0, 1, 4, 5)]
    assert score_data(TREE, four | data(T11=1)).value == D("33.33")
    five = breakdown(TREE, four | data(T11=1, R7=1))
    assert (five.obtained, five.full) == (2, 3)
    assert check_data(TREE, four) == ()


def test_a_group_that_is_short_is_warned_about_and_not_scored():
    short = FULL | data(I3=0, I4=0)
    assert [warning.code for warning in check_data(SMART, short)] == ["group_short"]
    assert score_data(SMART, short).value == D("75.00")


def test_items_without_a_group_come_first():
    mixed = replace(SMART, items=(*SMART.items, points("I8", "")))
    assert [group.code for group in breakdown(mixed, {}).groups] == ["", "1.1", "1.2", "1.4"]


BOUNDS = [
    (SMART, "I1", "5.5", "I1 รายการ I1 เป็น 5.5 ต้องไม่เกินคะแนนเต็ม 5"),
    (SMART, "I1", "-1", "I1 รายการ I1 เป็น -1 คะแนนต้องไม่น้อยกว่า 0"),
    (ITA, "EB1", "2", "EB1 ข้อ EB1 เป็น 2 ต้องเป็น 0 (ยังไม่ทำ) หรือ 1 (ทำแล้ว)"),
]


@pytest.mark.parametrize(("template", "code", "mark", "sentence"), BOUNDS)
def test_marks_have_bounds(template, code, mark, sentence):
    assert check_item(template.item(code), D(mark)) == sentence
    entered = (FULL if template is SMART else {}) | {code: D(mark)}
    assert [warning.message for warning in check_data(template, entered)] == [sentence]
    assert (score_data(template, entered).state, score_data(template, entered).message) == (
        State.CANNOT_COMPUTE,
        sentence,
    )


def test_points_as_such():
    by_points = replace(SMART, measure=Measure.POINTS, unit="คะแนน")
    score = score_data(by_points, FULL | data(I7="8.5"))
    assert (score.value, score.exact) == (D("38.50"), Fr("38.5"))


def test_the_year_is_the_last_round_that_has_data():
    assert year_to_date(SMART, [FULL, FULL | data(I1=0), {}]).value == D("87.50")
    score = year_of_rounds(ITA, [(1, ticked(1, 2, 4, 5, 6)), (2, ticked(*range(4, 25)))])
    assert (score.value, score.level, score.template.unit) == (D("91.30"), 4, "ร้อยละ")
    first = year_of_rounds(ITA, [(1, ticked(1, 2, 4, 5, 6))])
    assert (first.value, first.level, first.passed, first.template.target) == (D(5), 5, True, "5 ข้อ")


def test_as_plain_data():
    facts = score_data(SMART, FULL).explanation.as_dict()
    assert facts["checklist"]["obtained"] == "40"
    assert facts["checklist"]["groups"][1]["need"] == 2
    assert facts["word"] == "ดีมาก"


def test_an_unreadable_criterion_stays_open():
    score = score_data(replace(SMART, pass_criterion=Printed("1<40")), FULL)
    assert (score.passed, [warning.code for warning in score.warnings]) == (None, ["criterion_unreadable"])


# What holds for any marks.

marks = st.fixed_dictionaries(
    {item.code: st.integers(0, int(item.full)).map(D) for item in SMART.items},
    optional={"I6_NA": st.sampled_from([D(0), D(1)])},
)
ticks = st.dictionaries(st.sampled_from([item.code for item in TREE.items]), st.sampled_from([D(0), D(1)]), min_size=1)


@given(marks)
def test_never_more_than_full(entered):
    found = breakdown(SMART, entered)
    assert 0 <= found.obtained <= found.full
    assert all(0 <= group.obtained <= group.full for group in found.groups)
    assert sum(group.obtained for group in found.groups) == found.obtained
    assert 0 <= found.value <= 100
    score = score_data(SMART, entered)
    assert score_number(SMART, entered) == (score.value, score.level)


@given(ticks, st.sampled_from([item.code for item in TREE.items]))
def test_one_more_item_done_never_lowers(entered, code):
    before, after = breakdown(TREE, entered), breakdown(TREE, entered | {code: D(1)})
    assert after.obtained >= before.obtained
    assert after.value >= before.value
    assert after.done >= before.done


MAY_BE_LEFT_OUT = replace(TREE, items=tuple(replace(item, may_be_na=True) for item in TREE.items))


@given(ticks, st.sampled_from([item.code for item in TREE.items]))
def test_leaving_out_what_has_no_marks_never_lowers_the_percent(entered, code):
    entered = entered | {code: D(0)}
    before = breakdown(MAY_BE_LEFT_OUT, entered)
    after = breakdown(MAY_BE_LEFT_OUT, entered | {f"{code}_NA": D(1)})
    assert after.value is None or after.value >= before.value
    assert after.applicable == before.applicable - 1


anything = st.none() | st.decimals(-3, 12, places=1)
CODES = [item.code for item in SMART.items]


@given(st.dictionaries(st.sampled_from([*CODES, *(f"{code}_NA" for code in CODES)]), anything))
def test_whatever_is_entered_is_explained(entered):
    score = score_data(SMART, entered)
    assert score.explanation.sentences()
    assert score.explanation.as_dict()
    assert (score.value is None) == (score.state != State.COMPUTED)
    found = breakdown(SMART, entered)
    assert 0 <= found.obtained <= found.full
