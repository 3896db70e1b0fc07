"""Decisions about many results at once: each through the transition table, each a transaction of its own.

What is decided stays decided whatever becomes of the rest: a request that is cut off leaves whole decisions,
and sending it again only meets what is left.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Result, ReviewEvent
from indicators.notices.actions import Batch
from indicators.refusals import NotAllowed
from indicators.reviews import queries
from indicators.reviews.marks import is_clean, is_routine
from indicators.rules import RoundAccess, current_responsibilities, with_units_above
from indicators.schedule.standing import Calendar
from indicators.workflow import StaleResult, transition
from strategy.access import Reach, reach_of
from strategy.models import OrgUnit, User

MOST = 100  # decisions of one request: a few seconds
LONGEST = 250_000  # characters of a list of results: fifty grids of 250 rows on one page
NAMED = 12  # codes in a sentence
RELATED = ("round__indicator__plan__unit", "round__indicator__parent", "version", "measured_unit")
Seen = Mapping[int, int]  # the results that the page showed, with their save counts
Hold = Callable[[Result], str]  # why a result is not decided together with others


@dataclass(frozen=True)
class Left:
    """A result that was not decided, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What was decided, and what was left."""

    done: tuple[str, ...]
    left: tuple[Left, ...]


def read_seen(text: str) -> dict[int, int]:
    """`12:3 14:1` as it stands in the form; what is not so is nothing."""
    pairs = (part.partition(":") for part in text[:LONGEST].split())
    return {int(pk): int(lock) for pk, _colon, lock in pairs if _is_number(pk) and _is_number(lock)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def approve_clean(*, by: User, seen: Seen) -> Report:
    """Approve, of what the page showed, what passed without a warning or a return; the others are left, with why."""
    return _decide(by, seen, ReviewEvent.Action.APPROVE, hold=_hold_unread)


def approve_chosen(*, by: User, seen: Seen) -> Report:
    """Approve what was ticked one by one: a failure or an earlier return is no obstacle, a warning is."""
    return _decide(by, seen, ReviewEvent.Action.APPROVE, hold=_hold_chosen)


def return_all(*, by: User, seen: Seen, reason: str) -> Report:
    """Send the chosen results back with one reason."""
    return _decide(by, seen, ReviewEvent.Action.RETURN, reason)


def _hold_chosen(result: Result) -> str:
    """Why it is not approved together with others; empty where it may be."""
    return "" if is_clean(result) else _("มีคำเตือน ไม่เกี่ยวข้อง หรือคำนวณไม่ได้ ต้องตรวจทีละรายการ")


def _hold_unread(result: Result) -> str:
    """The same of the button that takes all, of which nobody has chosen any."""
    hold = _hold_chosen(result)
    return hold or ("" if is_routine(result) else _("ไม่ผ่านเกณฑ์หรือเคยส่งกลับ กรุณาตรวจแล้วทำเครื่องหมายเลือกเอง"))


def _hold_nothing(_result: Result) -> str:
    return ""


def _decide(by: User, seen: Seen, action: str, reason: str = "", hold: Hold = _hold_nothing) -> Report:
    batch = Batch()  # what is done together is told together
    done: list[str] = []
    left: list[Left] = []
    for place, access in enumerate(_chosen(reach_of(by), seen)):
        refusal = _one(access, by, seen, action, reason, batch, hold) if place < MOST else _too_many()
        if refusal:
            left.append(Left(_name(access), refusal))
        else:
            done.append(_name(access))
    return Report(tuple(done), tuple(left))


def _chosen(reach: Reach, seen: Seen) -> Iterator[RoundAccess]:
    """What of it the person reviews, in the order of the queue: four queries, however many there are.

    What happens to one of them while others are decided is found out after its row lock, as ever.
    """
    found = queries.reviewed_results(reach).filter(pk__in=seen).order_by("submitted_at", "pk")
    results = list(queries.with_return(found).select_related(*RELATED))
    calendar = Calendar(result.round for result in results)
    owners = with_units_above(current_responsibilities())
    responsible: dict[tuple[int, int], list[OrgUnit]] = {}
    for row in owners.filter(indicator__in={result.round.indicator_id for result in results}):
        responsible.setdefault((row.indicator_id, row.measured_unit_id), []).append(row.responsible_unit)
    for result in results:
        round_, unit = result.round, result.measured_unit
        units = tuple(responsible.get((round_.indicator_id, unit.pk), ()))
        yield RoundAccess(round_, result, result.version, reach, units, unit, **vars(calendar.of(round_, unit)))


def _one(access: RoundAccess, by: User, seen: Seen, action: str, reason: str, batch: Batch, hold: Hold) -> str:
    """Why it was not decided; empty where it was."""
    result = access.result
    if result is None or result.lock != seen[result.pk] or result.status != Result.Status.SUBMITTED:
        return _("มีการเปลี่ยนแปลงหลังจากที่เปิดหน้านี้ กรุณาตรวจอีกครั้ง")
    if refusal := hold(result):
        return refusal
    try:
        transition(access=access, action=action, by=by, lock=result.lock, reason=reason, batch=batch)
    except (NotAllowed, StaleResult) as error:
        return str(error)
    return ""


def _too_many() -> str:
    return _("ทำได้ครั้งละไม่เกิน %(most)s รายการ กรุณาทำส่วนที่เหลืออีกครั้ง") % {"most": MOST}


def _name(access: RoundAccess) -> str:
    code = access.round.indicator.code
    return f"{code} {access.measured_unit.label}" if access.is_other_unit else code


# In words


def told(report: Report, done: str) -> list[tuple[str, str]]:
    """What happened, what was left and why, as kinds of messages with sentences; `done` says what was decided."""
    first = (
        ("success", done % {"count": len(report.done), "codes": _listed(report.done)})
        if report.done
        else ("warning", _("ยังไม่มีการตัดสินใดเกิดขึ้น"))
    )
    return [first, *(("warning", sentence) for sentence in _by_reason(report.left))]


def _by_reason(left: Iterable[Left]) -> list[str]:
    """One sentence a reason, with what it left."""
    names: dict[str, list[str]] = {}
    for each in left:
        names.setdefault(each.reason, []).append(each.name)
    return [
        _("ยังไม่ได้ตัดสิน %(count)s รายการ: %(reason)s (%(codes)s)")
        % {"count": len(found), "reason": reason, "codes": _listed(found)}
        for reason, found in names.items()
    ]


def _listed(names: Iterable[str]) -> str:
    """The names, each once; of many the first and how many more."""
    each = list(dict.fromkeys(names))
    shown = ", ".join(each[:NAMED])
    more = len(each) - NAMED
    return _("%(shown)s และอีก %(more)s") % {"shown": shown, "more": more} if more > 0 else shown
