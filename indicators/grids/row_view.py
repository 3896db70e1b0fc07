"""One row of a grid and its cells, as they are shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.adapters import target_of
from indicators.cells import counted_verdict
from indicators.entry.answers import Box, boxes_of
from indicators.entry.panel import look_of
from indicators.figures import figure, unit_of
from indicators.grids.actions import Clash, Outcome, encoded
from indicators.grids.cells import Field, shown
from indicators.grids.comments import RowQuestion, questions_of
from indicators.grids.rows import Comeback, GridRow
from indicators.models import Result, ReviewEvent
from indicators.rules import EDITABLE, RoundAccess
from scoring.explanation import State
from scoring.template import ItemKind, Kind
from strategy import clock

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
    def lock(self) -> int:
        return self.outcome.lock if self.outcome else self.row.lock

    @property
    def was(self) -> str:
        return self.outcome.was if self.outcome else encoded(self.row)

    @property
    def lost(self) -> list[tuple[str, str]]:
        """What was typed in cells that the row has no more, by name: it is shown to be copied."""
        if self.outcome is None or self.outcome.typed is None or self.may_enter:
            return []
        typed = self.outcome.typed
        return [(each.label, typed.texts[each.code].strip()) for each in typed.touched(self.row.fields)]

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

    @cached_property
    def questions(self) -> list[RowQuestion]:
        """What is to be answered before the row can be submitted, with the answers."""
        against = self.page.against.get(self.row.key)
        if against is None or self.is_not_applicable:
            return []
        outcome = self.outcome
        if outcome is None or outcome.typed is None:
            return questions_of(self.row, against, {}, {})
        return questions_of(self.row, against, outcome.unexplained, outcome.typed.comments)

    @property
    def boxes(self) -> list[Box]:
        """The same by the boxes in which they are answered."""
        return boxes_of(self.questions)

    @property
    def measure_url(self) -> str:
        """Where a recovery measure for the row is added."""
        return reverse("recovery_add", args=[self.row.access.round.pk]) + self.row.access.query

    @property
    def missing(self) -> str:
        """Key of the badge of a row of which nothing is saved, or nothing is to be seen."""
        access = self.row.access
        if self.state or not access.is_open:
            return ""
        if access.due < clock.today():
            return "not_reported"
        return "" if "extended" in self.standing else "not_yet_due"

    @property
    def url(self) -> str:
        """The row's own entry page; nothing for who only reads."""
        if not self.row.access.is_own:
            return ""
        return reverse("entry", args=[self.row.access.round.pk]) + self.row.access.query

    @cached_property
    def clashing_save(self) -> ReviewEvent | None:
        """The save that a conflict is with: the last one that changed one of its cells; one query."""
        if self.outcome is None or not self.outcome.clashes or self.row.result is None:
            return None
        codes = [clash.code for clash in self.outcome.clashes]
        saves = self.row.result.events.filter(action=ReviewEvent.Action.SAVE).select_related("actor")
        return next((event for event in saves.order_by("-pk") if _changes(event, codes)), None)

    @property
    def owners(self) -> str:
        return ", ".join(unit.label for unit in self.row.access.responsible)


def _changes(event: ReviewEvent, codes: list[str]) -> bool:
    before, after = (side.get("values", {}) for side in (event.before, event.after))
    return any(before.get(code) != after.get(code) for code in codes)


def passed_of(row: GridRow) -> bool | None:
    """Whether a result passes, by the verdict that counts; None where it has no value or may not be seen."""
    result = row.result if row.access.may_see_values else None
    if result is None or result.state != State.COMPUTED:
        return None
    return counted_verdict(row.template.kind, result.passed, result.assessed_passed)
