"""How a scorecard reads: words and figures, the same on the dashboard and on the KPI's page."""

from collections.abc import Iterable
from functools import reduce

from django.utils.translation import gettext as _

from indicators.figures import figure
from indicators.scorecards import CardState, Scorecard

# The keys of the states as the badges know them.
STATES = {
    CardState.NOT_DUE: "not_yet_due",
    CardState.NOT_REPORTED: "not_reported",
    CardState.NO_CASES: "no_cases",
    CardState.CANNOT_COMPUTE: "cannot_compute",
}


def state_of(card: Scorecard) -> str:
    """The badge of what keeps the card from a level; empty for one that is reported and for a heading."""
    return STATES.get(card.state, "")


def year_figure(card: Scorecard) -> str:
    """The year-to-date value; empty where there is none."""
    return figure(card.template, card.score.value, card.score.second) if card.score else ""


def latest_figure(card: Scorecard) -> str:
    """The value of the latest approved round; empty where there is none."""
    result = card.latest.result if card.latest else None
    return figure(card.template, result.value, result.second) if result else ""


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
    """Those that count in the totals; parts and headings carry no weight."""
    return [card for card in cards if card.weight]
