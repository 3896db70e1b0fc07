"""Plans and closures for who closes periods; fetching is authorising."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404

from indicators.closing.period import ClosingPeriod, period_of_plan
from indicators.models import Closure, Waiver
from indicators.schedule.standing import closures_in_force
from strategy.access import Permission, reach_of
from strategy.models import Plan, User


def fetch_reviewed_plans(user: User) -> list[Plan]:
    """The plans that the person reviews; 404 for who reviews nothing."""
    reach = reach_of(user)
    if not reach.may_anywhere(Permission.REVIEW):
        raise Http404
    plans = Plan.objects.filter(unit__in=reach.roots_of(Permission.REVIEW), is_active=True)
    return list(plans.select_related("unit", "strategy_unit"))


def fetch_period(user: User, pk: int, fiscal_year: int, number: int) -> ClosingPeriod:
    """A period of a plan that the person reviews, else 404."""
    plan = Plan.objects.filter(pk=pk, is_active=True).select_related("unit", "strategy_unit").first()
    if plan is None or not reach_of(user).may_on(Permission.REVIEW, plan):
        raise Http404
    period = period_of_plan(plan, fiscal_year, number)
    if period is None:
        raise Http404
    return period


def revisions() -> QuerySet[Closure]:
    """Closures without their snapshots, which are large; the latest revision of a period last."""
    return Closure.objects.defer("snapshot").select_related("closed_by", "reopened_by").order_by("number", "revision")


def revisions_of(plans: Iterable[Plan], fiscal_year: int) -> list[Closure]:
    """All closings of these plans in a year, reopened ones too."""
    return list(revisions().filter(plan__in=plans, fiscal_year=fiscal_year))


def last_in_force(plan: Plan, fiscal_year: int) -> Closure | None:
    """The closing that reaches farthest into the year; one that it covers cannot be reopened before it."""
    closed = closures_in_force().filter(plan=plan, fiscal_year=fiscal_year)
    return closed.defer("snapshot").order_by("-number").first()


def earlier_reasons(period: ClosingPeriod) -> dict[tuple[int, int], str]:
    """For what was missing at earlier closings of the year, why it was waived then; the latest word holds."""
    rows = Waiver.objects.filter(
        closure__plan=period.plan, closure__fiscal_year=period.fiscal_year, closure__number__lte=period.number
    )
    found = rows.order_by("closure__closed_at", "pk").values_list("round", "measured_unit", "reason")
    return {(round_, unit): reason for round_, unit, reason in found}
