"""The transition table: the only code that changes a result's status (DESIGN.md section 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Result, ReviewEvent
from indicators.notices.actions import Batch, tell_decision
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from indicators.schedule.obstacle import locked_sentence
from indicators.schedule.standing import refuse_out
from strategy import clock
from strategy.models import User

Status = Result.Status
Action = ReviewEvent.Action
BY_THE_UNIT = (Action.SUBMIT, Action.WITHDRAW)


class StaleResult(Exception):
    """Somebody else saved since the page was opened. Carries what is in the database now."""

    def __init__(self, current: Result | None) -> None:
        super().__init__(_("มีผู้อื่นบันทึกผลงานนี้หลังจากที่เปิดหน้านี้"))
        self.current = current


@dataclass(frozen=True)
class Transition:
    """From which statuses to which, who may, and whether a reason is due."""

    action: str
    sources: frozenset[str]
    target: str
    allowed: Callable[[RoundAccess], bool]
    needs_reason: bool = False


TRANSITIONS: dict[str, Transition] = {
    t.action: t
    for t in (
        Transition(
            Action.SUBMIT,
            frozenset({Status.DRAFT, Status.RETURNED, Status.REOPENED}),
            Status.SUBMITTED,
            lambda access: access.may_submit,
        ),
        Transition(Action.WITHDRAW, frozenset({Status.SUBMITTED}), Status.DRAFT, lambda access: access.may_withdraw),
        Transition(
            Action.RETURN,
            frozenset({Status.SUBMITTED}),
            Status.RETURNED,
            lambda access: access.may_return,
            needs_reason=True,
        ),
        Transition(Action.APPROVE, frozenset({Status.SUBMITTED}), Status.APPROVED, lambda access: access.may_approve),
        Transition(
            Action.REOPEN,
            frozenset({Status.APPROVED}),
            Status.REOPENED,
            lambda access: access.may_reopen,
            needs_reason=True,
        ),
    )
}


PROJECT = ("name", "allocated", "spent", "source")


def snapshot(result: Result) -> dict[str, Any]:
    """What an event keeps of a result as JSON: typed values, texts, notes, projects, answers, score, assessment."""
    values = {v.code: f"{v.value.normalize():f}" for v in result.values.all()}
    score = {name: _plain(getattr(result, name)) for name in ("state", "value", "second", "level", "passed")}
    texts = {name: getattr(result, name) for name in ("note", "problems", "suggestions")}
    notes = {n.code: {"evidence": n.evidence, "remark": n.remark} for n in result.item_notes.all()}
    assessed = {name: _plain(getattr(result, f"assessed_{name}")) for name in ("level", "passed", "reason")}
    version = {"fiscal_year": result.version.fiscal_year, "revision": result.version.revision}
    projects = [{name: _plain(getattr(row, name)) for name in PROJECT} for row in result.projects.all()]
    return {
        "values": values, "score": score, "texts": texts, "notes": notes, "assessed": assessed, "version": version,
        "answers": dict(result.warning_comments), "projects": projects,
        "not_applicable": result.not_applicable_reason if result.is_not_applicable else "",
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)


@transaction.atomic
def transition(
    *, access: RoundAccess, action: str, by: User, lock: int, reason: str = "", at: datetime | None = None,
    batch: Batch | None = None,
) -> Result:  # fmt: skip
    """Move a result along the table, write the event, and tell whom it concerns.

    `lock` is the save count that the page showed; `at` is when it happened (now, where nothing is said);
    decisions of one `batch` are told together.
    Raises NotAllowed where the table, the person or a missing reason forbids it, StaleResult where
    somebody saved in between.
    """
    at = at or clock.now()
    rule = TRANSITIONS[action]
    result = lock_result(access, lock)
    refuse_out(access.round)
    if not rule.allowed(access) or result.status not in rule.sources:
        raise NotAllowed(_refusal(access, rule))
    if rule.needs_reason and not reason.strip():
        raise NotAllowed(_("กรุณาระบุเหตุผล ผู้รับผิดชอบจะเห็นข้อความนี้"))
    event = ReviewEvent(
        result=result, action=action, actor=by, at=at, from_status=result.status, to_status=rule.target,
        reason=reason.strip(), before=snapshot(result),
    )  # fmt: skip
    result.status = rule.target
    result.lock += 1
    _mark(result, access, action, by, at)
    result.save()
    event.after = event.before
    event.save()
    tell_decision(access, event, batch)
    return result


def lock_result(access: RoundAccess, lock: int) -> Result:
    """The row of what the page showed, locked for a decision; StaleResult where it is not that any more."""
    if access.result is None:
        raise NotAllowed(_("ยังไม่มีผลงานที่บันทึกไว้ กรุณาบันทึกก่อน"))
    result = Result.objects.select_for_update().select_related(None).get(pk=access.result.pk)
    # The rights were worked out from what was read before the lock, so that must be the same row still.
    if not result.lock == lock == access.result.lock:
        raise StaleResult(result)
    return result


def _refusal(access: RoundAccess, rule: Transition) -> str:
    own = access.result is not None and access.result.submitted_by_id == access.reach.user.pk
    if rule.action == Action.APPROVE and own:
        return _("ผู้ส่งผลงานอนุมัติผลงานของตนเองไม่ได้ กรุณาให้ผู้ตรวจสอบคนอื่นอนุมัติ")
    if rule.action in BY_THE_UNIT and not access.takes_entries:
        return access.obstacle or locked_sentence(access)
    status = access.result.get_status_display() if access.result else ""
    action = Action(rule.action).label
    return _("“%(action)s” ทำไม่ได้ในขณะนี้ สถานะของผลงานคือ “%(status)s”") % {"action": action, "status": status}


def _mark(result: Result, access: RoundAccess, action: str, by: User, at: datetime) -> None:
    if action == Action.SUBMIT:
        result.submitted_by, result.submitted_at = by, at
        if result.first_submitted_at is None:
            # How late it came is said once: what is sent back and mended later was in time all the same.
            result.first_submitted_at = at
            result.late_days = max(result.late_days or 0, (clock.day_of(at) - access.due).days)
    elif action == Action.WITHDRAW:
        # What its unit took back before anybody judged it has not come yet; late it can only become.
        if result.first_submitted_at == result.submitted_at:
            result.first_submitted_at = None
    elif action == Action.APPROVE:
        result.approved_by, result.approved_at = by, at
    elif action == Action.REOPEN:
        # Who entered stays the author; the approval itself is in the events.
        result.approved_by, result.approved_at = None, None
