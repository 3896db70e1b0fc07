"""The score bands: ranges printed backwards, overlaps, edges that do not rise, levels that nothing earns."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from ..findings import Finding, Severity
from ..levels import Policy, direction_contradiction, level_of
from ..numbers import round_half_up
from ..spans import PERCENT
from ..template import Kind
from .holes import holes
from .mending import contains, fixed, mended_part, number_text, range_text
from .reading import Band, Reading
from .values import TOP_LEVEL, Range, beyond, is_empty, printed_places, shared

LEVELS = range(1, TOP_LEVEL + 1)
FEW_CHILDREN = 50  # of more than these the shares lie closer than any printed band is wide


def band_findings(reading: Reading) -> Iterator[Finding]:
    """All that is wrong with the bands of one template."""
    yield from inverted(reading)
    yield from holes(reading)
    yield from overlaps(reading)
    if direction_contradiction(reading.scale):
        yield _against_direction(reading)
    elif reading.template.policy is Policy.BANDS:
        yield from not_rising(reading)
        yield from unreachable(reading)
        yield from _between_shares(reading)
    yield from missing_levels(reading)


def inverted(reading: Reading) -> Iterator[Finding]:
    """95 -94: nothing lies within; only the first number decides."""
    for band in reading.bands:
        if band.notation.backwards:
            yield _inverted(reading, band)
            yield from _lost(reading, band)


def _inverted(reading: Reading, band: Band) -> Finding:
    mended = mended_part(reading, band)
    facts = {"band": band.words, "low": number_text(band.notation.upper), "high": number_text(band.notation.lower)}
    message = _("%(band)s พิมพ์ปลายช่วงสลับกัน จาก %(high)s ลงไปหา %(low)s จึงไม่มีค่าใดอยู่ในช่วงนี้") % facts
    if mended is None:
        proposal = _("ตรวจตัวเลขของ%(band)s กับต้นฉบับ แล้วพิมพ์จากน้อยไปมาก") % facts
        return reading.finding("inverted_band", Severity.ERROR, band.place, message, proposal)
    text = range_text(reading, mended, band.notation)
    return fixed(reading, "inverted_band", Severity.ERROR, band, message, text)


def _lost(reading: Reading, band: Band) -> Iterator[Finding]:
    """The values that the misprint leaves in no band: ระดับ 4 พิมพ์ 95 -94 แต่ระดับ 5 พิมพ์ 100, so 97."""
    mended = mended_part(reading, band)
    if mended is None or mended[0] is None or mended[1] is None:
        return
    middle = _in_the_middle(reading, mended[0], mended[1])
    if any(contains(other.part, middle) for other in reading.bands):
        return
    facts = {"band": band.words, "values": _values(reading, mended), "value": reading.grid.words(middle)}
    facts["level"] = str(level_of(reading.grid.value(middle), reading.scale))
    above = next((other for other in reading.scored if other.level == band.level + 1), None)
    if above is None:
        message = _("%(band)s พิมพ์สลับกัน ค่า %(values)s จึงไม่อยู่ในช่วงใด") % facts
    else:
        facts["above"] = above.words
        message = _("%(band)s พิมพ์สลับกัน และระดับถัดไปคือ%(above)s ค่า %(values)s จึงไม่อยู่ในช่วงใด") % facts
    message += " " + _("เช่น %(value)s ระบบให้ระดับ %(level)s") % facts
    text = range_text(reading, mended, band.notation)
    yield fixed(reading, "gap", Severity.WARNING, band, message, text)


def _in_the_middle(reading: Reading, first: int, last: int) -> int:
    """A place between two, a whole number where there is one."""
    middle, unit = (first + last) // 2, 10**reading.grid.decimals
    whole = middle // unit * unit
    return whole if whole >= first else middle


def overlaps(reading: Reading) -> Iterator[Finding]:
    """A value in two bands."""
    if _is_cascade(reading):
        yield _cascade(reading)
        return
    for lower, upper in combinations(reading.bands, 2):
        common = shared(lower.part, upper.part)
        if not lower.is_empty and not upper.is_empty and not is_empty(common):
            yield _overlap(reading, lower, upper, common)


def _is_cascade(reading: Reading) -> bool:
    """>2, >4, >6 …: each level is open towards the better values, and so holds all the higher ones."""
    side = 1 if reading.grid.higher else 0
    opened = [band.notation.upper if side else band.notation.lower for band in reading.scored]
    return len(opened) > 1 and not any(opened)


def _cascade(reading: Reading) -> Finding:
    texts = ", ".join(band.text for band in reading.scored)
    message = _("ทุกระดับพิมพ์เป็นปลายเปิด (%(texts)s) ค่าที่สูงจึงอยู่ในหลายช่วง ระบบให้ระดับสูงสุดที่ถึง") % {"texts": texts}
    proposal = _("พิมพ์เป็นช่วงที่มีสองปลาย หรือคงไว้ตามเดิมก็ให้คะแนนได้")
    return reading.finding("overlap", Severity.NOTE, "bands", message, proposal)


def _overlap(reading: Reading, lower: Band, upper: Band, common: Range) -> Finding:
    facts = {"lower": lower.words, "upper": upper.words, "values": _values(reading, common)}
    given = _level_given(reading, common)
    message = _("ค่า %(values)s อยู่ทั้งใน%(lower)s และ%(upper)s") % facts
    message += " " + _("ระบบให้ระดับ %(level)d") % {"level": given} if given is not None else ""
    severity = _overlap_severity(reading, lower, upper, common)
    start = upper.notation.lower if reading.grid.higher else upper.notation.upper
    opened = reading.grid.edge(lower.notation) is None
    if lower.level == 0 and opened and start is not None and not upper.is_empty:
        text = beyond(start, lower.notation, reading.template.direction)
        return fixed(reading, "overlap", severity, lower, message, text, upper.place)
    if not _may_be_cut(reading, lower, upper):
        proposal = _("แบ่งช่วงของระดับ %(lower)d และ %(upper)d ใหม่ไม่ให้ซ้อนกัน ตามเป้าหมายและต้นฉบับ")
        levels = {"lower": lower.level, "upper": upper.level}
        return reading.finding("overlap", severity, upper.place, message, proposal % levels)
    return fixed(reading, "overlap", severity, lower, message, _cut_off(reading, lower, upper), upper.place)


def _may_be_cut(reading: Reading, lower: Band, upper: Band) -> bool:
    """Whether the lower band can end where the upper one begins without lying in a third: 90 - 94, 90 - 92, >93."""
    grid = reading.grid
    worse_edge, edge = grid.edge(lower.notation), grid.edge(upper.notation)
    if edge is None or worse_edge is None or not grid.better(edge, worse_edge) or lower.notation.companion:
        return False
    part = (worse_edge, edge - 1) if grid.higher else (edge + 1, worse_edge)
    others = [band for band in reading.scored if band.level > lower.level and not band.is_empty]
    return all(is_empty(shared(part, band.part)) for band in others)


def _cut_off(reading: Reading, lower: Band, upper: Band) -> str:
    """The lower band up to where the upper begins, as the template prints its bands: 119 - 120 above 116 - 118."""
    grid = reading.grid
    worse_edge, edge = grid.edge(lower.notation), grid.edge(upper.notation)
    places = min(grid.decimals, max(printed_places(lower.notation), printed_places(upper.notation)))
    step = 10 ** (grid.decimals - places)
    if edge is None or worse_edge is None:
        return ""
    step = step if edge % step == 0 and abs(worse_edge - edge) > step else 1
    part = (worse_edge, edge - step) if grid.higher else (edge + step, worse_edge)
    return range_text(reading, part, lower.notation)


def _overlap_severity(reading: Reading, lower: Band, upper: Band, common: Range) -> Severity:
    """One shared boundary is decided by the edge rule, and level 0 decides nothing."""
    if lower.level == 0 or common[0] == common[1]:
        return Severity.WARNING
    bounded = None not in (*lower.part, *upper.part)
    edges = reading.grid.edge(lower.notation), reading.grid.edge(upper.notation)
    rises = None not in edges and reading.grid.better(edges[1] or 0, edges[0] or 0)
    return Severity.ERROR if bounded or not rises else Severity.WARNING


def _values(reading: Reading, part: Range) -> str:
    first, last = part
    words = reading.grid.words
    if first is None or last is None:
        edge = last if first is None else first
        return "" if edge is None else words(edge)
    return words(first) if first == last else _("%(low)s ถึง %(high)s") % {"low": words(first), "high": words(last)}


def _level_given(reading: Reading, part: Range) -> int | None:
    """The level that all of a part gets; None where it gets several."""
    levels = {level_of(reading.grid.value(place), reading.scale) for place in part if place is not None}
    return levels.pop() if len(levels) == 1 else None


def _against_direction(reading: Reading) -> Finding:
    bands = ", ".join(band.words for band in reading.scored)
    if reading.grid.higher:
        message = _("ทิศทางกำหนดว่ายิ่งมากยิ่งดี แต่ตัวเลขของช่วงลดลงเมื่อระดับสูงขึ้น: %(bands)s")
    else:
        message = _("ทิศทางกำหนดว่ายิ่งน้อยยิ่งดี แต่ตัวเลขของช่วงเพิ่มขึ้นเมื่อระดับสูงขึ้น: %(bands)s")
    proposal = _("แก้ทิศทางของตัวชี้วัด หรือพิมพ์ช่วงของแต่ละระดับกลับด้าน")
    return reading.finding("non_monotonic", Severity.ERROR, "direction", message % {"bands": bands}, proposal)


def not_rising(reading: Reading) -> Iterator[Finding]:
    """A level that is easier to reach than the one below it."""
    for lower, upper in pairwise(reading.scored):
        before, after = reading.grid.edge(lower.notation), reading.grid.edge(upper.notation)
        is_open = after is None and before is not None
        if is_open or (before is not None and after is not None and reading.grid.better(before, after)):
            facts = {"lower": lower.words, "upper": upper.words, "level": lower.level}
            message = _("%(upper)s ถึงได้ง่ายกว่า%(lower)s ทั้งที่เป็นระดับสูงกว่า ค่าที่ควรได้ระดับ %(level)d จึงได้ระดับสูงกว่านั้น")
            proposal = _("แก้ตัวเลขของระดับ %(upper)d ให้ดีกว่าระดับ %(lower)d") % {
                "upper": upper.level,
                "lower": lower.level,
            }
            yield reading.finding("non_monotonic", Severity.ERROR, upper.place, message % facts, proposal)


def unreachable(reading: Reading) -> Iterator[Finding]:
    """A level that no value gets: a higher one has the same edge or an easier one, or its values cannot occur."""
    given = _levels_given(reading)
    for band in reading.scored:
        if band.level not in given:
            yield reading.finding("unreachable_level", Severity.ERROR, band.place, *_never(reading, band))


def _levels_given(reading: Reading) -> set[int]:
    """The level changes only at an edge, so the edges, their neighbours and the ends of the row tell all."""
    grid = reading.grid
    edges = [edge for band in reading.scored if (edge := grid.edge(band.notation)) is not None]
    places = {place for edge in edges for place in (edge - 1, edge, edge + 1)}
    places |= {end for end in (grid.low, grid.high) if end is not None}
    return {level_of(grid.value(place), reading.scale) for place in places or {0} if grid.holds(place)}


def _never(reading: Reading, band: Band) -> tuple[str, str]:
    grid, edge = reading.grid, reading.grid.edge(band.notation)
    facts = {"band": band.words, "level": band.level}
    if edge is not None and not grid.holds(edge) and (edge > (grid.high or 0)) == grid.higher:
        facts |= {"most": grid.words((grid.high if grid.higher else grid.low) or 0)}
        message = _("ไม่มีผลงานใดได้%(band)s เพราะค่าที่ดีที่สุดที่เป็นไปได้คือ %(most)s") % facts
        return message, _("แก้ระดับ %(level)d ให้อยู่ในค่าที่เป็นไปได้") % facts
    above = next((other for other in reversed(reading.scored) if other.level > band.level), None)
    rivals = [other for other in reading.scored if other.level > band.level and not _is_harder(reading, other, band)]
    facts |= {"above": (rivals[0] if rivals else above or band).words}
    message = _("ไม่มีผลงานใดได้%(band)s เพราะค่าที่ถึงระดับนี้ถึง%(above)s แล้ว") % facts
    return message, _("แก้ตัวเลขให้ระดับ %(level)d กับระดับที่สูงกว่าไม่เริ่มที่ค่าเดียวกัน") % facts


def _between_shares(reading: Reading) -> Iterator[Finding]:
    """Of ten children, or of fewer that are due, no share lies from 95 to under 100."""
    count = len(reading.sheet.children)
    if reading.template.kind is not Kind.PASS_SHARE or not 0 < count <= FEW_CHILDREN:
        return
    shares = {Fraction(PERCENT * passed, of) for of in range(1, count + 1) for passed in range(of + 1)}
    given = {level_of(round_half_up(share, reading.template.decimals), reading.scale) for share in shares}
    for band in reading.scored:
        if band.level in _levels_given(reading) - given:
            facts = {"band": band.words, "count": count}
            message = _("มีตัวชี้วัดย่อยเพียง %(count)d ตัว ไม่ว่าผ่านกี่ตัวก็ไม่มีผลงานใดได้%(band)s") % facts
            proposal = _("ปรับช่วงคะแนนตามจำนวนตัวชี้วัดย่อยที่ผ่าน หรือตัดระดับ %(level)d ออก") % {"level": band.level}
            yield reading.finding("unreachable_level", Severity.WARNING, band.place, message, proposal)


def _is_harder(reading: Reading, upper: Band, lower: Band) -> bool:
    before, after = reading.grid.edge(lower.notation), reading.grid.edge(upper.notation)
    return after is not None and (before is None or reading.grid.better(after, before))


def missing_levels(reading: Reading) -> Iterator[Finding]:
    """Some levels filled and some not. A yes or no has only level 5; a template that has no level needs no bands."""
    filled = {band.level for band in reading.scored}
    unread = {level for level, printed in reading.template.bands if printed.used.strip() not in ("", "-")}
    missing = [level for level in LEVELS if level not in filled | unread]
    if filled and filled != {TOP_LEVEL} and missing:
        levels = ", ".join(str(level) for level in missing)
        dashes = {level for level, printed in reading.template.bands if printed.used.strip() == "-"}
        severity = Severity.NOTE if set(missing) <= dashes else Severity.WARNING  # a dash is meant
        message = _("ระดับ %(levels)s ไม่ได้พิมพ์ช่วงคะแนนไว้ จึงไม่มีผลงานใดได้ระดับนี้") % {"levels": levels}
        proposal = _("พิมพ์ช่วงคะแนนให้ครบระดับ 1 ถึง 5")
        if severity is Severity.NOTE:
            proposal = _("ถ้าตั้งใจเว้นไว้ (พิมพ์ -) ไม่ต้องแก้ ถ้าไม่ตั้งใจ พิมพ์ช่วงคะแนนให้ครบระดับ 1 ถึง 5")
        yield reading.finding("level_missing", severity, "bands", message, proposal)
    elif not filled | unread and _needs_bands(reading):
        message = _("ไม่มีเกณฑ์การให้คะแนน ทั้งที่ตัวชี้วัดนี้มีน้ำหนัก ผลงานจึงไม่ได้ระดับ")
        yield reading.finding("level_missing", Severity.ERROR, "bands", message, _("พิมพ์ช่วงคะแนนของระดับ 1 ถึง 5"))


def _needs_bands(reading: Reading) -> bool:
    sheet, template = reading.sheet, reading.template
    weighed = sheet.weight or (sheet.weight_above and sheet.parent_kind != Kind.PASS_SHARE)
    own = any(rule.bands for rule in template.rounds)
    return (
        bool(weighed) and sheet.scored and not own and template.kind in (Kind.FORMULA, Kind.PASS_SHARE, Kind.CHECKLIST)
    )
