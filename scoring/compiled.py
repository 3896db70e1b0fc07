"""A template made ready for many results: its formula as closures, its bands as a table of points.

The slow part (reading texts) happens once; what is left for each result is integer arithmetic, one
rounding and one search among at most five edges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .formula import Formula, Ratio, Values, rounded_units
from .levels import Policy, Scale, interpolated, level_of
from .numbers import WIDE

LEVELS = tuple(Decimal(level) for level in range(6))


def decimal_of(ratio: Ratio, decimals: int) -> Decimal:
    """A ratio rounded half-up to `decimals` places: what `numbers.round_half_up` gives, without a Fraction."""
    return WIDE.scaleb(Decimal(rounded_units(ratio, decimals)), -decimals)


Derived = tuple[tuple[str, Formula], ...]


def complete(derived: Derived, data: Values) -> Values:
    """The data with what can be derived from it. CannotCompute or NoCases where a derived formula divides by zero."""
    found = dict(data)
    pending = [pair for pair in derived if found.get(pair[0]) is None]
    # Each pass settles at least one, so items derived from derived items are found, and circles end.
    for _pass in range(len(pending)):
        for code, formula in pending:
            if found.get(code) is None and all(found.get(name) is not None for name in formula.names):
                found[code] = Fraction(*formula.run(found))
    return found


@dataclass(frozen=True)
class Calculation:
    """The formula of a template with the items that can be derived from others."""

    formula: Formula
    derived: Derived = ()

    def run(self, data: Values) -> Ratio:
        """The scored number, unrounded. CannotCompute or NoCases where there is none."""
        return self.formula.run(self.complete(data) if self.derived else data)

    def run_second(self, data: Values) -> Ratio | None:
        """The second half of a pair, unrounded."""
        second = self.formula.run_second
        return second(self.complete(data)) if second else None

    def complete(self, data: Values) -> Values:
        """The data with the derived items that were not given but can be computed from what was."""
        return complete(self.derived, data)

    def missing(self, data: Values) -> tuple[str, ...]:
        """The items that must still be given, in the order of the formula; a derived one by what it is made of."""
        complete = self.complete(data)
        sources = dict(self.derived)
        wanted = [name for name in self.formula.ordered_names if complete.get(name) is None]
        for _pass in range(len(sources)):
            wanted = list(dict.fromkeys(part for name in wanted for part in _parts(name, sources, complete)))
        return tuple(wanted)


def _parts(name: str, sources: Mapping[str, Formula], data: Values) -> list[str]:
    formula = sources.get(name)
    parts = [part for part in formula.ordered_names if data.get(part) is None] if formula else []
    return parts or [name]


@dataclass(frozen=True)
class Ruler:
    """The bands of a template, ready to be compared."""

    scale: Scale
    policy: Policy

    def level(self, value: Decimal, ratio: Ratio) -> Decimal | None:
        """The level of a rounded value; by interpolation that of the unrounded one. None without bands."""
        if not self.scale.edges:
            return None
        if self.policy is Policy.INTERPOLATED:
            return interpolated(Fraction(*ratio), self.scale)
        return LEVELS[level_of(value, self.scale)]
