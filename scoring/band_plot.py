"""The bands of a template as a picture: which values each level claims, and which level a value really gets.

One row for each level with the reach of its band, above them the levels by the edge rule, below them target, pass
line and baseline. Drawn like charts.py: presentation attributes only, for the page and the print alike.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import groupby

from django.utils.translation import gettext as _

from .coverage import Stretch, coverage
from .levels import Direction, Scale
from .notation import Bound, Notation, NotationError, NotationKind, parse_notation
from .numbers import format_number, round_half_up
from .template import Kind, Printed, Template

# As wide as a phone's page, so that the letters keep their size there.
WIDTH = 352
FONT = 16
LETTER = Fraction(17, 2)  # pixels for a letter, about
LEFT, RIGHT = 40, 236  # where the axis begins and ends; the texts of the bands stand right of it
TEXT = RIGHT + 12
LONGEST = 13  # letters beside a row
ROW, BAR = 24, 12
STRIP_TOP = 28
ROWS_TOP = STRIP_TOP + 34
ROWS_BOTTOM = ROWS_TOP + 6 * ROW
AXIS = ROWS_BOTTOM + 20  # the line on which the figures stand
MARKS_TOP = AXIS + 24
LINE = 22
THINNEST = Fraction(4)  # a gap of nothing but a point must still be seen
LEVELS = (5, 4, 3, 2, 1, 0)
TOP = LEVELS[0]

# The tokens --k-level-0 … --k-level-5 with their texts (static/css/tokens.css); an attribute cannot read a token.
COLOURS = {
    0: ("#8f2d20", "#ffffff"),
    1: ("#b3561b", "#ffffff"),
    2: ("#f0c385", "#3a2506"),
    3: ("#f1ecc8", "#33301a"),
    4: ("#a3cbe8", "#0d2c45"),
    5: ("#1d5b99", "#ffffff"),
}
INK, QUIET, WRONG, SHARED = "#1c2530", "#55606e", "#8f2d20", "#fdf6dd"
# How the line of a mark is drawn, by its place in the order of `marks`.
DASHES = {"target": "", "pass": "7 4", "baseline": "2 3"}


@dataclass(frozen=True)
class Mark:
    """A value that the bands are held against; `kind` is target, pass or baseline."""

    kind: str
    label: str
    value: Decimal


@dataclass(frozen=True)
class _Band:
    """One level's band: as it is in use, as it was printed where that differs, and why neither can be read."""

    level: int
    text: str = ""
    notation: Notation | None = None
    printed: Notation | None = None
    unreadable: bool = False

    @property
    def range(self) -> Notation | None:
        """The interval, where there is one; a range printed backwards holds nothing but is drawn."""
        return self.notation if self.notation and self.notation.kind is NotationKind.RANGE else None


@dataclass(frozen=True)
class _Axis:
    """Where a value lies on the drawing; what is beyond its ends is drawn at them."""

    low: Fraction
    high: Fraction

    def x(self, value: Decimal | Fraction | None, otherwise: int = LEFT) -> Fraction:
        if value is None:
            return Fraction(otherwise)
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return LEFT + max(Fraction(0), min(Fraction(1), share)) * (RIGHT - LEFT)

    def holds(self, value: Decimal) -> bool:
        return self.low <= Fraction(value) <= self.high


def band_plot(template: Template, *, name: str, title: str, marks: Sequence[Mark] = ()) -> str | None:
    """The bands in use as an SVG element; None where no band has a number to draw.

    `name` makes the ids unique on the page. `marks` are drawn across all rows, each labelled in a line of its own.
    """
    bands = [_band(template, level) for level in LEVELS]
    ranges = [band.range for band in bands if band.range]
    if not ranges:
        return None
    axis = _axis(ranges, marks)
    gaps, shared = coverage(ranges, _places(template))
    height = MARKS_TOP + LINE * (len(marks) + bool(gaps or shared)) + 2
    parts = [
        f"<title id={_quoted(f'{name}-title')}>{escape(title)}</title>",
        f"<desc id={_quoted(f'{name}-desc')}>{escape(_described(template, bands, gaps, shared, marks))}</desc>",
        *_better(template.direction),
        *_columns(gaps, shared, axis, name),
        *_strip(template, axis),
        *(part for place, band in enumerate(bands) for part in _row(band, ROWS_TOP + place * ROW, axis)),
        *(part for place, mark in enumerate(marks) for part in _line(mark, place, axis)),
        *_figures(ranges, template.unit, axis),
        *(part for place, mark in enumerate(marks) for part in _label(mark, place, axis)),
        *_legend(gaps, shared, MARKS_TOP + LINE * len(marks), name),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" aria-labelledby={_quoted(f"{name}-title {name}-desc")} font-size="{FONT}"'
        f' fill="{INK}" stroke="none">{"".join(parts)}</svg>'
    )


def marks_of(template: Template, baselines: Iterable[tuple[str, Decimal | None]] = ()) -> tuple[Mark, ...]:
    """Target, pass line and baselines of a template, those that have a number."""
    criterion = template.pass_criterion.used if template.pass_criterion else ""
    found = [
        ("target", _("เป้าหมาย"), template.target, _deciding(template.target, template.direction)),
        ("pass", _("เกณฑ์ผ่าน"), criterion, _deciding(criterion, template.direction)),
        *(("baseline", _("ฐานข้อมูล"), text, value) for text, value in baselines),
    ]
    given = ((kind, f"{word} {_cut(text, 22)}", value) for kind, word, text, value in found)
    return tuple(Mark(kind, label, value) for kind, label, value in given if value is not None)


def _places(template: Template) -> int:
    """Decimals that a value of the template can have: steps and levels are whole."""
    return 0 if template.kind in (Kind.MILESTONE, Kind.LOWEST_OF) else template.decimals


def _deciding(text: str, direction: Direction) -> Decimal | None:
    """The number of a target or criterion that decides: the end towards the worse values."""
    notation = _read(text)
    if notation is None or notation.kind is not NotationKind.RANGE:
        return None
    ends = (notation.lower, notation.upper) if direction is Direction.HIGHER else (notation.upper, notation.lower)
    bound = ends[0] or ends[1]
    return bound.value if bound else None


def _read(text: str) -> Notation | None:
    try:
        return parse_notation(text)
    except NotationError:
        return None


def _band(template: Template, level: int) -> _Band:
    printed = next((text for at, text in template.bands if at == level), None)
    if printed is None:
        return _Band(level)
    notation = _read(printed.used)
    return _Band(level, printed.used, notation, _replaced(printed), unreadable=notation is None)


def _replaced(printed: Printed) -> Notation | None:
    """The printed band that a correction stands in for, where it is a range."""
    notation = _read(printed.printed) if printed.correction is not None else None
    return notation if notation and notation.kind is NotationKind.RANGE else None


def _axis(ranges: Iterable[Notation], marks: Iterable[Mark]) -> _Axis:
    """From the lowest to the highest number printed, and the marks that are not far beyond."""
    values = [Fraction(bound.value) for each in ranges for bound in (each.lower, each.upper) if bound]
    low, high = min(values), max(values)
    span = high - low or abs(high) / 2 or Fraction(1)
    near = [Fraction(mark.value) for mark in marks if low - span <= mark.value <= high + span]
    low, high = min([low, *near]), max([high, *near])
    margin = (high - low) / 8 or span / 4
    floor = Fraction(0) if low >= 0 else low - margin  # counts and shares do not go below nothing
    return _Axis(max(low - margin, floor), high + margin)


# Pieces of the drawing


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def _n(x: Fraction | int) -> str:
    return format_number(round_half_up(x, 1), thousands=False)


def _letters(text: str) -> int:
    """Letters that take room: Thai marks above and below take none."""
    return sum(unicodedata.category(letter) != "Mn" for letter in text)


def _cut(text: str, longest: int) -> str:
    clean = " ".join(text.split())
    return clean if _letters(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def _text(x: Fraction | int, y: Fraction | int, text: str, anchor: str = "start", fill: str = INK) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _rect(x: Fraction | int, y: int, width: Fraction | int, height: int, attributes: str) -> str:
    return f'<rect x="{_n(x)}" y="{y}" width="{_n(width)}" height="{height}" {attributes}/>'


def _better(direction: Direction) -> Iterator[str]:
    """Towards which side the better values lie, in words and with an arrow."""
    if direction is Direction.LOWER:
        yield _text(LEFT, FONT + 3, f"← {_('ยิ่งน้อยยิ่งดี')}", fill=QUIET)
    else:
        yield _text(RIGHT, FONT + 3, f"{_('ยิ่งมากยิ่งดี')} →", "end", QUIET)


def _columns(gaps: Sequence[Stretch], shared: Sequence[Stretch], axis: _Axis, name: str) -> Iterator[str]:
    """Where no band or more than one claims the value, behind all rows."""
    height = ROWS_BOTTOM - ROWS_TOP
    if gaps:
        yield (
            f'<defs><pattern id={_quoted(f"{name}-gap")} width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<path d="M0 6L6 0" stroke="{WRONG}" stroke-opacity="0.55"/></pattern></defs>'
        )
    for stretch in shared:
        yield _rect(*_reach(stretch, axis), height, f'fill="{SHARED}" stroke="#6b5200" stroke-dasharray="1 2"')
    for stretch in gaps:
        yield _rect(
            *_reach(stretch, axis), height, f'fill="url(#{escape(name)}-gap)" stroke="{WRONG}" stroke-opacity="0.6"'
        )


def _reach(stretch: Stretch, axis: _Axis) -> tuple[Fraction, int, Fraction]:
    start, end = axis.x(stretch.low, LEFT), axis.x(stretch.high, RIGHT)
    spare = max(Fraction(0), THINNEST - (end - start)) / 2
    return start - spare, ROWS_TOP, end - start + 2 * spare


def _strip(template: Template, axis: _Axis) -> Iterator[str]:
    """The level that each value gets, whatever the printed bands claim."""
    y = STRIP_TOP
    try:
        pieces = list(_pieces(template.scale, axis))
    except NotationError:
        yield _text(LEFT, y + 17, _("ยังให้ระดับไม่ได้ เพราะมีช่วงที่อ่านไม่ได้"), fill=WRONG)
        return
    for level, start, end in pieces:
        fill, ink = COLOURS[level]
        yield _rect(start, y, end - start, 22, f'fill="{fill}" stroke="{INK}" stroke-opacity="0.35"')
        if end - start >= FONT - 2:
            yield _text((start + end) / 2, y + 17, str(level), "middle", ink)
    yield _text(TEXT, y + 17, _("ระดับที่ได้"), fill=QUIET)


def _pieces(scale: Scale, axis: _Axis) -> Iterator[tuple[int, Fraction, Fraction]]:
    """Stretches of one level from left to right; a level that only one value gets has a thin one."""
    points, on_point, between = scale.table
    ends = [Fraction(LEFT), *(axis.x(point) for point in points), Fraction(RIGHT)]
    stretches = [(level, ends[place], ends[place + 1]) for place, level in enumerate(between)]
    for level, group in groupby(stretches, key=lambda piece: piece[0]):
        run = list(group)
        if run[-1][2] > run[0][1]:
            yield level, run[0][1], run[-1][2]
    for place, (point, level) in enumerate(zip(points, on_point, strict=True)):
        beside = [between[n] for n in (place, place + 1) if ends[n + 1] > ends[n]]
        if level not in beside:
            yield level, axis.x(point) - THINNEST / 2, axis.x(point) + THINNEST / 2


def _row(band: _Band, y: int, axis: _Axis) -> Iterator[str]:
    """The figure of the level, the reach of its band, and the band as it is printed."""
    fill, ink = COLOURS[band.level]
    yield f'<path d="M{LEFT} {y + ROW}H{RIGHT}" stroke="{QUIET}" stroke-opacity="0.2"/>'
    yield _rect(4, y + 1, 24, ROW - 3, f'rx="3" fill="{fill}" stroke="{INK}" stroke-opacity="0.35"')
    yield _text(16, y + 18, str(band.level), "middle", ink)
    if band.printed is not None:
        yield from _ghost(band.printed, y, axis)
    if band.unreadable:
        yield _rect(LEFT, y + 1, WIDTH - LEFT, ROW - 3, 'fill="#ffffff"')
        yield _text(LEFT, y + 18, _("อ่านไม่ได้: %(text)s") % {"text": _cut(band.text, 24)}, fill=WRONG)
        return
    if band.range is not None:
        yield from _bar(band.range, fill, y + (ROW - BAR) // 2, axis)
    yield _text(TEXT, y + 18, _cut(band.text, LONGEST) or "–", fill=INK if band.range else QUIET)


def _ghost(notation: Notation, y: int, axis: _Axis) -> Iterator[str]:
    """What is printed and no longer used: an outline."""
    start, end = sorted((axis.x(_value(notation.lower), LEFT), axis.x(_value(notation.upper), RIGHT)))
    width = max(end - start, THINNEST)
    yield _rect(start, y + 2, width, ROW - 4, f'fill="none" stroke="{QUIET}" stroke-dasharray="3 2"')


def _value(bound: Bound | None) -> Decimal | None:
    return bound.value if bound else None


def _bar(notation: Notation, fill: str, y: int, axis: _Axis) -> Iterator[str]:
    """From end to end: arrows where it is open, dots at its ends, hollow where the end itself is left out."""
    start, end = axis.x(_value(notation.lower), LEFT), axis.x(_value(notation.upper), RIGHT)
    middle, edge = y + BAR // 2, f'stroke="{INK}" stroke-opacity="0.6"'
    if notation.backwards:
        yield f'<path d="M{_n(start)} {middle}H{_n(end)}" stroke="{WRONG}" stroke-width="3" stroke-dasharray="4 3"/>'
    elif end > start:
        yield _rect(start, y, end - start, BAR, f'fill="{fill}" {edge}')
    for bound, x, outwards in ((notation.lower, start, -1), (notation.upper, end, 1)):
        yield _end(bound, x, middle, fill) if bound else _arrow(x, middle, outwards, fill)


def _end(bound: Bound, x: Fraction, y: int, fill: str) -> str:
    inside = fill if bound.inclusive else "#ffffff"
    return f'<circle cx="{_n(x)}" cy="{y}" r="5" fill="{inside}" stroke="{INK}" stroke-width="1.5"/>'


def _arrow(x: Fraction, y: int, outwards: int, fill: str) -> str:
    tip = x + 8 * outwards
    return (
        f'<path d="M{_n(x)} {y - 8}L{_n(tip)} {y}L{_n(x)} {y + 8}Z" fill="{fill}" stroke="{INK}" stroke-opacity="0.6"/>'
    )


def _figures(ranges: Iterable[Notation], unit: str, axis: _Axis) -> Iterator[str]:
    """The numbers of the bands under the axis: the outer ones, and of the others those that find room."""
    values = sorted({bound.value for each in ranges for bound in (each.lower, each.upper) if bound})
    taken: list[tuple[Fraction, Fraction]] = []
    for value in dict.fromkeys((values[0], values[-1], *values)):
        text = format_number(value)
        half = len(text) * LETTER / 2
        x = max(half, min(axis.x(value), WIDTH - half))
        if all(x + half + 4 <= start or end + 4 <= x - half for start, end in taken):
            taken.append((x - half, x + half))
            yield f'<path d="M{_n(axis.x(value))} {ROWS_BOTTOM}v5" stroke="{INK}"/>'
            yield _rect(x - half, AXIS - 13, 2 * half, 17, 'fill="#ffffff"')
            yield _text(x, AXIS, text, "middle", QUIET)
    yield f'<path d="M{LEFT} {ROWS_BOTTOM}H{RIGHT}" stroke="{INK}"/>'
    room = WIDTH - TEXT - max(Fraction(0), *(end - TEXT + 4 for _start, end in taken))
    if unit and _letters(unit) * LETTER <= room:
        yield _text(WIDTH, AXIS, unit, "end", QUIET)


def _line(mark: Mark, place: int, axis: _Axis) -> Iterator[str]:
    """Across all rows, down to the mark's own line of text."""
    x, y = _n(axis.x(mark.value)), MARKS_TOP + LINE * place
    dash = DASHES.get(mark.kind, "")
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    yield f'<path d="M{x} {ROWS_TOP - 6}V{y + 4}" stroke="{INK}" stroke-width="1.6"{dashes}/>'


def _label(mark: Mark, place: int, axis: _Axis) -> Iterator[str]:
    """Beside the end of its line, where there is room; each in a line of its own, so that no two meet."""
    x, y = axis.x(mark.value), MARKS_TOP + LINE * place
    label = mark.label if axis.holds(mark.value) else _("%(label)s (อยู่นอกภาพ)") % {"label": mark.label}
    width = _letters(label) * LETTER
    start = x + 8 if x + 8 + width <= WIDTH else max(Fraction(0), min(x - 8 - width, WIDTH - width))
    yield _rect(start, y - 2, width, LINE - 3, 'fill="#ffffff"')
    yield f'<path d="M{_n(x - 5)} {y + 12}L{_n(x)} {y + 3}L{_n(x + 5)} {y + 12}Z" fill="{INK}"/>'
    yield _text(start, y + 14, label)


def _legend(gaps: Sequence[Stretch], shared: Sequence[Stretch], y: int, name: str) -> Iterator[str]:
    """What the columns behind the rows mean, where there are any."""
    x = Fraction(4)
    wanted = [
        (gaps, f'fill="url(#{escape(name)}-gap)" stroke="{WRONG}"', _("ไม่มีช่วงใดรับ")),
        (shared, f'fill="{SHARED}" stroke="#6b5200" stroke-dasharray="1 2"', _("รับซ้อนกัน")),
    ]
    for stretches, look, word in wanted:
        if stretches:
            yield _rect(x, y + 1, 18, 14, look)
            yield _text(x + 24, y + 14, word)
            x += 44 + _letters(word) * LETTER


# The same in words


def _described(
    template: Template,
    bands: Iterable[_Band],
    gaps: Iterable[Stretch],
    shared: Iterable[Stretch],
    marks: Iterable[Mark],
) -> str:
    lower = template.direction is Direction.LOWER
    parts = [_("ยิ่งน้อยยิ่งดี") if lower else _("ยิ่งมากยิ่งดี")]
    parts += [_("ระดับ %(level)s: %(text)s") % {"level": b.level, "text": b.text.strip() or "–"} for b in bands]
    parts += [_("ไม่มีช่วงใดรับ %(stretch)s") % {"stretch": stretch.words} for stretch in gaps]
    parts += [_("รับซ้อนกัน %(stretch)s") % {"stretch": stretch.words} for stretch in shared]
    return "; ".join([*parts, *(mark.label for mark in marks)])
