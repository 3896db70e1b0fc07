"""Decisions about many results at once: each through the transition table, each a transaction of its own.

What is decided stays decided whatever becomes of the rest: a request that is cut off leaves whole decisions,
and sending it again only meets what is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from indicators import rules
from indicators.models import Result, ReviewEvent
from indicators.refusals import NotAllowed
from indicators.reviews import queries
from indicators.reviews.marks import is_clean
from indicators.rules import RoundAccess
from indicators.workflow import StaleResult, transition
from strategy.access import reach_of
from strategy.models import User

MOST = 250  # decisions of one request: a few seconds
LONGEST = 20_000  # characters of a list of results
NAMED = 12  # codes in a sentence
Seen = Mapping[int, int]  # the results that the page showed, with their save counts


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
    """Approve, of what the page showed, everything that carries no warning; the others are left, with why."""
    return _decide(by, seen, ReviewEvent.Action.APPROVE)


def return_all(*, by: User, seen: Seen, reason: str) -> Report:
    """Send the chosen results back with one reason."""
    return _decide(by, seen, ReviewEvent.Action.RETURN, reason)


def _decide(by: User, seen: Seen, action: str, reason: str = "") -> Report:
    batch = uuid4().hex  # what is done together is told together
    done: list[str] = []
    left: list[Left] = []
    for place, row in enumerate(_chosen(by, seen)):
        refusal = _one(row, by, seen[row.pk], action, reason, batch) if place < MOST else _too_many()
        if refusal:
            left.append(Left(_name(row), refusal))
        else:
            done.append(_name(row))
    return Report(tuple(done), tuple(left))


def _chosen(by: User, seen: Seen) -> Iterable[Result]:
    """What of it the person reviews, in the order of the queue."""
    found = queries.reviewed_results(reach_of(by)).filter(pk__in=seen)
    related = found.select_related("round__indicator__plan__unit", "measured_unit")
    return related.order_by("submitted_at", "pk")


def _access(by: User, row: Result) -> RoundAccess:
    """Fetched afresh for each: the rows before it took their time."""
    plan = row.round.indicator.plan
    unit = None if row.measured_unit_id == plan.unit_id else row.measured_unit.code
    return rules.fetch_review_round(by, row.round_id, unit)


def _one(row: Result, by: User, lock: int, action: str, reason: str, batch: str) -> str:
    """Why it was not decided; empty where it was."""
    if row.lock != lock or row.status != Result.Status.SUBMITTED:
        return _("มีการเปลี่ยนแปลงหลังจากที่เปิดหน้านี้ กรุณาตรวจอีกครั้ง")
    if action == ReviewEvent.Action.APPROVE and not is_clean(row):
        return _("มีคำเตือน ไม่เกี่ยวข้อง หรือคำนวณไม่ได้ ต้องตรวจทีละรายการ")
    try:
        transition(access=_access(by, row), action=action, by=by, lock=lock, reason=reason, batch=batch)
    except (NotAllowed, StaleResult) as error:
        return str(error)
    return ""


def _too_many() -> str:
    return _("ทำได้ครั้งละไม่เกิน %(most)s รายการ กรุณาทำส่วนที่เหลืออีกครั้ง") % {"most": MOST}


def _name(row: Result) -> str:
    code = row.round.indicator.code
    return code if row.measured_unit_id == row.round.indicator.plan.unit_id else f"{code} {row.measured_unit.label}"


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
