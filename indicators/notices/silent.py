"""Who does not answer: units with overdue results, responsible units without a head, people whose roles have ended."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from io import StringIO
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from indicators.closing.gaps import Ground, ground_of
from indicators.models import ReviewEvent
from indicators.notices.actions import current_memberships
from indicators.notices.digests import by_unit
from indicators.notices.owed import Owed, Piece, count_rounds, owed, pieces_of, shapes_for
from indicators.pieces import Shapes
from indicators.rules import current_responsibilities
from strategy import clock
from strategy.access import UNITS_ABOVE, Permission, Reach, of_houses, upwards
from strategy.models import Membership, OrgUnit, Plan, User

Role = Membership.Role
MOST_GONE = 50  # people whose roles have ended
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Person:
    """Somebody of a unit, and when they were last seen."""

    user: User
    role: str
    is_deputy: bool
    last_saved: datetime | None

    @property
    def is_head(self) -> bool:
        return self.role == Role.HEAD

    @property
    def last_login(self) -> datetime | None:
        return self.user.last_login


@dataclass(frozen=True)
class SilentUnit:
    """A unit with what of it is overdue, and its people."""

    unit: OrgUnit
    items: tuple[Owed, ...]
    people: tuple[Person, ...]
    shapes: Shapes

    @property
    def count(self) -> int:
        return count_rounds(self.items, self.shapes)

    @property
    def days_late(self) -> int:
        return max(item.days_late for item in self.items)

    @property
    def since(self) -> date:
        return min(item.due for item in self.items)

    @cached_property
    def pieces(self) -> list[Piece]:
        return pieces_of(self.items, self.shapes)

    @property
    def heads(self) -> list[Person]:
        return [person for person in self.people if person.is_head]

    @property
    def others(self) -> list[Person]:
        return [person for person in self.people if not person.is_head]


@dataclass(frozen=True)
class HeadlessUnit:
    """A unit that is responsible for KPIs and has no head today; `above` heads what is above it and may enter."""

    unit: OrgUnit
    others: tuple[Person, ...]
    above: tuple[Person, ...]


@dataclass(frozen=True)
class Gone:
    """Somebody whose account is open although all their roles have ended."""

    user: User
    unit: OrgUnit
    role: str
    end: date


class SilentPage:
    """What the strategy unit is shown of the units of its plans. Eight queries, however many units there are."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._roots = reach.roots_of(Permission.REVIEW)

    @property
    def may_manage(self) -> bool:
        """The person is an administrator besides, and may open the pages of units and people."""
        return self.reach.may_anywhere(Permission.USERS)

    @property
    def plans(self) -> QuerySet[Plan]:
        return Plan.objects.filter(is_active=True, unit__in=self._roots).order_by()

    @cached_property
    def units(self) -> list[SilentUnit]:
        """Those with overdue results, the one that has been late for longest first."""
        items = [item for item in owed(self.plans) if item.is_late]
        shapes = shapes_for(items)
        return [SilentUnit(unit, tuple(rows), self._people(unit.pk), shapes) for unit, rows in by_unit(items)]

    @cached_property
    def ground(self) -> Ground:
        """What is to be said where nobody is late."""
        return ground_of(self.plans)

    @property
    def results(self) -> int:
        return sum(unit.count for unit in self.units)

    @property
    def is_shared(self) -> bool:
        """Something is owed by several units, so that it is counted more than once here."""
        items = [item for unit in self.units for item in unit.items]
        return bool(items) and self.results > count_rounds(items, self.units[0].shapes)

    @cached_property
    def headless(self) -> list[HeadlessUnit]:
        found = (unit for unit in self._responsible if not any(p.is_head for p in self._people(unit.pk)))
        return [HeadlessUnit(unit, self._people(unit.pk), self._above(unit)) for unit in found]

    @cached_property
    def gone(self) -> list[Gone]:
        """The last role of each, the latest first."""
        today = clock.today()
        standing = Membership.objects.filter(Q(end__isnull=True) | Q(end__gte=today), user=OuterRef("user"))
        ended = Membership.objects.filter(
            ~Exists(standing), end__lt=today, user__is_active=True, unit__in=of_houses(self._roots)
        )
        found: dict[int, Gone] = {}
        for row in ended.select_related("user", "unit").order_by("-end", "pk")[: MOST_GONE * 3]:
            role = str(Role(row.role).label)
            found.setdefault(row.user_id, Gone(row.user, row.unit, role, row.end or today))
        return list(found.values())[:MOST_GONE]

    @property
    def is_quiet(self) -> bool:
        """Nothing to ask after."""
        return not (self.units or self.headless or self.gone)

    # People

    @cached_property
    def _responsible(self) -> list[OrgUnit]:
        duties = current_responsibilities().filter(indicator__plan__in=self.plans)
        units = OrgUnit.objects.filter(pk__in=duties.order_by().values("responsible_unit"))
        return list(units.select_related(UNITS_ABOVE).order_by("name"))

    @cached_property
    def _by_unit(self) -> dict[int, list[Person]]:
        saved = ReviewEvent.objects.filter(actor=OuterRef("user")).order_by("-at").values("at")[:1]
        rows: QuerySet[Membership] = current_memberships(role__in=(Role.HEAD, Role.REPORTER))
        found: dict[int, list[Person]] = {}
        for row in rows.select_related("user").annotate(last_saved=Subquery(saved)).order_by("role", "pk"):
            person = Person(row.user, row.role, row.deputy_of_id is not None, row.last_saved)
            found.setdefault(row.unit_id, []).append(person)
        return found

    def _people(self, unit: int) -> tuple[Person, ...]:
        return tuple(self._by_unit.get(unit, ()))

    def _above(self, unit: OrgUnit) -> tuple[Person, ...]:
        """The heads of the nearest unit above that has any."""
        _self, *higher = upwards(unit)
        for each in higher:
            if heads := tuple(person for person in self._people(each.pk) if person.is_head):
                return heads
        return ()


# The list as a file


def as_csv(page: SilentPage) -> str:
    """The overdue units as a table that Excel opens: whom to call, about what."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("หน่วยงาน"), _("โทรศัพท์"), _("หัวหน้า"), _("อีเมล"), _("ค้าง (รายการ)"), _("นานที่สุด (วัน)"), _("ตัวชี้วัดและงวด")]
    )
    for row in page.units:
        writer.writerow([_plain(cell) for cell in _cells(row)])
    return out.getvalue()


def _cells(row: SilentUnit) -> Iterable[Any]:
    heads = [person.user for person in row.heads]
    what = "; ".join(f"{piece.code}: {', '.join(piece.rounds)}" for piece in row.pieces)
    numbers = filter(None, [row.unit.telephone, *(user.telephone for user in heads)])
    addresses = filter(None, (user.email for user in heads))
    return (
        row.unit.name, ", ".join(numbers), ", ".join(map(str, heads)), ", ".join(addresses),
        row.count, row.days_late, what,
    )  # fmt: skip


def _plain(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula stays a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_MARKS) else cell
