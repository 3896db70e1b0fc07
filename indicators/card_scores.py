"""What a card comes to: the year of its own rounds, or what its children come to; and which of them count."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.adapters import COMPOSED_KINDS
from indicators.cells import CardState, RoundCell
from scoring.explain import Score, State
from scoring.score import Part, score_across, score_children, score_pass_share, year_of_rounds
from scoring.template import Kind, Template

if TYPE_CHECKING:
    from indicators.scorecards import Scorecard

# What has been said of it, whether it counts or not; and what is no part of any sum.
REPORTED = (CardState.REPORTED, CardState.CANNOT_COMPUTE, CardState.NO_CASES, CardState.NOT_APPLICABLE)
NO_PART = (CardState.NOT_APPLICABLE, CardState.CANCELLED)
LEFT_OUT = (CardState.NO_CASES, *NO_PART)


def first_of(states: set[CardState], *order: CardState) -> CardState:
    """The first of these that is among the children's; a parent of which all is cancelled is so itself."""
    for state in (*order, CardState.NOT_DUE, CardState.NOT_APPLICABLE, CardState.CANCELLED):
        if state in states:
            return state
    return CardState.NOT_DUE


def scored_children(kind: Kind, children: tuple["Scorecard", ...]) -> tuple["Scorecard", ...]:
    """The children that make the level: the scored half of 26, all groups of 7(2), all domains of 27."""
    if kind == Kind.SCORED_HALF:
        return tuple(child for child in children if child.indicator.scored)
    return children if kind in COMPOSED_KINDS else ()


def composed_score(template: Template, children: tuple["Scorecard", ...]) -> Score | None:
    """What the scored children come to; those that are cancelled or not applicable are no part of it."""
    found = scored_children(template.kind, children)
    parts = tuple(part for part in found if part.state not in NO_PART)
    # A part that is not due yet is not a missing part, unless it is all that there is.
    parts = tuple(part for part in parts if part.state != CardState.NOT_DUE) or parts
    if all(child.score is None for child in parts):
        return None
    score = score_children(template, [(child.indicator.code, _counted_score(child)) for child in parts])
    return replace(score, notes=(*score.notes, *_left_out_notes(found)))


def _counted_score(card: "Scorecard") -> Score:
    """What a part brings to its parent: the level and the verdict that count for the part itself."""
    if card.score is None:
        return Score(card.template, State.INCOMPLETE)
    return replace(card.score, level=card.level, passed=card.passed)


def share_score(card: "Scorecard") -> Score | None:
    """The share of children that pass; None while no child has reported."""
    leaves = list(card.leaves)
    if not any(leaf.state in (CardState.REPORTED, CardState.CANNOT_COMPUTE) for leaf in leaves):
        return None
    score = score_pass_share(card.template, [_part(leaf) for leaf in leaves if leaf.state not in NO_PART])
    return replace(score, notes=(*score.notes, *_left_out_notes(leaves)))


def _left_out_notes(cards: Iterable["Scorecard"]) -> Iterator[str]:
    """Which children are no part of it, and why not."""
    sentences = {
        CardState.NOT_APPLICABLE: _("ไม่เกี่ยวข้อง จึงไม่นำมานับ: %(codes)s"),
        CardState.CANCELLED: _("ยกเลิกแล้ว จึงไม่นำมานับ: %(codes)s"),
    }
    found = list(cards)
    for state, sentence in sentences.items():
        if codes := [card.indicator.code for card in found if card.state == state]:
            yield sentence % {"codes": ", ".join(codes)}


def _part(card: "Scorecard") -> Part:
    standing = card.standing
    passed = False if card.state == CardState.CANNOT_COMPUTE else card.passed
    return Part(card.indicator.code, passed, standing.due, standing.reported, standing.applicable)


def year_score(template: Template, cells: Sequence[RoundCell], until: date) -> Score | None:
    if template.across is not None:
        return _score_of_units(template, cells, until)
    approved = [(cell.round.number, cell.data) for cell in cells if cell.has_numbers and cell.round.end <= until]
    return year_of_rounds(template, approved) if approved else None


def _score_of_units(template: Template, cells: Sequence[RoundCell], until: date) -> Score | None:
    """How many units have reached the level in the latest due round; None before one is due."""
    due = [cell for cell in cells if cell.is_due and cell.round.end <= until]
    if not due:
        return None
    latest = due[-1]
    units = [unit for unit in latest.units if not unit.is_not_applicable]
    if latest.units and not units:
        return None
    of_round = template.for_round(latest.round.number)
    return score_across(of_round, [(unit.unit.label, unit.level) for unit in units])
