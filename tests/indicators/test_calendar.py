"""From when, by when and until when rounds are reported; and what a change of a plan's calendar moves."""

import copy
import json
from datetime import date

import pytest
from django.urls import reverse

from indicators.models import Closure, Indicator, Round
from indicators.plans.export import export_plan
from indicators.plans.file import check
from indicators.plans.load import load_plan
from indicators.schedule.actions import reschedule_rounds
from indicators.schedule.days import Days, days_of
from indicators.workflow import transition
from strategy import clock
from strategy.models import Plan
from tests.cast import real_plan

pytestmark = pytest.mark.django_db
GOOD = {"A": 33600, "B": 200}
MARCH = (date(2017, 3, 1), date(2017, 3, 31), 2560)
END_OF_YEAR = date(2017, 10, 31)


def days(round_: Round) -> Days:
    return Days.of(Round.objects.get(pk=round_.pk))


@pytest.fixture(scope="module")
def original():
    return real_plan()


# Where the days come from


@pytest.mark.parametrize(
    ("number", "due"),
    [(1, date(2016, 11, 10)), (2, date(2016, 12, 13)), (6, date(2017, 4, 10)), (7, date(2017, 5, 11))],
)
def test_rounds_of_the_plan_are_due_on_working_days(number, due, round_of):
    found = days(round_of("7(1)", number))
    assert (found.due, found.locks) == (due, END_OF_YEAR)
    assert found.opens == round_of("7(1)", number).start


# The plan's due day, lock days and opening; the indicator's due day and lock days; its parent's due day; as printed.
ROUND = [
    ({}, {}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 10), END_OF_YEAR)),
    ({"due_day": 5}, {}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 5), END_OF_YEAR)),
    ({"due_day": 6}, {}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 7), END_OF_YEAR)),  # Chakri Day
    ({"lock_days": 7}, {}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 10), date(2017, 4, 17))),
    ({"lock_days": 0}, {}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 10), date(2017, 4, 10))),
    ({"opening": "end"}, {}, {}, None, Days(date(2017, 4, 1), date(2017, 4, 10), END_OF_YEAR)),
    ({}, {"due_day": 15}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 18), END_OF_YEAR)),  # Songkran
    ({"due_day": 5}, {"due_day": 20}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 20), END_OF_YEAR)),
    ({"lock_days": 7}, {"lock_days": 0}, {}, None, Days(date(2017, 3, 1), date(2017, 4, 10), date(2017, 4, 10))),
    ({}, {}, {"due_day": 20}, None, Days(date(2017, 3, 1), date(2017, 4, 20), END_OF_YEAR)),
    ({}, {"due_day": 5}, {"due_day": 20}, None, Days(date(2017, 3, 1), date(2017, 4, 5), END_OF_YEAR)),
    ({}, {}, {}, date(2017, 4, 13), Days(date(2017, 3, 1), date(2017, 4, 13), END_OF_YEAR)),  # stands as printed
    ({"opening": "end"}, {}, {}, date(2017, 3, 31), Days(date(2017, 3, 31), date(2017, 3, 31), END_OF_YEAR)),
    ({}, {}, {}, date(2017, 11, 15), Days(date(2017, 3, 1), date(2017, 11, 15), date(2017, 11, 15))),
]


@pytest.mark.parametrize(("of_plan", "own", "above", "printed", "expected"), ROUND)
def test_days_of_a_round(of_plan, own, above, printed, expected, indicator):
    kpi = indicator("7(1)")
    for row, values in ((kpi.plan, of_plan), (kpi, own), (kpi.parent, above)):
        for name, value in values.items():
            setattr(row, name, value)
    assert days_of(kpi, *MARCH, printed) == expected


def test_september_is_taken_until_the_end_of_october(round_of):
    assert days(round_of("7(1)", 12)) == Days(date(2017, 9, 1), date(2017, 10, 10), END_OF_YEAR)


# What a change moves


def test_rounds_that_are_not_due_yet_get_the_new_days(plan, round_of):
    plan.due_day, plan.lock_days = 20, 5
    plan.save()
    waiting = Round.objects.filter(indicator__plan=plan, due__gte=clock.today())
    assert reschedule_rounds(plan=plan) == waiting.count()
    assert days(round_of("7(1)", 7)) == Days(date(2017, 4, 1), date(2017, 5, 22), date(2017, 5, 27))
    assert days(round_of("7(1)", 6)).due == date(2017, 4, 10)  # has passed
    assert reschedule_rounds(plan=plan) == 0


def test_what_was_submitted_keeps_its_days(plan, submitted, round_of, cast, access):
    early = submitted("7(1)", 7, **GOOD)
    plan.due_day = 20
    plan.save()
    reschedule_rounds(plan=plan)
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 11)
    transition(access=access(cast.head, early.round), action="withdraw", by=cast.head, lock=early.lock)
    assert reschedule_rounds(plan=plan) == 0  # it had been submitted


def test_a_draft_keeps_nothing(plan, saved, round_of):
    saved("7(1)", 7, **GOOD)
    plan.due_day = 20
    plan.save()
    reschedule_rounds(plan=plan)
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 22)


def test_nobody_becomes_late_by_a_change(plan, round_of, settings):
    settings.KPITRACK_TODAY = date(2017, 5, 9)
    plan.due_day = 5
    plan.save()
    reschedule_rounds(plan=plan)
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 11)
    assert days(round_of("7(1)", 8)).due == date(2017, 6, 5)


def test_an_indicator_moves_its_own_rounds_and_those_below_it(plan, indicator, round_of):
    kpi = indicator("7")
    kpi.due_day = 20
    kpi.save()
    plan.due_day = 15  # not asked for
    plan.save()
    assert reschedule_rounds(plan=plan, family=kpi) > 0
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 22)
    assert days(round_of("9(1)", 7)).due == date(2017, 5, 11)


# The plan file


def test_the_usual_calendar_is_not_written(plan):
    head = export_plan(plan)["plan"]
    assert not {"opening", "due_day", "lock_days", "remind_before", "remind_every", "escalate_after"} & head.keys()


def test_a_calendar_goes_out_and_comes_back(plan, indicator):
    Plan.objects.filter(pk=plan.pk).update(opening="end", due_day=5, lock_days=0, remind_before=0, escalate_after=14)
    Indicator.objects.filter(pk=indicator("7").pk).update(due_day=15, lock_days=3)
    first = export_plan(Plan.objects.get(pk=plan.pk))
    text = json.dumps(first, ensure_ascii=False)
    assert list(check(json.loads(text))) == []
    load_plan(json.loads(text))
    again = Plan.objects.get(pk=plan.pk)
    assert json.dumps(export_plan(again), ensure_ascii=False) == text
    assert (again.opening, again.due_day, again.lock_days, again.remind_before) == ("end", 5, 0, 0)
    assert (indicator("7").due_day, indicator("7").lock_days) == (15, 3)


def test_loading_another_calendar_moves_the_rounds(plan, original, round_of):
    data = copy.deepcopy(original)
    data["plan"]["due_day"] = 20
    report = load_plan(data)
    assert report.moved_rounds > 0
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 22)
    assert days(round_of("7(1)", 6)).due == date(2017, 4, 10)
    assert load_plan(data).moved_rounds == 0


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *[("due_day", value) for value in (0, 29, -1, "10", 10.5, True)],
        *[("lock_days", value) for value in (-1, "ten", 40_000)],
        *[("opening", value) for value in ("now", 1)],
        *[("remind_every", value) for value in (0, "7")],
    ],
)
def test_a_wrong_calendar_is_refused_with_its_place(original, place, value):
    data = copy.deepcopy(original)
    data["plan"][place] = value
    errors = [error for error in check(data) if error.place == f"plan.{place}"]
    assert errors


def test_a_wrong_day_of_an_indicator_is_refused(original):
    data = copy.deepcopy(original)
    next(row for row in data["indicators"] if row["code"] == "7")["due_day"] = 31
    assert [error.place for error in check(data)] == ["indicators[7].due_day"]


# The admin


@pytest.fixture
def boss(client, cast):
    client.force_login(cast.administrator)
    return client


def form_of(response) -> dict:
    """What the admin's form would send as it is."""
    form = response.context["adminform"].form
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not False}
    for inline in response.context["inline_admin_formsets"]:
        for one in [inline.formset.management_form, *inline.formset.forms]:
            for name in one.fields:
                value = one[name].value()
                data[one.add_prefix(name)] = "" if value is None else value
    return {name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in data.items()}


def test_the_admin_moves_the_rounds_and_says_how_many(boss, plan, round_of):
    url = reverse("admin:strategy_plan_change", args=[plan.pk])
    data = form_of(boss.get(url)) | {"due_day": "20"}
    page = boss.post(url, data, follow=True).content.decode()
    assert "เลื่อนวันของรอบประเมิน" in page
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 22)
    page = boss.post(url, data | {"edition": "ฉบับแก้ไข"}, follow=True).content.decode()
    assert "เลื่อนวันของรอบประเมิน" not in page


@pytest.mark.parametrize("day", ["0", "29", "สิบ"])
def test_the_admin_refuses_a_day_that_not_every_month_has(boss, plan, day):
    url = reverse("admin:strategy_plan_change", args=[plan.pk])
    answer = boss.post(url, form_of(boss.get(url)) | {"due_day": day})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["due_day"]
    assert Plan.objects.get(pk=plan.pk).due_day == 10


def test_the_admin_moves_the_rounds_of_an_indicator(boss, indicator, round_of):
    url = reverse("admin:indicators_indicator_change", args=[indicator("7").pk])
    page = boss.post(url, form_of(boss.get(url)) | {"due_day": "20"}, follow=True).content.decode()
    assert "เลื่อนวันของรอบประเมิน" in page
    assert days(round_of("7(1)", 7)).due == date(2017, 5, 22)
    assert days(round_of("9(1)", 7)).due == date(2017, 5, 11)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due": "2017-04-20"}, "กำหนดส่งต้องไม่ก่อนวันสิ้นสุดงวด"),
        ({"opens": "2017-06-01"}, "กำหนดส่งต้องไม่ก่อนวันเปิดให้บันทึก"),
        ({"locks": "2017-05-01"}, "วันปิดรับต้องไม่ก่อนกำหนดส่ง"),
    ],
)
def test_the_days_of_a_round_stay_in_order(boss, round_of, changes, sentence):
    round_ = round_of("7(1)", 7)
    url = reverse("admin:indicators_round_change", args=[round_.pk])
    answer = boss.post(url, form_of(boss.get(url)) | changes)
    assert sentence in answer.content.decode()
    assert days(round_) == Days.of(round_)


def test_a_round_of_a_closed_period_is_only_read(boss, plan, cast, round_of):
    round_ = round_of("7(1)", 6)
    Closure.objects.create(
        plan=plan, fiscal_year=2560, number=6, until=date(2017, 3, 31), snapshot={}, closed_by=cast.reviewer,
        closed_at=clock.now(),
    )  # fmt: skip
    url = reverse("admin:indicators_round_change", args=[round_.pk])
    assert "ปิดแล้ว" in boss.get(url).content.decode()
    assert boss.post(url, {"due": "2017-05-20"}).status_code == 403
    assert boss.post(reverse("admin:indicators_round_delete", args=[round_.pk]), {"post": "yes"}).status_code == 403
