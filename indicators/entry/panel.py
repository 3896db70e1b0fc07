"""The score panel: what the typed numbers come to, and why, ready for reading. Nothing here is saved."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.actions import LARGEST, is_assessed
from indicators.entry.answers import PREFIX, TICKS, Answers, Box, box_id, boxes_of
from indicators.figures import measured
from indicators.models import Result, Round
from indicators.pasts import NOTHING, Background
from indicators.questions import (
    NO_RECOVERY,
    TICKED,
    UNFINISHED,
    is_answered,
    questions,
    score_for,
    subject_of,
    warning_key,
)
from indicators.subtotals import missing_text, total_text
from indicators.wording import step_states
from scoring.explain import Explanation, Score, State, Warning_
from scoring.numbers import format_number
from scoring.score import year_of_rounds
from scoring.template import Accumulation, Kind, Template
from strategy.models import User

MUCH_TO_READ = 400  # characters
# How a result without a level looks (kpitrack_tags.STATES).
LOOKS = {
    State.NO_CASES: "no_cases",
    State.CANNOT_COMPUTE: "cannot_compute",
    State.UNREADABLE: "cannot_compute",
    State.INCOMPLETE: "incomplete",
    State.NOT_APPLICABLE: "not_applicable",
}


def look_of(result: Result) -> str:
    """The state that stands in place of a saved result's level; empty where a value has no bands to be read by."""
    return LOOKS.get(State(result.state), "")


@dataclass(frozen=True)
class Question:
    """A warning about these numbers that the person who submits answers: by a tick, or by a comment."""

    key: str
    code: str
    message: str
    acknowledged: bool
    comment: str = ""
    error: str = ""
    box: str = ""  # the name of the box that the comment came in

    @property
    def is_ticked(self) -> bool:
        """A tick is enough."""
        return self.code in TICKED

    @property
    def asks_measure(self) -> bool:
        """Adding a recovery measure answers it as well."""
        return self.code == NO_RECOVERY

    @property
    def name(self) -> str:
        return TICKS if self.is_ticked else f"{PREFIX}{self.key}"

    @property
    def id(self) -> str:
        return box_id(self.key)

    @property
    def beside(self) -> Hashable:
        """What has a box together: what was answered alike; and where it is being typed, what was one box then."""
        if self.is_ticked or self.asks_measure:
            return self.key
        return (self.box, "") if self.box else ("", self.comment)


@dataclass(frozen=True)
class Assessment:
    """What a reviewer says beside the computed score."""

    level: Decimal | None
    passed: bool | None
    reason: str
    by: User
    at: datetime


def assessment_of(result: Result | None) -> Assessment | None:
    """The reviewer's assessment of a result, where there is one. It asks for the person."""
    if result is None or not is_assessed(result) or result.assessed_by is None or result.assessed_at is None:
        return None
    passed, reason = result.assessed_passed, result.assessed_reason
    return Assessment(result.assessed_level, passed, reason, result.assessed_by, result.assessed_at)


@dataclass(frozen=True)
class Panel:
    """Value, level and pass of what was typed, what the next level needs, and the whole explanation."""

    score: Score
    questions: tuple[Question, ...]
    doubts: tuple[str, ...]  # warnings that nobody can acknowledge away, such as an unreadable criterion
    errors: tuple[str, ...] = ()  # boxes that could not be read
    touched: bool = True  # something was typed
    total: str = ""  # what a checklist comes to so far
    lacking: str = ""  # which of its items have no marks yet
    states: tuple[str, ...] = ()  # steps that do not count as one would expect
    assessed: Assessment | None = None
    year: Score | None = None  # the year so far, with this round's numbers
    reason: str = ""  # why the KPI does not concern the unit

    @property
    def boxes(self) -> list[Box]:
        return boxes_of(self.questions)

    @property
    def is_applicable(self) -> bool:
        return self.score.state is not State.NOT_APPLICABLE

    @property
    def too_large(self) -> bool:
        return self.score.value is not None and abs(self.score.value) >= LARGEST

    @property
    def has_value(self) -> bool:
        return self.score.value is not None and not self.too_large

    @property
    def level(self) -> Decimal | None:
        return None if self.too_large else self.score.level

    @property
    def word(self) -> str:
        """What the template calls the level (ดีมาก); empty where it has no words."""
        return "" if self.level is None else dict(self.score.template.words).get(int(self.level), "")

    @property
    def passed(self) -> bool | None:
        return None if self.too_large else self.score.passed

    @property
    def look(self) -> str:
        """The state that stands where there is no level; empty where a value has no bands to be read by."""
        return LOOKS[State.CANNOT_COMPUTE] if self.too_large else LOOKS.get(self.score.state, "")

    @property
    def message(self) -> str:
        """Why there is no score; empty where there is one."""
        if self.too_large:
            return _("ผลคำนวณใหญ่เกินกว่าจะบันทึกได้ กรุณาตรวจหน่วยของตัวเลขที่พิมพ์")
        return self.lacking or self.score.message

    @property
    def value_text(self) -> str:
        """ "168.00", for a pair "76.40 : 23.60"."""
        shown = [number for number in (self.score.value, self.score.second) if number is not None]
        return " : ".join(format_number(number, max(0, -int(number.as_tuple().exponent))) for number in shown)

    @property
    def year_text(self) -> str:
        """The year so far with its unit: "ร้อยละ 21.91"; empty where it says nothing more."""
        return measured(self.year.template, self.year.value, self.year.second) if self.year else ""

    @property
    def explanation(self) -> Explanation:
        return self.score.explanation

    @property
    def is_brief(self) -> bool:
        """Few words are read of the items, so the explanation may stand open; long items stand on the page anyway."""
        return sum(len(row.name) for row in self.explanation.inputs) <= MUCH_TO_READ

    @property
    def next_step(self) -> str:
        """What the next level up needs; empty on top, or where there is no level."""
        return "" if self.too_large else self.explanation.next_step

    @property
    def is_top(self) -> bool:
        return self.level is not None and not self.next_step

    @property
    def unanswered(self) -> int:
        """How many warnings still wait for an answer."""
        return sum(not question.acknowledged for question in self.questions)

    @property
    def is_complete(self) -> bool:
        """Nothing is left to type or to answer: it can be submitted."""
        scored = self.score.state not in UNFINISHED
        return scored and not self.errors and not self.unanswered


@dataclass(frozen=True)
class Given:
    """What was said besides the numbers: answers to warnings, and whether the KPI concerns the unit at all."""

    answers: Answers = field(default_factory=Answers)
    not_applicable: bool = False
    reason: str = ""


def given_in(result: Result | None) -> Given:
    """What is saved of it."""
    if result is None:
        return Given()
    answers = Answers(frozenset(result.acknowledged), result.warning_comments)
    return Given(answers, result.is_not_applicable, result.not_applicable_reason)


def panel_of(
    template: Template,
    data: Mapping[str, Decimal | None],
    round_: Round,
    given: Given | None = None,
    errors: Collection[str] = (),
    assessed: Assessment | None = None,
    against: Background = NOTHING,
) -> Panel:
    """The panel of one round's numbers. It raises nothing, also where the template is unreadable."""
    given = given or Given()
    score = score_for(template, data, not_applicable=given.not_applicable)
    applies = not given.not_applicable
    touched = given.not_applicable or any(value is not None for value in data.values())
    asked = questions(template, data, round_, against, score) if touched else ()
    known = {warning.message for warning in asked}
    return Panel(
        score=score,
        questions=tuple(_question(warning, data, given.answers) for warning in asked),
        doubts=tuple(w.message for w in score.warnings if w.message not in known and w.code != "out_of_bounds"),
        errors=tuple(errors),
        touched=touched,
        total=total_text(template, data) if touched and applies else "",
        lacking=missing_text(template, data) if score.state is State.INCOMPLETE else "",
        states=tuple(step_states(template, data).values()) if applies else (),
        assessed=assessed,
        year=_year_so_far(score, data, round_, against),
        reason=given.reason if given.not_applicable else "",
    )


def saved_panel(
    result: Result, template: Template, data: Mapping[str, Decimal | None], round_: Round, against: Background = NOTHING
) -> Panel:
    """The panel of a saved result for reading: with every answer, also to what is not asked any more."""
    given = given_in(result)
    panel = panel_of(template, data, round_, given, assessed=assessment_of(result), against=against)
    asked = {question.key for question in panel.questions}
    left = (key for key in given.answers.comments if key not in asked)
    kept = (Question(key, "", subject_of(key), True, given.answers.comments[key]) for key in left)
    return replace(panel, questions=(*panel.questions, *kept))


def _question(warning: Warning_, data: Mapping[str, Decimal | None], answers: Answers) -> Question:
    key = warning_key(warning, data)
    comment, error = answers.comments.get(key, ""), answers.errors.get(key, "")
    answered = is_answered(warning, key, answers.ticked, answers.comments) and not error
    return Question(key, warning.code, warning.message, answered, comment, error, answers.boxes.get(key, ""))


def _year_so_far(score: Score, data: Mapping[str, Decimal | None], round_: Round, against: Background) -> Score | None:
    """The approved rounds of the year with this one; None where the year is nothing but its last round."""
    template = score.template
    adds_up = any(item.accumulation is not Accumulation.LAST for item in template.items)
    if template.kind is not Kind.FORMULA or template.has_own_rounds or not adds_up:
        return None
    if not against.year or score.value is None:
        return None
    year = year_of_rounds(template, [*against.year, (round_.number, data)])
    return None if year.value is None else year


def computed_items(template: Template, panel: Panel) -> dict[str, str]:
    """Derived items (template 2's C = A+B) as they were computed, for the hint beside their box."""
    values = dict(panel.score.data or ())
    return {item.code: format_number(values.get(item.code)) for item in template.items if item.derived}
