"""The rounds that a plan's templates ask for, and keeping those that already have results."""

from collections.abc import Iterable
from datetime import date

from indicators.adapters import TYPED_KINDS
from indicators.models import IndicatorVersion, Round
from strategy.models import Plan
from strategy.periods import Frequency, Period, as_at_period, due_day, lock_day, periods_of


def load_rounds(plan: Plan) -> list[str]:
    """Make the rounds of every typed template; gives the years that keep other rounds because they have results."""
    typed = {"indicator__plan": plan, "is_active": True, "kind__in": [kind.value for kind in TYPED_KINDS]}
    versions = {(v.indicator_id, v.fiscal_year): v for v in IndicatorVersion.objects.filter(**typed)}
    rounds = Round.objects.filter(indicator__plan=plan).select_related("indicator").prefetch_related("results")
    present: dict[tuple[int, int], list[Round]] = {}
    for round_ in rounds:
        present.setdefault((round_.indicator_id, round_.fiscal_year), []).append(round_)
    missing: list[Round] = []
    kept: list[str] = []
    for key in {**versions, **present}:
        there, wanted = present.get(key, []), list(rounds_of(versions[key])) if key in versions else []
        if reported := _reported_otherwise(there, wanted):
            kept.append(f"{reported.indicator.code} {reported.fiscal_year}")
        else:
            missing += _replace_rounds(there, wanted)
    Round.objects.bulk_create(missing)
    return kept


def _reported_otherwise(present: list[Round], wanted: list[Round]) -> Round | None:
    """A round with results that is no longer wanted.

    Its year keeps all of its rounds: a quarter beside three of its months would be counted twice, and
    what is left of the year could not be reported.
    """
    days = {_days(round_) for round_ in wanted}
    return next((round_ for round_ in present if _days(round_) not in days and round_.results.all()), None)


def _replace_rounds(present: list[Round], wanted: list[Round]) -> list[Round]:
    """Drop the rounds that are no longer wanted, rename those that are, and give back those still to be made."""
    by_days = {_days(round_): round_ for round_ in wanted}
    Round.objects.filter(pk__in=[round_.pk for round_ in present if _days(round_) not in by_days]).delete()
    there = {_days(round_): round_ for round_ in present}
    for days, round_ in there.items():
        if days in by_days and (round_.name, round_.due) != (by_days[days].name, by_days[days].due):
            Round.objects.filter(pk=round_.pk).update(name=by_days[days].name, due=by_days[days].due)
    return [round_ for days, round_ in by_days.items() if days not in there]


def _days(round_: Round) -> tuple[int, date, date]:
    return round_.number, round_.start, round_.end


def rounds_of(version: IndicatorVersion) -> Iterable[Round]:
    """The rounds that a version asks for: its own, or those of its frequency (the plan's table governs)."""
    rules = {rule["number"]: rule for rule in version.round_rules}
    for period in _periods(version):
        rule = rules.get(period.number, {})
        due = _day(rule.get("due")) or due_day(period.end)
        yield Round(
            indicator_id=version.indicator_id,
            fiscal_year=version.fiscal_year,
            number=period.number,
            name=rule.get("name") or "",
            frequency=period.frequency or "",
            start=period.start,
            end=period.end,
            opens=period.start,
            due=due,
            locks=lock_day(due, version.fiscal_year),
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
