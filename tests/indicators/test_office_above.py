"""A provincial office above a hospital reviews its own plans, wherever they are measured, and not the hospital's."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from indicators.closing.actions import refusal_to_close
from indicators.closing.period import ClosingPeriod
from indicators.closing.queries import fetch_period, fetch_reviewed_plans
from indicators.models import RecoveryMeasure, Round
from indicators.recovery.queries import measures_in_sight
from indicators.rules import fetch_review_round, fetch_round
from strategy import clock
from strategy.access import reach_of
from strategy.models import Membership, OrgUnit, User
from tests.builders import report
from tests.cast import TODAY
from tests.indicators.grids import load_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def above(plan) -> OrgUnit:
    """The provincial office, with the hospital below it."""
    office = OrgUnit.objects.create(code="PROVINCE", name="สสจ.", kind="province")
    OrgUnit.objects.filter(pk=plan.unit_id).update(parent=office)
    return office


@pytest.fixture
def theirs(above) -> User:
    """A reviewer of a department of that office."""
    user = User.objects.create_user("theirs")
    unit = OrgUnit.objects.create(code="PROVINCE_PLAN", name="กลุ่มงานยุทธศาสตร์", parent=above)
    Membership.objects.create(user=user, unit=unit, role="reviewer")
    return user


def test_periods_of_the_hospital_are_closed_by_the_hospital(theirs, plan, cast):
    assert fetch_reviewed_plans(theirs) == []
    with pytest.raises(Http404):
        fetch_period(theirs, plan.pk, 2560, 6)
    assert "เฉพาะผู้ตรวจสอบของแผน" in refusal_to_close(ClosingPeriod(plan, 2560, 6), theirs, is_empty=False)
    assert fetch_reviewed_plans(cast.reviewer) == [plan]


@pytest.mark.parametrize("role", ["reviewer", "executive", "administrator"])
def test_recovery_lists_what_can_be_opened(role, theirs, plan, cast, indicator):
    theirs.memberships.update(role=role)
    result = report(indicator("7(1)"), 6, cast, status="approved", A=33600, B=200)
    measure = RecoveryMeasure.objects.create(
        result=result,
        what="เพิ่มช่องบริการ",
        who="หัวหน้า",
        by_when=date(2017, 5, 31),
        created_by=cast.head,
        created_at=clock.now(),
    )
    assert list(measures_in_sight(reach_of(theirs))) == []
    assert list(measures_in_sight(reach_of(cast.reviewer))) == [measure]


def test_who_left_the_hospital_is_asked_after_there(theirs, cast, client):
    cast.other_head.memberships.update(end=TODAY - timedelta(days=1))
    for user, is_named in ((theirs, False), (cast.reviewer, True)):
        client.force_login(user)
        gone = client.get(reverse("silent")).context["found"].gone
        assert (cast.other_head in [each.user for each in gone]) is is_named


def test_the_months_of_the_hospitals_units_are_not_shown(theirs, client, cast):
    ward = OrgUnit.objects.get(code="PST_OPD")
    for user, answer in ((theirs, 404), (cast.reviewer, 200)):
        client.force_login(user)
        assert client.get(reverse("month", args=[ward.pk, 2560, 6])).status_code == answer


def test_what_the_office_measures_in_hospitals_is_reviewed_there(settings, cast):
    settings.KPITRACK_TODAY = date(2023, 7, 5)
    province = load_province()
    round_ = Round.objects.filter(indicator=province.k405, fiscal_year=2566).first()
    hospital = OrgUnit.objects.get(code="10998")
    report(province.k405, round_.number, cast, status="submitted", year=2566, unit=hospital)
    assert fetch_review_round(province.reviews, round_.pk, "10998").may_return
    assert fetch_round(province.reviews, round_.pk, "10998").may_see_draft
    assert [plan.unit.kind for plan in fetch_reviewed_plans(province.reviews)] == ["province"]
