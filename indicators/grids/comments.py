"""What a row asks before it can be submitted, and what is written beside it in the table."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.entry.answers import PREFIX, box_id, boxes_in, cleaned, comment_error
from indicators.grids.rows import GridRow
from indicators.models import Result
from indicators.pasts import Background, background_of
from indicators.questions import NO_RECOVERY, TICKED, UNFINISHED, Numbers, questions, score_for, subject_of, warning_key
from scoring.explain import Warning_


@dataclass(frozen=True)
class RowQuestion:
    """A warning about a row's numbers, with the comment that answers it, or what was typed and not taken."""

    row: str
    key: str
    code: str
    message: str
    comment: str = ""  # saved
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"{self.row}:{PREFIX}{self.key}"

    @property
    def id(self) -> str:
        return box_id(self.name)

    @property
    def is_open(self) -> bool:
        """There is a box for it: it is not answered yet, or what was typed was not taken."""
        return not self.comment or bool(self.error)

    @property
    def asks_measure(self) -> bool:
        """Adding a recovery measure answers it as well."""
        return self.code == NO_RECOVERY

    @property
    def subject(self) -> str:
        return subject_of(self.key)

    @property
    def beside(self) -> Hashable:
        """What has a box together: what is answered alike, but for the reason that there is no measure."""
        return self.key if self.asks_measure else (self.comment, self.typed, self.error)


@dataclass(frozen=True)
class Comments:
    """What of the typed comments is to be saved, and by key what is wrong with the others."""

    taken: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def comments_in(posted: QueryDict, row: GridRow) -> dict[str, str]:
    """By the warning's key, what was written beside the row's warnings."""
    start = f"{row.key}:{PREFIX}"
    found = {key: cleaned(posted.get(name, "")) for key, name in boxes_in(posted, start).items()}
    return {key: text for key, text in found.items() if text}


def weighed(row: GridRow, data: Mapping, typed: Mapping[str, str]) -> Comments:
    """Comments to what these numbers ask; one to other numbers falls away. Nobody's is written over."""
    if not typed:
        return Comments()
    saved = saved_comments(row.result)
    asked = {warning_key(each, data) for each in asked_of(row, data, background_of(row.access))}
    new = {key: text for key, text in typed.items() if key in asked and saved.get(key) != text}
    errors = {key: error for key, text in new.items() if (error := _error(text, saved.get(key, "")))}
    return Comments({key: text for key, text in new.items() if key not in errors}, errors)


def _error(text: str, saved: str) -> str:
    if saved:
        return _("มีผู้อธิบายคำเตือนนี้ไว้ก่อนแล้วว่า “%(text)s” ถ้าจะเปลี่ยน แก้ที่หน้าของตัวชี้วัด") % {"text": saved}
    return comment_error(text)


def asked_of(row: GridRow, data: Numbers, against: Background) -> list[Warning_]:
    """The warnings about these numbers of the row that want a comment; none while a number is missing."""
    score = score_for(row.template, data)
    if score.state in UNFINISHED:
        return []
    asked = questions(row.template, data, row.access.round, against, score)
    return [each for each in asked if each.code not in TICKED]


def saved_comments(result: Result | None) -> dict[str, str]:
    return dict(result.warning_comments) if result else {}


def questions_of(
    row: GridRow, against: Background, errors: Mapping[str, str], typed: Mapping[str, str]
) -> list[RowQuestion]:
    """What a saved row asks, with its answers."""
    saved = saved_comments(row.result)
    keyed = ((warning_key(each, row.data), each) for each in asked_of(row, row.data, against))
    return [
        RowQuestion(
            row.key, key, each.code, each.message, saved.get(key, ""),
            typed.get(key, "") if key in errors or not saved.get(key) else "", errors.get(key, ""),
        )
        for key, each in keyed
    ]  # fmt: skip
