"""Django admin for people, units and plans."""

from typing import Any

from axes.admin import AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from strategy.accounts.history import facts_of, record
from strategy.fields import GradesField, ListField
from strategy.models import Goal, Membership, OrgUnit, Plan, StrategicIssue, User

admin.site.site_title = _("จัดการระบบ kpitrack")
admin.site.site_header = _("kpitrack จัดการระบบ")
admin.site.index_title = _("ข้อมูลที่ดูแลได้")
admin.site.enable_nav_sidebar = False  # the width belongs to the long Thai names
admin.site.unregister([TOTPDevice, StaticDevice])  # nobody reads other people's secrets


class Unchanged(admin.ModelAdmin):
    """To be read; what a log says stays."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister([AccessLog, AccessFailureLog])


@admin.register(AccessLog)
class LogInAdmin(Unchanged, AccessLogAdmin):
    """Who logged in, when and from where."""


@admin.register(AccessFailureLog)
class RefusedLogInAdmin(Unchanged, AccessFailureLogAdmin):
    """Who tried in vain."""


class MembershipInline(admin.TabularInline):
    """The roles of a person, on the person's page."""

    model = Membership
    fk_name = "user"
    fields = ["unit", "role", "start", "end", "deputy_of", "note"]
    autocomplete_fields = ["unit", "deputy_of"]
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People, with their roles; what a person may do comes from the roles and not from groups."""

    list_display = ["username", "full_name", "title", "telephone", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__role"]
    search_fields = ["username", "first_name", "last_name", "title"]
    ordering = ["username"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("บุคคล"), {"fields": ["first_name", "last_name", "title", "telephone", "email", "must_change_password"]}),
        (_("การเข้าใช้"), {"fields": [("is_active", "is_staff", "is_superuser")]}),
        (_("สิทธิ์ในหน้าจัดการระบบ"), {"classes": ["collapse"], "fields": ["groups", "user_permissions"]}),
        (_("วันที่สำคัญ"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("บุคคล"), {"fields": ["first_name", "last_name", "title", "telephone"]}),
    ]

    @admin.display(description=_("ชื่อ-สกุล"), ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list:
        """Roles are given once the person is there."""
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody shuts themselves out."""
        own = ["is_active", "is_staff", "is_superuser"] if obj is not None and obj.pk == request.user.pk else []
        return [*super().get_readonly_fields(request, obj), *own]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is closed and never deleted: what the person did, to others' accounts too, is on record."""
        return False


class ParentFilter(admin.SimpleListFilter):
    """Units by the unit that they belong to; one query, whatever the depth of the tree."""

    title = _("สังกัด")
    parameter_name = "parent"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[int, str]]:
        parents = OrgUnit.objects.filter(children__isnull=False).distinct().order_by("name")
        return [(unit.pk, unit.label) for unit in parents]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        return queryset.filter(parent=int(value)) if value.isdecimal() and len(value) < 10 else queryset


@admin.register(OrgUnit)
class OrgUnitAdmin(admin.ModelAdmin):
    """The tree of units."""

    formfield_overrides = {models.JSONField: {"form_class": ListField}}
    list_display = ["code", "name", "short_name", "kind", "parent", "telephone", "is_active"]
    list_filter = ["kind", "is_active", ParentFilter]
    list_select_related = ["parent"]
    search_fields = ["code", "name", "short_name", "ministry_code"]
    autocomplete_fields = ["parent"]
    show_full_result_count = False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """All roles of all people, to see who does what in a unit."""

    list_display = ["user", "role", "unit", "start", "end"]
    list_filter = ["role"]
    list_select_related = ["user", "unit"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "unit__name", "unit__code"]
    autocomplete_fields = ["user", "unit"]
    show_full_result_count = False

    # What is done here stands in the person's history too.

    def log_addition(self, request: HttpRequest, obj: Membership, message: Any) -> Any:
        record(user=obj.user, by=request.user, line="role_given", **facts_of(obj))  # type: ignore[arg-type]
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Membership, message: Any) -> Any:
        record(user=obj.user, by=request.user, line="role_changed", **facts_of(obj))  # type: ignore[arg-type]
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for role in queryset:
            record(user=role.user, by=request.user, line="role_deleted", **facts_of(role))  # type: ignore[arg-type]
        return super().log_deletions(request, queryset)


class StrategicIssueInline(admin.TabularInline):
    model = StrategicIssue
    fields = ["number", "code", "name", "theme"]
    show_change_link = True
    extra = 0


class PlanForm(ModelForm):
    """A plan with its missions and grades as lists."""

    class Meta:
        field_classes = {"missions": ListField, "grades": GradesField}


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    form = PlanForm
    list_display = ["code", "name", "unit", "first_year", "last_year", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["unit"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["unit", "strategy_unit"]
    inlines = [StrategicIssueInline]
    fieldsets = [
        (None, {"fields": ["code", "name", "edition", "unit", "strategy_unit"]}),
        (_("ปีของแผน"), {"fields": [("first_year", "last_year"), "is_active"]}),
        (_("ปฏิทินการรายงาน"), {"fields": ["opening", "due_day", "lock_days"]}),
        (_("การเตือน"), {"fields": ["remind_before", "remind_every", "escalate_after"]}),
        (_("เนื้อหาของแผน"), {"fields": ["vision", "missions", "grades", "announced"]}),
    ]


class GoalInline(admin.TabularInline):
    model = Goal
    fields = ["number", "name"]
    extra = 0


@admin.register(StrategicIssue)
class StrategicIssueAdmin(admin.ModelAdmin):
    list_display = ["number", "code", "name", "theme", "plan"]
    list_display_links = ["name"]
    list_filter = ["plan", "theme"]
    list_select_related = ["plan"]
    search_fields = ["code", "name", "name_en"]
    autocomplete_fields = ["plan"]
    inlines = [GoalInline]


@admin.register(Goal)
class GoalAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "issue"]
    list_display_links = ["name"]
    list_filter = ["issue__plan"]
    list_select_related = ["issue"]
    search_fields = ["name"]
    autocomplete_fields = ["issue"]
