"""Write a plan back out: `python manage.py export_plan KKH2560 --format json`."""

import json
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from indicators.plans.export import export_plan
from strategy.models import Plan


class Command(BaseCommand):
    help = "Write the whole plan to standard output, as load_plan reads it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the plan's code, such as KKH2560")
        parser.add_argument("--format", choices=["json", "yaml"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan.objects.select_related("unit", "strategy_unit").filter(code=options["code"]).first()
        if plan is None:
            known = ", ".join(Plan.objects.values_list("code", flat=True)) or "-"
            raise CommandError(_("ไม่มีแผนรหัส %(code)s (ที่มี: %(known)s)") % {"code": options["code"], "known": known})
        data = export_plan(plan)
        if options["format"] == "json":
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000))
