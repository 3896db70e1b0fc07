"""From an unrounded value to a score: rounded, its level read, passing judged (DESIGN.md section 3)."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from .checklist import Breakdown
from .compiled import LEVELS
from .explain import MILESTONE_TOP, Score
from .explanation import OWN_LEVEL, State, Warning_
from .formula import Ratio
from .levels import passes
from .notation import Notation, NotationError
from .numbers import round_half_up
from .template import Kind, Measure, Template

Rows = tuple[tuple[str, Decimal | Fraction | None], ...]
ITEMS_UNIT = "ข้อ"  # a criterion of so many items is of a checklist's items, not of its percent


def step_level(count: Decimal) -> Decimal:
    """The level of so many steps: their number, at most 5."""
    return LEVELS[max(0, min(int(count), MILESTONE_TOP))]


def judged(
    template: Template,
    value: Fraction,
    second: Fraction | None,
    data: Rows | None,
    warnings: tuple[Warning_, ...],
    parts: Breakdown | None = None,
) -> Score:
    """Round the value, then read its level and whether it passes. `parts`: the subtotals behind a checklist."""
    places = decimals_of(template)
    rounded = round_half_up(value, places)
    state, message, level = State.COMPUTED, "", None
    try:
        level = level_at(template, rounded, value.as_integer_ratio())
    except NotationError as error:
        state, message = State.UNREADABLE, error.message
    verdict, doubts = passed(template, rounded, parts)
    return Score(
        template=template,
        state=state,
        exact=value,
        value=rounded,
        second_exact=second,
        second=None if second is None else round_half_up(second, places),
        level=level,
        passed=verdict,
        warnings=(*warnings, *doubts),
        message=message,
        data=data,
        own_level=template.kind in OWN_LEVEL,
        parts=parts,
    )


def decimals_of(template: Template) -> int:
    """Steps and lowest levels are counted whole; a mean of levels has four decimals; else the template says."""
    places = {Kind.MILESTONE: 0, Kind.MEAN_OF_GROUPS: 4, Kind.LOWEST_OF: 0, Kind.QUALITATIVE: 0}
    return places.get(template.kind, template.decimals)


def level_at(template: Template, value: Decimal, ratio: Ratio) -> Decimal | None:
    """The level of a rounded value; None without bands, and for a yes or no. NotationError as for `ruler`."""
    if template.kind in (Kind.MILESTONE, Kind.LOWEST_OF):
        return step_level(value)
    if template.kind is Kind.MEAN_OF_GROUPS:
        return max(LEVELS[0], min(value, LEVELS[-1]))
    if template.kind is Kind.QUALITATIVE:
        return None
    return template.ruler.level(value, ratio)


def passed(
    template: Template, value: Decimal, parts: Breakdown | None = None
) -> tuple[bool | None, tuple[Warning_, ...]]:
    """Judged by the pass criterion alone; a criterion that cannot be read leaves it open and says so."""
    if template.kind is Kind.QUALITATIVE:
        return value == 1, ()
    try:
        criterion = template.criterion
    except NotationError as error:
        return None, (Warning_("criterion_unreadable", error.message),)
    if template.kind is Kind.CHECKLIST and criterion is not None and criterion.unit == ITEMS_UNIT:
        return _passed_by_items(template, value, criterion, parts)
    return passes(value, criterion, template.direction), ()


def _passed_by_items(
    template: Template, value: Decimal, criterion: Notation, parts: Breakdown | None
) -> tuple[bool | None, tuple[Warning_, ...]]:
    """A criterion printed as a number of items; of a percent given as such nobody knows how many they were."""
    if parts is not None:
        return passes(Decimal(parts.done), criterion, template.direction), ()
    if template.measure is Measure.POINTS:
        return passes(value, criterion, template.direction), ()
    printed = template.pass_criterion.used if template.pass_criterion else ""
    message = _("เกณฑ์ผ่าน (%(criterion)s) นับเป็นจำนวนข้อ จึงต้องให้ข้อมูลเป็นรายข้อ") % {"criterion": printed}
    return None, (Warning_("criterion_of_items", message),)
