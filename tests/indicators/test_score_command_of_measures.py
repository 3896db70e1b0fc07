"""`manage.py score` of the other kinds: choices, ticks, what does not apply, rounds of their own, shares."""

import pytest

from indicators.models import IndicatorVersion
from tests.builders import (
    EVIDENCE,
    ITA_ROUNDS,
    K405_BANDS,
    K405_ITEMS,
    MARK_BANDS,
    MARKS,
    SHARE_ITEMS,
    YES_NO,
    give_bands,
    make,
)
from tests.indicators.test_score_command import refusal, score, scored_table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def measures(plan):
    make(plan, "K405X", formula="(EIA+TPS)/2", items=K405_ITEMS, bands=K405_BANDS, across_level=5, plan_target="12 แห่ง")
    make(plan, "SMART", kind="checklist", items=MARKS, bands=MARK_BANDS, unit="ร้อยละ", pass_criterion="80")
    ita = make(
        plan, "ITA", kind="checklist", items=EVIDENCE, bands={3: "60", 4: "80", 5: "100"}, unit="ร้อยละ",
        pass_criterion="4 ข้อ", round_rules=ITA_ROUNDS,
    )  # fmt: skip
    counted = {level: f"{level} ข้อ" for level in range(1, 6)}
    give_bands(IndicatorVersion.objects.get(indicator=ita), counted, round_number=1)
    make(plan, "DAILY", kind="qualitative", items=YES_NO)
    make(plan, "SHARE", kind="pass_share", formula="A/B*100", items=SHARE_ITEMS, bands={5: "≥80"}, unit="ร้อยละ")


MUST_HOLD = [
    ("K405X", "EIA=86.67,TPS=A", "93.34", 5, None),
    ("K405X", "eia=86.67,tps=a", "93.34", 5, None),
    ("K405X", "EIA=๘๖.๖๗,TPS= 100 ", "93.34", 5, None),
    ("K405X", "EIA=60,TPS=F", "55.00", 0, None),
    ("SMART", "I1=5,I2=5,I3=5,I4=0", "75.00", 4, False),
    ("SMART", "I1=5,I2=5,I3=5,I4=NA", "100.00", 5, True),
    ("SMART", "I1=5,I2=5,I3=5,I4=ไม่เกี่ยวข้อง", "100.00", 5, True),
    ("SMART", "I1=5,I2=5,I3=5,I4_NA=1", "100.00", 5, True),
    ("ITA", "EB1=1,EB2=1,EB3=1,EB4=1", "80.00", 4, True),
    ("ITA", "EB1=0", "0.00", 0, False),
    ("DAILY", "P=ทำได้ทุกวัน", "1", None, True),
    ("DAILY", "P=0", "0", None, False),
    ("SHARE", "A=20,B=24", "83.33", 5, None),
]


@pytest.mark.parametrize(("code", "data", "value", "level", "passed"), MUST_HOLD)
def test_data_of_every_kind(code, data, value, level, passed):
    found = score(code, "--data", data)
    assert (found["state"], found["value"], found["level"], found["passed"]) == ("computed", value, level, passed)


def test_a_grade_is_told_with_its_points():
    found = score("K405X", "--data", "EIA=86.67,TPS=A")
    assert "TPS ผลประเมิน TPS = A (100)" in found["explanation"]
    assert {row["code"]: row["word"] for row in found["details"]["inputs"]} == {"EIA": "", "TPS": "A"}


REFUSED = [
    ("K405X", "EIA=80,TPS=E", "TPS: ไม่มีตัวเลือก “E” (ที่มี: A (100), B (80), C (70), D (60), F (50))"),
    ("K405X", "EIA=80,TPS=95", "ไม่มีตัวเลือก “95”"),
    ("K405X", "EIA=A,TPS=A", "EIA: อ่านตัวเลข"),
    ("SMART", "I1=NA", "I1 Green and Clean ระบุว่าไม่เกี่ยวข้องไม่ได้"),
    ("ITA", "EB9=1", "ที่มี: EB1, EB2, EB3, EB4, EB5"),
    ("DAILY", "P=บางวัน", "ทำได้ทุกวัน (1), ทำไม่ได้ทุกวัน (0)"),
]


@pytest.mark.parametrize(("code", "data", "part"), REFUSED)
def test_a_word_that_is_none_is_refused_with_those_that_are(code, data, part):
    assert part in refusal(code, "--data", data)


def test_missing_marks_are_named():
    found = score("SMART", "--data", "I1=5")
    assert (found["state"], found["value"]) == ("incomplete", None)
    assert "I2 จอเรียกคิว" in found["message"]
    assert found["details"]["checklist"]["obtained"] == "5"


def test_a_round_has_its_own_bands():
    first = score("ITA", "--round", "1", "--data", "EB1=1,EB2=1")
    assert (first["value"], first["level"], first["passed"], first["round"], first["unit"]) == ("2", 2, False, 1, "ข้อ")
    last = score("ITA", "--data", "EB1=1,EB2=1")
    assert (last["value"], last["level"], last["round"], last["unit"]) == ("40.00", 0, 2, "ร้อยละ")
    assert score("ITA", "--round", "๑", "--value", "5")["level"] == 5
    assert score("7(1)", "--round", "1", "--value", "170")["round"] is None


def test_the_text_names_the_round(capsys):
    from django.core.management import call_command

    call_command("score", "ITA", "--data", "EB1=1")
    assert "ใช้เกณฑ์ของรอบที่ 2" in capsys.readouterr().out


@pytest.mark.parametrize(("round_", "part"), [("3", "ที่มี: รอบที่ 1, รอบที่ 2"), ("x", "ไม่ใช่เลขรอบ")])
def test_a_round_that_is_none(round_, part):
    assert part in refusal("ITA", "--round", round_, "--data", "EB1=1")


def test_a_table_with_words_and_rounds(tmp_path):
    table = (
        "code,fiscal_year,round,EIA,TPS,EB1,I1,I2,I3,I4\n"
        "K405X,2560,,86.67,A,,,,,\n"
        "K405X,2560,,86.67,E,,,,,\n"
        "ITA,2560,1,,,1,,,,\n"
        "ITA,2560,,,,1,,,,\n"
        "ITA,2560,9,,,1,,,,\n"
        "SMART,2560,,,,,5,5,0,NA\n"
    )
    rows = scored_table(tmp_path, table)
    assert [(row["value"], row["level"]) for row in rows] == [
        ("93.34", "5"),
        ("", ""),
        ("1", "1"),
        ("20.00", "0"),
        ("", ""),
        ("66.67", "3"),
    ]
    assert "A (100), B (80)" in rows[1]["error"]
    assert "ใช้เกณฑ์ของรอบที่ 1" in rows[2]["explanation"]
    assert "ไม่มีรอบที่ 9" in rows[4]["error"]


def test_a_table_of_grades_alone(tmp_path):
    rows = scored_table(tmp_path, "code,fiscal_year,EIA,TPS\nK405X,2560,65,B\n")
    assert [(row["value"], row["level"], row["error"]) for row in rows] == [("72.50", "2", "")]
