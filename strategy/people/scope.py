"""Whom and what an administrator may administer: the people and units of their hospitals, else 404."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.admin.models import ADDITION, LogEntry
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.translation import gettext as _

from strategy import clock
from strategy.access import UNITS_ABOVE, Permission, Reach, reach_of
from strategy.fields import Option
from strategy.models import Membership, OrgUnit, User


@dataclass(frozen=True)
class Person:
    """Somebody of the administrator's hospitals, with their roles there."""

    user: User
    reach: Reach
    memberships: tuple[Membership, ...]  # in the administrator's hospitals, of any time
    is_elsewhere: bool  # has or will have a role outside of them

    @property
    def is_self(self) -> bool:
        return self.user.pk == self.reach.user.pk

    @property
    def why_not(self) -> str:
        """Why the account itself is not this administrator's to change; empty where it is.

        Who sets a password can log in with it, so nobody gets beyond their own hospital that way.
        """
        if self.reach.user.is_superuser:
            return ""
        if self.user.is_superuser or self.user.is_staff:
            return _("บัญชีนี้ดูแลทั้งระบบ แก้ไขบัญชีได้เฉพาะผู้ดูแลทั้งระบบด้วยกัน บทบาทในโรงพยาบาลนี้ยังกำหนดได้")
        if self.is_elsewhere:
            return _("บุคคลนี้มีบทบาทนอกโรงพยาบาลนี้ด้วย แก้ไขบัญชีได้เฉพาะผู้ดูแลที่ดูแลทุกแห่งนั้น บทบาทในโรงพยาบาลนี้ยังกำหนดได้")
        return ""

    @property
    def may_manage(self) -> bool:
        return not self.why_not


def administration(user: User) -> Reach:
    """The reach of an administrator of people, else 404."""
    reach = reach_of(user)
    if not reach.may_anywhere(Permission.USERS):
        raise Http404
    return reach


def people_of(reach: Reach) -> QuerySet[User]:
    """Who has or had a role in the administrator's hospitals; and of who never had any, those added there.

    Of the latter those see all who have no administrator above them: else nobody could give them their first role.
    """
    roles = Membership.objects.filter(user=OuterRef("pk"))
    here = Exists(roles.filter(unit__in=reach.units_with(Permission.USERS)))
    newcomers = ~Exists(roles) if reach.is_first_asked else ~Exists(roles) & _added_in(reach)
    return User.objects.filter(here | newcomers)


def _added_in(reach: Reach) -> Exists:
    """Added by who is or was an administrator there."""
    administrators = Membership.objects.filter(
        unit__in=reach.units_with(Permission.USERS), role=Membership.Role.ADMINISTRATOR
    )
    added = LogEntry.objects.filter(
        content_type__app_label="strategy",
        content_type__model="user",
        action_flag=ADDITION,
        object_id=Cast(OuterRef("pk"), CharField()),
        user__in=administrators.order_by().values("user"),
    )
    return Exists(added)


def fetch_person(user: User, pk: int) -> Person:
    """A person of the administrator's hospitals with all their roles there, else 404."""
    reach = administration(user)
    found = people_of(reach).filter(pk=pk).first()
    if found is None:
        raise Http404
    return person_of(reach, found)


def person_of(reach: Reach, found: User) -> Person:
    rows = found.memberships.select_related(f"unit__{UNITS_ABOVE}", "deputy_of").order_by("start", "pk")
    roles = list(rows)
    own = tuple(row for row in roles if reach.may_in(Permission.USERS, row.unit))
    lasting = (row for row in roles if row not in own and (row.end is None or row.end >= clock.today()))
    return Person(found, reach, own, any(lasting))


def fetch_role(user: User, pk: int) -> tuple[Person, Membership]:
    """A role in the administrator's hospitals with its person, else 404."""
    reach = administration(user)
    rows = Membership.objects.select_related("user", "deputy_of", f"unit__{UNITS_ABOVE}")
    found = rows.filter(pk=pk, unit__in=reach.units_with(Permission.USERS)).first()
    if found is None:
        raise Http404
    return person_of(reach, found.user), found


class Units:
    """The units in which an administrator gives roles, to be picked and to be filtered by."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach

    @cached_property
    def rows(self) -> list[OrgUnit]:
        units = OrgUnit.objects.filter(pk__in=self.reach.units_with(Permission.USERS), is_active=True)
        return list(units.order_by("name", "pk"))

    @property
    def options(self) -> list[Option]:
        return [unit_option(unit) for unit in self.rows]

    @property
    def choices(self) -> list[tuple[int, str]]:
        return [(unit.pk, unit.name) for unit in self.rows]


def unit_option(unit: OrgUnit) -> Option:
    """A unit as it is picked: by its name, its code or the short name that the plan uses."""
    return Option(unit, f"{unit.name} ({unit.code})", (unit.code, unit.name, *filter(None, [unit.short_name])))


def person_option(user: User) -> Option:
    """A person as they are picked: by name or user name."""
    full = user.get_full_name()
    return Option(user, f"{full} ({user.username})" if full else user.username, (user.username, *filter(None, [full])))
