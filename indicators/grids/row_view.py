"""One row of a grid and its cells, as they are shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.adapters import target_of
from indicators.cells import counted_verdict
from indicators.entry.panel import look_of
from indicators.figures import figure, unit_of
from indicators.grids.actions import Clash, Outcome, encoded
from indicators.grids.cells import Field, shown
from indicators.grids.rows import Comeback, GridRow
from indicators.models import Result
from indicators.rules import EDITABLE, RoundAccess
from scoring.explanation import State
from scoring.template import ItemKind, Kind

MOST_CELLS = 8  # a row with more is entered on its own page


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
        if self.row.labels_cells:
            return ""
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
    def short_label(self) -> str:
        """Row and item in few words, for a list."""
        row = self.row.row
        return f"{row.name if row.is_across else row.code}: {self.field.label}"

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

    page: Any  # the RowsPage that it stands on
    row: GridRow
    outcome: Outcome | None = None

    labels_cells = False  # each cell says beside its box what it is

    @property
    def access(self) -> RoundAccess:
        return self.row.access

    @property
    def may_enter(self) -> bool:
        return self.row.access.may_enter and not (self.is_elsewhere or self.is_not_applicable)

    @property
    def is_not_applicable(self) -> bool:
        """Marked as a whole, with its reason, on its own page, where the mark can be taken back."""
        return self.result is not None and self.result.is_not_applicable

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
        return "" if label == self.page.label else label

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
    def standing(self) -> list[str]:
        """Keys of the badges that say what the calendar says of this row alone."""
        access = self.row.access
        waits = access.status in EDITABLE
        found = {
            "cancelled": access.is_cancelled,
            "closed": access.is_closed,
            "locked": waits and access.is_open and access.is_locked,
            "extended": waits and access.is_open and not access.is_locked and access.due > access.round.due,
        }
        return [key for key, holds in found.items() if holds]

    @property
    def comeback(self) -> Comeback | None:
        """Why the row was sent back or opened again, where that is still to be dealt with."""
        return self.row.comeback if self.row.access.is_own else None

    @property
    def warnings(self) -> list[str]:
        """What the row's page asks to be answered; a grid says it when it is submitted."""
        return []

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
