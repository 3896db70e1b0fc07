"""Two people at one row of the month page: nothing is written over unseen, and only what was chosen is."""

import pytest

from indicators.grids import actions
from indicators.models import Result, ReviewEvent
from tests.indicators.months import give, month_form, month_url, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, cast):
    """Post one row as the script does, as the page showed it: `send(form)`."""

    def post(form, **more):
        client.force_login(cast.head)
        return client.post(month_url(name="month_row"), form | more).json()

    return post


@pytest.fixture
def opened(cast):
    """What the head's page sends with these texts, opened now; its first row's key."""

    def form(texts):
        found = rows_of(cast.head)
        return month_form(found, texts, row=found.rows[0].key), found.rows[0].key

    return form


def values(code="7(1)") -> dict[str, str]:
    result = Result.objects.filter(round__indicator__code=code, round__number=6).first()
    return {row.code: f"{row.value.normalize():f}" for row in result.values.all()} if result else {}


def shown(answer, key) -> dict[str, str]:
    """What the script keeps of an answer for its next save."""
    return {f"{key}:lock": answer["lock"], f"{key}:was": answer["was"], f"{key}:theirs": answer["theirs"]}


def test_mine_is_written_over_what_was_shown_and_over_nothing_else(send, opened, saved, cast):
    form, key = opened({"A": "33600"})
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    answer = send(form)
    saved("7(1)", 6, by=cast.reporter, A=2, B=200)  # a third value, which the head has not seen
    again = send(form | shown(answer, key), mine=key)
    assert again["state"] == "conflict"
    assert values() == {"A": "2", "B": "200"}
    assert send(form | shown(again, key), mine=key)["state"] == "saved"
    assert values() == {"A": "33600", "B": "200"}


def test_what_was_not_chosen_stays_a_conflict(send, opened, saved, cast):
    """Another cell of the row is typed, and saved; the conflict waits."""
    form, key = opened({"A": "33600"})
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    answer = send(form)
    again = send(form | shown(answer, key) | {f"{key}:B": "210"})
    assert (again["state"], again["cells"]["B"]["state"]) == ("conflict", "saved")
    assert "33600" in again["trouble"]
    assert values() == {"A": "1", "B": "210"}


def test_without_a_script_saving_all_chooses_nothing(client, cast, indicator, saved):
    give(indicator("5"))
    form = month_form(rows_of(cast.head), {"A": "10", "B": "300"}, {"A": "33600"})
    first, second = (row.key for row in rows_of(cast.head).rows)
    saved("5", 6, by=cast.reporter, A=9, B=300)
    saved("7(1)", 6, by=cast.reporter, A=1, B=200)
    client.force_login(cast.head)

    def press(data, **more):
        page = client.post(month_url(), data | more).content.decode()
        return page, {**data, **_hidden(page)}

    page, again = press(form)
    assert page.count('name="mine"') == 2
    page, again = press(again)  # "save all" once more
    assert page.count('name="mine"') == 2
    assert (values("5")["A"], values()["A"]) == ("9", "1")
    page, again = press(again, mine=first)
    assert (values("5")["A"], values()["A"]) == ("10", "1")
    assert page.count('name="mine"') == 1
    page, again = press(again, theirs=second)
    assert values()["A"] == "1"


def _hidden(page: str) -> dict[str, str]:
    import html
    import re

    found = re.findall(r'<input type="hidden" name="([^"]*:(?:lock|was|theirs))" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def test_a_save_in_the_very_moment_is_a_conflict_with_both_versions(send, opened, saved, cast, monkeypatch):
    """Somebody saves after the row was read and before it is locked."""
    form, _key = opened({"A": "33600", "B": "210"})
    real, late = actions.save_result, []

    def slow(**facts):
        if not late:
            late.append(saved("7(1)", 6, by=cast.reporter, A=1))
        return real(**facts)

    monkeypatch.setattr(actions, "save_result", slow)
    answer = send(form)
    assert (answer["state"], answer["cells"]["B"]["state"]) == ("conflict", "saved")
    assert "reporter" in answer["trouble"]
    assert values() == {"A": "1", "B": "210"}


def test_what_was_typed_into_a_row_that_went_is_still_shown(client, opened, submitted, cast):
    """Without a script the row has no boxes any more."""
    form, _key = opened({"A": "12345"})
    submitted("7(1)", 6, A=33600, B=200)
    client.force_login(cast.head)
    page = client.post(month_url(), form).content.decode()
    assert "12345" in page
    assert values() == {"A": "33600", "B": "200"}


def test_what_is_not_on_the_page_is_neither_submitted_nor_blamed(client, cast, indicator, saved):
    """The page shows only what is not saved yet."""
    give(indicator("5"))
    saved("7(1)", 6, A=33600, B=200)
    found = rows_of(cast.head)
    hidden = found.rows[1]
    form = {name: text for name, text in month_form(found, {"A": "9", "B": "100"}).items() if hidden.key not in name}
    client.force_login(cast.head)
    page = client.post(month_url() + "?open=1", form | {"action": "submit"}).content.decode()
    assert "มีผู้อื่นบันทึกรายการนี้" not in page
    assert dict(Result.objects.values_list("round__indicator__code", "status")) == {"5": "submitted", "7(1)": "draft"}
    assert "อีก 1 รายการไม่ได้แสดงอยู่" in page
    assert ReviewEvent.objects.filter(action="submit").count() == 1
