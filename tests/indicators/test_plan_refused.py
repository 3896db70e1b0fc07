"""Plan files that would be lost, crash a database or never be scored: refused, each with its place."""

import copy
import json

import pytest

from indicators.plans.file import PlanFileError, check, read_plan_file
from tests.cast import PLAN_FILE
from tests.indicators.test_plan_kinds import data as data
from tests.indicators.test_plan_kinds import items, rules

YEAR = "2564"
LONG = "ABCDEFGHIJKLMNOPQR"  # 18 characters


def row(data, number):
    return data["indicators"][number]


def quarterly(data, **rule):
    row(data, 0)["frequency"] = "quarterly"
    row(data, 0)["versions"][YEAR]["round_rules"] = [rule]


def added(data, **indicator):
    data["indicators"].append({"code": "X", "issue": 1, "name": "x", "versions": {YEAR: {}}, **indicator})


def verdict(*points):
    choices = [{"label": f"คำ {text}", "points": text} for text in points]
    return {"name": "ผล", "kind": "choice", "choices": choices}


SHARE = {"kind": "pass_share", "formula": "A", "data_items": {"A": {"name": "ผ่าน"}}}


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        # A mark is kept under the item's code and _NA: 20 characters together.
        (lambda d: items(0)(d).update({LONG: items(0)(d)["EB2"]}), LONG, "ไม่เกิน 17"),
        (lambda d: items(0)(d).update(X_na={"name": "x", "kind": "tick"}), "X_na", "_NA"),
        (lambda d: items(1)(d).update(eia={"name": "x"}), "data_items", "EIA"),
        (lambda d: row(d, 2).update(data_items={"S1": {"name": "x"}}), "steps", "S1"),
        (lambda d: row(d, 2).update(groups=[{"code": "S1", "name": "x"}]), "steps", "S1"),
        (lambda d: row(d, 2)["steps"][0].update(implied_by=1), "implied_by", "มาทีหลัง"),
        (lambda d: row(d, 2)["steps"][0].update(number=1.0), "steps", "integer"),
        (lambda d: row(d, 0)["versions"][YEAR]["band_words"].update({"3": "ดี"}), "band_words.3", "bands"),
        (lambda d: row(d, 0)["versions"][YEAR]["band_descriptions"].update({"3": "ดี"}), "band_descriptions.3", "bands"),
        (lambda d: quarterly(d, number=1, due="2020-11-01"), "round_rules[1]", "เรียง"),
        (lambda d: quarterly(d, number=7, target="5"), "round_rules[7]", "ปีนี้มี 4 รอบ"),
        (lambda d: rules(d).append({"number": 3, "bands": {"5": "9"}}), "round_rules[3]", "ไม่มีวันเริ่ม"),
        (lambda d: rules(d)[0].update(start="2018-10-01"), "round_rules[1]", "ปีงบประมาณ 2564"),
        (lambda d: rules(d)[1].update(start="2020-12-31"), "round_rules[2]", "หลังรอบก่อนหน้า"),
        (lambda d: (rules(d)[0].update(number=2), rules(d)[1].update(number=1)), "round_rules[2]", "หลังรอบก่อนหน้า"),
        (lambda d: items(1)(d)["TPS"]["choices"][1].update(label=" a "), "TPS.choices", "ไม่ซ้ำกัน"),
        (lambda d: items(1)(d)["TPS"]["choices"][1].update(label=" "), "TPS.choices", "ไม่ว่าง"),
        (lambda d: items(1)(d)["TPS"].update(full="99"), "TPS.choices", "เกินคะแนนเต็ม"),
        (lambda d: items(0)(d)["EB2"].update(full="-5"), "EB2.full", "ไม่น้อยกว่า 0"),
        (lambda d: row(d, 0)["groups"][0].update(full="-15"), "groups[1.1].full", "ไม่น้อยกว่า 0"),
        (lambda d: row(d, 0)["groups"][0].update(need=99_999), "need", "32767"),
        (lambda d: row(d, 0).update(baseline=[{"text": "x", "year": 99_999}]), "baseline[0].year", "32767"),
        (lambda d: items(0)(d).update(N={"name": "จำนวน"}), "data_items.N.kind", "tick"),
        (lambda d: added(d, **SHARE), "indicators[X]", "สองรายการ"),
        (lambda d: added(d, kind="qualitative", data_items={"Q": verdict("1", "0")}), "indicators[X]", "รายการ P"),
        (lambda d: added(d, kind="qualitative", data_items={"P": verdict("2", "0")}), "indicators[X]", "รายการ P"),
        (lambda d: row(d, 1).update(across_level=None), "measured_units", "across_level"),
        (lambda d: row(d, 0).update(name="ก\0ข"), "indicators.0.name", "บันทึกไม่ได้"),
        (lambda d: row(d, 0)["sections"][0].update(text="\ud800"), "indicators.0.sections.0.text", "บันทึกไม่ได้"),
    ],
)
def test_a_defect_is_named_with_its_place(data, change, place, sentence):
    assert list(check(data)) == []
    change(data)
    errors = [str(error) for error in check(data)]
    assert any(place in error and sentence in error for error in errors), errors


def test_half_a_character_in_a_json_file_is_refused_and_not_a_crash(data, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(data).replace("ITA", "\\ud800"), encoding="utf-8")
    with pytest.raises(PlanFileError, match="บันทึกไม่ได้"):
        read_plan_file(path)


@pytest.mark.parametrize("name", ["kkh2560", "kkpho2566", "kalasin2564", "dept2568"])
def test_nothing_of_the_sources_is_refused(name):
    found = read_plan_file(PLAN_FILE.with_name(f"{name}.yaml"))
    assert list(check(copy.deepcopy(found))) == []
