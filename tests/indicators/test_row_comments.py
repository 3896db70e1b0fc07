"""Warnings in the rows of the month page and of a grid: shown as soon as a row is saved, answered beside it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import RecoveryMeasure, Result
from strategy import clock
from tests.indicators.grids import FAIL, form_of, grid_of, person, url_of
from tests.indicators.months import give, month_form, month_url, rows_of

pytestmark = pytest.mark.django_db
ASKS = "ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไข"
ANSWER = "รอประชุมทีมวันที่ 20"
FAILS = {"A": "40000", "B": "200"}


@pytest.fixture
def row(client, cast):
    """Save the first row as the script does, with comments by the warnings' keys."""

    def send(texts=None, user=None, **comments):
        user = user or cast.head
        client.force_login(user)
        found = rows_of(user)
        key = found.rows[0].key
        said = {f"{key}:comment:{code}:": text for code, text in comments.items()}
        return client.post(month_url(name="month_row"), month_form(found, texts, row=key) | said).json()

    return send


def test_a_comment_is_saved_beside_its_warning(row, client):
    asked = row(FAILS)["notes"]
    assert ASKS in asked
    assert re.search(r'name="\d+-\d+:comment:no_recovery:"', asked)
    answer = row(no_recovery=f"  {ANSWER} ")
    assert answer["state"] == "saved"
    assert ANSWER in answer["notes"]
    assert "<textarea" not in answer["notes"]
    result = Result.objects.get()
    assert (result.warning_comments, result.lock) == ({"no_recovery:": ANSWER}, 2)
    assert {value.code for value in result.values.all()} == {"A", "B"}


def test_number_and_comment_in_one_go(row):
    row(FAILS, no_recovery=ANSWER)
    assert Result.objects.get().warning_comments == {"no_recovery:": ANSWER}


def test_a_row_whose_warnings_are_answered_is_submitted_with_the_others(client, cast):
    client.force_login(cast.head)
    key = rows_of(cast.head).rows[0].key
    form = month_form(rows_of(cast.head), FAILS, action="submit") | {f"{key}:comment:no_recovery:": ANSWER}
    page = client.post(month_url(), form).content.decode()
    assert "ส่งแล้ว 1 รายการ รอตรวจสอบ" in page
    assert Result.objects.get().status == "submitted"


@pytest.mark.parametrize("key", ["made:up", "far_value:A=1", "not_ended", "", "\0"])
def test_a_comment_on_what_is_not_asked_falls_away(row, key):
    row(FAILS)
    row(**{key: "x"})
    assert Result.objects.get().warning_comments == {}


def test_a_comment_that_is_too_long_is_told_and_comes_back(row):
    row(FAILS)
    answer = row({"A": "41000"}, no_recovery="ก" * 1001)
    assert (answer["state"], answer["cells"]["A"]["state"]) == ("invalid", "saved")
    assert "ยาวได้ไม่เกิน" in answer["notes"]
    assert "ก" * 1001 in answer["notes"]
    assert Result.objects.get().warning_comments == {}


def test_nobodys_comment_is_written_over(row, cast):
    row(FAILS)
    row(user=cast.reporter, no_recovery="ของผู้บันทึก")
    answer = row(no_recovery=ANSWER)
    assert answer["state"] == "invalid"
    assert "ของผู้บันทึก" in answer["notes"]
    assert ANSWER in answer["notes"]
    assert Result.objects.get().warning_comments == {"no_recovery:": "ของผู้บันทึก"}


def test_the_same_as_last_month_asks_until_the_numbers_differ(row, approved):
    approved("7(1)", 5, A=33600, B=200)
    notes = row({"A": "33600", "B": "200"})["notes"]
    key = re.search(r"comment:(same_again:[^\"]*)\"", notes).group(1)
    assert "same_again" not in row({"A": "33601"})["notes"]
    assert key == "same_again:A=33600,B=200"


def test_an_open_measure_answers_it_also_for_a_row_that_is_new(row, saved, cast):
    """The measure is of last month's result."""
    result = saved("7(1)", 5, A=40000, B=200)
    RecoveryMeasure.objects.create(
        result=result, what="เพิ่มโต๊ะ", who="หัวหน้า", by_when=result.round.due,
        created_by=cast.head, created_at=clock.now(),
    )  # fmt: skip
    assert ASKS not in row(FAILS)["notes"]


def test_a_grid_asks_as_soon_as_a_row_is_saved(client, plan, indicator):
    qs = person("qs", "QS", "head")
    client.force_login(qs)
    grid = lambda: grid_of(qs, indicator("15(2)"), 2560, 6)  # noqa: E731
    found = grid()
    key = found.rows[0].key
    answer = client.post(url_of(found, "grid_row"), form_of(found, {"P": FAIL}, row=key)).json()
    assert ASKS in answer["notes"]
    form = form_of(grid(), row=key) | {f"{key}:comment:no_recovery:": ANSWER}
    assert client.post(url_of(found, "grid_row"), form).json()["state"] == "saved"
    assert Result.objects.get().warning_comments == {"no_recovery:": ANSWER}
    with CaptureQueriesContext(connection) as few:
        page = client.get(url_of(found)).content.decode()
    assert ANSWER in page
    assert len(few) <= 12


def test_who_only_reads_sees_no_boxes_for_comments(client, row, cast):
    row(FAILS)
    client.force_login(cast.executive)
    assert "comment:" not in client.get(month_url()).content.decode()


def test_not_reported_and_not_yet_due_have_their_badges(client, cast, indicator):
    give(indicator("5"))
    client.force_login(cast.head)
    assert client.get(month_url()).content.decode().count("ยังไม่รายงาน") == 2
    assert client.get(month_url(number=7)).content.decode().count("ยังไม่ถึงกำหนด") == 2
