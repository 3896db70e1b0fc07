"""What one result of the demo year is made of: its round, numbers and story, who acts, and at which moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from indicators.actions import Entry
from indicators.demo.figures import Data
from indicators.demo.story import PROJECTS, TEXTS, Story
from indicators.models import IndicatorVersion, Round
from strategy.holidays import is_working_day
from strategy.models import Membership, OrgUnit, User
from strategy.periods import THAI_TIME

LATEST = datetime(2017, 4, 12, 15, 30, tzinfo=THAI_TIME)  # the last working moment before Songkran
DRAFTED = date(2017, 4, 12)  # when early drafts were typed
EVERY = 3  # problems and projects are written with every third round
Role = Membership.Role


@dataclass(frozen=True)
class Scene:
    """One round with what was counted and what happened."""

    round: Round
    version: IndicatorVersion
    units: tuple[OrgUnit, ...]
    data: Data
    story: Story
    has_ended: bool
    in_table: bool = False  # one row of a table that is typed and approved in one go
    extended_until: date | None = None  # more time that the unit was granted

    @property
    def code(self) -> str:
        return self.round.indicator.code

    @property
    def unit(self) -> OrgUnit:
        """Who types: of "พรส./ก.สารสนเทศทางการแพทย์" the second does the counting."""
        return self.units[-1]

    @property
    def has_texts(self) -> bool:
        return self.round.number % EVERY == 0 and (self.code in TEXTS or self.code in PROJECTS)

    @property
    def is_plain(self) -> bool:
        """Nothing happened but that it was typed, submitted and approved."""
        return self.story == Story() and not self.has_texts

    def entry(self, data: Data) -> Entry:
        """The numbers with what is written every third round; the rest of the time the boxes stay empty."""
        problems, suggestions = TEXTS.get(self.code, ("", "")) if self.has_texts else ("", "")
        if self.story.not_applicable:
            data = dict.fromkeys(data)
        return Entry(
            data=data, note=self.story.note, problems=problems, suggestions=suggestions,
            projects=PROJECTS.get(self.code, ()) if self.has_texts else (),
            not_applicable=bool(self.story.not_applicable), not_applicable_reason=self.story.not_applicable,
        )  # fmt: skip


class Cast:
    """Who acts for a unit, and who reviews."""

    def __init__(self, users: dict[str, User]) -> None:
        self._by_role: dict[tuple[str, str], User] = {}
        people = {user.pk: user for user in users.values()}
        for membership in Membership.objects.filter(user__in=people).select_related("unit").order_by("pk"):
            self._by_role.setdefault((membership.unit.code, membership.role), people[membership.user_id])
        self._users = users
        self._reviewers = (users["reviewer"], users["reviewer2"])

    @property
    def office(self) -> User:
        """Who grants, cancels and closes."""
        return self._reviewers[0]

    def person(self, username: str) -> User:
        return self._users[username]

    def head(self, unit: OrgUnit) -> User:
        return self._by_role[unit.code, Role.HEAD]

    def typist(self, unit: OrgUnit) -> User:
        return self._by_role.get((unit.code, Role.REPORTER)) or self.head(unit)

    def reviewer(self, number: int) -> User:
        return self._reviewers[number % len(self._reviewers)]


class Timeline:
    """The moments of one result, each later than the one before, in office hours and before the demo's day."""

    def __init__(self, day: date, random: Random) -> None:
        self._random, self._day = random, day
        self._last = datetime.combine(day, time(8, 0), THAI_TIME)

    def after(self, days: int = 0, not_before: date | None = None) -> datetime:
        self._day = _working_day(max(self._day + timedelta(days=days), not_before or self._day))
        moment = datetime.combine(
            self._day, time(8 + self._random.randint(0, 7), self._random.randint(0, 59)), THAI_TIME
        )
        moment = min(moment, LATEST)
        if moment <= self._last:
            moment = self._last + timedelta(minutes=self._random.randint(5, 40))
        self._last = moment
        return moment


def _working_day(day: date, direction: int = 1) -> date:
    while not is_working_day(day):
        day += timedelta(days=direction)
    return day


def first_day(scene: Scene, random: Random) -> date:
    """When the result was typed: some days before the due day, or as late as its story says."""
    if not scene.has_ended:
        return _working_day(DRAFTED - timedelta(days=random.randint(0, 1)))
    if scene.story.late:
        return _working_day(scene.round.due + timedelta(days=scene.story.late))
    return _working_day(scene.round.due - timedelta(days=random.randint(1, 6)), direction=-1)
