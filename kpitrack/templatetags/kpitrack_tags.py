"""Numbers, Thai dates, levels and states in templates: one look for each, everywhere.

Zero is a number like any other; what is missing has a state with a word of its own (DESIGN.md section 9).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring import numbers
from strategy import clock, periods

register = template.Library()

Number = Decimal | Fraction | int
# Numbers with strokes between them; shorter ones find room in every column (reports/documents/widths.py).
_NUMBERS = re.compile(r"([\d,./]{8,})")
_NUMBER = re.compile(r"(?<![\d,.])(\d[\d,.]{0,20}\d)(?![\d,.]*\d)")


@dataclass(frozen=True)
class State:
    """How a state looks: its word, its shape (an icon) and its colours (a class of kpitrack.css)."""

    word: str | Promise
    icon: str
    tone: str


STATES: Mapping[str, State] = {
    "not_reported": State(_("ยังไม่รายงาน"), "circle", "missing"),
    "not_yet_due": State(_("ยังไม่ถึงกำหนด"), "hourglass", "quiet"),
    "not_applicable": State(_("ไม่เกี่ยวข้อง"), "slash-circle", "aside"),
    "no_cases": State(_("ไม่มีผู้รับบริการเข้าเกณฑ์"), "slash-circle", "aside"),
    "cannot_compute": State(_("คำนวณไม่ได้"), "calculator", "wrong"),
    "due": State(_("ถึงกำหนด"), "clock", "wait"),
    "late": State(_("เลยกำหนด"), "exclamation-triangle", "wrong"),
    "incomplete": State(_("ข้อมูลยังไม่ครบ"), "dash-circle", "wait"),
    "draft": State(_("ฉบับร่าง"), "pencil", "wait"),
    "submitted": State(_("รอตรวจ"), "send", "wait"),
    "returned": State(_("ส่งกลับแก้ไข"), "arrow-return-left", "wrong"),
    "reopened": State(_("เปิดแก้ไขใหม่"), "unlock", "wait"),
    "approved": State(_("อนุมัติแล้ว"), "check-circle", "good"),
    "cancelled": State(_("ยกเลิกแล้ว"), "x-circle", "quiet"),
    "extended": State(_("ขยายเวลาแล้ว"), "clock", "quiet"),
    "locked": State(_("ปิดรับแล้ว"), "lock", "wrong"),
    "closed": State(_("ปิดงวดแล้ว"), "lock", "quiet"),
    "measure_open": State(_("กำลังดำเนินการ"), "clock", "wait"),
    "measure_overdue": State(_("เลยกำหนด"), "exclamation-triangle", "wrong"),
    "measure_done": State(_("รอปิด"), "send", "wait"),
    "measure_closed": State(_("ปิดแล้ว"), "check-circle", "good"),
    "measure_dropped": State(_("ยกเลิกแล้ว"), "x-circle", "quiet"),
    "passed": State(_("ผ่าน"), "check-lg", "good"),
    "failed": State(_("ไม่ผ่าน"), "x-lg", "wrong"),
    "corrected": State(_("แก้จากที่พิมพ์"), "pencil-square", "wait"),
    "demo": State(_("ข้อมูลสาธิต"), "info-circle", "quiet"),
}

LEVEL_WORD = _("ระดับ")


@register.filter
def number(value: Number | None, decimals: int | None = None) -> str:
    """A number with thousand separators; nothing for None."""
    return numbers.format_number(value, decimals)


@register.filter
def whole_numbers(value: str) -> SafeString:
    """A text of a document in which a line never breaks inside a number, but may after the stroke behind it."""
    parts = _NUMBERS.split(value)
    parts[::2] = [conditional_escape(text) for text in parts[::2]]
    whole = (_NUMBER.sub(r'<span class="doc-number">\1</span>', numbers) for numbers in parts[1::2])
    parts[1::2] = [numbers.replace("</span>/", "</span>/<wbr>") for numbers in whole]
    return mark_safe("".join(parts))  # noqa: S308 - the texts are escaped, and numbers need not be


@register.filter
def minutes(value: timedelta) -> int:
    """How many whole minutes a stretch of time lasts."""
    return value // timedelta(minutes=1)


@register.filter
def thai_date(value: date | None) -> str:
    """21 พ.ย. 2569; nothing for None."""
    return _thai_date(value, long=False)


@register.filter
def thai_date_long(value: date | None) -> str:
    """21 พฤศจิกายน 2569; nothing for None."""
    return _thai_date(value, long=True)


@register.filter
def thai_time(value: datetime | None) -> str:
    """21 พ.ย. 2569 14:05 น., on the clock of Thailand; nothing for None."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return gettext("%(day)s %(time)s น.") % {"day": periods.thai_date(local.date()), "time": f"{local:%H:%M}"}


def _thai_date(value: date | None, *, long: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.day_of(value) if timezone.is_aware(value) else value.date()
    return periods.thai_date(value, long=long)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside a word; the names are listed in script/copy_assets.py."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', _sprite(), name)


def _sprite() -> str:
    return static("vendor/icons.svg")


@register.inclusion_tag("components/level_badge.html")
def level_badge(level: Decimal | int | None, state: str = "not_reported") -> dict[str, Any]:
    """The level 0 to 5 as a figure on its colour (that of its floor); where there is none, the state that says why."""
    if level is None:
        return {"level": None, "state": STATES[state]}
    # As it is, not rounded: 2.9999 has the colour of 2 and must not read 3.
    return {"level": numbers.format_number(level), "floor": int(level), "word": LEVEL_WORD}


@register.inclusion_tag("components/state_badge.html")
def state_badge(state: str) -> dict[str, Any]:
    """A state with its shape and its word; the keys are those of STATES."""
    return {"state": STATES[state]}


@register.inclusion_tag("components/state_badge.html")
def pass_badge(passed: bool | None) -> dict[str, Any]:
    """Passed or not; nothing where it is not judged."""
    return {"state": None if passed is None else STATES["passed" if passed else "failed"]}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, Any]:
    """The way back: label, address, label, address, …, and last the label of this page."""
    *links, here = parts
    return {"links": list(zip(links[::2], links[1::2], strict=True)), "here": here}
