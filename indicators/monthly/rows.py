"""What one unit enters: the rows of a month over all of its KPIs, and all that it owes now.

A unit's rows are those for which it, or a unit below it, is responsible today; of an indicator measured in many
units one row each. Fetching is authorising, as in rules.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.http import Http404

from indicators.adapters import TYPED_KINDS
from indicators.grids.rows import LARGEST_NUMBER, GridRow, Owners, Places, RowBuilder
from indicators.models import Extension, IndicatorVersion, Responsibility, Result, Round
from indicators.naming import title_of
from indicators.pieces import GridKey, with_piece
from indicators.queries import BACK_STATUSES, OPEN_STATUSES
from indicators.rules import EDITABLE, current_responsibilities
from indicators.schedule.standing import with_standing
from strategy import clock
from strategy.access import UNITS_ABOVE, Permission, Reach, at_or_below, hospital_of, is_at_or_below, reach_of
from strategy.models import OrgUnit, User
from strategy.periods import Frequency, Period, fiscal_year_of, period_label, periods_of

YEARS = range(2400, 2701)  # Buddhist era; beyond them no calendar has a date
RELATED = ("indicator__plan__unit", "indicator__plan__strategy_unit", "indicator__issue", "indicator__parent__parent")


@dataclass(frozen=True)
class UnitRow(GridRow):
    """A row among those of other KPIs: it says by itself what it is of."""

    @property
    def name(self) -> str:
        title = title_of(self.indicator)
        return f"{title} — {self.access.measured_unit.label}" if self.access.is_other_unit else title

    @property
    def grid(self) -> GridKey | None:
        """The grid that the row is one of; None for a row that stands alone."""
        return GridKey.read(getattr(self.access.round, "piece", ""))


@dataclass(frozen=True)
class UnitRows:
    """Rows of one unit for one person, in the order of time and plan.

    Of a month, `earlier` are the rounds before it that the unit still owes, oldest first.
    """

    unit: OrgUnit
    reach: Reach
    rows: tuple[UnitRow, ...]
    month: Period | None = None
    earlier: tuple[Round, ...] = ()

    def department_of(self, row: GridRow) -> OrgUnit:
        """Of the row's responsible units the one because of which it is here: the unit, or one below it."""
        below = (unit for unit in row.access.responsible if is_at_or_below(unit, self.unit.pk))
        return next(below, self.unit)

    def row(self, key: str) -> UnitRow | None:
        return next((row for row in self.rows if row.key == key), None)

    @property
    def label(self) -> str:
        """The month, as a person says it."""
        return period_label(self.month) if self.month else ""


def fetch_unit_rows(user: User, unit_pk: int, year: int, number: int) -> UnitRows:
    """All that the unit reports for a month of the fiscal year (1 is October): the rounds that end in it; else 404."""
    month = month_of(year, number)
    unit, reach = _fetch_unit(user, unit_pk)
    rounds = _rounds_of(unit).filter(Q(end__range=(month.start, month.end)) | _owed_before(unit, month.start))
    found = _with_templates(rounds)
    earlier = tuple(round_ for round_ in found if round_.end < month.start)
    return UnitRows(unit, reach, _rows(reach, unit, found[len(earlier) :]), month, earlier)


def fetch_unit_row(user: User, unit_pk: int, year: int, number: int, key: str) -> UnitRows:
    """The same with the one row of that key, for when it alone is saved; 404 where the month has no such row."""
    month = month_of(year, number)
    unit, reach = _fetch_unit(user, unit_pk)
    pk = _round_in(key)
    rounds = _rounds_of(unit).filter(pk=pk, end__range=(month.start, month.end)) if pk else Round.objects.none()
    rows = tuple(row for row in _rows(reach, unit, _with_templates(rounds)) if row.key == key)
    if not rows:
        raise Http404
    return UnitRows(unit, reach, rows, month)


def _round_in(key: str) -> int | None:
    """The round that a row's key names."""
    text = key.partition("-")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def fetch_owed_rows(user: User, unit_pk: int) -> UnitRows:
    """All that the unit owes now: opened, not with the reviewers, not locked, closed or cancelled; else 404.

    The rounds are those of this fiscal year and what the year before has left.
    """
    unit, reach = _fetch_unit(user, unit_pk)
    today = clock.today()
    rounds = _rounds_of(unit).filter(_is_owed(unit), opens__lte=today, fiscal_year__gte=fiscal_year_of(today) - 1)
    rows = _rows(reach, unit, _with_templates(rounds))
    return UnitRows(unit, reach, tuple(row for row in rows if is_owed(row)))


def fetch_rows_of_rounds(user: User, unit_pk: int, rounds: Iterable[int]) -> UnitRows:
    """The unit's rows of these rounds, whatever has become of them; else 404."""
    unit, reach = _fetch_unit(user, unit_pk)
    return UnitRows(unit, reach, _rows(reach, unit, _with_templates(_rounds_of(unit).filter(pk__in=list(rounds)))))


def is_owed(row: GridRow) -> bool:
    """Whether the row's unit still has to send it, whoever looks."""
    return row.access.takes_entries and row.access.status in EDITABLE


def month_of(year: int, number: int) -> Period:
    """The month of a fiscal year; 404 for what is none."""
    if year not in YEARS or not 1 <= number <= 12:
        raise Http404
    return periods_of(year, Frequency.MONTHLY)[number - 1]


def _fetch_unit(user: User, pk: int) -> tuple[OrgUnit, Reach]:
    """A unit whose results the person enters, or may look at before they are approved; else 404."""
    reach = reach_of(user)
    unit = next((each.unit for each in reach.memberships if each.unit.pk == pk), None)
    if unit is None and pk <= LARGEST_NUMBER:
        unit = OrgUnit.objects.select_related(UNITS_ABOVE).filter(pk=pk).first()
    if unit is None or not (_is_own(reach, unit) or _is_read(reach, unit)):
        raise Http404
    return unit, reach


def _is_own(reach: Reach, unit: OrgUnit) -> bool:
    return any(reach.may_in(permission, unit) for permission in (Permission.ENTER, Permission.SEE_OWN))


def _is_read(reach: Reach, unit: OrgUnit) -> bool:
    """Of a house whose plans the person reads, or one elsewhere that answers for something of these plans."""
    houses = reach.roots_of(Permission.READ_ALL)
    if not houses or hospital_of(unit).pk in houses:
        return bool(houses)
    return _owned(unit).filter(indicator__plan__unit__in=houses).exists()


# Rounds


def _owned(unit: OrgUnit) -> QuerySet[Responsibility]:
    """What the unit and those below it are responsible for today."""
    return current_responsibilities().order_by().filter(responsible_unit__in=at_or_below({unit.pk}))


def _rounds_of(unit: OrgUnit) -> QuerySet[Any]:
    return with_standing(Round.objects.filter(indicator__in=_owned(unit).values("indicator")))


def _owed_before(unit: OrgUnit, day: date) -> Q:
    """Rounds that ended before the day and are owed still, of that day's fiscal year and the one before."""
    ended = min(day, clock.today())
    return Q(_is_owed(unit), end__lt=ended, fiscal_year__gte=fiscal_year_of(day) - 1, is_closed=False)


def _is_owed(unit: OrgUnit) -> Q:
    """Rounds of which a measured unit's result is not sent, and is still taken or was sent back."""
    results = Result.objects.filter(round=OuterRef(OuterRef("pk")), measured_unit=OuterRef("measured_unit"))
    owned = _owned(unit).filter(indicator=OuterRef("indicator"))
    missing = Exists(owned.filter(~Exists(results.exclude(status__in=OPEN_STATUSES))))
    back = Exists(owned.filter(Exists(results.filter(status__in=BACK_STATUSES))))
    more_time = Exists(Extension.objects.filter(round=OuterRef("pk"), until__gte=clock.today()))
    is_running = Q(cancelled_on=None) | Q(cancelled_on__gt=F("end"))
    return is_running & (Q(missing & (Q(locks__gte=clock.today()) | more_time)) | back)


def _with_templates(rounds: QuerySet[Any]) -> list[Any]:
    """The rounds in order of time and plan, each with the template by which it is entered: one query.

    Those of indicators that are made of others are left out: nothing is entered for them.
    """
    active = Q(indicator__versions__is_active=True, indicator__versions__fiscal_year=F("fiscal_year"))
    rounds = rounds.annotate(template=FilteredRelation("indicator__versions", condition=active))
    rounds = with_piece(rounds).filter(template__kind__in=TYPED_KINDS).select_related("template", *RELATED)
    found = list(rounds.order_by("end", "indicator__plan__code", "indicator__position", "number", "pk"))
    for round_ in found:
        round_.template.indicator = round_.indicator
    return found


# Rows


def _rows(reach: Reach, unit: OrgUnit, rounds: list[Any]) -> tuple[UnitRow, ...]:
    """Rows in the order of the rounds: six queries, whatever their number."""
    found = _UnitBuilder(reach, [round_.template for round_ in rounds], unit).rows(rounds)
    return tuple(row for round_ in rounds for row in found.get(round_.pk, ()) if isinstance(row, UnitRow))


class _UnitBuilder(RowBuilder):
    """The rows of a unit and of those below it."""

    row_of = UnitRow

    def __init__(self, reach: Reach, versions: Iterable[IndicatorVersion], unit: OrgUnit) -> None:
        super().__init__(reach, versions)
        self.unit = unit

    def _needed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of units that this one, or one below it, enters: it may be one of very many."""
        return rows.filter(measured_unit__in=_owned(self.unit).values("measured_unit"))

    def _units(self, round_: Round, results: Places, owners: Owners) -> list[OrgUnit]:
        """The units measured today whose results are entered by this one, or by one below it."""
        pairs = (rows for (indicator, _unit), rows in owners.items() if indicator == round_.indicator_id)
        own = (rows for rows in pairs if any(is_at_or_below(row.responsible_unit, self.unit.pk) for row in rows))
        found = [rows[0].measured_unit for rows in own]
        return sorted(found, key=lambda unit: (unit.pk != round_.indicator.plan.unit_id, unit.ministry_code, unit.code))
