"""Recovery measures: what is done where a result fails its criterion, followed up until it is closed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.results import Result


class RecoveryMeasure(models.Model):
    """What is to be done, who does it and by when, for a result that failed its criterion."""

    class Status(models.TextChoices):
        OPEN = "open", _("กำลังดำเนินการ")
        DONE = "done", _("ดำเนินการแล้ว รอปิด")
        CLOSED = "closed", _("ปิดแล้ว")
        DROPPED = "dropped", _("ยกเลิก")

    result = models.ForeignKey(Result, models.PROTECT, related_name="recovery_measures", verbose_name=_("ผลงาน"))
    what = models.TextField(_("มาตรการแก้ไข"), max_length=2000)
    who = models.CharField(_("ผู้รับผิดชอบ"), max_length=255)
    by_when = models.DateField(_("ภายในวันที่"))
    status = models.CharField(_("สถานะ"), max_length=10, choices=Status.choices, default=Status.OPEN)
    lock = models.PositiveIntegerField(_("ครั้งที่บันทึก"), default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    created_at = models.DateTimeField(_("เมื่อ"))

    class Meta:
        verbose_name = _("มาตรการแก้ไข")
        verbose_name_plural = _("มาตรการแก้ไข")
        ordering = ["by_when", "pk"]
        indexes = [models.Index(fields=["status", "by_when"])]

    def __str__(self) -> str:
        return self.what[:80]


class RecoveryStep(models.Model):
    """One follow-up of a recovery measure: what was found or done, and the status after it. Append-only."""

    measure = models.ForeignKey(RecoveryMeasure, models.PROTECT, related_name="steps", verbose_name=_("มาตรการแก้ไข"))
    text = models.TextField(_("ความก้าวหน้า"), max_length=2000)
    status = models.CharField(_("สถานะหลังการติดตาม"), max_length=10, choices=RecoveryMeasure.Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    at = models.DateTimeField(_("เมื่อ"))

    class Meta:
        verbose_name = _("การติดตามมาตรการ")
        verbose_name_plural = _("การติดตามมาตรการ")
        ordering = ["measure", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
