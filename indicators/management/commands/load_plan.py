"""Load a plan from one file: `python manage.py load_plan fixtures/kkh2560.yaml`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from indicators.models import IndicatorVersion
from indicators.plans.file import PlanFileError, read_plan_file
from indicators.plans.load import LoadReport, load_plan
from indicators.plans.statistics import count_tables
from strategy.models import Plan


class Command(BaseCommand):
    help = "Load a plan (YAML or JSON) into the database: idempotent, checked first, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the plan file, .yaml or .json")
        parser.add_argument(
            "--if-new", action="store_true", help="leave a plan as it is that is in the database already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = read_plan_file(options["file"])
        except PlanFileError as error:
            raise CommandError(self._refusal(options["file"], error)) from None
        present = Plan.objects.filter(code=data["plan"]["code"]).first() if options["if_new"] else None
        report = self._as_it_is(present) if present else load_plan(data)
        count_tables()
        self.stdout.write(
            _("แผน %(code)s: สร้าง %(created)d แก้ไข %(changed)d ออกฉบับใหม่ %(revised)d คงเดิม %(same)d รายการ")
            % {
                "code": report.plan.code,
                "created": report.created,
                "changed": report.changed,
                "revised": report.new_revisions,
                "same": report.unchanged,
            }
        )
        if report.moved_rounds:
            self.stdout.write(_("เลื่อนวันของรอบประเมินตามปฏิทินของแผน %(count)d รอบ") % {"count": report.moved_rounds})
        if report.kept:
            codes = ", ".join(report.kept)
            self.stderr.write(_("ไม่อยู่ในไฟล์แล้วแต่มีผลงานหรือการตัดสินใจอ้างถึงจึงเก็บไว้: %(codes)s") % {"codes": codes})
        if report.kept_rounds:
            codes = ", ".join(report.kept_rounds)
            self.stderr.write(_("มีผลงานหรือการตัดสินใจอ้างถึงแล้วจึงคงรอบประเมินเดิมของปีไว้: %(codes)s") % {"codes": codes})

    def _as_it_is(self, plan: Plan) -> LoadReport:
        """A hospital's own corrections of its templates outlive the file they began with."""
        kept = IndicatorVersion.objects.filter(indicator__plan=plan, is_active=True)
        return LoadReport(plan, unchanged=kept.count())

    def _refusal(self, name: str, error: PlanFileError) -> str:
        head = _("ไม่ได้โหลดแผนจาก %(file)s เพราะพบข้อผิดพลาด %(count)d แห่ง ฐานข้อมูลไม่เปลี่ยนแปลง") % {
            "file": name,
            "count": len(error.errors),
        }
        return "\n".join([head, *(f"  {one}" for one in error.errors)])
