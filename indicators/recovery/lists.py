"""The list of recovery measures: its tabs, its rows, and one sentence on how things stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import RecoveryMeasure, Round
from indicators.naming import title_of
from indicators.recovery.queries import badge_of, by_urgency, counts_of, measures_to_do, tab_condition, with_rows
from strategy import clock
from strategy.access import Reach

ON_A_PAGE = 25


@dataclass(frozen=True)
class Tab:
    """A part of the list with its word, and what is said where it is empty."""

    key: str
    label: str
    empty: str


def tabs() -> tuple[Tab, ...]:
    return (
        Tab("unclosed", _("ยังไม่ปิด"), _("ไม่มีมาตรการที่ยังไม่ปิด")),
        Tab("overdue", _("เลยกำหนด"), _("ไม่มีมาตรการที่เลยกำหนด")),
        Tab("done", _("รอปิด"), _("ไม่มีมาตรการที่รอปิด")),
        Tab("closed", _("ปิดแล้วหรือยกเลิก"), _("ยังไม่มีมาตรการที่ปิดแล้ว")),
    )


@dataclass(frozen=True)
class MeasureRow:
    """One measure in the list."""

    measure: RecoveryMeasure

    @property
    def round(self) -> Round:
        return self.measure.result.round

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def state(self) -> str:
        return badge_of(self.measure.status, self.measure.by_when)

    @property
    def days_late(self) -> int:
        """Days since it should have been done; 0 where it is not overdue."""
        return (clock.today() - self.measure.by_when).days if self.state == "measure_overdue" else 0

    @cached_property
    def units(self) -> str:
        """Who is responsible today, and whose result it is where that is another unit."""
        measured, plan = self.measure.result.measured_unit, self.round.indicator.plan
        rows = self.round.indicator.responsibilities.all()
        owners = [row.responsible_unit.label for row in rows if row.measured_unit_id == measured.pk]
        other = [] if measured.pk == plan.unit_id else [_("ผลงานของ %(unit)s") % {"unit": measured.label}]
        return " · ".join([", ".join(owners), *other]) if owners else " · ".join(other)

    @property
    def last_text(self) -> str:
        """The last follow-up; empty where there is none yet."""
        return getattr(self.measure, "last_text", None) or ""


def page_of(measures: QuerySet[RecoveryMeasure], tab: Tab, number: str | None, count: int) -> Page:
    """A page of the tab's rows, the most urgent first, of what is closed the latest; `count` is known already."""
    found = measures.filter(tab_condition(tab.key))
    ordered = found.order_by("-by_when", "-pk") if tab.key == "closed" else by_urgency(found)
    paginator = Paginator(with_rows(ordered), ON_A_PAGE)
    paginator.__dict__["count"] = count  # what the tabs have asked
    page = paginator.get_page(number)
    page.object_list = [MeasureRow(row) for row in page.object_list]
    return page


@dataclass(frozen=True)
class Reminder:
    """The line of งานของฉัน that leads to the measures, what is overdue first."""

    overdue: int
    unclosed: int

    @property
    def text(self) -> str:
        facts = {"overdue": self.overdue, "unclosed": self.unclosed}
        if self.overdue:
            return _("มาตรการแก้ไขเลยกำหนด %(overdue)s รายการ จากที่ยังไม่ปิด %(unclosed)s รายการ") % facts
        return _("มาตรการแก้ไขที่ยังไม่ปิด %(unclosed)s รายการ") % facts

    @property
    def url(self) -> str:
        return f"{reverse('recovery_list')}?tab={'overdue' if self.overdue else 'unclosed'}"


def reminder_of(reach: Reach) -> Reminder | None:
    """Of the person's units; None where nothing is open. One query."""
    counts = counts_of(measures_to_do(reach))
    return Reminder(counts["overdue"], counts["unclosed"]) if counts["unclosed"] else None


def summary_of(counts: Mapping[str, int]) -> str:
    """How things stand, in one sentence."""
    if not counts["unclosed"]:
        return _("ไม่มีมาตรการที่ต้องติดตาม")
    facts = {"unclosed": counts["unclosed"], "overdue": counts["overdue"], "done": counts["done"]}
    return _("ต้องติดตาม %(unclosed)s รายการ เลยกำหนด %(overdue)s รอปิด %(done)s") % facts
