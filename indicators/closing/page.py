"""The pages of who closes: the months of a year with what is closed and what is missing, and one period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from indicators.closing.missing import Owed, owed_of
from indicators.closing.period import ClosingPeriod, periods_of_year
from indicators.closing.queries import revisions_of
from indicators.models import Closure
from strategy import clock
from strategy.models import Plan
from strategy.periods import thai_month


@dataclass(frozen=True)
class MonthRow:
    """One month of a plan's year: whether the period that ends with it is closed, and what it lacks."""

    period: ClosingPeriod
    closings: tuple[Closure, ...]  # all revisions of this period, in order
    covered_by: Closure | None  # a later period that is closed and holds this one
    owed: int
    there: int

    @property
    def closure(self) -> Closure | None:
        """The revision in force."""
        return next((each for each in self.closings if each.reopened_at is None), None)

    @property
    def old(self) -> list[Closure]:
        """Revisions that were reopened; they stay readable."""
        return [each for each in self.closings if each.reopened_at is not None]

    @property
    def missing(self) -> int:
        return self.owed - self.there

    @property
    def state(self) -> str:
        """Key of the badge."""
        if self.closure or self.covered_by:
            return "closed"
        return "due" if self.can_close else "not_yet_due"

    @property
    def can_close(self) -> bool:
        return self.period.has_ended and bool(self.owed) and not (self.closure or self.covered_by)

    @property
    def can_reopen(self) -> bool:
        return self.closure is not None and self.covered_by is None

    @property
    def sentence(self) -> str:
        """How the period stands, but for who closed it."""
        if not self.period.has_ended:
            return _("งวดยังไม่สิ้นสุด")
        if self.covered_by and not self.closure:
            return _("รวมอยู่ในงวดที่ปิดถึง%(month)s") % {"month": thai_month(self.covered_by.until)}
        return lacking(self.owed, self.there)


def lacking(owed: int, there: int) -> str:
    """How much of what is owed is there."""
    if not owed:
        return _("ไม่มีรอบที่ต้องรายงาน")
    if there == owed:
        return _("อนุมัติครบทั้ง %(owed)d รายการ") % {"owed": owed}
    return _("ยังขาด %(missing)d จาก %(owed)d รายการ") % {"missing": owed - there, "owed": owed}


@dataclass(frozen=True)
class PlanYear:
    """A plan with the months of one year."""

    plan: Plan
    rows: tuple[MonthRow, ...]

    @cached_property
    def next_row(self) -> MonthRow | None:
        """What to close next: the month that ended last, with all before it."""
        return next((row for row in reversed(self.rows) if row.can_close), None)

    @property
    def sentence(self) -> str:
        """How the year stands, in one line."""
        if self.next_row is not None:
            facts = {"month": self.next_row.period.label, "rest": self.next_row.sentence}
            return _("งวด%(month)s สิ้นสุดแล้วและยังไม่ปิด %(rest)s") % facts
        closed = [row for row in self.rows if row.closure]
        if closed:
            return _("ปิดงวดถึง%(month)s แล้ว ยังไม่มีงวดใหม่ที่ต้องปิด") % {"month": closed[-1].period.label}
        return _("ยังไม่มีงวดที่สิ้นสุดและมีรอบที่ต้องรายงาน")


def plan_years(plans: Iterable[Plan], fiscal_year: int) -> list[PlanYear]:
    """The months of these plans in a year, with what has ended by now: five queries, however many plans there are."""
    chosen = [plan for plan in plans if fiscal_year in plan.years]
    closings: dict[int, list[Closure]] = {}
    for closure in revisions_of(chosen, fiscal_year):
        closings.setdefault(closure.plan_id, []).append(closure)
    owed: dict[int, list[Owed]] = {}
    for item in owed_of(chosen, fiscal_year, clock.today() - timedelta(days=1)):
        owed.setdefault(item.indicator.plan_id, []).append(item)
    return [
        PlanYear(plan, rows_of_year(plan, fiscal_year, closings.get(plan.pk, []), owed.get(plan.pk, [])))
        for plan in chosen
    ]


def rows_of_year(
    plan: Plan, fiscal_year: int, closings: Sequence[Closure], owed: Sequence[Owed]
) -> tuple[MonthRow, ...]:
    """The months of one plan's year."""
    last = max((each for each in closings if each.reopened_at is None), key=lambda each: each.number, default=None)
    rows = []
    for period in periods_of_year(plan, fiscal_year):
        of_period = [item for item in owed if item.round.end <= period.until]
        own = tuple(each for each in closings if each.number == period.number)
        covered = last if last is not None and last.number > period.number else None
        rows.append(MonthRow(period, own, covered, len(of_period), sum(item.is_there for item in of_period)))
    return tuple(rows)


def month_row(period: ClosingPeriod, owed: Sequence[Owed]) -> MonthRow:
    """One period with its closings: one query."""
    closings = revisions_of([period.plan], period.fiscal_year)
    return rows_of_year(period.plan, period.fiscal_year, closings, owed)[period.number - 1]


def years_of(plans: Iterable[Plan]) -> list[int]:
    """All fiscal years that any of the plans covers."""
    return sorted({year for plan in plans for year in plan.years})
