"""The fiscal calendar and Thai dates (DESIGN.md section 2, "Fiscal year"). Pure: it knows no database and no settings.

A fiscal year bears the Buddhist-era year in which it ends: 2560 is 1 October 2016 to 30 September 2017.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from functools import total_ordering
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

BUDDHIST_ERA = 543  # years ahead of the common era
FIRST_MONTH = 10  # October
DUE_DAY = 10  # of the month after a period's end
THAI_TIME = timezone(timedelta(hours=7), "ICT")
LONGEST_DATE = 60
EXAMPLE = date(2026, 11, 21)  # of a day, in refusals; who knows the day that it is names that one
BUDDHIST_YEARS = range(2400, 2700)  # a year outside is taken for a common-era year or a slip
COMMON_YEARS = range(1857, 2157)
NEAR = 20  # years around today for which two digits are enough

MONTHS = (
    gettext_noop("มกราคม"),
    gettext_noop("กุมภาพันธ์"),
    gettext_noop("มีนาคม"),
    gettext_noop("เมษายน"),
    gettext_noop("พฤษภาคม"),
    gettext_noop("มิถุนายน"),
    gettext_noop("กรกฎาคม"),
    gettext_noop("สิงหาคม"),
    gettext_noop("กันยายน"),
    gettext_noop("ตุลาคม"),
    gettext_noop("พฤศจิกายน"),
    gettext_noop("ธันวาคม"),
)
SHORT_MONTHS = (
    gettext_noop("ม.ค."),
    gettext_noop("ก.พ."),
    gettext_noop("มี.ค."),
    gettext_noop("เม.ย."),
    gettext_noop("พ.ค."),
    gettext_noop("มิ.ย."),
    gettext_noop("ก.ค."),
    gettext_noop("ส.ค."),
    gettext_noop("ก.ย."),
    gettext_noop("ต.ค."),
    gettext_noop("พ.ย."),
    gettext_noop("ธ.ค."),
)
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_FROM_THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{2,4})")
_WORDED = re.compile(r"([0-9]{1,2})\s*([ก-๙.]+?)\s*(?:พ\.ศ\.)?\s*([0-9]{2,4})")


class DateError(ValueError):
    """A text that is no date: ``message`` says why in Thai, ``text`` is what was given."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.message = message
        self.text = text


class Frequency(StrEnum):
    """How often a KPI is reported."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


MONTHS_IN = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}


@total_ordering
@dataclass(frozen=True)
class Period:
    """One round of a fiscal year, ``number`` from 1; both days belong to it. ``frequency`` None: a round of its own."""

    fiscal_year: int
    number: int
    start: date
    end: date
    frequency: Frequency | None = None

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, Period) else NotImplemented

    def _key(self) -> tuple[int, int, date, date, str]:
        return self.fiscal_year, self.number, self.start, self.end, self.frequency or ""

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def fiscal_year_of(day: date) -> int:
    """The Buddhist-era fiscal year of a day: 1 October 2016 is in 2560."""
    return day.year + BUDDHIST_ERA + (day.month >= FIRST_MONTH)


def year_start(fiscal_year: int) -> date:
    """1 October of the calendar year before; ValueError for a year that no date can have."""
    return date(fiscal_year - BUDDHIST_ERA - 1, FIRST_MONTH, 1)


def year_end(fiscal_year: int) -> date:
    """30 September of the year that gives the fiscal year its name."""
    return date(fiscal_year - BUDDHIST_ERA, FIRST_MONTH, 1) - timedelta(days=1)


def periods_of(fiscal_year: int, frequency: Frequency) -> tuple[Period, ...]:
    """The rounds of a year in order of time; together they are the year, without gap or overlap."""
    months = MONTHS_IN[frequency]
    starts = [_month_start(fiscal_year, month) for month in range(0, 12 + months, months)]
    return tuple(
        Period(fiscal_year, number, start, after - timedelta(days=1), frequency)
        for number, (start, after) in enumerate(pairwise(starts), start=1)
    )


def _month_start(fiscal_year: int, months: int) -> date:
    """The first day of the month that many months after October."""
    years, month = divmod(FIRST_MONTH - 1 + months, 12)
    return date(fiscal_year - BUDDHIST_ERA - 1 + years, month + 1, 1)


def period_of(day: date, frequency: Frequency) -> Period:
    """The round in which a day lies."""
    return next(period for period in periods_of(fiscal_year_of(day), frequency) if day in period)


def as_at_period(fiscal_year: int, ends: Sequence[str]) -> tuple[Period, ...]:
    """A version's own rounds by the days on which they end, as ``"03-31"`` (month-day), in order of time.

    Each begins the day after the one before, the first with the year. DateError for a day that the year has not
    or that does not come after the one before.
    """
    periods: list[Period] = []
    start = year_start(fiscal_year)
    for number, text in enumerate(ends, start=1):
        end = _day_of_year(fiscal_year, text)
        if end < start:
            raise DateError(_("รอบ “%(day)s” ไม่ได้อยู่หลังรอบก่อนหน้า") % {"day": text}, text)
        periods.append(Period(fiscal_year, number, start, end))
        start = end + timedelta(days=1)
    return tuple(periods)


def _day_of_year(fiscal_year: int, text: str) -> date:
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    if match is None:
        raise DateError(_("วันสิ้นรอบ “%(day)s” ต้องเป็น เดือน-วัน เช่น 03-31") % {"day": text[:LONGEST_DATE]}, text)
    month, day = int(match[1]), int(match[2])
    return _real_date(fiscal_year - BUDDHIST_ERA - (month >= FIRST_MONTH), month, day, text)


def period_label(period: Period) -> str:
    """The period's name: ``มีนาคม 2560``, ``ไตรมาส 2 ปีงบประมาณ 2560``, ``ณ 31 มี.ค. 2560`` for a round of its own."""
    values = {"year": period.fiscal_year, "number": period.number}
    if period.frequency is None:
        return _("ณ %(day)s") % {"day": thai_date(period.end)}
    if period.frequency is Frequency.MONTHLY:
        return thai_month(period.start)
    if period.frequency is Frequency.QUARTERLY:
        return _("ไตรมาส %(number)d ปีงบประมาณ %(year)d") % values
    if period.frequency is Frequency.YEARLY:
        return _("ปีงบประมาณ %(year)d") % values
    return (_("ครึ่งปีแรก ปีงบประมาณ %(year)d") if period.number == 1 else _("ครึ่งปีหลัง ปีงบประมาณ %(year)d")) % values


def thai_month(day: date, *, short: bool = False) -> str:
    """The month with its Buddhist-era year: ``มีนาคม 2560``, short ``มี.ค. 2560``."""
    return f"{_month_name(day, short=short)} {day.year + BUDDHIST_ERA}"


def thai_date(day: date, *, long: bool = False, thai_digits: bool = False) -> str:
    """``21 พ.ย. 2569``; long ``21 พฤศจิกายน 2569``; on demand in Thai digits."""
    text = f"{day.day} {thai_month(day, short=not long)}"
    return text.translate(_TO_THAI) if thai_digits else text


def typed_date(day: date) -> str:
    """The day as one may type it: ``21 พ.ย. 2569``; in a language whose months are not read, ``21/11/2569``."""
    text = thai_date(day)
    return text if SHORT_MONTHS[day.month - 1] in text else f"{day.day}/{day.month}/{day.year + BUDDHIST_ERA}"


def _month_name(day: date, *, short: bool) -> str:
    return _((SHORT_MONTHS if short else MONTHS)[day.month - 1])


def parse_thai_date(text: str, example: date = EXAMPLE) -> date:
    """The day in ``21 พ.ย. 2569``, ``21 พฤศจิกายน 2569``, ``21/11/2569`` (all Buddhist era) or ISO ``2026-11-21``.

    Thai digits count. Two digits of a year are those of the Buddhist year within 20 years of the `example`, today:
    in 2560 "60" is 2560, and "17", which is meant for 2017, is nothing. DateError for all else, with the `example`:
    a year that is not of its era is refused, never converted by guess.
    """
    plain = text[: LONGEST_DATE + 1].translate(_FROM_THAI).strip()
    if len(text) > LONGEST_DATE or not plain:
        raise _no_date(text, example)
    if match := _ISO.fullmatch(plain):
        return _real_date(_common_year(match[1], text), int(match[2]), int(match[3]), text)
    if match := _NUMERIC.fullmatch(plain):
        return _real_date(_buddhist_year(match[3], text, example), int(match[2]), int(match[1]), text)
    if match := _WORDED.fullmatch(plain):
        return _real_date(_buddhist_year(match[3], text, example), _month_number(match[2], text), int(match[1]), text)
    raise _no_date(text, example)


def _no_date(text: str, example: date) -> DateError:
    facts = {"text": text[:LONGEST_DATE], "day": typed_date(example)}
    return DateError(_("“%(text)s” ไม่ใช่วันที่ ตัวอย่างที่ถูก: %(day)s") % facts, text)


def _month_number(name: str, text: str) -> int:
    for names in (MONTHS, SHORT_MONTHS):
        if name in names:
            return names.index(name) + 1
    raise DateError(_("ไม่รู้จักเดือน “%(month)s”") % {"month": name}, text)


def _buddhist_year(digits: str, text: str, example: date) -> int:
    now = example.year + BUDDHIST_ERA
    year = _of_two_digits(int(digits), now) if len(digits) == len("60") else int(digits)
    if year not in BUDDHIST_YEARS:
        facts = {"year": digits, "example": now}
        raise DateError(_("ปี %(year)s ต้องเป็นปี พ.ศ. สี่หลัก เช่น %(example)d") % facts, text)
    return year - BUDDHIST_ERA


def _of_two_digits(digits: int, now: int) -> int:
    """The year near `now` that ends in these digits; else the digits as they are, which are no year.

    The eras are 43 apart in their last digits: of a day near today the common era's never pass for the Buddhist.
    """
    ahead = (digits - now + 50) % 100 - 50
    return now + ahead if abs(ahead) <= NEAR else digits


def _common_year(digits: str, text: str) -> int:
    if int(digits) not in COMMON_YEARS:
        raise DateError(_("ปี %(year)s ในรูปแบบ ปี-เดือน-วัน ต้องเป็นปี ค.ศ.") % {"year": digits}, text)
    return int(digits)


def _real_date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateError(_("ไม่มีวันที่ “%(text)s” ในปฏิทิน") % {"text": text}, text) from None


def due_day(end: date, day: int = DUE_DAY) -> date:
    """The last day to report a period that ended on ``end``: the 10th of the month after, or another day of it."""
    years, month = divmod(end.month, 12)
    return date(end.year + years, month + 1, day)


def lock_day(due: date, fiscal_year: int, days: int | None = None) -> date:
    """The last day on which a round may still be entered, late.

    So many days after the due day; where nothing is said until 31 October after the fiscal year, never before
    the due day.
    """
    if days is not None:
        return due + timedelta(days=days)
    return max(due, date(fiscal_year - BUDDHIST_ERA, FIRST_MONTH, 31))


def today(setting: str | None = None) -> date:
    """The ISO day in ``setting`` (the demo's clock) where there is one, else the real day in Thailand.

    DateError for a setting that is no date, so that a mistyped clock is never taken for the real one.
    """
    return parse_thai_date(setting) if setting else datetime.now(THAI_TIME).date()
