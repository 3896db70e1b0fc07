"""The plan's page as data: the sentence on top, the five figures, the totals and the rows of KPIs."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.scorecards import CardState, IssueCard, PlanCard, Scorecard
from reports.cards import (
    CardRow,
    in_one_line,
    is_failed,
    is_missing,
    latest_figure,
    notes_of,
    weighted,
)
from reports.months import AsOf
from reports.shares import Share, share_of
from scoring.numbers import format_number
from scoring.rollup import LEVEL_DECIMALS, Totals
from strategy.models import Plan, StrategicIssue
from strategy.periods import thai_month

FILTERS = {"": gettext_lazy("ทั้งหมด"), "failed": gettext_lazy("ไม่ผ่าน"), "missing": gettext_lazy("ยังไม่รายงาน")}


@dataclass(frozen=True)
class Figure:
    """One of the five figures: its name, what it comes to, and in one line what it means."""

    name: str
    value: str  # empty: there is none
    beside: str
    meaning: str
    is_main: bool = False


@dataclass(frozen=True)
class TotalsRow:
    """The totals of a theme or an issue. Where nothing is due there is a sentence in place of three figures."""

    label: str
    totals: Totals
    anchor: str = ""  # of the issue's KPIs
    is_theme: bool = False

    @property
    def sentence(self) -> str:
        return nothing_due(self.totals)

    @property
    def official(self) -> str:
        return _level(self.totals.official)

    @property
    def percent(self) -> str:
        return format_number(Totals.percent_of(self.totals.official), 2)

    @property
    def reported(self) -> str:
        return _level(self.totals.reported)

    @property
    def coverage(self) -> str:
        return format_number(self.totals.coverage_percent, 2)

    @property
    def best(self) -> str:
        return _level(self.totals.best)

    @property
    def worst(self) -> str:
        return _level(self.totals.worst)

    @property
    def weight(self) -> str:
        return format_number(self.totals.weight_all)


@dataclass(frozen=True)
class KpiRow(CardRow):
    """One line of the table of KPIs."""

    depth: int
    share: Share | None = None  # its children, folded under it

    @property
    def is_heading(self) -> bool:
        return self.card.state == CardState.HEADING

    @property
    def is_reported(self) -> bool:
        return self.card.state == CardState.REPORTED

    @property
    def notes(self) -> list[str]:
        return notes_of(self.card)

    @property
    def weight(self) -> str:
        return format_number(self.card.weight)

    @property
    def latest(self) -> str:
        return latest_figure(self.card)

    @property
    def latest_label(self) -> str:
        """The month in which the latest approved round ended."""
        return thai_month(self.card.latest.round.end, short=True) if self.card.latest and self.latest else ""


@dataclass(frozen=True)
class Group:
    """An issue with its rows."""

    issue: StrategicIssue
    rows: tuple[KpiRow, ...]


@dataclass(frozen=True)
class Filter:
    """One choice of which KPIs are shown, with how many there are."""

    key: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Dashboard:
    """All that the page shows."""

    plan_card: PlanCard
    as_of: AsOf
    show: str = ""
    plans: tuple[Plan, ...] = ()  # of the person's hospital, this one among them

    @property
    def has_other_plans(self) -> bool:
        return len(self.plans) > 1

    @cached_property
    def _counted(self) -> list[Scorecard]:
        return weighted(self.plan_card.walk())

    @cached_property
    def counts(self) -> dict[str, int]:
        """Weighted KPIs by filter: all, failed, missing."""
        failed = sum(map(is_failed, self._counted))
        return {"": len(self._counted), "failed": failed, "missing": sum(map(is_missing, self._counted))}

    @property
    def has_kpis(self) -> bool:
        return bool(self.plan_card.issues)

    @property
    def is_demo(self) -> bool:
        """Whether any result behind the figures is made up for the demo."""
        cells = (cell for card in self.plan_card.walk() for cell in card.in_scope)
        return any(result.is_demo for cell in cells for result in cell.approved_results)

    @property
    def sentence(self) -> str:
        """How things stand, in one line."""
        return _sentence(self.plan_card, self.as_of, self.counts, sum(map(_is_uncomputable, self._counted)))

    @property
    def figures(self) -> list[Figure]:
        return figures(self.plan_card.totals, self.plan_card.grade)

    @property
    def nothing_due(self) -> str:
        return nothing_due(self.plan_card.totals)

    @property
    def totals(self) -> list[TotalsRow]:
        return list(_totals_rows(self.plan_card))

    @property
    def filters(self) -> list[Filter]:
        return [Filter(key, str(label), self.counts[key], key == self.show) for key, label in FILTERS.items()]

    @property
    def groups(self) -> list[Group]:
        """The issues with the rows that the filter lets through; an issue without any is left out."""
        groups = (Group(i.issue, tuple(self._rows(i))) for i in self.plan_card.issues)
        return [group for group in groups if group.rows]

    def _rows(self, issue: IssueCard) -> Iterator[KpiRow]:
        for card in issue.cards:
            yield from self._branch(card, 0)

    def _branch(self, card: Scorecard, depth: int) -> Iterator[KpiRow]:
        if not any(self._fits(one) for one in card.walk()):
            return
        share = share_of(card, filter(self._fits, card.leaves), is_open=bool(self.show))
        yield KpiRow(card, depth, share)
        for child in () if share else card.children:
            yield from self._branch(child, depth + 1)

    def _fits(self, card: Scorecard) -> bool:
        return {"failed": is_failed, "missing": is_missing}.get(self.show, lambda _card: True)(card)

    @property
    def nothing_shown(self) -> str:
        """What stands in place of an empty table."""
        if self.show == "failed":
            return _("ไม่มีตัวชี้วัดที่ไม่ผ่านเกณฑ์")
        return _("ไม่มีตัวชี้วัดที่ค้างรายงาน")


def _is_uncomputable(card: Scorecard) -> bool:
    return card.state == CardState.CANNOT_COMPUTE


def nothing_due(totals: Totals) -> str:
    """Why there are no figures of what is due; empty where there are."""
    if totals.weight_due:
        return ""
    if totals.weight_all:
        return _("ยังไม่มีตัวชี้วัดที่ถึงกำหนดรายงาน จึงยังไม่มีผลรวม")
    return _("ไม่มีตัวชี้วัดที่มีทั้งน้ำหนักและระดับคะแนน จึงไม่มีผลรวม")


def _sentence(plan_card: PlanCard, as_of: AsOf, counts: dict[str, int], uncomputable: int) -> str:
    if lacking := nothing_due(plan_card.totals):
        return f"{as_of.words} {lacking}"
    totals = plan_card.totals
    parts = [_("ไม่ผ่าน %(number)d ตัว") % {"number": counts["failed"]}]
    parts.append(_("ยังไม่รายงาน %(number)d ตัว") % {"number": counts["missing"]})
    if uncomputable:
        parts.append(_("คำนวณไม่ได้ %(number)d ตัว") % {"number": uncomputable})
    facts = {
        "level": _level(totals.official),
        "percent": percent_and_grade(totals, plan_card.grade),
        "coverage": format_number(totals.coverage_percent),
        "counts": in_one_line(parts),
    }
    rest = _("ผลรวมตามเกณฑ์ทางการ %(level)s จาก 5 (%(percent)s) รายงานแล้ว %(coverage)s %% ของน้ำหนักที่ถึงกำหนด; %(counts)s")
    return f"{as_of.words} {rest % facts}"


def percent_and_grade(totals: Totals, grade: str | None) -> str:
    percent = f"{format_number(Totals.percent_of(totals.official), 2)} %"
    return _("%(percent)s, เกรด %(grade)s") % {"percent": percent, "grade": grade} if grade else percent


def figures(totals: Totals, grade: str | None) -> list[Figure]:
    """The five figures of DESIGN.md section 5, always together."""
    weights = {"reported": format_number(totals.weight_reported), "due": format_number(totals.weight_due)}
    coverage = _("น้ำหนักที่รายงานแล้ว %(reported)s จาก %(due)s ที่ถึงกำหนด") % weights
    official = percent_and_grade(totals, grade) if totals.official is not None else ""
    return [
        Figure(_("ผลรวมทางการ"), _level(totals.official), official, _("ที่ถึงกำหนดแต่ยังไม่รายงาน นับเป็นระดับ 0"), True),
        Figure(_("เฉพาะที่รายงานแล้ว"), _level(totals.reported), _percent(totals.reported), _("ไม่นับตัวที่ยังไม่รายงาน")),
        Figure(_("ความครอบคลุม"), _coverage(totals), "", coverage),
        Figure(_("ปีนี้ไปได้สูงสุด"), _level(totals.best), _percent(totals.best), _("ถ้าทุกตัวที่ยังเหลืองวดได้ระดับ 5")),
        Figure(_("ปีนี้ลงได้ต่ำสุด"), _level(totals.worst), _percent(totals.worst), _("ถ้าทุกตัวที่ยังเหลืองวดได้ระดับ 0")),
    ]


def _level(level: Fraction | None) -> str:
    """A level of the totals, to four decimals wherever it stands; empty where there is none."""
    return format_number(Totals.shown(level), LEVEL_DECIMALS)


def _percent(level: Fraction | None) -> str:
    percent = Totals.percent_of(level)
    return "" if percent is None else f"{format_number(percent, 2)} %"


def _coverage(totals: Totals) -> str:
    percent = totals.coverage_percent
    return "" if percent is None else f"{format_number(percent)} %"


def _totals_rows(plan_card: PlanCard) -> Iterator[TotalsRow]:
    """Each theme, and below it its issues; issues without a theme last."""
    codes = dict.fromkeys(issue.issue.theme for issue in plan_card.issues)
    for code in sorted(codes, key=lambda code: not code):
        if code:
            label = _("ด้าน%(theme)s") % {"theme": StrategicIssue.Theme(code).label}
            yield TotalsRow(label, plan_card.totals_of_theme(code), is_theme=True)
        for card in plan_card.issues:
            if card.issue.theme == code:
                label = f"{card.issue.number} {card.issue.code} {card.issue.name}"
                yield TotalsRow(label, card.totals, f"issue-{card.issue.number}")
