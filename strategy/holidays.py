"""Working days of a Thai public office, offline: not weekends, not public holidays and the days in lieu of them.

The days come from the `holidays` library. It knows what the cabinet has announced up to the library's own release;
of later years it knows the fixed and the reckoned days and those in lieu, but no extra days.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5
# Government offices also close on the Royal Ploughing Day, which is nobody else's holiday.
CATEGORIES = (holidays.PUBLIC, holidays.GOVERNMENT)


def is_working_day(day: date) -> bool:
    """Whether a public hospital's offices are open."""
    return day.weekday() < SATURDAY and day not in _holidays_of(day.year)


def next_working_day(day: date) -> date:
    """The day itself where it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("TH", years=year, expand=False, categories=CATEGORIES))
