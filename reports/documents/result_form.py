"""The plan's result form: แบบฟอร์มรายงานผลการดำเนินงานตัวชี้วัดตามแผนยุทธศาสตร์ (near the end of the plan).

A pure builder: data in, a Document out. Whatever is not given prints as a dotted line to be filled by hand, so the
form without data is the blank form. What the paper does not have (year to date, explanation, who entered and
approved; DESIGN.md sections 4 and 5) follows the parts that it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.documents.beside_tables import evidence_table, measure_table
from reports.documents.item_tables import child_table, item_table, unit_table
from reports.documents.model import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    HeaderGroup,
    KeyValues,
    Lines,
    Paragraph,
    Row,
    Section,
    Signature,
    State,
    Table,
)
from reports.documents.result_data import PrintedBand, Project, ResultFormData

PROJECT_LINES = 4  # numbered lines that the paper form prints
LEVELS = (1, 2, 3, 4, 5)
SHORT_EXPLANATION = 10  # sentences that are kept on one page


def result_form(data: ResultFormData) -> Document:
    """The result form of one KPI, unit and period."""
    return Document(
        title=_("แบบฟอร์มรายงานผลการดำเนินงานตัวชี้วัดตามแผนยุทธศาสตร์"),
        subtitle=_subtitle(data),
        demo=data.demo,
        sections=tuple(_sections(data)),
        signatures=data.signatures or _signatures(data),
        footer=_footer(data),
        thai_digits=data.thai_digits,
    )


def _subtitle(data: ResultFormData) -> str:
    year = _("ประจำปีงบประมาณ %(year)s") % {"year": data.fiscal_year or "." * 20}
    return f"{data.hospital} {year}".strip()


def _about(data: ResultFormData) -> Section:
    plan = ((_("แผน"), data.plan_name),) if data.plan_name else ()
    name = (_("ชื่อตัวชี้วัด"), data.indicator_name)
    short = ((_("ตัวชี้วัดที่"), data.indicator_code), (_("รอบรายงาน"), data.period))
    unit = (_("หน่วยงานที่รับผิดชอบ"), data.unit_responsible)
    status = ((_("สถานะ"), _standing(data)),) if _standing(data) else ()
    return Section("", (KeyValues(plan), KeyValues(short, 2), KeyValues((name, unit, *status))))


def _footer(data: ResultFormData) -> str:
    revision = _("แก้ไขครั้งที่ %(number)s") % {"number": data.revision - 1} if data.revision > 1 else ""
    code = _("ตัวชี้วัดที่ %(code)s") % {"code": data.indicator_code} if data.indicator_code else ""
    return " · ".join(part for part in (code, data.period, data.hospital, revision) if part)


def _sections(data: ResultFormData) -> Iterable[Section]:
    yield _about(data)
    yield Section(_("ผลการดำเนินงาน"), (_projects(data),))
    for part in data.parts or (data,):
        name = f" {part.indicator_code} {part.indicator_name}" if data.parts else ""
        status = (Paragraph(_standing(part), bold=True),) if data.parts and _standing(part) else ()
        yield Section(_("ผลการดำเนินงานเชิงปริมาณ") + name, (*status, *_quantitative(part)), keep_together=True)
    yield from _line_tables(data)
    if _has_summary(data):
        yield Section(_("สรุปผลการประเมิน"), tuple(_summary(data)), keep_together=True)
    if data.explanation:
        lines = tuple(Paragraph(text, small=True) for text in data.explanation)
        yield Section(_("คำอธิบายคะแนน"), lines, keep_together=len(lines) <= SHORT_EXPLANATION)
    yield Section(_("ปัญหาและอุปสรรค"), (_written(data.problems),))
    yield Section(_("ข้อเสนอแนะ/โอกาสพัฒนา"), (_written(data.suggestions),))
    if data.note:
        yield Section(_("หมายเหตุ"), (Paragraph(data.note),))
    if data.measures:
        yield Section(_("มาตรการแก้ไข"), (measure_table(data.measures),))
    if data.evidence:
        yield Section(_("หลักฐานอ้างอิง"), (evidence_table(data.evidence),))
    record = _record(data)
    if record:
        yield Section(_("บันทึกในระบบ"), (Paragraph(record, small=True),))


def _line_tables(data: ResultFormData) -> Iterable[Section]:
    """The lines that the result is made of: of the KPI itself, or of each of its parts."""
    for part in data.parts or (data,):
        name = f" {part.indicator_code}" if data.parts else ""
        if part.items:
            yield Section(_("รายการประเมิน") + name, (item_table(part.items, steps=part.has_steps),))
    if data.units:
        yield Section(_("ผลการดำเนินงานรายหน่วย"), (unit_table(data.units, data.unit_inputs),))
    if data.children:
        yield Section(_("ผลของตัวชี้วัดย่อย"), (child_table(data.children),))


def _standing(data: ResultFormData) -> str:
    """Why the figures do not count: not approved, or of a cancelled KPI."""
    not_final = _("%(status)s ตัวเลขนี้ยังไม่ได้รับอนุมัติ") % {"status": data.unapproved} if data.unapproved else ""
    return "\n".join(filter(None, (data.cancelled, not_final)))


def _written(text: str) -> Block:
    return Paragraph(text) if text.strip() else Lines(3)


# Projects


def _projects(data: ResultFormData) -> Table:
    return Table(
        caption=_("โครงการ/กิจกรรมและงบประมาณ"),
        hide_caption=True,
        columns=(
            Column(_("โครงการ/กิจกรรม"), 46, row_header=True),
            Column(_("งบฯ ที่ได้รับจัดสรรทั้งสิ้น"), 19, Align.RIGHT, _("บาท")),
            Column(_("งบฯ ที่ใช้ในการดำเนินการจริง"), 19, Align.RIGHT, _("บาท")),
            Column(_("แหล่งงบ"), 16),
        ),
        rows=tuple(_project_rows(data.projects)),
        empty=_("ไม่มีโครงการ/กิจกรรม"),
    )


def _project_rows(projects: tuple[Project, ...]) -> Iterable[Row]:
    lines = projects + (Project(""),) * max(0, PROJECT_LINES - len(projects))
    for number, project in enumerate(lines, 1):
        name = Cell(f"{number}. {project.name}".rstrip())
        yield Row((name, Cell(project.allocated, 2), Cell(project.spent, 2), Cell(project.source)))


# The quantitative result


def _quantitative(data: ResultFormData) -> tuple[Block, ...]:
    corrections = [_correction(band) for band in sorted(data.bands, key=lambda band: band.level) if band.correction]
    note = Paragraph(_("*อัตรา ใช้ในกรณีตัวชี้วัดเชิงปริมาณ"), small=True)
    return (_result_table(data), note, *(Paragraph(text, small=True) for text in corrections))


def _result_table(data: ResultFormData) -> Table:
    year = data.fiscal_year or "........."
    criteria = HeaderGroup(_("เกณฑ์การให้คะแนน\n(อ้างอิงจาก Template ที่แนบมา)"), 2)
    return Table(
        caption=_("ผลการดำเนินงานเชิงปริมาณ"),
        hide_caption=True,
        keep_together=True,
        groups=(HeaderGroup(""), criteria, *(HeaderGroup(""),) * 4),
        columns=(
            Column(_("ตัวชี้วัด"), 21),
            Column(_("ระดับ"), 12, Align.CENTER, row_header=True),
            Column(_("เกณฑ์"), 22, Align.CENTER),
            Column(_("เป้าหมาย\nปีงบ %(year)s") % {"year": year}, 14, Align.CENTER),
            Column(_("ผลงาน"), 11, Align.CENTER),
            Column(_("อัตรา*"), 10, Align.CENTER),
            Column(_("คะแนน"), 10, Align.CENTER),
        ),
        rows=tuple(_band_rows(data)),
        empty=_("ไม่มีเกณฑ์การให้คะแนน"),
    )


def _band_rows(data: ResultFormData) -> Iterable[Row]:
    """A row for each level; what is said once reaches over all of them."""
    printed = {band.level: band for band in data.bands}
    before, after = _indicator_cell(data), _result_cells(data)
    for level in LEVELS:
        tint = level if data.level is not None and int(data.level) == level else None
        name = Cell(_("%(level)s คะแนน") % {"level": level}, level=tint, bold=tint is not None)
        band = Cell(_band_text(printed.get(level)), blank=True)
        if tint is not None and not band.is_empty:
            band = Cell(band.value, level=tint, bold=True)
        once = level == LEVELS[0]
        yield Row((before, name, band, *after) if once else (name, band))


def _indicator_cell(data: ResultFormData) -> Cell:
    unit = _("(หน่วย: %(unit)s)") % {"unit": data.unit} if data.unit else ""
    text = "\n".join(part for part in (f"{data.indicator_code} {data.indicator_name}".strip(), unit) if part)
    return Cell(text, rowspan=len(LEVELS))


def _result_cells(data: ResultFormData) -> tuple[Cell, ...]:
    rows = len(LEVELS)
    target = Cell(data.target, rowspan=rows, blank=True)
    if data.no_result and data.counts:
        return target, Cell(data.counts, rowspan=rows), _no_result(data, 2)
    if data.no_result:
        return target, _no_result(data, 3)
    rate: str | Decimal | None = data.rate
    if data.rate is not None and data.value_text:
        rate = data.value_text
    level = Cell(data.level, bold=True, level=_floor(data.level), rowspan=rows, blank=True)
    return target, _achievement(data), Cell(rate, data.decimals, rowspan=rows, blank=not _has_result(data)), level


def _achievement(data: ResultFormData) -> Cell:
    """ผลงาน: as counted, else the value (or pair) itself."""
    shown = data.counts or data.value_text or data.value
    return Cell(shown, data.decimals, rowspan=len(LEVELS), blank=True)


def _no_result(data: ResultFormData, columns: int) -> Cell:
    return Cell(data.no_result, state=data.no_result_state, colspan=columns, rowspan=len(LEVELS))


def _has_result(data: ResultFormData) -> bool:
    return data.value is not None or bool(data.counts or data.value_text)


def _floor(level: Decimal | None) -> int | None:
    """A level between two is coloured by its floor (DESIGN.md section 4, groups with bands of their own)."""
    return None if level is None else int(level)


def _band_text(band: PrintedBand | None) -> str:
    if band is None:
        return ""
    if not band.correction:
        return band.printed
    return _("%(used)s (พิมพ์ %(printed)s)") % {"used": band.correction, "printed": band.printed or "-"}


def _correction(band: PrintedBand) -> str:
    words = {"level": band.level, "printed": band.printed or "-", "used": band.correction, "reason": band.reason}
    if band.reason:
        return _("เกณฑ์ %(level)s คะแนน: Template พิมพ์ %(printed)s ใช้ %(used)s เพราะ %(reason)s") % words
    return _("เกณฑ์ %(level)s คะแนน: Template พิมพ์ %(printed)s ใช้ %(used)s") % words


# Summary: period, year to date, assessed


def _has_summary(data: ResultFormData) -> bool:
    figures = (data.level, data.ytd_value, data.ytd_level)
    given = data.parts or _has_result(data) or data.is_assessed
    return bool(given) or any(figure is not None for figure in figures)


def _summary(data: ResultFormData) -> Iterable[Block]:
    yield Table(
        caption=_("สรุปผลการประเมิน"),
        hide_caption=True,
        keep_together=True,
        columns=(
            Column(_("รายการ"), 42, row_header=True),
            Column(_("ผลงานสะสม"), 24, Align.RIGHT) if data.parts else Column(_("ผลงาน"), 24, Align.RIGHT, data.unit),
            Column(_("คะแนน"), 14, Align.CENTER),
            Column(_("การประมวลผล"), 20, Align.CENTER),
        ),
        rows=tuple(_summary_rows(data)),
        empty="",
    )
    pairs = [(_("เกณฑ์ผ่าน"), data.pass_criterion), (_("เหตุผลของคะแนนที่ผู้ตรวจกำหนด"), data.assessed_reason)]
    pairs += [(f"{part.indicator_code} {_('เหตุผลของคะแนนที่ผู้ตรวจกำหนด')}", part.assessed_reason) for part in data.parts]
    given = tuple(pair for pair in pairs if pair[1])
    if given:
        yield KeyValues(given)


def _summary_rows(data: ResultFormData) -> Iterable[Row]:
    for part in data.parts:
        yield from _part_rows(part)
    if data.parts:
        if data.ytd_level is not None:
            yield _summary_row(_with_unit(data), data.ytd_level, data, data.ytd_level, data.ytd_passed)
        return
    value: str | Decimal | None = data.value_text or (data.value if data.value is not None else data.rate)
    period = data.period or _("รอบรายงาน")
    yield _summary_row(period, data.no_result or _dash(value), data, data.level, data.passed)
    if data.ytd_value is not None or data.ytd_level is not None or data.ytd_counts:
        yield _summary_row(_("สะสมตั้งแต่ต้นปีงบประมาณ"), _year_figure(data), data, data.ytd_level, data.ytd_passed)
    if data.is_assessed:
        yield _summary_row(_("คะแนนที่ผู้ตรวจกำหนด"), "–", data, data.assessed_level, data.assessed_passed)


def _part_rows(part: ResultFormData) -> Iterable[Row]:
    """A part's year to date, in its own unit."""
    value = _year_figure(part, part.no_result)
    yield _summary_row(_with_unit(part), value, part, part.ytd_level, part.ytd_passed)
    if part.is_assessed:
        name = f"{part.indicator_code} {_('คะแนนที่ผู้ตรวจกำหนด')}"
        yield _summary_row(name, "–", part, part.assessed_level, part.assessed_passed)


def _year_figure(data: ResultFormData, nothing: str = "") -> str | Decimal:
    """The year to date as figure or pair, else why there is none."""
    if data.ytd_text:
        return data.ytd_text
    return _dash(data.ytd_value if data.ytd_value is not None else data.ytd_counts or nothing)


def _with_unit(data: ResultFormData) -> str:
    """A row's name with its unit: the rows of a KPI made of others have units of their own."""
    unit = f"({data.unit})" if data.unit else ""
    return " ".join(part for part in (data.indicator_code, data.indicator_name, unit) if part)


def _summary_row(
    name: str, value: str | Decimal, data: ResultFormData, level: Decimal | None, passed: bool | None
) -> Row:
    score = Cell("–") if level is None else Cell(level, bold=True, level=_floor(level))
    return Row((Cell(name), Cell(value, data.decimals), score, _judgement(passed)))


def _judgement(passed: bool | None) -> Cell:
    if passed is None:
        return Cell("–")
    return Cell(_("ผ่าน"), state=State.PASSED) if passed else Cell(_("ไม่ผ่าน"), state=State.FAILED)


def _dash(value: str | Decimal | None) -> str | Decimal:
    return "–" if value is None or value == "" else value


# Who


def _record(data: ResultFormData) -> str:
    """Who did what in the system, beside the signatures on paper."""
    steps = (
        (_("บันทึกโดย"), data.entered_by, data.entered_at),
        (_("ส่งโดย"), data.submitted_by, data.submitted_at),
        (_("อนุมัติโดย"), data.approved_by, data.approved_at),
    )
    done = [" ".join(part for part in (word, who, at) if part) for word, who, at in steps if who or at]
    return "\n".join(done)


def _signatures(data: ResultFormData) -> tuple[Signature, ...]:
    reporter = data.submitted_by or data.entered_by
    return (
        Signature(_("ผู้รายงาน"), reporter),
        Signature(_("ผู้อนุมัติ"), data.approved_by),
    )
