"""Scoring what somebody typed for a KPI outside of the review: a value or counts, on the command line or in a table.

It warns of odd numbers but refuses none; only what is no number at all is an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.lookup import Found
from scoring.checklist import words_of
from scoring.explain import Score, Warning_
from scoring.numbers import NumberError, format_number, from_thai_digits, parse_number
from scoring.score import score_data, score_value
from scoring.template import NOT_APPLICABLE, Item, ItemKind, Kind, Template

NOT_APPLICABLE_WORDS = ("na", "n/a", "ไม่เกี่ยวข้อง")
_ITEM = re.compile(r"(?:^|,)\s*([A-Za-z]\w*)\s*=", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)
ROUND = re.compile(r"\d{1,2}", re.ASCII)


class InputError(ValueError):
    """A text that cannot be read as what it stands for; `message` is a Thai sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Value:
    """A value as given, with the other half of a pair."""

    first: Decimal
    second: Decimal | None = None


def read_year(text: str) -> int:
    """A fiscal year (พ.ศ.), Thai digits too. InputError for all else."""
    plain = from_thai_digits(text.strip())
    if not YEAR.fullmatch(plain):
        raise InputError(_("“%(text)s” ไม่ใช่ปีงบประมาณ ตัวอย่างที่ถูก: 2560") % {"text": text.strip()[:40]})
    return int(plain)


def read_value(text: str) -> Value:
    """`82.5`, `๘๒.๕` or a pair `76.4 : 23.6`. InputError for what is no number."""
    first, colon, second = text.partition(":")
    return Value(_number(first, text), _number(second, text) if colon else None)


def read_round(text: str) -> int | None:
    """The number of an evaluation round, Thai digits too; None for nothing. InputError for all else."""
    plain = from_thai_digits(text.strip())
    if not plain:
        return None
    if not ROUND.fullmatch(plain):
        raise InputError(_("“%(text)s” ไม่ใช่เลขรอบ ตัวอย่างที่ถูก: 1") % {"text": text.strip()[:40]})
    return int(plain)


def read_items(text: str) -> dict[str, str]:
    """`A=33,B=1,234` as texts by item. InputError where it does not read so."""
    heads = list(_ITEM.finditer(text))
    if not heads or heads[0].start() != 0:
        raise InputError(_("“%(text)s” อ่านไม่ได้ ตัวอย่างที่ถูก: A=33,B=40") % {"text": text[:80]})
    data: dict[str, str] = {}
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        if head[1].upper() in map(str.upper, data):
            raise InputError(_("ให้ค่าของ %(code)s สองครั้ง") % {"code": head[1]})
        data[head[1]] = text[head.end() : end]
    return data


def read_item(code: str, text: str, item: Item | None = None) -> Decimal | None:
    """One data item's number; of a choice its word. Nothing typed is not given. InputError names the item."""
    if not text.strip():
        return None
    if item is None or item.kind is not ItemKind.CHOICE:
        return _number(text, text, code)
    points = item.points_of(text)
    return _points(item, text) if points is None else points


def _points(item: Item, text: str) -> Decimal:
    """The points of a choice, typed in place of its word."""
    try:
        points = parse_number(text)
    except NumberError:
        points = None
    if points is None or not item.word_of(points):
        facts = {"code": item.code, "text": text.strip()[:60], "words": words_of(item)}
        raise InputError(_("%(code)s: ไม่มีตัวเลือก “%(text)s” (ที่มี: %(words)s)") % facts)
    return points


def _number(text: str, whole: str, code: str = "") -> Decimal:
    try:
        return parse_number(text)
    except NumberError as error:
        facts = {"text": whole.strip()[:60], "why": error.message, "code": code}
        if code:
            raise InputError(_("%(code)s: อ่านตัวเลข “%(text)s” ไม่ได้: %(why)s") % facts) from None
        raise InputError(_("อ่านตัวเลข “%(text)s” ไม่ได้: %(why)s") % facts) from None


def score_given(found: Found, value: Value) -> Score:
    """Score a value. A KPI scored by one half takes the value of that half; other parents take a level."""
    template = found.half or found.template
    is_pair = ":" in template.formula
    score = score_value(template, value.first, value.second if is_pair else None)
    if value.second is not None and not is_pair:
        message = _("ตัวชี้วัดนี้ไม่ใช่สัดส่วนคู่ จึงใช้เฉพาะตัวเลขแรก")
        score = replace(score, warnings=(*score.warnings, Warning_("not_a_pair", message)))
    return _with_half_named(found, score)


def score_counts(found: Found, texts: Mapping[str, str]) -> Score:
    """Score data items as typed, or steps as S1=1. A step or a tick that is not named is not done.

    InputError where an item is not one of this KPI, or its text cannot be read.
    """
    template = found.half or found.template
    known = {code.upper(): code for code in item_codes(template)}
    known |= {item.not_applicable.upper(): item.code for item in template.items}
    unknown = [code for code in texts if code.upper() not in known]
    if unknown:
        raise InputError(_unknown_items(template, unknown))
    given: dict[str, Decimal | None] = {}
    for code, text in texts.items():
        given |= _read(template, known[code.upper()], code, text)
    undone = {f"S{step.number}": Decimal(0) for step in template.steps}
    if template.kind is Kind.CHECKLIST:
        undone |= {item.code: Decimal(0) for item in template.items if item.kind is ItemKind.TICK}
    return _with_half_named(found, score_data(template, undone | given))


def _read(template: Template, code: str, typed: str, text: str) -> dict[str, Decimal | None]:
    """What one typed pair says: a number, a chosen word, or that the item does not apply (I16=NA)."""
    item = template.item(code)
    if item is None:
        return {code: read_item(code, text)}
    if typed.upper().endswith(NOT_APPLICABLE):
        return {item.not_applicable: read_item(item.not_applicable, text)}
    chosen = item.points_of(text)
    if chosen is None and text.strip().casefold() in NOT_APPLICABLE_WORDS:
        if not item.may_be_na:
            raise InputError(_("%(code)s %(name)s ระบุว่าไม่เกี่ยวข้องไม่ได้") % {"code": code, "name": item.name})
        return {code: None, item.not_applicable: Decimal(1)}
    return {code: read_item(code, text, item)}


def item_codes(template: Template) -> list[str]:
    """What may be given for a KPI: its data items, or its steps S1 … Sn."""
    return [item.code for item in template.items] + [f"S{step.number}" for step in template.steps]


def _unknown_items(template: Template, unknown: list[str]) -> str:
    known = item_codes(template)
    facts = {"code": template.code, "unknown": ", ".join(unknown), "known": ", ".join(known)}
    if not known:
        return _("ตัวชี้วัด %(code)s ไม่มีรายการข้อมูลของตัวเอง คะแนนมาจากตัวชี้วัดย่อย") % facts
    return _("ตัวชี้วัด %(code)s ไม่มีรายการข้อมูล %(unknown)s (ที่มี: %(known)s)") % facts


def _with_half_named(found: Found, score: Score) -> Score:
    if found.half is None:
        return score
    facts = {"code": found.template.code, "half": found.half.code, "name": found.half.name}
    note = _("คะแนนของ %(code)s มาจากส่วน %(half)s %(name)s") % facts
    return replace(score, notes=(*score.notes, note))


def level_of(score: Score) -> int | str | None:
    """A whole level as a number, a mean or interpolated one as text with four decimals."""
    if score.level is None:
        return None
    return int(score.level) if score.level == int(score.level) else f"{score.level:.4f}"


def as_record(found: Found, score: Score) -> dict[str, Any]:
    """A score for JSON: exact numbers as text, never binary floating point."""
    explanation = score.explanation
    return {
        "code": found.template.code,
        "name": found.template.name,
        "fiscal_year": found.template.fiscal_year,
        "plan": found.plan,
        "revision": found.template.revision,
        "round": found.round.number if found.round else None,
        "state": str(score.state),
        "value": None if score.value is None else f"{score.value:f}",
        "second": None if score.second is None else f"{score.second:f}",
        "unit": score.template.unit,
        "level": level_of(score),
        "passed": score.passed,
        "policy": str(score.policy),
        "message": score.message,
        "explanation": list(explanation.sentences()),
        "warnings": [warning.message for warning in score.warnings],
        "details": explanation.as_dict(),
    }


def as_lines(found: Found, score: Score) -> list[str]:
    """A score for reading: head, value, level, pass, then why."""
    template = found.template
    facts = {"code": template.code, "name": template.name, "year": template.fiscal_year, "revision": template.revision}
    head = _("ตัวชี้วัด %(code)s %(name)s ปีงบประมาณ %(year)s ฉบับที่ %(revision)s") % facts
    level = "-" if score.level is None else format_number(score.level)
    lines = [
        f"{head} ({found.plan})",
        *([_("ใช้เกณฑ์ของ%(round)s") % {"round": found.round_name}] if found.round else []),
        _("ผลงาน: %(value)s") % {"value": _value_text(score)},
        _("ระดับคะแนน: %(level)s") % {"level": level},
        _("ผลการประเมิน: %(verdict)s") % {"verdict": _verdict(score)},
        _("ที่มาของคะแนน:"),
    ]
    lines += [f"  {sentence}" for sentence in score.explanation.sentences()]
    lines += [_("คำเตือน: %(message)s") % {"message": warning.message} for warning in score.warnings]
    return lines


def _value_text(score: Score) -> str:
    if score.template.kind is Kind.QUALITATIVE and score.value is not None:
        return _verdict(score)
    numbers = [format_number(n, -int(n.as_tuple().exponent)) for n in (score.value, score.second) if n is not None]
    return f"{' : '.join(numbers)} {score.template.unit}".rstrip() if numbers else score.message or "-"


def _verdict(score: Score) -> str:
    if score.passed is None:
        return "-"
    return _("ผ่าน") if score.passed else _("ไม่ผ่าน")
