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
from indicators.closing.frozen import Frozen
from indicators.closing.missing import missing_of
from indicators.demo.people import PASSWORD
from indicators.demo.shares import ALL_FIGURES, CLINICAL
from indicators.demo.year import load_demo
from indicators.evidence.store import damaged
from indicators.models import (
    Cancellation,
    Closure,
    DataValue,
    Evidence,
    Extension,
    Indicator,
    IndicatorVersion,
    Notice,
    RecoveryMeasure,
    RecoveryStep,
    Result,
    ReviewEvent,
    Round,
)
from indicators.plans.load import load_plan
from indicators.recovery.queries import is_overdue_now
from indicators.scorecards import CardState, plan_card
from scoring.numbers import round_half_up
from strategy import clock
from strategy.access import Permission, reach_of
from strategy.models import Membership, Plan, User
from strategy.periods import THAI_TIME
from tests.cast import TODAY, real_plan

Status = Result.Status
SHARES = ("14", "15(1)", "15(2)")
MARCH_END = date(2017, 3, 31)


@pytest.fixture(scope="module")
def demo_year(django_db_setup, django_db_blocker):
    """The demo year once for all tests here: it is made by thousands of writes. It goes with the module."""
    with django_db_blocker.unblock(), override_settings(KPITRACK_TODAY=TODAY), transaction.atomic():
        if not Plan.objects.filter(code="KKH2560").exists():
            load_plan(real_plan())
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
    assert (of("16", 6).state, of("16", 6).value, of("16", 6).status) == ("not_applicable", None, "submitted")
    assert (of("12(2)", 4).state, of("12(2)", 4).status) == ("not_applicable", "approved")
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


def test_every_card_state_is_on_the_dashboard(demo):
    states = {card.state for card in plan_card(demo, 2560, MARCH_END).walk()}
    assert states >= set(CardState) - {CardState.NO_CASES}


# What stands beside results


def test_evidence_is_of_every_kind_and_whole(demo):
    assert set(Evidence.objects.values_list("kind", "content_type")) == {
        ("file", "application/pdf"), ("file", "image/png"), ("link", ""),
    }  # fmt: skip
    assert list(damaged()) == []
    assert all(row.added_by_id == row.result.entered_by_id for row in Evidence.objects.select_related("result"))


def test_both_sides_write_about_a_returned_result(demo):
    for code, number in (("2", 6), ("12(2)", 5)):
        result = of(code, number)
        sides = {comment.author.username in ("reviewer", "reviewer2") for comment in result.comments.all()}
        assert (result.status, sides) == (Status.RETURNED, {True, False})
        assert min(comment.at for comment in result.comments.all()) > max(event.at for event in result.events.all())


def test_recovery_measures_stand_in_every_way(demo):
    measures = RecoveryMeasure.objects.all()
    assert set(measures.values_list("status", flat=True)) == set(RecoveryMeasure.Status.values)
    assert measures.filter(is_overdue_now()).exists()
    assert all(each.at > each.measure.created_at for each in RecoveryStep.objects.select_related("measure"))


def test_one_extension_runs_and_one_was_used(demo):
    running, used = Extension.objects.order_by("-until")
    assert (running.until >= TODAY, running.round.results.exists()) == (True, False)
    late = used.round.results.get()
    assert used.round.due < clock.day_of(late.first_submitted_at) <= used.until
    assert late.late_days == 0
    assert Result.objects.filter(late_days__gt=0).count() >= 5


def test_a_kpi_is_cancelled_in_mid_year(demo):
    cancellation = Cancellation.objects.get()
    weights = [plan_card(demo, 2560, day).totals.weight_all for day in (date(2017, 2, 28), MARCH_END)]
    own = IndicatorVersion.objects.get(indicator=cancellation.indicator, fiscal_year=2560, is_active=True).weight
    assert weights[0] - weights[1] == own
    assert Result.objects.filter(round__indicator=cancellation.indicator, status=Status.APPROVED).count() >= 3


def test_a_quarter_was_closed_opened_for_a_correction_and_closed_again(demo):
    first, second = Closure.objects.order_by("revision")
    assert (first.until, second.until, second.reopened_at) == (date(2016, 12, 31), date(2016, 12, 31), None)
    assert first.reopened_reason
    assert first.waivers.count() == second.waivers.count() == len(missing_of(demo, 2560, second.until)) > 0
    values = [next(c for c in Frozen(each.snapshot).plan_card.walk() if c.indicator.code == "10").score.value
              for each in (first, second)]  # fmt: skip
    assert values[0] != values[1]
    late = Result.objects.filter(round__end__lte=second.until, approved_at__gt=second.closed_at)
    assert not late.exists(), "what is frozen was there before"


def test_somebody_stands_in_now_earlier_and_later(demo):
    days = Membership.objects.exclude(deputy_of=None).values_list("start", "end")
    assert sorted((start > TODAY) - (end < TODAY) for start, end in days) == [-1, 0, 1]


def test_people_are_told_in_order_of_time(demo):
    moments = list(Notice.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] < datetime(2017, 4, 15, tzinfo=THAI_TIME)
    told = Notice.objects.filter(user__email__endswith="@demo.invalid")
    assert set(told.values_list("kind", flat=True)) >= set(Notice.Kind.values) - {Notice.Kind.DUE}
    heads = Notice.objects.filter(user__username="head")
    assert 0 < heads.filter(read_at=None).count() < heads.count()


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
        assert all(event.action in ("save", "evidence") or event.from_status != event.to_status for event in events)


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


# Parent, of how many children how many pass as of March, and the level: one of 14 and one of 15(2) is not reported, and
# one of 14 does not apply.
MARCH_SHARES = [("14", 20, 23, 5), ("15(1)", 9, 10, 3), ("15(2)", 54, 63, 5)]


@pytest.mark.parametrize(("code", "passed", "of", "level"), MARCH_SHARES)
def test_shares_are_made_of_their_children(code, passed, of, level, demo):
    card = next(card for card in plan_card(demo, 2560, MARCH_END).walk() if card.indicator.code == code)
    assert (card.state, card.level) == (CardState.REPORTED, level)
    assert card.score.value == round_half_up(Decimal(100) * passed / of, 2)
    assert not Result.objects.filter(round__indicator__code=code).exists()


def test_a_second_run_changes_nothing(demo, django_assert_max_num_queries):
    made = (User, Membership, Result, DataValue, ReviewEvent, Evidence, RecoveryStep, Closure, Notice)
    counts = [model.objects.count() for model in made]
    with django_assert_max_num_queries(3):
        assert "มีข้อมูลสาธิตอยู่แล้ว" in run("load_demo")
    assert counts == [model.objects.count() for model in made]


def test_the_log_ins_are_printed(demo):
    text = run("demo_logins")
    for part in (PASSWORD, "head", "reviewer2", "outsider", "PST OPD, ก.เวชกรรมสังคม", "ไม่มีบทบาท", "head-account"):
        assert part in text
