"""Django admin of templates: their parts, what the linter says of them, and their next revision.

A template in use that has errors is saved only with a reason (DESIGN.md section 6). One that has scored results
is the past and can only be read; a new revision of it is made here.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from indicators.lint.overrides import record_override
from indicators.lint.page import SEVERITIES, kind_word
from indicators.lint.source import errors_of, findings_of
from indicators.models import DataItem, IndicatorVersion, Result, ScoreBand, TemplateOverride
from indicators.revisions import next_revision
from scoring.explain import State
from scoring.lint import Finding
from strategy.fields import ListField, RecordsField
from strategy.periods import as_at_period

# The parts


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
    fields = ["round_number", "level", "printed", "correction", "reason", "word", "description"]


class ChoicesField(RecordsField):
    """The words that may be chosen for an item, with the points of each."""

    default_error_messages = {
        "not_list": gettext_lazy('ต้องเป็นรายการแบบ [{"label": "A", "points": "100"}] หรือเว้นว่าง'),
    }

    def fits(self, part: Any) -> bool:
        return super().fits(part) and isinstance(part.get("label"), str) and _is_number(part.get("points"))


def _is_number(text: Any) -> bool:
    try:
        return isinstance(text, str) and Decimal(text).is_finite()
    except InvalidOperation:
        return False


class DataItemForm(ModelForm):
    class Meta:
        field_classes = {"choices": ChoicesField}


class DataItemInline(VersionPart):
    model = DataItem
    form = DataItemForm
    fields = [
        "position", "code", "name", "kind", "group", "unit", "accumulation", "minimum", "maximum", "at_most", "whole",
        "derived", "implied_by", "full", "need", "all_or_nothing", "may_be_na", "choices", "criterion", "evidence",
        "remark",
    ]  # fmt: skip


class OverrideInline(admin.TabularInline):
    """Why it was in use with errors: to read."""

    model = TemplateOverride
    fields = ["at", "by", "reason"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("by")


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
        {
            "fields": [
                "indicator", ("fiscal_year", "revision", "is_active"), ("kind", "weight"),
                ("unit", "decimals", "measure"),
            ]
        },
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
                ("across_level", "cutoff"),
            ]
        },
    ),
    (
        gettext_lazy("ความถี่รายงาน"),
        {
            "fields": [
                ("frequency", "own_rounds"), "round_rules",
                ("frequency_table", "frequency_template", "frequency_summary"),
            ]
        },
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
                "population", "reporting_method", "collection_method", "documents", "sections",
            ],
        },
    ),
]  # fmt: skip


OVERRIDE_FIELDSET = (gettext_lazy("การใช้งานทั้งที่มีข้อผิดพลาด"), {"fields": ["override_reason"]})


class RoundRulesField(RecordsField):
    """What single rounds have of their own: each names its number."""

    default_error_messages = {
        "not_list": gettext_lazy('ต้องเป็นรายการแบบ [{"number": 1, "target": "8"}] หรือเว้นว่าง ทุกรายการต้องมี number'),
    }

    def fits(self, part: Any) -> bool:
        return super().fits(part) and isinstance(part.get("number"), int)


class VersionForm(ModelForm):
    """A template with its lists, with rounds that its year can have, and with a reason where it has errors."""

    override_reason = forms.CharField(
        label=gettext_lazy("เหตุผลที่ใช้งานทั้งที่มีข้อผิดพลาด"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("จำเป็นเมื่อ Template ที่ใช้งานมีข้อผิดพลาด คำเตือนและข้อสังเกตไม่ต้องใช้เหตุผล"),
    )
    unanswered: tuple[Finding, ...] = ()  # errors that were found without a reason

    class Meta:
        field_classes = {
            "own_rounds": ListField,
            "stakeholder_texts": ListField,
            "contacts": RecordsField,
            "round_rules": RoundRulesField,
            "sections": RecordsField,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        year, ends = data.get("fiscal_year"), data.get("own_rounds")
        if year and ends:
            try:
                as_at_period(year, ends)
            except ValueError as error:
                self.add_error("own_rounds", str(error))
        if self.unanswered:
            asked = _("ยังบันทึกไม่ได้ เพราะ Template ที่ใช้งานมีข้อผิดพลาด แก้ไขก่อน หรือระบุเหตุผลที่ใช้งานทั้งที่มีข้อผิดพลาด:")
            self.add_error("override_reason", [asked, *(finding.message for finding in self.unanswered)])
        return data


class NeedsReasonError(Exception):
    """What was saved has errors and no reason was given: the transaction is undone, the page asks."""

    def __init__(self, errors: list[Finding]) -> None:
        super().__init__()
        self.errors = errors


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(admin.ModelAdmin):
    """The template of one KPI for one year. Once it has scored results it can only be read, and copied."""

    form = VersionForm
    list_display = ["code", "name", "fiscal_year", "revision", "kind", "weight", "template_target", "is_active"]
    list_display_links = ["code", "name"]
    list_filter = ["indicator__plan", "fiscal_year", "kind", "is_active"]
    list_select_related = ["indicator"]
    search_fields = ["^indicator__code", "indicator__name"]
    autocomplete_fields = ["indicator", "stakeholders"]
    ordering = ["indicator__plan", "indicator__position", "fiscal_year", "revision"]
    fieldsets = VERSION_FIELDSETS
    inlines = [ScoreBandInline, DataItemInline, OverrideInline]
    change_form_template = "admin/indicators/indicatorversion/change_form.html"

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
        """The first part says why it cannot be changed; where it can, the last one asks about errors."""
        if not is_scored(obj):
            return [*self.fieldsets, OVERRIDE_FIELDSET] if self._may_write(request, obj) else self.fieldsets
        (title, options), *rest = self.fieldsets
        return [(title, {**options, "description": _why_locked(obj)}), *rest]

    def get_actions(self, request: HttpRequest) -> dict:
        """Deleting many at once would not ask each whether it is locked."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    # Errors

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Save, look at what was saved, and where that has errors without a reason undo it and ask."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NeedsReasonError as refused:
            request._unanswered = tuple(refused.errors)  # type: ignore[attr-defined]  # for get_form, in this request
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.unanswered = getattr(request, "_unanswered", ())
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        errors = errors_of(form.instance)
        reason = form.cleaned_data["override_reason"].strip()
        if errors and not reason:
            raise NeedsReasonError(errors)
        record_override(version=form.instance, by=request.user, reason=reason, errors=errors)  # type: ignore[arg-type]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With what the linter says of the template as it is saved."""
        version = context.get("original")
        found = findings_of(version) if version is not None else []
        context["findings"] = [(SEVERITIES[finding.severity], kind_word(finding.kind), finding) for finding in found]
        return super().render_change_form(request, context, *args, **kwargs)

    # The next revision

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.make_next_revision))
        name = "indicators_indicatorversion_next_revision"
        return [path("<path:object_id>/next-revision/", view, name=name), *super().get_urls()]

    def make_next_revision(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A copy of this revision, in use from now on and open for changes."""
        version = self.get_object(request, object_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if version is None:
            raise Http404
        made = next_revision(version=version)
        reason = _("ออกฉบับใหม่จากฉบับที่ %(number)d เพื่อแก้ไข") % {"number": version.revision}
        record_override(version=made, by=request.user, reason=reason)  # type: ignore[arg-type]
        self.log_addition(request, made, [{"added": {}}])
        messages.success(request, _("สร้างฉบับที่ %(number)d แล้ว แก้ไขได้ที่หน้านี้") % {"number": made.revision})
        return HttpResponseRedirect(reverse("admin:indicators_indicatorversion_change", args=[made.pk]))


def _why_locked(version: IndicatorVersion) -> str:
    of_year = IndicatorVersion.objects.filter(indicator=version.indicator_id, fiscal_year=version.fiscal_year)
    following = of_year.aggregate(last=Max("revision"))["last"] + 1
    facts = {"count": scored_results(version).count(), "next": following}
    sentence = _(
        "มีผลงาน %(count)d รายการที่ให้คะแนนด้วย Template ฉบับนี้แล้ว จึงแก้ไขหรือลบไม่ได้ คะแนนเดิมต้องอธิบายได้เสมอ "
        "หากต้องเปลี่ยน ให้กด “สร้างฉบับใหม่” ด้านบน ระบบจะออกฉบับที่ %(next)d ให้แก้ไข"
    )
    return format_html('<strong class="locked">{}</strong>', sentence % facts)
