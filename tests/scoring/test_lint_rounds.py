"""The linter's rules about rounds, cut-offs and other sections of a form, with those of the department and of K405."""

import pytest

from scoring.findings import PrintedBaseline, PrintedSection
from scoring.template import Accumulation, Across, Item, Kind, Printed, RoundRule
from tests.scoring.lint_samples import found, kinds, only

COUNT = (Item("A", "จำนวนนวัตกรรม", "นวัตกรรม", whole=True),)
SHARE_OF_YEAR = (Item("V", "ร้อยละ", "ร้อยละ", maximum=100, accumulation=Accumulation.LAST),)
ONE = {"formula": "V", "items": SHARE_OF_YEAR}
ABOUT = ("target_mismatch", "target_weaker_than_baseline", "non_monotonic", "unreadable")


def quarters(*targets, passing=True):
    return tuple(
        RoundRule(number, target=text, pass_criterion=Printed(text) if passing and text[-1].isdigit() else None)
        for number, text in enumerate(targets, start=1)
    )


def section(key, text, title="เป้าหมาย (ของระดับสูงขึ้นไป)", number=""):
    return PrintedSection(key, number, title, text)


def of(findings) -> list[tuple[str, str]]:
    return [(each.kind, each.severity.value) for each in findings if each.kind in ABOUT]


# Row of the form, its rounds, cut-off and sections; what is said of it.
FORM = [
    ("S3", {"round_rules": quarters("15", "15", "15", "15"), "cutoff": "3%",
            "baselines": (PrintedBaseline("3%", 3, 2567),), "sections": (section("higher_target", "ร้อยละ 15"),)},
     [("target_weaker_than_baseline", "note")]),
    ("R1", {"round_rules": quarters("95", "95", "95", "95"), "cutoff": "92%",
            "baselines": (PrintedBaseline("95%", 95, 2567),), "sections": (section("higher_target", "ร้อยละ 95"),)}, []),
    ("R5", {"round_rules": quarters("98", "98", "98", "98"), "cutoff": "90%",
            "sections": (section("higher_target", "ร้อยละ95"),)}, [("target_mismatch", "note")]),
    ("weaker than above", {"round_rules": quarters("90", "90"), "sections": (section("higher_target", "ร้อยละ 95"),)},
     [("target_mismatch", "warning")]),
    ("R7", {"round_rules": quarters(">90", ">90"), "cutoff": "<80",
            "sections": (section("higher_kpi", "ความพึงพอใจ >90%", "ตัวชี้วัด"), section("higher_target", "ร้อยละ 80"))},
     [("non_monotonic", "warning"), ("target_mismatch", "warning"), ("target_mismatch", "note")]),
    ("R9", {"round_rules": quarters("96", "96"), "cutoff": "90%",
            "sections": (section("own_kpi", "อัตราความสมบูรณ์ > 96"), section("higher_target", "96%"))},
     [("target_mismatch", "warning")]),
    ("within 30 minutes is no target", {"round_rules": quarters("98"),
     "sections": (section("higher_kpi", "กู้ระบบภายใน 30 นาที"), section("higher_target", "ร้อยละ 98"))}, []),
    ("P1", {"round_rules": quarters(">4", "ทุกคลีนิค")}, [("unreadable", "note")]),
    ("S1", {"round_rules": quarters("ทุกวัน", "ทุกวัน"), "cutoff": "ทุกวัน"}, []),
    ("no rounds", {"cutoff": "90", "sections": (section("higher_target", "ร้อยละ 95"),)}, []),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "expected"), [row[1:] for row in FORM], ids=[row[0] for row in FORM])
def test_rows_of_the_form(rest, expected):
    assert of(found(**ONE, **rest)) == expected


def test_a_cut_off_of_whole_levels_next_to_the_target_can_be_no_other():
    """S2: level 4 before, 5 wanted, cut-off 4."""
    level = {
        "formula": "L",
        "unit": "ระดับ",
        "items": (Item("L", "ระดับ", "ระดับ", maximum=5, whole=True, accumulation=Accumulation.LAST),),
    }
    base = (PrintedBaseline("4", 4, 2567),)
    assert of(found(round_rules=quarters("4", "5"), cutoff="4", baselines=base, **level)) == []
    assert of(found(round_rules=quarters("4", "5"), cutoff="3", baselines=(PrintedBaseline("3", 3),), **level)) != []


def test_quarters_that_do_not_add_up_to_the_year():
    """R8: four quarters of 1 for more than 4 a year, under a cut-off of 2."""
    rest = {
        "formula": "A",
        "items": COUNT,
        "unit": "นวัตกรรม",
        "cutoff": "2",
        "sections": (section("own_kpi", "> 4 ต่อปี"),),
    }
    findings = [each for each in found(round_rules=quarters("1", "1", "1", "1"), **rest) if each.kind in ABOUT]
    assert of(findings) == [("target_mismatch", "error"), ("target_mismatch", "warning")]
    assert "รวมได้ 4" in findings[0].message
    assert "รอบที่ 1, 2, 3, 4" in findings[1].message
    assert "error" not in [severity for _kind, severity in of(found(round_rules=quarters("2", "1", "1", "1"), **rest))]


def test_a_section_that_wants_another_level_of_all():
    """K405: section 5 against section 17."""
    words = "โรงพยาบาลผ่านเกณฑ์การดำเนินการ ระดับ 4 ขึ้นไป ทุกแห่ง"
    rest = {"plan_target": "12 แห่ง", "sections": (section("criterion", words, "เกณฑ์", "5"),)}
    (finding,) = only(found(across=Across(5), **ONE, **rest), "target_mismatch")
    assert finding.severity.value == "error"
    assert all(part in finding.message for part in ("หัวข้อ 5", "ระดับ 4", "12 แห่ง", "ระดับ 5"))
    assert not only(found(across=Across(4), **ONE, **rest), "target_mismatch")
    assert not only(found(**ONE, **rest), "target_mismatch")


def test_a_checklist_is_left_to_its_own_rules():
    rest = {"kind": Kind.CHECKLIST, "formula": "", "items": (Item("I1", "ข้อ", kind="tick"),)}
    assert not kinds(found(round_rules=quarters("1", "ทุกข้อ"), cutoff="2", **rest)) & set(ABOUT)
