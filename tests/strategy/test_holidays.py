"""Working days of a Thai public office: worked examples against the calendars that were announced."""

from datetime import date, timedelta

import pytest

from strategy.holidays import is_working_day, next_working_day
from strategy.periods import due_day

# The day, whether offices are open, and why.
DAYS = [
    ("2016-12-09", True, "Friday"),
    ("2016-12-10", False, "Constitution Day, a Saturday"),
    ("2016-12-12", False, "in lieu of Constitution Day"),
    ("2016-12-13", True, "Tuesday"),
    ("2017-01-02", False, "in lieu of New Year's Day"),
    ("2017-01-03", False, "in lieu of New Year's Eve"),
    ("2017-01-04", True, "the first working day of 2560"),
    ("2017-04-10", True, "Monday before Songkran"),
    ("2017-04-13", False, "Songkran"),
    ("2017-04-14", False, "Songkran"),
    ("2017-04-17", False, "in lieu of Songkran on Saturday"),
    ("2017-05-10", False, "Visakha Bucha"),
    ("2017-05-12", False, "Royal Ploughing Day, of government offices alone"),
    ("2017-07-10", False, "in lieu of Asarnha Bucha"),
    ("2017-10-26", False, "the royal cremation of King Bhumibol, that year alone"),
    ("2024-04-12", False, "an extra day before Songkran"),
    ("2024-05-10", False, "Royal Ploughing Day"),
    ("2025-06-02", False, "an extra day"),
    ("2026-10-12", True, "Monday"),
    ("2026-10-13", False, "King Bhumibol Memorial Day"),
]


@pytest.mark.parametrize(("day", "is_open", "why"), DAYS)
def test_days(day, is_open, why):
    assert is_working_day(date.fromisoformat(day)) is is_open, why


# When the results of a month are due, where the plan says the 10th.
DUE = [
    ("2016-10-31", "2016-11-10", "Thursday"),
    ("2016-11-30", "2016-12-13", "Saturday, Sunday and the Monday in lieu"),
    ("2016-12-31", "2017-01-10", "Tuesday"),
    ("2017-03-31", "2017-04-10", "Monday"),
    ("2017-04-30", "2017-05-11", "Visakha Bucha"),
    ("2017-05-31", "2017-06-12", "Saturday"),
    ("2017-06-30", "2017-07-11", "in lieu of Asarnha Bucha"),
    ("2017-09-30", "2017-10-10", "Tuesday"),
    ("2020-11-30", "2020-12-14", "Constitution Day, an extra day on Friday, the weekend"),
    ("2021-03-31", "2021-04-16", "the 10th and 11th a weekend, an extra day on the 12th, then Songkran"),
]


@pytest.mark.parametrize(("end", "due", "why"), DUE)
def test_due_days(end, due, why):
    assert next_working_day(due_day(date.fromisoformat(end))) == date.fromisoformat(due), why


# Years of which the library knows only what is fixed or reckoned, and years of which it knows nothing.
@pytest.mark.parametrize("year", [2035, 2060, 2099, 2150])
def test_years_far_ahead(year):
    assert not is_working_day(date(year, 4, 13)) or year > 2100
    day = next_working_day(date(year, 4, 10))
    assert day >= date(year, 4, 10)
    assert day.weekday() < 5
    assert day - date(year, 4, 10) < timedelta(days=14)


@pytest.mark.parametrize("year", [1900, 2400])
def test_years_without_holidays_have_weekends(year):
    days = [date(year, 4, 10) + timedelta(days=n) for n in range(7)]
    assert sum(map(is_working_day, days)) == 5


def test_a_working_day_stays():
    assert next_working_day(date(2017, 4, 10)) == date(2017, 4, 10)
