"""Every write of results but the status itself: keyword-only, atomic, `by=` (DESIGN.md section 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from indicators.adapters import data_of, template_for_round
from indicators.models import DataValue, IndicatorVersion, ItemNote, ProjectLine, Result, ReviewEvent
from indicators.models.templates import DIGITS
from indicators.pasts import Background
from indicators.questions import is_about, score_for, submission_gaps
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from indicators.schedule.standing import refuse_closed, refuse_out
from indicators.workflow import StaleResult, lock_result, snapshot, transition
from scoring.checklist import check_not_applicable
from scoring.checks import check_item
from scoring.explain import Score, State
from scoring.explanation import OWN_LEVEL
from scoring.levels import Policy
from scoring.numbers import format_number, round_half_up
from scoring.template import Kind, Template
from strategy import clock
from strategy.models import User

TOP_LEVEL = 5
LEVEL_PLACES = 4
LARGEST = Decimal(10) ** (DIGITS["max_digits"] - DIGITS["decimal_places"])


@dataclass(frozen=True)
class Project:
    """One line of the result form's projects and budgets (baht)."""

    name: str
    allocated: Decimal | None = None
    spent: Decimal | None = None
    source: str = ""


@dataclass(frozen=True)
class Note:
    """What is written beside one step or item: where the evidence is, and a remark."""

    evidence: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Entry:
    """What one save carries: typed numbers (None: not given), texts, notes by item, and answers to warnings.

    `acknowledged` are the keys (questions.warning_key) that were ticked, `comments` what was written beside a
    warning, by key. Where it is `not_applicable` in this round the numbers are kept and do not count.
    """

    data: Mapping[str, Decimal | None]
    note: str = ""
    problems: str = ""
    suggestions: str = ""
    projects: Sequence[Project] = ()
    acknowledged: Sequence[str] = field(default_factory=tuple)
    notes: Mapping[str, Note] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    not_applicable: bool = False
    not_applicable_reason: str = ""


class InvalidEntry(Exception):
    """Numbers that may not be stored, by data item, each with a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class NotComplete(NotAllowed):
    """A submission lacks something: a number, or the answer to a warning; each is a sentence of its own."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


def range_errors(template: Template, data: Mapping[str, Decimal | None]) -> dict[str, str]:
    """Sentences for numbers outside their item's declared range, or beyond what the record keeps exactly."""
    errors = {}
    for item in template.items:
        error = check_item(item, data.get(item.code))
        if error:
            errors[item.code] = error
        if refusal := check_not_applicable(item, data.get(item.not_applicable)):
            errors[item.not_applicable] = refusal
    for step in template.steps:
        if data.get(f"S{step.number}") not in (None, 0, 1):
            errors[f"S{step.number}"] = _("ขั้นที่ %(number)s ต้องเป็น 0 (ยังไม่ทำ) หรือ 1 (ทำแล้ว)") % {"number": step.number}
    given = {code: value for code, value in data.items() if value is not None}
    for code in given.keys() - _codes_of(template):
        errors[code] = _("แม่แบบของตัวชี้วัดนี้ไม่มีรายการข้อมูล %(code)s") % {"code": code}
    beyond = {code: _beyond_record(value) for code, value in given.items()}
    return {code: error for code, error in beyond.items() if error} | errors


def _codes_of(template: Template) -> set[str]:
    """What may be stored for a template: its items with their marks, its steps."""
    items = {code for item in template.items for code in (item.code, item.not_applicable)}
    return items | {f"S{step.number}" for step in template.steps}


def _beyond_record(value: Decimal) -> str:
    """Why the record cannot keep this number as it is: what is scored must be what is stored."""
    if not value.is_finite() or abs(value) >= LARGEST:
        return _("ตัวเลขใหญ่เกินไป ต้องน้อยกว่า %(limit)s") % {"limit": format_number(LARGEST)}
    places = DIGITS["decimal_places"]
    if value != round_half_up(value, places):
        return _("ใส่ทศนิยมได้ไม่เกิน %(places)d ตำแหน่ง") % {"places": places}
    return ""


@transaction.atomic
def save_result(
    *, access: RoundAccess, by: User, entry: Entry, lock: int, is_demo: bool = False, at: datetime | None = None,
    reason: str = "",
) -> Result:  # fmt: skip
    """Save what was typed as it stands; the status stays, the score is computed and kept with it.

    `lock` is the save count that the page showed, 0 for a result that did not exist; `at` is when it
    happened (now, where nothing is said); `reason` goes into the event, such as the file it came from.
    Raises NotAllowed, InvalidEntry, or StaleResult where somebody saved in between.
    """
    if not access.may_enter:
        raise NotAllowed(access.obstacle or _("บันทึกผลงานรอบนี้ไม่ได้ เพราะส่งแล้วหรือไม่ใช่หน่วยงานของท่าน"))
    template = template_for_round(access.version, access.round.number)
    errors = range_errors(template, entry.data)
    if errors:
        raise InvalidEntry(errors)
    if entry.not_applicable and not entry.not_applicable_reason.strip():
        raise NotAllowed(_("กรุณาระบุเหตุผลที่ตัวชี้วัดนี้ไม่เกี่ยวข้องในงวดนี้ ผู้ตรวจสอบจะเห็นข้อความนี้"))
    at = at or clock.now()
    result = _open(access, lock, is_demo)
    refuse_closed(access.round)
    _drop_assessment(result, access, entry, by, at)
    before = snapshot(result) if result.lock else {}
    score = score_for(template, entry.data, not_applicable=entry.not_applicable)
    _store(result, access, entry, score)
    result.entered_by, result.entered_at = by, at
    result.lock += 1
    result.save()
    _store_values(result, entry.data)
    _store_notes(result, entry.notes)
    _store_projects(result, entry.projects)
    fresh = Result.objects.select_related("version").get(pk=result.pk)
    _record(fresh, ReviewEvent.Action.SAVE, by, at, before, reason)
    return fresh


def _record(result: Result, action: str, by: User, at: datetime, before: dict[str, Any], reason: str = "") -> None:
    """The event of a write that leaves the status as it is."""
    ReviewEvent.objects.create(
        result=result, action=action, actor=by, at=at, from_status=result.status, to_status=result.status,
        reason=reason, before=before, after=snapshot(result),
    )  # fmt: skip


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
    result.is_not_applicable, result.not_applicable_reason = entry.not_applicable, entry.not_applicable_reason.strip()
    _store_answers(result, entry, score)
    apply_score(result, score)


def _store_answers(result: Result, entry: Entry, score: Score) -> None:
    """What answers these numbers; an answer to others falls away."""
    written = {key: text.strip() for key, text in entry.comments.items() if text.strip()}
    result.warning_comments = {key: text for key, text in written.items() if is_about(key, entry.data, score)}
    ticked = (key for key in entry.acknowledged if is_about(key, entry.data, score))
    result.acknowledged = list(dict.fromkeys([*ticked, *result.warning_comments]))


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


def _store_notes(result: Result, notes: Mapping[str, Note]) -> None:
    written = {code: note for code, note in notes.items() if note.evidence or note.remark}
    present = {row.code: Note(row.evidence, row.remark) for row in result.item_notes.all()}
    result.item_notes.filter(code__in=present.keys() - written.keys()).delete()
    for code, note in written.items():
        if present.get(code) != note:
            ItemNote.objects.update_or_create(result=result, code=code, defaults=vars(note))


def _store_projects(result: Result, projects: Sequence[Project]) -> None:
    rows: list[dict[str, Any]] = [vars(project) for project in projects]
    present = list(result.projects.values("name", "allocated", "spent", "source"))
    if rows != present:
        result.projects.all().delete()
        ProjectLine.objects.bulk_create(
            ProjectLine(result=result, position=number, **row) for number, row in enumerate(rows, start=1)
        )


@transaction.atomic
def submit_result(
    *, access: RoundAccess, by: User, lock: int, at: datetime | None = None, against: Background | None = None
) -> Result:
    """Submit what is saved. Raises NotComplete where a number or the answer to a warning is missing.

    `against` is what the numbers are held against; fetched where it is not given.
    """
    if access.result is not None:
        lacking = submission_gaps(access, against)
        if lacking:
            raise NotComplete(lacking)
    return transition(access=access, action=ReviewEvent.Action.SUBMIT, by=by, lock=lock, at=at)


# The reviewer's own level


def may_assess(access: RoundAccess) -> bool:
    """A reviewer, of what was submitted or approved; nobody assesses what they submitted."""
    own = access.result is not None and access.result.submitted_by_id == access.reach.user.pk
    return (access.may_return or access.may_reopen) and not own


def is_assessed(result: Result) -> bool:
    """A reviewer has given a level or said whether it passes."""
    return result.assessed_level is not None or result.assessed_passed is not None


def level_error(version: IndicatorVersion, level: Decimal | None) -> str:
    """Why this level cannot be given, as a sentence; empty where it can. Only means and interpolation have parts."""
    if level is None:
        return ""
    if not level.is_finite() or not 0 <= level <= TOP_LEVEL:
        return _("ระดับต้องอยู่ระหว่าง 0 ถึง 5")
    # Milestones are never interpolated.
    is_between = version.policy == Policy.INTERPOLATED and version.kind not in OWN_LEVEL
    places = LEVEL_PLACES if version.kind == Kind.MEAN_OF_GROUPS or is_between else 0
    if level == round_half_up(level, places):
        return ""
    return _("ระดับของตัวชี้วัดนี้มีทศนิยมได้ไม่เกิน 4 ตำแหน่ง") if places else _("ระดับของตัวชี้วัดนี้ต้องเป็นจำนวนเต็ม 0 ถึง 5")


@transaction.atomic
def assess_result(
    *,
    access: RoundAccess,
    by: User,
    lock: int,
    level: Decimal | None,
    passed: bool | None,
    reason: str,
    at: datetime | None = None,
) -> Result:
    """Give a level, or say whether it passes, beside what was computed; neither takes an assessment back.

    The status and the computed score stay. Raises NotAllowed, or StaleResult where somebody saved in between.
    """
    at = at or clock.now()
    result = lock_result(access, lock)
    refuse_out(access.round)
    refusal = _assess_refusal(access, level, passed, reason)
    if refusal:
        raise NotAllowed(refusal)
    before = snapshot(result)
    given = level is not None or passed is not None
    result.assessed_level, result.assessed_passed = level, passed
    result.assessed_reason = reason.strip() if given else ""
    result.assessed_by, result.assessed_at = (by, at) if given else (None, None)
    result.lock += 1
    result.save()
    _record(result, ReviewEvent.Action.ASSESS, by, at, before, reason.strip())
    return result


def _assess_refusal(access: RoundAccess, level: Decimal | None, passed: bool | None, reason: str) -> str:
    if not may_assess(access):
        own = access.may_return or access.may_reopen
        return (
            _("ผู้ส่งผลงานประเมินผลงานของตนเองไม่ได้ กรุณาให้ผู้ตรวจสอบคนอื่นประเมิน")
            if own
            else _("ประเมินได้เฉพาะผลงานที่ส่งหรืออนุมัติแล้ว และต้องเป็นผู้ตรวจสอบของแผน")
        )
    if not reason.strip():
        return _("กรุณาระบุเหตุผลของการประเมิน หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้")
    if level is None and passed is None and access.result is not None and not is_assessed(access.result):
        return _("กรุณาใส่ระดับหรือเลือกว่าผ่านหรือไม่ ยังไม่มีการประเมินให้ยกเลิก")
    return level_error(access.version, level)


def _drop_assessment(result: Result, access: RoundAccess, entry: Entry, by: User, at: datetime) -> None:
    """What was assessed were the numbers that the reviewer saw: with others, or by another template, it falls away."""
    given = {code: value for code, value in entry.data.items() if value is not None}
    if not is_assessed(result) or (data_of(result) == given and result.version_id == access.version.pk):
        return
    before = snapshot(result)
    result.assessed_level, result.assessed_passed, result.assessed_reason = None, None, ""
    result.assessed_by, result.assessed_at = None, None
    reason = _("การประเมินเดิมตกไป เพราะตัวเลขหรือแม่แบบเปลี่ยนหลังจากที่ประเมิน")
    _record(result, ReviewEvent.Action.ASSESS, by, at, before, reason)
