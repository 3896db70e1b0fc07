"""Exceptions to a plan's calendar, and the closing of its periods (DESIGN.md section 7)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.templates import Indicator, Round
from strategy.models import OrgUnit, Plan
from strategy.periods import BUDDHIST_ERA


class Extension(models.Model):
    """More time for one unit's result of one round, granted by the strategy unit. The latest one holds."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="extensions", verbose_name=_("รอบประเมิน"))
    measured_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="extensions", verbose_name=_("หน่วยที่วัดผล"))
    until = models.DateField(_("ขยายถึงวันที่"))
    reason = models.TextField(_("เหตุผล"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    at = models.DateTimeField(_("เมื่อ"))

    class Meta:
        verbose_name = _("การขยายเวลาส่ง")
        verbose_name_plural = _("การขยายเวลาส่ง")
        ordering = ["round", "pk"]

    def __str__(self) -> str:
        return f"{self.round} → {self.until}"


class Cancellation(models.Model):
    """An indicator that is cancelled within a year: out of the totals from that day on, its history stays."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="cancellations", verbose_name=_("ตัวชี้วัด"))
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"))
    day = models.DateField(_("ยกเลิกตั้งแต่วันที่"))
    reason = models.TextField(_("เหตุผล"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    at = models.DateTimeField(_("เมื่อ"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("นำกลับมาโดย")
    )
    lifted_at = models.DateTimeField(_("นำกลับมาเมื่อ"), null=True, blank=True)
    lifted_reason = models.TextField(_("เหตุผลที่นำกลับมา"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("การยกเลิกตัวชี้วัด")
        verbose_name_plural = _("การยกเลิกตัวชี้วัด")
        ordering = ["indicator", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "fiscal_year"],
                condition=models.Q(lifted_at__isnull=True),
                name="cancellation_in_force_once",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (models.Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~models.Q(lifted_reason="")),
                name="cancellation_lifted_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.fiscal_year}"


class Closure(models.Model):
    """A closed period of a plan: all rounds of the year that have ended by the end of a month, frozen.

    `number` is the month of the fiscal year (1 October … 12 September). It is in force until it is
    reopened; closing again makes the next revision. Old revisions stay as they are.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="closures", verbose_name=_("แผน"))
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"))
    number = models.PositiveSmallIntegerField(_("เดือนที่ของปีงบประมาณ"))
    until = models.DateField(_("ถึงวันที่"))
    revision = models.PositiveSmallIntegerField(_("ฉบับที่"), default=1)
    note = models.TextField(_("หมายเหตุ"), max_length=2000, blank=True)
    snapshot = models.JSONField(_("ข้อมูลที่ตรึงไว้"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ปิดโดย"))
    closed_at = models.DateTimeField(_("ปิดเมื่อ"))
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("เปิดใหม่โดย")
    )
    reopened_at = models.DateTimeField(_("เปิดใหม่เมื่อ"), null=True, blank=True)
    reopened_reason = models.TextField(_("เหตุผลที่เปิดใหม่"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("การปิดงวด")
        verbose_name_plural = _("การปิดงวด")
        ordering = ["plan", "fiscal_year", "number", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "fiscal_year", "number", "revision"], name="closure_revision_once"),
            models.UniqueConstraint(
                fields=["plan", "fiscal_year", "number"],
                condition=models.Q(reopened_at__isnull=True),
                name="closure_in_force_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at__isnull=True, reopened_by__isnull=True)
                | (models.Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~models.Q(reopened_reason="")),
                name="closure_reopened_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.code} {self.until.month}/{self.until.year + BUDDHIST_ERA} ({self.revision})"


class Waiver(models.Model):
    """Why a period was closed although one result was missing."""

    closure = models.ForeignKey(Closure, models.PROTECT, related_name="waivers", verbose_name=_("การปิดงวด"))
    round = models.ForeignKey(Round, models.PROTECT, related_name="waivers", verbose_name=_("รอบประเมิน"))
    measured_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("หน่วยที่วัดผล"))
    reason = models.TextField(_("เหตุผล"), max_length=2000)

    class Meta:
        verbose_name = _("การยกเว้นผลงานที่ขาด")
        verbose_name_plural = _("การยกเว้นผลงานที่ขาด")
        ordering = ["closure", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["closure", "round", "measured_unit"], name="waiver_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="waiver_with_reason"),
        ]

    def __str__(self) -> str:
        return self.reason[:80]
