"""Closed periods as people of the plan's hospital may read them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from indicators.models import Closure
from strategy.access import Permission, reach_of
from strategy.models import Plan, User


def _of_house(user: User) -> QuerySet[Closure]:
    """What was approved is public inside the hospital, and so are the periods that it makes."""
    return Closure.objects.filter(plan__unit__in=reach_of(user).hospitals)


def fetch_closure(user: User, pk: int) -> Closure:
    """A closing with its snapshot, else 404."""
    related = ("plan__unit", "plan__strategy_unit", "closed_by", "reopened_by")
    found = _of_house(user).filter(pk=pk).select_related(*related).first()
    if found is None:
        raise Http404
    return found


def previous_of(closure: Closure) -> Closure | None:
    """The revision before this one, with its snapshot."""
    before = {"plan": closure.plan_id, "fiscal_year": closure.fiscal_year, "number": closure.number}
    return Closure.objects.filter(**before, revision=closure.revision - 1).first() if closure.revision > 1 else None


def revisions_of(closure: Closure) -> list[Closure]:
    """All revisions of the same period, without their snapshots."""
    same = {"plan": closure.plan_id, "fiscal_year": closure.fiscal_year, "number": closure.number}
    return list(Closure.objects.filter(**same).defer("snapshot").order_by("revision"))


def may_reopen(user: User, closure: Closure) -> bool:
    """Whether the way to the page on which a period is reopened is shown."""
    return closure.reopened_at is None and reach_of(user).may_on(Permission.REVIEW, closure.plan)


@dataclass(frozen=True)
class Closings:
    """What was closed of a month: the closing in force, if any, and the revisions that were opened again."""

    in_force: Closure | None
    reopened: tuple[Closure, ...]


def closings_of(plan: Plan, fiscal_year: int, number: int) -> Closings:
    """Of a month's own period, else of the nearest later one that holds it; one query, without the snapshots."""
    found = Closure.objects.filter(plan=plan, fiscal_year=fiscal_year, number__gte=number)
    rows = list(found.defer("snapshot").order_by("number", "revision"))
    in_force = next((row for row in rows if row.reopened_at is None), None)
    nearest = (in_force or rows[0]).number if rows else number
    reopened = (row for row in rows if row.reopened_at is not None and row.number in (number, nearest))
    return Closings(in_force, tuple(reopened))
