"""Django admin for KPI templates; results can be read here but change through the workflow alone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import (
    Baseline,
    DataItem,
    DataValue,
    Indicator,
    IndicatorVersion,
    ProjectLine,
    Responsibility,
    Result,
    ReviewEvent,
    Round,
    ScoreBand,
)
from scoring.explain import State
from strategy.fields import ListField, RecordsField
from strategy.periods import as_at_period


class ReadOnly:
    """Seen, searched, never added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# Indicators and their templates


class BaselineInline(admin.TabularInline):
    model = Baseline
    fields = ["position", "text", "value", "year", "note"]
    extra = 0


class ResponsibilityInline(admin.TabularInline):
    model = Responsibility
    fields = ["position", "measured_unit", "responsible_unit", "start", "end"]
    autocomplete_fields = ["measured_unit", "responsible_unit"]
    extra = 0


@admin.register(Indicator)
class IndicatorAdmin(admin.ModelAdmin):
    """What stays the same over the years: code, name, place in the plan, baseline, who enters."""

    list_display = ["code", "name", "issue", "parent", "scored"]
    list_display_links = ["code", "name"]
    list_filter = ["plan", "issue"]
    list_select_related = ["issue", "parent"]
    search_fields = ["^code", "name"]
    autocomplete_fields = ["plan", "issue", "goal", "parent"]
    inlines = [BaselineInline, ResponsibilityInline]
    ordering = ["plan", "position"]


class VersionPart(admin.TabularInline):
    """Items and bands of a template: as locked as the template itself."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not is_scored(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_scored(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_scored(obj)


class ScoreBandInline(VersionPart):
    model = ScoreBand
    fields = ["level", "printed", "correction", "reason", "description"]


class DataItemInline(VersionPart):
    model = DataItem
    fields = [
        "position", "code", "name", "kind", "unit", "accumulation", "minimum", "maximum", "at_most", "whole",
        "derived", "implied_by",
    ]  # fmt: skip


def scored_results(version: IndicatorVersion) -> QuerySet[Result]:
    """Results that this revision has scored; an unfinished draft is scored again when it is saved."""
    return version.results.exclude(state=State.INCOMPLETE, status=Result.Status.DRAFT)


def is_scored(version: IndicatorVersion | None) -> bool:
    """Whether results were scored with it: then it is the past, and stays as it is."""
    if version is None or version.pk is None:
        return False
    if not hasattr(version, "_is_scored"):
        version._is_scored = scored_results(version).exists()  # type: ignore[attr-defined]  # for one request
    return version._is_scored  # type: ignore[attr-defined]


VERSION_FIELDSETS = [
    (
        None,
        {"fields": ["indicator", ("fiscal_year", "revision", "is_active"), ("kind", "weight"), ("unit", "decimals")]},
    ),
    (
        gettext_lazy("การคำนวณและให้คะแนน"),
        {"fields": ["formula", "formula_printed", "formula_reason", ("direction", "policy")]},
    ),
    (
        gettext_lazy("เป้าหมายและเกณฑ์ผ่าน"),
        {
            "fields": [
                ("plan_target", "template_target"),
                ("pass_criterion", "pass_correction", "pass_reason"),
                ("fail_criterion", "fail_correction", "fail_reason"),
            ]
        },
    ),
    (
        gettext_lazy("ความถี่รายงาน"),
        {"fields": [("frequency", "own_rounds"), ("frequency_table", "frequency_template", "frequency_summary")]},
    ),
    (
        gettext_lazy("ผู้รับผิดชอบตามที่พิมพ์"),
        {
            "classes": ["collapse"],
            "fields": [
                "owner_text", "owner_template", "stakeholders", "stakeholder_texts", "stakeholders_template",
                "contacts",
            ],
        },
    ),
    (
        gettext_lazy("คำอธิบายใน Template"),
        {
            "classes": ["collapse"],
            "fields": [
                ("ha_standard", "ha_standard_summary"), ("care_levels", "care_levels_summary"), "definition",
                "population", "reporting_method", "collection_method", "documents",
            ],
        },
    ),
]  # fmt: skip


class VersionForm(ModelForm):
    """A template with its lists, and with rounds that its year can have."""

    class Meta:
        field_classes = {"own_rounds": ListField, "stakeholder_texts": ListField, "contacts": RecordsField}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        year, ends = data.get("fiscal_year"), data.get("own_rounds")
        if year and ends:
            try:
                as_at_period(year, ends)
            except ValueError as error:
                self.add_error("own_rounds", str(error))
        return data


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(admin.ModelAdmin):
    """The template of one KPI for one year. Once it has scored results it can only be read."""

    form = VersionForm
    list_display = ["code", "name", "fiscal_year", "revision", "kind", "weight", "template_target", "is_active"]
    list_display_links = ["code", "name"]
    list_filter = ["indicator__plan", "fiscal_year", "kind", "is_active"]
    list_select_related = ["indicator"]
    search_fields = ["^indicator__code", "indicator__name"]
    autocomplete_fields = ["indicator", "stakeholders"]
    ordering = ["indicator__plan", "indicator__position", "fiscal_year", "revision"]
    fieldsets = VERSION_FIELDSETS
    inlines = [ScoreBandInline, DataItemInline]

    @admin.display(description=gettext_lazy("รหัส"), ordering="indicator__position")
    def code(self, version: IndicatorVersion) -> str:
        return version.indicator.code

    @admin.display(description=gettext_lazy("ชื่อตัวชี้วัด"), ordering="indicator__name")
    def name(self, version: IndicatorVersion) -> str:
        return version.indicator.name

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_scored(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_scored(obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The first part says why it cannot be changed."""
        if not is_scored(obj):
            return self.fieldsets
        (title, options), *rest = self.fieldsets
        return [(title, {**options, "description": _why_locked(obj)}), *rest]

    def get_actions(self, request: HttpRequest) -> dict:
        """Deleting many at once would not ask each whether it is locked."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


def _why_locked(version: IndicatorVersion) -> str:
    facts = {"count": scored_results(version).count(), "next": version.revision + 1}
    sentence = _(
        "มีผลงาน %(count)d รายการที่ให้คะแนนด้วย Template ฉบับนี้แล้ว จึงแก้ไขหรือลบไม่ได้ คะแนนเดิมต้องอธิบายได้เสมอ "
        "หากต้องเปลี่ยน ให้แก้ในแฟ้มแผนแล้วโหลดใหม่ (load_plan) ระบบจะออกฉบับที่ %(next)d ให้"
    )
    return format_html('<strong class="locked">{}</strong>', sentence % facts)


class PartOfVersion(ReadOnly, admin.ModelAdmin):
    """Rows of templates, to search through; they are edited with their template, and deleted with it."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Asked for each row when a template is deleted; never for many rows at once."""
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and obj is not None and not is_scored(obj.version)


@admin.register(ScoreBand)
class ScoreBandAdmin(PartOfVersion):
    list_display = ["version", "level", "printed", "correction", "reason"]
    list_filter = ["version__indicator__plan", "version__fiscal_year", "level"]
    list_select_related = ["version__indicator"]
    search_fields = ["^version__indicator__code", "version__indicator__name", "printed", "correction"]


@admin.register(DataItem)
class DataItemAdmin(PartOfVersion):
    list_display = ["version", "code", "name", "kind", "unit", "accumulation"]
    list_filter = ["version__indicator__plan", "version__fiscal_year", "kind", "accumulation"]
    list_select_related = ["version__indicator"]
    search_fields = ["^version__indicator__code", "version__indicator__name", "name"]


@admin.register(Baseline)
class BaselineAdmin(admin.ModelAdmin):
    list_display = ["indicator", "text", "value", "year", "note"]
    list_filter = ["indicator__plan", "year"]
    list_select_related = ["indicator"]
    search_fields = ["^indicator__code", "indicator__name", "text"]
    autocomplete_fields = ["indicator"]
    show_full_result_count = False


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):
    """Due days may be moved here; what a result was reported for stays what it was."""

    list_display = ["indicator", "fiscal_year", "number", "label", "start", "end", "due"]
    list_filter = ["indicator__plan", "fiscal_year", "frequency"]
    list_select_related = ["indicator"]
    search_fields = ["^indicator__code", "indicator__name"]
    autocomplete_fields = ["indicator"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None or not obj.results.exists():
            return []
        return ["indicator", "fiscal_year", "number", "frequency", "start", "end"]

    @admin.display(description=gettext_lazy("งวด"))
    def label(self, round_: Round) -> str:
        return round_.label


@admin.register(Responsibility)
class ResponsibilityAdmin(admin.ModelAdmin):
    """Who enters: end one and start another when an owner changes in mid-year."""

    list_display = ["indicator", "responsible_unit", "measured_unit", "start", "end"]
    list_filter = ["indicator__plan"]
    list_select_related = ["indicator", "responsible_unit", "measured_unit"]
    search_fields = [
        "^indicator__code", "indicator__name", "responsible_unit__name", "responsible_unit__short_name",
    ]  # fmt: skip
    autocomplete_fields = ["indicator", "measured_unit", "responsible_unit"]
    show_full_result_count = False


# Results: to read


class DataValueInline(ReadOnly, admin.TabularInline):
    model = DataValue
    extra = 0


class ProjectLineInline(ReadOnly, admin.TabularInline):
    model = ProjectLine
    extra = 0


class ReviewEventInline(ReadOnly, admin.TabularInline):
    model = ReviewEvent
    fields = ["at", "actor", "action", "from_status", "to_status", "reason"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")


@admin.register(Result)
class ResultAdmin(ReadOnly, admin.ModelAdmin):
    """Results change through entry and review alone, so that every change has its event."""

    list_display = ["round", "measured_unit", "status", "value", "level", "passed", "submitted_at", "approved_at"]
    list_filter = ["round__indicator__plan", "round__fiscal_year", "status", "state", "is_demo"]
    list_select_related = ["round__indicator", "measured_unit"]
    search_fields = ["^round__indicator__code", "round__indicator__name"]
    inlines = [DataValueInline, ProjectLineInline, ReviewEventInline]
    show_full_result_count = False


class PartOfResult(ReadOnly, admin.ModelAdmin):
    """Rows of results, to search through."""

    list_filter = ["result__round__indicator__plan", "result__round__fiscal_year", "result__status"]
    list_select_related = ["result__round__indicator"]
    search_fields = ["^result__round__indicator__code", "result__round__indicator__name"]
    show_full_result_count = False


@admin.register(DataValue)
class DataValueAdmin(PartOfResult):
    list_display = ["result", "code", "value"]


@admin.register(ProjectLine)
class ProjectLineAdmin(PartOfResult):
    list_display = ["result", "position", "name", "allocated", "spent", "source"]
    search_fields = [*PartOfResult.search_fields, "name"]


@admin.register(ReviewEvent)
class ReviewEventAdmin(PartOfResult):
    list_display = ["result", "at", "actor", "action", "from_status", "to_status", "reason"]
    list_filter = ["result__round__indicator__plan", "action"]
    list_select_related = ["result__round__indicator", "actor"]
