"""Figures to SVG: a small chart drawn on the server, for the page and the print alike.

Presentation attributes only, no style=, so that a strict content policy holds; everything is drawn in the
colour of the text around it, and passing is told by the shape. Coordinates are exact until they are printed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape

from .numbers import format_number, round_half_up

HEIGHT = 240
LEFT, RIGHT, TOP, BOTTOM = 24, 24, 40, 44  # pixels around the drawing
STEP = 58  # pixels for a point, at the least
NARROWEST = 480  # so that the target's word has room where the year has few rounds
LETTER = 10  # pixels for a digit of a label
RADIUS = 5
FONT = 16


@dataclass(frozen=True)
class Point:
    """One round: its short label, its value (None: nothing to draw), whether it passes (None: not judged)."""

    label: str
    value: Decimal | None
    passed: bool | None = None


@dataclass(frozen=True)
class Target:
    """The edge that the values are held against, with its word."""

    value: Decimal
    label: str


@dataclass(frozen=True)
class _Frame:
    """Where values and rounds lie on the drawing."""

    low: Fraction
    high: Fraction
    step: int

    def x(self, place: int) -> Fraction:
        return Fraction(LEFT) + Fraction(self.step) * (place + Fraction(1, 2))

    def y(self, value: Decimal) -> Fraction:
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def trend(
    points: Sequence[Point],
    *,
    name: str,
    title: str,
    desc: str,
    target: Target | None = None,
    decimals: int | None = None,
) -> str:
    """A line chart of values over rounds with the target's line, as an SVG element; empty where no value is given.

    `decimals` is for the figures on it. `name` makes the ids of title and description unique on the page. The line
    breaks where a round has no value.
    """
    given = [point.value for point in points if point.value is not None]
    if not given:
        return ""
    labels = [format_number(point.value, decimals) for point in points]
    values = [*given, target.value] if target else given
    frame = _frame(values, [*labels, *(point.label for point in points)], len(points))
    width = LEFT + RIGHT + frame.step * len(points)
    parts = [
        f"<title id={_quoted(f'{name}-title')}>{escape(title)}</title>",
        f"<desc id={_quoted(f'{name}-desc')}>{escape(desc)}</desc>",
        *_ground(points, frame, width),
        *(_target_line(target, frame, width) if target else ()),
        *_lines(points, frame),
        *_marks(points, labels, frame),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {HEIGHT}" width="{width}"'
        f' height="{HEIGHT}" aria-labelledby={_quoted(f"{name}-title {name}-desc")} font-size="{FONT}"'
        f' fill="currentColor" stroke="none">{"".join(parts)}</svg>'
    )


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def _frame(values: Iterable[Decimal], labels: Iterable[str], number: int) -> _Frame:
    exact = [Fraction(value) for value in values]
    low, high = min(exact), max(exact)
    margin = (high - low) / 5 or abs(high) / 5 or Fraction(1)
    floor = Fraction(0) if low >= 0 else low - margin  # counts and shares do not go below nothing
    step = max(STEP, LETTER * max(map(len, labels)), (NARROWEST - LEFT - RIGHT) // number)
    return _Frame(max(low - margin, floor), high + margin, step)


def _number(x: Fraction | int) -> str:
    return format_number(round_half_up(x, 1), thousands=False)


def _ground(points: Sequence[Point], frame: _Frame, width: int) -> Iterator[str]:
    """The ground line with the labels of the rounds, and a dash where a round has no value."""
    base = HEIGHT - BOTTOM
    yield f'<path d="M{LEFT} {base}H{width - RIGHT}" stroke="currentColor" stroke-opacity="0.35"/>'
    for place, point in enumerate(points):
        x = _number(frame.x(place))
        yield f'<text x="{x}" y="{base + 24}" text-anchor="middle">{escape(point.label)}</text>'
        if point.value is None:
            yield f'<text x="{x}" y="{base - 8}" text-anchor="middle" fill-opacity="0.6">–</text>'


def _target_line(target: Target, frame: _Frame, width: int) -> Iterator[str]:
    y = _number(frame.y(target.value))
    yield f'<path d="M{LEFT} {y}H{width - RIGHT}" stroke="currentColor" stroke-dasharray="6 5" stroke-opacity="0.7"/>'
    yield f'<text x="{LEFT}" y="{FONT + 2}">- - - {escape(target.label)}</text>'


def _lines(points: Sequence[Point], frame: _Frame) -> Iterator[str]:
    """One stroke for each run of rounds without a gap."""
    for run in _runs(points):
        if len(run) > 1:
            path = "L".join(f"{_number(frame.x(place))} {_number(frame.y(value))}" for place, value in run)
            yield f'<path d="M{path}" fill="none" stroke="currentColor" stroke-width="2"/>'


def _runs(points: Sequence[Point]) -> Iterator[list[tuple[int, Decimal]]]:
    run: list[tuple[int, Decimal]] = []
    for place, point in enumerate(points):
        if point.value is not None:
            run.append((place, point.value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _marks(points: Sequence[Point], labels: Sequence[str], frame: _Frame) -> Iterator[str]:
    """A filled dot where it passes, an empty diamond where it fails; the value above it."""
    for place, (point, label) in enumerate(zip(points, labels, strict=True)):
        if point.value is None:
            continue
        x, y = frame.x(place), frame.y(point.value)
        yield _diamond(x, y) if point.passed is False else _dot(x, y)
        yield f'<text x="{_number(x)}" y="{_number(y - 12)}" text-anchor="middle">{escape(label)}</text>'


def _dot(x: Fraction, y: Fraction) -> str:
    return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{RADIUS}"/>'


def _diamond(x: Fraction, y: Fraction) -> str:
    reach = RADIUS + 2
    corners = ((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y))
    path = "L".join(f"{_number(a)} {_number(b)}" for a, b in corners)
    return f'<path d="M{path}Z" fill="#ffffff" stroke="currentColor" stroke-width="2"/>'
