"""Drafts that save themselves: what is saved, what is told, and that nobody's work is overwritten."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import save_result
from indicators.models import Result, ReviewEvent
from strategy import clock
from tests.indicators.conftest import EMPTY_PROJECTS, address

pytestmark = pytest.mark.django_db
LINE = {"projects-0-name": "คิวออนไลน์", "projects-0-allocated": "1000"}


@pytest.fixture
def autosave(head, round_of):
    """Send what is typed: `autosave(A="33600", lock=1)`; gives the status and the answer."""

    def post(code="7(1)", number=6, *, lock=None, client=head, texts=None, **boxes):
        round_ = round_of(code, number)
        if lock is None:
            lock = Result.objects.filter(round=round_).values_list("lock", flat=True).first() or 0
        typed = {f"item_{box}": text for box, text in boxes.items()}
        response = client.post(address(round_, "autosave"), {**EMPTY_PROJECTS, **typed, "lock": lock, **(texts or {})})
        return response.status_code, json.loads(response.content)

    return post


def result_of(round_) -> Result | None:
    return Result.objects.filter(round=round_).first()


def numbers(round_) -> dict[str, str]:
    return {row.code: f"{row.value.normalize():f}" for row in result_of(round_).values.all()}


# What is saved


def test_it_saves_a_draft_and_says_when(autosave, round_of, cast):
    status, answer = autosave(A="๓๓,๖๐๐", B="200", texts={"note": "สุ่มวันอังคาร", **LINE})
    result = result_of(round_of("7(1)"))
    assert (status, answer["state"], answer["lock"], answer["errors"]) == (200, "saved", 1, {})
    assert answer["message"].startswith("บันทึกแล้ว ")
    assert answer["message"].endswith(" น.")
    assert (result.status, result.value, result.entered_by) == ("draft", 168, cast.head)
    assert (result.note, result.projects.get().name) == ("สุ่มวันอังคาร", "คิวออนไลน์")
    assert result.events.get().action == "save"


def test_what_is_wrong_is_told_by_box_and_the_rest_is_saved(autosave, round_of):
    autosave(A="33600", B="200", texts={"note": "ก", **LINE})
    status, answer = autosave(A="สิบ", B="210", texts={"note": "ข", **LINE, "projects-0-allocated": "-5"})
    assert (status, answer["state"]) == (200, "saved")
    assert set(answer["errors"]) == {"id_item_A", "id_projects-0-allocated"}
    assert "อ่าน “สิบ” เป็นตัวเลขไม่ได้" in answer["errors"]["id_item_A"]
    result = result_of(round_of("7(1)"))
    assert numbers(result.round) == {"A": "33600", "B": "210"}  # what was saved stays until it is mended
    assert (result.note, result.projects.get().allocated) == ("ข", 1000)


def test_an_emptied_box_is_not_given_any_more(autosave, round_of):
    autosave(A="33600", B="200")
    autosave(A="", B="200")
    assert numbers(round_of("7(1)")) == {"B": "200"}


def test_a_text_that_is_too_long_keeps_the_one_before(autosave, round_of):
    autosave(A="1", texts={"note": "ก"})
    _status, answer = autosave(A="2", texts={"note": "ก" * 5001})
    assert set(answer["errors"]) == {"id_note"}
    assert (result_of(round_of("7(1)")).note, numbers(round_of("7(1)"))) == ("ก", {"A": "2"})


def test_not_applicable_waits_for_its_reason(autosave, round_of):
    _status, answer = autosave(A="1", texts={"not_applicable": "on"})
    assert set(answer["errors"]) == {"id_not_applicable_reason"}
    assert not result_of(round_of("7(1)")).is_not_applicable
    autosave(A="1", texts={"not_applicable": "on", "not_applicable_reason": "ปิดปรับปรุง"})
    assert result_of(round_of("7(1)")).state == "not_applicable"
    autosave(A="1", texts={"not_applicable": "on", "not_applicable_reason": ""})
    assert result_of(round_of("7(1)")).not_applicable_reason == "ปิดปรับปรุง"


def test_answers_to_warnings_are_saved_too(autosave, round_of):
    autosave(A="40000", B="200", texts={"comment:no_recovery:": "รอประชุม", "comment:made:up": "x"})
    assert result_of(round_of("7(1)")).warning_comments == {"no_recovery:": "รอประชุม"}


# What is not


def test_nothing_typed_makes_no_draft(autosave):
    assert autosave(A="", B=" ") == (200, {"state": "same", "message": "", "errors": {}, "lock": 0})
    assert not Result.objects.exists()


def test_steps_that_are_not_ticked_make_no_draft(autosave, own, indicator, round_of):
    own(indicator("13(1)"))
    assert autosave("13(1)", 1)[1]["state"] == "same"
    assert autosave("13(1)", 1, S1="on")[1]["state"] == "saved"
    assert autosave("13(1)", 1)[1]["state"] == "saved"  # taken back, and that is kept


def test_the_same_again_is_not_written_again(autosave):
    autosave(A="33600", B="200")
    assert autosave(A="33,600", B="๒๐๐")[1] == {"state": "same", "message": "", "errors": {}, "lock": 1}
    assert ReviewEvent.objects.count() == 1


def test_a_save_whose_answer_got_lost_is_known_again(autosave, round_of):
    """Sent once more with the old save count it is no conflict; the answer has the new count."""
    autosave(A="33600", B="200", lock=0)
    assert autosave(A="33600", B="200", lock=0)[1]["lock"] == 1
    autosave(A="สิบ", B="201", lock=1)
    status, answer = autosave(A="สิบ", B="201", lock=1)  # partly wrong, as it was
    assert (status, answer["state"], answer["lock"]) == (200, "same", 2)
    assert "id_item_A" in answer["errors"]


def test_the_same_twice_at_the_same_moment_is_no_conflict(autosave, monkeypatch):
    """A browser that waited too long sends it again; both find nothing saved, the first one saves."""

    def overtaken(**facts):
        save_result(**facts)
        return save_result(**facts)

    monkeypatch.setattr("indicators.views.autosave.save_result", overtaken)
    status, answer = autosave(A="33600", B="200")
    assert (status, answer["state"], answer["lock"]) == (200, "same", 1)


# Two people


def test_somebody_elses_save_is_a_conflict_and_stays(autosave, saved, cast, round_of):
    saved("7(1)", A=33600, B=200)
    saved("7(1)", A=34000, B=200, by=cast.reporter)
    status, answer = autosave(A="33000", B="201", lock=1)
    assert (status, answer["state"]) == (409, "conflict")
    assert "กดบันทึกร่างเพื่อเทียบทั้งสองฉบับ" in answer["message"]
    assert numbers(round_of("7(1)")) == {"A": "34000", "B": "200"}


def test_two_who_both_begin(autosave, saved, cast):
    saved("7(1)", A=34000, B=200, by=cast.reporter)
    assert autosave(A="33000", B="201", lock=0)[0] == 409


def test_one_typing_in_two_tabs_is_told_as_well(autosave):
    autosave(A="33600", B="200", lock=0)
    autosave(A="33700", B="200", lock=1)
    assert autosave(A="33650", B="200", lock=1)[0] == 409


def test_what_was_submitted_meanwhile_is_refused(autosave, submitted, round_of):
    submitted("7(1)", A=33600, B=200)
    status, answer = autosave(A="33000", B="200", lock=1)
    assert (status, answer["state"]) == (403, "refused")
    assert "ส่งแล้ว รอตรวจสอบ" in answer["message"]
    assert numbers(round_of("7(1)"))["A"] == "33600"


@pytest.mark.parametrize("lock", ["", "x", "-1", "9" * 12])
def test_a_lock_that_is_none(lock, autosave, saved):
    saved("7(1)", A=33600, B=200)
    assert autosave(A="1", lock=lock)[0] == 409


# Who may


def test_without_a_log_in_it_says_so(client, round_of):
    response = client.post(address(round_of("7(1)"), "autosave"), {"item_A": "1"})
    assert response.status_code == 401
    assert response.json()["state"] == "login"
    assert "หมดเวลาเข้าสู่ระบบ" in response.json()["message"]


def test_readers_are_refused_and_strangers_find_nothing(client, cast, autosave, round_of):
    client.force_login(cast.executive)
    assert autosave(A="1", client=client)[0] == 403
    client.force_login(cast.other_head)
    assert client.post(address(round_of("7(1)"), "autosave"), {"item_A": "1"}).status_code == 404
    assert client.get(address(round_of("7(1)"), "autosave")).status_code == 405


def test_a_round_that_is_not_open_says_why(autosave):
    status, answer = autosave(number=8, A="1")  # May
    assert status == 403
    assert "งวดนี้ยังไม่เปิดให้บันทึก" in answer["message"]


# The history


def test_the_history_folds_what_was_saved_in_one_sitting(autosave, page, round_of):
    for minutes in ("33600", "33700", "33800"):
        autosave(A=minutes, B="200")
    text = page()
    assert "ประวัติของผลงานนี้ (1)" in text
    assert "(3 ครั้ง)" in text
    assert "33,800" in text
    assert "33,700" not in text
    assert ReviewEvent.objects.count() == 3


def test_another_person_another_half_hour_and_another_status_are_other_lines(
    autosave, page, saved, cast, round_of, submitted
):
    autosave(A="33600", B="200")
    saved("7(1)", A=33700, B=200, by=cast.reporter)
    autosave(A="33800", B="200")
    assert "ประวัติของผลงานนี้ (3)" in page()
    later = clock.now() + timedelta(minutes=31)
    result = result_of(round_of("7(1)"))
    last = result.events.last()
    ReviewEvent.objects.bulk_create(
        [ReviewEvent(result=result, action="save", actor=cast.head, at=later, from_status="draft", to_status="draft",
                     before=last.after, after=last.after)]
    )  # fmt: skip
    assert "ประวัติของผลงานนี้ (4)" in page()


def test_one_save_costs_the_same_with_a_long_history(autosave, approved):
    autosave(A="33600", B="200")
    with CaptureQueriesContext(connection) as short:
        autosave(A="33601", B="200")
    for number in (1, 2, 3):
        approved("7(1)", number, A=33500 + number, B=200)
    with CaptureQueriesContext(connection) as long:
        autosave(A="33602", B="200")
    assert len(long) == len(short)


# On the way to evidence and measures


@pytest.mark.parametrize(("action", "name"), [("evidence", "evidence"), ("recovery", "recovery_add")])
def test_a_draft_is_saved_on_the_way(action, name, send, round_of):
    response = send(A="40000", B="200", action=action)
    assert response.headers["Location"] == reverse(name, args=[round_of("7(1)").pk])
    assert numbers(round_of("7(1)")) == {"A": "40000", "B": "200"}


@pytest.mark.parametrize("action", ["evidence", "recovery"])
def test_what_is_wrong_is_mended_first(action, send, round_of):
    text = send(A="สิบ", B="200", action=action).content.decode()
    assert "อ่าน “สิบ” เป็นตัวเลขไม่ได้" in text
    assert result_of(round_of("7(1)")) is None


def test_the_page_says_where_to_save_and_what_to_keep(page, round_of, cast):
    text, url = page(), address(round_of("7(1)"))
    assert f'data-autosave="{address(round_of("7(1)"), "autosave")}"' in text
    assert f'data-keep="{cast.head.pk}:{url}"' in text
    assert 'data-keep-lock="0"' in text
    assert f'action="{url}"' in text
    assert 'name="action" value="evidence"' in text
    assert 'name="action" value="recovery"' in text
