"""Every write of recovery measures: keyword-only, atomic, `by=` (DESIGN.md section 8)."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Notice, RecoveryMeasure, RecoveryStep, Result
from indicators.notices.actions import facts_of, notify, people_of, reviewers_of
from indicators.recovery.forms import day_error
from indicators.recovery.queries import UNCLOSED
from indicators.recovery.rules import MeasureAccess, may_add
from indicators.recovery.steps import STEPS
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from indicators.schedule.standing import refuse_closed
from strategy import clock
from strategy.models import User

TOLD = 200  # characters that a notice shows
MOST = 20  # of one result


class StaleMeasure(Exception):
    """Somebody else followed the measure up since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("มีผู้อื่นติดตามมาตรการนี้หลังจากที่เปิดหน้านี้ ยังไม่ได้บันทึกข้อความของท่าน กรุณาอ่านรายการล่าสุดแล้วส่งอีกครั้ง"))


@transaction.atomic
def add_measure(*, access: RoundAccess, by: User, what: str, who: str, by_when: date) -> RecoveryMeasure:
    """A new measure for a result; the reviewers are told. Raises NotAllowed. The same one twice is made once."""
    result = _locked(access)
    refuse_closed(access.round)
    if sentence := why_not(access) or day_error(by_when):
        raise NotAllowed(sentence)
    there = list(RecoveryMeasure.objects.filter(result=result, status__in=UNCLOSED))
    same = [row for row in there if (row.what, row.who, row.by_when) == (what, who, by_when)]
    if same:
        return same[0]  # a second click
    if len(there) >= MOST:
        raise NotAllowed(_("ผลงานนี้มีมาตรการที่ยังไม่ปิด %(most)s รายการแล้ว กรุณาติดตามของเดิมก่อน") % {"most": MOST})
    measure = RecoveryMeasure.objects.create(
        result=result, what=what, who=who, by_when=by_when, created_by=by, created_at=clock.now()
    )
    _tell(access, measure, by, "added", what)
    return measure


def _locked(access: RoundAccess) -> Result | None:
    found = Result.objects.select_for_update().select_related(None)
    return found.filter(round=access.round, measured_unit=access.measured_unit).first()


def why_not(access: RoundAccess) -> str:
    """Why no measure can be added, as a sentence; empty where one can."""
    if not access.is_entered:
        return _("เพิ่มมาตรการแก้ไขได้เฉพาะผู้บันทึกของหน่วยงาน ผู้ตรวจสอบติดตามและปิดได้")
    if not may_add(access):
        return access.obstacle
    if access.result is None:
        return _("ยังไม่มีผลงานที่บันทึกไว้ กรุณาบันทึกผลงานก่อนแล้วจึงเพิ่มมาตรการแก้ไข")
    return ""


@transaction.atomic
def follow_up(*, seen: MeasureAccess, by: User, step: str, text: str, lock: int) -> RecoveryMeasure:
    """One step along the table. `lock` is the count that the page showed.

    Raises NotAllowed with a sentence, StaleMeasure where somebody was faster. Possible in a closed period.
    """
    measure = RecoveryMeasure.objects.select_for_update().get(pk=seen.measure.pk)
    if _is_repeat(measure, by, step, text, lock):
        return measure
    if measure.lock != lock:
        raise StaleMeasure
    way = next((each for each in STEPS if each.key == step), None)
    if way is None or not way.allowed(replace(seen, measure=measure)):
        raise NotAllowed(_("ทำขั้นนี้ไม่ได้ในขณะนี้ สถานะของมาตรการคือ “%(status)s”") % {"status": measure.get_status_display()})
    measure.status = way.target or measure.status
    measure.lock += 1
    measure.save()
    RecoveryStep.objects.create(measure=measure, text=text, status=measure.status, by=by, at=clock.now())
    _tell(seen.access, measure, by, step, text)
    return measure


def _is_repeat(measure: RecoveryMeasure, by: User, step: str, text: str, lock: int) -> bool:
    """A second click: the last step is this one, taken from the page that sends it again."""
    last = measure.steps.order_by("-pk").first()
    if last is None or measure.lock != lock + 1:
        return False
    target = next((way.target for way in STEPS if way.key == step), None)
    return (last.by_id, last.text) == (by.pk, text) and target in (None, last.status)


def _tell(access: RoundAccess, measure: RecoveryMeasure, by: User, step: str, text: str) -> None:
    """The reviewers of what the unit does, the unit of what the reviewers decide."""
    seen = MeasureAccess(measure, access)
    people = [*(reviewers_of(access) if seen.is_of_unit else ()), *(people_of(access) if seen.is_of_reviewers else ())]
    facts = facts_of(access, by=str(by), step=step, text=text if len(text) <= TOLD else f"{text[:TOLD]}…")
    notify(users=people, kind=Notice.Kind.RECOVERY, facts=facts, url=reverse("recovery", args=[measure.pk]), by=by)
