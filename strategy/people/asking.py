"""Whom somebody without a role may ask, and which roles they had or will have."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.admin.models import ADDITION, LogEntry

from strategy import clock
from strategy.access import UNITS_ABOVE, administrator_roles, first_asked, hospital_of
from strategy.models import Membership, OrgUnit, User


@dataclass(frozen=True)
class Contact:
    """A line of a list of whom to ask: who, of which hospital, and how to reach them."""

    house: str
    name: str
    title: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Asking:
    """The strategy units of plans, the administrators, and the person's own roles of other days."""

    units: list[Contact]
    people: list[Contact]
    coming: list[Membership]
    ended: list[Membership]


def whom_to_ask(user: User) -> Asking:
    """Of the hospital in which the person had or will have a role, or was added.

    Where none is known: the strategy units of all, and the administrators who find such a person (access.first_asked).
    """
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
    rows = administrator_roles().filter(user__in=lines.order_by().values("user"))
    return {hospital_of(role.unit).pk for role in rows}


def strategy_units() -> list[Contact]:
    """The strategy units of all plans in use, for whoever comes: no names of people."""
    return _strategy_units(set())


def _strategy_units(houses: set[int]) -> list[Contact]:
    units = OrgUnit.objects.filter(reviewed_plans__is_active=True, is_active=True).select_related(UNITS_ABOVE)
    found = units.filter(reviewed_plans__unit__in=houses) if houses else units
    return _in_order(Contact(_house_of(unit), unit.name, telephone=unit.telephone) for unit in found)


def _administrators(houses: set[int]) -> list[Contact]:
    roles = list(administrator_roles())
    theirs = houses or first_asked(roles)
    rows = [row for row in roles if hospital_of(row.unit).pk in theirs]
    return _in_order(
        Contact(hospital_of(row.unit).name, str(row.user), row.user.title, row.user.telephone) for row in rows
    )


def _house_of(unit: OrgUnit) -> str:
    """The name of the unit's hospital; empty where it is the unit itself."""
    house = hospital_of(unit)
    return "" if house.pk == unit.pk else house.name


def _in_order(contacts: Iterable[Contact]) -> list[Contact]:
    """By hospital and name; what reads the same stands once, and not where the same has a telephone."""
    found = sorted(set(contacts), key=lambda one: (one.house or one.name, one.name, one.title, one.telephone))
    reached = {(one.house, one.name, one.title) for one in found if one.telephone}
    return [one for one in found if one.telephone or (one.house, one.name, one.title) not in reached]
