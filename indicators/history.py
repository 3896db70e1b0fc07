"""The rounds of one indicator around the one that is open: what last month and last year had, and the way to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import FilteredRelation, Q

from indicators.models import Result, Round
from indicators.pasts import HANDED_IN, Background, Earlier, comparable, years_back
from indicators.rules import RoundAccess
from scoring.explain import State
from scoring.plausible import MOST
from strategy import clock

COLUMNS = {
    "status": "own__status",
    "state": "own__state",
    "formula": "own__version__formula",
    "measured_in": "own__version__unit",
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
    state: str | None
    formula: str | None
    measured_in: str | None
    value: Decimal | None
    level: Decimal | None
    data: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.round.label

    @property
    def title(self) -> str:
        """Its name; with how it stands, where the unit does not stand by its numbers: nothing is held against them."""
        if self.status is None or self.status in HANDED_IN:
            return self.label
        return f"{self.label} ({Result.Status(self.status).label})"

    @property
    def is_applicable(self) -> bool:
        """The numbers that were typed count; where the unit says that the KPI does not concern it, they do not."""
        return self.state != State.NOT_APPLICABLE

    @property
    def has_numbers(self) -> bool:
        return bool(self.data) and self.is_applicable


@dataclass(frozen=True)
class History:
    """The rounds of an indicator from as far back as numbers are compared to the next year, in order of time."""

    access: RoundAccess
    rounds: tuple[PastRound, ...]

    @property
    def here(self) -> Round:
        """The round that is open."""
        return self.access.round

    @cached_property
    def data(self) -> dict[str, Decimal | None]:
        """What is saved in the open round."""
        return next((past.data for past in self.rounds if past.round.pk == self.here.pk), {})

    @cached_property
    def last(self) -> PastRound | None:
        """The last earlier round that has values."""
        return next((past for past in reversed(self._earlier) if past.has_numbers), None)

    @cached_property
    def last_year(self) -> PastRound | None:
        """The round that ended in the same month of the year before, where it has values."""
        ended = (past for past in self._earlier if is_year_before(past.round, self.here))
        return next((past for past in ended if past.has_numbers), None)

    @property
    def _earlier(self) -> tuple[PastRound, ...]:
        return tuple(past for past in self.rounds if past.round.end < self.here.end)

    @property
    def previous(self) -> Round | None:
        return self._earlier[-1].round if self._earlier else None

    @property
    def following(self) -> Round | None:
        """The next round, once it is open."""
        later = (past.round for past in self.rounds if past.round.start > self.here.start)
        return next((round_ for round_ in later if round_.opens <= clock.today()), None)

    def background(self, *, has_measure: bool) -> Background:
        """What the round is held against; the same as pasts.background_of, without asking again."""
        return Background(self._pasts(), has_measure, self._year())

    def _pasts(self) -> tuple[Any, ...]:
        rows = (past for past in self._earlier if past.status in HANDED_IN and past.is_applicable)
        return tuple(row.past for row in comparable(self.access, map(_earlier_of, rows)))[-MOST:]

    def _year(self) -> tuple[tuple[int, Mapping[str, Decimal | None]], ...]:
        year = (past for past in self._earlier if past.round.fiscal_year == self.here.fiscal_year)
        counted = (past for past in year if past.status == Result.Status.APPROVED and past.is_applicable)
        return tuple((past.round.number, past.data) for past in counted)


def _earlier_of(past: PastRound) -> Earlier:
    return Earlier(0, 0, past.round, past.formula or "", past.measured_in or "", past.value, past.level, past.data)


def history_of(access: RoundAccess) -> History:
    """The rounds around this one with their values: one query. The person may see drafts of their own unit."""
    year, back = access.round.fiscal_year, years_back(access.round)
    own = FilteredRelation("results", condition=Q(results__measured_unit=access.measured_unit))
    rounds = Round.objects.filter(indicator=access.round.indicator, fiscal_year__range=(year - back, year + 1))
    rows = rounds.annotate(own=own).order_by("start", "pk")
    fields = ("pk", "fiscal_year", "number", "name", "frequency", "start", "end", "opens", *COLUMNS.values())
    return History(access, tuple(_gathered(rows.values(*fields))))


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
