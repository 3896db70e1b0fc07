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
from scoring.explain import Score, Warning_
from scoring.numbers import NumberError, format_number, from_thai_digits, parse_number
from scoring.score import score_data, score_value
from scoring.template import Template

_ITEM = re.compile(r"(?:^|,)\s*([A-Za-z]\w*)\s*=", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)


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


def read_items(text: str) -> dict[str, Decimal | None]:
    """`A=33,B=1,234` as numbers by item; an empty number is not given. InputError where it does not read so."""
    heads = list(_ITEM.finditer(text))
    if not heads or heads[0].start() != 0:
        raise InputError(_("“%(text)s” อ่านไม่ได้ ตัวอย่างที่ถูก: A=33,B=40") % {"text": text[:80]})
    data: dict[str, Decimal | None] = {}
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        code, number = head[1], text[head.end() : end]
        if code in data:
            raise InputError(_("ให้ค่าของ %(code)s สองครั้ง") % {"code": code})
        data[code] = read_item(code, number)
    return data


def read_item(code: str, text: str) -> Decimal | None:
    """One data item's number; nothing typed is not given. InputError names the item."""
    return _number(text, text, code) if text.strip() else None


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


def score_counts(found: Found, data: Mapping[str, Decimal | None]) -> Score:
    """Score data items, or steps as S1=1: of a milestone, a step that is not named is not done.

    InputError where an item is not one of this KPI.
    """
    template = found.half or found.template
    known = {code.upper(): code for code in item_codes(template)}
    unknown = [code for code in data if code.upper() not in known]
    if unknown:
        raise InputError(_unknown_items(template, unknown))
    undone = {f"S{step.number}": Decimal(0) for step in template.steps}
    return _with_half_named(
        found, score_data(template, undone | {known[code.upper()]: number for code, number in data.items()})
    )


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
        "state": str(score.state),
        "value": None if score.value is None else f"{score.value:f}",
        "second": None if score.second is None else f"{score.second:f}",
        "unit": found.template.unit,
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
        _("ผลงาน: %(value)s") % {"value": _value_text(score)},
        _("ระดับคะแนน: %(level)s") % {"level": level},
        _("ผลการประเมิน: %(verdict)s") % {"verdict": _verdict(score)},
        _("ที่มาของคะแนน:"),
    ]
    lines += [f"  {sentence}" for sentence in score.explanation.sentences()]
    lines += [_("คำเตือน: %(message)s") % {"message": warning.message} for warning in score.warnings]
    return lines


def _value_text(score: Score) -> str:
    numbers = [format_number(n, -int(n.as_tuple().exponent)) for n in (score.value, score.second) if n is not None]
    return f"{' : '.join(numbers)} {score.template.unit}".rstrip() if numbers else score.message or "-"


def _verdict(score: Score) -> str:
    if score.passed is None:
        return "-"
    return _("ผ่าน") if score.passed else _("ไม่ผ่าน")
