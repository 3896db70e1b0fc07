"""The history of a result for reading: who did what, when and why, and what it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import Result, ReviewEvent
from scoring.numbers import format_number


@dataclass(frozen=True)
class Change:
    """What an event changed: a name, and what stood and stands there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class EventLine:
    """One event: who, when, why, and what it changed."""

    event: ReviewEvent
    changes: tuple[Change, ...]


def events_of(result: Result) -> list[ReviewEvent]:
    """Every event of a result with who did it, first to last."""
    return list(result.events.select_related("actor").order_by("pk"))


def lines_of(events: Iterable[ReviewEvent]) -> list[EventLine]:
    """The events with what they changed, in the order given."""
    return [EventLine(event, tuple(_changes(event))) for event in events]


def _changes(event: ReviewEvent) -> Iterator[Change]:
    """What differs between the values before and after an event, in words."""
    before, after = _facts(event.before), _facts(event.after)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name, "") != after.get(name, ""):
            yield Change(name, before.get(name, ""), after.get(name, ""))


def _facts(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """A snapshot of workflow.snapshot as names and texts, numbers as people read them."""
    score, texts = snapshot.get("score", {}), snapshot.get("texts", {})
    facts = {code: format_number(Decimal(text)) for code, text in snapshot.get("values", {}).items()}
    facts[_("ผลงาน")] = _number(score.get("value"))
    facts[_("ระดับคะแนน")] = _number(score.get("level"))
    facts[_("หมายเหตุ")] = texts.get("note", "")
    facts[_("ปัญหาและอุปสรรค")] = texts.get("problems", "")
    facts[_("ข้อเสนอแนะ/โอกาสพัฒนา")] = texts.get("suggestions", "")
    return facts


def _number(text: str | None) -> str:
    return "" if text is None else format_number(Decimal(text))
