"""What happened in the demo year beside single results: more time, a cancelled KPI, closed periods, deputies.

Each is done by its person through the action of its page, with the clock on its moment.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import override

from indicators.actions import Entry, save_result, submit_result
from indicators.adapters import data_of
from indicators.closing.actions import close_period, reopen_period
from indicators.closing.missing import missing_of
from indicators.closing.period import ClosingPeriod
from indicators.closing.queries import last_in_force
from indicators.demo.answers import answers_to
from indicators.demo.mending import follow_ups, take_step
from indicators.demo.people import demo_users
from indicators.demo.scene import Cast
from indicators.handover.actions import appoint_deputy
from indicators.handover.units import UnitAccess
from indicators.models import Indicator, Result, ReviewEvent, Round
from indicators.notices.digests import drafts
from indicators.notices.sending import deliver
from indicators.pasts import background_of
from indicators.rules import RoundAccess, fetch_round
from indicators.schedule.actions import cancel_indicator, extend_round
from indicators.workflow import transition
from strategy import clock
from strategy.access import reach_of
from strategy.models import OrgUnit, Plan, User
from strategy.periods import THAI_TIME

YEAR = 2560
DECEMBER = 3
Action = ReviewEvent.Action


def _on(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=THAI_TIME)


@dataclass(frozen=True)
class MoreTime:
    """An extension for one round, granted by the reviewer."""

    at: datetime
    code: str
    number: int
    until: date
    reason: str


EXTENSIONS = (
    MoreTime(
        _on(2017, 1, 9, 10, 15), "24(1)", 3, date(2017, 1, 20),
        "ปิดบัญชีสิ้นปีปฏิทินล่าช้า รอยอดค่าแรงเดือนธันวาคมจากกรมบัญชีกลาง",
    ),  # used: it came on the 18th
    MoreTime(
        _on(2017, 4, 7, 11, 30), "6", 6, date(2017, 4, 28),
        "ย้ายเครื่องแม่ข่าย Thai Refer ช่วงวันที่ 3–12 เม.ย. จึงดึงทะเบียน Refer in ของเดือนมีนาคมยังไม่ได้",
    ),  # still running
)  # fmt: skip
CANCELLED = "29"
CANCELLED_FROM = date(2017, 3, 1)
CANCELLED_BECAUSE = "เขตสุขภาพที่ 7 รับการจัดซื้อร่วมไปดำเนินการเองทั้งเขตตั้งแต่วันที่ 1 มี.ค. 2560 โรงพยาบาลจึงไม่มีตัวเลขของตนเอง"
WAIVED: Mapping[str, str] = {
    "29": "เดือนธันวาคมไม่มีรอบจัดซื้อร่วม เลื่อนไปรวมกับเดือนมกราคม",
}
WAIVED_OTHERWISE = "หน่วยงานไม่ได้รายงานภายในกำหนด คณะกรรมการยุทธศาสตร์รับทราบแล้ว"
CORRECTED = ("10", DECEMBER)
CORRECTED_BY = Decimal("71.4512")  # adjusted weights that came with records summed up late
REOPENED_BECAUSE = "ผลตรวจสอบเวชระเบียนของ สปสช. ทำให้ค่า AdjRW เดือนธันวาคมเปลี่ยน ต้องแก้ค่า CMI ให้ตรงกัน"


def grant_more_time(plan: Plan, cast: Cast) -> None:
    """The extensions of the year; first, as what is submitted afterwards rests on them."""
    for each in EXTENSIONS:
        with clock.at_moment(each.at):
            access = _access(plan, cast.office, each.code, each.number)
            extend_round(access=access, by=cast.office, until=each.until, reason=each.reason)


@dataclass(frozen=True)
class Happening:
    """One thing that somebody did at a moment."""

    at: datetime
    act: Callable[[], object]


def happen(plan: Plan, cast: Cast) -> None:
    """All the rest, in order of time, once the results are there."""
    for each in sorted(_happenings(plan, cast), key=lambda happening: happening.at):
        with clock.at_moment(each.at):
            each.act()


def _happenings(plan: Plan, cast: Cast) -> Iterator[Happening]:
    yield from _of_the_closing(plan, cast)
    yield from _of_deputies(cast)
    yield Happening(_on(2017, 3, 6, 13, 30), lambda: _cancel(plan, cast.office))
    yield Happening(_on(2017, 4, 12, 16, 50), _remind)
    for code, step in follow_ups():
        by = cast.office if step.by else cast.head(_owner(plan, code))
        yield Happening(step.at, lambda code=code, step=step, by=by: take_step(code, step, by=by))


# Closing


def _of_the_closing(plan: Plan, cast: Cast) -> Iterator[Happening]:
    """October to December is closed, opened for one correction, and closed again as a second revision."""
    office, period = cast.office, ClosingPeriod(plan, YEAR, DECEMBER)
    yield Happening(_on(2017, 2, 20, 10), lambda: _close(period, office, "ปิดผลงานไตรมาส 1 ตามมติคณะกรรมการยุทธศาสตร์"))
    yield Happening(_on(2017, 2, 24, 9), lambda: _open_again(period, office))
    yield Happening(_on(2017, 2, 24, 9, 30), lambda: _decide(plan, office, Action.REOPEN, REOPENED_BECAUSE))
    yield Happening(_on(2017, 2, 27, 14), lambda: _correct(plan, cast.head(_owner(plan, CORRECTED[0]))))
    yield Happening(_on(2017, 3, 1, 11), lambda: _decide(plan, office, Action.APPROVE))
    yield Happening(_on(2017, 3, 2, 10), lambda: _close(period, office, "ปิดอีกครั้งหลังแก้ค่า CMI เดือนธันวาคม"))


def _close(period: ClosingPeriod, by: User, note: str) -> None:
    missing = missing_of(period.plan, period.fiscal_year, period.until)
    waivers = {item.key: WAIVED.get(item.indicator.code, WAIVED_OTHERWISE) for item in missing}
    close_period(period=period, by=by, waivers=waivers, note=note)


def _open_again(period: ClosingPeriod, by: User) -> None:
    closure = last_in_force(period.plan, period.fiscal_year)
    if closure is not None:
        reopen_period(closure=closure, by=by, reason=REOPENED_BECAUSE)


def _decide(plan: Plan, by: User, action: str, reason: str = "") -> None:
    access = _access(plan, by, *CORRECTED)
    transition(access=access, action=action, by=by, lock=_result(access).lock, reason=reason)


def _correct(plan: Plan, by: User) -> None:
    """What was reopened is mended and submitted again."""
    access = _access(plan, by, *CORRECTED)
    result = _result(access)
    data = {**data_of(result), "A": data_of(result)["A"] + CORRECTED_BY}
    comments = answers_to(access, data, background_of(access))
    entry = Entry(data=data, note="แก้ตามผลตรวจสอบเวชระเบียนของ สปสช.", comments=comments)
    result = save_result(access=access, by=by, entry=entry, lock=result.lock, is_demo=True)
    with clock.at_moment(clock.now().replace(minute=25)):
        submit_result(access=replace(access, result=result), by=by, lock=result.lock)


# Others


def _cancel(plan: Plan, by: User) -> None:
    indicator = Indicator.objects.select_related("plan", "parent").get(plan=plan, code=CANCELLED)
    cancel_indicator(indicator=indicator, fiscal_year=YEAR, day=CANCELLED_FROM, reason=CANCELLED_BECAUSE, by=by)


@dataclass(frozen=True)
class Deputy:
    """Who stands in for the head of a unit, and when; the head names them."""

    at: datetime
    unit: str
    deputy: str
    start: date
    end: date
    reason: str


DEPUTIES = (
    Deputy(_on(2016, 12, 8, 9), "OR", "head-pst_er", date(2016, 12, 13), date(2016, 12, 30), "ลาพักผ่อนปลายปี"),
    Deputy(
        _on(2017, 4, 7, 9), "QS", "reporter-qs", date(2017, 4, 10), date(2017, 5, 5), "ไปอบรมผู้บริหารการสาธารณสุขระดับกลาง"
    ),
    Deputy(_on(2017, 4, 11, 15), "PST_OPD", "head-pst_er", date(2017, 4, 24), date(2017, 4, 28), "ไปประชุมวิชาการพยาบาล"),
)


def _of_deputies(cast: Cast) -> Iterator[Happening]:
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=[each.unit for each in DEPUTIES])}
    for each in DEPUTIES:
        unit, deputy = units[each.unit], cast.person(each.deputy)
        yield Happening(each.at, lambda unit=unit, deputy=deputy, each=each: _stand_in(unit, cast, deputy, each))


def _stand_in(unit: OrgUnit, cast: Cast, deputy: User, each: Deputy) -> None:
    head = cast.head(unit)
    access = UnitAccess(unit, reach_of(head))
    days = {"start": each.start, "end": each.end}
    appoint_deputy(access=access, of=head, deputy=deputy, reason=each.reason, by=head, **days)


def _remind() -> None:
    """As cron runs `manage.py send_reminders`, but to people of the demo alone: no mail could reach them."""
    people = set(demo_users())
    with override("th"):
        for _delivery in deliver(draft for draft in drafts() if draft.user in people):
            pass


def _owner(plan: Plan, code: str) -> OrgUnit:
    """The unit that does the counting: where two answer, the second."""
    owned = Indicator.objects.get(plan=plan, code=code).responsibilities.order_by("position", "pk")
    return owned.select_related("responsible_unit").last().responsible_unit


def _access(plan: Plan, by: User, code: str, number: int) -> RoundAccess:
    rounds = Round.objects.filter(indicator__plan=plan, indicator__code=code, fiscal_year=YEAR)
    return fetch_round(by, rounds.get(number=number).pk)


def _result(access: RoundAccess) -> Result:
    if access.result is None:
        raise LookupError("The demo year has no result to correct.")
    return access.result
