"""Which results are one piece of work: those that are entered in one grid for one round; every other one is its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from indicators.models import Indicator, IndicatorVersion, Round
from indicators.rules import active_versions
from scoring.template import Kind

_PIECE = re.compile(r"(\d{1,9})-(\d{4})-(\d{1,4})", re.ASCII)
# An indicator and the year: what its active template says of grids.
Shapes = Mapping[tuple[int, int], tuple[str, int | None]]


@dataclass(frozen=True)
class GridKey:
    """The indicator whose grid it is, and the round."""

    home: int
    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> "GridKey | None":
        """`69-2560-6`; None for a piece that is a single result, or anything else."""
        found = _PIECE.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None

    def __str__(self) -> str:
        return f"{self.home}-{self.year}-{self.number}"

    @property
    def url(self) -> str:
        return reverse("grid", args=[self.home, self.year, self.number])

    def rounds(self, path: str = "") -> Q:
        """The rounds of the grid."""
        below = [f"{path}indicator", f"{path}indicator__parent", f"{path}indicator__parent__parent"]
        family = Q(*((name, self.home) for name in below), _connector=Q.OR)
        return family & Q(**{f"{path}fiscal_year": self.year, f"{path}number": self.number})

    def home_of(self, indicator: Indicator) -> Indicator:
        """The grid's indicator: the row's own, or one of the two above it."""
        above = [indicator, indicator.parent, indicator.parent.parent if indicator.parent else None]
        return next((each for each in above if each and each.pk == self.home), indicator)


def grid_key(round_: Round, shapes: Shapes) -> GridKey | None:
    """The grid that a round is entered in; None where it has only its own page."""
    indicator, year = round_.indicator, round_.fiscal_year
    if shapes.get((indicator.pk, year), ("", None))[1] is not None:
        return GridKey(indicator.pk, year, round_.number)
    above = [indicator.parent, indicator.parent.parent if indicator.parent else None]
    for each in above:
        if each and shapes.get((each.pk, year), ("", None))[0] == Kind.PASS_SHARE:
            return GridKey(each.pk, year, round_.number)
    return None


def shapes_of(indicators: set[int]) -> Shapes:
    """What the active templates of these indicators and of those above them say, by indicator and year: one query."""
    below = Q(indicator__in=indicators) | Q(indicator__children__in=indicators)
    below |= Q(indicator__children__children__in=indicators)
    rows = active_versions().filter(below).values_list("indicator", "fiscal_year", "kind", "across_level")
    return {(pk, year): (kind, level) for pk, year, kind, level in rows}


def with_piece(rows: QuerySet, path: str = "") -> QuerySet:
    """Rounds (or what leads to them by `path`) with `piece`: the same text for all that is one piece of work."""
    round_pk = F(path.removesuffix("__")) if path else F("pk")
    single = Concat(Value("s"), _text(round_pk), Value("-"), _text(F("measured_unit") if path else Value(0)))
    homes = (
        (_has_grid(path, "indicator", across_level__isnull=False), f"{path}indicator"),
        (_has_grid(path, "indicator__parent", kind=Kind.PASS_SHARE), f"{path}indicator__parent"),
        (_has_grid(path, "indicator__parent__parent", kind=Kind.PASS_SHARE), f"{path}indicator__parent__parent"),
    )
    cases = [When(has_grid, then=_grid_text(path, home)) for has_grid, home in homes]
    return rows.annotate(piece=Case(*cases, default=single, output_field=CharField()))


def _has_grid(path: str, above: str, **shape: object) -> Exists:
    versions: QuerySet[IndicatorVersion] = active_versions().filter(
        indicator=OuterRef(f"{path}{above}"), fiscal_year=OuterRef(f"{path}fiscal_year"), **shape
    )
    return Exists(versions)


def _grid_text(path: str, home: str) -> Concat:
    year, number = F(f"{path}fiscal_year"), F(f"{path}number")
    return Concat(_text(F(home)), Value("-"), _text(year), Value("-"), _text(number))


def _text(number: Combinable) -> Cast:
    return Cast(number, CharField())
