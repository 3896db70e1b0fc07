"""Misprints within one text, and texts of one template that contradict one another: numbers cut short, steps that
leave a share of progress out, a criterion in the name beside the target, a person where a unit is responsible.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from ..findings import Finding, Fix, Severity
from ..notation import Bound, Notation
from ..numbers import from_thai_digits
from ..template import Kind
from .formula import COUNTING_UNITS
from .reading import Band, Reading, place_name
from .values import TOP_LEVEL, aim_of, between, places_after_point, reads, with_places

_CUT_SHORT = re.compile(r"\d\.(?!\d)")
_BROKEN = re.compile(r"(\d\.)\s+(\d)")
_LESS = re.compile(r"(?:น้อยกว่า|<)\s*(\d+(?:\.\d+)?)\s*%")
_MORE = re.compile(r"(?:มากกว่า|>)\s*(\d+(?:\.\d+)?)\s*%")
_IN_NAME = re.compile(r"เกณฑ์\s*(?:ร้อยละ\s*)?[<>≤≥]?\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*%\s*$")
_COUNTED = re.compile(r"(\d+)\s*(\S+)")
_PERSON = re.compile(r"^\s*(?:\d+[.)]\s*)?(?:นายแพทย์|นาย|นางสาว|นาง|น\.ส\.|นพ\.|พญ\.)\s*\S")
_LEVEL_LINE = re.compile(r"^\W*ระดับ(?:ที่)?\s*([1-5])\s+[^\d\s<>≤≥]", re.MULTILINE)
SHARE = "ร้อยละ"


def misprint_findings(reading: Reading) -> Iterator[Finding]:
    """All misprints of one template that can be told from its own texts."""
    yield from _cut_short(reading)
    yield from _broken_baselines(reading)
    yield from _steps_apart(reading)
    yield from _criterion_in_name(reading)
    yield from _share_in_units(reading)
    yield from _other_whole(reading)
    yield from _person(reading)
    yield from _second_scale(reading)


# Numbers


def _cut_short(reading: Reading) -> Iterator[Finding]:
    """7. – 8.0: what followed the point is lost, and 7 is read."""
    template = reading.template
    texts = [(f"bands.{level}", printed.used) for level, printed in template.bands]
    criteria = (("pass", template.pass_criterion), ("fail", template.fail_criterion))
    texts += [(place, printed.used) for place, printed in criteria if printed]
    for place, text in texts:
        notation = reads(text)
        if notation is None or not _CUT_SHORT.search(from_thai_digits(text)):
            continue
        facts = {"place": place_name(place), "text": text.strip()}
        message = _("%(place)s พิมพ์ %(text)s ตัวเลขหลังจุดทศนิยมหายไป ระบบอ่านเป็นจำนวนเต็ม") % facts
        new = _completed(reading, place, notation)
        if new:
            proposal = _("แก้%(place)s จาก %(text)s เป็น %(new)s") % {**facts, "new": new}
            yield reading.finding("unreadable", Severity.WARNING, place, message, proposal, Fix(place, new))
        else:
            proposal = _("ตรวจตัวเลขของ%(place)s กับต้นฉบับ") % facts
            yield reading.finding("unreadable", Severity.WARNING, place, message, proposal)


def _completed(reading: Reading, place: str, notation: Notation) -> str:
    """A range that goes on from its neighbour, a criterion with the decimals of the bands; else nothing."""
    if not place.startswith("bands."):
        return _with_a_decimal(notation)
    level = int(place.partition(".")[2])
    lower = level - 1 if reading.grid.higher else level + 1
    below = next((band for band in reading.bands if band.level == lower), None)
    return _following(below, notation) if below else ""


def _with_a_decimal(notation: Notation) -> str:
    bound = notation.lower or notation.upper
    if bound is None or notation.bare or (notation.lower and notation.upper) or notation.companion:
        return ""
    whole = Bound(with_places(bound.value, 1), bound.inclusive)
    return replace(notation, **{"lower" if notation.lower else "upper": whole}).print()  # type: ignore[arg-type]


def _following(below: Band, notation: Notation) -> str:
    """7.1 - 8.0 above 6.1 – 7.0."""
    end, first, last = below.notation.upper, notation.lower, notation.upper
    if end is None or first is None or last is None or notation.bare or notation.companion:
        return ""
    places = places_after_point(end.value)
    start = end.value + Decimal(1).scaleb(-places)
    fits = places and int(start) == int(first.value) and start < last.value
    return between(start, last.value, notation) if fits else ""


def _broken_baselines(reading: Reading) -> Iterator[Finding]:
    """9. 59%: a blank within the number."""
    for baseline in reading.sheet.baselines:
        if baseline.value is not None and _BROKEN.search(baseline.text):
            facts = {"text": baseline.text, "new": _BROKEN.sub(r"\1\2", baseline.text)}
            message = _("ฐานข้อมูลพิมพ์ %(text)s มีช่องว่างกลางตัวเลข ระบบอ่านเป็น %(new)s") % facts
            proposal = _("พิมพ์ฐานข้อมูลเป็น %(new)s โดยไม่มีช่องว่าง") % facts
            yield reading.finding("unreadable", Severity.NOTE, "baseline", message, proposal)


# Steps


def _steps_apart(reading: Reading) -> Iterator[Finding]:
    """Progress of less than 50 % is one step and of more than 50 % the next: exactly 50 % is neither."""
    for lower, upper in pairwise(reading.template.steps):
        less, more = _LESS.search(lower.text), _MORE.search(upper.text)
        if less is None or more is None or Decimal(less[1]) != Decimal(more[1]):
            continue
        facts = {"lower": lower.number, "upper": upper.number, "share": more[1]}
        facts |= {"lower_text": lower.text.strip(), "upper_text": upper.text.strip()}
        message = _("ขั้นที่ %(lower)d คือ “%(lower_text)s” และขั้นที่ %(upper)d คือ “%(upper_text)s”") % facts
        message += " " + _("ผลงาน %(share)s%% พอดีจึงไม่อยู่ในขั้นใด") % facts
        proposal = _("พิมพ์ขั้นที่ %(upper)d ให้รวม %(share)s%% ด้วย คือตั้งแต่ %(share)s%% ขึ้นไป") % facts
        yield reading.finding("gap", Severity.WARNING, f"steps.{upper.number}", message, proposal)


# Names and baselines beside the target


def _criterion_in_name(reading: Reading) -> Iterator[Finding]:
    """เกณฑ์ร้อยละ 40 in the name, and targets from 17 to 32."""
    template = reading.template
    match = _IN_NAME.search(from_thai_digits(template.name))
    aim = aim_of(template.target, reading.grid)
    if match is None or aim is None or template.across:
        return
    named = Decimal(match[1] or match[2])
    if named == aim.number:
        return
    facts = {"name": match[0].strip(), "target": aim.text}
    weaker = named > aim.number if reading.grid.higher else named < aim.number
    if weaker:
        message = _("ชื่อตัวชี้วัดพิมพ์ว่า “%(name)s” แต่เป้าหมายคือ %(target)s ผลงานจึงผ่านได้ทั้งที่ไม่ถึงเกณฑ์ในชื่อ") % facts
    else:
        message = _("ชื่อตัวชี้วัดพิมพ์ว่า “%(name)s” แต่เป้าหมายคือ %(target)s ซึ่งดีกว่าเกณฑ์ในชื่อ") % facts
    proposal = _("แก้ตัวเลขในชื่อหรือเป้าหมายให้ตรงกัน หรือระบุว่าเป้าหมายเป็นค่ารายปีไปสู่เกณฑ์ในชื่อ")
    severity = Severity.WARNING if weaker else Severity.NOTE
    yield reading.finding("target_mismatch", severity, "name", message, proposal)


def _share_in_units(reading: Reading) -> Iterator[Finding]:
    """ร้อยละ… in the name, while the baseline is 3 ราย."""
    if not reading.template.name.startswith(SHARE) or reading.template.across:
        return
    for baseline in reading.sheet.baselines:
        notation = reads(baseline.text)
        if notation is not None and notation.unit in COUNTING_UNITS:
            facts = {"baseline": baseline.text, "target": reading.template.target, "unit": notation.unit}
            message = (
                _("ชื่อตัวชี้วัดเป็นร้อยละ แต่ฐานข้อมูลพิมพ์ %(baseline)s เป้าหมาย %(target)s จึงไม่ชัดว่าวัดเป็นร้อยละหรือ%(unit)s") % facts
            )
            proposal = _("ตกลงว่าวัดเป็นร้อยละหรือ%(unit)s แล้วแก้ชื่อ ฐานข้อมูล และเป้าหมายให้ตรงกัน") % facts
            yield reading.finding("formula_mismatch", Severity.WARNING, "baseline", message, proposal)


def _other_whole(reading: Reading) -> Iterator[Finding]:
    """11.1% (1 แห่ง) is one of nine, 20% (2 แห่ง) two of ten."""
    target = reading.sheet.plan_target
    of_target = _whole(target)
    for baseline in reading.sheet.baselines if of_target else ():
        of_baseline = _whole(baseline.text)
        if of_target and of_baseline and of_baseline != of_target:
            facts = {"baseline": baseline.text, "target": target, "nine": of_baseline[0], "ten": of_target[0]}
            facts["unit"] = of_target[1]
            message = (
                _("ฐานข้อมูล %(baseline)s คิดจาก %(nine)d %(unit)s แต่เป้าหมาย %(target)s คิดจาก %(ten)d %(unit)s") % facts
            )
            proposal = _("ระบุจำนวนเต็มที่ใช้เป็นตัวหาร และแก้ร้อยละหรือจำนวน%(unit)sให้ตรงกัน") % facts
            yield reading.finding("count_mismatch", Severity.NOTE, "baseline", message, proposal)


def _whole(text: str) -> tuple[int, str] | None:
    """Of how many a share is that is printed with its number, and in what they are counted."""
    notation = reads(text) if text else None
    match = _COUNTED.fullmatch(notation.note.strip()) if notation and notation.unit == "%" else None
    if notation is None or match is None or notation.lower is None or notation.lower.value <= 0:
        return None
    return round(int(match[1]) * 100 / notation.lower.value), match[2]


# Responsible


def _person(reading: Reading) -> Iterator[Finding]:
    """A person's name as the owner: nobody is responsible once that person has moved."""
    sheet = reading.sheet
    if "owner" in sheet.inherited:
        return
    for owner in dict.fromkeys((sheet.owner, sheet.owner_template)):
        if _PERSON.match(owner):
            message = _("ผู้รับผิดชอบหลักพิมพ์เป็นชื่อบุคคลคือ %(owner)s ไม่มีชื่อหน่วยงาน") % {"owner": owner.strip()}
            proposal = _("พิมพ์ชื่อหน่วยงานที่รับผิดชอบ และให้ชื่อบุคคลเป็นผู้ประสานงาน")
            yield reading.finding("owner_mismatch", Severity.NOTE, "owner", message, proposal)


def _second_scale(reading: Reading) -> Iterator[Finding]:
    """Five levels of success in the definition, and bands of a percentage below."""
    template = reading.template
    levels = {int(number) for number in _LEVEL_LINE.findall(from_thai_digits(reading.sheet.definition))}
    if (
        template.kind not in (Kind.FORMULA, Kind.PASS_SHARE)
        or template.unit not in ("ร้อยละ", "%")
        or not reading.scored
    ):
        return
    if levels == set(range(1, TOP_LEVEL + 1)):
        message = _("นิยามพิมพ์ระดับความสำเร็จ 1 ถึง 5 เป็นขั้นตอน แต่เกณฑ์การให้คะแนนเป็น%(unit)s จึงมีเกณฑ์สองชุด") % {
            "unit": template.unit
        }
        proposal = _("ระบุว่าให้คะแนนด้วยเกณฑ์ชุดใด ระหว่างนี้ใช้เกณฑ์การให้คะแนน")
        yield reading.finding("duplicate", Severity.NOTE, "definition", message, proposal)
