"""How a scorecard reads: words and figures, the same on the dashboard and on the KPI's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from django.utils.translation import gettext as _

from indicators.adapters import target_of
from indicators.figures import figure, unit_of
from indicators.scorecards import Assessed, CardState, Scorecard
from scoring.numbers import format_number
from scoring.template import Template
from strategy.periods import thai_date

# The keys of the states as the badges know them.
STATES = {
    CardState.NOT_DUE: "not_yet_due",
    CardState.NOT_REPORTED: "not_reported",
    CardState.NO_CASES: "no_cases",
    CardState.CANNOT_COMPUTE: "cannot_compute",
    CardState.NOT_APPLICABLE: "not_applicable",
    CardState.CANCELLED: "cancelled",
}


def state_of(card: Scorecard) -> str:
    """The badge of what keeps the card from a level; empty for one that is reported and for a heading."""
    return STATES.get(card.state, "")


def scored_by(card: Scorecard) -> Template:
    """The template of the year's value: of the latest round, or of the count of units, where those have their own."""
    return card.score.template if card.score else card.template


def year_figure(card: Scorecard) -> str:
    """The year-to-date value; empty where there is none."""
    return figure(scored_by(card), card.score.value, card.score.second) if card.score else ""


def latest_figure(card: Scorecard) -> str:
    """The value of the latest approved round; empty where there is none."""
    if card.latest is None or card.latest.result is None:
        return ""
    result = card.latest.result
    return figure(card.template.for_round(card.latest.round.number), result.value, result.second)


def target_now(card: Scorecard) -> str:
    """The target of the year so far: that of the latest round where rounds have their own."""
    return scored_by(card).target if card.template.rounds and card.score else target_of(card.version)


def notes_of(card: Scorecard) -> list[str]:
    """What stands under the name: how many units have reported, and what a reviewer gave beside the computed level.

    Of what is cancelled from which day and why, and nothing else.
    """
    if card.is_cancelled:
        return [cancelled_text(card)]
    notes = list(card.score.notes) if card.is_across and card.score else []
    return [*notes, assessed_text(card.assessed)] if card.assessed else notes


def cancelled_text(card: Scorecard) -> str:
    """ "ยกเลิกตั้งแต่ 1 มี.ค. 2560 เพราะ …"; empty where it is not cancelled."""
    if card.cancellation is None:
        return ""
    facts = {"day": thai_date(card.cancellation.day), "reason": card.cancellation.reason}
    return _("ยกเลิกตั้งแต่ %(day)s เพราะ %(reason)s") % facts


def assessed_text(assessed: Assessed) -> str:
    """ "ผู้ประเมินให้ระดับ 3 ไม่ผ่าน"."""
    parts = []
    if assessed.level is not None:
        parts.append(_("ระดับ %(level)s") % {"level": format_number(assessed.level)})
    if assessed.passed is not None:
        parts.append(_("ผ่าน") if assessed.passed else _("ไม่ผ่าน"))
    return _("ผู้ประเมินให้%(what)s") % {"what": in_one_line(parts)}


def in_one_line(parts: Iterable[str]) -> str:
    """Short statements, at least one, after each other: Thai parts them by a space, English by a comma."""
    return reduce(lambda line, part: _("%(line)s %(part)s") % {"line": line, "part": part}, parts)


def is_failed(card: Scorecard) -> bool:
    """Reported, and judged not to pass."""
    return card.state == CardState.REPORTED and card.passed is False


def is_missing(card: Scorecard) -> bool:
    """Due, and not reported."""
    return card.state == CardState.NOT_REPORTED


def weighted(cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Those that count in the totals; parts and headings carry no weight. In a plan without weights all KPIs."""
    found = [card for card in cards if card.state != CardState.HEADING]
    return [card for card in found if card.weight] or found


@dataclass(frozen=True)
class CardRow:
    """One KPI as a line of a table: what it came to, and against what."""

    card: Scorecard

    @property
    def state(self) -> str:
        return state_of(self.card)

    @property
    def value(self) -> str:
        return year_figure(self.card)

    @property
    def unit(self) -> str:
        return unit_of(scored_by(self.card))

    @property
    def target(self) -> str:
        return target_now(self.card)
