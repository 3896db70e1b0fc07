"""The tables of forms whose result is made of many lines: steps, marks, measured units, sub-indicators.

The evaluation forms of the province print them so: what is asked, the full marks, what was obtained, the evidence
and a remark. Pure: lines in, tables out; a line without a mark prints a dotted line to write on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.documents.model import Align, Cell, Column, Row, State, Table


@dataclass(frozen=True)
class ItemLine:
    """One step or item. `mark` is finished for reading ("ทำแล้ว", "4"); `group` heads the lines under it.

    `evidence` is where the proof is, else what the form asks for; `full` the full marks, None where there are none.
    """

    text: str
    criterion: str = ""
    full: Decimal | None = None
    mark: str = ""
    evidence: str = ""
    remark: str = ""
    is_group: bool = False
    is_total: bool = False


@dataclass(frozen=True)
class PartLine:
    """One measured unit or sub-indicator: its inputs in words, its value, level and pass, or why there are none."""

    code: str
    name: str
    inputs: tuple[str | Decimal, ...] = ()
    target: str = ""
    value: str | Decimal | None = ""
    level: Decimal | None = None
    passed: bool | None = None
    missing: str = ""
    missing_state: State | None = None
    is_group: bool = False
    decimals: int | None = None


def item_table(lines: Iterable[ItemLine], *, steps: bool) -> Table:
    """The lines of a milestone or checklist."""
    rows = tuple(lines)
    marked = any(line.full is not None for line in rows)
    columns = (
        Column(_("เกณฑ์การให้คะแนน") if steps else _("รายการประเมิน"), 44, row_header=True),
        *((Column(_("คะแนนเต็ม"), 13, Align.RIGHT),) if marked else ()),
        Column(_("ผล") if steps or not marked else _("คะแนนที่ได้"), 13, Align.CENTER),
        Column(_("เอกสาร/หลักฐานอ้างอิง"), 21),
        Column(_("หมายเหตุ"), 14),
    )
    return Table(
        caption=_("รายการประเมิน"),
        hide_caption=True,
        columns=columns,
        rows=tuple(_item_row(line, marked) for line in rows),
        empty=_("ไม่มีรายการประเมิน"),
        break_rows=not marked,
    )


def _item_row(line: ItemLine, marked: bool) -> Row:
    text = "\n".join(part for part in (line.text, line.criterion) if part)
    full = (Cell(line.full),) if marked else ()
    result = Cell(line.mark, bold=line.is_group or line.is_total, blank=not (line.is_group or line.is_total))
    cells = (Cell(text), *full, result, Cell(line.evidence), Cell(line.remark))
    return Row(cells, bold=line.is_total, heading=line.is_group)


def unit_table(lines: Iterable[PartLine], inputs: tuple[str, ...]) -> Table:
    """The measured units with what each was given: the table of section 19 of the ministry's template."""
    columns = (
        Column(_("รหัส"), 8),
        Column(_("ชื่อหน่วยบริการ"), 26, row_header=True),
        *(Column(name, 16, Align.CENTER) for name in inputs),
        Column(_("ผลงาน"), 12, Align.RIGHT),
        Column(_("ระดับ"), 12, Align.CENTER),
    )
    return Table(
        caption=_("ผลการดำเนินงานรายหน่วย"),
        hide_caption=True,
        columns=columns,
        rows=tuple(_unit_row(line, len(inputs)) for line in lines),
        empty=_("ไม่มีหน่วยที่วัดผล"),
    )


def _unit_row(line: PartLine, inputs: int) -> Row:
    head = (Cell(line.code), Cell(line.name))
    if line.missing:
        return Row((*head, Cell(line.missing, state=line.missing_state, colspan=inputs + 2, align=Align.LEFT)))
    given = tuple(Cell(text) for text in line.inputs)
    return Row((*head, *given, Cell(line.value, line.decimals), _level(line.level)))


def child_table(lines: Iterable[PartLine]) -> Table:
    """The sub-indicators that pass or do not, with the target of each."""
    return Table(
        caption=_("ผลของตัวชี้วัดย่อย"),
        hide_caption=True,
        columns=(
            Column(_("รหัส"), 14),
            Column(_("ตัวชี้วัด"), 44, row_header=True),
            Column(_("เป้าหมาย"), 16, Align.CENTER),
            Column(_("ผลงาน"), 13, Align.CENTER),
            Column(_("การประมวลผล"), 13, Align.CENTER),
        ),
        rows=tuple(_child_row(line) for line in lines),
        empty=_("ไม่มีตัวชี้วัดย่อย"),
    )


def _child_row(line: PartLine) -> Row:
    if line.is_group:
        return Row((Cell(line.name, colspan=5),), heading=True)
    head = (Cell(line.code), Cell(line.name), Cell(line.target))
    if line.missing:
        return Row((*head, Cell(line.missing, state=line.missing_state, colspan=2)))
    return Row((*head, Cell(line.value), _verdict(line.passed)))


def _level(level: Decimal | None) -> Cell:
    return Cell("–") if level is None else Cell(level, bold=True, level=int(level))


def _verdict(passed: bool | None) -> Cell:
    if passed is None:
        return Cell("–")
    return Cell(_("ผ่าน"), state=State.PASSED) if passed else Cell(_("ไม่ผ่าน"), state=State.FAILED)
