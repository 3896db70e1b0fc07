"""Results, what was typed for them, and every event of their review (DESIGN.md section 7)."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.templates import DIGITS, POLICY_LABELS, IndicatorVersion, Round, _choices
from scoring.explain import State
from scoring.levels import Policy
from strategy import clock
from strategy.models import OrgUnit
from strategy.periods import thai_date

STATE_LABELS = {
    State.COMPUTED: _("คำนวณแล้ว"),
    State.NO_CASES: _("ไม่มีผู้รับบริการในงวดนี้ (0/0)"),
    State.CANNOT_COMPUTE: _("คำนวณไม่ได้"),
    State.INCOMPLETE: _("ข้อมูลยังไม่ครบ"),
    State.UNREADABLE: _("อ่านเกณฑ์ไม่ได้"),
    State.NOT_APPLICABLE: _("ไม่เกี่ยวข้องในงวดนี้"),
}


class Result(models.Model):
    """One indicator, one measured unit, one round; the score with the revision that gave it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("ฉบับร่าง")
        SUBMITTED = "submitted", _("ส่งแล้ว รอตรวจสอบ")
        RETURNED = "returned", _("ส่งกลับให้แก้ไข")
        APPROVED = "approved", _("อนุมัติแล้ว")
        REOPENED = "reopened", _("เปิดให้แก้ไขใหม่")

    round = models.ForeignKey(Round, models.PROTECT, related_name="results", verbose_name=_("รอบประเมิน"))
    measured_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="results", verbose_name=_("หน่วยที่วัดผล"))
    version = models.ForeignKey(
        IndicatorVersion, models.PROTECT, related_name="results", verbose_name=_("Template ที่ใช้ให้คะแนน")
    )
    status = models.CharField(_("สถานะ"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    state = models.CharField(
        _("ผลการคำนวณ"), max_length=15, choices=_choices(STATE_LABELS), default=State.INCOMPLETE.value
    )
    value = models.DecimalField(_("ผลงาน"), **DIGITS, null=True, blank=True)
    second = models.DecimalField(_("ตัวเลขคู่"), **DIGITS, null=True, blank=True)
    level = models.DecimalField(_("ระดับคะแนน"), max_digits=5, decimal_places=4, null=True, blank=True)
    passed = models.BooleanField(_("ผ่านเกณฑ์"), null=True, blank=True)
    policy = models.CharField(
        _("วิธีให้คะแนน"), max_length=15, choices=_choices(POLICY_LABELS), default=Policy.BANDS.value
    )
    assessed_level = models.DecimalField(_("ระดับที่ผู้ประเมินให้"), max_digits=5, decimal_places=4, null=True, blank=True)
    assessed_passed = models.BooleanField(_("ผู้ประเมินให้ผ่าน"), null=True, blank=True)
    assessed_reason = models.TextField(_("เหตุผลของผู้ประเมิน"), blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ผู้ประเมิน")
    )
    assessed_at = models.DateTimeField(_("ประเมินเมื่อ"), null=True, blank=True)
    note = models.TextField(_("หมายเหตุ"), blank=True)
    problems = models.TextField(_("ปัญหาและอุปสรรค"), blank=True)
    suggestions = models.TextField(_("ข้อเสนอแนะ/โอกาสพัฒนา"), blank=True)
    is_not_applicable = models.BooleanField(_("ไม่เกี่ยวข้องในงวดนี้"), default=False)
    not_applicable_reason = models.TextField(_("เหตุผลที่ไม่เกี่ยวข้อง"), blank=True)
    acknowledged = models.JSONField(_("คำเตือนที่รับทราบแล้ว"), default=list, blank=True)
    warning_comments = models.JSONField(
        _("คำอธิบายของคำเตือน"), default=dict, blank=True, help_text=_("ข้อความของแต่ละคำเตือนที่รับทราบ")
    )
    lock = models.PositiveIntegerField(_("ครั้งที่บันทึก"), default=0)
    is_demo = models.BooleanField(_("ข้อมูลสาธิต"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ผู้บันทึก")
    )
    entered_at = models.DateTimeField(_("บันทึกเมื่อ"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ผู้ส่ง")
    )
    submitted_at = models.DateTimeField(_("ส่งเมื่อ"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("ส่งครั้งแรกเมื่อ"), null=True, blank=True)
    late_days = models.PositiveSmallIntegerField(
        _("ส่งช้า (วัน)"), null=True, blank=True, help_text=_("นับถึงการส่งครั้งแรกที่ไม่ได้ถอนกลับก่อนตรวจ 0 คือทันกำหนด")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ผู้อนุมัติ")
    )
    approved_at = models.DateTimeField(_("อนุมัติเมื่อ"), null=True, blank=True)

    class Meta:
        verbose_name = _("ผลงาน")
        verbose_name_plural = _("ผลงาน")
        ordering = ["round", "measured_unit"]
        constraints = [
            models.UniqueConstraint(fields=["round", "measured_unit"], name="result_once"),
            models.CheckConstraint(
                condition=~models.Q(status__in=["submitted", "approved"])
                | models.Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="result_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="approved") | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="result_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("submitted_by")),
                name="result_not_approved_by_submitter",
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__gte=0, level__lte=5),
                name="result_level_0_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(assessed_level__isnull=True)
                | models.Q(assessed_level__gte=0, assessed_level__lte=5),
                name="result_assessed_level_0_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(assessed_level__isnull=True, assessed_passed__isnull=True)
                | (~models.Q(assessed_reason="") & models.Q(assessed_by__isnull=False, assessed_at__isnull=False)),
                name="result_assessed_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(is_not_applicable=False) | ~models.Q(not_applicable_reason=""),
                name="result_not_applicable_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.round} {self.get_status_display()}"


class DataValue(models.Model):
    """One typed number. No row means not given; a row with 0 means zero."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="values", verbose_name=_("ผลงาน"))
    code = models.CharField(_("รหัสรายการข้อมูล"), max_length=20)
    value = models.DecimalField(_("ค่า"), **DIGITS)

    class Meta:
        verbose_name = _("ค่าที่บันทึก")
        verbose_name_plural = _("ค่าที่บันทึก")
        ordering = ["result", "code"]
        constraints = [models.UniqueConstraint(fields=["result", "code"], name="value_once")]

    def __str__(self) -> str:
        return f"{self.code}={self.value}"


class ItemNote(models.Model):
    """What a person wrote beside one step or item: where the evidence is, and a remark."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="item_notes", verbose_name=_("ผลงาน"))
    code = models.CharField(_("รหัสรายการข้อมูล"), max_length=20)
    evidence = models.TextField(_("หลักฐานอ้างอิง"), blank=True)
    remark = models.TextField(_("หมายเหตุ"), blank=True)

    class Meta:
        verbose_name = _("หลักฐานและหมายเหตุของรายการ")
        verbose_name_plural = _("หลักฐานและหมายเหตุของรายการ")
        ordering = ["result", "code"]
        constraints = [models.UniqueConstraint(fields=["result", "code"], name="item_note_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.evidence or self.remark}"


class ProjectLine(models.Model):
    """A project or activity with its budget, as the result form lists it."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="projects", verbose_name=_("ผลงาน"))
    position = models.PositiveSmallIntegerField(_("ลำดับ"))
    name = models.CharField(_("โครงการ/กิจกรรม"), max_length=255)
    allocated = models.DecimalField(_("งบฯที่ได้รับจัดสรรทั้งสิ้น"), max_digits=14, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField(_("งบฯที่ใช้ในดำเนินการจริง"), max_digits=14, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("แหล่งงบ"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("โครงการ/กิจกรรม")
        verbose_name_plural = _("โครงการ/กิจกรรม")
        ordering = ["result", "position"]
        constraints = [models.UniqueConstraint(fields=["result", "position"], name="project_position_once")]

    def __str__(self) -> str:
        return self.name


class AppendOnlyError(TypeError):
    """Raised by every attempt to change or delete a review event."""


class AppendOnlyQuerySet(models.QuerySet["ReviewEvent"]):
    """Events are added, never changed and never deleted (DESIGN.md section 7)."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Review events are append-only.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Review events are append-only.")


class ReviewEvent(models.Model):
    """Who did what to a result, when, why, and the values before and after."""

    class Action(models.TextChoices):
        SAVE = "save", _("บันทึกฉบับร่าง")
        SUBMIT = "submit", _("ส่งผลงาน")
        WITHDRAW = "withdraw", _("ถอนกลับมาแก้ไข")
        RETURN = "return", _("ส่งกลับให้แก้ไข")
        APPROVE = "approve", _("อนุมัติ")
        REOPEN = "reopen", _("เปิดให้แก้ไขใหม่")
        ASSESS = "assess", _("ให้ระดับโดยผู้ประเมิน")
        EVIDENCE = "evidence", _("แนบหรือลบหลักฐาน")

    result = models.ForeignKey(Result, models.PROTECT, related_name="events", verbose_name=_("ผลงาน"))
    action = models.CharField(_("การกระทำ"), max_length=10, choices=Action.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("โดย"))
    at = models.DateTimeField(_("เมื่อ"))
    from_status = models.CharField(_("จากสถานะ"), max_length=10, blank=True)
    to_status = models.CharField(_("เป็นสถานะ"), max_length=10)
    reason = models.TextField(_("เหตุผล"), blank=True)
    before = models.JSONField(_("ค่าก่อน"), default=dict, blank=True)
    after = models.JSONField(_("ค่าหลัง"), default=dict, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("เหตุการณ์การตรวจสอบ")
        verbose_name_plural = _("เหตุการณ์การตรวจสอบ")
        ordering = ["result", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {thai_date(clock.day_of(self.at))}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise AppendOnlyError("Review events are append-only.")
        if self.pk is not None and type(self).objects.filter(pk=self.pk).exists():
            raise AppendOnlyError("Review events are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Review events are append-only.")
