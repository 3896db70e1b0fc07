"""What pages show beside a result: its evidence and its thread of comments.

The entry page and the review page call `evidence_of(access, parts)` and `thread_of(access, parts)` with the `Parts`
that they have anyway (result_parts.parts_of), so that nothing more is asked; without them it is one query.
Templates: `indicators/evidence/_list.html with evidence=…` (no form in it),
`indicators/evidence/_thread.html with thread=…` (a form of its own: not inside another form).
"""

from dataclasses import dataclass

from django.urls import reverse

from indicators.evidence.lines import CommentLine, EvidenceLine
from indicators.evidence.rules import MOST, is_reviewer, may_change, may_comment
from indicators.result_parts import Parts, parts_of
from indicators.rules import RoundAccess


@dataclass(frozen=True)
class EvidenceBox:
    """The evidence of one result for one person; `lines` is empty for who may not see the values."""

    access: RoundAccess
    lines: tuple[EvidenceLine, ...]

    @property
    def may_see(self) -> bool:
        return self.access.may_see_values

    @property
    def may_change(self) -> bool:
        return may_change(self.access)

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= MOST

    @property
    def url(self) -> str:
        """The page where evidence is added and taken away."""
        return reverse("evidence", args=[self.access.round.pk]) + self.access.query


@dataclass(frozen=True)
class Thread:
    """The comments on one result for one person."""

    access: RoundAccess
    lines: tuple[CommentLine, ...]

    @property
    def may_see(self) -> bool:
        return self.access.may_see_draft

    @property
    def may_write(self) -> bool:
        return may_comment(self.access)

    @property
    def is_of_reviewer(self) -> bool:
        return is_reviewer(self.access)

    @property
    def url(self) -> str:
        """Where a new comment is sent to."""
        return reverse("comment_add", args=[self.access.round.pk]) + self.access.query


def evidence_of(access: RoundAccess, parts: Parts | None = None) -> EvidenceBox:
    """The evidence that is there now. `parts` are the result's, where the page has them."""
    if not access.may_see_values:
        return EvidenceBox(access, ())
    return EvidenceBox(access, (parts or parts_of(access.result)).evidence)


def thread_of(access: RoundAccess, parts: Parts | None = None) -> Thread:
    """The comments, first to last. `parts` are the result's, where the page has them."""
    if not access.may_see_draft:
        return Thread(access, ())
    return Thread(access, (parts or parts_of(access.result)).comments)
