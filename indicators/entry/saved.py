"""What is saved of a result, as what one save carries: the ground that a save of a part stands on."""

from decimal import Decimal

from indicators.actions import Entry, Note, Project
from indicators.adapters import data_of
from indicators.models import ProjectLine, Result

TEXTS = ("note", "problems", "suggestions")


def entry_of(result: Result | None) -> Entry:
    """Everything that is saved; saving it again changes nothing."""
    if result is None:
        return Entry(data={})
    return Entry(
        data=data_of(result),
        **texts_of(result),
        projects=tuple(project_of(line) for line in result.projects.all()),
        acknowledged=tuple(result.acknowledged),
        notes=notes_of(result),
        comments=dict(result.warning_comments),
        not_applicable=result.is_not_applicable,
        not_applicable_reason=result.not_applicable_reason,
    )


def texts_of(result: Result | None) -> dict[str, str]:
    return {name: getattr(result, name) if result else "" for name in TEXTS}


def notes_of(result: Result | None) -> dict[str, Note]:
    """Evidence and remarks by item; one query."""
    return {row.code: Note(row.evidence, row.remark) for row in result.item_notes.all()} if result else {}


def project_of(line: ProjectLine) -> Project:
    return Project(line.name, line.allocated, line.spent, line.source)


def content_of(entry: Entry) -> tuple[object, ...]:
    """What two saves have alike that say the same: numbers that were given, texts, notes, projects, answers."""
    numbers: dict[str, Decimal] = {code: value for code, value in entry.data.items() if value is not None}
    notes = {code: note for code, note in entry.notes.items() if note != Note()}
    comments = {key: text.strip() for key, text in entry.comments.items() if text.strip()}
    answers = ({*entry.acknowledged, *comments}, comments)
    reason = entry.not_applicable_reason.strip()
    texts = (entry.note, entry.problems, entry.suggestions, entry.not_applicable, reason)
    return (numbers, notes, answers, texts, tuple(entry.projects))
