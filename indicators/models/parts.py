"""The parts of a template: data items with their groups, score bands, baselines (DESIGN.md section 2)."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.templates import (
    ACCUMULATION_LABELS,
    DIGITS,
    Indicator,
    IndicatorVersion,
    _choices,
)
from scoring.template import Accumulation


class DataItem(models.Model):
    """What is counted (A, B, C …) and how it adds up over the year's rounds.

    A milestone's steps are items too (S1, S2 …): 1 is done, 0 is not, and a step counts
    only if all before it are done, or are implied by it (DESIGN.md section 4). The headings of a
    checklist are rows of kind GROUP; nothing is entered for them.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", _("ตัวเลข")
        STEP = "step", _("ขั้นความสำเร็จ")
        CHOICE = "choice", _("ตัวเลือก")
        TICK = "tick", _("ทำแล้ว/ยังไม่ทำ")
        POINTS = "points", _("คะแนน")
        GROUP = "group", _("หมวด (มีคะแนนรวมย่อย)")

    version = models.ForeignKey(IndicatorVersion, models.CASCADE, related_name="items", verbose_name=_("Template"))
    code = models.CharField(_("รหัส"), max_length=20)
    name = models.CharField(_("รายการข้อมูล"), max_length=500)
    kind = models.CharField(_("ชนิด"), max_length=10, choices=Kind.choices, default=Kind.NUMBER.value)
    unit = models.CharField(_("หน่วยนับ"), max_length=60, blank=True)
    accumulation = models.CharField(
        _("การรวมทั้งปี"), max_length=10, choices=_choices(ACCUMULATION_LABELS), default=Accumulation.SUM.value
    )
    minimum = models.DecimalField(_("ค่าต่ำสุด"), **DIGITS, null=True, blank=True, default=0)
    maximum = models.DecimalField(_("ค่าสูงสุด"), **DIGITS, null=True, blank=True)
    at_most = models.CharField(_("ต้องไม่เกินรายการ"), max_length=20, blank=True)
    derived = models.CharField(_("คำนวณจาก"), max_length=255, blank=True)
    whole = models.BooleanField(_("จำนวนเต็ม"), default=False)
    implied_by = models.PositiveSmallIntegerField(_("ถือว่าทำแล้วเมื่อทำขั้นที่"), null=True, blank=True)
    group = models.CharField(_("อยู่ในหมวด"), max_length=20, blank=True)
    full = models.DecimalField(_("คะแนนเต็ม"), **DIGITS, null=True, blank=True)
    need = models.PositiveSmallIntegerField(_("หมวดนี้ต้องทำอย่างน้อยกี่ข้อ"), null=True, blank=True)
    all_or_nothing = models.BooleanField(_("ครบตามจำนวนจึงได้คะแนนของหมวด"), default=False)
    may_be_na = models.BooleanField(_("ระบุว่าไม่เกี่ยวข้องได้"), default=False)
    choices = models.JSONField(_("ตัวเลือก"), default=list, blank=True, help_text=_("รายการของคำและคะแนน เช่น A คือ 100"))
    criterion = models.TextField(_("เกณฑ์"), blank=True)
    evidence = models.TextField(_("เอกสาร/หลักฐานที่ต้องแนบ"), blank=True)
    remark = models.TextField(_("หมายเหตุของแบบ"), blank=True)
    position = models.PositiveSmallIntegerField(_("ลำดับ"), default=0)

    class Meta:
        verbose_name = _("รายการข้อมูล")
        verbose_name_plural = _("รายการข้อมูล")
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="item_code_once")]

    def __str__(self) -> str:
        return f"{self.code} = {self.name}"


class ScoreBand(models.Model):
    """The printed notation of one level, with its correction where the print is wrong."""

    version = models.ForeignKey(IndicatorVersion, models.CASCADE, related_name="bands", verbose_name=_("Template"))
    level = models.PositiveSmallIntegerField(_("ระดับคะแนน"), validators=[MaxValueValidator(5)])
    printed = models.CharField(_("ตามที่พิมพ์"), max_length=120, blank=True)
    correction = models.CharField(_("ค่าแก้ไข"), max_length=120, blank=True)
    reason = models.CharField(_("เหตุผลที่แก้"), max_length=500, blank=True)
    description = models.TextField(_("คำอธิบายระดับ"), blank=True)
    word = models.CharField(_("แปลผล"), max_length=60, blank=True)
    round_number = models.PositiveSmallIntegerField(_("เฉพาะรอบที่"), default=0, help_text=_("0 คือทุกรอบ"))

    class Meta:
        verbose_name = _("เกณฑ์การให้คะแนน")
        verbose_name_plural = _("เกณฑ์การให้คะแนน")
        ordering = ["version", "round_number", "level"]
        constraints = [
            models.UniqueConstraint(fields=["version", "level", "round_number"], name="band_level_once"),
            models.CheckConstraint(condition=models.Q(level__lte=5), name="band_level_0_to_5"),
            models.CheckConstraint(
                condition=models.Q(correction="") | ~models.Q(reason=""), name="band_correction_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.printed}"


class Baseline(models.Model):
    """What the plan prints as the starting point, once or several times (9(2) has two)."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="baselines", verbose_name=_("ตัวชี้วัด"))
    text = models.CharField(_("ตามที่พิมพ์"), max_length=120)
    value = models.DecimalField(_("ค่า"), **DIGITS, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"), null=True, blank=True)
    note = models.CharField(_("หมายเหตุ"), max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(_("ลำดับ"), default=0)

    class Meta:
        verbose_name = _("ฐานข้อมูล")
        verbose_name_plural = _("ฐานข้อมูล")
        ordering = ["indicator", "position"]

    def __str__(self) -> str:
        return self.text
