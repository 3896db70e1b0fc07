"""The strategy unit's list of who does not answer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Responsibility
from indicators.notices.silent import as_csv
from strategy.models import Membership, OrgUnit, User
from tests.builders import report

pytestmark = pytest.mark.django_db
GOOD = {"A": 33600, "B": 200}


@pytest.fixture(autouse=True)
def _few(plan, indicator, cast):
    """7(1) of the PST OPD team alone, with nothing owed but March; its due day was five days ago."""
    Responsibility.objects.exclude(indicator=indicator("7(1)")).delete()
    for number in (1, 2, 3, 4, 5):
        report(indicator("7(1)"), number, cast, status="approved", **GOOD)


@pytest.fixture
def watch(client, cast):
    def get(user=None):
        client.force_login(user or cast.reviewer)
        response = client.get(reverse("silent"))
        assert response.status_code == 200
        return response

    return get


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_units_with_overdue_results_and_their_heads(watch, cast):
    User.objects.filter(pk=cast.head.pk).update(
        telephone="043-1", last_login=datetime(2017, 4, 2, 9, tzinfo=ZoneInfo("Asia/Bangkok"))
    )
    response = watch()
    (row,) = response.context["found"].units
    assert (row.unit.code, row.count, row.days_late, row.since) == ("PST_OPD", 1, 5, date(2017, 4, 10))
    assert [person.user.username for person in row.heads] == ["head"]
    page = text_of(response)
    assert "1 หน่วยงานยังไม่ส่งผลงานที่เลยกำหนด 1 รายการ" in page
    assert "มีนาคม 2560" in page
    assert "โทร. 043-1" in page
    assert "เข้าสู่ระบบล่าสุด 2 เม.ย. 2560" in page
    assert "ไม่เคยเข้าสู่ระบบ" in page  # the reporter
    assert f"?tab=missing&amp;office={row.unit.pk}" in page


def test_on_the_due_day_itself_nobody_is_silent(watch, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 10)
    assert watch().context["found"].units == []


SHARED = "ตัวชี้วัดที่หลายหน่วยงานรับผิดชอบนับทุกหน่วยงาน"


def test_a_kpi_of_two_units_is_counted_in_both_and_the_page_says_so(watch, indicator):
    assert SHARED not in text_of(watch())
    other = OrgUnit.objects.get(code="ACCOUNT")
    first = Responsibility.objects.get(indicator=indicator("7(1)"))
    Responsibility.objects.create(indicator=first.indicator, measured_unit=first.measured_unit, responsible_unit=other)
    page = text_of(watch())
    assert f"2 หน่วยงานยังไม่ส่งผลงานที่เลยกำหนด 2 รายการ ({SHARED})" in page


def test_when_they_saved_last(watch, saved, round_of):
    saved("7(1)", 6, **GOOD)
    (row,) = watch().context["found"].units
    (head,) = row.heads
    assert head.last_saved is not None
    assert "ทำรายการล่าสุด 15 เม.ย. 2560" in text_of(watch())


def test_who_has_handed_everything_in_is_not_there(watch, indicator, cast):
    report(indicator("7(1)"), 6, cast, status="submitted", **GOOD)
    response = watch()
    assert response.context["found"].units == []
    assert response.context["found"].is_quiet
    page = text_of(response)
    assert "ไม่มีหน่วยงานที่ค้างส่ง" in page
    assert "ทุกหน่วยงานส่งผลงานที่ถึงกำหนดแล้ว" in page
    assert reverse("silent_list") not in page


# Without a head


@pytest.mark.parametrize(
    ("start", "end", "is_headless"),
    [(None, None, False), (None, date(2017, 4, 14), True), (date(2017, 4, 16), None, True),
     (date(2017, 4, 15), date(2017, 4, 15), False)],
)  # fmt: skip
def test_a_unit_without_a_head_today(start, end, is_headless, watch, cast):
    Membership.objects.filter(user=cast.head).update(start=start, end=end)
    found = watch().context["found"].headless
    assert [row.unit.code for row in found] == (["PST_OPD"] if is_headless else [])


def test_a_deputy_is_a_head(watch, cast, django_user_model):
    Membership.objects.filter(user=cast.head).update(end=date(2017, 4, 1))
    deputy = django_user_model.objects.create_user("deputy", first_name="รองเอก")
    unit = OrgUnit.objects.get(code="PST_OPD")
    days = {"start": date(2017, 4, 10), "end": date(2017, 4, 20)}
    Membership.objects.create(user=deputy, unit=unit, role="head", deputy_of=cast.head, **days)
    response = watch()
    assert response.context["found"].headless == []
    assert "(รักษาการแทน)" in text_of(response)


@pytest.mark.parametrize("change", ["user", "unit"])
def test_who_is_switched_off_heads_nothing(change, watch, cast):
    if change == "user":
        User.objects.filter(pk=cast.head.pk).update(is_active=False)
    else:
        OrgUnit.objects.filter(code="PST_OPD").update(is_active=False)
    assert [row.unit.code for row in watch().context["found"].headless] == ["PST_OPD"]


def test_who_heads_what_is_above_is_named(watch, cast, django_user_model):
    unit = OrgUnit.objects.get(code="PST_OPD")
    Membership.objects.filter(user=cast.head).delete()
    boss = django_user_model.objects.create_user("boss", first_name="บอส")
    Membership.objects.create(user=boss, unit=unit.parent, role="head")
    (row,) = watch().context["found"].headless
    assert [person.user.username for person in row.above] == ["boss"]
    assert [person.user.username for person in row.others] == ["reporter"]


# Whose roles have ended


def test_people_whose_roles_have_ended(watch, cast, django_user_model):
    Membership.objects.filter(user=cast.other_head).update(end=date(2017, 3, 31))
    response = watch()
    assert [(row.user.username, row.unit.code, row.end) for row in response.context["found"].gone] == [
        ("other_head", "ACCOUNT", date(2017, 3, 31))
    ]
    assert "31 มี.ค. 2560" in text_of(response)


def test_who_has_another_role_or_will_have_one_is_not_gone(watch, cast):
    unit = OrgUnit.objects.get(code="QS")
    Membership.objects.filter(user__in=[cast.other_head, cast.head]).update(end=date(2017, 3, 31))
    Membership.objects.create(user=cast.other_head, unit=unit, role="reporter")
    Membership.objects.create(user=cast.head, unit=unit, role="head", start=date(2017, 5, 1))
    assert watch().context["found"].gone == []


def test_a_closed_account_is_not_gone(watch, cast):
    Membership.objects.filter(user=cast.other_head).update(end=date(2017, 3, 31))
    User.objects.filter(pk=cast.other_head.pk).update(is_active=False)
    assert watch().context["found"].gone == []


# Whose business it is


def test_another_hospital_sees_nothing_of_it(watch, cast, django_user_model):
    Membership.objects.filter(user=cast.other_head).update(end=date(2017, 3, 31))
    other = OrgUnit.objects.create(code="OTHER", name="โรงพยาบาลอื่น", kind="hospital")
    person = django_user_model.objects.create_user("other_reviewer")
    Membership.objects.create(user=person, unit=other, role="reviewer")
    found = watch(person).context["found"]
    assert (found.units, found.headless, found.gone) == ([], [], [])


# The file


def test_the_list_as_a_file(client, cast):
    OrgUnit.objects.filter(code="PST_OPD").update(telephone="043-336789")
    User.objects.filter(pk=cast.head.pk).update(email="head@hospital.go.th", first_name="=HYPERLINK(1)")
    client.force_login(cast.reviewer)
    response = client.get(reverse("silent_list"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="overdue-2017-04-15.csv"' in response["Content-Disposition"]
    head, line = response.content.decode("utf-8-sig").splitlines()
    assert head.startswith("หน่วยงาน,โทรศัพท์,หัวหน้า")
    assert line == "ทีม PST ผู้ป่วยนอก,043-336789,'=HYPERLINK(1),head@hospital.go.th,1,5,7(1): มีนาคม 2560"


def test_the_file_of_nothing_has_its_heading(watch, indicator, cast):
    report(indicator("7(1)"), 6, cast, status="submitted", **GOOD)
    assert len(as_csv(watch().context["found"]).splitlines()) == 1


# Cost


def test_queries_do_not_grow(watch, client, cast, plan, indicator):
    def ask() -> int:
        watch()
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("silent"))
        return len(asked)

    Membership.objects.filter(user=cast.other_head).update(end=date(2017, 3, 31))
    one = ask()
    for place, code in enumerate(("QS", "HR", "SOCMED", "MEDINFO"), 1):
        unit = OrgUnit.objects.get(code=code)
        Responsibility.objects.create(
            indicator=indicator("5"), measured_unit=plan.unit, responsible_unit=unit, position=place
        )
        user = User.objects.create_user(f"user{place}")
        Membership.objects.create(user=user, unit=unit, role="head", end=date(2017, 3, 31))
    assert ask() == one <= 12
