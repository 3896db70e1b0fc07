"""Who enters for which unit today, who heads it, and who heads what is above it."""

from collections.abc import Iterable
from functools import cached_property

from indicators.notices.actions import current_memberships
from strategy.access import ancestors_and_self
from strategy.models import Membership, OrgUnit, User

Role = Membership.Role


class Staff:
    """Today's heads and reporters of all units, deputies among them; who is not active or not yet in office is not.

    Two queries.
    """

    @cached_property
    def _by_unit(self) -> dict[int, list[Membership]]:
        rows = current_memberships(role__in=(Role.HEAD, Role.REPORTER)).select_related("user", "unit")
        found: dict[int, list[Membership]] = {}
        for row in rows.order_by("role", "pk"):
            found.setdefault(row.unit_id, []).append(row)
        return found

    @cached_property
    def _tree(self) -> dict[int, int | None]:
        return dict(OrgUnit.objects.values_list("pk", "parent_id"))

    def of(self, unit: int) -> list[User]:
        """Heads and reporters of the unit itself, each once."""
        return _people(self._by_unit.get(unit, ()))

    def heads_of(self, unit: int) -> list[User]:
        return _people(row for row in self._by_unit.get(unit, ()) if row.role == Role.HEAD)

    def above(self, unit: int) -> list[User]:
        """The heads of the nearest unit above that has any: the group head."""
        _self, *higher = ancestors_and_self(unit, self._tree)
        return next((heads for each in higher if (heads := self.heads_of(each))), [])


def _people(rows: Iterable[Membership]) -> list[User]:
    return list({row.user_id: row.user for row in rows}.values())
