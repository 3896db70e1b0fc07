"""fixtures/kkh2560.yaml against the printed plan: what is there, what is corrected, and spot checks per KPI.

The tables here were typed from the source document, not from the fixture. Spaces are not compared: the
source's own are the accident of its extraction.
"""

import re
from decimal import Decimal
from typing import Any

import pytest

from indicators.plans.file import merged
from tests.cast import PLAN_FILE, real_plan

YEARS = ("2560", "2561", "2562", "2563")
PLAN = real_plan()
ROWS = {indicator["code"]: indicator for indicator in PLAN["indicators"]}


def bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def version(code: str, year: str) -> dict[str, Any]:
    return merged(ROWS[code], ROWS[code]["versions"][year])


CODES = [
    "1", "2", "3", "4", "5", "6", "7", "7(1)", "7(2)", "7(2)(1)", "7(2)(2)", "7(2)(3)", "7(3)", "8", "9", "9(1)",
    "9(2)", "10", "11", "11(1)", "11(2)", "12", "12(1)", "12(2)", "13", "13(1)", "13(2)", "13(3)", "13(4)", "13(5)",
    "14", "15", "15(1)", "15(2)", "16", "17", "18", "18(1)", "18(2)", "18(3)", "19", "20", "21", "22", "23", "24",
    "24(1)", "24(2)", "25", "26", "26(1)", "26(2)", "27", "27(1)", "27(2)", "27(3)", "28", "29", "30",
]  # fmt: skip


SHARES = ("14", "15(1)", "15(2)")  # made of children with a table of their own: test_plan_parts.py


def test_every_code_of_the_plan_for_every_year():
    assert [code for code, row in ROWS.items() if row.get("parent") not in SHARES] == CODES
    assert all(set(indicator["versions"]) == set(YEARS) for indicator in ROWS.values())


def test_four_issues_with_their_themes():
    assert [(issue["number"], issue["code"]) for issue in PLAN["issues"]] == [
        (1, "PPE"),
        (2, "SE"),
        (3, "PE"),
        (4, "GE"),
    ]
    assert all(issue["theme"] in ("quality", "virtue") for issue in PLAN["issues"])


def test_forty_three_weights_that_sum_to_ninety_four():
    for year in YEARS:
        weights = [Decimal(weight) for code in CODES if (weight := version(code, year).get("weight")) is not None]
        assert (len(weights), sum(weights)) == (43, 94)


# Code, weight, baseline, targets of the plan's table for the four years.
TARGETS = [
    ("1", "3", "11.1% (1 แห่ง)", "20% (2 แห่ง)|30% (3 แห่ง)|40% (4 แห่ง)|50% (5 แห่ง)"),
    ("2", "2", "78:22", "80:20|80:20|80:20|80:20"),
    ("3", "2", "4.5", "4.6|4.7|4.8|4.9"),
    ("4", "3", "30", "50|100|100|100"),
    ("5", "3", "NA", "10%|7.5%|5%|<5%"),
    ("6", "2", "21.97%", "17.5%|15%|10%|<10%"),
    ("7(1)", "2", "181 นาที", "<170|<165|<160|<155"),
    ("7(2)(1)", None, "26.41%", "<20%|<20%|<20%|<20%"),
    ("7(2)(2)", None, "19.38%", "<20%|<20%|<20%|<20%"),
    ("7(2)(3)", None, "7.89%", "<10%|<10%|<10%|<10%"),
    ("7(3)", "2", None, "80%|80%|80%|80%"),
    ("8", "2", "22.27%", "<20%|<18%|<16%|<14%"),
    ("9(1)", "2", "115.87%", "<112|<110|<105|<100"),
    ("9(2)", "1.5", "STD.=78.78%", ">95%|>95%|>95%|>95%"),
    ("10", "3", "1.99", "2.00|2.02|2.04|>2.05"),
    ("11(1)", "2", "82.60%", "87%|89%|90%|>90%"),
    ("11(2)", "3", "81.56%", "85%|90%|95%|>95%"),
    ("12(1)", "2", "86.97%", "89%|90%|91%|92%"),
    ("12(2)", "2", "90.1%", "89%|90%|91%|92%"),
    ("13(1)", "1.5", "ระดับ 2", "ระดับ 4|ระดับ4|ระดับ4|ระดับ5"),
    ("13(5)", "1.5", "ระดับ 2", "ระดับ 4|ระดับ4|ระดับ4|ระดับ5"),
    ("14", "5", "NA", "85%|90%|95%|>95%"),
    ("15(1)", "3", "88.8%", "100%|100%|100%|100%"),
    ("15(2)", "5", "72%", ">85%|>90%|>95%|100%"),
    ("16", "2", "85%", ">90%|>95%|>95%|95%"),
    ("17", "2.5", "NA", "4.50%|4.25%|4.0%|3.75%"),
    ("18(1)", "1.5", "NA", "ระดับ 4|ระดับ4|ระดับ4|ระดับ5"),
    ("18(2)", "2", "NA", "ระดับ 4|ระดับ4|ระดับ4|ระดับ5"),
    ("18(3)", "3", "NA", "85%|>90%|>95%|>95%"),
    ("19", "2", "NA", "60|70|80|90"),
    ("20", "2", "NA", "60|70|80|90"),
    ("21", "2", "NA", "60|70|80|90"),
    ("22", "2", "8.24%", "<9%|<8%|<7%|<6%"),
    ("24(1)", "1.5", "23.58%", "|".join(["ต่ำกว่าเกณฑ์เฉลี่ยแต่มากกว่า 10%"] * 4)),
    ("24(2)", "1.5", "29.58%", "|".join(["ต่ำกว่าเกณฑ์เฉลี่ยแต่มากกว่า 10%"] * 4)),
    ("25", "2", "140.42", "<140|<135|<130|<125"),
    ("26", "2", "83.3%", "85%|90%|95%|100%"),
    ("27", "2", "2 ด้าน", "3 ด้าน|3 ด้าน|3 ด้าน|3 ด้าน"),
    ("28", "1.5", "0.12%", "0%|0%|0%|0%"),
    ("29", "1.5", "30.33%", "20%|20%|25%|30%"),
    ("30", "2", "4", "10|10|10|10"),
]


@pytest.mark.parametrize(("code", "weight", "baseline", "targets"), TARGETS)
def test_the_plans_table(code, weight, baseline, targets):
    assert ROWS[code].get("weight") == weight
    assert [bare(version(code, year)["plan_target"]) for year in YEARS] == [bare(text) for text in targets.split("|")]
    if baseline is not None:
        assert bare(ROWS[code]["baseline"][0]["text"]) == bare(baseline)


# Code, year, bands 0 to 5, pass, fail, all as printed.
BANDS = [
    ("1", "2560", "ไม่มี/ส่งผลงาน|1.00 – 4.99|5.00 – 9.99|10.00 – 14.99|15.00 – 19.99|≥20", "≥20", "‹20"),
    ("1", "2563", "ไม่มี/ส่งผลงาน|1.00 – 12.99|13.00 – 25.99|26.00 – 38.99|39.00 – 49.99|≥50", "≥50", "‹50"),
    ("2", "2561", "<75 : >25|76: 24|77: 23|78 : 22|79: 21|≥ 80 : ≤ 20", "≥ 80 : ≤ 20", "< 80 : > 20"),
    ("3", "2561", "ไม่มี/ส่งผลงาน|1.00 – 1.92|1.93 – 2.85|2.86 – 3.78|3.79 – 4.69|≥4.70", "≥4.6", "‹4.7"),
    ("4", "2561", "ไม่มี/ส่งผลงาน|1.00 – 24.99|25.00 – 49.99|50.00 – 74.99|75.00 – 99.99|100", "100", "‹100"),
    ("5", "2560", ">14.1|13.1 - 14.0|12.1 - 13.0|11.1 – 12.0|10.1 – 11.0|<10.0", "<12.0", ">12.0"),
    ("5", "2561", ">11.0|10.1 – 11.0|9.1 – 10.0|8.1 – 9.0|7.6 - 8.0|<7.5", "<9.0", ">9.0"),
    ("6", "2560", ">19.6|19.1 – 19.5|18.6 – 19.0|18.1 – 18.5|17.6 – 18.0|17.5", "<17.5", ">17.5"),
    ("6", "2563", ">12.1|11.6 – 12.0|11.1 – 11.5|10.6 – 11.0|10.1 – 10.5|<10", "<10", ">10"),
    ("7(1)", "2560", ">190|186 - 190|181 - 185|176 - 180|171 - 175|≤170", "≤170", ">170"),
    ("7(1)", "2563", ">175|171 - 175|166 - 170|161 - 165|156 - 160|<155", "<155", ">155"),
    ("7(2)(1)", "2560", "41- 45|36- 40|31- 35|26- 30|21- 25|<20", "<20 %", ">20 %"),
    ("7(2)(3)", "2562", "41- 45|36 – 40|21 – 25|16 – 20|11 - 15|<10", "<10 %", ">10 %"),
    ("7(3)", "2560", "<71|72 – 73|74 – 75|76 – 77|78 - 79|>80", ">80", "<80"),
    ("8", "2563", ">22|21 -22|19 -20|17 -18|15 -16|<14", "<14", ">14"),
    ("9(1)", "2562", ">115|113 - 115|111 - 112|109 - 110|106 - 108|<105", "<105", ">105"),
    ("9(2)", "2560", "<74|75- 79|80- 84|85- 89|90- 94|>95%", ">95%", "<95%"),
    ("10", "2563", "<1.97|1.98- 1.99|2.00- 2.01|2.02- 2.01|2.04- 2.05|>2.05", ">2.05", ">2.05"),
    ("11(1)", "2560", "<65|65 - 69|70 - 74|75 - 79|80 - 86|>87", ">87", "<87"),
    ("11(1)", "2561", "<70|70 - 74|75 - 79|80 - 84|85 - 88|>89", ">89", "<89"),
    ("11(2)", "2562", "<70|70 - 74|75 - 79|80 - 84|85 - 89|>90", ">90", "<90"),
    ("12(1)", "2560", "<70|70 – 74|75 - 78|79 - 83|84 - 88|>89", ">89", "<89"),
    ("12(2)", "2563", "<70|70 – 74|75 - 79|80 - 84|85 - 91|>92", ">92", "<92"),
    ("14", "2562", "<75|75 - 79|80 - 84|85 - 89|90 - 94|>95%", ">95%", "≤95%"),
    ("15(1)", "2560", "<80|80 -84|85 -89|90 -94|95 -94|100", "100", "<100"),
    ("15(2)", "2563", "<80|80 - 84|85 - 89|90 - 94|95 - 94|100", "100", "<100"),
    ("16", "2560", "<80|80 - 84|85 - 89|90 - 94|90 - 92|>93", ">93", "<93"),
    ("16", "2561", "<75|75 - 79|80 - 84|85 - 89|90 - 94|>95", ">95", "<95"),
    ("17", "2560", "<0.5|0.5-0.9|0-1|1- 2|3- 4|ลดลง >5", "ลดลง ≥5", "ลดลง <5"),
    ("17", "2562", "<0|0- 2|3-6|7- 10|11- 14|ลดลง >15", "ลดลง ≥15", "ลดลง <15"),
    ("18(3)", "2560", "<64|65- 69|70- 74|75- 79|80- 84|≥85%", "≥85%", "≤85%"),
    ("19", "2563", "<69|70-74|75-79|80- 84|85- 89|90%", "90%", "90%"),
    ("20", "2561", "<49|50- 54|55- 59|60- 64|65-69|70%", "70%", "70%"),
    ("21", "2560", "<40|40- 44|45-49|50- 54|55- 59|60%", "60%", "60%"),
    ("22", "2561", ">16|15 – 16|13 – 14|11– 12|9 – 10|<8", "<8", ">8"),
    ("23", "2560", "ระดับ 7|ระดับ 6|ระดับ 5|ระดับ 4|ระดับ 3|<ระดับ 2", "<ระดับ2", ">ระดับ2"),
    ("24(1)", "2560", "<3|3 - 4|5 - 6|6 - 7|8 - 9|>10", "< >10", "<10"),
    ("24(2)", "2563", "<3|3 - 4|5 - 6|6 - 7|8 - 9|>10", ">10", "<10"),
    ("25", "2561", ">160|156 - 160|151 - 155|146 - 150|141 - 145|<140", "1<40", "1>40"),
    ("26(1)", "2560", "<65|65 -70|70 - 74|75 - 79|80 - 84|≥85", "≥85", "<85"),
    ("26(1)", "2563", "<80|80 -85|85 - 89|90 - 94|95 - 99|≥100", "100", "<100"),
    ("28", "2563", ">2.0|1.6- 2.0|1.1-1.5|0.6- 1.0|0.4- 0.5|0%", "0%", ">0%"),
    ("29", "2560", "<3|4- 6|9- 13|14- 16|17- 19|≥20", "≥20", "<20"),
    ("29", "2562", "12|13- 15|16- 18|19- 21|22- 24|≥25", "≥25", "<25"),
    ("30", "2560", "< 2 เรื่อง|>2 เรื่อง|>4 เรื่อง|>6 เรื่อง|>8 เรื่อง|>10 เรื่อง", ">10 เรื่อง", "<10 เรื่อง"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "year", "bands", "passed", "failed"), BANDS)
def test_bands_and_criteria_as_printed(code, year, bands, passed, failed):
    found = version(code, year)
    assert [bare(found["bands"][str(level)]) for level in range(6)] == [bare(text) for text in bands.split("|")]
    assert (bare(found["pass"]), bare(found["fail"])) == (bare(passed), bare(failed))


CORRECTIONS = {
    ("17", "2560", "band 2"): "0.9-1",
    ("18(1)", "2563", "pass"): "≥ระดับ5",
    ("18(2)", "2563", "pass"): "≥ระดับ5",
    ("24(1)", "2560", "pass"): ">10",
    ("24(2)", "2560", "pass"): ">10",
    ("25", "2561", "pass"): "<140",
    ("25", "2561", "fail"): ">140",
}


def test_corrected_is_this_and_nothing_else():
    found, reasons = {}, []
    for code in CODES:
        for year in YEARS:
            row = version(code, year)
            pairs = {f"band {level}": correction for level, correction in row.get("band_corrections", {}).items()}
            pairs |= {"pass": row.get("pass_correction"), "fail": row.get("fail_correction")}
            found |= {(code, year, what): bare(one["use"]) for what, one in pairs.items() if one}
            reasons += [one["reason"] for one in pairs.values() if one]
    assert found == CORRECTIONS
    assert all(reasons)


FORMULAS = {
    "7(1)": "A/B",
    "7(3)": "mean(A1/B1*100, A2/B2*100, A3/B3*100, A4/B4*100)",
    "17": "B/A*100",
    "22": "abs(A-B)*100/abs(A)",
}


def test_formulas_that_differ_from_the_print_say_why():
    assert {code: row["formula"] for code, row in ROWS.items() if row.get("formula_reason")} == FORMULAS
    assert all(ROWS[code]["formula_printed"] for code in FORMULAS)


def test_what_adds_up_differently():
    last = {code for code, row in ROWS.items() if any(i.get("adds_up") == "last" for i in row["data_items"].values())}
    assert last >= {"1", "3", "4", "17", "23", "24(1)", "24(2)"}
    beds = ROWS["9(1)"]["data_items"]
    assert [beds[item].get("adds_up", "sum") for item in "ABC"] == ["sum", "mean", "sum"]


def test_counts_are_not_negative_but_where_it_is_meant():
    free = {
        (code, item)
        for code, row in ROWS.items()
        for item, of in row["data_items"].items()
        if "minimum" in of and of["minimum"] is None
    }
    assert free == {("17", "B"), ("22", "A"), ("22", "B"), ("23", "D"), ("23", "E")}


@pytest.mark.parametrize("code", ["13(1)", "13(5)", "18(1)", "18(2)"])
def test_progress_over_half_implies_progress_under_half(code):
    steps = ROWS[code]["steps"]
    assert [step["number"] for step in steps] == [1, 2, 3, 4, 5]
    assert [step.get("implied_by") for step in steps] == [None, None, None, 5, None]


@pytest.mark.parametrize("code", ["27(1)", "27(2)", "27(3)"])
def test_domains_of_good_governance_have_their_steps(code):
    assert len(ROWS[code]["steps"]) == 5


def test_decimals():
    assert {code: ROWS[code]["decimals"] for code in CODES if ROWS[code].get("decimals", 2) != 2} == {"28": 4}


def test_rounds_of_their_own():
    own = {code: row["rounds"] for code, row in ROWS.items() if row.get("rounds")}
    assert own.pop("4") == ["03-31", "06-30"]
    assert set(own) == {"26", "26(1)", "26(2)"}
    assert all(days == ["12-31", "03-31", "06-30", "09-30"] for days in own.values())


def test_levels_in_words_stand_beside_their_bands():
    described = {code: row["band_descriptions"] for code, row in ROWS.items() if row.get("band_descriptions")}
    milestones = {code for code, row in ROWS.items() if row["kind"] == "milestone"}
    assert set(described) == milestones | {"23"}
    assert all(list(texts) == ["1", "2", "3", "4", "5"] for texts in described.values())
    assert described["13(1)"]["2"] == "จัดทำแผนพัฒนาเพื่อปิด Gap Analysis"
    assert described["23"]["5"] == "ถ้าได้คะแนน เป็น 0 ไม่มีภาวะวิกฤติ ได้ 5 คะแนน"


# What a template prints under a heading that most of them do not have.
SECTIONS = {
    "3": ["รายการข้อมูล"],
    "4": ["เกณฑ์เป้าหมาย ปี 2559", "รายการข้อมูล"],
    "24(2)": ["แหล่งข้อมูล"],
    "27": ["การประมวลผล ปี 2559"],
    "29": ["แหล่งข้อมูล"],
}


def test_headings_that_only_some_templates_have():
    found = {code: [part["title"] for part in row["sections"]] for code, row in ROWS.items() if row.get("sections")}
    assert found == SECTIONS
    assert ROWS["3"]["sections"][0]["text"].endswith("2.เอกสารรายงาน/สรุปผลการดำเนินงานตามรอบนิเทศของ สสจ.ขอนแก่น")


ANNOUNCED = {
    ("frequency", "monthly"): "18", ("frequency", "quarterly"): "2", ("frequency", "half_yearly"): "4",
    ("frequency", "yearly"): "6", ("theme", "quality"): "16", ("theme", "virtue"): "14",
    ("children", "14"): "22", ("children", "15(1)"): "9", ("children", "15(2)"): "63",
}  # fmt: skip


def test_the_counts_that_the_plan_announces():
    announced = PLAN["plan"]["announced"]
    assert {next(iter(row["of"].items())): row["count"] for row in announced} == ANNOUNCED
    assert all(row["count"] in row["text"] for row in announced)


def test_the_hospital_has_its_ministry_code():
    codes = {unit["code"]: unit["ministry_code"] for unit in PLAN["org_units"] if unit.get("ministry_code")}
    assert codes == {"KKH": "10670"}


DAMAGE = {
    "space before sara a where sara am belongs": "[\u0e01-\u0e2e][\u0e48-\u0e4b]? \u0e32",
    "tone mark before its vowel": "[\u0e48-\u0e4b][\u0e31\u0e34-\u0e39]",
    "nikhahit and sara a instead of sara am": "\u0e4d\u0e32",
    # As escapes, so that a search for the damage does not find this table.
    "mark lost in the PDF": "\u0e1b\u0e38\u0e27\u0e22|"
    "\u0e1b\u0e39\u0e27\u0e22|\u0e40\u0e1b\u0e39\u0e32|\u0e1f\u0e39\u0e32|"
    "\u0e1d\u0e38\u0e32\u0e22|\u0e40\u0e1d\u0e39\u0e32|\u0e1b\u0e39\u0e2d\u0e07",
}


@pytest.mark.parametrize("what", DAMAGE)
def test_no_damaged_thai(what):
    assert re.findall(f".{{0,12}}(?:{DAMAGE[what]}).{{0,12}}", PLAN_FILE.read_text(encoding="utf-8")) == []
