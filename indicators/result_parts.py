"""What hangs on a result beside its numbers: projects, notes by item, evidence, comments, recovery measures.

One query for all of them: the pages that show a result have none to spare.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from indicators.actions import Note
from indicators.evidence.lines import CommentLine, EvidenceLine, name_of
from indicators.models import Comment, Evidence, ItemNote, ProjectLine, RecoveryMeasure, Result
from indicators.recovery.queries import MeasureLine, measures_for

# What each part has of: texts, amounts, numbers, and when. What a part has not is null.
TYPES: dict[str, Any] = {
    "title": CharField(max_length=1000),
    "text": TextField(),
    "more": TextField(),
    "kind": CharField(max_length=120),
    "who": CharField(max_length=400),
    "money": DecimalField(max_digits=14, decimal_places=2),
    "used": DecimalField(max_digits=14, decimal_places=2),
    "key": BigIntegerField(),
    "number": BigIntegerField(),
    "at": DateTimeField(),
    "day": DateField(),
    "until": DateField(),
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """The projects in their order, evidence and remarks by the code of their item, and what stands beside."""

    projects: list[ProjectLine] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)
    evidence: tuple[EvidenceLine, ...] = ()
    comments: tuple[CommentLine, ...] = ()
    measures: tuple[MeasureLine, ...] = ()


def parts_of(result: Result | None) -> Parts:
    """The parts of a saved result, with open measures of its indicator's other rounds; of none, nothing."""
    if result is None:
        return Parts()
    return _parts(_rows(_queries([result.pk], measures_for(result))))


def parts_by_result(results: Iterable[Result]) -> dict[int, Parts]:
    """The parts of many results by their keys, each with its own measures; one query for all."""
    pks = [result.pk for result in results]
    found: dict[int, list[Row]] = {pk: [] for pk in pks}
    for row in _rows(_queries(pks, RecoveryMeasure.objects.filter(result__in=pks))) if pks else ():
        found[row["of"]].append(row)
    return {pk: _parts(rows) for pk, rows in found.items()}


def _rows(queries: Iterator[QuerySet]) -> list[Row]:
    first, *others = queries
    columns = first.union(*others, all=True)
    return [{name.removeprefix("a_"): value for name, value in row.items()} for row in columns]


def _parts(found: Iterable[Row]) -> Parts:
    rows: dict[str, list[Row]] = {}
    for row in found:
        rows.setdefault(row["part"], []).append(row)
    return Parts(
        [_project(row) for row in _sorted(rows.get("project", []), "number")],
        {row["title"]: Note(row["text"], row["more"]) for row in rows.get("note", [])},
        tuple(_evidence(row) for row in _sorted(rows.get("evidence", []), "key")),
        tuple(_comment(row) for row in _sorted(rows.get("comment", []), "key")),
        tuple(_measure(row) for row in _sorted(rows.get("measure", []), "day", "key")),
    )


def _queries(results: list[int], measures: QuerySet[RecoveryMeasure]) -> Iterator[QuerySet]:
    """One query for each part; the first gives the columns of all their types."""
    yield _columns(
        ProjectLine.objects.filter(result__in=results), "project", number=F("position"), title=F("name"),
        money=F("allocated"), used=F("spent"), text=F("source"),
    )  # fmt: skip
    notes = ItemNote.objects.filter(result__in=results)
    yield _columns(notes, "note", title=F("code"), text=F("evidence"), more=F("remark"))
    yield _columns(
        Evidence.objects.filter(result__in=results, removed_at__isnull=True), "evidence", key=F("pk"), kind=F("kind"),
        title=F("description"), text=F("name"), more=F("link"), number=F("size"), at=F("added_at"),
        who=name_of("added_by"),
    )  # fmt: skip
    comments = Comment.objects.filter(result__in=results)
    yield _columns(comments, "comment", key=F("pk"), text=F("text"), at=F("at"), who=name_of("author"))
    yield _columns(
        measures, "measure", key=F("pk"), kind=F("status"), title=F("who"), text=F("what"), day=F("by_when"),
        number=F("result__round"), until=F("result__round__end"),
    )  # fmt: skip


def _columns(rows: QuerySet, part: str, **known: Combinable) -> QuerySet:
    """The rows with the same columns as those of every other part; they are not called like the table's own."""
    nothing = {name: Cast(Value(None), kind) for name, kind in TYPES.items()}
    columns = {f"a_{name}": column for name, column in (nothing | known).items()}
    return rows.order_by().values(a_part=Value(part, CharField()), a_of=F("result"), **columns)


def _sorted(rows: Iterable[Row], *names: str) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(row[name] for name in names))


def _project(row: Row) -> ProjectLine:
    return ProjectLine(
        result_id=row["of"], position=row["number"], name=row["title"], allocated=row["money"], spent=row["used"],
        source=row["text"],
    )  # fmt: skip


def _evidence(row: Row) -> EvidenceLine:
    facts = {"description": row["title"], "name": row["text"], "link": row["more"], "size": row["number"]}
    return EvidenceLine(pk=row["key"], kind=row["kind"], who=row["who"], at=row["at"], **facts)


def _comment(row: Row) -> CommentLine:
    return CommentLine(pk=row["key"], text=row["text"], who=row["who"], at=row["at"])


def _measure(row: Row) -> MeasureLine:
    facts = {"what": row["text"], "who": row["title"], "by_when": row["day"], "status": row["kind"]}
    return MeasureLine(pk=row["key"], round=row["number"], round_end=row["until"], **facts)
