"""Decisions about findings: what accepting writes, who is told what, and what a correction would change."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404

from indicators.adapters import template_of
from indicators.lint.actions import (
    DecisionRefused,
    StaleDecision,
    accept_finding,
    dismiss_finding,
    reopen_finding,
)
from indicators.lint.effects import corrected, effects_of, is_applicable
from indicators.lint.overrides import record_loaded
from indicators.lint.source import errors_of, findings_of, linted
from indicators.models import IndicatorVersion, LintDecision, Responsibility, ReviewEvent, TemplateOverride
from indicators.revisions import next_revision
from indicators.workflow import transition
from scoring.lint import Finding, Fix, Severity
from strategy.models import OrgUnit

pytestmark = pytest.mark.django_db
EXACTLY_170 = {"A": 34000, "B": 200}  # 170 minutes: level 5 as printed (≤170), level 4 as proposed (<170)
BAND5 = Fix("bands.5", "<170")
REASON = "แผนพิมพ์เป้าหมาย <170"


@pytest.fixture
def found(plan):
    """A finding of the real plan: `found("7(1)", "band5_below_target")`."""

    def find(code: str, kind: str, year: int = 2560) -> Finding:
        wanted = (code, kind, year)
        return next(f for f in linted(plan).findings if (f.indicator, f.kind, f.fiscal_year) == wanted)

    return find


@pytest.fixture
def accept(plan, cast):
    return lambda finding, **more: accept_finding(
        plan=plan, finding=finding, by=cast.reviewer, **{"reason": REASON, **more}
    )


def versions(code: str, year: int = 2560) -> list[IndicatorVersion]:
    return list(IndicatorVersion.objects.filter(indicator__code=code, fiscal_year=year).order_by("revision"))


# Accepting


def test_a_correction_stands_beside_what_is_printed(accept, found):
    decision = accept(found("7(1)", "gap", 2561))
    (version,) = versions("7(1)", 2561)
    band = version.bands.get(level=4)
    assert (band.printed, band.correction, band.reason) == ("166 - 170", "165 - 170", REASON)
    assert (decision.version, decision.decision, decision.reason) == (version, "accept", REASON)
    assert (decision.kind, decision.fiscal_year, decision.indicator.code) == ("gap", 2561, "7(1)")
    assert decision.message == found("7(1)", "gap", 2561).message  # it is told on, as mended


def test_an_accepted_correction_is_no_longer_proposed(accept, plan, found):
    before = found("7(1)", "pass_fail_gap", 2561)
    accept(before)
    assert all(finding.fix is None for finding in linted(plan).findings if finding.fingerprint == before.fingerprint)


@pytest.mark.parametrize("place", ["pass", "fail"])
def test_criteria_are_corrected_in_their_own_fields(place, accept, found):
    accept(replace(found("7(1)", "owner_mismatch", 2563), fix=Fix(place, ">=155")))
    (version,) = versions("7(1)", 2563)
    assert getattr(version, f"{place}_correction") == ">=155"
    assert getattr(version, f"{place}_reason") == REASON


def test_a_level_that_the_template_lacks_gets_a_band(accept, found, indicator):
    indicator("7(1)").versions.get(fiscal_year=2563).bands.filter(level=0).delete()
    accept(replace(found("7(1)", "owner_mismatch", 2563), fix=Fix("bands.0", ">180")))
    assert versions("7(1)", 2563)[0].bands.get(level=0).correction == ">180"


def test_a_template_with_results_gets_a_new_revision(accept, found, submitted):
    result = submitted("7(1)", 4, **EXACTLY_170)
    decision = accept(found("7(1)", "band5_below_target"))
    old, new = versions("7(1)")
    assert (old.is_active, new.is_active, new.revision, decision.version) == (False, True, 2, new)
    assert old.bands.get(level=5).correction == ""
    assert new.bands.get(level=5).correction == "<170"
    assert [band.printed for band in new.bands.all()] == [band.printed for band in old.bands.all()]
    assert [item.code for item in new.items.all()] == [item.code for item in old.items.all()]
    assert list(new.stakeholders.all()) == list(old.stakeholders.all())
    result.refresh_from_db()
    assert (result.version, result.level) == (old, 5)


def test_open_results_are_scored_by_the_new_revision_when_they_are_saved(accept, found, approved, submitted, saved):
    """What is approved or submitted keeps the revision that scored it."""
    kept = [approved("7(1)", 3, **EXACTLY_170), submitted("7(1)", 4, **EXACTLY_170)]
    draft = saved("7(1)", 6, **EXACTLY_170)
    assert draft.level == 5
    accept(found("7(1)", "band5_below_target"))
    for result in kept:
        result.refresh_from_db()
        assert (result.version.revision, result.level) == (1, 5)
    draft = saved("7(1)", 6, **EXACTLY_170)
    assert (draft.version.revision, draft.level) == (2, 4)


def test_a_returned_result_too(accept, found, submitted, saved, access, cast):
    result = submitted("7(1)", 4, **EXACTLY_170)
    accept(found("7(1)", "band5_below_target"))
    transition(
        access=access(cast.reviewer, result.round),
        action=ReviewEvent.Action.RETURN,
        by=cast.reviewer,
        lock=result.lock,
        reason="ตรวจใหม่",
    )
    assert saved("7(1)", 4, **EXACTLY_170).level == 4


def test_the_same_correction_is_not_applied_twice(accept, found, submitted, plan, cast):
    submitted("7(1)", 4, **EXACTLY_170)
    finding = found("7(1)", "band5_below_target")
    accept(finding)
    reopen_finding(plan=plan, finding=finding, by=cast.reviewer, reason="ดูอีกครั้ง")
    decision = accept(finding)
    assert [version.revision for version in versions("7(1)")] == [1, 2]
    assert decision.version.revision == 2


def test_without_a_correction_nothing_changes_but_the_record(accept, found, submitted):
    submitted("7(1)", 4, **EXACTLY_170)
    decision = accept(found("7(1)", "owner_mismatch"))
    assert decision.version is None
    assert len(versions("7(1)")) == 1


def test_a_new_revision_with_errors_left_says_why_it_is_in_use(accept, plan, cast, saved, indicator):
    """5 has a pass line above its target, an error, beside gaps that are warnings."""
    unit = OrgUnit.objects.get(code="PST_OPD")
    Responsibility.objects.create(indicator=indicator("5"), measured_unit=plan.unit, responsible_unit=unit, position=9)
    saved("5", 4, A=1, B=10)
    found = [f for f in linted(plan).findings if (f.indicator, f.fiscal_year) == ("5", 2560)]
    accept(next(finding for finding in found if finding.kind == "gap"))
    override = TemplateOverride.objects.get(version=versions("5")[-1])
    assert override.by == cast.reviewer
    assert REASON in override.reason
    assert [row["kind"] for row in override.errors] == ["pass_below_target"]


# Refusals


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
@pytest.mark.parametrize("act", [accept_finding, dismiss_finding])
def test_a_reason_is_needed(act, reason, plan, cast, found):
    with pytest.raises(DecisionRefused, match="กรุณาระบุเหตุผล"):
        act(plan=plan, finding=found("7(1)", "gap", 2561), by=cast.reviewer, reason=reason)
    assert not LintDecision.objects.exists()
    assert versions("7(1)", 2561)[0].bands.get(level=4).correction == ""


def test_a_proposal_that_cannot_be_read_is_not_applied(accept, found):
    with pytest.raises(DecisionRefused, match="ใช้ค่าแก้ไขที่เสนอไม่ได้"):
        accept(replace(found("7(1)", "gap", 2561), fix=Fix("bands.4", "ประมาณร้อย")))
    assert not LintDecision.objects.exists()


def test_a_template_that_is_gone_cannot_be_corrected(accept, found):
    with pytest.raises(DecisionRefused, match="ไม่มี Template ที่ใช้งานของตัวชี้วัด 99 ปี 2561"):
        accept(replace(found("7(1)", "gap", 2561), indicator="99"))


def test_what_is_decided_is_not_decided_again(accept, plan, cast, found):
    finding = found("7(1)", "owner_mismatch")
    dismiss_finding(plan=plan, finding=finding, by=cast.reviewer, reason="เป็นชื่อเดียวกัน")
    with pytest.raises(DecisionRefused, match="ข้อนี้ตัดสินใจแล้ว: “คงไว้ตามเดิม” โดย reviewer"):
        accept(finding)
    reopen_finding(plan=plan, finding=finding, by=cast.reviewer, reason="ไม่ใช่ชื่อเดียวกัน")
    accept(finding)
    assert list(LintDecision.objects.values_list("decision", flat=True)) == ["dismiss", "reopen", "accept"]


def test_what_is_open_is_not_reopened(plan, cast, found):
    with pytest.raises(DecisionRefused, match="ยังไม่มีการตัดสินใจ"):
        reopen_finding(plan=plan, finding=found("7(1)", "gap", 2561), by=cast.reviewer, reason="x")


def test_the_second_of_two_is_told(accept, plan, cast, found):
    finding = found("7(1)", "gap", 2561)
    dismiss_finding(plan=plan, finding=finding, by=cast.administrator, reason="เอกสารพิมพ์อย่างนี้", seen=0)
    with pytest.raises(StaleDecision, match=r"administrator ตัดสินใจข้อนี้ไปแล้ว.*“คงไว้ตามเดิม” เพราะ “เอกสารพิมพ์อย่างนี้”"):
        accept(finding, seen=0)
    assert versions("7(1)", 2561)[0].bands.get(level=4).correction == ""


def test_decisions_of_other_plans_do_not_count(accept, plan, cast, found):
    other = type(plan).objects.create(code="X", name="อื่น", unit=plan.unit, first_year=2560, last_year=2560)
    dismiss_finding(plan=other, finding=found("7(1)", "gap", 2561), by=cast.reviewer, reason="x")
    accept(found("7(1)", "gap", 2561), seen=0)


# Revisions and overrides


def test_an_old_revision_can_be_copied_back(indicator):
    first = indicator("7(1)").versions.get(fiscal_year=2560)
    second = next_revision(version=first)
    second.bands.filter(level=5).update(printed="≤1")
    third = next_revision(version=first)
    assert (third.revision, third.is_active) == (3, True)
    assert third.bands.get(level=5).printed == "≤170"
    assert versions("7(1)")[1].is_active is False


def test_loading_a_file_records_the_errors_that_it_keeps(plan):
    """The plan was loaded for these tests as it is printed."""
    with_errors = {
        (f.indicator, f.fiscal_year) for f in linted(plan).findings if f.severity is Severity.ERROR and f.indicator
    }
    rows = TemplateOverride.objects.select_related("version__indicator")
    assert {(row.version.indicator.code, row.version.fiscal_year) for row in rows} == with_errors
    assert {(row.by, row.reason) for row in rows} == {(None, "โหลดจากไฟล์แผน: คงไว้ตามที่พิมพ์ในเอกสาร")}
    for row in rows[:5]:
        assert [error["message"] for error in row.errors] == [error.message for error in errors_of(row.version)]


def test_what_was_not_written_records_nothing(plan):
    before = TemplateOverride.objects.count()
    assert record_loaded(plan=plan, versions=[]) == 0
    assert TemplateOverride.objects.count() == before


def test_only_templates_in_use_are_judged(indicator):
    version = indicator("5").versions.get(fiscal_year=2560)
    assert findings_of(version)
    version.is_active = False
    assert findings_of(version) == []


# What a correction would change


@pytest.mark.parametrize(
    ("fix", "known"),
    [
        (Fix("bands.4", "80 - 90"), True),
        (Fix("pass", ">80"), True),
        (Fix("fail", "<80"), True),
        (Fix("bands.6", ">80"), False),
        (Fix("bands.x", ">80"), False),
        (Fix("weight", "5"), False),
        (Fix("bands.4", "ประมาณร้อย"), False),
    ],
)
def test_corrections_that_can_be_applied(fix, known):
    assert is_applicable(fix) is known


def test_a_corrected_template_keeps_what_is_printed(indicator):
    template = template_of(indicator("7(1)").versions.get(fiscal_year=2560))
    band = dict(corrected(template, BAND5).bands)[5]
    assert (band.printed, band.used) == ("≤170", "<170")
    assert corrected(template, Fix("pass", "<170")).pass_criterion.used == "<170"
    assert dict(template.bands)[5].used == "≤170"


def test_every_result_is_told_before_and_after(plan, approved, submitted, saved):
    approved("7(1)", 3, **EXACTLY_170)
    submitted("7(1)", 4, A=36000, B=200)
    saved("7(1)", 6, **EXACTLY_170)
    effects = effects_of(plan, "7(1)", 2560, BAND5)
    told = [(e.round.number, e.status, e.before.level, e.after.level, e.changes) for e in effects.results]
    assert told == [(3, "approved", 5, 4, True), (4, "submitted", 3, 3, False), (6, "draft", 5, 4, True)]
    assert (effects.changed, effects.changed_levels, effects.changed_passes) == (2, 2, 0)
    assert effects.next_revision == 2


def test_the_pass_line_changes_passing_alone(plan, approved):
    approved("7(1)", 3, **EXACTLY_170)
    (effect,) = effects_of(plan, "7(1)", 2560, Fix("pass", "<170")).results
    assert (effect.before.passed, effect.after.passed, effect.level_changes) == (True, False, False)


def test_the_plans_total_is_worked_out_and_nothing_is_saved(plan, approved):
    approved("7(1)", 6, **EXACTLY_170)
    effect = effects_of(plan, "7(1)", 2560, BAND5).plan
    assert (effect.before.level, effect.after.level) == (5, 4)
    assert effect.percent_before > effect.percent_after > 0
    version = IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=2560)
    assert version.bands.get(level=5).correction == ""


def test_accepting_does_what_was_told(plan, accept, found, approved):
    from indicators.scorecards import plan_card
    from strategy.periods import Frequency, period_of

    result = approved("7(1)", 6, **EXACTLY_170)
    told = effects_of(plan, "7(1)", 2560, BAND5).plan
    accept(found("7(1)", "band5_below_target"))
    card = plan_card(plan, 2560, period_of(told.until, Frequency.MONTHLY).end)
    assert card.totals.percent_of(card.totals.official) == told.percent_after
    result.refresh_from_db()
    assert result.level == Decimal(5)


def test_a_year_to_come_has_no_total(plan):
    effects = effects_of(plan, "7(1)", 2563, Fix("bands.5", "<150"))
    assert (effects.plan, effects.results, effects.next_revision) == (None, (), None)


def test_no_such_template(plan):
    for code, year in (("99", 2560), ("7(1)", 2599)):
        with pytest.raises(Http404):
            effects_of(plan, code, year, BAND5)
