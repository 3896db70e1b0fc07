"""Values that no band covers: real holes, and those that only printing in whole numbers leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from ..findings import Finding, Fix, Severity
from ..levels import Policy
from ..notation import Bound, Notation, parse_notation
from ..template import Kind
from .mending import as_mended, contains, fixed, number_text
from .reading import Band, Reading
from .values import (
    TOP_LEVEL,
    WANTS_TOP,
    Range,
    aim_of,
    between,
    beyond,
    leading,
    places_after_point,
    that_or_better,
)

TOO_WIDE = 2  # whole units missing, from which on a hole may be a band that was left out


@dataclass(frozen=True)
class Hole:
    """Places that no band claims, and the bands below and above them (as numbers)."""

    first: int | None
    last: int | None
    below: Band | None = None
    above: Band | None = None


def holes(reading: Reading) -> Iterator[Finding]:
    """What no band covers. Holes that only the printing in whole numbers leaves are named together, as a note."""
    if reading.template.policy is Policy.INTERPOLATED:
        return  # the bands are points of a line, which has no holes
    by_notation = []
    for hole in find_holes(reading):
        if _is_of_notation(reading, hole):
            by_notation.append(hole)
        else:
            yield from _gap(reading, hole)
    if by_notation:
        yield _integer_gap(reading, by_notation)


def find_holes(reading: Reading) -> Iterator[Hole]:
    """The holes from below to above. A range printed backwards counts as what it must have meant."""
    claimed = []
    for band in reading.bands:
        whole = as_mended(reading, band) if band.notation.backwards else band
        if whole is not None and not whole.is_empty:
            claimed.append(whole)
    if not any(band.level for band in claimed):
        return
    grid = reading.grid
    claimed.sort(key=lambda band: (band.part[0] is not None, band.part[0] or 0))
    reached: int | None = None if grid.low is None else grid.low - 1
    below: Band | None = None
    for number, band in enumerate(claimed):
        first, last = band.part
        is_behind = number == 0 if reached is None else first is not None and first > reached + 1
        if first is not None and is_behind:
            yield Hole(None if reached is None else reached + 1, first - 1, below, band)
        if last is None:
            return
        if reached is None or last > reached:
            reached, below = last, band
    if reached is not None and (grid.high is None or reached < grid.high):
        yield Hole(reached + 1, grid.high, below, None)


def _is_of_notation(reading: Reading, hole: Hole) -> bool:
    """69 and 70, or 13.0 and 13.1: neighbours in the printed decimals, with values between that were not printed."""
    if hole.below is None or hole.above is None:
        return False
    low, high = _upper(hole.below), _lower(hole.above)
    if low is None or high is None or not (low.inclusive and high.inclusive):
        return False
    if is_ladder(reading) and not reading.grid.whole and hole.below.level and hole.above.level:
        return True
    printed = max(places_after_point(low.value), places_after_point(high.value))
    return printed < reading.grid.decimals and (high.value - low.value) * 10**printed == 1


def is_ladder(reading: Reading) -> bool:
    """82, 87, 92: every level printed as the one number that it begins with."""
    return len(reading.scored) > 1 and all(band.notation.bare for band in reading.scored)


def _upper(band: Band) -> Bound | None:
    return band.notation.upper


def _lower(band: Band) -> Bound | None:
    return band.notation.lower


def _integer_gap(reading: Reading, found: list[Hole]) -> Finding:
    pairs = [
        _("%(low)s กับ %(high)s") % {"low": number_text(_upper(hole.below)), "high": number_text(_lower(hole.above))}
        for hole in found
        if hole.below and hole.above
    ]
    facts = {"pairs": ", ".join(pairs), "decimals": reading.grid.decimals}
    message = _("ค่าระหว่าง %(pairs)s ไม่อยู่ในช่วงใดที่พิมพ์ เพราะช่วงพิมพ์หยาบกว่าผลงานซึ่งมีทศนิยม %(decimals)d ตำแหน่ง") % facts
    proposal = _("ไม่ต้องแก้ก็ให้คะแนนได้ เพราะระบบให้ระดับตามขีดที่ถึง")
    example = _example(reading, found[0])
    if example:
        proposal += " " + _("ถ้าจะพิมพ์ให้ครบ เช่น %(example)s") % {"example": example}
    return reading.finding("integer_gap", Severity.NOTE, "bands", message, proposal)


def _example(reading: Reading, hole: Hole) -> str:
    worse, text = _extension(reading, hole)
    return _("แก้ระดับ %(level)d เป็น %(text)s") % {"level": worse.level, "text": text} if worse else ""


def _gap(reading: Reading, hole: Hole) -> Iterator[Finding]:
    worse, better = (hole.below, hole.above) if reading.grid.higher else (hole.above, hole.below)
    if worse is None:
        yield from _below_all(reading, hole, better)
    elif better is None:
        yield from _beyond_all(reading, hole, worse)
    else:
        yield _inner_gap(reading, hole, worse, better)


def _inner_gap(reading: Reading, hole: Hole, worse: Band, better: Band) -> Finding:
    facts = {"hole": _hole_words(reading, hole), "worse": worse.words, "better": better.words, "level": worse.level}
    message = _("ค่า %(hole)s ไม่อยู่ในช่วงใด เพราะ%(worse)s กับ%(better)s ไม่ต่อกัน ระบบให้ระดับ %(level)d") % facts
    if _is_left_out(reading, hole, worse, better):
        return _left_out(reading, hole, worse, better, message)
    target = _bare_target(reading)
    if _has_lost_its_sign(reading, worse, better):
        bound = leading(better.notation, reading.template.direction)
        text = that_or_better(bound.value, better.notation, reading.template.direction) if bound else ""
        return fixed(reading, "gap", Severity.WARNING, better, message, text, place=worse.place)
    if better.level == TOP_LEVEL and target is not None and contains((hole.first, hole.last), target):
        text = that_or_better(reading.grid.value(target), better.notation, reading.template.direction)
        return fixed(reading, "gap", Severity.WARNING, better, message, text)
    band, text = _extension(reading, hole)
    if _is_of_other_target(reading, better):
        proposal = _("ตั้งใหม่พร้อมกับระดับ 5 ตามเป้าหมาย %(target)s") % {"target": reading.template.target}
        return reading.finding("gap", Severity.WARNING, worse.place, message, proposal)
    if band is None:
        proposal = _("พิมพ์ระดับ %(worse)d กับระดับ %(better)d ให้ต่อกัน") % {"worse": worse.level, "better": better.level}
        return reading.finding("gap", Severity.WARNING, worse.place, message, proposal)
    return fixed(reading, "gap", Severity.WARNING, band, message, text, place=worse.place)


def _is_of_other_target(reading: Reading, better: Band) -> bool:
    """Whether level 5 begins at another number than the target: then all of its edge is to be set anew."""
    aim = aim_of(reading.template.target, reading.grid)
    bound = leading(better.notation, reading.template.direction)
    if better.level != TOP_LEVEL or aim is None or bound is None or reading.template.across:
        return False
    return bound.value != aim.number and reading.template.kind in WANTS_TOP


def _has_lost_its_sign(reading: Reading, worse: Band, better: Band) -> bool:
    """Whether "<2" and then ">2" leave out 2 alone, and level 5 is ">10" for a target of 10: ≥ was meant throughout."""
    grid, direction = reading.grid, reading.template.direction
    facing = worse.notation.upper if grid.higher else worse.notation.lower
    edge = better.notation.lower if grid.higher else better.notation.upper
    aim = aim_of(reading.template.target, grid)
    top = next((band for band in reading.scored if band.level == TOP_LEVEL), None)
    best = leading(top.notation, direction) if top else None
    if facing is None or edge is None or best is None or aim is None or aim.strict:
        return False
    one_point = facing.value == edge.value and not (facing.inclusive or edge.inclusive)
    return one_point and better is not top and best.value == aim.number and not best.inclusive


def _left_out(reading: Reading, hole: Hole, worse: Band, better: Band, message: str) -> Finding:
    message += " " + _("ช่องว่างกว้างกว่าช่วงอื่นทุกช่วง น่าจะพิมพ์ตกไปทั้งช่วง")
    moved = _moved(reading, worse, better)
    finding = fixed(reading, "gap", Severity.ERROR, worse, message, moved or _extension(reading, hole)[1])
    return replace(finding, proposal=finding.proposal + _then_level_zero(reading, worse, moved)) if moved else finding


def _then_level_zero(reading: Reading, worse: Band, moved: str) -> str:
    """Level 0 has to follow a level 1 that moves."""
    zero = next((band for band in reading.bands if band.level == 0), None)
    ends = parse_notation(moved)
    start = ends.lower if reading.grid.higher else ends.upper
    if worse.level != 1 or zero is None or zero.notation.companion or start is None:
        return ""
    facts = {"old": zero.text, "new": beyond(start, zero.notation, reading.template.direction)}
    return " " + _("แล้วแก้ระดับ 0 จาก %(old)s เป็น %(new)s ให้ต่อกัน") % facts


def _is_left_out(reading: Reading, hole: Hole, worse: Band, better: Band) -> bool:
    """Whether the hole is wider than any printed range: 36–40, then 21–25. Else a band was only printed short."""
    width = _width((hole.first, hole.last))
    beside = [_width(band.part) for band in (worse, better)]
    if width is None or None in beside or worse.level == 0:
        return False
    ranges = [each for band in reading.scored if (each := _width(band.part)) is not None]
    return all(width > each for each in ranges) and _units_missing(hole) >= TOO_WIDE


def _width(part: Range) -> int | None:
    return None if part[0] is None or part[1] is None else part[1] - part[0] + 1


def _units_missing(hole: Hole) -> int:
    """How many steps of the printed decimals lie in the hole."""
    low, high = (_upper(hole.below) if hole.below else None), (_lower(hole.above) if hole.above else None)
    if low is None or high is None:
        return 0
    printed = max(places_after_point(low.value), places_after_point(high.value))
    return int((high.value - low.value) * 10**printed) - 1


def _moved(reading: Reading, worse: Band, better: Band) -> str:
    """The band put next to the better one, where the two are printed equally wide: 26 - 30 beside 21 - 25."""
    ends = (worse.notation.lower, worse.notation.upper, better.notation.lower, better.notation.upper)
    if any(end is None for end in ends) or worse.notation.companion:
        return ""
    low, high, better_low, better_high = (end.value for end in ends if end is not None)
    if high - low != better_high - better_low:
        return ""
    step = (high - low) + (1 if better_high != better_low else 0)
    step = -step if reading.grid.higher else step
    return between(better_low + step, better_high + step, worse.notation)


def _bare_target(reading: Reading) -> int | None:
    aim = aim_of(reading.template.target, reading.grid)
    return aim.place if aim and not aim.strict and not reading.template.across else None


def _extension(reading: Reading, hole: Hole) -> tuple[Band | None, str]:
    """The worse band, made long enough to close the hole, which is how such values are scored already."""
    grid = reading.grid
    worse, better = (hole.below, hole.above) if grid.higher else (hole.above, hole.below)
    end = hole.last if grid.higher else hole.first
    if worse is None or worse.notation.backwards or end is None:
        return None, ""
    start = worse.notation.lower if grid.higher else worse.notation.upper
    if start is None or (worse.level == 0 and worse.notation.bare):
        text = _up_to(reading, worse, better)
        return (worse, text) if text else (None, "")
    if worse.notation.companion:
        return None, ""
    value = grid.value(end)
    ends = (start.value, value) if grid.higher else (value, start.value)
    return worse, between(*ends, worse.notation)


def _up_to(reading: Reading, worse: Band, better: Band | None) -> str:
    """An open band that ends where the better one begins: <72 below 72 – 73."""
    if better is None:
        return ""
    start = better.notation.lower if reading.grid.higher else better.notation.upper
    return "" if start is None else beyond(start, worse.notation, reading.template.direction)


def _below_all(reading: Reading, hole: Hole, better: Band | None) -> Iterator[Finding]:
    """Values worse than all that is printed. They get level 0, whatever is printed there."""
    if better is None or reading.template.kind is Kind.MILESTONE:
        return
    facts = {"hole": _hole_words(reading, hole), "band": better.words}
    message = _("ค่า %(hole)s แย่กว่าช่วงล่างสุดที่พิมพ์คือ%(band)s จึงไม่อยู่ในช่วงใด ระบบให้ระดับ 0") % facts
    if better.level > 0:
        text = _zero_text(reading, better)
        proposal = _("พิมพ์ระดับ 0 เป็น %(text)s") % {"text": text}
        place = "bands.0"
        fix = Fix(place, text) if text and any(level == 0 for level, _each in reading.template.bands) else None
        yield reading.finding("gap", Severity.NOTE, place, message, proposal if text else "", fix)
        return
    lowest = next(iter(reading.scored), None)
    text = (_up_to(reading, better, lowest) if lowest else "") or _open_from(reading, better)
    yield fixed(reading, "gap", Severity.NOTE, better, message, text)


def _zero_text(reading: Reading, lowest: Band) -> str:
    edge = lowest.notation.lower if reading.grid.higher else lowest.notation.upper
    if edge is None or lowest.notation.companion:
        return ""
    rest = Bound(edge.value, inclusive=not edge.inclusive)
    plain = Notation(unit=lowest.notation.unit, prefix=lowest.notation.prefix)
    return replace(plain, **({"upper": rest} if reading.grid.higher else {"lower": rest})).print()  # type: ignore[arg-type]


def _open_from(reading: Reading, band: Band) -> str:
    """Level 0 printed as a range, opened on its worse side: ≥41 instead of 41 - 45."""
    end = band.notation.upper if reading.grid.higher else band.notation.lower
    if end is None or band.notation.companion:
        return ""
    plain = Notation(unit=band.notation.unit, prefix=band.notation.prefix)
    return replace(plain, **({"upper": end} if reading.grid.higher else {"lower": end})).print()  # type: ignore[arg-type]


def _beyond_all(reading: Reading, hole: Hole, best: Band) -> Iterator[Finding]:
    """Values better than the best band: a level 5 printed as 60% alone."""
    if best.level == 0 or _is_full(reading, best):
        return
    facts = {"hole": _hole_words(reading, hole), "band": best.words, "level": best.level}
    message = _("ค่า %(hole)s ดีกว่า%(band)s แต่ไม่อยู่ในช่วงใดที่พิมพ์ ระบบให้ระดับ %(level)d") % facts
    edge = best.notation.lower if reading.grid.higher else best.notation.upper
    severity = Severity.NOTE if is_ladder(reading) else Severity.WARNING
    if edge is None or best.notation.companion:
        yield fixed(reading, "gap", severity, best, message, "")
        return
    text = that_or_better(edge.value, best.notation, reading.template.direction, inclusive=edge.inclusive)
    yield fixed(reading, "gap", severity, best, message, text)


def _is_full(reading: Reading, best: Band) -> bool:
    """100 of a percentage, level 5 of 5: nothing better is meant, though the formula might give it."""
    bound = best.notation.upper if reading.grid.higher else best.notation.lower
    if bound is None or not reading.grid.higher:
        return bound is None or bound.value == 0
    unit = reading.template.unit
    return (unit in ("ร้อยละ", "%") and bound.value == 100) or (unit == "ระดับ" and bound.value == TOP_LEVEL)


def _hole_words(reading: Reading, hole: Hole) -> str:
    """ "70.01 ถึง 71.99", "95" for one value alone, "มากกว่า 60"."""
    grid = reading.grid
    if hole.first is None or hole.last is None:
        if hole.first is None and hole.last is None:
            return ""
        edge, word = (hole.last, _("%(value)s ลงไป")) if hole.first is None else (hole.first, _("%(value)s ขึ้นไป"))
        return word % {"value": grid.words(edge)} if edge is not None else ""
    if hole.first == hole.last:
        return grid.words(hole.first)
    return _("%(low)s ถึง %(high)s") % {"low": grid.words(hole.first), "high": grid.words(hole.last)}
