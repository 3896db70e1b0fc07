"""The units whose people one may see and change: an administrator's, a head's own; else 404."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from indicators.handover.work import open_measures
from indicators.models import Responsibility
from strategy import clock
from strategy.access import UNITS_ABOVE, Permission, Reach, at_or_below, hospital_of, in_force, reach_of
from strategy.fields import Option
from strategy.models import Membership, OrgUnit, User
from strategy.people.scope import people_of, person_option

Role = Membership.Role
OWN = (Role.HEAD, Role.REPORTER)  # the roles of who answers for a unit's results


@dataclass(frozen=True)
class UnitAccess:
    """One unit with what one person may do about its people."""

    unit: OrgUnit
    reach: Reach

    @property
    def is_administrator(self) -> bool:
        return self.reach.may_in(Permission.USERS, self.unit)

    @property
    def is_own_head(self) -> bool:
        """Heads this very unit in their own right: who stands in for somebody names nobody else."""
        return any(
            m.unit_id == self.unit.pk and m.role == Role.HEAD and m.deputy_of_id is None for m in self.reach.memberships
        )

    @property
    def may_appoint(self) -> bool:
        return self.is_administrator or self.is_own_head

    def may_end(self, deputy: Membership) -> bool:
        return self.is_administrator or deputy.deputy_of_id == self.reach.user.pk

    @cached_property
    def roles(self) -> list[Membership]:
        """All roles of heads and reporters in this unit, of any time; one query."""
        rows = Membership.objects.filter(unit=self.unit, role__in=OWN).select_related("user", "deputy_of")
        return list(rows.order_by("role", "start", "pk"))

    @property
    def lasting(self) -> list[Membership]:
        """Those that hold today or will."""
        return [role for role in self.roles if role.end is None or role.end >= clock.today()]

    @property
    def heads(self) -> list[Membership]:
        """Who heads the unit in their own right, now or later."""
        return [role for role in self.lasting if role.role == Role.HEAD and role.deputy_of_id is None]

    @cached_property
    def candidates(self) -> list[Option]:
        """Whom one may name: an administrator anybody of theirs, a head who has a role in the same house."""
        if self.is_administrator:
            found = people_of(self.reach).filter(is_active=True)
            return [person_option(user) for user in found.order_by("first_name", "last_name", "username")]
        return [person_option(user) for user in _people_in(hospital_of(self.unit))]


def _people_in(house: OrgUnit) -> list[User]:
    rows = Membership.objects.filter(
        in_force(clock.today()), unit__in=at_or_below({house.pk}), unit__is_active=True, user__is_active=True
    )
    related = rows.select_related("user", f"unit__{UNITS_ABOVE}").order_by("user__first_name", "user__username")
    return list({row.user_id: row.user for row in related if hospital_of(row.unit).pk == house.pk}.values())


def fetch_unit(user: User, pk: int) -> UnitAccess:
    """A unit of the administrator's hospitals, or one for which the person submits; else 404."""
    units = OrgUnit.objects.select_related(UNITS_ABOVE).annotate(open_measures=open_measures(pk))
    unit = units.filter(pk=pk, is_active=True).first()
    reach = reach_of(user)
    if unit is None or not (reach.may_in(Permission.USERS, unit) or reach.may_in(Permission.SUBMIT, unit)):
        raise Http404
    return UnitAccess(unit, reach)


def fetch_appointing(user: User, pk: int) -> UnitAccess:
    """A unit in which the person may name who stands in for its head; else 404."""
    access = fetch_unit(user, pk)
    if not access.may_appoint:
        raise Http404
    return access


def fetch_administered(user: User, pk: int) -> UnitAccess:
    """A unit of the administrator's hospitals, else 404."""
    access = fetch_unit(user, pk)
    if not access.is_administrator:
        raise Http404
    return access


def fetch_deputy(user: User, pk: int) -> tuple[UnitAccess, Membership]:
    """Somebody who stands in, where the person may end that; else 404."""
    found = Membership.objects.filter(pk=pk, deputy_of__isnull=False)
    deputy = found.select_related("user", "deputy_of", f"unit__{UNITS_ABOVE}").first()
    reach = reach_of(user)
    if deputy is None or not UnitAccess(deputy.unit, reach).may_end(deputy):
        raise Http404
    return UnitAccess(deputy.unit, reach), deputy


# The list of units


@dataclass(frozen=True)
class UnitRow:
    """One unit of the list with who answers for it today."""

    unit: OrgUnit
    people: tuple[Membership, ...]

    @property
    def heads(self) -> list[Membership]:
        return [role for role in self.people if role.role == Role.HEAD]

    @property
    def reporters(self) -> list[Membership]:
        return [role for role in self.people if role.role == Role.REPORTER]

    @property
    def lacks_head(self) -> bool:
        return not self.heads and bool(getattr(self.unit, "owes", False))


def units_for_list(user: User, words: str = "", only_without_head: bool = False) -> QuerySet[OrgUnit]:
    """An administrator's units, or those for which the person submits; 404 for everybody else."""
    reach = reach_of(user)
    units = reach.units_with(Permission.USERS, Permission.SUBMIT)
    if not any(reach.may_anywhere(each) for each in (Permission.USERS, Permission.SUBMIT)):
        raise Http404
    owes = Responsibility.objects.filter(in_force(clock.today()), responsible_unit=OuterRef("pk"))
    found = OrgUnit.objects.filter(pk__in=units, is_active=True).annotate(owes=Exists(owes))
    for word in words.replace("\0", " ").split():
        found = found.filter(Q(name__icontains=word) | Q(short_name__icontains=word) | Q(code__icontains=word))
    if only_without_head:
        found = found.filter(~Exists(_today().filter(unit=OuterRef("pk"), role=Role.HEAD)), owes=True)
    return found.select_related("parent").order_by("name", "pk")


def _today() -> QuerySet[Membership]:
    return Membership.objects.filter(in_force(clock.today()), user__is_active=True)


def unit_rows(units: Any) -> Iterable[UnitRow]:
    """The units of one page with their people of today; one query more."""
    people = _today().filter(role__in=OWN).select_related("user", "deputy_of").order_by("user__first_name", "pk")
    found = units.prefetch_related(Prefetch("memberships", people, to_attr="people_today"))
    return [UnitRow(unit, tuple(unit.people_today)) for unit in found]
