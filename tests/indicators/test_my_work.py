"""งานของฉัน: the lists of a department, the summary, and where others go."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from indicators import queries
from indicators.models import RecoveryMeasure, Responsibility, Result, Round
from indicators.work import place_of, work_of
from indicators.work_places import Place
from indicators.workflow import transition
from strategy.access import reach_of
from strategy.models import Membership, OrgUnit

Status = Result.Status


@pytest.fixture
def work(cast):
    """The head's lists: `work()["late"]` is [("7(1)", 6), …]."""

    def lists(user=None, year=2560):
        user = user or cast.head
        user.__dict__.pop("_kpitrack_reach", None)
        found = work_of(reach_of(user), year)
        return {one.place.value: [(row.code, row.round.number) for row in one.rows] for one in found.lists}

    return lists


@pytest.fixture
def text(head):
    return lambda: head.get("/").content.decode()


def part(page: str, title: str) -> str:
    """One list of the page, up to the next heading."""
    return page.split(title, 1)[1].split("<h2", 1)[0]


# Which list a round belongs to

MARCH = Round(start=date(2017, 3, 1), end=date(2017, 3, 31), due=date(2017, 4, 10))
HALF = Round(start=date(2016, 10, 1), end=date(2017, 3, 31), due=date(2017, 4, 10))
OWN = Round(start=date(2017, 4, 1), end=date(2017, 4, 20), due=date(2017, 4, 25))


@pytest.mark.parametrize(
    ("round_", "status", "today", "place"),
    [
        (MARCH, None, date(2017, 3, 1), Place.RUNNING),
        (MARCH, None, date(2017, 3, 31), Place.RUNNING),
        (MARCH, None, date(2017, 4, 1), Place.DUE),
        (MARCH, Status.DRAFT, date(2017, 4, 10), Place.DUE),
        (MARCH, Status.DRAFT, date(2017, 4, 11), Place.LATE),
        (HALF, None, date(2017, 3, 1), Place.RUNNING),
        (OWN, None, date(2017, 4, 15), Place.DUE),
        (MARCH, Status.RETURNED, date(2017, 3, 5), Place.BACK),
        (MARCH, Status.REOPENED, date(2017, 9, 1), Place.BACK),
        (MARCH, Status.SUBMITTED, date(2017, 9, 1), Place.WAITING),
        (MARCH, Status.APPROVED, date(2017, 9, 1), Place.DONE),
    ],
)
def test_place(round_, status, today, place):
    assert place_of(round_, status, today) is place


def test_the_lists_of_a_department(work, saved, submitted, approved, cast, access):
    approved("7(1)", 1, A=33600, B=200)
    approved("7(1)", 2, A=33600, B=200)
    submitted("7(1)", 3, A=33600, B=200)
    back = submitted("7(1)", 4, A=33600, B=200)
    transition(access=access(cast.reviewer, back.round), action="return", by=cast.reviewer, lock=back.lock, reason="ก")
    saved("7(1)", 5, A=33600)
    found = work()
    assert found["back"] == [("7(1)", 4)]
    assert found["late"][:2] == [("7(1)", 5), ("7(1)", 6)]
    assert ("7(1)", 7) in found["running"]
    assert found["waiting"] == [("7(1)", 3)]
    assert found["done"] == [("7(1)", 2), ("7(1)", 1)]  # newest first
    assert all(number < 8 for rows in found.values() for _, number in rows)  # May has not begun


def test_a_month_before_its_due_day(work, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 5)
    assert ("7(1)", 6) in work()["due"]


def test_september_is_still_there_in_october(work, saved, settings):
    settings.KPITRACK_TODAY = date(2017, 10, 5)
    found = work(year=2561)
    assert ("7(1)", 12) in found["due"]
    assert ("7(1)", 1) in found["running"]
    assert ("7(1)", 11) in found["late"]  # and is taken until the end of October
    settings.KPITRACK_TODAY = date(2017, 11, 1)
    assert ("7(1)", 11) not in work(year=2561)["late"]  # older ones are locked now


def test_what_was_handed_in_last_year_is_not_dragged_along(work, submitted, settings):
    submitted("7(1)", 5, A=33600, B=200)
    settings.KPITRACK_TODAY = date(2017, 10, 5)
    found = work(year=2561)
    assert ("7(1)", 5) not in [place for rows in found.values() for place in rows]


def test_the_navigation_counts_the_same(work, cast, saved, submitted, access):
    saved("7(1)", 5, A=1, B=1)
    back = submitted("7(1)", 4, A=33600, B=200)
    transition(access=access(cast.reviewer, back.round), action="return", by=cast.reviewer, lock=back.lock, reason="ก")
    found = work()
    open_ = sum(len(found.get(place, [])) for place in ("back", "late", "due"))
    assert queries.waiting_counts(cast.head)["entry"] == open_


# The page


def test_the_page(text, submitted, saved, cast, access, round_of):
    back = submitted("7(1)", 4, A=33600, B=200)
    transition(
        access=access(cast.reviewer, back.round), action="return", by=cast.reviewer, lock=back.lock,
        reason="ตรวจจำนวนตัวอย่าง <อีกครั้ง>",
    )  # fmt: skip
    submitted("7(1)", 5, A=34600, B=200)
    page = text()
    assert "<h1>งานของฉัน</h1>" in page
    assert "ปีงบประมาณ 2560" in page
    returned = part(page, "ส่งกลับให้แก้ไข / เปิดให้แก้ไขใหม่")
    for piece in ("7(1)", "ระยะเวลารอคอย OPD ลดลง", "มกราคม 2560", "ตรวจจำนวนตัวอย่าง &lt;อีกครั้ง&gt;", "แก้ไข", "168.00"):
        assert piece in returned
    late = part(page, "เลยกำหนด <span")
    for piece in ("มีนาคม 2560", "10 เม.ย. 2560", "เลยมา 5 วัน", "บันทึกผล", f"/rounds/{round_of('7(1)', 6).pk}/entry/"):
        assert piece in late
    waiting = part(page, "รอตรวจสอบ <span")
    for piece in ("กุมภาพันธ์ 2560", "173.00", "รอตรวจ", "ดู", 'class="level level-4"'):
        assert piece in waiting
    assert page.count("btn-primary") == 1


def test_the_summary_counts(text, cast, round_of, submitted):
    for number in range(1, 6):
        submitted("7(1)", number, A=33600, B=200)
    others = Responsibility.objects.filter(responsible_unit__code="PST_OPD").exclude(indicator__code="7(1)")
    others.delete()
    assert "ค้างส่ง 1 รายการ เลยกำหนด 1 รายการ" in text()


@pytest.fixture
def measure(saved):
    def add(number, by_when, status="open"):
        result = saved("7(1)", number, A=40000, B=200)
        RecoveryMeasure.objects.create(
            result=result, what="เพิ่มช่องบริการ", who="หัวหน้า OPD", by_when=by_when, status=status,
            created_by=result.entered_by, created_at=result.entered_at,
        )  # fmt: skip

    return add


def test_recovery_measures_are_work_too(text, measure):
    """One line, what is overdue first, leading to the tab that shows as many."""
    assert "มาตรการแก้ไขเลย" not in text()
    measure(4, date(2017, 5, 31))
    assert f'<a href="{reverse("recovery_list")}?tab=unclosed">มาตรการแก้ไขที่ยังไม่ปิด 1 รายการ</a>' in text()
    measure(5, date(2017, 4, 14))
    measure(6, date(2017, 4, 1), status="closed")
    page = text()
    assert (
        f'<a href="{reverse("recovery_list")}?tab=overdue">มาตรการแก้ไขเลยกำหนด 1 รายการ จากที่ยังไม่ปิด 2 รายการ</a>' in page
    )


def test_recovery_measures_of_others_are_not_ones_own(client, cast, measure):
    measure(5, date(2017, 4, 14))
    client.force_login(cast.other_head)
    assert "มาตรการแก้ไขเลยกำหนด" not in client.get("/").content.decode()


def test_nothing_waits(text, submitted):
    for number in range(1, 7):
        submitted("7(1)", number, A=33600, B=200)
    Responsibility.objects.exclude(indicator__code="7(1)").delete()
    page = text()
    assert "ไม่มีรายการค้าง" in page
    assert "กำลังอยู่ในงวด" in page


def test_a_sub_kpi_has_its_parents_name(text, own, indicator):
    own(indicator("11(1)"))
    assert "ร้อยละความสมบูรณ์ของเวชระเบียน — ผู้ป่วยนอก" in text()


def test_no_cases_has_a_word(text, submitted):
    submitted("7(1)", 5, A=0, B=0)
    assert "ไม่มีผู้รับบริการเข้าเกณฑ์" in part(text(), "รอตรวจสอบ <span")


def test_a_unit_without_kpis_is_told(client, cast, plan):
    unit = OrgUnit.objects.create(code="NEW", name="หน่วยใหม่", parent=plan.unit)
    Membership.objects.filter(user=cast.head).update(unit=unit)
    client.force_login(cast.head)
    assert "ยังไม่มีตัวชี้วัดที่หน่วยงานของท่านต้องบันทึก" in client.get("/").content.decode()


def test_a_responsibility_that_ended_is_gone(work, indicator):
    Responsibility.objects.filter(indicator=indicator("7(1)")).update(end=date(2017, 4, 14))
    assert "7(1)" not in {code for rows in work().values() for code, _ in rows}


def test_a_kpi_without_active_template_is_left_out(work, indicator):
    indicator("7(1)").versions.update(is_active=False)
    assert "7(1)" not in {code for rows in work().values() for code, _ in rows}


# Who sees it


def test_anonymous_people_log_in_first(client):
    assert client.get("/").headers["Location"].startswith("/accounts/login/")


def has(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


@pytest.mark.parametrize(
    ("person", "target"), [("reviewer", "review_list"), ("executive", "dashboard"), ("administrator", "dashboard")]
)
def test_others_go_where_their_work_is(client, cast, person, target):
    if not has(target):
        pytest.skip(f"there is no page {target} yet")
    client.force_login(getattr(cast, person))
    assert client.get("/").headers["Location"] == reverse(target)


def test_who_enters_and_reviews_stays(client, cast):
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    client.force_login(cast.head)
    assert client.get("/").status_code == 200


def test_without_a_unit_one_is_told_whom_to_ask(client, cast):
    cast.administrator.telephone, cast.administrator.title = "1599", "นักวิชาการคอมพิวเตอร์"
    cast.administrator.save()
    OrgUnit.objects.filter(code="POLICY").update(telephone="043-336789")
    client.force_login(cast.outsider)
    response = client.get("/")
    page = response.content.decode()
    assert response.status_code == 200
    for piece in ("ยังไม่ได้อยู่ในหน่วยงานใด", "outsider", "administrator", "1599", "นักวิชาการคอมพิวเตอร์", "043-336789"):
        assert piece in page


def test_a_membership_that_ended_is_none(client, cast):
    Membership.objects.filter(user=cast.head).update(end=date(2017, 4, 14))
    client.force_login(cast.head)
    assert "บทบาทของท่านสิ้นสุดแล้ว" in client.get("/").content.decode()


def test_queries_do_not_grow(head, submitted, cast, access):
    counts = []
    for numbers in ((1,), (2, 3, 4)):
        for number in numbers:
            done = submitted("7(1)", number, A=33600, B=200)
            seen = access(cast.reviewer, done.round)
            transition(access=seen, action="return", by=cast.reviewer, lock=done.lock, reason="ก")
        with CaptureQueriesContext(connection) as captured:
            head.get("/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_what_is_done_is_not_endless(client, cast, submitted, monkeypatch):
    """Of what waits or is done only the first are shown, and the page says so; the count is of all."""
    monkeypatch.setattr("indicators.work.LONGEST", 2)
    for number in (1, 2, 3):
        submitted("7(1)", number, A=33600, B=200)
    client.force_login(cast.head)
    page = client.get("/").content.decode()
    assert "แสดง 2 จาก 3 รายการ" in page


def test_without_a_role_no_page_is_offered(client, cast):
    client.force_login(cast.outsider)
    assert "ภาพรวมแผน" not in client.get("/").content.decode()
