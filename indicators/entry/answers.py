"""What was written beside the warnings of the entry page, as it comes in."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from scoring.numbers import format_number

PREFIX = "comment:"  # of the name of a comment's box; the warning's key follows
JOIN = "|"  # between the keys in it, where one box answers several; no key has this sign
TICKS = "acknowledged"
LONGEST = 1000  # characters
MOST = 50  # boxes that are read, whatever a request sends


@dataclass(frozen=True)
class Answers:
    """The keys that were ticked, and the comments by key (questions.warning_key)."""

    ticked: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, str] = field(default_factory=dict)  # by key, the name of the box that it was written in

    @property
    def errors(self) -> dict[str, str]:
        """By key, what is wrong with a comment."""
        return {key: error for key, text in self.comments.items() if (error := comment_error(text))}


def answers_in(post: QueryDict) -> Answers:
    """Line breaks count once, as the box in the browser counts them."""
    boxes = boxes_in(post, PREFIX)
    comments = {key: cleaned(post.get(name, "")) for key, name in boxes.items()}
    return Answers(frozenset(post.getlist(TICKS)[:MOST]), comments, boxes)


def boxes_in(post: QueryDict, start: str) -> dict[str, str]:
    """By key, the name of its box: of those whose names begin so."""
    names = (name for name in post if name.startswith(start))
    return dict([(key, name) for name in names for key in name.removeprefix(start).split(JOIN)][:MOST])


def cleaned(text: str) -> str:
    """A comment as it is kept: without blanks around it, line breaks of one kind."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def comment_error(text: str) -> str:
    """Why a comment cannot be kept; empty where it can."""
    if len(text) <= LONGEST:
        return ""
    facts = {"limit": format_number(LONGEST), "length": format_number(len(text))}
    return _("คำอธิบายยาว %(length)s ตัวอักษร ยาวได้ไม่เกิน %(limit)s ตัวอักษร กรุณาย่อให้สั้นลง") % facts


def box_id(key: str) -> str:
    """The id of a warning's box: the same as long as it is the same warning about the same numbers."""
    return f"answer-{sha256(key.encode()).hexdigest()[:12]}"


# Warnings that are answered together


@dataclass(frozen=True)
class Box:
    """Warnings with one box for the comment: one number brings several, and what explains it is written once."""

    questions: tuple[Any, ...]

    @property
    def first(self) -> Any:
        """What stands in the box, and what is wrong with it, is the same for all."""
        return self.questions[0]

    @property
    def name(self) -> str:
        return JOIN.join([self.first.name, *(each.key for each in self.questions[1:])])

    @property
    def id(self) -> str:
        return self.first.id if len(self.questions) == 1 else box_id(self.name)

    @property
    def told_by(self) -> str:
        """The ids of the sentences that it is an answer to."""
        return " ".join(f"{each.id}-text" for each in self.questions)

    @property
    def subject(self) -> str:
        return ", ".join(each.subject for each in self.questions)


def boxes_of(asked: Iterable[Any]) -> list[Box]:
    """The warnings by box, in their order: those are together of which `beside` is the same."""
    found: dict[Hashable, list[Any]] = {}
    for each in asked:
        found.setdefault(each.beside, []).append(each)
    return [Box(tuple(together)) for together in found.values()]
