"""The result form of milestones, checklists, measured units and shares, from the other source documents."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from openpyxl import load_workbook

from indicators.actions import Entry, save_result, submit_result
from indicators.models import ItemNote, Round
from indicators.plans.file import read_plan_file
from indicators.plans.load import load_plan
from indicators.rules import fetch_round
from indicators.workflow import transition
from strategy.models import Membership, OrgUnit
from tests.cast import comments_for

FIXTURES = Path(__file__).parents[2] / "fixtures"
KNOWN = ("not_ended:",)


def _people(unit: str):
    made = {}
    for role in ("head", "reviewer"):
        made[role] = get_user_model().objects.create_user(f"{unit}-{role}")
        Membership.objects.create(user=made[role], unit=OrgUnit.objects.get(code=unit), role=role)
    return made


def _approve(people, round_: Round, data: dict[str, str], unit: str | None = None):
    numbers = {code: Decimal(value) for code, value in data.items()}
    seen = fetch_round(people["head"], round_.pk, unit)
    entry = Entry(data=numbers, acknowledged=KNOWN, comments=comments_for(seen, numbers))
    result = save_result(access=seen, by=people["head"], entry=entry, lock=0)
    seen = fetch_round(people["head"], round_.pk, unit)
    result = submit_result(access=seen, by=people["head"], lock=result.lock)
    seen = fetch_round(people["reviewer"], round_.pk, unit)
    return transition(access=seen, action="approve", by=people["reviewer"], lock=result.lock)


@pytest.fixture
def kalasin(plan, settings):
    settings.KPITRACK_TODAY = date(2021, 8, 20)
    load_plan(read_plan_file(FIXTURES / "kalasin2564.yaml"))
    return _people("KSNPHO")


@pytest.fixture
def khonkaen(plan, settings):
    settings.KPITRACK_TODAY = date(2023, 7, 5)
    load_plan(read_plan_file(FIXTURES / "kkpho2566.yaml"))
    return _people("KKPHO")


def _round(code: str, number: int, year: int) -> Round:
    return Round.objects.get(indicator__code=code, number=number, fiscal_year=year)


@pytest.fixture
def form(client):
    def fetch(user, round_, query=""):
        client.force_login(user)
        response = client.get(reverse("result_form", args=[round_.pk]) + query)
        assert response.status_code == 200
        return response.content.decode()

    return fetch


def test_a_milestone_prints_its_steps_with_evidence_and_what_does_not_count(kalasin, form):
    round_ = _round("13", 1, 2564)
    result = _approve(kalasin, round_, {"S1": "1", "S2": "0", "S3": "1", "S4": "0", "S5": "0"})
    ItemNote.objects.create(result=result, code="S1", evidence="คำสั่งที่ 12/2564", remark="ครบทุกงาน")
    page = form(kalasin["head"], round_)
    for text in ("คำสั่งที่ 12/2564", "ครบทุกงาน", "รายงานการประชุม", "แบบ ปค.4", "ขั้นที่ 3 ทำแล้วแต่ยังไม่นับ"):
        assert text in page


def test_the_blank_form_of_a_milestone_has_its_steps(kalasin, form):
    page = form(kalasin["head"], _round("14", 1, 2564))
    assert "คณะกรรมการตรวจสอบภายในระดับอำเภอ" in page
    assert "ยังไม่ทำ" not in page


def test_an_evidence_list_prints_by_the_bands_of_its_round(kalasin, form):
    ticks = {"EB1": "1", "EB2": "1", "EB4": "1", "EB5": "1"}
    first = _round("12", 1, 2564)
    _approve(kalasin, first, ticks)
    page = form(kalasin["head"], first)
    assert "4/23" in page
    assert "รวมจำนวนข้อที่ทำแล้ว" in page
    assert page.count("EB24 ") == 1  # in the table, and not once more in the explanation
    second = form(kalasin["head"], _round("12", 2, 2564))
    assert ">92<" in second
    assert ">92<" not in page


def test_a_checklist_prints_subtotals_and_what_does_not_apply(kalasin, form):
    round_ = _round("16", 1, 2564)
    items = Round.objects.get(pk=round_.pk).indicator.versions.get().items.exclude(kind="group")
    data = {row.code: f"{row.full or 1}" for row in items}
    optional = next(row for row in items if row.may_be_na)
    data[f"{optional.code}_NA"] = "1"
    _approve(kalasin, round_, data)
    page = form(kalasin["head"], round_)
    for text in ("ไม่เกี่ยวข้อง", "1.3 Smart Services", "รวมคะแนน", "95/95", "ประเมินเฉพาะโรงพยาบาลที่เขียนโปรแกรมใช้เอง"):
        assert text in page


def test_the_row_over_26_hospitals_counts_those_at_level_five(khonkaen, form, client):
    round_ = _round("K405", 1, 2566)
    for unit, eia, tps in (("10995", "86.67", "100"), ("10996", "60", "70"), ("KKH", "90", "80")):
        _approve(khonkaen, round_, {"EIA": eia, "TPS": tps}, unit)
    page = form(khonkaen["head"], round_)
    for text in (
        "12 แห่ง",
        "โรงพยาบาลโนนศิลา",
        "A (100)",
        "93.34",
        "รายงานแล้ว 3 จาก 26 แห่ง",
        "10670",
        "ไม่ผ่าน",
        "ยังไม่รายงาน",
    ):
        assert text in page
    assert page.index("10670") < page.index("10995")
    book = load_workbook(io.BytesIO(client.get(reverse("result_form_xlsx", args=[round_.pk])).content))
    assert {Decimal("86.67"), Decimal("93.34")} <= {
        Decimal(str(cell.value)) for row in book.active.iter_rows() for cell in row if isinstance(cell.value, float)
    }
    own = form(khonkaen["head"], round_, "?unit=10995")
    assert "93.34" in own
    assert "โรงพยาบาลโนนศิลา" not in own
    assert "โรงพยาบาลบ้านฝาง" in own or "รพ.บ้านฝาง" in own


def test_a_share_prints_a_line_for_each_sub_indicator(client, cast, approved, plan):
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    approved("15(1)(1)", A=0)
    approved("15(1)(2)", A=2)
    client.force_login(cast.executive)
    parent = plan.indicators.get(code="15(1)")
    page = client.get(reverse("indicator_form", args=[parent.pk, 2560, 6])).content.decode()
    for text in ("15(1)(10)", "ผู้ป่วย ASA Class 1", "1/10", "ไม่ผ่าน", "ยังไม่รายงาน", "95 -94"):
        assert text in page
    for kind in ("pdf", "xlsx"):
        assert client.get(reverse(f"indicator_form_{kind}", args=[parent.pk, 2560, 6])).status_code == 200
