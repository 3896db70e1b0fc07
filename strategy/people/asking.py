"""Whom somebody without a role may ask, and which roles they had or will have."""

from dataclasses import dataclass

from django.contrib.admin.models import ADDITION, LogEntry
from django.db.models import QuerySet

from strategy import clock
from strategy.access import UNITS_ABOVE, hospital_of, in_force
from strategy.models import Membership, OrgUnit, User


@dataclass(frozen=True)
class Asking:
    """The strategy units of plans, the administrators, and the person's own roles of other days."""

    units: list[OrgUnit]
    people: list[User]
    coming: list[Membership]
    ended: list[Membership]


def whom_to_ask(user: User) -> Asking:
    """Of the hospital in which the person had or will have a role, or was added; where none is known, of all."""
    own = list(user.memberships.select_related(f"unit__{UNITS_ABOVE}").order_by("start", "pk"))
    houses = {hospital_of(role.unit).pk for role in own} or _added_in(user)
    today = clock.today()
    return Asking(
        units=_strategy_units(houses),
        people=_administrators(houses),
        coming=[role for role in own if role.start is not None and role.start > today],
        ended=[role for role in own if role.end is not None and role.end < today],
    )


def _added_in(user: User) -> set[int]:
    """The houses of the administrator who added the person."""
    lines = LogEntry.objects.filter(
        content_type__app_label="strategy", content_type__model="user", object_id=str(user.pk), action_flag=ADDITION
    )
    rows = _administrator_roles().filter(user__in=lines.order_by().values("user"))
    return {hospital_of(role.unit).pk for role in rows}


def _administrator_roles() -> QuerySet[Membership]:
    roles = Membership.objects.filter(in_force(clock.today()), role=Membership.Role.ADMINISTRATOR)
    return roles.filter(user__is_active=True).select_related("user", f"unit__{UNITS_ABOVE}")


def _strategy_units(houses: set[int]) -> list[OrgUnit]:
    units = OrgUnit.objects.filter(reviewed_plans__is_active=True).distinct().order_by("name")
    return list(units.filter(reviewed_plans__unit__in=houses) if houses else units)


def _administrators(houses: set[int]) -> list[User]:
    rows = _administrator_roles().order_by("user__first_name", "user__username")
    return list({row.user_id: row.user for row in rows if not houses or hospital_of(row.unit).pk in houses}.values())
