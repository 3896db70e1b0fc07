"""The sheets of a workbook: one a period, with a short Thai name that no other sheet has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from indicators.grids.rows import GridRow
from indicators.models import Round
from strategy.periods import Frequency, thai_date, thai_month

LONGEST_NAME = 31  # as a spreadsheet allows
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


@dataclass(frozen=True)
class PeriodSheet:
    """One period with the rows that are due for it, under the name of its sheet."""

    name: str
    label: str
    start: date
    end: date
    rows: tuple[GridRow, ...]

    @property
    def days(self) -> str:
        return f"{thai_date(self.start)} – {thai_date(self.end)}"

    @property
    def due(self) -> str:
        """The day by which they are due, or the first and the last of several."""
        days = sorted({row.access.due for row in self.rows})
        return thai_date(days[0]) if len(days) == 1 else f"{thai_date(days[0])} – {thai_date(days[-1])}"

    @property
    def has_several_due_days(self) -> bool:
        return len({row.access.due for row in self.rows}) > 1


def sheets_of(rows: Iterable[GridRow]) -> list[PeriodSheet]:
    """The rows by their periods, in the order in which these end; shorter periods before longer ones."""
    found: dict[tuple[date, date, str], list[GridRow]] = {}
    for row in rows:
        round_ = row.access.round
        found.setdefault((round_.end, round_.start, round_.label), []).append(row)
    taken: set[str] = set()
    order = sorted(found, key=lambda key: (key[0], -key[1].toordinal(), key[2]))
    return [_sheet(found[key], taken) for key in order]


def _sheet(rows: list[GridRow], taken: set[str]) -> PeriodSheet:
    round_ = rows[0].access.round
    name = free_name(short_label(round_), taken)
    taken.add(name.casefold())
    return PeriodSheet(name, round_.label, round_.start, round_.end, tuple(rows))


def short_label(round_: Round) -> str:
    """ "มี.ค. 2560", "ไตรมาส 2-2560", "ครึ่งปีแรก 2560", "ปีงบ 2560", "ณ 31 มี.ค. 2560", or the round's own name."""
    facts = {"number": round_.number, "year": round_.fiscal_year}
    if round_.name:
        return round_.name if str(round_.fiscal_year) in round_.name else f"{round_.name} {round_.fiscal_year}"
    match round_.frequency:
        case Frequency.MONTHLY:
            return thai_month(round_.start, short=True)
        case Frequency.QUARTERLY:
            return _("ไตรมาส %(number)d-%(year)d") % facts
        case Frequency.HALF_YEARLY:
            return (_("ครึ่งปีแรก %(year)d") if round_.number == 1 else _("ครึ่งปีหลัง %(year)d")) % facts
        case Frequency.YEARLY:
            return _("ปีงบ %(year)d") % facts
    return round_.label


def free_name(text: str, taken: set[str]) -> str:
    """A name that a sheet may have and none has yet."""
    plain = " ".join(_FORBIDDEN.sub(" ", text).split())[:LONGEST_NAME].strip(" '") or "-"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        tail = f" ({number})"
        name = plain[: LONGEST_NAME - len(tail)].rstrip() + tail
    return name
