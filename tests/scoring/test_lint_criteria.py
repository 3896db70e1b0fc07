"""The linter's rules about criteria and targets, with the plan's own misprints."""

from decimal import Decimal as D

import pytest

from scoring.lint import Fix, PrintedBaseline, Severity
from scoring.steps import Step
from scoring.template import Across, Item, Kind, Printed
from tests.scoring.lint_samples import found, kinds, only

OPEN = ("<65", "65 - 69.99", "70 - 74.99", "75 - 79.99", "80 - 87", ">87")
LOWER = (">28", "27 -28", "25 -26", "23 - 24", "20 -22", "<20")
STEPS = tuple(Step(number, "ทำ") for number in range(1, 6))
MILESTONE = {"kind": Kind.MILESTONE, "formula": "", "items": (), "unit": "ระดับ", "steps": STEPS}
LEVELS = ("", "ระดับ 1", "ระดับ 2", "ระดับ 3", "ระดับ 4", "ระดับ 5")
CRITERIA = {
    "pass_excludes_target", "pass_below_target", "pass_vs_band5", "pass_fail_overlap", "pass_fail_gap",
    "impossible_criterion", "target_in_no_band", "target_below_band5", "band5_below_target",
}  # fmt: skip

FOUND = [
    ("all fits", ("<80", "80 - 84", "85 - 89", "90 - 94", "95 - 99", "100"),
     {"passing": "100", "failing": "<100", "target": "100%"}, set()),
    ("14 2563", OPEN, {"passing": ">87", "failing": "≤87", "target": ">87%"}, set()),
    ("14 2560", OPEN, {"passing": ">87", "failing": "≤87", "target": "87%"},
     {"pass_excludes_target", "target_below_band5"}),
    ("15(2) 2560", OPEN, {"passing": ">87", "failing": "<87", "target": ">87"}, {"pass_fail_gap"}),
    ("18(3)", ("<80", None, None, None, None, "≥85%"), {"passing": "≥85%", "failing": "≤85%", "target": "85%"},
     {"pass_fail_overlap"}),
    ("19", ("<60", None, None, None, None, "60%"), {"passing": "60%", "failing": "60%", "target": "60%"},
     {"pass_fail_overlap"}),
    ("3 2561", ("<3.79", None, None, None, "3.79 – 4.69", "≥4.70"),
     {"passing": "≥4.6", "failing": "‹4.7", "target": "4.7"},
     {"pass_fail_overlap", "pass_below_target", "pass_vs_band5"}),
    ("5 2560", (">22", None, "21 - 22", "12.1 - 20", "10.1 – 12", "<10.0"),
     {"direction": "lower", "passing": "<12.0", "failing": "≥12.0", "target": "10%"},
     {"pass_below_target", "pass_vs_band5", "target_in_no_band", "target_below_band5"}),
    ("6 2560", (">18", None, None, None, "17.6 – 18.0", "17.5"),
     {"direction": "lower", "passing": "<17.5", "failing": "≥17.5", "target": "17.5%"},
     {"pass_excludes_target", "pass_vs_band5"}),
    ("8 2560", LOWER, {"direction": "lower", "passing": "<20", "failing": "≥20", "target": "<20%"}, set()),
    ("11(2) 2562", ("<85", None, None, None, "85 - 90", ">90"), {"passing": ">90", "failing": "≤90", "target": "95%"},
     {"band5_below_target", "pass_below_target"}),
    ("11(2) 2560", ("<80", None, None, None, "80 - 87", ">87"), {"passing": ">87", "failing": "≤87", "target": "85%"},
     {"pass_excludes_target", "target_below_band5"}),
    ("13 of level 4", LEVELS, {**MILESTONE, "passing": "ระดับ 4", "failing": "<ระดับ 4", "target": "ระดับ 4"}, set()),
    ("13", LEVELS, {**MILESTONE, "passing": "ระดับ 4", "failing": "ระดับ 4", "target": "ระดับ 4"},
     {"pass_fail_overlap"}),
    ("18(1)", LEVELS, {**MILESTONE, "passing": ">ระดับ 4", "failing": "<ระดับ 4", "target": "ระดับ 4"},
     {"pass_excludes_target", "pass_fail_gap"}),
    ("18(1) 2563", LEVELS, {**MILESTONE, "passing": ">ระดับ 5", "failing": "<ระดับ 5", "target": "ระดับ 5"},
     {"impossible_criterion"}),
    ("23", ("7", "6", "5", "4", "3", "<2"), {"direction": "lower", "formula": "A", "unit": "ระดับ",
     "items": (Item("A", "คะแนน", whole=True),), "passing": "<ระดับ2", "failing": ">ระดับ2", "target": "ไม่เกินระดับ 2 ทุกปี"},
     {"pass_excludes_target", "pass_fail_gap", "target_in_no_band", "target_below_band5"}),
    ("everything passes", OPEN, {"passing": "≥0"}, {"impossible_criterion"}),
    ("nothing passes", OPEN, {"passing": ">100"}, {"impossible_criterion"}),
    ("no criterion", OPEN, {"target": ">87%"}, set()),
    ("free words", OPEN, {"passing": ">87", "target": "ทุกวัน"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("bands", "rest", "expected"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_kinds_of_criteria_defects(bands, rest, expected):
    assert kinds(found(*bands, **rest)) & CRITERIA == expected


# Which text replaces which, and how bad it is.
FIXES = [
    ("pass_fail_gap", {"passing": ">87", "failing": "<87", "target": ">87"}, "warning", Fix("fail", "≤87")),
    ("pass_fail_gap", {"passing": ">87", "failing": "<87", "target": "87%"}, "warning", Fix("pass", "≥87")),
    ("pass_fail_overlap", {"passing": ">87", "failing": ">87", "target": ">87"}, "error", Fix("fail", "≤87")),
    ("pass_excludes_target", {"passing": ">87", "failing": "≤87", "target": "87%"}, "error", Fix("pass", "≥87")),
    ("target_below_band5", {"target": "87%"}, "error", None),
    ("impossible_criterion", {"passing": ">100"}, "error", Fix("pass", "≥100")),
]


@pytest.mark.parametrize(("kind", "rest", "severity", "fix"), FIXES)
def test_severity_and_fix(kind, rest, severity, fix):
    (finding,) = only(found(*OPEN, **rest), kind)
    assert (finding.severity.value, finding.fix) == (severity, fix)


def test_where_the_fail_criterion_fits_the_target_the_pass_criterion_is_mended():
    (finding,) = only(found("<3.79", "3.79 – 4.69", passing="≥4.6", failing="‹4.7", target="4.7"), "pass_fail_overlap")
    assert finding.fix == Fix("pass", "≥4.7")
    assert "4.6 ถึง 4.69" in finding.message


def test_a_bare_fail_number_is_that_number_alone():
    (finding,) = only(found(*LOWER, direction="lower", passing="<20 %", failing="20 %", target="<20%"), "pass_fail_gap")
    assert "20.01" in finding.message
    assert finding.fix == Fix("fail", "≥20%")


@pytest.mark.parametrize("place", ["passing", "target"])
def test_a_sign_against_the_direction(place):
    findings = found(*OPEN, **{place: "<80"})
    assert only(findings, "non_monotonic")[0].severity is Severity.ERROR


def test_a_target_of_units_says_nothing_of_the_bands():
    across = Across(5, criterion=Printed("12 แห่ง"))
    findings = found(*OPEN, passing="≥87", target="12 แห่ง", across=across)
    assert not kinds(findings) & {"target_below_band5", "pass_below_target", "band5_below_target", "unreadable"}


def test_a_checklists_criterion_in_items_is_not_compared_with_its_percent():
    items = tuple(Item(f"I{n}", "ข้อ", kind="tick") for n in range(23))
    rest = {"kind": Kind.CHECKLIST, "items": items, "formula": ""}
    assert not kinds(found("<82", "82 - 86.99", "≥87", passing="20 ข้อ", failing="<20 ข้อ", **rest)) & CRITERIA


def test_a_qualitative_indicator_has_no_numbers():
    rest = {"kind": Kind.QUALITATIVE, "formula": "", "items": (Item("P", "ผ่าน", kind="choice"),)}
    assert found(target="ทุกวัน", passing="ผ่านเกณฑ์ ICT", **rest) == []


# The plan's table against the template.
TARGETS = [
    ("16 2560", ">90%", ">93%", "error"),
    ("25 2560", "<140", "145 MJ/เตียง/วัน", "error"),
    ("17 2560", "4.50%", "ลดลง >5", "error"),
    ("18(3) 2561", ">90%", "90%", "warning"),
    ("23", "<ระดับ2", "ไม่เกินระดับ 2 ทุกปี", "warning"),
    ("27", "3 ด้าน", "ระดับ 5", "note"),
    ("1", "20% (2 แห่ง)", "20%", None),
    ("19", "60", "60%", None),
    ("7(1)", "<170", "<170 นาที", None),
    ("13", "ระดับ4", "ระดับ 4", None),
    ("24", "ต่ำกว่าเกณฑ์เฉลี่ยแต่มากกว่า 10%", "น้อยกว่าเกณฑ์ มากกว่า10%", None),
    ("words", "ทุกวัน", "ทุกวันทำการ", "warning"),
    ("one only", "", "20%", None),
]


@pytest.mark.parametrize(("plan", "own", "severity"), [row[1:] for row in TARGETS], ids=[row[0] for row in TARGETS])
def test_targets_of_table_and_template(plan, own, severity):
    direction = "lower" if plan.startswith("<") else "higher"
    rest = {"formula": "A/B", "items": (Item("A", ""), Item("B", "")), "unit": "ค่า"}
    findings = found(plan_target=plan, template_target=own, target=own, direction=direction, **rest)
    mismatches = only(findings, "target_mismatch")
    assert [each.severity.value for each in mismatches] == ([severity] if severity else [])


BASELINES = [
    ("12(2) 2560", "higher", "89%", [("90.1%", "90.1")], True),
    ("12(2) 2562", "higher", "91%", [("90.1%", "90.1")], False),
    ("22 2560", "lower", "<9%", [("8.24%", "8.24")], True),
    ("22 2561", "lower", "<8%", [("8.24%", "8.24")], False),
    ("7(3)", "higher", "80%", [("56.15%", "56.15"), ("NA", None), ("77.56%", "77.56")], False),
    ("one of several is better", "higher", "70%", [("56.15%", "56.15"), ("77.56%", "77.56")], False),
    ("all are better", "higher", "50%", [("56.15%", "56.15"), ("77.56%", "77.56")], True),
    ("a change", "higher", "ลดลง >5", [("12", "12")], False),
    ("equal", "lower", "ระดับ 2", [("ระดับ 2", "2")], False),
    ("zero", "lower", "1%", [("0%", "0")], True),
]


@pytest.mark.parametrize(
    ("direction", "target", "baselines", "weaker"), [row[1:] for row in BASELINES], ids=[row[0] for row in BASELINES]
)
def test_targets_weaker_than_the_baseline(direction, target, baselines, weaker):
    printed = tuple(PrintedBaseline(text, D(value) if value else None, 2559) for text, value in baselines)
    rest = {"formula": "A/B", "items": (Item("A", ""), Item("B", "")), "unit": "ค่า"}
    findings = found(direction=direction, target=target, baselines=printed, **rest)
    assert bool(only(findings, "target_weaker_than_baseline")) is weaker
