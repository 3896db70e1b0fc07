"""The linter's rules about formulas and printed words, with the plan's own misprints."""

from datetime import date

import pytest

from scoring.lint import RoundDays, Severity
from scoring.linting.counts import listed_below
from scoring.linting.texts import months_of, times_a_year
from scoring.template import Accumulation, Group, Item, Kind
from tests.scoring.lint_samples import SHARE, found, only

TIME = (Item("A", "ผลรวมเวลา", "นาที"), Item("B", "จำนวนผู้ป่วย", "คน", whole=True))
FOUR = tuple(
    item
    for number in range(1, 5)
    for item in (Item(f"A{number}", "ทัน", at_most=f"B{number}"), Item(f"B{number}", "ทั้งหมด"))
)
FIVE_TERMS = "((A1/B1)*100+(A2/B2)*100+(A3/B3)*100+(A4/B4)*100+(A5/B5)*100))/ 5"
MEAN_OF_FOUR = "mean(A1/B1*100, A2/B2*100, A3/B3*100, A4/B4*100)"

# What the template says of its formula; severity and a part of the message, or nothing.
FORMULAS = [
    ("share", {"formula_printed": "(A/B)*100"}, None, ""),
    ("other order", {"formula": "A*100/B", "formula_printed": "(A/B) x 100"}, None, ""),
    ("times sign", {"formula_printed": "(A/B) X 100"}, None, ""),
    ("in words", {"formula_printed": "จำนวนตำบล x 100\nจำนวนทั้งหมด"}, None, ""),
    ("7(1) used", {"formula": "(A/B)*100", "unit": "นาที", "items": TIME}, "error", "คูณ 100"),
    ("7(1) printed", {"formula": "A/B", "unit": "นาที", "items": TIME, "formula_printed": "(A/B)*100",
                      "formula_reason": "หน่วยเป็นนาที"}, "note", "คูณ 100"),
    ("unknown item", {"formula": "A/C*100"}, "error", "C"),
    ("unused item", {"items": (*SHARE, Item("C", "อื่น"))}, "warning", "C"),
    ("derived is used", {"formula": "(A/C):(B/C)", "items": (*TIME, Item("C", "รวม", derived="A+B"))}, None, ""),
    ("limit is used", {"formula": "A", "unit": "คน", "items": SHARE}, None, ""),
    ("not a formula", {"formula": "A/"}, "error", "A/"),
    ("six printed", {"formula_printed": "A/B) *100"}, "warning", "วงเล็บ"),
    ("7(3)", {"formula": MEAN_OF_FOUR, "items": FOUR, "formula_printed": FIVE_TERMS, "target": ">80",
              "formula_reason": "มี 4 โรค"}, "note", "80"),
    ("7(2)(3)", {"formula": MEAN_OF_FOUR, "items": FOUR, "formula_printed": "(A/B)*100"}, "warning", "A, B"),
    ("wrong count", {"formula": "(A+B)/3", "unit": "คะแนน", "items": TIME}, "warning", "2 พจน์"),
    ("right count", {"formula": "(A+B)/2", "unit": "คะแนน", "items": TIME}, None, ""),
    ("share without 100", {"formula": "A/B", "target": "80%"}, "error", "80%"),
    ("25", {"formula": "A/B", "unit": "MJ/เตียง/วัน", "items": (Item("A", "ไฟฟ้า", "หน่วย"), Item("B", "ผู้ป่วยใน", "คน"))},
     "warning", "MJ/เตียง/วัน"),
    ("rate in its units", {"formula": "A/B", "unit": "นาที/คน", "items": TIME}, None, ""),
    ("21", {"name": "ร้อยละของหน่วยงานที่นำค่านิยมไปใช้"}, "warning", "หน่วยงาน"),
    ("6", {"name": "ร้อยละของผู้ป่วย Refer in"}, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "severity", "part"), [row[1:] for row in FORMULAS], ids=[row[0] for row in FORMULAS])
def test_formulas(rest, severity, part):
    findings = only(found(**rest), "formula_mismatch")
    assert [each.severity.value for each in findings] == ([severity] if severity else [])
    assert part in "".join(each.message for each in findings)


def test_a_corrected_formula_says_what_was_wrong_and_why():
    rest = {"formula": MEAN_OF_FOUR, "items": FOUR, "formula_printed": FIVE_TERMS, "formula_reason": "แม่แบบมี 4 โรค"}
    (finding,) = only(found(target=">80", **rest), "formula_mismatch")
    assert "A5, B5" in finding.message
    assert "80" in finding.message
    assert "แม่แบบมี 4 โรค" in finding.proposal


def test_marks_printed_with_the_formula_beside_the_bands():
    """KPI 23: the text gives a result of 1 four marks, the bands give it level 5."""
    text = "ถ้าได้คะแนน เป็น 0 ได้ 5 คะแนน\nถ้าได้คะแนน เป็น 1 ได้ 4 คะแนน\nถ้าได้คะแนนเป็น 2 - 3 มีภาวะวิกฤติ ได้ 3 คะแนน"
    items = (Item("A", "ระดับ", whole=True, accumulation=Accumulation.LAST),)
    rest = {"direction": "lower", "formula": "A", "unit": "ระดับ", "items": items, "formula_printed": text}
    findings = only(found("7", "6", "5", "4", "3", "<2", **rest), "formula_mismatch")
    assert [each.severity for each in findings] == [Severity.ERROR]
    assert "ผล 1 ได้ 4 คะแนน แต่ช่วงให้ระดับ 5" in findings[0].message
    assert "ผล 0" not in findings[0].message


FREQUENCIES = [
    ("รายเดือน", 12), ("ทุก 1 เดือน", 12), ("รายงานเดือนละ 1 ครั้ง", 12), ("รายไตรมาส", 4), ("ไตรมาส", 4),
    ("ราย6 เดือน", 2), ("ราย 6 เดือน", 2), ("รายงานปีละ 2 ครั้ง", 2), ("2 ครั้งต่อปี ตามรอบการตรวจราชการฯ", 2),
    ("รายปี", 1), ("ปีละ 1 ครั้ง", 1), ("1 ครั้งต่อปี", 1), ("ปีละ ๒ ครั้ง", 2),
    ("รายงานการควบคุมภายใน ณ 31 ธันวาคม, 31มีนาคม, 30 มิถุนายน, 30 กันยายน", 4), ("", None), ("ตามรอบ", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "times"), FREQUENCIES)
def test_printed_frequencies(text, times):
    assert times_a_year(text) == times


@pytest.mark.parametrize(
    ("table", "own", "summary", "rounds", "expected"),
    [
        ("รายเดือน", "1 ครั้งต่อปี", "รายเดือน", 0, True),  # 16
        ("รายไตรมาส", "รายงานปีละ 2 ครั้ง", "รายไตรมาส", 2, True),  # 4
        ("รายเดือน", "ทุก 1 เดือน", "รายเดือน", 0, False),  # 5
        ("ราย6 เดือน", "รายงานปีละ 2 ครั้ง", "ราย 6 เดือน", 0, False),  # 3
        ("รายไตรมาส", "", "", 2, True),
        ("รายเดือน", "ตามที่กำหนด", "รายเดือน", 0, False),
    ],
)
def test_frequencies_beside_one_another(table, own, summary, rounds, expected):
    texts = {"frequency_table": table, "frequency_template": own, "frequency_summary": summary, "own_rounds": rounds}
    assert bool(only(found(**texts), "frequency_mismatch")) is expected
    assert not only(found(**texts, inherited=frozenset({"frequency"})), "frequency_mismatch")


@pytest.mark.parametrize(
    ("name", "start", "end", "months"),
    [
        ("การประเมินรอบ 9 เดือน", date(2020, 10, 1), date(2021, 7, 31), 10),
        ("การประเมินรอบ 9 เดือน", date(2020, 10, 1), date(2021, 6, 30), None),
        ("การประเมินไตรมาสที่ 2", date(2021, 1, 1), date(2021, 7, 31), 7),
        ("การประเมินไตรมาสที่ 2", date(2021, 1, 1), date(2021, 3, 31), None),
        ("ณ 31 มี.ค.", date(2020, 10, 1), date(2021, 3, 31), None),
    ],
)
def test_round_names_and_days(name, start, end, months):
    findings = only(found(rounds=(RoundDays(1, name, start, end),)), "frequency_mismatch")
    assert [f"{months} เดือน" in each.message for each in findings] == ([True] if months else [])


def test_months_that_are_not_whole():
    assert months_of(RoundDays(1, "", date(2020, 10, 1), date(2020, 10, 15))) is None


WORDS = [
    ("ha_mismatch", {"ha_standard": "IV-5", "ha_standard_summary": "IV-6"}, "warning"),
    ("ha_mismatch", {"ha_standard": "IV-5", "ha_standard_summary": "IV-5"}, None),
    ("ha_mismatch", {"ha_standard": "", "ha_standard_summary": "IV-5"}, None),
    ("care_level_mismatch", {"care_levels": "1o,2o 3o,Exc", "care_levels_summary": "ทุกระดับ"}, None),
    ("care_level_mismatch", {"care_levels": "3o/Exc", "care_levels_summary": "2o,3o,Exc"}, "note"),
    ("care_level_mismatch", {"care_levels": "1o", "care_levels_summary": "2o,3o,Exc"}, "warning"),
    ("owner_mismatch", {"owner": "ศูนย์ส่งต่อ", "owner_template": "กก.", "owner_units": ("A",),
                        "owner_template_units": ("B",)}, "warning"),
    ("owner_mismatch", {"owner": "ก.", "owner_template": "ก.\nข.", "owner_units": ("A",),
                        "owner_template_units": ("A", "B")}, "note"),
    ("owner_mismatch", {"owner": "ก.", "owner_template": "ก.", "owner_units": ("A",),
                        "owner_template_units": ("A",)}, None),
    ("owner_mismatch", {"owner": "ก.", "owner_template": "ใคร", "owner_units": ("A",),
                        "owner_template_units": None}, None),
    ("owner_mismatch", {"owner": "ก.บัญชี", "owner_template": "โทร. 043-336789 ต่อ 3808"}, "warning"),  # 24(2)
    ("name_mismatch", {"name_template": "ชื่ออื่น"}, "note"),
    ("name_mismatch", {"name_template": "ตัวอย่าง"}, None),  # a part of the name
    ("name_mismatch", {"name_template": "ร้อยละ ตัวอย่าง"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "texts", "severity"), WORDS)
def test_words_beside_one_another(kind, texts, severity):
    assert [each.severity.value for each in only(found(**texts), kind)] == ([severity] if severity else [])


LISTED = "Zero Defect มี %d ตัวชี้วัด ดังนี้\n" + "\n".join(f"{n}) เรื่อง" for n in range(1, 11))
COUNTS = [
    ("15(1)", {"definition": LISTED % 9}, ["9", "10"]),
    ("complete", {"definition": LISTED % 10}, []),
    ("14", {"definition": "ประกอบด้วย 22 สาขา ดังนี้", "children": ("1", "2", "3"),
            "child_groups": ("ก", "ก", "ข")}, ["22", "2 สาขา"]),
    ("without a list", {"definition": "ประกอบด้วย 22 สาขา ดังนี้"}, []),
    ("13", {"name": "ความสำเร็จ (5 Excellence)", "children": tuple("abcd")}, ["5", "4"]),
    ("in passing", {"definition": "ทีม 3 กลุ่ม ทำงานร่วมกัน\n1. ก\n2. ข"}, []),
    ("one each", {"name": "แผน (สาขาละ 1 KPI)", "children": ("1", "2"), "child_groups": ("ก", "ก")}, ["ก (2)"]),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "parts"), [row[1:] for row in COUNTS], ids=[row[0] for row in COUNTS])
def test_announced_numbers(rest, parts):
    messages = [each.message for each in only(found(**rest), "count_mismatch")]
    assert bool(messages) is bool(parts)
    assert all(part in "".join(messages) for part in parts)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["1. ก", "2. ข", "3 ค"], 3),  # KPI 27 forgets one dot
        (["1. ก", "2.1 ข", "2.2 ค", "2. ง"], 2),
        (["1. ก", "1) ย่อย", "2) ย่อย", "3) ย่อย", "2. ข"], 2),
        (["6. ก", "7. ข"], 2),  # KPI 18(3) goes on counting
        (["มิติที่ 1 ก", "มิติที่ 2 ข"], 2),
        (["ไม่มีเลข"], 0),
    ],
)
def test_numbered_lists(lines, count):
    assert listed_below(lines) == count


def test_checklists_that_do_not_add_up():
    items = tuple(Item(f"EB{n}", "หลักฐาน", kind="tick", group="G", full=5) for n in (1, 2, 4, 5))
    rest = {"kind": Kind.CHECKLIST, "formula": "", "items": items}
    findings = found(groups=(Group("G", "หมวด", full=15, need=6),), **rest)
    messages = "".join(each.message for each in findings)
    assert "EB 3" in messages
    assert "15" in messages
    assert "20" in messages
    assert [each.severity for each in only(findings, "impossible_criterion")] == [Severity.ERROR]
    assert not only(found(groups=(Group("G", "หมวด", full=20, need=2),), **rest), "impossible_criterion")
