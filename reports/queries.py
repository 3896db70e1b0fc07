"""What the reports ask of the database, named for the pages that they serve."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from indicators.models import Baseline, Indicator, IndicatorVersion, Responsibility
from indicators.rules import (
    IndicatorAccess,
    chosen_plan,
    current_responsibilities,
    fetch_indicator_access,
    fetch_plans,
    with_units_above,
)
from indicators.schedule.standing import closures_in_force
from indicators.scorecards import PlanCard, Scorecard, indicator_card, plan_card
from reports.months import AsOf, chosen_month
from strategy import clock
from strategy.models import Plan, User


@dataclass(frozen=True)
class Choice:
    """What an address asks for, as typed; empty where it does not say."""

    plan: str = ""
    year: str = ""
    month: str = ""


def dashboard(user: User, choice: Choice) -> tuple[PlanCard, AsOf, tuple[Plan, ...]]:
    """The plan of the person's hospital as of the chosen month: six queries, however many KPIs there are.

    With it come all plans of the hospital, to choose from. Raises Http404 for a plan that is not theirs, MonthError
    for a month that is none.
    """
    plans = fetch_plans(user)
    plan = chosen_plan(plans, choice.plan)
    as_of = chosen_month(plan, choice.year, choice.month, clock.today())
    return plan_card(plan, as_of.fiscal_year, as_of.until), as_of, tuple(plans)


@dataclass(frozen=True)
class IndicatorFacts:
    """One KPI as of a month, with its templates of all years and who may see its drafts."""

    access: IndicatorAccess
    as_of: AsOf
    card: Scorecard | None  # None where the year has no template
    years: tuple[IndicatorVersion, ...]

    @property
    def indicator(self) -> Indicator:
        return self.access.indicator


def indicator_facts(user: User, pk: int, choice: Choice) -> IndicatorFacts:
    """A KPI of the person's hospital: six queries, however many parts and rounds it has.

    Raises Http404 for a KPI that is not theirs, MonthError for a month that is none.
    """
    access = fetch_indicator_access(user, pk)
    as_of = chosen_month(access.indicator.plan, choice.year, choice.month, clock.today())
    found = indicator_card(access.indicator, as_of.fiscal_year, as_of.until)
    return IndicatorFacts(access, as_of, found.card, found.years)


def baselines(indicator: Indicator) -> list[Baseline]:
    """What the plan prints as the starting point, in its order."""
    return list(Baseline.objects.filter(indicator=indicator).order_by("position"))


def closed_until(plan: Plan, fiscal_year: int) -> date | None:
    """The last day of what is closed of the plan's year; None where nothing is."""
    closed = closures_in_force().filter(plan=plan, fiscal_year=fiscal_year)
    day: date | None = closed.aggregate(last=Max("until"))["last"]
    return day


def owners_within(plan: Plan, card: Scorecard) -> list[Responsibility]:
    """Who is responsible today for a KPI and its parts, in the plan's own hospital."""
    family = [one.indicator.pk for one in card.walk()]
    owners = current_responsibilities().filter(indicator__in=family, measured_unit=plan.unit_id)
    return list(with_units_above(owners))
