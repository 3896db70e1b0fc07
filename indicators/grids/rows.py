"""A grid: the results of one round that are entered as one table, with what a person may do in each row.

The rows are the sub-indicators of a share of passing children (KPI 14, 15(1), 15(2)), or the units that
an indicator is measured in (K405). Fetching is authorising, as in rules.py.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.http import Http404

from indicators.adapters import TYPED_KINDS, data_of, template_for_round
from indicators.grids.cells import Field, fields_of
from indicators.models import Indicator, IndicatorVersion, RecoveryMeasure, Responsibility, Result, ReviewEvent, Round
from indicators.pasts import has_measure
from indicators.questions import UNFINISHED
from indicators.recovery.queries import UNCLOSED
from indicators.rules import EDITABLE, RoundAccess, active_versions, current_responsibilities, with_units_above
from indicators.schedule.standing import extensions_of, standing_of, with_standing
from scoring.template import Kind, Template
from strategy import clock
from strategy.access import Permission, Reach, reach_of
from strategy.models import OrgUnit, User

LARGEST_NUMBER = 2**31 - 1
BACK = (Result.Status.RETURNED, Result.Status.REOPENED)


@dataclass(frozen=True)
class Comeback:
    """Who sent a result back or opened it again, when and why."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class GridRow:
    """One result of the grid, saved or not, with its cells and the person's rights."""

    access: RoundAccess
    template: Template
    is_across: bool
    saved: Mapping[str, Decimal | None] | None = None  # the result's numbers, where they came with it
    sent_back: Comeback | None = None
    has_measure: bool = False  # something is being done already about the KPI in this unit

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

    @property
    def is_complete(self) -> bool:
        """Whether nothing is lacking: it went on, or what is saved makes a result (zero, no cases, not applicable)."""
        if self.access.status not in EDITABLE:
            return True
        return self.result is not None and self.result.state not in UNFINISHED

    @property
    def comeback(self) -> Comeback | None:
        """The last return or reopening of a result that is with its unit because of it."""
        return self.sent_back if self.access.status in BACK else None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.template)

    @cached_property
    def data(self) -> Mapping[str, Decimal | None]:
        """What is saved; nothing where the person may not see it."""
        if self.result is None or not self.access.may_see_values:
            return {}
        return data_of(self.result) if self.saved is None else self.saved

    def now(self, result: Result) -> "GridRow":
        """The same row with what has been saved since; of a new one it asks whether a measure is open already."""
        measured = self.has_measure or (self.result is None and has_measure(self.access))
        return replace(self, access=replace(self.access, result=result), saved=None, has_measure=measured)


class Rows(Protocol):
    """Rows that are typed in one table: a grid's, or those of a unit."""

    @property
    def rows(self) -> Sequence[GridRow]: ...

    def row(self, key: str) -> GridRow | None: ...


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

    @cached_property
    def label(self) -> str:
        """The name of the round, as most rows have it; each row asks."""
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
    rounds = with_standing(rounds)
    builder = (_AcrossBuilder if is_across else RowBuilder)(reach, members)
    grid = Grid(
        home.indicator, reach, year, number, is_across, tuple(_lines(members, rounds, builder)),
        max((v.previous for v in members if v.previous), default=None),
        min((v.following for v in members if v.following), default=None),
    )  # fmt: skip
    if not grid.rows or not _may_open(grid):
        raise Http404
    return grid


def _lines(members: list[Any], rounds: QuerySet[Round], builder: "RowBuilder") -> Iterator[GridRow | Heading]:
    """The rows in the order of the plan, headings between them."""
    found = builder.rows(rounds)
    by_indicator = {rows[0].indicator.pk: rows for rows in found.values() if rows}
    for version in members:
        if version.kind not in TYPED_KINDS:
            yield Heading(version.indicator.code, version.indicator.name)
        yield from by_indicator.get(version.indicator_id, ())


def _may_open(grid: Grid) -> bool:
    reads_all = grid.reach.may_on(Permission.READ_ALL, grid.indicator.plan)
    return reads_all or any(row.access.is_own for row in grid.rows)


def _family(pk: int, year: int, number: int) -> list[Any]:
    """The year's templates of the indicator and of the two levels below it, with the rounds before and after."""
    below = Q(indicator=pk) | Q(indicator__parent=pk) | Q(indicator__parent__parent=pk)
    versions = active_versions().filter(below, fiscal_year=year)
    related = ("indicator__plan__unit", "indicator__plan__strategy_unit", "indicator__issue", "indicator__parent")
    versions = versions.select_related(*related).prefetch_related("items", "bands")
    rounds = Round.objects.filter(indicator=OuterRef("indicator"), fiscal_year=year)
    earlier = rounds.filter(number__lt=number).order_by("-number")
    later = rounds.filter(number__gt=number, opens__lte=clock.today()).order_by("number")
    near = {"previous": Subquery(earlier.values("number")[:1]), "following": Subquery(later.values("number")[:1])}
    return list(versions.annotate(**near).order_by("indicator__position", "pk"))


def _members(family: list[Any], home: IndicatorVersion) -> list[Any]:
    """The sub-indicators of a share; those of a heading below it stand under the heading."""
    children = [v for v in family if v.indicator.parent_id == home.indicator_id]
    headings = {v.indicator_id for v in children if v.kind not in TYPED_KINDS}
    return [v for v in family if v in children or v.indicator.parent_id in headings]


Places = Mapping[tuple[int, int], Result]  # results by round and measured unit
Owners = Mapping[tuple[int, int], list[Responsibility]]  # by indicator and measured unit


class RowBuilder:
    """Puts rows together from rounds, templates, results and responsibilities, in a constant number of queries.

    `versions` are active templates with their indicators. This one makes the rows of one grid; what else shows rows
    says in which units (`_units`) and of which kind they are.
    """

    row_of: type[GridRow] = GridRow
    is_across = False

    def __init__(self, reach: Reach, versions: Iterable[IndicatorVersion]) -> None:
        self.reach = reach
        self.versions = {(version.indicator_id, version.fiscal_year): version for version in versions}

    def rows(self, rounds: Iterable[Any]) -> dict[int, list[GridRow]]:
        """By round, in the order of its units; of rounds without a template that is typed in, nothing.

        The rounds come with what the calendar says of them (`with_standing`).
        """
        rounds = [round_ for round_ in rounds if self._is_typed(round_)]
        self.extensions = extensions_of([round_.pk for round_ in rounds])
        self.saved: dict[int, dict[str, Decimal | None]] = {}
        results, owners = self._results(rounds), self._owners()
        found = {}
        for round_ in rounds:
            version = self.versions[round_.indicator_id, round_.fiscal_year]
            round_.indicator = version.indicator
            found[round_.pk] = list(self._rows_of(round_, version, results, owners))
        return found

    def _is_typed(self, round_: Round) -> bool:
        version = self.versions.get((round_.indicator_id, round_.fiscal_year))
        return version is not None and version.kind in TYPED_KINDS

    def _results(self, rounds: list[Any]) -> Places:
        """By round and measured unit, each with the template that it is read by and, in `saved`, its numbers."""
        results = _with_all(self._needed(Result.objects.filter(round__in=[round_.pk for round_ in rounds])))
        found: dict[int, Any] = {}
        for row in results.select_related("entered_by", "version", "measured_unit"):
            found.setdefault(row.pk, row)
            numbers = self.saved.setdefault(row.pk, {})
            if row.typed_code is not None:
                numbers[row.typed_code] = row.typed_value
        self._give_templates(found.values())
        return {(result.round_id, result.measured_unit_id): result for result in found.values()}

    def _needed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Of results or responsibilities those of the units that may have a row."""
        return rows

    def _give_templates(self, results: Iterable[Result]) -> None:
        active = {version.pk: version for version in self.versions.values()}
        for result in results:
            result.version = active.setdefault(result.version_id, result.version)
        prefetch_related_objects(list(active.values()), "items", "bands")

    def _owners(self) -> Owners:
        """Responsibilities of today by indicator and measured unit."""
        indicators = {indicator for indicator, year in self.versions}
        rows = self._needed(with_units_above(current_responsibilities()).filter(indicator__in=indicators))
        found: dict[tuple[int, int], list[Responsibility]] = {}
        for row in rows.select_related("measured_unit"):
            found.setdefault((row.indicator_id, row.measured_unit_id), []).append(row)
        return found

    def _rows_of(self, round_: Any, version: IndicatorVersion, results: Places, owners: Owners) -> Iterable[GridRow]:
        for unit in self._units(round_, results, owners):
            result = results.get((round_.pk, unit.pk))
            if result is not None:
                result.round = round_
            used = self._version(version, result)
            used.indicator = round_.indicator
            responsible = tuple(row.responsible_unit for row in owners.get((round_.indicator_id, unit.pk), []))
            standing = standing_of(round_, self.extensions.get((round_.pk, unit.pk)))
            access = RoundAccess(round_, result, used, self.reach, responsible, unit, **vars(standing))
            if self._is_in_sight(access):
                template = template_for_round(used, round_.number)
                more = {"saved": self.saved[result.pk], **_beside(result)} if result else {}
                yield self.row_of(access, template, self.is_across, **more)

    def _units(self, round_: Round, results: Places, owners: Owners) -> list[OrgUnit]:
        """The measured units of a round that have a row."""
        return [round_.indicator.plan.unit]

    @staticmethod
    def _version(active: IndicatorVersion, result: Result | None) -> IndicatorVersion:
        """As in rules.py: what was decided keeps its revision, what is open takes the active one."""
        return active if result is None or result.status in EDITABLE else result.version

    def _is_in_sight(self, access: RoundAccess) -> bool:
        return access.plan.unit_id in self.reach.hospitals or access.is_own


class _AcrossBuilder(RowBuilder):
    """The rows of an indicator that is measured in many units."""

    is_across = True

    def _units(self, round_: Round, results: Places, owners: Owners) -> list[OrgUnit]:
        """Those measured today and those that have a result."""
        measured = {unit: rows[0].measured_unit for (indicator, unit), rows in owners.items()}
        measured |= {unit: result.measured_unit for (of, unit), result in results.items() if of == round_.pk}
        return sorted(measured.values(), key=_by_code)


def _with_all(results: QuerySet[Result]) -> QuerySet[Any]:
    """One line for each number, with who sent the result back last and whether a measure is open: one query."""
    actions = (ReviewEvent.Action.RETURN, ReviewEvent.Action.REOPEN)
    events = ReviewEvent.objects.filter(result=OuterRef("pk"), action__in=actions).order_by("-pk")
    name = NullIf(Trim(Concat("actor__first_name", Value(" "), "actor__last_name")), Value(""))
    last = events.annotate(who=Coalesce(name, F("actor__username")))
    columns = {f"back_{column}": Subquery(last.values(column)[:1]) for column in ("who", "at", "reason")}
    measures = RecoveryMeasure.objects.filter(
        status__in=UNCLOSED,
        result__round__indicator=OuterRef("round__indicator"),
        result__measured_unit=OuterRef("measured_unit"),
    )
    typed = {"typed_code": F("values__code"), "typed_value": F("values__value")}
    return results.annotate(**columns, **typed, has_measure=Exists(measures)).order_by("pk")


def _beside(result: Any) -> dict[str, Any]:
    """What a row has besides its result, out of the same line of the query."""
    back = Comeback(result.back_who, result.back_at, result.back_reason) if result.back_at else None
    return {"sent_back": back, "has_measure": result.has_measure}


def _by_code(unit: OrgUnit) -> tuple[str, str]:
    return (unit.ministry_code, unit.code)
