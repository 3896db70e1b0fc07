"""Defects of a plan file that its shape does not show: what one part of a template says of another.

Each is a pair: the place within the template, and a sentence.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from scoring.template import NOT_APPLICABLE
from strategy.periods import as_at_period

Defect = tuple[str, str]


def version_defects(version: dict[str, Any], year: int) -> Iterator[Defect]:
    """What is wrong with one year's template beyond its formula and its notations."""
    yield from _round_defects(version, year)
    yield from _rule_defects(version.get("round_rules") or [])
    yield from _item_defects(version.get("data_items") or {})
    yield from _group_defects(version)
    yield from _step_defects(version.get("steps") or [])
    for level, correction in (version.get("band_corrections") or {}).items():
        if correction and level not in version.get("bands", {}):
            yield f"band_corrections.{level}", _("แก้เกณฑ์ของระดับที่ไม่มีใน bands")


def _round_defects(version: dict[str, Any], year: int) -> Iterator[Defect]:
    try:
        as_at_period(year, version.get("rounds") or [])
    except ValueError as error:  # a day that no calendar has, or days out of order
        yield "rounds", str(error)


def _item_defects(items: dict[str, Any]) -> Iterator[Defect]:
    for code, item in items.items():
        if item.get("at_most") and item["at_most"] not in items:
            yield f"data_items.{code}.at_most", _("ไม่มีรายการข้อมูลรหัส %(code)s") % {"code": item["at_most"]}

        yield from _kind_defects(code, item)


def _kind_defects(code: str, item: dict[str, Any]) -> Iterator[Defect]:
    """What an item's kind asks for: words with points of their own, marks."""
    kind, place = item.get("kind", "number"), f"data_items.{code}"
    points = [choice["points"] for choice in item.get("choices") or ()]
    if code.endswith(NOT_APPLICABLE):
        yield place, _("รหัสรายการข้อมูลลงท้ายด้วย %(end)s ไม่ได้ ใช้บันทึกว่าไม่เกี่ยวข้อง") % {"end": NOT_APPLICABLE}
    if kind == "choice" and len({Decimal(text) for text in points}) < max(2, len(points)):
        yield f"{place}.choices", _("รายการแบบตัวเลือกต้องมีอย่างน้อยสองตัวเลือก และแต่ละตัวเลือกต้องมีคะแนนไม่ซ้ำกัน")
    if kind == "points" and not item.get("full"):
        yield f"{place}.full", _("รายการแบบคะแนนต้องมีคะแนนเต็ม")


def _group_defects(version: dict[str, Any]) -> Iterator[Defect]:
    """Items in a group that is not there, and groups without the figures that they are scored by."""
    items, groups = version.get("data_items") or {}, version.get("groups") or []
    codes = [group["code"] for group in groups]
    if len(set(codes)) < len(codes) or not set(codes).isdisjoint(items):
        yield "groups", _("รหัสของหมวดซ้ำกัน หรือซ้ำกับรหัสของรายการข้อมูล")
    for code, item in items.items():
        if item.get("group") and item["group"] not in codes:
            yield f"data_items.{code}.group", _("ไม่มีหมวดรหัส %(code)s") % {"code": item["group"]}
    for group in groups:
        if group.get("all_or_nothing") and not (group.get("need") and group.get("full")):
            yield f"groups[{group['code']}]", _("หมวดที่ให้คะแนนเมื่อครบต้องมีทั้ง need และ full")


def _rule_defects(rules: list[dict[str, Any]]) -> Iterator[Defect]:
    """Rounds twice, days that no calendar has, days out of order."""
    if len({rule["number"] for rule in rules}) < len(rules):
        yield "round_rules", _("ลำดับรอบซ้ำกัน")
    for rule in rules:
        place = f"round_rules[{rule['number']}]"
        try:
            days = [date.fromisoformat(rule[key]) for key in ("start", "end", "due") if rule.get(key)]
        except ValueError:
            yield place, _("ไม่มีวันที่นี้ในปฏิทิน")
            continue
        if days != sorted(days):
            yield place, _("วันของรอบต้องเรียงจากเริ่ม สิ้นสุด ถึงกำหนดส่ง")
        if bool(rule.get("start")) != bool(rule.get("end")):
            yield place, _("รอบต้องมีทั้งวันเริ่มและวันสิ้นสุด หรือไม่มีทั้งคู่")


def _step_defects(steps: list[dict[str, Any]]) -> Iterator[Defect]:
    numbers = [step["number"] for step in steps]
    if len(set(numbers)) < len(numbers):
        yield "steps", _("ลำดับขั้นซ้ำกัน")
    for step in steps:
        if step.get("implied_by") and step["implied_by"] not in numbers:
            yield f"steps[{step['number']}].implied_by", _("ไม่มีขั้นที่ %(number)s") % {"number": step["implied_by"]}


def weighed(row: dict[str, Any]) -> bool:
    """Whether an indicator carries a weight, in all years or in one."""
    return any(part.get("weight") for part in (row, *row["versions"].values()))


def weighed_above(row: dict[str, Any], by_code: dict[str, dict[str, Any]]) -> bool:
    """Whether anything above an indicator carries a weight; the tree must not have loops."""
    parent = by_code.get(row.get("parent") or "")
    return parent is not None and (weighed(parent) or weighed_above(parent, by_code))
