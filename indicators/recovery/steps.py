"""The ways on from each status of a recovery measure: one table, as workflow.py has it of results."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import RecoveryMeasure
from indicators.recovery.rules import MeasureAccess

Status = RecoveryMeasure.Status


@dataclass(frozen=True)
class Step:
    """What is done, what the measure is afterwards (nothing: as before), and who may."""

    key: str
    label: str | Promise
    target: str | None
    allowed: Callable[[MeasureAccess], bool]


STEPS = (
    Step("progress", _("รายงานความก้าวหน้า สถานะไม่เปลี่ยน"), None, lambda seen: seen.may_report),
    Step("done", _("ดำเนินการเสร็จแล้ว ขอให้ปิด"), Status.DONE, lambda seen: seen.may_finish),
    Step("close", _("ปิดมาตรการ"), Status.CLOSED, lambda seen: seen.may_close),
    Step("reopen", _("เปิดใหม่ให้ดำเนินการต่อ"), Status.OPEN, lambda seen: seen.may_reopen),
    Step("drop", _("ยกเลิกมาตรการ"), Status.DROPPED, lambda seen: seen.may_drop),
)


def allowed_steps(seen: MeasureAccess) -> list[Step]:
    """What the person may do with the measure as it stands."""
    return [step for step in STEPS if step.allowed(seen)]
