"""The frozen scorecards of the demo year: equal to the living ones when a month is closed, and the same ever after."""

import json
from copy import deepcopy
from datetime import date

import pytest
from django.test import override_settings

from indicators.closing.actions import reopen_period
from indicators.closing.frozen import Frozen
from indicators.closing.period import ClosingPeriod
from indicators.closing.snapshot import take_snapshot
from indicators.demo.year import load_demo
from indicators.schedule.standing import closures_in_force
from indicators.scorecards import plan_card
from reports.closing.rows import totals_of
from strategy.models import User
from tests.cast import TODAY
from tests.closing.test_snapshot import edit_everything, frozen, told
from tests.world import kept_apart

pytestmark = pytest.mark.django_db
LARGEST = 2_000_000  # bytes of the real plan's snapshot


@pytest.fixture(scope="module")
def demo_year(django_db_setup, django_db_blocker):
    """The demo year instead of the cast, once for both tests; what it closed is open again."""
    with django_db_blocker.unblock(), override_settings(KPITRACK_TODAY=TODAY), kept_apart():
        load_demo()
        for closure in closures_in_force():
            reopen_period(closure=closure, by=closure.closed_by, reason="เพื่อปิดทีละเดือน")
        yield


@pytest.fixture
def year(demo_year, plan):
    return plan


def test_the_demo_year_is_frozen_as_it_stands(year, close, django_assert_num_queries):
    """Month by month; read again without a question to the database, which leaves the snapshot as it is."""
    for number in range(1, 7):
        closure = close(number)
        living = told(plan_card(year, 2560, ClosingPeriod(year, 2560, number).until))
        data = json.loads(json.dumps(closure.snapshot))
        before = deepcopy(data)
        with django_assert_num_queries(0):
            assert told(Frozen(data).plan_card) == living
        assert data == before
        assert_figures(closure.snapshot, plan_card(year, 2560, closure.until))


def assert_figures(snapshot, card):
    """The figures that stand beside the rows are those of the cards."""
    assert totals_of(snapshot["totals"]["plan"]) == card.totals
    assert snapshot["totals"]["grade"] == card.grade
    for one in card.walk():
        figures = snapshot["figures"][str(one.indicator.pk)]
        assert figures["state"] == one.state
        assert figures["level"] == (None if one.level is None else str(one.level))
        assert figures["passed"] is one.passed


def test_nothing_that_is_edited_later_changes_the_snapshot(year, close, django_assert_max_num_queries):
    """All at once, in the real plan's year; its snapshot is small enough to keep."""
    with django_assert_max_num_queries(20):
        size = len(json.dumps(take_snapshot(ClosingPeriod(year, 2560, 6), [], by=User())))
    assert size < LARGEST
    closure = close(6)
    before = told(frozen(closure))
    edit_everything(year)
    year.refresh_from_db()
    assert told(frozen(closure)) == before
    living = told(plan_card(year, 2560, date(2017, 3, 31)))
    for part in before:
        assert living[part] != before[part], part
