"""One POST of the entry page, read: every box, and what of it can be saved."""

from decimal import Decimal
from functools import cached_property

from django.forms import BooleanField
from django.http import QueryDict

from indicators.actions import Entry, Note
from indicators.entry.answers import Answers, answers_in
from indicators.entry.forms import BaseProjectFormSet, EntryForm, ProjectFormSet, box_name, note_name
from indicators.entry.ground import Ground
from indicators.entry.panel import Given, Panel, assessment_of, panel_of
from indicators.entry.saved import TEXTS, content_of, entry_of
from indicators.models import Result

REASON = "not_applicable_reason"
NO_LOCK = -1  # a lock that no result has


class Posted:
    """What came in for one round, and the save count that the page showed."""

    def __init__(self, post: QueryDict, ground: Ground) -> None:
        self.ground = ground
        self.form = EntryForm(ground.template, post)
        self.projects: BaseProjectFormSet = ProjectFormSet(post, prefix="projects")
        self.answers: Answers = answers_in(post)
        self.lock = lock_in(post)
        self.is_valid = all([self.form.is_valid(), self.projects.is_valid(), not self.answers.errors])

    @cached_property
    def panel(self) -> Panel:
        """What the typed numbers come to."""
        access = self.ground.access
        given = Given(self.answers, self.form.is_not_applicable, self.form.cleaned_data.get(REASON, ""))
        against, assessed = self.ground.background, assessment_of(access.result)
        return panel_of(
            self.ground.template, self.form.numbers, access.round, given, self.form.sentences, assessed, against
        )

    @cached_property
    def _saved(self) -> Entry:
        return entry_of(self.ground.access.result)

    @property
    def entry(self) -> Entry:
        """What can be saved: a box that is wrong keeps what is saved, the answer to other numbers falls away."""
        answered = [question for question in self.panel.questions if question.acknowledged]
        not_applicable, reason = self._not_applicable
        return Entry(
            data={code: self._number(code) for code in self.form.codes},
            **{name: self._text(name) for name in TEXTS},
            projects=tuple(self.projects.projects) if self.projects.is_valid() else self._saved.projects,
            acknowledged=tuple(question.key for question in answered),
            notes=self._notes,
            comments={question.key: question.comment for question in answered if question.comment},
            not_applicable=not_applicable,
            not_applicable_reason=reason,
        )

    def _number(self, code: str) -> Decimal | None:
        return self._saved.data.get(code) if box_name(code) in self.form.errors else self.form.numbers[code]

    def _text(self, name: str) -> str:
        text: str = getattr(self._saved, name) if name in self.form.errors else self.form.cleaned_data[name]
        return text

    @property
    def _notes(self) -> dict[str, Note]:
        names = ((code, note_name(part, code)) for code in self.form.noted for part in vars(Note()))
        wrong = {code for code, name in names if name in self.form.errors}
        typed = {code: note for code, note in self.form.notes.items() if code not in wrong}
        return typed | {code: self._saved.notes[code] for code in wrong if code in self._saved.notes}

    @property
    def _not_applicable(self) -> tuple[bool, str]:
        if REASON in self.form.errors:
            return self._saved.not_applicable, self._saved.not_applicable_reason
        return self.form.is_not_applicable, self.form.cleaned_data[REASON]

    @property
    def is_blank(self) -> bool:
        """Nothing was typed, or all of it was taken back: there is no draft to make of it."""
        empty = Entry(data={code: number for code, number in self.entry.data.items() if number == 0})
        ticks = all(isinstance(self.form.fields[box_name(code)], BooleanField) for code in empty.data)
        return ticks and content_of(self.entry) == content_of(empty)

    def says_the_same(self, result: Result) -> bool:
        """As what is saved."""
        return content_of(self.entry) == content_of(entry_of(result))


def lock_in(post: QueryDict) -> int:
    """The save count that the page showed; what is no number fits no result."""
    text = post.get("lock", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_LOCK
