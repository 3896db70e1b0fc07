"""How the review list stands, in one sentence."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from indicators.closing.gaps import Ground
from strategy import clock
from strategy.periods import thai_date


def summary_of_filter(counts: dict[str, Any]) -> str:
    """Of a filter only what it finds."""
    return (
        _("ตามตัวกรองนี้: รอตรวจสอบ %(waiting)d ส่งกลับแล้ว %(returned)d อนุมัติแล้ว %(approved)d ยังไม่ส่ง %(missing)d รายการ")
        % counts
    )


def summary_of(counts: dict[str, Any], ground: Ground) -> str:
    """What waits, and what is late; where nothing is, whether all has come."""
    if not counts["waiting"]:
        return _without_waiting(counts, ground)
    facts = {**counts, "oldest": _day(counts["oldest"])}
    if counts["missing"]:
        return _("รอตรวจสอบ %(waiting)d รายการ เก่าที่สุดส่งเมื่อ %(oldest)s ยังไม่ส่งอีก %(missing)d รอบที่เลยกำหนดแล้ว") % facts
    sentence = ground.of(
        _("รอตรวจสอบ %(waiting)d รายการ เก่าที่สุดส่งเมื่อ %(oldest)s ทุกรอบที่ถึงกำหนดส่งมาแล้ว"),
        _("รอตรวจสอบ %(waiting)d รายการ เก่าที่สุดส่งเมื่อ %(oldest)s งวดที่ยังเปิดอยู่ไม่มีรอบที่เลยกำหนดส่ง"),
        _("รอตรวจสอบ %(waiting)d รายการ เก่าที่สุดส่งเมื่อ %(oldest)s ยังไม่มีรอบที่ถึงกำหนดส่ง"),
    )
    return sentence % facts


def _without_waiting(counts: dict[str, Any], ground: Ground) -> str:
    if counts["missing"]:
        return _("ไม่มีผลงานรอตรวจสอบ แต่ยังไม่ส่งอีก %(missing)d รอบที่เลยกำหนดแล้ว") % counts
    return ground.of(
        _("ไม่มีผลงานรอตรวจสอบ และทุกรอบที่ถึงกำหนดส่งมาแล้ว"),
        _("ไม่มีผลงานรอตรวจสอบ และงวดที่ยังเปิดอยู่ไม่มีรอบที่เลยกำหนดส่ง"),
        _("ไม่มีผลงานรอตรวจสอบ และยังไม่มีรอบที่ถึงกำหนดส่ง"),
    )


def _day(moment: datetime) -> str:
    return thai_date(clock.day_of(moment))
