"""What the plan's table, the template and the summary print of one indicator in words: how often, for which standard,
by whom, under which name; and rounds whose days contradict their names."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from ..findings import Finding, RoundDays, Severity
from ..numbers import from_thai_digits
from .reading import Reading

MONTHS_OF_YEAR, MONTHS_OF_QUARTER = 12, 3
_MONTH_NAMES = "ม.ค|ก.พ|มี.ค|เม.ย|พ.ค|มิ.ย|ก.ค|ส.ค|ก.ย|ต.ค|พ.ย|ธ.ค".replace(".", r"\.")
_DAY = re.compile(rf"\d{{1,2}}(?:[ก-๙]+(?:คม|ยน|พันธ์)|{_MONTH_NAMES})")
_ROUND_MONTHS = re.compile(r"(\d{1,2})\s*เดือน")
_PHONE = re.compile(r"โทร\.?|ต่อ|[\d\s,\-./()]+")
# What a printed frequency says, first match first; the number of rounds, or how to work it out.
_WORDED = (
    (re.compile(r"(?:ปีละ|รายงานปีละ)(\d+)ครั้ง|(\d+)ครั้ง(?:ต่อ|/)ปี"), None),
    (re.compile(r"เดือนละ1ครั้ง|รายเดือน|ทุกเดือน|(?:ราย|ทุก)1เดือน"), 12),
    (re.compile(r"ไตรมาส|(?:ราย|ทุก)3เดือน"), 4),
    (re.compile(r"(?:ราย|ทุก)6เดือน|ราย6ด"), 2),
    (re.compile(r"รายปี|ทุกปี|(?:ราย|ทุก)12เดือน"), 1),
)


def text_findings(reading: Reading) -> Iterator[Finding]:
    """All that the printed words contradict."""
    yield from frequencies(reading)
    yield from round_lengths(reading)
    yield from _two_texts(reading, "ha_standard", "ha_mismatch")
    yield from _two_texts(reading, "care_levels", "care_level_mismatch")
    yield from owners(reading)
    yield from names(reading)


# How often


def times_a_year(text: str) -> int | None:
    """How many rounds a printed frequency means; None where it says nothing, or several things."""
    plain = re.sub(r"\s+", "", from_thai_digits(text))
    days = len(_DAY.findall(plain))
    if days > 1:
        return days
    found = set()
    for pattern, times in _WORDED:
        for match in pattern.finditer(plain):
            found.add(times if times is not None else int(next(filter(None, match.groups()))))
    return found.pop() if len(found) == 1 else None


def frequencies(reading: Reading) -> Iterator[Finding]:
    """The plan's table, the template, the summary and the rounds in use beside one another."""
    sheet = reading.sheet
    if "frequency" in sheet.inherited:
        return
    printed = (
        (_("ตารางแผน"), sheet.frequency_table),
        (_("Template"), sheet.frequency_template),
        (_("บทสรุป"), sheet.frequency_summary),
    )
    known = [(where, text.strip(), times) for where, text in printed if (times := times_a_year(text))]
    counts = {times for _where, _text, times in known}
    if sheet.own_rounds:
        counts.add(sheet.own_rounds)
    if len(counts) < 2 or not known:
        return
    parts = [
        _("%(where)s พิมพ์ %(text)s (%(times)d ครั้งต่อปี)") % {"where": where, "text": text, "times": times}
        for where, text, times in known
    ]
    if sheet.own_rounds:
        parts.append(_("รอบที่กำหนดไว้มี %(count)d รอบต่อปี") % {"count": sheet.own_rounds})
    message = _("ความถี่รายงานไม่ตรงกัน: %(list)s") % {"list": ", ".join(parts)}
    proposal = _("ตกลงความถี่เดียว แล้วแก้ทุกแห่งให้ตรงกัน ระหว่างนี้ถือตามตารางแผน")
    if sheet.own_rounds:
        proposal = _("ตกลงความถี่เดียว แล้วแก้ทุกแห่งให้ตรงกัน ระหว่างนี้ใช้รอบที่กำหนดไว้ %(count)d รอบต่อปี")
        proposal %= {"count": sheet.own_rounds}
    yield reading.finding("frequency_mismatch", Severity.WARNING, "frequency", message, proposal)


def round_lengths(reading: Reading) -> Iterator[Finding]:
    """รอบ 9 เดือน from 1 October to 31 July is ten months."""
    for each in reading.sheet.rounds:
        named, months = _months_named(each.name), months_of(each)
        if named is None or months is None or months == named:
            continue
        facts = {"name": each.name.strip(), "start": _day(each.start), "end": _day(each.end), "months": months}
        message = _("%(name)s แต่วันที่ของรอบคือ %(start)s ถึง %(end)s ซึ่งเป็น %(months)d เดือน") % facts
        proposal = _("แก้ชื่อรอบให้เป็น %(months)d เดือน หรือแก้วันเริ่มและวันสิ้นสุดของรอบ") % facts
        if not _ROUND_MONTHS.search(from_thai_digits(each.name)):
            message += " " + _("ไม่ใช่ไตรมาสซึ่งมี 3 เดือน")
            proposal = _("เปลี่ยนชื่อรอบไม่ให้เรียกว่าไตรมาส หรือแก้วันเริ่มและวันสิ้นสุดให้เป็นไตรมาส")
        place = f"rounds.{each.number}"
        yield reading.finding("frequency_mismatch", Severity.WARNING, place, message, proposal)


def _months_named(name: str) -> int | None:
    """How long a round's name says it is."""
    match = _ROUND_MONTHS.search(from_thai_digits(name))
    if match:
        return int(match[1])
    return MONTHS_OF_QUARTER if "ไตรมาส" in name else None


def months_of(days: RoundDays) -> int | None:
    """How many months a round lasts; None where it is not whole months."""
    after = days.end + timedelta(days=1)
    if after.day != days.start.day:
        return None
    return (after.year - days.start.year) * MONTHS_OF_YEAR + after.month - days.start.month


def _day(day: object) -> str:
    year, month, date = str(day).split("-")
    return f"{int(date)}/{int(month)}/{int(year) + 543}"


# Standard, level of care


def _two_texts(reading: Reading, field: str, kind: str) -> Iterator[Finding]:
    """The same field in the plan's table and in the summary."""
    sheet = reading.sheet
    table, summary = getattr(sheet, field), getattr(sheet, f"{field}_summary")
    if field in sheet.inherited or not table or not summary:
        return
    parts = _care_levels if field == "care_levels" else _standards
    if parts(table) == parts(summary):
        return
    facts = {"table": table.strip(), "summary": summary.strip()}
    if field == "care_levels":
        message = _("ระดับ KPI ในตารางแผนพิมพ์ %(table)s แต่บทสรุปพิมพ์ %(summary)s") % facts
    else:
        message = _("มาตรฐาน HA ในตารางแผนพิมพ์ %(table)s แต่บทสรุปพิมพ์ %(summary)s") % facts
    proposal = _("ตกลงให้เป็นค่าเดียว แล้วแก้ตารางแผนหรือบทสรุปให้ตรงกัน")
    # The summary lists by groups of levels, so one level of a group is no contradiction.
    severity = Severity.WARNING
    if parts(table) < parts(summary):
        severity = Severity.NOTE
        proposal = _("บทสรุปจัดเป็นกลุ่มกว้างกว่า คงไว้ได้ หรือแก้ตารางแผนหรือบทสรุปให้ตรงกัน")
    yield reading.finding(kind, severity, field, message, proposal)


def _standards(text: str) -> frozenset[str]:
    return frozenset(part.upper() for part in re.split(r"[\s,/]+", from_thai_digits(text)) if part)


def _care_levels(text: str) -> frozenset[str]:
    """1o, 2o, 3o, Exc; ทุกระดับ is all of them."""
    if "ทุกระดับ" in text:
        return frozenset(("1o", "2o", "3o", "exc"))
    return frozenset(part.lower() for part in re.split(r"[\s,/]+", text) if part)


# By whom, and under which name


def owners(reading: Reading) -> Iterator[Finding]:
    """The unit that the plan's table makes responsible beside the one that the template names."""
    sheet = reading.sheet
    if "owner" in sheet.inherited or not sheet.owner_template.strip():
        return
    facts = {"table": sheet.owner.strip(), "own": " / ".join(sheet.owner_template.split("\n"))}
    if not _PHONE.sub("", sheet.owner_template).strip():
        message = _("ผู้รับผิดชอบหลักใน Template พิมพ์เพียงหมายเลขโทรศัพท์ (%(own)s) ไม่มีชื่อหน่วยงาน ตารางแผนพิมพ์ %(table)s") % facts
        proposal = _("พิมพ์ชื่อหน่วยงาน %(table)s หน้าหมายเลขโทรศัพท์") % facts
        yield reading.finding("owner_mismatch", Severity.WARNING, "owner", message, proposal)
        return
    table, own = sheet.owner_units, sheet.owner_template_units
    if not table or not own or set(table) == set(own):
        return
    message = _("ผู้รับผิดชอบหลักในตารางแผนคือ %(table)s แต่ใน Template คือ %(own)s") % facts
    severity = Severity.NOTE if set(table) & set(own) else Severity.WARNING
    proposal = _("ตกลงให้เป็นหน่วยงานเดียวกัน แล้วแก้ตารางแผนหรือ Template")
    yield reading.finding("owner_mismatch", severity, "owner", message, proposal)


def names(reading: Reading) -> Iterator[Finding]:
    """The indicator's name in the plan's table beside the template's."""
    name, own = reading.template.name, reading.sheet.name_template
    left, right = _letters(name), _letters(own)
    # A word more at the beginning is no other name: ผู้ป่วย KESI 1 and KESI 1.
    if own and left not in right and right not in left:
        message = _("ชื่อในตารางแผนคือ “%(name)s” แต่ชื่อใน Template คือ “%(own)s”") % {"name": name, "own": own}
        yield reading.finding("name_mismatch", Severity.NOTE, "name", message, _("ใช้ชื่อเดียวกันทั้งสองแห่ง"))


def _letters(text: str) -> str:
    return re.sub(r"[^0-9A-Za-zก-๙]+", "", from_thai_digits(text)).casefold()
