"""Targets of rounds and cut-offs beside one another, and beside what other sections of the same form print.

A department's form prints a target for the year, one for each quarter and a cut-off; a provincial template says in one
section which level is wanted and in another how many units are to reach it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from ..findings import Finding, PrintedSection, Severity
from ..formula import FormulaError, parse_formula
from ..numbers import format_number, from_thai_digits
from ..syntax import Name
from ..template import Accumulation, Kind, RoundRule, Template
from .reading import Reading
from .values import Aim, aim_of, faces_away, reads, that_or_better

# Sections that print a target of their own: of the level above, and the department's own KPI.
OF_ABOVE, KPI_OF_ABOVE, OWN, CRITERION = "higher_target", "higher_kpi", "own_kpi", "criterion"
_NUMBER = r"\d+(?:\.\d+)?"
_SIGNED = re.compile(rf"[<>≤≥]\s*(?:ร้อยละ\s*)?{_NUMBER}\s*%?")
_NAMED = re.compile(rf"(?:ร้อยละ|ระดับ)\s*{_NUMBER}|{_NUMBER}\s*%")
_LEVEL = re.compile(r"ระดับ\s*(\d)")

Aims = list[tuple[RoundRule, Aim]]


def round_findings(reading: Reading) -> Iterator[Finding]:
    """All that the rounds, the cut-off and other sections contradict."""
    yield from across_sections(reading)
    if reading.template.kind is not Kind.FORMULA:
        return
    aims = [(rule, aim) for rule in reading.template.rounds if (aim := aim_of(rule.target, reading.grid))]
    yield from _targets_in_words(reading, aims)
    yield from of_year(reading, aims)
    yield from _within_above(reading)
    yield from cutoffs(reading, aims)


def _section(reading: Reading, key: str) -> PrintedSection | None:
    return next((each for each in reading.sheet.sections if each.key == key and each.text.strip()), None)


# Across units


def across_sections(reading: Reading) -> Iterator[Finding]:
    """Section 5 wants level 4 of all hospitals, section 17 counts those at level 5."""
    across, section = reading.template.across, _section(reading, CRITERION)
    levels = {int(level) for level in _LEVEL.findall(from_thai_digits(section.text))} if section else set()
    if across is None or section is None or len(levels) != 1 or across.level in levels:
        return
    facts = {"number": section.number, "title": section.title, "text": section.text.strip(), "own": min(levels)}
    facts |= {"level": across.level, "target": reading.sheet.plan_target.strip()}
    message = _("หัวข้อ %(number)s %(title)s พิมพ์ “%(text)s” แต่เป้าหมาย %(target)s นับหน่วยที่ได้ระดับ %(level)d") % facts
    if min(levels) < across.level:
        message += " " + _("หน่วยที่ได้ระดับ %(own)d จึงผ่านตามหัวข้อหนึ่ง แต่ไม่นับตามเป้าหมาย") % facts
    proposal = _("ตกลงให้ใช้ระดับเดียว แล้วพิมพ์ทุกหัวข้อให้ตรงกัน ระหว่างนี้นับหน่วยที่ได้ระดับ %(level)d") % facts
    yield reading.finding("target_mismatch", Severity.ERROR, f"sections.{CRITERION}", message, proposal)


# The year against its rounds


def _targets_in_words(reading: Reading, aims: Aims) -> Iterator[Finding]:
    """ทุกคลินิก, beside rounds whose target is a number."""
    read = {rule.number for rule, _aim in aims}
    worded = [rule for rule in reading.template.rounds if rule.target and rule.number not in read]
    worded = [rule for rule in worded if reads(rule.target) is None and rule.pass_criterion is None]
    if aims and worded:
        numbers = ", ".join(str(rule.number) for rule in worded)
        texts = ", ".join(dict.fromkeys(rule.target.strip() for rule in worded))
        facts = {"numbers": numbers, "texts": texts, "first": aims[0][1].text, "round": aims[0][0].number}
        message = (
            _("เป้าหมายของรอบที่ %(numbers)s พิมพ์ %(texts)s ไม่ใช่ตัวเลขอย่างรอบที่ %(round)d (%(first)s) และไม่มีเกณฑ์ผ่าน") % facts
        )
        proposal = _("พิมพ์จำนวนที่หมายถึง ระหว่างนี้ผู้ตรวจทานเป็นผู้ตัดสินว่าผ่านหรือไม่")
        yield reading.finding("unreadable", Severity.NOTE, f"rounds.{worded[0].number}.target", message, proposal)


def of_year(reading: Reading, aims: Aims) -> Iterator[Finding]:
    """What the form prints for the whole year, against the rounds: their sum, or the last of them."""
    if not aims:
        return
    if _adds_up(reading.template):
        sections = [each for each in (_section(reading, OWN), _section(reading, OF_ABOVE)) if each and "ปี" in each.text]
        wanted = _wanted(reading, sections[0]) if sections else None
        if wanted and sections:
            yield from _sum_too_small(reading, aims, wanted, sections[0])
        return
    for key in (OWN, OF_ABOVE):
        section = _section(reading, key)
        wanted = _wanted(reading, section) if section else None
        if wanted and section and key == OWN and _wanted(reading, _section(reading, OF_ABOVE)) == wanted:
            continue  # the same text twice is told once, as the target of the level above
        if wanted and section:
            yield from _last_differs(reading, aims, wanted, section)


def _wanted(reading: Reading, section: PrintedSection | None) -> Aim | None:
    """The target within a text: > 96 of อัตราความสมบูรณ์ > 96."""
    if section is None:
        return None
    text = from_thai_digits(section.text)
    whole = aim_of(text, reading.grid)
    match = None if whole else _SIGNED.search(text) or _NAMED.search(text)
    return whole or (aim_of(match[0], reading.grid) if match else None)


def _adds_up(template: Template) -> bool:
    """Whether the year's value is the sum of the rounds'."""
    try:
        root = parse_formula(template.formula).root
    except FormulaError:
        return False
    item = template.item(root.name) if isinstance(root, Name) else None
    return item is not None and item.accumulation is Accumulation.SUM


def _sum_too_small(reading: Reading, aims: Aims, wanted: Aim, section: PrintedSection) -> Iterator[Finding]:
    total = sum((aim.number for _rule, aim in aims), Decimal(0))
    meets = total > wanted.number or (total == wanted.number and not wanted.strict)
    if meets or not reading.grid.higher:
        return
    facts = {"count": len(aims), "total": format_number(total), "text": section.text.strip()}
    message = (
        _("เป้าหมายของ %(count)d รอบรวมได้ %(total)s แต่เป้าหมายทั้งปีพิมพ์ %(text)s ทำได้ตามเป้าทุกรอบจึงยังไม่ถึงเป้าหมายทั้งปี") % facts
    )
    proposal = _("เพิ่มเป้าหมายของรอบให้รวมถึง %(text)s หรือแก้เป้าหมายทั้งปีเป็น %(total)s") % facts
    yield reading.finding("target_mismatch", Severity.ERROR, f"sections.{section.key}", message, proposal)


def _last_differs(reading: Reading, aims: Aims, wanted: Aim, section: PrintedSection) -> Iterator[Finding]:
    rule, last = aims[-1]
    if (last.number, last.strict) == (wanted.number, wanted.strict):
        return
    facts: dict[str, object] = {"title": section.title, "text": section.text.strip(), "wanted": wanted.text}
    facts |= {"round": rule.number, "target": last.text}
    message = _("%(title)s พิมพ์ %(wanted)s แต่เป้าหมายของรอบที่ %(round)d คือ %(target)s") % facts
    severity = Severity.NOTE if reading.grid.better(last.place, wanted.place) else Severity.WARNING
    if last.number == wanted.number:
        facts["value"] = format_number(last.number, thousands=False)
        message += " " + _("ค่า %(value)s พอดีจึงถึงเป้าหมายหนึ่งแต่ไม่ถึงอีกเป้าหมายหนึ่ง") % facts
    elif severity is Severity.NOTE:
        message += " " + _("ซึ่งเข้มกว่า")
    else:
        message += " " + _("ซึ่งหย่อนกว่า")
    proposal = _("ตกลงเป้าหมายเดียว แล้วพิมพ์ทุกช่องให้ตรงกัน ระหว่างนี้ใช้เป้าหมายของรอบ")
    yield reading.finding("target_mismatch", severity, f"sections.{section.key}", message, proposal)


def _within_above(reading: Reading) -> Iterator[Finding]:
    """The level above says >90% in its KPI and 80 in its target."""
    kpi, target = _section(reading, KPI_OF_ABOVE), _section(reading, OF_ABOVE)
    one, other = _wanted(reading, kpi), _wanted(reading, target)
    if kpi and target and one and other and one.number != other.number:
        facts = {"kpi": kpi.title, "one": one.text, "target": target.title, "other": other.text}
        message = _("%(kpi)s พิมพ์ %(one)s แต่ %(target)s พิมพ์ %(other)s") % facts
        yield reading.finding(
            "target_mismatch", Severity.WARNING, f"sections.{KPI_OF_ABOVE}", message,
            _("ถามหน่วยงานระดับสูงขึ้นไปว่าเป้าหมายใดถูก แล้วพิมพ์ให้ตรงกัน"),
        )  # fmt: skip


# The cut-off


def cutoffs(reading: Reading, aims: Aims) -> Iterator[Finding]:
    """A cut-off that points the wrong way, that is better than a target, or that asks for no progress."""
    text, direction = reading.template.cutoff.strip(), reading.template.direction
    notation = reads(text) if text else None
    if notation is None:
        return
    if faces_away(notation, direction):
        bound = notation.upper or notation.lower
        facts = {"text": text, "direction": _("ยิ่งมากยิ่งดี") if reading.grid.higher else _("ยิ่งน้อยยิ่งดี")}
        facts["new"] = that_or_better(bound.value, notation, direction) if bound else ""
        message = _("ค่า cutoff พิมพ์ %(text)s แต่ทิศทางของตัวชี้วัดคือ%(direction)s จึงกลับด้านกับเป้าหมาย") % facts
        proposal = _("พิมพ์ค่า cutoff เป็น %(new)s คือค่าที่ยังยอมรับได้") % facts
        yield reading.finding("non_monotonic", Severity.WARNING, "cutoff", message, proposal)
        return
    cut = aim_of(text, reading.grid)
    if cut is not None:
        yield from _cutoff_beyond_target(reading, aims, cut)
        yield from _no_progress(reading, aims, cut)


def _cutoff_beyond_target(reading: Reading, aims: Aims, cut: Aim) -> Iterator[Finding]:
    """Cut-off 2 over a target of 1: who meets the target falls below what may not be missed."""
    below = [(rule, aim) for rule, aim in aims if reading.grid.better(cut.place, aim.place)]
    if not below:
        return
    facts = {"cutoff": cut.text, "target": below[0][1].text}
    facts["rounds"] = ", ".join(str(rule.number) for rule, _aim in below)
    message = (
        _("ค่า cutoff คือ %(cutoff)s แต่เป้าหมายของรอบที่ %(rounds)s คือ %(target)s ผลงานที่ถึงเป้าหมายจึงยังไม่ถึง cutoff") % facts
    )
    proposal = _("ตั้งค่า cutoff ไม่ให้เกินเป้าหมาย %(target)s หรือระบุว่า cutoff เป็นของทั้งปี") % facts
    yield reading.finding("target_mismatch", Severity.WARNING, "cutoff", message, proposal)


def _no_progress(reading: Reading, aims: Aims, cut: Aim) -> Iterator[Finding]:
    """A cut-off at the baseline, under targets that are better: what does not improve at all is still acceptable."""
    base = next((each for each in reading.sheet.baselines if each.value is not None), None)
    if base is None or base.value is None or not aims:
        return
    last = aims[-1][1]
    steps = (last.place - cut.place) * (1 if reading.grid.higher else -1)
    # Of whole levels 4 and 5 there is nothing between: then the cut-off can be no other.
    if Fraction(cut.number) == Fraction(base.value) and steps > 1 and not cut.strict:
        facts = {"cutoff": cut.text, "baseline": base.text, "target": last.text}
        message = (
            _("ค่า cutoff %(cutoff)s เท่ากับฐานข้อมูล %(baseline)s ผลงานที่ไม่ดีขึ้นเลยจึงยังยอมรับได้ ทั้งที่เป้าหมายคือ %(target)s")
            % facts
        )
        proposal = _("ตรวจว่าตั้งใจ หรือตั้งค่า cutoff ระหว่าง %(baseline)s กับ %(target)s") % facts
        yield reading.finding("target_weaker_than_baseline", Severity.NOTE, "cutoff", message, proposal)
