"""What one unit enters: which rows a month has, what is owed now, for whom, and at what cost."""

from datetime import date

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from indicators.models import Cancellation, Closure, Extension, Responsibility, Result, ReviewEvent, Round
from indicators.monthly.rows import fetch_owed_rows, fetch_rows_of_rounds, fetch_unit_rows
from indicators.workflow import transition
from strategy import clock
from strategy.models import Membership
from tests import builders
from tests.indicators.grids import JULY, load_province, person
from tests.indicators.months import APRIL, MARCH, codes_of, give, group_of, rows_of, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(cast):
    def fetch(user=None, code="PST_OPD"):
        user = user or cast.head
        user.__dict__.pop("_kpitrack_reach", None)
        return [(row.code, row.access.round.label) for row in fetch_owed_rows(user, unit_of(code).pk).rows]

    return fetch


# Which rows


def test_the_rounds_that_end_in_the_month(cast, indicator):
    """7(1) is monthly; 3 comes twice a year, and so in March and September."""
    give(indicator("3"))
    assert codes_of(rows_of(cast.head, number=MARCH)) == ["3", "7(1)"]
    assert codes_of(rows_of(cast.head, number=APRIL)) == ["7(1)"]
    assert codes_of(rows_of(cast.head, number=12)) == ["3", "7(1)"]


def test_the_first_month_is_october(cast):
    assert [row.access.round.label for row in rows_of(cast.head, number=1).rows] == ["ตุลาคม 2559"]


def test_what_is_made_of_others_is_not_entered(cast, indicator):
    give(indicator("7"))
    assert codes_of(rows_of(cast.head)) == ["7(1)"]


def test_who_was_responsible_once_is_not_any_more(cast, indicator):
    give(indicator("5")).delete()
    old = give(indicator("6"))
    Responsibility.objects.filter(pk=old.pk).update(end=date(2017, 3, 31))
    assert codes_of(rows_of(cast.head)) == ["7(1)"]


def test_a_head_of_a_group_has_the_rows_of_its_departments(plan, cast):
    group = group_of("PST_OPD", "ACCOUNT")
    chief = person("chief", "GROUP", "head")
    found = fetch_unit_rows(chief, group.pk, 2560, MARCH)
    assert set(codes_of(found)) == {*codes_of(rows_of(cast.head)), *codes_of(rows_of(cast.other_head, "ACCOUNT"))}
    assert all(row.access.may_enter for row in found.rows)
    assert {found.department_of(row).code for row in found.rows} == {"PST_OPD", "ACCOUNT"}


def test_a_department_has_only_its_own_rows(plan, cast):
    group_of("PST_OPD", "ACCOUNT")
    chief = person("chief", "GROUP", "head")
    assert codes_of(rows_of(chief, "PST_OPD")) == ["7(1)"]


def test_each_measured_unit_has_a_row(plan, settings):
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    found = rows_of(province.enters, "KKPHO_INSURANCE", 9, 2566)
    assert len(found.rows) == 26
    assert found.rows[1].name.endswith(found.rows[1].access.measured_unit.label)


def test_a_hospital_that_enters_its_own_sees_only_that(plan, settings):
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    chum = unit_of("10998")
    Responsibility.objects.filter(indicator=province.k405, measured_unit=chum).update(responsible_unit=chum)
    found = rows_of(province.hospital, "10998", 9, 2566)
    assert [row.access.measured_unit for row in found.rows] == [chum]
    assert found.rows[0].access.may_enter


def test_what_a_hospital_does_not_enter_is_not_even_read(plan, settings, monkeypatch):
    """A row is saved by itself: its cost must not grow with the units that others enter."""
    settings.KPITRACK_TODAY = JULY
    province = load_province()
    chum = unit_of("10998")
    Responsibility.objects.filter(indicator=province.k405, measured_unit=chum).update(responsible_unit=chum)
    version = province.k405.versions.get(is_active=True, fiscal_year=2566)
    round_ = Round.objects.get(indicator=province.k405, fiscal_year=2566, number=2)
    for owner in Responsibility.objects.filter(indicator=province.k405):
        Result.objects.create(round=round_, measured_unit_id=owner.measured_unit_id, version=version)
    read = []
    monkeypatch.setattr(Responsibility, "from_db", _noting(Responsibility, read))
    monkeypatch.setattr(Result, "from_db", _noting(Result, read))
    assert rows_of(province.hospital, "10998", 9, 2566).rows[0].result is not None
    assert {row.measured_unit_id for row in read} == {chum.pk}


def _noting(model, read):
    """How rows of the model are made of what the database has, with a note of each."""
    make = model.from_db.__func__

    def from_db(cls, db, names, values):
        read.append(make(cls, db, names, values))
        return read[-1]

    return classmethod(from_db)


# For whom


@pytest.mark.parametrize(
    ("who", "may"),
    [
        *[(who, True) for who in ("reporter", "head", "reviewer", "executive")],
        *[(who, False) for who in ("other_head", "outsider")],
    ],
)
def test_whose_month_it_is(cast, who, may):
    user = getattr(cast, who)
    if may:
        assert codes_of(rows_of(user)) == ["7(1)"]
    else:
        with pytest.raises(Http404):
            rows_of(user)


def test_who_only_reads_enters_nothing(cast):
    assert not any(row.access.may_enter or row.access.may_submit for row in rows_of(cast.executive).rows)


@pytest.mark.parametrize("pk", [0, 2**31, 10**30])
def test_a_unit_that_is_not_there(cast, pk):
    for fetch in (lambda: fetch_unit_rows(cast.head, pk, 2560, 6), lambda: fetch_owed_rows(cast.head, pk)):
        with pytest.raises(Http404):
            fetch()


@pytest.mark.parametrize(
    ("year", "number"), [(2560, 0), (2560, 13), (0, 6), (2399, 6), (2701, 6), (10**30, 6), (2560, 10**30)]
)
def test_a_month_that_is_not_there(cast, year, number):
    with pytest.raises(Http404):
        fetch_unit_rows(cast.head, unit_of("PST_OPD").pk, year, number)


def test_a_role_that_has_ended_opens_nothing(cast):
    Membership.objects.filter(user=cast.head).update(end=date(2017, 4, 14))
    with pytest.raises(Http404):
        rows_of(cast.head)


# What stands in a row


def test_what_is_saved_comes_with_the_row(cast, saved):
    saved("7(1)", 6, A=33600, B=200)
    row = rows_of(cast.head).rows[0]
    assert {code: str(value.normalize()) for code, value in row.data.items()} == {"A": "3.36E+4", "B": "2E+2"}
    assert row.lock == 1


def test_zero_is_not_empty(cast, saved):
    saved("7(1)", 6, A=0)
    assert rows_of(cast.head).rows[0].data == {"A": 0}


def test_why_it_came_back(cast, submitted, access):
    result = submitted("7(1)", 6, A=33600, B=200)
    for reason in ("ตัวตั้งผิด", "ตัวหารผิด"):
        transition(
            access=access(cast.reviewer, result.round),
            action="return",
            by=cast.reviewer,
            lock=result.lock,
            reason=reason,
        )
        row = rows_of(cast.head).rows[0]
        assert (row.comeback.who, row.comeback.reason) == ("reviewer", reason)
        result = transition(access=row.access, action="submit", by=cast.head, lock=row.lock)
        assert rows_of(cast.head).rows[0].comeback is None


# What the calendar says


def test_more_time_cancelled_and_closed(cast, indicator, plan, round_of):
    give(indicator("5"))
    give(indicator("6"))
    by = {"by": cast.reviewer, "at": clock.now(), "reason": "เหตุผล"}
    Extension.objects.create(round=round_of("5", 6), measured_unit=plan.unit, until=date(2017, 4, 30), **by)
    Cancellation.objects.create(indicator=indicator("6"), fiscal_year=2560, day=date(2017, 3, 1), **by)
    rows = {row.code: row.access for row in rows_of(cast.head).rows}
    assert rows["5"].due == date(2017, 4, 30)
    assert rows["6"].is_cancelled
    assert not rows["6"].may_enter
    Closure.objects.create(
        plan=plan, fiscal_year=2560, number=6, until=date(2017, 3, 31), revision=1, closed_by=cast.reviewer,
        closed_at=clock.now(), snapshot={},
    )  # fmt: skip
    assert all(row.access.is_closed and not row.access.may_enter for row in rows_of(cast.head).rows)


# What is owed


def test_what_is_owed_now(owed):
    """All rounds before were never entered: all of them are owed, up to the one that runs."""
    assert owed() == [("7(1)", name) for name in (
        "ตุลาคม 2559", "พฤศจิกายน 2559", "ธันวาคม 2559", "มกราคม 2560", "กุมภาพันธ์ 2560", "มีนาคม 2560", "เมษายน 2560",
    )]  # fmt: skip


def test_what_was_sent_is_not_owed(owed, submitted, saved):
    for number in range(1, 6):
        submitted("7(1)", number, A=33600, B=200)
    saved("7(1)", 6, A=33600, B=200)
    assert owed() == [("7(1)", "มีนาคม 2560"), ("7(1)", "เมษายน 2560")]


def test_what_is_locked_is_owed_only_where_it_was_sent_back_or_has_more_time(
    owed, cast, plan, round_of, submitted, access
):
    Round.objects.filter(indicator__code="7(1)", fiscal_year=2560, number__in=(1, 2, 3)).update(locks=date(2017, 4, 14))
    Round.objects.filter(indicator__code="7(1)", fiscal_year=2560, number=7).update(opens=date(2017, 4, 16))
    for number in (5, 6):
        submitted("7(1)", number, A=33600, B=200)
    assert owed() == [("7(1)", "มกราคม 2560")]
    by = {"by": cast.reviewer, "at": clock.now(), "reason": "ระบบล่ม"}
    Extension.objects.create(round=round_of("7(1)", 1), measured_unit=plan.unit, until=date(2017, 4, 15), **by)
    assert owed() == [("7(1)", "ตุลาคม 2559"), ("7(1)", "มกราคม 2560")]
    Round.objects.filter(indicator__code="7(1)", fiscal_year=2560, number=2).update(locks=date(2017, 4, 15))
    result = submitted("7(1)", 2, A=33600, B=200)
    Round.objects.filter(indicator__code="7(1)", fiscal_year=2560, number=2).update(locks=date(2017, 4, 14))
    transition(
        access=access(cast.reviewer, result.round), action="return", by=cast.reviewer, lock=result.lock, reason="ผิด"
    )
    assert ("7(1)", "พฤศจิกายน 2559") in owed()


def test_the_year_before_is_owed_as_long_as_it_is_taken(cast, plan, settings):
    settings.KPITRACK_TODAY = date(2017, 10, 5)
    found = fetch_owed_rows(cast.head, unit_of("PST_OPD").pk)
    assert ("2560", "กันยายน 2560") in {(str(r.access.round.fiscal_year), r.access.round.label) for r in found.rows}
    settings.KPITRACK_TODAY = date(2017, 11, 1)
    cast.head.__dict__.pop("_kpitrack_reach", None)
    assert {row.access.round.fiscal_year for row in fetch_owed_rows(cast.head, unit_of("PST_OPD").pk).rows} <= {2561}


def test_earlier_months_are_told(cast, submitted):
    for number in (1, 2, 3):
        submitted("7(1)", number, A=33600, B=200)
    assert [round_.label for round_ in rows_of(cast.head).earlier] == ["มกราคม 2560", "กุมภาพันธ์ 2560"]
    assert [round_.label for round_ in rows_of(cast.head, number=5).earlier] == ["มกราคม 2560"]


def test_a_month_to_come_owes_nothing_of_what_has_not_ended(cast, submitted):
    for number in range(1, 6):
        submitted("7(1)", number, A=33600, B=200)
    assert [round_.label for round_ in rows_of(cast.head, number=12).earlier] == ["มีนาคม 2560"]


def test_rows_of_given_rounds_are_only_ones_own(cast, round_of):
    unit = unit_of("PST_OPD").pk
    wanted = [round_of("7(1)", 6).pk, round_of("22", 6).pk, 0]
    assert codes_of(fetch_rows_of_rounds(cast.head, unit, wanted)) == ["7(1)"]


# Cost


def test_the_number_of_rows_costs_nothing(plan, cast, indicator, saved, submitted, access):
    def cost(fetch) -> int:
        cast.head.__dict__.pop("_kpitrack_reach", None)
        with CaptureQueriesContext(connection) as asked:
            fetch()
        return len(asked)

    unit = unit_of("PST_OPD").pk
    fetches = [lambda: fetch_unit_rows(cast.head, unit, 2560, 6), lambda: fetch_owed_rows(cast.head, unit)]
    saved("7(1)", 6, A=33600, B=200)
    one = [cost(fetch) for fetch in fetches]
    for code in ("5", "6", "8", "13(1)", "26(1)"):
        give(indicator(code))
    many = builders.make(
        plan, "MANY", items=builders.SHARE_ITEMS, frequency="monthly", kind="formula", formula="A/B*100"
    )
    for measured in builders.measure_in(many, [f"H{n}" for n in range(20)], "PST_OPD"):
        assert measured
    result = submitted("5", 6, A=1, B=10)
    transition(
        access=access(cast.reviewer, result.round), action="return", by=cast.reviewer, lock=result.lock, reason="ผิด"
    )
    assert len(rows_of(cast.head).rows) > 20
    assert [cost(fetch) for fetch in fetches] == one
    assert max(one) <= 8
    assert ReviewEvent.objects.filter(action="return").exists()
