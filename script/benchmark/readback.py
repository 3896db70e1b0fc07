"""Reading everything back after the load: no save lost or doubled, no transition by halves."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from django.db import connection

from indicators.models import Result, ReviewEvent

Place = tuple[int, str]  # a round and an item


@dataclass
class Ledger:
    """What one head was told: the last acknowledged number of each cell, and what was sent after it unanswered."""

    acknowledged: dict[Place, Decimal] = field(default_factory=dict)
    in_flight: dict[Place, Decimal] = field(default_factory=dict)
    submitted: set[int] = field(default_factory=set)  # rounds of which the submission was acknowledged

    def promised(self, place: Place, number: Decimal) -> None:
        self.acknowledged[place] = number
        self.in_flight.pop(place, None)


def faults(ledgers: list[Ledger]) -> list[str]:
    """Everything that is not as it was acknowledged or contradicts itself; empty where all is well."""
    made = Result.objects.filter(round__indicator__plan__code="EVENING")
    results = list(made.prefetch_related("values", "events").order_by("pk"))
    stored = {(result.round_id, row.code): row.value for result in results for row in result.values.all()}
    status = {result.round_id: result.status for result in results}
    return [
        *(fault for ledger in ledgers for fault in _broken_promises(ledger, stored, status)),
        *(fault for result in results for fault in _contradictions(result)),
        *_doubled(results),
        *_damage(),
    ]


def _broken_promises(ledger: Ledger, stored: Mapping[Place, Decimal], status: Mapping[int, str]) -> Iterator[str]:
    for place, number in ledger.acknowledged.items():
        allowed = {number, ledger.in_flight.get(place, number)}
        if stored.get(place) not in allowed:
            yield f"round {place[0]} {place[1]}: {number} was acknowledged, {stored.get(place)} is stored"
    for place, number in stored.items():
        if place in ledger.in_flight and place not in ledger.acknowledged and number != ledger.in_flight[place]:
            yield f"round {place[0]} {place[1]}: {number} is stored, {ledger.in_flight[place]} was sent"
    for round_ in ledger.submitted:
        if status.get(round_) not in (Result.Status.SUBMITTED, Result.Status.APPROVED):
            yield f"round {round_}: the submission was acknowledged, the status is {status.get(round_)}"


def _contradictions(result: Result) -> Iterator[str]:
    """A result and its events tell one story."""
    events = sorted(result.events.all(), key=lambda event: event.pk)
    name = f"result {result.pk}"
    if not events:
        yield f"{name}: no event"
        return
    if result.lock != len(events):
        yield f"{name}: saved {result.lock} times, {len(events)} events"
    if events[-1].to_status != result.status:
        yield f"{name}: is {result.status}, its last event says {events[-1].to_status}"
    for before, after in pairwise(events):
        if before.to_status != after.from_status:
            yield f"{name}: {before.to_status} became {after.from_status} without an event"
    kept = {code: Decimal(text) for code, text in events[-1].after["values"].items()}
    if kept != {row.code: row.value for row in result.values.all()}:
        yield f"{name}: the values are not those of its last event"
    approved = Counter(event.action for event in events)[ReviewEvent.Action.APPROVE]
    if (result.status == Result.Status.APPROVED) != (result.approved_at is not None) or approved > 1:
        yield f"{name}: approved {approved} times, status {result.status}"


def _doubled(results: list[Result]) -> Iterator[str]:
    for place, count in Counter((result.round_id, result.measured_unit_id) for result in results).items():
        if count > 1:
            yield f"round {place[0]}: {count} results of one unit"


def _damage() -> Iterator[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = cursor.fetchone()[0]
        if found != "ok":
            yield f"the database file: {found}"
