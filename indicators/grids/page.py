"""What the page of a grid shows, gathered for its template: columns, lines with their cells, how things stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.adapters import target_of
from indicators.cells import counted_verdict
from indicators.entry.panel import look_of
from indicators.figures import figure, unit_of
from indicators.grids.actions import Clash, Outcome, Report, early_until, encoded
from indicators.grids.cells import Field, shown
from indicators.grids.rows import Grid, GridRow, Heading
from indicators.models import Result
from indicators.naming import title_of
from indicators.rules import EDITABLE, RoundAccess
from scoring.explanation import State
from scoring.template import ItemKind, Kind
from strategy import clock
from strategy.periods import thai_date

MOST_COLUMNS = 4  # a row with more cells than that (steps, a checklist) shows them side by side in one
MOST_CELLS = 8  # with more it is entered on its own page


@dataclass(frozen=True)
class Column:
    """One data item over all rows; where the rows differ, what they have in that place."""

    title: str
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """One box of a row, or what it says to who may only read."""

    row: "RowView"
    field: Field
    text: str
    saved: str
    error: str = ""
    clash: Clash | None = None

    @property
    def name(self) -> str:
        return f"{self.row.row.key}:{self.field.code}"

    @property
    def placeholder(self) -> str:
        """What an empty box says: that it is computed, or its item where the column does not name it."""
        if self.field.derived:
            return _("คำนวณเอง")
        columns = self.row.page.columns
        place = self.row.row.fields.index(self.field)
        return "" if place < len(columns) and columns[place].title == self.field.name else self.field.label

    @property
    def id(self) -> str:
        return f"cell-{self.row.row.key}-{self.field.code}"

    @property
    def label(self) -> str:
        """What a screen reader says: the row, then the item."""
        return f"{self.row.row.code} {self.row.row.name}: {self.field.label}"

    @property
    def is_tick(self) -> bool:
        return self.field.kind is ItemKind.TICK

    @property
    def is_ticked(self) -> bool:
        return self.text == "1"

    @property
    def is_choice(self) -> bool:
        return self.field.kind is ItemKind.CHOICE

    @property
    def is_strange(self) -> bool:
        """A choice that was typed or saved and is none of the words."""
        return bool(self.text) and self.text not in dict(self.field.options)

    @property
    def read(self) -> str:
        """What stands in the cell where nothing can be typed."""
        if self.is_tick:
            return {"1": _("ทำแล้ว"), "0": _("ยังไม่ทำ")}.get(self.saved, "")
        return dict(self.field.options).get(self.saved, self.saved)


@dataclass(frozen=True)
class RowView:
    """One row as it is shown."""

    page: "GridPage"
    row: GridRow
    outcome: Outcome | None = None

    @property
    def access(self) -> RoundAccess:
        return self.row.access

    @property
    def may_enter(self) -> bool:
        return self.row.access.may_enter and not self.is_elsewhere

    @property
    def is_elsewhere(self) -> bool:
        """Too many boxes for a table: it is entered on its own page."""
        return len(self.row.fields) > MOST_CELLS

    @property
    def is_wide(self) -> bool:
        return len(self.row.fields) > len(self.page.columns) or self.row.template.kind is Kind.MILESTONE

    @cached_property
    def cells(self) -> list[Cell]:
        return [self._cell(field) for field in self.row.fields]

    def _cell(self, field: Field) -> Cell:
        saved = shown(field, self.row.data.get(field.code))
        if self.outcome is None:
            return Cell(self, field, saved, saved)
        clash = next((clash for clash in self.outcome.clashes if clash.code == field.code), None)
        text = self.outcome.texts.get(field.code, saved)
        return Cell(self, field, text, saved, self.outcome.errors.get(field.code, ""), clash)

    @property
    def blanks(self) -> range:
        """The columns that this row has no item for."""
        return range(len(self.page.columns) - len(self.row.fields))

    @property
    def was(self) -> str:
        return encoded(self.row)

    @property
    def target(self) -> str:
        return "" if self.row.is_across else target_of(self.row.access.version)

    @property
    def period(self) -> str:
        """The row's own period where it differs from the grid's."""
        label = self.row.access.round.label
        return "" if label == self.page.grid.label else label

    @property
    def result(self) -> Result | None:
        """The result where the person may see it."""
        return self.row.result if self.row.access.may_see_values else None

    @property
    def value(self) -> str:
        """The value, where it says more than the cells do."""
        if self.result is None or self.row.template.kind is Kind.QUALITATIVE:
            return ""
        return figure(self.result.version, self.result.value, self.result.second)

    @property
    def unit(self) -> str:
        return unit_of(self.row.access.version)

    @property
    def look(self) -> str:
        return look_of(self.result) if self.result else ""

    @property
    def passed(self) -> bool | None:
        return passed_of(self.row)

    @property
    def state(self) -> str:
        """Key of the state badge; empty where nothing is saved. What is due stands in the page's head."""
        hidden = self.row.access.status == Result.Status.DRAFT and not self.row.access.may_see_values
        return "" if hidden else str(self.row.access.status or "")

    @property
    def url(self) -> str:
        """The row's own entry page; nothing for who only reads."""
        if not self.row.access.is_own:
            return ""
        return reverse("entry", args=[self.row.access.round.pk]) + self.row.access.query

    @property
    def who(self) -> str:
        """Who saved last, for a conflict."""
        result = self.row.result
        return str(result.entered_by) if result and result.entered_by else ""

    @property
    def owners(self) -> str:
        return ", ".join(unit.label for unit in self.row.access.responsible)


def passed_of(row: GridRow) -> bool | None:
    """Whether a result passes, by the verdict that counts; None where it has no value or may not be seen."""
    result = row.result if row.access.may_see_values else None
    if result is None or result.state != State.COMPUTED:
        return None
    return counted_verdict(row.template.kind, result.passed, result.assessed_passed)


@dataclass(frozen=True)
class Line:
    """One line of the table: a heading, the name of a group, or a row."""

    heading: Heading | None = None
    group: str = ""
    row: RowView | None = None


def _makes_columns(row: GridRow) -> bool:
    """Steps have names of their own and stand side by side in one cell."""
    return row.template.kind is not Kind.MILESTONE and len(row.fields) <= MOST_COLUMNS


@dataclass
class GridPage:
    """A grid for one person, with what became of what they typed."""

    grid: Grid
    outcomes: Mapping[str, Outcome]
    report: Report | None = None
    only_open: bool = False

    @property
    def title(self) -> str:
        return title_of(self.grid.indicator)

    @cached_property
    def columns(self) -> list[Column]:
        shapes = [row.fields for row in self.grid.rows if _makes_columns(row)]
        width = max((len(fields) for fields in shapes), default=1)
        if not shapes:
            return [Column(_("ข้อมูล"))]
        return [self._column([fields[place] for fields in shapes if len(fields) > place]) for place in range(width)]

    @staticmethod
    def _column(fields: list[Field]) -> Column:
        """One name where all rows have the same item, else its letter."""
        names, units, codes = ({getattr(each, part) for each in fields} for part in ("name", "unit", "code"))
        unit = next(iter(units)) if len(units) == 1 else ""
        if len(names) == 1:
            return Column(next(iter(names)), unit)
        if len(codes) == 1:
            return Column(_("รายการ %(code)s") % {"code": next(iter(codes))}, unit)
        return Column(_("ข้อมูล"), unit)

    @property
    def has_targets(self) -> bool:
        return any(view.target for view in self.rows)

    @property
    def has_values(self) -> bool:
        """A yes or no is its own value."""
        return any(row.template.kind is not Kind.QUALITATIVE for row in self.grid.rows)

    @property
    def span(self) -> int:
        """How many columns a line over the whole table has."""
        return len(self.columns) + 4 + self.has_targets + self.has_values

    @cached_property
    def rows(self) -> list[RowView]:
        now = {key: outcome.row for key, outcome in self.outcomes.items()}
        return [RowView(self, now.get(row.key, row), self.outcomes.get(row.key)) for row in self.grid.rows]

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        views = iter(self.rows)
        group = ""
        for line in self.grid.lines:
            if isinstance(line, Heading):
                yield Line(heading=line)
                continue
            view = next(views)
            if self.only_open and not self._is_open(view):
                continue
            if line.group != group and line.group:
                yield Line(group=line.group)
            group = line.group
            yield Line(row=view)

    @staticmethod
    def _is_open(view: RowView) -> bool:
        """Nothing is saved yet, or what was typed was not taken."""
        failed = view.outcome is not None and not view.outcome.is_clean
        return failed or view.row.result is None

    # How things stand

    @cached_property
    def _seen(self) -> list[RowView]:
        """The rows of which the person sees everything; only those are counted."""
        return [view for view in self.rows if view.row.access.may_see_draft]

    @property
    def is_part(self) -> bool:
        return 0 < len(self._seen) < len(self.rows)

    @property
    def saved(self) -> int:
        return sum(view.row.result is not None for view in self._seen)

    @property
    def summary(self) -> str:
        """How things stand, in one sentence."""
        facts = {"saved": self.saved, "all": len(self._seen)}
        head = (
            _("ส่วนของหน่วยงานท่านบันทึกแล้ว %(saved)s จาก %(all)s") if self.is_part else _("บันทึกแล้ว %(saved)s จาก %(all)s")
        )
        return " · ".join([head % facts, *filter(None, [self._verdicts, self._across, *self._statuses])])

    @property
    def _verdicts(self) -> str:
        passed = [view.passed for view in self._seen]
        if all(each is None for each in passed) or self.grid.is_across:
            return ""
        return _("ผ่าน %(yes)s ไม่ผ่าน %(no)s") % {"yes": passed.count(True), "no": passed.count(False)}

    @property
    def _across(self) -> str:
        """Of an indicator measured in many units: how many have reached the level that counts."""
        if not self.grid.is_across:
            return ""
        version = self.grid.rows[0].access.version
        levels = [view.result.level for view in self._seen if view.result and view.result.level is not None]
        reached = sum(level >= (version.across_level or 0) for level in levels)
        facts = {"level": version.across_level, "count": reached, "target": target_of(version)}
        return _("ได้ระดับ %(level)s ขึ้นไป %(count)s แห่ง (เป้าหมาย %(target)s)") % facts

    @property
    def _statuses(self) -> list[str]:
        status = [view.row.access.status for view in self._seen]
        kinds = [
            (Result.Status.RETURNED, _("ส่งกลับให้แก้ไข %(count)s")),
            (Result.Status.SUBMITTED, _("รอตรวจสอบ %(count)s")),
            (Result.Status.APPROVED, _("อนุมัติแล้ว %(count)s")),
        ]
        return [text % {"count": status.count(kind)} for kind, text in kinds if status.count(kind)]

    @property
    def due(self) -> str:
        """The due day where all rows have the same one."""
        days = {row.access.round.due for row in self.grid.rows}
        return thai_date(next(iter(days)), long=True) if len(days) == 1 else ""

    @property
    def is_late(self) -> bool:
        today = clock.today()
        return any(row.access.round.due < today and row.access.status in EDITABLE for row in self.grid.rows)

    @property
    def owners(self) -> str:
        """The responsible units, where all rows have the same ones."""
        found = {view.owners for view in self.rows}
        return next(iter(found)) if len(found) == 1 else ""

    # What can be done

    @property
    def may_enter(self) -> bool:
        return any(view.may_enter for view in self.rows)

    @property
    def may_submit(self) -> bool:
        return any(view.row.access.may_submit for view in self.rows)

    @property
    def early_until(self) -> str:
        """When the round ends, where submitting now would be early; empty where it has ended."""
        return early_until(self.grid)

    @property
    def reader_note(self) -> str:
        """Why nothing can be typed; empty where something can."""
        if self.may_enter:
            return ""
        if not any(view.row.access.is_own for view in self.rows):
            return _("ท่านดูตารางนี้ได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน")
        if not any(view.row.access.has_begun for view in self.rows):
            return _("งวดนี้ยังไม่เริ่ม บันทึกได้เมื่อถึงงวด")
        return _("ไม่มีรายการที่แก้ไขได้ในขณะนี้ รายการที่ส่งแล้วแก้ไขได้เมื่อถอนกลับมาหรือผู้ตรวจสอบส่งกลับ")

    @property
    def failed(self) -> list[RowView]:
        """The rows of which something was not saved."""
        return [view for view in self.rows if view.outcome is not None and not view.outcome.is_clean]

    @property
    def count_saved_now(self) -> int:
        return sum(bool(outcome.saved) for outcome in self.outcomes.values())
