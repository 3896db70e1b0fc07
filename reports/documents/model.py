"""A document as data: what a form says, and nothing of how HTML, PDF or XLSX draw it.

All texts are finished (translated) strings. A number is a Decimal with the places it is shown with; it is
never a text, so that a spreadsheet can go on calculating with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from reports.documents import widths
from scoring.numbers import format_number


class Orientation(StrEnum):
    """How the A4 sheet lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Align(StrEnum):
    """Horizontal alignment of a column or a cell."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class State(StrEnum):
    """Why a cell has no figure, or how its figure stands (DESIGN.md section 4, "never the same thing")."""

    NOT_REPORTED = "not-reported"
    NOT_DUE = "not-due"
    NOT_APPLICABLE = "not-applicable"
    CANNOT_COMPUTE = "cannot-compute"
    DRAFT = "draft"
    RETURNED = "returned"
    LATE = "late"
    CANCELLED = "cancelled"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class Paragraph:
    """Running text. `small` is for footnotes, `bold` for a sentence that must be seen; "\\n" breaks the line."""

    kind: ClassVar[str] = "paragraph"
    text: str
    bold: bool = False
    small: bool = False


@dataclass(frozen=True)
class KeyValues:
    """Names with their values; an empty value prints as a dotted line to write on. 1 or 2 pairs in a row."""

    kind: ClassVar[str] = "keyvalues"
    pairs: tuple[tuple[str, str], ...]
    columns: int = 1

    def __post_init__(self) -> None:
        if self.columns not in (1, 2):
            raise ValueError("KeyValues has 1 or 2 columns")


@dataclass(frozen=True)
class Cell:
    """One cell: a text, or a Decimal shown with `decimals` places (None: as many as it has).

    `level` (0 to 5) tints the cell, `state` marks it; both need a text or figure besides, so colour is never alone.
    `blank` asks for a dotted line where the value is empty. `colspan` and `rowspan` count columns and rows.
    """

    value: str | Decimal | None = ""
    decimals: int | None = None
    bold: bool = False
    level: int | None = None
    state: State | None = None
    align: Align | None = None
    colspan: int = 1
    rowspan: int = 1
    blank: bool = False

    def __post_init__(self) -> None:
        if self.level is not None and self.level not in range(6):
            raise ValueError("level is 0 to 5")
        if isinstance(self.value, Decimal) and not self.value.is_finite():
            raise ValueError("a number in a document is finite")
        if self.value is not None and not isinstance(self.value, (str, Decimal)):
            raise TypeError("a cell holds a text or a Decimal")
        if self.colspan < 1 or self.rowspan < 1:
            raise ValueError("a cell spans at least one row and one column")
        if self.is_empty and (self.level is not None or self.state is not None):
            raise ValueError("a level or a state has a figure or a word besides its colour")

    @property
    def is_number(self) -> bool:
        """Whether a spreadsheet gets a number here."""
        return isinstance(self.value, Decimal)

    @property
    def text(self) -> str:
        """What is read in the cell; a number with thousand separators and its places."""
        if isinstance(self.value, Decimal):
            return format_number(self.value, self.decimals)
        return self.value or ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there to print; zero is there."""
        return self.value is None or self.value == ""


@dataclass(frozen=True)
class Column:
    """A column: its head, the unit once in the head, and its width as a share of all widths of the table.

    A `row_header` column names its row (`<th scope="row">`).
    """

    header: str
    width: int = 10
    align: Align = Align.LEFT
    unit: str = ""
    row_header: bool = False


@dataclass(frozen=True)
class HeaderGroup:
    """A head over `span` neighbouring columns; an empty text leaves the place above them free."""

    text: str
    span: int = 1


@dataclass(frozen=True)
class HeadCell:
    """A cell of a table's head as it is drawn: `scope` is "col" or "colgroup"."""

    text: str
    unit: str = ""
    align: Align = Align.CENTER
    colspan: int = 1
    rowspan: int = 1
    scope: str = "col"


@dataclass(frozen=True)
class Row:
    """A table row; `bold` for totals, `heading` for a row that names the group of rows under it."""

    cells: tuple[Cell, ...]
    bold: bool = False
    heading: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose head repeats on every page. Without rows it says the sentence `empty` instead.

    `keep_together` keeps a short table on one page; `break_rows` lets a tall row go on over the
    page. `hide_caption` keeps the caption for screen readers only, where the section's heading already says it.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str
    groups: tuple[HeaderGroup, ...] = ()
    keep_together: bool = False
    hide_caption: bool = False
    break_rows: bool = False

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table has columns")
        if self.groups and sum(group.span for group in self.groups) != len(self.columns):
            raise ValueError("header groups span all columns")
        self._check_spans()

    @property
    def head(self) -> tuple[tuple[HeadCell, ...], ...]:
        """The rows of the head: one, or two where columns are grouped; a column without group reaches over both."""
        plain = tuple(HeadCell(column.header, column.unit, column.align) for column in self.columns)
        if not self.groups:
            return (plain,)
        upper: list[HeadCell] = []
        lower: list[HeadCell] = []
        start = 0
        for group in self.groups:
            under = plain[start : start + group.span]
            start += group.span
            if group.text:
                upper.append(HeadCell(group.text, colspan=group.span, scope="colgroup"))
                lower += under
            else:
                upper += [replace(cell, rowspan=2) for cell in under]
        return tuple(upper), tuple(lower)

    @property
    def shares(self) -> tuple[Decimal, ...]:
        """The width of each column in percent of the table, on a sheet that stands."""
        return self._shares(widths.PORTRAIT)

    @property
    def wide_shares(self) -> tuple[Decimal, ...]:
        """The same on a sheet that lies."""
        return self._shares(widths.LANDSCAPE)

    def _shares(self, sizes: tuple[float, float]) -> tuple[Decimal, ...]:
        total = sum(column.width for column in self.columns)
        texts: list[list[str]] = [[] for _column in self.columns]
        for _row, column, cell in self.placed:
            if cell.colspan == 1:
                texts[column].append(cell.text)
        shares = widths.fitted([100 * column.width / total for column in self.columns], texts, sizes)
        return tuple(Decimal(share).quantize(Decimal("0.1")) for share in shares)

    @property
    def drawn_rows(self) -> tuple[DrawnRow, ...]:
        """The rows with, for each cell, the column it starts in."""
        placed = self.placed
        return tuple(
            DrawnRow(row, tuple((self.columns[column], cell) for at, column, cell in by_row))
            for row, by_row in zip(self.rows, _by_row(placed, len(self.rows)), strict=True)
        )

    def _check_spans(self) -> None:
        held = [0] * len(self.columns)  # rows that a rowspan from above still holds, per column
        for number, row in enumerate(self.rows, 1):
            width = sum(cell.colspan for cell in row.cells) + sum(1 for rest in held if rest)
            if width != len(self.columns):
                raise ValueError(f"row {number} of table {self.caption!r} has {width} of {len(self.columns)} columns")
            held = _held_after(held, row)

    @property
    def placed(self) -> tuple[tuple[int, int, Cell], ...]:
        """Every cell with its row and column number from 0, rowspans counted in."""
        held, found = [0] * len(self.columns), []
        for number, row in enumerate(self.rows):
            found += [(number, column, cell) for column, cell in _columns_of(held, row)]
            held = _held_after(held, row)
        return tuple(found)


@dataclass(frozen=True)
class DrawnRow:
    """A row with its cells, each beside the column that it starts in."""

    row: Row
    cells: tuple[tuple[Column, Cell], ...]


def _by_row(placed: tuple[tuple[int, int, Cell], ...], count: int) -> list[list[tuple[int, int, Cell]]]:
    rows: list[list[tuple[int, int, Cell]]] = [[] for _number in range(count)]
    for found in placed:
        rows[found[0]].append(found)
    return rows


def _columns_of(held: list[int], row: Row) -> list[tuple[int, Cell]]:
    """The cells of `row` with the columns they start in, past those that are held from above."""
    free = [column for column, rest in enumerate(held) if not rest]
    found = []
    for cell in row.cells:
        found.append((free[0], cell))
        free = free[cell.colspan :]
    return found


def _held_after(held: list[int], row: Row) -> list[int]:
    after = [max(0, rest - 1) for rest in held]
    for column, cell in _columns_of(held, row):
        after[column : column + cell.colspan] = [cell.rowspan - 1] * cell.colspan
    return after


@dataclass(frozen=True)
class CheckItem:
    """One box with its text."""

    text: str
    checked: bool = False


@dataclass(frozen=True)
class CheckList:
    """Boxes to tick, drawn (the signs ☐ and ☑ are not in the government font)."""

    kind: ClassVar[str] = "checklist"
    items: tuple[CheckItem, ...]


@dataclass(frozen=True)
class Lines:
    """`count` dotted lines to write on by hand, after an optional label."""

    kind: ClassVar[str] = "lines"
    count: int = 3
    label: str = ""

    @property
    def numbers(self) -> range:
        """1 to `count`, to draw by."""
        return range(1, self.count + 1)


Block = Paragraph | KeyValues | Table | CheckList | Lines


@dataclass(frozen=True)
class Section:
    """A part of a document. An empty heading prints none; `keep_together` keeps a short one on one page."""

    heading: str
    blocks: tuple[Block, ...]
    keep_together: bool = False


@dataclass(frozen=True)
class Signature:
    """A place to sign. Whatever is empty prints as a dotted line to be filled by hand."""

    role: str
    name: str = ""
    position: str = ""
    date: str = ""


@dataclass(frozen=True)
class Document:
    """One printed form, page or book.

    `meta` are the pairs under the title, `footer` the line at the foot of every page (the page numbers are added).
    `thai_digits` shows every digit in Thai; numbers stay numbers in XLSX. `demo` marks every page.
    """

    title: str
    sections: tuple[Section, ...] = ()
    subtitle: str = ""
    orientation: Orientation = Orientation.PORTRAIT
    language: str = "th"
    demo: bool = False
    meta: tuple[tuple[str, str], ...] = ()
    signatures: tuple[Signature, ...] = ()
    footer: str = ""
    thai_digits: bool = field(default=False, kw_only=True)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables in reading order."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Table))
