"""Giving and ending roles: keyword-only, atomic, decided after the row lock, with a line in the person's history."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from strategy import clock
from strategy.access import UNITS_ABOVE, hospital_of
from strategy.accounts.history import days_text, facts_of, record
from strategy.accounts.refused import Refused
from strategy.models import Membership, OrgUnit, User

Role = Membership.Role
ONE_DAY = timedelta(days=1)


@transaction.atomic
def give_role(
    *,
    user: User,
    unit: OrgUnit,
    role: str,
    start: date,
    end: date | None,
    reason: str,
    by: User,
    deputy_of: User | None = None,
    line: str = "role_given",
    more: Mapping[str, str] | None = None,
) -> Membership:
    """A new role of a person in a unit; Refused where they have it already in these days."""
    User.objects.select_for_update().get(pk=user.pk)
    if end is not None and end < start:
        raise Refused(_("วันสิ้นสุดอยู่ก่อนวันเริ่ม ตรวจวันที่ทั้งสองช่อง"))
    _refuse_second(user, unit, role, start, end)
    membership = Membership.objects.create(
        user=user, unit=unit, role=role, start=start, end=end, deputy_of=deputy_of, note=reason[:500]
    )
    record(user=user, by=by, line=line, reason=reason, **facts_of(membership), **(more or {}))
    return membership


def _refuse_second(user: User, unit: OrgUnit, role: str, start: date, end: date | None) -> None:
    """The same role of the same person in the same unit counts once, whether as a deputy or not."""
    same = Membership.objects.filter(user=user, unit=unit, role=role)
    overlaps = Q(end__isnull=True) | Q(end__gte=start)
    if end is not None:
        overlaps &= Q(start__isnull=True) | Q(start__lte=end)
    there = same.filter(overlaps).first()
    if there is not None:
        days = days_text(there.start, there.end)
        facts = {"name": user, "role": there.get_role_display(), "unit": unit.label, "days": days}
        raise Refused((_("%(name)s มีบทบาท %(role)s ที่ %(unit)s อยู่แล้ว %(days)s") % facts).rstrip())


@transaction.atomic
def end_role(*, membership: Membership, last: date, reason: str, by: User) -> Membership | None:
    """A role ends after its last day; one whose last day would be before its first never was, and is taken away.

    Deputies of a head end with them. Refused where the hospital would be left without an administrator.
    """
    others = other_administrators(membership)
    held = Membership.objects.select_for_update(of=("self",)).select_related("unit", "deputy_of", "user")
    role = held.filter(pk=membership.pk).first()
    if role is None or (role.end is not None and role.end < last):
        raise Refused(_("บทบาทนี้สิ้นสุดไปก่อนแล้ว โหลดหน้านี้ใหม่"))
    if role.role == Role.ADMINISTRATOR:
        _keep_an_administrator(role, last, others, by)
    if role.role == Role.HEAD and role.deputy_of_id is None:
        end_deputies(of=role.user, unit=role.unit, last=last, reason=reason, by=by)
    return _close(role, last, reason, by)


def _close(role: Membership, last: date, reason: str, by: User) -> Membership | None:
    is_deputy = role.deputy_of_id is not None
    if role.start is not None and last < role.start:
        line = "deputy_ended" if is_deputy else "role_cancelled"
        record(user=role.user, by=by, line=line, reason=reason, **facts_of(role))
        role.delete()
        return None
    role.end = last
    role.save(update_fields=["end"])
    line = "deputy_ended" if is_deputy else "role_ended"
    record(user=role.user, by=by, line=line, reason=reason, **facts_of(role))
    return role


def end_deputies(*, of: User, unit: OrgUnit, last: date, reason: str, by: User) -> list[User]:
    """Whoever stands in for this head in this unit stops with them; returns these people."""
    later = Q(end__isnull=True) | Q(end__gt=last)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("unit", "deputy_of", "user")
    found = list(rows.filter(later, deputy_of=of, unit=unit, role=Role.HEAD).order_by("pk"))
    for role in found:
        _close(role, last, reason, by)
    return [role.user for role in found]


# The last administrator


def other_administrators(membership: Membership) -> list[Membership]:
    """The administrators of the same hospital, locked: two who end each other's role come one after the other."""
    if membership.role != Role.ADMINISTRATOR:
        return []
    rows = Membership.objects.filter(role=Role.ADMINISTRATOR).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    # Read once more: what somebody else changed while this waited, an account closed for instance, must be seen.
    house = hospital_of(membership.unit).pk
    found = rows.filter(user__is_active=True).select_related("user", f"unit__{UNITS_ABOVE}")
    return [row for row in found if hospital_of(row.unit).pk == house]


def _keep_an_administrator(role: Membership, last: date, others: list[Membership], by: User) -> None:
    if role.user_id == by.pk:
        raise Refused(_("สิ้นสุดบทบาทผู้ดูแลระบบของตนเองไม่ได้ ให้ผู้ดูแลระบบคนอื่นทำ จะได้ไม่เผลอปิดทางเข้าของโรงพยาบาล"))
    if not is_replaced(role, last, others):
        raise Refused(_("ต้องเหลือผู้ดูแลระบบของโรงพยาบาลอย่างน้อยหนึ่งคน ให้บทบาทผู้ดูแลระบบแก่คนอื่นก่อน"))


def is_replaced(role: Membership, last: date, others: list[Membership]) -> bool:
    """Whether somebody else administers the hospital from the next day on, for at least as long."""
    if role.end is not None and role.end < clock.today():
        return True
    return any(_stands_in(other, role, max(last, clock.today() - ONE_DAY) + ONE_DAY) for other in others)


def _stands_in(other: Membership, role: Membership, day: date) -> bool:
    if other.user_id == role.user_id or (other.start is not None and other.start > day):
        return False
    return other.end is None or (role.end is not None and other.end >= max(role.end, day))


def administrator_roles(user: User) -> list[Membership]:
    """The roles as administrator that a person has or will have."""
    rows = user.memberships.filter(Q(end__isnull=True) | Q(end__gte=clock.today()), role=Role.ADMINISTRATOR)
    return list(rows.select_related(f"unit__{UNITS_ABOVE}"))
