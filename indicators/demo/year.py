"""Making the demo year: people and results of KKH2560 up to 15 April 2560, through the real actions and workflow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions import Entry, save_result, submit_result
from indicators.adapters import TYPED_KINDS
from indicators.demo.figures import Data, Stretch, round_data
from indicators.demo.people import create_people, demo_people, taken_names
from indicators.demo.story import MISSING, PROJECTS, TEXTS, Status, Story, story_of
from indicators.models import IndicatorVersion, Result, ReviewEvent, Round
from indicators.rules import RoundAccess, current_responsibilities
from indicators.workflow import transition
from strategy import clock
from strategy.access import reach_of
from strategy.models import Membership, OrgUnit, Plan, User
from strategy.periods import THAI_TIME

PLAN = "KKH2560"
YEAR = 2560
DAY = date(2017, 4, 15)  # the demo's clock
SEED = 2560
LATEST = datetime(2017, 4, 12, 15, 30, tzinfo=THAI_TIME)  # the last working moment before Songkran
DRAFTED = date(2017, 4, 12)  # when early drafts were typed
REOPENED_ON = date(2017, 4, 5)
SATURDAY = 5
YEAR_DAYS = 365
EVERY = 3  # problems and projects are written with every third round
Action = ReviewEvent.Action
Role = Membership.Role


class DemoRefused(Exception):
    """The demo year may not be loaded here; the message is a Thai sentence."""


@dataclass(frozen=True)
class DemoReport:
    """What was made; zeros where the demo year was there already."""

    people: int = 0
    results: int = 0


def load_demo(*, force: bool = False) -> DemoReport:
    """Make the demo year, once; a second time changes nothing.

    Raises DemoRefused without the plan, on the real clock unless forced, where the plan has real results,
    and where a demo user name belongs to somebody real.
    """
    plan = Plan.objects.select_related("unit", "strategy_unit").filter(code=PLAN).first()
    if plan is None:
        raise DemoRefused(_("ยังไม่มีแผน %(code)s กรุณาโหลดแผนด้วย load_plan ก่อน") % {"code": PLAN})
    if not (force or clock.is_fixed()):
        raise DemoRefused(_("ไม่ได้สร้างข้อมูลสาธิต เพราะระบบใช้วันที่จริง กรุณาตั้ง KPITRACK_TODAY=2017-04-15 หรือสั่งด้วย --force"))
    if Result.objects.filter(round__indicator__plan=plan, is_demo=True).exists():
        return DemoReport()
    real = Result.objects.filter(round__indicator__plan=plan).count()
    if real:
        raise DemoRefused(
            _("ไม่ได้สร้างข้อมูลสาธิต เพราะแผน %(code)s มีผลงานจริงแล้ว %(count)d รายการ") % {"code": PLAN, "count": real}
        )
    return _make(plan)


@transaction.atomic
def _make(plan: Plan) -> DemoReport:
    responsible = _responsible_units(plan)
    owners = {unit.pk: unit for units in responsible.values() for unit in units}
    people = demo_people(owners.values())
    taken = taken_names(people)
    if taken:
        raise DemoRefused(_("ไม่ได้สร้างข้อมูลสาธิต เพราะมีผู้ใช้จริงชื่อ %(names)s อยู่แล้ว") % {"names": ", ".join(taken)})
    users = create_people(people)
    cast = _Cast(users)
    random = Random(SEED)  # noqa: S311 - demo data, no cryptography
    scenes = list(_scenes(plan, responsible, random))  # all numbers first: they do not hang on who typed when
    for scene in scenes:
        _Play(scene, cast, random).run()
    return DemoReport(len(users), len(scenes))


def _responsible_units(plan: Plan) -> dict[int, tuple[OrgUnit, ...]]:
    """The units that enter each indicator's results, by indicator."""
    units: dict[int, tuple[OrgUnit, ...]] = {}
    for row in current_responsibilities().filter(indicator__plan=plan, measured_unit=plan.unit):
        units[row.indicator_id] = (*units.get(row.indicator_id, ()), row.responsible_unit)
    return units


@dataclass(frozen=True)
class _Scene:
    """One round with what was counted and what happened."""

    round: Round
    version: IndicatorVersion
    units: tuple[OrgUnit, ...]
    data: Data
    story: Story
    has_ended: bool

    @property
    def code(self) -> str:
        return self.round.indicator.code


def _scenes(plan: Plan, responsible: dict[int, tuple[OrgUnit, ...]], random: Random) -> Iterator[_Scene]:
    """Every round that has begun by the demo's day and has something to show, KPI by KPI, in order of time."""
    until = min(DAY, clock.today())
    versions = _versions(plan)
    rounds = Round.objects.filter(indicator__in=versions, fiscal_year=YEAR, start__lte=until)
    related = rounds.select_related("indicator__plan__unit", "indicator__plan__strategy_unit")
    for round_ in related.order_by("indicator__position", "number"):
        code, has_ended = round_.indicator.code, round_.end < until
        stretch = _stretch(round_, until)
        story = story_of(code, round_.number, has_ended, stretch.days >= YEAR_DAYS)
        data = round_data(code, random, stretch)
        units = responsible.get(round_.indicator_id, ())
        if data and units and story.status != MISSING:
            yield _Scene(round_, versions[round_.indicator_id], units, data | dict(story.data), story, has_ended)


def _versions(plan: Plan) -> dict[int, IndicatorVersion]:
    versions = IndicatorVersion.objects.filter(indicator__plan=plan, fiscal_year=YEAR, is_active=True)
    typed = versions.filter(kind__in=[kind.value for kind in TYPED_KINDS])
    return {v.indicator_id: v for v in typed.select_related("indicator").prefetch_related("items", "bands")}


def _stretch(round_: Round, until: date) -> Stretch:
    days = (round_.end - round_.start).days + 1
    return Stretch(round_.number, days, min(days, (until - round_.start).days + 1))


class _Cast:
    """Who acts for a unit, and who reviews."""

    def __init__(self, users: dict[str, User]) -> None:
        self._by_role: dict[tuple[str, str], User] = {}
        people = {user.pk: user for user in users.values()}
        for membership in Membership.objects.filter(user__in=people).select_related("unit").order_by("pk"):
            self._by_role.setdefault((membership.unit.code, membership.role), people[membership.user_id])
        self._reviewers = (users["reviewer"], users["reviewer2"])

    def head(self, unit: OrgUnit) -> User:
        return self._by_role[unit.code, Role.HEAD]

    def typist(self, unit: OrgUnit) -> User:
        return self._by_role.get((unit.code, Role.REPORTER)) or self.head(unit)

    def reviewer(self, number: int) -> User:
        return self._reviewers[number % len(self._reviewers)]


class _Timeline:
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
    while day.weekday() >= SATURDAY:
        day += timedelta(days=direction)
    return day


def _first_day(scene: _Scene, random: Random) -> date:
    """When the result was typed: some days before the due day, or as late as its story says."""
    if not scene.has_ended:
        return _working_day(DRAFTED - timedelta(days=random.randint(0, 1)))
    if scene.story.late:
        return _working_day(scene.round.due + timedelta(days=scene.story.late))
    return _working_day(scene.round.due - timedelta(days=random.randint(1, 6)), direction=-1)


class _Play:
    """One result being saved, submitted and reviewed by the right people at plausible moments."""

    def __init__(self, scene: _Scene, cast: _Cast, random: Random) -> None:
        unit = scene.units[-1]  # of "พรส./ก.สารสนเทศทางการแพทย์" the second does the counting
        self.scene = scene
        self.typist, self.head = cast.typist(unit), cast.head(unit)
        self.reviewer = cast.reviewer(scene.round.pk)
        self.times = _Timeline(_first_day(scene, random), random)
        self.waits = random.randint(1, 4)
        self.result: Result | None = None

    def run(self) -> Result | None:
        story = self.scene.story
        if story.sent_back:
            self._save(self.typist, _before_mending(self.scene.data))
            self._submit()
            self._review(Action.RETURN, self.waits, story.sent_back)
        self._save(self.typist, self.scene.data)
        if story.status == Status.DRAFT:
            return self.result
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
        return self.result

    def _access(self, user: User) -> RoundAccess:
        return RoundAccess(self.scene.round, self.result, self.scene.version, reach_of(user), self.scene.units)

    @property
    def _lock(self) -> int:
        return self.result.lock if self.result else 0

    def _save(self, by: User, data: Data) -> None:
        days = 1 if self.result is not None and self.result.status == Status.RETURNED else 0
        self.result = save_result(
            access=self._access(by), by=by, entry=_entry(self.scene, data), lock=self._lock, is_demo=True,
            at=self.times.after(days),
        )  # fmt: skip

    def _submit(self) -> None:
        at = self.times.after()
        self.result = submit_result(access=self._access(self.head), by=self.head, lock=self._lock, at=at)

    def _review(self, action: str, days: int, reason: str = "") -> None:
        self._act(action, self.reviewer, self.times.after(days), reason)

    def _act(self, action: str, by: User, at: datetime, reason: str = "") -> None:
        access = self._access(by)
        self.result = transition(access=access, action=action, by=by, lock=self._lock, reason=reason, at=at)


def _before_mending(data: Data) -> Data:
    """What was typed before the reviewer saw that it was wrong: the first number a tenth too low."""
    first, value = next(iter(data.items()))
    return data if value is None else data | {first: (value * 9 // 10)}


def _entry(scene: _Scene, data: Data) -> Entry:
    """The numbers with what is written every third round; the rest of the time the boxes stay empty."""
    problems, suggestions = TEXTS.get(scene.code, ("", ""))
    projects = PROJECTS.get(scene.code, ())
    if scene.round.number % EVERY:
        problems, suggestions, projects = "", "", ()
    return Entry(
        data=data, note=scene.story.note, problems=problems, suggestions=suggestions, projects=projects,
        acknowledged=scene.story.acknowledged,
    )  # fmt: skip
