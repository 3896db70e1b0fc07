"""The admin, model by model, against the table in access_matrix.py: staff alone, and nothing past the workflow."""

from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import (
    Cancellation,
    Closure,
    Comment,
    DataValue,
    Digest,
    Evidence,
    Extension,
    Indicator,
    IndicatorVersion,
    ItemNote,
    LintDecision,
    Notice,
    ProjectLine,
    RecoveryMeasure,
    RecoveryStep,
    Responsibility,
    Result,
    ReviewEvent,
    Round,
    TemplateOverride,
    Waiver,
)
from strategy.models import Goal, OrgUnit, Plan, StrategicIssue, User
from tests.access_matrix import ADMIN_MODELS, ADMIN_PAGES, ADMIN_POSTED, OPERATIONS, PEOPLE, READ
from tests.matrix.address import METHODS
from tests.world import World, browser, made, put, visit

pytestmark = pytest.mark.django_db


def beside(result, cast) -> dict:
    """What stands beside a result and its round."""
    now, indicator, unit = timezone.now(), result.round.indicator, result.measured_unit
    by = {"by": cast.reviewer, "at": now}
    day = timezone.localdate()
    measure = RecoveryMeasure.objects.create(
        result=result, what="เพิ่มรอบนัด", who="หัวหน้า", by_when=day, created_by=cast.head, created_at=now
    )
    closure = Closure.objects.create(
        plan=indicator.plan, fiscal_year=2560, number=1, until=day, snapshot={}, closed_by=cast.reviewer, closed_at=now
    )
    return {
        "indicators_evidence": Evidence.objects.create(
            result=result, kind="link", link="https://example.go.th/", description="ทะเบียน", added_by=cast.head,
            added_at=now,
        ),
        "indicators_comment": Comment.objects.create(result=result, text="ขอทะเบียน", author=cast.reviewer, at=now),
        "indicators_recoverymeasure": measure,
        "indicators_recoverystep": RecoveryStep.objects.create(measure=measure, text="เริ่มแล้ว", status="open", **by),
        "indicators_extension": Extension.objects.create(
            round=result.round, measured_unit=unit, until=day, reason="ระบบล่ม", **by
        ),
        "indicators_cancellation": Cancellation.objects.create(
            indicator=indicator, fiscal_year=2561, day=day, reason="ยุบหน่วย", **by
        ),
        "indicators_closure": closure,
        "indicators_waiver": Waiver.objects.create(closure=closure, round=result.round, measured_unit=unit, reason="x"),
        "indicators_notice": Notice.objects.create(user=cast.head, kind="approved", at=now),
        "indicators_digest": Digest.objects.create(user=cast.head, day=day, subject="x", body="y", made_at=now),
    }  # fmt: skip


def objects_of(world: World) -> dict:
    """One object of each model of the admin, that no result rests on."""
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    plan, cast = world.plan, world.cast
    put(plan, "7(1)", "submitted", head=cast.head, reviewer=cast.reviewer)
    result = Result.objects.get()
    year = IndicatorVersion.objects.get(indicator__plan=plan, indicator__code="7(1)", fiscal_year=2563)
    issue = StrategicIssue.objects.filter(plan=plan).first()
    made = {
        "strategy_user": cast.outsider,
        "strategy_orgunit": OrgUnit.objects.create(code="NEW", name="หน่วยงานใหม่"),
        "strategy_membership": cast.other_head.memberships.get(),
        "strategy_plan": Plan.objects.create(
            code="NEW", name="แผนใหม่", unit=plan.unit, first_year=2564, last_year=2564
        ),
        "strategy_strategicissue": issue,
        "strategy_goal": Goal.objects.create(issue=issue, number=1, name="เป้าประสงค์"),
        "indicators_indicator": Indicator.objects.create(plan=plan, issue=issue, code="99", name="ใหม่"),
        "indicators_indicatorversion": year,
        "indicators_scoreband": year.bands.first(),
        "indicators_dataitem": year.items.first(),
        "indicators_baseline": year.indicator.baselines.first(),
        "indicators_round": Round.objects.filter(indicator=year.indicator, fiscal_year=2563).first(),
        "indicators_responsibility": Responsibility.objects.first(),
        "indicators_result": result,
        "indicators_datavalue": DataValue.objects.first(),
        "indicators_projectline": ProjectLine.objects.create(result=result, position=1, name="โครงการ"),
        "indicators_reviewevent": ReviewEvent.objects.first(),
        "indicators_itemnote": ItemNote.objects.create(result=result, code="A", evidence="ทะเบียน"),
        "indicators_lintdecision": LintDecision.objects.create(
            plan=plan, kind="gap", fingerprint="0", message="x", decision="dismiss", reason="y", by=cast.reviewer,
            at=timezone.now(),
        ),
        "indicators_templateoverride": TemplateOverride.objects.create(version=year, reason="x", at=timezone.now()),
        **beside(result, cast),
        "auth_group": Group.objects.create(name="กลุ่ม"),
        "axes_accessattempt": AccessAttempt.objects.create(username="x", failures_since_start=1),
        "axes_accesslog": AccessLog.objects.create(username="x"),
        "axes_accessfailurelog": AccessFailureLog.objects.create(username="x"),
    }  # fmt: skip
    assert set(made) == set(ADMIN_MODELS), "make one object of each model of ADMIN_MODELS here"
    return made


@dataclass(frozen=True)
class Admin:
    """The admin with something in it: the addresses of each model's pages."""

    world: World
    staff: User
    objects: dict

    @property
    def addresses(self) -> dict[str, dict[str, str]]:
        return {
            model: {
                operation: reverse(
                    f"admin:{model}_{operation}", args=[] if operation in ("changelist", "add") else [one.pk]
                )
                for operation in OPERATIONS
            }
            for model, one in self.objects.items()
        }

    def browser(self, person: str) -> Client:
        return browser(self.staff) if person == "staff" else self.world.browser(person)


@pytest.fixture(scope="module")
def admin(django_db_setup, django_db_blocker) -> Iterator[Admin]:
    with django_db_blocker.unblock(), made() as world:
        staff = User.objects.create_user("wichai", is_staff=True)
        yield Admin(world, staff, objects_of(world))


def answers(client: Client, urls: dict[str, str]) -> dict[tuple[str, str], object]:
    """For a page and a method: the status, or where it leads. Pages that nobody reads are not drawn."""
    found: dict[tuple[str, str], object] = {}
    with mock.patch.object(TemplateResponse, "rendered_content", ""):
        for operation, url in urls.items():
            for method in METHODS:
                with visit(client):
                    response = getattr(client, method)(url)
                to_log_in = response.status_code == 302 and response.url == f"{reverse('admin:login')}?next={url}"
                found[operation, method] = "login" if to_log_in else response.status_code
    return found


def every(word: object) -> dict[tuple[str, str], object]:
    return {(operation, method): word for operation in OPERATIONS for method in METHODS}


@pytest.mark.parametrize("person", [person for person in PEOPLE if person != "administrator"])
def test_the_admin_is_for_staff_alone(person, admin):
    client = admin.browser(person)
    for model, urls in admin.addresses.items():
        assert (model, answers(client, urls)) == (model, every("login"))


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_staff_without_permissions_see_no_model(model, admin):
    assert answers(admin.browser("staff"), admin.addresses[model]) == every(403)


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_what_the_administrator_may_do(model, admin):
    """Every method of every page; none of them writes, because the forms are empty."""
    client, urls = admin.browser("administrator"), admin.addresses[model]
    allowed = dict(zip(OPERATIONS, ADMIN_MODELS[model], strict=True))
    for operation, url in urls.items():
        with visit(client):
            assert (operation, client.get(url).status_code) == (operation, allowed[operation])  # drawn
    expected = {(operation, method): status for operation, status in allowed.items() for method in METHODS}
    expected |= {(operation, "post"): status for operation, status in zip(OPERATIONS, ADMIN_POSTED[model], strict=True)}
    before = rows_of(admin)
    assert answers(client, urls) == expected
    assert rows_of(admin) == before


def rows_of(admin: Admin) -> list:
    return [type(one).objects.filter(pk=one.pk).values().get() for one in admin.objects.values()]


@pytest.mark.parametrize("model", [name for name, statuses in ADMIN_MODELS.items() if statuses == READ])
def test_nothing_is_written_past_the_workflow(model, admin):
    client, one, urls = admin.browser("administrator"), admin.objects[model], admin.addresses[model]
    before = rows_of(admin)
    tries = {
        "add": {"status": "approved"},
        "change": {"status": "approved", "action": "approve", "_save": "1"},
        "delete": {"post": "yes"},
        "changelist": {"action": "delete_selected", "_selected_action": [one.pk], "post": "yes"},
    }
    for operation, data in tries.items():
        status = client.post(urls[operation], data).status_code
        assert (operation, status) in {(operation, 403), ("changelist", 302), ("changelist", 200)}
        assert rows_of(admin) == before


COLUMNS = {"staff": 1, "administrator": 2}  # of ADMIN_PAGES; all others stand in the first


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_other_pages_of_the_admin(name, admin):
    args = {
        "admin:view_on_site": [0, "0"],
        "admin:app_list": ["indicators"],
        "admin:auth_user_password_change": [admin.world.cast.head.pk],
        "admin:indicators_indicatorversion_next_revision": [IndicatorVersion.objects.first().pk],
    }.get(name, [])
    url = reverse(name, args=args)
    for person in (*PEOPLE, "staff"):
        word = ADMIN_PAGES[name][COLUMNS.get(person, 0)]
        words = word.split() * (1 if " " in word else len(METHODS))
        found = answers(admin.browser(person), {name: url})
        assert (person, [str(found[name, method]) for method in METHODS]) == (person, words)
