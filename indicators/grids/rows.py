"""A grid: the results of one round that are entered as one table, with what a person may do in each row.

The rows are the sub-indicators of a share of passing children (KPI 14, 15(1), 15(2)), or the units that
an indicator is measured in (K405). Fetching is authorising, as in rules.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404

from indicators.adapters import TYPED_KINDS, data_of, template_for_round
from indicators.grids.cells import Field, fields_of
from indicators.models import Indicator, IndicatorVersion, Responsibility, Result, Round
from indicators.rules import EDITABLE, RoundAccess, active_versions, current_responsibilities, with_units_above
from scoring.template import Kind, Template
from strategy import clock
from strategy.access import Permission, Reach, reach_of
from strategy.models import OrgUnit, User

LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class GridRow:
    """One result of the grid, saved or not, with its cells and the person's rights."""

    access: RoundAccess
    template: Template
    is_across: bool

    @property
    def key(self) -> str:
        """What the row is called in the names of boxes and in addresses."""
        return f"{self.access.round.pk}-{self.access.measured_unit.pk}"

    @property
    def result(self) -> Result | None:
        return self.access.result

    @property
    def indicator(self) -> Indicator:
        return self.access.round.indicator

    @property
    def code(self) -> str:
        """The code in the row's head and in files: the unit's, or the sub-indicator's."""
        if not self.is_across:
            return self.indicator.code
        unit = self.access.measured_unit
        return unit.ministry_code or unit.code

    @property
    def name(self) -> str:
        return self.access.measured_unit.name if self.is_across else self.indicator.name

    @property
    def group(self) -> str:
        return "" if self.is_across else self.indicator.group

    @property
    def lock(self) -> int:
        return self.result.lock if self.result else 0

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.template)

    @cached_property
    def data(self) -> dict[str, Decimal | None]:
        """What is saved; nothing where the person may not see it."""
        return data_of(self.result) if self.result and self.access.may_see_values else {}


@dataclass(frozen=True)
class Heading:
    """A line of the grid that only groups others (14(23))."""

    code: str
    name: str


@dataclass(frozen=True)
class Grid:
    """All rows of one round in the order of the plan; at least one of them is the person's to see."""

    indicator: Indicator
    reach: Reach
    year: int
    number: int
    is_across: bool
    lines: tuple[GridRow | Heading, ...]
    previous: int | None
    following: int | None

    @cached_property
    def rows(self) -> tuple[GridRow, ...]:
        return tuple(line for line in self.lines if isinstance(line, GridRow))

    @property
    def label(self) -> str:
        """The name of the round, as most rows have it."""
        return Counter(row.access.round.label for row in self.rows).most_common(1)[0][0]

    @property
    def is_in_house(self) -> bool:
        """The person belongs to the plan's hospital or office, and so may open its other pages."""
        return self.indicator.plan.unit_id in self.reach.hospitals

    def row(self, key: str) -> GridRow | None:
        return next((row for row in self.rows if row.key == key), None)


def fetch_grid(user: User, pk: int, year: int, number: int) -> Grid:
    """The grid of an indicator's round: for whoever has a row of their own in it, or reads everything; else 404."""
    if max(pk, year, number) > LARGEST_NUMBER:
        raise Http404
    reach = reach_of(user)
    family = _family(pk, year, number)
    home = next((version for version in family if version.indicator_id == pk), None)
    if home is None or not (home.kind == Kind.PASS_SHARE or home.across_level is not None):
        raise Http404
    is_across = home.kind != Kind.PASS_SHARE
    members = [home] if is_across else _members(family, home)
    rounds = Round.objects.filter(indicator__in=[v.indicator_id for v in members], fiscal_year=year, number=number)
    lines = _Builder(reach, home, is_across, members).lines(rounds)
    grid = Grid(
        home.indicator, reach, year, number, is_across, tuple(lines),
        max((v.previous for v in members if v.previous), default=None),
        min((v.following for v in members if v.following), default=None),
    )  # fmt: skip
    if not grid.rows or not _may_open(grid):
        raise Http404
    return grid


def _may_open(grid: Grid) -> bool:
    reads_all = grid.reach.may(Permission.READ_ALL, grid.indicator.plan.unit_id)
    return reads_all or any(row.access.is_own for row in grid.rows)


def _family(pk: int, year: int, number: int) -> list[Any]:
    """The year's templates of the indicator and of the two levels below it, with the rounds before and after."""
    below = Q(indicator=pk) | Q(indicator__parent=pk) | Q(indicator__parent__parent=pk)
    versions = active_versions().filter(below, fiscal_year=year)
    related = ("indicator__plan__unit", "indicator__plan__strategy_unit", "indicator__issue", "indicator__parent")
    versions = versions.select_related(*related).prefetch_related("items", "bands")
    rounds = Round.objects.filter(indicator=OuterRef("indicator"), fiscal_year=year)
    earlier = rounds.filter(number__lt=number).order_by("-number")
    later = rounds.filter(number__gt=number, start__lte=clock.today()).order_by("number")
    near = {"previous": Subquery(earlier.values("number")[:1]), "following": Subquery(later.values("number")[:1])}
    return list(versions.annotate(**near).order_by("indicator__position", "pk"))


def _members(family: list[Any], home: IndicatorVersion) -> list[Any]:
    """The sub-indicators of a share; those of a heading below it stand under the heading."""
    children = [v for v in family if v.indicator.parent_id == home.indicator_id]
    headings = {v.indicator_id for v in children if v.kind not in TYPED_KINDS}
    return [v for v in family if v in children or v.indicator.parent_id in headings]


class _Builder:
    """Puts the lines together from rounds, results and responsibilities: four queries, however many rows."""

    def __init__(self, reach: Reach, home: IndicatorVersion, is_across: bool, members: list[IndicatorVersion]) -> None:
        self.reach, self.home, self.is_across = reach, home, is_across
        self.members = {version.indicator_id: version for version in members}
        self.plan = home.indicator.plan

    def lines(self, rounds: QuerySet[Round]) -> list[GridRow | Heading]:
        by_indicator = {round_.indicator_id: round_ for round_ in rounds}
        results = self._results(rounds)
        owners = self._owners()
        found: list[GridRow | Heading] = []
        for pk, version in self.members.items():
            if version.kind not in TYPED_KINDS:
                found.append(Heading(version.indicator.code, version.indicator.name))
            elif pk in by_indicator:
                round_ = by_indicator[pk]
                round_.indicator = version.indicator
                found += self._rows(round_, version, results, owners)
        return found

    def _results(self, rounds: QuerySet[Round]) -> dict[tuple[int, int], Result]:
        """By round and measured unit, each with the template that it is read by."""
        results = Result.objects.filter(round__in=rounds.values("pk")).select_related(
            "entered_by", "version", "measured_unit"
        )
        found = list(results.prefetch_related("values"))
        active = {version.pk: version for version in self.members.values()}
        strange = [result.version for result in found if result.version_id not in active]
        prefetch_related_objects(strange, "items", "bands")
        for result in found:
            result.version = active.get(result.version_id, result.version)
        return {(result.round_id, result.measured_unit_id): result for result in found}

    def _owners(self) -> dict[tuple[int, int], list[Responsibility]]:
        """Responsibilities of today by indicator and measured unit."""
        rows = with_units_above(current_responsibilities()).filter(indicator__in=self.members)
        found: dict[tuple[int, int], list[Responsibility]] = {}
        for row in rows.select_related("measured_unit"):
            found.setdefault((row.indicator_id, row.measured_unit_id), []).append(row)
        return found

    def _rows(
        self, round_: Round, version: IndicatorVersion,
        results: Mapping[tuple[int, int], Result], owners: Mapping[tuple[int, int], list[Responsibility]],
    ) -> Iterable[GridRow]:  # fmt: skip
        for unit in self._units(round_, results, owners):
            result = results.get((round_.pk, unit.pk))
            if result is not None:
                result.round = round_
            used = self._version(version, result)
            used.indicator = round_.indicator
            responsible = tuple(row.responsible_unit for row in owners.get((round_.indicator_id, unit.pk), []))
            access = RoundAccess(round_, result, used, self.reach, responsible, unit)
            if self._is_in_sight(access):
                yield GridRow(access, template_for_round(used, round_.number), self.is_across)

    def _units(
        self, round_: Round, results: Mapping[tuple[int, int], Result],
        owners: Mapping[tuple[int, int], list[Responsibility]],
    ) -> list[OrgUnit]:  # fmt: skip
        """The plan's own unit; of an indicator measured in many, those measured today and those that have a result."""
        if not self.is_across:
            return [self.plan.unit]
        measured = {unit: rows[0].measured_unit for (indicator, unit), rows in owners.items()}
        measured |= {unit: result.measured_unit for (of, unit), result in results.items() if of == round_.pk}
        return sorted(measured.values(), key=_by_code)

    @staticmethod
    def _version(active: IndicatorVersion, result: Result | None) -> IndicatorVersion:
        """As in rules.py: what was decided keeps its revision, what is open takes the active one."""
        return active if result is None or result.status in EDITABLE else result.version

    def _is_in_sight(self, access: RoundAccess) -> bool:
        return self.plan.unit_id in self.reach.hospitals or access.is_own


def _by_code(unit: OrgUnit) -> tuple[str, str]:
    return (unit.ministry_code, unit.code)
