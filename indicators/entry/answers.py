"""What was written beside the warnings of the entry page, as it comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from django.http import QueryDict
from django.utils.translation import gettext as _

from scoring.numbers import format_number

PREFIX = "comment:"  # of the name of a comment's box; the warning's key follows
TICKS = "acknowledged"
LONGEST = 1000  # characters
MOST = 50  # boxes that are read, whatever a request sends


@dataclass(frozen=True)
class Answers:
    """The keys that were ticked, and the comments by key (questions.warning_key)."""

    ticked: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """By key, what is wrong with a comment."""
        return {key: error for key, text in self.comments.items() if (error := comment_error(text))}


def answers_in(post: QueryDict) -> Answers:
    """Line breaks count once, as the box in the browser counts them."""
    names = [name for name in post if name.startswith(PREFIX)][:MOST]
    comments = {name.removeprefix(PREFIX): cleaned(post.get(name, "")) for name in names}
    return Answers(frozenset(post.getlist(TICKS)[:MOST]), comments)


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
