"""What changes hands with a unit: its open work, as its head sees it."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Subquery, Value

from indicators.models import RecoveryMeasure, Responsibility
from indicators.work import Piece, work_of
from indicators.work_places import Place
from strategy import clock
from strategy.access import Reach, at_or_below, in_force
from strategy.models import Membership, OrgUnit, User
from strategy.periods import fiscal_year_of

SHOWN = 100
OPEN = (Place.BACK, Place.LATE, Place.DUE, Place.WAITING)


class ReachOfUnit(Reach):
    """As of somebody who heads one unit, whoever that is; the unit comes with those above it."""

    def __init__(self, unit: OrgUnit) -> None:
        super().__init__(User())
        self.unit = unit

    @cached_property
    def memberships(self) -> list[Membership]:  # type: ignore[override]
        head = Membership(unit=self.unit, role=Membership.Role.HEAD)
        head.unit_has_children = True  # type: ignore[attr-defined]
        return [head]


@dataclass(frozen=True)
class OpenWork:
    """Rounds to be entered, drafts, what came back, what is with the reviewers, and open recovery measures."""

    rows: list[Piece]
    measures: int

    @property
    def shown(self) -> list[Piece]:
        return self.rows[:SHOWN]

    @property
    def left_out(self) -> int:
        return max(0, len(self.rows) - SHOWN)

    @property
    def is_nothing(self) -> bool:
        return not self.rows and not self.measures


def open_work(unit: OrgUnit) -> OpenWork:
    """The open work of a unit and those below it today; the unit comes with its count of open measures."""
    work = work_of(ReachOfUnit(unit), fiscal_year_of(clock.today()))
    rows = [row for row in work.rows if row.place in OPEN or "draft" in row.states]
    return OpenWork(rows, getattr(unit, "open_measures", None) or 0)


def open_measures(pk: int) -> Subquery:
    """How many recovery measures of a unit and those below it are not closed, as a column of another query."""
    owned = Responsibility.objects.filter(in_force(clock.today()), responsible_unit__in=at_or_below({pk}))
    states = (RecoveryMeasure.Status.OPEN, RecoveryMeasure.Status.DONE)
    found = RecoveryMeasure.objects.filter(
        status__in=states, result__round__indicator__in=owned.order_by().values("indicator")
    )
    grouped = found.order_by().annotate(all=Value(1)).values("all")
    return Subquery(grouped.annotate(number=Count("pk")).values("number"))
