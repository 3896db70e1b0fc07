"""What a round is held against: earlier rounds of the same indicator and unit, and whether a failure is being mended.

One round asks two queries (the entry page has them with its history), many rounds together ask two as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from indicators.models import DataValue, IndicatorVersion, RecoveryMeasure, Result, Round
from indicators.recovery.queries import UNCLOSED
from indicators.rules import RoundAccess
from scoring.explain import State
from scoring.plausible import MOST, PastRound
from strategy.periods import Frequency

Status = Result.Status
HANDED_IN = (Status.SUBMITTED, Status.APPROVED)  # the unit stands by these numbers
Key = tuple[int, int]  # a round and a measured unit
Placed = RoundAccess | Result  # what says of which round, measured unit and template it is
# How far twelve rounds reach back. Rounds of their own come two to four times a year.
YEARS_BACK = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}
YEARS_OF_OWN = 6
ROUND_FIELDS = ("fiscal_year", "number", "name", "frequency", "start", "end")


@dataclass(frozen=True)
class Background:
    """The earlier rounds in order of time, whether a recovery measure is open, and the year's approved numbers.

    `year` holds (number of the round, numbers) of the approved rounds before this one.
    """

    pasts: tuple[PastRound, ...] = ()
    has_measure: bool = False
    year: tuple[tuple[int, Mapping[str, Decimal | None]], ...] = ()


NOTHING = Background()


def key_of(access: Placed) -> Key:
    return access.round.pk, access.measured_unit.pk


def years_back(round_: Round) -> int:
    """In how many fiscal years before the round's its last twelve are to be found."""
    return YEARS_BACK[Frequency(round_.frequency)] if round_.frequency else YEARS_OF_OWN


def background_of(access: Placed) -> Background:
    """Of one round; two queries."""
    return backgrounds_of([access])[key_of(access)]


def pasts_among(access: Placed, values: Iterable[DataValue]) -> tuple[PastRound, ...]:
    """The same from values that are at hand, with their results, rounds and versions, in order of time; no query."""
    found: dict[int, Earlier] = {}
    for row in values:
        result = row.result
        if result.status in HANDED_IN and result.state != State.NOT_APPLICABLE:
            place = (result.round.indicator_id, result.measured_unit_id)
            measured = (result.version.formula, result.version.unit)
            earlier = Earlier(*place, result.round, *measured, result.value, result.level, {})
            found.setdefault(result.pk, earlier).data[row.code] = row.value
    return _pasts(access, list(found.values()))


def backgrounds_of(accesses: Iterable[Placed]) -> dict[Key, Background]:
    """Of many rounds, by round and measured unit; two queries, however many."""
    wanted = list(accesses)
    pasts, measured = pasts_of(wanted), _with_measures(wanted)
    return {key_of(a): Background(pasts[key_of(a)], _place(a) in measured) for a in wanted}


def pasts_of(accesses: Iterable[Placed]) -> dict[Key, tuple[PastRound, ...]]:
    """The last rounds before each of these that were handed in, in order of time; one query, however many."""
    wanted = list(accesses)
    found: dict[tuple[int, int], list[Earlier]] = {}
    for row in earlier_rows(_reported_before(wanted)) if wanted else ():
        found.setdefault((row.indicator, row.unit), []).append(row)
    return {key_of(access): _pasts(access, found.get(_place(access), ())) for access in wanted}


def _place(access: Placed) -> tuple[int, int]:
    return access.round.indicator_id, access.measured_unit.pk


def _pasts(access: Placed, rows: Sequence["Earlier"]) -> tuple[PastRound, ...]:
    return tuple(row.past for row in comparable(access, rows))[-MOST:]


# The rows behind it


@dataclass
class Earlier:
    """A result of an earlier round, with what says whether it can be compared."""

    indicator: int
    unit: int
    round: Round
    formula: str
    measured_in: str
    value: Decimal | None
    level: Decimal | None
    data: dict[str, Decimal | None]

    @property
    def past(self) -> PastRound:
        return PastRound(self.round.label, self.value, self.level, self.data)


def comparable(access: Placed, rows: Iterable[Earlier]) -> list[Earlier]:
    """Those before the round that were measured the same way: by the same formula, in the same unit.

    Where rounds have bands or a measure of their own (ITA), only the same round of other years is.
    """
    version, here = access.version, access.round
    own = has_own_rounds(version)
    return [
        row for row in rows
        if row.round.end < here.end and (row.formula, row.measured_in) == (version.formula, version.unit)
        and (not own or row.round.number == here.number)
    ]  # fmt: skip


def has_own_rounds(version: IndicatorVersion) -> bool:
    """As Template.has_own_rounds, of a template that is not at hand."""
    if not version.round_rules:
        return False
    return any(rule.get("measure") for rule in version.round_rules) or any(b.round_number for b in version.bands.all())


def _reported_before(accesses: Sequence[Placed]) -> QuerySet[Result]:
    """Results of the indicators and units of these rounds that were handed in, as far back as each looks."""
    reach: dict[int, list[Placed]] = {}
    for access in accesses:
        reach.setdefault(years_back(access.round), []).append(access)
    condition = Q()
    for years, group in reach.items():
        condition |= Q(
            round__indicator__in={access.round.indicator_id for access in group},
            round__fiscal_year__gte=min(access.round.fiscal_year for access in group) - years,
        )
    units = {access.measured_unit.pk for access in accesses}
    last: date = max(access.round.end for access in accesses)
    found = Result.objects.filter(condition, measured_unit__in=units, status__in=HANDED_IN, round__end__lt=last)
    return found.exclude(state=State.NOT_APPLICABLE)


def earlier_rows(results: QuerySet[Result]) -> Iterator[Earlier]:
    """The results with what was typed, in order of time; one query."""
    columns = [f"round__{name}" for name in ROUND_FIELDS]
    rows = results.order_by("round__start", "round__pk", "pk").values(
        "pk", "round__indicator", "measured_unit", "value", "level", "version__formula", "version__unit",
        "values__code", "values__value", *columns,
    )  # fmt: skip
    here, pk = None, None
    for row in rows:
        if row["pk"] != pk:
            if here is not None:
                yield here
            here, pk = _earlier(row), row["pk"]
        if row["values__code"] is not None and here is not None:
            here.data[row["values__code"]] = row["values__value"]
    if here is not None:
        yield here


def _earlier(row: dict[str, Any]) -> Earlier:
    round_ = Round(**{name: row[f"round__{name}"] for name in ROUND_FIELDS})
    return Earlier(
        row["round__indicator"], row["measured_unit"], round_, row["version__formula"], row["version__unit"],
        row["value"], row["level"], {},
    )  # fmt: skip


def has_measure(access: Placed) -> bool:
    """Whether a recovery measure of the indicator is open in the unit; one query."""
    return bool(_with_measures([access]))


def _with_measures(accesses: Sequence[Placed]) -> set[tuple[int, int]]:
    """Of these indicators and units those with a recovery measure that is not closed; one query."""
    if not accesses:
        return set()
    open_ones = RecoveryMeasure.objects.filter(
        status__in=UNCLOSED,
        result__round__indicator__in={access.round.indicator_id for access in accesses},
        result__measured_unit__in={access.measured_unit.pk for access in accesses},
    )
    return set(open_ones.order_by().values_list("result__round__indicator", "result__measured_unit").distinct())
