"""Between which values a formula can come out, from what its items may be: interval arithmetic over its tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .formula import Formula, FormulaError, parse_formula
from .syntax import Call, Chain, Comparison, Name, Negative, Node, Number, names_in
from .template import Accumulation, Item, ItemKind

PERCENT = 100


@dataclass(frozen=True)
class Span:
    """The least and the greatest value, None where there is no end; `whole` where only whole numbers come out."""

    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False

    @property
    def not_negative(self) -> bool:
        return self.low is not None and self.low >= 0


ANY = Span()
TRUTH = Span(Fraction(0), Fraction(1), whole=True)
SHARE = Span(Fraction(0), Fraction(1))


def item_span(item: Item) -> Span:
    """What one item may be over a year. A limit for one entry is none for the sum of twelve."""
    if item.kind is ItemKind.TICK:
        return TRUTH
    if item.kind is ItemKind.CHOICE and item.choices:
        points = [Fraction(choice.points) for choice in item.choices]
        return Span(min(points), max(points), all(p.denominator == 1 for p in points))
    if item.kind is ItemKind.POINTS:
        return Span(Fraction(0), Fraction(item.full) if item.full is not None else None)
    return _number_span(item)


def _number_span(item: Item) -> Span:
    adds_up = item.accumulation is Accumulation.SUM
    low = None if item.minimum is None else Fraction(item.minimum)
    high = None if item.maximum is None or adds_up else Fraction(item.maximum)
    if adds_up and low is not None and low < 0:
        low = None
    return Span(low, high, item.whole and item.accumulation is not Accumulation.MEAN)


def formula_span(formula: Formula, items: Mapping[str, Item]) -> Span:
    """Between which values the formula's first number lies."""
    span = _span(formula.root, items)
    return _product(span, Span(Fraction(PERCENT), Fraction(PERCENT), whole=True)) if formula.is_pair else span


def _span(node: Node, items: Mapping[str, Item]) -> Span:
    match node:
        case Number(value):
            number = Fraction(value)
            return Span(number, number, number.denominator == 1)
        case Name(name):
            return item_span(items[name]) if name in items else ANY
        case Negative(operand):
            return _negated(_span(operand, items))
        case Chain():
            return _sum_chain(node, items) if node.is_sum else _product_chain(node, items)
        case Comparison():
            return TRUTH
    return _call(node, items)


def _negated(span: Span) -> Span:
    low = None if span.high is None else -span.high
    return Span(low, None if span.low is None else -span.low, span.whole)


def _sum(left: Span, right: Span) -> Span:
    low = None if left.low is None or right.low is None else left.low + right.low
    high = None if left.high is None or right.high is None else left.high + right.high
    return Span(low, high, left.whole and right.whole)


def _sum_chain(node: Chain, items: Mapping[str, Item]) -> Span:
    total = _span(node.first, items)
    for sign, operand in node.rest:
        span = _span(operand, items)
        total = _sum(total, span if sign == "+" else _negated(span))
    return total


def _product(left: Span, right: Span) -> Span:
    whole = left.whole and right.whole
    ends = [end for end in (left.low, left.high, right.low, right.high) if end is not None]
    if len(ends) == 4:
        products = [
            a * b for a in (left.low, left.high) for b in (right.low, right.high) if a is not None if b is not None
        ]
        return Span(min(products), max(products), whole)
    if left.not_negative and right.not_negative and left.low is not None and right.low is not None:
        return Span(left.low * right.low, None, whole)
    return Span(whole=whole)


def _quotient(left: Span, right: Span) -> Span:
    if right.low is not None and right.low > 0:
        inverse = Span(Fraction(0) if right.high is None else 1 / right.high, 1 / right.low)
        return _product(left, inverse)
    return Span(Fraction(0)) if left.not_negative and right.not_negative else ANY


def _product_chain(node: Chain, items: Mapping[str, Item]) -> Span:
    """A part over its whole is between 0 and 1, wherever in the product the two stand."""
    over = [node.first, *(operand for sign, operand in node.rest if sign == "*")]
    under = [operand for sign, operand in node.rest if sign == "/"]
    spans = []
    for operand in list(under):
        part = next((each for each in over if _is_part(each, operand, items)), None)
        if part is not None:
            over.remove(part)
            under.remove(operand)
            spans.append(SHARE)
    total = Span(Fraction(1), Fraction(1), whole=True)
    for span in [*spans, *(_span(operand, items) for operand in over)]:
        total = _product(total, span)
    for operand in under:
        total = _quotient(total, _span(operand, items))
    return Span(total.low, total.high, total.whole and not under)


def _is_part(part: Node, of: Node, items: Mapping[str, Item]) -> bool:
    """Whether one item counts a part of another: it may not exceed it, or the other is the sum that it is in."""
    if not isinstance(part, Name) or part.name not in items or not item_span(items[part.name]).not_negative:
        return False
    if not isinstance(of, Name) or of.name not in items:
        return isinstance(of, Chain) and _is_sum_with(of, part.name, items)
    whole = items[of.name]
    if items[part.name].at_most == whole.code:
        return True
    root = _derived(whole)
    return isinstance(root, Chain) and _is_sum_with(root, part.name, items)


def _is_sum_with(node: Chain, name: str, items: Mapping[str, Item]) -> bool:
    return (
        node.is_sum
        and all(sign == "+" for sign, _operand in node.rest)
        and Name(name) in (node.first, *(operand for _sign, operand in node.rest))
        and all(each in items and item_span(items[each]).not_negative for each in names_in(node))
    )


def _derived(item: Item) -> Node | None:
    try:
        return parse_formula(item.derived).root if item.derived else None
    except FormulaError:
        return None


def _call(node: Call, items: Mapping[str, Item]) -> Span:
    spans = [_span(argument, items) for argument in node.arguments]
    match node.function:
        case "sum":
            total = spans[0]
            for span in spans[1:]:
                total = _sum(total, span)
            return total
        case "mean":
            return Span(*_outer(spans))
        case "count":
            return Span(Fraction(1), Fraction(len(spans)), whole=True)
        case "abs":
            return _absolute(spans[0])
        case "round":
            return Span(spans[0].low, spans[0].high, spans[0].whole or len(spans) == 1)
        case "if":
            spans = spans[1:]
    return Span(*_outer(spans), whole=all(span.whole for span in spans))


def _outer(spans: list[Span]) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest of several; also for min and max, where that is wider than need be."""
    lows, highs = [span.low for span in spans], [span.high for span in spans]
    known_lows, known_highs = [n for n in lows if n is not None], [n for n in highs if n is not None]
    low = min(known_lows) if len(known_lows) == len(lows) else None
    return low, max(known_highs) if len(known_highs) == len(highs) else None


def _absolute(span: Span) -> Span:
    if span.not_negative:
        return span
    ends = [abs(end) for end in (span.low, span.high) if end is not None]
    return Span(Fraction(0), max(ends) if len(ends) == 2 else None, span.whole)
