"""What rests on a closed period stays: its print to the byte, its rounds when a plan is loaded or rescheduled."""

import copy
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from indicators.closing.actions import close_period, reopen_period
from indicators.demo.year import DemoRefused, load_demo
from indicators.models import Extension, Indicator, Round, Waiver
from indicators.plans.load import load_plan
from indicators.schedule.actions import cancel_indicator, reschedule_rounds
from reports.closing.page import ClosurePage
from reports.closing.report import closing_report
from reports.render import to_print_html
from strategy import clock
from strategy.models import User
from tests.cast import real_plan
from tests.closing.cases import all_waived
from tests.closing.test_snapshot import edit_everything
from tests.indicators.test_calendar import form_of

pytestmark = pytest.mark.django_db


# Printed again


def test_a_revision_is_printed_the_same_to_the_byte(approved, close, plan, client, cast, settings):
    """Page, document and workbook, whatever has been edited since, by whoever it was closed, and on another day."""
    approved("7(1)", 6, A=33600, B=200)
    closure = close(6)
    client.force_login(cast.executive)

    def printed():
        closure.refresh_from_db()
        closure.closed_by = User.objects.get(pk=closure.closed_by_id)
        workbook = client.get(reverse("closure_xlsx", args=[closure.pk]))
        return to_print_html(closing_report(ClosurePage(closure))), workbook.content

    before = printed()
    edit_everything(plan)
    settings.KPITRACK_TODAY = date(2018, 2, 1)
    assert printed() == before


# Loading a plan file


@pytest.fixture(scope="module")
def original():
    return real_plan()


@pytest.fixture
def of(original):
    """The plan file to change, and one row of it."""

    def find(code):
        data = copy.deepcopy(original)
        return data, next(row for row in data["indicators"] if row["code"] == code)

    return find


def yearly(row):
    for each in (row, *row["versions"].values()):
        if "frequency" in each:
            each["frequency"] = "yearly"


def rounds_of(indicator):
    return Round.objects.filter(indicator=indicator, fiscal_year=2560).count()


@pytest.fixture
def waived(close, indicator):
    """7(1), of which nothing was reported when March was closed."""
    close(6)
    return indicator("7(1)")


@pytest.fixture
def extended(round_of, plan, cast, indicator):
    """7(1), for a round of which more time was granted."""
    facts = {"until": date(2017, 4, 28), "reason": "ระบบล่ม", "by": cast.reviewer, "at": clock.now()}
    Extension.objects.create(round=round_of("7(1)"), measured_unit=plan.unit, **facts)
    return indicator("7(1)")


@pytest.fixture
def cancelled(indicator, cast):
    """7(1), cancelled from April on."""
    facts = {"fiscal_year": 2560, "day": date(2017, 4, 1), "reason": "ยุบ", "by": cast.reviewer}
    return cancel_indicator(indicator=indicator("7(1)"), **facts).indicator


@pytest.mark.parametrize("name", ["waived", "extended"])
def test_rounds_that_a_decision_names_are_kept(name, request, of):
    kpi = request.getfixturevalue(name)
    data, row = of("7(1)")
    yearly(row)
    assert load_plan(data).kept_rounds == ["7(1) 2560"]
    assert rounds_of(kpi) == 12


@pytest.mark.parametrize("name", ["waived", "extended", "cancelled"])
def test_an_indicator_that_a_decision_names_is_kept(name, request, of):
    kpi = request.getfixturevalue(name)
    data, row = of("7(1)")
    data["indicators"].remove(row)
    assert load_plan(data).kept == ["7(1)"]
    assert Indicator.objects.filter(pk=kpi.pk).exists()


def test_the_template_of_a_closed_year_is_kept(waived, of):
    data, row = of("7(1)")
    del row["versions"]["2560"]
    assert load_plan(data).kept == ["7(1) 2560"]
    assert Waiver.objects.filter(round__indicator=waived).count() == 6


def test_what_nothing_rests_on_goes(indicator, of):
    data, row = of("7(1)")
    yearly(row)
    assert load_plan(data).kept_rounds == []
    assert rounds_of(indicator("7(1)")) == 1


# Days


def test_a_closed_round_keeps_its_days(plan, period, cast, round_of, settings):
    """Closed before its due day; the next one moves."""
    settings.KPITRACK_TODAY = date(2017, 4, 3)
    close_period(period=period(6), by=cast.reviewer, waivers=all_waived(period(6)))
    plan.due_day = 20
    plan.save()
    reschedule_rounds(plan=plan)
    assert [round_of("7(1)", number).due for number in (6, 7)] == [date(2017, 4, 10), date(2017, 5, 22)]


def test_the_command_gives_rounds_the_days_of_the_calendar(plan, round_of, capsys):
    """A database from before the calendar knew holidays, or from before they were announced."""
    Round.objects.filter(end=date(2017, 4, 30)).update(due=date(2017, 5, 10))
    call_command("reschedule_rounds")
    assert round_of("7(1)", 7).due == date(2017, 5, 11)  # Visakha Bucha
    moved = Round.objects.filter(end=date(2017, 4, 30)).count()
    assert capsys.readouterr().out == f"แผน KKH2560: เลื่อนวันของรอบประเมินตามปฏิทิน {moved} รอบ\n"
    call_command("reschedule_rounds")
    assert "0 รอบ" in capsys.readouterr().out


# The admin


@pytest.fixture
def boss(client, cast):
    client.force_login(cast.administrator)
    return client


def test_no_round_is_moved_into_a_closed_period(boss, close, round_of):
    close(6)
    round_ = round_of("7(1)", 7)
    url = reverse("admin:indicators_round_change", args=[round_.pk])
    data = form_of(boss.get(url)) | {"start": "2017-03-01", "end": "2017-03-31"}
    assert "มีนาคม 2560 ปิดแล้ว" in boss.post(url, data).content.decode()
    assert Round.objects.get(pk=round_.pk).end == date(2017, 4, 30)


def test_no_round_is_added_to_a_closed_period(boss, close, indicator):
    close(6)
    days = {
        "start": "2017-03-01",
        "end": "2017-03-31",
        "opens": "2017-03-01",
        "due": "2017-05-10",
        "locks": "2017-10-31",
    }
    kpi = {"indicator": indicator("7(1)").pk, "fiscal_year": 2560, "number": 20, "frequency": "monthly"}
    url = reverse("admin:indicators_round_add")
    assert "มีนาคม 2560 ปิดแล้ว" in boss.post(url, kpi | days).content.decode()
    april = days | {"start": "2017-04-01", "end": "2017-04-30"}
    assert boss.post(url, kpi | april).status_code == 302


def test_a_round_is_asked_again_when_it_is_saved(boss, close, round_of, monkeypatch):
    """The period is closed after the page was opened and looked at, before the round is written."""
    round_ = round_of("7(1)", 6)
    url = reverse("admin:indicators_round_change", args=[round_.pk])
    data = form_of(boss.get(url)) | {"due": "2017-05-20"}
    close(6)
    monkeypatch.setattr("indicators.schedule.admin.is_round_closed", lambda round_: False)
    assert "มีนาคม 2560 ปิดแล้ว" in boss.post(url, data).content.decode()
    assert Round.objects.get(pk=round_.pk).due == date(2017, 4, 10)


# Two tabs, and the demo


def test_another_revision_is_not_reopened_unseen(client, cast, close, plan):
    client.force_login(cast.reviewer)
    reopen_period(closure=close(6), by=cast.reviewer, reason="นับผิด")
    second = close(6)
    url = reverse("closing_reopen", args=[plan.pk, 2560, 6])
    answer = client.post(url, {"reason": "ขอแก้อีก", "revision": "1"})
    assert (answer.status_code, "ตอนนี้เป็นฉบับที่ 2" in answer.content.decode()) == (409, True)
    assert "ขอแก้อีก" in answer.content.decode()
    second.refresh_from_db()
    assert second.reopened_at is None
    assert client.post(url, {"reason": "ขอแก้อีก", "revision": "2"}).status_code == 302


def test_no_demo_is_made_in_a_closed_year(close):
    close(6)
    with pytest.raises(DemoRefused, match="มีงวดที่ปิดแล้ว"):
        load_demo()
