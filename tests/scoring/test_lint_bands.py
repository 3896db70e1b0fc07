"""The linter's rules about score bands, with the plan's own misprints."""

import pytest

from scoring.levels import Policy
from scoring.lint import Fix, Severity, lint_sheet
from scoring.steps import Step
from scoring.template import Accumulation, Item, Kind, Measure, Printed, RoundRule
from tests.scoring.lint_samples import TARGET_FREE, found, kinds, only, sheet, template, with_fix

WELL_FORMED = ("<65", "65 - 69.99", "70 - 74.99", "75 - 79.99", "80 - 86.99", "≥87")
INTEGERS = ("<65", "65 - 69", "70 - 74", "75 - 79", "80 - 86", "≥87")
SCORE = (Item("A", "คะแนน", "คะแนน", maximum=5, accumulation=Accumulation.LAST),)
RATE = (Item("A", "วัน"), Item("B", "เตียง"))
WHOLE = (Item("A", "จำนวน", "เรื่อง", whole=True),)


# KPI, bands from level 0 on, what else; which kinds of bands' defects, exactly.
FOUND = [
    ("well formed", WELL_FORMED, {}, set()),
    ("hundredths", ("<1", "1.00 – 4.99", "5.00 – 9.99", "10.00 – 14.99", "15.00 – 19.99", "≥20"), {}, set()),
    ("11(1) 2560", INTEGERS, {}, {"integer_gap"}),
    ("11(1) boundary", (*INTEGERS[:-1], ">87"), {}, {"gap", "integer_gap"}),
    ("12(1) 2560", ("<70", "70 – 74", "75 - 78", "79 - 83", "84 - 88", ">89"), {}, {"gap", "integer_gap"}),
    ("19 2560", ("<40", "40- 44", "45-49", "50- 54", "55- 59", "60%"), {}, {"gap", "integer_gap"}),
    ("4 2561", ("<1", "1.00 – 24.99", "25.00 – 49.99", "50.00 – 74.99", "75.00 – 99.99", "100"), {}, set()),
    ("1 2560", ("ไม่มี/ส่งผลงาน", "1.00 – 4.99", "5.00 – 9.99", "10 – 14.99", "15 – 19.99", "≥20"), {}, {"gap"}),
    ("26(1) 2560", ("<65", "65 -70", "70 - 74", "75 - 79", "80 - 84", "≥85"), {}, {"overlap", "integer_gap"}),
    ("16 2560", ("<80", "80 - 84", "85 - 89", "90 - 94", "90 - 92", "≥95"), {},
     {"overlap", "unreachable_level", "integer_gap"}),
    ("15(1)", ("<80", "80 -84", "85 -89", "90 -94", "95 -94", "100"), {}, {"inverted_band", "gap", "integer_gap"}),
    ("above 100", ("<65", "65 - 69.99", "70 - 74.99", "75 - 79.99", "80 - 100", ">100"), {}, {"unreachable_level"}),
    ("not rising", ("<65", "65 - 69.99", "60 - 64.99", "75 - 79.99", "80 - 86.99", "≥87"), {},
     {"non_monotonic", "unreachable_level", "overlap", "gap"}),
    ("level left out", ("<65", "65 - 74.99", "", "75 - 79.99", "80 - 86.99", "≥87"), {}, {"level_missing"}),
    ("yes or no", ("<80", None, None, None, None, "≥80"), {}, set()),
    ("5 2560", (">14.1", "13.1 - 14.0", "12.1 - 13.0", "11.1 – 12.0", "10.1 – 11.0", "<10.0"),
     {"direction": "lower"}, {"gap", "integer_gap"}),
    ("7(2)(3)", (">40", "36 – 40", "21 – 25", "16 – 20", "11 - 15", "≤10"), {"direction": "lower"},
     {"gap", "integer_gap"}),
    ("9(1) 2560", (">123", "121 - 123", "118 - 120", "116 - 118", "113 - 115", "≤112"),
     {"direction": "lower", "formula": "A*100/B", "items": RATE}, {"overlap", "integer_gap"}),
    ("6 2560", (">19.5", "19.1 – 19.5", "18.6 – 19.0", "18.1 – 18.5", "17.6 – 18.0", "17.5"), {"direction": "lower"},
     {"gap", "integer_gap"}),
    ("28 2560", (">2.0", "1.6- 2.0", "1.1-1.5", "0.6- 1.0", "0.1- 0.5", "0%"), {"direction": "lower", "decimals": 4},
     {"integer_gap"}),
    ("28 2561", (">2.0", "1.6- 2.0", "1.1-1.5", "0.6- 1.0", "0.2- 0.5", "0%"), {"direction": "lower", "decimals": 4},
     {"gap", "integer_gap"}),
    ("10 2563", ("<1.98", "1.98- 1.99", "2.00- 2.01", "2.02- 2.01", "2.04- 2.05", ">2.05"),
     {"formula": "A/B", "unit": "ค่า", "items": RATE}, {"inverted_band", "gap"}),
    ("3 2560", ("<1", "1.00 – 1.90", "1.91 – 2.81", "2.82 – 3.72", "3.73 – 4.59", "≥4.60"),
     {"formula": "A", "unit": "ระดับ", "items": SCORE}, set()),
    ("30", ("< 2 เรื่อง", ">2 เรื่อง", ">4 เรื่อง", ">6 เรื่อง", ">8 เรื่อง", ">10 เรื่อง"),
     {"formula": "A", "unit": "เรื่อง", "items": WHOLE}, {"gap", "overlap"}),
    ("count", ("0", "1 - 2", "3 - 4", "5 - 6", "7 - 8", "≥9"), {"formula": "A", "unit": "เรื่อง", "items": WHOLE}, set()),
    ("13", ("", "ระดับ 1", "ระดับ 2", "ระดับ 3", "ระดับ 4", "ระดับ 5"),
     {"kind": Kind.MILESTONE, "formula": "", "items": (), "unit": "ระดับ",
      "steps": tuple(Step(n, "ทำ") for n in range(1, 6))}, set()),
    ("2", ("<76 : >24", "76: 24", "77: 23", "78 : 22", "79: 21", "≥ 80 : ≤ 20"), {"unit": "สัดส่วน"}, {"integer_gap"}),
    ("wrong direction", WELL_FORMED, {"direction": "lower"}, {"non_monotonic"}),
]  # fmt: skip


@pytest.mark.parametrize(("bands", "rest", "expected"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_kinds_of_band_defects(bands, rest, expected):
    assert kinds(found(*bands, **rest)) & set(TARGET_FREE) == expected


def test_an_inverted_band_names_the_value_that_is_lost_and_mends_it():
    findings = found("<80", "80 -84", "85 -89", "90 -94", "95 -94", "100")
    (inverted,), (gap,) = only(findings, "inverted_band"), only(findings, "gap")
    assert inverted.severity is Severity.ERROR
    assert "95 -94" in inverted.message
    assert "97" in gap.message
    assert "100" in gap.message
    assert inverted.fix == gap.fix == Fix("bands.4", "95 - 99.99")


def test_a_swapped_range_with_room_is_swapped_back():
    (inverted,) = only(found("<80", "80 - 84.99", "89.99 - 85", "90 - 94.99", "95 - 99.99", "100"), "inverted_band")
    assert inverted.fix == Fix("bands.2", "85 - 89.99")


def test_a_boundary_with_the_target_is_given_to_level_five():
    findings = found(*INTEGERS[:-1], ">87", target="87%")
    (gap,) = only(findings, "gap")
    assert "86.01 ถึง 87" in gap.message
    assert gap.fix == Fix("bands.5", "≥87")


def test_a_boundary_without_a_target_stays_with_the_lower_level():
    (gap,) = only(found(*INTEGERS[:-1], ">87", target=">87%"), "gap")
    assert gap.fix == Fix("bands.4", "80 - 87")


def test_a_band_left_out_is_an_error_and_the_neighbour_moves_up():
    (gap,) = only(found("≥41", "36 – 40", "21 – 25", "16 – 20", "11 - 15", "≤10", direction="lower"), "gap")
    assert gap.severity is Severity.ERROR
    assert "25.01 ถึง 35.99" in gap.message
    assert gap.fix == Fix("bands.1", "26 - 30")


def test_two_whole_units_missing_are_no_whole_band():
    (gap,) = only(found("<4", "4- 6", "9- 13", "14- 16", "17- 19", "≥20"), "gap")
    assert gap.severity is Severity.WARNING
    assert gap.fix == Fix("bands.1", "4 - 8.99")


@pytest.mark.parametrize(
    ("bands", "severity"),
    [
        (("<65", "65 - 69.99", "70 - 80", "80 - 84.99", "85 - 89.99", "≥90"), Severity.WARNING),  # one boundary
        (("<65", "65 - 69.99", "70 - 82", "80 - 84.99", "85 - 89.99", "≥90"), Severity.ERROR),
        (("<66", "65 - 69.99", "70 - 79.99", "80 - 84.99", "85 - 89.99", "≥90"), Severity.WARNING),  # level 0
    ],
)
def test_overlap_is_an_error_where_more_than_a_boundary_is_in_two_levels(bands, severity):
    (overlap,) = only(found(*bands), "overlap")
    assert overlap.severity is severity


def test_equal_edges_leave_the_lower_level_out_of_reach():
    (finding,) = only(found("<80", "80 - 84", "85 - 89", "90 - 94", "90 - 92", ">93"), "unreachable_level")
    assert finding.place == "bands.3"
    assert finding.severity is Severity.ERROR


def test_points_of_a_line_have_no_holes():
    findings = found("<70", "70", "75", "80", "85", "90", policy=Policy.INTERPOLATED)
    assert not kinds(findings) & set(TARGET_FREE)


def test_a_weighted_formula_without_bands_has_no_level():
    (finding,) = only(found(weight=3), "level_missing")
    assert finding.severity is Severity.ERROR
    assert not found(weight=3, scored=False)
    assert not found(weight_above=True, parent_kind="pass_share")
    assert not found()


def test_unreadable_bands_are_errors_but_at_level_zero():
    findings = only(found("มาก", "65 - 69", "70 - 74", "75 - 79", "80 - 86", "1<40"), "unreadable")
    assert {(each.place, each.severity) for each in findings} == {
        ("bands.0", Severity.NOTE),
        ("bands.5", Severity.ERROR),
    }
    assert "1<40" in findings[0].message


def test_a_checklist_in_points_knows_its_most():
    items = tuple(Item(f"I{n}", "ข้อ", kind="tick") for n in range(3))
    rest = {"kind": Kind.CHECKLIST, "measure": Measure.POINTS, "items": items, "formula": "", "unit": "ข้อ"}
    assert kinds(found("0", "1", "2", "3", **rest)) & {"gap", "unreachable_level"} == set()
    assert only(found("0", "1", "2", "4", **rest), "unreachable_level")


def test_a_round_of_its_own_is_linted_as_that_round():
    own = RoundRule(2, bands=((4, Printed("80 - 70")), (5, Printed("≥90"))))
    findings = lint_sheet(sheet(*WELL_FORMED, round_rules=(own,)))
    (inverted,) = only(findings, "inverted_band")
    assert inverted.place == "rounds.2.bands.4"
    assert inverted.message.startswith("รอบที่ 2")
    assert inverted.fix is None


def test_a_correction_is_linted_as_used_and_told_once_as_a_note():
    corrected = Printed("0-1", "0.9-1", "เริ่มต่ำกว่าระดับ 1")
    findings = found("<0.5", "0.5-0.89", corrected, "1.01- 2", "3- 4", ">5")
    mended = [each for each in findings if "แก้ไขแล้ว" in each.proposal]
    (note,) = mended
    assert note.kind == "non_monotonic"
    assert note.severity is Severity.NOTE
    assert note.place == "bands.2"
    assert "เริ่มต่ำกว่าระดับ 1" in note.proposal
    assert Severity.ERROR not in {each.severity for each in findings}


FIXABLE = [row for row in FOUND if row[0] not in ("wrong direction", "13", "2")]


@pytest.mark.parametrize(("bands", "rest"), [row[1:3] for row in FIXABLE], ids=[row[0] for row in FIXABLE])
def test_an_applied_fix_ends_its_finding(bands, rest):
    one = sheet(*bands, **rest)
    for finding in [each for each in lint_sheet(one) if each.fix]:
        after = lint_sheet(with_fix(one, finding))
        assert (finding.kind, finding.place, finding.message) not in {(a.kind, a.place, a.message) for a in after}
        assert not only(after, "unreadable")


def test_messages_are_in_thai_and_name_the_printed_text():
    for finding in found(*INTEGERS[:-1], ">87", target="87%", passing=">87", failing="<87"):
        assert any("ก" <= character <= "๙" for character in finding.message)
        assert finding.indicator == "T"
        assert finding.fiscal_year == 2560


def test_fingerprints_tell_findings_apart_and_not_languages():
    gaps = only(found("<71", "72 – 73", "74 – 75", "76 – 77", "78 - 79", ">80"), "gap")
    assert len({each.fingerprint for each in gaps}) == len(gaps) == 2
    assert len(gaps[0].fingerprint) == 64
    other_year = found("<71", "72 – 73", "74 – 75", "76 – 77", "78 - 79", ">80", fiscal_year=2561)
    assert only(other_year, "gap")[0].fingerprint != gaps[0].fingerprint
    again = found("<71", "72 – 73", "74 – 75", "76 – 77", "78 - 79", ">80", name="ชื่ออื่น")
    assert only(again, "gap")[0].fingerprint == gaps[0].fingerprint


def test_template_builder_makes_what_the_plan_prints():
    assert template(*INTEGERS).scale.edges[0].value == 65
