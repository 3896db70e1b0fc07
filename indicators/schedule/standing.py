"""What the calendar says of rounds: closed periods, cancelled indicators, granted extensions.

Lists annotate their rounds (`with_standing`) or ask once for all of them (`Calendar`), so that no row asks again.
Every write asks once more after its row lock (`refuse_closed`, `refuse_out`): a page may be older than a closing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from indicators.closing.gate import hold_open
from indicators.models import Cancellation, Closure, Extension, Round
from indicators.refusals import NotAllowed
from strategy.models import OrgUnit
from strategy.periods import thai_date


@dataclass(frozen=True)
class Standing:
    """The exceptions that hold for one round of one measured unit; `RoundAccess(…, **vars(standing))`."""

    extended_until: date | None = None
    cancelled_on: date | None = None
    cancelled_because: str = ""
    is_closed: bool = False

    def due(self, round_: Round) -> date:
        return due_of(round_.due, self.extended_until)

    def locks(self, round_: Round) -> date:
        return due_of(round_.locks, self.extended_until)

    def is_cancelled(self, round_: Round) -> bool:
        """The indicator was cancelled before the round ended."""
        return self.cancelled_on is not None and round_.end >= self.cancelled_on


AS_PLANNED = Standing()


def closures_in_force() -> QuerySet[Closure]:
    return Closure.objects.filter(reopened_at__isnull=True)


def refuse_closed(round_: Round) -> None:
    """NotAllowed where the round's period is closed, as of now. Call it in the transaction, after the row lock.

    Closing waits for who is past this point and lets nobody else past it before it is committed (closing/gate.py).
    """
    hold_open(round_.indicator_id)
    closed = closures_in_force().filter(
        plan__indicators=round_.indicator_id, fiscal_year=round_.fiscal_year, until__gte=round_.end
    )
    if closed.exists():
        raise NotAllowed(closed_sentence(round_))


def refuse_out(round_: Round) -> None:
    """The same for what hands in or decides: NotAllowed also where its indicator was cancelled before it ended."""
    hold_open(round_.indicator_id)
    row: Any = with_standing(Round.objects.filter(pk=round_.pk)).order_by().get()
    if row.is_closed:
        raise NotAllowed(closed_sentence(round_))
    if standing_of(row).is_cancelled(row):
        facts = {"day": thai_date(row.cancelled_on, long=True), "reason": row.cancelled_because}
        raise NotAllowed(_("ตัวชี้วัดนี้ยกเลิกตั้งแต่ %(day)s เพราะ %(reason)s งวดนี้จึงไม่ต้องส่งและไม่ต้องตรวจผลงาน") % facts)


def closed_sentence(round_: Round) -> str:
    """That nothing of the round changes any more, and who could open it again."""
    sentence = _("งวด%(period)s ปิดแล้ว แก้ไขไม่ได้ ถ้าจำเป็นต้องแก้ ขอให้หน่วยงานที่ตรวจสอบผลงานเปิดงวดใหม่พร้อมเหตุผล")
    return sentence % {"period": round_.label}


def closed_for_reviewers(round_: Round) -> str:
    """The same for who may open it again."""
    sentence = _("งวด%(period)s ปิดแล้ว แก้ไขหรือตัดสินไม่ได้ ถ้าจำเป็นต้องแก้ ท่านเปิดงวดใหม่พร้อมเหตุผลได้ที่หน้าปิดงวด")
    return sentence % {"period": round_.label}


# Conditions and columns for other queries. `path` leads to the round: "" for rounds, "round__" for results.


def is_closed(path: str = "") -> Exists:
    """Whether a round's period is closed."""
    covers = closures_in_force().filter(
        plan=OuterRef(f"{path}indicator__plan"),
        fiscal_year=OuterRef(f"{path}fiscal_year"),
        until__gte=OuterRef(f"{path}end"),
    )
    return Exists(covers)


def cancellations_of(path: str = "") -> QuerySet[Cancellation]:
    """Cancellations in force of the outer round's indicator or one of the two above it, in its year."""
    return cancellations_of_indicator(f"{path}indicator", f"{path}fiscal_year")


def cancellations_of_indicator(indicator: str, fiscal_year: str) -> QuerySet[Cancellation]:
    """The same where the outer row has the indicator and the year under these names; the earliest first."""
    names = (indicator, f"{indicator}__parent", f"{indicator}__parent__parent")
    above = Q(*(("indicator", OuterRef(name)) for name in names), _connector=Q.OR)
    found = Cancellation.objects.filter(above, fiscal_year=OuterRef(fiscal_year), lifted_at__isnull=True)
    return found.order_by("day", "pk")


def is_cancelled(path: str = "") -> Exists:
    """Whether the indicator was cancelled before the round ended."""
    return Exists(cancellations_of(path).filter(day__lte=OuterRef(f"{path}end")))


def extended_until(path: str = "", unit: str | Combinable | QuerySet | OrgUnit | int = "measured_unit") -> Subquery:
    """Until when one measured unit has more time; `unit` is its column in the outer row, a unit, or a query of one."""
    measured = OuterRef(unit) if isinstance(unit, str) else unit
    one = "measured_unit__in" if isinstance(unit, QuerySet) else "measured_unit"
    granted = Extension.objects.filter(round=OuterRef(f"{path}pk"), **{one: measured})
    return Subquery(granted.order_by("-pk").values("until")[:1])


def with_standing(rows: QuerySet, path: str = "", **more: Any) -> QuerySet:
    """Rounds (or what leads to them by `path`) with `is_closed`, `cancelled_on` and `cancelled_because` as columns."""
    cancelled = cancellations_of(path)
    return rows.annotate(
        is_closed=is_closed(path),
        cancelled_on=Subquery(cancelled.values("day")[:1]),
        cancelled_because=Subquery(cancelled.values("reason")[:1]),
        **more,
    )


def standing_of(row: Any, until: date | None = None) -> Standing:
    """What a row of `with_standing` says; `until` is the unit's extension."""
    return Standing(until, row.cancelled_on, row.cancelled_because or "", row.is_closed)


class Calendar:
    """The exceptions of many rounds and all their measured units: one query, however many.

    `calendar.of(round_, unit)` is what a RoundAccess is made with: `RoundAccess(…, **vars(calendar.of(round_, unit)))`.
    """

    def __init__(self, rounds: Iterable[Round] | QuerySet[Round]) -> None:
        pks = rounds.values("pk") if isinstance(rounds, QuerySet) else [round_.pk for round_ in rounds]
        columns = ("pk", "cancelled_on", "cancelled_because", "is_closed")
        granted = ("extensions__measured_unit", "extensions__until")  # a row for each, the latest last
        rows = with_standing(Round.objects.filter(pk__in=pks)).order_by("extensions__pk")
        self._rounds: dict[int, tuple[date | None, str, bool]] = {}
        self._until: dict[tuple[int, int | None], date | None] = {}
        for pk, day, reason, closed, unit, until in rows.values_list(*columns, *granted):
            self._rounds[pk] = (day, reason or "", closed)
            self._until[pk, unit] = until

    def of(self, round_: Round, unit: OrgUnit | int) -> Standing:
        unit_pk = unit if isinstance(unit, int) else unit.pk
        return Standing(self._until.get((round_.pk, unit_pk)), *self._rounds.get(round_.pk, (None, "", False)))


def extensions_of(rounds: Iterable[int] | QuerySet) -> dict[tuple[int, int], date]:
    """Until when there is more time, by round and measured unit; the latest extension holds."""
    rows = Extension.objects.filter(round__in=rounds).order_by("pk")
    return {(round_, unit): until for round_, unit, until in rows.values_list("round", "measured_unit", "until")}


def due_of(round_due: date, until: date | None) -> date:
    """The day by which a unit's result is due, with the time that it was granted."""
    return max(round_due, until or round_due)


def due_with_extension(path: str = "") -> Greatest:
    """The same as a column of a query that has `extended_until`."""
    return Greatest(F(f"{path}due"), Coalesce(F("extended_until"), F(f"{path}due")))
