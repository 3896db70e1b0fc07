"""Who may do what: permissions, the roles as a table, and a person's reach over units.

Nothing of results here (DESIGN.md section 8); indicators/rules.py asks with a unit in hand.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from strategy import clock
from strategy.models import Membership, OrgUnit, Plan, User

Role = Membership.Role
# Where a person's house ends: a province's people do not look into the other provinces of its region.
HOSPITAL_KINDS = (OrgUnit.Kind.HOSPITAL, OrgUnit.Kind.PROVINCE)


class Permission(StrEnum):
    """What a role allows in its unit and in all units below it."""

    SEE_OWN = "see_own"  # drafts and details of own units
    ENTER = "enter"  # type and save drafts
    SUBMIT = "submit"  # submit and withdraw
    REVIEW = "review"  # approve, return, reopen
    READ_ALL = "read_all"  # every result of the hospital, drafts too
    TEMPLATES = "templates"  # edit KPI templates and plans
    USERS = "users"  # manage users and memberships


ROLES: dict[str, frozenset[Permission]] = {
    Role.REPORTER: frozenset({Permission.SEE_OWN, Permission.ENTER}),
    Role.HEAD: frozenset({Permission.SEE_OWN, Permission.ENTER, Permission.SUBMIT}),
    Role.REVIEWER: frozenset({Permission.SEE_OWN, Permission.REVIEW, Permission.READ_ALL}),
    Role.EXECUTIVE: frozenset({Permission.SEE_OWN, Permission.READ_ALL}),
    Role.ADMINISTRATOR: frozenset({Permission.SEE_OWN, Permission.READ_ALL, Permission.TEMPLATES, Permission.USERS}),
}


def in_force(day: date, prefix: str = "") -> Q:
    """Rows that hold on that day; a start or end that is left open has no limit."""
    begun = Q(**{f"{prefix}start__isnull": True}) | Q(**{f"{prefix}start__lte": day})
    return begun & (Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gte": day}))


# From a department to what is above it: mission group, hospital, province, region.
UNITS_ABOVE = "parent__parent__parent__parent"


def ancestors_and_self(unit: int, tree: dict[int, int | None]) -> list[int]:
    """The unit and all units above it, nearest first; a loop in the data ends the walk."""
    chain: list[int] = []
    current: int | None = unit
    while current is not None and current not in chain:
        chain.append(current)
        current = tree.get(current)
    return chain


def hospital_of(unit: OrgUnit) -> OrgUnit:
    """The nearest hospital or provincial office at or above the unit; without one, the top of its tree."""
    top = unit
    for top in upwards(unit):
        if top.kind in HOSPITAL_KINDS:
            break
    return top


def upwards(unit: OrgUnit) -> Iterator[OrgUnit]:
    """The unit and all above it, nearest first; a loop in the data ends the walk."""
    seen: set[int] = set()
    current: OrgUnit | None = unit
    while current is not None and current.pk not in seen:
        yield current
        seen.add(current.pk)
        current = current.parent


def at_or_below(roots: set[int] | QuerySet[OrgUnit]) -> QuerySet[OrgUnit]:
    """These units and those of the four levels below them, as part of another query."""
    found = Q(pk__in=roots)
    for levels in range(1, UNITS_ABOVE.count("parent") + 1):
        found |= Q(**{"__".join(["parent"] * levels) + "__in": roots})
    return OrgUnit.objects.filter(found).order_by().values("pk")


def of_houses(houses: set[int]) -> QuerySet[OrgUnit]:
    """The units of these hospitals and offices, not those of another hospital below; as part of another query."""
    below = at_or_below(houses)
    others = OrgUnit.objects.filter(pk__in=below, kind__in=HOSPITAL_KINDS).exclude(pk__in=houses)
    return below.exclude(pk__in=at_or_below(others.order_by().values("pk")))


def is_at_or_below(unit: OrgUnit, root: int) -> bool:
    """Whether a unit that came with those above it (UNITS_ABOVE) is that one or below it: no query."""
    return any(each.pk == root for each in upwards(unit))


def administrator_roles() -> QuerySet[Membership]:
    """The roles of who administers people today, with the units above theirs."""
    roles = Membership.objects.filter(in_force(clock.today()), role=Role.ADMINISTRATOR)
    return roles.filter(user__is_active=True, unit__is_active=True).select_related("user", f"unit__{UNITS_ABOVE}")


def first_asked(roles: Iterable[Membership]) -> set[int]:
    """Of all administrators' hospitals and offices those above which nobody administers.

    Theirs is who never had a role anywhere: these administrators find them, and they are told to ask these.
    """
    houses = {house.pk: house for house in (hospital_of(role.unit) for role in roles)}
    return {pk for pk, house in houses.items() if not any(each.pk in houses for each in list(upwards(house))[1:])}


class Reach:
    """What one person may do, over all units, on one day: one query, and another for `is_first_asked`."""

    def __init__(self, user: User, day: date | None = None) -> None:
        self.user = user
        self.day = day or clock.today()

    @cached_property
    def memberships(self) -> list[Membership]:
        if not self.user.is_authenticated or not self.user.is_active:
            return []
        below = Exists(OrgUnit.objects.filter(parent=OuterRef("unit")))
        found = self.user.memberships.filter(in_force(self.day), unit__is_active=True)
        rows = found.select_related(f"unit__{UNITS_ABOVE}").annotate(unit_has_children=below).order_by()
        return sorted(rows, key=lambda row: (row.unit.code, row.role))  # a query so wide takes long to be ordered

    @cached_property
    def _units_with_children(self) -> set[int]:
        """Of the units of roles and their hospitals, those that may have units below them."""
        return {m.unit_id for m in self.memberships if m.unit_has_children} | self.hospitals

    @cached_property
    def _roots(self) -> dict[Permission, set[int]]:
        roots: dict[Permission, set[int]] = {permission: set() for permission in Permission}
        for membership in self.memberships:
            for permission in ROLES[membership.role]:
                roots[permission].add(membership.unit_id)
        # Reviewers and executives sit in a department but look at the whole hospital:
        # their reading and reviewing starts at the hospital above them.
        for permission in (Permission.READ_ALL, Permission.REVIEW, Permission.TEMPLATES, Permission.USERS):
            roots[permission] = {self._hospitals_by_unit[unit] for unit in roots[permission]}
        return roots

    @cached_property
    def _hospitals_by_unit(self) -> dict[int, int]:
        """For each unit of a role, the hospital or office it belongs to; no query of its own."""
        return {m.unit_id: hospital_of(m.unit).pk for m in self.memberships}

    def may_in(self, permission: Permission, unit: OrgUnit) -> bool:
        """Whether the person has the permission in that unit (its own or one above it): no query.

        The unit came with those above it (UNITS_ABOVE).
        """
        roots = self._roots[permission]
        return bool(roots) and any(each.pk in roots for each in upwards(unit))

    def may_on(self, permission: Permission, plan: Plan) -> bool:
        """Whether the person reads, reviews or edits a plan: those of their own hospital or office.

        An office above reviews its own plans, wherever they are measured, and not those of the hospitals below it.
        The same for a list: `plan__unit__in=reach.roots_of(permission)`.
        """
        return plan.unit_id in self._roots[permission]

    @cached_property
    def is_first_asked(self) -> bool:
        """Whether the person administers one of the houses of `first_asked`; no query where it is the top of a tree."""
        own = self._roots[Permission.USERS]
        houses = (hospital_of(role.unit) for role in self.memberships)
        if any(house.parent_id is None and house.pk in own for house in houses):
            return True
        return bool(own) and not own.isdisjoint(first_asked(administrator_roles()))

    def roots_of(self, permission: Permission) -> set[int]:
        """The units at and below which the person has the permission."""
        return self._roots[permission]

    def may_anywhere(self, permission: Permission) -> bool:
        return bool(self._roots[permission])

    def units_with(self, *permissions: Permission) -> set[int] | QuerySet[OrgUnit]:
        """All units in which the person has at least one of the permissions, for `…__in=` of another query."""
        roots = set().union(*(self._roots[p] for p in permissions))
        if roots.isdisjoint(self._units_with_children):
            return roots
        return at_or_below(roots)

    @cached_property
    def hospitals(self) -> set[int]:
        """The tops of the trees in which the person has any role: what is public inside them is theirs."""
        return set(self._hospitals_by_unit.values())

    @cached_property
    def own_units(self) -> list[OrgUnit]:
        """The units of the person's own roles, reporter and head first, each once."""
        order = {Role.HEAD: 0, Role.REPORTER: 1}
        ranked = sorted(self.memberships, key=lambda m: order.get(Role(m.role), 2))
        return list({m.unit_id: m.unit for m in ranked}.values())


def reach_of(user: User) -> Reach:
    """The reach of a person, kept on the user object so that one request asks once."""
    reach: Reach | None = getattr(user, "_kpitrack_reach", None)
    if reach is None or reach.day != clock.today():
        reach = Reach(user)
        user._kpitrack_reach = reach  # type: ignore[attr-defined]
    return reach
