"""งานของฉัน: the rounds of one's units as lists, by what they ask of the department head."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators import queries
from indicators.entry.panel import look_of
from indicators.figures import figure, unit_of
from indicators.models import Indicator, Result, ReviewEvent, Round
from indicators.naming import title_of
from indicators.pieces import GridKey, Shapes, grid_key, shapes_of
from indicators.rules import unit_query
from indicators.schedule.standing import AS_PLANNED, Standing, extensions_of, standing_of
from indicators.work_places import HINTS, OPEN, TITLES, Place
from strategy import clock
from strategy.access import Reach
from strategy.models import OrgUnit
from strategy.periods import thai_date

Status = Result.Status


@dataclass(frozen=True)
class WorkRow:
    """One round with its result, and the one thing to do with it."""

    round: Round
    result: Result | None
    place: Place
    late_days: int  # 0 where the due day has not passed
    event: ReviewEvent | None  # the return or reopening, with its reason
    measured: OrgUnit | None = None  # where it is not the plan's own unit
    standing: Standing = AS_PLANNED
    is_first: bool = False  # the page's one primary action
    more = ""  # of a grid: what came back besides
    progress = ""

    @property
    def code(self) -> str:
        return self.round.indicator.code

    @property
    def title(self) -> str:
        title = title_of(self.round.indicator)
        return f"{title} — {self.measured.label}" if self.measured else title

    @property
    def url(self) -> str:
        return reverse("entry", args=[self.round.pk]) + (unit_query(self.measured) if self.measured else "")

    @property
    def level(self) -> Decimal | None:
        return self.result.level if self.result else None

    @property
    def due(self) -> date:
        """With the time that was granted."""
        return self.standing.due(self.round)

    @property
    def is_extended(self) -> bool:
        return self.due > self.round.due

    @property
    def sent_late(self) -> int:
        """How many days after its due day it was first submitted."""
        return (self.result.late_days or 0) if self.result else 0

    @property
    def is_overdue(self) -> bool:
        """Still with its unit though the due day has passed: what was never sent, and what came back."""
        return self.place in (Place.LATE, Place.BACK) and self.late_days > 0

    @property
    def is_locked(self) -> bool:
        """Too late: nothing is taken without more time."""
        return self.place is Place.LATE and clock.today() > self.standing.locks(self.round)

    @property
    def note(self) -> str:
        """What the calendar says that the unit must know."""
        if self.place is Place.OUT and self.standing.is_cancelled(self.round) and self.standing.cancelled_on:
            facts = {"day": thai_date(self.standing.cancelled_on), "reason": self.standing.cancelled_because}
            return _("ยกเลิกตั้งแต่ %(day)s: %(reason)s") % facts
        if self.is_locked:
            plan = self.round.indicator.plan
            office = plan.strategy_unit.label if plan.strategy_unit else _("หน่วยงานที่ตรวจสอบผลงาน")
            facts = {"day": thai_date(self.standing.locks(self.round)), "office": office}
            return _("ปิดรับเมื่อ %(day)s ถ้ายังต้องส่ง ขอขยายเวลาที่ %(office)s") % facts
        return ""

    @property
    def states(self) -> list[str]:
        """Keys of the state badges: where it stands, and a draft besides."""
        status = self.result.status if self.result else None
        if self.place in (Place.BACK, Place.WAITING, Place.DONE):
            return [str(status), "late"] if self.is_overdue else [str(status)]
        if self.place is Place.OUT:
            return ["cancelled" if self.standing.is_cancelled(self.round) else "closed"]
        where = {Place.LATE: "late", Place.DUE: "due", Place.RUNNING: "not_yet_due"}[self.place]
        if self.is_extended and self.place is not Place.LATE:
            where = "extended"
        found = ["locked" if self.is_locked else where]
        return [*found, "draft"] if status else found

    @property
    def look(self) -> str:
        """The state that stands in place of a level; empty where nothing is saved or there are no bands."""
        return look_of(self.result) if self.result else ""

    @property
    def value(self) -> str:
        return figure(self.result.version, self.result.value, self.result.second) if self.result else ""

    @property
    def unit(self) -> str:
        return unit_of(self.result.version) if self.result else ""

    @property
    def action(self) -> str:
        if self.place in CLOSED or self.is_locked:
            return _("ดู")
        return _("แก้ไข") if self.result else _("บันทึกผล")


@dataclass(frozen=True)
class GridWork:
    """The rows of one grid and round as one piece of work."""

    key: GridKey
    rows: tuple[WorkRow, ...]
    is_first: bool = False
    value = unit = look = ""
    level = None

    @property
    def home(self) -> Indicator:
        return self.key.home_of(self.rows[0].round.indicator)

    @property
    def code(self) -> str:
        return self.home.code

    @property
    def title(self) -> str:
        return title_of(self.home)

    @property
    def url(self) -> str:
        return self.key.url

    @property
    def _soonest(self) -> WorkRow:
        """The one that is due first."""
        return min(self.rows, key=lambda row: row.due)

    @property
    def round(self) -> Round:
        return self._soonest.round

    @property
    def due(self) -> date:
        return self._soonest.due

    @property
    def is_extended(self) -> bool:
        return self._soonest.is_extended

    @property
    def sent_late(self) -> int:
        return max(row.sent_late for row in self.rows)

    @property
    def is_locked(self) -> bool:
        return all(row.is_locked for row in self.rows if row.place is self.place)

    @property
    def note(self) -> str:
        """What the calendar says of its rows, where it says the same of all of them."""
        notes = {row.note for row in self.rows if row.place is self.place}
        return notes.pop() if len(notes) == 1 else ""

    @cached_property
    def place(self) -> Place:
        """That of the row with which most is to be done."""
        return min((row.place for row in self.rows), key=list(Place).index)

    @property
    def is_overdue(self) -> bool:
        return any(row.is_overdue for row in self.rows)

    @property
    def late_days(self) -> int:
        return max((row.late_days for row in self.rows if row.is_overdue), default=0)

    @property
    def _back(self) -> list[WorkRow]:
        return [row for row in self.rows if row.place is Place.BACK]

    @property
    def event(self) -> ReviewEvent | None:
        return next((row.event for row in self._back if row.event), None)

    @property
    def more(self) -> str:
        """How many came back; the reasons of all stand on their own pages."""
        return _("ส่งกลับ/เปิดให้แก้ไข %(count)s รายการ") % {"count": len(self._back)} if self._back else ""

    @property
    def progress(self) -> str:
        saved = sum(row.result is not None for row in self.rows)
        return _("บันทึกแล้ว %(saved)s จาก %(all)s") % {"saved": saved, "all": len(self.rows)}

    @property
    def states(self) -> list[str]:
        """Keys of the state badges: where the first row of its place stands, and a draft besides."""
        first = next(row for row in self.rows if row.place is self.place)
        drafts = any(row.result and row.result.status == Status.DRAFT for row in self.rows)
        where = first.states[0]
        if self.place is Place.BACK:
            return [where, "late"] if self.is_overdue else [where]
        return [where, "draft"] if drafts and self.place in (Place.LATE, Place.DUE, Place.RUNNING) else [where]

    @property
    def action(self) -> str:
        return _("เปิดตาราง")


Piece = WorkRow | GridWork
CLOSED = (Place.WAITING, Place.DONE, Place.OUT)  # in which nothing is to be done
LONGEST = 100  # rows of a list in which nothing is to be done


@dataclass(frozen=True)
class WorkList:
    """The rows of one place."""

    place: Place
    rows: list[Piece]

    @property
    def title(self) -> str:
        return str(TITLES[self.place])

    @property
    def hint(self) -> str:
        return str(HINTS[self.place])

    @property
    def shown(self) -> list[Piece]:
        """All that is to be done; of what is with others or done, only the first LONGEST."""
        return self.rows[:LONGEST] if self.place in CLOSED else self.rows

    @property
    def cut(self) -> str:
        """That not all are shown, and where the rest is; empty where nothing is left out."""
        if len(self.shown) == len(self.rows):
            return ""
        figures = {"shown": len(self.shown), "all": len(self.rows)}
        return _("แสดง %(shown)s จาก %(all)s รายการ รายการอื่นดูได้จากหน้าตัวชี้วัดในภาพรวมแผน") % figures

    @property
    def folded(self) -> bool:
        return self.place in (Place.DONE, Place.OUT)


@dataclass(frozen=True)
class Work:
    """All lists of a person for a fiscal year, without the empty ones."""

    rows: list[Piece]

    @cached_property
    def lists(self) -> list[WorkList]:
        places = [WorkList(place, [row for row in self.rows if row.place is place]) for place in Place]
        return [one for one in places if one.rows]

    def count(self, *places: Place) -> int:
        return sum(row.place in places for row in self.rows)

    @property
    def lost(self) -> int:
        """What closed periods lack."""
        return sum(row.place is Place.OUT and "closed" in row.states for row in self.rows)

    @property
    def summary(self) -> str:
        """How things stand, in one sentence."""
        waiting = self.count(*OPEN)
        if not waiting:
            lacking = _("ไม่มีรายการค้างในงวดที่ยังเปิดอยู่ งวดที่ปิดแล้วขาดผลงาน %(count)s รายการ") % {"count": self.lost}
            return lacking if self.lost else _("ไม่มีรายการค้าง")
        parts = [_("ค้างส่ง %(count)s รายการ") % {"count": waiting}]
        if late := sum(row.is_overdue for row in self.rows):
            parts.append(self._late_of(late))
        if back := self.count(Place.BACK):
            parts.append(_("ส่งกลับ/เปิดให้แก้ไข %(count)s รายการ") % {"count": back})
        return " ".join(parts)

    def _late_of(self, late: int) -> str:
        """How many are overdue; those among them that came back stand in a list of their own."""
        facts = {"count": late, "back": sum(row.is_overdue for row in self.rows if row.place is Place.BACK)}
        if facts["back"]:
            return _("เลยกำหนด %(count)s รายการ (รวมที่ส่งกลับหรือเปิดให้แก้ไข %(back)s)") % facts
        return _("เลยกำหนด %(count)s รายการ") % facts


def place_of(round_: Round, status: str | None, today: date, standing: Standing = AS_PLANNED) -> Place:
    """Which list an open round belongs to. Due this month: it has ended, or its due day is in this month."""
    if status != Status.APPROVED and (standing.is_closed or standing.is_cancelled(round_)):
        return Place.OUT
    if status in (Status.RETURNED, Status.REOPENED):
        return Place.BACK
    if status == Status.SUBMITTED:
        return Place.WAITING
    if status == Status.APPROVED:
        return Place.DONE
    due = standing.due(round_)
    if due < today:
        return Place.LATE
    this_month = (due.year, due.month) == (today.year, today.month)
    return Place.DUE if round_.end < today or this_month else Place.RUNNING


def work_of(reach: Reach, fiscal_year: int) -> Work:
    """The work of a person's units: six queries, however many rounds there are."""
    rounds = queries.rounds_for_my_work(reach, fiscal_year)
    until = extensions_of([round_.pk for round_ in rounds])
    units = queries.units_for_my_work(reach)
    results = queries.results_for_my_work(rounds, units)
    shapes = shapes_of({round_.indicator_id for round_ in rounds})
    reasons = queries.reasons_for_my_work(results.values())
    rows = _rows(rounds, units, results, reasons, until)
    enterable = (row for row in rows if row.result or (row.round.indicator_id, row.round.fiscal_year) in shapes)
    return Work(_with_first(list(_pieces(enterable, shapes))))


def _rows(
    rounds: Iterable[Round],
    units: dict[int, list[OrgUnit]],
    results: dict[tuple[int, int], Result],
    reasons: dict[int, ReviewEvent],
    until: dict[tuple[int, int], date],
) -> Iterator[WorkRow]:
    """One row for each round and measured unit."""
    today = clock.today()
    for round_ in rounds:
        plans_own = round_.indicator.plan.unit_id
        for unit in units.get(round_.indicator_id, []):
            result = results.get((round_.pk, unit.pk))
            standing = standing_of(round_, until.get((round_.pk, unit.pk)))
            place = place_of(round_, result.status if result else None, today, standing)
            late = max(0, (today - standing.due(round_)).days)
            event = reasons.get(result.pk) if result else None
            yield WorkRow(round_, result, place, late, event, None if unit.pk == plans_own else unit, standing)


def _pieces(rows: Iterable[WorkRow], shapes: Shapes) -> Iterator[Piece]:
    """The rows in their order, those of one grid together where the first of them stands."""
    order: dict[GridKey | int, list[WorkRow]] = {}
    for number, row in enumerate(rows):
        order.setdefault(grid_key(row.round, shapes) or number, []).append(row)
    for key, found in order.items():
        yield GridWork(key, tuple(found)) if isinstance(key, GridKey) else found[0]


def _with_first(rows: list[Piece]) -> list[Piece]:
    """The newest of what is done stands on top; the first thing to do is the primary action."""
    todo = [place for place in Place if place in (*OPEN, Place.RUNNING)]
    first = next((row for place in todo for row in rows if row.place is place and not row.is_locked), None)
    ordered = [row for row in rows if row.place is not Place.DONE]
    ordered += [row for row in reversed(rows) if row.place is Place.DONE]
    return [replace(row, is_first=row is first) for row in ordered]
