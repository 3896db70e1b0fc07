"""Two people at the same result: what is in the database now beside what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.actions import Note, Project
from indicators.adapters import data_of
from indicators.entry.answers import Answers
from indicators.entry.forms import BaseProjectFormSet, EntryForm, box_name, note_name
from indicators.entry.saved import notes_of, texts_of
from indicators.models import ProjectLine, Result
from indicators.questions import subject_of
from indicators.rules import RoundAccess
from indicators.wording import said
from scoring.numbers import format_number


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
    access: RoundAccess,
    current: Result,
    sentence: str,
    form: EntryForm,
    projects: BaseProjectFormSet,
    answers: Answers,
) -> Conflict:
    """What is in the database now beside what was typed, box by box."""
    lines = [*_numbers(current, form), *_not_applicable(current, form), *_notes(notes_of(current), form)]
    for name, text in texts_of(current).items():
        lines.append(Difference(str(form.fields[name].label), text, form.as_typed_text(name)))
    lines.append(
        Difference(_("โครงการ/กิจกรรม"), _projects_text(current.projects.all()), _projects_text(projects.projects))
    )
    lines += _comments(current.warning_comments, answers.comments)
    return Conflict(sentence, lines, may_overwrite=access.may_enter)


def _numbers(current: Result, form: EntryForm) -> Iterable[Difference]:
    saved = data_of(current)
    for code in form.codes:
        here = said(form.template, code, saved.get(code))
        yield Difference(str(form[box_name(code)].label), here, form.as_typed(code))


def _not_applicable(current: Result, form: EntryForm) -> Iterable[Difference]:
    """Only where one of the two says so."""
    typed = form.as_typed_text("not_applicable_reason")
    is_typed = bool(form["not_applicable"].value())
    if current.is_not_applicable or is_typed:
        label = str(form.fields["not_applicable"].label)
        yield Difference(label, _marked(current.is_not_applicable), _marked(is_typed))
    if current.not_applicable_reason or typed:
        yield Difference(str(form.fields["not_applicable_reason"].label), current.not_applicable_reason, typed)


def _marked(yes: bool) -> str:
    return _("ใช่") if yes else ""


def _notes(saved: Mapping[str, Note], form: EntryForm) -> Iterable[Difference]:
    """Only where something is written on either side: most items have no note."""
    for code in form.noted:
        for part, text in vars(saved.get(code, Note())).items():
            typed = form.as_typed_text(note_name(part, code))
            if text or typed:
                yield Difference(str(form[note_name(part, code)].label), text, typed)


def _comments(saved: Mapping[str, str], typed: Mapping[str, str]) -> Iterable[Difference]:
    """The comments beside warnings, of whichever numbers they are."""
    for key in dict.fromkeys([*saved, *typed]):
        here, there = saved.get(key, ""), typed.get(key, "")
        if here or there:
            yield Difference(_("คำอธิบาย: %(subject)s") % {"subject": subject_of(key)}, here, there)


def _projects_text(rows: Iterable[ProjectLine | Project]) -> str:
    """One line a project: its name, allocated / spent, and source."""
    return "\n".join(
        f"{row.name} {format_number(row.allocated)} / {format_number(row.spent)} {row.source}".strip() for row in rows
    )
