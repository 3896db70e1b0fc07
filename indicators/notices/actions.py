"""Telling people inside the application; written in the transaction of what happened, so neither is there alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from indicators.models import Notice, ReviewEvent, Round
from indicators.naming import title_of
from indicators.rules import RoundAccess
from strategy import clock
from strategy.access import UNITS_ABOVE, hospital_of, in_force, upwards
from strategy.models import Membership, OrgUnit, User

Kind, Role = Notice.Kind, Membership.Role
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
) -> list[Notice]:
    """One notice to each of these people, but not to who did it. `facts` fill the kind's sentence (wording.py)."""
    moment = at or clock.now()
    people = {user.pk: user for user in users if by is None or user.pk != by.pk}
    return Notice.objects.bulk_create(
        Notice(user=user, kind=kind, facts=dict(facts), url=url, at=moment) for user in people.values()
    )


def people_of(access: RoundAccess) -> list[User]:
    """Heads and reporters of the units that are responsible for a round's result today; one query.

    Where these units have nobody, the heads of the nearest unit above: they enter for them.
    """
    units = [unit.pk for unit in access.responsible]
    found = current_memberships(unit__in=units, role__in=(Role.HEAD, Role.REPORTER)).select_related("user")
    return [row.user for row in found] or _heads_above(access.responsible)


def _heads_above(units: Iterable[OrgUnit]) -> list[User]:
    chains = [[each.pk for each in upwards(unit)][1:] for unit in units]
    rows = current_memberships(unit__in={pk for chain in chains for pk in chain}, role=Role.HEAD)
    heads: dict[int, list[User]] = {}
    for row in rows.select_related("user"):
        heads.setdefault(row.unit_id, []).append(row.user)
    nearest = (next((heads[pk] for pk in chain if pk in heads), []) for chain in chains)
    return list({user.pk: user for users in nearest for user in users}.values())


def reviewers_of(access: RoundAccess) -> list[User]:
    """Who may review the plan's results: those of its strategy unit, or where nobody is there, of its house."""
    return reviewers_in(access.plan.unit, access.plan.strategy_unit_id)


def reviewers_in(plans_own: OrgUnit, strategy_unit: int | None) -> list[User]:
    """The same by the plan's unit. A reviewer reviews the plans of the house of their unit (Reach.may_on)."""
    found = current_memberships(role=Role.REVIEWER).select_related("user", f"unit__{UNITS_ABOVE}")
    rows = [row for row in found if hospital_of(row.unit).pk == plans_own.pk]
    nearest = [row for row in rows if row.unit_id == strategy_unit]
    return [row.user for row in nearest or rows]


def facts_of(access: RoundAccess, **more: str) -> dict[str, Any]:
    """What a notice about a result says: code, name, period, measured unit. Days among them as ISO."""
    indicator = access.round.indicator
    unit = access.measured_unit.label if access.is_other_unit else ""
    return {
        "code": indicator.code,
        "name": title_of(indicator),
        "period": _period_of(access.round),
        "unit": unit,
        **more,
    }


def _period_of(round_: Round) -> str | dict[str, Any]:
    """The round so that it can be named in each reader's language; a name of its own as it is written."""
    if round_.name:
        return round_.name
    days = {"start": round_.start.isoformat(), "end": round_.end.isoformat()}
    return {"year": round_.fiscal_year, "number": round_.number, "frequency": round_.frequency, **days}


def current_memberships(**conditions: Any) -> QuerySet[Membership]:
    """The roles that hold today of active people in active units."""
    found = Membership.objects.filter(in_force(clock.today()), user__is_active=True, unit__is_active=True)
    return found.filter(**conditions).order_by("pk")


# Decisions of the reviewers


@dataclass
class Batch:
    """Decisions of one kind that are made together: each unit's people get one notice for all of them, which grows."""

    told: dict[tuple[int, ...], list[int]] = field(default_factory=dict)  # notices by the responsible units
    codes: dict[tuple[int, ...], list[str]] = field(default_factory=dict)


def tell_decision(access: RoundAccess, event: ReviewEvent, batch: Batch | None = None) -> None:
    """Tell the unit's people that a result came back or was approved."""
    kind = TOLD.get(ReviewEvent.Action(event.action))
    if kind is None:
        return
    facts = facts_of(access, reason=event.reason, by=str(event.actor))
    units = tuple(sorted(unit.pk for unit in access.responsible))
    if batch and units in batch.told:
        _grow(batch, units, facts)
        return
    url = reverse("entry", args=[access.round.pk]) + access.query
    made = notify(users=people_of(access), kind=kind, facts=facts, url=url, by=event.actor, at=event.at)
    if batch:
        batch.told[units], batch.codes[units] = [notice.pk for notice in made], [facts["code"]]


def _grow(batch: Batch, units: tuple[int, ...], facts: Mapping[str, str]) -> None:
    """Say it of one result more; who has read it meanwhile has news."""
    batch.codes[units].append(facts["code"])
    more = {**facts, "codes": batch.codes[units]}
    Notice.objects.filter(pk__in=batch.told[units]).update(facts=more, url=reverse("my_work"), read_at=None)


# Reading


@transaction.atomic
def mark_read(*, by: User, pk: int | None = None, newest: int | None = None) -> int:
    """One notice of the person, or all of them up to the newest that they were shown, as read; how many were unread."""
    unread = Notice.objects.filter(user=by, read_at__isnull=True)
    if pk is not None:
        unread = unread.filter(pk=pk)
    if newest is not None:
        unread = unread.filter(pk__lte=newest)
    return unread.update(read_at=clock.now())
