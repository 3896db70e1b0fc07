"""The history of a result for reading: who did what, when and why, and what it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import Result, ReviewEvent
from indicators.wording import said
from scoring.numbers import format_number
from scoring.template import NOT_APPLICABLE, Template

MANY_CHANGES = 8


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

    @property
    def is_long(self) -> bool:
        """So many changes that the page folds them."""
        return len(self.changes) > MANY_CHANGES


def events_of(result: Result) -> list[ReviewEvent]:
    """Every event of a result with who did it, first to last."""
    return list(result.events.select_related("actor").order_by("pk"))


def lines_of(events: Iterable[ReviewEvent], template: Template) -> list[EventLine]:
    """The events with what they changed, in the order given; values in the words of the template."""
    return [EventLine(event, tuple(_changes(event, template))) for event in events]


def _changes(event: ReviewEvent, template: Template) -> Iterator[Change]:
    """What differs between the values before and after an event, in words."""
    before, after = _facts(event.before, template), _facts(event.after, template)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name, "") != after.get(name, ""):
            yield Change(name, before.get(name, ""), after.get(name, ""))


def _facts(snapshot: Mapping[str, Any], template: Template) -> dict[str, str]:
    """A snapshot of workflow.snapshot as names and texts, numbers as people read them."""
    score, texts, assessed = (snapshot.get(part, {}) for part in ("score", "texts", "assessed"))
    facts = {_name(code): said(template, code, Decimal(text)) for code, text in snapshot.get("values", {}).items()}
    facts[_("ผลงาน")] = _number(score.get("value"))
    facts[_("ระดับคะแนน")] = _number(score.get("level"))
    facts[_("ระดับที่ผู้ประเมินให้")] = _number(assessed.get("level"))
    facts[_("ผู้ประเมินเห็นว่า")] = _verdict(assessed.get("passed"))
    for code, note in snapshot.get("notes", {}).items():
        facts[_("%(code)s หลักฐานอ้างอิง") % {"code": code}] = note.get("evidence", "")
        facts[_("%(code)s หมายเหตุ") % {"code": code}] = note.get("remark", "")
    facts[_("หมายเหตุ")] = texts.get("note", "")
    facts[_("ปัญหาและอุปสรรค")] = texts.get("problems", "")
    facts[_("ข้อเสนอแนะ/โอกาสพัฒนา")] = texts.get("suggestions", "")
    return facts


def _in_order(template: Template, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """As the template lists them; what it does not know comes last."""
    codes = [code for item in template.items for code in (item.code, item.not_applicable)]
    places = {code: place for place, code in enumerate(codes)}
    return sorted(values.items(), key=lambda row: (places.get(row[0], len(places)), row[0]))


def _name(code: str) -> str:
    """The item of a value; the mark that leaves an item out is named after the item."""
    item = code.removesuffix(NOT_APPLICABLE)
    return item if item == code else _("%(code)s (ไม่เกี่ยวข้อง)") % {"code": item}


def _verdict(passed: bool | None) -> str:
    return "" if passed is None else (_("ผ่าน") if passed else _("ไม่ผ่าน"))


def _number(text: str | None) -> str:
    return "" if text is None else format_number(Decimal(text))
