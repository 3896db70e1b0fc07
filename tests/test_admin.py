"""Django admin: every model is reached, lists stay cheap, results and scored templates can only be read."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.models import (
    Baseline,
    Cancellation,
    Closure,
    Comment,
    DataItem,
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
    ScoreBand,
    TemplateOverride,
    Waiver,
)
from strategy.models import Goal, Membership, OrgUnit, Plan, StrategicIssue, User

MODELS = [*apps.get_app_config("strategy").get_models(), *apps.get_app_config("indicators").get_models()]
READ_ONLY = [
    Result, DataValue, ItemNote, ProjectLine, ReviewEvent, LintDecision, TemplateOverride, Evidence, Comment,
    RecoveryMeasure, RecoveryStep, Extension, Cancellation, Closure, Waiver, Notice, Digest,
]  # fmt: skip
QUERIES = 12
GOOD = {"A": 33600, "B": 200}


def address(model: type, page: str = "changelist", *args: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def boss(client, cast):
    """The client of the administrator."""
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def rows(plan, submitted, cast):
    """For each model a maker of one row more."""
    january = submitted("7(1)", 4, **GOOD)
    indicator = january.round.indicator
    units = iter(OrgUnit.objects.exclude(kind="hospital"))
    numbers = iter(range(3, 9))

    def one_more_result():
        submitted("7(1)", _free_number(indicator), **GOOD)

    def version() -> IndicatorVersion:
        year = 2564 + next(numbers)
        return IndicatorVersion.objects.create(indicator=indicator, fiscal_year=year)

    return {
        **_beside(january, cast, numbers),
        User: lambda: User.objects.create_user(f"person{next(numbers)}"),
        OrgUnit: lambda: OrgUnit.objects.create(code=f"U{next(numbers)}", name="งาน", parent=plan.unit),
        Membership: lambda: Membership.objects.create(user=cast.outsider, unit=next(units), role="reporter"),
        Plan: lambda: Plan.objects.create(
            code=f"P{next(numbers)}", name="แผน", unit=plan.unit, first_year=2564, last_year=2565
        ),
        StrategicIssue: lambda: plan.issues.create(number=10 + next(numbers), code="X", name="ประเด็น"),
        Goal: lambda: plan.issues.first().goals.create(number=next(numbers), name="เป้า"),
        Indicator: lambda: Indicator.objects.create(
            plan=plan, issue=plan.issues.first(), parent=indicator, code=f"X{next(numbers)}", name="ตัวชี้วัด"
        ),
        IndicatorVersion: version,
        DataItem: lambda: version().items.create(code="A", name="จำนวน"),
        ScoreBand: lambda: version().bands.create(level=5, printed="100"),
        Baseline: lambda: indicator.baselines.create(text="11.1%"),
        Round: lambda: indicator.rounds.create(
            fiscal_year=2570, number=next(numbers), start=date(2027, 1, 1), end=date(2027, 1, 31),
            opens=date(2027, 1, 1), due=date(2027, 2, 10), locks=date(2027, 10, 31),
        ),
        Responsibility: lambda: indicator.responsibilities.create(
            measured_unit=plan.unit, responsible_unit=next(units)
        ),
        Result: one_more_result,
        DataValue: one_more_result,
        ItemNote: lambda: january.item_notes.create(code=f"A{next(numbers)}", evidence="ทะเบียน"),
        LintDecision: lambda: LintDecision.objects.create(
            plan=plan, indicator=indicator, kind="gap", fingerprint="0", message="x", decision="dismiss", reason="y",
            by=cast.reviewer, at=timezone.now(),
        ),
        TemplateOverride: lambda: version().overrides.create(reason="x", at=timezone.now()),
        ProjectLine: lambda: january.projects.create(position=next(numbers), name="โครงการ", allocated=Decimal(100)),
        ReviewEvent: one_more_result,
    }  # fmt: skip


def _beside(result, cast, numbers) -> dict:
    """Makers of what stands beside a result, its round and people."""
    now, day, indicator = timezone.now(), date(2017, 5, 1), result.round.indicator
    by = {"by": cast.reviewer, "at": now}
    round_of_unit = {"round": result.round, "measured_unit": result.measured_unit}

    def measure() -> RecoveryMeasure:
        return result.recovery_measures.create(
            what="เพิ่มรอบนัด", who="หัวหน้า", by_when=day, created_by=cast.head, created_at=now
        )

    def closure() -> Closure:
        return indicator.plan.closures.create(
            fiscal_year=2560, number=next(numbers), until=day, snapshot={}, closed_by=cast.reviewer, closed_at=now
        )

    return {
        Evidence: lambda: result.evidence.create(
            kind="link", link="https://x.go.th/", description="ทะเบียน", added_by=cast.head, added_at=now
        ),
        Comment: lambda: result.comments.create(text="ขอทะเบียน", author=cast.reviewer, at=now),
        RecoveryMeasure: measure,
        RecoveryStep: lambda: measure().steps.create(text="เริ่มแล้ว", status="open", **by),
        Extension: lambda: Extension.objects.create(**round_of_unit, until=day, reason="ระบบล่ม", **by),
        Cancellation: lambda: indicator.cancellations.create(
            fiscal_year=2560 + next(numbers), day=day, reason="ยุบหน่วย", **by
        ),
        Closure: closure,
        Waiver: lambda: Waiver.objects.create(closure=closure(), **round_of_unit, reason="ไม่มีผู้ป่วย"),
        Notice: lambda: cast.head.notices.create(kind="approved", at=now),
        Digest: lambda: cast.head.digests.create(
            day=date(2017, 5, next(numbers)), subject="งานค้าง", body="…", made_at=now
        ),
    }


def _free_number(indicator) -> int:
    begun = indicator.rounds.filter(fiscal_year=2560, start__lte=date(2017, 4, 15), results__isnull=True)
    return begun.order_by("number").values_list("number", flat=True)[0]


# Who may


@pytest.mark.parametrize("person", ["reporter", "head", "reviewer", "executive", "outsider", None])
@pytest.mark.parametrize(
    "page", ["admin:index", "admin:indicators_result_changelist", "admin:strategy_user_changelist"]
)
def test_staff_alone(person, page, client, cast):
    if person:
        client.force_login(getattr(cast, person))
    response = client.get(reverse(page))
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_staff_without_permissions_sees_no_models(client, staff):
    client.force_login(staff)
    assert "ตัวชี้วัด" not in client.get(reverse("admin:index")).content.decode()
    assert client.get(address(Indicator)).status_code == 403


# What is there


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_reached(model, boss, rows):
    assert model in admin.site._registry
    rows[model]()
    assert boss.get(address(model)).status_code == 200
    assert boss.get(address(model), {"q": "7(1)"}).status_code == 200
    assert boss.get(address(model, "change", model._default_manager.last().pk)).status_code == 200


def test_the_site_is_thai(boss):
    page = text_of(boss.get(reverse("admin:index")))
    for title in ("kpitrack จัดการระบบ", "ข้อมูลที่ดูแลได้", "หน่วยงาน", "แผนยุทธศาสตร์", "ตัวชี้วัด", "ผลงาน"):
        assert title in page
    assert "Django" not in page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_cost_the_same_with_more_rows(model, boss, rows):
    rows[model]()
    one = _queries(boss, address(model))
    rows[model]()
    rows[model]()
    assert _queries(boss, address(model)) == one
    assert one <= QUERIES


def _queries(client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


FILTERS = [
    (IndicatorVersion, {"indicator__plan__id__exact": "1", "fiscal_year": 2560, "kind__exact": "formula"}),
    (IndicatorVersion, {"q": "7(1)"}),
    (IndicatorVersion, {"q": "ระยะเวลารอคอย"}),
    (OrgUnit, {"parent": "1"}),
    (OrgUnit, {"parent": "99999999999999"}),
    (OrgUnit, {"parent": "x"}),
    (Result, {"status__exact": "submitted"}),
]


@pytest.mark.parametrize(("model", "query"), FILTERS)
def test_filters(model, query, boss, plan):
    if "indicator__plan__id__exact" in query:
        query = {**query, "indicator__plan__id__exact": plan.pk}
    assert boss.get(address(model), query).status_code == 200


def test_a_template_is_found_by_code_and_name(boss, plan):
    for text in ("7(1)", "ระยะเวลารอคอย OPD"):
        found = boss.get(address(IndicatorVersion), {"q": text, "fiscal_year": 2560}).context["cl"].queryset
        assert [version.indicator.code for version in found] == ["7(1)"]


# Units and people


def test_units_below_a_parent(boss, plan):
    found = boss.get(address(OrgUnit), {"parent": plan.unit_id}).context["cl"].queryset
    assert found.exists()
    assert {unit.parent_id for unit in found} == {plan.unit_id}


def test_a_person_is_added_and_then_given_a_role(boss, plan):
    typed = {
        "username": "nittaya",
        "usable_password": "true",
        "password1": "khon-kaen-2561",
        "password2": "khon-kaen-2561",
    }
    response = boss.post(address(User, "add"), {**typed, "first_name": "นิตยา", "last_name": "ใจดี"})
    person = User.objects.get(username="nittaya")
    assert response.url == address(User, "change", person.pk)
    page = text_of(boss.get(response.url))
    assert "บทบาทในหน่วยงาน" in page
    posted = {
        "username": "nittaya", "first_name": "นิตยา", "is_active": "on",
        "memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0,
        "memberships-0-unit": OrgUnit.objects.get(code="PST_OPD").pk, "memberships-0-role": "head",
    }  # fmt: skip
    assert boss.post(response.url, posted).status_code == 302
    assert [str(m.unit.code) for m in person.memberships.all()] == ["PST_OPD"]
    assert "นิตยา" in text_of(boss.get(address(User)))


# What can only be read


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_results_change_through_the_workflow_alone(model, boss, rows, submitted):
    rows[model]()
    row = model._default_manager.last()
    assert boss.get(address(model, "add")).status_code == 403
    assert boss.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert boss.post(address(model, "change", row.pk), {"value": "1", "status": "approved"}).status_code == 403
    page = boss.get(address(model, "change", row.pk)).content.decode()
    assert 'name="_save"' not in page
    listed = boss.get(address(model)).content.decode()
    assert "delete_selected" not in listed
    assert model._default_manager.filter(pk=row.pk).exists()


def test_a_result_is_seen_with_its_numbers_and_history(boss, submitted):
    result = submitted("7(1)", **GOOD)
    page = text_of(boss.get(address(Result, "change", result.pk)))
    for text in ("33600", "ส่งผลงาน", "168"):
        assert text in page


def test_a_scored_template_is_read_only_and_says_why(boss, submitted):
    version = submitted("7(1)", **GOOD).version
    page = text_of(boss.get(address(IndicatorVersion, "change", version.pk)))
    assert "มีผลงาน 1 รายการที่ให้คะแนนด้วย Template ฉบับนี้แล้ว จึงแก้ไขหรือลบไม่ได้" in page
    assert "หากต้องเปลี่ยน ให้กด “สร้างฉบับใหม่” ด้านบน ระบบจะออกฉบับที่ 2 ให้แก้ไข" in page
    assert 'name="_save"' not in page
    assert 'name="bands-0-printed"' not in page
    posted = {"formula": "A", "bands-TOTAL_FORMS": 0, "bands-INITIAL_FORMS": 0}
    assert boss.post(address(IndicatorVersion, "change", version.pk), posted).status_code == 403
    assert boss.post(address(IndicatorVersion, "delete", version.pk), {"post": "yes"}).status_code == 403
    version.refresh_from_db()
    assert version.formula == "A/B"


def test_parts_of_a_scored_template_cannot_be_deleted_either(boss, submitted):
    version = submitted("7(1)", **GOOD).version
    for part in (version.bands.first(), version.items.first()):
        assert boss.post(address(type(part), "delete", part.pk), {"post": "yes"}).status_code == 403
        assert boss.post(address(type(part), "change", part.pk), {"printed": "1"}).status_code == 403


def test_an_unscored_template_can_be_edited(boss, indicator):
    version = indicator("7(1)").versions.get(fiscal_year=2563)
    page = boss.get(address(IndicatorVersion, "change", version.pk)).content.decode()
    assert 'name="_save"' in page
    assert 'name="bands-0-printed"' in page
    assert "จึงแก้ไขหรือลบไม่ได้" not in page


def test_an_unfinished_draft_does_not_lock(boss, saved):
    version = saved("7(1)", A=1).version
    assert 'name="_save"' in boss.get(address(IndicatorVersion, "change", version.pk)).content.decode()


def test_an_unscored_template_can_be_deleted_one_by_one(boss, indicator):
    version = IndicatorVersion.objects.create(indicator=indicator("7(1)"), fiscal_year=2570)
    version.bands.create(level=5, printed="100")
    version.items.create(code="A", name="จำนวน")
    assert boss.post(address(IndicatorVersion, "delete", version.pk), {"post": "yes"}).status_code == 302
    assert not IndicatorVersion.objects.filter(pk=version.pk).exists()
    assert "delete_selected" not in boss.get(address(IndicatorVersion)).content.decode()


def test_the_form_of_a_template_has_all_its_fields(boss):
    from indicators.version_admin import VERSION_FIELDSETS

    shown: set[str] = set()
    for _title, options in VERSION_FIELDSETS:
        for entry in options["fields"]:
            shown |= {entry} if isinstance(entry, str) else set(entry)
    editable = {f.name for f in IndicatorVersion._meta.get_fields() if getattr(f, "editable", False) and f.name != "id"}
    assert shown == editable


def test_a_round_with_results_keeps_what_it_is(boss, submitted, round_of):
    used = submitted("7(1)", **GOOD).round
    fields = boss.get(address(Round, "change", used.pk)).context["adminform"].form.fields
    assert set(fields) == {"opens", "due", "locks"}
    free = boss.get(address(Round, "change", round_of("7(1)", 12).pk)).context["adminform"].form.fields
    assert {"start", "end", "due", "number"} <= set(free)


# Lists that are typed as JSON


def as_shown(page) -> dict[str, object]:
    """What the browser would send back of a form, untouched."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset]
    shown = {field.html_name: field.value() for form in forms for field in form}
    return {name: "" if value is None else value for name, value in shown.items() if value is not False}


def sent(boss, row, **typed) -> dict[str, list[str]]:
    """The errors after changing some boxes; empty where it was saved."""
    url = address(type(row), "change", row.pk)
    response = boss.post(url, as_shown(boss.get(url)) | {"override_reason": "คงไว้ตามที่พิมพ์"} | typed)
    return {} if response.status_code == 302 else dict(response.context["adminform"].form.errors)


def test_an_emptied_list_is_an_empty_list(boss, plan, indicator):
    version = indicator("1").versions.get(fiscal_year=2563)
    assert sent(boss, version, contacts="", stakeholder_texts="", own_rounds="") == {}
    version.refresh_from_db()
    assert (version.contacts, version.stakeholder_texts, version.own_rounds) == ([], [], [])
    assert sent(boss, plan, grades="", missions="") == {}
    assert sent(boss, plan.unit, aliases="") == {}
    plan.refresh_from_db()
    assert plan.grades == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("own_rounds", '{"03": "31"}'),
        ("own_rounds", "[3]"),
        ("own_rounds", '["02-30"]'),
        ("own_rounds", '["03-31", "12-31"]'),
        ("stakeholder_texts", '"งานห้องคลอด"'),
        ("stakeholder_texts", "ER, OPD"),
        ("contacts", '["043-336789"]'),
    ],
)
def test_what_is_no_such_list_is_refused(name, typed, boss, indicator):
    assert set(sent(boss, indicator("7(1)").versions.get(fiscal_year=2563), **{name: typed})) == {name}


@pytest.mark.parametrize("typed", ['["A"]', '{"grade": "A"}', '[{"grade": "A"}]', '[{"grade": "A", "text": 80}]'])
def test_grades_have_a_name_and_a_text(typed, boss, plan):
    assert set(sent(boss, plan, grades=typed)) == {"grades"}


def test_own_rounds_in_order_are_kept(boss, indicator):
    version = indicator("7(1)").versions.get(fiscal_year=2563)
    assert sent(boss, version, own_rounds='["12-31", "03-31"]') == {}
    version.refresh_from_db()
    assert version.own_rounds == ["12-31", "03-31"]
