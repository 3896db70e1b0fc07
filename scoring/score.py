"""From what was entered to a score: one value, one round's data, or a year's approved rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from django.utils.translation import gettext as _

from .compiled import LEVELS, Calculation, Derived, complete, decimal_of
from .explain import MILESTONE_TOP, Score
from .explanation import OWN_LEVEL, State, Warning_
from .formula import CannotCompute, FormulaError, NoCases, Ratio, Values, parse_formula
from .levels import passes
from .notation import NotationError
from .numbers import WIDE, exact, format_number, round_half_up
from .rollup import combine_lowest, combine_mean
from .steps import consecutive_done
from .template import Accumulation, Item, Kind, Template

Amount = Decimal | Fraction | None
PERCENT_UNITS = ("ร้อยละ", "%", "เปอร์เซ็นต์")
PERCENT_TOP = 100


def score_number(template: Template, data: Values) -> tuple[Decimal, Decimal | None]:
    """Value and level of one result, and nothing else: the path for many results.

    The same as `score_data` without explanation, pass and warnings. It raises what that turns into a
    state: CannotCompute, NoCases, FormulaError, NotationError.
    """
    if template.kind is Kind.MILESTONE:
        count = Decimal(_steps_done(template, data))
        return count, _step_level(count)
    ratio = template.calculation.run(data)
    value = decimal_of(ratio, template.decimals)
    return value, template.ruler.level(value, ratio)


def score_value(template: Template, value: Decimal, second: Decimal | None = None) -> Score:
    """Score a value that is given as such; `second` is the other half of a pair.

    It warns of an odd value but refuses none. The value is rounded half-up like a computed one. For a
    milestone, and for a parent of groups, the value is the level.
    """
    return _judged(
        template, exact(value), None if second is None else exact(second), None, _value_warnings(template, value)
    )


def score_data(template: Template, data: Mapping[str, Decimal | None]) -> Score:
    """Score the data items of one round, or for a milestone its steps S1 … Sn as 0 or 1."""
    return _scored(template, data, check_data(template, data))


def year_to_date(template: Template, rounds: Sequence[Mapping[str, Decimal | None]]) -> Score:
    """Score the year's approved rounds, given in order of time: items are added up, then the formula runs once.

    Of a milestone the last round counts. So a ratio is ΣA / ΣB, never the mean of monthly ratios.
    """
    if template.kind is Kind.MILESTONE:
        data: Mapping[str, Amount] = next((entry for entry in reversed(rounds) if _given(entry)), {})
    else:
        data = accumulate(template.items, rounds)
    warnings = tuple(_exceeding(template, data))
    if lacking := _lacking(template, rounds):
        message = _("ข้อมูลทั้งปียังไม่ครบ บางรอบไม่มีค่าของ %(items)s") % {"items": _named(template, lacking)}
        return Score(template, State.INCOMPLETE, warnings=warnings, message=message, data=tuple(data.items()))
    return _scored(template, data, warnings)


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
        return Score(template, State.INCOMPLETE, warnings=warnings, message=error.message, data=rows)
    except CannotCompute as error:
        return Score(template, State.CANNOT_COMPUTE, warnings=warnings, message=error.message, data=rows)
    return _judged(template, value, second, tuple(data.items()), warnings)


class _Incomplete(CannotCompute):
    """An item or a step that decides is not given."""


def _computed(template: Template, data: Values) -> tuple[Fraction, Fraction | None, Values]:
    """The unrounded value, the second half of a pair, and the data completed by derived items."""
    if template.kind is Kind.MILESTONE:
        return Fraction(_steps_done(template, data)), None, data
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


def _step_level(count: Decimal) -> Decimal:
    return LEVELS[max(0, min(int(count), MILESTONE_TOP))]


def _judged(
    template: Template,
    value: Fraction,
    second: Fraction | None,
    data: tuple[tuple[str, Amount], ...] | None,
    warnings: tuple[Warning_, ...],
) -> Score:
    """Round the value, then read its level and whether it passes."""
    places = _decimals(template)
    rounded = round_half_up(value, places)
    state, message, level = State.COMPUTED, "", None
    try:
        level = _level(template, rounded, value.as_integer_ratio())
    except NotationError as error:
        state, message = State.UNREADABLE, error.message
    passed, doubts = _passed(template, rounded)
    return Score(
        template=template,
        state=state,
        exact=value,
        value=rounded,
        second_exact=second,
        second=None if second is None else round_half_up(second, places),
        level=level,
        passed=passed,
        warnings=(*warnings, *doubts),
        message=message,
        data=data,
        own_level=template.kind in OWN_LEVEL,
    )


def _decimals(template: Template) -> int:
    """Steps and lowest levels are counted whole; a mean of levels has four decimals; else the template says."""
    places = {Kind.MILESTONE: 0, Kind.MEAN_OF_GROUPS: 4, Kind.LOWEST_OF: 0}
    return places.get(template.kind, template.decimals)


def _level(template: Template, value: Decimal, ratio: Ratio) -> Decimal | None:
    if template.kind in (Kind.MILESTONE, Kind.LOWEST_OF):
        return _step_level(value)
    if template.kind is Kind.MEAN_OF_GROUPS:
        return max(LEVELS[0], min(value, LEVELS[-1]))
    return template.ruler.level(value, ratio)


def _passed(template: Template, value: Decimal) -> tuple[bool | None, tuple[Warning_, ...]]:
    """Judged by the pass criterion alone; a criterion that cannot be read leaves it open and says so."""
    try:
        return passes(value, template.criterion, template.direction), ()
    except NotationError as error:
        return None, (Warning_("criterion_unreadable", error.message),)


def score_children(template: Template, children: Sequence[tuple[str, Score]]) -> Score:
    """The score of a parent from those of its (code, score) children (DESIGN.md section 4).

    MEAN_OF_GROUPS: the mean of their levels to four decimals, passing when all pass, groups without cases
    drop out. LOWEST_OF: the lowest level, judged by the parent's own criterion. SCORED_HALF: what the
    given (scored) child has. A child without a level leaves the parent INCOMPLETE.
    """
    counted = [(code, score) for code, score in children if score.state is not State.NO_CASES]
    if children and not counted:
        return Score(template, State.NO_CASES, message=_("ไม่มีกลุ่มใดมีกรณีให้คำนวณ"), own_level=True)
    missing = [code for code, score in counted if score.level is None]
    if missing or not counted:
        message = _("ข้อมูลยังไม่ครบ ยังไม่มีระดับคะแนนของ %(items)s") % {"items": ", ".join(missing) or template.code}
        return Score(template, State.INCOMPLETE, message=message, own_level=True)
    notes = tuple(_child_note(code, score) for code, score in children)
    if template.kind is Kind.SCORED_HALF:
        half = counted[0][1]
        return replace(half, template=template, data=None, warnings=(), own_level=True, notes=notes)
    return _combined(template, [score for _code, score in counted], notes)


def _combined(template: Template, children: Sequence[Score], notes: tuple[str, ...]) -> Score:
    levels = [score.level for score in children if score.level is not None]
    combine = combine_mean if template.kind is Kind.MEAN_OF_GROUPS else combine_lowest
    level = combine(levels) or LEVELS[0]
    verdicts = [score.passed for score in children]
    # One that failed decides, whatever the undecided ones would say.
    passed = None if None in verdicts and False not in verdicts else all(verdicts)
    if template.kind is Kind.LOWEST_OF and template.pass_criterion:
        passed, _doubts = _passed(template, level)
    return Score(template, State.COMPUTED, exact(level), level, level=level, passed=passed, own_level=True, notes=notes)


def _child_note(code: str, score: Score) -> str:
    if score.state is State.NO_CASES:
        return _("%(code)s: ไม่มีกรณี จึงไม่นำมาคิด") % {"code": code}
    return _("%(code)s: ระดับ %(level)s") % {"code": code, "level": format_number(score.level)}


def check_item(item: Item, value: Decimal | None) -> str | None:
    """Why this value cannot be entered for the item, as a Thai sentence; None where it can."""
    if value is None:
        return None
    facts = {"code": item.code, "name": item.name, "value": format_number(value)}
    if item.minimum is not None and value < item.minimum:
        facts["limit"] = format_number(item.minimum)
        return _("%(code)s %(name)s เป็น %(value)s ต้องไม่น้อยกว่า %(limit)s") % facts
    if item.maximum is not None and value > item.maximum:
        facts["limit"] = format_number(item.maximum)
        return _("%(code)s %(name)s เป็น %(value)s ต้องไม่เกิน %(limit)s") % facts
    return None


def check_data(template: Template, data: Mapping[str, Decimal | None]) -> tuple[Warning_, ...]:
    """What is odd about one round's data: out of bounds, a part above its whole, a fraction of a person."""
    found = []
    for item in template.items:
        value = data.get(item.code)
        if sentence := check_item(item, value):
            found.append(Warning_("out_of_bounds", sentence, (item.code,)))
        if item.whole and value is not None and value != value.to_integral_value():
            facts = {"code": item.code, "name": item.name, "value": format_number(value)}
            sentence = _("%(code)s %(name)s เป็น %(value)s ควรเป็นจำนวนเต็ม") % facts
            found.append(Warning_("not_whole", sentence, (item.code,)))
    return (*found, *_exceeding(template, data))


def _exceeding(template: Template, data: Mapping[str, Amount]) -> list[Warning_]:
    """Where an item that counts a part is above the item that counts the whole."""
    found = []
    for item in template.items:
        part, whole = data.get(item.code), data.get(item.at_most or "")
        if part is None or whole is None or not _is_above(part, whole):
            continue
        facts = {"part": item.code, "value": format_number(part), "whole": item.at_most, "limit": format_number(whole)}
        message = _("%(part)s (%(value)s) มากกว่า %(whole)s (%(limit)s) ทั้งที่ %(part)s เป็นส่วนหนึ่งของ %(whole)s") % facts
        found.append(Warning_("exceeds", message, (item.code, item.at_most or "")))
    return found


def _is_above(part: Decimal | Fraction, whole: Decimal | Fraction) -> bool:
    if isinstance(part, Decimal) and isinstance(whole, Decimal):
        return part > whole
    return exact(part) > exact(whole)


def _value_warnings(template: Template, value: Decimal) -> tuple[Warning_, ...]:
    """What is odd about a value given as such: a share above the whole, a level that does not exist."""
    is_share = template.unit.startswith(PERCENT_UNITS) and any(item.at_most for item in template.items)
    if is_share and not 0 <= value <= PERCENT_TOP:
        message = _("ค่า %(value)s อยู่นอกช่วงร้อยละ 0 ถึง 100") % {"value": format_number(value)}
        return (Warning_("outside_percent", message),)
    if template.kind in OWN_LEVEL and not 0 <= value <= MILESTONE_TOP:
        message = _("ค่า %(value)s อยู่นอกระดับ 0 ถึง 5") % {"value": format_number(value)}
        return (Warning_("outside_levels", message),)
    return ()
