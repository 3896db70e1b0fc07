"""Levels of many KPIs in one figure: groups under a parent, weighted totals, grades.

DESIGN.md sections 4 (groups, lowest of several) and 5 (weighted totals). Levels are exact fractions of
the scale 0 to 5 here; rounding is for those who show them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .levels import Direction, Edge
from .notation import Notation
from .numbers import round_half_up

HIGHEST_LEVEL = 5
PERCENT_PER_LEVEL = 20
LEVEL_DECIMALS = 4
PERCENT_DECIMALS = 2


def combine_mean(levels: Sequence[Decimal]) -> Decimal | None:
    """The parent's level where groups have bands of their own, as 7(2): their mean, to four decimals."""
    if not levels:
        return None
    return round_half_up(sum(map(Fraction, levels), Fraction(0)) / len(levels), LEVEL_DECIMALS)


def combine_lowest(levels: Sequence[Decimal]) -> Decimal | None:
    """The parent's level where several domains are judged together, as 27: the lowest of theirs."""
    return min(levels, default=None)


@dataclass(frozen=True)
class Standing:
    """How one weighted KPI stands as of a month.

    `due`: the due day of one of its rounds has passed. `reported`: its latest due round is approved.
    `open_rounds`: at least one round of this year is not approved yet. `computable`: False where the
    formula cannot be computed, which counts as missing; 0/0 is `applicable=False` instead.
    """

    weight: Decimal | None
    level: Decimal | None
    due: bool = True
    reported: bool = True
    applicable: bool = True
    open_rounds: bool = False
    computable: bool = True

    @property
    def counts_as(self) -> Fraction:
        """The level with which it enters a sum: nothing to show is 0."""
        return Fraction(self.level) if self.level is not None and self.computable else Fraction(0)

    @property
    def has_report(self) -> bool:
        return self.reported and self.computable and self.level is not None

    @property
    def at_best(self) -> Fraction:
        return Fraction(HIGHEST_LEVEL) if self.open_rounds else self.counts_as

    @property
    def at_worst(self) -> Fraction:
        return Fraction(0) if self.open_rounds else self.counts_as


@dataclass(frozen=True)
class Totals:
    """The five figures of DESIGN.md section 5, always shown together, and the weights behind them.

    `reported`, `official`, `best` and `worst` are levels from 0 to 5, `coverage` is a share from 0 to 1;
    None where there is no weight to divide by.
    """

    reported: Fraction | None
    official: Fraction | None
    coverage: Fraction | None
    best: Fraction | None
    worst: Fraction | None
    weight_due: Decimal
    weight_reported: Decimal
    weight_all: Decimal

    @staticmethod
    def percent_of(level: Fraction | Decimal | None) -> Decimal | None:
        """A level as percent (x 20), rounded half-up to two decimals."""
        return None if level is None else round_half_up(Fraction(level) * PERCENT_PER_LEVEL, PERCENT_DECIMALS)

    @staticmethod
    def shown(level: Fraction | Decimal | None) -> Decimal | None:
        """A level as it is shown: rounded half-up to four decimals."""
        return None if level is None else round_half_up(Fraction(level), LEVEL_DECIMALS)

    @property
    def coverage_percent(self) -> Decimal | None:
        """The coverage as percent, rounded half-up to two decimals."""
        return None if self.coverage is None else round_half_up(self.coverage * 100, PERCENT_DECIMALS)


def weighted_totals(standings: Iterable[Standing]) -> Totals:
    """Sum up any set of KPIs: the plan, an issue, a theme, a unit (DESIGN.md section 5).

    A KPI without weight is no part of any sum, nor is one that is not applicable; one that is not yet
    due enters only what the year can still reach.
    """
    all_year = [(Fraction(s.weight), s) for s in standings if s.weight and s.weight > 0 and s.applicable]
    due = [(weight, standing) for weight, standing in all_year if standing.due]
    reported = [(weight, standing) for weight, standing in due if standing.has_report]
    earned = _sum(weight * standing.counts_as for weight, standing in reported)
    weight_all, weight_due, weight_reported = (_sum(w for w, _s in rows) for rows in (all_year, due, reported))
    return Totals(
        reported=_share(earned, weight_reported),
        official=_share(earned, weight_due),
        coverage=_share(weight_reported, weight_due),
        best=_share(_sum(weight * standing.at_best for weight, standing in all_year), weight_all),
        worst=_share(_sum(weight * standing.at_worst for weight, standing in all_year), weight_all),
        weight_due=_decimal(weight_due),
        weight_reported=_decimal(weight_reported),
        weight_all=_decimal(weight_all),
    )


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def _share(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None


def _decimal(weight: Fraction) -> Decimal:
    # Sums of decimals divide evenly.
    return Decimal(weight.numerator) / Decimal(weight.denominator)


def grade_of(percent: Decimal | None, grades: Sequence[tuple[str, Notation]]) -> str | None:
    """The grade that a percent earns by the edge rule; None where there is no percent, or none is earned.

    The percent is rounded half-up to two decimals first. As printed (>80 A, 70-79 B, …, <50 F), 79.5 is
    a B and exactly 80 is a B too, for its edge excludes 80.
    """
    if percent is None:
        return None
    rounded = round_half_up(percent, PERCENT_DECIMALS)
    reached = [(notation, name) for name, notation in grades if _reaches(rounded, notation)]
    return max(reached, key=lambda pair: _edge_order(pair[0]))[1] if reached else None


def _reaches(value: Decimal, notation: Notation) -> bool:
    bound = notation.lower
    return bound is None or Edge(0, bound.value, bound.inclusive).reached_by(value, Direction.HIGHER)


def _edge_order(notation: Notation) -> tuple[int, Decimal]:
    """Open edges first, for everything reaches them; then by their number."""
    return (0, Decimal(0)) if notation.lower is None else (1, notation.lower.value)
