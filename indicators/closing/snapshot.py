"""Taking the snapshot of a period: all that its scorecards are made of, as plain data (JSON) without any reference.

Of results only what is approved is frozen: nothing else counts, and the frozen figures are public inside the hospital.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from indicators.card_rows import AUTHORS
from indicators.closing.frozen import FORMAT, Frozen
from indicators.closing.missing import Owed
from indicators.closing.period import ClosingPeriod
from indicators.closing.tables import Table, table_of
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
from indicators.scorecards import PlanCard, Scorecard
from scoring.rollup import Totals
from strategy import clock
from strategy.models import OrgUnit, StrategicIssue, User

# What belongs to the work on a result and not to its figures.
RESULT_LEAVE = ("acknowledged", "warning_comments", "lock")


@dataclass(frozen=True)
class Waived:
    """A missing result with the reason for closing without it."""

    missing: Owed
    reason: str


def take_snapshot(period: ClosingPeriod, waived: Iterable[Waived], *, by: User) -> dict[str, Any]:
    """The period as it stands now, with the figures that follow from it, and who signs for it."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "fiscal_year": period.fiscal_year,
        "until": period.until.isoformat(),
        "today": clock.today().isoformat(),  # what was due on that day
        "tables": _tables(period),
        "waivers": [_waiver(each) for each in waived],
        "closed_by": {"name": str(by), "title": by.title},
    }
    card = Frozen(data).plan_card
    return {**data, "totals": _plan_totals(card), "figures": {str(c.indicator.pk): _figures(c) for c in card.walk()}}


def _waiver(waived: Waived) -> dict[str, Any]:
    missing = waived.missing
    return {
        "round": missing.round.pk,
        "unit": missing.unit.pk,
        "state": missing.state,
        "due": missing.due.isoformat(),
        "responsible": [unit.pk for unit in missing.responsible],
        "reason": waived.reason,
    }


# The rows


def _tables(period: ClosingPeriod) -> dict[str, Table]:
    plan, year = period.plan, period.fiscal_year
    results = _results(period)
    scored = Q(pk__in=results.values("version"))
    versions = IndicatorVersion.objects.filter(Q(is_active=True) | scored, indicator__plan=plan, fiscal_year=year)
    of_version = {"version__in": versions.values("pk")}
    rounds = Round.objects.filter(indicator__plan=plan, fiscal_year=year)
    duties = Responsibility.objects.filter(indicator__plan=plan).filter(
        Q(start__isnull=True) | Q(start__lte=period.until), Q(end__isnull=True) | Q(end__gte=period.start)
    )
    frozen = {
        "indicator": _table(Indicator.objects.filter(plan=plan)),
        "issue": _table(StrategicIssue.objects.filter(plan=plan)),
        "version": _table(versions),
        "item": _table(DataItem.objects.filter(**of_version)),
        "band": _table(ScoreBand.objects.filter(**of_version)),
        "baseline": _table(Baseline.objects.filter(indicator__plan=plan)),
        "round": _table(rounds),
        "result": _table(results, leave=RESULT_LEAVE),
        "value": _table(DataValue.objects.filter(result__in=results.values("pk")), leave=("id",)),
        "duty": _table(duties),
        "cancellation": _table(_cancellations(period)),
        "extension": _table(_extensions(rounds.filter(end__lte=period.until))),
    }
    plan_row = table_of(type(plan), [plan], leave=("vision", "missions", "announced"))
    return {"plan": plan_row, **frozen, "unit": _units(period, frozen), "person": _people(results)}


def _table(rows: QuerySet, *, leave: Iterable[str] = ()) -> Table:
    return table_of(rows.model, list(rows.order_by("pk")), leave=leave)


def _results(period: ClosingPeriod) -> QuerySet[Result]:
    return Result.objects.filter(
        round__indicator__plan=period.plan,
        round__fiscal_year=period.fiscal_year,
        round__end__lte=period.until,
        status=Result.Status.APPROVED,
    )


def _cancellations(period: ClosingPeriod) -> QuerySet[Cancellation]:
    return Cancellation.objects.filter(
        indicator__plan=period.plan, fiscal_year=period.fiscal_year, lifted_at__isnull=True
    )


def _extensions(rounds: QuerySet[Round]) -> QuerySet[Extension]:
    return Extension.objects.filter(round__in=rounds.values("pk"))


def _units(period: ClosingPeriod, frozen: Mapping[str, Table]) -> Table:
    """The plan's hospital, and all units that anything frozen names; without their aliases and notes."""
    plan = period.plan
    named = {plan.unit_id, plan.strategy_unit_id}
    for name in ("duty", "result", "extension"):
        for field in ("measured_unit_id", "responsible_unit_id"):
            named |= set(column(frozen[name], field))
    return _table(OrgUnit.objects.filter(pk__in=named - {None}), leave=("aliases", "note", "telephone", "parent_id"))


def _people(results: QuerySet[Result]) -> Table:
    """Who entered, submitted, approved and assessed: names and positions, nothing else."""
    wanted = Q()
    for role in AUTHORS:
        wanted |= Q(pk__in=results.order_by().values(role))
    names = ("id", "username", "first_name", "last_name", "title")
    leave = [field.attname for field in User._meta.concrete_fields if field.attname not in names]
    return _table(User.objects.filter(wanted), leave=leave)


def column(table: Table, field: str) -> list[Any]:
    """The values of one field; none where the table has no such field."""
    if field in table["same"]:
        return [table["same"][field]] if table["rows"] else []
    if field not in table["fields"]:
        return []
    at = table["fields"].index(field)
    return [row[at] for row in table["rows"]]


# The figures


def _plan_totals(card: PlanCard) -> dict[str, Any]:
    themes = dict.fromkeys(issue.issue.theme for issue in card.issues if issue.issue.theme)
    return {
        "plan": _totals(card.totals),
        "grade": card.grade,
        "themes": {theme: _totals(card.totals_of_theme(theme)) for theme in themes},
        "issues": {str(issue.issue.pk): _totals(issue.totals) for issue in card.issues},
    }


def _totals(totals: Totals) -> dict[str, str | None]:
    """Exactly: levels as fractions ("7/2"), weights as decimals."""
    return {name: None if value is None else str(value) for name, value in vars(totals).items()}


def _figures(card: Scorecard) -> dict[str, Any]:
    """What a KPI came to; a rounded value as a decimal."""
    score = card.score
    return {
        "state": str(card.state),
        "value": _text(score.value if score else None),
        "second": _text(score.second if score else None),
        "level": _text(card.level),
        "passed": card.passed,
        "weight": _text(card.weight),
    }


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
