"""The rounds of one indicator around the one that is open: what last month and last year had, and the way to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import FilteredRelation, Q

from indicators.models import Round
from indicators.rules import RoundAccess
from strategy import clock

COLUMNS = {
    "status": "own__status",
    "value": "own__value",
    "level": "own__level",
    "code": "own__values__code",
    "typed": "own__values__value",
}


def is_year_before(candidate: Round, round_: Round) -> bool:
    """Whether it ended in the same month of the year before, so also where the frequency has changed."""
    return (candidate.end.year + 1, candidate.end.month) == (round_.end.year, round_.end.month)


@dataclass(frozen=True)
class PastRound:
    """A round with what was typed in it; `data` is empty where nothing was."""

    round: Round
    status: str | None
    value: Decimal | None
    level: Decimal | None
    data: dict[str, Decimal] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.round.label


@dataclass(frozen=True)
class History:
    """The rounds of an indicator in two fiscal years and the next, in order of time; one of them is open."""

    here: Round
    rounds: tuple[PastRound, ...]

    @cached_property
    def data(self) -> dict[str, Decimal]:
        """What is saved in the open round."""
        return next((past.data for past in self.rounds if past.round.pk == self.here.pk), {})

    @cached_property
    def last(self) -> PastRound | None:
        """The last earlier round that has values."""
        return next((past for past in reversed(self._earlier) if past.data), None)

    @cached_property
    def last_year(self) -> PastRound | None:
        """The round that ended in the same month of the year before, where it has values."""
        ended = (past for past in self._earlier if is_year_before(past.round, self.here))
        return next((past for past in ended if past.data), None)

    @property
    def _earlier(self) -> tuple[PastRound, ...]:
        return tuple(past for past in self.rounds if past.round.end < self.here.end)

    @property
    def previous(self) -> Round | None:
        return self._earlier[-1].round if self._earlier else None

    @property
    def following(self) -> Round | None:
        """The next round, once it has begun."""
        later = (past.round for past in self.rounds if past.round.start > self.here.start)
        return next((round_ for round_ in later if round_.start <= clock.today()), None)


def history_of(access: RoundAccess) -> History:
    """The rounds around this one with their values: one query. The person may see drafts of their own unit."""
    year = access.round.fiscal_year
    own = FilteredRelation("results", condition=Q(results__measured_unit=access.measured_unit))
    rounds = Round.objects.filter(indicator=access.round.indicator, fiscal_year__range=(year - 1, year + 1))
    rows = rounds.annotate(own=own).order_by("start", "pk")
    fields = ("pk", "fiscal_year", "number", "name", "frequency", "start", "end", *COLUMNS.values())
    return History(access.round, tuple(_gathered(rows.values(*fields))))


def _gathered(rows: Iterable[dict[str, Any]]) -> list[PastRound]:
    """One PastRound for the several rows of its values."""
    found: dict[int, PastRound] = {}
    for row in rows:
        facts = {name: row.pop(column) for name, column in COLUMNS.items()}
        code, typed = facts.pop("code"), facts.pop("typed")
        past = found.setdefault(row["pk"], PastRound(Round(**row), **facts))
        if code is not None:
            past.data[code] = typed
    return list(found.values())
