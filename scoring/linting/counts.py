"""Numbers that a template announces about itself, beside what it lists: 9 ตัวชี้วัด, and then ten of them."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from ..findings import Finding, Severity
from ..numbers import format_number, from_thai_digits
from ..template import Item, ItemKind, Kind
from .reading import Reading

_THINGS = "สาขา|ตัวชี้วัด|ข้อ|ด้าน|มิติ|องค์ประกอบ|กลุ่ม|โรค|เรื่อง|ขั้นตอน|รายการ|ประเด็น|ประการ|บริการย่อย|หมวด"
_ANNOUNCED = re.compile(rf"(\d+)\s*({_THINGS})[^\n\d]{{0,60}}?(?:ดังนี้|ดังต่อไปนี้|ได้แก่|ประกอบด้วย)\s*:?\s*$")
_ENTRY = re.compile(r"\s*(?:(?:มิติ|ข้อ|ด้าน|องค์ประกอบ|กลุ่ม)(?:ที่)?\s*)?(\d{1,3})(\)|\.(?!\d)|(?=[\sก-๙A-Za-z]))")
_IN_NAME = re.compile(r"(\d+)\s*(ด้าน|สาขา|Excellence|ตัวชี้วัด|กลุ่ม)")
_EACH_ONE = re.compile(r"สาขาละ\s*1")
_NUMBERED = re.compile(r"([A-Za-z]+)_?(\d+)")
MANY = 3  # codes of one kind, from which on a missing number is a missing item


def count_findings(reading: Reading) -> Iterator[Finding]:
    """All announced numbers of one template that do not fit."""
    yield from definition_lists(reading)
    yield from _in_name(reading)
    yield from _one_each(reading)
    yield from _missing_codes(reading)
    yield from _groups(reading)


def _finding(reading: Reading, severity: Severity, place: str, message: str, proposal: str) -> Finding:
    return reading.finding("count_mismatch", severity, place, message, proposal)


def definition_lists(reading: Reading) -> Iterator[Finding]:
    """… มี 9 ตัวชี้วัด ดังนี้, with the list below it or, where there is none, the sub-indicators."""
    lines = from_thai_digits(reading.sheet.definition).split("\n")
    for number, line in enumerate(lines):
        match = _ANNOUNCED.search(line.strip())
        if match is None:
            continue
        announced, thing = int(match[1]), match[2]
        listed = listed_below(lines[number + 1 :])
        if listed > 1 and listed != announced:
            facts = {"announced": announced, "thing": thing, "listed": listed}
            message = _("นิยามบอกว่ามี %(announced)d %(thing)s แต่รายการที่พิมพ์ต่อจากนั้นมี %(listed)d") % facts
            yield _finding(reading, Severity.WARNING, "definition", message, _change_to(listed))
        elif listed > 1:
            yield from _starts_late(reading, lines[number + 1 :], announced, thing)
        else:
            yield from _against_children(reading, announced, thing, "definition")


def _starts_late(reading: Reading, lines: list[str], announced: int, thing: str) -> Iterator[Finding]:
    """บุคลากร 5 กลุ่ม ดังนี้, and then 6 to 10."""
    match = next(filter(None, map(_ENTRY.match, lines)), None)
    first = int(match[1]) if match else 1
    if first != 1:
        facts = {"announced": announced, "thing": thing, "first": first, "last": first + announced - 1}
        message = _("รายการ %(announced)d %(thing)sในนิยามพิมพ์ลำดับ %(first)d ถึง %(last)d แทนที่จะเริ่มที่ 1") % facts
        proposal = _("เรียงเลขใหม่เป็น 1 ถึง %(announced)d") % facts
        yield _finding(reading, Severity.NOTE, "definition", message, proposal)


def _change_to(count: int) -> str:
    return _("แก้จำนวนที่ประกาศเป็น %(count)d หรือแก้รายการให้ตรงกับจำนวนที่ประกาศ") % {"count": count}


def listed_below(lines: list[str]) -> int:
    """How many numbered entries follow, whatever number they start from; lists within entries are passed over."""
    count, expected, mark = 0, None, ""
    for line in lines:
        match = _ENTRY.match(line)
        if match is None:
            continue
        number = int(match[1])
        if expected is None:
            count, expected, mark = 1, number + 1, match[2]
        elif number == expected and (match[2] == mark or not match[2]):
            count, expected = count + 1, number + 1
    return count


def _against_children(reading: Reading, announced: int, thing: str, place: str) -> Iterator[Finding]:
    sheet = reading.sheet
    groups = {group for group in sheet.child_groups if group}
    by_group = thing == "สาขา" and groups
    actual = len(groups) if by_group else len(sheet.children)
    if not sheet.children or actual == announced:
        return
    facts = {"announced": announced, "thing": thing, "actual": actual, "children": len(sheet.children)}
    if by_group:
        message = (
            _("ประกาศไว้ %(announced)d %(thing)s แต่รายการที่พิมพ์มี %(actual)d %(thing)s รวม %(children)d ตัวชี้วัด") % facts
        )
    else:
        message = _("ประกาศไว้ %(announced)d %(thing)s แต่มีตัวชี้วัดย่อย %(actual)d ตัว") % facts
    yield _finding(reading, Severity.WARNING, place, message, _change_to(actual))


def _in_name(reading: Reading) -> Iterator[Finding]:
    match = _IN_NAME.search(from_thai_digits(reading.template.name))
    if match and reading.sheet.children and reading.template.kind is not Kind.PASS_SHARE:
        yield from _against_children(reading, int(match[1]), match[2], "name")


def _one_each(reading: Reading) -> Iterator[Finding]:
    """สาขาละ 1 KPI, while a branch has two."""
    groups = Counter(group for group in reading.sheet.child_groups if group)
    empty = reading.sheet.empty_groups
    more = [f"{group} ({count})" for group, count in groups.items() if count > 1]
    if more and _EACH_ONE.search(from_thai_digits(reading.template.name)):
        message = _("ชื่อตัวชี้วัดบอกว่าสาขาละ 1 KPI แต่มีสาขาที่มีมากกว่าหนึ่ง: %(list)s") % {"list": ", ".join(more)}
        yield _finding(reading, Severity.NOTE, "name", message, _("แก้ชื่อตัวชี้วัด หรือเลือกสาขาละหนึ่งตัวชี้วัด"))
    if empty and _EACH_ONE.search(from_thai_digits(reading.template.name)):
        message = _("ชื่อตัวชี้วัดบอกว่าสาขาละ 1 KPI แต่มีสาขาที่ไม่มีตัวชี้วัด: %(list)s") % {"list": ", ".join(empty)}
        proposal = _("กำหนดตัวชี้วัดของสาขานั้น หรือตัดสาขาออกจากรายการ")
        yield _finding(reading, Severity.NOTE, "definition", message, proposal)


def _missing_codes(reading: Reading) -> Iterator[Finding]:
    """EB1, EB2, EB4: a number that is left out."""
    numbers: dict[str, list[int]] = {}
    for item in reading.template.items if reading.template.kind is Kind.CHECKLIST else ():
        match = _NUMBERED.fullmatch(item.code)
        if match:
            numbers.setdefault(match[1], []).append(int(match[2]))
    for prefix, present in numbers.items():
        missing = sorted(set(range(1, max(present) + 1)) - set(present))
        if missing and len(present) >= MANY:
            codes = ", ".join(f"{prefix} {number}" for number in missing)
            facts = {"codes": codes, "last": f"{prefix} {max(present)}", "count": len(present)}
            message = _("รายการนับถึง %(last)s แต่ไม่มี %(codes)s จึงมี %(count)d รายการ") % facts
            yield _finding(reading, Severity.WARNING, "items", message, _("เติม %(codes)s หรือเรียงเลขใหม่") % facts)


def _groups(reading: Reading) -> Iterator[Finding]:
    """Full marks of a group beside those of its items, and groups that ask for more items than they have."""
    template = reading.template
    for group in template.groups if template.kind is Kind.CHECKLIST else ():
        items = [item for item in template.items if item.group == group.code]
        facts = {"group": group.name or group.code, "count": len(items), "need": group.need or 0}
        if group.need is not None and group.need > len(items):
            message = _("หมวด %(group)s ต้องทำอย่างน้อย %(need)d ข้อ แต่มีเพียง %(count)d ข้อ") % facts
            yield reading.finding(
                "impossible_criterion", Severity.ERROR, f"groups.{group.code}", message, _change_to(len(items))
            )
        total = sum((_full(item) for item in items), Decimal(0))
        if group.full is not None and not group.all_or_nothing and items and total != group.full:
            facts |= {"full": format_number(group.full), "total": format_number(total)}
            message = _("หมวด %(group)s พิมพ์คะแนนเต็ม %(full)s แต่คะแนนเต็มของรายการรวมได้ %(total)s") % facts
            proposal = _("แก้คะแนนเต็มของหมวดเป็น %(total)s หรือแก้คะแนนของรายการ") % facts
            yield _finding(reading, Severity.WARNING, f"groups.{group.code}", message, proposal)


def _full(item: Item) -> Decimal:
    return item.full if item.full is not None else Decimal(1 if item.kind is ItemKind.TICK else 0)
