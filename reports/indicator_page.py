"""A KPI's page as data: how it stands and why, its rounds, their chart, and what its templates print."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from indicators.adapters import COMPOSED_KINDS
from indicators.cells import assessed_of
from indicators.entry.panel import look_of
from indicators.figures import decimals_of, figure, unit_of
from indicators.models import Baseline, IndicatorVersion, Result
from indicators.models.templates import ACCUMULATION_LABELS, POLICY_LABELS
from indicators.rules import EDITABLE
from indicators.schedule.limits import is_of_the_office
from indicators.scorecards import CardState, RoundCell, Scorecard
from reports import queries
from reports.cards import assessed_text, state_of
from reports.facts import BandRow, Fact, YearColumn, band_rows, facts_of, year_columns
from reports.measures import (
    MarkRow,
    OwnRound,
    UnitTable,
    mark_rows,
    own_rounds,
    unit_table,
    units_so_far,
)
from reports.queries import IndicatorFacts
from reports.shares import Share, share_of
from reports.standing import standing_sentence
from scoring.charts import Point, Target, trend
from scoring.explanation import Input
from scoring.levels import Direction
from scoring.notation import NotationError
from scoring.numbers import format_number
from scoring.template import ItemKind, Kind, Template
from strategy import clock
from strategy.periods import thai_month


@dataclass(frozen=True)
class RoundRow:
    """One round of the year; its figures are there only for who may see them."""

    cell: RoundCell
    template: Template
    is_visible: bool
    is_enterable: bool  # begun, and of a unit in which the person may enter
    is_of_the_office: bool = False  # the person is one who may grant more time
    is_closed: bool = False  # its period is closed: nothing comes any more

    @property
    def label(self) -> str:
        return self.cell.round.label

    @property
    def state(self) -> str:
        """The word for the round: the result's status, or why there is none yet."""
        if self.cell.units and self.cell.is_approved:
            return "approved"
        if self.cell.result is not None:
            return self.cell.result.status
        if self.cell.is_cancelled:
            return "cancelled"
        if self.is_closed:
            return "closed"
        if self.cell.is_due:
            return "late"
        if self.cell.due > self.cell.round.due:
            return "extended"
        return "due" if self.cell.round.end < clock.today() else "not_yet_due"

    @property
    def is_settled(self) -> bool:
        """There is nothing to enter any more."""
        return self.cell.is_approved or self.is_closed or self.cell.is_cancelled

    @property
    def result(self) -> Result | None:
        return self.cell.result if self.is_visible else None

    @property
    def may_be_extended(self) -> bool:
        """Due, and still with its unit: the strategy unit may grant more time."""
        waits = self.cell.result is None or self.cell.result.status in EDITABLE
        is_open = self.cell.is_due and not self.is_closed
        return self.is_of_the_office and waits and is_open and not self.cell.units

    @property
    def late_days(self) -> int:
        """How late it was first submitted."""
        return (self.result.late_days or 0) if self.result else 0

    @property
    def value(self) -> str:
        if self.cell.units:
            return units_so_far(self.template, self.cell)
        return figure(self.template, self.result.value, self.result.second) if self.result else ""

    @property
    def unit(self) -> str:
        """Where rounds measure otherwise than each other; else it stands in the head of the table."""
        return unit_of(self.template) if self.template.has_own_rounds and self.value and not self.cell.units else ""

    @property
    def assessed(self) -> str:
        assessed = assessed_of(self.result)
        return assessed_text(assessed) if assessed else ""

    @property
    def why_no_level(self) -> str:
        """The badge of a result without a level: no cases, or not to be computed."""
        return look_of(self.result) if self.result else ""


@dataclass(frozen=True)
class InputRow:
    """What one data item came to over the year."""

    row: Input
    adds_up: str
    shown: str


@dataclass(frozen=True)
class Why:
    """Why a card has its level: the numbers, then the sentences."""

    card: Scorecard

    @property
    def code(self) -> str:
        return self.card.indicator.code

    @property
    def inputs(self) -> list[InputRow]:
        rows = self.card.score.explanation.inputs if self.card.score else ()
        return [self._input(row) for row in rows]

    def _input(self, row: Input) -> InputRow:
        item = self.card.template.item(row.code)
        adds_up = str(ACCUMULATION_LABELS[item.accumulation]) if item and item.kind is ItemKind.NUMBER else ""
        return InputRow(row, adds_up, row.shown)

    @property
    def marks(self) -> list[MarkRow]:
        """The items of a checklist under their groups, in place of the inputs."""
        return mark_rows(self.card.score)

    @property
    def sentences(self) -> tuple[str, ...]:
        """After the inputs, which stand in the table."""
        return self.card.score.explanation.reasons() if self.card.score else ()

    @property
    def all_sentences(self) -> tuple[str, ...]:
        return self.card.score.explanation.sentences() if self.card.score else ()

    @property
    def state(self) -> str:
        return state_of(self.card)

    @property
    def policy(self) -> str:
        """How bands became a level; empty where the level comes from steps or from parts."""
        if self.card.score is None or self.card.score.own_level:
            return ""
        return str(POLICY_LABELS[self.card.score.policy])

    @property
    def basis(self) -> str:
        """Which rounds and which revision of the template the level rests on."""
        approved = [cell.round.label for cell in self.card.counted]
        revision = {"year": self.card.version.fiscal_year, "revision": self.card.version.revision}
        template = _("Template ปีงบประมาณ %(year)d ฉบับที่ %(revision)d") % revision
        if not approved:
            return template
        span = approved[0] if len(approved) == 1 else f"{approved[0]} – {approved[-1]}"
        rounds = _("คิดจากงวดที่อนุมัติแล้ว %(number)d งวด (%(span)s)") % {"number": len(approved), "span": span}
        return " · ".join(part for part in (rounds, template, self._how(), self._gaps(), self._people()) if part)

    def _gaps(self) -> str:
        """Rounds before the latest approved one that are not in the figures."""
        latest = self.card.latest
        before = [cell for cell in self.card.in_scope if latest and cell.round.end < latest.round.end]
        missing = ", ".join(cell.round.label for cell in before if not cell.is_approved)
        return _("ยังขาดงวด %(rounds)s") % {"rounds": missing} if missing else ""

    def _people(self) -> str:
        """Who entered and who approved the latest round (DESIGN.md section 5: every score explains itself)."""
        result = self.card.latest.result if self.card.latest else None
        if result is None or result.entered_by is None:
            return ""
        people = {"author": result.entered_by, "approver": result.approved_by}
        return _("งวดล่าสุดบันทึกโดย %(author)s อนุมัติโดย %(approver)s") % people

    def _how(self) -> str:
        return _("วิธีให้คะแนน: %(policy)s") % {"policy": self.policy} if self.policy else ""

    @property
    def adds_up(self) -> bool:
        """Whether the inputs add up over rounds; steps, marks and a yes or no do not, nor children that pass."""
        return self.card.kind == Kind.FORMULA and not self.card.template.has_own_rounds

    @property
    def has_score(self) -> bool:
        return self.card.score is not None

    @property
    def is_composed(self) -> bool:
        return self.card.kind in COMPOSED_KINDS and self.card.kind != Kind.PASS_SHARE

    @property
    def share(self) -> Share | None:
        """The children of a KPI that is the share of them that pass."""
        return share_of(self.card)

    @property
    def units(self) -> UnitTable | None:
        """The units of a KPI that is measured in many."""
        return unit_table(self.card)

    @property
    def own_rounds(self) -> list[OwnRound]:
        return own_rounds(self.card)

    @property
    def parts(self) -> list["Why"]:
        """The parts, scored or only shown, of a KPI that is made of others."""
        return [Why(child) for child in self.card.children]


@dataclass(frozen=True)
class IndicatorPage:
    """All that the page shows of one KPI as of a month."""

    facts: IndicatorFacts

    @property
    def card(self) -> Scorecard | None:
        return self.facts.card

    @cached_property
    def why(self) -> Why | None:
        return Why(self.card) if self.card else None

    @property
    def state(self) -> str:
        return state_of(self.card) if self.card else ""

    @property
    def plan_month(self) -> str:
        """The way back to the plan's own dashboard in this month."""
        return f"?{urlencode({'plan': self.facts.indicator.plan.code, 'month': self.facts.as_of.key})}"

    @property
    def is_heading(self) -> bool:
        return self.card is not None and self.card.state == CardState.HEADING

    @property
    def is_reported(self) -> bool:
        return self.card is not None and self.card.state == CardState.REPORTED

    @property
    def sentence(self) -> str:
        """How the KPI stands, in one line."""
        if self.card is None:
            year = {"year": self.facts.as_of.fiscal_year}
            return _("ตัวชี้วัดนี้ไม่มี Template ของปีงบประมาณ %(year)d") % year
        return f"{self.facts.as_of.words} {standing_sentence(self.card)}"

    @cached_property
    def rounds(self) -> list[RoundRow]:
        return [self._round(self.card, cell) for cell in self.card.rounds] if self.card else []

    def _round(self, card: Scorecard, cell: RoundCell) -> RoundRow:
        access = self.facts.access
        visible = cell.result is not None and access.may_see_values(cell.result)
        template = card.template.for_round(cell.round.number)
        is_closed = self.closed_until is not None and cell.round.end <= self.closed_until
        return RoundRow(cell, template, visible, access.may_open_entry(cell.round), self.is_of_the_office, is_closed)

    @cached_property
    def closed_until(self) -> date | None:
        return queries.closed_until(self.facts.indicator.plan, self.facts.as_of.fiscal_year)

    @property
    def is_of_the_office(self) -> bool:
        """The person may cancel the KPI and grant more time."""
        return is_of_the_office(self.facts.access.reach, self.facts.indicator.plan)

    @property
    def rounds_unit(self) -> str:
        """What the values of all rounds are in; empty where rounds differ, or count units."""
        card = self.card
        return "" if card is None or card.is_across or card.template.has_own_rounds else unit_of(card.template)

    @property
    def is_demo(self) -> bool:
        seen = any(row.result.is_demo for row in self.rounds if row.result)
        return seen or any(result.is_demo for row in self.rounds for result in row.cell.approved_results)

    @property
    def chart(self) -> str:
        """The approved rounds as a picture; empty where none has a value."""
        return chart_of(self.card) if self.card else ""

    @cached_property
    def printed(self) -> list[Fact]:
        return facts_of(self.card.version, self.baselines) if self.card else []

    @cached_property
    def baselines(self) -> list[Baseline]:
        return queries.baselines(self.facts.indicator)

    @cached_property
    def years(self) -> list[YearColumn]:
        """Bands, criteria and targets of every year of the plan."""
        return year_columns(self.facts.years, self.facts.as_of.fiscal_year)

    @property
    def band_rows(self) -> list[BandRow]:
        return band_rows(self.years)

    @property
    def version(self) -> IndicatorVersion | None:
        return self.card.version if self.card else None


def chart_of(card: Scorecard) -> str:
    """The year's approved rounds against the edge for passing, as SVG.

    Nothing where there is no line to draw: of a yes or no, of units, of rounds that measure differently.
    """
    if card.kind == Kind.QUALITATIVE or card.is_across or card.template.has_own_rounds:
        return ""
    points = [_point(cell) for cell in card.rounds]
    facts = {"code": card.indicator.code, "year": card.version.fiscal_year, "unit": unit_of(card.template)}
    nothing = _("ไม่มีค่า")
    told = "; ".join(f"{p.label} {format_number(p.value) or nothing}" for p in points)
    return trend(
        points,
        name=f"chart-{card.indicator.pk}",
        title=_("ผลงานรายงวดของตัวชี้วัด %(code)s ปีงบประมาณ %(year)d (%(unit)s)") % facts,
        desc=told,
        target=_target(card.template),
        decimals=decimals_of(card.template),
    )


def _point(cell: RoundCell) -> Point:
    label = thai_month(cell.round.end, short=True).split()[0]
    if not cell.has_numbers or cell.result is None:
        return Point(label, None)
    return Point(label, cell.result.value, cell.result.passed)


def _target(template: Template) -> Target | None:
    """The edge of the pass criterion; none where it has none on the side that decides."""
    value = _pass_edge(template)
    printed = template.pass_criterion.used if template.pass_criterion else ""
    return Target(value, _("เกณฑ์ผ่าน %(criterion)s") % {"criterion": printed}) if value is not None else None


def _pass_edge(template: Template) -> Decimal | None:
    try:
        criterion = template.criterion
    except NotationError:
        return None
    if criterion is None:
        return None
    bound = criterion.lower if template.direction == Direction.HIGHER else criterion.upper
    return bound.value if bound else None
