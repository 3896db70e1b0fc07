"""Exceptions to a plan's calendar: more time for one unit, indicators cancelled in mid-year, other days for all."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.closing.gate import hold_open
from indicators.models import Cancellation, Extension, Indicator, Notice, Round
from indicators.notices.actions import facts_of, notify, people_of
from indicators.plans.rounds import may_be_moved, rounds_of, typed_versions
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from indicators.schedule.days import Days
from indicators.schedule.limits import (
    cancel_error,
    extension_error,
    extension_obstacle,
    is_of_the_office,
    lift_error,
    reason_error,
)
from indicators.schedule.people import family_of, people_of_family
from indicators.schedule.standing import is_closed, refuse_closed
from strategy import clock
from strategy.access import reach_of
from strategy.models import Plan, User

NONE_SEEN = 0  # the page showed no extension


@transaction.atomic
def extend_round(*, access: RoundAccess, by: User, until: date, reason: str, seen: int = NONE_SEEN) -> Extension:
    """Give one unit more time for one round and tell its people.

    `seen` is the key of the latest extension that the page showed. Raises NotAllowed, also where somebody else was
    quicker. The same once more (a second click) changes nothing.
    """
    # The gate first: a closing that waits inside of it writes waivers, which name the round.
    refuse_closed(access.round)
    Round.objects.select_for_update(no_key=True, of=("self",)).get(pk=access.round.pk)
    if error := extension_obstacle(access) or extension_error(access, until) or reason_error(reason):
        raise NotAllowed(error)
    latest = Extension.objects.filter(round=access.round, measured_unit=access.measured_unit).last()
    if latest is not None and (latest.until, latest.reason, latest.by_id) == (until, reason.strip(), by.pk):
        return latest
    if seen != (latest.pk if latest else NONE_SEEN):
        raise NotAllowed(_("มีผู้อื่นขยายเวลาของงวดนี้หลังจากที่เปิดหน้านี้ ดูวันที่ขยายล่าสุดแล้วกดอีกครั้งถ้ายังต้องการ"))
    extension = Extension.objects.create(
        round=access.round, measured_unit=access.measured_unit, until=until, reason=reason.strip(), by=by,
        at=clock.now(),
    )  # fmt: skip
    notify(
        users=people_of(access),
        kind=Notice.Kind.EXTENDED,
        facts=facts_of(access, until=until.isoformat(), reason=extension.reason, by=str(by)),
        url=reverse("entry", args=[access.round.pk]) + access.query,
        by=by,
    )
    return extension


@transaction.atomic
def cancel_indicator(*, indicator: Indicator, fiscal_year: int, day: date, reason: str, by: User) -> Cancellation:
    """Take an indicator and those below it out of the year's totals from that day on; raises NotAllowed."""
    hold_open(indicator.pk)
    _refuse_others(indicator, by)
    if error := cancel_error(indicator, fiscal_year, day) or reason_error(reason):
        raise NotAllowed(error)
    if above := _cancelled_above(indicator, fiscal_year):
        raise NotAllowed(_("ตัวชี้วัดนี้ยกเลิกไปแล้วพร้อมกับตัวชี้วัด %(code)s") % {"code": above.indicator.code})
    try:
        with transaction.atomic():
            cancellation = Cancellation.objects.create(
                indicator=indicator, fiscal_year=fiscal_year, day=day, reason=reason.strip(), by=by, at=clock.now()
            )
    except IntegrityError:
        raise NotAllowed(_("ตัวชี้วัดนี้ยกเลิกไว้แล้วในปีงบประมาณนี้")) from None
    _tell(indicator, by, day=day.isoformat(), reason=cancellation.reason)
    return cancellation


@transaction.atomic
def lift_cancellation(*, cancellation: Cancellation, reason: str, by: User) -> Cancellation:
    """Put the indicator back into the year, as if it had not been cancelled; raises NotAllowed."""
    hold_open(cancellation.indicator_id)
    _refuse_others(cancellation.indicator, by)
    fresh = Cancellation.objects.select_for_update(of=("self",)).get(pk=cancellation.pk)
    if fresh.lifted_at is not None:
        raise NotAllowed(_("นำตัวชี้วัดนี้กลับมาแล้ว"))
    error = lift_error(cancellation.indicator, fresh.fiscal_year, fresh.day) or reason_error(reason)
    if error:
        raise NotAllowed(error)
    fresh.lifted_by, fresh.lifted_at, fresh.lifted_reason = by, clock.now(), reason.strip()
    fresh.save()
    _tell(cancellation.indicator, by, lifted="1", reason=fresh.lifted_reason)
    return fresh


def _cancelled_above(indicator: Indicator, fiscal_year: int) -> Cancellation | None:
    parent = indicator.parent
    above = [pk for pk in (indicator.parent_id, parent.parent_id if parent else None) if pk]
    rows = Cancellation.objects.filter(indicator__in=above, fiscal_year=fiscal_year, lifted_at__isnull=True)
    return rows.select_related("indicator").first()


def _refuse_others(indicator: Indicator, by: User) -> None:
    if not is_of_the_office(reach_of(by), indicator.plan):
        raise NotAllowed(_("ยกเลิกหรือนำกลับมาได้เฉพาะผู้ตรวจสอบของแผน"))


def _tell(indicator: Indicator, by: User, **facts: str) -> None:
    """Those who enter the indicator or one below it."""
    notify(
        users=people_of_family(indicator),
        kind=Notice.Kind.CANCELLED,
        facts={"code": indicator.code, "name": indicator.name, "by": str(by), **facts},
        url=reverse("indicator", args=[indicator.pk]),
        by=by,
    )


@transaction.atomic
def reschedule_rounds(*, plan: Plan, family: Indicator | None = None) -> int:
    """Give the rounds of a plan the days of its calendar as it is now; how many got other days.

    `family`: only those of this indicator and of those below it. What is past its due day or was submitted keeps its
    days, and nobody becomes late by it (may_be_moved).
    """
    rounds = Round.objects.select_for_update(of=("self",)).filter(indicator__plan=plan, due__gte=clock.today())
    rounds = rounds.annotate(is_closed=is_closed())
    if family is not None:
        rounds = rounds.filter(family_of(family))
    present = {_key(round_): round_ for round_ in rounds.prefetch_related("results")}
    wanted = {_key(each): each for version in typed_versions(plan) for each in rounds_of(version)}
    moved = 0
    for key in present.keys() & wanted.keys():
        days = Days.of(wanted[key])
        if may_be_moved(present[key], days):
            Round.objects.filter(pk=present[key].pk).update(**vars(days))
            moved += 1
    return moved


def _key(round_: Round) -> tuple[int, int, int, date]:
    return round_.indicator_id, round_.fiscal_year, round_.number, round_.end
