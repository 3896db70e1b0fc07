"""What is odd about numbers before they are scored, as Thai sentences: out of bounds, a part above its whole."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from .checklist import breakdown, check_mark, check_not_applicable, is_left_out
from .explain import MILESTONE_TOP
from .explanation import OWN_LEVEL, Warning_
from .numbers import exact, format_number
from .template import Item, ItemKind, Kind, Measure, Template

Amount = Decimal | Fraction | None
PERCENT_UNITS = ("ร้อยละ", "%", "เปอร์เซ็นต์")
PERCENT_TOP = 100


def check_item(item: Item, value: Decimal | None) -> str | None:
    """Why this value cannot be entered for the item, as a Thai sentence; None where it can."""
    if value is None:
        return None
    if sentence := check_mark(item, value):
        return sentence
    if item.kind is ItemKind.CHOICE:
        return None  # its words are its bounds
    facts = {"code": item.code, "name": item.name, "value": format_number(value)}
    if item.minimum is not None and value < item.minimum:
        facts["limit"] = format_number(item.minimum)
        return _("%(code)s %(name)s เป็น %(value)s ต้องไม่น้อยกว่า %(limit)s") % facts
    if item.maximum is not None and value > item.maximum:
        facts["limit"] = format_number(item.maximum)
        return _("%(code)s %(name)s เป็น %(value)s ต้องไม่เกิน %(limit)s") % facts
    return None


def check_data(template: Template, data: Mapping[str, Decimal | None]) -> tuple[Warning_, ...]:
    """What is odd about one round's data: out of bounds, a part above its whole, a fraction of a person."""
    found = [warning for item in template.items for warning in _odd_item(item, data)]
    return (*found, *exceeding(template, data), *_short_groups(template, data))


def _odd_item(item: Item, data: Mapping[str, Decimal | None]) -> Iterator[Warning_]:
    value = data.get(item.code)
    if sentence := check_not_applicable(item, data.get(item.not_applicable)):
        yield Warning_("out_of_bounds", sentence, (item.not_applicable,))
    if is_left_out(item, data):
        return
    if sentence := check_item(item, value):
        yield Warning_("out_of_bounds", sentence, (item.code,))
    if item.whole and value is not None and value != value.to_integral_value():
        facts = {"code": item.code, "name": item.name, "value": format_number(value)}
        yield Warning_("not_whole", _("%(code)s %(name)s เป็น %(value)s ควรเป็นจำนวนเต็ม") % facts, (item.code,))


def _short_groups(template: Template, data: Mapping[str, Decimal | None]) -> Iterator[Warning_]:
    """Groups of which fewer items are done than the source asks for; the marks stay what they are."""
    if template.kind is not Kind.CHECKLIST:
        return
    result = breakdown(template, data)
    for group in result.groups if not result.missing else ():
        if group.is_short and not group.all_or_nothing:
            facts = {"group": f"{group.code} {group.name}", "done": group.done, "need": group.need}
            sentence = _("หมวด %(group)s ทำแล้ว %(done)s ข้อ ต้องทำอย่างน้อย %(need)s ข้อ") % facts
            codes = tuple(item.code for item in template.items if item.group == group.code)
            yield Warning_("group_short", sentence, codes)


def exceeding(template: Template, data: Mapping[str, Amount]) -> list[Warning_]:
    """Where an item that counts a part is above the item that counts the whole."""
    found = []
    for item in template.items:
        part, whole = data.get(item.code), data.get(item.at_most or "")
        if part is None or whole is None or not _is_above(part, whole):
            continue
        facts = {"part": item.code, "value": format_number(part), "whole": item.at_most, "limit": format_number(whole)}
        message = _("%(part)s (%(value)s) มากกว่า %(whole)s (%(limit)s) ทั้งที่ %(part)s เป็นส่วนหนึ่งของ %(whole)s") % facts
        found.append(Warning_("exceeds", message, (item.code, item.at_most or "")))
    return found


def _is_above(part: Decimal | Fraction, whole: Decimal | Fraction) -> bool:
    if isinstance(part, Decimal) and isinstance(whole, Decimal):
        return part > whole
    return exact(part) > exact(whole)


def value_warnings(template: Template, value: Decimal) -> tuple[Warning_, ...]:
    """What is odd about a value given as such: a share above the whole, a level that does not exist."""
    facts = {"value": format_number(value)}
    if _is_share(template) and not 0 <= value <= PERCENT_TOP:
        return (Warning_("outside_percent", _("ค่า %(value)s อยู่นอกช่วงร้อยละ 0 ถึง 100") % facts),)
    if template.kind in OWN_LEVEL and not 0 <= value <= MILESTONE_TOP:
        return (Warning_("outside_levels", _("ค่า %(value)s อยู่นอกระดับ 0 ถึง 5") % facts),)
    if template.kind is Kind.QUALITATIVE and value not in (0, 1):
        return (Warning_("not_a_verdict", _("ค่า %(value)s ต้องเป็น 1 (ผ่าน) หรือ 0 (ไม่ผ่าน)") % facts),)
    return ()


def _is_share(template: Template) -> bool:
    if template.kind in (Kind.CHECKLIST, Kind.PASS_SHARE):
        return template.measure is Measure.PERCENT
    return template.unit.startswith(PERCENT_UNITS) and any(item.at_most for item in template.items)
