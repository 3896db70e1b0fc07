"""What a file would do, cell by cell: changes, what is wrong, what somebody else has changed, what is shut by now.

The same is made of a file and of what the preview's form has carried along, against the rows as they are then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _

from indicators.actions import range_errors
from indicators.grids.cells import Field
from indicators.grids.rows import GridRow
from indicators.monthly.rows import UnitRows
from indicators.workbooks.cells import UNDONE, CellError, is_left_out, is_tick, read_cell, said, text_in
from indicators.workbooks.reading import Contents, Given

Numbers = dict[str, Decimal | None]
Seen = Mapping[str, int]  # the save counts of the rows that a preview showed


class Kind(StrEnum):
    """What becomes of a cell."""

    CHANGE = "change"
    CONFLICT = "conflict"
    ERROR = "error"
    SHUT = "shut"
    SAME = "same"
    LEFT = "left"  # it stands as it was made, and somebody has saved another value since: nothing is written


class Choice(StrEnum):
    """Whose value stands where two people have changed the same cell."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Line:
    """One cell that somebody has changed in the file."""

    kind: Kind
    given: Given
    row: GridRow | None = None
    field: Field | None = None
    numbers: Mapping[str, Decimal | None] | None = None
    now: str = ""
    after: str = ""
    sentence: str = ""
    choice: Choice | None = None

    @property
    def place(self) -> str:
        return self.given.place

    @property
    def name(self) -> str:
        """Of the box in the form, and what it is told by."""
        return f"choice:{self.given.key}:{self.given.code}"

    @property
    def before_text(self) -> str:
        return said(self.field, self.now) if self.field else ""

    @property
    def after_text(self) -> str:
        return said(self.field, self.after) if self.field else self.given.text

    @property
    def made_text(self) -> str:
        """What stood in the cell when the file was made."""
        return said(self.field, self.given.base) if self.field else ""

    @property
    def is_written(self) -> bool:
        return self.kind is Kind.CHANGE or (self.kind is Kind.CONFLICT and self.choice is Choice.MINE)


class Preview:
    """What the cells of a file come to against the unit's rows; `choices` are answers to conflicts by box name."""

    def __init__(self, rows: UnitRows, contents: Contents, choices: Mapping[str, str] | None = None) -> None:
        self.rows, self.contents = rows, contents
        self.choices = choices or {}

    @cached_property
    def lines(self) -> list[Line]:
        """In the order of the file, what is out of bounds found row by row."""
        lines = [self._line(given) for given in self.contents.given]
        errors = self._out_of_bounds(lines)
        return [
            Line(Kind.ERROR, line.given, line.row, line.field, sentence=errors[pair])
            if (pair := (line.given.key, line.given.code)) in errors else line
            for line in lines
        ]  # fmt: skip

    def _line(self, given: Given) -> Line:
        row = self.rows.row(given.key)
        if row is None and given.problem:
            return Line(Kind.ERROR, given, sentence=given.problem)
        if row is None:
            return Line(Kind.SHUT, given, sentence=_("หน่วยงานนี้ไม่ได้รับผิดชอบรายการนี้แล้ว"))
        field = next((each for each in row.fields if each.code == given.code), None)
        if sentence := self._why_shut(row, field):
            return Line(Kind.SHUT, given, row, field, after=given.text, sentence=sentence)
        assert field is not None  # noqa: S101 - else it would be shut
        if given.problem:
            return Line(Kind.ERROR, given, row, field, sentence=given.problem)
        try:
            numbers = read_cell(row.template, field, given.text)
        except CellError as error:
            return Line(Kind.ERROR, given, row, field, sentence=str(error))
        return self._compared(given, row, field, numbers)

    def _compared(self, given: Given, row: GridRow, field: Field, numbers: Numbers) -> Line:
        """The cell as it was made, as it is saved now and as the file has it."""
        now, after = text_in(field, row.data), text_in(field, {**row.data, **numbers})
        kind = Kind.CHANGE
        if _is_same(field, after, now):
            kind = Kind.SAME
        elif _is_same(field, after, given.base):
            kind = Kind.LEFT
        elif not _is_same(field, now, given.base):
            kind = Kind.CONFLICT
        line = Line(kind, given, row, field, numbers, now, after)
        chosen = self.choices.get(line.name)
        choice = Choice(chosen) if kind is Kind.CONFLICT and chosen in set(Choice) else None
        return Line(kind, given, row, field, numbers, now, after, choice=choice)

    def _why_shut(self, row: GridRow, field: Field | None) -> str:
        """Why nothing of the row can be written now; empty where it can."""
        access = row.access
        if access.obstacle:
            return access.obstacle
        if row.result is not None and not access.is_editable:
            facts = {"status": row.result.get_status_display()}
            return _("สถานะของผลงานคือ “%(status)s” ถ้าต้องแก้ ให้ถอนกลับหรือขอให้ผู้ตรวจสอบส่งกลับก่อน") % facts
        if not access.may_enter:
            return _("ท่านไม่ได้เป็นผู้บันทึกของรายการนี้")
        if field is None or self.contents.versions.get(row.key) != access.version.pk:
            return _("แม่แบบของตัวชี้วัดนี้เปลี่ยนหลังจากสร้างไฟล์ ให้ดาวน์โหลดไฟล์ใหม่สำหรับตัวชี้วัดนี้")
        if is_left_out(row):
            return _("รายการนี้ทำเครื่องหมายว่าไม่เกี่ยวข้องไว้ ให้ยกเลิกเครื่องหมายที่หน้าบันทึกผลก่อน")
        return ""

    def _out_of_bounds(self, lines: Iterable[Line]) -> dict[tuple[str, str], str]:
        errors: dict[tuple[str, str], str] = {}
        for line in lines:
            if line.row is not None and line.numbers and line.kind not in (Kind.SAME, Kind.LEFT):
                for sentence in range_errors(line.row.template, line.numbers).values():
                    errors[line.given.key, line.given.code] = sentence
        return errors

    # By what becomes of them

    def _of(self, kind: Kind) -> list[Line]:
        return [line for line in self.lines if line.kind is kind]

    @property
    def changes(self) -> list[Line]:
        return self._of(Kind.CHANGE)

    @property
    def conflicts(self) -> list[Line]:
        return self._of(Kind.CONFLICT)

    @property
    def errors(self) -> list[Line]:
        return self._of(Kind.ERROR)

    @property
    def shut(self) -> list[Line]:
        return self._of(Kind.SHUT)

    @cached_property
    def _untouched(self) -> list[Line]:
        """Those of the cells that stand as they were made of which another value is saved by now."""
        lines = (self._line_left(given) for given in self.contents.untouched)
        return [line for line in lines if line is not None]

    def _line_left(self, given: Given) -> Line | None:
        row = self.rows.row(given.key)
        field = next((each for each in row.fields if each.code == given.code), None) if row else None
        if row is None or field is None or not (row.result is None or row.access.may_see_values):
            return None
        now = text_in(field, row.data)
        return None if _is_same(field, now, given.base) else Line(Kind.LEFT, given, row, field, now=now)

    @property
    def left(self) -> list[Line]:
        """Cells that nobody has edited in the file, and somebody has changed since it was made."""
        return [*self._untouched, *self._of(Kind.LEFT)]

    @property
    def same(self) -> int:
        """Filled cells that are as saved."""
        contents = self.contents
        return contents.same + len(contents.untouched) - len(self._untouched) + len(self._of(Kind.SAME))

    @property
    def results(self) -> int:
        """How many results would be written."""
        return len({line.given.key for line in (*self.changes, *self.conflicts)})

    @property
    def undecided(self) -> list[Line]:
        return [line for line in self.conflicts if line.choice is None]

    @property
    def may_apply(self) -> bool:
        return not self.errors and bool(self.changes or self.conflicts)

    @property
    def is_settled(self) -> bool:
        """Every cell is saved as the file has it, or as was chosen."""
        return not (self.errors or self.shut or self.changes) and all(
            line.choice is Choice.THEIRS for line in self.conflicts
        )

    @property
    def locks(self) -> Seen:
        """The save counts of the rows with something to write, as they are now."""
        return {line.given.key: line.row.lock for line in (*self.changes, *self.conflicts) if line.row}

    @property
    def writes(self) -> dict[str, Numbers]:
        """The numbers to save, by row key in the order of the rows, so that all take their locks in one order."""
        found: dict[str, Numbers] = {}
        for line in self.lines:
            if line.is_written and line.numbers:
                found.setdefault(line.given.key, {}).update(line.numbers)
        order = [row.key for row in self.rows.rows]
        return {key: found[key] for key in sorted(found, key=order.index)}

    @property
    def written_cells(self) -> int:
        return sum(line.is_written for line in self.lines)


def _is_same(field: Field, one: str, other: str) -> bool:
    """A tick that was never saved is one that is not set: saving anything of a result saves it so."""
    if is_tick(field):
        one, other = one or UNDONE, other or UNDONE
    return one == other
