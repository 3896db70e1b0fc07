"""Roles hold in their unit and below, on their days, several of them at once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from indicators.models import Responsibility
from indicators.rules import fetch_round
from strategy.access import Permission, Reach
from strategy.models import Membership, OrgUnit, User
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# A mission group with a department, both inside a hospital that has a neighbour in the same province.
UNITS = ("PROV", "HOSP", "GROUP", "DEPT", "WARD", "NEXT", "NEXT_DEPT")


@pytest.fixture
def units(db) -> dict[str, OrgUnit]:
    def make(code, kind, parent=None):
        return OrgUnit.objects.create(code=code, name=code, kind=kind, parent=parent)

    province = make("PROV", "province")
    hospital, following = make("HOSP", "hospital", province), make("NEXT", "hospital", province)
    group = make("GROUP", "mission_group", hospital)
    department = make("DEPT", "department", group)
    made = [province, hospital, group, department, make("WARD", "department", department), following]
    return {unit.code: unit for unit in [*made, make("NEXT_DEPT", "department", following)]}


@pytest.fixture
def reach(units, person):
    """What the person may with these roles on a day: `reach(("GROUP", "head", start, end), …)`."""

    def of(*roles, day=TODAY) -> Reach:
        Membership.objects.filter(user=person).delete()
        for unit, role, start, end in roles:
            Membership.objects.create(user=person, unit=units[unit], role=role, start=start, end=end)
        return Reach(person, day)

    return of


def where(reach, permission, units) -> set[str]:
    return {code for code, unit in units.items() if reach.may_in(permission, unit)}


P = Permission
BELOW_GROUP = {"GROUP", "DEPT", "WARD"}
IN_HOSPITAL = {"HOSP", *BELOW_GROUP}
WHERE = [
    ("head", "GROUP", {P.ENTER: BELOW_GROUP, P.SUBMIT: BELOW_GROUP, P.REVIEW: set(), P.USERS: set()}),
    ("head", "DEPT", {P.ENTER: {"DEPT", "WARD"}, P.SUBMIT: {"DEPT", "WARD"}, P.READ_ALL: set()}),
    ("head", "WARD", {P.ENTER: {"WARD"}, P.SUBMIT: {"WARD"}}),
    ("reporter", "GROUP", {P.ENTER: BELOW_GROUP, P.SUBMIT: set(), P.SEE_OWN: BELOW_GROUP}),
    ("reviewer", "DEPT", {P.REVIEW: IN_HOSPITAL, P.READ_ALL: IN_HOSPITAL, P.SEE_OWN: {"DEPT", "WARD"}, P.ENTER: set()}),
    ("executive", "DEPT", {P.READ_ALL: IN_HOSPITAL, P.REVIEW: set(), P.ENTER: set()}),
    ("administrator", "DEPT", {P.USERS: IN_HOSPITAL, P.TEMPLATES: IN_HOSPITAL, P.REVIEW: set(), P.ENTER: set()}),
    ("administrator", "PROV", {P.USERS: set(UNITS)}),
]


@pytest.mark.parametrize(("role", "unit", "expected"), WHERE)
def test_a_role_holds_in_its_unit_and_below(role, unit, expected, reach, units):
    found = reach((unit, role, None, None))
    assert {permission: where(found, permission, units) for permission in expected} == expected
    for permission, codes in expected.items():
        rows = OrgUnit.objects.filter(pk__in=found.units_with(permission), code__in=UNITS)
        assert {unit.code for unit in rows} == codes


DATES = [
    (None, None, True),
    (TODAY, None, True),
    (TODAY, TODAY, True),
    (None, TODAY, True),
    (TODAY + DAY, None, False),  # begins tomorrow
    (None, TODAY - DAY, False),  # ended yesterday
    (TODAY - 9 * DAY, TODAY - DAY, False),
    (TODAY + DAY, TODAY + 9 * DAY, False),
]


@pytest.mark.parametrize(("start", "end", "holds"), DATES)
@pytest.mark.parametrize("role", Membership.Role.values)
def test_a_role_holds_on_its_days(role, start, end, holds, reach, units):
    found = reach(("GROUP", role, start, end))
    assert found.may_in(P.SEE_OWN, units["DEPT"]) is holds
    assert bool(found.memberships) is holds
    assert bool(found.own_units) is holds


def test_several_roles_add_up_and_end_one_by_one(reach, units):
    roles = [
        ("WARD", "reporter", None, None),
        ("GROUP", "head", TODAY - 9 * DAY, TODAY - DAY),
        ("NEXT_DEPT", "reviewer", TODAY, None),
        ("HOSP", "executive", TODAY + DAY, None),
    ]
    found = reach(*roles)
    assert where(found, P.ENTER, units) == {"WARD"}
    assert where(found, P.SUBMIT, units) == set()
    assert where(found, P.REVIEW, units) == {"NEXT", "NEXT_DEPT"}
    assert where(found, P.READ_ALL, units) == {"NEXT", "NEXT_DEPT"}
    yesterday = reach(*roles, day=TODAY - DAY)
    assert where(yesterday, P.SUBMIT, units) == BELOW_GROUP
    assert where(yesterday, P.REVIEW, units) == set()
    assert where(reach(*roles, day=TODAY + DAY), P.READ_ALL, units) == IN_HOSPITAL | {"NEXT", "NEXT_DEPT"}


def test_a_deputy_is_head_for_these_days(reach, units, person):
    head = User.objects.create(username="chief")
    reach(("DEPT", "head", TODAY, TODAY + 3 * DAY))
    Membership.objects.filter(user=person).update(deputy_of=head)
    for day, holds in ((TODAY - DAY, False), (TODAY, True), (TODAY + 3 * DAY, True), (TODAY + 4 * DAY, False)):
        assert Reach(person, day).may_in(P.SUBMIT, units["WARD"]) is holds


def test_a_closed_account_or_unit_has_no_role(reach, units, person):
    assert reach(("DEPT", "head", None, None)).may_in(P.ENTER, units["DEPT"])
    OrgUnit.objects.filter(code="DEPT").update(is_active=False)
    assert not Reach(person, TODAY).memberships
    OrgUnit.objects.filter(code="DEPT").update(is_active=True)
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert not Reach(person, TODAY).memberships


# With the real plan: the head of a mission group and what its departments enter


@pytest.fixture
def group_head(plan, cast, indicator):
    """Heads a mission group of which the PST OPD team, which enters 7(1), is a department."""
    group = OrgUnit.objects.create(code="GROUP_OPD", name="กลุ่มภารกิจ", kind="mission_group", parent=plan.unit)
    OrgUnit.objects.filter(code="PST_OPD").update(parent=group)
    user = User.objects.create_user("group")
    Membership.objects.create(user=user, unit=group, role="head")
    return user


def test_the_head_of_a_group_sees_and_enters_for_its_departments(client, group_head, round_of, plan):
    march = round_of("7(1)", 6)
    found = fetch_round(group_head, march.pk)
    assert found.may_enter
    assert found.may_submit
    assert found.may_see_draft
    client.force_login(group_head)
    assert "7(1)" in client.get(reverse("my_work")).content.decode()
    typed = {"item_A": "33600", "item_B": "200", "lock": "0", "action": "save"}
    address = reverse("entry", args=[march.pk])
    forms = {"projects-TOTAL_FORMS": "0", "projects-INITIAL_FORMS": "0"}
    assert client.post(address, {**typed, **forms}).status_code in (200, 302)
    assert march.results.get().entered_by == group_head
    elsewhere = fetch_round(group_head, round_of("22", 6).pk)
    assert not elsewhere.may_enter
    assert not elsewhere.may_see_draft


def test_the_department_does_not_reach_up(cast, plan, group_head, round_of):
    """What the group itself is responsible for is not the department's."""
    group = OrgUnit.objects.get(code="GROUP_OPD")
    Responsibility.objects.filter(indicator__code="22").update(responsible_unit=group)
    assert fetch_round(group_head, round_of("22", 6).pk).may_enter
    assert not fetch_round(cast.head, round_of("22", 6).pk).is_own


def test_yesterdays_head_gets_what_strangers_get(client, cast, round_of):
    cast.head.memberships.update(end=TODAY - DAY)
    client.force_login(cast.head)
    assert client.get(reverse("entry", args=[round_of("7(1)", 6).pk])).status_code == 404
    page = client.get(reverse("my_work")).content.decode()
    assert "บทบาทของท่านสิ้นสุดแล้ว" in page
    assert "14 เม.ย. 2560" in page


def test_tomorrows_head_is_told_when_it_begins(client, cast):
    cast.head.memberships.update(start=date(2017, 5, 1))
    client.force_login(cast.head)
    page = client.get(reverse("my_work")).content.decode()
    assert "บทบาทของท่านยังไม่เริ่ม" in page
    assert "1 พ.ค. 2560" in page


def test_without_a_role_one_is_told_whom_to_ask(client, cast):
    client.force_login(cast.outsider)
    page = client.get(reverse("my_work")).content.decode()
    assert "administrator" in page
    assert "<strong>outsider</strong>" in page


def test_whom_to_ask_is_of_ones_own_hospital(client, cast, plan):
    """Once it is known which it is."""
    other = OrgUnit.objects.create(code="NB", name="รพ.เพื่อนบ้าน", kind="hospital")
    stranger = User.objects.create_user("stranger", first_name="คนอื่น")
    Membership.objects.create(user=stranger, unit=other, role="administrator")
    client.force_login(cast.outsider)
    assert "คนอื่น" in client.get(reverse("my_work")).content.decode()
    Membership.objects.create(user=cast.outsider, unit=plan.unit, role="executive", end=TODAY - DAY)
    page = client.get(reverse("my_work")).content.decode()
    assert "คนอื่น" not in page
    assert "administrator" in page
