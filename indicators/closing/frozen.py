"""A snapshot as rows and scorecards again: the classes and the code of the living ones, without a database."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from indicators.adapters import data_by_result
from indicators.card_rows import AUTHORS, CardRows, cancelled_below, overlaps
from indicators.closing.tables import NOWHERE, rows_of
from indicators.models import (
    Baseline,
    Cancellation,
    DataItem,
    DataValue,
    Extension,
    Indicator,
    IndicatorVersion,
    Responsibility,
    Result,
    Round,
    ScoreBand,
)
from indicators.scorecards import PlanCard, cards_of, plan_card_of
from strategy.models import OrgUnit, Plan, StrategicIssue, User

FORMAT = 1
_M = TypeVar("_M", bound=Model)


class UnknownFormat(ValueError):
    """The snapshot was written by a later version of kpitrack."""


class Frozen:
    """A snapshot with its rows, which know each other and no database."""

    def __init__(self, data: dict[str, Any]) -> None:
        if data["format"] > FORMAT:
            raise UnknownFormat(f"Snapshot of format {data['format']}; this version reads up to {FORMAT}.")
        self.data = data
        self.fiscal_year: int = data["fiscal_year"]
        self.until = date.fromisoformat(data["until"])
        self.today = date.fromisoformat(data["today"])

    def rows(self, model: type[_M], name: str) -> list[_M]:
        return rows_of(model, self.data["tables"][name])

    @cached_property
    def plan_card(self) -> PlanCard:
        """The scorecards as they stood."""
        return plan_card_of(self.plan, self.fiscal_year, self.until, cards_of(FrozenRows(self), self.until))

    @cached_property
    def units(self) -> dict[int, OrgUnit]:
        return _by_pk(self.rows(OrgUnit, "unit"))

    @cached_property
    def people(self) -> dict[int, User]:
        return _by_pk(self.rows(User, "person"))

    @cached_property
    def plan(self) -> Plan:
        plan = self.rows(Plan, "plan")[0]
        plan.unit = self.units[plan.unit_id]
        plan.strategy_unit = self.units.get(plan.strategy_unit_id or 0)
        return plan

    @cached_property
    def indicators(self) -> dict[int, Indicator]:
        found, issues = _by_pk(self.rows(Indicator, "indicator")), _by_pk(self.rows(StrategicIssue, "issue"))
        for row in found.values():
            row.plan, row.issue, row.parent = self.plan, issues[row.issue_id], found.get(row.parent_id or 0)
        return found

    @cached_property
    def versions(self) -> dict[int, IndicatorVersion]:
        """The templates with their items and bands, in the order of the plan."""
        items, bands = _by(self.rows(DataItem, "item"), "version_id"), _by(self.rows(ScoreBand, "band"), "version_id")
        rows = self.rows(IndicatorVersion, "version")
        for row in rows:
            row.indicator = self.indicators[row.indicator_id]
            row._prefetched_objects_cache = {
                "items": _fetched(DataItem, items.get(row.pk, [])),
                "bands": _fetched(ScoreBand, bands.get(row.pk, [])),
            }
        return _by_pk(sorted(rows, key=lambda row: row.indicator.position))

    @cached_property
    def rounds(self) -> dict[int, Round]:
        rows = self.rows(Round, "round")
        for row in rows:
            row.indicator = self.indicators[row.indicator_id]
        return _by_pk(sorted(rows, key=lambda row: row.number))

    @cached_property
    def results(self) -> list[Result]:
        """What was approved, with who entered, submitted, approved and assessed it."""
        rows = self.rows(Result, "result")
        for row in rows:
            row.round, row.version = self.rounds[row.round_id], self.versions[row.version_id]
            row.measured_unit = self.units[row.measured_unit_id]
            for role in AUTHORS:
                setattr(row, role, self.people.get(getattr(row, f"{role}_id") or 0))
        return rows

    @cached_property
    def duties(self) -> list[Responsibility]:
        """Who was responsible for what at any time of the period."""
        rows = self.rows(Responsibility, "duty")
        for row in rows:
            row.indicator = self.indicators[row.indicator_id]
            row.measured_unit, row.responsible_unit = (
                self.units[row.measured_unit_id],
                self.units[row.responsible_unit_id],
            )
        return rows

    @cached_property
    def values(self) -> list[DataValue]:
        return self.rows(DataValue, "value")

    @cached_property
    def cancellations(self) -> list[Cancellation]:
        rows = self.rows(Cancellation, "cancellation")
        for row in rows:
            row.indicator = self.indicators[row.indicator_id]
        return rows

    @cached_property
    def extensions(self) -> list[Extension]:
        rows = self.rows(Extension, "extension")
        for row in rows:
            row.round, row.measured_unit = self.rounds[row.round_id], self.units[row.measured_unit_id]
        return rows

    @cached_property
    def baselines(self) -> list[Baseline]:
        return self.rows(Baseline, "baseline")


class FrozenRows(CardRows):
    """What CardRows fetches, from a snapshot; all that reads them is its own."""

    def __init__(self, frozen: Frozen) -> None:
        self.root, self.today, self.plan = None, frozen.today, frozen.plan
        self.revisions = frozen.versions
        self.versions = [version for version in frozen.versions.values() if version.is_active]
        self.all_years: list[IndicatorVersion] = []
        self.present = {version.indicator_id for version in self.versions}
        self.children = {}
        for version in self.versions:
            self.children.setdefault(version.indicator.parent_id, []).append(version)
        self.rounds = {pk: _by_pk(rows) for pk, rows in _by(frozen.rounds.values(), "indicator_id").items()}
        self.results: dict[int, dict[int, Result]] = {}
        for result in frozen.results:
            self.results.setdefault(result.round_id, {})[result.measured_unit_id] = result
        self.data = data_by_result(frozen.values)
        self.cancelled = cancelled_below(frozen.indicators.values(), frozen.cancellations)
        self.until = {(row.round_id, row.measured_unit_id): row.until for row in frozen.extensions}
        self.measured = _measured(frozen, {v.indicator_id for v in self.versions if v.across_level is not None})


def _measured(frozen: Frozen, across: set[int]) -> dict[int, dict[int, Responsibility]]:
    """Of indicators that are measured in many units, by round: who was responsible for which of them."""
    found: dict[int, dict[int, Responsibility]] = {}
    duties = _by([row for row in frozen.duties if row.indicator_id in across], "indicator_id")
    for round_ in frozen.rounds.values():
        for row in duties.get(round_.indicator_id, ()):
            if overlaps(row, round_):
                found.setdefault(round_.pk, {})[row.pk] = row
    return found


def _by_pk(rows: Iterable[_M]) -> dict[int, _M]:
    return {row.pk: row for row in rows}


def _by(rows: Iterable[_M], name: str) -> dict[int, list[_M]]:
    """The rows by the value of one of their fields."""
    found: dict[int, list[_M]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _fetched(model: type[_M], rows: list[_M]) -> QuerySet[_M]:
    """Rows as a query that was made already."""
    query: QuerySet[_M] = model._default_manager.using(NOWHERE).all()
    query._result_cache = rows  # type: ignore[attr-defined]
    return query
