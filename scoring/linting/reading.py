"""A template made ready for the linter: its bands, criteria and targets read once, and findings written in its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from ..findings import Finding, Fix, Severity, Sheet
from ..levels import Scale
from ..notation import Notation, NotationError, NotationKind, parse_notation
from ..template import Kind, Measure, Printed, Template
from .values import DONE_UNIT, Grid, Range, grid_of, is_empty


@dataclass(frozen=True)
class Band:
    """One printed band on the row of values; `part` is what it claims, nothing where it is printed backwards."""

    level: int
    text: str
    notation: Notation
    part: Range

    @property
    def place(self) -> str:
        return f"bands.{self.level}"

    @property
    def is_empty(self) -> bool:
        return is_empty(self.part)

    @property
    def words(self) -> str:
        """ระดับ 4 (95 -94)."""
        return _("ระดับ %(level)d (%(text)s)") % {"level": self.level, "text": self.text}


@dataclass(frozen=True)
class Reading:
    """One template as the linter sees it."""

    sheet: Sheet
    template: Template

    @cached_property
    def grid(self) -> Grid:
        return grid_of(self.template)

    @cached_property
    def bands(self) -> list[Band]:
        """The bands that speak of numbers, by level. What cannot be read is left out, and reported by `unreadable`."""
        found = ((level, printed.used.strip(), _readable(printed.used)) for level, printed in self.template.bands)
        numbers = [(level, text, notation) for level, text, notation in found if notation is not None]
        return sorted((Band(*each, self.grid.range_of(each[2])) for each in numbers), key=lambda band: band.level)

    @cached_property
    def scored(self) -> list[Band]:
        """The bands that decide: those of levels 1 to 5."""
        return [band for band in self.bands if band.level > 0]

    @cached_property
    def scale(self) -> Scale:
        return Scale(self.template.direction, tuple((band.level, band.notation) for band in self.scored))

    @cached_property
    def passing(self) -> Notation | None:
        """The pass criterion, where it judges the value."""
        notation = _of(self.template.pass_criterion)
        return None if notation is None or self.counts_done(notation) else notation

    @cached_property
    def failing(self) -> Notation | None:
        notation = _of(self.template.fail_criterion)
        return None if notation is None or self.counts_done(notation) else notation

    def counts_done(self, notation: Notation) -> bool:
        """Whether a criterion of a checklist counts the items done, while its value is a percentage."""
        template = self.template
        return template.kind is Kind.CHECKLIST and template.measure is Measure.PERCENT and notation.unit == DONE_UNIT

    @property
    def pass_range(self) -> Range | None:
        """The places that pass: a bare number means that or better."""
        if self.passing is None:
            return None
        first, last = self.grid.range_of(self.passing)
        if not self.passing.bare:
            return first, last
        return (first, self.grid.high) if self.grid.higher else (self.grid.low, last)

    @property
    def worst_pass(self) -> int | None:
        """The worst place that passes; None where there is none, or no end."""
        part = self.pass_range
        if part is None or is_empty(part):
            return None
        return part[0] if self.grid.higher else part[1]

    def finding(
        self,
        kind: str,
        severity: Severity,
        place: str,
        message: str,
        proposal: str = "",
        fix: Fix | None = None,
    ) -> Finding:
        """A finding about this template."""
        template = self.template
        return Finding(template.code, template.fiscal_year, kind, severity, message, proposal, place, fix)


def _readable(text: str) -> Notation | None:
    try:
        notation = parse_notation(text)
    except NotationError:
        return None
    return notation if notation.kind is NotationKind.RANGE else None


def _of(printed: Printed | None) -> Notation | None:
    return _readable(printed.used) if printed else None


def unreadable(reading: Reading) -> Iterator[Finding]:
    """Texts that should be notations and are none. At level 0 nothing is lost; a target may be in words."""
    template = reading.template
    named = [(f"bands.{level}", printed.used) for level, printed in template.bands]
    criteria = (("pass", template.pass_criterion), ("fail", template.fail_criterion))
    if template.kind is not Kind.QUALITATIVE:
        named += [(place, printed.used) for place, printed in criteria if printed]
    for place, text in named:
        severity = Severity.NOTE if place == "bands.0" else Severity.ERROR
        yield from _complaint(reading, place, text, severity)
    measured = template.kind in (Kind.FORMULA, Kind.PASS_SHARE) and not template.across
    if measured and template.target and not reading.bands and reading.passing:
        yield from _target_in_words(reading)
    elif measured and template.target and reading.bands:
        yield from _complaint(reading, "target", template.target, Severity.WARNING)


def _target_in_words(reading: Reading) -> Iterator[Finding]:
    """ลดลงจากปีที่ผ่านมา, where the pass criterion in use says in a number what is meant."""
    template = reading.template
    try:
        parse_notation(template.target)
    except NotationError:
        used = template.pass_criterion.used if template.pass_criterion else ""
        facts = {"target": template.target, "pass": used, "unit": template.unit}
        message = _("เป้าหมายพิมพ์เป็นคำว่า “%(target)s” ไม่มีตัวเลข ระบบตัดสินด้วยเกณฑ์ผ่าน %(pass)s (%(unit)s)") % facts
        proposal = _("พิมพ์เป้าหมายเป็นตัวเลข หรือยืนยันว่าเกณฑ์ผ่าน %(pass)s ตรงกับความหมายของเป้าหมาย") % facts
        yield reading.finding("unreadable", Severity.NOTE, "target", message, proposal)


def _complaint(reading: Reading, place: str, text: str, severity: Severity) -> Iterator[Finding]:
    try:
        parse_notation(text)
    except NotationError as error:
        facts = {"place": place_name(place), "why": error.message}
        message = _("%(place)s ระบบอ่านเป็นตัวเลขไม่ได้: %(why)s") % facts
        proposal = _("พิมพ์%(place)s ใหม่ให้เป็นช่วงหรือเครื่องหมายเดียว เช่น 80 - 84 หรือ ≥85") % facts
        yield reading.finding("unreadable", severity, place, message, proposal)


def place_name(place: str) -> str:
    """A place in words: bands.4 is ระดับ 4."""
    if place.startswith("bands."):
        return _("ระดับ %(level)s") % {"level": place.partition(".")[2]}
    names = {"pass": _("เกณฑ์ผ่าน"), "fail": _("เกณฑ์ไม่ผ่าน"), "target": _("เป้าหมาย")}
    return names.get(place, place)
