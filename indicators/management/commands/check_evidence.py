"""manage.py check_evidence: whether every file of evidence is there as it was stored, and none is left behind."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from indicators.evidence.store import damaged, orphans, sweep


class Command(BaseCommand):
    """Exit status 1 where a file is missing or has changed. `--sweep` deletes files that no result knows."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("ตรวจไฟล์หลักฐานว่าครบและไม่เปลี่ยน และลบไฟล์ที่ค้างจากการหยุดกะทันหัน (--sweep)")
        parser.add_argument("--sweep", action="store_true", help=_("ลบไฟล์ที่ไม่มีผลงานใดอ้างถึง"))

    def handle(self, *args: Any, **options: Any) -> None:
        names = sweep() if options["sweep"] else list(orphans())
        done = _("ลบแล้ว") if options["sweep"] else _("ไม่มีผลงานใดอ้างถึง")
        for name in names:
            self.stdout.write(f"{done}: {name}")
        wrong = list(damaged())
        for row, is_missing in wrong:
            what = _("ไม่พบไฟล์") if is_missing else _("เนื้อหาเปลี่ยนไป")
            self.stdout.write(f"{what}: {row.pk} {row.result.round} {row.name} {row.file.name}")
        if wrong:
            raise CommandError(_("ไฟล์หลักฐานมีปัญหา %(count)s ไฟล์") % {"count": len(wrong)})
        self.stdout.write(_("ไฟล์หลักฐานครบถ้วน"))
