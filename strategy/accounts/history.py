"""What was done to a person's account and roles, when and by whom: lines of Django's own log.

The sentence is made when it is shown, in the reader's language; the admin's history page shows it in Thai.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from strategy import clock
from strategy.models import Membership, User
from strategy.periods import thai_date

LINES = {
    "added": gettext_lazy("เพิ่มผู้ใช้"),
    "edited": gettext_lazy("แก้ไขข้อมูล: %(fields)s"),
    "deactivated": gettext_lazy("ระงับบัญชี"),
    "activated": gettext_lazy("เปิดใช้บัญชีอีกครั้ง"),
    "role_given": gettext_lazy("ให้บทบาท %(role)s ที่ %(unit)s %(days)s"),
    "role_ended": gettext_lazy("สิ้นสุดบทบาท %(role)s ที่ %(unit)s %(days)s"),
    "role_cancelled": gettext_lazy("ยกเลิกบทบาท %(role)s ที่ %(unit)s %(days)s ก่อนเริ่ม"),
    "role_changed": gettext_lazy("แก้ไขบทบาทเป็น %(role)s ที่ %(unit)s %(days)s"),
    "role_deleted": gettext_lazy("ลบบทบาท %(role)s ที่ %(unit)s %(days)s"),
    "deputy_given": gettext_lazy("รักษาการแทน %(whom)s ที่ %(unit)s %(days)s"),
    "deputy_ended": gettext_lazy("สิ้นสุดการรักษาการแทน %(whom)s ที่ %(unit)s %(days)s"),
    "handed_over": gettext_lazy("ส่งมอบบทบาท %(role)s ที่ %(unit)s ให้ %(whom)s ตั้งแต่ %(day)s"),
    "taken_over": gettext_lazy("รับมอบบทบาท %(role)s ที่ %(unit)s จาก %(whom)s ตั้งแต่ %(day)s"),
    "password_set": gettext_lazy("ตั้งรหัสผ่านครั้งเดียวให้"),
    "password_changed": gettext_lazy("เปลี่ยนรหัสผ่านของตนเอง"),
    "link_made": gettext_lazy("สร้างลิงก์ตั้งรหัสผ่านใหม่"),
    "link_sent": gettext_lazy("ส่งลิงก์ตั้งรหัสผ่านใหม่ทางอีเมล"),
    "unlocked": gettext_lazy("ปลดการพักบัญชีจากการเข้าสู่ระบบผิดหลายครั้ง"),
    "factor_on": gettext_lazy("เปิดใช้การยืนยันตัวตนขั้นที่สอง"),
    "factor_off": gettext_lazy("เลิกใช้การยืนยันตัวตนขั้นที่สอง"),
    "factor_removed": gettext_lazy("ลบการยืนยันตัวตนขั้นที่สองที่สูญหาย"),
    "codes_made": gettext_lazy("สร้างรหัสสำรองชุดใหม่"),
}


@dataclass(frozen=True)
class Line:
    """One line of a person's history."""

    at: datetime
    by: User
    sentence: str
    reason: str


def record(*, user: User, by: User, line: str, reason: str = "", **facts: str) -> None:
    """Write one line; called in the transaction of what happened."""
    with translation.override("th"):
        shown = {"name": _("เหตุการณ์"), "object": sentence(line, facts)}
    message = [{"added": shown, "line": line, "facts": facts, "reason": reason}]
    LogEntry.objects.create(
        user=by, content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk),
        object_repr=str(user)[:200], action_flag=ADDITION if line == "added" else CHANGE,
        change_message=json.dumps(message, ensure_ascii=False), action_time=clock.now(),
    )  # fmt: skip


def facts_of(membership: Membership) -> dict[str, str]:
    """What a line says of a role."""
    facts = {"role": membership.role, "unit": membership.unit.label}
    facts |= {"start": _iso(membership.start), "end": _iso(membership.end)}
    return facts | ({"whom": str(membership.deputy_of)} if membership.deputy_of else {})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def sentence(line: str, facts: dict[str, str]) -> str:
    """The line's sentence in the language of the moment."""
    shown = {"days": days_text(_day(facts.get("start")), _day(facts.get("end"))), "whom": "", **facts}
    if "role" in facts:
        shown["role"] = str(Membership.Role(facts["role"]).label)
    if day := _day(facts.get("day")):
        shown["day"] = thai_date(day)
    return str(LINES[line]) % shown


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def days_text(start: date | None, end: date | None) -> str:
    """From when to when, in words; nothing where neither is said."""
    if start and end:
        return _("ตั้งแต่ %(start)s ถึง %(end)s") % {"start": thai_date(start), "end": thai_date(end)}
    if start:
        return _("ตั้งแต่ %(start)s") % {"start": thai_date(start)}
    return _("ถึง %(end)s") % {"end": thai_date(end)} if end else ""


def lines_of(user: User, limit: int = 30) -> list[Line]:
    """The latest lines about a person; one query."""
    rows = LogEntry.objects.filter(
        content_type__app_label="strategy", content_type__model="user", object_id=str(user.pk)
    )
    return list(_read(rows.select_related("user").order_by("-action_time", "-pk")[:limit]))


def _read(rows: Iterable[LogEntry]) -> Iterable[Line]:
    for row in rows:
        own = _own(row.change_message)
        if own:
            yield Line(row.action_time, row.user, sentence(own["line"], own["facts"]), own["reason"])
        else:  # written by the admin
            yield Line(row.action_time, row.user, row.get_change_message(), "")


def _own(message: str) -> dict | None:
    try:
        found = json.loads(message)[0]
    except (ValueError, IndexError, KeyError):
        return None
    return found if isinstance(found, dict) and found.get("line") in LINES else None
