"""What must be answered before submitting, what counts as an answer, and how long it counts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.actions import Entry, NotComplete, save_result, submit_result
from indicators.entry.saved import content_of, entry_of
from indicators.models import RecoveryMeasure, Responsibility
from indicators.questions import answered_warnings, is_about, submission_gaps
from indicators.workflow import transition
from scoring.explain import Score, State
from strategy import clock
from strategy.models import OrgUnit
from tests.builders import report

pytestmark = pytest.mark.django_db
FAILS = {"A": 40000, "B": 200}
EXCEEDS = {"A": 50, "B": 40}


def measure(result, cast, status="open"):
    return RecoveryMeasure.objects.create(
        result=result, what="เพิ่มจุดเจาะเลือด", who="หัวหน้า", by_when=date(2017, 5, 1), status=status,
        created_by=cast.head, created_at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def resave(cast, access):
    """Save again with something changed; gives the result."""

    def save(result, **changes):
        seen = access(cast.head, result.round)
        entry = replace(entry_of(seen.result), **changes)
        return save_result(access=seen, by=cast.head, entry=entry, lock=seen.result.lock)

    return save


@pytest.fixture
def gaps(cast, access):
    return lambda result: submission_gaps(access(cast.head, result.round))


@pytest.fixture
def refer(indicator):
    """KPI 5, of which A is a part of B, is entered by the head too."""
    unit = OrgUnit.objects.get(code="PST_OPD")
    own = indicator("5")
    Responsibility.objects.create(indicator=own, measured_unit=own.plan.unit, responsible_unit=unit, position=99)


# A failure


def test_a_failure_asks_for_a_measure_or_a_reason(saved, cast, gaps, resave):
    result = saved("7(1)", **FAILS)
    assert gaps(result)[0].startswith("ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไขที่เปิดอยู่")
    resave(result, comments={"no_recovery:": "รอประชุมทีม"})
    assert gaps(result) == []


def test_a_pass_asks_for_nothing(saved, gaps):
    assert gaps(saved("7(1)", A=33600, B=200)) == []


@pytest.mark.parametrize(("status", "asks"), [("open", False), ("done", False), ("closed", True), ("dropped", True)])
def test_a_measure_of_this_or_an_earlier_round_answers_it(status, asks, saved, cast, gaps, indicator):
    result = saved("7(1)", **FAILS)
    measure(report(indicator("7(1)"), 1, cast, **FAILS), cast, status)
    # In October the same failed: the numbers are those of the round before, which is asked about as well.
    assert any("ไม่ผ่านเกณฑ์" in gap for gap in gaps(result)) is asks


# Answers and what they are to


def test_a_comment_of_blanks_is_none(saved, gaps, resave, refer):
    result = saved("5", **EXCEEDS)
    kept = resave(result, comments={"exceeds:A=50,B=40": " \n", "no_recovery:": "x"})
    assert kept.warning_comments == {"no_recovery:": "x"}
    assert "มากกว่า B (40)" in gaps(result)[0]


def test_the_tick_of_former_times_is_no_comment(saved, gaps, resave, refer):
    result = saved("5", **EXCEEDS)
    resave(result, acknowledged=("exceeds:A=50,B=40",), comments={"no_recovery:": "x"})
    assert len(gaps(result)) == 2


def test_other_numbers_take_the_comment_away(saved, gaps, resave, refer):
    result = saved("5", **EXCEEDS)
    comments = {"exceeds:A=50,B=40": "ส่งต่อซ้ำ", "no_recovery:": "รอประชุม"}
    assert resave(result, comments=comments).warning_comments == comments
    changed = resave(result, data={"A": Decimal(51), "B": Decimal(40)})
    assert changed.warning_comments == {"no_recovery:": "รอประชุม"}
    assert changed.acknowledged == ["no_recovery:"]
    assert "มากกว่า B (40)" in gaps(result)[0]


def test_a_pass_takes_the_reason_for_no_measure_away(saved, resave):
    result = resave(saved("7(1)", **FAILS), comments={"no_recovery:": "รอประชุม"})
    assert result.acknowledged == ["no_recovery:"]
    assert resave(result, data={"A": Decimal(33600), "B": Decimal(200)}).acknowledged == []


@pytest.mark.parametrize(
    ("key", "still"),
    [
        ("exceeds:A=50,B=40", True), ("exceeds:A=50.0,B=40", False), ("exceeds:A=5,B=40", False),
        ("drift:B=40", True), ("drift:B=", False), ("drift:C=", True), ("no_recovery:", True), ("not_ended:", True),
        ("x", True), ("x:A", False), ("x:=,", True),
    ],
)  # fmt: skip
def test_whether_an_answer_still_fits(key, still):
    score = Score(None, State.COMPUTED, passed=False)
    assert is_about(key, {"A": Decimal("50.00"), "B": Decimal(40)}, score) is still


def test_saving_again_changes_nothing(saved, resave, refer):
    result = resave(saved("5", **EXCEEDS), comments={"exceeds:A=50,B=40": "ส่งต่อซ้ำ"}, note="ตรวจแล้ว")
    again = resave(result)
    assert content_of(entry_of(again)) == content_of(entry_of(result))
    assert content_of(replace(entry_of(result), note="ก")) != content_of(entry_of(result))


# Beside earlier rounds


def test_what_is_far_outside_asks_before_submitting(saved, cast, access, indicator, gaps, resave):
    for number, minutes in enumerate((33600, 34000, 33200, 33800), 1):
        report(indicator("7(1)"), number, cast, A=minutes, B=200)
    result = saved("7(1)", A=3360, B=200)
    assert gaps(result)[0] == ("ผลงาน 16.80 ต่ำกว่า 4 งวดที่ผ่านมามาก ซึ่งอยู่ระหว่าง 166.00 ถึง 170.00 (ค่ากลาง 168.50)")
    with pytest.raises(NotComplete, match="ต่ำกว่า 4 งวดที่ผ่านมามาก") as refused:
        submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert refused.value.sentences == gaps(result)  # a list where a page has room for one
    fresh = resave(result, comments={"far_value:A=3360,B=200": "สุ่มเฉพาะคลินิกนัด"})
    submit_result(access=access(cast.head, result.round), by=cast.head, lock=fresh.lock)


def test_the_same_as_last_month_asks(saved, approved, gaps):
    approved("7(1)", 5, A=33600, B=200)
    assert "ตัวเลขทุกช่องเท่ากับงวดก่อน (กุมภาพันธ์ 2560)" in gaps(saved("7(1)", A=33600, B=200))[0]


# For the reviewers


def test_answered_warnings_stand_with_their_comments(saved, approved, resave, cast, access):
    approved("7(1)", 5, A=33600, B=200)
    result = resave(saved("7(1)", A=33600, B=200), comments={"same_again:A=33600,B=200": "สุ่มวันเดียวกัน"})
    fresh = access(cast.reviewer, result.round).result
    ((message, comment),) = answered_warnings(fresh)
    assert message.startswith("ตัวเลขทุกช่องเท่ากับงวดก่อน")
    assert comment == "สุ่มวันเดียวกัน"


def test_an_answer_outlives_what_it_was_to(saved, approved, resave, cast, access):
    """February is reopened afterwards: nobody can say the sentence any more, the comment stays."""
    before = approved("7(1)", 5, A=33600, B=200)
    result = resave(saved("7(1)", A=33600, B=200), comments={"same_again:A=33600,B=200": "สุ่มวันเดียวกัน"})
    seen = access(cast.reviewer, before.round)
    transition(access=seen, action="reopen", by=cast.reviewer, lock=before.lock, reason="ตรวจใหม่")
    fresh = access(cast.reviewer, result.round).result
    assert answered_warnings(fresh) == [("ตัวเลขเท่ากับงวดก่อนทุกช่อง", "สุ่มวันเดียวกัน")]


def test_entry_without_anything_is_the_empty_one():
    assert entry_of(None) == Entry(data={})


def test_the_page_lists_what_is_lacking_one_by_one(client, cast, saved, indicator):
    """Each sentence is a line of the box on top; together they read as one that runs on."""
    for number, minutes in enumerate((33600, 34000, 33200, 33800), 1):
        report(indicator("7(1)"), number, cast, A=minutes, B=200)
    result = saved("7(1)", A=3360, B=200)
    client.force_login(cast.head)
    data = {"A": "3360", "B": "200"}
    posted = {f"item_{code}": number for code, number in data.items()}
    page = client.post(
        reverse("entry", args=[result.round_id]),
        {**posted, "lock": result.lock, "who": cast.head.pk, "action": "submit",
         "projects-TOTAL_FORMS": 0, "projects-INITIAL_FORMS": 0},
    ).content.decode()  # fmt: skip
    assert "<li>ยังไม่ได้ส่ง</li>" in page
    assert "<li>ผลงาน 16.80 ต่ำกว่า 4 งวดที่ผ่านมามาก ซึ่งอยู่ระหว่าง 166.00 ถึง 170.00 (ค่ากลาง 168.50)</li>" in page
