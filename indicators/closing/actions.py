"""Closing a period and opening it again: keyword-only, atomic, `by=`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.closing.gate import shut
from indicators.closing.missing import Key, Owed, owed_of
from indicators.closing.period import ClosingPeriod
from indicators.closing.queries import last_in_force
from indicators.closing.snapshot import Waived, take_snapshot
from indicators.closing.telling import tell
from indicators.models import Closure, IndicatorVersion, Waiver
from indicators.refusals import NotAllowed
from strategy import clock
from strategy.access import Permission, reach_of
from strategy.models import User
from strategy.periods import thai_date, thai_month

LONGEST = 2000  # characters of a reason or note


class NotWaived(NotAllowed):
    """Something is missing that nobody gave a reason for; perhaps since a moment ago. Carries what."""

    def __init__(self, missing: Iterable[Owed]) -> None:
        self.missing = tuple(missing)
        super().__init__(_("ยังไม่ได้ปิดงวด มีผลงานที่ขาด %(count)d รายการที่ยังไม่มีเหตุผล") % {"count": len(self.missing)})


@transaction.atomic
def close_period(
    *, period: ClosingPeriod, by: User, waivers: Mapping[Key, str], note: str = "", at: datetime | None = None
) -> Closure:
    """Freeze the period as it stands: all rounds of the year that have ended by its last day.

    `waivers` has a reason for each round and measured unit that is missing; what is not missing any more is passed
    over. Raises NotAllowed, or NotWaived where something is missing without a reason.
    """
    at = at or clock.now()
    shut(period.plan)
    owed = owed_of([period.plan], period.fiscal_year, period.until)
    if refusal := refusal_to_close(period, by, is_empty=not owed):
        raise NotAllowed(refusal)
    _hold_templates(period)
    waived = _waived(owed, waivers)
    before = Closure.objects.filter(plan=period.plan, fiscal_year=period.fiscal_year, number=period.number)
    closure = Closure.objects.create(
        plan=period.plan, fiscal_year=period.fiscal_year, number=period.number, until=period.until,
        revision=before.count() + 1, note=_fitting(note), snapshot=take_snapshot(period, waived, by=by),
        closed_by=by, closed_at=at,
    )  # fmt: skip
    Waiver.objects.bulk_create(
        Waiver(closure=closure, round=w.missing.round, measured_unit=w.missing.unit, reason=w.reason) for w in waived
    )
    tell(closure, by, waived)
    return closure


def refusal_to_close(period: ClosingPeriod, by: User, *, is_empty: bool) -> str:
    """Why the person cannot close the period now, as a sentence; empty where they can. `is_empty`: nothing is owed."""
    plan, facts = period.plan, {"period": period.label}
    if not reach_of(by).may_on(Permission.REVIEW, plan):
        return _("ปิดงวดได้เฉพาะผู้ตรวจสอบของแผน")
    if not period.has_ended:
        facts["day"] = thai_date(period.until)
        return _("งวด%(period)s ยังไม่สิ้นสุด ปิดงวดได้หลังวันที่ %(day)s") % facts
    last = last_in_force(plan, period.fiscal_year)
    if last is not None and last.number == period.number:
        facts |= {"who": str(last.closed_by), "when": thai_date(clock.day_of(last.closed_at))}
        return _("งวด%(period)s ปิดแล้วโดย %(who)s เมื่อ %(when)s") % facts
    if last is not None and last.number > period.number:
        facts["later"] = thai_month(last.until)
        return _("งวด%(period)s อยู่ในงวดที่ปิดแล้วถึง%(later)s จึงไม่ต้องปิดอีก") % facts
    if is_empty:
        return _("งวด%(period)s ไม่มีรอบประเมินที่ต้องรายงาน จึงไม่มีอะไรให้ปิด") % facts
    return ""


def _hold_templates(period: ClosingPeriod) -> None:
    """No template of the year changes between two of the questions that the snapshot asks."""
    versions = IndicatorVersion.objects.filter(indicator__plan=period.plan, fiscal_year=period.fiscal_year)
    list(versions.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))


def _waived(owed: Iterable[Owed], waivers: Mapping[Key, str]) -> list[Waived]:
    """What is missing now, each with its reason. Raises NotWaived where one has none."""
    missing = [item for item in owed if not item.is_there]
    reasons = {key: _fitting(text) for key, text in waivers.items()}
    left = [item for item in missing if not reasons.get(item.key)]
    if left:
        raise NotWaived(left)
    return [Waived(item, reasons[item.key]) for item in missing]


def _fitting(text: str) -> str:
    return text.strip()[:LONGEST]


@transaction.atomic
def reopen_period(*, closure: Closure, by: User, reason: str, at: datetime | None = None) -> Closure:
    """Let the rounds of a closed period be changed again; the frozen revision stays. Raises NotAllowed."""
    shut(closure.plan)
    current = Closure.objects.select_for_update(of=("self",)).defer("snapshot").get(pk=closure.pk)
    if refusal := refusal_to_reopen(current, by):
        raise NotAllowed(refusal)
    if not reason.strip():
        raise NotAllowed(_("กรุณาระบุเหตุผลที่เปิดงวดใหม่ หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้"))
    current.reopened_by, current.reopened_at, current.reopened_reason = by, at or clock.now(), _fitting(reason)
    current.save(update_fields=["reopened_by", "reopened_at", "reopened_reason"])
    tell(current, by)
    return current


def refusal_to_reopen(closure: Closure, by: User) -> str:
    """Why the person cannot reopen the period now, as a sentence; empty where they can."""
    facts = {"period": thai_month(closure.until)}
    if not reach_of(by).may_on(Permission.REVIEW, closure.plan):
        return _("เปิดงวดใหม่ได้เฉพาะผู้ตรวจสอบของแผน")
    if closure.reopened_at is not None:
        facts |= {"who": str(closure.reopened_by), "when": thai_date(clock.day_of(closure.reopened_at))}
        return _("งวด%(period)s เปิดใหม่แล้วโดย %(who)s เมื่อ %(when)s") % facts
    last = last_in_force(closure.plan, closure.fiscal_year)
    if last is not None and last.number > closure.number:
        facts["later"] = thai_month(last.until)
        return _("ต้องเปิดงวด%(later)s ก่อน เพราะงวดนั้นรวมงวด%(period)s ไว้ด้วย") % facts
    return ""
