"""Fills the plan's result form from the database: of one round, or of a KPI made of others."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.adapters import bands_of, data_of, target_of, template_of
from indicators.cells import CardState, RoundCell, UnitCell
from indicators.figures import figure
from indicators.models import DataItem, IndicatorVersion, ProjectLine, Responsibility, Result, ScoreBand
from indicators.naming import title_of
from indicators.questions import score_of
from indicators.result_parts import Parts, parts_by_result, parts_of
from indicators.rules import RoundAccess
from indicators.scorecards import Scorecard, build_cards
from indicators.wording import said
from reports.cards import cancelled_text
from reports.documents.model import State as Mark
from reports.documents.result_data import PrintedBand, Project, ResultFormData
from reports.documents.result_form import LEVELS
from reports.form_beside import printed_evidence, printed_measure
from reports.form_tables import MARKS, child_lines, item_lines, state_word, unit_lines
from reports.indicator_page import standing_sentence
from scoring.checklist import breakdown
from scoring.composed import score_across
from scoring.explain import State
from scoring.numbers import format_number
from scoring.template import Kind, Template
from strategy import clock
from strategy.models import OrgUnit, Plan
from strategy.periods import thai_date, thai_month

# Why a round has no figures: its word and its mark (DESIGN.md section 4, "never the same thing").
STATE_MARKS = {
    State.NO_CASES: (gettext_lazy("ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0)"), Mark.NOT_APPLICABLE),
    State.CANNOT_COMPUTE: (gettext_lazy("คำนวณไม่ได้"), Mark.CANNOT_COMPUTE),
    State.NOT_APPLICABLE: (gettext_lazy("ไม่เกี่ยวข้องในงวดนี้"), Mark.NOT_APPLICABLE),
    State.UNREADABLE: (gettext_lazy("คำนวณไม่ได้"), Mark.CANNOT_COMPUTE),
    State.INCOMPLETE: (gettext_lazy("ข้อมูลยังไม่ครบ"), Mark.DRAFT),
}


WITH_LINES = (Kind.MILESTONE, Kind.CHECKLIST)


def round_form(access: RoundAccess) -> ResultFormData:
    """The form of one KPI and period. Values that the person may not see yet stay blank."""
    cards = build_cards(access.plan, access.round.fiscal_year, access.round.end, access.round.indicator)
    if not cards:
        raise Http404  # the year's template was withdrawn
    card = cards[0]
    cell = next(cell for cell in card.rounds if cell.round.pk == access.round.pk)
    if access.is_other_unit:
        card, cell = _of_unit(card, cell, access)
    elif not card.is_across:
        cell = replace(cell, result=access.result)  # which knows its people
    part = replace(_part(card, cell, visible=access.may_see_values), indicator_name=title_of(card.indicator))
    units = ", ".join(unit.label for unit in access.responsible or _entering(cell))
    return replace(part, **_head(access.plan, access.round.fiscal_year, access), unit_responsible=units)


def _entering(cell: RoundCell) -> Iterable[OrgUnit]:
    """Who enters the results of the measured units, each once: the row over all of them is nobody's own."""
    return {unit.pk: unit for each in cell.units for unit in each.responsible}.values()


def _of_unit(card: Scorecard, cell: RoundCell, access: RoundAccess) -> tuple[Scorecard, RoundCell]:
    """The card and the round as of one measured unit alone: without the others, and without their count."""
    own = next((unit for unit in cell.units if unit.unit.pk == access.measured_unit.pk), None)
    if own is None and access.result is not None:  # not measured any more
        prefetch_related_objects([access.result.version], "items", "bands")
        own = UnitCell(access.measured_unit, access.result, data_of(access.result), cell.is_due, access.result.version)
    data, version = (own.data, own.version) if own else ({}, cell.version)
    own_cell = replace(cell, result=access.result, data=data, version=version, units=())
    return replace(card, score=None, rounds=(own_cell,), template=replace(card.template, across=None)), own_cell


def indicator_form(
    plan: Plan, card: Scorecard, owners: Iterable[Responsibility], *, visible: Container[int]
) -> ResultFormData:
    """The form of a KPI that is made of others (7, 7(2), 26 …) as of a month: a table for each part.

    `visible`: the indicators of which the person may see values that are not approved yet.
    """
    if card.kind is Kind.PASS_SHARE:
        return _share_form(plan, card, owners)
    leaves = [leaf for leaf in card.walk() if not leaf.children]
    beside = parts_by_result(leaf.in_scope[-1].result for leaf in leaves if _has_result(leaf))
    parts = tuple(_leaf_part(leaf, visible=leaf.indicator.pk in visible, beside=beside) for leaf in leaves)
    return ResultFormData(
        **_head(plan, card.version.fiscal_year),
        indicator_code=card.indicator.code,
        indicator_name=card.indicator.name,
        period=thai_month(card.until),
        unit_responsible=", ".join(dict.fromkeys(row.responsible_unit.label for row in owners)),
        parts=parts,
        target=target_of(card.version),
        unit=_("ระดับ"),
        decimals=_level_decimals(card.level),
        ytd_value=card.level,
        ytd_level=card.level,
        ytd_passed=card.passed,
        pass_criterion=_used(card.version),
        no_result=str(state_word(card.state)) if card.level is None else "",
        explanation=_standing(card),
        projects=tuple(project for part in parts for project in part.projects),
        evidence=tuple(replace(line, code=part.indicator_code) for part in parts for line in part.evidence),
        measures=tuple(replace(line, code=part.indicator_code) for part in parts for line in part.measures),
        problems=_joined(parts, "problems"),
        suggestions=_joined(parts, "suggestions"),
        demo=any(part.demo for part in parts),
    )


def _share_form(plan: Plan, card: Scorecard, owners: Iterable[Responsibility]) -> ResultFormData:
    """The form of a share of sub-indicators: its own bands, and a line for each of them."""
    data = dict(card.score.data or ()) if card.score else {}
    own = [row for row in owners if row.indicator_id == card.indicator.pk] or list(owners)
    word, mark = ("", None) if card.score else (state_word(card.state), MARKS.get(card.state))
    return replace(
        _part(card, None, visible=True),
        **_head(plan, card.version.fiscal_year),
        indicator_name=title_of(card.indicator),
        unit_responsible=", ".join(dict.fromkeys(row.responsible_unit.label for row in own)),
        counts=_counts(card.template, data),
        value=card.score.value if card.score else None,
        rate=card.score.value if card.score else None,
        level=card.level,
        passed=card.passed,
        no_result=word,
        no_result_state=mark,
        explanation=_standing(card),
        children=child_lines(card),
        demo=any(_is_demo(leaf) for leaf in card.leaves),
        ytd_value=None,
        ytd_level=None,
    )


def _level_decimals(level: Decimal | None) -> int:
    return 0 if level is None or level == level.to_integral_value() else 4


def _joined(parts: Iterable[ResultFormData], name: str) -> str:
    """What the parts wrote, each under its code."""
    texts = ((part.indicator_code, getattr(part, name)) for part in parts)
    return "\n".join(f"{code}: {text}" for code, text in texts if text)


def _standing(card: Scorecard) -> tuple[str, ...]:
    """Why the level; before it why it does not count yet, where parts of it are missing."""
    why = card.score.explanation.sentences() if card.score else ()
    is_told = card.state in (CardState.NOT_REPORTED, CardState.NOT_APPLICABLE, CardState.CANCELLED)
    return (standing_sentence(card), *why) if is_told else why


def _has_result(card: Scorecard) -> bool:
    return bool(card.in_scope) and card.in_scope[-1].result is not None


def _leaf_part(card: Scorecard, *, visible: bool, beside: Mapping[int, Parts]) -> ResultFormData:
    """The latest round in scope of a part; without one, its blank table."""
    cell = card.in_scope[-1] if card.in_scope else None
    parts = beside.get(cell.result.pk) if cell and cell.result else None
    return _part(card, cell, visible=visible or (cell is not None and cell.is_approved), parts=parts)


def _head(plan: Plan, fiscal_year: int, access: RoundAccess | None = None) -> dict[str, str]:
    measured_unit = access.measured_unit if access else plan.unit
    return {"plan_name": plan.name, "hospital": measured_unit.name, "fiscal_year": str(fiscal_year)}


def _part(card: Scorecard, cell: RoundCell | None, *, visible: bool, parts: Parts | None = None) -> ResultFormData:
    """Printed by the revision that scored the result, which a later one does not change."""
    version = cell.version if cell else card.version
    template = card.template if version is card.version else template_of(version)
    number = cell.round.number if cell else 0
    template = template.for_round(number)
    base = ResultFormData(
        indicator_code=card.indicator.code,
        indicator_name=card.indicator.name,
        fiscal_year=str(version.fiscal_year),
        period=cell.round.label if cell else thai_month(card.until),
        bands=_bands(version, number),
        target=_targets(version, template),
        unit=template.unit,
        decimals=0 if template.kind == Kind.MILESTONE else template.decimals,
        pass_criterion=_used(version, template),
        has_steps=template.kind is Kind.MILESTONE,
        demo=_is_demo(card),
        **_year_to_date(card),
    )
    cancelled = cancelled_text(card) if cell is not None and cell.is_cancelled else ""
    if card.is_across and cell is not None:
        return replace(base, cancelled=cancelled, **_of_units(card, template, cell))
    if cell is None or cell.result is None or not visible:
        word, mark = _nothing(cell)
        why = (cancelled_text(card),) if mark is Mark.CANCELLED else ()
        lines = item_lines(template, {}, {})
        return replace(base, no_result=word, no_result_state=mark, items=lines, explanation=why)
    figures = _of_result(template, cell.result, cell.data, parts)
    return replace(base, demo=base.demo or cell.result.is_demo, cancelled=cancelled, **figures)


def _of_units(card: Scorecard, template: Template, cell: RoundCell) -> dict[str, object]:
    """The row over all measured units in that round: how many have reached the level, and each of them."""
    counted = [unit for unit in cell.units if not unit.is_not_applicable]
    score = score_across(template, [(unit.unit.label, unit.level) for unit in counted])
    word, mark = ("", None) if score.value is not None else _nothing(cell)
    return {
        "value": score.value,
        "decimals": 0,
        "unit": score.template.unit,
        "passed": score.passed,
        "pass_criterion": target_of(card.version),
        "explanation": score.explanation.sentences(),
        "no_result": word,
        "no_result_state": mark,
        "units": unit_lines(template, cell.units),
        "unit_inputs": tuple(item.name for item in template.items),
        "ytd_value": None,
        "ytd_level": None,
    }


def _is_demo(card: Scorecard) -> bool:
    """Whether the year to date rests on demo results, also where the round's own result is real."""
    return any(cell.is_approved and cell.result is not None and cell.result.is_demo for cell in card.in_scope)


def _bands(version: IndicatorVersion, round_number: int = 0) -> tuple[PrintedBand, ...]:
    """The bands of the round where it has its own, with the word of each level."""
    rows = bands_of(version, round_number) or bands_of(version)
    if not rows and version.kind == Kind.MILESTONE:
        steps = min(sum(row.kind == DataItem.Kind.STEP for row in version.items.all()), len(LEVELS))
        return tuple(PrintedBand(level, _("ครบถึงขั้นที่ %(number)s") % {"number": level}) for level in LEVELS[:steps])
    return tuple(PrintedBand(b.level, _with_word(b), b.correction, b.reason) for b in rows)


def _with_word(band: ScoreBand) -> str:
    return f"{band.printed} ({band.word})" if band.word else band.printed


def _targets(version: IndicatorVersion, of_round: Template) -> str:
    """The round's own target; else the template's, and the plan table's where it says something else."""
    if of_round.target != target_of(version):
        return of_round.target
    table, template = version.plan_target, version.template_target
    if table and template and table != template:
        return _("%(template)s\n(ตารางแผน %(table)s)") % {"template": template, "table": table}
    return template or table


def _used(version: IndicatorVersion, of_round: Template | None = None) -> str:
    """The pass criterion in use, the round's own where it has one."""
    if of_round and of_round.pass_criterion and of_round.pass_criterion.printed != version.pass_criterion:
        return of_round.pass_criterion.printed
    if version.pass_correction:
        return _("%(used)s (พิมพ์ %(printed)s)") % {
            "used": version.pass_correction,
            "printed": version.pass_criterion or "-",
        }
    return version.pass_criterion


def _year_to_date(card: Scorecard) -> dict[str, Decimal | bool | str | None]:
    score = card.score
    if score is None:
        return {}
    counts = "" if score.value is not None else score.message
    return {
        "ytd_text": figure(card.template, score.value, score.second) if score.second is not None else "",
        "ytd_value": score.value,
        "ytd_level": card.level,
        "ytd_passed": card.passed,
        "ytd_counts": counts,
    }


def _nothing(cell: RoundCell | None) -> tuple[str, Mark]:
    """Why there are no figures: not due, not reported, still on the way, or cancelled before it ended."""
    if cell is not None and cell.result is not None:
        return cell.result.get_status_display(), Mark.DRAFT
    if cell is not None and cell.is_cancelled:
        return _("ยกเลิกแล้ว"), Mark.CANCELLED
    if cell is None or (not cell.is_due and cell.round.end >= clock.today()):
        return _("ยังไม่ถึงกำหนด"), Mark.NOT_DUE
    return _("ยังไม่รายงาน"), Mark.NOT_REPORTED


def _of_result(
    template: Template, result: Result, data: Mapping[str, Decimal | None], parts: Parts | None
) -> dict[str, object]:
    """The figures, texts and people of a result; its stored score, explained afresh."""
    score, parts = score_of(result, template, data), parts or parts_of(result)
    figures = _figures(template, result, data)
    word, mark = STATE_MARKS.get(State(result.state), ("", None))
    return {
        **figures,
        "no_result": str(word) if result.value is None else "",
        "no_result_state": mark if result.value is None else None,
        "items": item_lines(template, data, parts.notes),
        "assessed_level": result.assessed_level,
        "assessed_passed": result.assessed_passed,
        "assessed_reason": result.assessed_reason,
        # Lines that stand in a table of their own are not told again.
        "explanation": score.explanation.reasons() if template.kind in WITH_LINES else score.explanation.sentences(),
        "problems": result.problems,
        "suggestions": result.suggestions,
        "note": result.note,
        "projects": tuple(_project(row) for row in parts.projects),
        "evidence": tuple(printed_evidence(line) for line in parts.evidence),
        "measures": tuple(printed_measure(line, result) for line in parts.measures),
        "unapproved": "" if result.status == Result.Status.APPROVED else result.get_status_display(),
        **_people(result),
    }


def _figures(template: Template, result: Result, data: Mapping[str, Decimal | None]) -> dict[str, object]:
    text = figure(template, result.value, result.second) if result.second is not None else ""
    if template.kind is Kind.QUALITATIVE and template.items:
        text = said(template, template.items[0].code, result.value)  # the word, not its 1 or 0
    is_rate = template.kind == Kind.FORMULA and "/" in template.formula
    return {
        "counts": _counts(template, data),
        "value": result.value,
        "value_text": text,
        "rate": result.value if is_rate else None,
        "level": result.level,
        "passed": result.passed,
    }


def _counts(template: Template, data: Mapping[str, Decimal | None]) -> str:
    """ผลงาน as counted ("33/40") where the value is A out of B; all other inputs stand in the explanation."""
    codes = [item.code for item in template.items]
    if template.kind is Kind.CHECKLIST:
        marks = breakdown(template, data)
        return f"{format_number(marks.obtained)}/{format_number(marks.full)}"
    if (
        template.kind not in (Kind.FORMULA, Kind.PASS_SHARE)
        or codes != ["A", "B"]
        or not template.formula.startswith("A/B")
    ):
        return ""
    return "/".join("–" if data.get(code) is None else format_number(data[code]) for code in codes)


def _project(row: ProjectLine) -> Project:
    return Project(row.name, row.allocated, row.spent, row.source)


def _people(result: Result) -> dict[str, str]:
    return {
        "entered_by": str(result.entered_by or ""),
        "entered_at": _day(result.entered_at),
        "submitted_by": str(result.submitted_by or ""),
        "submitted_at": _submitted(result),
        "approved_by": str(result.approved_by or ""),
        "approved_at": _day(result.approved_at),
    }


def _submitted(result: Result) -> str:
    """The day, and how late it was."""
    if not result.late_days:
        return _day(result.submitted_at)
    facts = {"day": _day(result.submitted_at), "days": result.late_days}
    return _("%(day)s (ส่งช้า %(days)s วัน)") % facts


def _day(at: datetime | None) -> str:
    return "" if at is None else thai_date(clock.day_of(at))
