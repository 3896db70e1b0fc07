"""Fills the plan's result form from the database: of one round, or of a KPI made of others."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.adapters import target_of
from indicators.models import IndicatorVersion, ProjectLine, Result
from indicators.rules import RoundAccess, current_responsibilities
from indicators.scorecards import CardState, RoundCell, Scorecard, build_cards
from reports.documents.model import State as Mark
from reports.documents.result_form import PrintedBand, Project, ResultFormData
from scoring.explain import Score, State
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
    card = build_cards(access.plan, access.round.fiscal_year, access.round.end, access.round.indicator)[0]
    cell = next(cell for cell in card.rounds if cell.round.pk == access.round.pk)
    version = access.version if access.result is None else access.result.version
    part = _part(card, cell, version, visible=access.may_see_values)
    units = ", ".join(unit.label for unit in access.responsible)
    return replace(part, **_head(access.plan, access.round.fiscal_year), unit_responsible=units)


def indicator_form(plan: Plan, card: Scorecard, *, visible: bool) -> ResultFormData:
    """The form of a KPI that is made of others (7, 7(2), 26 …) as of a month: a table for each part.

    `visible`: whether the person may see values that are not approved yet.
    """
    leaves = [leaf for leaf in card.walk() if not leaf.children]
    parts = tuple(_leaf_part(leaf, visible=visible) for leaf in leaves)
    return ResultFormData(
        **_head(plan, card.version.fiscal_year),
        indicator_code=card.indicator.code,
        indicator_name=card.indicator.name,
        period=thai_month(card.until),
        unit_responsible=_units_of(card),
        parts=parts,
        target=target_of(card.version),
        unit=_("ระดับ"),
        decimals=_level_decimals(card.level),
        ytd_value=card.level,
        ytd_level=card.level,
        ytd_passed=card.passed,
        pass_criterion=_used(card.version),
        no_result=str(_state_word(card.state)) if card.level is None else "",
        explanation=card.score.explanation.sentences() if card.score else (),
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


def _units_of(card: Scorecard) -> str:
    owners = current_responsibilities().filter(indicator__in=[one.indicator.pk for one in card.walk()])
    return ", ".join(dict.fromkeys(row.responsible_unit.label for row in owners))


def _leaf_part(card: Scorecard, *, visible: bool) -> ResultFormData:
    """The latest round in scope of a part; without one, its blank table."""
    cell = card.in_scope[-1] if card.in_scope else None
    if cell is None:
        return _part(card, None, card.version, visible=False)
    version = card.version if cell.result is None else cell.result.version
    return _part(card, cell, version, visible=cell.is_approved or visible)


def _head(plan: Plan, fiscal_year: int) -> dict[str, str]:
    return {"plan_name": plan.name, "hospital": plan.unit.name, "fiscal_year": str(fiscal_year)}


def _part(card: Scorecard, cell: RoundCell | None, version: IndicatorVersion, *, visible: bool) -> ResultFormData:
    template = card.template
    base = ResultFormData(
        indicator_code=card.indicator.code,
        indicator_name=_full_name(card),
        period=cell.round.label if cell else thai_month(card.until),
        bands=_bands(version),
        target=_targets(version),
        unit=version.unit,
        decimals=0 if template.kind == Kind.MILESTONE else version.decimals,
        pass_criterion=_used(version),
        **_year_to_date(card),
    )
    if cell is None or cell.result is None or not visible:
        word, mark = _nothing(cell)
        return replace(base, no_result=word, no_result_state=mark)
    return replace(base, **_of_result(template, cell.result))


def _full_name(card: Scorecard) -> str:
    """With the heading's name where the own name says little without it ("ผู้ป่วยนอก")."""
    parent = card.indicator.parent
    return f"{parent.name}: {card.indicator.name}" if parent else card.indicator.name


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


def _of_result(template: Template, result: Result) -> dict[str, object]:
    """The figures, texts and people of a result; its stored score, explained afresh."""
    data = {row.code: row.value for row in result.values.all()}
    score = score_data(template, data)
    figures = _figures(template, result, data, score)
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
        "demo": result.is_demo,
        **_people(result),
    }


def _figures(template: Template, result: Result, data: Mapping[str, Decimal | None], score: Score) -> dict[str, object]:
    pair = result.second is not None
    places = template.decimals
    text = f"{format_number(result.value, places)} : {format_number(result.second, places)}" if pair else ""
    is_rate = template.kind == Kind.FORMULA and "/" in template.formula
    return {
        "counts": _counts(template, data, score),
        "value": result.value,
        "value_text": text,
        "rate": result.value if is_rate else None,
        "level": result.level,
        "passed": result.passed,
    }


def _counts(template: Template, data: Mapping[str, Decimal | None], score: Score) -> str:
    """ผลงาน as counted: "33/40" where there are two items, else each with its letter."""
    if template.kind == Kind.MILESTONE or len(template.items) == 1:
        return ""
    given = {item.code: data.get(item.code) for item in template.items}
    shown = {code: "–" if value is None else format_number(value) for code, value in given.items()}
    if template.formula.replace(" ", "").startswith("A/B") and len(given) == 2:
        return "/".join(shown.values())
    return "\n".join(f"{code} = {text}" for code, text in shown.items() if given[code] is not None)


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
    if at is None:
        return ""
    day: date = timezone.localtime(at).date()
    return thai_date(day)
