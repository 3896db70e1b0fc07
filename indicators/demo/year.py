"""Making the demo year: people and results of KKH2560 up to 15 April 2560, as the actions make them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from indicators.adapters import TYPED_KINDS
from indicators.demo.figures import Stretch
from indicators.demo.happenings import grant_more_time, happen
from indicators.demo.people import create_people, demo_people, taken_names
from indicators.demo.play import Play
from indicators.demo.scene import Cast, Scene
from indicators.demo.shares import round_data
from indicators.demo.story import MISSING, story_of
from indicators.demo.table import Table
from indicators.models import IndicatorVersion, Notice, Result, ReviewEvent, Round
from indicators.plans.statistics import count_tables
from indicators.rules import current_responsibilities
from indicators.schedule.standing import closures_in_force, extensions_of
from scoring.template import Kind
from strategy import clock
from strategy.models import OrgUnit, Plan, User

PLAN = "KKH2560"
YEAR = 2560
DAY = date(2017, 4, 15)  # the demo's clock
SEED = 2560
NEWS = timedelta(days=5)
JUST_BEFORE = timedelta(minutes=12)
YEAR_DAYS = 365


class DemoRefused(Exception):
    """The demo year may not be loaded here; the message is a Thai sentence."""


@dataclass(frozen=True)
class DemoReport:
    """What was made; zeros where the demo year was there already."""

    people: int = 0
    results: int = 0


def load_demo() -> DemoReport:
    """Make the demo year, once; a second time changes nothing.

    Raises DemoRefused without the plan, on the real clock (the rounds of 2560 are locked by then) or one before the
    demo's day, where the plan has real results, and where a demo user name belongs to somebody real.
    """
    plan = Plan.objects.select_related("unit", "strategy_unit").filter(code=PLAN).first()
    if plan is None:
        raise DemoRefused(_("ยังไม่มีแผน %(code)s กรุณาโหลดแผนด้วย load_plan ก่อน") % {"code": PLAN})
    if not clock.is_fixed():
        raise DemoRefused(_("ไม่ได้สร้างข้อมูลสาธิต เพราะระบบใช้วันที่จริง กรุณาตั้ง KPITRACK_TODAY=2017-04-15"))
    if Result.objects.filter(round__indicator__plan=plan, is_demo=True).exists():
        return DemoReport()
    if clock.today() < DAY:
        raise DemoRefused(
            _("ไม่ได้สร้างข้อมูลสาธิต เพราะปีสาธิตเล่าถึง 15 เม.ย. 2560 กรุณาตั้ง KPITRACK_TODAY=2017-04-15 หรือหลังจากนั้น")
        )
    real = Result.objects.filter(round__indicator__plan=plan).count()
    if real:
        raise DemoRefused(
            _("ไม่ได้สร้างข้อมูลสาธิต เพราะแผน %(code)s มีผลงานจริงแล้ว %(count)d รายการ") % {"code": PLAN, "count": real}
        )
    if closures_in_force().filter(plan=plan, fiscal_year=YEAR).exists():
        raise DemoRefused(_("ไม่ได้สร้างข้อมูลสาธิต เพราะแผน %(code)s มีงวดที่ปิดแล้ว") % {"code": PLAN})
    report = _make(plan)
    count_tables()
    return report


@transaction.atomic
def _make(plan: Plan) -> DemoReport:
    responsible = _responsible_units(plan)
    shared = _parts_of_shares(plan)
    people = demo_people(_units_with_people(responsible, shared))
    taken = taken_names(people)
    if taken:
        raise DemoRefused(_("ไม่ได้สร้างข้อมูลสาธิต เพราะมีผู้ใช้จริงชื่อ %(names)s อยู่แล้ว") % {"names": ", ".join(taken)})
    users = create_people(people)
    random = Random(SEED)  # noqa: S311 - demo data, no cryptography
    cast = Cast(users)
    grant_more_time(plan, cast)
    scenes = list(_scenes(plan, responsible, shared, random))  # all numbers first: they do not hang on who typed when
    _perform(scenes, cast, random)
    happen(plan, cast)
    _put_notices_in_order(users.values())
    _say_who_came(users.values())
    return DemoReport(len(users), len(scenes))


def _put_notices_in_order(users: Iterable[User]) -> None:
    """They were written KPI by KPI and are read by their keys; and people have read all but those of the last days."""
    notices = sorted(Notice.objects.filter(user__in=users), key=lambda notice: notice.at)
    Notice.objects.filter(user__in=users).delete()
    for notice in notices:
        is_news = notice.at >= clock.now() - NEWS
        notice.pk, notice.read_at = None, notice.read_at if is_news else notice.at
    Notice.objects.bulk_create(notices)


def _say_who_came(users: Iterable[User]) -> None:
    """Who did something had logged in a little before."""
    done = ReviewEvent.objects.order_by().values_list("actor").annotate(Max("at"))
    came = {actor: at - JUST_BEFORE for actor, at in done}
    for user in users:
        user.last_login = user.last_login or came.get(user.pk)
    User.objects.bulk_update(users, ["last_login"])


def _responsible_units(plan: Plan) -> dict[int, tuple[OrgUnit, ...]]:
    """The units that enter each indicator's results, by indicator."""
    units: dict[int, tuple[OrgUnit, ...]] = {}
    for row in current_responsibilities().filter(indicator__plan=plan, measured_unit=plan.unit):
        units[row.indicator_id] = (*units.get(row.indicator_id, ()), row.responsible_unit)
    return units


def _parts_of_shares(plan: Plan) -> set[int]:
    """The indicators that count in a share of children that pass: a hundred rows, typed as tables."""
    shares = IndicatorVersion.objects.filter(
        indicator__plan=plan, fiscal_year=YEAR, is_active=True, kind=Kind.PASS_SHARE.value
    )
    return set(shares.values_list("indicator__children", flat=True))


def _units_with_people(responsible: dict[int, tuple[OrgUnit, ...]], shared: set[int]) -> Iterable[OrgUnit]:
    """Every owner of a KPI; of the many owners of a table's rows only the unit that fills the whole table."""
    found = (units[-1:] if indicator in shared else units for indicator, units in responsible.items())
    return {unit.pk: unit for units in found for unit in units}.values()


def _scenes(
    plan: Plan, responsible: dict[int, tuple[OrgUnit, ...]], shared: set[int], random: Random
) -> Iterator[Scene]:
    """Every round that has begun by the demo's day and has something to show, KPI by KPI, in order of time."""
    versions = _versions(plan)
    rounds = Round.objects.filter(indicator__in=versions, fiscal_year=YEAR, start__lte=DAY)
    related = rounds.select_related("indicator__plan__unit", "indicator__plan__strategy_unit")
    extensions = extensions_of(rounds.values("pk"))
    for round_ in related.order_by("indicator__position", "number"):
        code, has_ended = round_.indicator.code, round_.end < DAY
        stretch = _stretch(round_)
        story = story_of(code, round_.number, has_ended, stretch.days >= YEAR_DAYS)
        data = round_data(code, random, stretch)
        units = responsible.get(round_.indicator_id, ())
        if data and units and story.status != MISSING:
            version, in_table = versions[round_.indicator_id], round_.indicator_id in shared
            more_time = extensions.get((round_.pk, plan.unit_id))
            yield Scene(round_, version, units, data | dict(story.data), story, has_ended, in_table, more_time)


def _versions(plan: Plan) -> dict[int, IndicatorVersion]:
    versions = IndicatorVersion.objects.filter(indicator__plan=plan, fiscal_year=YEAR, is_active=True)
    typed = versions.filter(kind__in=[kind.value for kind in TYPED_KINDS])
    return {v.indicator_id: v for v in typed.select_related("indicator").prefetch_related("items", "bands")}


def _stretch(round_: Round) -> Stretch:
    days = (round_.end - round_.start).days + 1
    return Stretch(round_.number, days, min(days, (DAY - round_.start).days + 1))


def _perform(scenes: Iterable[Scene], cast: Cast, random: Random) -> None:
    """Month by month, as warnings look back: one by one what has a story, a table's rows together."""
    tables: dict[tuple[int | None, int], list[Scene]] = {}
    pieces: list[list[Scene]] = []
    for scene in scenes:
        if not (scene.in_table and scene.is_plain):
            pieces.append([scene])
            continue
        key = (scene.round.indicator.parent_id, scene.round.number)
        if key not in tables:
            pieces.append(tables.setdefault(key, []))
        tables[key].append(scene)
    for piece in sorted(pieces, key=lambda piece: piece[0].round.end):
        if piece[0].in_table and piece[0].is_plain:
            Table(piece, cast, random).run()
        else:
            Play(piece[0], cast, random).run()
