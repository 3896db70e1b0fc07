"""What units owe: rounds whose day comes near or has passed and that are not with the reviewers."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse

from indicators.models import Indicator, Result, Round
from indicators.naming import title_of
from indicators.pieces import GridKey, Shapes, grid_key, shapes_of
from indicators.rules import EDITABLE, active_versions, unit_query
from indicators.schedule.standing import due_with_extension, extended_until, is_cancelled, is_closed
from strategy import clock
from strategy.access import in_force
from strategy.models import OrgUnit, Plan
from strategy.periods import fiscal_year_of, year_start

Status = Result.Status
BACK = (Status.RETURNED, Status.REOPENED)
Plans = Collection[Plan] | QuerySet[Plan]


@dataclass(frozen=True)
class Owed:
    """One round of one measured unit that one responsible unit has still to hand in."""

    round: Round
    measured_unit: OrgUnit
    responsible: OrgUnit
    status: str  # of the result; empty where nothing was entered
    due: date  # with the time that was granted

    @property
    def plan(self) -> Plan:
        return self.round.indicator.plan

    @property
    def days_late(self) -> int:
        """Negative before the due day."""
        return (clock.today() - self.due).days

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def is_back(self) -> bool:
        return self.status in BACK

    @property
    def is_locked(self) -> bool:
        """Nothing more is taken without more time; what was sent back is asked for."""
        return not self.is_back and clock.today() > max(self.round.locks, self.due)


def owed(plans: Plans, ahead: int = 0) -> list[Owed]:
    """All that is owed of these plans and is due by so many days from today, once for each responsible unit.

    Extended due days count. What is cancelled, closed or with the reviewers is not owed, nor are earlier years, but
    for what may still be sent in: until it is locked, or because it came back. Three queries. In a year in which
    nothing was entered it is thousands of rows, so they share what they have alike.
    """
    rows = _joined(plans).filter(due_by__lte=clock.today() + timedelta(days=ahead))
    ordered = list(rows.order_by("due_by", "indicator__position", "pk").values_list(*OF_ROUND, *OF_UNIT))
    shared = _Shared(ordered)
    return [shared.owed(row) for row in ordered]


OF_ROUND = (
    "pk", "indicator", "fiscal_year", "number", "name", "frequency", "start", "end", "opens", "due", "locks",
)  # fmt: skip
OF_UNIT = ("measured_unit", "responsible_unit", "result_status", "due_by")


class _Shared:
    """The rounds, indicators and units of many rows, each once."""

    def __init__(self, rows: list[tuple]) -> None:
        indicators = {row[OF_ROUND.index("indicator")] for row in rows}
        units = {unit for row in rows for unit in row[len(OF_ROUND) : len(OF_ROUND) + 2]}
        related = Indicator.objects.select_related("plan__unit", "plan__strategy_unit", "parent__parent")
        self.indicators = related.in_bulk(indicators)
        self.units = OrgUnit.objects.in_bulk(units)
        self.rounds: dict[int, Round] = {}

    def owed(self, row: tuple) -> Owed:
        of_round, (measured, responsible, status, due) = row[: len(OF_ROUND)], row[len(OF_ROUND) :]
        return Owed(self._round(of_round), self.units[measured], self.units[responsible], status or "", due)

    def _round(self, values: tuple) -> Round:
        pk, indicator, *others = values
        if pk not in self.rounds:
            facts = dict(zip(OF_ROUND[2:], others, strict=True))
            self.rounds[pk] = Round(pk=pk, indicator=self.indicators[indicator], **facts)
        return self.rounds[pk]


# Conditions are on these, never on `measured__…` or `result__…`: a filter would join the relation once more, and its
# condition would hold for the responsibility or the result of any unit.
COLUMNS = {
    "measured_unit": "measured__measured_unit", "responsible_unit": "measured__responsible_unit",
    "duty_start": "measured__start", "duty_end": "measured__end",
    "result_pk": "result__pk", "result_status": "result__status",
}  # fmt: skip


def _joined(plans: Plans) -> QuerySet[Round]:
    """Rounds, once for each of today's responsibilities, that have no result or one that is with its unit."""
    today = clock.today()
    template = active_versions().filter(indicator=OuterRef("indicator"), fiscal_year=OuterRef("fiscal_year"))
    rounds = Round.objects.filter(~is_cancelled(), ~is_closed(), Exists(template), indicator__plan__in=plans)
    joined = rounds.annotate(
        measured=FilteredRelation("indicator__responsibilities"),
        result=FilteredRelation("results", condition=Q(results__measured_unit=F("measured__measured_unit"))),
        **{name: F(path) for name, path in COLUMNS.items()},
        extended_until=extended_until(unit="measured__measured_unit"),
    ).annotate(due_by=due_with_extension())
    here = Q(result_pk=None) | Q(result_status__in=[status for status in EDITABLE if status])
    return joined.filter(in_force(today, "duty_"), here, _is_of_now(fiscal_year_of(today)), measured_unit__isnull=False)


def _is_of_now(fiscal_year: int) -> Q:
    """Due in this fiscal year; of the year before also what is taken until it is locked, or came back."""
    back = Q(result_status__in=BACK, fiscal_year__gte=fiscal_year - 1)
    return Q(due_by__gte=year_start(fiscal_year)) | Q(locks__gte=clock.today()) | back


# As people count it: a grid is one piece of work


@dataclass(frozen=True)
class Piece:
    """What is owed of one KPI: one round or several, of one measured unit; of a grid all its rows."""

    items: tuple[Owed, ...]
    home: Indicator

    @property
    def title(self) -> str:
        """Code and name, with the measured unit where it is one other than the plan's own."""
        units = {item.measured_unit.pk: item.measured_unit for item in self.items}
        (unit, *others) = units.values()
        is_elsewhere = not others and unit.pk != self.home.plan.unit_id
        name = f"{self.home.code} {title_of(self.home)}"
        return f"{name} — {unit.label}" if is_elsewhere else name

    @property
    def rounds(self) -> list[str]:
        """The names of the rounds, each once, in order of time."""
        alike = {(item.round.end, item.round.start, item.round.name): item.round for item in self.items}
        return list(dict.fromkeys(alike[key].label for key in sorted(alike)))

    @property
    def code(self) -> str:
        """Of the grid; of a single row of it its own."""
        codes = {item.round.indicator.code for item in self.items}
        return codes.pop() if len(codes) == 1 else self.home.code

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        """The names of the rounds in order of time, each followed by how it came back; those alike together."""
        states: dict[str, set[str]] = {name: set() for name in self.rounds}
        for item in self.items:
            states[item.round.label] |= {item.status} if item.is_back else set()
        alike = groupby(states, key=lambda name: sorted(states[name]))
        return [(", ".join(names), state) for state, names in alike]

    @property
    def first_due(self) -> date:
        return min(item.due for item in self.items)

    @property
    def days_late(self) -> int:
        """Of what waits longest."""
        return max(item.days_late for item in self.items)

    @property
    def is_back(self) -> bool:
        return any(item.is_back for item in self.items)

    @property
    def locked(self) -> int:
        """How many of the rounds are locked."""
        return len({item.round.end for item in self.items if item.is_locked})

    @property
    def office(self) -> str:
        """Where more time is asked for."""
        plan = self.home.plan
        return (plan.strategy_unit or plan.unit).label

    @property
    def extend_url(self) -> str:
        """Where more time is granted; empty where there are several rounds to choose from."""
        (item, *others) = self.items
        if others:
            return ""
        unit = "" if item.measured_unit.pk == item.plan.unit_id else unit_query(item.measured_unit)
        return reverse("round_extend", args=[item.round.pk]) + unit


def pieces_of(items: Iterable[Owed], shapes: Shapes) -> list[Piece]:
    """The items by KPI, grid and measured unit, in the order in which they are due."""
    found: dict[tuple[int, int], list[Owed]] = {}
    homes: dict[tuple[int, int], Indicator] = {}
    for item in items:
        home, unit = _place(item, shapes)
        found.setdefault((home.pk, unit), []).append(item)
        homes[home.pk, unit] = home
    return [Piece(tuple(rows), homes[place]) for place, rows in found.items()]


def _place(item: Owed, shapes: Shapes) -> tuple[Indicator, int]:
    key: GridKey | None = grid_key(item.round, shapes)
    if key is None:
        return item.round.indicator, item.measured_unit.pk
    return key.home_of(item.round.indicator), 0


def shapes_for(items: Iterable[Owed]) -> Shapes:
    """What says which of them are entered in a grid; one query."""
    return shapes_of({item.round.indicator_id for item in items})


def count_rounds(items: Iterable[Owed], shapes: Shapes) -> int:
    """How many pieces of work it is: each round of a KPI is one, and a grid's round with all its rows."""
    return len(set(_work(items, shapes)))


def _work(items: Iterable[Owed], shapes: Shapes) -> Iterator[tuple[int, int, int, int]]:
    for item in items:
        home, unit = _place(item, shapes)
        yield home.pk, unit, item.round.fiscal_year, item.round.number
