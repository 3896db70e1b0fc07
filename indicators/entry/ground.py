"""What an entry page stands on besides what is typed: the template, earlier rounds, and what hangs on the result."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from indicators.adapters import template_for_round
from indicators.history import History, history_of
from indicators.pasts import Background
from indicators.recovery.page import MeasureBox, measures_of
from indicators.result_parts import Parts, parts_of
from indicators.rules import RoundAccess
from scoring.template import Template


@dataclass(frozen=True)
class Ground:
    """One round for one person; each part is fetched once, when it is asked for."""

    access: RoundAccess

    @cached_property
    def template(self) -> Template:
        """As it holds in the round."""
        prefetch_related_objects([self.access.version], "items", "bands")
        return template_for_round(self.access.version, self.access.round.number)

    @cached_property
    def history(self) -> History:
        return history_of(self.access)

    @cached_property
    def parts(self) -> Parts:
        return parts_of(self.access.result)

    @cached_property
    def measures(self) -> MeasureBox:
        return measures_of(self.access, self.parts)

    @cached_property
    def background(self) -> Background:
        """What the numbers are held against."""
        return self.history.background(has_measure=any(line.is_unclosed for line in self.measures.lines))
