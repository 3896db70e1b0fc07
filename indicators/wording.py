"""What a stored number means in words: a tick, a choice, marks, not applicable; plain numbers stay numbers."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.numbers import format_number
from scoring.steps import Step, with_implied
from scoring.template import NOT_APPLICABLE, Item, ItemKind, Kind, Template

Numbers = Mapping[str, Decimal | None]


def said(template: Template, code: str, value: Decimal | None) -> str:
    """One value as people read it: "ทำแล้ว", "A (100)", "4 จาก 5", "33,600"; empty where it was not given."""
    if value is None:
        return ""
    if code.endswith(NOT_APPLICABLE):
        return _("ไม่เกี่ยวข้อง") if value else ""
    item = template.item(code)
    if item is not None:
        return _said_of(item, value)
    is_step = template.kind is Kind.MILESTONE
    return _done(value) if is_step else format_number(value)


def said_in(template: Template, code: str, data: Numbers) -> str:
    """An item's value among those of its round: "ไม่เกี่ยวข้อง" where it is marked so, whatever was typed."""
    if data.get(f"{code}{NOT_APPLICABLE}"):
        return _("ไม่เกี่ยวข้อง")
    return said(template, code, data.get(code))


def choice_text(item: Item, points: Decimal) -> str:
    """A word with its points: "A (100)". A yes or no has the points 1 and 0, which say nothing more."""
    is_yes_or_no = {each.points for each in item.choices} == {Decimal(0), Decimal(1)}
    word = item.word_of(points)
    return word if is_yes_or_no else f"{word} ({format_number(points)})"


def _said_of(item: Item, value: Decimal) -> str:
    if item.kind is ItemKind.TICK:
        return _done(value)
    if item.kind is ItemKind.CHOICE:
        return choice_text(item, value) if item.word_of(value) else format_number(value)
    if item.kind is ItemKind.POINTS and item.full is not None:
        return _("%(marks)s จาก %(full)s") % {"marks": format_number(value), "full": format_number(item.full)}
    return format_number(value)


def _done(value: Decimal) -> str:
    return _("ทำแล้ว") if value else _("ยังไม่ทำ")


# Steps that do not count yet


def step_states(template: Template, data: Numbers) -> dict[str, str]:
    """Of each step what a reader would not expect: ticked and yet not counted, or counted though not ticked."""
    steps = sorted(template.steps, key=lambda step: step.number) if template.kind is Kind.MILESTONE else []
    done = {step.number for step in steps if data.get(f"S{step.number}")}
    reached = with_implied(steps, done)
    return {f"S{number}": text for number, text in _states(steps, done, reached)}


def _states(steps: list[Step], done: set[int], reached: frozenset[int]) -> Iterator[tuple[int, str]]:
    lacking: list[str] = []
    for step in steps:
        if step.number not in reached:
            lacking.append(str(step.number))
        facts = {"number": step.number, "later": step.implied_by, "lacking": ", ".join(lacking)}
        if step.number in done and lacking:
            yield step.number, _("ขั้นที่ %(number)s ทำแล้วแต่ยังไม่นับ เพราะขั้นที่ %(lacking)s ยังไม่ทำ") % facts
        elif step.number in reached and step.number not in done:
            yield step.number, _("นับขั้นที่ %(number)s ว่าทำแล้ว เพราะทำขั้นที่ %(later)s แล้ว") % facts
