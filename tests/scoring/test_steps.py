"""Milestones: steps count as far as they are done without a gap, or implied by a later one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.steps import Step, consecutive_done, with_implied

PLAIN = tuple(Step(number, f"ขั้น {number}") for number in range(1, 6))
# KPIs 13 and 18: progress over 50 % (5) says that progress under 50 % (4) is behind it.
IMPLIED = (*PLAIN[:3], Step(4, "ก้าวหน้าน้อยกว่า 50%", implied_by=5), PLAIN[4])

done_sets = st.frozensets(st.integers(0, 7))


@pytest.mark.parametrize(
    ("done", "plain", "implied"),
    [
        ((), 0, 0),
        ((1,), 1, 1),
        ((1, 2, 3), 3, 3),
        ((1, 3), 1, 1),
        ((2, 3, 4, 5), 0, 0),
        ((1, 2, 3, 5), 3, 5),
        ((1, 2, 5), 2, 2),
        ((1, 2, 3, 4), 4, 4),
        ((1, 2, 3, 4, 5), 5, 5),
        ((9,), 0, 0),
    ],
)
def test_consecutive(done, plain, implied):
    assert consecutive_done(PLAIN, done) == plain
    assert consecutive_done(IMPLIED, done) == implied


def test_order_of_the_list_does_not_matter():
    assert consecutive_done(tuple(reversed(IMPLIED)), [1, 2, 3, 5]) == 5


def test_implied_through_one_another():
    steps = (Step(1, "", implied_by=2), Step(2, "", implied_by=3), Step(3, ""))
    assert consecutive_done(steps, [3]) == 3
    assert with_implied(steps, [3]) == {1, 2, 3}


def test_a_circle_of_implications_ends():
    steps = (Step(1, "", implied_by=2), Step(2, "", implied_by=1))
    assert consecutive_done(steps, []) == 0


def test_no_steps():
    assert consecutive_done((), [1]) == 0


@given(done_sets, st.integers(1, 5))
def test_doing_more_never_counts_less(done, another):
    assert consecutive_done(IMPLIED, done | {another}) >= consecutive_done(IMPLIED, done)
