"""More time for one unit's round: who may grant it, what it changes, and lateness that is told once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import Entry, save_result, submit_result
from indicators.models import Closure, Extension, Notice, Result, Round
from indicators.queries import awaiting_entry
from indicators.refusals import NotAllowed
from indicators.reviews.queries import overdue_rounds, with_overdue_rows
from indicators.rules import fetch_round
from indicators.schedule.actions import cancel_indicator, extend_round
from indicators.schedule.standing import Calendar
from indicators.scorecards import CardState, build_cards
from indicators.work import work_of
from indicators.work_places import Place
from indicators.workflow import transition
from strategy import clock
from strategy.access import reach_of
from strategy.models import OrgUnit
from tests.builders import K405_BANDS, K405_ITEMS, make, measure_in

pytestmark = pytest.mark.django_db
GOOD = {"A": 33600, "B": 200}
DUE = date(2017, 4, 10)
UNTIL = date(2017, 4, 28)
WHY = "ระบบข้อมูลล่มตั้งแต่วันที่ 5"


@pytest.fixture
def march(round_of):
    return round_of("7(1)", 6)


@pytest.fixture
def extend(cast, access, march):
    def grant(until=UNTIL, reason=WHY, by=None, round_=None):
        by, round_ = by or cast.reviewer, round_ or march
        last = Extension.objects.filter(round=round_).last()
        return extend_round(
            access=access(by, round_), by=by, until=until, reason=reason, seen=last.pk if last else 0
        )  # fmt: skip

    return grant


def place(cast, march) -> tuple:
    """Where the head's own list has it, and what it says."""
    cast.head.__dict__.pop("_kpitrack_reach", None)
    rows = work_of(reach_of(cast.head), 2560).rows
    row = next(row for row in rows if row.round.pk == march.pk)
    return row.place, row.states, row.due


# What it changes


def test_it_moves_the_due_day_of_that_unit_alone(extend, cast, access, march, round_of):
    extend()
    assert access(cast.head, march).due == UNTIL
    assert access(cast.head, round_of("7(1)", 5)).due == date(2017, 3, 10)
    assert march.due == Round.objects.get(pk=march.pk).due == DUE


def test_the_latest_one_holds_also_where_it_is_shorter(extend, cast, access, march):
    extend()
    extend(date(2017, 4, 20))
    assert access(cast.head, march).due == date(2017, 4, 20)
    assert Calendar([march]).of(march, march.indicator.plan.unit).extended_until == date(2017, 4, 20)


def test_a_locked_round_opens_again(extend, cast, access, march, settings):
    settings.KPITRACK_TODAY = date(2017, 11, 2)
    seen = access(cast.head, march)
    assert not seen.may_enter
    assert "ปิดรับผลงานงวดนี้แล้วเมื่อสิ้นวันที่ 31 ตุลาคม 2560" in seen.obstacle
    assert "ขอขยายเวลาที่" in seen.obstacle
    with pytest.raises(NotAllowed, match="ปิดรับผลงาน"):
        save_result(access=seen, by=cast.head, entry=Entry(data={}), lock=0)
    extend(date(2017, 11, 30))
    seen = access(cast.head, march)
    assert seen.may_enter
    assert not seen.obstacle
    settings.KPITRACK_TODAY = date(2017, 12, 1)
    assert not access(cast.head, march).may_enter


@pytest.mark.parametrize("status", ["returned", "reopened"])
def test_a_lock_does_not_bind_what_was_sent_back(status, submitted, cast, access, settings, march):
    result = submitted("7(1)", **GOOD)
    settings.KPITRACK_TODAY = date(2017, 11, 2)
    steps = {"returned": ["return"], "reopened": ["approve", "reopen"]}[status]
    for action in steps:
        seen = access(cast.reviewer, march)
        result = transition(access=seen, action=action, by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง")
    assert access(cast.head, march).may_submit


def test_what_is_locked_is_not_withdrawn(submitted, cast, access, march, settings):
    result = submitted("7(1)", **GOOD)
    settings.KPITRACK_TODAY = date(2017, 11, 2)
    seen = access(cast.head, march)
    assert not seen.obstacle  # it is with the reviewers; nothing is to be done
    with pytest.raises(NotAllowed, match="ปิดรับผลงาน"):
        transition(access=seen, action="withdraw", by=cast.head, lock=result.lock)


def test_lists_wait_as_long_as_there_is_time(extend, cast, march):
    reviewer = reach_of(cast.reviewer)
    assert place(cast, march) == (Place.LATE, ["late"], DUE)
    assert march in overdue_rounds(reviewer)
    extend()
    assert place(cast, march) == (Place.DUE, ["extended"], UNTIL)
    assert march not in overdue_rounds(reviewer)


def test_lists_when_the_time_has_passed_too(extend, cast, march, settings):
    extend()
    settings.KPITRACK_TODAY = UNTIL + timedelta(days=2)
    assert place(cast, march) == (Place.LATE, ["late"], UNTIL)
    [row] = [r for r in with_overdue_rows(overdue_rounds(reach_of(cast.reviewer))) if r.pk == march.pk]
    assert row.granted == {march.indicator.plan.unit_id: UNTIL}


def test_locked_rounds_say_whom_to_ask(cast, march, settings):
    Round.objects.filter(pk=march.pk).update(locks=date(2017, 4, 12))
    assert place(cast, march)[1] == ["locked"]
    row = next(row for row in work_of(reach_of(cast.head), 2560).rows if row.round.pk == march.pk)
    assert "ขอขยายเวลาที่" in row.note
    assert row.action == "ดู"
    assert not row.is_first
    assert march not in awaiting_entry(reach_of(cast.head), 2560)


def test_one_hospital_of_many_has_more_time(plan, cast):
    kpi = make(plan, "K405", items=K405_ITEMS, bands=K405_BANDS, across_level=5)
    first, second = measure_in(kpi, ["10998", "10999"])
    round_ = kpi.rounds.get(number=2)
    access = fetch_round(cast.reviewer, round_.pk, "10998")
    extend_round(access=access, by=cast.reviewer, until=UNTIL, reason=WHY)
    assert fetch_round(cast.reviewer, round_.pk, "10998").due == UNTIL
    assert fetch_round(cast.reviewer, round_.pk, "10999").due == DUE
    calendar = Calendar(Round.objects.filter(pk=round_.pk))
    assert calendar.of(round_, first).extended_until == UNTIL
    assert calendar.of(round_, second).extended_until is None
    assert round_ in overdue_rounds(reach_of(cast.reviewer))  # of the other one
    extend_round(access=fetch_round(cast.reviewer, round_.pk, "10999"), by=cast.reviewer, until=UNTIL, reason=WHY)
    assert round_ not in overdue_rounds(reach_of(cast.reviewer))


def test_a_due_day_that_was_moved_keeps_the_kpi_from_being_missing(extend, plan, march):
    def state():
        return build_cards(plan, 2560, date(2017, 3, 31), march.indicator)[0]

    for number in range(1, 6):
        extend(round_=Round.objects.get(indicator=march.indicator, fiscal_year=2560, number=number))
    assert state().state == CardState.NOT_REPORTED  # March itself
    extend()
    card = state()
    assert card.state == CardState.NOT_DUE
    assert card.rounds[5].due == UNTIL


# Lateness


@pytest.mark.parametrize(
    ("day", "until", "late"),
    [
        (date(2017, 4, 10), None, 0),
        (date(2017, 4, 11), None, 1),
        (date(2017, 4, 30), None, 20),
        (date(2017, 4, 28), UNTIL, 0),
        (date(2017, 4, 30), UNTIL, 2),
        (date(2017, 4, 5), UNTIL, 0),
    ],
)
def test_how_late_it_came(day, until, late, extend, submitted, settings):
    if until:
        extend(until)
    settings.KPITRACK_TODAY = day
    result = submitted("7(1)", **GOOD)
    assert (result.late_days, clock.day_of(result.first_submitted_at)) == (late, day)


def test_lateness_is_told_once(submitted, cast, access, march, settings):
    settings.KPITRACK_TODAY = DUE
    result = submitted("7(1)", **GOOD)
    first = result.first_submitted_at
    settings.KPITRACK_TODAY = date(2017, 4, 25)
    result = transition(
        access=access(cast.reviewer, march), action="return", by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง"
    )
    result = submit_result(access=access(cast.head, march), by=cast.head, lock=result.lock)
    assert result.submitted_at > first
    assert (Result.objects.get(pk=result.pk).late_days, result.first_submitted_at) == (0, first)


def test_what_was_taken_back_comes_when_it_is_sent_again(submitted, cast, access, march, settings):
    """Sent in time only to be taken back: the day of the numbers that a reviewer gets is what counts."""
    settings.KPITRACK_TODAY = DUE
    result = submitted("7(1)", **GOOD)
    result = transition(access=access(cast.head, march), action="withdraw", by=cast.head, lock=result.lock)
    settings.KPITRACK_TODAY = date(2017, 4, 13)
    result = submit_result(access=access(cast.head, march), by=cast.head, lock=result.lock)
    assert (result.late_days, clock.day_of(result.first_submitted_at)) == (3, date(2017, 4, 13))
    result = transition(
        access=access(cast.reviewer, march), action="return", by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง"
    )
    settings.KPITRACK_TODAY = date(2017, 4, 20)
    result = submit_result(access=access(cast.head, march), by=cast.head, lock=result.lock)
    result = transition(access=access(cast.head, march), action="withdraw", by=cast.head, lock=result.lock)
    settings.KPITRACK_TODAY = date(2017, 4, 21)
    result = submit_result(access=access(cast.head, march), by=cast.head, lock=result.lock)
    assert (result.late_days, clock.day_of(result.first_submitted_at)) == (3, date(2017, 4, 13))  # judged, then mended


def test_lateness_stays_when_more_time_comes_afterwards(submitted, cast, access, march):
    result = submitted("7(1)", **GOOD)
    assert result.late_days == 5
    result = transition(access=access(cast.head, march), action="withdraw", by=cast.head, lock=result.lock)
    extend_round(access=access(cast.reviewer, march), by=cast.reviewer, until=UNTIL, reason=WHY)
    result = submit_result(access=access(cast.head, march), by=cast.head, lock=result.lock)
    assert result.late_days == 5


def test_lateness_stands_in_the_own_list(submitted, head):
    submitted("7(1)", **GOOD)
    assert "ส่งช้า 5 วัน" in head.get(reverse("my_work")).content.decode()


# Who may, and within which limits


@pytest.mark.parametrize("name", ["reporter", "head", "executive", "administrator"])
def test_only_the_strategy_unit_grants_it(name, extend, cast):
    with pytest.raises(NotAllowed, match="เฉพาะผู้ตรวจสอบ"):
        extend(by=getattr(cast, name))


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (DUE, "ต้องหลังกำหนดส่งเดิม 10 เม.ย. 2560"),
        (date(2017, 4, 14), "ผ่านไปแล้ว"),
        (date(2018, 10, 1), "ไม่เกิน 30 ก.ย. 2561"),
    ],
)
def test_limits(until, sentence, extend):
    with pytest.raises(NotAllowed, match=sentence):
        extend(until)
    assert not Extension.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_due(reason, extend):
    with pytest.raises(NotAllowed, match="กรุณาระบุเหตุผล"):
        extend(reason=reason)


def test_not_for_what_was_submitted(extend, submitted):
    submitted("7(1)", **GOOD)
    with pytest.raises(NotAllowed, match="ส่งผลงานงวดนี้แล้ว"):
        extend()


def test_not_for_a_closed_period(extend, plan, cast):
    closure(plan, cast)
    with pytest.raises(NotAllowed, match="ปิดแล้ว"):
        extend()


def test_not_for_a_cancelled_indicator(extend, cast, march):
    cancel_indicator(
        indicator=march.indicator, fiscal_year=2560, day=date(2017, 3, 1), reason="ยุบรวม", by=cast.reviewer
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="ยกเลิกตั้งแต่"):
        extend()


def closure(plan, cast, number=6, until=date(2017, 3, 31)) -> Closure:
    return Closure.objects.create(
        plan=plan, fiscal_year=2560, number=number, until=until, snapshot={}, closed_by=cast.reviewer,
        closed_at=clock.now(),
    )  # fmt: skip


def test_a_second_click_changes_nothing(extend, cast, access, march):
    first = extend()
    again = extend_round(access=access(cast.reviewer, march), by=cast.reviewer, until=UNTIL, reason=WHY, seen=0)
    assert again == first
    assert Extension.objects.count() == 1


def test_the_second_of_two_people_is_told(extend, cast, access, march):
    extend()
    with pytest.raises(NotAllowed, match="มีผู้อื่นขยายเวลา"):
        extend_round(
            access=access(cast.reviewer, march), by=cast.reviewer, until=date(2017, 5, 5), reason=WHY, seen=0
        )  # fmt: skip
    assert Extension.objects.count() == 1


def test_its_people_are_told(extend, cast, march):
    extend()
    notice = Notice.objects.get(user=cast.head)
    assert notice.kind == Notice.Kind.EXTENDED
    assert (notice.facts["code"], notice.facts["until"], notice.facts["reason"]) == ("7(1)", "2017-04-28", WHY)
    assert notice.url == reverse("entry", args=[march.pk])
    assert not Notice.objects.filter(user__in=[cast.reviewer, cast.other_head]).exists()


# The page


@pytest.fixture
def office(client, cast):
    client.force_login(cast.reviewer)
    return client


@pytest.fixture
def url(march):
    return reverse("round_extend", args=[march.pk])


def test_the_page_says_what_it_is_for(office, url):
    text = office.get(url).content.decode()
    for part in (
        "ขยายเวลาส่ง 7(1)",
        "มีนาคม 2560",
        "10 เม.ย. 2560",
        "31 ต.ค. 2560",
        "เลยกำหนดมา 5 วัน",
        "ยังไม่เคยขยายเวลา",
    ):
        assert part in text


def test_granting_it_on_the_page(office, url, march):
    answer = office.post(url, {"until": "28/4/2560", "reason": WHY, "seen": "0"}, follow=True)
    text = answer.content.decode()
    assert "ขยายเวลาส่ง 7(1)" in text
    assert Extension.objects.get().until == UNTIL
    assert WHY in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "กรุณาใส่วันที่"),
        ("ปลายเดือน", "ไม่ใช่วันที่"),
        ("31 เม.ย. 2560", "ไม่มีวันที่"),
        ("28 เม.ย. 2017", "พ.ศ."),
        ("10 เม.ย. 2560", "ต้องหลังกำหนดส่งเดิม"),
        ("1 ต.ค. 2561", "ขยายได้ไม่เกิน"),
        ("12 เม.ย. 2560", "ผ่านไปแล้ว"),
        ("9" * 5000, ""),
        ("\0", ""),
    ],
)
def test_bad_days_come_back_as_they_were_typed(typed, sentence, office, url):
    answer = office.post(url, {"until": typed, "reason": WHY, "seen": "0"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert WHY in text
    assert not Extension.objects.exists()


def test_a_reason_that_is_missing_keeps_the_day(office, url):
    answer = office.post(url, {"until": "28 เม.ย. 2560", "reason": " ", "seen": "0"})
    assert answer.status_code == 422
    assert "28 เม.ย. 2560" in answer.content.decode()


def test_what_somebody_else_granted_is_shown_with_what_was_typed(office, url, extend):
    extend()
    answer = office.post(url, {"until": "5 พ.ค. 2560", "reason": "ขอเพิ่ม", "seen": "0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "มีผู้อื่นขยายเวลา" in text
    assert "ขอเพิ่ม" in text
    latest = Extension.objects.get()
    assert f'name="seen" value="{latest.pk}"' in text
    office.post(url, {"until": "5 พ.ค. 2560", "reason": "ขอเพิ่ม", "seen": latest.pk})
    assert Extension.objects.count() == 2


def test_a_submitted_result_has_no_form(office, url, submitted):
    submitted("7(1)", **GOOD)
    text = office.get(url).content.decode()
    assert "จึงไม่ต้องขยายเวลา" in text
    assert 'name="until"' not in text
    assert office.post(url, {"until": "28 เม.ย. 2560", "reason": WHY, "seen": "0"}).status_code == 403


def test_the_missing_list_leads_here(office, march, url):
    text = office.get(reverse("review_list"), {"tab": "missing", "q": "7(1)"}).content.decode()
    assert f'href="{url}"' in text


def test_the_entry_page_says_until_when(head, extend, march):
    extend()
    text = head.get(reverse("entry", args=[march.pk])).content.decode()
    assert "28 เมษายน 2560" in text
    assert "ขยายเวลาแล้ว" in text


def test_the_page_asks_the_same_for_one_and_three(office, url, extend):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get(url).status_code == 200
        return len(asked)

    extend()
    one = count()
    extend(date(2017, 5, 2))
    extend(date(2017, 5, 3))
    assert count() == one <= 12


def test_another_unit_that_is_not_measured_is_not_there(office, url):
    assert office.get(url, {"unit": OrgUnit.objects.get(code="ACCOUNT").code}).status_code == 404


def test_a_returned_result_leads_here(office, url, submitted, cast, access, march):
    result = submitted("7(1)", **GOOD)
    seen = access(cast.reviewer, march)
    transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="แก้ตัวตั้ง")
    text = office.get(reverse("review_detail", args=[march.pk])).content.decode()
    assert f'href="{url}"' in text
