"""The months that are offered first to a person who enters: for each of their units the one to fill now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from indicators.models import Responsibility
from indicators.monthly.page import units_to_fill, url_of
from indicators.rules import current_responsibilities, with_units_above
from indicators.work import GridWork, Work, WorkRow
from indicators.work_places import OPEN
from strategy import clock
from strategy.access import Reach, is_at_or_below
from strategy.models import OrgUnit
from strategy.periods import Frequency, Period, period_label, period_of


@dataclass(frozen=True)
class ToFill:
    """A unit with its month; without one where nothing of the unit ends in it: its page would be empty."""

    unit: OrgUnit
    month: Period | None

    @property
    def url(self) -> str:
        return url_of(self.unit, self.month) if self.month else ""

    @property
    def label(self) -> str:
        return period_label(self.month) if self.month else ""


def months_to_fill(reach: Reach, work: Work) -> list[ToFill]:
    """The units with a month first; one query."""
    units = units_to_fill(reach)
    if not work.rows or not units:
        return []
    rows = _rows_by_unit(reach, units, list(_rows_of(work)))
    return sorted((ToFill(unit, _month_of(rows[unit.pk])) for unit in units), key=lambda each: each.month is None)


def _rows_of(work: Work) -> Iterator[WorkRow]:
    """All rows, those of grids too."""
    for piece in work.rows:
        yield from piece.rows if isinstance(piece, GridWork) else (piece,)


def _rows_by_unit(reach: Reach, units: list[OrgUnit], rows: list[WorkRow]) -> dict[int, list[WorkRow]]:
    """What each unit, or one below it, is responsible for; of one unit that is all.

    Asked for one unit too, so that the page costs everybody the same.
    """
    owned = current_responsibilities().filter(indicator__in={row.round.indicator_id for row in rows})
    owners = list(with_units_above(owned))
    if len(reach.own_units) == 1:
        return {units[0].pk: rows}
    return {unit.pk: list(_owned_by(unit, owners, rows)) for unit in units}


def _owned_by(unit: OrgUnit, owners: Iterable[Responsibility], rows: Iterable[WorkRow]) -> Iterator[WorkRow]:
    owned = {each.indicator_id for each in owners if is_at_or_below(each.responsible_unit, unit.pk)}
    return (row for row in rows if row.round.indicator_id in owned)


def _month_of(rows: list[WorkRow]) -> Period | None:
    """The one to open first, unless none of the rounds ends in it."""
    month = month_to_fill(row.round.end for row in rows if row.place in OPEN)
    return month if any(month.start <= row.round.end <= month.end for row in rows) else None


def month_to_fill(ends: Iterable[date]) -> Period:
    """The last month that has ended of what is owed, else the running one."""
    today = clock.today()
    return period_of(max((end for end in ends if end < today), default=today), Frequency.MONTHLY)
