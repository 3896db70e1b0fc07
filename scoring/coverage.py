"""Which values no printed band claims, and which more than one does."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from math import floor

from django.utils.translation import gettext as _

from .notation import Notation
from .numbers import WIDE, format_number


@dataclass(frozen=True)
class Stretch:
    """A run of values from `low` to `high`; None where it has no end. The ends belong to it where `*_in` says so."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool = False
    high_in: bool = False

    @property
    def words(self) -> str:
        """ "79 ถึง 80", "80" for one value alone, "80 ขึ้นไป"."""
        if self.low is None or self.high is None:
            return self._open_words()
        low, high = format_number(self.low), format_number(self.high)
        return low if low == high else _("%(low)s ถึง %(high)s") % {"low": low, "high": high}

    def holds_a_value(self, places: int) -> bool:
        """Whether a number of so many decimals lies in it; it must have both ends."""
        if self.low is None or self.high is None or self.low_in or self.high_in:
            return True
        scale = int(10**places)
        following = floor(Fraction(self.low) * scale) + 1
        return following < Fraction(self.high) * scale

    def _open_words(self) -> str:
        if self.low is not None:
            return _("%(value)s ขึ้นไป") % {"value": format_number(self.low)}
        return _("%(value)s ลงมา") % {"value": format_number(self.high)}


# A value of its own (low and high the same) or the open stretch between two of them, and how many bands claim it.
_Piece = tuple[Stretch, int]


def coverage(bands: Iterable[Notation], places: int) -> tuple[list[Stretch], list[Stretch]]:
    """Where no band claims a value that has claimed ones on both sides; and where two or more do, anywhere.

    `places` are the decimals that a value can have: between 79 and 80 nothing is missing where values are whole.
    A range printed backwards claims nothing.
    """
    claims = list(bands)
    points = sorted({bound.value for band in claims for bound in (band.lower, band.upper) if bound})
    pieces = [(piece, sum(band.contains(sample) for band in claims)) for piece, sample in _pieces(points)]
    unclaimed = (run for run in _runs(pieces, most=0) if run.low is not None and run.high is not None)
    return [gap for gap in unclaimed if gap.holds_a_value(places)], list(_runs(pieces, least=2))


def _pieces(points: Sequence[Decimal]) -> Iterator[tuple[Stretch, Decimal]]:
    """All values, from below the first point to above the last, each piece with a value of it."""
    if not points:
        return
    yield Stretch(None, points[0]), WIDE.subtract(points[0], 1)
    for low, high in pairwise(points):
        yield Stretch(low, low, low_in=True, high_in=True), low
        yield Stretch(low, high), WIDE.divide(WIDE.add(low, high), 2)
    yield Stretch(points[-1], points[-1], low_in=True, high_in=True), points[-1]
    yield Stretch(points[-1], None), WIDE.add(points[-1], 1)


def _runs(pieces: Iterable[_Piece], least: int = 0, most: int | None = None) -> Iterator[Stretch]:
    """Neighbouring pieces that so many bands claim, joined."""

    def wanted(piece: _Piece) -> bool:
        return piece[1] >= least and (most is None or piece[1] <= most)

    for is_wanted, group in groupby(pieces, key=wanted):
        if is_wanted:
            run = [piece for piece, _count in group]
            yield Stretch(run[0].low, run[-1].high, run[0].low_in, run[-1].high_in)
