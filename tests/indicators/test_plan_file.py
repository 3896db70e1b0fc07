"""Loading a plan file: bad input is named with its place and changes nothing; good input is loaded once."""

import copy
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indicators.models import DataItem, Indicator, IndicatorVersion, Responsibility, Result, Round, ScoreBand
from indicators.plans.export import export_plan
from indicators.plans.file import check
from indicators.plans.load import load_plan
from strategy.models import OrgUnit, Plan
from tests.cast import real_plan

ROWS = (Plan, OrgUnit, Indicator, IndicatorVersion, DataItem, ScoreBand, Responsibility, Round)


@pytest.fixture(scope="module")
def original() -> dict[str, Any]:
    return real_plan()


@pytest.fixture
def data(original) -> dict[str, Any]:
    return copy.deepcopy(original)


def row(data: dict[str, Any], code: str) -> dict[str, Any]:
    return next(indicator for indicator in data["indicators"] if indicator["code"] == code)


def state() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in ROWS]


def refusal(path: Any) -> str:
    """What load_plan says of a file that it refuses; the database is as before."""
    before = state()
    with pytest.raises(CommandError) as caught:
        call_command("load_plan", str(path), stdout=io.StringIO())
    assert state() == before
    assert "ฐานข้อมูลไม่เปลี่ยนแปลง" in str(caught.value)
    return str(caught.value)


def _put(code: str, *path: Any) -> Callable[[dict[str, Any]], None]:
    """Set what stands at a path of an indicator: the last part is the value."""

    def change(data: dict[str, Any]) -> None:
        here: Any = row(data, code)
        for key in path[:-2]:
            here = here[key]
        here[path[-2]] = path[-1]

    return change


def _drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        here: Any = data
        for key in path[:-1]:
            here = here[key]
        del here[path[-1]]

    return change


def _copy_of(code: str) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["indicators"].append(copy.deepcopy(row(data, code)))


def _unit(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["org_units"][0].update(changes)


# What is wrong, the place that is named, and a part of the sentence.
DEFECTS = {
    "unreadable band": (
        _put("5", "versions", "2561", "bands", "2", "ราว ๆ 9"), "indicators[5].versions.2561.bands.2", "ราว ๆ 9",
    ),
    "unreadable correction": (
        _put("17", "versions", "2560", "band_corrections", "2", "use", "x"),
        "indicators[17].versions.2560.bands.2", "x",
    ),
    "unreadable criterion": (_put("8", "versions", "2562", "pass", "ดี"), "indicators[8].versions.2562.pass", "ดี"),
    "a level that is none": (_put("5", "versions", "2560", "bands", "6", "1"), "versions.2560.bands", "'6'"),
    "unknown item": (_put("5", "formula", "A/D*100"), "indicators[5].versions.2560.formula", "D (มี A, B)"),
    "broken formula": (_put("5", "formula", "A/(B"), "indicators[5].versions.2560.formula", ""),
    "no formula": (_put("5", "formula", ""), "indicators[5].versions.2560.formula", "ต้องมีสูตร"),
    "no steps": (_put("13(1)", "steps", []), "indicators[13(1)].versions.2560.steps", "ต้องมีขั้นตอน"),
    "unknown owner": (_put("5", "owner", "ก.ที่ไม่มี"), "indicators[5].owner", "ก.ที่ไม่มี"),
    "unknown stakeholder": (_put("5", "stakeholders", ["Q&S", "ใครไม่รู้"]), "indicators[5].stakeholders", "ใครไม่รู้"),
    "unknown issue": (_put("5", "issue", 9), "indicators[5].issue", "9"),
    "wrong parent": (_put("7(1)", "parent", "77"), "indicators[7(1)].parent", "77"),
    "a parent that counts itself": (_put("7(1)", "parent", "5"), "indicators[7(1)].parent", ""),
    "a circle of KPIs": (_put("7", "parent", "7(2)"), "indicators[7].parent", "วนกลับมา"),
    "a circle of units": (_unit(parent="POLICY"), "org_units[KKH].parent", "วนกลับมา"),
    "unknown unit above": (_unit(parent="MOPH"), "org_units[KKH].parent", "MOPH"),
    "weight on parent and child": (_put("7", "weight", "2"), "indicators[7(1)].parent", "นับซ้ำ"),
    "weight that is no number": (_put("5", "weight", "สาม"), "indicators[5].weight", "สาม"),
    "duplicate code": (_copy_of("5"), "indicators[5]", "ซ้ำ"),
    "duplicate unit": (lambda d: d["org_units"].append(d["org_units"][0]), "org_units[KKH]", "ซ้ำ"),
    "duplicate issue": (lambda d: d["issues"].append(d["issues"][0]), "issues[1]", "ซ้ำ"),
    "missing key": (lambda d: row(d, "5").pop("name"), "indicators[5]", "name"),
    "missing section": (_drop("org_units"), "ทั้งไฟล์", "org_units"),
    "unknown key": (_put("5", "colour", "red"), "indicators[5]", "colour"),
    "wrong kind": (_put("5", "kind", "guess"), "indicators[5].kind", "guess"),
    "wrong direction": (_put("5", "direction", "up"), "indicators[5].direction", "up"),
    "wrong year": (lambda d: row(d, "5")["versions"].update({"2559": {}}), "indicators[5].versions.2559", "นอกช่วงปี"),
    "a year that is none": (lambda d: row(d, "5")["versions"].update({"60": {}}), "indicators[5].versions", "60"),
    "years the wrong way round": (lambda d: d["plan"].update(last_year=2559), "plan.last_year", "ก่อนปีแรก"),
    "unknown hospital": (lambda d: d["plan"].update(hospital="XX"), "plan.hospital", "XX"),
    "unreadable grade": (lambda d: d["plan"]["grades"][0].update(text="เยี่ยม"), "plan.grades[0]", "เยี่ยม"),
    "a text too long for its column": (_put("5", "unit", "ย" * 61), "indicators[5].unit", "ยาวเกินไป"),
    "a number too long to be exact": (
        _put("5", "baseline", [{"text": "1", "value": "1" * 16}]), "indicators[5].baseline[0].value", "1111",
    ),
    "an item that no formula can name": (
        _put("5", "data_items", {"ก": {"name": "x"}}), "indicators[5].data_items", "ก",
    ),
    "a kind of unit that is none": (_unit(kind="palace"), "org_units[KKH].kind", "palace"),
    "text for a number": (_put("5", "decimals", "two"), "indicators[5].decimals", "two"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_named_with_its_place(name, data, plan, tmp_path):
    change, place, part = DEFECTS[name]
    change(data)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(data))
    sentence = refusal(path)
    assert place in sentence
    assert part in sentence


def test_every_defect_is_told_at_once(data):
    for name in ("unreadable band", "unknown owner", "wrong parent"):
        DEFECTS[name][0](data)
    places = {error.place for error in check(data)}
    assert places >= {DEFECTS[name][1] for name in ("unreadable band", "unknown owner", "wrong parent")}


FILES = {
    "binary": ("plan.yaml", b"\x89PNG\r\n\x1a\n\x00\x00\xff", "UTF-8"),
    "binary that is UTF-8": ("plan.yaml", b"\x00\x01\x02", "YAML"),
    "Thai of another code": ("plan.yaml", "plan: โรงพยาบาล".encode("cp874"), "UTF-8"),
    "empty": ("plan.yaml", b"", "ทั้งไฟล์"),
    "empty JSON": ("plan.json", b"", "JSON ไม่ได้ที่บรรทัด 1"),
    "a list": ("plan.yaml", b"- a\n- b\n", "ทั้งไฟล์"),
    "a word": ("plan.yaml", b"plan", "ทั้งไฟล์"),
    "broken YAML": ("plan.yaml", b"plan:\n  code: [1\n", "YAML ไม่ได้ที่บรรทัด 3"),
    "a key twice": ("plan.yaml", b"plan:\n  code: A\n  name: B\n  code: C\n", "บรรทัด 2: code"),
    "a key twice in JSON": ("plan.json", b'{"plan": {"code": "A", "code": "C"}}', "code"),
    "a key that is a list": ("plan.yaml", b"plan:\n  ? [a]\n  : b\n", "YAML"),
    "a date that is none": ("plan.yaml", b"plan: 2560-13-45\n", "อ่าน"),
    "Python in YAML": ("plan.yaml", b"plan: !!python/object/apply:os.getcwd []\n", "YAML ไม่ได้ที่บรรทัด 1"),
    "very deep": ("plan.json", b"[" * 100_000, "ซ้อนกันลึกเกินไป"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_plan(name, plan, tmp_path):
    file, content, part = FILES[name]
    path = tmp_path / file
    path.write_bytes(content)
    sentence = refusal(path)
    assert part in sentence
    assert "Traceback" not in sentence


def test_a_file_of_50_megabytes(plan, tmp_path):
    path = tmp_path / "plan.yaml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert "10 MB" in refusal(path)


def test_no_file(plan, tmp_path):
    assert "กรุณาตรวจชื่อไฟล์" in refusal(tmp_path / "nowhere.yaml")
    assert "กรุณาตรวจชื่อไฟล์" in refusal(tmp_path)


def test_loading_again_changes_nothing(plan, data):
    before = state()
    report = load_plan(data)
    assert (report.created, report.changed, report.new_revisions, report.kept) == (0, 0, 0, [])
    assert report.unchanged == IndicatorVersion.objects.filter(indicator__plan=plan).count()
    assert state() == before


def exported(code: str = "KKH2560", form: str = "json") -> str:
    out = io.StringIO()
    call_command("export_plan", code, "--format", form, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_loading_what_was_exported_changes_nothing(form, plan, tmp_path):
    path = tmp_path / f"plan.{form}"
    path.write_text(exported(form=form), encoding="utf-8")
    before = state()
    call_command("load_plan", str(path), stdout=io.StringIO())
    assert state() == before


def test_a_plan_that_is_there_can_be_left_as_it_is(plan):
    """script/server starts with it: what was corrected since the first start stays."""
    band = ScoreBand.objects.get(version__indicator__code="15(1)", version__fiscal_year=2560, level=4)
    ScoreBand.objects.filter(pk=band.pk).update(correction="95 - 99.99", reason="พิมพ์สลับ")
    before, out = state(), io.StringIO()
    call_command("load_plan", "fixtures/kkh2560.yaml", "--if-new", stdout=out)
    assert "สร้าง 0 แก้ไข 0 ออกฉบับใหม่ 0" in out.getvalue()
    assert state() == before
    Plan.objects.filter(pk=plan.pk).update(code="OLD")
    call_command("load_plan", "fixtures/kkh2560.yaml", "--if-new", stdout=io.StringIO())
    assert Plan.objects.filter(code="KKH2560").exists()


def test_an_exported_plan_loads_into_an_empty_place(plan):
    first = export_plan(plan)
    Plan.objects.filter(pk=plan.pk).update(code="OLD")
    again = load_plan(json.loads(json.dumps(first))).plan
    assert again.pk != plan.pk
    assert export_plan(again) == first


def test_export_has_the_form_that_others_read(plan):
    data = json.loads(exported())
    found = row(data, "7(1)")
    assert data["plan"]["code"] == "KKH2560"
    assert (found["parent"], found["issue"], found["weight"], found["direction"]) == ("7", 2, "2", "lower")
    assert (found["unit"], found["ha_standard"], found["owner"]) == ("นาที", "IV-5", "PST OPD")
    version = found["versions"]["2560"]
    assert (version["plan_target"], version["template_target"]) == ("<170", "<170 นาที")
    assert (version["bands"]["0"], version["bands"]["5"]) == (">190", "≤170")
    assert (version["pass"], version["fail"], version["frequency"]) == ("≤170", ">170", "monthly")


def test_an_unknown_plan_cannot_be_exported(plan):
    with pytest.raises(CommandError, match="KKH2560"):
        exported("NOWHERE")


def test_a_changed_band_after_results_makes_a_revision(approved, data, round_of):
    result = approved("7(1)", A=33600, B=200)
    _put("7(1)", "versions", "2560", "bands", "5", "≤160")(data)
    report = load_plan(data)
    assert (report.new_revisions, report.changed, report.created) == (1, 0, 0)
    kept = Result.objects.get(pk=result.pk)
    assert (kept.version.revision, kept.version.is_active, kept.level) == (1, False, 5)
    assert kept.version.bands.get(level=5).printed == "≤170"
    now = IndicatorVersion.objects.get(indicator=kept.version.indicator, fiscal_year=2560, is_active=True)
    assert (now.revision, now.bands.get(level=5).printed) == (2, "≤160")
    assert load_plan(data).new_revisions == 0


def test_a_changed_band_without_results_is_written_over(plan, data):
    _put("7(1)", "versions", "2561", "bands", "5", "<160")(data)
    report = load_plan(data)
    assert (report.changed, report.new_revisions) == (1, 0)
    version = IndicatorVersion.objects.get(indicator__plan=plan, indicator__code="7(1)", fiscal_year=2561)
    assert (version.revision, version.bands.get(level=5).printed) == (1, "<160")


def test_a_kpi_that_left_the_file_goes_unless_it_has_results(approved, data):
    approved("7(1)", A=33600, B=200)
    data["indicators"] = [indicator for indicator in data["indicators"] if indicator["code"] not in ("7(1)", "30")]
    assert load_plan(data).kept == ["7(1)"]
    assert not Indicator.objects.filter(code="30").exists()
    assert Indicator.objects.filter(code="7(1)").exists()


def test_a_failure_while_writing_leaves_nothing(plan, data, monkeypatch):
    data["plan"]["name"] = "ชื่ออื่น"
    monkeypatch.setattr("indicators.plans.load.load_rounds", lambda plan: 1 / 0)
    before = state()
    with pytest.raises(ZeroDivisionError):
        load_plan(data)
    assert state() == before
