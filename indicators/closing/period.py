"""A period that is closed: all rounds of a plan's fiscal year that have ended by the end of one of its months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from strategy import clock
from strategy.models import Plan
from strategy.periods import BUDDHIST_ERA, Frequency, fiscal_year_of, periods_of, thai_date, thai_month

MONTHS = range(1, 13)  # 1 is October


@dataclass(frozen=True)
class ClosingPeriod:
    """The rounds of a plan's fiscal year up to the end of its month of that number."""

    plan: Plan
    fiscal_year: int
    number: int

    @cached_property
    def until(self) -> date:
        return periods_of(self.fiscal_year, Frequency.MONTHLY)[self.number - 1].end

    @cached_property
    def start(self) -> date:
        return periods_of(self.fiscal_year, Frequency.MONTHLY)[0].start

    @property
    def has_ended(self) -> bool:
        return self.until < clock.today()

    @property
    def label(self) -> str:
        """ "มีนาคม 2560", the month with which the period ends."""
        return thai_month(self.until)

    @property
    def year_text(self) -> str:
        """As in an address."""
        return str(self.fiscal_year)

    @property
    def month_key(self) -> str:
        """As in the address of the dashboard: 2560-03."""
        return f"{self.until.year + BUDDHIST_ERA}-{self.until:%m}"

    @property
    def span(self) -> str:
        """ "1 ต.ค. 2559 – 31 มี.ค. 2560": what is closed with it."""
        return _("%(start)s – %(end)s") % {"start": thai_date(self.start), "end": thai_date(self.until)}


def period_of_plan(plan: Plan, fiscal_year: int, number: int) -> ClosingPeriod | None:
    """The period of that number; None where the plan has no such year or a year no such month."""
    return ClosingPeriod(plan, fiscal_year, number) if fiscal_year in plan.years and number in MONTHS else None


def periods_of_year(plan: Plan, fiscal_year: int) -> Iterator[ClosingPeriod]:
    return (ClosingPeriod(plan, fiscal_year, number) for number in MONTHS)


def current_year() -> int:
    """The fiscal year of the month that ended last: in October one still closes September."""
    return fiscal_year_of(clock.today().replace(day=1) - timedelta(days=1))
