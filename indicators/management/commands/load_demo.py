"""Make the demo year of the plan KKH2560: `KPITRACK_TODAY=2017-04-15 python manage.py load_demo`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from indicators.demo.year import DemoRefused, load_demo
from indicators.refusals import NotAllowed


class Command(BaseCommand):
    help = "Make demo people and a demo year of results (fiscal year 2560); a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_demo()
        except (DemoRefused, NotAllowed) as error:  # the folder of the evidence cannot be written
            raise CommandError(str(error)) from None
        if not report.results:
            self.stdout.write(_("มีข้อมูลสาธิตอยู่แล้ว ไม่มีอะไรเปลี่ยนแปลง"))
            return
        facts = {"results": report.results, "people": report.people}
        self.stdout.write(_("สร้างข้อมูลสาธิตแล้ว: ผลงาน %(results)d รายการ ผู้ใช้ %(people)d คน") % facts)
