"""The pages of people: their own hospital alone, filters, forms that keep what was typed, few queries."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from strategy.accounts.history import lines_of
from strategy.models import Membership, OrgUnit, User
from strategy.people.actions import add_person
from tests.cast import PASSWORD, TODAY

pytestmark = pytest.mark.django_db

MOST = 12
DAY = timedelta(days=1)


@pytest.fixture
def boss(client, houses) -> User:
    client.force_login(houses.boss)
    return houses.boss


def text(client, name, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def names_in(page: str) -> list[str]:
    return re.findall(r'<a href="/people/\d+/">([^<]*)</a>', page)


# The list


def test_the_list_has_ones_own_people_alone(client, boss, houses):
    found = names_in(text(client, "people"))
    assert {
        "boss", "boss2", "head", "reporter", "other_head", "reviewer", "executive", "administrator", "outsider"
    } == set(found)  # fmt: skip


def test_an_administrator_of_two_hospitals_sees_both(client, boss, houses):
    Membership.objects.create(user=boss, unit=houses.ward, role="administrator")
    assert {"nurse", "nb_boss", "head"} <= set(names_in(text(client, "people")))
    assert text(client, "person_detail", houses.nurse.pk)
    assert "หอผู้ป่วยเพื่อนบ้าน" in text(client, "role_give", houses.nurse.pk)


def test_who_was_added_here_is_seen_before_any_role(client, boss, houses, cast, plan):
    new, _password = add_person(by=houses.boss2, username="newcomer", facts={"first_name": "ใหม่"})
    theirs, _password = add_person(by=houses.nb_boss, username="theirs", facts={"first_name": "เขา"})
    # Below something else, whose administrators see everybody.
    province = OrgUnit.objects.create(code="P", name="สสจ.", kind="province")
    OrgUnit.objects.filter(pk=plan.unit_id).update(parent=province)
    Membership.objects.create(user=User.objects.create_user("above"), unit=province, role="administrator")
    assert "ใหม่" in names_in(text(client, "people"))
    assert client.get(reverse("person_detail", args=[new.pk])).status_code == 200
    for hidden in (theirs, cast.outsider):
        assert client.get(reverse("person_detail", args=[hidden.pk])).status_code == 404
    Membership.objects.create(user=new, unit=houses.ward, role="head")  # the neighbour's from now on
    assert "ใหม่" not in names_in(text(client, "people"))


FILTERS = [
    ({"q": "HEAD"}, {"head", "other_head"}),
    ({"q": "พยาบาล"}, {"reporter"}),  # the title
    ({"q": "xyzzy"}, set()),
    ({"q": "\0 nothing"}, None),
    ({"role": "administrator"}, {"boss", "boss2", "administrator"}),
    ({"role": "nonsense", "unit": "x", "state": "y"}, None),
    ({"unit": "PST_OPD"}, {"head", "reporter"}),
    ({"unit": "PST_OPD", "role": "head"}, {"head"}),
    ({"state": "closed"}, {"executive"}),
    ({"state": "no_role"}, {"reviewer", "outsider"}),
    ({"state": "active", "role": "executive"}, set()),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(client, boss, cast, query, expected):
    User.objects.filter(pk=cast.reporter.pk).update(title="พยาบาลวิชาชีพ")
    User.objects.filter(pk=cast.executive.pk).update(is_active=False)
    cast.reviewer.memberships.update(end=TODAY - DAY)
    if query.get("unit") == "PST_OPD":
        query = {**query, "unit": OrgUnit.objects.get(code="PST_OPD").pk}
    staff = {"boss", "boss2", "head", "reporter", "other_head", "reviewer", "executive", "administrator"}
    everybody = staff | {"outsider"}  # who never had a role
    assert set(names_in(text(client, "people", **query))) == (everybody if expected is None else expected)


def test_pages_of_fifty_keep_the_filter(client, boss, plan):
    people = User.objects.bulk_create(User(username=f"p{number}", first_name="คน") for number in range(60))
    Membership.objects.bulk_create(Membership(user=user, unit=plan.unit, role="reporter") for user in people)
    first = text(client, "people", q="คน", role="reporter")
    assert len(names_in(first)) == 50
    assert 'href="?q=%E0%B8%84%E0%B8%99&amp;role=reporter&amp;page=2"' in first
    assert len(names_in(text(client, "people", q="คน", page=2))) == 10


def test_what_is_not_everyday_is_said(client, boss, cast):
    User.objects.filter(pk=cast.head.pk).update(must_change_password=True)
    assert "ยังไม่ตั้งรหัสผ่านเอง" in text(client, "people", q="head")
    assert "ระงับแล้ว" not in text(client, "people", q="other_head").partition("<tbody>")[2]


# One person


def test_roles_of_all_times_are_shown_and_those_elsewhere_are_not(client, boss, cast, houses):
    unit = OrgUnit.objects.get(code="QS")
    Membership.objects.create(user=cast.head, unit=unit, role="reporter", end=TODAY - DAY)
    Membership.objects.create(user=cast.head, unit=unit, role="head", start=TODAY + DAY)
    Membership.objects.create(user=cast.head, unit=houses.ward, role="head")
    page = text(client, "person_detail", cast.head.pk)
    assert [page.count(word) for word in ("มีผลอยู่", "สิ้นสุดแล้ว", "ยังไม่เริ่ม")] == [1, 1, 1]
    assert "เพื่อนบ้าน" not in page
    assert "มีบทบาทนอกโรงพยาบาลนี้ด้วย" in page
    assert reverse("person_password", args=[cast.head.pk]) not in page


def test_nothing_of_the_other_hospital_answers(client, houses):
    client.force_login(houses.nb_boss)
    there = Membership.objects.get(user__username="head")
    for name in ("person_detail", "person_edit", "person_password", "person_active", "role_give"):
        assert client.get(reverse(name, args=[there.user_id])).status_code == 404
    assert client.get(reverse("role_end", args=[there.pk])).status_code == 404
    for name in ("unit_detail", "deputy_appoint", "hand_over"):
        assert client.get(reverse(name, args=[there.unit_id])).status_code == 404


def test_a_unit_of_the_other_hospital_cannot_be_given(client, boss, cast, houses):
    typed = {"unit": "NB_WARD", "role": "head", "start": "15 เม.ย. 2560", "reason": "x"}
    page = client.post(reverse("role_give", args=[cast.head.pk]), typed).content.decode()
    assert "ไม่พบ “NB_WARD” ในรายการ" in page
    assert not houses.ward.memberships.filter(user=cast.head).exists()


# Forms


def test_a_person_is_added_and_the_password_shown_once(client, boss):
    typed = {"username": "somsri", "first_name": "สมศรี", "last_name": "ใจงาม", "title": "พยาบาล"}
    response = client.post(reverse("person_add"), typed)
    page = response.content.decode()
    password = re.search(r'once-secret">([^<]+)<', page)[1]
    assert "no-store" in response["Cache-Control"]
    user = User.objects.get(username="somsri")
    assert (user.get_full_name(), user.title, user.must_change_password) == ("สมศรี ใจงาม", "พยาบาล", True)
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/", {"username": "somsri", "password": password}).status_code == 302
    assert client.get("/dashboard/").url == "/accounts/password/?next=%2Fdashboard%2F"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"username": "HEAD", "first_name": "ก"}, "มีผู้ใช้ชื่อนี้อยู่แล้ว"),
        ({"username": "a b", "first_name": "ก"}, "ใส่ชื่อผู้ใช้ที่ถูกต้อง"),
        ({"username": "new", "first_name": ""}, "ใส่ชื่อของผู้ใช้"),
        ({"username": "new", "first_name": "ก", "email": "not mail"}, "อีเมล"),
        ({"username": "new", "first_name": "ก\0"}, "0"),
    ],
)
def test_a_wrong_person_comes_back_as_typed(client, boss, cast, typed, sentence):
    before = User.objects.count()
    response = client.post(reverse("person_add"), typed)
    page = response.content.decode()
    assert response.status_code == 200
    assert "error-summary" in page
    assert f'value="{typed["username"]}"' in page
    assert User.objects.count() == before


def test_raising_oneself_through_the_form_does_nothing(client, boss, cast):
    more = {"is_superuser": "on", "is_staff": "on", "password": "x", "must_change_password": "", "is_active": ""}
    typed = {"first_name": "ก", "last_name": "ข", **more}
    assert client.post(reverse("person_edit", args=[boss.pk]), typed).status_code == 302
    boss.refresh_from_db()
    assert (boss.first_name, boss.is_superuser, boss.is_staff, boss.is_active) == ("ก", False, False, True)
    assert boss.check_password(PASSWORD)


def test_a_role_is_given_by_a_part_of_the_units_name(client, boss, cast):
    typed = {"unit": "กลุ่มงานบัญชี", "role": "reporter", "start": "๑/๕/๒๕๖๐", "end": "", "reason": "ช่วยงาน"}
    unit = OrgUnit.objects.get(code="ACCOUNT")
    assert client.post(reverse("role_give", args=[cast.head.pk]), {**typed, "unit": unit.name}).status_code == 302
    given = cast.head.memberships.get(unit=unit)
    assert (given.start.isoformat(), given.end, given.note) == ("2017-05-01", None, "ช่วยงาน")


def test_a_wrong_role_comes_back_as_typed(client, boss, cast):
    typed = {"unit": "กลุ่มงาน", "role": "head", "start": "31 ก.พ. 2560", "end": "2560", "reason": ""}
    page = client.post(reverse("role_give", args=[cast.head.pk]), typed).content.decode()
    for sentence in ("ตรงกับหลายรายการ", "ไม่มีวันที่", "ไม่ใช่วันที่", "กรุณาระบุเหตุผล"):
        assert sentence in page
    for value in ("กลุ่มงาน", "31 ก.พ. 2560", "2560"):
        assert f'value="{value}"' in page
    backwards = {"unit": "PST_ER", "role": "head", "start": "2 พ.ค. 2560", "end": "1 พ.ค. 2560", "reason": "x"}
    page = client.post(reverse("role_give", args=[cast.head.pk]), backwards).content.decode()
    assert "วันสิ้นสุดอยู่ก่อนวันเริ่ม" in page


def test_the_last_administrator_is_told_on_the_page(client, boss, houses, cast):
    Membership.objects.filter(user__in=[houses.boss2, cast.administrator]).delete()
    role = boss.memberships.get()
    typed = {"last": "15 เม.ย. 2560", "reason": "ย้าย"}
    page = client.post(reverse("role_end", args=[role.pk]), typed).content.decode()
    assert "สิ้นสุดบทบาทผู้ดูแลระบบของตนเองไม่ได้" in page
    assert "ย้าย</textarea>" in page


def test_a_page_that_shows_an_old_state_does_not_turn_it_round(client, boss, cast):
    """Two administrators close the same account: the second one does not open it again."""
    address, typed = reverse("person_active", args=[cast.head.pk]), {"active": "0", "reason": "ลาออก"}
    client.post(address, typed)
    page = client.post(address, typed).content.decode()
    assert "บัญชีนี้ถูกระงับอยู่แล้ว" in page
    cast.head.refresh_from_db()
    assert not cast.head.is_active


# Ways back in


def test_a_link_is_shown_once_and_works_once(client, boss, cast):
    page = client.post(reverse("person_password", args=[cast.head.pk]), {"kind": "link"}).content.decode()
    link = re.search(r'once-secret">http://testserver([^<]+)<', page)[1]
    client.post("/accounts/logout/")
    form = client.get(link, follow=True)
    typed = {"new_password1": "khon-kaen-2561", "new_password2": "khon-kaen-2561"}
    assert "ตั้งรหัสผ่านแล้ว" in client.post(form.request["PATH_INFO"], typed, follow=True).content.decode()
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in client.get(link, follow=True).content.decode()
    assert client.login(username="head", password="khon-kaen-2561")


def test_a_link_by_mail(client, boss, cast, settings):
    settings.SENDS_MAIL, settings.KPITRACK_SITE_URL = True, "https://kpi.hospital.example"
    address = reverse("person_password", args=[cast.head.pk])
    assert "เลือกว่าจะให้เข้าใช้อีกครั้งด้วยวิธีใด" in client.post(address, {"kind": "mail"}).content.decode()  # no address
    User.objects.filter(pk=cast.head.pk).update(email="head@hospital.example")
    assert client.post(address, {"kind": "mail"}).status_code == 302
    assert mail.outbox[0].to == ["head@hospital.example"]
    assert "https://kpi.hospital.example/accounts/reset/" in mail.outbox[0].body
    assert lines_of(cast.head)[0].sentence == "ส่งลิงก์ตั้งรหัสผ่านใหม่ทางอีเมล"


def test_a_new_person_by_mail(client, boss, settings):
    settings.SENDS_MAIL = True
    typed = {"username": "somsri", "first_name": "สมศรี", "last_name": "ใจงาม", "first_password": "mail"}
    assert "ใส่อีเมลของผู้ใช้" in client.post(reverse("person_add"), typed).content.decode()
    typed["email"] = "somsri@hospital.example"
    assert client.post(reverse("person_add"), typed).status_code == 302
    assert len(mail.outbox) == 1
    assert "once-secret" not in client.get(reverse("people")).content.decode()


def test_a_mail_server_that_is_down_is_told(client, boss, cast, settings):
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    User.objects.filter(pk=cast.head.pk).update(email="head@hospital.example")
    page = client.post(reverse("person_password", args=[cast.head.pk]), {"kind": "mail"}).content.decode()
    assert "ส่งอีเมลไม่สำเร็จ" in page
    typed = {"username": "n", "first_name": "ก", "last_name": "ข", "email": "n@h.example", "first_password": "mail"}
    page = client.post(reverse("person_add"), typed).content.decode()
    assert "ส่งอีเมลไม่สำเร็จ" in page
    assert "once-secret" in page


# Few queries, and the same for more rows


@pytest.fixture
def more(plan, houses, cast):
    """Three more of everything."""

    def make() -> None:
        for number in range(3):
            user = User.objects.create_user(f"more{number}", first_name="คน", last_login=timezone.now())
            for code in ("PST_OPD", "QS", "ACCOUNT"):
                unit = OrgUnit.objects.get(code=code)
                Membership.objects.create(user=user, unit=unit, role="head")
                Membership.objects.create(user=user, unit=unit, role="reporter", end=TODAY - DAY)
            Membership.objects.create(
                user=cast.head, unit=OrgUnit.objects.get(code="QS"), role="head", start=TODAY + number * DAY,
                end=TODAY + number * DAY, deputy_of=user,
            )  # fmt: skip
            add_person(by=houses.boss, username=f"added{number}", facts={"first_name": "ใหม่"})

    return make


@pytest.mark.parametrize(
    "name",
    [
        "people",
        "person_detail",
        "person_edit",
        "role_give",
        "person_password",
        "people_logins",
        "person_active",
        "person_unlock",
        "account",
        "role_end",
    ],
)
def test_pages_ask_little_and_the_same_for_more(client, boss, cast, more, name):
    args = {"people": [], "people_logins": [], "account": [], "role_end": [cast.head.memberships.get().pk]}.get(
        name, [cast.head.pk]
    )

    def cost() -> int:
        client.force_login(cast.head if name == "account" else boss)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name, args=args)).status_code == 200
        told = "\n".join(row["sql"][:160] for row in asked.captured_queries)
        assert len(asked) <= MOST, told
        return len(asked)

    before = cost()
    more()
    assert cost() == before
