"""What the input cells of a workbook accept, as a spreadsheet checks it: lists to choose from, ranges of numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from indicators.actions import LARGEST
from indicators.grids.cells import Field
from indicators.workbooks.cells import CLEAR, DONE, LEFT_OUT, UNDONE, is_tick, limits_of, may_be_left_out
from indicators.workbooks.style import put
from scoring.numbers import format_number
from scoring.template import ItemKind

FEW_MARKS = 10  # an item of so many marks offers each of them


@dataclass(frozen=True)
class Rule:
    """One of `words`, or a number from `least` to `most`. `strict`: nothing else can be typed at all.

    Where it is not, the sheet asks whether one is sure: "ลบ" and Thai digits are typed into numbers too, and what
    is truly wrong is told when the file is sent.
    """

    words: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    whole: bool = False
    strict: bool = False

    @classmethod
    def of(cls, field: Field, text: str) -> "Rule":
        """The rule of a cell in which this text stands."""
        clear = (CLEAR,) if text else ()
        if is_tick(field):
            return cls((DONE, UNDONE, *((LEFT_OUT,) if may_be_left_out(field) else ())), strict=True)
        if field.kind is ItemKind.CHOICE and field.item is not None:
            return cls((*(choice.label for choice in field.item.choices), *clear), strict=True)
        least, most = limits_of(field)
        if may_be_left_out(field):
            return cls((*_marks(most), LEFT_OUT, *clear))
        return cls((), least, most, bool(field.item and field.item.whole))


def _marks(full: Decimal | None) -> tuple[str, ...]:
    if full is None or full != full.to_integral_value() or full > FEW_MARKS:
        return ("0", format_number(full, thousands=False)) if full is not None else ()
    return tuple(str(mark) for mark in range(int(full) + 1))


class Rulebook:
    """The rules of one sheet with their cells; the words of lists stand on a hidden sheet, once each."""

    def __init__(self, lists: "WordLists") -> None:
        self.lists = lists
        self._checks: dict[Rule, DataValidation] = {}

    def add(self, rule: Rule, coordinate: str) -> None:
        if rule not in self._checks:
            self._checks[rule] = self._check(rule)
        self._checks[rule].add(coordinate)

    @property
    def checks(self) -> Iterable[DataValidation]:
        return self._checks.values()

    def _check(self, rule: Rule) -> DataValidation:
        facts: dict[str, Any] = {
            "allow_blank": True,
            "showErrorMessage": True,
            "errorStyle": "stop" if rule.strict else "warning",
            "errorTitle": _("ตรวจช่องนี้อีกครั้ง"),
            "error": _sentence(rule),
        }
        if rule.words:
            return DataValidation(type="list", formula1=self.lists.place_of(rule.words), **facts)
        kind = "whole" if rule.whole else "decimal"
        least = -LARGEST if rule.least is None else rule.least
        most = LARGEST if rule.most is None else rule.most
        bounds = {"formula1": _plain(least), "formula2": _plain(most)}
        return DataValidation(type=kind, operator="between", **bounds, **facts)


def _plain(number: Decimal) -> str:
    return format_number(number, thousands=False)


def _sentence(rule: Rule) -> str:
    """What the sheet says to anything else; a spreadsheet shows no more than 255 characters."""
    if rule.words:
        return (_("เลือกจากรายการ: %(words)s") % {"words": " / ".join(rule.words)})[:250]
    facts = {"least": format_number(rule.least), "most": format_number(rule.most)}
    if rule.least is not None and rule.most is not None:
        wanted = _("ต้องเป็นตัวเลข %(least)s ถึง %(most)s") % facts
    elif rule.least is not None:
        wanted = _("ต้องเป็นตัวเลขตั้งแต่ %(least)s ขึ้นไป") % facts
    else:
        wanted = _("ต้องเป็นตัวเลข")
    return wanted + " " + _("หรือพิมพ์ %(clear)s เพื่อลบค่าที่บันทึกไว้") % {"clear": CLEAR}


class WordLists:
    """Lists of words, each a column of the hidden sheet; the same list is written once."""

    FIRST = 3  # the first column of a list: those before hold the stamp

    def __init__(self, sheet: Any, title: str) -> None:
        self.sheet, self.title = sheet, title
        self._places: dict[tuple[str, ...], str] = {}

    def place_of(self, words: tuple[str, ...]) -> str:
        """Where the words are, as a spreadsheet refers to it."""
        if words not in self._places:
            column = self.FIRST + len(self._places)
            for number, word in enumerate(words, start=1):
                put(self.sheet.cell(number, column), word)
            letter = get_column_letter(column)
            self._places[words] = f"{quote_sheetname(self.title)}!${letter}$1:${letter}${len(words)}"
        return self._places[words]
