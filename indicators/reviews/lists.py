"""The review list: its parts, how many are in each, and its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from indicators.entry.panel import look_of
from indicators.figures import measured
from indicators.models import Indicator, Responsibility, Result, Round
from indicators.naming import title_of
from indicators.pieces import GridKey, with_piece
from indicators.reviews import queries
from indicators.reviews.marks import (
    HANDED_IN,
    MARKS,
    Mark,
    change_of,
    is_jump,
    is_routine,
    late_days_of,
    with_previous_level,
)
from indicators.rules import unit_query
from indicators.schedule.standing import due_of
from strategy import clock
from strategy.access import Permission, Reach, hospital_of
from strategy.models import OrgUnit
from strategy.periods import fiscal_year_of, year_start

Status = Result.Status


@dataclass(frozen=True)
class Tab:
    """One part of the review list: which results, in which order, and what to say when there are none."""

    key: str
    label: Any
    statuses: tuple[str, ...]
    order: tuple[str, ...]
    caption: Any
    empty: Any


TABS = (
    Tab(
        "waiting",
        gettext_lazy("รอตรวจสอบ"),
        (Status.SUBMITTED,),
        ("submitted_at", "pk"),
        gettext_lazy("ผลงานที่รอตรวจสอบ ส่งก่อนอยู่บน"),
        gettext_lazy("ไม่มีผลงานที่รอตรวจสอบ"),
    ),
    Tab(
        "returned",
        gettext_lazy("ส่งกลับแล้ว"),
        (Status.RETURNED, Status.REOPENED),
        ("returned_at", "pk"),
        gettext_lazy("ผลงานที่ส่งกลับหรือเปิดให้แก้ไขใหม่ ค้างนานที่สุดอยู่บน"),
        gettext_lazy("ไม่มีผลงานที่ค้างแก้ไขอยู่กับหน่วยงาน"),
    ),
    Tab(
        "approved",
        gettext_lazy("อนุมัติแล้ว"),
        (Status.APPROVED,),
        ("-approved_at", "-pk"),
        gettext_lazy("ผลงานที่อนุมัติแล้ว ล่าสุดอยู่บน"),
        gettext_lazy("ยังไม่มีผลงานที่อนุมัติ"),
    ),
    Tab(
        "missing",
        gettext_lazy("ยังไม่ส่ง"),
        (),
        (),
        gettext_lazy("รอบที่เลยกำหนดส่งแล้วและยังไม่ได้ส่ง รวมที่ส่งกลับและยังไม่ส่งใหม่ ค้างนานที่สุดอยู่บน"),
        gettext_lazy("ทุกรอบที่ถึงกำหนดส่งมาแล้ว"),
    ),
)


def counts_of(results: QuerySet[Result], missing: QuerySet[Round], tab: Tab) -> dict[str, Any]:
    """How many pieces of work are in each tab, since when the oldest waits, and how many of the tab carry each mark."""
    overdue = with_piece(missing).aggregate(missing=Count("piece", distinct=True))
    found = _counts(with_piece(results, "round__"), "piece", tab)
    if tab.statuses:  # a grid with rows of both kinds is one with warnings
        found["warning_none"] = found[tab.key] - found["warning_any"]
    return found | overdue


def counts_of_grid(results: QuerySet[Result], missing: QuerySet[Round], tab: Tab) -> dict[str, Any]:
    """The same of one grid, row by row."""
    left = sum(len(missing_rows(round_)) for round_ in queries.with_overdue_rows(missing))
    return _counts(results, "pk", tab) | {"missing": left}


def _counts(results: QuerySet[Result], unit: str, tab: Tab) -> dict[str, Any]:
    tabs = (each for each in TABS if each.statuses)
    numbers = {each.key: Count(unit, filter=Q(status__in=each.statuses), distinct=True) for each in tabs}
    here = Q(status__in=tab.statuses)
    # A condition that nothing can meet would make all of them 0, so what is missing is asked for no marks.
    shown = MARKS if tab.statuses else ()
    marks = {mark.key: Count(unit, filter=here & mark.condition, distinct=True) for mark in shown}
    oldest = Min("submitted_at", filter=Q(status=Status.SUBMITTED))
    return with_previous_level(results, of=here).aggregate(**numbers, **marks, oldest=oldest)


@dataclass(frozen=True)
class Narrowing:
    """A mark as a link: how many rows carry it, and whether the list is narrowed to them now."""

    mark: Mark
    count: int
    is_on: bool
    url: str  # narrows the list to them, or widens it again


def narrowings_of(counts: Mapping[str, Any], filters: Mapping[str, str], tab: Tab) -> list[Narrowing]:
    """The marks that some row carries, and the one that the list is narrowed to."""
    found = (_narrowing(mark, counts.get(mark.key, 0), filters, tab) for mark in MARKS)
    return [each for each in found if each.count or each.is_on]


def _narrowing(mark: Mark, count: int, filters: Mapping[str, str], tab: Tab) -> Narrowing:
    is_on = filters.get(mark.name) == mark.value
    others = {name: value for name, value in filters.items() if name != mark.name}
    query = {"tab": tab.key, **others} | ({} if is_on else {mark.name: mark.value})
    return Narrowing(mark, count, is_on, f"{reverse('review_list')}?{urlencode(query)}")


def hospitals_of(reach: Reach) -> str:
    """The hospitals that the person reviews; they came with the memberships."""
    roots = reach.roots_of(Permission.REVIEW)
    found = {hospital_of(m.unit) for m in reach.memberships}
    return ", ".join(sorted(unit.name for unit in found if unit.pk in roots))


# The rows


class _Row:
    """What every row says of its round."""

    round: Round

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def units(self) -> list[OrgUnit]:
        """The responsible units, each once."""
        owners = self.round.indicator.responsibilities.all()
        return list({row.responsible_unit_id: row.responsible_unit for row in self._of_unit(owners)}.values())

    def _of_unit(self, owners: Iterable[Responsibility]) -> Iterable[Responsibility]:
        return owners


@dataclass(frozen=True)
class ResultRow(_Row):
    """One result in the review list."""

    result: Result
    kept: str = ""  # the list's filter, as it goes on to the next page
    is_picked: bool = False  # ticked before, in a form that was refused
    is_group = False

    @property
    def round(self) -> Round:
        return self.result.round

    @property
    def measured_unit(self) -> OrgUnit | None:
        """Where it was measured, if not in the plan's own unit."""
        is_own = self.result.measured_unit_id == self.round.indicator.plan.unit_id
        return None if is_own else self.result.measured_unit

    def _of_unit(self, owners: Iterable[Responsibility]) -> Iterable[Responsibility]:
        return (row for row in owners if row.measured_unit_id == self.result.measured_unit_id)

    @property
    def url(self) -> str:
        unit = unit_query(self.measured_unit) if self.measured_unit else ""
        tail = f"&{self.kept.removeprefix('?')}" if unit and self.kept else self.kept
        return reverse("review_detail", args=[self.round.pk]) + unit + tail

    @property
    def value(self) -> str:
        return measured(self.result.version, self.result.value, self.result.second)

    @property
    def state_badge(self) -> str:
        return look_of(self.result)

    @property
    def late_days(self) -> int:
        return late_days_of(self.result)

    @property
    def warnings(self) -> int:
        """Warnings that the unit has acknowledged: nothing is submitted with an open one."""
        return len(set(self.result.acknowledged))

    @property
    def came_back(self) -> bool:
        """It waits again after the reviewers sent it back, or took back an approval."""
        returned_at: datetime | None = self.result.returned_at  # type: ignore[attr-defined]  # annotated
        return returned_at is not None and self.result.status == Status.SUBMITTED

    @property
    def is_commented(self) -> bool:
        return any(self.result.warning_comments.values())

    @property
    def previous_level(self) -> Decimal | None:
        level: Decimal | None = self.result.previous_level  # type: ignore[attr-defined]  # annotated
        return level

    @property
    def change(self) -> str:
        """How the level moved, as a word of marks.Change; empty where there is none."""
        return change_of(self.result.level, self.previous_level) or ""

    @property
    def is_jump(self) -> bool:
        return is_jump(self.result.level, self.previous_level)

    @property
    def seen(self) -> str:
        """What a tick before the row sends: the result with its save count."""
        return seen_text([self.result])


@dataclass(frozen=True)
class GroupRow:
    """All results of one grid and round in one tab: one piece of work."""

    key: GridKey
    example: ResultRow
    members: tuple[Result, ...]
    when: datetime | None
    is_picked: bool = False
    is_group = True

    @property
    def indicator(self) -> Indicator:
        return self.key.home_of(self.example.round.indicator)

    @property
    def title(self) -> str:
        return title_of(self.indicator)

    @property
    def round(self) -> Round:
        return self.example.round

    @property
    def count(self) -> int:
        return len(self.members)

    @property
    def is_judged(self) -> bool:
        return bool(self.passed or self.failed)

    @property
    def passed(self) -> int:
        return sum(member.passed is True for member in self.members)

    @property
    def failed(self) -> int:
        return sum(member.passed is False for member in self.members)

    @property
    def clean(self) -> int:
        return sum(is_routine(member) for member in self.members)

    @property
    def warned(self) -> int:
        return self.count - self.clean

    @property
    def seen(self) -> str:
        return seen_text(self.members)


def seen_text(results: Iterable[Result]) -> str:
    """Which results a page showed, with their save counts: `12:3 14:1`."""
    return " ".join(f"{result.pk}:{result.lock}" for result in results)


@dataclass(frozen=True)
class MissingRow(_Row):
    """One round past its due day that is not with the reviewers, of one measured unit."""

    round: Round
    measured_unit: OrgUnit | None = None  # where it is not the plan's own
    until: date | None = None  # its unit's extension, which has passed too
    is_group = False

    def _of_unit(self, owners: Iterable[Responsibility]) -> Iterable[Responsibility]:
        unit = self.measured_unit.pk if self.measured_unit else self.round.indicator.plan.unit_id
        return (row for row in owners if row.measured_unit_id == unit)

    @property
    def due(self) -> date:
        return due_of(self.round.due, self.until)

    @property
    def days_late(self) -> int:
        return (clock.today() - self.due).days

    @property
    def is_locked(self) -> bool:
        """The unit cannot send it any more without more time."""
        return not self.back_url and due_of(self.round.locks, self.until) < clock.today()

    @property
    def is_of_now(self) -> bool:
        """Due in this fiscal year; of the last one what is still taken, or came back (queries.overdue_rounds)."""
        return not self.is_locked or self.due >= year_start(fiscal_year_of(clock.today()))

    @property
    def extend_url(self) -> str:
        unit = unit_query(self.measured_unit) if self.measured_unit else ""
        return reverse("round_extend", args=[self.round.pk]) + unit

    @property
    def state(self) -> str:
        """Key of the badge: how far its result has come."""
        unit = self.measured_unit.pk if self.measured_unit else self.round.indicator.plan.unit_id
        status: str = self.round.came_in.get(unit, "not_reported")  # type: ignore[attr-defined]  # with_overdue_rows
        return status

    @property
    def back_url(self) -> str:
        """The page of what came back; empty where nothing was submitted."""
        if self.state not in (Status.RETURNED, Status.REOPENED):
            return ""
        unit = unit_query(self.measured_unit) if self.measured_unit else ""
        return reverse("review_detail", args=[self.round.pk]) + unit


@dataclass(frozen=True)
class MissingGroup:
    """What is missing of one grid and round."""

    key: GridKey
    round: Round
    count: int
    is_group = True

    @property
    def indicator(self) -> Indicator:
        return self.key.home_of(self.round.indicator)

    @property
    def title(self) -> str:
        return title_of(self.indicator)

    @property
    def days_late(self) -> int:
        return (clock.today() - self.round.due).days


def missing_rows(round_: Any) -> list[MissingRow]:
    """A row for each measured unit whose result is not with the reviewers and that has no more time."""
    seen = {unit for unit, status in round_.came_in.items() if status in HANDED_IN}
    plans_own = round_.indicator.plan.unit
    owners = round_.indicator.responsibilities.all()
    units = {row.measured_unit_id: row.measured_unit for row in owners} or {plans_own.pk: plans_own}
    left = (unit for pk, unit in units.items() if pk not in seen)
    rows = [MissingRow(round_, None if unit.pk == plans_own.pk else unit, round_.granted.get(unit.pk)) for unit in left]
    return [row for row in rows if row.days_late > 0 and row.is_of_now]
