"""All rows behind a year's scorecards, each table asked once: five queries, however many KPIs and units."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.db.models import F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from indicators.adapters import data_by_result
from indicators.cells import Cancelled, Data, RoundCell, UnitCell
from indicators.models import (
    Cancellation,
    DataItem,
    DataValue,
    Indicator,
    IndicatorVersion,
    Responsibility,
    Result,
    Round,
    ScoreBand,
)
from indicators.schedule.standing import cancellations_of_indicator, due_of, extended_until
from strategy import clock
from strategy.models import Plan

# The people of a result, for pages that name them.
AUTHORS = ("entered_by", "submitted_by", "approved_by", "assessed_by")


def _family(root: Indicator | None, path: str) -> Q:
    """The root, its children and their children: the source goes no deeper (7, 7(2), 7(2)(1))."""
    if root is None:
        return Q()
    return Q(**{path: root}) | Q(**{f"{path}__parent": root}) | Q(**{f"{path}__parent__parent": root})


# What a list of cards does not show: long texts that would be read and unpacked for nothing.
TEMPLATE_TEXTS = (
    "definition", "population", "reporting_method", "collection_method", "documents", "owner_template",
    "stakeholders_template", "stakeholder_texts", "contacts", "own_rounds",
    "sections",
)  # fmt: skip
CANCELLATION = {"cancelled_on": "day", "cancelled_because": "reason"}
RESULT_TEXTS = ("result__note", "result__problems", "result__suggestions", "result__acknowledged")


def _with_cancellation(versions: QuerySet[IndicatorVersion]) -> QuerySet[IndicatorVersion]:
    """Each template with the day from which its indicator is cancelled that year, and why."""
    found = cancellations_of_indicator("indicator", "fiscal_year")
    columns = {name: Subquery(found.values(field)[:1]) for name, field in CANCELLATION.items()}
    return versions.annotate(**columns)


def cancelled_below(indicators: Iterable[Indicator], rows: Iterable[Cancellation]) -> dict[int, Cancelled]:
    """The same of indicators with those above them and of the year's cancellations in force, without a query."""
    by_indicator = {row.indicator_id: row for row in rows}
    found: dict[int, Cancelled] = {}
    for each in indicators:
        above = (each, each.parent, each.parent.parent if each.parent else None)
        hit = [by_indicator[one.pk] for one in above if one and one.pk in by_indicator]
        if hit:
            first = min(hit, key=lambda row: (row.day, row.pk))
            found[each.pk] = Cancelled(first.day, first.reason)
    return found


def _with_own_result(rounds: QuerySet[Round], plan: Plan) -> QuerySet[Round]:
    """Each round with the result of the plan's hospital."""
    own = Q(results__measured_unit=plan.unit_id)
    rows = rounds.annotate(result=FilteredRelation("results", condition=own))
    return rows.annotate(until=extended_until(unit=plan.unit_id))


def _with_units(rounds: QuerySet[Round], plan: Plan, across: Sequence[int]) -> QuerySet[Round]:
    """Each round with the result of the plan's hospital; those of `across` once for each unit that is measured."""
    many = Q(indicator__responsibilities__indicator__in=across)
    of_unit = Q(results__measured_unit=plan.unit_id) | Q(results__measured_unit=F("measured__measured_unit"))
    rows = rounds.annotate(
        measured=FilteredRelation("indicator__responsibilities", condition=many),
        result=FilteredRelation("results", condition=of_unit),
    ).select_related("measured__measured_unit", "measured__responsible_unit")
    unit = Coalesce(OuterRef("measured__measured_unit"), Value(plan.unit_id))
    return rows.annotate(until=extended_until(unit=unit))


def _measured_by(plan: Plan, across: Sequence[int]) -> Q:
    return Q(measured_unit=plan.unit_id) | Q(round__indicator__in=across) if across else Q(measured_unit=plan.unit_id)


def overlaps(row: Responsibility, round_: Round) -> bool:
    """Whether somebody was responsible at any time of the round."""
    return (row.start is None or row.start <= round_.end) and (row.end is None or row.end >= round_.start)


class CardRows:
    """All rows of one year, fetched once: templates, items, bands, rounds with results, values.

    `people`: of AUTHORS, with the results; `all_years`: with the root's templates of the other years.
    """

    cancelled: Mapping[int, Cancelled] = {}  # by indicator
    until: dict[tuple[int, int], date] = {}  # extensions, by round and measured unit

    def __init__(
        self,
        plan: Plan,
        fiscal_year: int,
        root: Indicator | None,
        *,
        people: Sequence[str] = (),
        all_years: bool = False,
    ) -> None:
        self.root, self.today = root, clock.today()
        within = _family(root, "indicator") & Q(fiscal_year=fiscal_year)
        # Superseded revisions of the year come along: they scored results that still stand.
        wanted = within | Q(indicator=root, is_active=True) if all_years else within
        versions = IndicatorVersion.objects.filter(wanted, indicator__plan=plan)
        versions = versions.select_related("indicator__issue", "indicator__parent").order_by("indicator__position")
        versions = _with_cancellation(versions)
        # The adapters sort; the models' own ordering would join three tables for nothing.
        parts = (Prefetch("items", DataItem.objects.order_by()), Prefetch("bands", ScoreBand.objects.order_by()))
        if root is None:
            versions = versions.defer(*TEMPLATE_TEXTS)
        self.revisions = {version.pk: version for version in versions.prefetch_related(*parts)}
        found = [version for version in self.revisions.values() if version.is_active]
        self.versions = [v for v in found if v.fiscal_year == fiscal_year]
        self.all_years = sorted((v for v in found if root and v.indicator_id == root.pk), key=lambda v: v.fiscal_year)
        self.present = {v.indicator_id for v in self.versions}
        self.cancelled = {
            v.indicator_id: Cancelled(v.cancelled_on, v.cancelled_because) for v in self.versions if v.cancelled_on
        }
        self.children: dict[int | None, list[IndicatorVersion]] = {}
        for version in self.versions:
            self.children.setdefault(version.indicator.parent_id, []).append(version)
        self._fetch_results(Round.objects.filter(within, indicator__plan=plan), plan, people)

    def _fetch_results(self, rounds: QuerySet[Round], plan: Plan, people: Sequence[str]) -> None:
        """Each round with its results, in one query; then what was typed.

        A result of the plan's hospital; of indicators that are measured in many units those of all the units.
        """
        self.plan = plan
        across = [v.indicator_id for v in self.versions if v.across_level is not None]
        related = [f"result__{name}" for name in people]
        joined = _with_units(rounds, plan, across) if across else _with_own_result(rounds, plan)
        if self.root is None:
            joined = joined.defer(*RESULT_TEXTS)
        self.rounds: dict[int, dict[int, Round]] = {}
        self.results: dict[int, dict[int, Result]] = {}
        self.measured: dict[int, dict[int, Responsibility]] = {}
        self.until = {}
        for row in joined.select_related("result", *related).order_by("number"):
            self._sort_in(row)
        results = Result.objects.filter(_measured_by(plan, across), round__in=rounds.values("pk"))
        values = DataValue.objects.filter(result__in=results.values("pk")).order_by()
        self.data = data_by_result(values.values_list("result_id", "code", "value", named=True))

    def _sort_in(self, row: Round) -> None:
        """One joined row: a round, perhaps a unit that is measured in it, perhaps a result."""
        self.rounds.setdefault(row.indicator_id, {}).setdefault(row.pk, row)
        result, measured = getattr(row, "result", None), getattr(row, "measured", None)
        if result is not None:
            self.results.setdefault(row.pk, {})[result.measured_unit_id] = result
        if row.until is not None:
            self.until[row.pk, measured.measured_unit_id if measured is not None else self.plan.unit_id] = row.until
        if measured is not None and overlaps(measured, row):
            self.measured.setdefault(row.pk, {})[measured.pk] = measured

    @property
    def tops(self) -> list[IndicatorVersion]:
        """The top templates: those without a parent in the year, or the root's own."""
        return [version for version in self.versions if self._is_top(version)]

    def cells(self, version: IndicatorVersion) -> Iterator[RoundCell]:
        """The rounds of a template's indicator, in order of time."""
        cancelled = self.cancelled.get(version.indicator_id)
        for round_ in self.rounds.get(version.indicator_id, {}).values():
            results, own = self.results.get(round_.pk, {}), self.plan.unit_id
            is_out = cancelled is not None and round_.end >= cancelled.day
            units: tuple[UnitCell, ...] = ()
            if version.across_level is not None:
                units = tuple(self._unit_cells(version, round_, results, is_owed=not is_out))
            result = None if units else results.get(own)
            is_due = any(unit.is_due for unit in units) if units else not is_out and self._is_past(round_, own)
            yield RoundCell(
                round_, result, is_due, self._data_of(result), self._scored_by(result, version), units,
                self.until.get((round_.pk, own)), is_out,
            )  # fmt: skip

    def _unit_cells(
        self, version: IndicatorVersion, round_: Round, results: Mapping[int, Result], *, is_owed: bool
    ) -> Iterator[UnitCell]:
        """What each measured unit has reported, by the units' codes."""
        rows = sorted(self.measured.get(round_.pk, {}).values(), key=lambda row: (row.position, row.pk))
        units = {row.measured_unit_id: row.measured_unit for row in rows}
        for unit in sorted(units.values(), key=lambda unit: unit.ministry_code or unit.code):
            result, until = results.get(unit.pk), self.until.get((round_.pk, unit.pk))
            is_due = is_owed and self._is_past(round_, unit.pk)
            scored_by = self._scored_by(result, version)
            responsible = tuple(row.responsible_unit for row in rows if row.measured_unit_id == unit.pk)
            yield UnitCell(unit, result, self._data_of(result), is_due, scored_by, responsible, until)

    def _is_past(self, round_: Round, unit: int) -> bool:
        """The unit's due day has passed, with the time that it was granted."""
        return due_of(round_.due, self.until.get((round_.pk, unit))) < self.today

    def _data_of(self, result: Result | None) -> Data:
        return self.data.get(result.pk, {}) if result else {}

    def _scored_by(self, result: Result | None, version: IndicatorVersion) -> IndicatorVersion:
        return self.revisions.get(result.version_id, version) if result else version

    def _is_top(self, version: IndicatorVersion) -> bool:
        if self.root is not None:
            return version.indicator_id == self.root.pk
        return version.indicator.parent_id not in self.present
