"""Templates in the admin: errors need a reason, scored ones get a next revision."""

import pytest
from django.urls import reverse

from indicators.models import IndicatorVersion, TemplateOverride
from indicators.version_admin import VERSION_FIELDSETS
from scoring.lint import Severity
from tests.test_admin import address, as_shown, text_of

pytestmark = pytest.mark.django_db
GOOD = {"A": 33600, "B": 200}


@pytest.fixture
def boss(client, cast):
    """The client of the administrator."""
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def version(indicator):
    """7(1) for 2561: with warnings, without errors, without results."""
    return indicator("7(1)").versions.get(fiscal_year=2561)


def band_row(page, level: int) -> str:
    """The prefix of the boxes of a level's band."""
    bands = page.context["inline_admin_formsets"][0].formset
    return next(form.prefix for form in bands if form.instance.pk and form.instance.level == level)


def save(boss, version, **typed):
    url = address(IndicatorVersion, "change", version.pk)
    return boss.post(url, as_shown(boss.get(url)) | typed)


@pytest.fixture
def backwards(boss, version):
    """Type a band backwards, which is an error: `backwards(override_reason="…")`."""

    def post(**typed):
        prefix = band_row(boss.get(address(IndicatorVersion, "change", version.pk)), 3)
        return save(boss, version, **{f"{prefix}-printed": "175 - 171", "definition": "นิยามใหม่"}, **typed)

    return post


def test_warnings_do_not_block(boss, version):
    before = TemplateOverride.objects.count()
    assert save(boss, version, definition="นิยามใหม่").status_code == 302
    version.refresh_from_db()
    assert version.definition == "นิยามใหม่"
    assert TemplateOverride.objects.count() == before


def test_errors_ask_for_a_reason_and_nothing_is_saved(backwards, version):
    response = backwards()
    shown = text_of(response)
    assert response.status_code == 200
    assert "ยังบันทึกไม่ได้ เพราะ Template ที่ใช้งานมีข้อผิดพลาด" in shown
    assert "175 - 171" in shown  # what was typed is there, and named
    assert "นิยามใหม่" in shown
    version.refresh_from_db()
    assert (version.definition == "นิยามใหม่", version.bands.get(level=3).printed) == (False, "171 - 175")
    assert not version.overrides.exists()


def test_a_blank_reason_is_none(backwards, version):
    assert backwards(override_reason="   ").status_code == 200
    assert not version.overrides.exists()


def test_with_a_reason_it_is_saved_and_recorded(backwards, version, cast):
    assert backwards(override_reason="เอกสารพิมพ์อย่างนี้").status_code == 302
    assert version.bands.get(level=3).printed == "175 - 171"
    override = version.overrides.get()
    assert (override.by, override.reason) == (cast.administrator, "เอกสารพิมพ์อย่างนี้")
    assert any("175 - 171" in row["message"] for row in override.errors)


def test_what_is_not_in_use_may_have_errors(backwards, version):
    assert backwards(is_active="").status_code == 302
    assert not version.overrides.exists()


def test_a_new_template_with_errors_too(boss, indicator):
    url = address(IndicatorVersion, "add")
    empty = {name: value for name, value in as_shown(boss.get(url)).items() if name != "stakeholders"}
    typed = {
        **empty, "indicator": indicator("7(1)").pk, "fiscal_year": 2570, "revision": 1, "is_active": "on",
        "kind": "formula", "decimals": 2, "formula": "A/B", "frequency": "yearly",
        "bands-TOTAL_FORMS": 1, "bands-0-level": 5, "bands-0-printed": "90 - 80", "bands-0-round_number": 0,
    }  # fmt: skip
    response = boss.post(url, typed)
    assert response.status_code == 200
    assert "override_reason" in response.context["adminform"].form.errors
    assert not IndicatorVersion.objects.filter(fiscal_year=2570).exists()
    assert boss.post(url, typed | {"override_reason": "เริ่มร่าง"}).status_code == 302
    assert IndicatorVersion.objects.get(fiscal_year=2570).overrides.count() == 1


def test_findings_stand_on_the_page_with_their_severity(boss, indicator):
    version = indicator("5").versions.get(fiscal_year=2560)
    page = boss.get(address(IndicatorVersion, "change", version.pk))
    assert next(finding.severity for _look, _kind, finding in page.context["findings"]) is Severity.ERROR
    shown = text_of(page)
    for text in ("ข้อบกพร่องของ Template", "ข้อผิดพลาด", "คำเตือน", "ผ่านทั้งที่ยังไม่ถึงเป้าหมาย", "ข้อเสนอ:"):
        assert text in shown


@pytest.mark.parametrize("typed", ['[{"target": "8"}]', '[{"number": "1"}]', '["1"]'])
def test_rounds_of_their_own_are_numbered(typed, boss, version):
    response = save(boss, version, round_rules=typed)
    assert "round_rules" in response.context["adminform"].form.errors


@pytest.mark.parametrize("typed", ['["A"]', '[{"label": "A"}]', '[{"label": "A", "points": "สิบ"}]'])
def test_choices_have_a_word_and_points(typed, boss, version):
    response = save(boss, version, **{"items-0-choices": typed})
    assert any("choices" in errors for errors in response.context["inline_admin_formsets"][1].formset.errors)


def test_every_field_of_a_part_can_be_edited(boss, version):
    page = boss.get(address(IndicatorVersion, "change", version.pk))
    for number, model in ((0, "bands"), (1, "items")):
        formset = page.context["inline_admin_formsets"][number].formset
        editable = {field.name for field in formset.model._meta.get_fields() if getattr(field, "editable", False)} - {
            "id",
            "version",
        }
        assert set(formset.forms[0].fields) - {"id", "version", "DELETE"} == editable, model


# The next revision


def revise(boss, version):
    return boss.post(reverse("admin:indicators_indicatorversion_next_revision", args=[version.pk]), follow=True)


def test_a_scored_template_points_to_the_button_and_the_button_makes_the_next(boss, submitted):
    old = submitted("7(1)", **GOOD).version
    page = boss.get(address(IndicatorVersion, "change", old.pk)).content.decode()
    assert reverse("admin:indicators_indicatorversion_next_revision", args=[old.pk]) in page
    shown = text_of(revise(boss, old))
    assert "สร้างฉบับที่ 2 แล้ว" in shown
    assert 'name="_save"' in shown
    new = IndicatorVersion.objects.get(indicator=old.indicator, fiscal_year=2560, revision=2)
    old.refresh_from_db()
    assert (old.is_active, new.is_active) == (False, True)
    assert new.items.count() == old.items.count() > 0
    assert new.bands.count() == old.bands.count() > 0
    assert old.results.count() == 1


def test_a_revision_with_errors_is_recorded(boss, indicator, cast):
    version = indicator("5").versions.get(fiscal_year=2560)
    revise(boss, version)
    new = IndicatorVersion.objects.get(indicator=version.indicator, fiscal_year=2560, revision=2)
    assert new.overrides.get().by == cast.administrator


def test_only_who_may_add_templates(client, staff, cast, version):
    client.force_login(staff)
    url = reverse("admin:indicators_indicatorversion_next_revision", args=[version.pk])
    assert client.post(url).status_code == 403
    client.force_login(cast.reviewer)
    assert client.post(url).status_code == 302
    assert IndicatorVersion.objects.filter(indicator=version.indicator, fiscal_year=2561).count() == 1


def test_of_nothing_there_is_no_revision(boss):
    assert boss.post(reverse("admin:indicators_indicatorversion_next_revision", args=[10**9])).status_code == 404


# What is recorded stays


def test_an_override_goes_with_its_template_alone(boss, indicator):
    version = IndicatorVersion.objects.filter(overrides__isnull=False).first()
    override = version.overrides.first()
    page = boss.get(address(TemplateOverride, "change", override.pk)).content.decode()
    assert "deletelink" not in page
    assert boss.post(address(TemplateOverride, "delete", override.pk), {"post": "yes"}).status_code == 403
    assert boss.post(address(IndicatorVersion, "delete", version.pk), {"post": "yes"}).status_code == 302
    assert not TemplateOverride.objects.filter(pk=override.pk).exists()


def test_the_reason_is_not_a_field_of_the_template():
    names = str(VERSION_FIELDSETS)
    assert "override_reason" not in names
