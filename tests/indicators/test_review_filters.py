"""The filters of the review list: what each finds, that a row says the same, that they stay in every address."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Result
from indicators.reviews.lists import ResultRow
from indicators.reviews.marks import (
    CHANGES,
    LATENESS,
    MARKS,
    STATES,
    WARNINGS,
    change_of,
    is_clean,
    is_jump,
    late_days_of,
    with_previous_level,
)
from indicators.reviews.queries import with_review_rows
from strategy.models import OrgUnit
from tests.builders import K405_BANDS, K405_ITEMS, make, measure_in, report

pytestmark = pytest.mark.django_db
BANGKOK = ZoneInfo("Asia/Bangkok")
# 7(1) is minutes, the fewer the better: A / B.
LEVEL_5, LEVEL_4, LEVEL_1 = {"A": 33600, "B": 200}, {"A": 34200, "B": 200}, {"A": 37800, "B": 200}
JANUARY, FEBRUARY, MARCH = 4, 5, 6


@pytest.fixture
def put(indicator, cast):
    """A result of 7(1), submitted unless said otherwise, with changes written straight to the row."""

    def make(number=MARCH, numbers=LEVEL_5, *, code="7(1)", status="submitted", **changes):
        result = report(indicator(code), number, cast, status=status, **numbers)
        Result.objects.filter(pk=result.pk).update(**changes)
        return Result.objects.get(pk=result.pk)

    return make


@pytest.fixture
def found(client, cast):
    """The rounds of 7(1) that the list shows."""

    def ask(**query):
        client.force_login(cast.reviewer)
        response = client.get(reverse("review_list"), {"q": "7(1)", **query})
        return [row.round.number for row in response.context["rows"]]

    return ask


# Each filter


@pytest.mark.parametrize(
    ("state", "numbers"),
    [("computed", [1, 2]), ("failed", [2]), ("no_cases", [3]), ("not_applicable", [4]), ("cannot_compute", [5, 6])],
)
def test_by_state(state, numbers, put, found):
    put(1, passed=True)
    put(2, passed=False)
    put(3, state="no_cases", value=None, level=None, passed=None)
    put(4, state="not_applicable", value=None, level=None, passed=None)
    put(5, state="cannot_compute", value=None, level=None, passed=None)
    put(6, state="unreadable", level=None, passed=None)
    assert sorted(found(state=state)) == numbers


@pytest.mark.parametrize(
    ("change", "numbers"), [("first", [1]), ("down", [2]), ("up", [3]), ("jump", [4, 5]), ("", [1, 2, 3, 4, 5, 6])]
)
def test_by_change_of_the_level(change, numbers, put, found):
    for number, level in enumerate(("4", "3", "4", "1", "4", "4"), 1):
        put(number, level=Decimal(level))
    wanted = {"up": [3, 5], "down": [2, 4]}.get(change, numbers)
    assert sorted(found(change=change)) == wanted


def test_three_levels_are_three_levels_to_the_fourth_decimal(put, found):
    """2.1 + 3 is not 5.1 in binary."""
    put(1, level=Decimal("2.1"))
    put(2, level=Decimal("5.1") - Decimal("0.2"))  # 4.9: 2.8 above
    put(3, level=Decimal("1.9"))  # 3.0 below
    put(4, level=Decimal("4.8999"))  # 2.9999 above
    assert found(change="jump") == [3]


@pytest.mark.parametrize("status", ["draft", "returned", "reopened"])
def test_what_is_with_the_unit_is_nothing_to_compare_with(status, put, found):
    put(1, level=Decimal(5), status="approved")
    put(2, level=Decimal(1), status=status)
    put(3, level=Decimal(4))
    assert found(change="down") == [3]


def test_a_round_without_a_level_is_passed_over(put, found):
    put(1, level=Decimal(5))
    put(2, level=None, state="no_cases")
    put(3, level=Decimal(4))
    assert found(change="down") == [3]
    assert found(change="first") == [1]


def test_the_level_before_is_found_by_the_rounds_of_the_indicator(put):
    """Not by going through all results of the unit for each row: with ten thousand that took two minutes."""
    if connection.vendor != "sqlite":
        pytest.skip("the other database counts what there is, and plans by that")
    put()
    plan = with_previous_level(Result.objects.order_by()).explain()
    assert "(round_id=? AND measured_unit_id=?)" in plan
    assert "(measured_unit_id=?)" not in plan


@pytest.mark.parametrize(("warning", "numbers"), [("none", [1]), ("any", [2, 3]), ("commented", [3])])
def test_by_warning(warning, numbers, put, found):
    put(1)
    put(2, acknowledged=["exceeds:A=1,B=2"])
    put(3, acknowledged=["exceeds:A=1,B=2"], warning_comments={"exceeds:A=1,B=2": "นับใหม่แล้ว"})
    assert found(warning=warning) == numbers


def test_by_lateness(put, found):
    """What is kept with the first submission counts; where nothing was kept the days do, the due day in time."""
    before, after = (datetime(2017, 4, 10, 23, 59, tzinfo=BANGKOK), datetime(2017, 4, 11, 0, 1, tzinfo=BANGKOK))
    put(1, late_days=0)
    put(2, late_days=3)
    put(5, late_days=None, submitted_at=datetime(2017, 3, 10, 12, tzinfo=BANGKOK))
    put(6, late_days=None, submitted_at=after)
    assert sorted(found(late="yes")) == [2, 6]
    assert sorted(found(late="no")) == [1, 5]
    Result.objects.filter(round__number=6).update(submitted_at=before)
    assert sorted(found(late="yes")) == [2]


def test_by_unit_of_what_is_measured_in_many(client, cast, plan):
    """Two units enter for one hospital each."""
    home = make(plan, "K1", items=K405_ITEMS, bands=K405_BANDS, formula="EIA")
    here, there = [measure_in(home, [code], unit)[0] for code, unit in (("H1", "PST_OPD"), ("H2", "ACCOUNT"))]
    for unit in (here, there):
        report(home, 1, cast, unit=unit, status="submitted", EIA=80, TPS=100)
    client.force_login(cast.reviewer)
    office = OrgUnit.objects.get(code="ACCOUNT").pk
    rows = client.get(reverse("review_list"), {"q": "K1", "office": office}).context["rows"]
    assert [row.measured_unit for row in rows] == [there]


def test_filters_together(put, found):
    put(1, passed=False, late_days=2)
    put(2, passed=False, late_days=0)
    put(3, passed=True, late_days=2)
    assert found(state="failed", late="yes") == [1]


@pytest.mark.parametrize("name", ["state", "change", "warning", "late"])
@pytest.mark.parametrize("bad", ["xyzzy", "'", "%00", "ก" * 300])
def test_a_strange_filter_is_said_and_finds_everything(name, bad, put, client, cast):
    put()
    client.force_login(cast.reviewer)
    response = client.get(reverse("review_list"), {name: bad})
    assert response.status_code == 200
    assert len(response.context["rows"]) == 1
    assert "error-summary" in response.content.decode()


def test_what_is_missing_has_no_state(client, cast, plan):
    client.force_login(cast.reviewer)
    everything = client.get(reverse("review_list"), {"tab": "missing"}).context["found"].total
    for name, value, count in (
        ("state", "failed", 0),
        ("change", "up", 0),
        ("late", "no", 0),
        ("late", "yes", everything),
    ):
        response = client.get(reverse("review_list"), {"tab": "missing", name: value})
        assert response.context["found"].total == count
    assert everything > 100


# One result says what the filter says


def test_conditions_and_rows_say_the_same(put):
    levels = ["4", "3", "3", None, "5", "1", "1", "4.5", "2", "2"]
    for number, level in enumerate(levels, 1):
        put(
            number,
            level=level and Decimal(level),
            state="computed" if level else "no_cases",
            passed=None if level is None else Decimal(level) > 2,
            acknowledged=["x:"] if number % 3 == 0 else [],
            warning_comments={"x:": "ตรวจแล้ว"} if number == 6 else {},
            late_days=None if number == 2 else number % 2,
            submitted_at=datetime(2017, 4, number, 12, tzinfo=BANGKOK),
        )
    rows = with_review_rows(Result.objects.filter(round__indicator__code="7(1)"))

    def matching(condition) -> set[int]:
        return set(with_previous_level(Result.objects.all()).filter(condition).values_list("pk", flat=True))

    def those(test) -> set[int]:
        return {row.pk for row in rows if test(row)}

    for word in ("up", "down", "first"):
        assert matching(CHANGES[word][1]) == those(lambda r, w=word: change_of(r.level, r.previous_level) == w) != set()
    assert matching(CHANGES["jump"][1]) == those(lambda r: is_jump(r.level, r.previous_level)) != set()
    assert matching(LATENESS["yes"][1]) == those(lambda r: late_days_of(r) > 0) != set()
    assert matching(LATENESS["no"][1]) == those(lambda r: late_days_of(r) == 0) != set()
    assert matching(WARNINGS["commented"][1]) == those(lambda r: ResultRow(r).is_commented) != set()
    clean = matching(WARNINGS["none"][1]) & (matching(STATES["computed"][1]) | matching(STATES["no_cases"][1]))
    assert clean == those(is_clean) != set()


def test_not_applicable_is_never_clean(put):
    """The reviewer approves the reason."""
    assert not is_clean(put(state="not_applicable", level=None, value=None, passed=None))


# The page


def test_what_the_rows_carry_is_counted_and_a_click_away(put, client, cast):
    put(1, passed=False, late_days=4)
    put(2, LEVEL_1, passed=False, late_days=0, acknowledged=["x:"])
    client.force_login(cast.reviewer)
    response = client.get(reverse("review_list"), {"q": "7(1)"})
    counts = {each.mark.key: each.count for each in response.context["narrowings"]}
    assert counts == {
        "warning_none": 1, "warning_any": 1, "state_failed": 2, "change_down": 1, "change_jump": 1, "late_yes": 1,
    }  # fmt: skip
    (late,) = (each for each in response.context["narrowings"] if each.mark.key == "late_yes")
    inside = client.get(late.url)
    assert [row.round.number for row in inside.context["rows"]] == [1]
    assert "q=7" in late.url
    (back,) = (each for each in inside.context["narrowings"] if each.mark.key == "late_yes")
    assert back.is_on
    assert "late=" not in back.url
    assert len(client.get(back.url).context["rows"]) == 2


def test_every_mark_can_be_asked_for(put, client, cast):
    put()
    client.force_login(cast.reviewer)
    for mark in MARKS:
        response = client.get(reverse("review_list"), {mark.name: mark.value})
        assert not response.context["form"].errors
        assert mark.key in {each.mark.key for each in response.context["narrowings"]}


def test_a_row_says_how_its_level_moved(put, client, cast):
    put(JANUARY, LEVEL_5)
    put(FEBRUARY, LEVEL_1, late_days=3, acknowledged=["x:"], warning_comments={"x:": "นับใหม่"})
    put(MARCH, LEVEL_4)
    client.force_login(cast.reviewer)
    page = " ".join(client.get(reverse("review_list"), {"q": "7(1)"}).content.decode().split())
    for text in ("ครั้งแรก", "ลงจาก 5", "ขึ้นจาก 1", "ส่งช้า 3 วัน", "คำเตือน 1</span>", "มีคำอธิบาย"):
        assert text in page


def test_the_filters_stay_on_the_way_through_the_queue(put, client, cast):
    """The next one, the decision and the way back have them; a decision opens the next that they find."""
    put(JANUARY, passed=False)
    middle = put(FEBRUARY, passed=True)
    last = put(MARCH, passed=False)
    for place, number in enumerate((JANUARY, FEBRUARY, MARCH), 1):
        Result.objects.filter(round__number=number).update(submitted_at=datetime(2017, 4, place, 9, tzinfo=BANGKOK))
    client.force_login(cast.reviewer)
    query = {"state": "failed", "late": "yes", "change": "", "warning": "none"}
    Result.objects.update(late_days=1)
    first = Result.objects.get(round__number=JANUARY)
    address = reverse("review_detail", args=[first.round_id])
    page = client.get(address, query).content.decode()
    tail = "state=failed&amp;warning=none&amp;late=yes"
    assert f'rel="next" href="{reverse("review_detail", args=[last.round_id])}?{tail}"' in page
    assert f"{reverse('review_list')}?{tail}" in page
    decided = client.post(
        f"{reverse('review_approve', args=[first.round_id])}?state=failed&warning=none&late=yes", {"lock": first.lock}
    )
    assert decided.url == f"{reverse('review_detail', args=[last.round_id])}?state=failed&warning=none&late=yes"
    assert Result.objects.get(pk=middle.pk).status == "submitted"


@pytest.mark.parametrize("query", [{}, {"change": "down"}, {"state": "failed", "late": "yes", "warning": "none"}])
def test_queries_do_not_grow(query, put, client, cast):
    client.force_login(cast.reviewer)

    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("review_list"), query).status_code == 200
        return len(asked)

    put(1, LEVEL_5)
    put(2, LEVEL_1, late_days=1, passed=False)
    one = ask()
    put(3, LEVEL_5)
    put(4, LEVEL_1, late_days=1, passed=False)
    put(5, LEVEL_4, late_days=1, passed=False)
    put(6, LEVEL_1, late_days=2, passed=False)
    assert ask() == one <= 12


def test_the_day_of_a_submission_is_thailands(put):
    """23:30 UTC of the due day is the morning after in Thailand."""
    late = put(6, late_days=None, submitted_at=datetime(2017, 4, 10, 23, 30, tzinfo=ZoneInfo("UTC")))
    assert late_days_of(late) == 1
    assert late.round.due == date(2017, 4, 10)
    assert Result.objects.filter(LATENESS["yes"][1]).count() == 1


def test_the_sentence_of_a_filter_says_nothing_of_what_it_hides(put, client, cast):
    """A hundred rounds are missing, but a filter on results finds none of them."""
    put(passed=False)
    client.force_login(cast.reviewer)
    everything = client.get(reverse("review_list")).context["summary"]
    assert everything.startswith("รอตรวจสอบ 1 รายการ")
    narrowed = client.get(reverse("review_list"), {"state": "failed"}).context["summary"]
    assert narrowed == "ตามตัวกรองนี้: รอตรวจสอบ 1 ส่งกลับแล้ว 0 อนุมัติแล้ว 0 ยังไม่ส่ง 0 รายการ"
