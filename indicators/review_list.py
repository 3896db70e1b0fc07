"""The review list: its parts, how many are in each, its rows, and in one sentence how things stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import review_queries as queries
from indicators.figures import measured
from indicators.models import Result, Round
from indicators.naming import title_of
from indicators.panel import look_of
from strategy import clock
from strategy.access import Permission, Reach, hospital_of
from strategy.models import OrgUnit
from strategy.periods import thai_date

PAGE_SIZE = 50
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
        gettext_lazy("รอบที่เลยกำหนดส่งแล้วและยังไม่ได้ส่ง ค้างนานที่สุดอยู่บน"),
        gettext_lazy("ทุกรอบที่ถึงกำหนดส่งมาแล้ว"),
    ),
)


def counts_of(results: QuerySet[Result], missing: QuerySet[Round]) -> dict[str, Any]:
    """How many are in each tab, and since when the oldest waits."""
    numbers = {tab.key: Count("pk", filter=Q(status__in=tab.statuses)) for tab in TABS if tab.statuses}
    oldest = Min("submitted_at", filter=Q(status=Status.SUBMITTED))
    return results.aggregate(**numbers, oldest=oldest) | {"missing": missing.count()}


def page_of(tab: Tab, results: QuerySet[Result], missing: QuerySet[Round], total: int, number: str | None) -> Any:
    rows: QuerySet
    if tab.statuses:
        rows = queries.with_review_rows(results.filter(status__in=tab.statuses)).order_by(*tab.order)
    else:
        rows = queries.with_overdue_rows(missing)
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = total  # counted already with the tabs
    return paginator.get_page(number)


def summary_of(counts: dict[str, Any]) -> str:
    """How things stand, in one sentence."""
    if not counts["waiting"] and not counts["missing"]:
        return _("ไม่มีผลงานรอตรวจสอบ และทุกรอบที่ถึงกำหนดส่งมาแล้ว")
    if not counts["waiting"]:
        return _("ไม่มีผลงานรอตรวจสอบ แต่ยังไม่ส่งอีก %(missing)d รอบที่เลยกำหนดแล้ว") % counts
    facts = {**counts, "oldest": _day(counts["oldest"])}
    if not counts["missing"]:
        return _("รอตรวจสอบ %(waiting)d รายการ เก่าที่สุดส่งเมื่อ %(oldest)s ทุกรอบที่ถึงกำหนดส่งมาแล้ว") % facts
    return _("รอตรวจสอบ %(waiting)d รายการ เก่าที่สุดส่งเมื่อ %(oldest)s ยังไม่ส่งอีก %(missing)d รอบที่เลยกำหนดแล้ว") % facts


def _day(moment: datetime) -> str:
    return thai_date(clock.day_of(moment))


def hospitals_of(reach: Reach) -> str:
    """The hospitals that the person reviews; they came with the memberships."""
    roots = reach.roots_of(Permission.REVIEW)
    found = {hospital_of(m.unit) for m in reach.memberships}
    return ", ".join(sorted(unit.name for unit in found if unit.pk in roots))


# The rows


def was_late(result: Result) -> bool:
    """Submitted after the due day; the due day itself is in time."""
    return result.submitted_at is not None and clock.day_of(result.submitted_at) > result.round.due


class _Row:
    """What every row says of its round."""

    round: Round

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def units(self) -> list[OrgUnit]:
        return [row.responsible_unit for row in self.round.indicator.responsibilities.all()]


@dataclass(frozen=True)
class ResultRow(_Row):
    """One result in the review list."""

    result: Result

    @property
    def round(self) -> Round:
        return self.result.round

    @property
    def value(self) -> str:
        return measured(self.result.version, self.result.value, self.result.second)

    @property
    def state_badge(self) -> str:
        return look_of(self.result)

    @property
    def is_late(self) -> bool:
        return was_late(self.result)

    @property
    def warnings(self) -> int:
        """Warnings that the unit has acknowledged: nothing is submitted with an open one."""
        return len(set(self.result.acknowledged))


@dataclass(frozen=True)
class MissingRow(_Row):
    """One round past its due day of which nothing has come in."""

    round: Round

    @property
    def days_late(self) -> int:
        return (clock.today() - self.round.due).days

    @property
    def has_draft(self) -> bool:
        return self.round.has_draft  # type: ignore[attr-defined]  # annotated by with_overdue_rows
