"""Defects of a plan file that its shape does not show: what one part of a template says of another.

Each is a pair: the place within the template, and a sentence.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from strategy.periods import as_at_period

Defect = tuple[str, str]


def version_defects(version: dict[str, Any], year: int) -> Iterator[Defect]:
    """What is wrong with one year's template beyond its formula and its notations."""
    yield from _round_defects(version, year)
    yield from _item_defects(version.get("data_items") or {})
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
