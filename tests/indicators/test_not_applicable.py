"""A KPI that does not concern its unit in one round: said with a reason, kept with its numbers, counted nowhere."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators.actions import Entry, NotAllowed, save_result, submit_result
from indicators.entry.saved import entry_of
from indicators.grids.actions import Typed, save_row
from indicators.models import Result
from indicators.pasts import pasts_of
from indicators.reviews.marks import is_clean
from indicators.workflow import transition
from tests.indicators.conftest import address

pytestmark = pytest.mark.django_db
SAID = {"not_applicable": "on", "not_applicable_reason": "ปิดปรับปรุงอาคารทั้งเดือน"}


@pytest.fixture
def left_out(saved, cast, access):
    """Saved by the head as not applicable: `left_out("7(1)", 5, A=1, B=1)`."""

    def make(code, number=6, **data) -> Result:
        result = saved(code, number, **data)
        seen = access(cast.head, result.round)
        entry = replace(entry_of(result), not_applicable=True, not_applicable_reason="ปิดปรับปรุงอาคาร")
        return save_result(access=seen, by=cast.head, entry=entry, lock=result.lock)

    return make


def of(round_) -> Result:
    return Result.objects.get(round=round_)


# On the entry page


def test_it_is_said_with_a_reason_and_keeps_the_numbers(send, page, round_of):
    assert send(A="40000", B="200", texts=SAID).status_code == 302
    result = of(round_of("7(1)"))
    assert (result.state, result.value, result.level, result.passed) == ("not_applicable", None, None, None)
    assert (result.is_not_applicable, result.not_applicable_reason) == (True, "ปิดปรับปรุงอาคารทั้งเดือน")
    assert {row.code: row.value for row in result.values.all()} == {"A": 40000, "B": 200}
    text = page()
    assert 'value="40,000"' in text  # the boxes stay
    assert '<details class="not-applicable" open>' in text
    assert "ไม่เกี่ยวข้อง</span>" in text
    assert "ตัวเลขที่พิมพ์ไว้ยังอยู่แต่ไม่นับ" in text
    assert "ไม่ผ่าน" not in text.replace("ไม่ผ่านเกณฑ์", "")  # nothing fails


def test_it_needs_no_numbers(send, round_of):
    send(texts=SAID, action="submit")
    assert (of(round_of("7(1)")).status, of(round_of("7(1)")).state) == ("submitted", "not_applicable")


@pytest.mark.parametrize("action", ["save", "submit"])
@pytest.mark.parametrize("reason", ["", "  \r\n "])
def test_without_a_reason_it_is_refused_and_nothing_is_lost(action, reason, send, round_of):
    texts = {"not_applicable": "on", "not_applicable_reason": reason}
    text = send(A="33600", B="200", action=action, texts=texts).content.decode()
    assert "กรุณาระบุเหตุผลที่ไม่เกี่ยวข้อง" in text
    assert 'href="#id_not_applicable_reason"' in text
    assert 'value="33600"' in text
    assert '<details class="not-applicable" open>' in text
    assert not Result.objects.exists()


def test_taken_back_the_numbers_count_again(send, round_of):
    send(A="33600", B="200", texts=SAID)
    send(A="33600", B="200", texts={"not_applicable_reason": SAID["not_applicable_reason"]})
    result = of(round_of("7(1)"))
    assert (result.state, result.value, result.is_not_applicable) == ("computed", 168, False)
    assert result.not_applicable_reason  # kept, should it be said again


def test_it_asks_nothing_about_numbers_not_even_whether_they_are_complete(send, round_of):
    send(number=7, A="90000", B="200", action="submit", texts=SAID)
    assert of(round_of("7(1)", 7)).status == "submitted"


def test_the_live_panel_says_what_it_means(head, round_of):
    typed = {"item_A": "40000", "item_B": "200", **SAID}
    text = head.post(address(round_of("7(1)"), "entry_preview"), typed).content.decode()
    assert "หน่วยงานระบุว่าตัวชี้วัดนี้ไม่เกี่ยวข้องในงวดนี้" in text
    assert 'data-complete="1"' in text
    assert "200.00" not in text


def test_somebody_elses_word_is_shown_in_a_conflict(send, saved, cast, left_out):
    left_out("7(1)", A=1, B=1)
    text = send(A="33600", B="200", lock=1).content.decode()
    assert "มีผู้บันทึกก่อนท่าน" in text
    assert "ปิดปรับปรุงอาคาร" in text


# In the record


def test_the_reason_is_needed_everywhere(saved, cast, access, round_of):
    result = saved("7(1)", A=1, B=1)
    entry = Entry(data={}, not_applicable=True, not_applicable_reason=" ")
    with pytest.raises(NotAllowed, match="กรุณาระบุเหตุผล"):
        save_result(access=access(cast.head, result.round), by=cast.head, entry=entry, lock=result.lock)
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.update(is_not_applicable=True, not_applicable_reason="")


def test_the_history_and_the_reviewer_read_the_reason(client, cast, left_out, access, page):
    result = left_out("7(1)", A=40000, B=200)
    submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert "ไม่เกี่ยวข้องในงวดนี้: <span" in page()
    client.force_login(cast.reviewer)
    text = client.get(reverse("review_detail", args=[result.round_id])).content.decode()
    assert "ปิดปรับปรุงอาคาร" in text
    assert "ไม่เกี่ยวข้อง</span>" in text
    client.force_login(cast.head)


def test_it_is_approved_like_any_result_but_not_in_bulk(left_out, cast, access):
    result = left_out("7(1)", A=40000, B=200)
    sent = submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    assert not is_clean(sent)
    seen = access(cast.reviewer, result.round)
    assert transition(access=seen, action="approve", by=cast.reviewer, lock=sent.lock).status == "approved"


def test_the_next_round_is_not_held_against_it(left_out, approved, cast, access, round_of):
    approved("7(1)", 4, A=33600, B=200)
    result = left_out("7(1)", 5, A=90000, B=200)
    submit_result(access=access(cast.head, result.round), by=cast.head, lock=result.lock)
    here = access(cast.head, round_of("7(1)"))
    (pasts,) = pasts_of([here]).values()
    assert [past.data["A"] for past in pasts] == [33600]


def test_my_work_shows_it(client, cast, left_out):
    left_out("7(1)", 5, A=40000, B=200)
    client.force_login(cast.head)
    assert "ไม่เกี่ยวข้อง" in client.get(reverse("my_work")).content.decode()


def test_a_cell_of_a_grid_keeps_it(cast, indicator, access):
    from tests.indicators.grids import PASS, grid_of, person

    qs = person("qs", "QS", "head")
    row = grid_of(qs, indicator("15(2)"), 2560, 6).rows[0]
    entry = Entry(data={}, not_applicable=True, not_applicable_reason="ไม่มีผู้ป่วยกลุ่มนี้")
    save_result(access=row.access, by=qs, entry=entry, lock=0)
    row = grid_of(qs, indicator("15(2)"), 2560, 6).rows[0]
    outcome = save_row(row, by=qs, typed=Typed({"P": PASS}, {}, row.lock))
    assert outcome.saved == {"P"}
    kept = Result.objects.get(pk=row.result.pk)
    assert (kept.state, kept.passed, kept.not_applicable_reason) == ("not_applicable", None, "ไม่มีผู้ป่วยกลุ่มนี้")
    assert kept.values.get(code="P").value == Decimal(1)
    text = grid_of(qs, indicator("15(2)"), 2560, 6)
    assert text.rows[0].result.state == "not_applicable"
