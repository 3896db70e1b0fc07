"""What stands beside a result: evidence as files or links, and a thread of comments (DESIGN.md section 2)."""

import secrets

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.results import Result

NAME_BYTES = 24


def evidence_storage() -> Storage:
    """Where evidence lies: outside of everything that the web server serves."""
    return storages["evidence"]


def random_name(evidence: "Evidence", filename: str) -> str:
    """A name that nobody can guess and that says nothing of the file."""
    name = secrets.token_urlsafe(NAME_BYTES).replace("-", "x")
    return f"{name[:2].lower()}/{name}"


class Evidence(models.Model):
    """A file or a link on a result, with what it shows. Taken away it stays on record, without its content."""

    class Kind(models.TextChoices):
        FILE = "file", _("ไฟล์")
        LINK = "link", _("ลิงก์")

    result = models.ForeignKey(Result, models.PROTECT, related_name="evidence", verbose_name=_("ผลงาน"))
    kind = models.CharField(_("ชนิด"), max_length=5, choices=Kind.choices)
    description = models.CharField(_("คำอธิบาย"), max_length=500)
    file = models.FileField(_("ไฟล์"), storage=evidence_storage, upload_to=random_name, max_length=120, blank=True)
    name = models.CharField(_("ชื่อไฟล์เดิม"), max_length=255, blank=True)
    content_type = models.CharField(_("ชนิดของเนื้อหา"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("ขนาด (ไบต์)"), null=True, blank=True)
    sha256 = models.CharField(_("ลายนิ้วมือของไฟล์"), max_length=64, blank=True)
    link = models.CharField(_("ลิงก์"), max_length=1000, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("แนบโดย"))
    added_at = models.DateTimeField(_("แนบเมื่อ"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ลบโดย")
    )
    removed_at = models.DateTimeField(_("ลบเมื่อ"), null=True, blank=True)

    class Meta:
        verbose_name = _("หลักฐานอ้างอิง")
        verbose_name_plural = _("หลักฐานอ้างอิง")
        ordering = ["result", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="link", file="") & ~models.Q(link="") | models.Q(kind="file", link=""),
                name="evidence_file_or_link",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.description


class Comment(models.Model):
    """One message between the unit and the reviewers; never changed and never deleted."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="comments", verbose_name=_("ผลงาน"))
    text = models.TextField(_("ข้อความ"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    at = models.DateTimeField(_("เมื่อ"))

    class Meta:
        verbose_name = _("ความเห็น")
        verbose_name_plural = _("ความเห็น")
        ordering = ["result", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
