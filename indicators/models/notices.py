"""What the system tells people: notices inside the application, and the digests that were sent by mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One thing that a person should know. The sentence is made when it is shown, in the reader's language."""

    class Kind(models.TextChoices):
        RETURNED = "returned", _("ส่งกลับให้แก้ไข")
        REOPENED = "reopened", _("เปิดให้แก้ไขใหม่")
        APPROVED = "approved", _("อนุมัติแล้ว")
        COMMENT = "comment", _("ความเห็นใหม่")
        EXTENDED = "extended", _("ขยายเวลาส่ง")
        CANCELLED = "cancelled", _("ยกเลิกตัวชี้วัด")
        RECOVERY = "recovery", _("มาตรการแก้ไข")
        DUE = "due", _("ใกล้ถึงกำหนดส่ง")
        OVERDUE = "overdue", _("เลยกำหนดส่ง")
        ESCALATED = "escalated", _("หน่วยงานที่ยังไม่ส่ง")
        HANDED_OVER = "handed_over", _("มอบหมายหรือส่งมอบงาน")
        PERIOD = "period", _("ปิดหรือเปิดงวด")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("ถึง"))
    kind = models.CharField(_("เรื่อง"), max_length=15, choices=Kind.choices)
    facts = models.JSONField(_("ข้อมูล"), default=dict, blank=True)
    url = models.CharField(_("ที่อยู่หน้า"), max_length=300, blank=True)
    at = models.DateTimeField(_("เมื่อ"))
    read_at = models.DateTimeField(_("อ่านเมื่อ"), null=True, blank=True)

    class Meta:
        verbose_name = _("การแจ้งเตือน")
        verbose_name_plural = _("การแจ้งเตือน")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "read_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.user}"


class Digest(models.Model):
    """One digest of one day to one person; its row keeps a second run from sending it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests", verbose_name=_("ถึง"))
    day = models.DateField(_("วันที่"))
    address = models.EmailField(_("อีเมล"), blank=True)
    subject = models.CharField(_("หัวเรื่อง"), max_length=255)
    body = models.TextField(_("ข้อความ"))
    made_at = models.DateTimeField(_("จัดทำเมื่อ"))
    sent_at = models.DateTimeField(_("ส่งเมื่อ"), null=True, blank=True)
    error = models.TextField(_("ข้อผิดพลาด"), blank=True)

    class Meta:
        verbose_name = _("อีเมลสรุปงานค้าง")
        verbose_name_plural = _("อีเมลสรุปงานค้าง")
        ordering = ["-day", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.subject} → {self.user}"
