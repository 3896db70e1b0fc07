"""One page for the month: what it shows of a unit's rows, gathered for its template."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.grids.actions import early_until
from indicators.grids.page import Line, RowsPage
from indicators.grids.row_view import RowView
from indicators.models import Indicator, Result, Round
from indicators.monthly.rows import UnitRow, UnitRows
from indicators.naming import title_of
from indicators.pieces import GridKey
from indicators.rules import EDITABLE
from scoring.template import Kind
from strategy import clock
from strategy.access import Permission, Reach
from strategy.models import OrgUnit
from strategy.periods import Frequency, Period, fiscal_year_of, period_label, period_of, thai_date, year_end

MOST_GRID_ROWS = 12  # a grid with more rows is one line here, with the way to its own page
SENT = (Result.Status.SUBMITTED, Result.Status.APPROVED)
MONTHS = 12


@dataclass(frozen=True)
class Folded:
    """A large grid in one line: it is filled on its own page."""

    key: GridKey
    rows: tuple[UnitRow, ...]

    @property
    def home(self) -> Indicator:
        return self.key.home_of(self.rows[0].indicator)

    @property
    def title(self) -> str:
        return title_of(self.home)

    @property
    def saved(self) -> int:
        return sum(row.is_complete for row in self.rows)

    @property
    def sent(self) -> int:
        return sum(row.access.status in SENT for row in self.rows)

    @property
    def back(self) -> int:
        return sum(row.comeback is not None for row in self.rows)


Place = tuple[int, GridKey | None]  # a department and one of its grids


def _place_of(found: UnitRows, row: UnitRow) -> Place:
    return found.department_of(row).pk, row.grid


def folded_grids(found: UnitRows) -> dict[Place, Folded]:
    """The grids of each department that are too large to stand among its other rows."""
    grids: dict[Place, list[UnitRow]] = {}
    for row in found.rows:
        grids.setdefault(_place_of(found, row), []).append(row)
    large = {place: rows for place, rows in grids.items() if place[1] and len(rows) > MOST_GRID_ROWS}
    return {place: Folded(place[1], tuple(rows)) for place, rows in large.items() if place[1]}


def inline_of(found: UnitRows) -> UnitRows:
    """The rows that are filled, and submitted, on the page itself."""
    folded = folded_grids(found)
    return replace(found, rows=tuple(row for row in found.rows if _place_of(found, row) not in folded))


class MonthRow(RowView):
    """One KPI of the month; its cells name themselves."""

    labels_cells = True

    @property
    def above(self) -> str:
        """What the KPI is a part of, where its name says little alone."""
        indicator = self.row.indicator
        return indicator.parent.name if indicator.parent and title_of(indicator) != indicator.name else ""

    @property
    def short(self) -> str:
        """The KPI's own name, and whose result it is where that is another unit's."""
        access = self.row.access
        return (
            f"{self.row.indicator.name} — {access.measured_unit.label}"
            if access.is_other_unit
            else self.row.indicator.name
        )

    @property
    def is_steps(self) -> bool:
        return self.row.template.kind is Kind.MILESTONE

    @property
    def standing(self) -> list[str]:
        """Whether it is overdue besides."""
        access = self.row.access
        late = access.takes_entries and access.status in EDITABLE and access.due < clock.today()
        return [*(["late"] if late else []), *super().standing]

    @property
    def due(self) -> str:
        """When it is due, where that is not as for the others."""
        day = self.row.access.due
        return "" if day == self.page.usual_due else thai_date(day)

    @property
    def why_closed(self) -> str:
        """Why the calendar gives the row no boxes, where it would have some."""
        access = self.row.access
        return "" if self.may_enter or not access.is_own or access.status not in EDITABLE else access.obstacle

    @property
    def filled(self) -> int:
        """How many boxes have something, of a row that is filled on its own page."""
        return sum(bool(cell.saved) for cell in self.cells)


@dataclass(frozen=True)
class Owed:
    """An earlier month in which something is still to be sent."""

    name: str
    url: str
    count: int


@dataclass
class MonthPage(RowsPage):
    """A unit's month for one person."""

    view_of = MonthRow
    span = 6
    leads_to_rows = True

    @property
    def found(self) -> UnitRows:
        assert isinstance(self.source, UnitRows)  # noqa: S101 - what it is made of
        return self.source

    @property
    def label(self) -> str:
        return self.found.label

    @property
    def unit(self) -> OrgUnit:
        return self.found.unit

    @property
    def month(self) -> Period:
        assert self.found.month is not None  # noqa: S101 - the page is of a month
        return self.found.month

    @property
    def url(self) -> str:
        return url_of(self.unit, self.month)

    @property
    def row_url(self) -> str:
        """Where one row is saved by itself."""
        return url_of(self.unit, self.month, "month_row")

    # Lines

    @cached_property
    def folded(self) -> dict[Place, Folded]:
        return folded_grids(self.found)

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        for group, views in self._groups():
            shown = [line for line in self._lines_of(views) if line.more or self.shows(line.row)]  # type: ignore[arg-type]
            if shown and group:
                yield Line(group=group)
            yield from shown

    def _groups(self) -> list[tuple[str, list[RowView]]]:
        """The rows by department, the unit's own first; without names where there is nothing below the unit."""
        groups: dict[int, tuple[OrgUnit, list[RowView]]] = {}
        for view in self.rows:
            unit = self.found.department_of(view.row)
            groups.setdefault(unit.pk, (unit, []))[1].append(view)
        if set(groups) <= {self.unit.pk}:
            return [("", views) for unit, views in groups.values()]
        ordered = sorted(groups.values(), key=lambda group: (group[0].pk != self.unit.pk, group[0].name))
        return [(unit.name, views) for unit, views in ordered]

    def _lines_of(self, views: Iterable[RowView]) -> Iterator[Line]:
        """A large grid stands once, where its first row would."""
        told: set[Place] = set()
        for view in views:
            place = _place_of(self.found, view.row)  # type: ignore[arg-type]
            if place not in self.folded:
                yield Line(row=view)
            elif place not in told:
                told.add(place)
                yield Line(more=self.folded[place])

    # How things stand

    @cached_property
    def _due(self) -> list[RowView]:
        """What is to be reported; what was cancelled is not."""
        return [view for view in self.rows if not view.row.access.is_cancelled]

    @property
    def summary(self) -> str:
        """How many are due, saved whole, saved in part and sent, and the days left."""
        status = [view.row.access.status for view in self._due]
        sent = sum(each in SENT for each in status)
        saved = sum(view.row.is_complete for view in self._due)
        facts = {"all": len(status), "saved": saved, "sent": sent}
        head = _("ต้องส่ง %(all)s รายการ บันทึกแล้ว %(saved)s ส่งแล้ว %(sent)s") % facts
        back = status.count(Result.Status.RETURNED) + status.count(Result.Status.REOPENED)
        part = sum(each is not None for each in status) - saved
        lacking = _("กรอกยังไม่ครบ %(count)s") % {"count": part} if part else ""
        parts = [head, lacking, _("ส่งกลับให้แก้ไข %(count)s") % {"count": back} if back else "", self._days]
        return " · ".join(filter(None, parts))

    @property
    def _waiting(self) -> list[RowView]:
        return [view for view in self._due if view.row.access.status in EDITABLE and view.row.access.is_open]

    @property
    def _days(self) -> str:
        """How much time is left for what is not sent; by the first of the due days."""
        if not self._due:
            return ""
        if not self._waiting:
            return _("ส่งครบแล้ว") if all(view.row.access.status in SENT for view in self._due) else ""
        day = min(view.row.access.due for view in self._waiting)
        facts = {"day": thai_date(day, long=True), "days": abs((day - clock.today()).days)}
        if day < clock.today():
            return _("กำหนดส่ง %(day)s เลยมาแล้ว %(days)s วัน") % facts
        if day == clock.today():
            return _("กำหนดส่งวันนี้ (%(day)s)") % facts
        return _("กำหนดส่ง %(day)s เหลืออีก %(days)s วัน") % facts

    @cached_property
    def usual_due(self) -> date | None:
        """The due day that most rows have; only another one is told in the row."""
        days = [view.row.access.due for view in self.rows]
        return max(days, key=days.count, default=None)

    @property
    def returned(self) -> list[RowView]:
        """The rows that came back, stand on this page and can still be mended."""
        back = [line.row for line in self.lines if line.row is not None and line.row.comeback]
        return [view for view in back if view.row.access.is_open]

    @property
    def may_enter(self) -> bool:
        return any(line.row is not None and line.row.may_enter for line in self.lines)

    @property
    def may_submit(self) -> bool:
        return any(line.row is not None and line.row.row.access.may_submit for line in self.lines)

    @property
    def is_filled_here(self) -> bool:
        """By this person, who may take the whole along as a workbook."""
        return self.found.reach.may_in(Permission.ENTER, self.unit)

    @property
    def early_until(self) -> str:
        return early_until(inline_of(self.found))

    # Around

    @property
    def previous(self) -> str:
        return self._month_url(-1)

    @property
    def following(self) -> str:
        """The month after, as far as this fiscal year goes: longer rounds may be entered before they end."""
        return "" if self.month.end >= year_end(fiscal_year_of(clock.today())) else self._month_url(1)

    def _month_url(self, step: int) -> str:
        years, month = divmod(self.month.number - 1 + step, MONTHS)
        return reverse("month", args=[self.unit.pk, self.month.fiscal_year + years, month + 1])

    @property
    def earlier(self) -> list[Owed]:
        """The months before in which something is owed still."""
        months: dict[Period, list[Round]] = {}
        for round_ in self.found.earlier:
            months.setdefault(period_of(round_.end, Frequency.MONTHLY), []).append(round_)
        return [
            Owed(period_label(month), url_of(self.unit, month), len(_pieces(rounds)))
            for month, rounds in months.items()
        ]

    @property
    def others(self) -> list[tuple[OrgUnit, str]]:
        """The person's other units, with the same month of each."""
        units = (unit for unit in units_to_fill(self.found.reach) if unit.pk != self.unit.pk)
        return [(unit, url_of(unit, self.month)) for unit in units]


def url_of(unit: OrgUnit, month: Period, name: str = "month") -> str:
    return reverse(name, args=[unit.pk, month.fiscal_year, month.number])


def _pieces(rounds: Iterable[Round]) -> set[str]:
    """Rounds of one grid are one thing to do."""
    return {getattr(round_, "piece", str(round_.pk)) for round_ in rounds}


def units_to_fill(reach: Reach) -> list[OrgUnit]:
    """The units of the person's own roles in which they enter."""
    roots = reach.roots_of(Permission.ENTER)
    return [unit for unit in reach.own_units if unit.pk in roots]
