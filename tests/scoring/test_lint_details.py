"""Proposals and sentences of the linter that a second reading of the plan asked for, and defects that it added."""

from datetime import date

import pytest

from scoring.lint import Fix, RoundDays, Severity
from scoring.steps import Step
from scoring.template import Accumulation, Item, Kind
from tests.scoring.lint_samples import found, only

WHOLE = (Item("A", "จำนวน", "เรื่อง", whole=True),)
CASCADE = ("< 2 เรื่อง", ">2 เรื่อง", ">4 เรื่อง", ">6 เรื่อง", ">8 เรื่อง", ">10 เรื่อง")
PUBLISHED = {"formula": "A", "unit": "เรื่อง", "items": WHOLE}
STEPS = {"kind": Kind.MILESTONE, "formula": "", "items": (), "unit": "ระดับ", "decimals": 0}
FIVE = tuple(Step(number, "ทำ") for number in range(1, 6))
DOWN_TIME = {"direction": "lower", "decimals": 4}


def test_a_sign_that_was_lost_throughout_is_put_back_throughout():
    """30: < 2, then >2 … >10, for a target of 10."""
    findings = found(*CASCADE, target="10 เรื่องต่อปี", passing=">10 เรื่อง", failing="<10 เรื่อง", **PUBLISHED)
    assert only(findings, "gap")[0].fix == Fix("bands.1", "≥2 เรื่อง")
    (top,) = only(findings, "target_below_band5")
    assert (top.severity, top.fix) == (Severity.WARNING, Fix("bands.5", "≥10 เรื่อง"))
    assert only(findings, "pass_fail_gap")[0].fix == Fix("pass", "≥10 เรื่อง")


@pytest.mark.parametrize("target", ["", ">10 เรื่อง", "12 เรื่อง"])
def test_a_sign_that_the_target_does_not_contradict_stays(target):
    (gap,) = [each for each in only(found(*CASCADE, target=target, **PUBLISHED), "gap") if "ค่า 2 " in each.message]
    assert gap.fix == Fix("bands.0", "≤2 เรื่อง")


@pytest.mark.parametrize("lowest", ["0.2- 0.5", "0.3- 0.5", "0.4- 0.5"])
def test_a_band_printed_short_is_no_band_left_out(lowest):
    """28 in 2561 to 2563: five levels are there, and the fourth begins later every year."""
    (gap,) = only(found(">2.0", "1.6- 2.0", "1.1-1.5", "0.6- 1.0", lowest, "0%", **DOWN_TIME), "gap")
    assert gap.severity is Severity.WARNING
    assert "ตกไป" not in gap.message


def test_cutting_a_band_off_may_not_leave_it_in_a_third():
    """16 in 2560: 90 - 94 without what is over 93 would still hold 90 - 92."""
    findings = only(found("<80", "80 - 84", "85 - 89", "90 - 94", "90 - 92", ">93"), "overlap")
    assert [each.fix for each in findings] == [None, None]


def test_level_zero_printed_as_one_number_is_opened_up_to_level_one():
    """29 in 2562."""
    fixes = {each.fix for each in only(found("12", "13- 15", "16- 18", "19- 21", "22- 24", "≥25"), "gap")}
    assert fixes == {Fix("bands.0", "<13")}


def test_levels_with_a_dash_may_be_meant():
    (missing,) = only(found("<82", "-", "-", "82 - 86.99", "87 - 91.99", "≥92"), "level_missing")
    assert "ถ้าตั้งใจ" in missing.proposal


@pytest.mark.parametrize(("passing", "told"), [("ระดับที่ 1-5", True), ("ระดับ 5", False), ("≥ระดับ 3", False)])
def test_a_milestone_that_passes_from_the_first_step(passing, told):
    """Kalasin 13, 14: read as printed, level 1 would do."""
    findings = only(found(passing=passing, steps=FIVE, **STEPS), "pass_vs_band5")
    assert [each.fix for each in findings] == ([Fix("pass", "≥ระดับที่ 5")] if told else [])


def test_the_rounds_in_use_are_named_where_they_are_not_the_tables():
    """26: the table says twice a year, and results come four times."""
    rest = {"frequency_table": "ราย 6 เดือน", "frequency_template": "ณ 31 ธันวาคม, 31มีนาคม, 30 มิถุนายน, 30 กันยายน"}
    (own,) = only(found(own_rounds=4, **rest), "frequency_mismatch")
    (table,) = only(found(**rest), "frequency_mismatch")
    assert "รอบที่กำหนดไว้ 4" in own.proposal
    assert "ถือตามตารางแผน" in table.proposal


def test_a_quarter_of_seven_months_is_no_quarter():
    days = (RoundDays(2, "การประเมินไตรมาสที่ 2", date(2021, 1, 1), date(2021, 7, 31)),)
    (finding,) = only(found(rounds=days), "frequency_mismatch")
    assert "7 เดือน" in finding.message
    assert "ไม่ใช่ไตรมาส" in finding.message
    assert "7 เดือน" not in finding.proposal


@pytest.mark.parametrize(
    ("plan", "own", "part"),
    [
        (">90%", ">93%", "ถึงเป้าหมายในตารางแผน แต่"),
        ("95%", ">95%", "ถึงเป้าหมายในตารางแผน แต่"),
        (">95%", "95%", "ถึงเป้าหมายใน Template แต่"),
    ],
)
def test_which_of_two_targets_is_met(plan, own, part):
    assert part in only(found(plan_target=plan, template_target=own), "target_mismatch")[0].message


@pytest.mark.parametrize(
    ("name", "formula", "told"),
    [("ร้อยละเฉลี่ยของเครื่องมือที่ให้บริการได้", "A/B*100", True), ("ร้อยละของเครื่องมือ", "A/B*100", False),
     ("ร้อยละเฉลี่ยของสามโรค", "mean(A, B, C)", False), ("ต้นทุนไม่เกินเกณฑ์เฉลี่ย", "A/B*100", False)],
)  # fmt: skip
def test_a_mean_in_the_name_alone(name, formula, told):
    items = tuple(Item(code, code) for code in "ABC" if code in formula)
    findings = [
        each
        for each in only(found(name=name, formula=formula, items=items), "formula_mismatch")
        if "เฉลี่ย" in each.message
    ]
    assert [each.severity for each in findings] == ([Severity.NOTE] if told else [])


@pytest.mark.parametrize(
    ("name", "whole", "told"),
    [("ร้อยละของหน่วยงานในโรงพยาบาลที่", "จำนวนหน่วยงานในสังกัดกระทรวงสาธารณสุข", True),
     ("ร้อยละของหน่วยงานในโรงพยาบาลที่", "จำนวนหน่วยงานทั้งหมด", False),
     ("ร้อยละของการจัดซื้อร่วม", "มูลค่าของหน่วยงานในสังกัดกระทรวงสาธารณสุข", False)],
)  # fmt: skip
def test_a_whole_that_is_wider_than_the_name(name, whole, told):
    """20: units of the hospital, of all units of the ministry."""
    items = (Item("A", "จำนวนหน่วยงานที่ทำ", "หน่วยงาน", at_most="B"), Item("B", whole, "หน่วยงาน"))
    assert bool(only(found(name=name, items=items), "formula_mismatch")) == told


@pytest.mark.parametrize(("first", "told"), [(1, False), (6, True)])
def test_a_list_that_begins_at_another_number(first, told):
    """18(3): five groups, numbered 6 to 10."""
    lines = "\n".join(f"{number}. บุคลากร" for number in range(first, first + 5))
    findings = only(found(definition=f"บุคลากร 5 กลุ่ม ดังนี้\n{lines}"), "count_mismatch")
    assert [each.severity for each in findings] == ([Severity.NOTE] if told else [])


def test_a_value_with_two_marks_is_told_in_words():
    text = "ถ้าได้คะแนน เป็น 1 ได้ 4 คะแนน"
    items = (Item("A", "ระดับ", whole=True, accumulation=Accumulation.LAST),)
    rest = {"direction": "lower", "formula": "A", "unit": "ระดับ", "items": items, "formula_printed": text}
    (finding,) = only(found("7", "6", "5", "4", "3", "<2", **rest), "formula_mismatch")
    assert "ผล 1 ได้ 4 คะแนน แต่ช่วงให้ระดับ 5" in finding.message


@pytest.mark.parametrize(
    ("top", "target", "fix"),
    [(">87", ">90", None), ("≥87", ">87", Fix("bands.5", ">87")), (">87", ">87", None)],
)
def test_level_five_is_mended_where_the_pass_criterion_is_the_target(top, target, fix):
    """11(2): level 5 >89 under a target of 90, once the pass criterion is ≥90."""
    findings = found("<80", "80 - 82", "83 - 84", "84.01 - 85", "85.01 - 87", top, target=target, passing=target)
    told = [each for each in only(findings, "pass_vs_band5") if each.severity is Severity.ERROR]
    assert [each.fix for each in told] == ([] if top == target else [fix])


def test_proposals_do_not_undo_one_another():
    """Of 11(2) in 2561 each criterion was changed back and forth."""
    rest = {"target": "90%", "passing": "≥90", "failing": "<90"}
    findings = found("<85", "85 - 86", "86.01 - 87", "87.01 - 88", "88.01 - 89", ">89", **rest)
    assert {each.fix.place for each in findings if each.fix and each.kind.startswith("pass")} == set()
