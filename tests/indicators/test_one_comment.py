"""One slip brings several warnings about the same numbers: they have one box for the comment that answers them all."""

import re

import pytest

from indicators.models import Result, ReviewEvent
from tests.indicators.conftest import EMPTY_PROJECTS, address
from tests.indicators.months import month_form, month_url, rows_of

pytestmark = pytest.mark.django_db
SLIP = {"A": "354430", "B": "200"}  # one digit too many: far outside, and five levels down; it fails besides
FAR, JUMP = "far_value:A=354430,B=200", "level_jump:A=354430,B=200"
WHY = "นับรวมสองเดือน"
NO_MEASURE = "รอประชุมทีม"
LONG = "ก" * 1001


@pytest.fixture
def months(approved):
    """Enough of them for a value to be far from."""
    for number, total in enumerate((33600, 33700, 33650, 33550), start=2):
        approved("7(1)", number, A=total, B=200)


@pytest.fixture
def row(client, cast, months):
    """Save the row as the script does, with more of its form."""

    def send(texts=None, **more):
        client.force_login(cast.head)
        found = rows_of(cast.head)
        key = found.rows[0].key
        said = {f"{key}:{name}": text for name, text in more.items()}
        return client.post(month_url(name="month_row"), month_form(found, texts, row=key) | said).json()

    return send


def boxes_in(html: str) -> list[str]:
    """The names of the boxes for comments, without the row's key."""
    return re.findall(r'<textarea[^>]*name="(?:\d+-\d+:)?(comment:[^"]*)"', html)


def test_what_one_slip_brings_is_answered_in_one_box_of_the_row(row):
    notes = row(SLIP)["notes"]
    assert notes.count("row-warning") == 3
    assert boxes_in(notes) == [f"comment:{FAR}|{JUMP}", "comment:no_recovery:"]
    notes = row(**{f"comment:{FAR}|{JUMP}": WHY})["notes"]
    assert Result.objects.get(round__number=6).warning_comments == {FAR: WHY, JUMP: WHY}
    assert (notes.count(WHY), boxes_in(notes)) == (1, ["comment:no_recovery:"])


def test_the_row_is_submitted_with_it(row, client, cast):
    row(SLIP)
    row(**{f"comment:{FAR}|{JUMP}": WHY, "comment:no_recovery:": NO_MEASURE})
    client.post(month_url(), month_form(rows_of(cast.head), action="submit"))
    assert Result.objects.get(round__number=6).status == Result.Status.SUBMITTED


def test_other_numbers_ask_again(row):
    row(SLIP)
    row(**{f"comment:{FAR}|{JUMP}": WHY})
    assert boxes_in(row({"A": "354431"})["notes"])[0] == f"comment:{FAR}|{JUMP}".replace("354430", "354431")


def test_a_comment_for_several_that_is_too_long_is_told_once(row):
    row(SLIP)
    notes = row(**{f"comment:{FAR}|{JUMP}": LONG})["notes"]
    assert (notes.count("ยาวได้ไม่เกิน"), notes.count(LONG)) == (1, 1)
    assert boxes_in(notes)[0] == f"comment:{FAR}|{JUMP}"


def test_one_box_of_the_entry_page(months, send, page):
    send(**SLIP)
    assert boxes_in(page()) == [f"comment:{FAR}|{JUMP}", "comment:no_recovery:"]
    send(**SLIP, texts={f"comment:{FAR}|{JUMP}": WHY, "comment:no_recovery:": NO_MEASURE}, action="submit")
    result = Result.objects.get(round__number=6)
    assert result.warning_comments == {FAR: WHY, JUMP: WHY, "no_recovery:": NO_MEASURE}
    assert result.events.filter(action=ReviewEvent.Action.SUBMIT).exists()
    assert page().count(f">{WHY}</p>") == 1


def test_what_was_answered_differently_keeps_its_boxes(months, send, page):
    send(**SLIP, texts={f"comment:{FAR}": WHY, f"comment:{JUMP}": "อื่น"})
    assert boxes_in(page()) == [f"comment:{FAR}", f"comment:{JUMP}", "comment:no_recovery:"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({f"comment:{FAR}|{JUMP}": WHY}, [f"comment:{FAR}|{JUMP}"]),
        ({f"comment:{FAR}": WHY, f"comment:{JUMP}": WHY}, [f"comment:{FAR}", f"comment:{JUMP}"]),
        ({f"comment:{FAR}": "", f"comment:{JUMP}": ""}, [f"comment:{FAR}", f"comment:{JUMP}"]),
    ],
)
def test_a_box_that_is_typed_in_stays_as_it_is(months, head, round_of, typed, shown):
    """The caret is in it: what happens to say the same does not make one of two."""
    boxes = {**EMPTY_PROJECTS, **{f"item_{code}": text for code, text in SLIP.items()}, **typed}
    panel = head.post(address(round_of("7(1)", 6), "entry_preview"), boxes).content.decode()
    assert boxes_in(panel) == [*shown, "comment:no_recovery:"]


def test_too_long_on_the_entry_page_is_told_once_on_top(months, send):
    html = send(**SLIP, texts={f"comment:{FAR}|{JUMP}": LONG}).content.decode()
    assert html.count("ยาวได้ไม่เกิน") == 2  # on top and beside the box
    assert html.count(LONG) == 1
