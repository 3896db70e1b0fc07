"""What people decided about the linter's findings: append-only, with who, when and why (DESIGN.md section 6)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.templates import Indicator, IndicatorVersion
from strategy.models import Plan


class LintDecision(models.Model):
    """One decision about one finding; the latest counts. `fingerprint` names the finding (scoring.lint.Finding)."""

    class Decision(models.TextChoices):
        ACCEPT = "accept", _("รับข้อเสนอ")
        DISMISS = "dismiss", _("คงไว้ตามเดิม")
        REOPEN = "reopen", _("นำกลับมาพิจารณา")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lint_decisions", verbose_name=_("แผน"))
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="lint_decisions", verbose_name=_("ตัวชี้วัด")
    )
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"), null=True, blank=True)
    kind = models.CharField(_("ชนิดของข้อบกพร่อง"), max_length=40)
    fingerprint = models.CharField(_("ลายนิ้วมือของข้อบกพร่อง"), max_length=64)
    message = models.TextField(_("ข้อบกพร่อง"))
    proposal = models.TextField(_("ข้อเสนอ"), blank=True)
    decision = models.CharField(_("การตัดสินใจ"), max_length=10, choices=Decision.choices)
    reason = models.TextField(_("เหตุผล"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    at = models.DateTimeField(_("เมื่อ"))
    version = models.ForeignKey(
        IndicatorVersion, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ฉบับที่เกิดจากข้อเสนอ")
    )

    class Meta:
        verbose_name = _("การตัดสินใจเรื่องข้อบกพร่อง")
        verbose_name_plural = _("การตัดสินใจเรื่องข้อบกพร่อง")
        ordering = ["pk"]
        indexes = [models.Index(fields=["plan", "fingerprint"])]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="lint_decision_has_reason")]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.message}"


class TemplateOverride(models.Model):
    """Why a template with errors was put to use all the same: by whom, or by loading a file (nobody)."""

    version = models.ForeignKey(IndicatorVersion, models.CASCADE, related_name="overrides", verbose_name=_("Template"))
    reason = models.TextField(_("เหตุผล"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("โดย")
    )
    at = models.DateTimeField(_("เมื่อ"))
    errors = models.JSONField(_("ข้อผิดพลาดในขณะนั้น"), default=list, blank=True)

    class Meta:
        verbose_name = _("การใช้งานทั้งที่มีข้อผิดพลาด")
        verbose_name_plural = _("การใช้งานทั้งที่มีข้อผิดพลาด")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="override_has_reason")]

    def __str__(self) -> str:
        return f"{self.version}: {self.reason}"
