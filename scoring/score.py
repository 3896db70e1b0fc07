"""From what was entered to a score: one value, one round's data, or a year's approved rounds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from django.utils.translation import gettext as _

from .checklist import breakdown, refusals
from .checks import Amount, check_data, check_item, exceeding, value_warnings
from .compiled import Calculation, Derived, complete, decimal_of
from .composed import Part, score_across, score_children, score_pass_share
from .explain import Score
from .explanation import OWN_LEVEL, State, Warning_
from .formula import CannotCompute, FormulaError, NoCases, Values, parse_formula
from .judging import decimals_of, judged, level_at, step_level
from .numbers import WIDE, exact
from .steps import consecutive_done
from .template import Accumulation, Item, ItemKind, Kind, Template

__all__ = [
    "Part", "accumulate", "check_data", "check_item", "score_across", "score_children", "score_data", "score_number",
    "score_pass_share", "score_value", "year_of_rounds", "year_to_date",
]  # fmt: skip

# Kinds of which the year is the last round that has data: what is there is there, and does not add up.
LAST_ROUND = (Kind.MILESTONE, Kind.CHECKLIST, Kind.QUALITATIVE)
VERDICT = "P"  # the item of a yes or no


def score_number(template: Template, data: Values) -> tuple[Decimal, Decimal | None]:
    """Value and level of one result, and nothing else: the path for many results.

    The same as `score_data` without explanation, pass and warnings. It raises what that turns into a
    state: CannotCompute, NoCases, FormulaError, NotationError.
    """
    if template.kind is Kind.MILESTONE:
        count = Decimal(_steps_done(template, data))
        return count, step_level(count)
    if template.kind in LAST_ROUND:
        exact_value = _verdict(template, data) if template.kind is Kind.QUALITATIVE else _marks(template, data)
        value = decimal_of(exact_value.as_integer_ratio(), decimals_of(template))
        return value, level_at(template, value, exact_value.as_integer_ratio())
    ratio = template.calculation.run(data)
    value = decimal_of(ratio, template.decimals)
    return value, template.ruler.level(value, ratio)


def score_value(template: Template, value: Decimal, second: Decimal | None = None) -> Score:
    """Score a value that is given as such; `second` is the other half of a pair.

    It warns of an odd value but refuses none. The value is rounded half-up like a computed one. For a
    milestone, and for a parent of groups, the value is the level.
    """
    return judged(
        template, exact(value), None if second is None else exact(second), None, value_warnings(template, value)
    )


def score_data(template: Template, data: Mapping[str, Decimal | None]) -> Score:
    """Score the data items of one round, or for a milestone its steps S1 … Sn as 0 or 1."""
    return _scored(template, data, check_data(template, data))


def year_to_date(template: Template, rounds: Sequence[Mapping[str, Decimal | None]]) -> Score:
    """Score the year's approved rounds, given in order of time: items are added up, then the formula runs once.

    So a ratio is ΣA / ΣB, never the mean of monthly ratios. Of a milestone, a checklist and a yes or no the last
    round with data counts.
    """
    if template.kind in LAST_ROUND:
        data: Mapping[str, Amount] = next((entry for entry in reversed(rounds) if _given(entry)), {})
    else:
        data = accumulate(template.items, rounds)
    warnings = tuple(exceeding(template, data))
    if lacking := _lacking(template, rounds):
        message = _("ข้อมูลทั้งปียังไม่ครบ บางรอบไม่มีค่าของ %(items)s") % {"items": _named(template, lacking)}
        return Score(template, State.INCOMPLETE, warnings=warnings, message=message, data=tuple(data.items()))
    return _scored(template, data, warnings)


def year_of_rounds(template: Template, rounds: Sequence[tuple[int, Mapping[str, Decimal | None]]]) -> Score:
    """Score the year's approved rounds, given as (number, data) in order of time, at least one.

    Where rounds have bands of their own the year is the last round that has data, by that round's bands. Else they add
    up, and the last one says what the target is.
    """
    number, data = next((entry for entry in reversed(rounds) if _given(entry[1])), rounds[-1])
    of_round = template.for_round(number)
    if template.has_own_rounds:
        return score_data(of_round, data)
    return year_to_date(of_round, [entry for _number, entry in rounds])


def _lacking(template: Template, rounds: Sequence[Values]) -> tuple[str, ...]:
    """Items that a round should have added to and did not, as after a revision that renamed them.

    Their sum would be of fewer months than the others', and the ratio of the two a number without meaning.
    """
    given = [entry for entry in rounds if _given(entry)]
    summed = {item.code for item in template.items if item.accumulation is Accumulation.SUM}
    if template.kind is not Kind.FORMULA or not template.formula.strip():
        return ()
    try:
        calculation = template.calculation
    except FormulaError:
        return ()  # scoring reports it
    wanted = (code for entry in given for code in _missing_in(calculation, entry))
    return tuple(dict.fromkeys(code for code in wanted if code in summed))


def _missing_in(calculation: Calculation, entry: Values) -> tuple[str, ...]:
    try:
        return calculation.missing(entry)
    except (CannotCompute, NoCases):
        return ()


def accumulate(items: Sequence[Item], rounds: Sequence[Mapping[str, Decimal | None]]) -> dict[str, Amount]:
    """Each item over the approved rounds, by its own accumulation; None where no round gives it.

    A derived item that only some rounds give is derived in the others before it is added up; one that no
    round gives is left to be derived from the sums.
    """
    derived = _derived_in_part(items, rounds)
    complete_rounds = [_completed(derived, entry) for entry in rounds] if derived else rounds
    return {item.code: _accumulated(item, [entry.get(item.code) for entry in complete_rounds]) for item in items}


def _derived_in_part(items: Sequence[Item], rounds: Sequence[Mapping[str, Decimal | None]]) -> Derived:
    given = {code for entry in rounds for code, value in entry.items() if value is not None}
    try:
        return tuple((item.code, parse_formula(item.derived)) for item in items if item.derived and item.code in given)
    except FormulaError:
        return ()  # scoring reports it


def _completed(derived: Derived, entry: Values) -> Values:
    try:
        return complete(derived, entry)
    except (CannotCompute, NoCases):
        return entry


def _accumulated(item: Item, entries: Sequence[Amount]) -> Amount:
    given = [entry for entry in entries if entry is not None]
    if not given:
        return None
    if item.kind is not ItemKind.NUMBER and item.accumulation is Accumulation.SUM:
        return given[-1]  # two grades do not add up
    match item.accumulation:
        case Accumulation.LAST:
            return given[-1]
        case Accumulation.MAX:
            return max(given, key=exact)
    total = sum(map(exact, given), Fraction(0))
    if item.accumulation is Accumulation.MEAN:
        return total / len(given)
    decimals = [entry for entry in given if isinstance(entry, Decimal)]
    return reduce(WIDE.add, decimals) if len(decimals) == len(given) else total


def _given(data: Mapping[str, Amount]) -> bool:
    return any(value is not None for value in data.values())


def _scored(template: Template, data: Values, warnings: tuple[Warning_, ...]) -> Score:
    """Run the formula or count the steps, and turn what may go wrong into a state with a sentence."""
    rows = tuple(data.items())
    try:
        value, second, data = _computed(template, data)
    except FormulaError as error:
        return Score(template, State.UNREADABLE, warnings=warnings, message=error.message, data=rows)
    except NoCases as error:
        return Score(template, State.NO_CASES, warnings=warnings, message=error.message, data=rows)
    except _Incomplete as error:
        parts = breakdown(template, data) if template.kind is Kind.CHECKLIST else None
        return Score(template, State.INCOMPLETE, warnings=warnings, message=error.message, data=rows, parts=parts)
    except CannotCompute as error:
        return Score(template, State.CANNOT_COMPUTE, warnings=warnings, message=error.message, data=rows)
    parts = breakdown(template, data) if template.kind is Kind.CHECKLIST else None
    return judged(template, value, second, tuple(data.items()), warnings, parts)


class _Incomplete(CannotCompute):
    """An item or a step that decides is not given."""


def _computed(template: Template, data: Values) -> tuple[Fraction, Fraction | None, Values]:
    """The unrounded value, the second half of a pair, and the data completed by derived items."""
    if template.kind is Kind.MILESTONE:
        return Fraction(_steps_done(template, data)), None, data
    if template.kind is Kind.CHECKLIST:
        return _marks(template, data), None, data
    if template.kind is Kind.QUALITATIVE:
        return _verdict(template, data), None, data
    if template.kind in OWN_LEVEL or template.kind is Kind.HEADING:
        raise CannotCompute(_("คะแนนของตัวชี้วัดนี้มาจากตัวชี้วัดย่อย ไม่ได้คำนวณจากรายการข้อมูล"))
    if not template.formula.strip():
        raise CannotCompute(_("ตัวชี้วัดนี้ไม่มีสูตรคำนวณ"))
    calculation = template.calculation
    complete = calculation.complete(data)
    if any(complete.get(name) is None for name in calculation.formula.ordered_names):
        missing = calculation.missing(complete)
        raise _Incomplete(_missing_message(template, missing), *missing)
    second = calculation.run_second(complete)
    return Fraction(*calculation.run(complete)), None if second is None else Fraction(*second), complete


def _missing_message(template: Template, codes: Sequence[str]) -> str:
    return _("ข้อมูลยังไม่ครบ ยังไม่มีค่าของ %(items)s") % {"items": _named(template, codes)}


def _named(template: Template, codes: Sequence[str]) -> str:
    return ", ".join(f"{code} {item.name}" if (item := template.item(code)) else code for code in codes)


def _steps_done(template: Template, data: Values) -> int:
    """How many steps are done without a gap.

    A step that nobody marked is neither done nor undone: where it would make a difference there is no
    count yet (CannotCompute), otherwise it does not matter.
    """
    marks = {step.number: data.get(f"S{step.number}") for step in template.steps}
    for number, mark in marks.items():
        if mark not in (None, 0, 1):
            message = _("ขั้นที่ %(number)s ต้องเป็น 0 (ยังไม่ทำ) หรือ 1 (ทำแล้ว)") % {"number": number}
            raise CannotCompute(message, f"S{number}")
    least = consecutive_done(template.steps, {number for number, mark in marks.items() if mark})
    most = consecutive_done(template.steps, {number for number, mark in marks.items() if mark != 0})
    if least != most or not _given(data):
        unknown = [step for step in template.steps if marks[step.number] is None]
        names = ", ".join(f"S{step.number} {step.text}" for step in unknown)
        raise _Incomplete(_("ข้อมูลยังไม่ครบ ยังไม่มีค่าของ %(items)s") % {"items": names}, *(f"S{s.number}" for s in unknown))
    return least


def _marks(template: Template, data: Values) -> Fraction:
    """What a checklist comes to, in percent of what applies or in marks."""
    for code, sentence in refusals(template, data):
        raise CannotCompute(sentence, code)
    parts = breakdown(template, data)
    if parts.missing:
        raise _Incomplete(_missing_message(template, parts.missing), *parts.missing)
    if not parts.applicable:
        raise NoCases(_("ทุกข้อไม่เกี่ยวข้อง จึงไม่มีคะแนนให้คำนวณ"))
    if parts.value is None:
        raise CannotCompute(_("คะแนนเต็มของรายการที่เกี่ยวข้องเป็น 0 จึงคำนวณร้อยละไม่ได้"))
    return parts.value


def _verdict(template: Template, data: Values) -> Fraction:
    """The yes or no of item P, as 1 or 0."""
    value = data.get(VERDICT)
    if value is None:
        raise _Incomplete(_missing_message(template, [VERDICT]), VERDICT)
    if value not in (0, 1):
        raise CannotCompute(_("%(code)s ต้องเป็น 1 (ผ่าน) หรือ 0 (ไม่ผ่าน)") % {"code": VERDICT}, VERDICT)
    return exact(value)
