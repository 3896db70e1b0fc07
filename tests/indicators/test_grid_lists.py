"""A grid as one piece of work: in งานของฉัน, in the navigation, in the review list; many decisions at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators import queries
from indicators.grids.actions import Typed, save_row, submit_complete
from indicators.models import Result, ReviewEvent, Round
from indicators.work import GridWork, work_of
from indicators.work_places import Place
from strategy.access import reach_of
from strategy.models import OrgUnit
from tests.indicators.grids import FAIL, JULY, PASS, grid_of, load_province, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def qs(plan):
    return person("qs", "QS", "head")


@pytest.fixture
def thip(indicator):
    """15(2) with the rounds of March and its first four sub-indicators alone."""
    home = indicator("15(2)")
    keep = list(home.children.order_by("position").values_list("pk", flat=True)[:4])
    rounds = Round.objects.filter(indicator__parent=home)
    rounds.exclude(indicator__in=keep, fiscal_year=2560, number=6).delete()
    return home


@pytest.fixture
def fill(qs, thip):
    """Save the first rows: `fill(PASS, FAIL)`; with submit=True they are submitted too."""

    def put(*words, submit=False, number=6):
        for place, word in enumerate(words):
            row = grid_of(qs, thip, 2560, number).rows[place]
            save_row(row, by=qs, typed=Typed({"P": word}, {}, row.lock))
        if submit:
            grid = grid_of(qs, thip, 2560, number)
            submit_complete(grid, by=qs, locks={row.key: row.lock for row in grid.rows})
        return grid_of(qs, thip, 2560, number)

    return put


def work(user):
    user.__dict__.pop("_kpitrack_reach", None)
    return work_of(reach_of(user), 2560)


def grids(user) -> list[GridWork]:
    return [row for row in work(user).rows if isinstance(row, GridWork) and row.code == "15(2)"]


# My work


def test_a_grid_is_one_row(client, qs, fill):
    fill(PASS, FAIL)
    (row,) = grids(qs)
    assert (row.place, row.progress, row.states) == (Place.LATE, "บันทึกแล้ว 2 จาก 4", ["late", "draft"])
    client.force_login(qs)
    page = client.get("/").content.decode()
    assert "บันทึกแล้ว 2 จาก 4" in page
    assert "เปิดตาราง" in page
    assert f'href="{row.url}"' in page
    assert "DH0101" not in page


def test_the_navigation_counts_it_once(qs, fill):
    fill(PASS)
    found = work(qs)
    assert queries.waiting_counts(qs)["entry"] == found.count(Place.BACK, Place.LATE, Place.DUE)


def test_a_unit_with_two_of_the_rows_has_them_alone(fill, thip):
    med = person("med", "PCT_MED", "head")
    fill(PASS)
    (row,) = grids(med)
    assert row.progress == "บันทึกแล้ว 1 จาก 4"  # the first four are the medical team's
    surgeon = person("sur", "PCT_SUR", "head") if OrgUnit.objects.filter(code="PCT_SUR").exists() else None
    assert surgeon is None or grids(surgeon) == []


def test_where_the_grid_stands(qs, fill, cast, access):
    from indicators.workflow import transition

    fill(PASS, PASS, PASS, PASS, submit=True)
    assert grids(qs)[0].place is Place.WAITING
    result = Result.objects.order_by("pk").first()
    seen = access(cast.reviewer, result.round)
    transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="ทะเบียนไม่ครบ")
    (row,) = grids(qs)
    assert (row.place, row.states) == (Place.BACK, ["returned", "late"])
    assert (row.event.reason, row.more) == ("ทะเบียนไม่ครบ", "ส่งกลับ/เปิดให้แก้ไข 1 รายการ")


def test_the_hospitals_are_one_row(plan, settings):
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    grid = grid_of(province.enters, province.k405, 2566, 2)
    save_row(grid.rows[3], by=province.enters, typed=Typed({"EIA": "80", "TPS": "A"}, {}, 0))
    province.enters.__dict__.pop("_kpitrack_reach", None)
    found = work_of(reach_of(province.enters), 2566)
    assert [(row.code, row.progress, row.place) for row in found.rows] == [
        ("K405", "บันทึกแล้ว 0 จาก 26", Place.LATE), ("K405", "บันทึกแล้ว 1 จาก 26", Place.DUE),
    ]  # fmt: skip
    assert queries.waiting_counts(province.enters)["entry"] == 2
    settings.KPITRACK_TODAY = date(2023, 7, 6)
    for each in grid_of(province.enters, province.k405, 2566, 2).rows:
        if each.result is None:
            save_row(each, by=province.enters, typed=Typed({"EIA": "80", "TPS": "A"}, {}, 0))
    fresh = grid_of(province.enters, province.k405, 2566, 2)
    submit_complete(fresh, by=province.enters, locks={row.key: row.lock for row in fresh.rows})
    province.enters.__dict__.pop("_kpitrack_reach", None)
    assert queries.waiting_counts(province.enters)["entry"] == 1
    assert queries.waiting_counts(province.reviews)["review"] == 1


# The review list


@pytest.fixture
def page(client, cast):
    def get(user=None, **query):
        client.force_login(user or cast.reviewer)
        return client.get(reverse("review_list"), query)

    return get


def tabs(response) -> dict[str, int]:
    return {tab.key: count for tab, count in response.context["tabs"]}


def test_a_grid_is_one_row_of_the_list(page, fill, submitted, cast):
    submitted("7(1)", 5, A=33600, B=200)
    grid = fill(PASS, PASS, PASS, submit=True)
    Result.objects.filter(pk=grid.rows[2].result.pk).update(passed=False, level=0)
    response = page()
    text = response.content.decode()
    assert [row.is_group for row in response.context["rows"]] == [False, True]
    group = response.context["rows"][1]
    assert (group.count, group.passed, group.failed, group.clean) == (3, 2, 1, 2)
    assert "รอตรวจสอบ 3 รายการ" in text
    assert "อนุมัติที่ผ่านและไม่มีคำเตือน" in text
    assert "DH0101" not in text
    assert tabs(response)["waiting"] == 2
    assert queries.waiting_counts(cast.reviewer)["review"] == 2
    inside = page(grid=str(group.key)).content.decode()
    assert all(row.code in inside for row in grid.rows[:3])


def test_with_and_without_warnings_add_up(page, fill, submitted):
    """A grid with a warning in one row is a piece with warnings, and is not counted as one without them too."""
    submitted("7(1)", 5, A=33600, B=200)
    grid = fill(PASS, PASS, PASS, submit=True)
    Result.objects.update(acknowledged=[])
    Result.objects.filter(pk=grid.rows[1].result.pk).update(acknowledged=["odd:A=1"])
    response = page()
    counts = {each.mark.key: each.count for each in response.context["narrowings"]}
    assert (tabs(response)["waiting"], counts["warning_none"], counts["warning_any"]) == (2, 1, 1)
    without, with_ = page(warning="none"), page(warning="any")
    assert [tabs(each)["waiting"] for each in (without, with_)] == [1, 1]
    assert [row.is_group for row in without.context["rows"]] == [False]
    assert [each.count for each in without.context["narrowings"] if each.mark.key == "warning_none"] == [1]
    key = str(response.context["rows"][1].key)
    assert len(page(grid=key, warning="none").context["rows"]) == 2  # row by row inside


def test_a_warning_in_another_tab_is_none_of_this_one(page, fill, cast):
    grid = fill(PASS, PASS, PASS, submit=True)
    Result.objects.filter(pk=grid.rows[0].result.pk).update(
        acknowledged=["odd:A=1"], status="approved", approved_by=cast.reviewer, approved_at=timezone.now()
    )
    assert tabs(page(warning="none"))["waiting"] == 1


def test_a_single_result_of_a_grid_stands_for_itself(page, fill):
    fill(PASS, submit=True)
    (row,) = page().context["rows"]
    assert not row.is_group
    assert row.title.endswith("AMI")


def test_what_is_missing_is_one_row_too(page, fill, thip):
    fill(PASS, submit=True)
    found = page(tab="missing", q="15(2)").context["rows"]
    assert [(row.is_group, row.count) for row in found] == [(True, 3)]
    inside = page(tab="missing", grid=f"{thip.pk}-2560-6")
    assert len(inside.context["rows"]) == 3
    assert tabs(inside) == {"waiting": 1, "returned": 0, "approved": 0, "missing": 3}


@pytest.mark.parametrize("grid", ["x", "1-2-3", "0-2560-6", "999999999-2560-6", "1-2560-6'", "๑-2560-6"])
def test_a_grid_that_is_not_there_shows_nothing(page, fill, grid):
    fill(PASS, submit=True)
    assert page(grid=grid).context["rows"] == []


@pytest.fixture
def decide(client, cast):
    """Post a decision about many results of the grid, as its narrowed list does."""

    def post(action, user=None, **data):
        client.force_login(user or cast.reviewer)
        return client.post(reverse("review_list"), {"action": action, **data}, follow=True)

    return post


def seen() -> str:
    return " ".join(f"{pk}:{lock}" for pk, lock in Result.objects.values_list("pk", "lock"))


def test_everything_without_a_warning_is_approved(decide, fill, cast):
    grid = fill(PASS, PASS, PASS, submit=True)
    warned = grid.rows[1].result
    Result.objects.filter(pk=warned.pk).update(acknowledged=["odd:A=1"])
    text = decide("clean", seen=seen()).content.decode()
    assert f"อนุมัติแล้ว 2 รายการ: {grid.rows[0].code}, {grid.rows[2].code}" in text
    assert "ยังไม่ได้ตัดสิน 1 รายการ: มีคำเตือน" in text
    assert grid.rows[1].code in text
    statuses = [row.access.status for row in grid_of(cast.reviewer, grid.indicator, 2560, 6).rows]
    assert statuses == ["approved", "submitted", "approved", None]
    assert ReviewEvent.objects.filter(action="approve").count() == 2


def test_the_chosen_ones_go_back_with_one_reason(decide, fill):
    grid = fill(PASS, PASS, PASS, submit=True)
    picked = [f"{row.result.pk}:{row.result.lock}" for row in grid.rows[:2]]
    text = decide("return", picked=picked, reason="แนบทะเบียน").content.decode()
    assert "ส่งกลับให้แก้ไขแล้ว 2 รายการ" in text
    assert list(ReviewEvent.objects.filter(action="return").values_list("reason", flat=True)) == ["แนบทะเบียน"] * 2
    assert Result.objects.filter(status="submitted").count() == 1


def test_hospitals_stand_with_their_names(page, plan, settings):
    settings.KPITRACK_TODAY = date(2023, 7, 15)
    province = load_province()
    grid = grid_of(province.enters, province.k405, 2566, 2)
    for place in (0, 1, 5):
        save_row(grid.rows[place], by=province.enters, typed=Typed({"EIA": "80", "TPS": "A"}, {}, 0))
    grid = grid_of(province.enters, province.k405, 2566, 2)
    submit_complete(grid, by=province.enters, locks={row.key: row.lock for row in grid.rows})
    (group,) = page(province.reviews).context["rows"]
    assert (group.count, group.indicator.code) == (3, "K405")
    response = page(province.reviews, grid=str(group.key))
    text = response.content.decode()
    assert [row.measured_unit.name for row in response.context["rows"]][:2] == ["โรงพยาบาลขอนแก่น", "โรงพยาบาลบ้านฝาง"]
    assert "?unit=10995&amp;grid=" in text
    assert [row.count for row in page(province.reviews, tab="missing").context["rows"]] == [26, 23]
    missing = page(province.reviews, tab="missing", grid=str(group.key)).context["rows"]
    assert len(missing) == 23
    assert "โรงพยาบาลบ้านฝาง" not in {row.measured_unit.name for row in missing}


def test_queries_do_not_grow(client, page, fill, submitted, thip):
    """One result and a group of two; then three results and a group of three."""
    grid = f"{thip.pk}-2560-6"
    asked = []

    def ask() -> None:
        page()  # the log-in
        for query in ({}, {"grid": grid}, {"tab": "missing"}, {"tab": "missing", "grid": grid}):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("review_list"), query).status_code == 200
            asked.append(len(captured))

    submitted("7(1)", 5, A=33600, B=200)
    fill(PASS, PASS, submit=True)
    ask()
    submitted("7(1)", 4, A=33600, B=200)
    submitted("7(1)", 3, A=33600, B=200)
    fill(PASS, PASS, PASS, submit=True)
    ask()
    assert asked[:4] == asked[4:]
    assert max(asked) <= 12
