"""What a reviewer is shown of one result: beside what it is compared with, and its place among what waits.

Plain data for the templates: texts are finished for reading, nothing here writes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from indicators.actions import Note, is_assessed, may_assess
from indicators.adapters import template_of
from indicators.entry.panel import LOOKS, Panel, look_of, saved_panel
from indicators.entry.round_texts import round_bands, round_targets
from indicators.events import EventLine, events_of, lines_of
from indicators.evidence.page import EvidenceBox, Thread, evidence_of, thread_of
from indicators.figures import measured
from indicators.history import is_year_before
from indicators.models import DataValue, IndicatorVersion, ProjectLine, Result, ReviewEvent, Round, ScoreBand
from indicators.naming import title_of
from indicators.pasts import Background, pasts_among
from indicators.recovery.page import MeasureBox, measures_of
from indicators.result_parts import Parts, parts_of
from indicators.reviews import queries
from indicators.reviews.marks import late_days_of
from indicators.rules import RoundAccess
from indicators.subtotals import subtotal_texts
from indicators.wording import Numbers, said_in, step_states
from scoring.explain import State
from scoring.steps import Step
from scoring.template import Group, Item, Kind, Template
from strategy import clock
from strategy.periods import thai_date

Place = Any  # what names one result in an address


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
    """One data item through all columns, or a heading of a checklist with what it comes to."""

    code: str
    name: str
    unit: str
    cells: tuple[tuple[str, str], ...]  # title of the column, what stands there
    note: Note | None = None
    state: str = ""  # a step that does not count as one would expect
    is_heading: bool = False
    criterion: str = ""
    evidence: str = ""
    remark: str = ""

    @property
    def is_printed(self) -> bool:
        """The form prints what is asked for."""
        return bool(self.criterion or self.evidence or self.remark)


@dataclass(frozen=True)
class BandLine:
    """The band of a level as printed, with its correction; `is_reached` marks the level of the result."""

    band: ScoreBand
    is_reached: bool


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
        """As it holds in the round of the result."""
        return self._template.for_round(self.round.number)

    @cached_property
    def _template(self) -> Template:
        prefetch_related_objects([self.version], "items", "bands")
        return template_of(self.version)

    @cached_property
    def panel(self) -> Panel:
        """Value, level and why, with the warnings and what the unit has answered to them."""
        mended = any(measure.is_unclosed for measure in self.parts.measures)
        against = Background(pasts_among(self.access, self._values), mended)
        return saved_panel(self.result, self.template, self._numbers, self.round, against)

    @property
    def may_assess(self) -> bool:
        return may_assess(self.access)

    @property
    def is_assessed(self) -> bool:
        return is_assessed(self.result)

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def late_days(self) -> int:
        return late_days_of(self.result)

    @property
    def is_own(self) -> bool:
        """Submitted by the person who looks at it, who therefore may not approve it."""
        return self.result.submitted_by_id == self.access.reach.user.pk

    # Numbers

    @cached_property
    def _compared(self) -> list[Any]:
        return queries.results_to_compare(self.round, self.access.measured_unit.pk)

    @cached_property
    def _values(self) -> list[DataValue]:
        return queries.values_of(self._compared)

    @property
    def _numbers(self) -> dict[str, Decimal | None]:
        return self._numbers_of(self.result.pk)

    def _numbers_of(self, result: int) -> dict[str, Decimal | None]:
        return {row.code: row.value for row in self._values if row.result_id == result}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        others = [row for row in self._compared if row.pk != self.result.pk]
        before = next((r for r in others if _adjoins(r.round, self.round)), None)
        year_before = next((r for r in others if is_year_before(r.round, self.round)), None)
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
            value=measured(self._measured_by(result), result.value, result.second),
            level=result.level,
            passed=result.passed,
            state_badge=look_of(result),
            status=result.status,
        )

    def _measured_by(self, result: Result) -> Template | IndicatorVersion:
        """What says the unit of a value: the template as it holds in that round, where it is the same template."""
        same = result.version_id == self.version.pk
        return self._template.for_round(result.round.number) if same else result.version

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
            period=thai_date(clock.day_of(event.at)),
            numbers=numbers,
            value=measured(self.template, value, second),
            level=level,
            passed=score.get("passed"),
            state_badge=LOOKS.get(State(score.get("state") or State.COMPUTED), ""),
        )

    @cached_property
    def parts(self) -> Parts:
        return parts_of(self.result)

    @property
    def evidence(self) -> EvidenceBox:
        return evidence_of(self.access, self.parts)

    @property
    def thread(self) -> Thread:
        return thread_of(self.access, self.parts)

    @property
    def measures(self) -> MeasureBox:
        return measures_of(self.access, self.parts)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        if self.template.kind is Kind.MILESTONE:
            states = step_states(self.template, self._numbers)
            steps = ((f"S{step.number}", step) for step in self.template.steps)
            return tuple(self._line(code, step.text, step, state=states.get(code, "")) for code, step in steps)
        return tuple(self._items())

    def _items(self) -> Iterator[Line]:
        """The items, those of a checklist under their headings."""
        groups = {group.code: group for group in self.template.groups}
        subtotals = [subtotal_texts(self.template, column.numbers) for column in self.columns]
        here = ""
        for item in self.template.items:
            if item.group != here and item.group in groups:
                yield self._heading(groups[item.group], subtotals)
            here = item.group
            yield self._line(item.code, item.name, item, item.unit)

    def _heading(self, group: Group, subtotals: list[dict[str, str]]) -> Line:
        beside = zip(self.columns, subtotals, strict=True)
        cells = tuple((column.title, texts[group.code] if column.numbers else "") for column, texts in beside)
        return Line("", group.name, "", cells, is_heading=True)

    def _line(self, code: str, name: str, asked: Item | Step, unit: str = "", state: str = "") -> Line:
        cells = tuple((column.title, said_in(self.template, code, column.numbers)) for column in self.columns)
        printed = (asked.criterion, asked.evidence, asked.remark)
        return Line(code, name, unit, cells, self.parts.notes.get(code), state, False, *printed)

    # Around the numbers

    @cached_property
    def bands(self) -> tuple[BandLine, ...]:
        level, _template = self.result.level, self.template  # which has fetched the bands
        rows = round_bands(self.version, self.round)
        return tuple(BandLine(band, level is not None and int(level) == band.level) for band in rows)

    @property
    def targets(self) -> list[tuple[str, str]]:
        return round_targets(self.version, self.template, self.round)

    @property
    def projects(self) -> list[ProjectLine]:
        return self.parts.projects

    @cached_property
    def _events(self) -> list[ReviewEvent]:
        return events_of(self.result)

    @cached_property
    def history(self) -> list[EventLine]:
        """Newest first."""
        return lines_of(reversed(self._events), self.template)

    @property
    def last_return(self) -> ReviewEvent | None:
        """Why it is with its unit now; nothing where it is not."""
        if not self.access.is_open or self.result.status not in (Result.Status.RETURNED, Result.Status.REOPENED):
            return None
        reasons = [event for event in self._events if event.reason]
        return reasons[-1] if reasons else None


def _adjoins(candidate: Round, round_: Round) -> bool:
    return candidate.end == round_.start - timedelta(days=1)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# The queue


@dataclass(frozen=True)
class Queue:
    """The places of what waits, oldest first, and where the page stands in it: a round and a measured unit.

    `address` makes an address of a place; of thousands that wait three are asked for.
    """

    rounds: tuple[Place, ...]
    here: Place
    address: Callable[[Place], str] = str

    @property
    def position(self) -> int | None:
        """Counted from 1; None where this round does not wait."""
        return self.rounds.index(self.here) + 1 if self.here in self.rounds else None

    @property
    def total(self) -> int:
        return len(self.rounds)

    @property
    def previous(self) -> str | None:
        return self._at(self.position - 2) if self.position and self.position > 1 else None

    @property
    def following(self) -> str | None:
        """The next one; for a round that does not wait, the first that does."""
        return self._at(self.position or 0)

    @property
    def after_decision(self) -> str | None:
        """Where to go once this round is decided: the next, else the first that is left."""
        left = self.position != 1 or self.total > 1
        return self.following or (self._at(0) if left else None)

    def _at(self, place: int) -> str | None:
        return self.address(self.rounds[place]) if place < self.total else None
