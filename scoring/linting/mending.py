"""What a misprinted band must have meant, and findings whose correction is a new text for one band."""

from dataclasses import replace

from django.utils.translation import gettext as _

from ..findings import Finding, Fix, Severity
from ..notation import Bound, Notation
from .reading import Band, Reading
from .values import Range, between, is_empty, shared


def mended_part(reading: Reading, band: Band) -> Range | None:
    """What a range printed backwards must have meant: its ends swapped where that fits, else up to the next level."""
    notation = band.notation
    swapped = replace(notation, lower=notation.upper, upper=notation.lower, backwards=False)
    part = reading.grid.range_of(swapped)
    others = [other for other in reading.bands if other is not band and not other.is_empty]
    if not is_empty(part) and all(is_empty(shared(part, other.part)) for other in others):
        return part
    return _up_to_next(reading, band, others)


def as_mended(reading: Reading, band: Band) -> Band | None:
    """The band as it must have been meant; None where that cannot be said."""
    part = mended_part(reading, band)
    if part is None or part[0] is None or part[1] is None:
        return None
    ends = [Bound(reading.grid.value(place), inclusive=True) for place in part if place is not None]
    notation = replace(band.notation, lower=ends[0], upper=ends[1], backwards=False)
    return replace(band, part=part, notation=notation)


def _up_to_next(reading: Reading, band: Band, others: list[Band]) -> Range | None:
    grid, edge = reading.grid, reading.grid.edge(band.notation)
    following = [e for other in others if other.level > band.level if (e := grid.edge(other.notation)) is not None]
    if edge is None or not following:
        return None
    part = (edge, min(following) - 1) if grid.higher else (max(following) + 1, edge)
    return None if is_empty(part) else part


def number_text(bound: Bound | None) -> str:
    return "" if bound is None else f"{bound.value:f}"


def contains(part: Range, place: int) -> bool:
    return (part[0] is None or place >= part[0]) and (part[1] is None or place <= part[1])


def range_text(reading: Reading, part: Range, like: Notation) -> str:
    first, last = part
    if first is None or last is None:
        return ""
    return between(reading.grid.value(first), reading.grid.value(last), like)


def fixed(
    reading: Reading, kind: str, severity: Severity, band: Band, message: str, text: str, place: str = ""
) -> Finding:
    """A finding whose correction is one new text for one band."""
    if not text:
        proposal = _("ตรวจตัวเลขของ%(band)s กับต้นฉบับ") % {"band": band.words}
        return reading.finding(kind, severity, place or band.place, message, proposal)
    proposal = _("แก้ระดับ %(level)d จาก %(old)s เป็น %(new)s") % {"level": band.level, "old": band.text, "new": text}
    return reading.finding(kind, severity, place or band.place, message, proposal, Fix(band.place, text))
