"""Results of many measured units (K405: 26 hospitals): whose they are, who sees them, who decides."""

from decimal import Decimal

import pytest
from django.http import Http404

from indicators.actions import Entry, save_result, submit_result
from indicators.models import Responsibility, Result, Round
from indicators.rules import fetch_own_round, fetch_review_round, fetch_round
from indicators.workflow import transition
from strategy.models import OrgUnit
from tests.indicators.grids import JULY, load_province

pytestmark = pytest.mark.django_db
CHUMPHAE, BANPHAI = "10998", "11002"


@pytest.fixture
def province(plan, settings):
    settings.KPITRACK_TODAY = JULY
    return load_province()


@pytest.fixture
def round_(province) -> Round:
    return province.k405.rounds.get(fiscal_year=2566, number=2)


@pytest.fixture
def saved(province, round_):
    """A saved result of one hospital: `saved("10998", 80, 100)`."""

    def save(unit: str, eia: int, tps: int) -> Result:
        access = fetch_own_round(province.enters, round_.pk, unit)
        return save_result(
            access=access, by=province.enters, entry=Entry({"EIA": Decimal(eia), "TPS": Decimal(tps)}), lock=0
        )

    return save


def test_each_hospital_has_its_own_result(province, round_, saved):
    first, second = saved(CHUMPHAE, 80, 100), saved(BANPHAI, 60, 50)
    assert (first.value, first.level) == (90, 5)
    assert (second.value, second.level) == (55, 0)
    seen = fetch_round(province.enters, round_.pk, CHUMPHAE)
    assert (seen.result, seen.measured_unit.code) == (first, CHUMPHAE)
    assert fetch_round(province.enters, round_.pk, "10999").result is None
    assert fetch_round(province.enters, round_.pk).result is None


def test_the_address_names_the_unit(province, round_, round_of, cast):
    assert fetch_round(province.enters, round_.pk, CHUMPHAE).query == "?unit=10998"
    assert fetch_round(province.enters, round_.pk).query == ""
    assert fetch_round(cast.head, round_of("7(1)").pk, "KKH").query == ""


@pytest.mark.parametrize("unit", ["nowhere", "PST_OPD", "KKPHO_INSURANCE", "1099\0", "' OR 1=1", "๑๐๙๙๘"])
def test_a_unit_that_is_not_measured_is_not_there(province, round_, unit):
    for fetch in (fetch_round, fetch_own_round, fetch_review_round):
        with pytest.raises(Http404):
            fetch(province.reviews if fetch is fetch_review_round else province.enters, round_.pk, unit)


def test_a_unit_of_another_indicator_is_not_there(province, cast, round_of):
    with pytest.raises(Http404):
        fetch_round(cast.head, round_of("7(1)").pk, CHUMPHAE)


def test_the_plans_own_unit_is_not_measured(province, round_):
    with pytest.raises(Http404):
        fetch_own_round(province.enters, round_.pk)


def test_the_office_reviews_them(province, round_, saved):
    result = saved(CHUMPHAE, 80, 100)
    access = fetch_own_round(province.enters, round_.pk, CHUMPHAE)
    result = submit_result(access=access, by=province.enters, lock=result.lock)
    seen = fetch_review_round(province.reviews, round_.pk, CHUMPHAE)
    result = transition(access=seen, action="approve", by=province.reviews, lock=result.lock)
    assert result.status == Result.Status.APPROVED
    with pytest.raises(Http404):  # nothing of this one has come in
        fetch_review_round(province.reviews, round_.pk, BANPHAI)


def test_another_hospitals_reviewer_is_a_stranger(province, cast, round_, saved):
    saved(CHUMPHAE, 80, 100)
    saved("KKH", 80, 100)
    for unit in (CHUMPHAE, "KKH", None):
        for person in (cast.reviewer, cast.executive, cast.head):
            with pytest.raises(Http404):
                fetch_round(person, round_.pk, unit)
        with pytest.raises(Http404):
            fetch_review_round(cast.reviewer, round_.pk, unit)


def test_a_hospitals_people_see_it_only_where_they_are_responsible(province, round_, saved):
    saved(CHUMPHAE, 80, 100)
    with pytest.raises(Http404):
        fetch_round(province.hospital, round_.pk, CHUMPHAE)
    unit = OrgUnit.objects.get(code=CHUMPHAE)
    Responsibility.objects.create(indicator=province.k405, measured_unit=unit, responsible_unit=unit, position=9)
    access = fetch_own_round(province.hospital, round_.pk, CHUMPHAE)
    assert access.may_enter
    assert access.may_see_values
    for other in (BANPHAI, None):
        with pytest.raises(Http404):
            fetch_round(province.hospital, round_.pk, other)


def test_the_office_sees_what_was_measured_once(province, round_, saved):
    """The responsibility has ended, the result is still there to be read."""
    result = saved(CHUMPHAE, 80, 100)
    Responsibility.objects.filter(measured_unit__code=CHUMPHAE).delete()
    assert fetch_round(province.reviews, round_.pk, CHUMPHAE).result == result
    with pytest.raises(Http404):
        fetch_own_round(province.enters, round_.pk, CHUMPHAE)
