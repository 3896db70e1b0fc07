"""One result of the demo year, saved, submitted and reviewed through the real actions and workflow."""

from dataclasses import replace
from datetime import date, datetime
from random import Random

from indicators.actions import save_result, submit_result
from indicators.demo.answers import answers_to
from indicators.demo.beside import attach, evidence_of, messages_about, say
from indicators.demo.figures import Data
from indicators.demo.mending import begin_to_mend
from indicators.demo.scene import Cast, Scene, Timeline, first_day
from indicators.demo.story import Status
from indicators.models import Result, ReviewEvent
from indicators.pasts import background_of
from indicators.rules import RoundAccess
from indicators.workflow import transition
from strategy.access import reach_of
from strategy.models import User

REOPENED_ON = date(2017, 4, 5)
Action = ReviewEvent.Action


class Play:
    """The right people at plausible moments."""

    def __init__(self, scene: Scene, cast: Cast, random: Random) -> None:
        self.scene = scene
        self.typist, self.head = cast.typist(scene.unit), cast.head(scene.unit)
        self.reviewer = cast.reviewer(scene.round.pk)
        self.times = Timeline(first_day(scene, random), random)
        self.waits = random.randint(1, 4)
        self.result: Result | None = None
        self.has_attached = False

    def run(self) -> Result | None:
        self._perform()
        self._attach()
        self._talk()
        return self.result

    def _perform(self) -> None:
        story = self.scene.story
        if story.sent_back:
            self._save(self.typist, _before_mending(self.scene.data))
            self._submit()
            self._review(Action.RETURN, self.waits, story.sent_back)
        self._save(self.typist, self.scene.data)
        if story.status == Status.DRAFT:
            return
        self._submit()
        if story.withdrawn:
            self._act(Action.WITHDRAW, self.head, self.times.after())
            self._save(self.head, self.scene.data)
            self._submit()
        if story.status == Status.RETURNED:
            self._review(Action.RETURN, 1, story.reason)
        elif story.status in (Status.APPROVED, Status.REOPENED):
            self._review(Action.APPROVE, self.waits)
        if story.status == Status.REOPENED:
            self._act(Action.REOPEN, self.reviewer, self.times.after(not_before=REOPENED_ON), story.reason)

    def _attach(self) -> None:
        """Once: with the first submission, or with the draft."""
        if self.has_attached:
            return
        self.has_attached = True
        for exhibit in evidence_of(self.scene.round):
            at = self.times.after()
            attach(self._access(self.typist, at), exhibit, self.scene.data, by=self.typist, at=at)

    def _talk(self) -> None:
        for said in messages_about(self.scene.round):
            by, at = self.head if said.by_unit else self.reviewer, self.times.after(said.days)
            say(self._access(by, at), said.text, by=by, at=at)

    def _access(self, user: User, at: datetime) -> RoundAccess:
        """The rights of that moment: the demo year may be made long after its rounds were locked."""
        scene = self.scene
        until = scene.extended_until
        return RoundAccess(
            scene.round, self.result, scene.version, reach_of(user), scene.units, extended_until=until, on=at.date()
        )

    @property
    def _lock(self) -> int:
        return self.result.lock if self.result else 0

    def _save(self, by: User, data: Data) -> None:
        days = 1 if self.result is not None and self.result.status == Status.RETURNED else 0
        at = self.times.after(days)
        access = self._access(by, at)
        # A draft has not been checked yet: its warnings are open. What does not apply has none.
        story = self.scene.story
        is_open = story.status == Status.DRAFT or story.not_applicable
        comments = {} if is_open else answers_to(access, data, background_of(access))
        entry = replace(self.scene.entry(data), comments=comments)
        self.result = save_result(access=access, by=by, entry=entry, lock=self._lock, is_demo=True, at=at)

    def _submit(self) -> None:
        self._attach()
        at = self.times.after()
        begin_to_mend(self._access(self.head, at), by=self.head, at=at)
        self.result = submit_result(access=self._access(self.head, at), by=self.head, lock=self._lock, at=at)

    def _review(self, action: str, days: int, reason: str = "") -> None:
        self._act(action, self.reviewer, self.times.after(days), reason)

    def _act(self, action: str, by: User, at: datetime, reason: str = "") -> None:
        access = self._access(by, at)
        self.result = transition(access=access, action=action, by=by, lock=self._lock, reason=reason, at=at)


def _before_mending(data: Data) -> Data:
    """What was typed before the reviewer saw that it was wrong: the first number a tenth too low."""
    first, value = next(iter(data.items()))
    return data if value is None else data | {first: (value * 9 // 10)}
