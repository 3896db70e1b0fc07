"""What a correction of a template changes in results already scored, and in the plan's total; reads only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import Http404

from indicators.adapters import template_of
from indicators.card_rows import CardRows
from indicators.figures import measured
from indicators.models import IndicatorVersion, Result, Round, ScoreBand
from indicators.scorecards import Scorecard, cards_of, totals_of
from scoring.explain import State
from scoring.lint import Fix
from scoring.notation import NotationError, parse_notation
from scoring.rollup import Totals
from scoring.score import score_data
from scoring.template import Printed, Template
from strategy import clock
from strategy.models import Plan
from strategy.periods import Frequency, period_of, year_end, year_start

PLACES = {"pass": "pass_criterion", "fail": "fail_criterion"}


@dataclass(frozen=True)
class Outcome:
    """A level and whether it passes; None where there is none."""

    level: Decimal | None
    passed: bool | None


@dataclass(frozen=True)
class Effect:
    """One result: what it has, and what the corrected template would give it."""

    round: Round
    unit: str
    status: str
    value: str
    before: Outcome
    after: Outcome

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def level_changes(self) -> bool:
        return self.before.level != self.after.level

    @property
    def pass_changes(self) -> bool:
        return self.before.passed != self.after.passed


@dataclass(frozen=True)
class PlanEffect:
    """The year so far: the KPI's own level and the plan's official percent, before and after."""

    until: date
    before: Outcome
    after: Outcome
    percent_before: Decimal | None
    percent_after: Decimal | None

    @property
    def outcome_changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Effects:
    """Everything that a correction changes."""

    version: IndicatorVersion
    next_revision: int | None  # None: it has no results, so the template itself is changed
    results: tuple[Effect, ...]
    plan: PlanEffect | None  # None where the year has not begun

    @property
    def has_scores(self) -> bool:
        """Results of its own, or a year's level that comes from its sub-indicators."""
        return bool(self.results) or (self.plan is not None and self.plan.before.level is not None)

    @property
    def changed(self) -> int:
        return sum(effect.changes for effect in self.results)

    @property
    def changed_levels(self) -> int:
        return sum(effect.level_changes for effect in self.results)

    @property
    def changed_passes(self) -> int:
        return sum(effect.pass_changes for effect in self.results)


def corrected(template: Template, fix: Fix) -> Template:
    """The template as it would be with the correction."""
    if fix.place in PLACES:
        name = PLACES[fix.place]
        return replace(template, **{name: _with(getattr(template, name), fix.text)})
    level = int(fix.place.removeprefix("bands."))
    bands = dict(template.bands)
    bands[level] = _with(bands.get(level), fix.text)
    return replace(template, bands=tuple(sorted(bands.items())))


def _with(printed: Printed | None, text: str) -> Printed:
    return Printed(printed.printed if printed else "", text, "–")


def is_applicable(fix: Fix) -> bool:
    """Whether the correction is of a place that there is, and can be read."""
    try:
        parse_notation(fix.text)
    except NotationError:
        return False
    return fix.place in PLACES or fix.place in {f"bands.{level}" for level in range(6)}


def effects_of(plan: Plan, code: str, year: int, fix: Fix) -> Effects:
    """What the correction of one indicator's template of one year would change; 404 where there is no such template."""
    rows = CardRows(plan, year, None)
    version = next((version for version in rows.versions if version.indicator.code == code), None)
    if version is None:
        raise Http404
    template = corrected(template_of(version), fix)
    found = list(_reported(rows, version))
    results = tuple(_effect(row, template) for row in found if row.result.state == State.COMPUTED)
    return Effects(version, _next_revision(rows, version, found), results, _plan_effect(rows, version, fix))


def _until(year: int) -> date:
    """The month of today, or the last one of a year that is over."""
    return min(period_of(clock.today(), Frequency.MONTHLY).end, year_end(year))


# Results


@dataclass(frozen=True)
class _Reported:
    """A result with what was typed for it; `unit` is named where it is not the plan's own."""

    result: Result
    data: Mapping[str, Decimal | None]
    version: IndicatorVersion
    unit: str = ""


def _next_revision(rows: CardRows, version: IndicatorVersion, found: Iterable[_Reported]) -> int | None:
    """The number of the revision that a correction makes: a template that has results is never changed."""
    if not any(row.result.version_id == version.pk for row in found):
        return None
    return 1 + max(each.revision for each in rows.revisions.values() if each.indicator_id == version.indicator_id)


def _reported(rows: CardRows, version: IndicatorVersion) -> Iterator[_Reported]:
    """All results of the indicator and year: of the plan's own unit, or of all that are measured."""
    for round_ in rows.rounds.get(version.indicator_id, {}).values():
        measured_by = rows.measured.get(round_.pk, {}).values()
        units = {row.measured_unit_id: row.measured_unit for row in measured_by}
        for unit, result in rows.results.get(round_.pk, {}).items():
            result.round = round_
            scored_by = rows.revisions.get(result.version_id, version)
            label = units[unit].label if unit in units else ""
            yield _Reported(result, rows.data.get(result.pk, {}), scored_by, label)


def _effect(row: _Reported, template: Template) -> Effect:
    result = row.result
    score = score_data(template.for_round(result.round.number), row.data)
    return Effect(
        round=result.round,
        unit=row.unit,
        status=result.status,
        value=measured(row.version, result.value, result.second),
        before=Outcome(result.level, result.passed),
        after=Outcome(score.level, score.passed),
    )


# The plan


def _plan_effect(rows: CardRows, version: IndicatorVersion, fix: Fix) -> PlanEffect | None:
    """The same rows once more, with the correction in the template that is in memory; nothing is saved."""
    if year_start(version.fiscal_year) > clock.today():
        return None
    until = _until(version.fiscal_year)
    before = cards_of(rows, until)
    _correct_in_memory(version, fix)
    after = cards_of(rows, until)
    return PlanEffect(until, _outcome(before, version), _outcome(after, version), _percent(before), _percent(after))


def _correct_in_memory(version: IndicatorVersion, fix: Fix) -> None:
    if fix.place in PLACES:
        setattr(version, f"{fix.place}_correction", fix.text)
        return
    level = int(fix.place.removeprefix("bands."))
    bands = list(version.bands.all())  # prefetched: these very rows are read again
    band = next((band for band in bands if (band.level, band.round_number) == (level, 0)), None)
    if band is None:
        band = ScoreBand(version=version, level=level)
        bands.append(band)
        version._prefetched_objects_cache["bands"] = bands  # type: ignore[attr-defined]
    band.correction = fix.text


def _outcome(cards: Iterable[Scorecard], version: IndicatorVersion) -> Outcome:
    found = (card for top in cards for card in top.walk() if card.indicator.pk == version.indicator_id)
    card = next(found, None)
    return Outcome(card.level, card.passed) if card else Outcome(None, None)


def _percent(cards: Iterable[Scorecard]) -> Decimal | None:
    totals: Totals = totals_of(card for top in cards for card in top.walk())
    return totals.percent_of(totals.official)
