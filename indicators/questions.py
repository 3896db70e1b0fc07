"""What a unit must answer before it submits: warnings with a comment beside each, and what is still missing."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.adapters import data_of, template_for_round
from indicators.models import Result, Round
from indicators.pasts import NOTHING, Background, background_of
from indicators.rules import RoundAccess
from indicators.subtotals import missing_text
from scoring.checks import check_data
from scoring.explain import Score, State, Warning_
from scoring.plausible import implausible
from scoring.score import score_data
from scoring.template import Template
from strategy import clock
from strategy.periods import thai_date

Numbers = Mapping[str, Decimal | None]

NOT_ENDED, NO_RECOVERY = "not_ended", "no_recovery"
TICKED = (NOT_ENDED,)  # that a round has not ended needs no explanation, only that one knows it
UNFINISHED = (State.INCOMPLETE, State.UNREADABLE)  # nothing to submit yet


def score_for(template: Template, data: Numbers, *, not_applicable: bool = False) -> Score:
    """The score of a round's numbers; none where the unit says that the KPI does not concern it."""
    if not not_applicable:
        return score_data(template, data)
    message = _("หน่วยงานระบุว่าตัวชี้วัดนี้ไม่เกี่ยวข้องในงวดนี้ ตัวเลขที่พิมพ์ไว้ยังอยู่แต่ไม่นับ")
    return Score(template, State.NOT_APPLICABLE, message=message, data=tuple(data.items()))


def score_of(result: Result, template: Template, data: Numbers) -> Score:
    """The score of a saved result, as it was kept with it."""
    return score_for(template, data, not_applicable=result.is_not_applicable)


def questions(
    template: Template,
    data: Numbers,
    round_: Round,
    against: Background = NOTHING,
    score: Score | None = None,
) -> tuple[Warning_, ...]:
    """What must be answered before submitting: odd numbers, a failure without a measure, a round that has not ended.

    What is out of bounds is refused, not asked. `score` is that of the numbers, where it is at hand.
    """
    score = score or score_data(template, data)
    if score.state is State.NOT_APPLICABLE:
        return ()  # there are no numbers that could be odd or not complete yet
    return (*_about_numbers(template, data, against, score), *_early(round_))


def _about_numbers(template: Template, data: Numbers, against: Background, score: Score) -> tuple[Warning_, ...]:
    odd = (warning for warning in check_data(template, data) if warning.code != "out_of_bounds")
    return (*odd, *implausible(score, data, against.pasts), *_unmended(score, against))


def _unmended(score: Score, against: Background) -> tuple[Warning_, ...]:
    if score.passed is not False or against.has_measure:
        return ()
    return (Warning_(NO_RECOVERY, _("ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไขที่เปิดอยู่ เพิ่มมาตรการ หรืออธิบายว่าเพราะเหตุใดจึงไม่มี")),)


def _early(round_: Round) -> tuple[Warning_, ...]:
    if round_.end < clock.today():
        return ()
    sentence = _("งวดนี้ยังไม่สิ้นสุด (สิ้นสุด %(day)s) ตัวเลขอาจยังไม่ครบ")
    return (Warning_(NOT_ENDED, sentence % {"day": thai_date(round_.end)}),)


# Answers


def warning_key(warning: Warning_, data: Numbers) -> str:
    """What an answer is to: this warning about these numbers; other numbers ask again."""
    numbers = ",".join(f"{code}={_digits(data.get(code))}" for code in warning.items)
    return f"{warning.code}:{numbers}"


def _digits(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def is_about(key: str, data: Numbers, score: Score) -> bool:
    """Whether an answer still fits the numbers: those that it names are the same, and a failure is still one."""
    code, _colon, numbers = key.partition(":")
    if score.state is State.NOT_APPLICABLE:
        return code in TICKED
    if code == NO_RECOVERY:
        return score.passed is False
    named = (part.partition("=") for part in numbers.split(",") if part)
    return all(_digits(data.get(item)) == digits for item, _equals, digits in named)


def is_answered(warning: Warning_, key: str, ticked: Collection[str], comments: Mapping[str, str]) -> bool:
    """By a tick where that is enough, else by a comment."""
    return key in ticked if warning.code in TICKED else bool(comments.get(key, "").strip())


def answered_warnings(
    result: Result, template: Template | None = None, against: Background | None = None
) -> list[tuple[str, str]]:
    """The warnings of a result that its unit has answered, each with the comment, for the reviewers.

    A comment on what is not asked any more (a round before it was changed since) stands without the sentence.
    What is not given of `template` and `against` is fetched; the result comes with its round, unit and version.
    """
    template = template or template_for_round(result.version, result.round.number)
    data = data_of(result)
    score = score_of(result, template, data)
    asked = questions(template, data, result.round, against or background_of(result), score)
    sentences = {warning_key(warning, data): warning.message for warning in asked}
    known = dict.fromkeys([*(key for key in sentences if key in result.acknowledged), *result.warning_comments])
    return [(sentences.get(key) or subject_of(key), result.warning_comments.get(key, "")) for key in known]


def subject_of(key: str) -> str:
    """What a warning was about, where its sentence is not at hand."""
    subjects = {
        "far_value": _("ผลงานต่างจากงวดที่ผ่านมามาก"),
        "drift": _("ตัวหารต่างจากงวดที่ผ่านมามาก"),
        "level_jump": _("ระดับคะแนนเปลี่ยนจากงวดก่อนมาก"),
        "same_again": _("ตัวเลขเท่ากับงวดก่อนทุกช่อง"),
        "exceeds": _("ส่วนย่อยมากกว่าจำนวนทั้งหมด"),
        "not_whole": _("ตัวเลขควรเป็นจำนวนเต็ม"),
        "group_short": _("ทำไม่ครบตามที่หมวดกำหนด"),
        NO_RECOVERY: _("ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไข"),
        NOT_ENDED: _("ส่งก่อนสิ้นงวด"),
    }
    return subjects.get(key.partition(":")[0], _("คำเตือนเรื่องตัวเลข"))


# What is missing


def submission_gaps(access: RoundAccess, against: Background | None = None) -> list[str]:
    """Why the saved result cannot be submitted yet, as sentences; empty when it can.

    `against` is fetched where it is not given (pasts.backgrounds_of for many).
    """
    result = access.result
    if result is None:
        return [_("ยังไม่มีผลงานที่บันทึกไว้ กรุณาบันทึกก่อน")]
    if result.version_id != access.version.pk:
        return [_("แม่แบบตัวชี้วัดเปลี่ยนไปหลังจากบันทึกครั้งก่อน กรุณาตรวจตัวเลขแล้วบันทึกอีกครั้ง")]
    template, data = template_for_round(access.version, access.round.number), data_of(result)
    score = score_of(result, template, data)
    if score.state in UNFINISHED:
        return [missing_text(template, data) or score.message]
    asked = questions(template, data, access.round, against or background_of(access), score)
    open_ = open_in(result, asked, data)
    return [*(warning.message for warning in open_), _how_to_answer(open_)] if open_ else []


def _how_to_answer(warnings: Collection[Warning_]) -> str:
    """What is to be done about them: a tick where that is enough, else a comment."""
    if all(warning.code in TICKED for warning in warnings):
        return _("กรุณาตรวจตัวเลข แล้วทำเครื่องหมายในช่องของคำเตือน แล้วส่งอีกครั้ง")
    return _("กรุณาตรวจตัวเลข หรือเขียนคำอธิบายข้างคำเตือนแล้วส่งอีกครั้ง")


def open_in(result: Result, asked: Collection[Warning_], data: Numbers) -> list[Warning_]:
    """Those that the saved result does not answer."""
    keyed = ((warning, warning_key(warning, data)) for warning in asked)
    known, comments = result.acknowledged, result.warning_comments
    return [warning for warning, key in keyed if not is_answered(warning, key, known, comments)]
