"""The transition table: every transition, every refusal, the events, and two people at once."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.actions import Entry, InvalidEntry, NotComplete, save_result, submit_result
from indicators.models import Result, ReviewEvent
from indicators.models.results import AppendOnlyError
from indicators.workflow import TRANSITIONS, NotAllowed, StaleResult, transition

Status = Result.Status


def act(access, user, result, action, reason="เหตุผล", lock=None):
    seen = access(user, result.round)
    return transition(access=seen, action=action, by=user, lock=result.lock if lock is None else lock, reason=reason)


def test_the_way_of_a_result(saved, cast, access):
    result = saved("7(1)", A=33600, B=200)
    assert (result.status, result.value, result.level, result.passed) == ("draft", Decimal("168.00"), 5, True)
    result = act(access, cast.head, result, "submit")
    result = act(access, cast.reviewer, result, "return")
    assert result.status == Status.RETURNED
    result = act(access, cast.head, result, "submit")
    result = act(access, cast.reviewer, result, "approve")
    assert (result.status, result.approved_by, result.entered_by) == ("approved", cast.reviewer, cast.head)
    result = act(access, cast.reviewer, result, "reopen")
    assert (result.status, result.approved_by, result.entered_by) == ("reopened", None, cast.head)
    assert act(access, cast.head, result, "submit").status == Status.SUBMITTED
    actions = list(result.events.values_list("action", flat=True))
    assert actions == ["save", "submit", "return", "submit", "approve", "reopen", "submit"]


def test_withdrawn_by_its_unit(submitted, cast, access):
    result = act(access, cast.head, submitted("7(1)", A=33600, B=200), "withdraw")
    assert result.status == Status.DRAFT


WHO_MAY = {
    "submit": {"head"},
    "withdraw": {"head"},
    "return": {"reviewer"},
    "approve": {"reviewer"},
    "reopen": {"reviewer"},
}
PEOPLE = ("reporter", "head", "other_head", "reviewer", "executive", "administrator")


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("action", WHO_MAY)
def test_who_may(action, person, saved, submitted, approved, cast, access):
    make = {"submit": saved, "reopen": approved}.get(action, submitted)
    result = make("7(1)", A=33600, B=200)
    user = getattr(cast, person)
    if person in WHO_MAY[action]:
        assert act(access, user, result, action).status == TRANSITIONS[action].target
    else:
        with pytest.raises(NotAllowed):
            act(access, user, result, action)
        assert Result.objects.get(pk=result.pk).status == result.status


@pytest.mark.parametrize("action", TRANSITIONS)
@pytest.mark.parametrize("status", Status.values)
def test_only_from_its_sources(action, status, saved, submitted, cast, access):
    result = submitted("7(1)", A=33600, B=200)
    approved_by = cast.reviewer if status == "approved" else None
    Result.objects.filter(pk=result.pk).update(
        status=status, approved_by=approved_by, approved_at=result.submitted_at if approved_by else None
    )
    user = cast.head if action in ("submit", "withdraw") else cast.reviewer
    result.refresh_from_db()
    if status in TRANSITIONS[action].sources:
        assert act(access, user, result, action).status == TRANSITIONS[action].target
    else:
        with pytest.raises(NotAllowed, match="สถานะของผลงานคือ"):
            act(access, user, result, action)


@pytest.mark.parametrize("action", [a for a, rule in TRANSITIONS.items() if rule.needs_reason])
def test_a_reason_is_due(action, submitted, approved, cast, access):
    result = (approved if action == "reopen" else submitted)("7(1)", A=33600, B=200)
    with pytest.raises(NotAllowed, match="กรุณาระบุเหตุผล"):
        act(access, cast.reviewer, result, action, reason="  ")


def test_nobody_approves_what_they_submitted(submitted, cast, access):
    from strategy.models import Membership, OrgUnit

    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    result = submitted("7(1)", A=33600, B=200)
    with pytest.raises(NotAllowed, match="อนุมัติผลงานของตนเองไม่ได้"):
        act(access, cast.head, result, "approve")


def test_the_second_to_save_is_told(saved, cast, access, round_of):
    first = saved("7(1)", A=33600, B=200)
    seen = access(cast.head, first.round)
    saved("7(1)", A=34000, B=200, by=cast.reporter)
    with pytest.raises(StaleResult) as caught:
        save_result(access=seen, by=cast.head, entry=Entry(data={"A": Decimal(1)}), lock=first.lock)
    assert caught.value.current.entered_by == cast.reporter
    assert Result.objects.get(pk=first.pk).value == Decimal("170.00")


def test_the_second_to_create_is_told(cast, access, round_of):
    round_ = round_of("7(1)")
    seen_by_head, seen_by_reporter = access(cast.head, round_), access(cast.reporter, round_)
    entry = Entry(data={"A": Decimal(33600), "B": Decimal(200)})
    save_result(access=seen_by_reporter, by=cast.reporter, entry=entry, lock=0)
    with pytest.raises(StaleResult):
        save_result(access=seen_by_head, by=cast.head, entry=Entry(data={"A": Decimal(1)}), lock=0)


def test_a_stale_transition_is_refused(submitted, cast, access):
    result = submitted("7(1)", A=33600, B=200)
    with pytest.raises(StaleResult):
        act(access, cast.reviewer, result, "approve", lock=result.lock - 1)


def test_zero_is_not_missing(saved):
    zero = saved("7(1)", A=0, B=200)
    assert zero.value == 0
    assert {v.code: v.value for v in zero.values.all()} == {"A": 0, "B": 200}


def test_no_cases_and_cannot_compute_differ(saved):
    assert saved("7(1)", 5, A=0, B=0).state == "no_cases"
    assert saved("7(1)", 6, A=5, B=0).state == "cannot_compute"


def test_below_the_minimum_is_refused(saved):
    with pytest.raises(InvalidEntry, match="ต้องไม่น้อยกว่า 0"):
        saved("7(1)", A=-1, B=200)
    assert not Result.objects.exists()


def test_incomplete_is_saved_but_not_submitted(saved, cast, access):
    result = saved("7(1)", A=33600)
    assert result.state == "incomplete"
    with pytest.raises(NotComplete, match="B "):
        submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)


def test_a_part_above_its_whole_asks_once(cast, saved, access, plan):
    from indicators.actions import submission_gaps
    from strategy.models import Membership, OrgUnit

    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="REFER"), role="head")
    cast.head.__dict__.pop("_kpitrack_reach", None)
    result = saved("5", A=50, B=40)
    seen = access(cast.head, result.round)
    assert "มากกว่า" in submission_gaps(seen)[0]
    comments = {"exceeds:A=50,B=40": "ส่งต่อซ้ำ", "no_recovery:": "รอประชุมทีม"}
    entry = Entry(data={"A": Decimal(50), "B": Decimal(40)}, comments=comments)
    result = save_result(access=seen, by=cast.head, entry=entry, lock=result.lock)
    assert submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock).status == "submitted"


def test_a_future_round_is_closed(saved):
    with pytest.raises(NotAllowed):
        saved("7(1)", 8, A=1, B=1)


def test_events_are_append_only(submitted):
    event = submitted("7(1)", A=33600, B=200).events.first()
    event.reason = "x"
    for change in (event.save, event.delete, ReviewEvent.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        ReviewEvent.objects.update(reason="x")


def test_a_round_that_has_not_ended_asks_before_submitting(saved, cast, access, settings):
    result = saved("7(1)", 7, A=33600, B=200)  # April, on 15 April
    with pytest.raises(NotComplete, match="งวดนี้ยังไม่สิ้นสุด"):
        submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    entry = Entry(data={"A": Decimal(33600), "B": Decimal(200)}, acknowledged=["not_ended:"])
    result = save_result(access=access(cast.head, result.round), by=cast.head, entry=entry, lock=result.lock)
    sent = submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert sent.status == Status.SUBMITTED


def test_a_round_that_has_ended_does_not_ask(saved, cast, access, settings):
    result = saved("7(1)", 7, A=33600, B=200)
    settings.KPITRACK_TODAY = date(2017, 5, 1)
    sent = submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert sent.status == Status.SUBMITTED
