"""What may be granted and cancelled, and why not, as sentences: for the forms, and once more for the actions."""

from datetime import date

from django.utils.translation import gettext as _

from indicators.models import Closure, Indicator, Result
from indicators.rules import RoundAccess
from indicators.schedule.obstacle import cancelled_sentence
from indicators.schedule.standing import closed_for_reviewers, closures_in_force
from strategy import clock
from strategy.access import Permission, Reach
from strategy.models import Plan
from strategy.periods import thai_date, thai_month, year_end, year_start

LONGEST_REASON = 2000
WITH_THE_REVIEWERS = (Result.Status.SUBMITTED, Result.Status.APPROVED)


def is_of_the_office(reach: Reach, plan: Plan) -> bool:
    """Whether the person may grant more time and cancel: a reviewer of the plan's hospital."""
    return reach.may_on(Permission.REVIEW, plan)


def reason_error(reason: str) -> str:
    if not reason.strip():
        return _("กรุณาระบุเหตุผล หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้")
    if len(reason.strip()) > LONGEST_REASON:
        return _("เหตุผลยาวเกินไป ใส่ได้ไม่เกิน %(limit)s ตัวอักษร") % {"limit": LONGEST_REASON}
    return ""


# More time


def extension_obstacle(access: RoundAccess) -> str:
    """Why no more time is granted for this result now; empty where it can be."""
    if not is_of_the_office(access.reach, access.plan):
        return _("ขยายเวลาได้เฉพาะผู้ตรวจสอบของแผน")
    if access.is_closed:
        return closed_for_reviewers(access.round)
    if access.is_cancelled:
        return cancelled_sentence(access)
    if access.status in WITH_THE_REVIEWERS:
        return _("หน่วยงานส่งผลงานงวดนี้แล้ว จึงไม่ต้องขยายเวลา ถ้าต้องการให้แก้ไข ให้ส่งกลับหรือเปิดให้แก้ไขใหม่")
    return ""


def last_extension_day(access: RoundAccess) -> date:
    """No later than the end of the fiscal year after the round's."""
    return year_end(access.round.fiscal_year + 1)


def extension_error(access: RoundAccess, until: date) -> str:
    """Why not until that day; empty where it can be."""
    if until <= access.round.due:
        return _("วันที่ขยายถึงต้องหลังกำหนดส่งเดิม %(day)s") % {"day": thai_date(access.round.due)}
    if until < clock.today():
        return _("วันที่ขยายถึงต้องไม่เป็นวันที่ผ่านไปแล้ว วันนี้คือ %(day)s") % {"day": thai_date(clock.today())}
    if until > last_extension_day(access):
        return _("ขยายได้ไม่เกิน %(day)s") % {"day": thai_date(last_extension_day(access))}
    return ""


# Cancelled indicators


def cancel_error(indicator: Indicator, fiscal_year: int, day: date) -> str:
    """Why the indicator cannot be cancelled from that day on; empty where it can be."""
    first, last = year_start(fiscal_year), year_end(fiscal_year)
    if not first <= day <= last:
        facts = {"year": fiscal_year, "first": thai_date(first), "last": thai_date(last)}
        return _("วันที่ยกเลิกต้องอยู่ในปีงบประมาณ %(year)s คือ %(first)s ถึง %(last)s") % facts
    closed = closed_from(indicator.plan, fiscal_year, day)
    return _closed_sentence(closed) if closed else ""


def lift_error(indicator: Indicator, fiscal_year: int, day: date) -> str:
    """Why a cancellation of that day cannot be lifted; empty where it can be."""
    closed = closed_from(indicator.plan, fiscal_year, day)
    return _closed_sentence(closed) if closed else ""


def closed_from(plan: Plan, fiscal_year: int, day: date) -> Closure | None:
    """The closed period that a change from that day on would reach into."""
    return closures_in_force().filter(plan=plan, fiscal_year=fiscal_year, until__gte=day).order_by("-until").first()


def _closed_sentence(closure: Closure) -> str:
    sentence = _("ปิดงวดถึง %(month)s แล้ว การเปลี่ยนแปลงต้องเริ่มหลังจากนั้น หรือเปิดงวดใหม่ก่อน")
    return sentence % {"month": thai_month(closure.until)}
