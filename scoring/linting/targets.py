"""Targets: against the bands, against the plan's table, against the baseline and against what can be reached."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from ..findings import Finding, Fix, PrintedBaseline, Severity
from ..levels import level_of
from ..notation import Notation
from ..numbers import format_number
from ..template import Kind
from .criteria import target_and_pass
from .mending import contains
from .reading import Band, Reading
from .values import (
    MEASURED,
    TOP_LEVEL,
    WANTS_TOP,
    Aim,
    aim_of,
    faces_away,
    is_change,
    leading,
    reads,
    that_or_better,
)


def target_findings(reading: Reading) -> Iterator[Finding]:
    """All that is wrong with the target of one template. Across units the target counts units, not values."""
    if reading.template.kind not in MEASURED or reading.template.across:
        return
    yield from _wrong_way(reading)
    aim = aim_of(reading.template.target, reading.grid)
    if aim is None or _counts_something_else(reading, aim):
        return
    if not reading.grid.holds(aim.place):
        yield from _out_of_reach(reading, aim)
        return
    yield from target_and_pass(reading)
    if reading.template.kind in WANTS_TOP and reading.scored:
        yield from against_bands(reading, aim)


def _counts_something_else(reading: Reading, aim: Aim) -> bool:
    """A checklist's target printed in items while its value is a percentage."""
    return reading.counts_done(aim.notation)


def _wrong_way(reading: Reading) -> Iterator[Finding]:
    text = reading.template.target
    notation = reads(text) if text else None
    if notation is None or not faces_away(notation, reading.template.direction):
        return
    direction = _("ยิ่งมากยิ่งดี") if reading.grid.higher else _("ยิ่งน้อยยิ่งดี")
    message = _("เป้าหมายพิมพ์ %(text)s แต่ทิศทางของตัวชี้วัดคือ%(direction)s") % {"text": text, "direction": direction}
    yield reading.finding("non_monotonic", Severity.ERROR, "target", message, _("กลับเครื่องหมายของเป้าหมาย หรือแก้ทิศทาง"))


def _out_of_reach(reading: Reading, aim: Aim) -> Iterator[Finding]:
    """The formula cannot come to the target: a share without x 100 against a target of 80."""
    grid = reading.grid
    best = grid.high if grid.higher else grid.low
    if best is None or not grid.better(aim.place, best):
        return
    facts = {"target": aim.text, "best": grid.words(best), "formula": reading.template.formula}
    if reading.template.kind is Kind.FORMULA:
        message = _("เป้าหมายคือ %(target)s แต่สูตร %(formula)s ให้ค่าที่ดีที่สุดได้เพียง %(best)s จึงไม่มีทางถึงเป้าหมาย") % facts
        yield reading.finding(
            "formula_mismatch",
            Severity.ERROR,
            "formula",
            message,
            _("ตรวจสูตรกับหน่วยของเป้าหมาย เช่น ขาด x 100 หรือจำนวนพจน์"),
        )
    else:
        message = _("เป้าหมายคือ %(target)s แต่ค่าที่ดีที่สุดที่เป็นไปได้คือ %(best)s จึงไม่มีทางถึงเป้าหมาย") % facts
        yield reading.finding("impossible_criterion", Severity.ERROR, "target", message, _("แก้เป้าหมายให้อยู่ในค่าที่เป็นไปได้"))


# Against the bands


def against_bands(reading: Reading, aim: Aim) -> Iterator[Finding]:
    """Where the target lies among the printed bands, and which level it earns."""
    level = level_of(reading.grid.value(aim.place), reading.scale)
    home = next((band for band in reversed(reading.bands) if contains(band.part, aim.place)), None)
    top = next((band for band in reading.scored if band.level == TOP_LEVEL), None)
    if home is None:
        yield _in_no_band(reading, aim, level, top)
    if top is None:
        return
    if level < TOP_LEVEL:
        yield _below_top(reading, aim, level, home, top)
    else:
        yield from _top_is_easier(reading, aim, top)


def _in_no_band(reading: Reading, aim: Aim, level: int, top: Band | None) -> Finding:
    facts = {"target": aim.text, "value": reading.grid.words(aim.place), "level": level}
    message = _("เป้าหมายคือ %(target)s แต่ค่า %(value)s ไม่อยู่ในช่วงของระดับใดที่พิมพ์ ระบบให้ระดับ %(level)d") % facts
    return _top_at_target(reading, "target_in_no_band", Severity.WARNING, aim, top, message)


def _below_top(reading: Reading, aim: Aim, level: int, home: Band | None, top: Band) -> Finding:
    """An error where the target lies in a lower band; a warning where only its boundary was left out."""
    facts = {"target": aim.text, "top": top.text, "level": level, "value": reading.grid.words(aim.place)}
    message = _("เป้าหมายคือ %(target)s แต่ระดับ 5 พิมพ์ %(top)s ค่า %(value)s ที่ถึงเป้าหมายพอดีจึงได้เพียงระดับ %(level)d") % facts
    if home is None or _only_sign_lost(reading, aim, home, top):
        return _top_at_target(reading, "target_below_band5", Severity.WARNING, aim, top, message)
    proposal = _("ปรับช่วงคะแนนของปีนี้ใหม่ให้ระดับ 5 เริ่มที่เป้าหมาย %(target)s") % facts
    return reading.finding("target_below_band5", Severity.ERROR, "bands.5", message, proposal)


def _only_sign_lost(reading: Reading, aim: Aim, home: Band, top: Band) -> bool:
    """>8 and >10 for a target of 10: the lower band is open, so 10 lies in it only because level 5 says >."""
    bound = leading(top.notation, reading.template.direction)
    is_open = (home.notation.upper if reading.grid.higher else home.notation.lower) is None
    return is_open and bound is not None and bound.value == aim.number


def _top_is_easier(reading: Reading, aim: Aim, top: Band) -> Iterator[Finding]:
    """Level 5 without meeting the target."""
    edge = reading.grid.edge(top.notation)
    if edge is None or not reading.grid.better(aim.place, edge):
        return
    bound = leading(top.notation, reading.template.direction)
    same = bound is not None and bound.value == aim.number
    facts = {"target": aim.text, "top": top.text, "value": reading.grid.words(edge)}
    message = _("เป้าหมายคือ %(target)s แต่ระดับ 5 พิมพ์ %(top)s ค่า %(value)s จึงได้ระดับ 5 ทั้งที่ยังไม่ถึงเป้าหมาย") % facts
    severity = Severity.NOTE if same else Severity.ERROR
    if same:
        yield _easier_by_a_sign(reading, aim, top, message)
        return
    proposal = _("ปรับช่วงคะแนนของปีนี้ใหม่ให้ระดับ 5 เริ่มที่เป้าหมาย %(target)s") % facts
    yield reading.finding("band5_below_target", severity, "bands.5", message, proposal)


def _easier_by_a_sign(reading: Reading, aim: Aim, top: Band, message: str) -> Finding:
    """Target <170, level 5 ≤170: where the pass criterion says ≤ too, it may as well be the target that is wrong."""
    finding = _top_at_target(reading, "band5_below_target", Severity.NOTE, aim, top, message)
    if finding.fix is None:
        return finding
    facts = {"old": top.text, "new": finding.fix.text}
    proposal = _("แก้ระดับ 5 จาก %(old)s เป็น %(new)s ให้ตรงกับเป้าหมาย") % facts
    if reading.worst_pass == reading.grid.edge(top.notation):
        meant = that_or_better(aim.number, replace(aim.notation, note=""), reading.template.direction)
        proposal += " " + _("หรือแก้เป้าหมายเป็น %(meant)s ให้ตรงกับระดับ 5 และเกณฑ์ผ่าน") % {"meant": meant}
    return replace(finding, proposal=proposal)


def _top_at_target(
    reading: Reading, kind: str, severity: Severity, aim: Aim, top: Band | None, message: str
) -> Finding:
    if top is None or top.notation.companion:
        return reading.finding(kind, severity, "target", message, _("แก้ระดับ 5 ให้รวมเป้าหมาย"))
    text = that_or_better(aim.number, top.notation, reading.template.direction, inclusive=not aim.strict)
    proposal = _("แก้ระดับ 5 จาก %(old)s เป็น %(new)s ให้รวมเป้าหมาย") % {"old": top.text, "new": text}
    return reading.finding(kind, severity, "target", message, proposal, Fix(top.place, text))


# Against the plan's table and the baseline


def printed_target_findings(reading: Reading) -> Iterator[Finding]:
    """What the plan's table says against the template, and either against the baseline."""
    yield from _two_targets(reading)
    if reading.template.kind in MEASURED and not reading.template.across:
        yield from _weaker_than_baseline(reading)


def _two_targets(reading: Reading) -> Iterator[Finding]:
    sheet, grid = reading.sheet, reading.grid
    plan, own = aim_of(sheet.plan_target, grid), aim_of(sheet.template_target, grid)
    if plan is None or own is None:
        yield from _one_unreadable(reading)
        return
    facts = {"plan": plan.text, "own": own.text}
    message = _("ตารางแผนพิมพ์เป้าหมาย %(plan)s แต่ Template พิมพ์ %(own)s") % facts
    if _different_units(plan.notation, own.notation):
        proposal = _("ตกลงให้ตารางแผนกับ Template ใช้หน่วยเดียวกัน")
        yield reading.finding("target_mismatch", Severity.NOTE, "target", message + " " + _("ซึ่งนับคนละหน่วย"), proposal)
    elif plan.number != own.number:
        yield _numbers_differ(reading, plan, own, message)
    elif plan.strict != own.strict:
        facts |= {"value": format_number(plan.number, thousands=False)}
        message += " " + _meets_one(plan.strict) % facts
        yield reading.finding("target_mismatch", Severity.WARNING, "target", message, _make_equal())


def _meets_one(own_is_looser: bool) -> str:
    """Which of the two targets a value meets that does not meet both."""
    if own_is_looser:
        return _("ค่า %(value)s จึงถึงเป้าหมายใน Template แต่ไม่ถึงเป้าหมายในตารางแผน")
    return _("ค่า %(value)s จึงถึงเป้าหมายในตารางแผน แต่ไม่ถึงเป้าหมายใน Template")


def _make_equal() -> str:
    return _("แก้เป้าหมายในตารางแผนและใน Template ให้ตรงกัน")


def _numbers_differ(reading: Reading, plan: Aim, own: Aim, message: str) -> Finding:
    changes = is_change(plan.notation) != is_change(own.notation)
    if changes:
        message += " " + _("ซึ่งวัดคนละอย่าง ค่าหนึ่งเป็นการเปลี่ยนแปลง อีกค่าหนึ่งเป็นระดับของผลงาน")
    else:
        own_is_looser = reading.grid.better(plan.place, own.place)
        looser = own if own_is_looser else plan
        facts: dict[str, object] = {"value": reading.grid.words(looser.place)}
        message += " " + _meets_one(own_is_looser) % facts
        if reading.scored:
            facts["level"] = level_of(reading.grid.value(looser.place), reading.scale)
            message += " " + _("และได้ระดับ %(level)d") % facts
    return reading.finding("target_mismatch", Severity.ERROR, "target", message, _make_equal())


def _one_unreadable(reading: Reading) -> Iterator[Finding]:
    """Two texts of which one is no number can still be compared as texts."""
    plan, own = _squeezed(reading.sheet.plan_target), _squeezed(reading.sheet.template_target)
    if not plan or not own or plan == own:
        return
    facts = {"plan": reading.sheet.plan_target, "own": reading.sheet.template_target}
    message = _("ตารางแผนพิมพ์เป้าหมาย %(plan)s แต่ Template พิมพ์ %(own)s") % facts
    yield reading.finding("target_mismatch", Severity.WARNING, "target", message, _make_equal())


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _different_units(left: Notation, right: Notation) -> bool:
    """3 ด้าน against ระดับ 5. A percentage often goes without its sign."""
    units = {_unit(left), _unit(right)} - {""}
    return len(units) > 1


def _unit(notation: Notation) -> str:
    unit = notation.unit.split("/")[0].split("ต่อ")[0]
    if unit in ("%", "") and "ร้อยละ" in notation.prefix:
        return "%"
    for word in ("ระดับ", "ขั้นตอน", "ขั้น"):
        if word in notation.prefix:
            return "ระดับ"
    return unit


def _weaker_than_baseline(reading: Reading) -> Iterator[Finding]:
    baselines = [each for each in reading.sheet.baselines if each.value is not None]
    aim = aim_of(reading.template.target, reading.grid)
    if aim is None or not baselines or reading.counts_done(aim.notation):
        return
    if not all(_weaker(reading, aim, baseline) for baseline in baselines):
        return
    texts = ", ".join(baseline.text for baseline in baselines)
    year = next((baseline.year for baseline in baselines if baseline.year), None)
    facts = {"target": aim.text, "baseline": texts, "year": year or ""}
    if year:
        message = _("ฐานข้อมูลปี %(year)s คือ %(baseline)s แต่เป้าหมาย %(target)s แย่กว่าที่ทำได้แล้ว") % facts
    else:
        message = _("ฐานข้อมูลคือ %(baseline)s แต่เป้าหมาย %(target)s แย่กว่าที่ทำได้แล้ว") % facts
    proposal = _("ตั้งเป้าหมายให้ดีกว่า %(baseline)s หรือตรวจว่าฐานข้อมูลวัดสิ่งเดียวกัน") % facts
    yield reading.finding("target_weaker_than_baseline", Severity.WARNING, "target", message, proposal)


def _weaker(reading: Reading, aim: Aim, baseline: PrintedBaseline) -> bool:
    """Compared only where both are the value itself: a target of a change says nothing of the baseline."""
    printed = reads(baseline.text)
    if is_change(aim.notation) and not (printed and is_change(printed)):
        return False
    if printed is not None and _different_units(printed, aim.notation):
        return False
    value = baseline.value or Decimal(0)
    return value > aim.number if reading.grid.higher else value < aim.number
