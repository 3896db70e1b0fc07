"""The rounds that a plan's templates ask for, and keeping those that already have results."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from indicators.adapters import TYPED_KINDS
from indicators.models import Extension, IndicatorVersion, Result, Round, Waiver
from indicators.schedule.days import Days, days_of
from indicators.schedule.standing import is_closed
from strategy import clock
from strategy.models import Plan
from strategy.periods import Frequency, Period, as_at_period, periods_of

CALENDAR = ("indicator__plan", "indicator__parent__parent")  # what a template comes with, for the days of its rounds
RECORDS = (Result, Extension, Waiver)  # what keeps the round that it names


@dataclass
class RoundReport:
    """`kept`: years that keep other rounds because something rests on them; `moved`: rounds that got other days."""

    kept: list[str] = field(default_factory=list)
    moved: int = 0


def load_rounds(plan: Plan) -> RoundReport:
    """Make the rounds of every typed template."""
    versions = {(v.indicator_id, v.fiscal_year): v for v in typed_versions(plan)}
    rounds = Round.objects.filter(indicator__plan=plan).select_related("indicator").prefetch_related("results")
    rounds = rounds.annotate(is_closed=is_closed(), is_relied_on=is_relied_on())
    present: dict[tuple[int, int], list[Round]] = {}
    for round_ in rounds:
        present.setdefault((round_.indicator_id, round_.fiscal_year), []).append(round_)
    missing: list[Round] = []
    report = RoundReport()
    for key in {**versions, **present}:
        there, wanted = present.get(key, []), list(rounds_of(versions[key])) if key in versions else []
        if relied_on := _relied_on_otherwise(there, wanted):
            report.kept.append(f"{relied_on.indicator.code} {relied_on.fiscal_year}")
        else:
            missing += _replace_rounds(there, wanted, report)
    Round.objects.bulk_create(missing)
    return report


def typed_versions(plan: Plan) -> QuerySet[IndicatorVersion]:
    """The templates in use that ask for rounds, with what their days depend on."""
    typed = {"indicator__plan": plan, "is_active": True, "kind__in": [kind.value for kind in TYPED_KINDS]}
    return IndicatorVersion.objects.filter(**typed).select_related(*CALENDAR)


def is_relied_on(path: str = "") -> Q:
    """Whether a round has results, more time was granted for it, or its period was closed without it."""
    of_round = {"round": OuterRef(f"{path}pk")}
    return Q(*(Exists(model.objects.filter(**of_round)) for model in RECORDS), _connector=Q.OR)


def _relied_on_otherwise(present: list[Round], wanted: list[Round]) -> Round | None:
    """A round that something rests on and that is no longer wanted.

    Its year keeps all of its rounds: a quarter beside three of its months would be counted twice, and
    what is left of the year could not be reported.
    """
    days = {_days(round_) for round_ in wanted}
    return next((round_ for round_ in present if _days(round_) not in days and round_.is_relied_on), None)


def _replace_rounds(present: list[Round], wanted: list[Round], report: RoundReport) -> list[Round]:
    """Drop the rounds that are no longer wanted, rename those that are, and give back those still to be made."""
    by_days = {_days(round_): round_ for round_ in wanted}
    Round.objects.filter(pk__in=[round_.pk for round_ in present if _days(round_) not in by_days]).delete()
    there = {_days(round_): round_ for round_ in present}
    for days, round_ in there.items():
        if days in by_days:
            report.moved += _bring_up_to_date(round_, by_days[days])
    return [round_ for days, round_ in by_days.items() if days not in there]


def _bring_up_to_date(round_: Round, wanted: Round) -> bool:
    """The name always; the days where nobody has relied on them yet, and whether they were changed."""
    changes: dict[str, Any] = {"name": wanted.name} if round_.name != wanted.name else {}
    moves = may_be_moved(round_, Days.of(wanted))
    changes |= vars(Days.of(wanted)) if moves else {}
    if changes:
        Round.objects.filter(pk=round_.pk).update(**changes)
    return moves


def may_be_moved(round_: Any, wanted: Days) -> bool:
    """Whether a round gets other days: it is not due yet, nothing was submitted, and nobody becomes late by it.

    The round comes with `is_closed`: nothing of a closed period changes.
    """
    if Days.of(round_) == wanted or min(round_.due, wanted.due) < clock.today() or round_.is_closed:
        return False
    return not any(_was_submitted(result) for result in round_.results.all())


def _was_submitted(result: Result) -> bool:
    return result.status != Result.Status.DRAFT or result.submitted_at is not None


def _days(round_: Round) -> tuple[int, date, date]:
    return round_.number, round_.start, round_.end


def rounds_of(version: IndicatorVersion) -> Iterable[Round]:
    """The rounds that a version asks for: its own, or those of its frequency (the plan's table governs)."""
    rules = {rule["number"]: rule for rule in version.round_rules}
    year = version.fiscal_year
    for period in _periods(version):
        rule = rules.get(period.number, {})
        days = days_of(version.indicator, period.start, period.end, year, _day(rule.get("due")))
        yield Round(
            indicator_id=version.indicator_id,
            fiscal_year=year,
            number=period.number,
            name=rule.get("name") or "",
            frequency=period.frequency or "",
            start=period.start,
            end=period.end,
            **vars(days),
        )


def _periods(version: IndicatorVersion) -> Iterable[Period]:
    dated = [(rule["number"], _day(rule.get("start")), _day(rule.get("end"))) for rule in version.round_rules]
    own = [Period(version.fiscal_year, number, start, end) for number, start, end in dated if start and end]
    if own:
        return own
    if version.own_rounds:
        return as_at_period(version.fiscal_year, version.own_rounds)
    return periods_of(version.fiscal_year, Frequency(version.frequency))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
