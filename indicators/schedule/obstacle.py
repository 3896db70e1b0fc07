"""Why the calendar keeps a unit from entering a round now, as a sentence with what to do about it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.schedule.standing import closed_sentence
from strategy.periods import thai_date

if TYPE_CHECKING:
    from indicators.rules import RoundAccess


def obstacle_of(access: "RoundAccess") -> str:
    """Empty where nothing stands in the way. A lock says nothing of what is with the reviewers, or was approved."""
    if access.is_closed:
        return closed_sentence(access.round)
    if access.is_cancelled:
        return cancelled_sentence(access)
    if not access.is_editable:
        return ""
    if not access.has_begun:
        day = thai_date(access.round.opens, long=True)
        return _("งวดนี้ยังไม่เปิดให้บันทึก เปิดวันที่ %(day)s") % {"day": day}
    return locked_sentence(access) if access.is_locked else ""


def cancelled_sentence(access: "RoundAccess") -> str:
    """From which day and why."""
    assert access.cancelled_on is not None  # noqa: S101 - asked only of what is cancelled
    facts = {"day": thai_date(access.cancelled_on, long=True), "reason": access.cancelled_because}
    return _("ตัวชี้วัดนี้ยกเลิกตั้งแต่ %(day)s เพราะ %(reason)s งวดนี้จึงไม่ต้องส่งผลงาน") % facts


def locked_sentence(access: "RoundAccess") -> str:
    """Until when it was taken, and whom to ask for more time."""
    office = access.plan.strategy_unit or access.plan.unit
    facts = {"day": thai_date(access.locks, long=True), "office": office.label}
    return _("ปิดรับผลงานงวดนี้แล้วเมื่อสิ้นวันที่ %(day)s ถ้ายังต้องส่ง ขอขยายเวลาที่ %(office)s") % facts
