"""Let somebody in whose telephone and recovery codes are lost: `python manage.py remove_second_factor NAME`.

An administrator does this on a page; this is for the last administrator.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from strategy.accounts import second_factor
from strategy.models import User


class Command(BaseCommand):
    help = "Remove the second factor of a user who has lost it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("ไม่มีผู้ใช้ชื่อ %(name)s") % {"name": name})
        if not user.totpdevice_set.exists():
            raise CommandError(_("บัญชีนี้ไม่ได้เปิดการยืนยันตัวตนขั้นที่สอง"))
        second_factor.remove(user=user, by=user, reason="manage.py remove_second_factor")
        self.stdout.write(_("ลบการยืนยันตัวตนขั้นที่สองของ %(name)s แล้ว") % {"name": name})
