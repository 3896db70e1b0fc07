"""The history of a result for reading: who did what, when and why, and what it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import Result, ReviewEvent
from indicators.wording import said
from scoring.numbers import format_number
from scoring.template import NOT_APPLICABLE, Template

MANY_CHANGES = 8
MARK = 12  # digits of a file's fingerprint that are shown
SITTING = timedelta(minutes=30)  # drafts save themselves: what one person saved within this time is one line


@dataclass(frozen=True)
class Change:
    """What an event changed: a name, and what stood and stands there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class EventLine:
    """One event: who, when, why, and what it changed. `saves` that belong together are one line, told by the last."""

    event: ReviewEvent
    changes: tuple[Change, ...]
    saves: int = 1

    @property
    def is_long(self) -> bool:
        """So many changes that the page folds them."""
        return len(self.changes) > MANY_CHANGES


def events_of(result: Result) -> list[ReviewEvent]:
    """Every event of a result with who did it, first to last."""
    return list(result.events.select_related("actor").order_by("pk"))


def lines_of(events: Iterable[ReviewEvent], template: Template) -> list[EventLine]:
    """The events with what they changed, in the order given; values in the words of the template."""
    return [_line(sitting, template) for sitting in _sittings(events)]


def _line(sitting: list[ReviewEvent], template: Template) -> EventLine:
    first, last = min(sitting, key=_order), max(sitting, key=_order)
    return EventLine(last, tuple(_changes(first.before, last.after, template)), len(sitting))


def _order(event: ReviewEvent) -> int:
    return event.pk


def _sittings(events: Iterable[ReviewEvent]) -> Iterator[list[ReviewEvent]]:
    """Each event alone, but saves of one person that follow each other within SITTING together."""
    together: list[ReviewEvent] = []
    for event in events:
        if together and _belongs(event, together[0]):
            together.append(event)
            continue
        if together:
            yield together
        together = [event]
    if together:
        yield together


def _belongs(event: ReviewEvent, first: ReviewEvent) -> bool:
    """Whether a save is of the same sitting as the one that its line begins with."""
    saves = event.action == first.action == ReviewEvent.Action.SAVE
    same = saves and event.actor_id == first.actor_id and event.from_status == first.from_status
    return same and abs(event.at - first.at) <= SITTING


def _changes(earlier: Mapping[str, Any], later: Mapping[str, Any], template: Template) -> Iterator[Change]:
    """What differs between two snapshots, in words."""
    before, after = _facts(earlier, template), _facts(later, template)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name, "") != after.get(name, ""):
            yield Change(name, before.get(name, ""), after.get(name, ""))


def _facts(snapshot: Mapping[str, Any], template: Template) -> dict[str, str]:
    """A snapshot of workflow.snapshot as names and texts, numbers as people read them."""
    score, texts, assessed = (snapshot.get(part, {}) for part in ("score", "texts", "assessed"))
    facts = {_name(code): said(template, code, Decimal(text)) for code, text in snapshot.get("values", {}).items()}
    facts[_("ไม่เกี่ยวข้องในงวดนี้")] = snapshot.get("not_applicable", "")
    facts[_("ผลงาน")] = _number(score.get("value"))
    facts[_("ระดับคะแนน")] = _number(score.get("level"))
    facts[_("ระดับที่ผู้ประเมินให้")] = _number(assessed.get("level"))
    facts[_("ผู้ประเมินเห็นว่า")] = _verdict(assessed.get("passed"))
    for code, note in snapshot.get("notes", {}).items():
        facts[_("%(code)s หลักฐานอ้างอิง") % {"code": code}] = note.get("evidence", "")
        facts[_("%(code)s หมายเหตุ") % {"code": code}] = note.get("remark", "")
    facts |= _evidence_facts(snapshot.get("evidence", []))
    facts |= _project_facts(snapshot.get("projects", []))
    facts[_("หมายเหตุ")] = texts.get("note", "")
    facts[_("ปัญหาและอุปสรรค")] = texts.get("problems", "")
    facts[_("ข้อเสนอแนะ/โอกาสพัฒนา")] = texts.get("suggestions", "")
    facts[_("คำอธิบายคำเตือน")] = " · ".join(snapshot.get("answers", {}).values())
    return facts


def _project_facts(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The projects by their place, each with its budget."""
    return {f"{_('โครงการ/กิจกรรม')} {place}": _project(row) for place, row in enumerate(rows, start=1)}


def _project(row: Mapping[str, Any]) -> str:
    amounts = ((_("งบฯที่ได้รับจัดสรรทั้งสิ้น"), row["allocated"]), (_("งบฯที่ใช้ในดำเนินการจริง"), row["spent"]))
    budget = [f"{name} {format_number(Decimal(amount), 2)}" for name, amount in amounts if amount is not None]
    source = [f"{_('แหล่งงบ')} {row['source']}"] if row["source"] else []
    return ", ".join([row["name"], *budget, *source])


def _evidence_facts(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """A file or link that was added or taken away, with what it shows; two of the same name are told apart."""
    facts: dict[str, str] = {}
    for row in rows:
        mark = row.get("sha256", "")[:MARK]
        name = _("หลักฐาน %(name)s") % {"name": row.get("link") or row["name"]}
        name = f"{name} [{mark}]" if name in facts else name
        facts[name] = f"{row['description']} (SHA-256 {mark}…)" if mark else row["description"]
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
