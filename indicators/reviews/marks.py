"""What catches a reviewer's eye in a result: a level that moved, a warning, a failure, a late submission.

Each is said twice, as a condition of a query (the filter and its counts) and of one row (the list), and a test
holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from indicators.models import Result, Round
from indicators.pieces import with_piece
from scoring.explain import State
from strategy import clock

Status = Result.Status
# Of these the reviewers have seen the numbers; a draft or a returned result says nothing yet.
HANDED_IN = (Status.SUBMITTED, Status.APPROVED)
CLEAN_STATES = (State.COMPUTED, State.NO_CASES)
UNCOMPUTED_STATES = (State.CANNOT_COMPUTE, State.UNREADABLE, State.INCOMPLETE)
JUMP = 3  # levels
# Levels have four decimals, so a difference of three or more is above this one; SQLite subtracts in binary.
ABOVE_NO_JUMP = Decimal("2.99995")


def with_previous_level(results: QuerySet[Result], of: Q | None = None) -> QuerySet[Result]:
    """With `previous_level`: that of the same unit's last earlier round which was handed in and has a level.

    `of` are the rows of which it is asked, where it is not asked of all: years of results would be looked through.
    """
    # By the few rounds of the indicator: SQLite would else go through all results of the unit, for each row again.
    here = {"indicator": OuterRef(OuterRef("round__indicator")), "end__lt": OuterRef(OuterRef("round__end"))}
    earlier = Result.objects.filter(
        round__in=Round.objects.filter(**here).order_by().values("pk"),
        measured_unit=OuterRef("measured_unit"),
        status__in=HANDED_IN,
        level__isnull=False,
    )
    level = Subquery(earlier.order_by("-round__end", "-pk").values("level")[:1])
    return results.annotate(previous_level=level if of is None else Case(When(of, then=level)))


class Change(StrEnum):
    """How the level moved since the last round that has one."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    FIRST = "first"


def change_of(level: Decimal | None, previous: Decimal | None) -> Change | None:
    """None where the result has no level, so that nothing moved."""
    if level is None:
        return None
    if previous is None:
        return Change.FIRST
    if level == previous:
        return Change.SAME
    return Change.UP if level > previous else Change.DOWN


def is_jump(level: Decimal | None, previous: Decimal | None) -> bool:
    """Three levels or more, up or down."""
    return level is not None and previous is not None and abs(level - previous) >= JUMP


_KNOWN = Q(level__isnull=False, previous_level__isnull=False)
CHANGES: Mapping[str, tuple[Any, Q]] = {
    "up": (_("ระดับสูงขึ้น"), _KNOWN & Q(level__gt=F("previous_level"))),
    "down": (_("ระดับลดลง"), _KNOWN & Q(level__lt=F("previous_level"))),
    "jump": (
        _("ระดับเปลี่ยน 3 ขึ้นไป"),
        _KNOWN & (Q(level__gt=F("previous_level") + ABOVE_NO_JUMP) | Q(previous_level__gt=F("level") + ABOVE_NO_JUMP)),
    ),
    "first": (_("มีระดับครั้งแรก"), Q(level__isnull=False, previous_level__isnull=True)),
}

STATES: Mapping[str, tuple[Any, Q]] = {
    "computed": (_("คำนวณแล้ว"), Q(state=State.COMPUTED)),
    "failed": (_("ไม่ผ่านเกณฑ์"), Q(passed=False)),
    "no_cases": (_("ไม่มีผู้รับบริการเข้าเกณฑ์"), Q(state=State.NO_CASES)),
    "not_applicable": (_("ไม่เกี่ยวข้อง"), Q(state=State.NOT_APPLICABLE)),
    "cannot_compute": (_("คำนวณไม่ได้"), Q(state__in=UNCOMPUTED_STATES)),
}

# Nothing is submitted with an open warning: what was acknowledged is what there was.
WARNINGS: Mapping[str, tuple[Any, Q]] = {
    "none": (_("ไม่มีคำเตือน"), Q(acknowledged=[])),
    "any": (_("มีคำเตือน"), ~Q(acknowledged=[])),
    "commented": (_("มีคำเตือนพร้อมคำอธิบาย"), ~Q(warning_comments={})),
}

# The delay is kept with the first submission; what was handed in before that was kept is read off its days.
_LATE = Q(late_days__gt=0) | Q(late_days__isnull=True, submitted_at__date__gt=F("round__due"))
LATENESS: Mapping[str, tuple[Any, Q]] = {
    "yes": (_("ส่งช้า"), _LATE),
    "no": (_("ส่งทันกำหนด"), Q(submitted_at__isnull=False) & ~_LATE),
}


def without_warned_pieces(results: QuerySet[Result]) -> QuerySet[Result]:
    """Those whose piece of work carries no warning in the tab that it stands in."""
    back = Case(When(status__in=(Status.RETURNED, Status.REOPENED), then=Value(Status.RETURNED)), default=F("status"))
    parts = with_piece(results, "round__").annotate(part=Concat(F("piece"), Value(" "), back, output_field=CharField()))
    warned = parts.filter(WARNINGS["any"][1]).order_by().values("part")
    return results.filter(pk__in=parts.exclude(part__in=warned).order_by().values("pk"))


def late_days_of(result: Result) -> int:
    """How many days after its due day it came in; the due day itself is in time."""
    if result.late_days is not None:
        return result.late_days
    if result.submitted_at is None:
        return 0
    return max(0, (clock.day_of(result.submitted_at) - result.round.due).days)


def is_clean(result: Result) -> bool:
    """Nothing that a reviewer must look at one by one: no acknowledged warning, and a value that could be computed."""
    return not result.acknowledged and result.state in CLEAN_STATES


def is_routine(result: Any) -> bool:
    """What one click may approve unread: clean, not failed, and never sent back (queries.with_return says so)."""
    return is_clean(result) and result.passed is not False and result.returned_at is None


@dataclass(frozen=True)
class Mark:
    """A way to narrow the list, with how many of its rows it would leave."""

    name: str  # of the filter, and the value that it gets
    value: str
    label: Any
    condition: Q

    @property
    def key(self) -> str:
        return f"{self.name}_{self.value}"


def _marks() -> tuple[Mark, ...]:
    wanted: tuple[tuple[str, str, Mapping[str, tuple[Any, Q]]], ...] = (
        ("warning", "none", WARNINGS), ("warning", "any", WARNINGS), ("state", "failed", STATES),
        ("change", "down", CHANGES), ("change", "jump", CHANGES), ("state", "not_applicable", STATES),
        ("state", "cannot_compute", STATES), ("late", "yes", LATENESS),
    )  # fmt: skip
    return tuple(Mark(name, value, *table[value]) for name, value, table in wanted)


MARKS = _marks()


def choices_of(table: Mapping[str, tuple[Any, Q]]) -> list[tuple[str, Any]]:
    return [(value, label) for value, (label, _condition) in table.items()]
