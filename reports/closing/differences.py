"""What differs between two frozen revisions of a period: figures, templates, results, KPI by KPI."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.closing.frozen import Frozen
from indicators.figures import figure
from indicators.models import Result
from indicators.naming import title_of
from reports.closing.rows import LEVELS, ClosedRow, groups_of, shown, totals_of
from reports.dashboard import percent_and_grade
from reports.form_tables import state_word
from scoring.numbers import format_number

NOTHING = "–"


@dataclass(frozen=True)
class Change:
    """One thing that reads otherwise, before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedKpi:
    """A KPI (the whole plan where there is no code) with all that reads otherwise."""

    code: str
    name: str
    changes: tuple[Change, ...]


Facts = Mapping[tuple[str, str], Mapping[str, str]]


def differences(before: Frozen, after: Frozen) -> list[ChangedKpi]:
    """Everything that reads otherwise in the later revision, in the order of the plan."""
    old, new = _facts(before), _facts(after)
    pairs = ((key, old.get(key, {}), new.get(key, {})) for key in dict.fromkeys([*new, *old]))
    found = [ChangedKpi(*key, tuple(_changes(was, now))) for key, was, now in pairs]
    return [kpi for kpi in found if kpi.changes]


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for what in dict.fromkeys([*after, *before]):
        was, now = before.get(what, NOTHING), after.get(what, NOTHING)
        if was != now:
            yield Change(what, was, now)


def _facts(frozen: Frozen) -> Facts:
    """By KPI (code and name) all that is compared, as it reads; first of the plan itself."""
    totals = totals_of(frozen.data["totals"]["plan"])
    official = format_number(totals.shown(totals.official)) or NOTHING
    grade = percent_and_grade(totals, frozen.data["totals"]["grade"]) if totals.official is not None else ""
    found = {("", _("ทั้งแผน")): {_("ผลรวมทางการ"): f"{official} ({grade})" if grade else official}}
    reported = _results(frozen)
    for group in groups_of(frozen):
        for row in group.rows:
            indicator = row.card.indicator
            found[row.code, title_of(indicator)] = dict(_of_row(row)) | reported.get(indicator.pk, {})
    return found


def _of_row(row: ClosedRow) -> Iterator[tuple[str, str]]:
    yield _("สถานะ"), state_word(row.card_state) if row.state else _("รายงานแล้ว")
    yield _("ผลงานสะสม"), row.value or NOTHING
    yield _("ระดับ"), shown(row.level)
    yield _("การประมวลผล"), {True: _("ผ่าน"), False: _("ไม่ผ่าน"), None: NOTHING}[row.passed]
    yield _("น้ำหนัก"), shown(row.weight)
    yield _("เป้าหมาย"), row.target or NOTHING
    for level, band in zip(LEVELS, row.bands, strict=True):
        yield _("เกณฑ์ระดับ %(level)s") % {"level": level}, band or NOTHING
    yield _("เกณฑ์ผ่าน"), row.criterion or NOTHING
    yield _("สูตรคำนวณ"), row.version.formula or NOTHING
    yield _("ฉบับของ Template"), row.revision


def _results(frozen: Frozen) -> dict[int, dict[str, str]]:
    """By indicator, the approved result of each round: its value, level and numbers."""
    numbers: dict[int, list[str]] = {}
    for value in frozen.values:
        numbers.setdefault(value.result_id, []).append(f"{value.code}={format_number(value.value)}")
    found: dict[int, dict[str, str]] = {}
    for result in sorted(frozen.results, key=lambda result: (result.round.end, result.pk)):
        text = _of_result(result, ", ".join(sorted(numbers.get(result.pk, []))))
        found.setdefault(result.round.indicator_id, {})[_round_name(frozen, result)] = text
    return found


def _round_name(frozen: Frozen, result: Result) -> str:
    unit = "" if result.measured_unit_id == frozen.plan.unit_id else f" {result.measured_unit.label}"
    return _("ผลงาน %(round)s") % {"round": result.round.label} + unit


def _of_result(result: Result, numbers: str) -> str:
    value = figure(result.version, result.value, result.second) or result.get_state_display()
    parts = [value, _("ระดับ %(level)s") % {"level": format_number(result.level)} if result.level is not None else ""]
    if result.assessed_level is not None or result.assessed_passed is not None:
        parts.append(_("ผู้ประเมิน: %(reason)s") % {"reason": result.assessed_reason})
    return " ".join(filter(None, [*parts, f"({numbers})" if numbers else ""]))
