"""The linter's rules about checklists, with the evidence list (ITA) and the smart hospital of Kalasin."""

import pytest

from scoring.lint import Severity
from scoring.template import Group, Item, ItemKind, Kind, Measure, Printed, RoundRule
from tests.scoring.lint_samples import found, only

LADDER = ("", "-", "-", "82", "87", "92")


def evidence(count, **rest):
    items = tuple(Item(f"EB{number}", "หลักฐาน", kind=ItemKind.TICK, **rest) for number in range(1, count + 1))
    return {"kind": Kind.CHECKLIST, "formula": "", "items": items}


def test_a_pass_line_in_items_that_is_not_the_share():
    """82 % of 23 items are 19; the printed 20 fits the 24 that there would be with EB 3."""
    (finding,) = only(
        found(*LADDER, target="ร้อยละ 82 ( ผ่าน 20 ข้อ (EB))", passing="20 ข้อ (EB)", **evidence(23)),
        "pass_excludes_target",
    )
    assert finding.severity is Severity.ERROR
    assert all(part in finding.message for part in ("23 ข้อ", "19 ข้อ", "82.61", "20 ข้อ"))
    assert "24 ข้อ" in finding.proposal


@pytest.mark.parametrize(
    ("count", "line", "kind"),
    [(24, "20 ข้อ", None), (23, "19 ข้อ", None), (23, "18 ข้อ", "pass_below_target"), (30, "20 ข้อ", "pass_below_target"),
     (23, "24 ข้อ", None), (23, "82", None)],
)  # fmt: skip
def test_lines_that_fit_and_lines_that_are_too_low(count, line, kind):
    findings = found(*LADDER, target="ร้อยละ 82 (EB)", passing=line, **evidence(count))
    told = [each.kind for each in findings if each.kind in ("pass_excludes_target", "pass_below_target")]
    assert told == ([kind] if kind else [])


def test_items_of_unequal_marks_cannot_be_counted():
    items = (*evidence(23)["items"][:-1], Item("EB23", "หลักฐาน", kind=ItemKind.TICK, full=5))
    rest = {**evidence(23), "items": items}
    assert not only(found(*LADDER, target="ร้อยละ 82 (EB)", passing="20 ข้อ", **rest), "pass_excludes_target")


def test_it_is_told_of_the_round_that_is_a_percentage():
    rules = (
        RoundRule(1, target="ระดับ 5 ( ผ่าน 5 ข้อ (EB))", measure=Measure.POINTS, pass_criterion=Printed("5 ข้อ (EB)")),
        RoundRule(
            2, target="ร้อยละ 82 ( ผ่าน 20 ข้อ (EB))", measure=Measure.PERCENT, pass_criterion=Printed("20 ข้อ (EB)")
        ),
    )
    (finding,) = only(found(measure=Measure.POINTS, round_rules=rules, **evidence(23)), "pass_excludes_target")
    assert finding.place == "rounds.2.pass"


@pytest.mark.parametrize(("bands", "severity"), [(LADDER, "note"), (("<70", "70", "76", "82", "87", "92"), "error")])
def test_a_target_of_a_lower_level(bands, severity):
    (finding,) = only(found(*bands, target="ร้อยละ 82 ( ผ่าน 20 ข้อ (EB))", **evidence(23)), "target_below_band5")
    assert finding.severity.value == severity
    assert "ระดับ 3" in finding.message


def test_a_group_that_asks_for_some_and_gives_marks_for_all():
    items = tuple(Item(f"I{number}", "ข้อ", kind=ItemKind.TICK, group="G1", full=5) for number in range(3))
    rest = {"kind": Kind.CHECKLIST, "formula": "", "items": items}
    (finding,) = only(found(groups=(Group("G1", "1.2 Smart Tools", 15, need=2),), **rest), "count_mismatch")
    assert (finding.severity, finding.place) == (Severity.NOTE, "groups.G1")
    assert "10" in finding.message
    assert "15" in finding.message
    assert not only(found(groups=(Group("G1", "1.2", 15, need=3),), **rest), "count_mismatch")
    all_or_nothing = (Group("G1", "5", 1, need=2, all_or_nothing=True),)
    assert not only(found(groups=all_or_nothing, **rest), "count_mismatch")
