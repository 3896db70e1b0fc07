"""Telling people inside the application; written in the transaction of what happened, so neither is there alone."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from indicators.models import Notice, ReviewEvent
from indicators.rules import RoundAccess
from strategy import clock
from strategy.access import UNITS_ABOVE, hospital_of, in_force, is_at_or_below
from strategy.models import Membership, OrgUnit, User

Kind = Notice.Kind
TOLD = {
    ReviewEvent.Action.RETURN: Kind.RETURNED,
    ReviewEvent.Action.REOPEN: Kind.REOPENED,
    ReviewEvent.Action.APPROVE: Kind.APPROVED,
}


def notify(
    *,
    users: Iterable[User],
    kind: str,
    facts: Mapping[str, Any],
    url: str,
    by: User | None = None,
    at: datetime | None = None,
) -> None:
    """One notice to each of these people, but not to who did it. `facts` fill the kind's sentence (wording.py)."""
    moment = at or clock.now()
    people = {user.pk: user for user in users if by is None or user.pk != by.pk}
    Notice.objects.bulk_create(
        Notice(user=user, kind=kind, facts=dict(facts), url=url, at=moment) for user in people.values()
    )


def people_of(access: RoundAccess) -> list[User]:
    """Heads and reporters of the units that are responsible for a round's result today; one query."""
    units = [unit.pk for unit in access.responsible]
    roles = (Membership.Role.HEAD, Membership.Role.REPORTER)
    return [row.user for row in current_memberships(unit__in=units, role__in=roles).select_related("user")]


def reviewers_of(access: RoundAccess) -> list[User]:
    """Who may review the plan's results: those of its strategy unit, or where nobody is there, of its house."""
    return reviewers_in(access.plan.unit, access.plan.strategy_unit_id)


def reviewers_in(plans_own: OrgUnit, strategy_unit: int | None) -> list[User]:
    """The same by the plan's unit. A reviewer's reach begins at the house of their unit (strategy/access.py)."""
    found = current_memberships(role=Membership.Role.REVIEWER).select_related("user", f"unit__{UNITS_ABOVE}")
    rows = [row for row in found if is_at_or_below(plans_own, hospital_of(row.unit).pk)]
    nearest = [row for row in rows if row.unit_id == strategy_unit]
    return [row.user for row in nearest or rows]


def facts_of(access: RoundAccess, **more: str) -> dict[str, str]:
    """What a notice about a result says: code, name, period, measured unit."""
    indicator = access.round.indicator
    unit = access.measured_unit.label if access.is_other_unit else ""
    return {"code": indicator.code, "name": indicator.name, "period": access.round.label, "unit": unit, **more}


def current_memberships(**conditions: Any) -> QuerySet[Membership]:
    """The roles that hold today of active people in active units."""
    found = Membership.objects.filter(in_force(clock.today()), user__is_active=True, unit__is_active=True)
    return found.filter(**conditions).order_by("pk")


# Decisions of the reviewers


def tell_decision(access: RoundAccess, event: ReviewEvent, batch: str = "") -> None:
    """Tell the unit's people that a result came back or was approved. One notice for all of a batch, which grows."""
    kind = TOLD.get(ReviewEvent.Action(event.action))
    if kind is None:
        return
    facts = facts_of(access, reason=event.reason, by=str(event.actor))
    people = people_of(access)
    if batch:
        facts["batch"] = batch
        grown = _grow(people, kind, facts)
        people = [person for person in people if person.pk not in grown]
    url = reverse("entry", args=[access.round.pk]) + access.query
    notify(users=people, kind=kind, facts=facts, url=url, by=event.actor, at=event.at)


def _grow(people: Collection[User], kind: str, facts: Mapping[str, str]) -> set[int]:
    """Add the result to the batch's notices that are there, and say whose they are."""
    there = Notice.objects.filter(user__in=people, read_at__isnull=True, kind=kind, facts__batch=facts["batch"])
    found = list(there)
    for notice in found:
        codes = notice.facts.get("codes") or [notice.facts["code"]]
        notice.facts = notice.facts | {"codes": [*codes, facts["code"]]}
        notice.url = reverse("my_work")
    Notice.objects.bulk_update(found, ["facts", "url"])
    return {notice.user_id for notice in found}


# Reading


@transaction.atomic
def mark_read(*, by: User, pk: int | None = None) -> int:
    """One notice of the person, or all of them, as read; how many were unread."""
    unread = Notice.objects.filter(user=by, read_at__isnull=True)
    chosen = unread if pk is None else unread.filter(pk=pk)
    return chosen.update(read_at=clock.now())
