"""How a measured value reads: its decimals, its unit, a pair; the same in lists, on pages and on printed forms."""

from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import IndicatorVersion
from scoring.numbers import format_number
from scoring.template import Kind, Template

WHOLE_KINDS = (Kind.MILESTONE, Kind.MEAN_OF_GROUPS, Kind.LOWEST_OF)  # their value is a level
LEADING_UNITS = ("ร้อยละ", "ระดับ")  # said before the figure


def decimals_of(template: Template | IndicatorVersion) -> int | None:
    """The places in which a value of the template is shown; None: as it is."""
    return None if template.kind in WHOLE_KINDS else template.decimals


def unit_of(template: Template | IndicatorVersion) -> str:
    """The unit after a value. A level of children or steps is a level, whatever the plan prints; a word has none."""
    if template.kind == Kind.QUALITATIVE:
        return ""
    return _("ระดับ") if template.kind in WHOLE_KINDS else template.unit


def figure(template: Template | IndicatorVersion, value: Decimal | None, second: Decimal | None = None) -> str:
    """A measured value in the template's decimals, a pair with both halves ("76.40 : 23.60"); empty for None.

    Of a yes or no its word.
    """
    if template.kind == Kind.QUALITATIVE:
        return _verdict(template, value)
    decimals = decimals_of(template)
    return " : ".join(format_number(part, decimals) for part in (value, second) if part is not None)


def _verdict(template: Template | IndicatorVersion, value: Decimal | None) -> str:
    """The chosen word where the template is at hand, else what it comes to."""
    if value is None:
        return ""
    words = [item.word_of(value) for item in template.items] if isinstance(template, Template) else []
    return next(filter(None, words), _("ผ่าน") if value == 1 else _("ไม่ผ่าน"))


def with_unit(value: str, unit: str) -> str:
    """A value with its unit as Thai reads it: ร้อยละ 21.91, 176.54 นาที."""
    parts = (unit, value) if unit in LEADING_UNITS else (value, unit)
    return " ".join(part for part in parts if part)


def measured(template: Template | IndicatorVersion, value: Decimal | None, second: Decimal | None = None) -> str:
    """A value with its unit; empty where there is none."""
    return with_unit(figure(template, value, second), unit_of(template)) if value is not None else ""
