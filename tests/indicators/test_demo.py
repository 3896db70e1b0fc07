"""The demo year: plausible, full of every situation, marked as demo, made once and only where it may."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings

from indicators.adapters import TYPED_KINDS
from indicators.demo.people import PASSWORD
from indicators.demo.shares import ALL_FIGURES, CLINICAL
from indicators.demo.year import load_demo
from indicators.models import DataValue, Indicator, IndicatorVersion, RecoveryMeasure, Result, ReviewEvent, Round
from indicators.plans.file import read_plan_file
from indicators.plans.load import load_plan
from indicators.scorecards import CardState, plan_card
from scoring.numbers import round_half_up
from strategy.access import Permission, reach_of
from strategy.models import Membership, Plan, User
from strategy.periods import THAI_TIME
from tests.cast import PLAN_FILE, TODAY

Status = Result.Status
SHARES = ("14", "15(1)", "15(2)")
MARCH_END = date(2017, 3, 31)


@pytest.fixture(scope="module")
def demo_year(django_db_setup, django_db_blocker):
    """The demo year once for all tests here: it is made by thousands of writes. It goes with the module."""
    with django_db_blocker.unblock(), override_settings(KPITRACK_TODAY=TODAY), transaction.atomic():
        if not Plan.objects.filter(code="KKH2560").exists():
            load_plan(read_plan_file(PLAN_FILE))
        load_demo()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(demo_year, plan) -> Plan:
    return plan


def of(code: str, number: int) -> Result:
    return Result.objects.get(round__indicator__code=code, round__number=number, round__fiscal_year=2560)


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_every_typed_kpi_has_figures_and_results(demo):
    typed = IndicatorVersion.objects.filter(
        indicator__plan=demo, fiscal_year=2560, kind__in=[kind.value for kind in TYPED_KINDS]
    )
    codes = set(typed.values_list("indicator__code", flat=True))
    assert set(ALL_FIGURES) == {code for code in codes if not code.startswith(CLINICAL)}
    found = set(Result.objects.values_list("round__indicator__code", flat=True))
    assert codes - found == {"14(22)"}, "due and never reported"


def test_all_is_marked_as_demo_and_exact(demo):
    assert not Result.objects.filter(is_demo=False).exists()
    assert all(isinstance(value, Decimal) for value in DataValue.objects.values_list("value", flat=True))


def test_it_is_the_same_every_time(demo):
    assert {v.code: v.value for v in of("7(1)", 1).values.all()} == {"A": Decimal(37736), "B": Decimal(207)}


def test_levels_and_verdicts_spread(demo):
    results = Result.objects.exclude(level=None)
    assert {int(level) for level in results.values_list("level", flat=True)} == {0, 1, 2, 3, 4, 5}
    passed = results.filter(passed=True).count()
    assert 0.15 < passed / results.count() < 0.85


def test_every_status_is_there(demo):
    assert set(Result.objects.values_list("status", flat=True)) == set(Status.values)
    assert Result.objects.filter(status=Status.SUBMITTED, round__end=MARCH_END).count() >= 5
    assert Result.objects.filter(status=Status.DRAFT, round__start=date(2017, 4, 1)).count() >= 3
    assert not Result.objects.filter(round__start__gt=date(2017, 4, 15)).exists()


def test_some_are_missing_late_and_sent_back(demo):
    due = Round.objects.filter(indicator__plan=demo, fiscal_year=2560, due__lt=date(2017, 4, 15))
    assert due.filter(results=None).count() >= 4
    assert Result.objects.filter(submitted_at__date__gt=F("round__due")).count() >= 5
    sent_back = ReviewEvent.objects.filter(action="return")
    assert sent_back.count() >= 5
    assert not sent_back.filter(reason="").exists()
    assert ReviewEvent.objects.filter(action__in=["reopen", "withdraw"]).values("action").distinct().count() == 2


def test_the_rare_cases(demo):
    assert of("7(2)(1)", 4).state == "no_cases"
    assert of("24(2)", 6).state == "cannot_compute"
    assert of("9(1)", 5).acknowledged == ["not_whole:B=1002.5", "no_recovery:"]
    assert all(of("9(1)", 5).warning_comments.values())
    assert (of("16", 6).state, of("16", 6).value) == ("not_applicable", None)
    assert {v.code: v.value for v in of("7(3)", 3).values.all()}["B4"] == 0
    assert of("7(3)", 3).state == "computed", "a disease without cases drops out of the mean"


def test_nothing_was_submitted_with_an_open_warning(demo):
    """And a reviewer meets results with and without warnings; a KPI that fails is being mended."""
    handed_in = Result.objects.exclude(status=Status.DRAFT)
    assert all(set(result.acknowledged) == set(result.warning_comments) for result in handed_in)
    kinds = {key.partition(":")[0] for result in handed_in for key in result.acknowledged}
    assert kinds >= {"no_recovery", "far_value", "level_jump", "not_whole"}
    odd = [key for result in handed_in for key in result.acknowledged if not key.startswith("no_recovery")]
    assert len(odd) < handed_in.count() / 50, "warnings are rare, or nobody reads them"
    waiting = handed_in.filter(status=Status.SUBMITTED)
    assert 0 < waiting.filter(acknowledged=[]).count() < waiting.count()
    assert RecoveryMeasure.objects.count() >= 2


def test_every_card_state_that_numbers_make_is_on_the_dashboard(demo):
    states = {card.state for card in plan_card(demo, 2560, MARCH_END).walk()}
    assert states >= set(CardState) - {CardState.NO_CASES, CardState.NOT_APPLICABLE, CardState.CANCELLED}


def test_texts_and_projects_are_on_some(demo):
    assert Result.objects.exclude(problems="").exclude(suggestions="").count() >= 10
    assert Result.objects.exclude(projects=None).distinct().count() >= 5
    assert Result.objects.filter(problems="").exists()


def test_the_history_of_each_result_holds(demo):
    """Events are in order of time, in office hours, before the demo's day, and end in the result's status."""
    latest = datetime(2017, 4, 15, tzinfo=THAI_TIME)
    for result in Result.objects.prefetch_related("events"):
        events = sorted(result.events.all(), key=lambda event: event.pk)
        moments = [event.at.astimezone(THAI_TIME) for event in events]
        assert moments == sorted(set(moments)), result
        assert moments[-1] < latest
        assert all(moment.weekday() < 5 and 8 <= moment.hour < 18 for moment in moments), result
        assert events[-1].to_status == result.status
        assert all(event.action == "save" or event.from_status != event.to_status for event in events)


def test_nobody_approves_their_own_and_owners_enter(demo):
    owners = set(Membership.objects.filter(role__in=["head", "reporter"]).values_list("user", flat=True))
    assert set(Result.objects.values_list("entered_by", flat=True)) <= owners
    reviewers = set(Result.objects.exclude(approved_by=None).values_list("approved_by__username", flat=True))
    assert reviewers == {"reviewer", "reviewer2"}


PEOPLE = [
    ("head", {Permission.SUBMIT}, False),
    ("reporter", {Permission.ENTER}, False),
    ("reviewer", {Permission.REVIEW}, False),
    ("reviewer2", {Permission.REVIEW}, False),
    ("executive", {Permission.READ_ALL}, False),
    ("admin", {Permission.USERS, Permission.TEMPLATES}, True),
    ("outsider", set(), False),
]


@pytest.mark.parametrize(("username", "permissions", "is_admin"), PEOPLE)
def test_the_named_log_ins(username, permissions, is_admin, demo, client):
    user = User.objects.get(username=username)
    assert client.login(username=username, password=PASSWORD)
    assert (user.is_staff, user.is_superuser) == (is_admin, is_admin)
    assert all(reach_of(user).may_anywhere(permission) for permission in permissions)
    assert bool(user.memberships.count()) == (username != "outsider")
    assert user.first_name
    assert user.last_name


def test_head_and_reporter_share_a_unit(demo):
    units = Membership.objects.filter(user__username="head").values_list("unit__code", flat=True)
    assert set(units) == {"PST_OPD", "SOCMED"}
    assert Membership.objects.get(user__username="reporter").unit.code == "PST_OPD"
    assert not Result.objects.filter(round__indicator__code="7(1)", round__number=6).exists(), "left for a newcomer"


def test_somebody_enters_every_kpi_and_the_log_ins_stay_few(demo):
    """Every owner has a head, but of the many owners of a table's rows only the unit that fills the table."""
    heads = set(Membership.objects.filter(role="head").values_list("unit__code", flat=True))
    owned = Indicator.objects.filter(plan=demo, responsibilities__isnull=False)
    assert not owned.exclude(responsibilities__responsible_unit__code__in=heads).exists()
    own = owned.exclude(parent__code__in=SHARES).values_list("responsibilities__responsible_unit__code", flat=True)
    assert set(own) <= heads
    assert User.objects.filter(username="head-account").exists()
    assert User.objects.count() <= 35


# Parent, of how many children how many pass as of March, and the level: one of 14 and one of 15(2) is not reported.
MARCH_SHARES = [("14", 21, 24, 5), ("15(1)", 9, 10, 3), ("15(2)", 54, 63, 5)]


@pytest.mark.parametrize(("code", "passed", "of", "level"), MARCH_SHARES)
def test_shares_are_made_of_their_children(code, passed, of, level, demo):
    card = next(card for card in plan_card(demo, 2560, MARCH_END).walk() if card.indicator.code == code)
    assert (card.state, card.level) == (CardState.REPORTED, level)
    assert card.score.value == round_half_up(Decimal(100) * passed / of, 2)
    assert not Result.objects.filter(round__indicator__code=code).exists()


def test_a_second_run_changes_nothing(demo, django_assert_max_num_queries):
    counts = [model.objects.count() for model in (User, Membership, Result, DataValue, ReviewEvent)]
    with django_assert_max_num_queries(3):
        assert "มีข้อมูลสาธิตอยู่แล้ว" in run("load_demo")
    assert counts == [model.objects.count() for model in (User, Membership, Result, DataValue, ReviewEvent)]


def test_the_log_ins_are_printed(demo):
    text = run("demo_logins")
    for part in (PASSWORD, "head", "reviewer2", "outsider", "PST OPD, ก.เวชกรรมสังคม", "ไม่มีบทบาท", "head-account"):
        assert part in text
