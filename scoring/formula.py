"""The formula language over data items (DESIGN.md section 4): read once, computed exactly.

Numbers, item names, + - * /, parentheses, comparisons (true 1, false 0) and the functions sum, mean,
min, max, abs, round, count and if; ``X : Y`` is a pair of percentages of which the first is scored.
A formula is compiled to closures over pairs of integers (numerator, denominator > 0): exact like
fractions, but not reduced at every step.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from math import gcd

from django.utils.translation import gettext as _

from .numbers import format_exact, format_number
from .syntax import (
    Call,
    Chain,
    Comparison,
    FormulaError,
    Name,
    Negative,
    Node,
    Number,
    Parser,
    names_in,
    print_node,
)

__all__ = ["CannotCompute", "Formula", "FormulaError", "NoCases", "Outcome", "evaluate", "parse_formula"]

Values = Mapping[str, Decimal | Fraction | None]
Ratio = tuple[int, int]
Run = Callable[[Values], Ratio]

PERCENT = 100
MAX_NUMBER_DIGITS = 400
LIMIT: int = 10**MAX_NUMBER_DIGITS
MAX_ROUND_DECIMALS = 15


class CannotCompute(Exception):
    """There is no value: a division by zero, an item not given, a number too large.

    ``message`` is a Thai sentence; ``items`` are the data items at fault, ``item`` the first of them.
    """

    def __init__(self, message: str, *items: str) -> None:
        super().__init__(message)
        self.message = message
        self.items = items

    @property
    def item(self) -> str | None:
        return self.items[0] if self.items else None


class NoCases(Exception):
    """0 divided by 0: there was nothing to measure, which counts as not applicable."""

    def __init__(self, message: str, *items: str) -> None:
        super().__init__(message)
        self.message = message
        self.items = items

    @property
    def item(self) -> str | None:
        return self.items[0] if self.items else None


@dataclass(frozen=True)
class Outcome:
    """What a formula comes to, unrounded; `second` is the other half of a pair."""

    value: Fraction
    second: Fraction | None = None


@dataclass(frozen=True)
class Formula:
    """A formula that was read. Two formulas are equal when they say the same, however they are spaced."""

    text: str = field(compare=False)
    root: Node
    second: Node | None = None

    def __reduce__(self) -> tuple[object, ...]:
        # Closures do not pickle; the text does.
        return parse_formula, (self.text,)

    @cached_property
    def ordered_names(self) -> tuple[str, ...]:
        """The item names, each once, as they are first read."""
        found = names_in(self.root) + (names_in(self.second) if self.second else ())
        return tuple(dict.fromkeys(found))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.ordered_names)

    @property
    def is_pair(self) -> bool:
        return self.second is not None

    @cached_property
    def run(self) -> Run:
        """The scored number as a function of the items, in percent where the formula is a pair."""
        return _percent(_compiled(self.root)) if self.second else _compiled(self.root)

    @cached_property
    def run_second(self) -> Run | None:
        return _percent(_compiled(self.second)) if self.second else None

    def print(self) -> str:
        """The canonical text, which reads back as an equal formula."""
        return self._printed({})

    def with_numbers(self, values: Values) -> str:
        """The formula with the numbers in it, "33/40*100"; an item that is not given keeps its name."""
        given = {name: values.get(name) for name in self.ordered_names}
        return self._printed({name: _operand(value) for name, value in given.items() if value is not None})

    def _printed(self, numbers: dict[str, str]) -> str:
        if self.second is None:
            return print_node(self.root, numbers)
        return ":".join(f"({print_node(half, numbers)})" for half in (self.root, self.second))


def _operand(value: Decimal | Fraction) -> str:
    text = format_exact(value) if isinstance(value, Fraction) else format_number(value, thousands=False)
    return f"({text})" if value < 0 else text


@lru_cache(maxsize=1024)
def parse_formula(text: str) -> Formula:
    """Read a formula. FormulaError, which names the place, for whatever else is in the text."""
    root, second = Parser(text).parse()
    formula = Formula(text, root, second)
    try:
        # The canonical text may be longer or deeper by a little; where that is too much, so is this one.
        Parser(formula.print()).parse()
    except FormulaError as error:
        raise FormulaError(error.message, text, len(text)) from None
    return formula


def evaluate(formula: Formula, values: Values) -> Outcome:
    """Compute a formula exactly.

    CannotCompute where an item is missing, a denominator is zero or a number grows past all measure;
    NoCases for 0/0.
    """
    value = Fraction(*formula.run(values))
    second = formula.run_second
    return Outcome(value, Fraction(*second(values)) if second else None)


def rounded_units(ratio: Ratio, decimals: int) -> int:
    """A ratio rounded half-up (halves away from zero), in units of the last of `decimals` places."""
    numerator, denominator = ratio
    scale: int = 10**decimals
    units = (2 * abs(numerator) * scale + denominator) // (2 * denominator)
    return units if numerator >= 0 else -units


def _bounded(numerator: int, denominator: int) -> Ratio:
    """The ratio itself, reduced where it grew long. CannotCompute where that does not help."""
    if -LIMIT < numerator < LIMIT and denominator < LIMIT:
        return numerator, denominator
    common = gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    if abs(numerator) >= LIMIT or denominator >= LIMIT:
        raise CannotCompute(_("คำนวณไม่ได้ เพราะตัวเลขระหว่างคำนวณใหญ่เกินไป"))
    return numerator, denominator


def _compiled(node: Node) -> Run:
    match node:
        case Number(value):
            constant = value.as_integer_ratio()
            return lambda values: constant
        case Name(name):
            return _item(name)
        case Negative(operand):
            return _negative(_compiled(operand))
        case Chain():
            return _sum_chain(node) if node.is_sum else _product_chain(node)
        case Comparison():
            return _comparison(node)
    return FUNCTION_COMPILERS[node.function](node)


def _percent(run: Run) -> Run:
    def percent(values: Values) -> Ratio:
        numerator, denominator = run(values)
        return _bounded(numerator * PERCENT, denominator)

    return percent


def _item(name: str) -> Run:
    def item(values: Values) -> Ratio:
        value = values.get(name)
        if value is None:
            raise CannotCompute(_("คำนวณไม่ได้ เพราะยังไม่มีค่าของ %(item)s") % {"item": name}, name)
        # 1E+999999 would become an integer of a million digits, so the exponent is looked at first.
        if type(value) is Decimal and not -MAX_NUMBER_DIGITS < value.adjusted() < MAX_NUMBER_DIGITS:
            raise _unusable(name)
        try:
            ratio = value.as_integer_ratio()
        except (ValueError, OverflowError):  # NaN, Infinity
            raise _unusable(name) from None
        return ratio if -LIMIT < ratio[0] < LIMIT and ratio[1] < LIMIT else _bounded(*ratio)

    return item


def _unusable(name: str) -> CannotCompute:
    return CannotCompute(_("คำนวณไม่ได้ เพราะค่าของ %(item)s ไม่ใช่จำนวนที่ใช้ได้") % {"item": name}, name)


def _negative(run: Run) -> Run:
    def negative(values: Values) -> Ratio:
        numerator, denominator = run(values)
        return -numerator, denominator

    return negative


def _sum_chain(node: Chain) -> Run:
    first = _compiled(node.first)
    rest = [(1 if sign == "+" else -1, _compiled(operand)) for sign, operand in node.rest]

    def run(values: Values) -> Ratio:
        numerator, denominator = first(values)
        for sign, operand in rest:
            numerator, denominator = _added(numerator, denominator, sign, operand(values))
        return numerator, denominator

    return run


def _added(numerator: int, denominator: int, sign: int, other: Ratio) -> Ratio:
    if denominator == other[1]:
        return _bounded(numerator + sign * other[0], denominator)
    return _bounded(numerator * other[1] + sign * other[0] * denominator, denominator * other[1])


def _product_chain(node: Chain) -> Run:
    factors = [("*", node.first), *node.rest]
    constant = Fraction(1)
    runs: list[tuple[Node | None, Run]] = []
    for sign, operand in factors:
        # The numbers of a formula (100, for the most part) are multiplied out beforehand. A zero is not:
        # which item is at fault depends on where it stands.
        if isinstance(operand, Number) and operand.value and constant.numerator * constant.denominator < LIMIT:
            constant *= Fraction(operand.value) if sign == "*" else 1 / Fraction(operand.value)
        else:
            runs.append((operand if sign == "/" else None, _compiled(operand)))
    start = constant.as_integer_ratio()

    def run(values: Values) -> Ratio:
        numerator, denominator = start
        for divisor, operand in runs:
            over, under = operand(values)
            if divisor is not None:
                if not over:
                    raise _zero_denominator(divisor, values, numerator)
                over, under = (under, over) if over > 0 else (-under, -over)
            numerator *= over
            denominator *= under
            if not (-LIMIT < numerator < LIMIT and denominator < LIMIT):
                numerator, denominator = _bounded(numerator, denominator)
        return numerator, denominator

    return run


def _zero_denominator(divisor: Node, values: Values, numerator: int) -> CannotCompute | NoCases:
    names = names_in(divisor)
    # Of B*C name the one that is zero; of A-B, where neither is, name both.
    # Asked as "not", for an item of a branch that was not taken may be no number at all, which compares to nothing.
    items = tuple(name for name in names if (value := values.get(name)) is not None and not value) or names
    facts = {"items": ", ".join(items) or print_node(divisor, {})}
    if not numerator:
        return NoCases(_("ไม่มีกรณีให้คำนวณ เพราะตัวตั้งและตัวหาร (%(items)s) เป็นศูนย์") % facts, *items)
    return CannotCompute(_("คำนวณไม่ได้ เพราะตัวหาร (%(items)s) เป็นศูนย์") % facts, *items)


COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


def _comparison(node: Comparison) -> Run:
    left, right, holds = _compiled(node.left), _compiled(node.right), COMPARE[node.operator]

    def comparison(values: Values) -> Ratio:
        (a, b), (c, d) = left(values), right(values)
        return int(holds(a * d, c * b)), 1

    return comparison


def _with_cases(runs: list[Run], values: Values) -> list[Fraction]:
    """What the arguments come to, without the groups that have no cases. NoCases where none is left."""
    found = []
    empty: list[NoCases] = []
    for run in runs:
        try:
            found.append(Fraction(*run(values)))
        except NoCases as error:
            empty.append(error)
    if not found:
        raise empty[0]
    return found


def _aggregate(combine: Callable[[list[Fraction]], Fraction]) -> Callable[[Call], Run]:
    def compiler(node: Call) -> Run:
        runs = [_compiled(argument) for argument in node.arguments]
        return lambda values: _bounded(*combine(_with_cases(runs, values)).as_integer_ratio())

    return compiler


def _total(numbers: list[Fraction]) -> Fraction:
    numerator, denominator = 0, 1
    for number in numbers:
        numerator, denominator = _added(numerator, denominator, 1, number.as_integer_ratio())
    return Fraction(numerator, denominator)


def _absolute(node: Call) -> Run:
    run = _compiled(node.arguments[0])

    def absolute(values: Values) -> Ratio:
        numerator, denominator = run(values)
        return abs(numerator), denominator

    return absolute


def _rounding(node: Call) -> Run:
    run, *places = [_compiled(argument) for argument in node.arguments]

    def rounding(values: Values) -> Ratio:
        ratio = run(values)
        decimals = Fraction(*places[0](values)) if places else Fraction(0)
        if decimals.denominator != 1 or not 0 <= decimals <= MAX_ROUND_DECIMALS:
            raise CannotCompute(
                _("คำนวณไม่ได้ เพราะจำนวนทศนิยมของ round ต้องเป็น 0 ถึง %(most)s") % {"most": MAX_ROUND_DECIMALS}
            )
        return _bounded(rounded_units(ratio, int(decimals)), 10 ** int(decimals))

    return rounding


def _choice(node: Call) -> Run:
    condition, then, otherwise = (_compiled(argument) for argument in node.arguments)
    # Only the branch that is taken is computed: if(B>0, A/B, 0) does not divide by zero.
    return lambda values: then(values) if condition(values)[0] else otherwise(values)


FUNCTION_COMPILERS: dict[str, Callable[[Call], Run]] = {
    "sum": _aggregate(_total),
    "mean": _aggregate(lambda numbers: _total(numbers) / len(numbers)),
    "min": _aggregate(min),
    "max": _aggregate(max),
    "count": _aggregate(lambda numbers: Fraction(len(numbers))),
    "abs": _absolute,
    "round": _rounding,
    "if": _choice,
}
