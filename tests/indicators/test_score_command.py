"""`manage.py score`: one KPI or a table of them, with the examples of the plan that must hold."""

import csv
import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from indicators import scoring_table
from indicators.lookup import clean_code
from indicators.models import Indicator, IndicatorVersion
from indicators.plans.export import export_plan
from indicators.plans.load import load_plan
from strategy.models import Plan

pytestmark = pytest.mark.usefixtures("plan")


def score(*arguments: str) -> dict:
    out = io.StringIO()
    call_command("score", *arguments, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("score", *arguments, stdout=io.StringIO())
    return str(caught.value)


def scored_table(tmp_path, text: str | bytes, *arguments: str) -> list[dict[str, str]]:
    path, out = tmp_path / "table.csv", io.StringIO()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command("score", "--csv", str(path), *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


# Code, year, how given, what; value, level, passed.
MUST_HOLD = [
    ("5", "2560", "--value", "10.0", "10.00", 4, True),
    ("11(1)", "2561", "--value", "69.5", "69.50", 0, False),
    ("11(1)", "2561", "--value", "70", "70.00", 1, False),
    ("15(1)", "2560", "--value", "97", "97.00", 4, False),
    ("11(1)", "2560", "--value", "87", "87.00", 4, False),
    ("30", "2560", "--value", "10", "10.00", 4, False),
    ("2", "2560", "--value", "76.4:23.6", "76.40", 1, False),
    ("28", "2560", "--value", "0.05", "0.0500", 4, False),
    ("6", "2560", "--value", "12", "12.00", 5, True),
    ("7(1)", "2560", "--data", "A=33600,B=200", "168.00", 5, True),
    ("11(1)", "2560", "--data", "A=33,B=40", "82.50", 4, False),
    ("28", "2560", "--data", "A=22,B=44640", "0.0493", 4, False),
    ("17", "2560", "--value", "0.95", "0.95", 2, False),  # by the corrected band 0.9-1
    ("18(1)", "2560", "--data", "S1=1,S2=1", "2", 2, False),
    ("18(2)", "2560", "--data", "S1=1,S2=1,S3=1,S5=1", "5", 5, True),
    ("13(4)", "2560", "--data", "S2=1,S3=1", "0", 0, False),
    ("23", "2560", "--data", "A=1.6,B=1.1,C=0.9,D=1,E=1,F=4", "0.00", 5, True),
    ("23", "2560", "--data", "A=1.4,B=0.9,C=0.7,D=-1,E=-1,F=2", "7.00", 0, False),
    ("23", "2560", "--data", "A=1.4,B=1.1,C=0.9,D=1,E=1,F=2", "3.00", 4, False),
    ("23", "2560", "--value", "2", "2.00", 4, False),
    ("22", "2560", "--data", "A=-100,B=-95", "5.00", 5, True),
    ("26", "2560", "--value", "85", "85.00", 5, True),
    ("26", "2560", "--data", "A=33,B=40", "82.50", 4, False),
    ("26(1)", "2560", "--value", "79.5", "79.50", 3, False),
    ("27", "2560", "--value", "4", "4", 4, False),
    ("27", "2560", "--value", "5", "5", 5, True),
    ("25", "2561", "--value", "139", "139.00", 5, True),  # by the corrected criterion <140
]


@pytest.mark.parametrize(("code", "year", "how", "what", "value", "level", "passed"), MUST_HOLD)
def test_the_plan_scores_as_it_must(code, year, how, what, value, level, passed):
    found = score(code, "--year", year, how, what)
    assert (found["code"], found["fiscal_year"], found["plan"]) == (code, int(year), "KKH2560")
    assert (found["state"], found["value"], found["level"], found["passed"]) == ("computed", value, level, passed)


def test_a_pair_shows_both_halves():
    found = score("2", "--value", "76.4 : 23.6")
    assert (found["value"], found["second"]) == ("76.40", "23.60")
    assert score("2", "--data", "A=764,B=236")["second"] == "23.60"


def test_a_mean_of_levels_has_four_decimals_and_no_verdict():
    found = score("7(2)", "--value", "3.6667")
    assert (found["level"], found["passed"]) == ("3.6667", None)
    assert score("7(2)", "--value", "4")["level"] == 4


def test_json_explains_itself():
    found = score("7(1)", "--data", "A=33600,B=200")
    assert any("33600/200" in sentence for sentence in found["explanation"])
    assert any("(A/B)*100" in sentence for sentence in found["explanation"]), "the corrected formula is told"
    assert found["details"]["reached"]["level"] == 5
    assert (found["revision"], found["unit"], found["warnings"]) == (1, "นาที", [])


def test_text_says_value_level_pass_and_why():
    out = io.StringIO()
    call_command("score", "5", "--year", "2560", "--value", "10.0", stdout=out)
    text = out.getvalue()
    for part in ("10.00", "ระดับคะแนน: 4", "ผลการประเมิน: ผ่าน", "10.1 – 11.0", "<12.0"):
        assert part in text


@pytest.mark.parametrize("code", ["7(1)", "7 (1)", " 7( 1 )", "๗(๑)", "7（1）", "7(1)."])
def test_a_code_may_be_typed_in_many_ways(code):
    assert clean_code(code) == "7(1)"
    assert score(code, "--value", "170")["code"] == "7(1)"


def test_the_current_fiscal_year_where_none_is_said():
    assert score("5", "--value", "10")["fiscal_year"] == 2560


@pytest.mark.parametrize("value", ["๑๐.๐", "10", " 10.00 ", "+10.0"])
def test_thai_digits_and_spaces(value):
    found = score("5", "--year", "๒๕๖๐", f"--value={value}")
    assert (found["value"], found["level"]) == ("10.00", 4)


def test_thousand_separators_in_data():
    assert score("7(1)", "--data", "A=33,600,B=๒๐๐")["value"] == "168.00"


WARNS = [
    (("5", "--value", "140"), "อยู่นอกช่วงร้อยละ"),
    (("5", "--value=-3"), "อยู่นอกช่วงร้อยละ"),
    (("27", "--value", "9"), "อยู่นอกระดับ 0 ถึง 5"),
    (("5", "--data", "A=50,B=40"), "มากกว่า"),
    (("5", "--data", "A=-5,B=40"), "ต้องไม่น้อยกว่า 0"),
    (("5", "--data", "A=1.5,B=40"), "ควรเป็นจำนวนเต็ม"),
    (("5", "--value", "10:90"), "ไม่ใช่สัดส่วนคู่"),
]


@pytest.mark.parametrize(("arguments", "part"), WARNS)
def test_it_warns_but_refuses_no_number(arguments, part):
    found = score(*arguments)
    assert found["state"] == "computed"
    assert part in " ".join(found["warnings"])


@pytest.mark.parametrize(
    ("data", "state", "part"),
    [
        ("A=5,B=0", "cannot_compute", "B"),
        ("A=0,B=0", "no_cases", ""),
        ("A=5", "incomplete", "B"),
        ("A=5,B=", "incomplete", "B"),
    ],
)
def test_what_cannot_be_scored_says_why(data, state, part):
    found = score("7(1)", "--data", data)
    assert (found["state"], found["value"], found["level"], found["passed"]) == (state, None, None, None)
    assert found["message"]
    assert part in found["message"]


REFUSED = [
    (("99", "--value", "3"), "รหัสที่ใกล้เคียง: 9"),
    (("11(3)", "--value", "3"), "11(1), 11(2)"),
    (("ไม่มีจริง", "--value", "3"), "ไม่มีตัวชี้วัดรหัส"),
    (("5", "--year", "2559", "--value", "3"), "ปีที่มี: 2560, 2561, 2562, 2563"),
    (("5", "--year", "60", "--value", "3"), "ไม่ใช่ปีงบประมาณ"),
    (("5", "--plan", "NONE", "--value", "3"), "แผนที่มี: KKH2560"),
    (("5", "--value", "สิบ"), "อ่านตัวเลข"),
    (("5", "--value", "1e3"), "อ่านตัวเลข"),
    (("5", "--value", "NaN"), "อ่านตัวเลข"),
    (("5", "--value", "10:"), "อ่านตัวเลข"),
    (("5", "--data", "33,40"), "ตัวอย่างที่ถูก"),
    (("5", "--data", "A=x,B=40"), "A: อ่านตัวเลข"),
    (("5", "--data", "A=1,A=2"), "สองครั้ง"),
    (("5", "--data", "A=1,B=2,X=3"), "ที่มี: A, B"),
    (("7(2)", "--data", "A=1"), "มาจากตัวชี้วัดย่อย"),
    (("5",), "อย่างใดอย่างหนึ่ง"),
    (("5", "--value", "1", "--data", "A=1"), "อย่างใดอย่างหนึ่ง"),
    ((), "กรุณาระบุรหัสตัวชี้วัด"),
    (("--csv", "x.csv", "--value", "1"), "--csv ใช้ร่วมกับ value ไม่ได้"),
    (("--csv", "/nowhere/x.csv"), "กรุณาตรวจชื่อไฟล์"),
]


@pytest.mark.parametrize(("arguments", "part"), REFUSED)
def test_what_it_refuses_it_says_in_a_sentence(arguments, part):
    assert part in refusal(*arguments)


def second_plan(plan: Plan) -> None:
    data = export_plan(plan)
    data["plan"]["code"] = "OTHER"
    load_plan(data)


def test_a_code_of_two_plans_is_ambiguous(plan):
    second_plan(plan)
    assert "KKH2560" in (sentence := refusal("5", "--value", "10"))
    assert "OTHER" in sentence
    assert score("5", "--value", "10", "--plan", "other")["plan"] == "OTHER"


def test_an_unreadable_band_is_named(plan):
    version = IndicatorVersion.objects.get(indicator__plan=plan, indicator__code="5", fiscal_year=2560, is_active=True)
    version.bands.filter(level=3).update(printed="ประมาณ 12")
    found = score("5", "--value", "10")
    assert (found["state"], found["level"]) == ("unreadable", None)
    assert "ประมาณ 12" in found["message"]


TABLE = """code,fiscal_year,value,A,B,note
5,2560,10.0,,,ก
11(1),๒๕๖๑,69.5,,,=1+1
11 (1),2561,70,,,
7(1),2560,,"33,600",200,
2,2560,76.4:23.6,,,
99,2560,1,,,
5,2560,สิบ,,,
5,2560,,,,
5,,1,,,
,2560,1,,,
7(1),2560,,5,0,
"""


def test_a_table_is_scored_row_by_row(tmp_path):
    rows = scored_table(tmp_path, TABLE)
    assert list(rows[0]) == [
        "code",
        "fiscal_year",
        "value",
        "A",
        "B",
        "note",
        "level",
        "passed",
        "explanation",
        "error",
    ]
    scores = [(row["value"], row["level"], row["passed"], row["error"]) for row in rows[:5]]
    assert scores == [
        ("10.00", "4", "true", ""),
        ("69.50", "0", "false", ""),
        ("70.00", "1", "false", ""),
        ("168.00", "5", "true", ""),
        ("76.40:23.60", "1", "false", ""),
    ]
    assert [row["note"] for row in rows[:2]] == ["ก", "=1+1"]
    assert all(row["error"] and not row["level"] and not row["passed"] for row in rows[5:])
    assert all(not row["explanation"].startswith(("=", "+", "-", "@")) for row in rows)


def test_a_byte_order_mark_and_odd_headers_are_fine(tmp_path):
    table = "\ufeff Code ,FISCAL_YEAR,a,b\r\n7(1),2560,33600,200\r\n\r\n"
    rows = scored_table(tmp_path, table)
    assert [(row["code"], row["value"], row["level"]) for row in rows] == [("7(1)", "168.00", "5")]


def test_steps_items_of_others_and_a_differing_value(tmp_path):
    table = "code,fiscal_year,value,A,B,S1,S2\n18(1),2560,,,,1,1\n30,2560,,10,7,,\n7(1),2560,3,33600,200,,\n"
    steps, papers, differing = scored_table(tmp_path, table)
    assert steps["level"] == "2"
    assert "ไม่มีรายการข้อมูล B" in papers["explanation"]
    assert differing["value"] == "168.00"
    assert "ต่างจากที่คำนวณได้" in differing["explanation"]


def test_what_it_wrote_scores_the_same_again(tmp_path):
    once = scored_table(tmp_path, TABLE)
    out = io.StringIO()
    writer = csv.DictWriter(out, once[0])
    writer.writeheader()
    writer.writerows(once)
    assert scored_table(tmp_path, out.getvalue()) == once


def test_a_column_plan_decides(plan, tmp_path):
    second_plan(plan)
    table = "code,fiscal_year,value,plan\n5,2560,10,OTHER\n5,2560,10,\n"
    told, silent = scored_table(tmp_path, table)
    assert told["level"] == "4"
    assert "หลายแผน" in silent["error"]
    assert scored_table(tmp_path, table, "--plan", "KKH2560")[1]["level"] == "4"


def test_a_row_with_too_many_cells_says_so(tmp_path):
    rows = scored_table(tmp_path, "code,fiscal_year,value\n5,2560,10,20\n5,2560\n5,2560,10\n")
    assert [bool(row["error"]) for row in rows] == [True, True, False]


UNREADABLE = [
    (b"", "ไฟล์ว่างเปล่า"),
    (b"\n\n", "ไฟล์ว่างเปล่า"),
    (b"\xff\xfe\x00\x01", "UTF-8"),
    (b"code,value\n5,10\n", "fiscal_year"),
    (b"code,fiscal_year,note\n5,2560,x\n", "value"),
    (b"code,fiscal_year,value,value\n", "ซ้ำ"),
    ("code,fiscal_year,value\n5,2560,๑๐\n".encode("cp874"), "UTF-8"),
]


@pytest.mark.parametrize(("content", "part"), UNREADABLE)
def test_a_file_that_is_no_table(content, part, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert part in refusal("--csv", str(path))


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(scoring_table, "MAX_BYTES", 10)
    path = tmp_path / "large.csv"
    path.write_text(TABLE)
    assert "กรุณาแบ่งไฟล์" in refusal("--csv", str(path))


def test_a_header_alone_gives_a_header(tmp_path):
    assert scored_table(tmp_path, "code,fiscal_year,value\n") == []


def test_templates_are_read_once(tmp_path, django_assert_max_num_queries):
    rows = "".join(f"5,2560,{number}\n7(1),2560,{number}\n" for number in range(300))
    with django_assert_max_num_queries(8):
        assert len(scored_table(tmp_path, f"code,fiscal_year,value\n{rows}")) == 600


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal, True), (io.StringIO, False)])
def test_progress_only_on_a_terminal(stream, shown, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stderr := stream())
    scored_table(tmp_path, TABLE)
    assert bool(stderr.getvalue()) is shown


def test_every_typed_kpi_can_be_scored(plan):
    for code in Indicator.objects.filter(plan=plan).values_list("code", flat=True):
        assert score(code, "--value", "3")["code"] == code
