"""The grid: its rows and columns, what is typed in it, two people at once, submitting, who may."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import save_result
from indicators.entry.saved import entry_of
from indicators.grids.actions import Typed, save_row, submit_complete
from indicators.grids.page import GridPage
from indicators.grids.rows import Heading, fetch_grid
from indicators.models import DataItem, IndicatorVersion, Result, ReviewEvent, Round
from indicators.workflow import transition
from tests.indicators.grids import FAIL, JULY, PASS, form_of, grid_of, load_province, person, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def thip(indicator):
    """15(2) of March, with its first three sub-indicators alone."""
    home = indicator("15(2)")
    keep = list(home.children.order_by("position").values_list("pk", flat=True)[:3])
    Round.objects.filter(indicator__parent=home).exclude(indicator__in=keep).delete()
    return home


@pytest.fixture
def qs(plan):
    return person("qs", "QS", "head")


@pytest.fixture
def nurse(plan):
    """Enters for the same unit, and does not submit."""
    return person("nurse", "QS", "reporter")


@pytest.fixture
def grid(qs, thip):
    return lambda user=qs: grid_of(user, thip, 2560, 6)


@pytest.fixture
def post(client, grid, qs):
    """Send the form with texts typed in the first rows: `post({"P": PASS})`."""

    def send(*typed, user=qs, form=None, **more):
        client.force_login(user)
        found = grid(user)
        return client.post(url_of(found), form or form_of(found, *typed, **more))

    return send


def levels() -> list:
    return list(Result.objects.order_by("pk").values_list("passed", flat=True))


# Rows and columns


@pytest.mark.parametrize(("code", "number", "count"), [("14", 1, 24), ("15(1)", 6, 10), ("15(2)", 6, 63)])
def test_the_sub_indicators_of_the_plan_are_the_rows(cast, indicator, code, number, count):
    assert len(grid_of(cast.reviewer, indicator(code), 2560, number).rows) == count


def test_a_heading_is_a_line_of_its_own(cast, indicator):
    lines = grid_of(cast.reviewer, indicator("14"), 2560, 1).lines
    assert [line.code for line in lines if isinstance(line, Heading)] == ["14(23)"]


def test_groups_are_headings(client, cast, indicator):
    client.force_login(cast.reviewer)
    grid = grid_of(cast.reviewer, indicator("14"), 2560, 1)
    page = client.get(url_of(grid)).content.decode()
    assert page.count("grid-group") == len({row.group for row in grid.rows if row.group}) == 22
    assert "1. สาขาหัวใจ" in page


def test_the_hospitals_are_the_rows(plan, settings):
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    grid = grid_of(province.enters, province.k405, 2566, 2)
    assert [row.code for row in grid.rows][:2] == ["10670", "10995"]
    assert len(grid.rows) == 26
    assert [column.title for column in GridPage(grid, {}).columns][1].startswith("ผลประเมิน TPS")
    assert (grid.previous, grid.following) == (1, None)


@pytest.mark.parametrize(
    ("code", "year", "number"), [("7(1)", 2560, 6), ("15", 2560, 6), ("15(2)", 2559, 6), ("15(2)", 2560, 13)]
)
def test_what_is_no_grid_is_not_there(cast, indicator, code, year, number):
    with pytest.raises(Http404):
        fetch_grid(cast.reviewer, indicator(code).pk, year, number)


@pytest.mark.parametrize("number", [0, 2**31, 10**30])
def test_strange_numbers_are_not_there(cast, indicator, number):
    for args in ((number, 2560, 6), (indicator("15(2)").pk, number, 6), (indicator("15(2)").pk, 2560, number)):
        with pytest.raises(Http404):
            fetch_grid(cast.reviewer, *args)


def test_steps_and_long_lists_have_a_place(grid, thip):
    """Three steps stand side by side in one cell; ten boxes are entered on their own page."""
    first, second, _third = thip.children.order_by("position")[:3]
    for child, count in ((first, 3), (second, 10)):
        version = child.versions.get(fiscal_year=2560)
        version.kind = "milestone"
        version.save()
        version.items.all().delete()
        for n in range(1, count + 1):
            DataItem.objects.create(version=version, code=f"S{n}", name=f"ขั้น {n}", kind="step", position=n)
    page = GridPage(grid(), {})
    assert [(view.is_wide, view.is_elsewhere) for view in page.rows] == [(True, False), (True, True), (False, False)]
    assert [view.may_enter for view in page.rows] == [True, False, True]


# Typing


def test_all_changed_rows_are_saved_at_once(post, grid):
    response = post({"P": PASS}, None, {"P": FAIL})
    assert response.status_code == 302
    assert levels() == [True, False]
    assert GridPage(grid(), {}).summary == "บันทึกแล้ว 2 จาก 3 · ผ่าน 1 ไม่ผ่าน 1"


def test_nothing_changed_saves_nothing(post):
    post({"P": PASS})
    post()
    assert ReviewEvent.objects.count() == 1


def test_what_is_wrong_is_told_in_its_place_and_the_rest_is_saved(post, grid):
    response = post({"P": "ไม่รู้"}, {"P": PASS})
    page = response.content.decode()
    row = grid().rows[0]
    assert response.status_code == 200
    assert levels() == [True]
    assert f'id="cell-{row.key}-P-error"' in page
    assert f'href="#cell-{row.key}-P"' in page
    assert '<option value="ไม่รู้" selected' in page  # what was typed is still there
    assert "เลือก “ไม่รู้” ไม่ได้ เลือกได้เฉพาะ ผ่านเกณฑ์, ไม่ผ่านเกณฑ์" in page


@pytest.mark.parametrize(("text", "value"), [("๑,๒๓๔", "1234"), (" 5 ", "5"), ("0", "0"), ("-1", None)])
def test_numbers_as_people_write_them(qs, indicator, text, value):
    """Events are counted, so not below zero."""
    row = grid_of(qs, indicator("15(1)"), 2560, 6).rows[0]
    outcome = save_row(row, by=qs, typed=Typed({"A": text}, {}, 0))
    found = outcome.row.data.get("A")
    assert (found is None) == (value is None)
    assert value is None or f"{found.normalize():f}" == value
    assert bool(outcome.errors) == (value is None)
    assert outcome.texts == ({} if value else {"A": text})


def test_an_emptied_cell_takes_the_number_away(post, grid):
    post({"P": PASS})
    post({"P": ""})
    row = grid().rows[0]
    assert row.data == {}
    assert row.result.state == "incomplete"


def test_texts_and_notes_of_the_own_page_stay(post, grid):
    post({"P": PASS})
    Result.objects.update(note="ดูทะเบียน", acknowledged=["x"])
    Result.objects.get().item_notes.create(code="P", evidence="แฟ้ม 3")
    post({"P": FAIL})
    result = Result.objects.get()
    assert (result.passed, result.note, result.acknowledged) == (False, "ดูทะเบียน", ["x"])
    assert result.item_notes.get().evidence == "แฟ้ม 3"


# Cell by cell


@pytest.fixture
def cell(client, grid, qs):
    """Save one row as the script does: `cell(0, {"P": PASS}, lock=0, was="")`."""

    def send(place, texts, *, user=qs, lock=None, was=None, **more):
        client.force_login(user)
        found = grid(user)
        row = found.rows[place]
        data = form_of(found) | {f"{row.key}:{code}": text for code, text in texts.items()} | {"row": row.key} | more
        if lock is not None:
            data |= {f"{row.key}:lock": lock, f"{row.key}:was": was or ""}
        return client.post(url_of(found, "grid_row"), data)

    return send


def test_a_cell_is_saved_and_answered(cell):
    answer = cell(0, {"P": PASS}).json()
    assert (answer["state"], answer["lock"], answer["cells"]["P"]["state"]) == ("saved", 1, "saved")
    assert "ผ่าน" in answer["outcome"]
    assert answer["summary"].startswith("บันทึกแล้ว 1 จาก 3")


def test_a_conflict_shows_both(cell, nurse):
    cell(0, {"P": FAIL}, user=nurse)
    answer = cell(0, {"P": PASS}, lock=0).json()
    assert (answer["state"], answer["cells"]["P"]["state"]) == ("conflict", "conflict")
    assert "nurse" in answer["trouble"]
    assert levels() == [False]
    key = Result.objects.get()
    mine = f"{key.round_id}-{key.measured_unit_id}"
    shown = {"lock": answer["lock"], "was": answer["was"], f"{mine}:theirs": answer["theirs"]}
    again = cell(0, {"P": PASS}, mine=mine, **shown)
    assert again.json()["state"] == "saved"
    assert levels() == [True]


def test_the_same_value_is_no_conflict(cell, nurse):
    cell(0, {"P": PASS}, user=nurse)
    assert cell(0, {"P": PASS}, lock=0).json()["state"] in ("saved", "same")


def test_other_cells_of_the_row_keep_the_others_value(plan, settings):
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    fetch = lambda user: grid_of(user, province.k405, 2566, 2).rows[0]  # noqa: E731
    save_row(fetch(province.colleague), by=province.colleague, typed=Typed({"EIA": "80", "TPS": ""}, {}, 0))
    outcome = save_row(fetch(province.enters), by=province.enters, typed=Typed({"EIA": "", "TPS": "a"}, {}, 0))
    assert outcome.is_clean
    assert {code: int(value) for code, value in outcome.row.data.items()} == {"EIA": 80, "TPS": 100}
    assert outcome.row.result.value == 90


def test_without_script_the_conflict_is_on_the_page(client, grid, post, cell, nurse):
    opened = form_of(grid(), {"P": PASS})
    cell(0, {"P": FAIL}, user=nurse)
    page = post(form=opened).content.decode()
    assert "ใช้ค่าที่ท่านพิมพ์" in page
    assert "ใช้ค่าที่บันทึกไว้แล้ว" in page
    assert levels() == [False]
    key = grid().rows[0].key
    post({"P": PASS}, theirs=key)
    assert levels() == [False]
    post({"P": PASS}, mine=key)
    assert levels() == [True]


def test_after_the_log_in_ran_out(client, grid, cell):
    found = grid()
    client.logout()
    assert client.post(url_of(found, "grid_row"), form_of(found)).status_code == 401


@pytest.mark.parametrize("garbage", [{"row": "x"}, {"row": ""}, {}, {"row": "1-1"}])
def test_a_row_that_is_not_there(client, grid, qs, garbage):
    client.force_login(qs)
    assert client.post(url_of(grid(), "grid_row"), garbage).status_code == 404


@pytest.mark.parametrize("lock", ["", "x", "-1", "9" * 30, "๑"])
def test_a_strange_lock_saves_nothing_over_others(cell, nurse, lock):
    cell(0, {"P": FAIL}, user=nurse)
    assert cell(0, {"P": PASS}, lock=lock).json()["state"] == "conflict"
    assert levels() == [False]


# Submitting


def test_what_is_complete_is_submitted_and_the_rest_is_told(post, grid):
    page = post({"P": PASS}, {"P": PASS}, action="submit").content.decode()
    assert "ส่งแล้ว 2 รายการ รอตรวจสอบ" in page
    assert "ยังไม่ได้บันทึก 1 รายการ" in page
    assert [row.access.status for row in grid().rows] == ["submitted", "submitted", None]


def test_a_row_with_an_open_warning_leads_to_its_own_page(post, grid, qs):
    page = post({"P": PASS}, {"P": FAIL}, action="submit").content.decode()
    assert "ส่งแล้ว 1 รายการ รอตรวจสอบ" in page
    assert [row.access.status for row in grid().rows] == ["submitted", "draft", None]
    row = grid().rows[1]
    told = page[page.index("บันทึกไว้แต่ยังไม่ได้ส่ง 1 รายการ") :]
    assert reverse("entry", args=[row.access.round.pk]) in told
    assert "ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไข" in told
    # Answered there, it goes with the others; a cell of the grid that is saved again keeps the answer.
    entry = replace(entry_of(row.result), comments={"no_recovery:": "รอประชุมทีม"})
    save_result(access=row.access, by=qs, entry=entry, lock=row.lock)
    post({}, {"P": FAIL}, action="submit")
    assert grid().rows[1].access.status == "submitted"
    assert grid().rows[1].result.warning_comments == {"no_recovery:": "รอประชุมทีม"}


def test_a_row_that_passes_again_needs_no_answer_any_more(post, grid, qs):
    post({"P": FAIL})
    row = grid().rows[0]
    entry = replace(entry_of(row.result), comments={"no_recovery:": "รอประชุมทีม"})
    save_result(access=row.access, by=qs, entry=entry, lock=row.lock)
    post({"P": PASS})
    assert (grid().rows[0].result.warning_comments, grid().rows[0].result.acknowledged) == ({}, [])


def test_an_early_submission_is_asked_for_once(post, grid, settings, thip):
    from datetime import date

    settings.KPITRACK_TODAY = date(2017, 3, 20)  # the month has not ended
    page = post({"P": PASS}, {"P": PASS}, action="submit").content.decode()
    assert [row.access.status for row in grid().rows] == ["draft", "draft", None]
    assert "ยังไม่ได้ส่งรายการใด" in page
    assert page.count("งวดนี้ยังไม่สิ้นสุด") == 1
    assert 'name="early"' in page
    page = post({"P": PASS}, {"P": PASS}, action="submit", early="1").content.decode()
    assert "ส่งแล้ว 2 รายการ รอตรวจสอบ" in page
    assert [row.access.status for row in grid().rows] == ["submitted", "submitted", None]
    assert grid().rows[0].result.acknowledged == ["not_ended:"]


def test_what_cannot_be_submitted_early_is_left_as_it_was(grid, qs, cell, settings, thip):
    from datetime import date

    cell(0, {"P": PASS})
    settings.KPITRACK_TODAY = date(2017, 3, 20)
    row = grid().rows[0]
    IndicatorVersion.objects.filter(pk=row.access.version.pk).update(is_active=False)
    fresh = row.access.version
    fresh.pk, fresh.revision = None, 2
    fresh.save()  # a revision without data items: what is saved does not fit it
    report = submit_complete(grid(), by=qs, locks={row.key: row.lock}, early=True)
    assert (len(report.done), len(report.left)) == (0, 1)
    assert grid().rows[0].result.acknowledged == []


def test_what_changed_meanwhile_is_not_submitted(grid, qs, cell):
    cell(0, {"P": PASS})
    report = submit_complete(grid(), by=qs, locks={grid().rows[0].key: 0})
    assert not report.done
    assert "มีผู้อื่นบันทึกรายการนี้" in report.left[0].reasons[0]


def test_a_reporter_saves_and_does_not_submit(post, nurse, grid):
    post({"P": PASS}, user=nurse, action="submit")
    assert [row.access.status for row in grid().rows] == ["draft", None, None]


def test_submitted_rows_are_read_only(post, grid, client, qs):
    post({"P": PASS}, action="submit")
    row = grid().rows[0]
    client.force_login(qs)
    page = client.get(url_of(grid())).content.decode()
    assert f'name="{row.key}:P"' not in page
    assert "รอตรวจ" in page
    outcome = save_row(row, by=qs, typed=Typed({"P": FAIL}, {"P": PASS}, row.lock))
    assert "สถานะของผลงานคือ" in outcome.refusal
    assert levels() == [True]


# Who


def test_a_unit_with_some_of_the_rows(client, indicator, cast):
    """The medical team enters its own; the others' drafts stay hidden."""
    head, other = person("med", "PCT_MED", "head"), person("q", "QS", "head")
    grid = grid_of(other, indicator("15(2)"), 2560, 6)
    place = next(i for i, row in enumerate(grid.rows) if "PCT_MED" not in {u.code for u in row.access.responsible})
    save_row(grid.rows[place], by=other, typed=Typed({"P": FAIL}, {}, 0))
    seen = grid_of(head, indicator("15(2)"), 2560, 6)
    own = [row for row in seen.rows if row.access.is_own]
    assert 0 < len(own) < len(seen.rows) == 63
    assert seen.rows[place].data == {}
    page = GridPage(seen, {})
    assert page.summary.startswith(f"ส่วนของหน่วยงานท่านบันทึกแล้ว 0 จาก {len(own)}")
    assert page.rows[place].state == ""
    assert page.rows[place].result is None
    client.force_login(head)
    assert client.get(url_of(seen)).content.decode().count("data-code=") == len(own)


def test_strangers_get_nothing(cast, thip):
    for user in (cast.outsider, cast.head, cast.other_head):
        with pytest.raises(Http404):
            fetch_grid(user, thip.pk, 2560, 6)


def test_readers_read(client, cast, post, grid, thip):
    post({"P": PASS})
    for user in (cast.reviewer, cast.executive, cast.administrator):
        client.force_login(user)
        response = client.get(url_of(grid()))
        assert response.status_code == 200
        assert "grid-form" not in response.content.decode()
        assert "ผ่านเกณฑ์" in response.content.decode()


def test_only_what_is_not_saved(client, qs, post, grid):
    post({"P": PASS})
    client.force_login(qs)
    page = client.get(url_of(grid()) + "?open=1").content.decode()
    first, second, _third = grid().rows
    assert f'id="row-{first.key}"' not in page
    assert f'id="row-{second.key}"' in page


def test_the_reviewers_word_counts_for_a_yes_or_no(post, grid, cast):
    post({"P": PASS}, action="submit")
    Result.objects.update(
        assessed_passed=False, assessed_reason="ทะเบียนไม่ครบ", assessed_by=cast.reviewer, assessed_at="2017-04-15T00:00Z"
    )
    assert GridPage(grid(), {}).rows[0].passed is False


def test_queries_do_not_grow(client, cast, qs, indicator):
    """One row, three, and all ten."""
    home = indicator("15(1)")
    url = url_of(grid_of(qs, home, 2560, 6))
    rounds = list(Round.objects.filter(indicator__parent=home, fiscal_year=2560, number=6).order_by("pk"))
    asked: dict[str, set[int]] = {"qs": set(), "reviewer": set()}
    for visible in (1, 3, 10):
        for place, round_ in enumerate(rounds):
            Round.objects.filter(pk=round_.pk).update(number=6 if place < visible else 99)
        for row in grid_of(qs, home, 2560, 6).rows:
            save_row(row, by=qs, typed=Typed({"A": "0"}, {}, row.lock))
        for user in (qs, cast.reviewer):
            client.force_login(user)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).content.decode().count('class="grid-row"') == visible
            asked[user.username].add(len(captured))
    assert {len(counts) for counts in asked.values()} == {1}
    assert max(max(counts) for counts in asked.values()) <= 12


def test_a_returned_row_can_be_mended(post, grid, cast, access):
    post({"P": PASS}, action="submit")
    result = Result.objects.get()
    transition(
        access=access(cast.reviewer, result.round), action="return", by=cast.reviewer, lock=result.lock, reason="ก"
    )
    post({"P": FAIL})
    assert levels() == [False]
    assert "ส่งกลับให้แก้ไข 1" in GridPage(grid(), {}).summary


def test_the_answer_is_json_that_can_be_read(cell):
    assert json.loads(cell(1, {"P": "๑"}).content)["cells"]["P"]["text"] == PASS
