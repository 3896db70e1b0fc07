"""Scores that come from other scores: groups under a parent, children that pass, units at a level."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from .compiled import LEVELS
from .explain import Counted, Score
from .explanation import State, Warning_
from .formula import CannotCompute, FormulaError, NoCases
from .judging import judged, passed
from .levels import Direction, passes
from .notation import NotationError, parse_notation
from .numbers import exact, format_number
from .rollup import combine_lowest, combine_mean
from .template import Kind, Template

MOST_NAMED = 12  # codes in one note; a plan has parents of 63


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
    verdict = None if None in verdicts and False not in verdicts else all(verdicts)
    if template.kind is Kind.LOWEST_OF and template.pass_criterion:
        verdict, _doubts = passed(template, level)
    return Score(
        template, State.COMPUTED, exact(level), level, level=level, passed=verdict, own_level=True, notes=notes
    )


def _child_note(code: str, score: Score) -> str:
    if score.state is State.NO_CASES:
        return _("%(code)s: ไม่มีกรณี จึงไม่นำมาคิด") % {"code": code}
    return _("%(code)s: ระดับ %(level)s") % {"code": code, "level": format_number(score.level)}


@dataclass(frozen=True)
class Part:
    """A child as its parent counts it, where the parent is the share of children that pass.

    `passed`: None where nothing judges it. `due`, `reported` and `applicable` as in rollup.Standing.
    """

    code: str
    passed: bool | None = None
    due: bool = True
    reported: bool = True
    applicable: bool = True

    @property
    def counts(self) -> bool:
        return self.due and self.applicable

    @property
    def has_passed(self) -> bool:
        """What is due and not reported has not passed."""
        return self.counts and self.reported and self.passed is True


def score_pass_share(template: Template, children: Sequence[Part]) -> Score:
    """The share of children that pass: the formula over its first item, how many passed, and its second, of how many.

    Children that are not due, or have no cases, are left out. The notes name those that did not pass and those missing.
    """
    counted = [child for child in children if child.counts]
    codes = [item.code for item in template.items[:2]]
    if len(codes) < 2:
        message = _("ตัวชี้วัดนี้ต้องมีรายการข้อมูลสองรายการ คือ จำนวนที่ผ่านเกณฑ์ และจำนวนทั้งหมด")
        return Score(template, State.CANNOT_COMPUTE, message=message)
    counts = (sum(child.has_passed for child in counted), len(counted))
    data = {code: Decimal(count) for code, count in zip(codes, counts, strict=True)}
    notes = tuple(_share_notes(children))
    try:
        ratio = template.calculation.run(data)
    except FormulaError as error:
        return Score(template, State.UNREADABLE, message=error.message, data=tuple(data.items()), notes=notes)
    except NoCases:
        message = _("ยังไม่มีตัวชี้วัดย่อยที่ถึงกำหนดและนำมานับได้")
        return Score(template, State.NO_CASES, message=message, data=tuple(data.items()), notes=notes)
    except CannotCompute as error:
        return Score(template, State.CANNOT_COMPUTE, message=error.message, data=tuple(data.items()), notes=notes)
    return replace(judged(template, Fraction(*ratio), None, tuple(data.items()), ()), notes=notes)


def _share_notes(children: Sequence[Part]) -> Iterator[str]:
    counted = [child for child in children if child.counts]
    facts = {"passed": sum(child.has_passed for child in counted), "all": len(counted)}
    yield _("ผ่านเกณฑ์ %(passed)s จาก %(all)s ตัวชี้วัดย่อยที่นำมานับ") % facts
    reported = [child for child in counted if child.reported]
    sets = (
        (_("ไม่ผ่านเกณฑ์: %(codes)s"), [child for child in reported if child.passed is False]),
        (_("ไม่มีผลการประเมิน จึงนับว่าไม่ผ่าน: %(codes)s"), [child for child in reported if child.passed is None]),
        (_("ยังไม่รายงาน จึงนับว่าไม่ผ่าน: %(codes)s"), [child for child in counted if not child.reported]),
        (_("ไม่มีกรณี จึงไม่นำมานับ: %(codes)s"), [child for child in children if child.due and not child.applicable]),
        (_("ยังไม่ถึงกำหนด จึงไม่นำมานับ: %(codes)s"), [child for child in children if not child.due]),
    )
    for sentence, those in sets:
        if those:
            yield sentence % {"codes": _named(those)}


def _named(children: Sequence[Part]) -> str:
    """Their codes, the first dozen of them."""
    codes = ", ".join(child.code for child in children[:MOST_NAMED])
    rest = len(children) - MOST_NAMED
    return _("%(codes)s และอีก %(rest)s ตัว") % {"codes": codes, "rest": rest} if rest > 0 else codes


def score_across(template: Template, levels: Iterable[tuple[str, Decimal | None]]) -> Score:
    """How many units are at the template's level or above: a value and a pass, no level.

    `levels` are (unit, level) pairs of all measured units; None for a unit that has none yet. The outcome is judged by
    the number of units that the plan prints: that many or more.
    """
    across = template.across
    if across is None:
        return Score(template, State.CANNOT_COMPUTE, message=_("ตัวชี้วัดนี้ไม่ได้วัดในหลายหน่วย"))
    pairs = list(levels)
    given = [level for _unit, level in pairs if level is not None]
    count = Counted(sum(level >= across.level for level in given), len(given), len(pairs), across.level)
    notes = (_("รายงานแล้ว %(reported)s จาก %(measured)s แห่ง") % count._asdict(),)
    row = replace(
        template, kind=Kind.FORMULA, unit=_unit_of(template), formula="", formula_reason="", items=(), bands=(),
        words=(), cutoff="", pass_criterion=across.criterion, fail_criterion=None, decimals=0,
        direction=Direction.HIGHER,
    )  # fmt: skip
    if not given:
        message = _("ยังไม่มีหน่วยใดรายงาน")
        return Score(row, State.INCOMPLETE, message=message, notes=notes, counted=count)
    verdict, doubts = _enough(row, count.at_level)
    value = Decimal(count.at_level)
    return Score(row, State.COMPUTED, exact(value), value, passed=verdict, warnings=doubts, notes=notes, counted=count)


def _unit_of(template: Template) -> str:
    """What the units are counted in, as the plan's target prints it: 12 แห่ง."""
    if template.across is None or template.across.unit:
        return template.across.unit if template.across else ""
    try:
        printed = parse_notation(template.across.criterion.used).unit if template.across.criterion else ""
    except NotationError:
        printed = ""
    return printed or "แห่ง"


def _enough(row: Template, count: int) -> tuple[bool | None, tuple[Warning_, ...]]:
    try:
        return passes(Decimal(count), row.criterion, row.direction), ()
    except NotationError as error:
        return None, (Warning_("criterion_unreadable", error.message),)
