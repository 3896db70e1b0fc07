"""The fiscal calendar, Thai dates and the clock (DESIGN.md section 2)."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from strategy.periods import (
    DateError,
    Frequency,
    Period,
    as_at_period,
    due_day,
    fiscal_year_of,
    parse_thai_date,
    period_label,
    period_of,
    periods_of,
    thai_date,
    thai_month,
    today,
    year_end,
    year_start,
)

years = st.integers(2450, 2650)
days = st.dates(date(1907, 1, 1), date(2107, 12, 31))
frequencies = st.sampled_from(Frequency)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2016, 9, 30), 2559),
        (date(2016, 10, 1), 2560),
        (date(2016, 12, 31), 2560),
        (date(2017, 1, 1), 2560),
        (date(2017, 9, 30), 2560),
        (date(2017, 10, 1), 2561),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(day: date, year: int) -> None:
    assert fiscal_year_of(day) == year


def test_the_year_2560() -> None:
    assert (year_start(2560), year_end(2560)) == (date(2016, 10, 1), date(2017, 9, 30))


@given(days)
def test_a_day_lies_in_its_fiscal_year(day: date) -> None:
    year = fiscal_year_of(day)
    assert year_start(year) <= day <= year_end(year)


@given(years, frequencies)
def test_the_periods_of_a_year_tile_it_without_gap(year: int, frequency: Frequency) -> None:
    periods = periods_of(year, frequency)
    assert periods[0].start == year_start(year)
    assert periods[-1].end == year_end(year)
    assert all(after.start - before.end == timedelta(days=1) for before, after in pairwise(periods))
    assert [period.number for period in periods] == list(range(1, len(periods) + 1))
    assert list(periods) == sorted(periods)


@pytest.mark.parametrize(
    ("frequency", "count"),
    [(Frequency.MONTHLY, 12), (Frequency.QUARTERLY, 4), (Frequency.HALF_YEARLY, 2), (Frequency.YEARLY, 1)],
)
def test_how_many_rounds_a_year_has(frequency: Frequency, count: int) -> None:
    assert len(periods_of(2560, frequency)) == count


@given(days, frequencies)
def test_the_period_of_a_day_holds_it(day: date, frequency: Frequency) -> None:
    assert day in period_of(day, frequency)


def test_quarters_and_halves_begin_in_october() -> None:
    assert period_of(date(2016, 11, 5), Frequency.QUARTERLY).number == 1
    assert period_of(date(2017, 1, 5), Frequency.QUARTERLY).number == 2
    assert period_of(date(2017, 3, 31), Frequency.HALF_YEARLY).number == 1
    assert period_of(date(2017, 4, 1), Frequency.HALF_YEARLY).number == 2


@pytest.mark.parametrize(
    ("day", "frequency", "label"),
    [
        (date(2017, 3, 5), Frequency.MONTHLY, "มีนาคม 2560"),
        (date(2016, 10, 5), Frequency.MONTHLY, "ตุลาคม 2559"),
        (date(2017, 3, 5), Frequency.QUARTERLY, "ไตรมาส 2 ปีงบประมาณ 2560"),
        (date(2017, 3, 5), Frequency.HALF_YEARLY, "ครึ่งปีแรก ปีงบประมาณ 2560"),
        (date(2017, 4, 5), Frequency.HALF_YEARLY, "ครึ่งปีหลัง ปีงบประมาณ 2560"),
        (date(2016, 10, 5), Frequency.YEARLY, "ปีงบประมาณ 2560"),
    ],
)
def test_a_period_has_a_thai_name(day: date, frequency: Frequency, label: str) -> None:
    assert period_label(period_of(day, frequency)) == label


def test_a_version_may_have_rounds_of_its_own() -> None:
    march, june = as_at_period(2560, ["03-31", "06-30"])  # KPI 4
    assert march == Period(2560, 1, date(2016, 10, 1), date(2017, 3, 31))
    assert june == Period(2560, 2, date(2017, 4, 1), date(2017, 6, 30))
    assert period_label(march) == "ณ 31 มี.ค. 2560"
    ends = [period.end for period in as_at_period(2560, ["12-31", "03-31", "06-30", "09-30"])]  # KPI 26
    assert ends == [date(2016, 12, 31), date(2017, 3, 31), date(2017, 6, 30), date(2017, 9, 30)]


@pytest.mark.parametrize("ends", [["06-30", "03-31"], ["03-31", "03-31"], ["02-30"], ["13-01"], ["3-31"], ["มีนาคม"]])
def test_rounds_out_of_order_or_on_no_day_are_refused(ends: list[str]) -> None:
    with pytest.raises(DateError) as caught:
        as_at_period(2560, ends)
    assert caught.value.text in ends


def test_periods_stand_in_order_of_time_even_beside_rounds_of_their_own() -> None:
    own = as_at_period(2560, ["12-31"])[0]
    quarter = periods_of(2560, Frequency.QUARTERLY)[0]
    assert own != quarter
    assert sorted([quarter, own]) == [own, quarter]
    assert max(quarter, periods_of(2561, Frequency.YEARLY)[0]).fiscal_year == 2561


def test_a_date_in_thai() -> None:
    day = date(2026, 11, 21)
    assert thai_date(day) == "21 พ.ย. 2569"
    assert thai_date(day, long=True) == "21 พฤศจิกายน 2569"
    assert thai_date(day, thai_digits=True) == "๒๑ พ.ย. ๒๕๖๙"
    assert thai_month(day) == "พฤศจิกายน 2569"
    assert thai_month(day, short=True) == "พ.ย. 2569"


@pytest.mark.parametrize(
    "text",
    [
        "21 พ.ย. 2569",
        "21 พฤศจิกายน 2569",
        "21 พฤศจิกายน พ.ศ. 2569",
        "๒๑ พ.ย. ๒๕๖๙",
        "21พ.ย.2569",
        "21/11/2569",
        " 21-11-2569 ",
        "21.11.2569",
        "2026-11-21",
    ],
)
def test_a_typed_date_is_read(text: str) -> None:
    assert parse_thai_date(text) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "พรุ่งนี้",
        "21/11/2026",
        "69-11-21",
        "21/11/569",
        "21/11/0069",
        "2569-11-21",
        "21 พย 2569",
        "21 ธันวา 2569",
        "29 ก.พ. 2560",
        "31/4/2560",
        "0/1/2560",
        "1/13/2560",
        "21 พ.ย.",
        "2560",
        "1" * 100_000,
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_thai_date(text)
    assert caught.value.text == text
    assert caught.value.message


TODAY = date(2017, 4, 15)  # 2560


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30 ก.ย. 60", date(2017, 9, 30)),
        ("๓๐ ก.ย. 60", date(2017, 9, 30)),
        ("๓๐ ก.ย. ๖๐", date(2017, 9, 30)),
        ("30 กันยายน พ.ศ. 60", date(2017, 9, 30)),
        ("30ก.ย.60", date(2017, 9, 30)),
        ("30/9/60", date(2017, 9, 30)),
        ("30-9-60", date(2017, 9, 30)),
        ("1.10.59", date(2016, 10, 1)),
        ("28/2/63", date(2020, 2, 28)),
        ("15/4/80", date(2037, 4, 15)),  # the last year that is near enough
        ("15/4/40", date(1997, 4, 15)),  # and the first
    ],
)
def test_two_digits_are_the_buddhist_year_near_today(text: str, day: date) -> None:
    assert parse_thai_date(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "15/4/17",  # 2017 of the common era? 2517 is not near
        "30 ก.ย. 18",
        "15/4/39",
        "15/4/81",
        "15/4/00",
        "15/4/99",
        "2017-04-60",
        "60-4-17",
        "60-04-15",
        "60/4/15",
        "31/4/60",
        "29 ก.พ. 60",
        "15/4/6",
        "15/4/560",
        "15/4/0060",
        "ก.ย. 60",
    ],
)
def test_two_digits_that_may_mean_another_year_are_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_thai_date(text, TODAY)


def test_two_digits_cross_the_century() -> None:
    """In 2598 the year "02" is 2602."""
    assert parse_thai_date("1/2/02", date(2055, 1, 1)) == date(2059, 2, 1)


@given(days, st.integers(-20, 20))
def test_a_common_era_year_of_today_is_never_taken_for_a_buddhist_one(today: date, years: int) -> None:
    """Who writes 17 for 2017 is refused: the two calendars are 43 apart in their last two digits."""
    with pytest.raises(DateError):
        parse_thai_date(f"1/4/{(today.year + years) % 100:02}", today)


def test_the_leap_day_is_that_of_the_common_era() -> None:
    assert parse_thai_date("29 ก.พ. 2559") == date(2016, 2, 29)


@given(st.one_of(st.text(), st.text(alphabet="0123456789๑๒/-. มคกพย")))
def test_no_text_raises_anything_but_a_date_error(text: str) -> None:
    with suppress(DateError):
        assert isinstance(parse_thai_date(text), date)


@given(days, st.booleans(), st.booleans())
def test_a_printed_date_reads_back(day: date, long: bool, thai_digits: bool) -> None:
    assert parse_thai_date(thai_date(day, long=long, thai_digits=thai_digits)) == day


@pytest.mark.parametrize(
    ("end", "due"),
    [
        (date(2017, 3, 31), date(2017, 4, 10)),
        (date(2016, 12, 31), date(2017, 1, 10)),
        (date(2017, 9, 30), date(2017, 10, 10)),
    ],
)
def test_a_report_is_due_on_the_tenth_of_the_month_after(end: date, due: date) -> None:
    assert due_day(end) == due


def test_the_clock_is_the_setting_or_the_thai_day() -> None:
    assert today("2017-04-15") == date(2017, 4, 15)
    with time_machine.travel("2026-11-20T18:30:00+00:00", tick=False):
        assert today() == date(2026, 11, 21)
        assert today("") == date(2026, 11, 21)


def test_a_mistyped_clock_is_never_taken_for_the_real_one() -> None:
    with pytest.raises(DateError):
        today("15 April 2017")
