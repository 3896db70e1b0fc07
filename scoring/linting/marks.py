"""Checklists: a pass line counted in items beside a target in percent, and groups that ask for some of their items."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.utils.translation import gettext as _

from ..findings import Finding, Severity
from ..levels import level_of
from ..numbers import format_number, from_thai_digits, round_half_up
from ..spans import PERCENT
from ..template import Group, ItemKind, Kind, Measure, Template
from .reading import Reading
from .values import DONE_UNIT, TOP_LEVEL, reads

SHOWN_DECIMALS = 2
_SHARE = re.compile(r"ร้อยละ\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*%")


def mark_findings(reading: Reading) -> Iterator[Finding]:
    """All that marks and items of a checklist contradict. Judged for each round by the template of that round."""
    if reading.template.kind is Kind.CHECKLIST and reading.template.measure is Measure.PERCENT:
        yield from items_against_share(reading)
        yield from _target_earns_less(reading)


def _share_of(target: str) -> Decimal | None:
    match = _SHARE.search(from_thai_digits(target))
    return Decimal(match[1] or match[2]) if match else None


def items_against_share(reading: Reading) -> Iterator[Finding]:
    """ร้อยละ 82 (ผ่าน 20 ข้อ): of 23 items 82 % are 19."""
    template = reading.template
    criterion = reads(template.pass_criterion.used) if template.pass_criterion else None
    share, count = _share_of(template.target), _equal_ticks(template)
    if share is None or not count or criterion is None or criterion.unit != DONE_UNIT or criterion.lower is None:
        return
    line = int(criterion.lower.value)
    needed = _items_for(share, count)
    if line == needed or not 0 < line <= count:
        return
    least = min(line, needed)
    facts = {"target": template.target.strip(), "count": count, "share": format_number(share), "needed": needed}
    facts |= {"line": line, "least": least, "reached": _percent(least, count)}
    message = (
        _("เป้าหมายพิมพ์ %(target)s แต่รายการมี %(count)d ข้อ ร้อยละ %(share)s คือ %(needed)d ข้อ ไม่ใช่ %(line)d ข้อ") % facts
    )
    kind = "pass_excludes_target" if needed < line else "pass_below_target"
    if needed < line:
        message += " " + _("ผลงาน %(least)d ข้อ (ร้อยละ %(reached)s) จึงถึงร้อยละที่เป็นเป้าหมายแต่ไม่ผ่าน") % facts
    else:
        message += " " + _("ผลงาน %(least)d ข้อ (ร้อยละ %(reached)s) จึงผ่านทั้งที่ยังไม่ถึงร้อยละที่เป็นเป้าหมาย") % facts
    yield reading.finding(kind, Severity.ERROR, "pass", message, _for_items(share, count, line, needed))


def _for_items(share: Decimal, count: int, line: int, needed: int) -> str:
    facts = {"needed": needed, "line": line, "share": format_number(share)}
    whole = next((n for n in range(count + 1, 2 * count) if _items_for(share, n) == line), None)
    if whole is None:
        return _("แก้เกณฑ์ผ่านเป็น %(needed)d ข้อ หรือแก้ร้อยละให้ตรงกับ %(line)d ข้อ") % facts
    facts["whole"] = whole
    return _("แก้เกณฑ์ผ่านเป็น %(needed)d ข้อ หรือเติมรายการให้ครบ %(whole)d ข้อ ซึ่งร้อยละ %(share)s คือ %(line)d ข้อ") % facts


def _equal_ticks(template: Template) -> int:
    """How many items there are, where each is a tick worth the same; else 0."""
    plain = all(item.kind is ItemKind.TICK and item.full in (None, Decimal(1)) for item in template.items)
    return len(template.items) if plain and not any(group.all_or_nothing for group in template.groups) else 0


def _items_for(share: Decimal, count: int) -> int:
    return ceil(Fraction(share) * count / PERCENT)


def _percent(done: int, count: int) -> str:
    return format_number(round_half_up(Fraction(done * PERCENT, count), SHOWN_DECIMALS))


def _target_earns_less(reading: Reading) -> Iterator[Finding]:
    """82 is the target, and level 3 of 82, 87, 92. Where the levels below have a dash, that is meant."""
    share = _share_of(reading.template.target)
    top = next((band for band in reading.scored if band.level == TOP_LEVEL), None)
    if share is None or top is None or reads(reading.template.target) is not None:
        return
    level = level_of(share, reading.scale)
    if level < TOP_LEVEL:
        facts = {
            "target": reading.template.target.strip(),
            "top": top.text,
            "level": level,
            "share": format_number(share),
        }
        message = (
            _("เป้าหมายคือ %(target)s แต่ระดับ 5 พิมพ์ %(top)s ร้อยละ %(share)s ที่ถึงเป้าหมายพอดีจึงได้เพียงระดับ %(level)d") % facts
        )
        dashes = any(printed.used.strip() == "-" for at, printed in reading.template.bands if 0 < at < level)
        severity = Severity.NOTE if dashes else Severity.ERROR
        proposal = _("ตกลงว่าเป้าหมายคือระดับ %(level)d หรือปรับช่วงคะแนนให้ระดับ 5 เริ่มที่เป้าหมาย") % facts
        yield reading.finding("target_below_band5", severity, "target", message, proposal)


def need_findings(reading: Reading) -> Iterator[Finding]:
    """อย่างน้อย 2 ข้อ of three that are worth 5 each, full marks 15: the two asked for earn 10."""
    template = reading.template
    for group in template.groups if template.kind is Kind.CHECKLIST else ():
        marks = sorted(item.full or Decimal(0) for item in template.items if item.group == group.code)
        if group.need is None or group.all_or_nothing or group.need >= len(marks):
            continue
        least = sum(marks[: group.need], Decimal(0))
        yield _asked_for_less(reading, group, least, sum(marks, Decimal(0)))


def _asked_for_less(reading: Reading, group: Group, least: Decimal, most: Decimal) -> Finding:
    facts = {"group": group.name or group.code, "need": group.need, "least": format_number(least)}
    facts["most"] = format_number(group.full if group.full is not None else most)
    message = _("หมวด %(group)s ให้ทำอย่างน้อย %(need)d ข้อ แต่ทำเพียง %(need)d ข้อได้ %(least)s จากคะแนนเต็ม %(most)s") % facts
    proposal = _("ระบุว่าทำครบตามจำนวนขั้นต่ำแล้วได้คะแนนเต็มหรือไม่ ระหว่างนี้ให้คะแนนตามข้อที่ทำ")
    return reading.finding("count_mismatch", Severity.NOTE, f"groups.{group.code}", message, proposal)
