"""Parents, children and the same measure under two parents: what is counted twice, what nothing judges."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..findings import Finding, Severity, Sheet
from ..numbers import from_thai_digits
from ..template import Kind
from .reading import Reading
from .values import reads

SHOWN = 3  # codes named in one finding
LONG_NAME = 20  # letters, from which on an equal name is an equal measure: ผู้ป่วยนอก is not
_SPELT_OUT = re.compile(r"([A-Za-z]+(?:[ \-][A-Za-z]+)+)\s*\(([A-Z]{2,})\)")
_NO_LETTER = re.compile(r"[^0-9A-Za-zก-๙]+")


def measure_key(sheet: Sheet) -> object | None:
    """The name as a measure, wherever it stands: Primary Care Cluster (PCC) is PCC; None of a short name."""
    template = sheet.template
    if template.kind is Kind.HEADING:
        return None
    name = _SPELT_OUT.sub(_abbreviated, from_thai_digits(template.name))
    letters = _NO_LETTER.sub("", name).casefold()
    return (template.fiscal_year, letters) if len(letters) >= LONG_NAME else None


def _abbreviated(match: re.Match[str]) -> str:
    initials = "".join(word[0] for word in re.split(r"[ \-]", match[1])).upper()
    return match[2] if initials == match[2] else match[0]


def measured_twice(reading: Reading, same: list[Sheet]) -> Iterator[Finding]:
    """The same measure under another parent: one result counts in two totals."""
    sheet = reading.sheet
    before = []
    for other in same:
        if other is sheet:
            break
        if other.parent != sheet.parent and other.template.code != reading.template.code:
            before.append(other.template.code)
    if before:
        facts = {"name": reading.template.name, "codes": ", ".join(before[:SHOWN])}
        message = _("“%(name)s” วัดสิ่งเดียวกับตัวชี้วัด %(codes)s ผลงานเดียวจึงนับสองแห่ง") % facts
        proposal = _("ใช้ผลงานชุดเดียวกันทั้งสองแห่ง และให้เป้าหมายกับผู้รับผิดชอบตรงกับตัวชี้วัด %(codes)s") % facts
        yield reading.finding("duplicate", Severity.NOTE, "measure", message, proposal)


def unjudged_children(reading: Reading, children: list[Sheet]) -> Iterator[Finding]:
    """A share of children that pass, where nothing printed says when one passes."""
    if reading.template.kind is not Kind.PASS_SHARE:
        return
    measured = [child for child in children if child.template.kind is not Kind.HEADING]
    unjudged = [child.template.code for child in measured if not _is_judged(child)]
    if not unjudged:
        return
    codes = ", ".join(unjudged[:SHOWN]) + (" …" if len(unjudged) > SHOWN else "")
    facts = {"count": len(unjudged), "all": len(measured), "codes": codes}
    message = _("ตัวชี้วัดย่อย %(count)d จาก %(all)d ตัวไม่ได้พิมพ์เป้าหมายหรือเกณฑ์ผ่านไว้ (%(codes)s)") % facts
    message += " " + _("ผ่านหรือไม่ผ่านจึงขึ้นกับผู้รายงาน")
    proposal = _("กำหนดเป้าหมายหรือเกณฑ์ผ่านของตัวชี้วัดย่อยแต่ละตัว")
    yield reading.finding("level_missing", Severity.WARNING, "children", message, proposal)


def _is_judged(sheet: Sheet) -> bool:
    template = sheet.template
    return template.pass_criterion is not None or reads(template.target) is not None
