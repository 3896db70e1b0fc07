"""The provincial plans and the department's: loading one again, or what is exported of it, changes nothing."""

import pytest

from indicators.models import DataItem, Indicator, IndicatorVersion, Responsibility, Round, ScoreBand
from indicators.plans.export import export_plan
from indicators.plans.file import check
from indicators.plans.load import load_plan
from strategy.models import OrgUnit, Plan
from tests.indicators.printed import PlanFile

ROWS = (Plan, OrgUnit, Indicator, IndicatorVersion, DataItem, ScoreBand, Responsibility, Round)


def state() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in ROWS]


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "years"), [("KKPHO2566", 4), ("KALASIN2564", 5), ("DEPT2568", 13)])
def test_a_second_load_changes_nothing(code, years):
    file = PlanFile(code)
    assert load_plan(file.data).created == years
    before = state()
    exported = export_plan(Plan.objects.get(code=code))
    assert list(check(exported)) == []
    for again in (file.data, exported):
        report = load_plan(again)
        assert (report.created, report.changed, report.new_revisions, report.unchanged) == (0, 0, 0, years)
    assert state() == before
    assert export_plan(Plan.objects.get(code=code)) == exported


def test_the_plans_stand_beside_one_another(plan):
    for code in ("KKPHO2566", "KALASIN2564", "DEPT2568"):
        PlanFile(code).load()
    units = {plan.code: plan.unit.code for plan in Plan.objects.select_related("unit")}
    assert units == {"KKH2560": "KKH", "KKPHO2566": "KKPHO", "KALASIN2564": "KSNPHO", "DEPT2568": "DEPTHOSP"}
