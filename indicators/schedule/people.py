"""Whom a change of the calendar concerns."""

from django.db.models import Q

from indicators.models import Indicator
from indicators.rules import current_responsibilities
from strategy import clock
from strategy.access import in_force
from strategy.models import Membership, User


def family_of(indicator: Indicator, path: str = "indicator") -> Q:
    """The indicator and those below it: the source goes no deeper than two levels."""
    names = (path, f"{path}__parent", f"{path}__parent__parent")
    return Q(*((name, indicator) for name in names), _connector=Q.OR)


def people_of_family(indicator: Indicator) -> list[User]:
    """Heads and reporters of the units that enter the indicator, or one below it, today; one query."""
    units = current_responsibilities().filter(family_of(indicator)).order_by().values("responsible_unit")
    roles = (Membership.Role.HEAD, Membership.Role.REPORTER)
    found = Membership.objects.filter(in_force(clock.today()), unit__in=units, role__in=roles, user__is_active=True)
    return [row.user for row in found.select_related("user").order_by("pk")]
