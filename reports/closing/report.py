"""The official closing report of a period as a document: all KPIs with targets and bands, waivers, signatures."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.figures import decimals_of
from reports.cards import scored_by
from reports.closing.differences import ChangedKpi
from reports.closing.page import ClosurePage, WaiverRow
from reports.closing.rows import LEVELS, ClosedGroup, ClosedRow
from reports.dashboard import Figure, TotalsRow
from reports.documents.model import (
    Align,
    Cell,
    Column,
    Document,
    HeaderGroup,
    KeyValues,
    Orientation,
    Paragraph,
    Row,
    Section,
    Signature,
    State,
    Table,
)
from reports.form_tables import MARKS, state_word
from scoring.rollup import LEVEL_DECIMALS, PERCENT_DECIMALS, Totals
from strategy.periods import thai_date


def closing_report(page: ClosurePage) -> Document:
    """The report of one revision; an old one says on top that it was reopened, when and why."""
    return Document(
        title=_("รายงานปิดงวด%(period)s") % {"period": page.label},
        subtitle=f"{page.plan.unit.name} {_('ประจำปีงบประมาณ %(year)s') % {'year': page.closure.fiscal_year}}",
        orientation=Orientation.LANDSCAPE,
        demo=page.is_demo,
        meta=(
            (_("แผน"), page.plan.name),
            (_("งวด"), page.span),
            (_("ฉบับ"), str(page.closure.revision)),
            (_("ปิดงวด"), page.closed_line),
        ),
        sections=tuple(_sections(page)),
        signatures=(
            Signature(_("ผู้ปิดงวด"), page.closed_by["name"], page.closed_by["title"]),
            Signature(_("ผู้อำนวยการ")),
        ),
        footer=" · ".join((page.label, _("ฉบับที่ %(number)d") % {"number": page.closure.revision}, page.plan.unit.name)),
    )


def _sections(page: ClosurePage) -> Iterator[Section]:
    note = (KeyValues(((_("หมายเหตุของการปิดงวด"), page.closure.note),)),) if page.closure.note else ()
    old = (Paragraph(page.revision_line, bold=True),) if page.is_old else ()
    yield Section(
        _("ผลรวมของแผน"), (*old, *note, KeyValues(tuple(map(_figure, page.figures)), 2), _totals(page.totals_rows))
    )
    # A table for each issue: one of all KPIs takes the printer minutes to lay out, and parts its head from its rows.
    for group in page.groups:
        yield Section(_("ผลงานของตัวชี้วัด: %(issue)s") % {"issue": group.label}, (_kpis(group),))
    yield Section(_("ผลงานที่ขาดและเหตุผล"), (_waivers(page.waivers),))
    if page.cancellations or page.extensions:
        yield Section(_("ตัวชี้วัดที่ยกเลิกและการขยายเวลาส่ง"), tuple(_exceptions(page)))
    if page.before is not None:
        yield Section(_("สิ่งที่ต่างจากฉบับที่ %(number)d") % {"number": page.before.revision}, (_changes(page),))
    for group in page.groups:
        yield Section(_("เป้าหมายและเกณฑ์ที่ใช้: %(issue)s") % {"issue": group.label}, (_criteria(group),))


def _figure(figure: Figure) -> tuple[str, str]:
    beside = f"({figure.beside})" if figure.beside else ""
    return figure.name, f"{figure.value or _('ยังไม่มี')} {beside}".strip()


def _totals(rows: Iterable[TotalsRow]) -> Table:
    return Table(
        caption=_("ผลรวมของแต่ละด้านและประเด็นยุทธศาสตร์"),
        columns=(
            Column(_("ด้าน / ประเด็นยุทธศาสตร์"), 46, row_header=True),
            Column(_("ทางการ"), 9, Align.RIGHT),
            Column(_("ร้อยละ"), 9, Align.RIGHT),
            Column(_("ที่รายงานแล้ว"), 10, Align.RIGHT),
            Column(_("ครอบคลุม"), 10, Align.RIGHT, "%"),
            Column(_("สูงสุด"), 9, Align.RIGHT),
            Column(_("ต่ำสุด"), 9, Align.RIGHT),
            Column(_("น้ำหนัก"), 8, Align.RIGHT),
        ),
        rows=tuple(map(_totals_row, rows)),
        empty=_("ไม่มีผลรวม"),
    )


def _totals_row(row: TotalsRow) -> Row:
    totals = row.totals
    ends = (_total(totals.best), _total(totals.worst), _number(totals.weight_all))
    if row.sentence:
        return Row((Cell(row.label), Cell(row.sentence, colspan=4, align=Align.LEFT), *ends), bold=row.is_theme)
    percents = (totals.percent_of(totals.official), totals.coverage_percent)
    percent, coverage = (_number(each, PERCENT_DECIMALS) for each in percents)
    return Row(
        (Cell(row.label), _total(totals.official), percent, _total(totals.reported), coverage, *ends), bold=row.is_theme
    )


def _total(level: Fraction | None) -> Cell:
    return _number(Totals.shown(level), LEVEL_DECIMALS)


def _number(number: Decimal | None, decimals: int | None = None) -> Cell:
    """A number that a spreadsheet can add up."""
    return Cell("–") if number is None else Cell(number, decimals)


def _kpis(group: ClosedGroup) -> Table:
    return Table(
        caption=_("ผลงานสะสมของตัวชี้วัด ณ สิ้นงวด"),
        hide_caption=True,
        columns=(
            Column(_("รหัส"), 13),
            Column(_("ตัวชี้วัด"), 44, row_header=True),
            Column(_("น้ำหนัก"), 8, Align.RIGHT),
            Column(_("เป้าหมาย"), 15, Align.CENTER),
            Column(_("ผลงานสะสม"), 13, Align.RIGHT),
            Column(_("หน่วย"), 11),
            Column(_("ระดับ"), 8, Align.CENTER),
            Column(_("ผล"), 12, Align.CENTER),
            Column(_("Template\nฉบับที่"), 12, Align.CENTER),
        ),
        rows=tuple(map(_kpi_row, group.rows)),
        empty=_("ไม่มีตัวชี้วัดในปีนี้"),
    )


def _kpi_row(row: ClosedRow) -> Row:
    head = (Cell(row.code), Cell(row.name))
    if row.is_heading:
        return Row((*head, Cell(colspan=7)), heading=True)
    value = Cell(row.amount, decimals_of(scored_by(row.card))) if row.figures["second"] is None else Cell(row.value)
    if row.amount is None or row.value != value.text:
        value = Cell(row.value or "–")
    facts = (Cell(row.weight) if row.weight is not None else Cell("–"), Cell(row.target), value, Cell(row.unit))
    if row.state:
        word = state_word(row.card_state)
        return Row((*head, *facts, Cell(word, state=MARKS.get(row.card_state), colspan=2), Cell(row.revision)))
    return Row((*head, *facts, _level(row.level), _verdict(row.passed), Cell(row.revision)))


def _level(level: Decimal | None) -> Cell:
    return Cell("–") if level is None else Cell(level, bold=True, level=int(level))


def _verdict(passed: bool | None) -> Cell:
    if passed is None:
        return Cell("–")
    return Cell(_("ผ่าน"), state=State.PASSED) if passed else Cell(_("ไม่ผ่าน"), state=State.FAILED)


def _waivers(waivers: Iterable[WaiverRow]) -> Table:
    return Table(
        caption=_("ผลงานที่ขาดเมื่อปิดงวด"),
        hide_caption=True,
        columns=(
            Column(_("รหัส"), 13),
            Column(_("ตัวชี้วัด"), 34, row_header=True),
            Column(_("งวดที่ขาด"), 16),
            Column(_("หน่วยงานที่ต้องส่ง"), 20),
            Column(_("เหตุผลที่ปิดงวดโดยไม่มีผลงาน"), 30),
        ),
        rows=tuple(map(_waiver_row, waivers)),
        empty=_("ไม่มี ผลงานของงวดนี้อนุมัติครบ"),
    )


def _waiver_row(row: WaiverRow) -> Row:
    name = f"{row.title} {row.measured_in}".strip()
    return Row((Cell(row.code), Cell(name), Cell(row.round.label), Cell(row.responsible), Cell(row.reason)))


def _exceptions(page: ClosurePage) -> Iterator[Paragraph]:
    for cancelled in page.cancellations:
        facts = {"code": cancelled.indicator.code, "day": thai_date(cancelled.day), "reason": cancelled.reason}
        yield Paragraph(_("%(code)s ยกเลิกตั้งแต่ %(day)s: %(reason)s") % facts)
    for extended in page.extensions:
        facts = {
            "code": extended.code,
            "period": extended.round.label,
            "day": thai_date(extended.until),
            "unit": extended.whose,
            "reason": extended.reason,
        }
        yield Paragraph(_("ตัวชี้วัด %(code)s (%(period)s) %(unit)s ขยายเวลาส่งถึง %(day)s: %(reason)s") % facts)


def _changes(page: ClosurePage) -> Table:
    return Table(
        caption=_("สิ่งที่ต่างจากฉบับก่อน"),
        hide_caption=True,
        columns=(
            Column(_("รายการ"), 30, row_header=True),
            Column(_("ฉบับก่อน"), 35),
            Column(_("ฉบับนี้"), 35),
        ),
        rows=tuple(_changed_rows(page.changes)),
        empty=_("ไม่มีตัวเลขหรือเกณฑ์ใดต่างจากฉบับก่อน"),
    )


def _changed_rows(changes: Iterable[ChangedKpi]) -> Iterator[Row]:
    for kpi in changes:
        yield Row((Cell(f"{kpi.code} {kpi.name}".strip(), colspan=3),), heading=True)
        for change in kpi.changes:
            yield Row((Cell(change.what), Cell(change.before), Cell(change.after)))


def _criteria(group: ClosedGroup) -> Table:
    plain = (HeaderGroup(""),)
    return Table(
        caption=_("เป้าหมาย เกณฑ์การให้คะแนน และเกณฑ์ผ่านของแต่ละตัวชี้วัด ตาม Template ที่ใช้"),
        hide_caption=True,
        groups=(*plain * 3, HeaderGroup(_("เกณฑ์การให้คะแนน ระดับ"), len(LEVELS)), *plain),
        columns=(
            Column(_("รหัส"), 13),
            Column(_("ตัวชี้วัด"), 35, row_header=True),
            Column(_("เป้าหมาย"), 16, Align.CENTER),
            *(Column(str(level), 12, Align.CENTER) for level in LEVELS),
            Column(_("เกณฑ์ผ่าน"), 17, Align.CENTER),
        ),
        rows=tuple(_criteria_row(row) for row in group.rows if row.has_criteria),
        empty=_("ไม่มีเกณฑ์ที่พิมพ์ไว้"),
    )


def _criteria_row(row: ClosedRow) -> Row:
    cells = (Cell(row.code), Cell(row.name), Cell(row.target or "–"))
    if not any(row.bands):
        word = Cell(_("ไม่มีช่วงคะแนน"), colspan=len(LEVELS), align=Align.CENTER)
        return Row((*cells, word, Cell(row.criterion or "–")))
    return Row((*cells, *(Cell(text or "–") for text in row.bands), Cell(row.criterion or "–")))
