"""What a plan file says of checklists, choices, own rounds and many measured units: loaded, exported, refused."""

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.adapters import template_of
from indicators.models import DataItem, Indicator, IndicatorVersion, Responsibility, Round, ScoreBand
from indicators.plans.export import export_plan
from indicators.plans.file import check
from indicators.plans.load import load_plan
from scoring.template import Choice, Group, ItemKind, Measure
from strategy.models import OrgUnit, Plan

PLAN: dict[str, Any] = {
    "plan": {
        "code": "P2564", "name": "แผนจังหวัด", "hospital": "PHO", "first_year": 2564, "last_year": 2564,
        "announced": [{"text": "รวม 3 ตัวชี้วัด", "count": "3", "of": {"weight": True}}],
    },
    "org_units": [
        {"code": "PHO", "name": "สสจ.", "kind": "province", "parent": None},
        {"code": "10995", "name": "รพ.บ้านฝาง", "kind": "hospital", "parent": "PHO", "ministry_code": "10995"},
        {"code": "10996", "name": "รพ.พระยืน", "kind": "hospital", "parent": "PHO", "ministry_code": "10996"},
    ],
    "issues": [{"number": 1, "name": "ธรรมาภิบาล"}],
    "indicators": [
        {
            "code": "12", "issue": 1, "name": "ITA", "kind": "checklist", "measure": "points", "responsible": ["PHO"],
            "group": "ด้านโปร่งใส", "sections": [{"key": "guide", "title": "แนวทาง", "text": "บรรทัด 1\nบรรทัด 2"}],
            "data_items": {
                "EB1": {"name": "มาตรการเผยแพร่", "kind": "tick", "group": "1.1", "evidence": "คำสั่ง", "adds_up": "last"},
                "EB2": {"name": "ตรวจเว็บ", "kind": "points", "full": "5.50", "may_be_na": True, "criterion": "ครบ"},
            },
            "groups": [{"code": "1.1", "name": "หมวด 1", "full": "15", "need": 1, "all_or_nothing": True}],
            "versions": {2564: {
                "bands": {"5": "≥80"}, "band_words": {"5": "ดีมาก"}, "band_descriptions": {"5": "ครบทุกข้อ"},
                "round_rules": [
                    {"number": 1, "name": "รอบที่ 1", "start": "2020-10-01", "end": "2020-12-31", "target": "5 ข้อ",
                     "bands": {"1": "1 ข้อ", "5": "5 ข้อ"}},
                    {"number": 2, "name": "รอบที่ 2", "start": "2021-01-01", "end": "2021-07-31", "due": "2021-08-15",
                     "measure": "percent", "bands": {"3": "82", "5": "92"}, "pass": "20 ข้อ"},
                ],
            }},
        },
        {
            "code": "K405", "issue": 1, "name": "การเงิน", "kind": "formula", "formula": "(EIA+TPS)/2",
            "data_items": {
                "EIA": {"name": "คะแนน EIA", "maximum": "100", "minimum": None},
                "TPS": {"name": "ผล TPS", "kind": "choice",
                        "choices": [{"label": "A", "points": "100"}, {"label": "B", "points": "80.0"}]},
            },
            "across_level": 5, "measured_units": ["10995", "10996"], "responsible": ["PHO"], "cutoff": "<80",
            "versions": {2564: {"plan_target": "12 แห่ง", "bands": {"5": "85 ขึ้นไป"}}},
        },
        {
            "code": "13", "issue": 1, "name": "ควบคุมภายใน", "kind": "milestone", "frequency": "yearly",
            "steps": [{"number": 1, "text": "จัดวางระบบ", "criterion": "ครบทุกงาน", "evidence": "คำสั่ง", "remark": "-"}],
            "versions": {2564: {"bands": {"5": "ระดับ 5"}}},
        },
    ],
}  # fmt: skip


@pytest.fixture
def data() -> dict[str, Any]:
    text_keys = copy.deepcopy(PLAN)
    for row in text_keys["indicators"]:
        row["versions"] = {str(year): version for year, version in row["versions"].items()}
    return text_keys


def version(code: str) -> IndicatorVersion:
    return IndicatorVersion.objects.get(indicator__plan__code="P2564", indicator__code=code)


@pytest.mark.django_db
def test_a_checklist_is_carried_with_groups_and_own_rounds(data):
    assert list(check(data)) == []
    load_plan(data)
    template = template_of(version("12"))
    tick, points = template.items
    assert (tick.kind, tick.group, tick.evidence) == (ItemKind.TICK, "1.1", "คำสั่ง")
    assert (points.kind, points.full, points.may_be_na, points.criterion) == (
        ItemKind.POINTS, Decimal("5.5"), True, "ครบ",
    )  # fmt: skip
    assert template.groups == (Group("1.1", "หมวด 1", Decimal(15), 1, all_or_nothing=True),)
    assert template.words == ((5, "ดีมาก"),)
    assert Indicator.objects.get(plan__code="P2564", code="12").group == "ด้านโปร่งใส"


@pytest.mark.django_db
def test_each_round_has_its_own_days_bands_and_criterion(data):
    load_plan(data)
    rounds = Round.objects.filter(indicator__plan__code="P2564", indicator__code="12").order_by("number")
    assert [(r.label, r.start, r.end, r.due) for r in rounds] == [
        ("รอบที่ 1", date(2020, 10, 1), date(2020, 12, 31), date(2021, 1, 11)),  # the 10th is a Sunday
        ("รอบที่ 2", date(2021, 1, 1), date(2021, 7, 31), date(2021, 8, 15)),  # as printed, though a Sunday
    ]
    template = template_of(version("12"))
    first, second = template.for_round(1), template.for_round(2)
    assert (first.measure, first.target, [level for level, _ in first.bands]) == (Measure.POINTS, "5 ข้อ", [1, 5])
    assert (second.measure, [b.printed for _, b in second.bands]) == (Measure.PERCENT, ["82", "92"])
    assert (first.pass_criterion, second.pass_criterion.printed) == (None, "20 ข้อ")
    assert [band.printed for _, band in template.bands] == ["≥80"]


@pytest.mark.django_db
def test_many_units_are_measured_and_one_office_enters(data):
    load_plan(data)
    rows = Responsibility.objects.filter(indicator__code="K405")
    assert [(r.measured_unit.code, r.responsible_unit.code) for r in rows] == [("10995", "PHO"), ("10996", "PHO")]
    template = template_of(version("K405"))
    assert template.item("TPS").choices == (Choice("A", Decimal(100)), Choice("B", Decimal(80)))
    assert template.item("EIA").minimum is None
    assert (template.across.level, template.across.criterion.printed, template.cutoff) == (5, "12 แห่ง", "<80")


@pytest.mark.django_db
def test_export_and_second_load_change_nothing(data):
    load_plan(data)
    exported = export_plan(Plan.objects.get(code="P2564"))
    assert list(check(exported)) == []
    before = [list(m.objects.order_by("pk").values_list()) for m in (IndicatorVersion, DataItem, ScoreBand, Round)]
    for again in (data, exported):
        report = load_plan(again)
        assert (report.created, report.changed, report.new_revisions, report.kept_rounds) == (0, 0, 0, [])
    after = [list(m.objects.order_by("pk").values_list()) for m in (IndicatorVersion, DataItem, ScoreBand, Round)]
    assert after == before
    assert export_plan(Plan.objects.get(code="P2564")) == exported
    assert exported["plan"]["announced"] == PLAN["plan"]["announced"]


@pytest.mark.django_db
def test_a_renamed_round_is_renamed(data):
    load_plan(data)
    data["indicators"][0]["versions"]["2564"]["round_rules"][0]["name"] = "รอบแรก"
    load_plan(data)
    assert Round.objects.get(indicator__plan__code="P2564", indicator__code="12", number=1).name == "รอบแรก"


@pytest.mark.django_db
def test_a_file_that_begins_at_a_hospital_leaves_it_in_its_province(data):
    load_plan(data)
    own = copy.deepcopy(data)
    own["plan"] |= {"code": "HOSP", "hospital": "10995"}
    own["org_units"] = [{"code": "10995", "name": "รพ.บ้านฝาง", "kind": "hospital", "parent": None}]
    own["indicators"] = []
    load_plan(own)
    assert OrgUnit.objects.get(code="10995").parent.code == "PHO"


def items(row: int) -> Any:
    return lambda data: data["indicators"][row]["data_items"]


def rules(data: dict[str, Any]) -> list[dict[str, Any]]:
    return data["indicators"][0]["versions"]["2564"]["round_rules"]


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        (lambda d: items(0)(d)["EB1"].update(group="9"), "data_items.EB1.group", "ไม่มีหมวดรหัส 9"),
        (lambda d: items(0)(d)["EB2"].pop("full"), "data_items.EB2.full", "คะแนนเต็ม"),
        (lambda d: items(0)(d).update(X_NA={"name": "x"}), "data_items.X_NA", "_NA"),
        (lambda d: items(1)(d)["TPS"]["choices"][1].update(points="100.0"), "TPS.choices", "ไม่ซ้ำกัน"),
        (lambda d: items(1)(d)["TPS"].update(choices=[]), "TPS.choices", "อย่างน้อยสองตัวเลือก"),
        (lambda d: items(1)(d)["TPS"]["choices"][1].update(points="ดี"), "choices[1].points", "รูปแบบ"),
        (lambda d: d["indicators"][0]["groups"][0].update(code="EB1"), "groups", "ซ้ำ"),
        (lambda d: d["indicators"][0]["groups"][0].pop("need"), "groups[1.1]", "need"),
        (lambda d: rules(d)[1].update(number=1), "round_rules", "ซ้ำ"),
        (lambda d: rules(d)[0].update(end="2020-02-30"), "round_rules[1]", "ปฏิทิน"),
        (lambda d: rules(d)[0].update(end="2020-09-01"), "round_rules[1]", "เรียง"),
        (lambda d: rules(d)[0].pop("start"), "round_rules[1]", "ทั้งวันเริ่มและวันสิ้นสุด"),
        (lambda d: rules(d)[0]["bands"].update({"2": "มั่ว"}), "round_rules[1].2", "มั่ว"),
        (lambda d: d["indicators"][1].update(measured_units=["99999"]), "measured_units", "99999"),
        (lambda d: d["indicators"][0].update(data_items={}), "data_items", "ต้องมีรายการข้อมูล"),
    ],
)
def test_a_defect_is_named_with_its_place(data, change, place, sentence):
    change(data)
    errors = [str(error) for error in check(data)]
    assert any(place in error and sentence in error for error in errors), errors
