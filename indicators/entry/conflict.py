"""Two people at the same result: what is in the database now beside what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.actions import Note, Project
from indicators.adapters import data_of
from indicators.entry.forms import BaseProjectFormSet, EntryForm, box_name, note_name
from indicators.models import ProjectLine, Result
from indicators.rules import RoundAccess
from indicators.wording import said
from scoring.numbers import format_number

TEXTS = ("note", "problems", "suggestions")


@dataclass(frozen=True)
class Difference:
    """One line of a conflict: what is in the database now beside what was typed."""

    label: str
    saved: str
    typed: str

    @property
    def differs(self) -> bool:
        return self.saved != self.typed


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved first: who, when, what, and whether one may still write over it."""

    sentence: str
    lines: list[Difference]
    may_overwrite: bool


def conflict_of(
    access: RoundAccess, current: Result, sentence: str, form: EntryForm, projects: BaseProjectFormSet
) -> Conflict:
    """What is in the database now beside what was typed, box by box."""
    lines = [*_numbers(current, form), *_notes(notes_of(current), form)]
    for name, text in texts_of(current).items():
        lines.append(Difference(str(form.fields[name].label), text, form.as_typed_text(name)))
    lines.append(
        Difference(_("โครงการ/กิจกรรม"), _projects_text(current.projects.all()), _projects_text(projects.projects))
    )
    return Conflict(sentence, lines, may_overwrite=access.may_enter)


def texts_of(result: Result | None) -> dict[str, str]:
    return {name: getattr(result, name) if result else "" for name in TEXTS}


def notes_of(result: Result | None) -> dict[str, Note]:
    """Evidence and remarks by item; one query."""
    return {row.code: Note(row.evidence, row.remark) for row in result.item_notes.all()} if result else {}


def _numbers(current: Result, form: EntryForm) -> Iterable[Difference]:
    saved = data_of(current)
    for code in form.codes:
        here = said(form.template, code, saved.get(code))
        yield Difference(str(form[box_name(code)].label), here, form.as_typed(code))


def _notes(saved: Mapping[str, Note], form: EntryForm) -> Iterable[Difference]:
    """Only where something is written on either side: most items have no note."""
    for code in form.noted:
        for part, text in vars(saved.get(code, Note())).items():
            typed = form.as_typed_text(note_name(part, code))
            if text or typed:
                yield Difference(str(form[note_name(part, code)].label), text, typed)


def _projects_text(rows: Iterable[ProjectLine | Project]) -> str:
    """One line a project: its name, allocated / spent, and source."""
    return "\n".join(
        f"{row.name} {format_number(row.allocated)} / {format_number(row.spent)} {row.source}".strip() for row in rows
    )
