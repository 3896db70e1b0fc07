"""From a value to its level 0 to 5, and whether it passes (DESIGN.md section 3, "edge rule" to "Passing")."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from .notation import Notation, NotationKind
from .numbers import WIDE, exact, round_half_up

INTERPOLATED_DECIMALS = 4


class Direction(StrEnum):
    """Which values are the better ones."""

    HIGHER = "higher"
    LOWER = "lower"


class Policy(StrEnum):
    """How a value becomes a score."""

    BANDS = "bands"
    INTERPOLATED = "interpolated"


@dataclass(frozen=True)
class Edge:
    """The worst value that still earns ``level``; ``value`` None where the band is open on that side."""

    level: int
    value: Decimal | None
    inclusive: bool

    def reached_by(self, value: Decimal | Fraction, direction: Direction) -> bool:
        """Whether ``value`` is on the edge's better side; an open edge is always reached."""
        if self.value is None:
            return True
        if value == self.value:
            return self.inclusive
        return (value > self.value) == (direction is Direction.HIGHER)


@dataclass(frozen=True)
class Scale:
    """The printed bands of one template, by level. The band at level 0 decides nothing."""

    direction: Direction
    bands: tuple[tuple[int, Notation], ...]

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """One edge for each level 1 to 5 that has a band, by rising level."""
        return tuple(_edge(level, band, self.direction) for level, band in self.scored)

    @cached_property
    def scored(self) -> list[tuple[int, Notation]]:
        """The bands that decide: of levels 1 to 5 and filled, by rising level."""
        scored = [(level, band) for level, band in self.bands if level > 0 and band.kind is NotationKind.RANGE]
        return sorted(scored, key=lambda pair: pair[0])

    @cached_property
    def table(self) -> tuple[list[Decimal], list[int], list[int]]:
        """Rising points, the level exactly on each, and the level below, between and above them.

        The edge rule worked out beforehand, so that a level is one binary search.
        """
        points = sorted({edge.value for edge in self.edges if edge.value is not None})
        return points, [_highest(self, p) for p in points], [_highest(self, p) for p in _between(points)]


def _edge(level: int, band: Notation, direction: Direction) -> Edge:
    bound = band.lower if direction is Direction.HIGHER else band.upper
    return Edge(level, bound.value, bound.inclusive) if bound else Edge(level, None, inclusive=True)


def _between(points: Sequence[Decimal]) -> list[Decimal]:
    """A value below all points, one between each two, one above all."""
    if not points:
        return [Decimal(0)]
    inner = [WIDE.divide(WIDE.add(low, high), 2) for low, high in pairwise(points)]
    return [WIDE.subtract(points[0], 1), *inner, WIDE.add(points[-1], 1)]


def _highest(scale: Scale, value: Decimal) -> int:
    """The edge rule itself: the highest level whose edge is reached, else 0."""
    return max((edge.level for edge in scale.edges if edge.reached_by(value, scale.direction)), default=0)


def level_of(value: Decimal, scale: Scale) -> int:
    """The level 0 to 5 of a rounded value: the highest one whose edge it reaches, 0 if it reaches none."""
    points, on_point, between = scale.table
    place = bisect_left(points, value)
    if place < len(points) and points[place] == value:
        return on_point[place]
    return between[place]


def reached_edge(value: Decimal, scale: Scale) -> Edge | None:
    """The edge that gave ``value`` its level; None at level 0."""
    level = level_of(value, scale)
    return next((edge for edge in scale.edges if edge.level == level), None)


def next_edge(level: int, scale: Scale) -> Edge | None:
    """The edge of the next level up that has one; a value at ``level`` has not reached it. None at the top."""
    return next((edge for edge in scale.edges if edge.level > level), None)


def interpolated(value: Fraction, scale: Scale) -> Decimal:
    """The score between the levels, four decimals, of an unrounded value (DESIGN.md section 3, "Interpolation").

    Held at the lowest and the highest level that has an edge. A level with an open edge is held up to the next
    level's edge: without a number there is no slope. A scale without edges gives 0.
    """
    reached = _point_reached(value, scale)
    if reached is None:
        return round_half_up(scale.edges[0].level if scale.edges else 0, INTERPOLATED_DECIMALS)
    following = next_edge(reached.level, scale)
    if following is None or reached.value is None or following.value is None:
        return round_half_up(reached.level, INTERPOLATED_DECIMALS)
    start, end = exact(reached.value), exact(following.value)
    share = (value - start) / (end - start)
    return round_half_up(reached.level + share * (following.level - reached.level), INTERPOLATED_DECIMALS)


def _point_reached(value: Fraction, scale: Scale) -> Edge | None:
    """The highest edge at or behind ``value``; as points of a line, edges count whatever their sign."""
    points = [edge for edge in scale.edges if edge.value is None or value == exact(edge.value)]
    points += [edge for edge in scale.edges if edge.reached_by(value, scale.direction)]
    return max(points, key=lambda edge: edge.level, default=None)


def passes(value: Decimal, criterion: Notation | None, direction: Direction) -> bool | None:
    """Whether ``value`` meets the pass criterion; a bare number means "that or better". None without a criterion."""
    if criterion is None or criterion.kind is not NotationKind.RANGE:
        return None
    if not criterion.bare or criterion.lower is None:
        return criterion.contains(value)
    return value >= criterion.lower.value if direction is Direction.HIGHER else value <= criterion.lower.value


def direction_contradiction(scale: Scale) -> bool:
    """Whether the first printed numbers of levels 1 to 5 mostly run against the scale's direction."""
    firsts = [bound.value for _level, band in scale.scored if (bound := band.lower or band.upper)]
    rises = sum((after > before) - (after < before) for before, after in pairwise(firsts))
    return rises < 0 if scale.direction is Direction.HIGHER else rises > 0
