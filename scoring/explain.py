"""Every score explains itself (DESIGN.md section 5): a Score holds what was computed, `explain` gathers why.

The explanation is put together only when someone asks for it, so that scoring a table of results does
not pay for sentences that nobody reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from .checklist import Breakdown, is_left_out
from .explanation import OWN_LEVEL, Counted, Explanation, Following, Input, Reached, State, Warning_
from .formula import FormulaError
from .levels import Direction, Edge, Policy, next_edge, passes, reached_edge
from .notation import NotationError, parse_notation
from .numbers import format_exact, round_half_up
from .steps import with_implied
from .template import Item, ItemKind, Kind, Printed, Template

__all__ = ["Counted", "Explanation", "Following", "Input", "Reached", "Score", "State", "Warning_", "explain"]

MILESTONE_TOP = 5


@dataclass(frozen=True)
class Score:
    """What one result comes to.

    `exact` is the unrounded value and `value` the rounded one that is banded, judged and shown. `level`
    is None where the template has no bands. `message` says in Thai why there is no score. `own_level`
    marks a level that was not read from bands (a milestone, a group of children). `parts` are the subtotals of a
    checklist, `counted` the units behind a row over many units.
    """

    template: Template
    state: State
    exact: Fraction | None = None
    value: Decimal | None = None
    second_exact: Fraction | None = None
    second: Decimal | None = None
    level: Decimal | None = None
    passed: bool | None = None
    warnings: tuple[Warning_, ...] = ()
    message: str = ""
    data: tuple[tuple[str, Decimal | Fraction | None], ...] | None = None
    own_level: bool = False
    notes: tuple[str, ...] = ()
    parts: Breakdown | None = None
    counted: Counted | None = None

    @property
    def policy(self) -> Policy:
        # Milestones are never interpolated.
        return Policy.BANDS if self.own_level else self.template.policy

    @cached_property
    def explanation(self) -> Explanation:
        return explain(self)


def explain(score: Score) -> Explanation:
    """Put together the explanation of a score. It raises nothing, also where the template is unreadable."""
    template = score.template
    formula, with_numbers = _formula_texts(score)
    return Explanation(
        code=template.code,
        name=template.name,
        fiscal_year=template.fiscal_year,
        revision=template.revision,
        kind=template.kind,
        direction=template.direction,
        state=score.state,
        inputs=tuple(_inputs_of(score)),
        formula=formula,
        formula_with_numbers=with_numbers,
        unrounded=" : ".join(format_exact(x) for x in (score.exact, score.second_exact) if x is not None),
        value=score.value,
        second=score.second,
        unit=template.unit,
        decimals=template.decimals,
        level=score.level,
        reached=_reached_of(score),
        following=_following_of(score),
        pass_text=template.pass_criterion.used if template.pass_criterion else "",
        passed=score.passed,
        policy=score.policy,
        corrections=tuple(_corrections_of(template)),
        notes=(*score.notes, *_step_notes(score)),
        message=score.message,
        parts=score.parts,
        marks=_marks_of(template),
        counted=score.counted,
        word=_word_of(score),
        cutoff=template.cutoff,
        within_cutoff=_within_cutoff(score),
    )


def _marks_of(template: Template) -> str:
    """Ticks without marks of their own are counted, marks are added up."""
    has_marks = any(item.full is not None or item.kind is not ItemKind.TICK for item in template.items)
    return _("คะแนน") if has_marks or any(group.all_or_nothing for group in template.groups) else _("ข้อ")


def _word_of(score: Score) -> str:
    """The printed word of the level: ดีมาก. Between two levels that of the lower one."""
    return "" if score.level is None else dict(score.template.words).get(int(score.level), "")


def _within_cutoff(score: Score) -> bool | None:
    """Of a result that fails: whether it is still no worse than the cut-off; None without a printed number."""
    if score.passed is not False or score.value is None:
        return None
    try:
        return passes(score.value, parse_notation(score.template.cutoff), score.template.direction)
    except NotationError:
        return None  # a text such as ทุกวัน is printed, never judged


def _formula_texts(score: Score) -> tuple[str, str]:
    """The formula in use, and the same with numbers where it was used on data."""
    if not score.template.formula:
        return "", ""
    try:
        formula = score.template.calculation.formula
    except FormulaError:
        return score.template.formula, ""
    return formula.print(), formula.with_numbers(dict(score.data)) if score.data is not None else ""


def _inputs_of(score: Score) -> Iterator[Input]:
    if score.data is None:
        return
    values = dict(score.data)
    if score.template.kind == Kind.MILESTONE:
        for step in score.template.steps:
            mark = values.get(f"S{step.number}")
            yield Input(f"S{step.number}", step.text, mark, "", _done(mark))
        return
    for item in score.template.items:
        yield _input_of(item, values, unticked=_("ยังไม่ทำ") if score.value is not None else "")
    # What the formula uses beyond the declared items still belongs to the explanation.
    for name in _formula_names(score.template):
        if name in values:
            yield Input(name, "", values[name], "")


def _input_of(item: Item, values: dict[str, Decimal | Fraction | None], unticked: str) -> Input:
    """An item's number with the word for it: of a choice, of a tick, of what does not apply.

    A tick that nobody set counted as not done where there is a score.
    """
    if is_left_out(item, values):
        return Input(item.code, item.name, None, item.unit, _("ไม่เกี่ยวข้อง"))
    value = values.pop(item.code, None)
    if item.kind is ItemKind.TICK:
        return Input(item.code, item.name, value, item.unit, _done(value) or unticked)
    return Input(item.code, item.name, value, item.unit, item.word_of(value), choice=item.kind is ItemKind.CHOICE)


def _done(mark: Decimal | Fraction | None) -> str:
    if mark is None:
        return ""
    return _("ทำแล้ว") if mark else _("ยังไม่ทำ")


def _formula_names(template: Template) -> tuple[str, ...]:
    try:
        return template.calculation.formula.ordered_names
    except FormulaError:
        return ()


def _reached_of(score: Score) -> Reached | None:
    template = score.template
    if score.value is None or score.level is None or template.kind in OWN_LEVEL:
        return None
    edge = _edge_behind(score, score.value)
    return Reached(edge.level, template.printed_band(edge.level), _edge_text(edge, template)) if edge else None


def _edge_behind(score: Score, value: Decimal) -> Edge | None:
    """The edge that decided: by the edge rule, or by interpolation the last point at or behind the exact value."""
    scale = score.template.scale
    if score.policy is not Policy.INTERPOLATED or score.exact is None:
        return reached_edge(value, scale)
    behind = [e for e in scale.edges if e.value == score.exact or e.reached_by(score.exact, scale.direction)]
    return max(behind, key=lambda edge: edge.level, default=None)


def _following_of(score: Score) -> Following | None:
    template = score.template
    if score.value is None or score.level is None:
        return None
    if template.kind in OWN_LEVEL:
        return _next_step(score) if template.kind == Kind.MILESTONE else None
    reached = _edge_behind(score, score.value)
    edge = next_edge(reached.level if reached else 0, template.scale)
    if edge is None or edge.value is None:
        return None
    gap = abs(edge.value - score.value)
    places = max(template.decimals, -int(edge.value.as_tuple().exponent))
    printed = template.printed_band(edge.level)
    return Following(edge.level, printed, _edge_text(edge, template), round_half_up(gap, places))


def _next_step(score: Score) -> Following | None:
    """The first step that is not done, where it would earn a level."""
    level = int(score.level or 0)
    ordered = sorted(score.template.steps, key=lambda step: step.number)
    if level >= min(len(ordered), MILESTONE_TOP):
        return None
    step = ordered[level]
    edge = _("ทำขั้นที่ %(number)s (%(text)s) ให้เสร็จ") % {"number": step.number, "text": step.text}
    return Following(level + 1, score.template.printed_band(level + 1), edge, Decimal(1))


def _edge_text(edge: Edge, template: Template) -> str:
    """The edge in words: "ตั้งแต่ 80", "มากกว่า 87", "ไม่เกิน 170", "น้อยกว่า 10.0"."""
    if edge.value is None:
        return _("ทุกค่า")
    number = {"number": f"{edge.value:,f}"}
    if template.direction == Direction.HIGHER:
        return (_("ตั้งแต่ %(number)s") if edge.inclusive else _("มากกว่า %(number)s")) % number
    return (_("ไม่เกิน %(number)s") if edge.inclusive else _("น้อยกว่า %(number)s")) % number


def _corrections_of(template: Template) -> Iterator[str]:
    for level, printed in template.bands:
        yield from _correction(_("ระดับ %(level)s") % {"level": level}, printed)
    yield from _correction(_("เกณฑ์ผ่าน"), template.pass_criterion)
    yield from _correction(_("เกณฑ์ไม่ผ่าน"), template.fail_criterion)
    if template.formula_reason:
        formula = Printed(template.formula_printed, template.formula, template.formula_reason)
        yield from _correction(_("สูตร"), formula)


def _correction(place: str, text: Printed | None) -> Iterator[str]:
    if text is None or text.correction is None:
        return
    facts = {"place": place, "used": text.correction, "printed": text.printed or _("(ว่าง)"), "reason": text.reason}
    if text.reason:
        yield _("%(place)s: ใช้ค่าแก้ไข %(used)s แทนที่พิมพ์ %(printed)s เพราะ %(reason)s") % facts
    else:
        yield _("%(place)s: ใช้ค่าแก้ไข %(used)s แทนที่พิมพ์ %(printed)s โดยไม่ได้ระบุเหตุผล") % facts


def _step_notes(score: Score) -> Iterator[str]:
    """Which steps count although they are not marked, and which do not count although they are."""
    if score.template.kind != Kind.MILESTONE or score.data is None or score.value is None:
        return
    values = dict(score.data)
    steps = sorted(score.template.steps, key=lambda step: step.number)
    done = {step.number for step in steps if values.get(f"S{step.number}")}
    implied = with_implied(steps, done)
    for step in steps:
        if step.number in implied and step.number not in done:
            facts = {"number": step.number, "later": step.implied_by}
            yield _("นับขั้นที่ %(number)s ว่าทำแล้ว เพราะทำขั้นที่ %(later)s แล้ว") % facts
    for step in steps[int(score.value) :]:
        if step.number in done:
            yield _("ขั้นที่ %(number)s ทำแล้วแต่ยังไม่นับ เพราะขั้นก่อนหน้ายังไม่ครบ") % {"number": step.number}
