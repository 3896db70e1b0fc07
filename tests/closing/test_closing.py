"""Closing a period and opening it again: what is missing, waivers, revisions, who may, who is told."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.db.transaction import TransactionManagementError

from indicators.actions import Entry, save_result
from indicators.closing.actions import NotWaived, close_period, reopen_period
from indicators.closing.gate import hold_open, shut
from indicators.closing.missing import grouped, missing_of, owed_of
from indicators.closing.period import ClosingPeriod, current_year, period_of_plan
from indicators.models import Cancellation, Closure, Notice, Responsibility, Result, Round, Waiver
from indicators.refusals import NotAllowed
from indicators.schedule.standing import refuse_closed
from indicators.workflow import transition
from strategy import clock
from strategy.models import Membership, OrgUnit, User
from tests.builders import K405_BANDS, K405_ITEMS, make, report
from tests.closing.cases import all_waived

pytestmark = pytest.mark.django_db


def missing_codes(period):
    return {item.indicator.code for item in missing_of(period.plan, period.fiscal_year, period.until)}


def item_of(period, code, number):
    found = missing_of(period.plan, period.fiscal_year, period.until)
    return next((i for i in found if (i.indicator.code, i.round.number) == (code, number)), None)


# What is missing


def test_all_rounds_up_to_the_month_are_missing_until_they_are_approved(period, approved):
    of_march = period(6)
    rounds = [i.round.number for i in missing_of(of_march.plan, 2560, of_march.until) if i.indicator.code == "7(1)"]
    assert sorted(rounds) == [1, 2, 3, 4, 5, 6]
    approved("7(1)", 3, A=33600, B=200)
    assert item_of(of_march, "7(1)", 3) is None
    assert item_of(of_march, "7(1)", 4) is not None


def test_what_ends_after_the_month_is_not_of_the_period(period):
    assert {i.round.end <= date(2016, 12, 31) for i in missing_of(period(3).plan, 2560, period(3).until)} == {True}
    assert "13(1)" not in missing_codes(period(3))  # half-yearly


@pytest.mark.parametrize(("status", "state"), [("saved", "draft"), ("submitted", "submitted"), (None, "not_reported")])
def test_each_missing_round_says_how_far_it_has_come(status, state, request, period):
    if status:
        request.getfixturevalue(status)("7(1)", 5, A=33600, B=200)
    assert item_of(period(6), "7(1)", 5).state == state


def test_returned_and_reopened_are_missing_too(submitted, approved, access, cast, period):
    returned, again = submitted("7(1)", 4, A=33600, B=200), approved("7(1)", 5, A=33800, B=210)
    for result, action in ((returned, "return"), (again, "reopen")):
        seen = access(cast.reviewer, result.round)
        transition(access=seen, action=action, by=cast.reviewer, lock=result.lock, reason="ตัวเลขผิด")
    assert [item_of(period(6), "7(1)", n).state for n in (4, 5)] == ["returned", "reopened"]


def test_what_is_not_due_yet_says_so(period, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 3)
    item = item_of(period(6), "7(1)", 6)
    assert (item.state, item.is_due) == ("not_yet_due", False)


def test_what_nobody_is_responsible_for_is_missing_too(period, indicator, plan):
    """The totals count it as 0: closing without a word about it would hide that."""
    Responsibility.objects.filter(indicator=indicator("7(1)")).delete()
    item = item_of(period(6), "7(1)", 6)
    assert (item.unit, item.responsible) == (plan.unit, ())
    assert [group.responsible for group in grouped([item])] == ["ไม่มีหน่วยงานรับผิดชอบ"]


def test_what_nobody_is_responsible_for_can_be_there(period, indicator, cast):
    report(indicator("7(1)"), 6, cast, A=33600, B=200)
    Responsibility.objects.filter(indicator=indicator("7(1)")).delete()
    assert item_of(period(6), "7(1)", 6) is None
    assert item_of(period(6), "7(1)", 5) is not None


def test_the_rounds_before_somebodys_time_are_nobodys(period, indicator):
    Responsibility.objects.filter(indicator=indicator("7(1)")).update(start=date(2017, 2, 10))
    found = [i for i in missing_of(period(6).plan, 2560, period(6).until) if i.indicator.code == "7(1)"]
    assert {i.round.number: bool(i.responsible) for i in found} == {
        1: False, 2: False, 3: False, 4: False, 5: True, 6: True,
    }  # fmt: skip
    assert grouped(found)[0].responsible == "PST OPD, ไม่มีหน่วยงานรับผิดชอบ"


def test_a_unit_that_is_measured_later_owes_nothing_before(period, across, plan):
    indicator, units = across
    Responsibility.objects.filter(measured_unit=units[0]).update(start=date(2017, 2, 10))
    found = [i for i in missing_of(plan, 2560, period(6).until) if i.indicator == indicator]
    assert [i.unit for i in found if i.round.number == 1] == units[1:]


def test_a_cancelled_indicator_owes_nothing_from_that_day(period, indicator, cast):
    row = {"fiscal_year": 2560, "day": date(2017, 2, 1), "reason": "เลิกวัด", "by": cast.reviewer, "at": clock.now()}
    Cancellation.objects.create(indicator=indicator("7"), **row)  # 7(1) is a part of 7
    found = [i.round.number for i in missing_of(period(6).plan, 2560, period(6).until) if i.indicator.code == "7(1)"]
    assert sorted(found) == [1, 2, 3, 4]


def test_two_responsible_units_owe_one_result(period, indicator):
    hospital, other = indicator("7(1)").plan.unit, OrgUnit.objects.get(code="ACCOUNT")
    Responsibility.objects.create(indicator=indicator("7(1)"), measured_unit=hospital, responsible_unit=other)
    item = item_of(period(6), "7(1)", 6)
    assert {unit.code for unit in item.responsible} == {"PST_OPD", "ACCOUNT"}
    found = missing_of(period(6).plan, 2560, period(6).until)
    assert len({i.key for i in found}) == len(found)


def test_one_group_for_the_rounds_of_a_kpi(period):
    groups = grouped(missing_of(period(6).plan, 2560, period(6).until))
    group = next(group for group in groups if group.first.indicator.code == "7(1)")
    assert [item.round.number for item in group.items] == [1, 2, 3, 4, 5, 6]
    assert len({group.name for group in groups}) == len(groups)


def test_the_list_counts_the_same(period, approved):
    approved("7(1)", 3, A=33600, B=200)
    of_march = period(6)
    owed = owed_of([of_march.plan], 2560, of_march.until)
    assert sum(item.is_there for item in owed) == 1
    assert len(owed) - 1 == len(missing_of(of_march.plan, 2560, of_march.until))


@pytest.fixture
def across(plan, cast):
    """A KPI measured in three hospitals."""
    indicator = make(plan, "K405", items=K405_ITEMS, bands=K405_BANDS, formula="(EIA + TPS) / 2", across_level=5)
    units = [OrgUnit.objects.create(code=f"H{n}", name=f"รพ.ที่ {n}", kind="facility") for n in (1, 2, 3)]
    for unit in units:
        Responsibility.objects.create(indicator=indicator, measured_unit=unit, responsible_unit=plan.unit)
    return indicator, units


def test_each_measured_unit_owes_its_own(period, across, cast):
    indicator, units = across
    report(indicator, 1, cast, unit=units[1], EIA=90, TPS=100)
    found = [i for i in missing_of(period(6).plan, 2560, period(6).until) if i.indicator == indicator]
    assert [(i.round.number, i.unit.code) for i in found] == [(1, "H1"), (1, "H3"), (2, "H1"), (2, "H2"), (2, "H3")]
    assert [group.measured_in for group in grouped(found)] == ["รพ.ที่ 1", "รพ.ที่ 3", "รพ.ที่ 2"]
    assert found[0].query == "?unit=H1"


# The period


def test_periods_of_a_plan(plan):
    assert period_of_plan(plan, 2560, 1).until == date(2016, 10, 31)
    assert period_of_plan(plan, 2560, 12).until == date(2017, 9, 30)
    assert [period_of_plan(plan, *wrong) for wrong in ((2560, 0), (2560, 13), (2559, 6), (2570, 6))] == [None] * 4


@pytest.mark.parametrize(
    ("today", "year"), [(date(2017, 10, 5), 2560), (date(2017, 11, 1), 2561), (date(2017, 9, 30), 2560)]
)
def test_in_october_one_still_closes_september(today, year, settings):
    settings.KPITRACK_TODAY = today
    assert current_year() == year


# Closing


def test_closing_keeps_waivers_and_numbers_revisions(close, cast, approved):
    approved("7(1)", 3, A=33600, B=200)
    first = close(6, note="ปิดตามกำหนด")
    assert (first.revision, first.until, first.note, first.closed_by) == (
        1,
        date(2017, 3, 31),
        "ปิดตามกำหนด",
        cast.reviewer,
    )
    assert first.waivers.count() == len(first.snapshot["waivers"]) > 0
    reopen_period(closure=first, by=cast.reviewer, reason="พบตัวเลขผิด")
    second = close(6)
    assert second.revision == 2
    first.refresh_from_db()
    assert (first.reopened_reason, first.reopened_by) == ("พบตัวเลขผิด", cast.reviewer)


def test_without_a_reason_for_each_nothing_is_closed(period, cast):
    waivers = all_waived(period(6))
    lacking, blank = sorted(waivers)[:2]
    del waivers[lacking]
    waivers[blank] = "   "
    with pytest.raises(NotWaived) as refused:
        close_period(period=period(6), by=cast.reviewer, waivers=waivers)
    assert {item.key for item in refused.value.missing} == {lacking, blank}
    assert not Closure.objects.exists()
    assert not Waiver.objects.exists()


def test_what_came_in_meanwhile_needs_no_waiver(period, cast, approved):
    waivers = all_waived(period(6))
    result = approved("7(1)", 6, A=33600, B=200)
    closure = close_period(period=period(6), by=cast.reviewer, waivers=waivers)
    assert not closure.waivers.filter(round=result.round).exists()


def test_what_became_missing_meanwhile_is_refused(period, cast, approved, access):
    result = approved("7(1)", 6, A=33600, B=200)
    waivers = all_waived(period(6))
    seen = access(cast.reviewer, result.round)
    transition(access=seen, action="reopen", by=cast.reviewer, lock=result.lock, reason="ตัวเลขผิด")
    with pytest.raises(NotWaived) as refused:
        close_period(period=period(6), by=cast.reviewer, waivers=waivers)
    assert [item.key for item in refused.value.missing] == [(result.round_id, result.measured_unit_id)]
    assert "1 รายการ" in str(refused.value)


@pytest.mark.parametrize("number", [7, 12])
def test_a_period_closes_after_its_last_day(number, close):
    with pytest.raises(NotAllowed, match="ยังไม่สิ้นสุด"):
        close(number)


def test_the_last_day_itself_is_too_early(close, settings):
    settings.KPITRACK_TODAY = date(2017, 3, 31)
    with pytest.raises(NotAllowed, match=r"31 มี\.ค\. 2560"):
        close(6)
    settings.KPITRACK_TODAY = date(2017, 4, 1)
    assert close(6).revision == 1


def test_a_closed_period_is_not_closed_again(close):
    close(6)
    with pytest.raises(NotAllowed, match="ปิดแล้วโดย reviewer"):
        close(6)


def test_earlier_months_are_closed_with_it(close):
    close(6)
    with pytest.raises(NotAllowed, match="อยู่ในงวดที่ปิดแล้วถึงมีนาคม 2560"):
        close(3)


def test_a_later_month_is_closed_after_an_earlier_one(close):
    close(3)
    assert close(6).revision == 1


def test_nothing_owed_is_nothing_to_close(plan, cast):
    Round.objects.filter(indicator__plan=plan).delete()
    with pytest.raises(NotAllowed, match="ไม่มีอะไรให้ปิด"):
        close_period(period=ClosingPeriod(plan, 2560, 6), by=cast.reviewer, waivers={})


@pytest.mark.parametrize("who", ["head", "executive", "administrator", "outsider", "reporter"])
def test_only_reviewers_close_and_reopen(who, period, close, cast):
    with pytest.raises(NotAllowed):
        close_period(period=period(6), by=getattr(cast, who), waivers=all_waived(period(6)))
    closure = close(6)
    with pytest.raises(NotAllowed):
        reopen_period(closure=closure, by=getattr(cast, who), reason="ขอแก้")
    closure.refresh_from_db()
    assert closure.reopened_at is None


# While it is closed


def test_nothing_of_a_closed_period_changes(close, cast, access, round_of, submitted, approved, settings):
    waiting, done = submitted("7(1)", 4, A=33600, B=200), approved("7(1)", 5, A=33800, B=210)
    before = {name: access(cast.head, round_of("7(1)", number)) for name, number in (("new", 6), ("sent", 4))}
    reviewing = {name: access(cast.reviewer, result.round) for name, result in (("sent", waiting), ("done", done))}
    closure = close(6)
    calls = [
        lambda: save_result(access=before["new"], by=cast.head, entry=Entry(data={}), lock=0),
        lambda: transition(access=before["sent"], action="withdraw", by=cast.head, lock=waiting.lock),
        lambda: transition(access=reviewing["sent"], action="approve", by=cast.reviewer, lock=waiting.lock),
        lambda: transition(access=reviewing["sent"], action="return", by=cast.reviewer, lock=waiting.lock, reason="ก"),
        lambda: transition(access=reviewing["done"], action="reopen", by=cast.reviewer, lock=done.lock, reason="ก"),
    ]
    for call in calls:
        with pytest.raises(NotAllowed, match="ปิดแล้ว"):
            call()
    assert not Result.objects.filter(round=round_of("7(1)", 6)).exists()
    reopen_period(closure=closure, by=cast.reviewer, reason="พบตัวเลขผิด")
    assert transition(access=reviewing["sent"], action="approve", by=cast.reviewer, lock=waiting.lock)


def test_the_month_after_stays_open(close, round_of):
    close(6)
    refuse_closed(round_of("7(1)", 7))
    with pytest.raises(NotAllowed):
        refuse_closed(round_of("7(1)", 6))


def test_the_same_month_of_another_year_stays_open(close, round_of):
    close(6)
    refuse_closed(round_of("7(1)", 6, 2561))


def test_the_gate_wants_a_transaction(plan, indicator, monkeypatch):
    monkeypatch.setattr("indicators.closing.gate.connection", SimpleNamespace(in_atomic_block=False))
    for call in (lambda: hold_open(indicator("7(1)").pk), lambda: shut(plan)):
        with pytest.raises(TransactionManagementError):
            call()


# Opening again


def test_reopening_wants_a_reason(close, cast):
    closure = close(6)
    with pytest.raises(NotAllowed, match="เหตุผล"):
        reopen_period(closure=closure, by=cast.reviewer, reason=" \n")


def test_only_the_last_period_is_reopened(close, cast):
    third, sixth = close(3), close(6)
    with pytest.raises(NotAllowed, match="ต้องเปิดงวดมีนาคม 2560 ก่อน"):
        reopen_period(closure=third, by=cast.reviewer, reason="ขอแก้")
    reopen_period(closure=sixth, by=cast.reviewer, reason="ขอแก้")
    reopen_period(closure=third, by=cast.reviewer, reason="ขอแก้")


def test_a_reopened_revision_is_not_reopened_twice(close, cast):
    closure = close(6)
    reopen_period(closure=closure, by=cast.reviewer, reason="ขอแก้")
    with pytest.raises(NotAllowed, match="เปิดใหม่แล้วโดย reviewer"):
        reopen_period(closure=closure, by=cast.reviewer, reason="ขอแก้อีก")
    assert Closure.objects.get(pk=closure.pk).reopened_reason == "ขอแก้"


def test_the_database_knows_one_revision_in_force(close, cast):
    closure = close(6)
    closure.pk, closure.revision, closure._state.adding = None, 2, True
    with pytest.raises(IntegrityError):
        closure.save()


# Who is told


def told(user):
    return list(Notice.objects.filter(user=user, kind="period").order_by("pk"))


def test_heads_are_told_with_what_they_lack(close, cast, approved):
    for number in range(1, 6):
        approved("7(1)", number, A=33600 + number, B=200)
    owners = Responsibility.objects.filter(responsible_unit__code="PST_OPD")
    assert {row.indicator.code for row in owners} == {"7(1)"}
    closure = close(6)
    assert [notice.facts["missing"] for notice in told(cast.head)] == ["1"]
    facts = told(cast.other_head)[0].facts
    assert (facts["change"], facts["until"], facts["revision"]) == ("closed", "2017-03-31", "1")
    assert told(cast.head)[0].url == f"/closures/{closure.pk}/"
    assert not told(cast.outsider) + told(cast.reviewer) + told(cast.reporter)


def test_heads_are_told_why_it_is_open_again(close, cast):
    reopen_period(closure=close(6), by=cast.reviewer, reason="พบตัวเลขผิด")
    last = told(cast.head)[-1].facts
    assert (last["change"], last["reason"], last["missing"]) == ("reopened", "พบตัวเลขผิด", "")


def test_the_other_reviewers_are_told_too(close, cast, plan):
    colleague = User.objects.create_user("colleague")
    Membership.objects.create(user=colleague, unit=plan.strategy_unit, role="reviewer")
    reopen_period(closure=close(6), by=cast.reviewer, reason="พบตัวเลขผิด")
    assert [notice.facts["change"] for notice in told(colleague)] == ["closed", "reopened"]
    assert told(colleague)[-1].facts["reason"] == "พบตัวเลขผิด"
    assert not told(cast.reviewer)


def test_a_refused_closing_tells_nobody(period, cast):
    with pytest.raises(NotWaived):
        close_period(period=period(6), by=cast.reviewer, waivers={})
    assert not Notice.objects.exists()


def test_the_moment_can_be_said(close):
    at = clock.now() - timedelta(days=1)
    assert close(6, at=at).closed_at == at
