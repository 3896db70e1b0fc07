"""Decisions about many results of one grid at once, each through the transition table."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from indicators.grids.actions import Left, Report
from indicators.grids.rows import Grid, GridRow
from indicators.models import Result, ReviewEvent
from indicators.reviews.lists import is_clean
from indicators.workflow import NotAllowed, StaleResult, transition
from strategy.models import User

Seen = Mapping[int, int]  # the results that the page showed, with their save counts


def read_seen(text: str) -> dict[int, int]:
    """`12:3 14:1` as it stands in the form; what is not so is nothing."""
    pairs = (part.partition(":") for part in text[:20_000].split())
    return {int(pk): int(lock) for pk, _colon, lock in pairs if _is_number(pk) and _is_number(lock)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def approve_clean(grid: Grid, *, by: User, seen: Seen) -> Report:
    """Approve every submitted result of the grid that carries no warning; the others are left, with why."""
    return _decide(_submitted(grid), by, seen, ReviewEvent.Action.APPROVE, only_clean=True)


def return_picked(grid: Grid, *, by: User, seen: Seen, picked: Collection[int], reason: str) -> Report:
    """Send the chosen results back with one reason."""
    rows = [row for row in _submitted(grid) if row.result and row.result.pk in picked]
    return _decide(rows, by, seen, ReviewEvent.Action.RETURN, reason=reason)


def _submitted(grid: Grid) -> list[GridRow]:
    return [row for row in grid.rows if row.access.status == Result.Status.SUBMITTED]


def _decide(
    rows: Iterable[GridRow], by: User, seen: Seen, action: str, *, reason: str = "", only_clean: bool = False
) -> Report:
    done, left = [], []
    for row in rows:
        refusal = _obstacle(row, seen, only_clean) or _transition(row, by, action, reason)
        if refusal:
            left.append(Left(row, [refusal]))
        else:
            done.append(row)
    return Report(tuple(done), tuple(left))


def _obstacle(row: GridRow, seen: Seen, only_clean: bool) -> str:
    """Why the row is not decided; empty where it may be."""
    result = row.result
    if result is None or result.pk not in seen:
        return _("ส่งมาหลังจากที่เปิดหน้านี้")
    if seen[result.pk] != result.lock:
        return _("มีการเปลี่ยนแปลงหลังจากที่เปิดหน้านี้")
    return _("มีคำเตือนหรือคำนวณไม่ได้ ต้องตรวจทีละรายการ") if only_clean and not is_clean(result) else ""


def _transition(row: GridRow, by: User, action: str, reason: str) -> str:
    try:
        transition(access=row.access, action=action, by=by, lock=row.lock, reason=reason)
    except (NotAllowed, StaleResult) as error:
        return str(error)
    return ""


def by_reason(report: Report) -> list[str]:
    """What was left, one sentence a reason with the codes of its rows."""
    codes: dict[str, list[str]] = {}
    for left in report.left:
        codes.setdefault(" ".join(left.reasons), []).append(left.row.code)
    return [
        _("ยังไม่ได้ตัดสิน %(count)s รายการ: %(reason)s (%(codes)s)")
        % {"count": len(found), "reason": reason, "codes": ", ".join(found)}
        for reason, found in codes.items()
    ]
