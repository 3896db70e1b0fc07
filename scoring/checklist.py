"""Checklists: marks added up by group, out of the full marks of what applies (DESIGN.md section 4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from .formula import Values
from .numbers import WIDE, exact, format_number
from .template import Group, Item, ItemKind, Measure, Template

ONE = Decimal(1)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Subtotal:
    """One group of a checklist, or the items without a group under an empty code.

    `full`: the full marks of what applies; `done`: how many items have earned theirs, of the `applicable`
    ones; `need`: how many the source asks for at least.
    """

    code: str
    name: str
    obtained: Decimal
    full: Decimal
    done: int
    applicable: int
    need: int | None = None
    all_or_nothing: bool = False

    @property
    def is_short(self) -> bool:
        """Whether fewer items are done than the group asks for."""
        return self.need is not None and self.done < min(self.need, self.applicable)


@dataclass(frozen=True)
class Breakdown:
    """What a checklist comes to so far. `value` is None while an item is `missing`, or where nothing applies."""

    groups: tuple[Subtotal, ...]
    obtained: Decimal
    full: Decimal
    done: int
    applicable: int
    missing: tuple[str, ...]
    not_applicable: tuple[str, ...]
    value: Fraction | None


def breakdown(template: Template, data: Values) -> Breakdown:
    """The subtotals and the total of what is given. It raises nothing: a mark that may not be is none."""
    groups = tuple(_subtotal(group, items, data) for group, items in _grouped(template))
    obtained, full = _sum(group.obtained for group in groups), _sum(group.full for group in groups)
    missing = _missing(template.items, data)
    return Breakdown(
        groups=groups,
        obtained=obtained,
        full=full,
        done=sum(group.done for group in groups),
        applicable=sum(group.applicable for group in groups),
        missing=missing,
        not_applicable=tuple(item.code for item in template.items if is_left_out(item, data)),
        value=None if missing else _value(template.measure, obtained, full),
    )


def is_left_out(item: Item, data: Values) -> bool:
    """Whether the item is marked as not applicable, and may be."""
    return item.may_be_na and data.get(item.not_applicable) == 1


def worth(item: Item) -> Decimal:
    """The full marks of an item; one mark where none are printed."""
    if item.full is not None:
        return item.full
    return max((choice.points for choice in item.choices), default=ONE)


def check_mark(item: Item, value: Decimal | None) -> str | None:
    """Why this cannot be the mark of the item, as a Thai sentence; None where it can."""
    if value is None:
        return None
    facts = {"code": item.code, "name": item.name, "value": format_number(value), "full": format_number(item.full)}
    if item.kind is ItemKind.TICK and value not in (0, 1):
        return _("%(code)s %(name)s เป็น %(value)s ต้องเป็น 0 (ยังไม่ทำ) หรือ 1 (ทำแล้ว)") % facts
    if item.kind is ItemKind.CHOICE and not item.word_of(value):
        return _("%(code)s %(name)s เป็น %(value)s ต้องเป็น %(words)s") % {**facts, "words": words_of(item)}
    if item.kind is ItemKind.POINTS and value < 0:
        return _("%(code)s %(name)s เป็น %(value)s คะแนนต้องไม่น้อยกว่า 0") % facts
    if item.kind is ItemKind.POINTS and item.full is not None and value > item.full:
        return _("%(code)s %(name)s เป็น %(value)s ต้องไม่เกินคะแนนเต็ม %(full)s") % facts
    return None


def check_not_applicable(item: Item, mark: Decimal | None) -> str | None:
    """Why the item cannot be marked so as not applicable, as a Thai sentence; None where it can."""
    facts = {"code": item.code, "name": item.name}
    if mark in (None, 0) or (mark == 1 and item.may_be_na):
        return None
    if item.may_be_na:
        return _("%(code)s %(name)s: เครื่องหมายไม่เกี่ยวข้องต้องเป็น 0 หรือ 1") % facts
    return _("%(code)s %(name)s ระบุว่าไม่เกี่ยวข้องไม่ได้ ต้องให้คะแนนข้อนี้") % facts


def words_of(item: Item) -> str:
    """What may be chosen, in the printed order: `A (100), B (80)`."""
    return ", ".join(f"{choice.label} ({format_number(choice.points)})" for choice in item.choices)


def refusals(template: Template, data: Mapping[str, Decimal | Fraction | None]) -> Iterator[tuple[str, str]]:
    """Each mark that may not be, as (code, sentence): such a checklist has no value."""
    for item in template.items:
        if sentence := check_not_applicable(item, _plain(data.get(item.not_applicable))):
            yield item.not_applicable, sentence
        if sentence := check_mark(item, _plain(data.get(item.code))):
            yield item.code, sentence


def _plain(mark: Decimal | Fraction | None) -> Decimal | None:
    """Marks are typed; a fraction could only come from adding up, and marks are not added up over rounds."""
    return WIDE.divide(Decimal(mark.numerator), Decimal(mark.denominator)) if isinstance(mark, Fraction) else mark


def _grouped(template: Template) -> Iterator[tuple[Group, list[Item]]]:
    """The groups that have items, those without a group first; a group that nobody declared keeps its code."""
    items: dict[str, list[Item]] = {}
    for item in template.items:
        items.setdefault(item.group, []).append(item)
    declared = {group.code: group for group in template.groups}
    for code in dict.fromkeys(("", *declared, *items)):
        if code in items:
            yield declared.get(code) or Group(code, code), items[code]


def _subtotal(group: Group, items: Sequence[Item], data: Values) -> Subtotal:
    applying = [item for item in items if not is_left_out(item, data)]
    marks = [(item, _mark(item, data)) for item in applying]
    done = sum(_is_done(item, mark) for item, mark in marks)
    if group.all_or_nothing:
        full = (ONE if group.full is None else group.full) if applying else NOTHING
        needed = min(group.need or len(applying), len(applying))
        obtained = full if done >= needed else NOTHING
    else:
        full = _sum(worth(item) for item in applying)
        obtained = _sum(_earned(item, mark) for item, mark in marks)
    return Subtotal(group.code, group.name, obtained, full, done, len(applying), group.need, group.all_or_nothing)


def _mark(item: Item, data: Values) -> Decimal | None:
    mark = _plain(data.get(item.code))
    return None if check_mark(item, mark) else mark


def _earned(item: Item, mark: Decimal | None) -> Decimal:
    if mark is None:
        return NOTHING
    return WIDE.multiply(mark, worth(item)) if item.kind is ItemKind.TICK else mark


def _is_done(item: Item, mark: Decimal | None) -> bool:
    """Ticked, or with full marks."""
    return mark is not None and mark >= (ONE if item.kind is ItemKind.TICK else worth(item))


def _missing(items: Sequence[Item], data: Values) -> tuple[str, ...]:
    """What must still be given. A tick that is not there is not done, once anything at all is given."""
    applying = [item for item in items if not is_left_out(item, data)]
    ungiven = [item for item in applying if data.get(item.code) is None]
    if len(ungiven) == len(items):
        return tuple(item.code for item in items)
    return tuple(item.code for item in ungiven if item.kind is not ItemKind.TICK)


def _value(measure: Measure, obtained: Decimal, full: Decimal) -> Fraction | None:
    if measure is Measure.POINTS:
        return exact(obtained)
    return exact(obtained) / exact(full) * 100 if full else None


def _sum(marks: Iterable[Decimal]) -> Decimal:
    total = NOTHING
    for mark in marks:
        total = WIDE.add(total, mark)
    return total
