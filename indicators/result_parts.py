"""What hangs on a result beside its numbers: projects with budgets, and notes by item. One query for both."""

from dataclasses import dataclass, field

from django.db.models import CharField, DecimalField, F, IntegerField, TextField, Value

from indicators.actions import Note
from indicators.models import ProjectLine, Result

MONEY = DecimalField(max_digits=14, decimal_places=2)
COLUMNS = ("part", "place", "title", "money", "used", "text", "more")


@dataclass(frozen=True)
class Parts:
    """The projects in their order, and evidence and remarks by the code of their item."""

    projects: list[ProjectLine] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)


def parts_of(result: Result | None) -> Parts:
    """The parts of a saved result; of none, nothing."""
    if result is None:
        return Parts()
    projects = result.projects.order_by().annotate(
        part=Value("project", CharField()), place=F("position"), title=F("name"), money=F("allocated"),
        used=F("spent"), text=F("source"), more=Value("", TextField()),
    )  # fmt: skip
    notes = result.item_notes.order_by().annotate(
        part=Value("note", CharField()), place=Value(0, IntegerField()), title=F("code"), money=Value(None, MONEY),
        used=Value(None, MONEY), text=F("evidence"), more=F("remark"),
    )  # fmt: skip
    rows = list(projects.values(*COLUMNS).union(notes.values(*COLUMNS), all=True))
    lines = sorted((row for row in rows if row["part"] == "project"), key=lambda row: row["place"])
    return Parts(
        [_line(result, row) for row in lines],
        {row["title"]: Note(row["text"], row["more"]) for row in rows if row["part"] == "note"},
    )


def _line(result: Result, row: dict) -> ProjectLine:
    return ProjectLine(
        result=result, position=row["place"], name=row["title"], allocated=row["money"], spent=row["used"],
        source=row["text"],
    )  # fmt: skip
