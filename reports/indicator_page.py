"""A KPI's page as data: how it stands and why, its rounds, their chart, and what its templates print."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from indicators.adapters import COMPOSED_KINDS
from indicators.figures import WHOLE_KINDS, decimals_of, figure, unit_of, with_unit
from indicators.models import Baseline, IndicatorVersion, Result
from indicators.models.templates import ACCUMULATION_LABELS, POLICY_LABELS
from indicators.panel import look_of
from indicators.scorecards import CardState, RoundCell, Scorecard
from reports import queries
from reports.cards import in_one_line, state_of, year_figure
from reports.facts import BandRow, Fact, YearColumn, band_rows, facts_of, year_columns
from reports.queries import IndicatorFacts
from scoring.charts import Point, Target, trend
from scoring.explanation import Input
from scoring.levels import Direction
from scoring.notation import NotationError
from scoring.numbers import format_number
from scoring.template import Kind, Template
from strategy import clock
from strategy.periods import thai_date, thai_month


@dataclass(frozen=True)
class RoundRow:
    """One round of the year; its figures are there only for who may see them."""

    cell: RoundCell
    template: Template
    is_visible: bool
    is_enterable: bool  # begun, and of a unit in which the person may enter

    @property
    def label(self) -> str:
        return self.cell.round.label

    @property
    def state(self) -> str:
        """The word for the round: the result's status, or why there is none yet."""
        if self.cell.result is not None:
            return self.cell.result.status
        if self.cell.is_due:
            return "late"
        return "due" if self.cell.round.end < clock.today() else "not_yet_due"

    @property
    def result(self) -> Result | None:
        return self.cell.result if self.is_visible else None

    @property
    def value(self) -> str:
        return figure(self.template, self.result.value, self.result.second) if self.result else ""

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
        adds_up = str(ACCUMULATION_LABELS[item.accumulation]) if item else ""
        if self.card.kind != Kind.MILESTONE:
            return InputRow(row, adds_up, format_number(row.value))
        return InputRow(row, "", {None: "", True: _("ทำแล้ว"), False: _("ยังไม่ทำ")}[row.value and row.value > 0])

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
        approved = [cell.round.label for cell in self.card.in_scope if cell.is_approved]
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
        """Whether the inputs add up over rounds; the steps of a milestone do not."""
        return self.card.kind != Kind.MILESTONE

    @property
    def has_score(self) -> bool:
        return self.card.score is not None

    @property
    def is_composed(self) -> bool:
        return self.card.kind in COMPOSED_KINDS

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
        return f"{_('ณ สิ้นเดือน%(month)s') % {'month': self.facts.as_of.label}} {standing_sentence(self.card)}"

    @cached_property
    def rounds(self) -> list[RoundRow]:
        return [self._round(self.card, cell) for cell in self.card.rounds] if self.card else []

    def _round(self, card: Scorecard, cell: RoundCell) -> RoundRow:
        access = self.facts.access
        visible = cell.result is not None and access.may_see_values(cell.result)
        return RoundRow(cell, card.template, visible, access.may_open_entry(cell.round))

    @property
    def is_demo(self) -> bool:
        return any(row.result.is_demo for row in self.rounds if row.result)

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


def standing_sentence(card: Scorecard) -> str:
    """What the card's state means for this KPI, with its figures."""
    sentences = {
        CardState.HEADING: _heading_sentence,
        CardState.REPORTED: _reported_sentence,
        CardState.NOT_REPORTED: _missing_sentence,
        CardState.NOT_DUE: _not_due_sentence,
        CardState.NO_CASES: lambda _card: _("ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0) จึงไม่นำมาคิดในผลรวม"),
        CardState.CANNOT_COMPUTE: _uncomputable_sentence,
    }
    return sentences[card.state](card)


def _heading_sentence(card: Scorecard) -> str:
    return _("เป็นหัวข้อของตัวชี้วัดย่อย %(number)d ตัว ไม่มีคะแนนของตัวเอง") % {"number": len(card.children)}


def _reported_sentence(card: Scorecard) -> str:
    value = with_unit(year_figure(card), unit_of(card.template))
    # Where the value is itself a level it is not said twice.
    parts = [] if card.kind in WHOLE_KINDS else [_("ผลงานสะสม %(value)s") % {"value": value}]
    if card.level is None:
        parts.append(_("ไม่มีเกณฑ์ให้ระดับคะแนน"))
    else:
        parts.append(_("ได้ระดับ %(level)s") % {"level": format_number(card.level)})
    if card.passed is not None:
        parts.append(_("ผ่านเกณฑ์") if card.passed else _("ไม่ผ่านเกณฑ์"))
    return in_one_line(parts)


def _missing_sentence(card: Scorecard) -> str:
    if card.kind in COMPOSED_KINDS:
        codes = [child.indicator.code for child in card.scored_children if child.state == CardState.NOT_REPORTED]
        return _("ส่วนย่อย %(codes)s ยังไม่รายงาน ผลรวมทางการจึงนับเป็นระดับ 0") % {"codes": ", ".join(codes)}
    round_ = card.due_cells[-1].round
    facts = {"round": round_.label, "due": thai_date(round_.due)}
    return _("ยังไม่มีผลงานที่อนุมัติของงวด%(round)s ซึ่งครบกำหนด %(due)s ผลรวมทางการจึงนับเป็นระดับ 0") % facts


def _not_due_sentence(card: Scorecard) -> str:
    if not card.rounds:
        return _("ยังไม่ถึงกำหนดรายงาน จึงยังไม่นับในผลรวม")
    round_ = card.rounds[0].round
    facts = {"round": round_.label, "due": thai_date(round_.due)}
    return _("ยังไม่ถึงกำหนดรายงาน (งวดแรก %(round)s ครบกำหนด %(due)s) จึงยังไม่นับในผลรวม") % facts


def _uncomputable_sentence(card: Scorecard) -> str:
    message = card.score.message if card.score else ""
    return _("คำนวณไม่ได้: %(message)s ผลรวมทางการจึงนับเป็นระดับ 0") % {"message": message}


def chart_of(card: Scorecard) -> str:
    """The year's approved rounds against the edge for passing, as SVG."""
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
    if not cell.is_approved or cell.result is None:
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
