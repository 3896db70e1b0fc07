"""manage.py reschedule_rounds: rounds follow the calendar again, after an upgrade or newly announced holidays."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from indicators.schedule.actions import reschedule_rounds
from strategy.models import Plan


class Command(BaseCommand):
    """What is past its due day, submitted or closed keeps its days; the second run changes nothing."""

    help = "Give the rounds of all plans the days of their calendars, with the public holidays that are known now."

    def handle(self, *args: Any, **options: Any) -> None:
        for plan in Plan.objects.order_by("code"):
            facts = {"code": plan.code, "count": reschedule_rounds(plan=plan)}
            self.stdout.write(_("แผน %(code)s: เลื่อนวันของรอบประเมินตามปฏิทิน %(count)d รอบ") % facts)
