"""Tables of the demo year: the rows of one month typed, submitted and approved in one go, in a few queries.

The 63 clinical KPIs alone would take thousands of queries one by one. The rows and events are what the actions
write for the same scene; a test holds the two side by side.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from indicators.actions import apply_score
from indicators.adapters import template_for_round
from indicators.demo.answers import answers_to
from indicators.demo.scene import Cast, Scene, Timeline, first_day
from indicators.models import DataValue, Result, ReviewEvent
from indicators.pasts import backgrounds_of, key_of
from indicators.workflow import snapshot
from scoring.score import score_data
from strategy.models import User

Action, Status = ReviewEvent.Action, Result.Status
STEPS = (
    (Action.SAVE, Status.DRAFT, Status.DRAFT),
    (Action.SUBMIT, Status.DRAFT, Status.SUBMITTED),
    (Action.APPROVE, Status.SUBMITTED, Status.APPROVED),
)


class Table:
    """Plain scenes of one unit and round, with the people and moments that they share."""

    def __init__(self, scenes: Sequence[Scene], cast: Cast, random: Random) -> None:
        first = scenes[0]
        self.scenes = scenes
        times = Timeline(first_day(first, random), random)
        self.actors: tuple[tuple[User, datetime], ...] = (
            (cast.typist(first.unit), times.after()),
            (cast.head(first.unit), times.after()),
            (cast.reviewer(first.round.number), times.after(random.randint(1, 4))),
        )

    def run(self) -> None:
        made = [self._result(scene) for scene in self.scenes]
        against = backgrounds_of(made)
        for result, scene in zip(made, self.scenes, strict=True):
            result.warning_comments = answers_to(result, scene.data, against[key_of(result)])
            result.acknowledged = list(result.warning_comments)
        results = Result.objects.bulk_create(made)
        DataValue.objects.bulk_create(
            DataValue(result=result, code=code, value=value)
            for result, scene in zip(results, self.scenes, strict=True)
            for code, value in scene.data.items()
            if value is not None
        )
        stored = Result.objects.filter(pk__in=[result.pk for result in results]).order_by("pk")
        rows = stored.select_related("version").prefetch_related("values", "item_notes", "projects")
        ReviewEvent.objects.bulk_create(event for row in rows for event in self._events(row))

    def _result(self, scene: Scene) -> Result:
        (typist, typed), (head, submitted), (reviewer, approved) = self.actors
        result = Result(
            round=scene.round, measured_unit=scene.round.indicator.plan.unit, version=scene.version, is_demo=True,
            status=Status.APPROVED, lock=len(STEPS), entered_by=typist, entered_at=typed,
            submitted_by=head, submitted_at=submitted, approved_by=reviewer, approved_at=approved,
            first_submitted_at=submitted, late_days=max(0, (submitted.date() - scene.round.due).days),
        )  # fmt: skip
        apply_score(result, score_data(template_for_round(scene.version, scene.round.number), scene.data))
        return result

    def _events(self, result: Result) -> list[ReviewEvent]:
        kept = snapshot(result)
        before: list[dict[str, Any]] = [{}, kept, kept]
        return [
            ReviewEvent(
                result=result, action=action, actor=actor, at=at, from_status=source, to_status=target,
                before=earlier, after=kept,
            )
            for (action, source, target), (actor, at), earlier in zip(STEPS, self.actors, before, strict=True)
        ]  # fmt: skip
