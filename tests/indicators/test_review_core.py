"""Corners of saving, submitting and access: what would be stored wrong, twice, or by the wrong person."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.actions import Entry, InvalidEntry, NotComplete, apply_score, save_result, submit_result
from indicators.models import IndicatorVersion, Result, ReviewEvent
from indicators.models.results import AppendOnlyError
from indicators.scorecards import CardState, build_cards
from indicators.workflow import StaleResult, transition
from scoring.score import score_value
from strategy.access import Permission, Reach, hospital_of
from strategy.models import Membership, OrgUnit

# What is stored


def test_events_keep_numbers_as_people_write_them(saved):
    event = saved("7(1)", A=33600, B=200).events.get()
    assert event.after["values"] == {"A": "33600", "B": "200"}


def test_what_is_scored_is_what_is_stored(saved):
    """The record keeps four decimals: a longer number would be scored by digits that nobody sees again."""
    with pytest.raises(InvalidEntry, match="ทศนิยม"):
        saved("7(1)", A="33600.00005", B=200)
    with pytest.raises(InvalidEntry, match="ใหญ่เกินไป"):
        saved("7(1)", A="100000000000", B=200)
    assert not Result.objects.exists()
    assert saved("7(1)", A="33600.50000", B=200).values.get(code="A").value == Decimal("33600.5")


@pytest.fixture
def planner(cast):
    """The head of the committee that owns the milestones 13(1) to 13(5)."""
    unit = OrgUnit.objects.get(responsibilities__indicator__code="27(1)")
    Membership.objects.create(user=cast.head, unit=unit, role="head")
    return cast.head


def test_a_step_is_done_or_not(saved, planner):
    with pytest.raises(InvalidEntry, match="ต้องเป็น 0"):
        saved("27(1)", 1, S1="0.5", S2=0, S3=0, S4=0, S5=0)
    assert saved("27(1)", 1, S1=1, S2=0, S3=0, S4=0, S5=0).level == 1


def test_a_second_half_too_large_for_the_record_is_not_computable(saved):
    result = saved("7(1)", A=33600, B=200)
    score = score_value(template_of_result(result), Decimal(1), second=Decimal(10) ** 12)
    apply_score(result, score)
    assert (result.state, result.value, result.second) == ("cannot_compute", None, None)


def template_of_result(result):
    from indicators.adapters import template_of

    return template_of(result.version)


def test_an_event_cannot_be_written_over(saved, cast):
    event = saved("7(1)", A=33600, B=200).events.get()
    forged = ReviewEvent(
        pk=event.pk, result=event.result, action="approve", actor=cast.reviewer, at=event.at, to_status="approved"
    )
    with pytest.raises(AppendOnlyError):
        forged.save()
    assert ReviewEvent.objects.get(pk=event.pk).action == "save"


# A template that changed in between


def revise(result, **changes) -> IndicatorVersion:
    """A new active revision of the template that scored the result."""
    old = result.version
    items = list(old.items.all())
    IndicatorVersion.objects.filter(pk=old.pk).update(is_active=False)
    new = IndicatorVersion.objects.get(pk=old.pk)
    new.pk, new.revision, new.is_active = None, old.revision + 1, True
    new._state.adding = True
    for name, value in changes.items():
        setattr(new, name, value)
    new.save()
    for item in items:
        item.pk, item.version = None, new
        item._state.adding = True
        item.save()
    return new


def test_a_draft_scored_by_an_old_revision_is_saved_again_before_it_goes(saved, cast, access):
    result = saved("7(1)", A=33600, B=200)
    new = revise(result, formula="A/B*2")
    with pytest.raises(NotComplete, match="บันทึกอีกครั้ง"):
        submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    result = saved("7(1)", answered=True, A=33600, B=200)
    assert (result.version, result.value) == (new, 336)
    sent = submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert sent.status == Result.Status.SUBMITTED


# Two people at once


def test_rights_are_those_of_the_row_that_was_locked(submitted, cast, access):
    """A reviewer looked, the head withdrew and submitted again: what was read before decides nothing."""
    result = submitted("7(1)", A=33600, B=200)
    seen = access(cast.reviewer, result.round)
    result = transition(access=access(cast.head, result.round), action="withdraw", by=cast.head, lock=result.lock)
    with pytest.raises(StaleResult):
        transition(access=seen, action="approve", by=cast.reviewer, lock=result.lock)
    with pytest.raises(StaleResult):
        transition(access=seen, action="approve", by=cast.reviewer, lock=seen.result.lock)
    stale = access(cast.head, result.round)
    submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    with pytest.raises(StaleResult):
        save_result(access=stale, by=cast.head, entry=Entry(data={"A": Decimal(1)}), lock=result.lock + 1)


# Units


def test_a_loop_of_units_ends(cast):
    one = OrgUnit.objects.create(code="LOOP1", name="1")
    two = OrgUnit.objects.create(code="LOOP2", name="2", parent=one)
    OrgUnit.objects.filter(pk=one.pk).update(parent=two)
    Membership.objects.create(user=cast.outsider, unit=two, role="reviewer")
    assert Reach(cast.outsider).may_in(Permission.REVIEW, OrgUnit.objects.get(pk=two.pk))
    assert hospital_of(OrgUnit.objects.get(pk=one.pk)).code in ("LOOP1", "LOOP2")


def test_a_province_is_not_its_region(cast):
    region = OrgUnit.objects.create(code="R7", name="เขตสุขภาพที่ 7", kind="region")
    ours = OrgUnit.objects.create(code="P40", name="สสจ. 40", kind="province", parent=region)
    other = OrgUnit.objects.create(code="P44", name="สสจ. 44", kind="province", parent=region)
    office = OrgUnit.objects.create(code="P40-STRATEGY", name="กลุ่มงานยุทธศาสตร์", parent=ours)
    Membership.objects.create(user=cast.outsider, unit=office, role="reviewer")
    reach = Reach(cast.outsider)
    assert reach.may_in(Permission.REVIEW, ours)
    assert not reach.may_in(Permission.READ_ALL, other)
    assert not reach.may_in(Permission.REVIEW, region)


# Parents


def test_a_part_that_is_not_due_is_not_a_part_that_is_missing(approved, planner, plan, indicator, round_of):
    for number in (1, 2):
        approved(f"27({number})", 1, S1=1, S2=1, S3=1, S4=0, S5=0)
    later = round_of("27(3)", 1)
    type(later).objects.filter(pk=later.pk).update(due="2017-09-10")
    (card,) = build_cards(plan, 2560, later.end, root=indicator("27"))
    assert card.children[2].state == CardState.NOT_DUE
    assert (card.state, card.level) == (CardState.REPORTED, 3)
    assert card.standing == replace(card.standing, due=True, reported=True, level=Decimal(3))


def test_a_part_that_is_missing_keeps_the_parent_from_its_level(approved, planner, plan, indicator, round_of):
    approved("27(1)", 1, S1=1, S2=1, S3=1, S4=0, S5=0)
    (card,) = build_cards(plan, 2560, round_of("27(1)", 1).end, root=indicator("27"))
    assert (card.state, card.level) == (CardState.NOT_REPORTED, None)
