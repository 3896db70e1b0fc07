"""How a scorecard reads: words, figures and units, the same on the dashboard and on the KPI's page."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

from django.utils.translation import gettext as _

from indicators.scorecards import CardState, Scorecard
from scoring.numbers import format_number
from scoring.template import Kind, Template

# The keys of the states as the badges know them.
STATES = {
    CardState.NOT_DUE: "not_yet_due",
    CardState.NOT_REPORTED: "not_reported",
    CardState.NO_CASES: "no_cases",
    CardState.CANNOT_COMPUTE: "cannot_compute",
}
WHOLE_KINDS = (Kind.MILESTONE, Kind.MEAN_OF_GROUPS, Kind.LOWEST_OF)  # their value is a level
LEADING_UNITS = ("ร้อยละ", "ระดับ")  # said before the figure


def state_of(card: Scorecard) -> str:
    """The badge of what keeps the card from a level; empty for one that is reported and for a heading."""
    return STATES.get(card.state, "")


def figure(template: Template, value: Decimal | None, second: Decimal | None = None) -> str:
    """A measured value in the template's decimals, a pair with both halves; empty for None."""
    decimals = decimals_of(template)
    return " : ".join(format_number(part, decimals) for part in (value, second) if part is not None)


def year_figure(card: Scorecard) -> str:
    """The year-to-date value; empty where there is none."""
    return figure(card.template, card.score.value, card.score.second) if card.score else ""


def latest_figure(card: Scorecard) -> str:
    """The value of the latest approved round; empty where there is none."""
    result = card.latest.result if card.latest else None
    return figure(card.template, result.value, result.second) if result else ""


def unit_of(template: Template) -> str:
    """The unit after a value. A level of children or steps is a level, whatever unit the plan prints."""
    return _("ระดับ") if template.kind in WHOLE_KINDS else template.unit


def with_unit(value: str, unit: str) -> str:
    """A value with its unit as Thai reads it: ร้อยละ 21.91, 176.54 นาที."""
    parts = (unit, value) if unit in LEADING_UNITS else (value, unit)
    return " ".join(part for part in parts if part)


def in_one_line(parts: Iterable[str]) -> str:
    """Short statements, at least one, after each other: Thai parts them by a space, English by a comma."""
    return reduce(lambda line, part: _("%(line)s %(part)s") % {"line": line, "part": part}, parts)


def decimals_of(template: Template) -> int | None:
    """The places in which a value of the template is shown; None: as it is."""
    return None if template.kind in WHOLE_KINDS else template.decimals


def is_failed(card: Scorecard) -> bool:
    """Reported, and judged not to pass."""
    return card.state == CardState.REPORTED and card.passed is False


def is_missing(card: Scorecard) -> bool:
    """Due, and not reported."""
    return card.state == CardState.NOT_REPORTED


def weighted(cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Those that count in the totals; parts and headings carry no weight."""
    return [card for card in cards if card.weight]
