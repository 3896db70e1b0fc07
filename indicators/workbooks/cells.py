"""The input cells of a workbook: what stands in one, and which numbers somebody's text in one stands for.

A workbook is Thai whatever the language of the page is: its words are written here, not translated.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.grids.cells import Field, read, sentence_of
from indicators.grids.rows import GridRow
from indicators.wording import choice_text
from scoring.checks import PERCENT_UNITS
from scoring.numbers import format_number
from scoring.template import ItemKind, Template

Numbers = Mapping[str, Decimal | None]
CLEAR = "ลบ"  # typed into a cell, it takes the saved number away; an empty cell only leaves it alone
CLEARS = (CLEAR, "ลบค่า", "ลบออก", "delete")
LEFT_OUT = "ไม่เกี่ยวข้อง"
DONE, UNDONE = "ทำแล้ว", "ยังไม่ทำ"


class CellError(ValueError):
    """What stands in a cell cannot be taken; the message is a Thai sentence."""


def is_left_out(row: GridRow) -> bool:
    """The whole result is marked as not applicable: no numbers go into it."""
    return bool(row.result and row.result.is_not_applicable)


def may_be_left_out(field: Field) -> bool:
    return field.item is not None and field.item.may_be_na


def is_tick(field: Field) -> bool:
    return field.kind is ItemKind.TICK or field.item is None


def text_in(field: Field, data: Numbers) -> str:
    """What stands in the cell for these numbers: "33600.5", "A", "ทำแล้ว", "ไม่เกี่ยวข้อง"; empty for none."""
    if may_be_left_out(field) and field.item is not None and data.get(field.item.not_applicable):
        return LEFT_OUT
    value = data.get(field.code)
    if value is None:
        return ""
    if is_tick(field):
        return DONE if value else UNDONE
    word = field.item.word_of(value) if field.item and field.kind is ItemKind.CHOICE else ""
    return word or format_number(value, thousands=False)


def said(field: Field, text: str) -> str:
    """The text of a cell as the preview shows it: numbers in groups of three, choices with their points."""
    if field.kind is ItemKind.CHOICE and field.item is not None:
        points = field.item.points_of(text)
        return text if points is None else choice_text(field.item, points)
    if text in ("", LEFT_OUT, DONE, UNDONE):
        return text
    return format_number(Decimal(text)) if _is_plain(text) else text


def _is_plain(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal() and text.isascii()


def read_cell(template: Template, field: Field, text: str) -> dict[str, Decimal | None]:
    """The numbers that a text stands for, by code. CellError says what is wrong with it."""
    plain = " ".join(text.split())
    left_out = field.item.not_applicable if may_be_left_out(field) and field.item else ""
    if left_out and plain == LEFT_OUT:
        return {left_out: Decimal(1)}
    unmarked: dict[str, Decimal | None] = {left_out: None} if left_out else {}
    if plain.casefold() in CLEARS and not is_tick(field):
        return {field.code: None, **unmarked}
    try:
        return {field.code: read(template, field, _without_percent(template, field, plain)), **unmarked}
    except ValidationError as error:
        raise CellError(sentence_of(error)) from None


def _without_percent(template: Template, field: Field, text: str) -> str:
    """ "85%" is 85 where the item itself is a percentage; of anything else it cannot be said what it means."""
    if not text.endswith("%") or field.kind in (ItemKind.CHOICE, ItemKind.TICK):
        return text
    if field.unit.startswith(PERCENT_UNITS):
        return text[:-1].rstrip()
    raise CellError(_("“%(text)s” มีเครื่องหมายร้อยละ รายการนี้ให้พิมพ์จำนวนที่นับได้") % {"text": text[:40]})


def remark_of(row: GridRow, field: Field) -> str:
    """What the cell takes, in the words beside it."""
    item = field.item
    if is_tick(field) or item is None:
        return _("เลือก %(done)s หรือ %(undone)s") % {"done": DONE, "undone": UNDONE}
    if field.kind is ItemKind.CHOICE:
        return _("เลือก %(words)s") % {"words": " · ".join(choice_text(item, choice.points) for choice in item.choices)}
    parts = [_bounds(field), _part_of(row.template, field)]
    parts += [_("หรือ %(word)s") % {"word": LEFT_OUT}] if item.may_be_na else []
    parts += [_("เว้นว่างได้ ระบบคำนวณให้")] if field.derived else []
    return " ".join(filter(None, parts))


def limits_of(field: Field) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest number of the cell."""
    item = field.item
    if item is None:
        return None, None
    if field.kind is ItemKind.POINTS:
        return Decimal(0), item.full
    return item.minimum, item.maximum


def _bounds(field: Field) -> str:
    least, most = limits_of(field)
    facts = {"least": format_number(least), "most": format_number(most)}
    number = _("จำนวนเต็ม") if field.item and field.item.whole else _("ตัวเลข")
    if least is not None and most is not None:
        return number + " " + _("%(least)s ถึง %(most)s") % facts
    if least is not None:
        return number + " " + _("%(least)s ขึ้นไป") % facts
    return number + " " + _("ไม่เกิน %(most)s") % facts if most is not None else number


def _part_of(template: Template, field: Field) -> str:
    whole = template.item(field.item.at_most) if field.item and field.item.at_most else None
    return _("เป็นส่วนหนึ่งของ %(code)s") % {"code": whole.code} if whole else ""
