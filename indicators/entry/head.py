"""The head of the entry page: in badges and one sentence, how the result of a round stands."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from indicators.models import Result, ReviewEvent
from indicators.rules import RoundAccess
from strategy import clock
from strategy.periods import thai_date

Status = Result.Status


def states_of(access: RoundAccess) -> list[str]:
    """Keys of the state badges: what the calendar says, then the result's own status and nature."""
    found = [*_of_calendar(access), *_of_result(access)]
    if found:
        return found
    return ["due" if access.round.end < clock.today() else "not_yet_due"]


def _of_calendar(access: RoundAccess) -> Iterator[str]:
    if access.is_closed:
        yield "closed"
    if access.is_cancelled:
        yield "cancelled"
    elif access.is_editable and access.is_open:
        if access.due < clock.today():
            yield "late"
        elif access.due > access.round.due:
            yield "extended"
        if access.is_locked:
            yield "locked"


def _of_result(access: RoundAccess) -> Iterator[str]:
    if access.result is not None:
        yield str(access.result.status)
        if access.result.is_not_applicable:
            yield "not_applicable"


def standing_of(access: RoundAccess, comeback: ReviewEvent | None) -> str:
    """How things stand, in one sentence; why the calendar forbids entering stands elsewhere (access.obstacle)."""
    result, due = access.result, {"due": thai_date(access.due, long=True)}
    if not access.is_open:
        return _final_standing(access)
    if result is None:
        return _("ยังไม่มีผลงานของงวดนี้ กำหนดส่ง %(due)s") % due
    if comeback:
        return _("ผู้ตรวจสอบให้แก้ไข อ่านเหตุผล แก้ไข แล้วส่งอีกครั้ง")
    if access.is_editable:
        return _("มีฉบับร่างที่บันทึกไว้ ยังไม่ได้ส่ง กำหนดส่ง %(due)s") % due
    if result.status == Status.APPROVED:
        return _("อนุมัติแล้ว แก้ไขได้เมื่อผู้ตรวจสอบเปิดให้แก้ไขใหม่") + _lateness(result)
    if access.takes_entries:
        return _("ส่งแล้ว รอตรวจสอบ แก้ไขได้เมื่อถอนกลับมาหรือผู้ตรวจสอบส่งกลับ") + _lateness(result)
    return _("ส่งแล้ว รอตรวจสอบ แก้ไขได้เมื่อผู้ตรวจสอบส่งกลับ") + _lateness(result)


def _final_standing(access: RoundAccess) -> str:
    """The same of a closed or cancelled round, in which nothing can be done any more."""
    result = access.result
    if result is None:
        return "" if access.is_cancelled else _("ไม่มีผลงานของงวดนี้")
    sentences = {
        Status.APPROVED: _("อนุมัติแล้ว"),
        Status.SUBMITTED: _("ส่งแล้ว ยังไม่ได้อนุมัติ"),
        Status.RETURNED: _("ส่งกลับแล้ว ไม่ได้ส่งอีก"),
        Status.REOPENED: _("เปิดให้แก้ไขใหม่แล้ว ไม่ได้ส่งอีก"),
    }
    return sentences.get(Status(result.status), _("มีฉบับร่างที่บันทึกไว้ ไม่ได้ส่ง")) + _lateness(result)


def withdraw_note(access: RoundAccess) -> str:
    """That what is taken back now comes in later than it did; empty where taking it back costs nothing."""
    result, days = access.result, (clock.today() - access.due).days
    if result is None or not access.may_withdraw or result.first_submitted_at != result.submitted_at:
        return ""
    if days <= (result.late_days or 0):
        return ""
    facts = {"due": thai_date(access.due, long=True), "days": days}
    return _("เลยกำหนดส่ง %(due)s แล้ว ถ้าถอนกลับมาแล้วส่งใหม่วันนี้ จะบันทึกว่าส่งช้า %(days)s วัน") % facts


def _lateness(result: Result) -> str:
    return " · " + _("ส่งช้า %(days)s วัน") % {"days": result.late_days} if result.late_days else ""


def comeback_of(access: RoundAccess, newest_first: list[ReviewEvent]) -> ReviewEvent | None:
    """The return or reopening that is still to be answered."""
    back = {Status.RETURNED: ReviewEvent.Action.RETURN, Status.REOPENED: ReviewEvent.Action.REOPEN}
    action = back.get(Status(access.status)) if access.status else None
    return next((event for event in newest_first if event.action == action), None)


def reader_note(access: RoundAccess) -> str:
    """Why this person cannot type although the round is open; empty where they can."""
    is_open = access.takes_entries and access.is_editable
    return _("ท่านดูหน้านี้ได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน") if is_open and not access.may_enter else ""
