"""People, organisational units and plans (DESIGN.md section 2)."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who logs in. What they may do comes from their memberships (access.py)."""

    title = models.CharField(_("ตำแหน่ง"), max_length=150, blank=True)
    telephone = models.CharField(_("โทรศัพท์"), max_length=80, blank=True)
    must_change_password = models.BooleanField(
        _("ต้องตั้งรหัสผ่านใหม่"), default=False, help_text=_("รหัสผ่านที่ผู้ดูแลระบบตั้งให้ใช้ได้ครั้งเดียว")
    )

    class Meta:
        verbose_name = _("ผู้ใช้")
        verbose_name_plural = _("ผู้ใช้")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class OrgUnit(models.Model):
    """A node of the tree region, province, hospital, mission group, department."""

    class Kind(models.TextChoices):
        REGION = "region", _("เขตสุขภาพ")
        PROVINCE = "province", _("จังหวัด")
        HOSPITAL = "hospital", _("โรงพยาบาล")
        MISSION_GROUP = "mission_group", _("กลุ่มภารกิจ")
        DEPARTMENT = "department", _("กลุ่มงาน/งาน")
        COMMITTEE = "committee", _("คณะกรรมการ")
        NETWORK = "network", _("เครือข่าย")
        FACILITY = "facility", _("หน่วยบริการ")
        GROUP = "group", _("กลุ่มหน่วยงาน")

    code = models.SlugField(_("รหัส"), max_length=40, unique=True)
    name = models.CharField(_("ชื่อหน่วยงาน"), max_length=255)
    short_name = models.CharField(_("ชื่อย่อ"), max_length=120, blank=True)
    kind = models.CharField(_("ประเภท"), max_length=20, choices=Kind.choices, default=Kind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("สังกัด")
    )
    ministry_code = models.CharField(_("รหัสหน่วยบริการ 5 หลัก"), max_length=5, blank=True)
    telephone = models.CharField(_("โทรศัพท์"), max_length=120, blank=True)
    aliases = models.JSONField(
        _("ชื่ออื่นที่ใช้ในแผน"),
        default=list,
        blank=True,
        help_text=_("คำที่ตารางของแผนใช้เรียกหน่วยงานนี้"),
    )
    note = models.TextField(_("หมายเหตุ"), blank=True)
    is_active = models.BooleanField(_("ใช้งาน"), default=True)

    class Meta:
        verbose_name = _("หน่วยงาน")
        verbose_name_plural = _("หน่วยงาน")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one, as the plan's table has it."""
        return self.short_name or self.name


class Membership(models.Model):
    """One role of one person in one unit, and so in all units below it."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("ผู้บันทึกผลงาน")
        HEAD = "head", _("หัวหน้าหน่วยงาน")
        REVIEWER = "reviewer", _("ผู้ตรวจสอบ (กลุ่มงานยุทธศาสตร์)")
        EXECUTIVE = "executive", _("ผู้บริหาร")
        ADMINISTRATOR = "administrator", _("ผู้ดูแลระบบ")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("ผู้ใช้"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="memberships", verbose_name=_("หน่วยงาน"))
    role = models.CharField(_("บทบาท"), max_length=20, choices=Role.choices)
    start = models.DateField(_("ตั้งแต่วันที่"), null=True, blank=True)
    end = models.DateField(_("ถึงวันที่"), null=True, blank=True)
    deputy_of = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("รักษาการแทน")
    )
    note = models.CharField(_("หมายเหตุ"), max_length=500, blank=True, help_text=_("เช่น เหตุผลของการมอบหมายหรือส่งมอบงาน"))

    class Meta:
        verbose_name = _("บทบาทในหน่วยงาน")
        verbose_name_plural = _("บทบาทในหน่วยงาน")
        ordering = ["unit__code", "role"]
        constraints = [
            # The same role may come again later: as a deputy twice a year, or back from another ward.
            models.UniqueConstraint(fields=["user", "unit", "role", "start"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=models.Q(start__isnull=True),
                name="membership_without_start_once",
            ),
            models.CheckConstraint(
                condition=models.Q(start__isnull=True)
                | models.Q(end__isnull=True)
                | models.Q(end__gte=models.F("start")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit.label}"


class Plan(models.Model):
    """A strategic plan of one hospital or office over several fiscal years (Buddhist era).

    Its calendar: on which day of the following month results are due, from when they may be entered,
    how many days after the due day they are locked, and when people are reminded.
    """

    class Opening(models.TextChoices):
        START = "start", _("ตั้งแต่วันแรกของงวด")
        END = "end", _("เมื่อสิ้นงวดแล้ว")

    code = models.SlugField(_("รหัสแผน"), max_length=40, unique=True)
    name = models.CharField(_("ชื่อแผน"), max_length=255)
    edition = models.CharField(_("ฉบับ"), max_length=255, blank=True)
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="plans", verbose_name=_("โรงพยาบาล/หน่วยงานเจ้าของแผน")
    )
    strategy_unit = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_plans",
        verbose_name=_("หน่วยงานที่ตรวจสอบผลงาน"),
    )
    first_year = models.PositiveSmallIntegerField(_("ปีงบประมาณแรก"))
    last_year = models.PositiveSmallIntegerField(_("ปีงบประมาณสุดท้าย"))
    vision = models.TextField(_("วิสัยทัศน์"), blank=True)
    missions = models.JSONField(_("พันธกิจ"), default=list, blank=True)
    grades = models.JSONField(
        _("เกรดของแผน"), default=list, blank=True, help_text=_("รายการเกรดและช่วงร้อยละตามที่พิมพ์ในแผน")
    )
    announced = models.JSONField(
        _("จำนวนที่แผนประกาศ"),
        default=list,
        blank=True,
        help_text=_("เช่น รายเดือน (18 ตัวชี้วัด) เป็นรายการของ text, count และ of"),
    )
    is_active = models.BooleanField(_("ใช้งาน"), default=True)
    opening = models.CharField(_("เปิดให้บันทึก"), max_length=10, choices=Opening.choices, default=Opening.START)
    due_day = models.PositiveSmallIntegerField(
        _("กำหนดส่งทุกวันที่"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("ของเดือนถัดจากงวด ตรงวันหยุดให้เลื่อนไปวันทำการถัดไป"),
    )
    lock_days = models.PositiveSmallIntegerField(
        _("ปิดรับหลังกำหนดส่ง (วัน)"),
        null=True,
        blank=True,
        help_text=_("ว่างไว้: รับผลงานล่าช้าได้จนถึง 31 ตุลาคมหลังสิ้นปีงบประมาณ"),
    )
    remind_before = models.PositiveSmallIntegerField(_("เตือนก่อนกำหนดส่ง (วัน)"), default=3)
    remind_every = models.PositiveSmallIntegerField(
        _("เตือนซ้ำหลังเลยกำหนดทุก (วัน)"), default=7, validators=[MinValueValidator(1)]
    )
    escalate_after = models.PositiveSmallIntegerField(_("แจ้งหัวหน้ากลุ่มหลังเลยกำหนด (วัน)"), default=7)

    class Meta:
        verbose_name = _("แผนยุทธศาสตร์")
        verbose_name_plural = _("แผนยุทธศาสตร์")
        ordering = ["-first_year", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="plan_years_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(due_day__gte=1, due_day__lte=28), name="plan_due_day_in_every_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> list[int]:
        """The fiscal years of the plan, Buddhist era, first to last."""
        return list(range(self.first_year, self.last_year + 1))


class StrategicIssue(models.Model):
    """A numbered strategic issue with its code (PPE, SE, PE, GE) and theme."""

    class Theme(models.TextChoices):
        QUALITY = "quality", _("คุณภาพ")
        VIRTUE = "virtue", _("คุณธรรม")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="issues", verbose_name=_("แผน"))
    number = models.PositiveSmallIntegerField(_("ลำดับ"))
    code = models.CharField(_("รหัส"), max_length=20)
    name = models.CharField(_("ชื่อประเด็นยุทธศาสตร์"), max_length=255)
    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=255, blank=True)
    theme = models.CharField(_("ด้าน"), max_length=20, choices=Theme.choices, blank=True)
    focus = models.TextField(_("จุดเน้นการพัฒนา"), blank=True)

    class Meta:
        verbose_name = _("ประเด็นยุทธศาสตร์")
        verbose_name_plural = _("ประเด็นยุทธศาสตร์")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="issue_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Goal(models.Model):
    """An optional level between strategic issue and KPI (เป้าประสงค์)."""

    issue = models.ForeignKey(StrategicIssue, models.CASCADE, related_name="goals", verbose_name=_("ประเด็นยุทธศาสตร์"))
    number = models.PositiveSmallIntegerField(_("ลำดับ"))
    name = models.CharField(_("เป้าประสงค์"), max_length=255)

    class Meta:
        verbose_name = _("เป้าประสงค์")
        verbose_name_plural = _("เป้าประสงค์")
        ordering = ["issue", "number"]
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="goal_number_once")]

    def __str__(self) -> str:
        return self.name
