"""What a KPI's page shows of a checklist, of many measured units, and of rounds with bands of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.figures import figure, unit_of
from indicators.models import Round
from indicators.scorecards import CardState, RoundCell, Scorecard, UnitCell
from scoring.checklist import Subtotal, is_left_out, worth
from scoring.explain import Score
from scoring.numbers import format_number
from scoring.score import score_across
from scoring.template import ItemKind, RoundRule, Template

UNIT_STATES = {
    CardState.NOT_DUE: "not_yet_due",
    CardState.NOT_REPORTED: "not_reported",
    CardState.NO_CASES: "no_cases",
    CardState.CANNOT_COMPUTE: "cannot_compute",
    CardState.NOT_APPLICABLE: "not_applicable",
}


@dataclass(frozen=True)
class MarkRow:
    """One line of a checklist: a group with its subtotal, or an item with its marks."""

    code: str
    name: str
    obtained: str
    full: str
    note: str = ""
    is_group: bool = False


def mark_rows(score: Score | None) -> list[MarkRow]:
    """The items of a checklist under their groups, each with its marks; nothing for other kinds."""
    if score is None or score.parts is None:
        return []
    return [row for group in score.parts.groups for row in _group_rows(score, group)]


def _group_rows(score: Score, group: Subtotal) -> Iterator[MarkRow]:
    if group.code:
        note = _("ทำแล้ว %(done)d จาก %(applicable)d ข้อ") % vars(group)
        if group.need is not None:
            note = _("%(done)s ต้องทำอย่างน้อย %(need)d ข้อ") % {"done": note, "need": group.need}
        yield MarkRow(group.code, group.name, format_number(group.obtained), format_number(group.full), note, True)
    values = dict(score.data or ())
    words = {row.code: row.word for row in score.explanation.inputs}
    for item in score.template.items:
        if item.group == group.code:
            left_out = is_left_out(item, values)
            # In a group that is all or nothing the items carry no marks of their own.
            full = "" if group.all_or_nothing or left_out else format_number(worth(item))
            given = (
                words.get(item.code) if left_out or item.kind is ItemKind.TICK else format_number(values.get(item.code))
            )
            yield MarkRow(item.code, item.name, given or "", full)


@dataclass(frozen=True)
class UnitRow:
    """One measured unit in a round: what its approved result came to."""

    cell: UnitCell
    template: Template
    inputs: tuple[str, ...]

    @property
    def level(self) -> Decimal | None:
        return self.cell.level

    @property
    def value(self) -> str:
        result = self.cell.result
        return figure(self.template, result.value, result.second) if result and self.cell.is_approved else ""

    @property
    def state(self) -> str:
        return UNIT_STATES.get(self.cell.state, "")


@dataclass(frozen=True)
class UnitTable:
    """The measured units of the latest due round, best level first, those without a result last."""

    round: Round
    heads: tuple[str, ...]
    rows: tuple[UnitRow, ...]
    unit: str


def unit_table(card: Scorecard) -> UnitTable | None:
    """The measured units of a KPI that is measured in many; None of any other."""
    cell = card.due_cells[-1] if card.due_cells else next(iter(card.rounds), None)
    if not card.is_across or cell is None:
        return None
    template = card.template.for_round(cell.round.number)
    ordered = sorted(cell.units, key=lambda unit: (unit.level is None, -(unit.level or 0)))
    rows = tuple(UnitRow(unit, template, tuple(_inputs(template, unit))) for unit in ordered)
    return UnitTable(cell.round, tuple(item.code for item in template.items), rows, unit_of(template))


def _inputs(template: Template, unit: UnitCell) -> Iterator[str]:
    """What was typed for a unit, once it is approved: a choice by its word."""
    for item in template.items:
        value = unit.data.get(item.code) if unit.is_approved else None
        yield item.word_of(value) or format_number(value)


def units_so_far(template: Template, cell: RoundCell) -> str:
    """Of a round that many units report: how many are at the level, and how many have reported."""
    counted = [unit for unit in cell.units if not unit.is_not_applicable]
    score = score_across(template, [(unit.unit.code, unit.level) for unit in counted])
    value = f"{figure(score.template, score.value)} {score.template.unit}" if score.value is not None else ""
    return " · ".join(part for part in (value, *score.notes) if part)


@dataclass(frozen=True)
class OwnRound:
    """One evaluation round that has something of its own: days, target, criterion, bands."""

    rule: RoundRule
    template: Template
    round: Round | None

    @property
    def name(self) -> str:
        return self.rule.name or (self.round.label if self.round else "") or _("รอบที่ %(n)d") % {"n": self.rule.number}

    @property
    def unit(self) -> str:
        return unit_of(self.template)

    @property
    def bands(self) -> str:
        """ "5: 5 ข้อ · 4: 4 ข้อ", of this round alone; empty where those of the template hold."""
        bands = sorted(self.rule.bands, reverse=True)
        return " · ".join(f"{level}: {printed.printed}" for level, printed in bands if printed.printed)

    @property
    def passing(self) -> str:
        return self.rule.pass_criterion.printed if self.rule.pass_criterion else ""


def own_rounds(card: Scorecard) -> list[OwnRound]:
    """The rounds with what they have of their own, in order."""
    by_number = {cell.round.number: cell.round for cell in card.rounds}
    rules = sorted(card.template.rounds, key=lambda rule: rule.number)
    return [OwnRound(rule, card.template.for_round(rule.number), by_number.get(rule.number)) for rule in rules]
