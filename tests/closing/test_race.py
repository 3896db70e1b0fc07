"""Closing against somebody who writes at the same moment: what was written is in the snapshot, or it was refused.

On SQLite and on PostgreSQL, in threads with connections of their own. First every order of the two by hand (one is
held just before its commit while the other starts), then both let loose together again and again.
"""

import threading
import time
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from indicators.actions import Entry, save_result
from indicators.closing.actions import close_period, reopen_period
from indicators.closing.frozen import Frozen
from indicators.closing.missing import owed_of
from indicators.closing.period import ClosingPeriod
from indicators.models import Closure, Result
from indicators.refusals import NotAllowed
from indicators.rules import fetch_round
from indicators.schedule.actions import extend_round
from indicators.scorecards import plan_card
from indicators.workflow import transition
from strategy.models import Plan
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = {"A": Decimal(33600), "B": Decimal(200)}
LONG = 30  # seconds after which a thread is taken for stuck
HELD = 0.7  # seconds for which one waits in vain while the other holds the gate


def closing(plan, reviewer):
    """All that is owed has a reason, whether it is missing or not."""
    chosen = Plan.objects.select_related("unit", "strategy_unit").get(pk=plan.pk)
    period = ClosingPeriod(chosen, 2560, 6)
    waivers = {item.key: "ปิดตามกำหนด" for item in owed_of([chosen], 2560, period.until)}
    return lambda: close_period(period=period, by=reviewer, waivers=waivers)


def saving(person, round_, numbers=NUMBERS):
    seen = fetch_round(person, round_.pk)
    lock = seen.result.lock if seen.result else 0
    return lambda: save_result(access=seen, by=person, entry=Entry(data=numbers), lock=lock)


def moving(person, result, action, reason=""):
    seen = fetch_round(person, result.round_id)
    return lambda: transition(access=seen, action=action, by=person, lock=seen.result.lock, reason=reason)


class Held(threading.Thread):
    """Does its work in a transaction and holds that just before the commit, until it is let go."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.found = work, None
        self.is_done, self.may_commit = threading.Event(), threading.Event()

    def run(self):
        try:
            with transaction.atomic():
                self.found = self.work()
                self.is_done.set()
                assert self.may_commit.wait(LONG)
        except Exception as error:
            self.found = error
        finally:
            self.is_done.set()
            connections["default"].close()


@contextmanager
def held(work):
    """The work is done and not committed inside of the block, committed after it."""
    thread = Held(work)
    thread.start()
    assert thread.is_done.wait(LONG)
    try:
        yield thread
    finally:
        thread.may_commit.set()
        thread.join(LONG)
    assert not thread.is_alive()


def one_after_the_other(first, second):
    """What both gave or raised; the second starts while the first is not committed yet, and must wait for it."""
    with held(first) as before:
        after = Held(second)
        after.may_commit.set()
        after.start()
        assert not after.is_done.wait(HELD), "the second did not wait"
    after.join(LONG)
    assert not after.is_alive()
    return before.found, after.found


def in_snapshot(round_):
    """What the snapshot has of the round: the frozen value, else how far it had come."""
    closure = Closure.objects.latest("pk")
    values = {result.round_id: result.value for result in Frozen(closure.snapshot).results}
    states = {row["round"]: row["state"] for row in closure.snapshot["waivers"]}
    return values.get(round_.pk, states.get(round_.pk))


def assert_frozen_is_what_stands(plan, round_):
    """Never anything in the database that the snapshot does not have."""
    result = Result.objects.filter(round=round_).first()
    stands = "not_reported" if result is None else result.value if result.status == "approved" else result.status
    assert in_snapshot(round_) == stands
    living = plan_card(Plan.objects.select_related("unit").get(pk=plan.pk), 2560, date(2017, 3, 31))
    assert Frozen(Closure.objects.latest("pk").snapshot).plan_card.totals == living.totals


# One after the other


def test_an_approval_is_in_the_snapshot_or_refused(cast, plan, submitted):
    first, second = submitted("7(1)", 5, **NUMBERS), submitted("7(1)", 6, A=33800, B=200)
    found = one_after_the_other(moving(cast.reviewer, first, "approve"), closing(plan, cast.reviewer))
    assert [type(each) for each in found] == [Result, Closure]
    assert in_snapshot(first.round) == Decimal("168.00")
    reopen_period(closure=found[1], by=cast.reviewer, reason="ตรวจต่อ")
    found = one_after_the_other(closing(plan, cast.reviewer), moving(cast.reviewer, second, "approve"))
    assert [type(each) for each in found] == [Closure, NotAllowed]
    assert in_snapshot(second.round) == "submitted"
    assert_frozen_is_what_stands(plan, second.round)


def test_a_first_save_is_known_to_the_closing_or_refused(cast, plan, round_of):
    """There is no row yet that closing could lock."""
    first, second = round_of("7(1)", 5), round_of("7(1)", 6)
    found = one_after_the_other(saving(cast.head, first), closing(plan, cast.reviewer))
    assert [type(each) for each in found] == [Result, Closure]
    assert in_snapshot(first) == "draft"
    reopen_period(closure=found[1], by=cast.reviewer, reason="ตรวจต่อ")
    found = one_after_the_other(closing(plan, cast.reviewer), saving(cast.head, second))
    assert [type(each) for each in found] == [Closure, NotAllowed]
    assert not Result.objects.filter(round=second).exists()
    assert in_snapshot(second) == "not_reported"


def test_a_reopened_result_is_missing_or_stays_approved(cast, plan, approved):
    result = approved("7(1)", 6, **NUMBERS)
    reopening = moving(cast.reviewer, result, "reopen", "นับผิด")
    found = one_after_the_other(closing(plan, cast.reviewer), reopening)
    assert [type(each) for each in found] == [Closure, NotAllowed]
    assert_frozen_is_what_stands(plan, result.round)
    reopen_period(closure=found[0], by=cast.reviewer, reason="นับผิด")
    found = one_after_the_other(reopening, closing(plan, cast.reviewer))
    assert [type(each) for each in found] == [Result, Closure]
    assert in_snapshot(result.round) == "reopened"


def test_a_closing_that_fails_holds_nobody(cast, plan, submitted):
    result = submitted("7(1)", 6, **NUMBERS)

    def failing():
        with transaction.atomic():
            closing(plan, cast.reviewer)()
            raise RuntimeError("power cut")

    [found] = at_once(failing)
    assert isinstance(found, RuntimeError)
    assert not Closure.objects.exists()
    assert moving(cast.reviewer, result, "approve")().status == "approved"


def test_more_time_while_the_period_is_being_closed(cast, plan, round_of, monkeypatch):
    """Granted after the closing has begun and before it has written its waivers: no deadlock over the round's row."""
    seen = fetch_round(cast.reviewer, round_of("7(1)", 6).pk)
    has_begun = threading.Event()

    def take_long(period):
        has_begun.set()
        time.sleep(HELD)

    def extending():
        assert has_begun.wait(LONG)
        return extend_round(access=seen, by=cast.reviewer, until=date(2017, 4, 28), reason="ระบบล่ม")

    monkeypatch.setattr("indicators.closing.actions._hold_templates", take_long)
    found = at_once(closing(plan, cast.reviewer), extending)
    assert [type(each) for each in found] == [Closure, NotAllowed]


def test_two_who_write_do_not_wait_for_each_other(cast, plan, round_of):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with held(saving(cast.head, round_of("7(1)", 5))) as one:
        [other] = at_once(saving(cast.reporter, round_of("7(1)", 6)))
        assert isinstance(other, Result)
    assert isinstance(one.found, Result)


# All at once


def test_several_who_close_or_reopen(cast, plan):
    found = at_once(*(closing(plan, cast.reviewer) for _number in range(3)))
    assert sorted(type(each).__name__ for each in found) == ["Closure", "NotAllowed", "NotAllowed"]
    closure = Closure.objects.get()
    assert closure.revision == 1
    works = [lambda reason=reason: reopen_period(closure=closure, by=cast.reviewer, reason=reason) for reason in "กข"]
    found = at_once(*works)
    assert sorted(type(each).__name__ for each in found) == ["Closure", "NotAllowed"]
    given = next(each for each in found if isinstance(each, Closure))
    assert Closure.objects.get().reopened_reason == given.reopened_reason


def test_closing_approving_and_saving_together(cast, plan, submitted, round_of):
    """Whoever comes first: what is in the database in the end is what was frozen. No error, no deadlock."""
    for month in range(1, 7):
        waiting = submitted("22", month, by=cast.other_head, A=1000 + month, B=1000)
        works = [
            moving(cast.reviewer, waiting, "approve"),
            saving(cast.head, round_of("7(1)", month), {"A": Decimal(33600 + month), "B": Decimal(200)}),
            closing(plan, cast.reviewer),
        ]
        found = at_once(*works[month % 3 :], *works[: month % 3])
        assert {type(each) for each in found} <= {Result, Closure, NotAllowed}
        [closure] = [each for each in found if isinstance(each, Closure)]
        for code in ("22", "7(1)"):
            assert_frozen_is_what_stands(plan, round_of(code, month))
        reopen_period(closure=closure, by=cast.reviewer, reason="รอบต่อไป")
