"""What a workbook says of itself on its hidden sheet: whose it is, and what was saved when it was made.

Signed, so that a changed stamp or one of another installation is found out. The values that stood in the cells are
in it too: only by them can it be told who changed a cell, the person with the file or somebody else since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from indicators.grids.rows import GridRow
from indicators.monthly.rows import UnitRows
from indicators.uploads import FileError
from indicators.workbooks.cells import is_left_out, text_in
from strategy import clock
from strategy.models import OrgUnit

SALT = "indicators.workbook"
MARK = "kpitrack-workbook"
STAMP_SHEET = "_kpitrack"
FORMAT = 1
CHUNK = 30_000  # a cell holds 32,767 characters


@dataclass(frozen=True)
class Stamped:
    """One result as it was: its KPI, the save count, the template's revision, and the texts of its cells by code."""

    code: str
    lock: int
    version: int
    texts: Mapping[str, str]

    @classmethod
    def of_row(cls, row: GridRow) -> "Stamped":
        texts = {field.code: text_in(field, row.data) for field in row.fields}
        return cls(row.code, row.lock, row.access.version.pk, texts)


@dataclass(frozen=True)
class Stamp:
    """Whose workbook it is, who made it when, and its rows by key (round and measured unit)."""

    unit: int
    name: str
    made_by: str
    made_at: str
    plans: tuple[str, ...]
    rows: Mapping[str, Stamped]

    @classmethod
    def of_rows(cls, found: UnitRows, made_by: str) -> "Stamp":
        plans = sorted({row.access.plan.code for row in found.rows})
        rows = {row.key: Stamped.of_row(row) for row in found.rows if not is_left_out(row)}
        return cls(found.unit.pk, found.unit.name, made_by, clock.now().isoformat(), tuple(plans), rows)

    @property
    def rounds(self) -> set[int]:
        return {int(key.partition("-")[0]) for key in self.rows}

    def lines(self) -> list[str]:
        """The stamp as texts for cells, the format first: it is read before anything else is believed."""
        rows = {key: [row.code, row.lock, row.version, dict(row.texts)] for key, row in self.rows.items()}
        facts = [self.unit, self.name, self.made_by, self.made_at, list(self.plans), rows]
        text = signing.dumps(facts, salt=SALT, compress=True)
        return [f"{MARK} {FORMAT}", *(text[at : at + CHUNK] for at in range(0, len(text), CHUNK))]

    @classmethod
    def of_lines(cls, lines: Iterable[str]) -> "Stamp":
        """Read back. FileError where it is of another format, changed, or not of this installation."""
        head, *chunks = lines
        if head != f"{MARK} {FORMAT}":
            raise FileError(_("ไฟล์นี้เป็นแบบเก่าที่ระบบไม่ใช้แล้ว ให้ดาวน์โหลดไฟล์ใหม่จากหน้านี้ แล้วคัดลอกตัวเลขไปใส่"))
        try:
            return cls._read(signing.loads("".join(chunks), salt=SALT))
        except (signing.BadSignature, ValueError, TypeError, LookupError, AttributeError):
            raise FileError(
                _("ไฟล์นี้ไม่ได้มาจากระบบนี้ หรือส่วนที่ซ่อนไว้ถูกแก้ไข ให้ดาวน์โหลดไฟล์ใหม่จากหน้านี้ แล้วคัดลอกตัวเลขไปใส่")
            ) from None

    @classmethod
    def _read(cls, facts: list[Any]) -> "Stamp":
        unit, name, made_by, made_at, plans, rows = facts
        return cls(unit, name, made_by, made_at, tuple(plans), {key: Stamped(*row) for key, row in rows.items()})

    def check(self, unit: OrgUnit) -> None:
        """FileError where the workbook is another unit's."""
        if self.unit != unit.pk:
            facts = {"theirs": self.name, "own": unit.name}
            raise FileError(
                _("ไฟล์นี้เป็นของ %(theirs)s ไม่ใช่ของ %(own)s ให้ส่งที่หน้าของหน่วยงานนั้น หรือเลือกไฟล์ของหน่วยงานนี้") % facts
            )
