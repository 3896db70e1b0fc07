"""What people are told: who gets a notice of what, the page of notices, the bell, and that each has their own alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from indicators.models import Notice
from indicators.notices.actions import notify, reviewers_in, reviewers_of
from indicators.notices.page import safe_url
from indicators.notices.wording import detail_of, sentence_of
from indicators.queries import waiting_counts
from indicators.workflow import transition
from strategy import clock
from strategy.models import Membership, OrgUnit, Plan
from tests.builders import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(cast):
    """A notice, to the head unless said otherwise."""

    def make(kind="returned", user=None, url="/", **facts):
        return Notice.objects.create(user=user or cast.head, kind=kind, facts=facts, url=url, at=clock.now())

    return make


@pytest.fixture
def head(client, cast):
    client.force_login(cast.head)
    return client


def told() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("user__username", "kind"))


# Who is told of a decision


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [("return", "submitted", "returned"), ("approve", "submitted", "approved"), ("reopen", "approved", "reopened")],
)
def test_the_units_people_are_told_of_a_decision(action, status, kind, indicator, cast, access):
    result = report(indicator("7(1)"), 6, cast, status=status, A=33600, B=200)
    seen = access(cast.reviewer, result.round)
    transition(access=seen, action=action, by=cast.reviewer, lock=result.lock, reason="ตัวเลขผิดเดือน")
    assert told() == {("head", kind), ("reporter", kind)}
    notice = Notice.objects.filter(user=cast.head).get()
    assert notice.url == reverse("entry", args=[result.round_id])
    assert (notice.facts["code"], notice.facts["period"]["number"], notice.facts["by"]) == ("7(1)", 6, "reviewer")
    assert detail_of(notice) == "ตัวเลขผิดเดือน"
    assert notice.read_at is None


@pytest.mark.parametrize("action", ["submit", "withdraw"])
def test_what_the_unit_does_itself_is_told_to_nobody(action, saved, submitted, cast, access):
    make = saved if action == "submit" else submitted
    result = make("7(1)", A=33600, B=200)
    if action == "withdraw":
        transition(access=access(cast.head, result.round), action=action, by=cast.head, lock=result.lock)
    assert told() == set()


def test_a_decision_that_is_refused_is_told_to_nobody(indicator, cast, access):
    from indicators.refusals import NotAllowed

    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    seen = access(cast.reviewer, result.round)
    with pytest.raises(NotAllowed):
        transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason=" ")
    assert told() == set()


def test_deputies_are_told_and_who_left_is_not(indicator, cast, access, django_user_model):
    from datetime import date

    unit = OrgUnit.objects.get(code="PST_OPD")
    deputy, gone, retired = (django_user_model.objects.create_user(name) for name in ("deputy", "gone", "retired"))
    deputy_role = {"deputy_of": cast.head, "start": date(2017, 4, 10), "end": date(2017, 4, 20)}
    Membership.objects.create(user=deputy, unit=unit, role="head", **deputy_role)
    Membership.objects.create(user=gone, unit=unit, role="head", end=date(2017, 4, 14))
    Membership.objects.create(user=retired, unit=unit, role="head")
    type(retired).objects.filter(pk=retired.pk).update(is_active=False)
    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    transition(access=access(cast.reviewer, result.round), action="approve", by=cast.reviewer, lock=result.lock)
    assert {name for name, _kind in told()} == {"head", "reporter", "deputy"}


def test_the_head_of_the_group_is_told_where_the_unit_has_nobody(indicator, cast, access, django_user_model):
    unit = OrgUnit.objects.get(code="PST_OPD")
    Membership.objects.filter(unit=unit).delete()
    boss = django_user_model.objects.create_user("boss")
    Membership.objects.create(user=boss, unit=unit.parent, role="head")
    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    transition(access=access(cast.reviewer, result.round), action="approve", by=cast.reviewer, lock=result.lock)
    assert told() == {("boss", "approved")}


@pytest.mark.parametrize(("language", "said"), [("th", "(มีนาคม 2560)"), ("en", "(March 2560)")])
def test_a_round_is_named_in_the_readers_language(indicator, cast, access, language, said):
    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    with override("th"):
        transition(access=access(cast.reviewer, result.round), action="approve", by=cast.reviewer, lock=result.lock)
    with override(language):
        assert sentence_of(Notice.objects.filter(user=cast.head).get()).endswith(said)


def test_a_round_with_a_name_of_its_own_keeps_it(indicator, cast, access):
    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    type(result.round).objects.filter(pk=result.round_id).update(name="รอบพิเศษ")
    transition(access=access(cast.reviewer, result.round), action="approve", by=cast.reviewer, lock=result.lock)
    assert sentence_of(Notice.objects.filter(user=cast.head).get()).endswith("(รอบพิเศษ)")


@pytest.mark.parametrize(
    ("kind", "facts", "thai", "english"),
    [
        ("period", {"until": "2017-01-31", "plan": "P"}, "ถึง มกราคม 2560", "January 2560"),
        ("period", {"period": "มกราคม 2560", "plan": "P"}, "ถึง มกราคม 2560", "January 2560"),  # as it once was kept
        ("extended", {"until": "2017-04-28"}, "28 เม.ย. 2560", "28 Apr 2560"),
        ("extended", {"until": "28 เม.ย. 2560"}, "28 เม.ย. 2560", "28 Apr 2560"),
        ("extended", {"until": "28 Apr 2560"}, "28 Apr 2560", "28 Apr 2560"),
        ("cancelled", {"day": "2017-04-15"}, "15 เม.ย. 2560", "15 Apr 2560"),
        ("approved", {"code": "7", "period": "มีนาคม 2560"}, "(มีนาคม 2560)", "(March 2560)"),
        ("approved", {"code": "7", "period": "รอบแรก"}, "(รอบแรก)", "(รอบแรก)"),
        (
            "approved",
            {"code": "7", "period": {
                "year": 2560, "number": 1, "frequency": "", "start": "2016-10-01", "end": "2017-03-31"
            }},
            "(ณ 31 มี.ค. 2560)",
            "31 Mar 2560",
        ),
        (
            "approved",
            {"code": "7", "period": {
                "year": 2560, "number": 2, "frequency": "quarterly", "start": "2017-01-01", "end": "2017-03-31"
            }},
            "(ไตรมาส 2 ปีงบประมาณ 2560)",
            "2560",
        ),
    ],
)  # fmt: skip
def test_days_and_periods_are_said_in_the_readers_language(tell, kind, facts, thai, english):
    notice = tell(kind, **facts)
    assert thai in sentence_of(notice)
    with override("en"):
        assert english in sentence_of(notice)


def test_nobody_is_told_of_what_they_did_themselves(cast):
    notify(users=[cast.head, cast.head, cast.reviewer], kind="comment", facts={}, url="/", by=cast.reviewer)
    assert told() == {("head", "comment")}


# The reviewers of a plan


def test_the_reviewers_of_the_strategy_unit(cast, plan, indicator, access, django_user_model):
    seen = access(cast.reviewer, indicator("7(1)").rounds.get(fiscal_year=2560, number=6))
    assert [user.username for user in reviewers_of(seen)] == ["reviewer"]
    elsewhere = django_user_model.objects.create_user("elsewhere")
    Membership.objects.create(user=elsewhere, unit=OrgUnit.objects.get(code="QS"), role="reviewer")
    assert [user.username for user in reviewers_of(seen)] == ["reviewer"]
    assert {user.username for user in reviewers_in(plan.unit, None)} == {"reviewer", "elsewhere"}
    cast.reviewer.memberships.all().delete()
    assert [user.username for user in reviewers_of(seen)] == ["elsewhere"]


def test_another_hospitals_reviewers_are_not_asked(cast, plan, django_user_model):
    other = OrgUnit.objects.create(code="OTHER", name="โรงพยาบาลอื่น", kind="hospital")
    stranger = django_user_model.objects.create_user("stranger")
    Membership.objects.create(user=stranger, unit=other, role="reviewer")
    assert [user.username for user in reviewers_in(plan.unit, plan.strategy_unit_id)] == ["reviewer"]
    province = OrgUnit.objects.create(code="PROVINCE", name="สสจ.", kind="province")
    OrgUnit.objects.filter(pk=plan.unit_id).update(parent=province)
    Membership.objects.create(user=stranger, unit=province, role="reviewer")  # of its own plans, not of those below
    fresh = Plan.objects.select_related("unit").get(pk=plan.pk)
    assert {user.username for user in reviewers_in(fresh.unit, None)} == {"reviewer"}


# The page


def test_newest_first_and_unread_marked(head, tell):
    tell(code="7(1)", name="ระยะเวลา", period="มกราคม 2560", by="ประเสริฐ", reason="ขาดทะเบียน")
    old = tell("approved", code="7(1)", name="ระยะเวลา", period="กุมภาพันธ์ 2560", by="ประเสริฐ")
    Notice.objects.filter(pk=old.pk).update(read_at=clock.now())
    response = head.get(reverse("notices"))
    page = " ".join(response.content.decode().split())
    assert [line.notice.kind for line in response.context["found"].lines] == ["approved", "returned"]
    assert "ประเสริฐ ส่งกลับให้แก้ไข: 7(1) ระยะเวลา (มกราคม 2560)" in page
    assert "ขาดทะเบียน" in page
    assert "ยังไม่ได้อ่าน 1 เรื่อง" in page
    assert page.count("is-unread") == 1


def test_the_unread_ones_alone(head, tell):
    tell()
    old = tell("approved")
    Notice.objects.filter(pk=old.pk).update(read_at=clock.now())
    found = head.get(reverse("notices"), {"unread": "1"}).context["found"]
    assert [line.notice.kind for line in found.lines] == ["returned"]
    assert (found.unread, found.total) == (1, 2)


def test_empty(head):
    page = head.get(reverse("notices")).content.decode()
    assert "ยังไม่มีการแจ้งเตือน" in page
    assert "จะแจ้งที่นี่" in page
    assert "อ่านทั้งหมดแล้ว" not in page


def test_all_of_them_read(head, tell):
    old = tell()
    Notice.objects.filter(pk=old.pk).update(read_at=clock.now())
    assert "อ่านครบทุกเรื่องแล้ว" in head.get(reverse("notices"), {"unread": "1"}).content.decode()


def test_what_came_since_stays_unread(head, tell):
    tell()
    newest = head.get(reverse("notices")).context["found"].newest
    later = tell()
    head.post(reverse("notices_read"), {"newest": str(newest)})
    assert list(Notice.objects.filter(read_at__isnull=True)) == [later]


@pytest.mark.parametrize("newest", ["", "x", "-1", "๙", "9" * 40])
def test_a_strange_newest_is_all_of_them(newest, head, tell):
    tell()
    assert head.post(reverse("notices_read"), {"newest": newest}).status_code == 302
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_pages_of_thirty(head, tell):
    for _each in range(31):
        tell()
    first = head.get(reverse("notices"))
    assert len(first.context["found"].lines) == 30
    assert "หน้า 1 จาก 2" in first.content.decode()
    assert len(head.get(reverse("notices"), {"page": "2"}).context["found"].lines) == 1
    for bad in ("x", "-1", "99999999999999999999"):
        assert head.get(reverse("notices"), {"page": bad}).status_code == 200


def test_what_people_wrote_is_text(head, tell):
    tell(code="7(1)", by="<b>x</b>", reason="<script>alert(1)</script>")
    page = head.get(reverse("notices")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>x</b>" not in page


# Opening and reading


def test_opening_marks_it_read_and_goes_there(head, tell):
    notice, other = tell(url="/rounds/5/entry/?unit=10998"), tell()
    response = head.post(reverse("notice_open", args=[notice.pk]))
    assert response.url == "/rounds/5/entry/?unit=10998"
    notice.refresh_from_db()
    other.refresh_from_db()
    assert notice.read_at is not None
    assert other.read_at is None


def test_reading_without_opening_stays(head, tell):
    notice = tell(url="/rounds/5/entry/")
    assert head.post(reverse("notice_open", args=[notice.pk]), {"stay": "1"}).url == reverse("notices")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_when_it_was_read_first_stays(head, tell):
    notice = tell()
    head.post(reverse("notice_open", args=[notice.pk]))
    first = Notice.objects.get(pk=notice.pk).read_at
    head.post(reverse("notice_open", args=[notice.pk]))
    assert Notice.objects.get(pk=notice.pk).read_at == first


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "", "evil",
     " /x", "http:///evil.example", "/\t/evil.example"],
)  # fmt: skip
def test_no_notice_leads_away(url, head, tell):
    notice = tell(url=url)
    assert safe_url(notice) == ""
    assert head.post(reverse("notice_open", args=[notice.pk])).url == reverse("notices")


def test_a_get_changes_nothing(head, tell):
    notice = tell()
    assert head.get(reverse("notice_open", args=[notice.pk])).status_code == 405
    head.get(reverse("notices"))
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_nobody_opens_anothers(head, tell, cast):
    notice = tell(user=cast.reviewer)
    assert head.post(reverse("notice_open", args=[notice.pk])).status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None
    assert head.get(reverse("notices")).context["found"].total == 0


def test_all_of_ones_own_at_once(head, tell, cast):
    tell()
    tell()
    others = tell(user=cast.reviewer)
    response = head.post(reverse("notices_read"), follow=True)
    assert "ทำเครื่องหมายว่าอ่านแล้ว 2 เรื่อง" in response.content.decode()
    assert Notice.objects.filter(user=cast.head, read_at__isnull=True).count() == 0
    assert Notice.objects.get(pk=others.pk).read_at is None


# The bell


def test_the_bell_counts_the_unread(head, tell, cast):
    assert 'class="bell"' in head.get(reverse("password_change_done")).content.decode()
    tell()
    tell("approved")
    tell(user=cast.reviewer)
    assert waiting_counts(cast.head)["unread"] == 2
    page = " ".join(head.get(reverse("my_work")).content.decode().split())
    assert "ยังไม่ได้อ่าน </span>2</span>" in page


def test_the_bell_costs_no_query(cast, tell):
    with CaptureQueriesContext(connection) as asked:
        waiting_counts(cast.head)
    before = len([row for row in asked if "notice" in row["sql"].lower()])
    assert before == 1


def test_queries_do_not_grow(head, tell):
    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert head.get(reverse("notices")).status_code == 200
        return len(asked)

    tell()
    one = ask()
    tell()
    tell("approved")
    assert ask() == one <= 12


# Sentences


SENTENCES = [
    ("returned", {"code": "7(1)", "name": "รอคอย", "period": "มีนาคม 2560", "by": "สมศรี"},
     "สมศรี ส่งกลับให้แก้ไข: 7(1) รอคอย (มีนาคม 2560)"),
    ("returned", {"code": "7(1)", "codes": ["7(1)", "9", "7(1)"], "by": "สมศรี"},
     "สมศรี ส่งกลับให้แก้ไข: 3 รายการ: 7(1), 9"),
    ("approved", {"code": "K405", "name": "TPS", "period": "มี.ค.", "unit": "รพ.น้ำพอง"},
     "อนุมัติแล้ว: K405 TPS (มี.ค., รพ.น้ำพอง)"),
    ("approved", {"codes": [str(n) for n in range(12)]}, "อนุมัติแล้ว: 12 รายการ: 0, 1, 2, 3, 4, 5, 6, 7 และอีก 4"),
    ("reopened", {"code": "5", "by": "สมศรี"}, "สมศรี เปิดให้แก้ไขใหม่: 5"),
    ("comment", {"code": "5", "by": "สมศรี"}, "สมศรี แสดงความเห็น: 5"),
    ("extended", {"code": "5", "by": "สมศรี", "until": "20 เม.ย. 2560"}, "สมศรี ขยายเวลาส่งถึง 20 เม.ย. 2560: 5"),
    ("cancelled", {"code": "5", "name": "ส่งต่อ", "day": "2017-04-01"}, "ยกเลิกตัวชี้วัดตั้งแต่ 1 เม.ย. 2560: 5 ส่งต่อ"),
    ("cancelled", {"code": "5", "by": "สมศรี", "lifted": "1"}, "สมศรี นำตัวชี้วัดที่ยกเลิกกลับมา: 5"),
    ("recovery", {"code": "5", "by": "สมศรี", "step": "added"}, "สมศรี เพิ่มมาตรการแก้ไข: 5"),
    ("recovery", {"code": "5", "step": "close"}, "ปิดมาตรการแก้ไขแล้ว: 5"),
    ("period", {"period": "มีนาคม 2560", "plan": "แผน", "change": "closed"}, "ปิดงวดสะสมถึง มีนาคม 2560 แล้ว: แผน"),
    ("period", {"period": "มีนาคม 2560", "plan": "แผน", "change": "closed", "missing": "2"},
     "ปิดงวดสะสมถึง มีนาคม 2560 แล้ว ผลงานของหน่วยงานท่านขาด 2 รายการ: แผน"),
    ("period", {"period": "มีนาคม 2560", "plan": "แผน", "change": "reopened"},
     "เปิดงวดสะสมถึง มีนาคม 2560 ให้แก้ไขใหม่: แผน"),
    ("handed_over",
     {"event": "deputy", "unit": "OPD", "from": "ก", "to": "ข", "start": "2017-04-01", "end": "2017-04-09"},
     "ข รักษาการแทน ก ที่ OPD ตั้งแต่ 1 เม.ย. 2560 ถึง 9 เม.ย. 2560"),
    ("handed_over",
     {"event": "handed_over", "unit": "OPD", "from": "ก", "to": "ข", "start": "2017-04-01", "role": "head"},
     "ก ส่งมอบบทบาท หัวหน้าหน่วยงาน ของ OPD ให้ ข ตั้งแต่ 1 เม.ย. 2560"),
    ("handed_over", {}, "มอบหมายหรือส่งมอบงาน"),
    ("due", {"coming": 2, "day": "2017-04-18"}, "ใกล้ถึงกำหนดส่ง 2 รายการ รายการแรกภายใน 18 เม.ย. 2560"),
    ("overdue", {"count": 3, "days": 5, "coming": 0}, "เลยกำหนดส่ง 3 รายการ นานที่สุด 5 วัน"),
    ("overdue", {"count": 3, "days": 5, "coming": 2}, "เลยกำหนดส่ง 3 รายการ นานที่สุด 5 วัน และใกล้ถึงกำหนดอีก 2 รายการ"),
    ("escalated", {"units": 4, "count": 9}, "4 หน่วยงานยังไม่ส่งผลงานที่เลยกำหนด 9 รายการ"),
    (
        "escalated", {"units": 5, "count": 4, "is_shared": True},
        "5 หน่วยงานยังไม่ส่งผลงานที่เลยกำหนด 4 รายการ บางรายการหลายหน่วยงานรับผิดชอบร่วมกัน",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "facts", "sentence"), SENTENCES)
def test_the_sentence_of_each_kind(kind, facts, sentence, tell):
    assert sentence_of(tell(kind, **facts)) == sentence


@pytest.mark.parametrize("kind", Notice.Kind.values)
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_kind_has_a_sentence_in_both_languages_whatever_is_known(kind, language, tell):
    with override(language):
        bare = sentence_of(tell(kind))
        full = sentence_of(tell(kind, code="7(1)", name="รอคอย", period="มีนาคม 2560", by="สมศรี", reason="เหตุ"))
    assert bare.strip()
    assert full.strip()
    assert "%(" not in bare + full


def test_a_kind_from_elsewhere_breaks_nothing(head, tell):
    tell("unheard")
    assert head.get(reverse("notices")).status_code == 200
