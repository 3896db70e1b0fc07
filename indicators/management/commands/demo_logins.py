"""Print the log-ins of the demo, where there are any: `python manage.py demo_logins`."""

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from indicators.demo.people import NAMED, OF_OTHER_PLANS, PASSWORD, demo_users
from strategy import clock
from strategy.access import in_force
from strategy.models import Membership, User

ORDER = {person.username: number for number, person in enumerate((*NAMED, *OF_OTHER_PLANS))}


class Command(BaseCommand):
    help = "Print who may log in to the demo; nothing where there are no demo users."

    def handle(self, *args: Any, **options: Any) -> None:
        today = Membership.objects.filter(in_force(clock.today())).select_related("unit")
        users = sorted(demo_users().prefetch_related(Prefetch("memberships", today)), key=_place)
        if not users:
            return
        self.stdout.write(_("ผู้ใช้สาธิต รหัสผ่านของทุกคนคือ %(password)s") % {"password": PASSWORD})
        rows = [(_("ชื่อผู้ใช้"), _("บทบาท"), _("หน่วยงาน")), *(_row(user) for user in users)]
        widths = [max(_width(row[column]) for row in rows) for column in range(2)]
        for row in rows:
            padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  " + "  ".join([*padded, row[2]]))


def _place(user: User) -> tuple[int, str]:
    return ORDER.get(user.username, len(ORDER)), user.username


def _row(user: User) -> tuple[str, str, str]:
    memberships = list(user.memberships.all())
    roles = ", ".join(dict.fromkeys(str(m.get_role_display()) for m in memberships))
    units = ", ".join(dict.fromkeys(m.unit.label for m in memberships))
    return user.username, roles or _("ไม่มีบทบาท"), units or "-"


def _width(text: str) -> int:
    """Columns on a terminal: Thai vowels and tone marks above and below take none."""
    return sum(unicodedata.category(character) != "Mn" for character in text)
