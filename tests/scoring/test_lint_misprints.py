"""The linter's rules about misprinted numbers, steps, names and families, with the plan's own misprints."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from scoring.lint import Fix, PlanSheet, PrintedBaseline, Severity, lint_plan, lint_sheet
from scoring.steps import Step
from scoring.template import Item, Kind
from tests.scoring.lint_samples import found, only, sheet

REFER = (">9.0", "8.1 – 9.0", "7. – 8.0", "6.1 – 7.0", "5.1 – 6.0", "<5.0%")
TENTHS = (">14.1", "13.1 - 14.0", "12.1 - 13.0", "11.1 – 12.0", "10.1 – 11.0", "<10.0")
ZERO_DEFECT = ("<80", "80 -84", "85 -89", "90 -94", "95 -94", "100")
LEVELS = ("", "ระดับ 1", "ระดับ 2", "ระดับ 3", "ระดับ 4", "ระดับ 5")


def test_a_number_cut_short_goes_on_from_its_neighbour():
    findings = found(*REFER, direction="lower", passing="<7.")
    of_band, of_pass = only(findings, "unreadable")
    assert of_band.fix == only(findings, "overlap")[0].fix == Fix("bands.2", "7.1 - 8.0")
    assert of_pass.fix == Fix("pass", "<7.0")
    assert {of_band.severity, of_pass.severity} == {Severity.WARNING}


def test_a_blank_within_a_baseline():
    (finding,) = only(found(baselines=(PrintedBaseline("9. 59%", D("9.59")),)), "unreadable")
    assert "9.59%" in finding.proposal


PROPOSED = [
    ("strict below the first band", TENTHS, {"direction": "lower"}, "bands.0", ">14.0"),
    ("as the bands are printed", TENTHS, {"direction": "lower", "target": "10%"}, "bands.5", "≤10.0"),
    ("whole numbers", ("<71", "72 – 73", "74 – 75", "76 – 77", "78 - 79", "≥80"), {}, "bands.0", "<72"),
    ("a pair", ("<75 : >25", "76: 24", "77: 23", "78 : 22", "79: 21", "≥ 80 : ≤ 20"), {"unit": "สัดส่วน"},
     "bands.0", "<76 : >24"),
    ("no other decimals", ("<1.91", "1.92- 1.93", "1.94- 1.95", "1.96- 1.97", "1.98- 1.99", "≥2.00"),
     {"formula": "A/B", "unit": "ค่า", "items": (Item("A", ""), Item("B", ""))}, "bands.0", "<1.92"),
]  # fmt: skip


@pytest.mark.parametrize(("bands", "rest", "place", "text"), [r[1:] for r in PROPOSED], ids=[r[0] for r in PROPOSED])
def test_gaps_are_closed_in_the_templates_own_way(bands, rest, place, text):
    assert Fix(place, text) in [each.fix for each in only(found(*bands, **rest), "gap")]


@pytest.mark.parametrize(
    ("bands", "text"),
    [
        (("<65", "65 -70", "70 - 74", "75 - 79", "80 - 84", "≥85"), "65 - 69"),
        (("<5", "5 - 6", "6 - 7", "7 - 8", "8 - 9", "≥9"), "5 - 5.99"),
        (("<65", "65 - 70.00", "70 - 74.99", "75 - 79.99", "80 - 84.99", "≥85"), "65 - 69.99"),
    ],
)
def test_overlaps_are_cut_in_the_templates_own_way(bands, text):
    assert only(found(*bands), "overlap")[0].fix == Fix("bands.1", text)


def test_level_zero_follows_a_level_one_that_moves():
    findings = found("41- 45", "36 – 40", "21 – 25", "16 – 20", "11 - 15", "<10", direction="lower")
    (gap,) = [each for each in only(findings, "gap") if each.severity is Severity.ERROR]
    assert gap.fix == Fix("bands.1", "26 - 30")
    assert "แก้ระดับ 0 จาก 41- 45 เป็น >30" in gap.proposal


def test_the_edge_of_level_five_is_not_mended_where_the_target_moves_it():
    bands = ("<65", "65 - 69", "70 - 74", "75 - 79", "80 - 86", ">87")
    (gap,) = only(found(*bands, target="85%"), "gap")
    assert gap.fix is None
    assert "85%" in gap.proposal


def test_criteria_that_miss_the_target_are_mended_together():
    findings = found(*TENTHS, direction="lower", target="10%", passing="<12.0", failing=">12.0")
    texts = {kind: only(findings, kind)[0].fix for kind in ("pass_below_target", "pass_vs_band5", "pass_fail_gap")}
    assert texts["pass_below_target"] == texts["pass_vs_band5"] == Fix("pass", "≤10.0")
    assert texts["pass_fail_gap"] == Fix("fail", ">10.0")


def test_what_neither_criterion_claims_is_told_beside_the_overlap():
    (finding,) = only(found("<60", "60%", passing="60%", failing="60%"), "pass_fail_overlap")
    assert "0 ถึง 59.99" in finding.message


@pytest.mark.parametrize(
    ("fourth", "fifth", "told"),
    [
        ("มีความก้าวหน้าน้อยกว่า 50%", "มีความก้าวหน้ามากกว่า 50%", True),
        ("มีความก้าวหน้า < 50%", "มีความก้าวหน้า > 50%", True),
        ("มีความก้าวหน้าน้อยกว่า 50%", "มีความก้าวหน้าตั้งแต่ 50%", False),
        ("มีความก้าวหน้าน้อยกว่า 50%", "มีความก้าวหน้ามากกว่า 40%", False),
    ],
)
def test_steps_that_leave_a_share_out(fourth, fifth, told):
    steps = (*(Step(number, "ทำ") for number in (1, 2, 3)), Step(4, fourth), Step(5, fifth))
    rest = {"kind": Kind.MILESTONE, "formula": "", "items": (), "unit": "ระดับ", "steps": steps}
    assert bool(only(found(*LEVELS, **rest), "gap")) is told


@pytest.mark.parametrize(
    ("name", "target", "severity"),
    [
        ("ผู้ป่วยโรคจิตเวช (Psychosis) เข้าถึงบริการ 55 %", "60", "note"),
        ("คุมน้ำตาลได้ดี (HbA1c น้อยกว่าร้อยละ 7) เกณฑ์ร้อยละ 40", "17", "warning"),
        ("คุมน้ำตาลได้ดี (HbA1c น้อยกว่าร้อยละ 7) เกณฑ์ร้อยละ 40", "40", None),
        ("ร้อยละ PCC ที่ได้ตามเกณฑ์มาตรฐาน", "20%", None),
    ],
)
def test_a_criterion_in_the_name(name, target, severity):
    findings = only(found(name=name, target=target), "target_mismatch")
    assert [each.severity.value for each in findings] == ([severity] if severity else [])


def test_a_share_whose_baseline_is_counted():
    rest = {"name": "ร้อยละการส่งต่อลดลง", "target": "0", "direction": "lower"}
    assert only(found(**rest, baselines=(PrintedBaseline("3 ราย", D(3)),)), "formula_mismatch")
    assert not only(found(**rest, baselines=(PrintedBaseline("3%", D(3)),)), "formula_mismatch")


@pytest.mark.parametrize(("baseline", "told"), [("11.1% (1 แห่ง)", True), ("10% (1 แห่ง)", False), ("11.1%", False)])
def test_a_baseline_of_another_whole(baseline, told):
    findings = found(plan_target="20% (2 แห่ง)", baselines=(PrintedBaseline(baseline, D("10")),))
    assert bool(only(findings, "count_mismatch")) is told


@pytest.mark.parametrize(("owner", "told"), [("นางสาวสมศรี ใจดี", True), ("ศูนย์หัวใจ", False), ("", False)])
def test_a_person_as_the_owner(owner, told):
    assert bool(only(found(owner=owner), "owner_mismatch")) is told


def test_a_second_scale_in_the_definition():
    definition = "\n".join(f"ระดับ {number} ขั้นตอน" for number in range(1, 6))
    assert only(found(*ZERO_DEFECT, definition=definition), "duplicate")
    assert not only(found(*ZERO_DEFECT, definition=definition.replace("ระดับ 5", "ข้อ 5")), "duplicate")


@pytest.mark.parametrize(("count", "told"), [(10, ["bands.4"]), (24, []), (0, [])])
def test_few_children_leave_levels_out_of_reach(count, told):
    children = tuple(str(number) for number in range(count))
    findings = only(found(*ZERO_DEFECT, kind=Kind.PASS_SHARE, children=children), "unreachable_level")
    assert [each.place for each in findings] == told
    assert {each.severity for each in findings} <= {Severity.WARNING}


def test_a_branch_without_an_indicator():
    one = sheet(name="ทุกสาขา (สาขาละ 1 KPI)", child_groups=("ก", "ข"), empty_groups=("ข",))
    assert [each.place for each in only(lint_sheet(one), "count_mismatch")] == ["definition"]


def _in_plan(*sheets) -> list:
    return [each for findings in lint_plan(PlanSheet("P", sheets)) for each in findings]


def test_the_same_measure_under_two_parents_is_told_at_the_later():
    spelt = sheet(code="1", name="ร้อยละ Primary Care Cluster (PCC) ที่ได้ตามเกณฑ์มาตรฐาน", items=())
    short = sheet(code="14(11)", parent="14", name="ร้อยละ PCC ที่ได้ตามเกณฑ์มาตรฐาน", items=())
    (finding,) = only(_in_plan(spelt, short), "duplicate")
    assert (finding.indicator, finding.severity) == ("14(11)", Severity.NOTE)
    assert not only(_in_plan(spelt, replace(short, parent="")), "duplicate")  # siblings of one name are another rule


def test_children_that_nothing_judges():
    parent = sheet(*ZERO_DEFECT, code="P", kind=Kind.PASS_SHARE, children=("C", "D"))
    judged = sheet(code="C", parent="P", passing="0", name="ก")
    unjudged = sheet(code="D", parent="P", kind=Kind.QUALITATIVE, target="NA", name="ข")
    (finding,) = only(_in_plan(parent, judged, unjudged), "level_missing")
    assert "1 จาก 2" in finding.message
    assert "(D)" in finding.message


def test_a_target_in_words_with_a_criterion_in_numbers_is_a_note():
    (finding,) = only(found(target="ลดลงจากปีที่ผ่านมา", passing=">0"), "unreadable")
    assert finding.severity is Severity.NOTE
    assert ">0" in finding.message
