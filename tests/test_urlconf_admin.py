"""The admin, model by model, against the table in access_matrix.py: staff alone, and nothing past the workflow."""

import pytest
from django.contrib.auth.models import Group
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
from strategy.models import Goal, OrgUnit, Plan, StrategicIssue
from tests.access_matrix import ADMIN_MODELS, ADMIN_PAGES, OPERATIONS, PEOPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def log_in(client, cast):
    def enter(person: str) -> None:
        if person != "anonymous":
            client.force_login(getattr(cast, person))

    return enter


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


@pytest.fixture
def objects(cast, plan, saved, submitted) -> dict:
    """One object of each model of the admin, that no result rests on."""
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    result = submitted("7(1)", 6, A=33600, B=200)
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


def admin_addresses(objects) -> dict[str, list[str]]:
    return {
        model: [
            reverse(f"admin:{model}_{operation}", args=[] if operation in ("changelist", "add") else [one.pk])
            for operation in OPERATIONS
        ]
        for model, one in objects.items()
    }


@pytest.mark.parametrize("person", [person for person in PEOPLE if person != "administrator"])
def test_the_admin_is_for_staff_alone(person, client, log_in, objects):
    log_in(person)
    for urls in admin_addresses(objects).values():
        for url in urls:
            for method in (client.get, client.post):
                response = method(url)
                assert (response.status_code, response.url) == (302, f"{reverse('admin:login')}?next={url}")


def test_staff_without_permissions_see_no_model(client, staff, objects):
    client.force_login(staff)
    for urls in admin_addresses(objects).values():
        for url in urls:
            assert client.get(url).status_code == client.post(url).status_code == 403


def test_what_the_administrator_may_do(client, log_in, objects):
    log_in("administrator")
    found = {model: tuple(client.get(u).status_code for u in urls) for model, urls in admin_addresses(objects).items()}
    assert found == ADMIN_MODELS


def test_nothing_is_written_past_the_workflow(client, log_in, objects):
    log_in("administrator")
    before = list(Result.objects.values())
    for model, expected in ADMIN_MODELS.items():
        urls = dict(zip(OPERATIONS, admin_addresses(objects)[model], strict=True))
        for operation, status in zip(OPERATIONS, expected, strict=True):
            if status == 403:
                assert client.post(urls[operation], {"post": "yes"}).status_code == 403
        if model.startswith(("indicators_result", "indicators_review", "indicators_datavalue", "indicators_project")):
            assert client.post(urls["change"], {"status": "approved"}).status_code == 403
            chosen = {"action": "delete_selected", "_selected_action": [objects[model].pk], "post": "yes"}
            client.post(urls["changelist"], chosen)
            assert type(objects[model]).objects.filter(pk=objects[model].pk).exists()
    assert list(Result.objects.values()) == before


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_other_pages_of_the_admin(name, client, cast, staff):
    args = {
        "admin:view_on_site": [0, "0"],
        "admin:app_list": ["indicators"],
        "admin:auth_user_password_change": [cast.head.pk],
        "admin:indicators_indicatorversion_next_revision": [IndicatorVersion.objects.first().pk],
    }.get(name, [])
    url = reverse(name, args=args)
    found = []
    for person in (cast.head, staff, cast.administrator):
        client.force_login(person)
        response = client.get(url)
        to_login = response.status_code == 302 and response.url.startswith(reverse("admin:login"))
        found.append("login" if to_login else response.status_code)
    assert tuple(found) == ADMIN_PAGES[name]
