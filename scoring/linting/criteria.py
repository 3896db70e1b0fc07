"""Pass and fail criteria: against one another, against level 5, and against what can occur at all."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from ..findings import Finding, Fix, Severity
from ..levels import level_of
from ..notation import Notation, parse_notation
from ..template import Kind, Printed
from .reading import Band, Reading
from .values import (
    TOP_LEVEL,
    Aim,
    Range,
    aim_of,
    faces_away,
    is_empty,
    leading,
    shared,
    that_or_better,
    worse_than,
)


def criterion_findings(reading: Reading) -> Iterator[Finding]:
    """All that is wrong with the criteria of one template."""
    if reading.passing is None:
        return
    broken = list(impossible(reading))
    yield from broken
    if broken:
        return
    yield from against_fail(reading)
    yield from against_level_five(reading)
    yield from from_the_first_step(reading)


def impossible(reading: Reading) -> Iterator[Finding]:
    """A criterion that nothing meets, that everything meets, or that asks for the worse values."""
    passing, part = reading.passing, reading.pass_range
    if passing is None or part is None:
        return
    text = _printed(reading.template.pass_criterion)
    facts = {"text": text, "direction": _("ยิ่งมากยิ่งดี") if reading.grid.higher else _("ยิ่งน้อยยิ่งดี")}
    if passing.backwards:
        message = _("เกณฑ์ผ่านพิมพ์ %(text)s โดยปลายช่วงสลับกัน จึงไม่มีค่าใดผ่าน") % facts
        yield reading.finding("inverted_band", Severity.ERROR, "pass", message, _("พิมพ์ช่วงจากน้อยไปมาก"))
    elif is_empty(part):
        yield _nothing_passes(reading, passing, text)
    elif faces_away(passing, reading.template.direction):
        message = _("เกณฑ์ผ่านพิมพ์ %(text)s แต่ทิศทางของตัวชี้วัดคือ%(direction)s ค่าที่แย่จึงผ่านและค่าที่ดีไม่ผ่าน") % facts
        yield reading.finding("non_monotonic", Severity.ERROR, "pass", message, _("กลับเครื่องหมายของเกณฑ์ผ่าน หรือแก้ทิศทาง"))
    elif None not in (reading.grid.low, reading.grid.high) and part == (reading.grid.low, reading.grid.high):
        message = _("เกณฑ์ผ่านพิมพ์ %(text)s ทุกค่าที่เป็นไปได้จึงผ่าน") % facts
        yield reading.finding("impossible_criterion", Severity.ERROR, "pass", message, _("แก้เกณฑ์ผ่านตามเป้าหมาย"))


def _nothing_passes(reading: Reading, passing: Notation, text: str) -> Finding:
    grid = reading.grid
    best = grid.high if grid.higher else grid.low
    facts = {"text": text, "best": "" if best is None else grid.words(best)}
    message = _("เกณฑ์ผ่านพิมพ์ %(text)s แต่ค่าที่ดีที่สุดที่เป็นไปได้คือ %(best)s จึงไม่มีผลงานใดผ่าน") % facts
    bound = passing.lower if grid.higher else passing.upper
    if bound is None or best is None or bound.value != grid.value(best):
        return reading.finding("impossible_criterion", Severity.ERROR, "pass", message, _("แก้เกณฑ์ผ่านตามเป้าหมาย"))
    new = that_or_better(bound.value, passing, reading.template.direction)
    return _replaced(reading, "impossible_criterion", Severity.ERROR, "pass", message, text, new)


# Pass against fail


def against_fail(reading: Reading) -> Iterator[Finding]:
    """Values that both criteria claim, and values that neither does."""
    passed, failing = reading.pass_range, reading.failing
    if passed is None or failing is None or is_empty(passed):
        return
    failed = reading.grid.range_of(failing)
    common = shared(passed, failed)
    if not is_empty(common):
        yield _both(reading, common)
    else:
        yield from _neither(reading)


def _both(reading: Reading, common: Range) -> Finding:
    texts = {"pass": _printed(reading.template.pass_criterion), "fail": _printed(reading.template.fail_criterion)}
    facts = {**texts, "values": _words(reading, common)}
    if texts["pass"] == texts["fail"]:
        message = _("เกณฑ์ผ่านและไม่ผ่านพิมพ์เหมือนกันคือ %(pass)s ค่า %(values)s จึงทั้งผ่านและไม่ผ่าน") % facts
    else:
        message = _("เกณฑ์ผ่านพิมพ์ %(pass)s และไม่ผ่านพิมพ์ %(fail)s ค่า %(values)s จึงทั้งผ่านและไม่ผ่าน") % facts
    rest = next(_rests((reading.grid.low, reading.grid.high), _in_order(reading)), None)
    if rest:
        message += " " + _("ส่วนค่า %(values)s ไม่ระบุว่าผ่านหรือไม่ผ่าน") % {"values": _words(reading, rest)}
    if _fails_below_target(reading):
        return _pass_at_target(reading, "pass_fail_overlap", Severity.ERROR, message)
    return _fail_as_rest(reading, "pass_fail_overlap", Severity.ERROR, message)


def _fails_below_target(reading: Reading) -> bool:
    """Whether the fail criterion is just what the target leaves; then the pass criterion is the one that is wrong."""
    aim, failing = aim_of(reading.template.target, reading.grid), reading.failing
    if aim is None or failing is None or failing.bare:
        return False
    first, last = reading.grid.range_of(failing)
    return last == aim.place - 1 if reading.grid.higher else first == aim.place + 1


def _neither(reading: Reading) -> Iterator[Finding]:
    grid = reading.grid
    for hole in _rests((grid.low, grid.high), _in_order(reading)):
        facts = {
            "pass": _printed(reading.template.pass_criterion),
            "fail": _printed(reading.template.fail_criterion),
            "values": _words(reading, hole),
        }
        message = _("เกณฑ์ผ่านพิมพ์ %(pass)s และไม่ผ่านพิมพ์ %(fail)s ค่า %(values)s จึงไม่ระบุว่าผ่านหรือไม่ผ่าน ระบบให้ไม่ผ่าน") % facts
        aim = aim_of(reading.template.target, grid)
        if aim and not aim.strict and hole[0] is not None and hole[1] is not None and hole[0] <= aim.place <= hole[1]:
            yield _pass_at_target(reading, "pass_fail_gap", Severity.WARNING, message)
        else:
            yield _fail_as_rest(reading, "pass_fail_gap", Severity.WARNING, message)
        return


def _in_order(reading: Reading) -> list[Range]:
    """What passes and what fails, from below to above."""
    failed = reading.grid.range_of(reading.failing) if reading.failing else None
    return sorted([part for part in (reading.pass_range, failed) if part], key=_start)


def _start(part: Range) -> tuple[bool, int]:
    return part[0] is not None, part[0] or 0


def _rests(whole: Range, parts: list[Range]) -> Iterator[Range]:
    """What two parts in order leave of a row: before, between and after them."""
    reached: int | None = whole[0]
    is_open = whole[0] is None
    for first, last in parts:
        if first is not None and (is_open or (reached is not None and first > reached)):
            yield (None if is_open else reached, first - 1)
        if last is None:
            return
        reached, is_open = max(last + 1, reached if reached is not None else last + 1), False
    if reached is not None and (whole[1] is None or reached <= whole[1]):
        yield (reached, whole[1])


def _fail_as_rest(reading: Reading, kind: str, severity: Severity, message: str) -> Finding:
    """The fail criterion mended: all that does not pass, also where the pass criterion is to be mended itself."""
    direction = reading.template.direction
    mended = _at_target(reading)
    passing = parse_notation(mended) if mended else reading.passing
    text = worse_than(_one_sided(passing, reading), direction) if passing and not passing.companion else ""
    if not text:
        return reading.finding(kind, severity, "fail", message, _("แก้เกณฑ์ไม่ผ่านให้เป็นค่าทั้งหมดที่ไม่ผ่าน"))
    finding = _replaced(reading, kind, severity, "fail", message, _printed(reading.template.fail_criterion), text)
    if not mended:
        return finding
    return replace(finding, proposal=finding.proposal + " " + _("พร้อมกับแก้เกณฑ์ผ่านเป็น %(new)s") % {"new": mended})


def _at_target(reading: Reading) -> str:
    """What the pass criterion should be where it names another number than the target; else nothing."""
    aim, passing = aim_of(reading.template.target, reading.grid), reading.passing
    if aim is None or passing is None or passing.companion or reading.worst_pass in (None, aim.place):
        return ""
    bound = leading(passing, reading.template.direction)
    if bound is None or bound.value == aim.number or reading.template.across:
        return ""
    return that_or_better(aim.number, passing, reading.template.direction, inclusive=not aim.strict)


def _one_sided(passing: Notation, reading: Reading) -> Notation:
    """A bare number read as that or better."""
    return passing if not passing.bare or passing.lower is None else _better_from(passing, reading)


def _better_from(passing: Notation, reading: Reading) -> Notation:
    higher = reading.grid.higher
    bound = passing.lower
    return Notation(
        lower=bound if higher else None, upper=None if higher else bound, unit=passing.unit, prefix=passing.prefix
    )


def _pass_at_target(reading: Reading, kind: str, severity: Severity, message: str) -> Finding:
    """The pass criterion mended: what meets the target passes."""
    aim = aim_of(reading.template.target, reading.grid)
    like = reading.passing
    if aim is None or like is None or like.companion:
        return reading.finding(kind, severity, "pass", message, _("แก้เกณฑ์ผ่านตามเป้าหมาย"))
    text = that_or_better(aim.number, like, reading.template.direction, inclusive=not aim.strict)
    return _replaced(reading, kind, severity, "pass", message, _printed(reading.template.pass_criterion), text)


def _replaced(reading: Reading, kind: str, severity: Severity, place: str, message: str, old: str, new: str) -> Finding:
    facts = {"old": old, "new": new}
    if place == "pass":
        proposal = _("แก้เกณฑ์ผ่านจาก %(old)s เป็น %(new)s") % facts
    else:
        proposal = _("แก้เกณฑ์ไม่ผ่านจาก %(old)s เป็น %(new)s") % facts
    return reading.finding(kind, severity, place, message, proposal, Fix(place, new))


def _printed(printed: Printed | None) -> str:
    return printed.used.strip() if printed else ""


def _words(reading: Reading, part: Range) -> str:
    first, last = part
    words = reading.grid.words
    if first is None:
        return "" if last is None else _("%(value)s ลงไป") % {"value": words(last)}
    if last is None:
        return _("%(value)s ขึ้นไป") % {"value": words(first)}
    return words(first) if first == last else _("%(low)s ถึง %(high)s") % {"low": words(first), "high": words(last)}


# Pass against level 5 and the target


def against_level_five(reading: Reading) -> Iterator[Finding]:
    """Level 5 that does not pass, and lower levels that do without the target saying so."""
    top = next((band for band in reading.scored if band.level == TOP_LEVEL), None)
    worst, aim = reading.worst_pass, aim_of(reading.template.target, reading.grid)
    edge = reading.grid.edge(top.notation) if top else None
    if top is None or worst is None or edge is None:
        return
    if reading.grid.better(worst, edge):
        yield _top_fails(reading, top, edge)
    elif reading.grid.better(edge, worst) and (aim is None or aim.place != worst):
        yield _lower_passes(reading, top, worst)


def _top_fails(reading: Reading, top: Band, edge: int) -> Finding:
    facts = {"band": top.text, "pass": _printed(reading.template.pass_criterion), "value": reading.grid.words(edge)}
    message = _("ระดับ 5 พิมพ์ %(band)s แต่เกณฑ์ผ่านพิมพ์ %(pass)s ค่า %(value)s จึงได้ระดับ 5 แต่ไม่ผ่าน") % facts
    aim = aim_of(reading.template.target, reading.grid)
    if aim is not None and aim.place == reading.worst_pass:
        return _top_as_target(reading, top, aim, message)
    return _as_level_five(reading, Severity.ERROR, top, message)


def _top_as_target(reading: Reading, top: Band, aim: Aim, message: str) -> Finding:
    """The pass criterion is the target, so level 5 is what is wrong: anew where its number is another."""
    bound = leading(top.notation, reading.template.direction)
    if bound is None or bound.value != aim.number or top.notation.companion:
        proposal = _("เกณฑ์ผ่านตรงกับเป้าหมายแล้ว ปรับช่วงคะแนนใหม่ให้ระดับ 5 เริ่มที่เป้าหมาย %(target)s") % {"target": aim.text}
        return reading.finding("pass_vs_band5", Severity.ERROR, top.place, message, proposal)
    text = that_or_better(aim.number, top.notation, reading.template.direction, inclusive=not aim.strict)
    proposal = _("แก้ระดับ 5 จาก %(old)s เป็น %(new)s ให้ตรงกับเป้าหมาย") % {"old": top.text, "new": text}
    return reading.finding("pass_vs_band5", Severity.ERROR, top.place, message, proposal, Fix(top.place, text))


def _lower_passes(reading: Reading, top: Band, worst: int) -> Finding:
    level = level_of(reading.grid.value(worst), reading.scale)
    facts = {
        "band": top.text,
        "pass": _printed(reading.template.pass_criterion),
        "value": reading.grid.words(worst),
        "level": level,
    }
    message = _("เกณฑ์ผ่านพิมพ์ %(pass)s แต่ระดับ 5 พิมพ์ %(band)s ค่า %(value)s จึงผ่านทั้งที่ได้เพียงระดับ %(level)d") % facts
    return _as_level_five(reading, Severity.WARNING, top, message)


def _as_level_five(reading: Reading, severity: Severity, top: Band, message: str) -> Finding:
    bound = top.notation.lower if reading.grid.higher else top.notation.upper
    like, mended = reading.passing, _at_target(reading)
    if mended:
        text = _printed(reading.template.pass_criterion)
        return _replaced(reading, "pass_vs_band5", severity, "pass", message, text, mended)
    if bound is None or like is None or like.companion:
        return reading.finding("pass_vs_band5", severity, "pass", message, _("แก้เกณฑ์ผ่านให้ตรงกับระดับ 5"))
    text = that_or_better(bound.value, like, reading.template.direction, inclusive=bound.inclusive)
    return _replaced(
        reading, "pass_vs_band5", severity, "pass", message, _printed(reading.template.pass_criterion), text
    )


def from_the_first_step(reading: Reading) -> Iterator[Finding]:
    """A milestone that passes at "ระดับที่ 1-5": read as printed, the first step is enough."""
    passing, worst, top = reading.passing, reading.worst_pass, reading.grid.high
    if reading.template.kind is not Kind.MILESTONE or passing is None or passing.bare or top is None:
        return
    if (
        passing.lower is None
        or passing.upper is None
        or worst in (None, top)
        or aim_of(reading.template.target, reading.grid)
    ):
        return
    text = _printed(reading.template.pass_criterion)
    facts = {"pass": text, "value": reading.grid.words(worst or 0), "top": reading.grid.words(top)}
    message = _("เกณฑ์ผ่านพิมพ์ %(pass)s ซึ่งอ่านตามตัวอักษรแล้วระดับ %(value)s ก็ผ่าน ทั้งที่ขั้นตอนมีถึงระดับ %(top)s") % facts
    new = that_or_better(reading.grid.value(top), passing, reading.template.direction)
    yield _replaced(reading, "pass_vs_band5", Severity.WARNING, "pass", message, text, new)


def target_and_pass(reading: Reading) -> Iterator[Finding]:
    """A result that meets the target and does not pass, or passes without meeting it."""
    aim = aim_of(reading.template.target, reading.grid)
    worst, passing = reading.worst_pass, reading.passing
    if aim is None or worst is None or passing is None or worst == aim.place:
        return
    grid = reading.grid
    facts = {"target": aim.text, "pass": _printed(reading.template.pass_criterion), "value": grid.words(aim.place)}
    if grid.better(worst, aim.place):
        message = _("เป้าหมายคือ %(target)s แต่เกณฑ์ผ่านพิมพ์ %(pass)s ค่า %(value)s จึงถึงเป้าหมายแต่ไม่ผ่าน") % facts
        yield _pass_at_target(reading, "pass_excludes_target", Severity.ERROR, message)
        return
    facts["value"] = grid.words(worst)
    message = _("เป้าหมายคือ %(target)s แต่เกณฑ์ผ่านพิมพ์ %(pass)s ค่า %(value)s จึงผ่านทั้งที่ยังไม่ถึงเป้าหมาย") % facts
    bound = (passing.lower if grid.higher else passing.upper) or passing.lower or passing.upper
    same = bound is not None and bound.value == aim.number
    yield _pass_at_target(reading, "pass_below_target", Severity.NOTE if same else Severity.ERROR, message)
