"""What a checklist comes to so far, in words: by group and in all."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from scoring.checklist import Breakdown, Subtotal, breakdown
from scoring.numbers import format_number
from scoring.template import Kind, Template

NAMED = 8  # items that are named where marks are missing
Values = Mapping[str, Decimal | Fraction | None]


def subtotal_texts(template: Template, data: Values) -> dict[str, str]:
    """By group: "ได้ 10 จาก 15 คะแนน · ทำแล้ว 2 จากอย่างน้อย 2 ข้อ"; nothing for other kinds."""
    if template.kind is not Kind.CHECKLIST:
        return {}
    return {group.code: _group_text(template, group) for group in breakdown(template, data).groups}


def total_text(template: Template, data: Values) -> str:
    """The same of the whole checklist; empty for other kinds."""
    if template.kind is not Kind.CHECKLIST:
        return ""
    total = breakdown(template, data)
    left_out = len(total.not_applicable)
    text = _marks(template, total)
    lacking = _("ไม่เกี่ยวข้อง %(count)s ข้อ") % {"count": left_out}
    return f"{text} · {lacking}" if left_out else text


def missing_text(template: Template, data: Values) -> str:
    """Which items of a checklist have no marks yet, by code: their names would fill the page."""
    missing = breakdown(template, data).missing if template.kind is Kind.CHECKLIST else ()
    if not missing:
        return ""
    named = ", ".join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
    return _("ยังเหลืออีก %(count)s ข้อที่ยังไม่มีคะแนน: %(items)s") % {"count": len(missing), "items": named}


def _group_text(template: Template, group: Subtotal) -> str:
    if group.need is None:
        return _marks(template, group)
    done = _("ทำแล้ว %(done)s จากอย่างน้อย %(need)s ข้อ") % {"done": group.done, "need": group.need}
    return f"{_marks(template, group)} · {done}"


def _marks(template: Template, part: Subtotal | Breakdown) -> str:
    """In marks; of a list where every item counts one, in items."""
    if _is_plain(template):
        return _("ทำแล้ว %(done)s จาก %(all)s ข้อ") % {"done": part.done, "all": part.applicable}
    facts = {"obtained": format_number(part.obtained), "full": format_number(part.full)}
    return _("ได้ %(obtained)s จาก %(full)s คะแนน") % facts


def _is_plain(template: Template) -> bool:
    """An evidence list: nothing has full marks of its own."""
    return not any(part.full for part in (*template.items, *template.groups))
