"""manage.py send_reminders: today's digests of what is due and overdue, for cron; safe to run twice."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.notices.digests import Draft, drafts
from indicators.notices.mail import address_of, body_of
from indicators.notices.sending import Delivery, Outcome, deliver
from strategy.accounts.mail import is_configured


class Command(BaseCommand):
    """One digest a person and day. Exit status 1 where a mail failed; the next run tries it again."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("ส่งอีเมลสรุปงานใกล้ถึงกำหนดและเลยกำหนด วันละไม่เกินหนึ่งฉบับต่อคน สั่งซ้ำได้ (สำหรับ cron)")
        parser.add_argument("--dry-run", action="store_true", help=_("แสดงว่าใครจะได้รับอะไร โดยไม่ส่งและไม่บันทึกอะไร"))

    def handle(self, *args: Any, **options: Any) -> None:
        with override("th"):
            found = drafts()
            if options["dry_run"]:
                self._show(found, options["verbosity"])
            else:
                self._send(found)

    def _show(self, found: list[Draft], verbosity: int) -> None:
        """`-v 2` shows the mails too."""
        for draft in found:
            where = address_of(draft.user) or _("แจ้งในระบบอย่างเดียว")
            self.stdout.write(f"{draft.user.username} ({where}): {draft.subject}")
            if verbosity > 1:
                self.stdout.write(body_of(draft))
        self.stdout.write(_("ยังไม่ได้ส่ง: จะแจ้ง %(count)s คน") % {"count": len(found)})

    def _send(self, found: list[Draft]) -> None:
        deliveries = list(deliver(found))
        counts = Counter(delivery.outcome for delivery in deliveries)
        self.stdout.write(_("ส่งอีเมล %(count)s ฉบับ") % {"count": counts[Outcome.SENT]})
        if counts[Outcome.TOLD]:
            self.stdout.write(self._in_app(counts[Outcome.TOLD]))
        if counts[Outcome.LEFT]:
            self.stdout.write(_("อีกคำสั่งหนึ่งกำลังส่งหรือส่งแล้ว %(count)s คน") % {"count": counts[Outcome.LEFT]})
        failed = [delivery for delivery in deliveries if delivery.outcome is Outcome.FAILED]
        if failed:
            raise CommandError(_failed_text(failed))

    @staticmethod
    def _in_app(count: int) -> str:
        if is_configured():
            return _("แจ้งในระบบอย่างเดียว %(count)s คน เพราะไม่มีที่อยู่อีเมลที่ใช้ได้") % {"count": count}
        return _("แจ้งในระบบอย่างเดียว %(count)s คน เพราะยังไม่ได้ตั้งค่าอีเมล (KPITRACK_EMAIL_URL)") % {"count": count}


def _failed_text(failed: list[Delivery]) -> str:
    lines = [f"{delivery.user.username}: {delivery.error}" for delivery in failed]
    sentence = _("ส่งไม่สำเร็จ %(count)s ฉบับ จะส่งอีกครั้งเมื่อสั่งครั้งต่อไป") % {"count": len(failed)}
    return "\n".join([sentence, *lines])
