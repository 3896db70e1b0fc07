"""Fills the plan's result form from the database: of one round, or of a KPI made of others."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.adapters import target_of, template_of
from indicators.figures import figure
from indicators.models import IndicatorVersion, ProjectLine, Responsibility, Result
from indicators.naming import title_of
from indicators.rules import RoundAccess
from indicators.scorecards import CardState, RoundCell, Scorecard, build_cards
from reports.documents.model import State as Mark
from reports.documents.result_form import PrintedBand, Project, ResultFormData
from reports.indicator_page import standing_sentence
from scoring.explain import State
from scoring.numbers import format_number
from scoring.score import score_data
from scoring.template import Kind, Template
from strategy import clock
from strategy.models import Plan
from strategy.periods import thai_date, thai_month

# Why a round has no figures: its word and its mark (DESIGN.md section 4, "never the same thing").
STATE_MARKS = {
    State.NO_CASES: (gettext_lazy("ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0)"), Mark.NOT_APPLICABLE),
    State.CANNOT_COMPUTE: (gettext_lazy("คำนวณไม่ได้"), Mark.CANNOT_COMPUTE),
    State.UNREADABLE: (gettext_lazy("คำนวณไม่ได้"), Mark.CANNOT_COMPUTE),
    State.INCOMPLETE: (gettext_lazy("ข้อมูลยังไม่ครบ"), Mark.DRAFT),
}


def round_form(access: RoundAccess) -> ResultFormData:
    """The form of one KPI and period. Values that the person may not see yet stay blank."""
    cards = build_cards(access.plan, access.round.fiscal_year, access.round.end, access.round.indicator)
    if not cards:
        raise Http404  # the year's template was withdrawn
    card = cards[0]
    cell = next(cell for cell in card.rounds if cell.round.pk == access.round.pk)
    cell = replace(cell, result=access.result)  # which knows its people
    part = replace(_part(card, cell, visible=access.may_see_values), indicator_name=title_of(card.indicator))
    units = ", ".join(unit.label for unit in access.responsible)
    return replace(part, **_head(access.plan, access.round.fiscal_year), unit_responsible=units)


def indicator_form(
    plan: Plan, card: Scorecard, owners: Iterable[Responsibility], *, visible: Container[int]
) -> ResultFormData:
    """The form of a KPI that is made of others (7, 7(2), 26 …) as of a month: a table for each part.

    `visible`: the indicators of which the person may see values that are not approved yet.
    """
    leaves = [leaf for leaf in card.walk() if not leaf.children]
    prefetch_related_objects([leaf.in_scope[-1].result for leaf in leaves if _has_result(leaf)], "projects")
    parts = tuple(_leaf_part(leaf, visible=leaf.indicator.pk in visible) for leaf in leaves)
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
        no_result=str(_state_word(card.state)) if card.level is None else "",
        explanation=_standing(card),
        projects=tuple(project for part in parts for project in part.projects),
        problems=_joined(parts, "problems"),
        suggestions=_joined(parts, "suggestions"),
        demo=any(part.demo for part in parts),
    )


def _level_decimals(level: Decimal | None) -> int:
    return 0 if level is None or level == level.to_integral_value() else 4


def _state_word(state: CardState) -> str:
    words = {
        CardState.NOT_DUE: _("ยังไม่ถึงกำหนด"),
        CardState.NOT_REPORTED: _("ยังไม่รายงาน"),
        CardState.NO_CASES: _("ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0)"),
        CardState.CANNOT_COMPUTE: _("คำนวณไม่ได้"),
    }
    return words.get(state, "")


def _joined(parts: Iterable[ResultFormData], name: str) -> str:
    """What the parts wrote, each under its code."""
    texts = ((part.indicator_code, getattr(part, name)) for part in parts)
    return "\n".join(f"{code}: {text}" for code, text in texts if text)


def _standing(card: Scorecard) -> tuple[str, ...]:
    """Why the level; before it why it does not count yet, where parts of it are missing."""
    why = card.score.explanation.sentences() if card.score else ()
    return (standing_sentence(card), *why) if card.state == CardState.NOT_REPORTED else why


def _has_result(card: Scorecard) -> bool:
    return bool(card.in_scope) and card.in_scope[-1].result is not None


def _leaf_part(card: Scorecard, *, visible: bool) -> ResultFormData:
    """The latest round in scope of a part; without one, its blank table."""
    cell = card.in_scope[-1] if card.in_scope else None
    return _part(card, cell, visible=visible or (cell is not None and cell.is_approved))


def _head(plan: Plan, fiscal_year: int) -> dict[str, str]:
    return {"plan_name": plan.name, "hospital": plan.unit.name, "fiscal_year": str(fiscal_year)}


def _part(card: Scorecard, cell: RoundCell | None, *, visible: bool) -> ResultFormData:
    """Printed by the revision that scored the result, which a later one does not change."""
    version = cell.version if cell else card.version
    template = card.template if version is card.version else template_of(version)
    base = ResultFormData(
        indicator_code=card.indicator.code,
        indicator_name=card.indicator.name,
        fiscal_year=str(version.fiscal_year),
        period=cell.round.label if cell else thai_month(card.until),
        bands=_bands(version),
        target=_targets(version),
        unit=version.unit,
        decimals=0 if template.kind == Kind.MILESTONE else version.decimals,
        pass_criterion=_used(version),
        demo=_is_demo(card),
        **_year_to_date(card),
    )
    if cell is None or cell.result is None or not visible:
        word, mark = _nothing(cell)
        return replace(base, no_result=word, no_result_state=mark)
    return replace(base, demo=base.demo or cell.result.is_demo, **_of_result(template, cell.result, cell.data))


def _is_demo(card: Scorecard) -> bool:
    """Whether the year to date rests on demo results, also where the round's own result is real."""
    return any(cell.is_approved and cell.result is not None and cell.result.is_demo for cell in card.in_scope)


def _bands(version: IndicatorVersion) -> tuple[PrintedBand, ...]:
    rows = sorted(version.bands.all(), key=lambda band: band.level)
    return tuple(PrintedBand(b.level, b.printed, b.correction, b.reason) for b in rows)


def _targets(version: IndicatorVersion) -> str:
    """The template's target, and the plan table's where it says something else."""
    table, template = version.plan_target, version.template_target
    if table and template and table != template:
        return _("%(template)s\n(ตารางแผน %(table)s)") % {"template": template, "table": table}
    return template or table


def _used(version: IndicatorVersion) -> str:
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
        "ytd_level": score.level,
        "ytd_passed": score.passed,
        "ytd_counts": counts,
    }


def _nothing(cell: RoundCell | None) -> tuple[str, Mark]:
    """Why there are no figures: not due, not reported, or still on the way."""
    if cell is not None and cell.result is not None:
        return cell.result.get_status_display(), Mark.DRAFT
    if cell is None or (not cell.is_due and cell.round.end >= clock.today()):
        return _("ยังไม่ถึงกำหนด"), Mark.NOT_DUE
    return _("ยังไม่รายงาน"), Mark.NOT_REPORTED


def _of_result(template: Template, result: Result, data: Mapping[str, Decimal | None]) -> dict[str, object]:
    """The figures, texts and people of a result; its stored score, explained afresh."""
    score = score_data(template, data)
    figures = _figures(template, result, data)
    word, mark = STATE_MARKS.get(State(result.state), ("", None))
    return {
        **figures,
        "no_result": str(word) if result.value is None else "",
        "no_result_state": mark if result.value is None else None,
        "explanation": score.explanation.sentences(),
        "problems": result.problems,
        "suggestions": result.suggestions,
        "note": result.note,
        "projects": tuple(_project(row) for row in result.projects.all()),
        "unapproved": "" if result.status == Result.Status.APPROVED else result.get_status_display(),
        **_people(result),
    }


def _figures(template: Template, result: Result, data: Mapping[str, Decimal | None]) -> dict[str, object]:
    text = figure(template, result.value, result.second) if result.second is not None else ""
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
    if template.kind != Kind.FORMULA or codes != ["A", "B"] or not template.formula.startswith("A/B"):
        return ""
    return "/".join("–" if data.get(code) is None else format_number(data[code]) for code in codes)


def _project(row: ProjectLine) -> Project:
    return Project(row.name, row.allocated, row.spent, row.source)


def _people(result: Result) -> dict[str, str]:
    return {
        "entered_by": str(result.entered_by or ""),
        "entered_at": _day(result.entered_at),
        "submitted_by": str(result.submitted_by or ""),
        "submitted_at": _day(result.submitted_at),
        "approved_by": str(result.approved_by or ""),
        "approved_at": _day(result.approved_at),
    }


def _day(at: datetime | None) -> str:
    return "" if at is None else thai_date(clock.day_of(at))
