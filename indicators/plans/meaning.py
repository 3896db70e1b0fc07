"""Defects of a plan file that its shape does not show: what one part of a template says of another.

Each is a pair: the place within the template, and a sentence.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from scoring.score import VERDICT
from scoring.template import NOT_APPLICABLE
from strategy.periods import Frequency, as_at_period, fiscal_year_of, periods_of

Defect = tuple[str, str]
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
LONGEST_CODE = 20  # of an item with its mark, as the record keeps it


def version_defects(version: dict[str, Any], year: int) -> Iterator[Defect]:
    """What is wrong with one year's template beyond its formula and its notations."""
    yield from _round_defects(version, year)
    yield from _item_defects(version.get("data_items") or {})
    yield from _code_defects(version)
    yield from _asked_by_kind(version)
    yield from _group_defects(version)
    yield from _step_defects(version.get("steps") or [])
    yield from _band_defects(version)


def _band_defects(version: dict[str, Any]) -> Iterator[Defect]:
    """What is said of a level that has no band would be lost: it belongs to the band's row."""
    sentences = {
        "band_corrections": _("แก้เกณฑ์ของระดับที่ไม่มีใน bands"),
        "band_words": _("แปลผลของระดับที่ไม่มีใน bands"),
        "band_descriptions": _("คำอธิบายของระดับที่ไม่มีใน bands"),
    }
    for key, sentence in sentences.items():
        for level, said in (version.get(key) or {}).items():
            if said and level not in version.get("bands", {}):
                yield f"{key}.{level}", sentence


def _round_defects(version: dict[str, Any], year: int) -> Iterator[Defect]:
    rules = version.get("round_rules") or []
    try:
        as_at = as_at_period(year, version.get("rounds") or [])
    except ValueError as error:  # a day that no calendar has, or days out of order
        yield "rounds", str(error)
        return
    found = list(_rule_defects(rules))
    yield from found
    if found:
        return
    if any(rule.get("start") for rule in rules):
        yield from _dated_defects(rules, year)
    else:
        periods = as_at or periods_of(year, Frequency(version.get("frequency") or Frequency.MONTHLY))
        yield from _undated_defects(rules, {period.number: period.end for period in periods})


def _item_defects(items: dict[str, Any]) -> Iterator[Defect]:
    for code, item in items.items():
        if item.get("at_most") and item["at_most"] not in items:
            yield f"data_items.{code}.at_most", _("ไม่มีรายการข้อมูลรหัส %(code)s") % {"code": item["at_most"]}
        yield from _kind_defects(code, item)
        yield from _mark_defects(code, item)


def _mark_defects(code: str, item: dict[str, Any]) -> Iterator[Defect]:
    """The code of the mark that an item does not apply is kept beside the item's own."""
    place, facts = f"data_items.{code}", {"end": NOT_APPLICABLE, "limit": LONGEST_CODE - len(NOT_APPLICABLE)}
    if code.upper().endswith(NOT_APPLICABLE):
        yield place, _("รหัสรายการข้อมูลลงท้ายด้วย %(end)s ไม่ได้ ใช้บันทึกว่าไม่เกี่ยวข้อง") % facts
    if item.get("may_be_na") and len(code) > facts["limit"]:
        yield place, _("รหัสของรายการที่ระบุว่าไม่เกี่ยวข้องได้ยาวได้ไม่เกิน %(limit)d ตัวอักษร") % facts


def _code_defects(version: dict[str, Any]) -> Iterator[Defect]:
    """Items, steps (S1 …) and groups share one list of codes; people type them in any case."""
    steps = [f"S{step['number']}" for step in version.get("steps") or []]
    groups = [group["code"] for group in version.get("groups") or []]
    for code, count in Counter(text.upper() for text in (version.get("data_items") or {})).items():
        if count > 1:
            yield "data_items", _("รหัสรายการข้อมูล %(code)s ต่างกันเพียงตัวพิมพ์เล็กใหญ่ หรือซ้ำกัน") % {"code": code}
    for code in set(steps) & {*(version.get("data_items") or {}), *groups}:
        yield "steps", _("รหัส %(code)s เป็นทั้งขั้นความสำเร็จและรายการอื่น") % {"code": code}


def _asked_by_kind(version: dict[str, Any]) -> Iterator[Defect]:
    """What the kind of measure asks of its items."""
    items = version.get("data_items") or {}
    for code, item in items.items() if version.get("kind") == "checklist" else ():
        if item.get("kind", "number") == "number":
            yield f"data_items.{code}.kind", _("รายการของ checklist ต้องเป็น tick, points หรือ choice")
    if version.get("kind") == "pass_share" and len(items) < 2:
        yield "data_items", _("ตัวชี้วัดนี้ต้องมีรายการข้อมูลสองรายการ คือ จำนวนที่ผ่านเกณฑ์ และจำนวนทั้งหมด")
    if version.get("kind") == "qualitative" and items and not _is_verdict(items.get(VERDICT)):
        yield "data_items", _("ตัวชี้วัดเชิงคุณภาพต้องมีรายการ P แบบ choice ที่มีคะแนน 1 (ผ่าน) และ 0 (ไม่ผ่าน)")


def _is_verdict(item: dict[str, Any] | None) -> bool:
    if item is None or item.get("kind") != "choice":
        return False
    return {Decimal(choice["points"]) for choice in item.get("choices") or ()} == {Decimal(0), Decimal(1)}


def _kind_defects(code: str, item: dict[str, Any]) -> Iterator[Defect]:
    """What an item's kind asks for: words with points of their own, marks."""
    kind, place = item.get("kind", "number"), f"data_items.{code}"
    points = [choice["points"] for choice in item.get("choices") or ()]
    words = [choice["label"].strip().casefold() for choice in item.get("choices") or ()]
    if "" in words or len(set(words)) < len(words):
        yield f"{place}.choices", _("คำของตัวเลือกต้องไม่ว่างและไม่ซ้ำกัน (ตัวพิมพ์เล็กใหญ่นับเป็นคำเดียวกัน)")
    if kind == "choice" and len({Decimal(text) for text in points}) < max(2, len(points)):
        yield f"{place}.choices", _("รายการแบบตัวเลือกต้องมีอย่างน้อยสองตัวเลือก และแต่ละตัวเลือกต้องมีคะแนนไม่ซ้ำกัน")
    if kind == "points" and not item.get("full"):
        yield f"{place}.full", _("รายการแบบคะแนนต้องมีคะแนนเต็ม")
    if _is_negative(item.get("full")):
        yield f"{place}.full", _("คะแนนเต็มต้องไม่น้อยกว่า 0")
    if kind == "choice" and item.get("full") and max(map(Decimal, points), default=0) > Decimal(item["full"]):
        yield f"{place}.choices", _("คะแนนของตัวเลือกเกินคะแนนเต็มของรายการ")


def _is_negative(text: str | None) -> bool:
    return text is not None and Decimal(text) < 0


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
        if _is_negative(group.get("full")):
            yield f"groups[{group['code']}].full", _("คะแนนเต็มต้องไม่น้อยกว่า 0")


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


def _dated_defects(rules: list[dict[str, Any]], year: int) -> Iterator[Defect]:
    """Rounds by their own days: all of them dated, within the year, one after the other by their numbers."""
    for rule in rules:
        place = f"round_rules[{rule['number']}]"
        if not rule.get("start"):
            yield place, _("รอบนี้ไม่มีวันเริ่มและวันสิ้นสุด ทั้งที่รอบอื่นมี จึงไม่มีรอบให้รายงาน")
        elif {fiscal_year_of(date.fromisoformat(rule[key])) for key in ("start", "end")} != {year}:
            yield place, _("วันของรอบต้องอยู่ในปีงบประมาณ %(year)d") % {"year": year}
    dated = sorted((rule for rule in rules if rule.get("start")), key=lambda rule: rule["number"])
    for before, after in pairwise(dated):
        if after["start"] <= before["end"]:
            yield f"round_rules[{after['number']}]", _("รอบนี้ต้องเริ่มหลังรอบก่อนหน้าสิ้นสุด")
    yield from _due_defects(rules, {rule["number"]: date.fromisoformat(rule["end"]) for rule in dated})


def _undated_defects(rules: list[dict[str, Any]], ends: dict[int, date]) -> Iterator[Defect]:
    """What is said of a round by its number alone; `ends`: the days on which the year's rounds end."""
    for rule in rules:
        if rule["number"] not in ends:
            facts = {"number": rule["number"], "last": max(ends)}
            yield f"round_rules[{rule['number']}]", _("ไม่มีรอบที่ %(number)d (ปีนี้มี %(last)d รอบ)") % facts
    yield from _due_defects(rules, ends)


def _due_defects(rules: list[dict[str, Any]], ends: dict[int, date]) -> Iterator[Defect]:
    for rule in rules:
        end = ends.get(rule["number"])
        if end and rule.get("due") and date.fromisoformat(rule["due"]) < end:
            yield f"round_rules[{rule['number']}]", _("วันของรอบต้องเรียงจากเริ่ม สิ้นสุด ถึงกำหนดส่ง")


def _step_defects(steps: list[dict[str, Any]]) -> Iterator[Defect]:
    numbers = [step["number"] for step in steps]
    if len(set(numbers)) < len(numbers):
        yield "steps", _("ลำดับขั้นซ้ำกัน")
    for step in steps:
        if step.get("implied_by") and step["implied_by"] not in numbers:
            yield f"steps[{step['number']}].implied_by", _("ไม่มีขั้นที่ %(number)s") % {"number": step["implied_by"]}
        elif step.get("implied_by") and step["implied_by"] <= step["number"]:
            yield f"steps[{step['number']}].implied_by", _("ขั้นที่ถือว่าทำแล้วตามขั้นอื่น ต้องตามขั้นที่มาทีหลัง")


def weighed(row: dict[str, Any]) -> bool:
    """Whether an indicator carries a weight, in all years or in one."""
    return any(part.get("weight") for part in (row, *row["versions"].values()))


def weighed_above(row: dict[str, Any], by_code: dict[str, dict[str, Any]]) -> bool:
    """Whether anything above an indicator carries a weight; the tree must not have loops."""
    parent = by_code.get(row.get("parent") or "")
    return parent is not None and (weighed(parent) or weighed_above(parent, by_code))


def unwritable(data: Any, path: str = "") -> Iterator[Defect]:
    """Texts that no database keeps: with a NUL, or with half of a character. Each with its path."""
    if isinstance(data, str):
        if _UNWRITABLE.search(data):
            yield path, _("ข้อความมีอักขระที่บันทึกไม่ได้ (NUL หรืออักขระที่ไม่สมบูรณ์)")
        return
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(data, dict):
        parts = data.items()
    elif isinstance(data, list):
        parts = enumerate(data)
    for key, value in parts:
        yield from unwritable(key, f"{path}.{key!a}".lstrip("."))
        yield from unwritable(value, f"{path}.{key}".lstrip("."))
