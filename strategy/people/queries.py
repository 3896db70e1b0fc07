"""What the list of people asks: its filter, its rows, and what each row says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from strategy import clock
from strategy.access import Permission, Reach, in_force
from strategy.accounts.logins import locked_names
from strategy.models import Membership, User
from strategy.people.scope import Units, people_of

PAGE = 50
LARGEST_KEY = 2**31 - 1
STATES = (
    ("", _("ทั้งหมด")),
    ("active", _("ใช้งานอยู่")),
    ("closed", _("ระงับแล้ว")),
    ("no_role", _("ไม่มีบทบาทในวันนี้")),
)


class PeopleFilter(forms.Form):
    """Name, unit, role and state; what is nonsense in an address filters nothing."""

    q = forms.CharField(label=_("ชื่อ ชื่อผู้ใช้ หรือตำแหน่ง"), required=False, max_length=100)
    unit = forms.TypedChoiceField(label=_("หน่วยงาน"), required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(label=_("บทบาท"), required=False, choices=[("", _("ทั้งหมด")), *Membership.Role.choices])
    state = forms.ChoiceField(label=_("สถานะ"), required=False, choices=STATES)

    def __init__(self, data: Mapping[str, Any], units: Units) -> None:
        super().__init__(data)
        self.fields["unit"].choices = [("", _("ทั้งหมด")), *units.choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True)
class Row:
    """One person of the list."""

    user: User
    roles: tuple[Membership, ...]  # of today
    is_locked: bool = False  # for a while, after wrong passwords

    @property
    def states(self) -> list[tuple[str, str]]:
        """Tone and word of what is not everyday about the account."""
        found = []
        if not self.user.is_active:
            found.append(("wrong", str(_("ระงับแล้ว"))))
        if self.is_locked:
            found.append(("wrong", str(_("ถูกพักชั่วคราว"))))
        if not self.roles:
            found.append(("missing", str(_("ไม่มีบทบาท"))))
        if self.user.must_change_password:
            found.append(("wait", str(_("ยังไม่ตั้งรหัสผ่านเอง"))))
        if getattr(self.user, "has_factor", False):
            found.append(("good", str(_("ยืนยันตัวตนขั้นที่สอง"))))
        return found


def people_for_list(reach: Reach, chosen: Mapping[str, Any]) -> QuerySet[User]:
    """The people of the administrator's hospitals that the filter leaves, by name."""
    people = people_of(reach).annotate(
        has_factor=Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)),
        has_role=Exists(_today(reach).filter(user=OuterRef("pk"))),
    )
    return _filtered(people, reach, chosen).order_by("-is_active", "first_name", "last_name", "username", "pk")


def _today(reach: Reach) -> QuerySet[Membership]:
    """The roles of today in the administrator's hospitals."""
    return Membership.objects.filter(in_force(clock.today()), unit__in=reach.units_with(Permission.USERS))


def _filtered(people: QuerySet[User], reach: Reach, chosen: Mapping[str, Any]) -> QuerySet[User]:
    for word in chosen.get("q", "").replace("\0", " ").split():
        fields = ("username", "first_name", "last_name", "title")
        people = people.filter(Q(*[(f"{field}__icontains", word) for field in fields], _connector=Q.OR))
    roles = {name: chosen[name] for name in ("unit", "role") if name in chosen}
    if roles:
        people = people.filter(Exists(_today(reach).filter(user=OuterRef("pk"), **roles)))
    state = chosen.get("state")
    if state in ("active", "closed"):
        return people.filter(is_active=state == "active")
    return people.filter(has_role=False) if state == "no_role" else people


def rows_of(page: Any, reach: Reach) -> list[Row]:
    """The people of one page with their roles of today and who is locked out; two queries more, however many."""
    roles = _today(reach).select_related("unit").order_by("unit__name", "role")
    people = list(page.object_list.prefetch_related(Prefetch("memberships", roles, to_attr="roles_today")))
    locked = locked_names(user.username for user in people)
    return [Row(user, tuple(user.roles_today), user.username in locked) for user in people]


def summary_of(reach: Reach) -> dict[str, int]:
    """How many there are, and how many of them something is missing of; one query."""
    people = people_of(reach).annotate(has_role=Exists(_today(reach).filter(user=OuterRef("pk"))))
    active = Q(is_active=True)
    return people.aggregate(
        all=Count("pk"), closed=Count("pk", filter=~active), without=Count("pk", filter=active & Q(has_role=False))
    )
