"""Telling people inside the application; written in the transaction of what happened, so neither is there alone."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from indicators.models import Notice
from indicators.rules import RoundAccess
from strategy import clock
from strategy.access import in_force
from strategy.models import Membership, User


def notify(*, users: Iterable[User], kind: str, facts: Mapping[str, str], url: str, by: User | None = None) -> None:
    """One notice to each of these people, but not to who did it. `facts` fill the kind's sentence (wording.py)."""
    at = clock.now()
    people = {user.pk: user for user in users if by is None or user.pk != by.pk}
    Notice.objects.bulk_create(
        Notice(user=user, kind=kind, facts=dict(facts), url=url, at=at) for user in people.values()
    )


def people_of(access: RoundAccess) -> list[User]:
    """Heads and reporters of the units that are responsible for a round's result today; one query."""
    units = [unit.pk for unit in access.responsible]
    roles = (Membership.Role.HEAD, Membership.Role.REPORTER)
    return _people(Q(unit__in=units, role__in=roles))


def reviewers_of(access: RoundAccess) -> list[User]:
    """The reviewers of the plan's strategy unit, or where it names none, of the plan's own unit; one query."""
    unit = access.plan.strategy_unit_id or access.plan.unit_id
    return _people(Q(unit=unit, role=Membership.Role.REVIEWER))


def facts_of(access: RoundAccess, **more: str) -> dict[str, str]:
    """What a notice about a result says: code, name, period, measured unit."""
    indicator = access.round.indicator
    unit = access.measured_unit.label if access.is_other_unit else ""
    return {"code": indicator.code, "name": indicator.name, "period": access.round.label, "unit": unit, **more}


def _people(condition: Q) -> list[User]:
    found = Membership.objects.filter(condition, in_force(clock.today()), user__is_active=True)
    return [row.user for row in found.select_related("user").order_by("pk")]
