"""What pages show of recovery measures beside a result.

The entry page and the review page call `measures_of(access, parts)` with the `Parts` that they have anyway; the
template is `indicators/recovery/_measures.html with measures=…`, without a form in it.
"""

from dataclasses import dataclass

from django.urls import reverse

from indicators.cells import counted_verdict
from indicators.models import Result
from indicators.recovery.queries import MeasureLine, measures_shown
from indicators.recovery.rules import may_add
from indicators.result_parts import Parts
from indicators.rules import RoundAccess
from scoring.template import Kind


@dataclass(frozen=True)
class MeasureBox:
    """The measures beside one result: its own, and those of other rounds that are still open."""

    access: RoundAccess
    lines: tuple[MeasureLine, ...]

    @property
    def may_see(self) -> bool:
        return self.access.may_see_draft

    @property
    def may_add(self) -> bool:
        return may_add(self.access)

    @property
    def is_asked(self) -> bool:
        """The result fails, and nothing is being done about it yet."""
        return fails(self.access.result) and not any(line.is_unclosed for line in self.lines)

    @property
    def url(self) -> str:
        return reverse("recovery_add", args=[self.access.round.pk]) + self.access.query


def fails(result: Result | None) -> bool:
    """By the verdict that counts."""
    if result is None:
        return False
    return counted_verdict(Kind(result.version.kind), result.passed, result.assessed_passed) is False


def measures_of(access: RoundAccess, parts: Parts | None = None) -> MeasureBox:
    """Empty for a person who may not see the unit's drafts."""
    return MeasureBox(access, measures_shown(access, parts))
