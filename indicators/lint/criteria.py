"""The criteria of a template as a table: as printed, as in use, and as they would be with a correction."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.lint import Fix, Sheet
from scoring.template import Printed


@dataclass(frozen=True)
class Criterion:
    """One line: a level (or a word), its printed text, what is used instead and why, what is proposed."""

    label: str
    printed: str
    level: int | None = None
    correction: str = ""
    reason: str = ""
    proposed: str = ""


def criteria_of(sheet: Sheet, fix: Fix | None) -> tuple[Criterion, ...]:
    """Bands by falling level, then pass and fail criteria, targets and baselines; what is empty is left out."""
    return tuple(_criteria(sheet, fix))


def _criteria(sheet: Sheet, fix: Fix | None) -> Iterator[Criterion]:
    template = sheet.template
    bands = dict(template.bands)
    if bands:
        for level in (5, 4, 3, 2, 1, 0):
            yield _line(_("ระดับ %(level)d") % {"level": level}, bands.get(level), f"bands.{level}", fix, level)
    for label, printed, place in (
        (_("เกณฑ์ผ่าน"), template.pass_criterion, "pass"),
        (_("เกณฑ์ไม่ผ่าน"), template.fail_criterion, "fail"),
    ):
        if printed is not None or (fix and fix.place == place):
            yield _line(label, printed, place, fix)
    yield from _printed_texts(sheet)


def _line(label: str, printed: Printed | None, place: str, fix: Fix | None, level: int | None = None) -> Criterion:
    proposed = fix.text if fix and fix.place == place else ""
    if printed is None:
        return Criterion(label, "", level, proposed=proposed)
    return Criterion(label, printed.printed, level, printed.correction or "", printed.reason or "", proposed)


def _printed_texts(sheet: Sheet) -> Iterator[Criterion]:
    texts = [
        (_("เป้าหมายตามตารางแผน"), sheet.plan_target),
        (_("เป้าหมายตาม Template"), sheet.template_target),
        *((_("ฐานข้อมูล"), row.text) for row in sheet.baselines),
        (_("สูตรตามที่พิมพ์"), sheet.template.formula_printed),
        (_("สูตรที่ใช้คำนวณ"), sheet.template.formula),
    ]
    yield from (Criterion(label, text) for label, text in texts if text)


def place_word(fix: Fix) -> str:
    """The place of a correction in words: ระดับ 4, เกณฑ์ผ่าน."""
    words = {"pass": _("เกณฑ์ผ่าน"), "fail": _("เกณฑ์ไม่ผ่าน")}
    return words.get(fix.place) or _("ระดับ %(level)s") % {"level": fix.place.removeprefix("bands.")}
