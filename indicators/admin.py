"""Django admin for KPI templates; results can be read here but change through the workflow alone."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from indicators.models import (
    Baseline,
    DataItem,
    DataValue,
    Indicator,
    ItemNote,
    LintDecision,
    ProjectLine,
    Responsibility,
    Result,
    ReviewEvent,
    Round,
    ScoreBand,
    TemplateOverride,
)
from indicators.schedule.admin import ClosedWithPeriod, PlanWithRoundsAdmin, RoundForm, reschedule_family
from indicators.version_admin import is_scored
from strategy.models import Plan

# The strategy app knows nothing of rounds; here the plan's calendar moves them.
admin.site.unregister(Plan)
admin.site.register(Plan, PlanWithRoundsAdmin)


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

    def save_model(self, request: HttpRequest, obj: Indicator, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            reschedule_family(request, obj, form)


# Parts of templates, to search through; the templates themselves are in version_admin.py


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


# Decisions about their defects: to read


@admin.register(LintDecision)
class LintDecisionAdmin(ReadOnly, admin.ModelAdmin):
    """Taken on the lint page alone, each with its reason."""

    list_display = ["at", "indicator", "fiscal_year", "kind", "decision", "by", "reason"]
    list_filter = ["plan", "fiscal_year", "decision", "kind"]
    list_select_related = ["indicator", "by"]
    search_fields = ["^indicator__code", "indicator__name", "message", "reason"]
    show_full_result_count = False


@admin.register(TemplateOverride)
class TemplateOverrideAdmin(PartOfVersion):
    """Written when a template with errors is put to use; gone only with its template."""

    list_display = ["version", "at", "by", "reason"]
    list_filter = ["version__indicator__plan", "version__fiscal_year"]
    list_select_related = ["version__indicator", "by"]
    search_fields = ["^version__indicator__code", "version__indicator__name", "reason"]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise PermissionDenied

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), "show_delete": False})


@admin.register(Baseline)
class BaselineAdmin(admin.ModelAdmin):
    list_display = ["indicator", "text", "value", "year", "note"]
    list_filter = ["indicator__plan", "year"]
    list_select_related = ["indicator"]
    search_fields = ["^indicator__code", "indicator__name", "text"]
    autocomplete_fields = ["indicator"]
    show_full_result_count = False


@admin.register(Round)
class RoundAdmin(ClosedWithPeriod):
    """Days may be moved here; what a result was reported for stays what it was."""

    form = RoundForm
    list_display = ["indicator", "fiscal_year", "number", "label", "start", "end", "opens", "due", "locks"]
    list_filter = ["indicator__plan", "fiscal_year", "frequency"]
    list_select_related = ["indicator"]
    search_fields = ["^indicator__code", "indicator__name"]
    autocomplete_fields = ["indicator"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None or not obj.results.exists():
            return []
        return ["indicator", "fiscal_year", "number", "name", "frequency", "start", "end"]

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


class ItemNoteInline(ReadOnly, admin.TabularInline):
    model = ItemNote
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
    inlines = [DataValueInline, ItemNoteInline, ProjectLineInline, ReviewEventInline]
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


@admin.register(ItemNote)
class ItemNoteAdmin(PartOfResult):
    list_display = ["result", "code", "evidence", "remark"]


@admin.register(ProjectLine)
class ProjectLineAdmin(PartOfResult):
    list_display = ["result", "position", "name", "allocated", "spent", "source"]
    search_fields = [*PartOfResult.search_fields, "name"]


@admin.register(ReviewEvent)
class ReviewEventAdmin(PartOfResult):
    list_display = ["result", "at", "actor", "action", "from_status", "to_status", "reason"]
    list_filter = ["result__round__indicator__plan", "action"]
    list_select_related = ["result__round__indicator", "actor"]


from indicators import admin_records  # noqa: E402, F401  - registers what stands beside results
