"""The cells of a grid: what may be typed in one, and how what is saved reads in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.entry.boxes import item_box
from indicators.wording import choice_text
from scoring.numbers import format_number, from_thai_digits
from scoring.template import Item, ItemKind, Kind, Template

Numbers = Mapping[str, Decimal | None]
# Words that people put into a spreadsheet for done and not done.
DONE = ("1", "true", "yes", "y", "x", "✓", "✔", "ใช่", "ทำแล้ว", "ผ่าน")
UNDONE = ("0", "false", "no", "n", "-", "ไม่", "ไม่ใช่", "ยังไม่ทำ", "ไม่ผ่าน")


@dataclass(frozen=True)
class Field:
    """What one cell takes: a data item, or a step of a milestone."""

    code: str
    name: str
    unit: str
    kind: ItemKind
    item: Item | None = None
    derived: str = ""

    @property
    def label(self) -> str:
        """Name and unit, for a cell that stands alone."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def options(self) -> list[tuple[str, str]]:
        """The words of a choice, each with how it reads with its points."""
        return (
            [(choice.label, choice_text(self.item, choice.points)) for choice in self.item.choices] if self.item else []
        )


def fields_of(template: Template) -> tuple[Field, ...]:
    """The cells of a row, in the order of the template."""
    if template.kind is Kind.MILESTONE:
        return tuple(
            Field(f"S{step.number}", f"{step.number}. {step.text}", "", ItemKind.TICK) for step in template.steps
        )
    return tuple(Field(item.code, item.name, item.unit, item.kind, item, item.derived or "") for item in template.items)


def shown(field: Field, value: Decimal | None) -> str:
    """What stands in a cell: the number, the word, or "1" for a tick; what is typed and unchanged reads the same."""
    if value is None:
        return ""
    if field.kind is ItemKind.CHOICE and field.item is not None:
        return field.item.word_of(value) or format_number(value)
    return format_number(value)


def read(template: Template, field: Field, text: str) -> Decimal | None:
    """The number that a typed text stands for; None for an empty cell. ValidationError says what is wrong with it."""
    plain = text.strip()
    if field.kind is ItemKind.TICK or field.item is None:
        return _read_tick(plain)
    if field.kind is ItemKind.CHOICE:
        plain = _word(field, plain)
    return item_box(template, field.item).clean(plain)


def _word(field: Field, text: str) -> str:
    """The word where it was copied together with its points: "A (100)"."""
    for word, with_points in field.options:
        if text.casefold() == with_points.casefold():
            return word
    return from_thai_digits(text)


def _read_tick(text: str) -> Decimal | None:
    plain = from_thai_digits(text).casefold()
    if not plain:
        return None
    if plain in DONE or plain in UNDONE:
        return Decimal(plain in DONE)
    raise ValidationError(_("“%(text)s” ไม่ใช่ 1 (ทำแล้ว) หรือ 0 (ยังไม่ทำ)") % {"text": text[:40]})


def sentence_of(error: ValidationError) -> str:
    """What a ValidationError says, as one text."""
    return " ".join(error.messages)
