"""What a result form prints of what stands beside a result: its evidence, and what is done where it fails.

Pure: lines in, tables out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.documents.model import Cell, Column, Row, State, Table


@dataclass(frozen=True)
class PrintedEvidence:
    """A file or a link: what it shows, what it is called, and when and by whom it was added."""

    description: str
    name: str
    added: str
    code: str = ""  # of the part, on the form of a KPI that is made of others


@dataclass(frozen=True)
class PrintedMeasure:
    """A recovery measure with its status in words; `state` marks what is overdue."""

    what: str
    who: str
    by_when: str
    status: str
    state: State | None = None
    code: str = ""


def evidence_table(lines: Iterable[PrintedEvidence]) -> Table:
    """The evidence in the order in which it was added."""
    return Table(
        caption=_("หลักฐานอ้างอิง"),
        hide_caption=True,
        columns=(
            Column(_("หลักฐาน"), 44, row_header=True),
            Column(_("ไฟล์หรือลิงก์"), 32),
            Column(_("แนบโดย"), 24),
        ),
        rows=tuple(
            Row((Cell(_coded(line.code, line.description)), Cell(line.name), Cell(line.added))) for line in lines
        ),
        empty=_("ไม่มีหลักฐานที่แนบไว้"),
    )


def measure_table(lines: Iterable[PrintedMeasure]) -> Table:
    """What is done, by whom, by when, and how it stands."""
    return Table(
        caption=_("มาตรการแก้ไข"),
        hide_caption=True,
        columns=(
            Column(_("มาตรการ"), 45, row_header=True),
            Column(_("ผู้รับผิดชอบ"), 20),
            Column(_("ภายในวันที่"), 17),
            Column(_("สถานะ"), 18),
        ),
        rows=tuple(_measure_row(line) for line in lines),
        empty=_("ไม่มีมาตรการแก้ไข"),
        break_rows=True,
    )


def _measure_row(line: PrintedMeasure) -> Row:
    status = Cell(line.status, state=line.state)
    return Row((Cell(_coded(line.code, line.what)), Cell(line.who), Cell(line.by_when), status))


def _coded(code: str, text: str) -> str:
    return f"{code}: {text}" if code else text
