"""The children of KPI 14, 15(1) and 15(2) in fixtures/kkh2560.yaml against the printed plan, and how they are judged.

The tables here were typed from the source document, not from the fixture; spaces are not compared.
"""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from indicators.adapters import template_of
from indicators.models import Indicator, IndicatorVersion, Round
from scoring.score import score_data
from tests.cast import real_plan

YEARS = ("2560", "2561", "2562", "2563")
PLAN = real_plan()
ROWS = {indicator["code"]: indicator for indicator in PLAN["indicators"]}


def bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def children(code: str) -> list[dict[str, Any]]:
    return [row for row in ROWS.values() if row.get("parent") == code]


# Code, branch, beginning of the name, baseline, target of the four years or of each, owner.
SERVICE_PLAN = [
    ("1", "1. สาขาหัวใจ", "อัตราตายจากโรคหัวใจ", "9.25", "≤10", "ศูนย์หัวใจ"),
    ("2", "2. สาขามะเร็ง", "ร้อยละของผู้ป่วยที่ส่งต่อออกนอกเขตสุขภาพ", "-20 6/530", "ลดลง ≥ ร้อยละ 50", "ศูนย์มะเร็ง"),
    ("3", "3. สาขาทารกฯ", "อัตราตายทารกแรกเกิดภายใน 28 วัน", "7.66", "≤4", "ศูนย์ทารกฯ"),
    ("4.1", "4. สาขาอุบัติเหตุ", "Mortality rate ในผู้ป่วยบาดเจ็บศรีษะ (GCS>10)", None, "น้อยกว่าร้อยละ 5", "ศูนย์อุบัติเหตุฯ"),
    ("4.2", "4. สาขาอุบัติเหตุ", "อัตราการสียชีวิต Preventable death", None, "น้อยกว่า ร้อยละ 1", "ศูนย์อุบัติเหตุฯ"),
    ("4.3", "4. สาขาอุบัติเหตุ", "อัตราการเสียชีวิตของผป.บาดเจ็บหลายระบบ", None, "ลดลงจากปีที่ผ่านมา", "ศูนย์อุบัติเหตุฯ"),
    ("5", "5. จิตเวช", "ผู้ป่วยโรคจิตเวช (Psychosis) เข้าถึงบริการ 55 %", "85", "60", "ก.จิตเวช"),
    ("6", "6. สูตินารีเวชกรรม", "ร้อยละการส่งต่อผู้ป่วยออกนอกเขตสุขภาพลดลง", "3 ราย", "0", "PCT สูติ"),
    ("7", "7. ศัลยกรรม", "อัตราป่วยตายจากไส้ติ่งอักเสบ", "0.37", "0", "PCT ศัลยกรรม"),
    ("8", "8. อายุรกรรม", "อัตราการติดเชื้อในกระแสเลือด", "34.44", "30", "PCT อายุรกรรม"),
    ("9", "9. กุมารเวชกรรม", "อัตราป่วยตายโรคPneumonia", "9. 59%", "ลดลง10%", "PCT กุมารฯ"),
    ("10", "10. ออร์โธปิดิกส์", "อัตราการติดเชื้อในข้อสะโพก", "NA", "NA", "PCT ออร์โธ"),
    ("11", "11. ปฐมภูมิฯ", "ร้อยละ PCC ที่ได้ตามเกณฑ์มาตรฐาน", "11.1%", "20%|30%|40%|50%", "ก.เวชกรรม"),
    ("12", "12. ทันตกรรม", "อัตราการเข้าถึงบริการสุขภาพช่องปาก", None, "35%|40%|45%|50%", "ก.ทันตกรรม"),
    ("13", "13. ไต", "ร้อยละของผู้ป่วย CKD ที่มีอัตราการลดลงของ eGFR <4", "64.42%", "65%|66%|67%|68%", "หน่วยไตเทียม"),
    ("14", "14. สาขาตา", "อัตราการผ่าตัดตาภายใน 30 วัน", "82.80", "80", "PCT ตา"),
    ("15", "15. สาขา DM", "ร้อยละของผู้ป่วยเบาหวานที่สามารถควบคุมระดับน้ำตาลได้ดี", "12", "17|22|27|32", "งานผู้ป่วยนอก"),
    ("16", "16. สาขา HT", "ร้อยละของผู้ป่วยความดันโลหิตสูง", "NA", "20|25|30|35", "งานผู้ป่วยนอก"),
    ("17", "17. COPD", "อัตราการเกิดการกำเริบเฉียบพลัน", "NA", "<130:100000", "งานผู้ป่วยนอก"),
    ("18", "18. สาขา Stroke", "อัตราตายผู้ป่วย Stroke (ชนิดตีบตัน)", "2.62", "<7", "นางวันดี แก้งเฮียง"),
    ("19", "19. แพทย์แผนไทย", "ร้อยละของผู้ป่วยนอกได้รับบริการการแพทย์แผนไทย", "9.89", "10|11|12|13", "กลุ่มงานแพทย์แผนไทย"),
    ("20", "20. ปลูกถ่ายอวัยวะ", "จำนวนผู้ป่วยบริจาคอวัยวะสมองตาย", "16 ราย/ปี", "20|22|24|26", "นางดรุณี เจริญสุข"),
    ("21", "21. RDU", "ระดับการพัฒนาสู่การเป็นโรงพยาบาล", "ระดับ 1", "ระดับ 2|ระดับ 3|ระดับ 3|ระดับ 3", "นางนิสรา ศรีสุระ"),
    (
        "22", "22. Palliative", "การดูแลแบบประคับประคองตามเกณฑ์", "ขั้นตอนที่ 1",
        "ขั้นตอนที่ 1|ขั้นตอนที่ 5|ขั้นตอนที่ 5|ขั้นตอนที่ 5", "นางศุภราภรณ์ พรหมลักขโณ",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "branch", "name", "baseline", "targets", "owner"), SERVICE_PLAN)
def test_the_service_plans_table(code, branch, name, baseline, targets, owner):
    row = ROWS[f"14({code})"]
    assert row["group"] == branch
    assert bare(row["name"]).startswith(bare(name))
    assert [bare(part["text"]) for part in row["baseline"]] == ([bare(baseline)] if baseline else [])
    wanted = targets.split("|") if "|" in targets else [targets] * 4
    assert [bare(row["versions"][year]["template_target"]) for year in YEARS] == [bare(text) for text in wanted]
    assert (row["owner"] or row["owner_template"]) == owner


def test_twenty_four_indicators_in_twenty_three_branches():
    rows = children("14")
    assert [row["code"] for row in rows] == [*(f"14({part[0]})" for part in SERVICE_PLAN), "14(23)"]
    assert len({row["group"] for row in rows}) == 23
    assert (ROWS["14(23)"]["kind"], ROWS["14(23)"]["definition"]) == ("heading", "สสจ. เป็นผู้ควบคุมกำกับตัวชี้วัด")


def test_a_person_is_a_contact_and_the_committee_enters():
    named = [row for row in children("14") if row.get("contacts")]
    assert [row["code"] for row in named] == ["14(18)", "14(20)", "14(21)", "14(22)"]
    assert all(row["contacts"][0]["name_or_unit"] == row["owner_template"] for row in named)
    assert all(row["responsible"] == ["SP_BOARD"] for row in named)
    assert all(row["responsible"][-1] == "SP_BOARD" for row in children("14") if row["kind"] != "heading")


ZERO_DEFECT = [
    "ผู้ป่วย ASA Class 1 ที่เสียชีวิตระหว่างผ่าตัด", "การผ่าตัดผิดคน ผิดข้าง ผิดตำแหน่ง",
    "การทำหัตถการผิดคน ผิดข้าง ระดับ E ขึ้นไป", "การมี Swab หรืออุปกรณ์ค้างในร่างกายผู้ป่วย",
    "การแพ้ยาซ้ำทำให้เสียชีวิตหรือทุพพลภาพอันเกิดจากการให้ยาผิดพลาด",
    "การนำส่งหรือจ่ายเด็กแรกคลอดในโรงพยาบาลผิดคน รวมผู้ป่วยเด็กหาย", "การเสียชีวิตหรือทุพพลภาพเนื่องจากการให้เลือด",
    "การลื่นล้ม ตกจากเตียงที่บาดเจ็บรุนแรงระดับ G ขึ้นไป มีผลทำให้ผู้ป่วยทุพพลภาพหรือเสียชีวิต", "แผลกดทับระดับ 3 ขึ้นไป",
    "ผู้ป่วย ET tube หลุดแล้วไม่เสียชีวิต",
]  # fmt: skip


def test_ten_zero_defects_though_nine_are_announced():
    rows = children("15(1)")
    assert [bare(row["name"]) for row in rows] == [bare(name) for name in ZERO_DEFECT]
    assert [row["code"] for row in rows] == [f"15(1)({number})" for number in range(1, 11)]


CLINICAL_OWNERS = {
    "PCT อายุรกรรม": 9, "PCT อายุรกรรม/ OPD Med": 13, "PCT อายุรกรรม/ หน่วยไตเทียม": 2, "PCT ศัลยกรรม/ PCT อายุรกรรม": 3,
    "PCT ศัลยกรรม": 3, "PCT ศัลยกรรม /PCT Trauma": 3, "PCT ศัลยกรรม/ OR": 2, "PCT ออร์โธปิดิกส์": 6,
    "PCT สูตินรีเวชกรรม": 5, "PCT กุมารเวชกรรม/ ศูนย์ทารกแรกเกิด": 4, "ก.วิสัญญี": 5, "ก.จิตเวช": 1, "IC": 6,
    "ก.การพยาบาล": 1,
}  # fmt: skip
CLINICAL = [
    ("DH0101", "อัตราการเสียชีวิตของผู้ป่วย AMI", "PCT อายุรกรรม"),
    ("DN0110", "อัตราผู้ป่วย Ischemic Stroke ที่ได้รับ Thrombolytic Agents ภายใน 60 นาที เมื่อมาถึงโรงพยาบาล", "PCT อายุรกรรม"),
    ("DR0203", "อัตราความสำเร็จการรักษาวัณโรค", "PCT อายุรกรรม/ OPD Med"),
    ("DC0302", "ร้อยละของผู้ป่วย/ ผู้ติดเชื้อเอชไอวีที่มี VL <50 copies/ml หลังจากกินยาต้านไวรัสมาแล้ว 12 เดือน", "PCT อายุรกรรม/ OPD Med"),
    ("CO0107", "อัตราการผ่าตัดซ้ำ", "PCT ศัลยกรรม/ OR"),
    ("CM0203", "อัตราการตายของทารกแรกเกิด", "PCT กุมารเวชกรรม/ ศูนย์ทารกแรกเกิด"),
    ("CA0101", "อัตราการเกิดภาวะหัวใจหยุดเต้นระหว่างผ่าตัดในผู้ป่วยที่มีระดับ ASA physical status I, II ก่อนผ่าตัด", "ก.วิสัญญี"),
    ("SI0302", "อัตราการติดเชื้อทางเดินปัสสาวะจากการคาสายสวนปัสสาวะของผู้ป่วยใน ICU", "IC"),
    ("CG0101", "อัตราการเกิดแผลกดทับ", "ก.การพยาบาล"),
]  # fmt: skip


def test_sixty_three_clinical_indicators_with_their_owners():
    rows = children("15(2)")
    assert len({row["code"] for row in rows}) == 63
    assert all(re.fullmatch(r"15\(2\)\([A-Z]{2}\d{4}\)", row["code"]) for row in rows)
    assert Counter(row["owner"] for row in rows) == CLINICAL_OWNERS
    assert all(row["responsible"][-1] == "QS" and len(row["responsible"]) > 1 for row in rows)


@pytest.mark.parametrize(("code", "name", "owner"), CLINICAL)
def test_single_clinical_indicators(code, name, owner):
    row = ROWS[f"15(2)({code})"]
    assert (bare(row["name"]), row["owner"]) == (bare(name), owner)


def version(code: str, year: int = 2560) -> IndicatorVersion:
    found = IndicatorVersion.objects.filter(is_active=True, indicator__plan__code="KKH2560")
    return found.get(indicator__code=code, fiscal_year=year)


# Code, year, what is entered, whether it passes: the edges of each kind of target.
JUDGED = [
    ("14(1)", 2560, {"A": "10"}, True),
    ("14(1)", 2560, {"A": "10.01"}, False),
    ("14(2)", 2560, {"A": "0.5", "B": "1"}, True),
    ("14(2)", 2560, {"A": "0.51", "B": "1"}, False),
    ("14(4.1)", 2560, {"A": "4.99"}, True),
    ("14(4.1)", 2560, {"A": "5"}, False),
    ("14(4.2)", 2560, {"A": "1"}, False),
    ("14(4.3)", 2560, {"A": "11.9", "B": "12"}, True),
    ("14(4.3)", 2560, {"A": "12", "B": "12"}, False),
    ("14(5)", 2560, {"A": "60"}, True),
    ("14(5)", 2560, {"A": "59.99"}, False),
    ("14(6)", 2560, {"A": "0"}, True),
    ("14(6)", 2560, {"A": "1"}, False),
    ("14(8)", 2560, {"A": "30"}, True),
    ("14(8)", 2560, {"A": "30.01"}, False),
    ("14(9)", 2560, {"A": "9", "B": "10"}, True),
    ("14(9)", 2560, {"A": "9.01", "B": "10"}, False),
    ("14(10)", 2560, {"P": "1"}, True),
    ("14(10)", 2560, {"P": "0"}, False),
    ("14(11)", 2560, {"A": "20"}, True),
    ("14(11)", 2561, {"A": "20"}, False),
    ("14(17)", 2560, {"A": "129.99"}, True),
    ("14(17)", 2560, {"A": "130"}, False),
    ("14(20)", 2563, {"A": "26"}, True),
    ("14(20)", 2563, {"A": "25"}, False),
    ("14(21)", 2560, {"A": "2"}, True),
    ("14(21)", 2561, {"A": "2"}, False),
    ("14(22)", 2560, {"A": "1"}, True),
    ("14(22)", 2561, {"A": "4"}, False),
    ("14(22)", 2561, {"A": "5"}, True),
    ("15(1)(9)", 2560, {"A": "0"}, True),
    ("15(1)(9)", 2560, {"A": "1"}, False),
    ("15(2)(SI0101)", 2560, {"P": "1"}, True),
    ("15(2)(SI0101)", 2560, {"P": "0"}, False),
]


@pytest.mark.parametrize(("code", "year", "data", "passed"), JUDGED)
def test_each_kind_of_target_yields_pass_or_fail(plan, code, year, data, passed):
    score = score_data(template_of(version(code, year)), {item: Decimal(text) for item, text in data.items()})
    assert (score.passed, score.level) == (passed, None)


def test_every_part_can_pass_in_every_year(plan):
    """No child without a criterion that would count as failed for ever."""
    found = IndicatorVersion.objects.filter(
        is_active=True, indicator__plan=plan, indicator__parent__code__in=("14", "15(1)", "15(2)")
    )
    for row in found.exclude(kind="heading"):
        assert row.kind == "qualitative" or row.pass_criterion, row


def test_parts_have_rounds_and_their_parents_have_none(plan):
    numbers = Counter(
        Round.objects.filter(indicator__plan=plan, fiscal_year=2560).values_list("indicator__code", flat=True)
    )
    assert not {"14", "14(23)", "15(1)", "15(2)"} & set(numbers)
    assert {numbers[f"14({part[0]})"] for part in SERVICE_PLAN} == {2}
    assert {numbers[row["code"]] for row in children("15(1)") + children("15(2)")} == {12}


def test_the_strategy_unit_may_fill_every_row_of_a_table(plan):
    for parent, unit in (("14", "SP_BOARD"), ("15(1)", "QS"), ("15(2)", "QS")):
        parts = Indicator.objects.filter(plan=plan, parent__code=parent).exclude(code="14(23)")
        assert not parts.exclude(responsibilities__responsible_unit__code=unit).exists()
