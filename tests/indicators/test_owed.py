"""What units owe where a KPI is measured in several units: each for itself, each once."""

from datetime import date

import pytest

from indicators.models import Responsibility
from indicators.notices.owed import owed
from strategy.models import OrgUnit
from tests.builders import report

pytestmark = pytest.mark.django_db
GOOD = {"A": 33600, "B": 200}
WARDS = ("ACCOUNT", "POLICY", "KKH")


@pytest.fixture
def wards(plan, indicator) -> dict[str, OrgUnit]:
    """7(1) of these three units; the unit that is measured is the one that answers."""
    Responsibility.objects.all().delete()
    found = {code: OrgUnit.objects.get(code=code) for code in WARDS}
    for unit in found.values():
        Responsibility.objects.create(indicator=indicator("7(1)"), measured_unit=unit, responsible_unit=unit)
    return found


@pytest.fixture
def march(plan):
    """Who owes March today, in the order of the list."""

    def names() -> list[str]:
        rows = [item for item in owed([plan]) if item.round.number == 6]
        assert all(item.measured_unit == item.responsible for item in rows)
        return sorted(item.measured_unit.code for item in rows)

    return names


def test_each_unit_owes_once(wards, march):
    assert march() == sorted(WARDS)


@pytest.mark.parametrize("status", ["submitted", "approved"])
@pytest.mark.parametrize("sender", WARDS)
def test_who_handed_in_owes_nothing_although_the_others_do(sender, status, wards, march, indicator, cast):
    report(indicator("7(1)"), 6, cast, status=status, unit=wards[sender], **GOOD)
    assert march() == sorted(set(WARDS) - {sender})


def test_the_status_is_that_of_the_units_own_result(wards, plan, indicator, cast):
    report(indicator("7(1)"), 6, cast, status="draft", unit=wards["ACCOUNT"], **GOOD)
    report(indicator("7(1)"), 6, cast, status="returned", unit=wards["POLICY"], **GOOD)
    found = {item.measured_unit.code: item.status for item in owed([plan]) if item.round.number == 6}
    assert found == {"ACCOUNT": "draft", "POLICY": "returned", "KKH": ""}


def test_whose_responsibility_has_ended_owes_nothing(wards, march):
    Responsibility.objects.filter(measured_unit=wards["POLICY"]).update(end=date(2017, 4, 14))
    assert march() == ["ACCOUNT", "KKH"]
