"""From when, by when and until when a round is reported: the plan's calendar, an indicator's own, printed days."""

from dataclasses import dataclass
from datetime import date, timedelta

from indicators.models import Indicator, Round
from strategy.holidays import next_working_day
from strategy.models import Plan
from strategy.periods import due_day, lock_day


@dataclass(frozen=True)
class Days:
    """The three days of a round; all of them belong to it."""

    opens: date
    due: date
    locks: date

    @classmethod
    def of(cls, round_: Round) -> "Days":
        """As they are in the record."""
        return cls(round_.opens, round_.due, round_.locks)


def days_of(indicator: Indicator, start: date, end: date, fiscal_year: int, printed_due: date | None = None) -> Days:
    """What the calendar gives for a round. A due day that the plan prints stands as printed, holiday or not.

    The indicator comes with its plan and those above it: what a KPI says holds for its sub-indicators too.
    """
    plan = indicator.plan
    due = printed_due or next_working_day(due_day(end, _own(indicator, "due_day") or plan.due_day))
    own_days = _own(indicator, "lock_days")
    locks = lock_day(due, fiscal_year, plan.lock_days if own_days is None else own_days)
    opens = end + timedelta(days=1) if plan.opening == Plan.Opening.END else start
    return Days(min(opens, due), due, locks)


def _own(indicator: Indicator, name: str) -> int | None:
    """What the indicator says, or the nearest of the two above it that says anything."""
    above = (indicator, indicator.parent, indicator.parent.parent if indicator.parent else None)
    said = (getattr(each, name) for each in above if each is not None)
    return next((value for value in said if value is not None), None)
