"""The values that results of a template can have, as a row of whole numbers, and its notations as parts of that row.

A value is rounded before it is banded, so of a measure with two decimals only the hundredths can occur. On that
grid "in no band", "in two bands" and "the worst value that still passes" are questions about whole numbers.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from ..formula import FormulaError, parse_formula
from ..levels import Direction
from ..notation import Bound, Notation, NotationError, NotationKind, parse_notation
from ..numbers import SIGNIFICANT_DIGITS, WIDE, format_number
from ..spans import ANY, PERCENT, Span, formula_span
from ..template import Item, ItemKind, Kind, Measure, Template

TOP_LEVEL = 5
DONE_UNIT = "ข้อ"

# Kinds whose value is a number that bands, targets and criteria speak of.
MEASURED = (Kind.FORMULA, Kind.PASS_SHARE, Kind.CHECKLIST, Kind.MILESTONE, Kind.LOWEST_OF)
# A milestone's target names the level itself: level 4 is what the plan wants that year.
WANTS_TOP = (Kind.FORMULA, Kind.PASS_SHARE, Kind.CHECKLIST)


def value_span(template: Template) -> Span:
    """Between which values a result of the template can lie."""
    match template.kind:
        case Kind.MILESTONE:
            return _counted(len(template.steps) or TOP_LEVEL)
        case Kind.LOWEST_OF:
            return _counted(TOP_LEVEL)
        case Kind.QUALITATIVE:
            return _counted(1)
        case Kind.PASS_SHARE:
            return Span(Fraction(0), Fraction(PERCENT))
        case Kind.CHECKLIST:
            return _marks(template)
        case Kind.FORMULA:
            return _formula(template)
    return ANY


def _counted(most: int) -> Span:
    return Span(Fraction(0), Fraction(most), whole=True)


def _marks(template: Template) -> Span:
    if template.measure is Measure.PERCENT:
        return Span(Fraction(0), Fraction(PERCENT))
    groups = [group for group in template.groups if group.all_or_nothing]
    codes = {group.code for group in groups}
    items = [item for item in template.items if item.group not in codes]
    full = sum((_full(item) for item in items), Decimal(0)) + sum(
        (group.full or Decimal(0) for group in groups), Decimal(0)
    )
    whole = all(item.kind is ItemKind.TICK and _full(item) % 1 == 0 for item in items)
    return Span(Fraction(0), Fraction(full), whole=whole)


def _full(item: Item) -> Decimal:
    """A tick without printed marks is worth one."""
    return item.full if item.full is not None else Decimal(1)


def _formula(template: Template) -> Span:
    try:
        formula = parse_formula(template.formula)
    except FormulaError:
        return ANY
    return formula_span(formula, {item.code: item for item in template.items})


Range = tuple[int | None, int | None]


@dataclass(frozen=True)
class Grid:
    """The values that can occur, numbered: place 7150 is 71.50 with two decimals. None: no end on that side."""

    direction: Direction
    decimals: int
    low: int | None = None
    high: int | None = None

    @property
    def whole(self) -> bool:
        return self.decimals == 0

    @property
    def higher(self) -> bool:
        return self.direction is Direction.HIGHER

    def value(self, place: int) -> Decimal:
        """The number of a place, without zeros at its end."""
        value = WIDE.scaleb(Decimal(place), -self.decimals)
        plain = value.normalize(WIDE)
        return plain if plain == value and plain.as_tuple().exponent <= 0 else value.to_integral_value()  # type: ignore[operator]

    def words(self, place: int) -> str:
        return format_number(self.value(place), thousands=False)

    def range_of(self, notation: Notation) -> Range:
        """First and last place within the printed interval; the ends of the grid where it is open."""
        first, last = self._first(notation.lower), self._last(notation.upper)
        first = first if self.low is None else max(self.low, self.low if first is None else first)
        last = last if self.high is None else min(self.high, self.high if last is None else last)
        return first, last

    def _scaled(self, bound: Bound) -> Fraction:
        return Fraction(bound.value) * Fraction(10**self.decimals)

    def _first(self, bound: Bound | None) -> int | None:
        if bound is None:
            return None
        return ceil(self._scaled(bound)) if bound.inclusive else floor(self._scaled(bound)) + 1

    def _last(self, bound: Bound | None) -> int | None:
        if bound is None:
            return None
        return floor(self._scaled(bound)) if bound.inclusive else ceil(self._scaled(bound)) - 1

    def edge(self, notation: Notation) -> int | None:
        """The worst place that reaches what the notation says; None where it is open on the worse side."""
        return self._first(notation.lower) if self.higher else self._last(notation.upper)

    def better(self, place: int, than: int) -> bool:
        return place > than if self.higher else place < than

    def holds(self, place: int) -> bool:
        return (self.low is None or place >= self.low) and (self.high is None or place <= self.high)


def grid_of(template: Template) -> Grid:
    """The row of values of a template."""
    span = value_span(template)
    decimals = 0 if span.whole else template.decimals
    scale = 10**decimals
    low = None if span.low is None else ceil(span.low * scale)
    high = None if span.high is None else floor(span.high * scale)
    return Grid(template.direction, decimals, low, high)


def is_empty(part: Range) -> bool:
    first, last = part
    return first is not None and last is not None and first > last


def shared(left: Range, right: Range) -> Range:
    """What two parts of the row have in common."""
    firsts = [first for first in (left[0], right[0]) if first is not None]
    lasts = [last for last in (left[1], right[1]) if last is not None]
    return max(firsts, default=None), min(lasts, default=None)


def reads(text: str) -> Notation | None:
    """The notation where the text is one that speaks of numbers."""
    try:
        notation = parse_notation(text)
    except NotationError:
        return None
    return notation if notation.kind is NotationKind.RANGE else None


def leading(notation: Notation, direction: Direction) -> Bound | None:
    """The bound that decides: the lower one where higher is better, else the upper; the other where that is open."""
    if direction is Direction.HIGHER:
        return notation.lower or notation.upper
    return notation.upper or notation.lower


def faces_away(notation: Notation, direction: Direction) -> bool:
    """Whether an open notation points to the worse values: ≥10 where lower is better."""
    open_side = notation.upper if direction is Direction.HIGHER else notation.lower
    closed = notation.lower if direction is Direction.HIGHER else notation.upper
    return closed is None and open_side is not None and "ลดลง" not in notation.prefix and "ต่ำกว่า" not in notation.prefix


def is_change(notation: Notation) -> bool:
    """Whether it speaks of a change (ลดลง >5) and not of the value itself."""
    return "ลดลง" in notation.prefix or "เพิ่มขึ้น" in notation.prefix


def that_or_better(number: Decimal, like: Notation, direction: Direction, *, inclusive: bool = True) -> str:
    """ "≥89", in the words of the notation that it replaces."""
    bound = Bound(_as_in(number, like), inclusive)
    plain = _plain(like)
    higher = direction is Direction.HIGHER
    return replace(plain, lower=bound if higher else None, upper=None if higher else bound).print()


def beyond(bound: Bound, like: Notation, direction: Direction) -> str:
    """All that is worse than a bound: "<72" of a band that begins at 72; of a pair "<76 : >24"."""
    higher = direction is Direction.HIGHER
    rest = Bound(bound.value, inclusive=not bound.inclusive)
    plain = replace(_plain(like), lower=None if higher else rest, upper=rest if higher else None)
    if like.companion is None:
        return plain.print()
    halves = [half.lower or half.upper for half in (like, like.companion)]
    of_hundred = sum(half.value for half in halves if half) == PERCENT
    return _with_rest(plain, rest, like.companion) if of_hundred else ""


def _with_rest(first: Notation, bound: Bound, companion: Notation) -> str:
    """The pair of a one-sided half and what it leaves of a hundred; empty where the second half is something else."""
    if companion.lower and companion.upper and not companion.bare:
        return ""
    rest = Bound(PERCENT - bound.value, bound.inclusive)
    lower = first.upper is not None
    second = replace(_plain(companion), lower=rest if lower else None, upper=None if lower else rest)
    return replace(first, companion=second).print()


def worse_than(notation: Notation, direction: Direction) -> str:
    """What a pass criterion leaves: "<85" of "≥85"; empty where it is a range."""
    bound = leading(notation, direction)
    if bound is None or (notation.lower and notation.upper and not notation.bare):
        return ""
    rest = Bound(bound.value, inclusive=not bound.inclusive)
    plain = _plain(notation)
    higher = direction is Direction.HIGHER
    return replace(plain, lower=None if higher else rest, upper=rest if higher else None).print()


def between(low: Decimal, high: Decimal, like: Notation) -> str:
    """ "65 - 69.99", in the words of the notation that it replaces."""
    plain = _plain(like)
    low, high = _as_in(low, like), _as_in(high, like)
    if low == high:
        return replace(plain, lower=Bound(low, inclusive=True), upper=Bound(low, inclusive=True), bare=True).print()
    return replace(plain, lower=Bound(low, inclusive=True), upper=Bound(high, inclusive=True)).print()


def _plain(like: Notation) -> Notation:
    return Notation(unit=like.unit, prefix=like.prefix)


def printed_places(like: Notation) -> int:
    """With how many decimals a notation prints its numbers: 1 of "13.1 - 14.0"."""
    return max((places_after_point(bound.value) for bound in (like.lower, like.upper) if bound), default=0)


def with_places(number: Decimal, places: int) -> Decimal:
    """A number with zeros up to so many decimals, where that can still be read."""
    padded = number.quantize(Decimal(1).scaleb(-places), context=WIDE)
    return padded if len(padded.as_tuple().digits) <= SIGNIFICANT_DIGITS else number


def _as_in(number: Decimal, like: Notation) -> Decimal:
    """A number as a notation prints it, else with no fewer decimals than its others: 10 beside 10.1 is 10.0."""
    for bound in (like.lower, like.upper):
        if bound is not None and bound.value == number:
            return bound.value
    plain = number.normalize(WIDE)
    places = max(printed_places(like), places_after_point(plain))
    return with_places(plain, places)


def places_after_point(number: Decimal) -> int:
    """How many decimals a number was printed with."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True)
class Aim:
    """A target as the worst value that meets it. `strict`: the printed number itself does not (>95)."""

    text: str
    notation: Notation
    number: Decimal
    place: int
    strict: bool


def aim_of(text: str, grid: Grid) -> Aim | None:
    """The target that a text names; None where it names none, or one of the other direction."""
    notation = reads(text) if text else None
    bound = leading(notation, grid.direction) if notation else None
    if notation is None or bound is None or faces_away(notation, grid.direction):
        return None
    facing = notation.lower if grid.higher else notation.upper
    bound = facing or Bound(bound.value, bound.inclusive)
    strict = not bound.inclusive
    edge = Notation(lower=bound) if grid.higher else Notation(upper=bound)
    place = grid.edge(edge)
    return None if place is None else Aim(text.strip(), notation, bound.value, place, strict)
