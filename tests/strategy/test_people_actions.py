"""Giving and ending roles, the last administrator, accounts that are not this administrator's to change."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry

from strategy.accounts.history import lines_of
from strategy.accounts.refused import Refused
from strategy.models import Membership, OrgUnit, User
from strategy.people import actions, roles
from strategy.people.scope import fetch_person
from tests.cast import PASSWORD, TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WHY = "คำสั่งที่ 12/2560"


@pytest.fixture
def opd(plan) -> OrgUnit:
    return OrgUnit.objects.get(code="PST_OPD")


@pytest.fixture
def give(houses, opd):
    """Give the nurse-to-be a role in the PST OPD team."""

    def to(user, start, end=None, role="reporter", unit=None):
        return roles.give_role(user=user, unit=unit or opd, role=role, start=start, end=end, reason=WHY, by=houses.boss)

    return to


# Roles


def test_a_role_is_given_with_days_and_reason(give, cast, houses, opd):
    given = give(cast.outsider, TODAY, TODAY + 30 * DAY, "head")
    assert (given.unit, given.role, given.start, given.note) == (opd, "head", TODAY, WHY)
    line = lines_of(cast.outsider)[0]
    assert line.by == houses.boss
    assert line.reason == WHY
    assert line.sentence == "ให้บทบาท หัวหน้าหน่วยงาน ที่ PST OPD ตั้งแต่ 15 เม.ย. 2560 ถึง 15 พ.ค. 2560"


OVERLAPS = [
    (None, None, TODAY, None, True),
    (TODAY, TODAY + 9 * DAY, TODAY + 9 * DAY, None, True),
    (TODAY, TODAY + 9 * DAY, TODAY + 10 * DAY, None, False),
    (TODAY + 10 * DAY, None, TODAY, TODAY + 9 * DAY, False),
    (TODAY + 10 * DAY, None, TODAY, TODAY + 10 * DAY, True),
    (None, TODAY - DAY, TODAY, None, False),
    (TODAY + 2 * DAY, TODAY + 3 * DAY, TODAY, None, True),
    (None, None, TODAY - 99 * DAY, TODAY - 98 * DAY, True),
]


@pytest.mark.parametrize(("start", "end", "new_start", "new_end", "is_refused"), OVERLAPS)
def test_the_same_role_is_held_once_at_a_time(give, cast, opd, start, end, new_start, new_end, is_refused):
    Membership.objects.create(user=cast.outsider, unit=opd, role="reporter", start=start, end=end)
    if is_refused:
        with pytest.raises(Refused, match="อยู่แล้ว"):
            give(cast.outsider, new_start, new_end)
    else:
        give(cast.outsider, new_start, new_end)
    give(cast.outsider, new_start, new_end, role="head")  # another role is another matter
    assert cast.outsider.memberships.count() == (2 if is_refused else 3)


def test_a_role_ends_after_its_last_day(cast, houses):
    role = cast.head.memberships.get()
    roles.end_role(membership=role, last=TODAY, reason=WHY, by=houses.boss)
    role.refresh_from_db()
    assert role.end == TODAY
    assert "สิ้นสุดบทบาท หัวหน้าหน่วยงาน" in lines_of(cast.head)[0].sentence
    with pytest.raises(Refused, match="ไปก่อนแล้ว"):
        roles.end_role(membership=role, last=TODAY + DAY, reason=WHY, by=houses.boss)


def test_a_role_that_has_not_begun_is_cancelled(give, cast, houses):
    role = give(cast.outsider, TODAY + 5 * DAY)
    assert roles.end_role(membership=role, last=TODAY, reason=WHY, by=houses.boss) is None
    assert not cast.outsider.memberships.exists()
    assert lines_of(cast.outsider)[0].sentence.startswith("ยกเลิกบทบาท")


def test_deputies_end_with_their_head(cast, houses, opd):
    standing = {"unit": opd, "role": "head", "deputy_of": cast.head}
    now = Membership.objects.create(user=cast.reporter, start=TODAY, end=TODAY + 9 * DAY, **standing)
    later = Membership.objects.create(user=cast.executive, start=TODAY + 5 * DAY, end=TODAY + 9 * DAY, **standing)
    roles.end_role(membership=cast.head.memberships.get(), last=TODAY + DAY, reason=WHY, by=houses.boss)
    now.refresh_from_db()
    assert now.end == TODAY + DAY
    assert not Membership.objects.filter(pk=later.pk).exists()


# The last administrator


@pytest.fixture
def alone(houses, cast):
    """boss is the only administrator of the plan's hospital."""
    Membership.objects.filter(role="administrator").exclude(user__in=[houses.boss, houses.nb_boss]).delete()
    return houses.boss


def administrator_role(user):
    return user.memberships.get(role="administrator")


def test_nobody_ends_their_own_administration(houses):
    with pytest.raises(Refused, match="ของตนเองไม่ได้"):
        roles.end_role(membership=administrator_role(houses.boss), last=TODAY, reason=WHY, by=houses.boss)


def test_the_last_administrator_stays(alone, houses):
    with pytest.raises(Refused, match="อย่างน้อยหนึ่งคน"):
        roles.end_role(membership=administrator_role(alone), last=TODAY, reason=WHY, by=houses.nb_boss)
    person = fetch_person(alone, alone.pk)
    with pytest.raises(Refused, match="ของตนเองไม่ได้"):
        actions.set_active(person=person, by=alone, active=False, reason=WHY)


REPLACED = [
    # start and end of the other administrator's role, whether active, whether that is enough
    (None, None, True, True),
    (None, None, False, False),  # a closed account administers nothing
    (TODAY + DAY, None, True, True),  # from the day after the last
    (TODAY + 2 * DAY, None, True, False),  # a day nobody is there
    (None, TODAY + 300 * DAY, True, False),  # and then?
    (None, TODAY - DAY, True, False),
]


@pytest.mark.parametrize(("start", "end", "is_active", "is_enough"), REPLACED)
def test_who_comes_after_is_there_without_a_gap(alone, houses, plan, start, end, is_active, is_enough):
    other = User.objects.create_user("other", is_active=is_active)
    Membership.objects.create(user=other, unit=plan.unit, role="administrator", start=start, end=end)
    role = administrator_role(alone)
    if is_enough:
        roles.end_role(membership=role, last=TODAY, reason=WHY, by=houses.nb_boss)
    else:
        with pytest.raises(Refused):
            roles.end_role(membership=role, last=TODAY, reason=WHY, by=houses.nb_boss)


def test_a_role_with_an_end_needs_somebody_until_then(alone, houses, plan):
    for name, end in (("boss3", TODAY + 10 * DAY), ("boss4", TODAY + 20 * DAY)):
        user = User.objects.create_user(name)
        Membership.objects.create(user=user, unit=plan.unit, role="administrator", end=end)
    administrator_role(alone).delete()
    first, second = (User.objects.get(username=name) for name in ("boss3", "boss4"))
    with pytest.raises(Refused):
        roles.end_role(membership=administrator_role(second), last=TODAY, reason=WHY, by=houses.nb_boss)
    roles.end_role(membership=administrator_role(first), last=TODAY, reason=WHY, by=houses.nb_boss)


def test_an_administrator_of_another_hospital_is_no_replacement(alone, houses):
    """nb_boss administers the neighbour only."""
    with pytest.raises(Refused):
        roles.end_role(membership=administrator_role(alone), last=TODAY, reason=WHY, by=houses.nb_boss)


def test_closing_the_account_of_the_last_one_is_refused(alone, houses, cast, plan):
    cast.administrator.is_superuser = True
    cast.administrator.save()
    Membership.objects.create(user=cast.administrator, unit=plan.unit, role="administrator", end=TODAY)
    person = fetch_person(cast.administrator, alone.pk)
    with pytest.raises(Refused, match="อย่างน้อยหนึ่งคน"):
        actions.set_active(person=person, by=cast.administrator, active=False, reason=WHY)


# Accounts


def test_a_new_person_may_nothing_and_has_a_password_for_one_time(houses):
    user, password = actions.add_person(by=houses.boss, username="new", facts={"first_name": "ใหม่"})
    assert user.check_password(password)
    assert user.must_change_password
    assert (user.is_staff, user.is_superuser, user.memberships.count()) == (False, False, 0)
    assert password not in str(list(LogEntry.objects.values()))
    with pytest.raises(Refused, match="อยู่แล้ว"):
        actions.add_person(by=houses.boss, username="new", facts={})


def test_passwords_for_one_time_differ_and_can_be_read_out():
    made = {actions.one_time_password() for _each in range(200)}
    assert len(made) == 200
    assert not any(set(text) & set("il1o0IO") for text in made)


def test_nothing_raises_a_person_above_others(houses, cast):
    facts = {"first_name": "ก", "is_superuser": True, "is_staff": True, "must_change_password": False, "password": "x"}
    assert actions.known(facts) == {"first_name": "ก"}
    actions.edit_person(person=fetch_person(houses.boss, cast.head.pk), by=houses.boss, facts=facts)
    cast.head.refresh_from_db()
    assert cast.head.first_name == "ก"
    assert (cast.head.is_staff, cast.head.is_superuser) == (False, False)
    assert cast.head.check_password(PASSWORD)


def every_way(person, by):
    """All that an administrator could do to an account to get into it."""
    yield lambda: actions.give_password(person=person, by=by)
    yield lambda: actions.make_link(person=person, by=by)
    yield lambda: actions.edit_person(person=person, by=by, facts={"email": "mine@example.com"})
    yield lambda: actions.remove_second_factor(person=person, by=by, reason=WHY)
    yield lambda: actions.unlock(person=person, by=by)
    yield lambda: actions.set_active(person=person, by=by, active=False, reason=WHY)


def refused_everywhere(by, user) -> bool:
    person = fetch_person(by, user.pk)
    for act in every_way(person, by):
        with pytest.raises(Refused):
            act()
    return bool(person.why_not)


@pytest.mark.parametrize("flag", ["is_superuser", "is_staff"])
def test_who_looks_after_the_whole_system_is_not_an_administrators(houses, cast, flag):
    User.objects.filter(pk=cast.head.pk).update(**{flag: True})
    assert refused_everywhere(houses.boss, cast.head)


@pytest.mark.parametrize(("end", "is_elsewhere"), [(None, True), (TODAY, True), (TODAY - DAY, False)])
def test_nobody_gets_into_the_other_hospital_by_a_shared_person(houses, cast, end, is_elsewhere):
    """A head here who administers, or will administer, the neighbour."""
    Membership.objects.create(user=cast.head, unit=houses.hospital, role="administrator", end=end)
    if is_elsewhere:
        assert refused_everywhere(houses.boss, cast.head)
    else:
        assert fetch_person(houses.boss, cast.head.pk).may_manage


def test_who_administers_both_may(houses, cast):
    Membership.objects.create(user=cast.head, unit=houses.hospital, role="reporter")
    Membership.objects.create(user=houses.boss, unit=houses.ward, role="administrator")
    assert fetch_person(houses.boss, cast.head.pk).may_manage


def test_a_role_above_the_hospital_is_elsewhere_too(houses, cast, plan):
    province = OrgUnit.objects.create(code="PROV", name="สสจ.", kind="province")
    OrgUnit.objects.filter(pk=plan.unit_id).update(parent=province)
    Membership.objects.create(user=cast.head, unit=province, role="reviewer")
    assert fetch_person(houses.boss, cast.head.pk).why_not


def test_a_closed_account_is_closed_at_once(client, houses, cast):
    client.force_login(cast.head)
    assert client.get("/").status_code == 200
    person = fetch_person(houses.boss, cast.head.pk)
    actions.set_active(person=person, by=houses.boss, active=False, reason=WHY)
    assert client.get("/").status_code == 302
    assert not client.login(username="head", password=PASSWORD)
    with pytest.raises(Refused, match="ถูกระงับอยู่แล้ว"):
        actions.set_active(person=person, by=houses.boss, active=False, reason=WHY)
    actions.set_active(person=person, by=houses.boss, active=True, reason=WHY)
    cast.head.refresh_from_db()
    assert cast.head.memberships.count() == 1
    assert cast.head.is_active


def test_a_new_password_ends_sessions_and_must_be_changed(client, houses, cast):
    client.force_login(cast.head)
    password = actions.give_password(person=fetch_person(houses.boss, cast.head.pk), by=houses.boss)
    assert client.get("/").status_code == 302
    client.force_login(User.objects.get(pk=cast.head.pk))
    assert client.get("/").url == "/accounts/password/?next=%2F"
    assert User.objects.get(pk=cast.head.pk).check_password(password)


def test_history_is_kept_in_the_language_of_the_reader(houses, cast, opd):
    from django.utils import translation

    role = cast.head.memberships.get()
    roles.end_role(membership=role, last=date(2017, 4, 30), reason=WHY, by=houses.boss)
    with translation.override("en"):
        assert lines_of(cast.head)[0].reason == WHY
    assert LogEntry.objects.latest("pk").get_change_message().count("30 เม.ย. 2560") == 1
