"""What a page of rows shows, gathered for its template: lines with their cells, how things stand, what can be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from indicators.adapters import target_of
from indicators.grids.actions import Outcome, Report, early_until
from indicators.grids.cells import Field
from indicators.grids.row_view import RowView
from indicators.grids.rows import Grid, GridRow, Heading, Rows
from indicators.models import Result
from indicators.naming import title_of
from indicators.pasts import Background, key_of, pasts_of
from indicators.rules import EDITABLE
from scoring.template import Kind
from strategy import clock
from strategy.periods import thai_date

MOST_COLUMNS = 4  # a row with more cells than that (steps, a checklist) shows them side by side in one


@dataclass(frozen=True)
class Column:
    """One data item over all rows; where the rows differ, what they have in that place."""

    title: str
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the table: a heading, the name of a group, or a row; `more` is what a page puts there besides."""

    heading: Heading | None = None
    group: str = ""
    row: RowView | None = None
    more: Any = None


@dataclass
class RowsPage:
    """Rows for one person, with what became of what they typed."""

    source: Rows
    outcomes: Mapping[str, Outcome]
    report: Report | None = None
    only_open: bool = False

    view_of = RowView
    has_values = True
    leads_to_rows = False  # what could not be submitted is mended on the page itself

    @property
    def label(self) -> str:
        """The period that most rows have."""
        return ""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the cells; without any each row names its own."""
        return ()

    @cached_property
    def rows(self) -> list[RowView]:
        now = {key: outcome.row for key, outcome in self.outcomes.items()}
        return [self.view_of(self, now.get(row.key, row), self.outcomes.get(row.key)) for row in self.source.rows]

    def view(self, key: str) -> RowView:
        return next(view for view in self.rows if view.row.key == key)

    def shows(self, view: RowView) -> bool:
        """All rows, or those of which something is lacking still or was not taken."""
        failed = view.outcome is not None and not view.outcome.is_clean
        return not self.only_open or failed or not view.row.is_complete

    @property
    def query(self) -> str:
        """What follows the page's address where it does not show what it shows by itself."""
        return "?open=1" if self.only_open else ""

    @cached_property
    def against(self) -> dict[str, Background]:
        """What the numbers of the rows are held against that the person's unit may still submit; one query."""
        own = (view.row for view in self.rows if view.row.access.is_own)
        rows = [row for row in own if row.result and row.access.is_open and row.access.status in EDITABLE]
        pasts = pasts_of(row.access for row in rows)
        return {row.key: Background(pasts[key_of(row.access)], row.has_measure) for row in rows}

    # How things stand

    @cached_property
    def seen(self) -> list[RowView]:
        """The rows of which the person sees everything; only those are counted."""
        return [view for view in self.rows if view.row.access.may_see_draft]

    @property
    def is_part(self) -> bool:
        return 0 < len(self.seen) < len(self.rows)

    @property
    def saved(self) -> int:
        return sum(view.row.result is not None for view in self.seen)

    @property
    def statuses(self) -> list[str]:
        """How many came back, wait or are approved, where there are any."""
        status = [view.row.access.status for view in self.seen]
        kinds = [
            (Result.Status.RETURNED, _("ส่งกลับให้แก้ไข %(count)s")),
            (Result.Status.SUBMITTED, _("รอตรวจสอบ %(count)s")),
            (Result.Status.APPROVED, _("อนุมัติแล้ว %(count)s")),
        ]
        return [text % {"count": status.count(kind)} for kind, text in kinds if status.count(kind)]

    @property
    def is_late(self) -> bool:
        """Something that could still be sent is overdue."""
        rows = (view.row.access for view in self.rows)
        return any(row.due < clock.today() and row.is_open and row.status in EDITABLE for row in rows)

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
        return early_until(self.source)

    @property
    def reader_note(self) -> str:
        """Why nothing can be typed; empty where something can, be it on a row's own page."""
        if any(view.row.access.may_enter for view in self.rows):
            return ""
        own = [view.row.access for view in self.rows if view.row.access.is_entered]
        if not own:
            return _("ท่านดูตารางนี้ได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน")
        if all(access.is_closed for access in own):
            return _("งวดนี้ปิดแล้ว ตัวเลขแก้ไขไม่ได้ ถ้าจำเป็นต้องแก้ ขอให้หน่วยงานที่ตรวจสอบผลงานเปิดงวดใหม่พร้อมเหตุผล")
        if not any(access.has_begun for access in own):
            return _("งวดนี้ยังไม่เริ่ม บันทึกได้เมื่อถึงงวด")
        if any(access.is_locked and access.status in EDITABLE for access in own):
            return _("เลยวันปิดรับผลงานแล้ว ถ้ายังต้องส่ง ขอให้หน่วยงานที่ตรวจสอบผลงานขยายเวลาให้")
        return _("ไม่มีรายการที่แก้ไขได้ในขณะนี้ รายการที่ส่งแล้วแก้ไขได้เมื่อถอนกลับมาหรือผู้ตรวจสอบส่งกลับ")

    @property
    def failed(self) -> list[RowView]:
        """The rows of which something was not saved."""
        return [view for view in self.rows if view.outcome is not None and not view.outcome.is_clean]

    @property
    def count_saved_now(self) -> int:
        return sum(outcome.is_written for outcome in self.outcomes.values())


def _makes_columns(row: GridRow) -> bool:
    """Steps have names of their own and stand side by side in one cell."""
    return row.template.kind is not Kind.MILESTONE and len(row.fields) <= MOST_COLUMNS


def _query(only_open: bool, shows_others: bool) -> str:
    asked = [*(["open=1"] if only_open else []), *(["all=1"] if shows_others else [])]
    return f"?{'&'.join(asked)}" if asked else ""


@dataclass
class GridPage(RowsPage):
    """A grid for one person; with `only_own` who sees a part of its rows is shown that part alone."""

    only_own: bool = False

    def shows(self, view: RowView) -> bool:
        return super().shows(view) and (view.row.access.may_see_draft or not self.is_narrowed)

    @property
    def is_narrowed(self) -> bool:
        return self.only_own and self.is_part

    @property
    def shows_others(self) -> bool:
        return self.is_part and not self.only_own

    @property
    def query(self) -> str:
        return _query(self.only_open, self.shows_others)

    @property
    def query_of_open(self) -> str:
        """Of the same rows what is still open, or again all."""
        return _query(not self.only_open, self.shows_others)

    @property
    def query_of_others(self) -> str:
        """With the rows of other units, or again without."""
        return _query(self.only_open, not self.shows_others)

    @property
    def grid(self) -> Grid:
        assert isinstance(self.source, Grid)  # noqa: S101 - what it is made of
        return self.source

    @property
    def label(self) -> str:
        return self.grid.label

    @property
    def title(self) -> str:
        return title_of(self.grid.indicator)

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
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

    @cached_property
    def has_targets(self) -> bool:
        """Asked in every row, like the next one."""
        return any(view.target for view in self.rows)

    @cached_property
    def has_values(self) -> bool:  # type: ignore[override]
        """A yes or no is its own value."""
        return any(row.template.kind is not Kind.QUALITATIVE for row in self.grid.rows)

    @property
    def span(self) -> int:
        """How many columns a line over the whole table has."""
        return len(self.columns) + 4 + self.has_targets + self.has_values

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        views = iter(self.rows)
        group, heading = "", None
        for line in self.grid.lines:
            if isinstance(line, Heading):
                heading = line
                if not self.is_narrowed:
                    yield Line(heading=heading)
                continue
            view = next(views)
            if not self.shows(view):
                continue
            if heading and self.is_narrowed:
                yield Line(heading=heading)
            heading = None
            if line.group != group and line.group:
                yield Line(group=line.group)
            group = line.group
            yield Line(row=view)

    @property
    def summary(self) -> str:
        """How things stand, in one sentence."""
        facts = {"saved": self.saved, "all": len(self.seen)}
        head = (
            _("ส่วนของหน่วยงานท่านบันทึกแล้ว %(saved)s จาก %(all)s") if self.is_part else _("บันทึกแล้ว %(saved)s จาก %(all)s")
        )
        return " · ".join([head % facts, *filter(None, [self._verdicts, self._across, *self.statuses])])

    @property
    def _verdicts(self) -> str:
        passed = [view.passed for view in self.seen]
        if all(each is None for each in passed) or self.grid.is_across:
            return ""
        return _("ผ่าน %(yes)s ไม่ผ่าน %(no)s") % {"yes": passed.count(True), "no": passed.count(False)}

    @property
    def _across(self) -> str:
        """Of an indicator measured in many units: how many have reached the level that counts."""
        if not self.grid.is_across:
            return ""
        version = self.grid.rows[0].access.version
        levels = [view.result.level for view in self.seen if view.result and view.result.level is not None]
        reached = sum(level >= (version.across_level or 0) for level in levels)
        facts = {"level": version.across_level, "count": reached, "target": target_of(version)}
        return _("ได้ระดับ %(level)s ขึ้นไป %(count)s แห่ง (เป้าหมาย %(target)s)") % facts

    @property
    def due(self) -> str:
        """The due day where all rows have the same one, with the time that was granted."""
        days = {row.access.due for row in self.grid.rows}
        return thai_date(next(iter(days)), long=True) if len(days) == 1 else ""

    @property
    def owners(self) -> str:
        """The responsible units, where all rows have the same ones."""
        found = {view.owners for view in self.rows}
        return next(iter(found)) if len(found) == 1 else ""
