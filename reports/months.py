"""The month that a report looks back from: chosen by year and month, else the last one that has ended."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from scoring.numbers import from_thai_digits
from strategy import clock
from strategy.models import Plan
from strategy.periods import (
    BUDDHIST_ERA,
    Frequency,
    fiscal_year_of,
    period_of,
    periods_of,
    thai_date,
    thai_month,
    year_end,
)

_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


class MonthError(ValueError):
    """A year or month that is none, or that the plan does not cover."""


@dataclass(frozen=True)
class AsOf:
    """A month of a plan; `until` is its last day."""

    until: date

    @property
    def fiscal_year(self) -> int:
        return fiscal_year_of(self.until)

    @property
    def key(self) -> str:
        """As in an address: 2560-03, the year of the Buddhist era."""
        return f"{self.until.year + BUDDHIST_ERA}-{self.until:%m}"

    @property
    def number(self) -> int:
        """The month of the fiscal year: 1 is October."""
        return period_of(self.until, Frequency.MONTHLY).number

    @property
    def label(self) -> str:
        return thai_month(self.until)

    @property
    def words(self) -> str:
        """The beginning of a sentence on how things stand; of a month that lies ahead, that it does."""
        if self.until < clock.today():
            return _("ณ สิ้นเดือน%(month)s") % {"month": self.label}
        facts = {"month": self.label, "today": thai_date(clock.today(), long=True)}
        return _("เดือน%(month)s ยังไม่สิ้นสุด ตัวเลขเป็นเท่าที่อนุมัติถึงวันนี้ (%(today)s):") % facts

    @property
    def months(self) -> list["AsOf"]:
        """The twelve months of the same fiscal year."""
        return [AsOf(period.end) for period in periods_of(self.fiscal_year, Frequency.MONTHLY)]


def chosen_month(plan: Plan, year: str, month: str, today: date) -> AsOf:
    """The month of an address: `month` 2560-03, `year` a fiscal year; empty means the last month that has ended.

    A year that does not hold the month moves it there, so that both can be chosen in one form without
    script. Raises MonthError for what is no month or outside the plan.
    """
    fiscal_year = _year(year, plan) if year else None
    until = _month_end(month) if month else _last_ended(plan, today)
    if fiscal_year is not None and fiscal_year_of(until) != fiscal_year:
        until = _moved(until, fiscal_year) if month else _clipped(until, fiscal_year, fiscal_year)
    if fiscal_year_of(until) not in plan.years:
        raise MonthError(month)
    return AsOf(until)


def _year(text: str, plan: Plan) -> int:
    plain = from_thai_digits(text)
    if not _YEAR.fullmatch(plain) or int(plain) not in plan.years:
        raise MonthError(text)
    return int(plain)


def _month_end(text: str) -> date:
    match = _MONTH.fullmatch(from_thai_digits(text))
    try:
        day = date(int(match[1]) - BUDDHIST_ERA, int(match[2]), 1) if match else None
    except ValueError:
        day = None
    if day is None:
        raise MonthError(text)
    return period_of(day, Frequency.MONTHLY).end


def _last_ended(plan: Plan, today: date) -> date:
    """The last month that has ended, within the years of the plan."""
    return _clipped(today.replace(day=1) - timedelta(days=1), plan.first_year, plan.last_year)


def _clipped(until: date, first_year: int, last_year: int) -> date:
    """The nearest month within those fiscal years."""
    first = periods_of(first_year, Frequency.MONTHLY)[0].end
    return max(first, min(until, year_end(last_year)))


def _moved(until: date, fiscal_year: int) -> date:
    """The same calendar month in another fiscal year."""
    months = periods_of(fiscal_year, Frequency.MONTHLY)
    return next(period.end for period in months if period.end.month == until.month)
