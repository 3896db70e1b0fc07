"""What the pages of a unit say of a result is true at the moment, and invites to nothing that cannot be done."""

from datetime import date

import pytest
from django.urls import reverse

from indicators.closing.missing import missing_of
from indicators.recovery.actions import add_measure
from indicators.schedule.actions import extend_round
from indicators.work import work_of
from indicators.workflow import transition
from strategy import clock
from strategy.access import reach_of
from tests.indicators.conftest import address
from tests.indicators.months import month_form, month_url, rows_of
from tests.indicators.test_extensions import closure

GOOD = {"A": 33600, "B": 200}
NOT_SENT = "<li>ยังไม่ได้ส่ง</li>"
NOT_KEPT = "<li>ยังไม่ได้ส่ง และสิ่งที่แก้ไขล่าสุดยังไม่ได้บันทึก</li>"
INVITES = ("แก้ไขได้เมื่อ", "แล้วส่งอีกครั้ง", "มีรายการที่ต้องแก้ไข", "กำหนดส่ง")


@pytest.fixture
def sent_back(submitted, cast, access):
    """A result that the reviewer sent back: `sent_back("7(1)")`."""

    def make(code="7(1)", number=6):
        result = submitted(code, number, **GOOD)
        seen = access(cast.reviewer, result.round)
        return transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="ตรวจตัวตั้ง")

    return make


def head_of(text: str) -> str:
    return text.split('class="page-head', 1)[1].split("</header>", 1)[0]


# After a period was closed


@pytest.mark.parametrize("status", ["none", "draft", "submitted", "approved"])
def test_nothing_of_a_closed_period_invites_to_edit(status, page, saved, submitted, approved, plan, cast):
    make = {"draft": saved, "submitted": submitted, "approved": approved}.get(status)
    if make:
        make("7(1)", **GOOD)
    closure(plan, cast)
    text = page()
    assert "ปิดแล้ว แก้ไขไม่ได้" in text
    assert not [words for words in INVITES if words in head_of(text)]


def test_what_came_back_before_its_period_was_closed(page, head, sent_back, plan, cast):
    sent_back()
    told = head.get(month_url()).content.decode().split("มีรายการที่ต้องแก้ไข", 1)[1]
    assert ">ตัวชี้วัด 7(1)</a>" in told.split("</div>", 1)[0]  # a code alone reads as a count
    assert "อ่านเหตุผล แก้ไข แล้วส่งอีกครั้ง" in page()
    closure(plan, cast)
    assert "มีรายการที่ต้องแก้ไข" not in head.get(month_url()).content.decode()
    assert not [words for words in INVITES if words in head_of(page())]


def test_what_is_locked_cannot_be_taken_back(page, submitted, settings):
    submitted("7(1)", **GOOD)
    assert "แก้ไขได้เมื่อถอนกลับมาหรือผู้ตรวจสอบส่งกลับ" in page()
    settings.KPITRACK_TODAY = date(2017, 11, 2)
    assert "ส่งแล้ว รอตรวจสอบ แก้ไขได้เมื่อผู้ตรวจสอบส่งกลับ" in page()


# Why it was not submitted


def test_a_saved_draft_is_not_said_to_be_unsaved(saved, send):
    saved("7(1)", A=33600)
    text = send(A="33600", B="", action="submit").content.decode()
    assert NOT_SENT in text
    assert "บันทึกไว้แล้วแต่ยังไม่ได้ส่ง" not in text  # the head of the page says that it is a draft
    assert "สิ่งที่แก้ไขล่าสุดยังไม่ได้บันทึก" not in text
    assert NOT_KEPT in send(A="33700", B="", action="submit").content.decode()


def test_a_warning_that_only_has_a_box_asks_for_no_words(send):
    text = send(number=7, A="33600", B="200", action="submit").content.decode()
    assert "ตัวเลขอาจยังไม่ครบ" in text
    assert "เขียนคำอธิบายข้างคำเตือน" not in text
    assert "<li>กรุณาตรวจตัวเลข แล้วทำเครื่องหมายในช่องของคำเตือน แล้วส่งอีกครั้ง</li>" in text


def test_without_numbers_nobody_asks_whether_they_are_complete(send, round_of):
    said = {"not_applicable": "on", "not_applicable_reason": "ไม่มีผู้ป่วยนอก"}
    assert send(number=7, A="", B="", action="submit", texts=said).status_code == 302
    assert round_of("7(1)", 7).results.get().status == "submitted"


# Taking back


def test_taking_back_says_that_it_will_be_late(page, submitted, cast, access, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 8)
    result = submitted("7(1)", **GOOD)
    assert "ส่งช้า" not in page()
    settings.KPITRACK_TODAY = date(2017, 4, 15)
    warning = "เลยกำหนดส่ง 10 เมษายน 2560 แล้ว ถ้าถอนกลับมาแล้วส่งใหม่วันนี้ จะบันทึกว่าส่งช้า 5 วัน"
    assert warning in page()
    back = transition(
        access=access(cast.reviewer, result.round), action="return", by=cast.reviewer, lock=result.lock, reason="ก"
    )
    transition(access=access(cast.head, result.round), action="submit", by=cast.head, lock=back.lock)
    assert warning not in page()  # it was in time when it was first sent; that stays


# More time


def test_more_time_is_one_state_everywhere(head, page, plan, cast, access, round_of):
    march = round_of("7(1)")
    until = date(2017, 4, 28)
    extend_round(access=access(cast.reviewer, march), by=cast.reviewer, until=until, reason="ระบบล่ม", seen=0)
    assert "ขยายเวลาแล้ว" in head_of(page())
    found = [row for one in work_of(reach_of(cast.head), 2560).lists for row in one.rows if row.code == "7(1)"]
    [row] = [row for row in found if row.round.number == 6]
    assert (row.states, row.is_extended) == (["extended"], True)
    home = head.get("/").content.decode()
    assert "28 เม.ย. 2560" in home
    assert "ขยายจาก 10 เม.ย. 2560" in home
    kpi = head.get(reverse("indicator", args=[march.indicator_id])).content.decode()
    row = kpi.split('<th scope="row">มีนาคม 2560</th>', 1)[1].split("</tr>", 1)[0]
    assert "ขยายเวลาแล้ว" in row
    assert "ถึงกำหนด" not in row
    [item] = [owed for owed in missing_of(plan, 2560, march.end) if owed.key == (march.pk, plan.unit_id)]
    assert (item.state, item.is_due) == ("extended", False)
    month = head.get(month_url()).content.decode().split("ระยะเวลารอคอย", 1)[1].split("</tr>", 1)[0]
    assert "ขยายเวลาแล้ว" in month
    assert "ยังไม่ถึงกำหนด" not in month


def test_more_time_that_is_over_is_not_reported(head, cast, access, round_of, settings):
    march = round_of("7(1)")
    until = date(2017, 4, 28)
    extend_round(access=access(cast.reviewer, march), by=cast.reviewer, until=until, reason="ระบบล่ม", seen=0)
    settings.KPITRACK_TODAY = date(2017, 5, 2)
    month = head.get(month_url()).content.decode().split("ระยะเวลารอคอย", 1)[1].split("</tr>", 1)[0]
    assert "ยังไม่รายงาน" in month


# What came back and is overdue


def test_what_came_back_past_its_day_counts_as_overdue(head, sent_back, cast):
    sent_back()
    assert clock.today() > date(2017, 4, 10)
    work = work_of(reach_of(cast.head), 2560)
    [row] = [row for one in work.lists for row in one.rows if row.place == "back"]
    assert row.states == ["returned", "late"]
    late = sum(row.is_overdue for row in work.rows)
    assert f"เลยกำหนด {late} รายการ" in work.summary
    assert late == 1 + work.count("late")
    states = head_of(head.get(address(row.round)).content.decode())
    assert "เลยกำหนด" in states


# Sending all that is complete


def test_what_came_back_is_not_sent_again_as_it_was(head, sent_back, saved, cast, round_of):
    back = sent_back()
    form = month_form(rows_of(cast.head), action="submit")
    text = head.post(month_url(), form).content.decode()
    assert "ตัวเลข คำอธิบาย และหลักฐานยังไม่ได้แก้หลังส่งกลับ ถ้าไม่มีอะไรต้องแก้ ส่งได้ที่หน้าของรายการนี้" in text
    assert round_of("7(1)").results.get().status == "returned"
    saved("7(1)", A=33000, B=200)
    head.post(month_url(), month_form(rows_of(cast.head), action="submit"))
    assert round_of("7(1)").results.get().status == "submitted"
    assert back.status == "returned"


def test_a_measure_that_was_asked_for_is_a_change(head, sent_back, cast, access, round_of):
    result = sent_back()
    measure = {"what": "เพิ่มช่องบริการ", "who": "หัวหน้า", "by_when": date(2017, 5, 31)}
    add_measure(access=access(cast.head, result.round), by=cast.head, **measure)
    head.post(month_url(), month_form(rows_of(cast.head), action="submit"))
    assert round_of("7(1)").results.get().status == "submitted"


def test_as_it_was_it_is_sent_on_its_own_page(send, sent_back, round_of):
    sent_back()
    assert send(A="33600", B="200", action="submit").status_code == 302
    assert round_of("7(1)").results.get().status == "submitted"


# Words


def test_the_way_back_leads_where_one_has_something(client, cast, saved, round_of):
    saved("7(1)", **GOOD)
    back = {}
    for person in (cast.head, cast.executive):
        client.force_login(person)
        crumbs = client.get(address(round_of("7(1)"))).content.decode().split('class="crumbs"', 1)[1]
        back[person.username] = crumbs.split("</nav>", 1)[0]
    assert "งานของฉัน" in back["head"]
    assert "งานของฉัน" not in back["executive"]
    assert reverse("dashboard") in back["executive"]
