"""The lines of a closed period: totals and KPIs with the figures that were frozen, beside the frozen templates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from indicators.adapters import bands_of
from indicators.closing.frozen import Frozen
from indicators.figures import figure, unit_of
from indicators.models import IndicatorVersion, ScoreBand
from indicators.scorecards import CardState, Scorecard
from reports.cards import STATES, scored_by, target_now
from reports.dashboard import TotalsRow
from scoring.numbers import format_number
from scoring.rollup import Totals
from scoring.template import Kind
from strategy.models import StrategicIssue

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class ClosedRow:
    """One KPI of a closed period. What it came to is what was frozen, whatever today's code would make of it."""

    card: Scorecard
    figures: Mapping[str, Any]
    depth: int
    children: tuple["ClosedRow", ...] = ()

    @property
    def is_share(self) -> bool:
        """Made of the share of its children that pass; they are many, and folded on the page."""
        return self.card.kind is Kind.PASS_SHARE

    @property
    def shown(self) -> Iterator["ClosedRow"]:
        """The row with those below it as the page lists them."""
        yield self
        if not self.is_share:
            for child in self.children:
                yield from child.shown

    def walk(self) -> Iterator["ClosedRow"]:
        """The row and all below it, top down."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def folded(self) -> list["ClosedRow"]:
        """The children that stand folded under it."""
        return [row for child in self.children for row in child.walk()] if self.is_share else []

    @property
    def folded_sentence(self) -> str:
        """ "ผ่าน 50 จาก 63"."""
        leaves = [row for row in self.folded if not row.is_heading]
        facts = {"passed": sum(row.passed is True for row in leaves), "all": len(leaves)}
        return _("ตัวชี้วัดย่อย %(all)d ตัว ผ่าน %(passed)d ตัว") % facts

    @property
    def code(self) -> str:
        return self.card.indicator.code

    @property
    def name(self) -> str:
        return self.card.indicator.name

    @property
    def card_state(self) -> CardState:
        return CardState(self.figures["state"])

    @property
    def is_heading(self) -> bool:
        return self.card_state is CardState.HEADING

    @property
    def state(self) -> str:
        """Key of the badge of what keeps it from a level; empty for what is reported."""
        return STATES.get(self.card_state, "")

    @property
    def level(self) -> Decimal | None:
        """Of what is reported; the others stand in the totals as their state says."""
        return _decimal(self.figures["level"]) if self.card_state is CardState.REPORTED else None

    @property
    def passed(self) -> bool | None:
        return self.figures["passed"] if self.card_state is CardState.REPORTED else None

    @property
    def amount(self) -> Decimal | None:
        return _decimal(self.figures["value"])

    @property
    def value(self) -> str:
        return figure(scored_by(self.card), self.amount, _decimal(self.figures["second"]))

    @property
    def unit(self) -> str:
        return unit_of(scored_by(self.card))

    @property
    def weight(self) -> Decimal | None:
        return _decimal(self.figures["weight"])

    @property
    def target(self) -> str:
        return target_now(self.card)

    @property
    def version(self) -> IndicatorVersion:
        """The template in use: what its year was scored by."""
        return self.card.version

    @property
    def revision(self) -> str:
        """Of the template in use; beside it that which scored the latest result, where that was another one."""
        latest = self.card.latest.version.revision if self.card.latest else self.version.revision
        if latest == self.version.revision:
            return str(latest)
        return _("%(used)d (งวดล่าสุด: %(latest)d)") % {"used": self.version.revision, "latest": latest}

    @property
    def bands(self) -> list[str]:
        """The bands of levels 1 to 5, of the latest round where it has its own; a correction beside its print."""
        number = self.card.latest.round.number if self.card.latest else 0
        rows = {band.level: band for band in bands_of(self.version, number) or bands_of(self.version)}
        return [_band(rows.get(level)) for level in LEVELS]

    @property
    def criterion(self) -> str:
        return corrected(self.version.pass_criterion, self.version.pass_correction)

    @property
    def has_criteria(self) -> bool:
        """Judged by something of its own: a heading is not, nor is what the reviewer judges."""
        return bool(any(self.bands) or self.criterion or self.target)


def _band(band: ScoreBand | None) -> str:
    return corrected(band.printed, band.correction) if band else ""


def corrected(printed: str, correction: str) -> str:
    """What is used, and what is printed where that is something else."""
    if not correction:
        return printed
    return _("%(used)s (พิมพ์ %(printed)s)") % {"used": correction, "printed": printed or "-"}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class ClosedGroup:
    """A strategic issue with its KPIs."""

    issue: StrategicIssue
    tops: tuple[ClosedRow, ...]

    @property
    def label(self) -> str:
        return f"{self.issue.number} {self.issue.code} {self.issue.name}"

    @property
    def rows(self) -> list[ClosedRow]:
        """All of its KPIs, parents before their children."""
        return [row for top in self.tops for row in top.walk()]

    @property
    def shown(self) -> list[ClosedRow]:
        """Those that are not folded under another."""
        return [row for top in self.tops for row in top.shown]


def groups_of(frozen: Frozen) -> list[ClosedGroup]:
    """All KPIs of the frozen plan under their issues."""
    return [
        ClosedGroup(issue.issue, tuple(_row(frozen, card, 0) for card in issue.cards))
        for issue in frozen.plan_card.issues
    ]


def _row(frozen: Frozen, card: Scorecard, depth: int) -> ClosedRow:
    figures = frozen.data["figures"][str(card.indicator.pk)]
    return ClosedRow(card, figures, depth, tuple(_row(frozen, child, depth + 1) for child in card.children))


# Totals


def totals_of(plain: Mapping[str, str | None]) -> Totals:
    """The five figures as they were frozen."""
    levels = {name: None if plain[name] is None else Fraction(plain[name] or 0) for name in _LEVELS}
    return Totals(**levels, **{name: Decimal(plain[name] or 0) for name in _WEIGHTS})


_LEVELS = ("reported", "official", "coverage", "best", "worst")
_WEIGHTS = ("weight_due", "weight_reported", "weight_all")


def totals_rows(frozen: Frozen) -> Iterator[TotalsRow]:
    """Each theme, and below it its issues; issues without a theme last."""
    totals, issues = frozen.data["totals"], [card.issue for card in frozen.plan_card.issues]
    for theme in sorted(dict.fromkeys(issue.theme for issue in issues), key=lambda theme: not theme):
        if theme:
            label = _("ด้าน%(theme)s") % {"theme": StrategicIssue.Theme(theme).label}
            yield TotalsRow(label, totals_of(totals["themes"][theme]), is_theme=True)
        for issue in issues:
            if issue.theme == theme:
                label = f"{issue.number} {issue.code} {issue.name}"
                yield TotalsRow(label, totals_of(totals["issues"][str(issue.pk)]), f"issue-{issue.number}")


def shown(number: Decimal | None) -> str:
    return format_number(number) or "–"
