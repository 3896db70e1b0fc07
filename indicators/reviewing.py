"""What a reviewer is shown: the rows of the review list, and one result beside what it is compared with.

Plain data for the templates: texts are finished for reading, nothing here writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import review_queries as queries
from indicators.adapters import template_of
from indicators.models import DataValue, IndicatorVersion, Result, ReviewEvent, Round, ScoreBand
from indicators.naming import title_of
from indicators.panel import LOOKS, Panel, panel_of
from indicators.rules import RoundAccess
from scoring.explain import State
from scoring.numbers import format_number
from scoring.template import Kind, Template
from strategy import clock
from strategy.models import OrgUnit

Numbers = Mapping[str, Decimal | None]


def value_text(value: Decimal | None, second: Decimal | None, version: IndicatorVersion) -> str:
    """The measured value with the version's decimals and unit, a pair as "76.40 : 23.60"; nothing for None."""
    numbers = [format_number(x, version.decimals) for x in (value, second) if x is not None]
    return f"{' : '.join(numbers)} {version.unit}".strip() if numbers else ""


def was_late(result: Result) -> bool:
    """Submitted after the due day; the due day itself is in time."""
    return result.submitted_at is not None and timezone.localtime(result.submitted_at).date() > result.round.due


@dataclass(frozen=True)
class ResultRow:
    """One result in the review list."""

    result: Result

    @property
    def round(self) -> Round:
        return self.result.round

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def units(self) -> list[OrgUnit]:
        return [row.responsible_unit for row in self.round.indicator.responsibilities.all()]

    @property
    def value(self) -> str:
        return value_text(self.result.value, self.result.second, self.result.version)

    @property
    def state_badge(self) -> str:
        return LOOKS.get(State(self.result.state), "")

    @property
    def is_late(self) -> bool:
        return was_late(self.result)

    @property
    def warnings(self) -> int:
        """Warnings that the unit has acknowledged: nothing is submitted with an open one."""
        return len(set(self.result.acknowledged))


@dataclass(frozen=True)
class MissingRow:
    """One round past its due day of which nothing has come in."""

    round: Round

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def units(self) -> list[OrgUnit]:
        return [row.responsible_unit for row in self.round.indicator.responsibilities.all()]

    @property
    def days_late(self) -> int:
        return (clock.today() - self.round.due).days

    @property
    def has_draft(self) -> bool:
        return self.round.has_draft  # type: ignore[attr-defined]  # annotated by with_overdue_rows


# One result, side by side


@dataclass(frozen=True)
class Column:
    """One result beside another: this one, the period before, the year before, what was approved once."""

    title: str
    period: str
    numbers: Numbers
    value: str = ""
    level: Decimal | None = None
    passed: bool | None = None
    state_badge: str = ""
    status: str = ""
    is_there: bool = True


@dataclass(frozen=True)
class Line:
    """One data item through all columns."""

    code: str
    name: str
    unit: str
    cells: tuple[tuple[str, str], ...]  # title of the column, what stands there


@dataclass(frozen=True)
class BandLine:
    """The band of a level as printed, with its correction; `is_reached` marks the level of the result."""

    band: ScoreBand
    is_reached: bool


@dataclass(frozen=True)
class Change:
    """What an event changed: a name, and what stood and stands there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryLine:
    """One event: who, when, why, and what it changed."""

    event: ReviewEvent
    changes: tuple[Change, ...]


class ReviewSheet:
    """Everything that the reviewer sees of one result. Six queries, whatever its size."""

    def __init__(self, access: RoundAccess) -> None:
        if access.result is None:
            raise ValueError("A review sheet needs a result.")
        self.access = access
        self.round = access.round
        self.result: Result = access.result
        self.version = access.version

    @cached_property
    def template(self) -> Template:
        prefetch_related_objects([self.version], "items", "bands")
        return template_of(self.version)

    @cached_property
    def panel(self) -> Panel:
        """Value, level and why, with the warnings and whether the unit has acknowledged them."""
        return panel_of(self.template, self._numbers_of(self.result.pk), self.result.acknowledged)

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def is_late(self) -> bool:
        return was_late(self.result)

    @property
    def is_own(self) -> bool:
        """Submitted by the person who looks at it, who therefore may not approve it."""
        return self.result.submitted_by_id == self.access.reach.user.pk

    # Numbers

    @cached_property
    def _values(self) -> list[DataValue]:
        return queries.values_to_compare(self.round, self.access.measured_unit.pk)

    def _numbers_of(self, result: int) -> dict[str, Decimal | None]:
        return {row.code: row.value for row in self._values if row.result_id == result}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        others = [row.result for row in self._values if row.result_id != self.result.pk]
        before = next((r for r in others if _adjoins(r.round, self.round)), None)
        year_before = next((r for r in others if _is_year_before(r.round, self.round)), None)
        found = [
            self._column(_("งวดนี้"), self.result),
            self._column(_("งวดก่อน"), before),
            self._column(_("งวดเดียวกันปีก่อน"), year_before),
        ]
        return tuple(found + ([self._approved_before] if self._approved_before else []))

    def _column(self, title: str, result: Result | None) -> Column:
        if result is None:
            return Column(title, "", {}, is_there=False)
        return Column(
            title=title,
            period=result.round.label,
            numbers=self._numbers_of(result.pk),
            value=value_text(result.value, result.second, result.version),
            level=result.level,
            passed=result.passed,
            state_badge=LOOKS.get(State(result.state), ""),
            status=result.status,
        )

    @cached_property
    def _approved_before(self) -> Column | None:
        """What this round had when it was approved last, where it was reopened since."""
        if self.result.status == Result.Status.APPROVED:
            return None
        approvals = [event for event in self._events if event.action == ReviewEvent.Action.APPROVE]
        return self._snapshot_column(approvals[-1]) if approvals else None

    def _snapshot_column(self, event: ReviewEvent) -> Column:
        score = event.after.get("score", {})
        numbers = {code: Decimal(text) for code, text in event.after.get("values", {}).items()}
        value, second, level = (_decimal(score.get(name)) for name in ("value", "second", "level"))
        return Column(
            title=_("อนุมัติไว้ครั้งก่อน"),
            period=self.round.label,
            numbers=numbers,
            value=value_text(value, second, self.version),
            level=level,
            passed=score.get("passed"),
            state_badge=LOOKS.get(State(score.get("state") or State.COMPUTED), ""),
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        rows = [(item.code, item.name, item.unit) for item in self.template.items]
        rows += [(f"S{step.number}", step.text, "") for step in self.template.steps]
        return tuple(Line(code, name, unit, self._cells(code)) for code, name, unit in rows)

    def _cells(self, code: str) -> tuple[tuple[str, str], ...]:
        return tuple((column.title, self._cell(column.numbers.get(code))) for column in self.columns)

    def _cell(self, number: Decimal | None) -> str:
        if number is not None and self.template.kind == Kind.MILESTONE:
            return _("ทำแล้ว") if number else _("ยังไม่ทำ")
        return format_number(number)

    # Around the numbers

    @cached_property
    def bands(self) -> tuple[BandLine, ...]:
        level, _template = self.result.level, self.template  # which has fetched the bands
        rows = sorted(self.version.bands.all(), key=lambda band: -band.level)
        return tuple(BandLine(band, level is not None and int(level) == band.level) for band in rows)

    @cached_property
    def projects(self) -> list:
        return list(self.result.projects.all())

    @cached_property
    def _events(self) -> list[ReviewEvent]:
        return queries.history_of(self.result)

    @cached_property
    def history(self) -> tuple[HistoryLine, ...]:
        """Newest first."""
        return tuple(HistoryLine(event, tuple(_changes(event))) for event in reversed(self._events))

    @property
    def last_return(self) -> ReviewEvent | None:
        """Why it is with its unit now; nothing where it is not."""
        if self.result.status not in (Result.Status.RETURNED, Result.Status.REOPENED):
            return None
        reasons = [event for event in self._events if event.reason]
        return reasons[-1] if reasons else None


def _adjoins(candidate: Round, round_: Round) -> bool:
    return candidate.end == round_.start - timedelta(days=1)


def _is_year_before(candidate: Round, round_: Round) -> bool:
    return candidate.fiscal_year == round_.fiscal_year - 1 and candidate.number == round_.number


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _changes(event: ReviewEvent) -> Iterable[Change]:
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


# The queue


@dataclass(frozen=True)
class Queue:
    """The rounds of what waits, oldest first, and where the page stands in it."""

    rounds: tuple[int, ...]
    here: int

    @property
    def position(self) -> int | None:
        """Counted from 1; None where this round does not wait."""
        return self.rounds.index(self.here) + 1 if self.here in self.rounds else None

    @property
    def total(self) -> int:
        return len(self.rounds)

    @property
    def previous(self) -> int | None:
        return self.rounds[self.position - 2] if self.position and self.position > 1 else None

    @property
    def following(self) -> int | None:
        """The next one; for a round that does not wait, the first that does."""
        if self.position is None:
            return self.rounds[0] if self.rounds else None
        return self.rounds[self.position] if self.position < self.total else None

    @property
    def after_decision(self) -> int | None:
        """Where to go once this round is decided: the next, else the first that is left."""
        left = [pk for pk in self.rounds if pk != self.here]
        return self.following if self.following is not None else (left[0] if left else None)
