"""Indicators and their templates, year by year (DESIGN.md section 2)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.levels import Direction, Policy
from scoring.template import Accumulation, Kind, Measure
from strategy.models import Goal, OrgUnit, Plan, StrategicIssue
from strategy.periods import Frequency, Period, period_label

# 15 digits are exact in SQLite's number too (DESIGN.md: numbers are exact end to end).
DIGITS = {"max_digits": 15, "decimal_places": 4}

KIND_LABELS = {
    Kind.HEADING: _("หัวข้อ (มีตัวชี้วัดย่อย)"),
    Kind.FORMULA: _("คำนวณด้วยสูตร"),
    Kind.MILESTONE: _("ขั้นความสำเร็จ"),
    Kind.MEAN_OF_GROUPS: _("เฉลี่ยระดับของกลุ่มย่อย"),
    Kind.SCORED_HALF: _("สองส่วน ให้คะแนนส่วนเดียว"),
    Kind.LOWEST_OF: _("ระดับต่ำสุดของทุกด้าน"),
    Kind.PASS_SHARE: _("ร้อยละของตัวชี้วัดย่อยที่ผ่านเกณฑ์"),
    Kind.CHECKLIST: _("รายการตรวจประเมิน"),
    Kind.QUALITATIVE: _("เชิงคุณภาพ (ผ่าน/ไม่ผ่าน)"),
}
DIRECTION_LABELS = {Direction.HIGHER: _("ยิ่งมากยิ่งดี"), Direction.LOWER: _("ยิ่งน้อยยิ่งดี")}
POLICY_LABELS = {Policy.BANDS: _("ตามช่วงคะแนน"), Policy.INTERPOLATED: _("เทียบบัญญัติไตรยางศ์ระหว่างช่วง")}
FREQUENCY_LABELS = {
    Frequency.MONTHLY: _("รายเดือน"),
    Frequency.QUARTERLY: _("รายไตรมาส"),
    Frequency.HALF_YEARLY: _("ราย 6 เดือน"),
    Frequency.YEARLY: _("รายปี"),
}
ACCUMULATION_LABELS = {
    Accumulation.SUM: _("รวมทุกงวด"),
    Accumulation.LAST: _("งวดล่าสุด"),
    Accumulation.MEAN: _("ค่าเฉลี่ยของงวด"),
    Accumulation.MAX: _("ค่ามากที่สุด"),
}


MEASURE_LABELS = {
    Measure.PERCENT: _("ร้อยละของคะแนนเต็ม"),
    Measure.POINTS: _("คะแนนหรือจำนวนข้อที่ได้"),
}


def _choices(labels: dict) -> list[tuple]:
    return [(key.value, label) for key, label in labels.items()]


class Indicator(models.Model):
    """A KPI or sub-KPI (7, 7(1), 7(2) …); codes are unique within a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators", verbose_name=_("แผน"))
    issue = models.ForeignKey(
        StrategicIssue, models.PROTECT, related_name="indicators", verbose_name=_("ประเด็นยุทธศาสตร์")
    )
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("เป้าประสงค์")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("อยู่ใต้ตัวชี้วัด")
    )
    code = models.CharField(_("รหัส"), max_length=30)
    name = models.CharField(_("ชื่อตัวชี้วัด"), max_length=500)
    name_template = models.CharField(_("ชื่อตาม Template"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("ลำดับ"), default=0)
    scored = models.BooleanField(_("ให้คะแนน"), default=True, help_text=_("ของตัวชี้วัดสองส่วน: ส่วนที่ตัวชี้วัดหลักใช้เป็นคะแนน"))
    source = models.CharField(_("ที่มาในเอกสาร"), max_length=120, blank=True)
    group = models.CharField(_("กลุ่มในตาราง"), max_length=255, blank=True, help_text=_("เช่น สาขาของ Service plan"))
    due_day = models.PositiveSmallIntegerField(
        _("กำหนดส่งทุกวันที่"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("ว่างไว้เมื่อใช้วันของแผน"),
    )
    lock_days = models.PositiveSmallIntegerField(
        _("ปิดรับหลังกำหนดส่ง (วัน)"), null=True, blank=True, help_text=_("ว่างไว้เมื่อใช้ของแผน")
    )

    class Meta:
        verbose_name = _("ตัวชี้วัด")
        verbose_name_plural = _("ตัวชี้วัด")
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="indicator_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class IndicatorVersion(models.Model):
    """The template of one indicator for one fiscal year, in a revision."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="versions", verbose_name=_("ตัวชี้วัด"))
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"))
    revision = models.PositiveSmallIntegerField(_("ฉบับที่"), default=1)
    is_active = models.BooleanField(_("ใช้งาน"), default=True)
    kind = models.CharField(_("ชนิดการวัด"), max_length=20, choices=_choices(KIND_LABELS), default=Kind.FORMULA.value)
    unit = models.CharField(_("หน่วยวัด"), max_length=60, blank=True)
    direction = models.CharField(
        _("ทิศทาง"), max_length=10, choices=_choices(DIRECTION_LABELS), default=Direction.HIGHER.value
    )
    decimals = models.PositiveSmallIntegerField(_("ทศนิยม"), default=2, validators=[MaxValueValidator(4)])
    policy = models.CharField(
        _("วิธีให้คะแนน"), max_length=15, choices=_choices(POLICY_LABELS), default=Policy.BANDS.value
    )
    weight = models.DecimalField(_("น้ำหนัก"), max_digits=7, decimal_places=3, null=True, blank=True)
    measure = models.CharField(
        _("ค่าของรายการตรวจประเมิน"), max_length=10, choices=_choices(MEASURE_LABELS), default=Measure.PERCENT.value
    )
    across_level = models.PositiveSmallIntegerField(
        _("นับหน่วยที่ได้ระดับตั้งแต่"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(5)],
        help_text=_("สำหรับตัวชี้วัดที่วัดในหลายหน่วย: ผลรวมคือจำนวนหน่วยที่ได้ระดับนี้ขึ้นไป ผ่านเมื่อถึงเป้าหมาย"),
    )
    cutoff = models.CharField(_("ค่า cut-off"), max_length=120, blank=True)
    formula = models.CharField(_("สูตรที่ใช้คำนวณ"), max_length=500, blank=True)
    formula_printed = models.TextField(_("สูตรตามที่พิมพ์"), blank=True)
    formula_reason = models.CharField(_("เหตุผลที่ใช้สูตรต่างจากที่พิมพ์"), max_length=500, blank=True)
    plan_target = models.CharField(_("เป้าหมายตามตารางแผน"), max_length=120, blank=True)
    template_target = models.CharField(_("เป้าหมายตาม Template"), max_length=120, blank=True)
    pass_criterion = models.CharField(_("เกณฑ์ผ่าน (ตามที่พิมพ์)"), max_length=120, blank=True)
    pass_correction = models.CharField(_("เกณฑ์ผ่าน (ค่าแก้ไข)"), max_length=120, blank=True)
    pass_reason = models.CharField(_("เหตุผลที่แก้เกณฑ์ผ่าน"), max_length=500, blank=True)
    fail_criterion = models.CharField(_("เกณฑ์ไม่ผ่าน (ตามที่พิมพ์)"), max_length=120, blank=True)
    fail_correction = models.CharField(_("เกณฑ์ไม่ผ่าน (ค่าแก้ไข)"), max_length=120, blank=True)
    fail_reason = models.CharField(_("เหตุผลที่แก้เกณฑ์ไม่ผ่าน"), max_length=500, blank=True)
    frequency = models.CharField(
        _("ความถี่รายงาน"), max_length=15, choices=_choices(FREQUENCY_LABELS), default=Frequency.MONTHLY.value
    )
    own_rounds = models.JSONField(
        _("รอบประเมินของตัวเอง"),
        default=list,
        blank=True,
        help_text=_("วันสิ้นรอบ เช่น 03-31; ว่างไว้เมื่อใช้รอบตามความถี่"),
    )
    round_rules = models.JSONField(
        _("เกณฑ์เฉพาะรอบ"),
        default=list,
        blank=True,
        help_text=_("รายการของ number, name, start, end, due, target, measure และ pass; ช่วงคะแนนเฉพาะรอบอยู่ในตารางเกณฑ์"),
    )
    frequency_table = models.CharField(_("ความถี่ตามตารางแผน"), max_length=60, blank=True)
    frequency_template = models.CharField(_("ความถี่ตาม Template"), max_length=255, blank=True)
    frequency_summary = models.CharField(_("ความถี่ตามบทสรุป"), max_length=60, blank=True)
    owner_text = models.CharField(_("ผู้รับผิดชอบหลักตามตารางแผน"), max_length=255, blank=True)
    owner_template = models.TextField(_("ผู้รับผิดชอบหลักตาม Template"), blank=True)
    stakeholders = models.ManyToManyField(
        OrgUnit, blank=True, related_name="stakeholder_of", verbose_name=_("หน่วยงานที่เกี่ยวข้อง")
    )
    stakeholder_texts = models.JSONField(_("หน่วยงานที่เกี่ยวข้องตามตารางแผน"), default=list, blank=True)
    stakeholders_template = models.TextField(_("หน่วยงานที่เกี่ยวข้องตาม Template"), blank=True)
    contacts = models.JSONField(_("ผู้ติดต่อ"), default=list, blank=True)
    ha_standard = models.CharField(_("มาตรฐาน HA"), max_length=20, blank=True)
    ha_standard_summary = models.CharField(_("มาตรฐาน HA ตามบทสรุป"), max_length=20, blank=True)
    care_levels = models.CharField(_("ระดับ KPI"), max_length=60, blank=True)
    care_levels_summary = models.CharField(_("ระดับ KPI ตามบทสรุป"), max_length=60, blank=True)
    definition = models.TextField(_("นิยาม"), blank=True)
    population = models.TextField(_("ประชากรกลุ่มเป้าหมาย"), blank=True)
    reporting_method = models.TextField(_("วิธีการรายงาน"), blank=True)
    collection_method = models.TextField(_("วิธีการจัดเก็บข้อมูล"), blank=True)
    documents = models.TextField(_("เอกสารสนับสนุน"), blank=True)
    sections = models.JSONField(
        _("หัวข้ออื่นของแบบ"),
        default=list,
        blank=True,
        help_text=_("หัวข้อที่แบบฟอร์มของหน่วยงานอื่นมี เป็นรายการของ key, number, title และ text"),
    )

    class Meta:
        verbose_name = _("รายละเอียดตัวชี้วัด (Template)")
        verbose_name_plural = _("รายละเอียดตัวชี้วัด (Template)")
        ordering = ["indicator", "fiscal_year", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "fiscal_year", "revision"], name="version_revision_once"),
            models.UniqueConstraint(
                fields=["indicator", "fiscal_year"], condition=models.Q(is_active=True), name="version_active_once"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__isnull=True) | models.Q(weight__gte=0), name="version_weight_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} ({self.fiscal_year})"


class Round(models.Model):
    """One evaluation round of an indicator in a fiscal year: what is reported, from when, by when, until when.

    It belongs to the year and not to a revision, so that a new revision in mid-year
    leaves the results of its rounds where they are.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="rounds", verbose_name=_("ตัวชี้วัด"))
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"))
    number = models.PositiveSmallIntegerField(_("รอบที่"))
    name = models.CharField(_("ชื่อรอบ"), max_length=120, blank=True)
    frequency = models.CharField(
        _("ความถี่"),
        max_length=15,
        blank=True,
        choices=_choices(FREQUENCY_LABELS),
        help_text=_("ว่างไว้เมื่อเป็นรอบของตัวเอง"),
    )
    start = models.DateField(_("เริ่ม"))
    end = models.DateField(_("สิ้นสุด"))
    opens = models.DateField(_("เปิดให้บันทึก"))
    due = models.DateField(_("กำหนดส่ง"))
    locks = models.DateField(_("ปิดรับผลงาน"), help_text=_("วันสุดท้ายที่หน่วยงานบันทึกหรือส่งได้โดยไม่ต้องขอขยายเวลา"))

    class Meta:
        verbose_name = _("รอบประเมิน")
        verbose_name_plural = _("รอบประเมิน")
        ordering = ["indicator", "fiscal_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "fiscal_year", "number"], name="round_number_once"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start"), due__gte=models.F("end")), name="round_days_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(opens__lte=models.F("due"), locks__gte=models.F("due")), name="round_open_until_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.label}"

    @property
    def label(self) -> str:
        """ "มีนาคม 2560", "ไตรมาส 2 ปีงบประมาณ 2560", "ณ 31 มี.ค. 2560" for a round of its own."""
        if self.name:
            return self.name
        frequency = Frequency(self.frequency) if self.frequency else None
        return period_label(Period(self.fiscal_year, self.number, self.start, self.end, frequency))


class Responsibility(models.Model):
    """Which unit enters an indicator's results, for which measured unit, from when to when."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="responsibilities", verbose_name=_("ตัวชี้วัด"))
    measured_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="measured_by", verbose_name=_("หน่วยที่วัดผล"))
    responsible_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="responsibilities", verbose_name=_("หน่วยงานผู้รับผิดชอบ")
    )
    position = models.PositiveSmallIntegerField(_("ลำดับ"), default=0)
    start = models.DateField(_("ตั้งแต่วันที่"), null=True, blank=True)
    end = models.DateField(_("ถึงวันที่"), null=True, blank=True)

    class Meta:
        verbose_name = _("ผู้รับผิดชอบ")
        verbose_name_plural = _("ผู้รับผิดชอบ")
        ordering = ["indicator", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "measured_unit", "responsible_unit", "start"], name="responsibility_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} → {self.responsible_unit.label}"
