"""What is odd about a round beside the rounds before it, as Thai sentences that name the numbers.

Nothing here is wrong for sure, so nothing is refused: the person who reports says in a comment why it is so.

**A value far outside.** The value is held against the last (up to) 12 values of the same unit, at least 4. With the
median m of these and their MAD (the median of the distances from m), it is far outside where it lies beyond all
of them and

- its distance from m is more than 5 MAD (8 MAD while there are fewer than 8 values), 10 % of m, and what chance does
  to the counts behind it, and
- it is more than 10 % of m beyond the nearest of them.

Median and MAD do not move when one old value was wrong, unlike mean and standard deviation; for the usual scatter 5
MAD are 3.4 standard deviations. Few values make a small MAD by luck, hence the 8. A series that hardly moves has a MAD
of (almost) 0, hence the 10 %. Small counts jump without a reason: a count of n is left alone within 3 √n (at least
3, also around 0), and of a part with its whole the rarer side is what counts (2 of 400 not seen in time, or 398
seen). Nearness to any one of the values is enough to be let off, so that a change that was explained once does not
ask again every month. Simulated on steady series of 12 values it asks in at most 3 of 100 rounds for nothing, and of
slips by a factor of ten it misses none where the series scatters by a tenth (the tests do it again).

**A denominator that drifts**: an item that is divided by, or that another is a part of, is more than 50 % off the
median of its last values, beyond all of them by as much, and beyond chance. Here 3 values are enough.

**A jump** of 3 levels or more against the round before, where the template has levels to jump over.

**The same numbers again**: every number is that of the round before, and one that adds up over the year (a count of
its own each time, not a stock) is 10 or more; smaller counts are equal by chance every day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, isqrt
from statistics import median

from django.utils.translation import gettext as _

from .explain import Score
from .explanation import Warning_
from .formula import CannotCompute, FormulaError, NoCases
from .numbers import exact, format_number, round_half_up
from .syntax import Chain, Node, children, names_in
from .template import Accumulation, Item, ItemKind, Kind, Template

Numbers = Mapping[str, Decimal | None]

MOST = 12  # rounds that are looked at
LEAST_VALUES = 4
LEAST_COUNTS = 3
FEW = 8  # values, below which their MAD says little
MADS, MADS_OF_FEW = 5, 8
NEAR = Fraction(1, 10)  # of the median
DRIFT = Fraction(1, 2)
CHANCE = 3  # standard deviations of a count
JUMP = 3  # levels
COUNTED = 10  # from which on the same count again is no accident
NAMED = 4  # numbers in a sentence


@dataclass(frozen=True)
class PastRound:
    """An earlier round of the same indicator and unit: what it is called, what it came to, what was typed."""

    label: str
    value: Decimal | None
    level: Decimal | None
    data: Numbers = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """The numbers that earlier rounds had, in any order."""

    numbers: tuple[Fraction, ...]

    @property
    def middle(self) -> Fraction:
        return Fraction(median(self.numbers))

    @property
    def low(self) -> Fraction:
        return min(self.numbers)

    @property
    def high(self) -> Fraction:
        return max(self.numbers)

    @property
    def scatter(self) -> Fraction:
        """The median of the distances from the median (MAD)."""
        middle = self.middle
        return Fraction(median(abs(number - middle) for number in self.numbers))

    def beyond(self, number: Fraction) -> Fraction:
        """How far outside of all of them a number lies; 0 inside."""
        return max(number - self.high, self.low - number, Fraction(0))

    def is_far(self, number: Fraction, chance: Fraction = Fraction(0)) -> bool:
        """Far outside, as the head of this file says it. `chance`: a distance that means nothing."""
        near = abs(self.middle) * NEAR
        mads = MADS if len(self.numbers) >= FEW else MADS_OF_FEW
        reach = max(mads * self.scatter, near, chance)
        return self.beyond(number) > near and abs(number - self.middle) > reach

    def has_drifted(self, number: Fraction, chance: Fraction = Fraction(0)) -> bool:
        """More than half off the median, and more than half beyond the nearest of them."""
        middle, nearest = self.middle, self.high if number > self.high else self.low
        reach = max(abs(middle) * DRIFT, chance)
        return self.beyond(number) > abs(nearest) * DRIFT and abs(number - middle) > reach


def implausible(score: Score, data: Numbers, pasts: Sequence[PastRound]) -> tuple[Warning_, ...]:
    """What is odd about a round's numbers and their score beside earlier rounds, given in order of time."""
    recent = tuple(pasts)[-MOST:]
    return (
        *_far_value(score, data, recent),
        *_drifts(score.template, data, recent),
        *_level_jump(score, data, recent),
        *_same_again(score.template, data, recent),
    )


# A value far outside


def _far_value(score: Score, data: Numbers, pasts: Sequence[PastRound]) -> Iterator[Warning_]:
    template = score.template
    series = Series(tuple(exact(past.value) for past in pasts if past.value is not None))
    if score.value is None or len(series.numbers) < LEAST_VALUES or not _is_counted(template):
        return
    value = exact(score.value)
    if not series.is_far(value) or not series.is_far(value, _by_chance(template, data, pasts, series, value)):
        return
    facts = {"value": _shown(value, template), "count": len(series.numbers), "low": _shown(series.low, template)}
    facts |= {"high": _shown(series.high, template), "middle": _shown(series.middle, template)}
    if value > series.high:
        sentence = _("ผลงาน %(value)s สูงกว่า %(count)d งวดที่ผ่านมามาก ซึ่งอยู่ระหว่าง %(low)s ถึง %(high)s (ค่ากลาง %(middle)s)")
    else:
        sentence = _("ผลงาน %(value)s ต่ำกว่า %(count)d งวดที่ผ่านมามาก ซึ่งอยู่ระหว่าง %(low)s ถึง %(high)s (ค่ากลาง %(middle)s)")
    yield Warning_("far_value", sentence % facts, _given(data))


def _is_counted(template: Template) -> bool:
    """Computed from numbers: steps, ticks, marks and grades go up and down by their own measure."""
    if template.kind is not Kind.FORMULA:
        return False
    return any(item.kind is ItemKind.NUMBER for item in template.items)


def _shown(number: Fraction, template: Template) -> str:
    return format_number(round_half_up(number, template.decimals), template.decimals)


def _by_chance(
    template: Template, data: Numbers, pasts: Sequence[PastRound], series: Series, value: Fraction
) -> Fraction:
    """How much the value moves where a count behind it, or itself, is as much larger as chance makes it."""
    divided = wholes_of(template)
    if not divided and all(number.denominator == 1 for number in (*series.numbers, value)):
        return Fraction(_luck(abs(series.middle)))  # a count, or points for conditions
    parts = [item for item in template.items if item.kind is ItemKind.NUMBER and item.code not in divided]
    moves = (_moved_by(template, item, data, _luck_of(item, data, pasts)) for item in parts)
    return max(moves, default=Fraction(0))


def _luck_of(item: Item, data: Numbers, pasts: Sequence[PastRound]) -> int:
    """Three standard deviations of a count, of its rarer side where it is a part of a whole; 0 for what is measured."""
    rounds = [data, *(past.data for past in pasts)]
    counts = [_rarer(item, each) for each in rounds]
    known = [count for count in counts[1:] if count is not None]
    if counts[0] is None or not known or any(count.denominator != 1 for count in (*known, counts[0])):
        return 0
    return _luck(Fraction(median(known)))


def _rarer(item: Item, data: Numbers) -> Fraction | None:
    part, whole = data.get(item.code), data.get(item.at_most or "")
    if part is None:
        return None
    return exact(part) if whole is None else min(exact(part), max(exact(whole) - exact(part), Fraction(0)))


def _luck(usual: Fraction) -> int:
    return isqrt(CHANCE * CHANCE * max(1, ceil(usual)))


def _moved_by(template: Template, item: Item, data: Numbers, luck: int) -> Fraction:
    number = data.get(item.code)
    if not luck or number is None:
        return Fraction(0)
    try:
        run = template.calculation.run
        more, less = Fraction(*run({**data, item.code: number + luck})), Fraction(*run(data))
    except (CannotCompute, NoCases, FormulaError):
        return Fraction(0)
    return abs(more - less)


# Denominators


def wholes_of(template: Template) -> frozenset[str]:
    """The items that are divided by, or of which another item is a part."""
    parents = {item.at_most for item in template.items if item.at_most}
    try:
        calculation = template.calculation
    except FormulaError:
        return frozenset(parents)
    formulas = (calculation.formula, *(formula for _code, formula in calculation.derived))
    roots = (root for formula in formulas for root in (formula.root, formula.second) if root is not None)
    return frozenset(parents.union(*(_divisors(root) for root in roots)))


def _divisors(node: Node) -> set[str]:
    found = {name for child in children(node) for name in _divisors(child)}
    if isinstance(node, Chain):
        found.update(name for operator, operand in node.rest if operator == "/" for name in names_in(operand))
    return found


def _drifts(template: Template, data: Numbers, pasts: Sequence[PastRound]) -> Iterator[Warning_]:
    if template.kind is not Kind.FORMULA:
        return
    wholes = wholes_of(template)
    for item in template.items:
        if item.kind is ItemKind.NUMBER and item.code in wholes:
            yield from _drift(item, data.get(item.code), [past.data.get(item.code) for past in pasts])


def _drift(item: Item, number: Decimal | None, before: Sequence[Decimal | None]) -> Iterator[Warning_]:
    series = Series(tuple(exact(each) for each in before if each is not None))
    if number is None or len(series.numbers) < LEAST_COUNTS:
        return
    value, middle = exact(number), series.middle
    is_count = all(each.denominator == 1 for each in (*series.numbers, value))
    if series.has_drifted(value, Fraction(_luck(abs(middle)) if is_count else 0)):
        facts = {"code": item.code, "name": item.name, "value": format_number(number), "count": len(series.numbers)}
        facts |= {"middle": format_number(middle), "percent": _percent_off(value, middle)}
        yield Warning_("drift", _drift_sentence(value, middle) % facts, (item.code,))


def _percent_off(value: Fraction, middle: Fraction) -> str:
    """In whole percent; what is less by almost all is not said to be less by all."""
    if not middle:
        return ""
    percent = abs(value - middle) / abs(middle) * 100
    if percent < 100 and round_half_up(percent, 0) == 100:
        return format_number(Fraction(int(percent * 10), 10))
    return format_number(round_half_up(percent, 0))


def _drift_sentence(value: Fraction, middle: Fraction) -> str:
    if not middle:
        return _("%(code)s %(name)s เป็น %(value)s ทั้งที่ค่ากลางของ %(count)d งวดที่ผ่านมาเป็น 0")
    if value > middle:
        return _("%(code)s %(name)s เป็น %(value)s มากกว่าค่ากลางของ %(count)d งวดที่ผ่านมา (%(middle)s) ร้อยละ %(percent)s")
    return _("%(code)s %(name)s เป็น %(value)s น้อยกว่าค่ากลางของ %(count)d งวดที่ผ่านมา (%(middle)s) ร้อยละ %(percent)s")


# Levels


def _level_jump(score: Score, data: Numbers, pasts: Sequence[PastRound]) -> Iterator[Warning_]:
    before = next((past for past in reversed(pasts) if past.level is not None), None)
    if score.level is None or before is None or before.level is None or not _has_levels_between(score.template):
        return
    gap = abs(score.level - before.level)
    if gap < JUMP:
        return
    facts = {"level": format_number(score.level), "before": format_number(before.level), "label": before.label}
    sentence = _("ระดับคะแนนเป็น %(level)s จากระดับ %(before)s ในงวดก่อน (%(label)s) ต่างกัน %(gap)s ระดับ")
    yield Warning_("level_jump", sentence % {**facts, "gap": format_number(gap)}, _given(data))


def _has_levels_between(template: Template) -> bool:
    """A scale of two levels (0 and 5 of a yes or no) has nothing to jump over."""
    if template.kind is Kind.MILESTONE:
        return len(template.steps) > 1
    return len({level for level, printed in template.bands if printed.used.strip() not in ("", "-")}) > 2


# The same numbers again


def _same_again(template: Template, data: Numbers, pasts: Sequence[PastRound]) -> Iterator[Warning_]:
    before = pasts[-1] if pasts else None
    if template.kind is not Kind.FORMULA or before is None or not _is_new_each_time(template, data):
        return
    codes = _given(data)
    if {code: data[code] for code in codes} != {code: before.data[code] for code in _given(before.data)}:
        return
    numbers = ", ".join(f"{code} = {format_number(data[code])}" for code in codes[:NAMED])
    facts = {"label": before.label, "numbers": numbers + (" …" if len(codes) > NAMED else "")}
    yield Warning_("same_again", _("ตัวเลขทุกช่องเท่ากับงวดก่อน (%(label)s): %(numbers)s") % facts, codes)


def _is_new_each_time(template: Template, data: Numbers) -> bool:
    """There is a count that nobody expects again to the last digit; and no grade, which says the same for years."""
    if any(item.kind is not ItemKind.NUMBER for item in template.items):
        return False
    counted = (data.get(item.code) for item in template.items if item.accumulation is Accumulation.SUM)
    return any(number is not None and abs(number) >= COUNTED for number in counted)


def _given(data: Numbers) -> tuple[str, ...]:
    return tuple(sorted(code for code, number in data.items() if number is not None))
