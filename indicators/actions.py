"""Every write of results but the status itself: keyword-only, atomic, `by=` (DESIGN.md section 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from indicators.adapters import data_of, template_of
from indicators.models import DataValue, ProjectLine, Result, ReviewEvent, Round
from indicators.models.templates import DIGITS
from indicators.rules import RoundAccess
from indicators.workflow import NotAllowed, StaleResult, snapshot, transition
from scoring.explain import Score, State, Warning_
from scoring.numbers import format_number, round_half_up
from scoring.score import check_data, check_item, score_data
from scoring.template import Template
from strategy import clock
from strategy.models import User
from strategy.periods import thai_date

LARGEST = Decimal(10) ** (DIGITS["max_digits"] - DIGITS["decimal_places"])


@dataclass(frozen=True)
class Project:
    """One line of the result form's projects and budgets (baht)."""

    name: str
    allocated: Decimal | None = None
    spent: Decimal | None = None
    source: str = ""


@dataclass(frozen=True)
class Entry:
    """What one save carries: typed numbers (None: not given) and texts."""

    data: Mapping[str, Decimal | None]
    note: str = ""
    problems: str = ""
    suggestions: str = ""
    projects: Sequence[Project] = ()
    acknowledged: Sequence[str] = field(default_factory=tuple)


class InvalidEntry(Exception):
    """Numbers that may not be stored, by data item, each with a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class NotComplete(NotAllowed):
    """A submission lacks something: a number, or an acknowledged warning."""


def range_errors(template: Template, data: Mapping[str, Decimal | None]) -> dict[str, str]:
    """Sentences for numbers outside their item's declared range, or beyond what the record keeps exactly."""
    errors = {}
    for item in template.items:
        error = check_item(item, data.get(item.code))
        if error:
            errors[item.code] = error
    for step in template.steps:
        if data.get(f"S{step.number}") not in (None, 0, 1):
            errors[f"S{step.number}"] = _("ขั้นที่ %(number)s ต้องเป็น 0 (ยังไม่ทำ) หรือ 1 (ทำแล้ว)") % {"number": step.number}
    beyond = {code: _beyond_record(value) for code, value in data.items() if value is not None}
    return {code: error for code, error in beyond.items() if error} | errors


def _beyond_record(value: Decimal) -> str:
    """Why the record cannot keep this number as it is: what is scored must be what is stored."""
    if not value.is_finite() or abs(value) >= LARGEST:
        return _("ตัวเลขใหญ่เกินไป ต้องน้อยกว่า %(limit)s") % {"limit": format_number(LARGEST)}
    places = DIGITS["decimal_places"]
    if value != round_half_up(value, places):
        return _("ใส่ทศนิยมได้ไม่เกิน %(places)d ตำแหน่ง") % {"places": places}
    return ""


def warning_key(warning: Warning_, data: Mapping[str, Decimal | None]) -> str:
    """What an acknowledgement is of: this warning about these numbers; other numbers ask again."""
    numbers = ",".join(f"{code}={_digits(data.get(code))}" for code in warning.items)
    return f"{warning.code}:{numbers}"


def questions(template: Template, data: Mapping[str, Decimal | None], round_: Round) -> tuple[Warning_, ...]:
    """What must be acknowledged before submitting: odd numbers, and a round that has not ended yet.

    What is out of bounds is refused, not asked.
    """
    odd = tuple(warning for warning in check_data(template, data) if warning.code != "out_of_bounds")
    if round_.end < clock.today():
        return odd
    sentence = _("งวดนี้ยังไม่สิ้นสุด (สิ้นสุด %(day)s) ตัวเลขอาจยังไม่ครบ") % {"day": thai_date(round_.end)}
    return (*odd, Warning_("not_ended", sentence))


def _digits(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@transaction.atomic
def save_result(
    *, access: RoundAccess, by: User, entry: Entry, lock: int, is_demo: bool = False, at: datetime | None = None
) -> Result:
    """Save what was typed as it stands; the status stays, the score is computed and kept with it.

    `lock` is the save count that the page showed, 0 for a result that did not exist; `at` is when it
    happened (now, where nothing is said).
    Raises NotAllowed, InvalidEntry, or StaleResult where somebody saved in between.
    """
    if not access.may_enter:
        raise NotAllowed(_("บันทึกผลงานรอบนี้ไม่ได้ เพราะส่งแล้วหรือไม่ใช่หน่วยงานของท่าน"))
    template = template_of(access.version)
    errors = range_errors(template, entry.data)
    if errors:
        raise InvalidEntry(errors)
    at = at or clock.now()
    result = _open(access, lock, is_demo)
    before = snapshot(result) if result.lock else {}
    score = score_data(template, entry.data)
    _store(result, access, entry, score)
    result.entered_by, result.entered_at = by, at
    result.lock += 1
    result.save()
    _store_values(result, entry.data)
    _store_projects(result, entry.projects)
    fresh = Result.objects.select_related("version").get(pk=result.pk)
    ReviewEvent.objects.create(
        result=result,
        action=ReviewEvent.Action.SAVE,
        actor=by,
        at=at,
        from_status=result.status,
        to_status=result.status,
        before=before,
        after=snapshot(fresh),
    )
    return fresh


def _open(access: RoundAccess, lock: int, is_demo: bool) -> Result:
    """The row to write, locked; a new one where the page saw none and there still is none."""
    if access.result is None:
        try:
            with transaction.atomic():
                return Result.objects.create(
                    round=access.round, measured_unit=access.measured_unit, version=access.version, is_demo=is_demo
                )
        except IntegrityError:
            raise StaleResult(_current(access)) from None
    # Only the result is locked: others score by the same template at the same time.
    rows = Result.objects.select_for_update(of=("self",)).select_related("version")
    result = rows.get(pk=access.result.pk)
    if not result.lock == lock == access.result.lock:
        raise StaleResult(result)
    return result


def _current(access: RoundAccess) -> Result | None:
    return Result.objects.filter(round=access.round, measured_unit=access.measured_unit).first()


def _store(result: Result, access: RoundAccess, entry: Entry, score: Score) -> None:
    result.version = access.version
    result.note, result.problems, result.suggestions = entry.note, entry.problems, entry.suggestions
    result.acknowledged = list(entry.acknowledged)
    apply_score(result, score)


def apply_score(result: Result, score: Score) -> None:
    """Keep the score with the result. A value too large for the record counts as not computable."""
    too_large = any(number is not None and abs(number) >= LARGEST for number in (score.value, score.second))
    result.state = State.CANNOT_COMPUTE if too_large else score.state
    result.value, result.second = (None, None) if too_large else (score.value, score.second)
    result.level = None if too_large else score.level
    result.passed = None if too_large else score.passed
    result.policy = score.policy


def _store_values(result: Result, data: Mapping[str, Decimal | None]) -> None:
    given = {code: value for code, value in data.items() if value is not None}
    present = data_of(result)
    result.values.exclude(code__in=given).delete()
    for code, value in given.items():
        if present.get(code) != value:
            DataValue.objects.update_or_create(result=result, code=code, defaults={"value": value})


def _store_projects(result: Result, projects: Sequence[Project]) -> None:
    rows: list[dict[str, Any]] = [vars(project) for project in projects]
    present = list(result.projects.values("name", "allocated", "spent", "source"))
    if rows != present:
        result.projects.all().delete()
        ProjectLine.objects.bulk_create(
            ProjectLine(result=result, position=number, **row) for number, row in enumerate(rows, start=1)
        )


@transaction.atomic
def submit_result(*, access: RoundAccess, by: User, lock: int, at: datetime | None = None) -> Result:
    """Submit what is saved. Raises NotComplete where a number or an acknowledgement is missing."""
    if access.result is not None:
        lacking = submission_gaps(access)
        if lacking:
            raise NotComplete(" ".join(lacking))
    return transition(access=access, action=ReviewEvent.Action.SUBMIT, by=by, lock=lock, at=at)


def submission_gaps(access: RoundAccess) -> list[str]:
    """Why the saved result cannot be submitted yet, as sentences; empty when it can."""
    result = access.result
    if result is None:
        return [_("ยังไม่มีผลงานที่บันทึกไว้ กรุณาบันทึกก่อน")]
    if result.version_id != access.version.pk:
        return [_("แม่แบบตัวชี้วัดเปลี่ยนไปหลังจากบันทึกครั้งก่อน กรุณาตรวจตัวเลขแล้วบันทึกอีกครั้ง")]
    template, data = template_of(access.version), data_of(result)
    score = score_data(template, data)
    if score.state in (State.INCOMPLETE, State.UNREADABLE):
        return [score.message]
    known = set(result.acknowledged)
    asked = questions(template, data, access.round)
    open_warnings = [warning.message for warning in asked if warning_key(warning, data) not in known]
    if open_warnings:
        return [*open_warnings, _("กรุณาตรวจตัวเลข หรือทำเครื่องหมายว่ารับทราบคำเตือนแล้วส่งอีกครั้ง")]
    return []
