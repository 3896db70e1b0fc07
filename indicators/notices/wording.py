"""What a notice says: a sentence made from its kind and its facts when it is read, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Notice
from strategy.models import Membership
from strategy.periods import MONTHS, DateError, Frequency, Period, parse_thai_date, period_label, thai_date, thai_month

Facts = Mapping[str, Any]
Kind = Notice.Kind
Words = str | Promise
NAMED = 8  # codes in a sentence
ROLES = {role.value: role.label for role in Membership.Role}

# A result or KPI: what happened, and the same where nobody is named.
HAPPENED: Mapping[str, tuple[Words, Words]] = {
    Kind.RETURNED: (gettext_lazy("%(by)s ส่งกลับให้แก้ไข: %(what)s"), gettext_lazy("ส่งกลับให้แก้ไข: %(what)s")),
    Kind.REOPENED: (gettext_lazy("%(by)s เปิดให้แก้ไขใหม่: %(what)s"), gettext_lazy("เปิดให้แก้ไขใหม่: %(what)s")),
    Kind.APPROVED: (gettext_lazy("%(by)s อนุมัติแล้ว: %(what)s"), gettext_lazy("อนุมัติแล้ว: %(what)s")),
    Kind.COMMENT: (gettext_lazy("%(by)s แสดงความเห็น: %(what)s"), gettext_lazy("ความเห็นใหม่: %(what)s")),
    Kind.EXTENDED: (
        gettext_lazy("%(by)s ขยายเวลาส่งถึง %(until)s: %(what)s"),
        gettext_lazy("ขยายเวลาส่งถึง %(until)s: %(what)s"),
    ),
    "cancelled": (
        gettext_lazy("%(by)s ยกเลิกตัวชี้วัดตั้งแต่ %(day)s: %(what)s"),
        gettext_lazy("ยกเลิกตัวชี้วัดตั้งแต่ %(day)s: %(what)s"),
    ),
    "lifted": (
        gettext_lazy("%(by)s นำตัวชี้วัดที่ยกเลิกกลับมา: %(what)s"),
        gettext_lazy("นำตัวชี้วัดที่ยกเลิกกลับมา: %(what)s"),
    ),
    "added": (gettext_lazy("%(by)s เพิ่มมาตรการแก้ไข: %(what)s"), gettext_lazy("มาตรการแก้ไขใหม่: %(what)s")),
    "progress": (
        gettext_lazy("%(by)s รายงานความก้าวหน้าของมาตรการแก้ไข: %(what)s"),
        gettext_lazy("ความก้าวหน้าของมาตรการแก้ไข: %(what)s"),
    ),
    "done": (
        gettext_lazy("%(by)s ดำเนินมาตรการแก้ไขเสร็จแล้ว ขอให้ปิด: %(what)s"),
        gettext_lazy("มาตรการแก้ไขเสร็จแล้ว ขอให้ปิด: %(what)s"),
    ),
    "close": (gettext_lazy("%(by)s ปิดมาตรการแก้ไข: %(what)s"), gettext_lazy("ปิดมาตรการแก้ไขแล้ว: %(what)s")),
    "reopen": (
        gettext_lazy("%(by)s เปิดมาตรการแก้ไขให้ดำเนินการต่อ: %(what)s"),
        gettext_lazy("เปิดมาตรการแก้ไขให้ดำเนินการต่อ: %(what)s"),
    ),
    "drop": (gettext_lazy("%(by)s ยกเลิกมาตรการแก้ไข: %(what)s"), gettext_lazy("ยกเลิกมาตรการแก้ไข: %(what)s")),
    Kind.RECOVERY: (gettext_lazy("%(by)s แก้มาตรการแก้ไข: %(what)s"), gettext_lazy("มาตรการแก้ไข: %(what)s")),
}
HANDED_OVER: Mapping[str, Words] = {
    "deputy": gettext_lazy("%(to)s รักษาการแทน %(from)s ที่ %(unit)s ตั้งแต่ %(start)s ถึง %(end)s"),
    "deputy_ended": gettext_lazy("%(to)s รักษาการแทน %(from)s ที่ %(unit)s ถึง %(end)s"),
    "handed_over": gettext_lazy("%(from)s ส่งมอบบทบาท %(role)s ของ %(unit)s ให้ %(to)s ตั้งแต่ %(start)s"),
}


def sentence_of(notice: Notice) -> str:
    """The sentence of a notice; a kind that is not known says its name."""
    if notice.kind in SENTENCES:
        return SENTENCES[notice.kind](notice.facts)
    return _happened(notice.kind, notice.facts) if notice.kind in HAPPENED else notice.get_kind_display()


def detail_of(notice: Notice) -> str:
    """The reason or the words that somebody wrote; empty where there are none."""
    return str(notice.facts.get("reason") or notice.facts.get("text") or "")


def _happened(key: str, facts: Facts) -> str:
    named, nameless = HAPPENED[key]
    known = {
        "what": _what(facts),
        "by": facts.get("by", ""),
        **{name: _day(facts.get(name)) for name in ("until", "day")},
    }
    return str(named if known["by"] else nameless) % known


def _what(facts: Facts) -> str:
    """Which result: "7(1) ระยะเวลารอคอย (มีนาคม 2560, รพ.บ้านไผ่)", as much of it as is known; of many their codes."""
    codes = facts.get("codes")
    if codes:
        return _many(codes)
    name = " ".join(str(facts[part]) for part in ("code", "name") if facts.get(part))
    beside = ", ".join(filter(None, [_named(facts.get("period")), str(facts.get("unit") or "")]))
    return f"{name} ({beside})" if beside else name


def _many(codes: list[str]) -> str:
    each = list(dict.fromkeys(codes))
    numbers = {"count": len(codes), "codes": ", ".join(each[:NAMED]), "more": len(each) - NAMED}
    if numbers["more"] > 0:
        return _("%(count)s รายการ: %(codes)s และอีก %(more)s") % numbers
    return _("%(count)s รายการ: %(codes)s") % numbers


def _day(text: str | None) -> str:
    """A day in the reader's language: from an ISO day or, in older notices, a Thai one; else as it stands there."""
    try:
        return thai_date(parse_thai_date(text)) if text else ""
    except DateError:
        return str(text)


def _named(period: Any) -> str:
    """A round in the reader's language; a name of its own as it stands there."""
    if not isinstance(period, Mapping):
        return _kept(str(period or ""))
    start, end = (date.fromisoformat(period[name]) for name in ("start", "end"))
    frequency = Frequency(period["frequency"]) if period["frequency"] else None
    return period_label(Period(period["year"], period["number"], start, end, frequency))


def _kept(label: str) -> str:
    """What older notices have ready: a month of it in the reader's language, all else as it stands there."""
    month, space, year = label.partition(" ")
    return f"{_(month)}{space}{year}" if month in MONTHS else label


def _month(facts: Facts) -> str:
    """The month to which a period was closed; older notices have its name ready."""
    if "until" in facts:
        return thai_month(date.fromisoformat(facts["until"]))
    return _kept(str(facts.get("period", "")))


def _cancelled(facts: Facts) -> str:
    return _happened("lifted" if facts.get("lifted") else "cancelled", facts)


def _recovery(facts: Facts) -> str:
    step = str(facts.get("step", ""))
    return _happened(step if step in HAPPENED else Kind.RECOVERY, facts)


def _period(facts: Facts) -> str:
    known = {"period": _month(facts), **{name: facts.get(name, "") for name in ("plan", "missing")}}
    if facts.get("change") == "reopened":
        return _("เปิดงวดสะสมถึง %(period)s ให้แก้ไขใหม่: %(plan)s") % known
    if known["missing"]:
        return _("ปิดงวดสะสมถึง %(period)s แล้ว ผลงานของหน่วยงานท่านขาด %(missing)s รายการ: %(plan)s") % known
    return _("ปิดงวดสะสมถึง %(period)s แล้ว: %(plan)s") % known


def _handed_over(facts: Facts) -> str:
    event = str(facts.get("event", ""))
    if event not in HANDED_OVER:
        return str(Kind.HANDED_OVER.label)
    known = {name: facts.get(name, "") for name in ("from", "to", "unit")}
    days = {name: _day(facts.get(name)) or "–" for name in ("start", "end")}
    return str(HANDED_OVER[event]) % {**known, **days, "role": ROLES.get(facts.get("role", ""), "")}


def _due(facts: Facts) -> str:
    return _("ใกล้ถึงกำหนดส่ง %(coming)s รายการ รายการแรกภายใน %(day)s") % _numbers(facts)


def _overdue(facts: Facts) -> str:
    numbers = _numbers(facts)
    if numbers["coming"]:
        return _("เลยกำหนดส่ง %(count)s รายการ นานที่สุด %(days)s วัน และใกล้ถึงกำหนดอีก %(coming)s รายการ") % numbers
    return _("เลยกำหนดส่ง %(count)s รายการ นานที่สุด %(days)s วัน") % numbers


def _escalated(facts: Facts) -> str:
    if facts.get("is_shared"):  # else fewer results than units are a riddle
        shared = _("%(units)s หน่วยงานยังไม่ส่งผลงานที่เลยกำหนด %(count)s รายการ บางรายการหลายหน่วยงานรับผิดชอบร่วมกัน")
        return shared % _numbers(facts)
    return _("%(units)s หน่วยงานยังไม่ส่งผลงานที่เลยกำหนด %(count)s รายการ") % _numbers(facts)


def _numbers(facts: Facts) -> dict[str, Any]:
    counts = {name: facts.get(name, 0) for name in ("count", "coming", "days", "units")}
    return {**counts, "day": _day(facts.get("day"))}


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    Kind.CANCELLED: _cancelled,
    Kind.RECOVERY: _recovery,
    Kind.PERIOD: _period,
    Kind.HANDED_OVER: _handed_over,
    Kind.DUE: _due,
    Kind.OVERDUE: _overdue,
    Kind.ESCALATED: _escalated,
}
