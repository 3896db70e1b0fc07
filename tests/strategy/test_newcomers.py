"""People without any role are found by who may give them one; whom to ask, locks and dates are said rightly."""

import re
from datetime import date

import pytest
import time_machine
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from strategy.access import reach_of
from strategy.fields import ThaiDateField
from strategy.models import Membership, OrgUnit, Plan, User
from strategy.people.asking import Contact, strategy_units, whom_to_ask
from strategy.people.queries import people_for_list, rows_of
from strategy.people.scope import people_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client, houses):
    client.force_login(houses.boss)
    return houses.boss


def names_in(page: str) -> list[str]:
    return re.findall(r'<a href="/people/\d+/">([^<]*)</a>', page)


# Who never had a role


@pytest.mark.parametrize("query", [{"q": "outsider"}, {"state": "no_role"}])
def test_who_never_had_a_role_is_found(client, boss, cast, query):
    assert names_in(client.get(reverse("people"), query).content.decode()) == ["outsider"]


def test_and_gets_one(client, boss, cast, plan):
    assert client.get(reverse("person_detail", args=[cast.outsider.pk])).status_code == 200
    typed = {"unit": plan.unit.code, "role": "reporter", "start": "15 เม.ย. 2560", "reason": "ย้ายมา"}
    assert client.post(reverse("role_give", args=[cast.outsider.pk]), typed).status_code == 302
    assert cast.outsider.memberships.get().unit == plan.unit


def test_of_every_hospital_until_somebody_takes_them(houses, cast):
    assert cast.outsider in people_of(reach_of(houses.nb_boss))
    Membership.objects.create(user=cast.outsider, unit=houses.ward, role="reporter", end="2017-01-31")
    assert cast.outsider not in people_of(reach_of(houses.boss))


@pytest.mark.parametrize("role", ["head", "executive", "reviewer"])
def test_a_hospital_below_another_unit_sees_only_whom_it_added(houses, cast, role):
    province = OrgUnit.objects.create(code="PROVINCE", name="สสจ.", kind="province")
    OrgUnit.objects.filter(pk=houses.hospital.pk).update(parent=province)
    Membership.objects.create(user=houses.nb_boss, unit=province, role=role)  # which administers nobody
    assert cast.outsider not in people_of(reach_of(houses.nb_boss))


def test_whoever_looks_after_the_system_is_not_taken_over(client, boss):
    root = User.objects.create_superuser("root")
    assert client.get(reverse("person_detail", args=[root.pk])).status_code == 200
    client.post(reverse("person_password", args=[root.pk]), {"kind": "password"})
    assert User.objects.get(pk=root.pk).password == root.password


# Whom to ask


def test_a_line_that_reads_the_same_stands_once_and_names_the_hospital(houses, cast, plan):
    office = plan.strategy_unit
    theirs = OrgUnit.objects.create(code="NB_PLAN", name=office.name, parent=houses.hospital)
    for code, unit in (("NB1", houses.hospital), ("NB2", houses.hospital), ("OURS2", plan.unit)):
        own = office if unit == plan.unit else theirs
        Plan.objects.create(code=code, name=code, unit=unit, strategy_unit=own, first_year=2560, last_year=2560)
    assert [(one.name, one.house) for one in strategy_units()] == [
        (office.name, plan.unit.name),
        (office.name, houses.hospital.name),
    ]
    twin = OrgUnit.objects.create(code="NB_TWIN", name=office.name, parent=houses.hospital, telephone="1669")
    Plan.objects.filter(code="NB2").update(strategy_unit=twin)
    assert [one.telephone for one in strategy_units() if one.house == houses.hospital.name] == ["1669"]
    assert Contact(houses.hospital.name, "nb_boss") in whom_to_ask(cast.outsider).people


def test_the_pages_say_the_hospital(client, houses, cast, plan):
    client.force_login(cast.outsider)
    assert f"nb_boss · {houses.hospital.name}" in client.get("/").content.decode()
    assert f"{plan.strategy_unit.name} · {plan.unit.name}" in Client().get("/accounts/reset/").content.decode()


def test_lists_of_whom_to_ask_cost_the_same_for_more(client, cast, plan):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            strategy_units()
            whom_to_ask(cast.outsider)
        return len(asked)

    before = cost()
    for number in range(3):
        unit = OrgUnit.objects.create(code=f"H{number}", name="รพ.", kind="hospital")
        user = User.objects.create_user(f"a{number}")
        Membership.objects.create(user=user, unit=unit, role="administrator")
    assert cost() == before


# Locked out


@pytest.fixture
def axes(settings):
    settings.AXES_ENABLED = True


def attempt(name: str):
    return Client().post("/accounts/login/", {"username": name, "password": "wrong"})


def test_a_refusal_says_how_many_tries_there_are_whoever_asks(cast, axes):
    pages = [attempt(name).content.decode().replace(name, "") for name in ("reporter", "xyzzy")]
    for page in pages:
        assert "ผิดครบ 5 ครั้งจากเครือข่ายหรือเครื่องนี้ จะถูกพัก 15 นาที" in page
    first, second = (re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", page) for page in pages)
    assert first == second


def test_the_lock_out_says_from_where_and_how_long(cast, axes, settings):
    for _each in range(4):
        attempt("head")
    page = attempt("head").content.decode()
    assert "จากเครือข่ายหรือเครื่องนี้ 15 นาที" in page


def test_the_list_says_who_is_locked_out(cast, axes, houses):
    with time_machine.travel("2026-11-02 09:00:00+07:00", tick=False) as clock:
        for _each in range(5):
            attempt("head")
        for _each in range(4):
            attempt("reporter")
        reach = reach_of(houses.boss)

        def locked() -> list[str]:
            page = type("Page", (), {"object_list": people_for_list(reach, {})})
            return [row.user.username for row in rows_of(page, reach) if row.is_locked]

        assert locked() == ["head"]
        clock.shift(901)
        assert locked() == []


# The password form


def test_the_new_password_is_asked_for_twice_and_the_old_one_once(client, cast):
    client.force_login(cast.head)
    page = client.get("/accounts/password/").content.decode()
    assert re.search(r"<label[^>]*>\s*รหัสผ่านใหม่อีกครั้ง", page)
    assert "พิมพ์รหัสผ่านใหม่อีกครั้งเพื่อยืนยัน" in page
    assert "รหัสผ่านเดิมอีกครั้ง" not in page


# Dates


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("พรุ่งนี้", "ตัวอย่างที่ถูก: 15 เม.ย. 2560"),
        ("", "เช่น 15 เม.ย. 2560"),
        ("28 เม.ย. 60", "ปี 60 ต้องเป็นปี พ.ศ. สี่หลัก เช่น 2560"),
        ("28/4/60", "ปี 60 ต้องเป็นปี พ.ศ. สี่หลัก เช่น 2560"),
        ("28 เม.ย. ๖๐", "ปี 60 ต้องเป็นปี พ.ศ. สี่หลัก เช่น 2560"),
    ],
)
def test_examples_of_dates_are_of_the_applications_day(typed, said):
    form = type("Form", (forms.Form,), {"day": ThaiDateField()})({"day": typed})
    assert said in str(form.errors["day"])
    assert 'placeholder="15 เม.ย. 2560"' in str(form["day"])


@pytest.mark.parametrize(("language", "shown"), [("th", "15 เม.ย. 2560"), ("en", "15/4/2560")])
def test_what_stands_in_a_box_is_read_back(language, shown):
    kind = type("Form", (forms.Form,), {"day": ThaiDateField(initial=date(2017, 4, 15))})
    with override(language):
        assert f'value="{shown}"' in str(kind()["day"])
        assert f'placeholder="{shown}"' in str(kind()["day"])
        assert shown in str(kind({"day": "x"}).errors)
        again = kind({"day": shown})
        assert again.is_valid()
    assert again.cleaned_data["day"] == date(2017, 4, 15)
