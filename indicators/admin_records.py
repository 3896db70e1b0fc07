"""Django admin for what stands beside results: evidence, comments, measures, the calendar's exceptions. To read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from indicators.admin import PartOfResult, ReadOnly
from indicators.models import (
    Cancellation,
    Closure,
    Comment,
    Digest,
    Evidence,
    Extension,
    Notice,
    RecoveryMeasure,
    RecoveryStep,
    Waiver,
)


@admin.register(Evidence)
class EvidenceAdmin(PartOfResult):
    list_display = ["result", "description", "name", "added_by", "added_at", "removed_at"]
    exclude = ["file"]  # served to who may see the result, on its own page
    list_select_related = ["result__round__indicator", "added_by"]


@admin.register(Comment)
class CommentAdmin(PartOfResult):
    list_display = ["result", "at", "author", "text"]
    list_select_related = ["result__round__indicator", "author"]


@admin.register(RecoveryMeasure)
class RecoveryMeasureAdmin(PartOfResult):
    list_display = ["result", "what", "who", "by_when", "status"]
    list_filter = ["status", "result__round__fiscal_year"]


@admin.register(RecoveryStep)
class RecoveryStepAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["measure", "at", "by", "status", "text"]
    list_select_related = ["measure", "by"]
    search_fields = ["text"]
    show_full_result_count = False


@admin.register(Extension)
class ExtensionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["round", "measured_unit", "until", "by", "at", "reason"]
    list_select_related = ["round__indicator", "measured_unit", "by"]
    search_fields = ["^round__indicator__code", "reason"]
    show_full_result_count = False


@admin.register(Cancellation)
class CancellationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["indicator", "fiscal_year", "day", "by", "at", "reason", "lifted_at"]
    list_select_related = ["indicator", "by"]
    search_fields = ["^indicator__code", "reason"]
    show_full_result_count = False


@admin.register(Closure)
class ClosureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["plan", "fiscal_year", "number", "revision", "closed_by", "closed_at", "reopened_at"]
    list_filter = ["plan", "fiscal_year"]
    list_select_related = ["plan", "closed_by"]
    exclude = ["snapshot"]  # read as its own document
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Closure]:
        """Without the snapshots, each as large as a year of the plan."""
        return super().get_queryset(request).defer("snapshot")


@admin.register(Waiver)
class WaiverAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["closure", "round", "measured_unit", "reason"]
    list_select_related = ["closure__plan", "round__indicator", "measured_unit"]
    search_fields = ["^round__indicator__code", "reason"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Waiver]:
        return super().get_queryset(request).defer("closure__snapshot")


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "user", "kind", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    show_full_result_count = False


@admin.register(Digest)
class DigestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["day", "user", "subject", "sent_at", "error"]
    list_filter = ["day"]
    list_select_related = ["user"]
    search_fields = ["user__username", "subject"]
    show_full_result_count = False
