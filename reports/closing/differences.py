"""What differs between two frozen revisions of a period: figures, templates, results, KPI by KPI."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.closing.frozen import Frozen
from indicators.figures import figure
from indicators.models import Result, Round
from indicators.naming import title_of
from indicators.scorecards import CardState, RoundCell, Scorecard
from reports.cards import cancelled_text
from reports.closing.rows import LEVELS, ClosedRow, groups_of, shown, totals_of
from reports.dashboard import percent_and_grade
from reports.form_tables import state_word
from scoring.numbers import format_number
from scoring.rollup import LEVEL_DECIMALS, Totals
from strategy.models import OrgUnit
from strategy.periods import thai_date

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
    official = format_number(totals.shown(totals.official), LEVEL_DECIMALS) or NOTHING
    grade = percent_and_grade(totals, frozen.data["totals"]["grade"]) if totals.official is not None else ""
    of_plan = {_("ผลรวมทางการ"): f"{official} ({grade})" if grade else official}
    found = {("", _("ทั้งแผน")): of_plan | dict(_weights(totals))}
    granted, reported = _extensions(frozen), _results(frozen)
    for group in groups_of(frozen):
        for row in group.rows:
            indicator = row.card.indicator
            found[row.code, title_of(indicator)] = (
                dict(_of_row(row)) | granted.get(indicator.pk, {}) | reported.get(indicator.pk, {})
            )
    return found


def _weights(totals: Totals) -> Iterator[tuple[str, str]]:
    """What the total was divided by; a cancelled KPI moves it without any new number."""
    yield _("น้ำหนักที่นับในผลรวม"), shown(totals.weight_all)
    yield _("น้ำหนักที่ถึงกำหนด"), shown(totals.weight_due)
    yield _("น้ำหนักที่รายงานแล้ว"), shown(totals.weight_reported)


def _of_row(row: ClosedRow) -> Iterator[tuple[str, str]]:
    yield _("สถานะ"), _state(row)
    yield _("ผลงานสะสม"), row.value or NOTHING
    yield _("ระดับ"), shown(row.level)
    yield _("การประมวลผล"), {True: _("ผ่าน"), False: _("ไม่ผ่าน"), None: NOTHING}[row.passed]
    yield _("น้ำหนัก"), _weight(row)
    yield _("เป้าหมาย"), row.target or NOTHING
    for level, band in zip(LEVELS, row.bands, strict=True):
        yield _("เกณฑ์ระดับ %(level)s") % {"level": level}, band or NOTHING
    yield _("เกณฑ์ผ่าน"), row.criterion or NOTHING
    yield _("สูตรคำนวณ"), row.version.formula or NOTHING
    yield _("ฉบับของ Template"), row.revision


def _state(row: ClosedRow) -> str:
    """Not yet due is not reported: what was approved before counts, and the state says until which round."""
    if row.card_state is CardState.CANCELLED:
        return cancelled_text(row.card) or state_word(row.card_state)
    waiting = _waiting(row.card)
    if row.card_state is CardState.NOT_DUE and waiting and waiting.extended_until:
        return _("ขยายเวลาถึง %(day)s ยังไม่ถึงกำหนด") % {"day": thai_date(waiting.due)}
    if row.state:
        return state_word(row.card_state)
    return _reported_until(row.card.latest, waiting) if row.card.latest and waiting else _("รายงานแล้ว")


def _waiting(card: Scorecard) -> RoundCell | None:
    """The last round of the period, where it is neither approved nor due yet."""
    last = card.in_scope[-1] if card.in_scope else None
    return None if last is None or last.is_approved or last.is_due else last


def _reported_until(latest: RoundCell, waiting: RoundCell) -> str:
    facts = {"latest": latest.round.label, "round": waiting.round.label, "day": thai_date(waiting.due)}
    if waiting.extended_until:
        return _("รายงานแล้วถึงงวด %(latest)s ส่วนงวด %(round)s ขยายเวลาถึง %(day)s ยังไม่ถึงกำหนด") % facts
    return _("รายงานแล้วถึงงวด %(latest)s ส่วนงวด %(round)s ยังไม่ถึงกำหนด") % facts


def _weight(row: ClosedRow) -> str:
    if row.weight is not None and row.card_state is CardState.CANCELLED:
        return _("%(weight)s (ไม่นับในผลรวม)") % {"weight": shown(row.weight)}
    return shown(row.weight)


def _extensions(frozen: Frozen) -> dict[int, dict[str, str]]:
    """By indicator, until when there was more time for which round; the latest extension holds."""
    found: dict[int, dict[str, str]] = {}
    for row in frozen.extensions:
        name = f"{_('การขยายเวลาส่ง')} {row.round.label}{_elsewhere(frozen, row.measured_unit)}"
        found.setdefault(row.round.indicator_id, {})[name] = _("ถึง %(day)s") % {"day": thai_date(row.until)}
    return found


def _results(frozen: Frozen) -> dict[int, dict[str, str]]:
    """By indicator, the approved result of each round: its value, level and numbers."""
    numbers: dict[int, list[str]] = {}
    for value in frozen.values:
        numbers.setdefault(value.result_id, []).append(f"{value.code}={format_number(value.value)}")
    found: dict[int, dict[str, str]] = {}
    for result in sorted(frozen.results, key=lambda result: (result.round.end, result.pk)):
        text = _of_result(result, ", ".join(sorted(numbers.get(result.pk, []))))
        name = _round_name(result.round) + _elsewhere(frozen, result.measured_unit)
        found.setdefault(result.round.indicator_id, {})[name] = text
    return found


def _round_name(round_: Round) -> str:
    return _("ผลงาน %(round)s") % {"round": round_.label}


def _elsewhere(frozen: Frozen, unit: OrgUnit) -> str:
    """The measured unit, where it is not the plan's own."""
    return "" if unit.pk == frozen.plan.unit_id else f" {unit.label}"


def _of_result(result: Result, numbers: str) -> str:
    value = figure(result.version, result.value, result.second) or result.get_state_display()
    parts = [value, _("ระดับ %(level)s") % {"level": format_number(result.level)} if result.level is not None else ""]
    if result.assessed_level is not None or result.assessed_passed is not None:
        parts.append(_("ผู้ประเมิน: %(reason)s") % {"reason": result.assessed_reason})
    return " ".join(filter(None, [*parts, f"({numbers})" if numbers else ""]))
