"""The score panel: what the typed numbers come to, and why, ready for reading. Nothing here is saved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.actions import LARGEST, is_assessed, questions, warning_key
from indicators.models import Result, Round
from indicators.subtotals import missing_text, total_text
from indicators.wording import step_states
from scoring.explain import Explanation, Score, State, Warning_
from scoring.numbers import format_number
from scoring.score import score_data
from scoring.template import Template
from strategy.models import User

MUCH_TO_READ = 400  # characters
# How a result without a level looks (kpitrack_tags.STATES).
LOOKS = {
    State.NO_CASES: "no_cases",
    State.CANNOT_COMPUTE: "cannot_compute",
    State.UNREADABLE: "cannot_compute",
    State.INCOMPLETE: "incomplete",
}


def look_of(result: Result) -> str:
    """The state that stands in place of a saved result's level; empty where a value has no bands to be read by."""
    return LOOKS.get(State(result.state), "")


@dataclass(frozen=True)
class Question:
    """A warning that the person who submits must acknowledge, for these numbers."""

    key: str
    message: str
    acknowledged: bool


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
    def is_complete(self) -> bool:
        """Nothing is left to type or to acknowledge: it can be submitted."""
        scored = self.score.state not in (State.INCOMPLETE, State.UNREADABLE)
        return scored and not self.errors and all(question.acknowledged for question in self.questions)


def panel_of(
    template: Template,
    data: Mapping[str, Decimal | None],
    round_: Round,
    acknowledged: Collection[str] = (),
    errors: Collection[str] = (),
    assessed: Assessment | None = None,
) -> Panel:
    """The panel of one round's numbers. It raises nothing, also where the template is unreadable."""
    score = score_data(template, data)
    touched = any(value is not None for value in data.values())
    asked = questions(template, data, round_) if touched else ()
    known = {warning.message for warning in asked}
    return Panel(
        score=score,
        questions=tuple(_question(warning, data, acknowledged) for warning in asked),
        doubts=tuple(w.message for w in score.warnings if w.message not in known and w.code != "out_of_bounds"),
        errors=tuple(errors),
        touched=touched,
        total=total_text(template, data) if touched else "",
        lacking=missing_text(template, data) if score.state is State.INCOMPLETE else "",
        states=tuple(step_states(template, data).values()),
        assessed=assessed,
    )


def _question(warning: Warning_, data: Mapping[str, Decimal | None], acknowledged: Collection[str]) -> Question:
    key = warning_key(warning, data)
    return Question(key, warning.message, key in acknowledged)


def computed_items(template: Template, panel: Panel) -> dict[str, str]:
    """Derived items (template 2's C = A+B) as they were computed, for the hint beside their box."""
    values = dict(panel.score.data or ())
    return {item.code: format_number(values.get(item.code)) for item in template.items if item.derived}
