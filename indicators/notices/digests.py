"""The digest of a day: for each person, in one piece, what they owe and which units below them are late."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Digest, Notice
from indicators.notices.actions import reviewers_in
from indicators.notices.days import escalation_day, reminder_day
from indicators.notices.owed import Owed, Piece, count_rounds, owed, pieces_of, shapes_for
from indicators.notices.staff import Staff
from indicators.pieces import Shapes
from strategy import clock
from strategy.models import OrgUnit, Plan, User
from strategy.periods import thai_date

LONGEST = 60  # lines of a section
NAMED = 6  # rounds in a line


@dataclass(frozen=True)
class Section:
    """One part of a digest: a heading, its lines, and the page where one goes on."""

    title: str
    lines: tuple[str, ...]
    link: str
    path: str


@dataclass
class Share:
    """What one person is concerned with, and the last day that would have them told of it."""

    user: User
    own: list[Owed] = field(default_factory=list)
    below: list[Owed] = field(default_factory=list)  # as a group head
    watched: list[Owed] = field(default_factory=list)  # as the strategy unit
    coming: date = date.min
    late: dict[str, tuple[date, date]] = field(default_factory=dict)  # due day and reminder of what fell due last

    def add(self, role: str, item: Owed, day: date) -> None:
        """One thing more, of which the person was to be told on that day."""
        getattr(self, role).append(item)
        if item.is_late:
            self.late[role] = max(self.late.get(role, (date.min, date.min)), (item.due, day))
        else:
            self.coming = max(self.coming, day)

    @property
    def wake(self) -> date:
        """What is late is repeated in the rhythm of what fell due last: else each month owed brings its own mails."""
        return max(self.coming, *(day for _due, day in self.late.values()), date.min)


@dataclass(frozen=True)
class Draft:
    """A digest to one person, and the notices that say the same inside the application."""

    user: User
    subject: str
    sections: tuple[Section, ...]
    notices: tuple[tuple[str, dict[str, Any], str], ...]  # kind, facts, address


def drafts() -> list[Draft]:
    """The digests of today, by user name: for whoever has not been told since the last of their days."""
    plans = list(Plan.objects.filter(is_active=True).select_related("unit", "strategy_unit"))
    items = [item for item in owed(plans, _ahead(plans)) if item.days_late >= -item.plan.remind_before]
    staff, shapes = Staff(), shapes_for(items)
    shares = _shares(items, plans, staff)
    told = _told(shares)
    woken = [share for pk, share in shares.items() if share.wake > told.get(pk, date.min)]
    return [_draft(share, staff, shapes) for share in sorted(woken, key=lambda share: share.user.username)]


def _ahead(plans: Iterable[Plan]) -> int:
    return max((plan.remind_before for plan in plans), default=0)


def _shares(items: Iterable[Owed], plans: Iterable[Plan], staff: Staff) -> dict[int, Share]:
    """Who is concerned with which of it."""
    reviewers = {plan.pk: reviewers_in(plan.unit, plan.strategy_unit_id) for plan in plans}
    shares: dict[int, Share] = {}
    for item in items:
        for user, role, day in _concerned(item, staff, reviewers[item.plan.pk]):
            shares.setdefault(user.pk, Share(user)).add(role, item, day)
    return shares


def _concerned(item: Owed, staff: Staff, reviewers: Iterable[User]) -> Iterator[tuple[User, str, date]]:
    """Who is told of one round of one responsible unit, as what, and since which day.

    For a unit that has nobody its group head enters.
    """
    today, own = clock.today(), staff.of(item.responsible.pk) or staff.above(item.responsible.pk)
    if day := reminder_day(item.due, today, item.plan):
        yield from ((user, "own", day) for user in own)
    if day := escalation_day(item.due, today, item.plan):
        yield from ((user, "below", day) for user in staff.above(item.responsible.pk) if user not in own)
        yield from ((user, "watched", day) for user in reviewers)


def _told(users: Iterable[int]) -> dict[int, date]:
    """When each was told last. A mail that failed told nobody; without an address the notice did."""
    had = Digest.objects.filter(Q(sent_at__isnull=False) | Q(address=""), user__in=list(users))
    return dict(had.order_by().values("user").annotate(last=Max("day")).values_list("user", "last"))


# In words


def _draft(share: Share, staff: Staff, shapes: Shapes) -> Draft:
    own = list({(item.round.pk, item.measured_unit.pk): item for item in share.own}.values())
    late, coming = [item for item in own if item.is_late], [item for item in own if not item.is_late]
    sections = (
        _own_section(_("เลยกำหนดส่งแล้ว"), late, shapes),
        _own_section(_("ใกล้ถึงกำหนดส่ง"), coming, shapes),
        _units_section(_("หน่วยงานในสังกัดที่เลยกำหนดส่ง"), share.below, staff, shapes, reverse("my_work")),
        _units_section(_("หน่วยงานที่ยังไม่ส่งผลงาน"), share.watched, staff, shapes, reverse("silent")),
    )
    counts = {"late": count_rounds(late, shapes), "coming": count_rounds(coming, shapes)}
    units = {item.responsible.pk for item in (*share.below, *share.watched)}
    notices = [*_own_notice(late, coming, counts), *_unit_notices(share.below, share.watched, shapes)]
    return Draft(share.user, _subject(counts, len(units)), tuple(filter(None, sections)), tuple(notices))


def _subject(counts: Mapping[str, int], units: int) -> str:
    parts = []
    if counts["late"]:
        parts.append(_("เลยกำหนดส่ง %(late)s รายการ") % counts)
    if counts["coming"]:
        parts.append(_("ใกล้ถึงกำหนดส่ง %(coming)s รายการ") % counts)
    if units:
        parts.append(_("%(units)s หน่วยงานยังไม่ส่งผลงาน") % {"units": units})
    return "kpitrack: " + ", ".join(parts)


def _own_section(title: str, items: list[Owed], shapes: Shapes) -> Section | None:
    if not items:
        return None
    lines = [_line(piece) for piece in pieces_of(items, shapes)]
    heading = _("%(title)s %(count)s รายการ") % {"title": title, "count": count_rounds(items, shapes)}
    return Section(heading, _cut(lines), _("บันทึกและส่งผลงาน"), reverse("my_work"))


def _line(piece: Piece) -> str:
    """One KPI: which rounds, and until when or since when."""
    names = piece.rounds
    more = len(names) - NAMED
    shown = ", ".join(names[-NAMED:])
    facts = {
        "title": piece.title, "more": more, "days": piece.days_late, "due": thai_date(piece.first_due),
        "rounds": _("%(rounds)s และก่อนหน้าอีก %(more)s งวด") % {"rounds": shown, "more": more} if more > 0 else shown,
    }  # fmt: skip
    if piece.days_late > 0 and len({item.due for item in piece.items}) > 1:
        said = _("%(title)s: %(rounds)s เลยกำหนดนานที่สุด %(days)s วัน (กำหนดส่ง %(due)s)") % facts
    elif piece.days_late > 0:
        said = _("%(title)s: %(rounds)s เลยกำหนด %(due)s มา %(days)s วัน") % facts
    elif piece.days_late == 0:
        said = _("%(title)s: %(rounds)s ส่งภายในวันนี้ (%(due)s)") % facts
    else:
        said = _("%(title)s: %(rounds)s ส่งภายใน %(due)s (อีก %(left)s วัน)") % {**facts, "left": -piece.days_late}
    if piece.is_back:
        said = _("%(said)s มีรายการที่ส่งกลับให้แก้ไข") % {"said": said}
    if piece.locked:
        locked = {"said": said, "count": piece.locked, "office": piece.office}
        said = _("%(said)s ปิดรับแล้ว %(count)s งวด ถ้ายังต้องส่ง ขอขยายเวลาที่ %(office)s") % locked
    return said


def _units_section(title: str, items: list[Owed], staff: Staff, shapes: Shapes, path: str) -> Section | None:
    if not items:
        return None
    lines = [_unit_line(unit, found, staff, shapes) for unit, found in by_unit(items)]
    heading = _("%(title)s %(count)s หน่วยงาน") % {"title": title, "count": len(lines)}
    return Section(heading, _cut(lines), _("ดูรายละเอียด"), path)


def by_unit(items: Iterable[Owed]) -> list[tuple[OrgUnit, list[Owed]]]:
    """The items of each responsible unit, the unit that has been late for longest first."""
    found: dict[int, list[Owed]] = {}
    for item in items:
        found.setdefault(item.responsible.pk, []).append(item)
    ordered = sorted(found.values(), key=lambda rows: (-max(row.days_late for row in rows), rows[0].responsible.name))
    return [(rows[0].responsible, rows) for rows in ordered]


def _unit_line(unit: OrgUnit, items: list[Owed], staff: Staff, shapes: Shapes) -> str:
    heads = staff.heads_of(unit.pk)
    facts = {
        "unit": unit.name, "count": count_rounds(items, shapes), "days": max(item.days_late for item in items),
        "heads": ", ".join(map(_reached, heads)) or _("ไม่มีหัวหน้าที่ปฏิบัติงานอยู่"),
    }  # fmt: skip
    return _("%(unit)s: %(count)s รายการ เลยกำหนดนานที่สุด %(days)s วัน หัวหน้า: %(heads)s") % facts


def _reached(user: User) -> str:
    return _("%(name)s โทร. %(number)s") % {"name": user, "number": user.telephone} if user.telephone else str(user)


def _cut(lines: list[str]) -> tuple[str, ...]:
    more = len(lines) - LONGEST
    if more <= 0:
        return tuple(lines)
    return (*lines[:LONGEST], _("และอีก %(more)s รายการ ดูทั้งหมดได้ในระบบ") % {"more": more})


def _own_notice(late: list[Owed], coming: list[Owed], counts: Mapping[str, int]) -> Iterable[tuple[str, dict, str]]:
    facts: dict[str, Any] = {"coming": counts["coming"]}
    if coming:
        facts["day"] = min(item.due for item in coming).isoformat()
    if late:
        facts |= {"count": counts["late"], "days": max(item.days_late for item in late)}
        yield Notice.Kind.OVERDUE, facts, reverse("my_work")
    elif coming:
        yield Notice.Kind.DUE, facts, reverse("my_work")


def _unit_notices(below: list[Owed], watched: list[Owed], shapes: Shapes) -> Iterable[tuple[str, dict, str]]:
    for items, page in ((below, "my_work"), (watched, "silent")):
        if items:
            units, count = by_unit(items), count_rounds(items, shapes)
            each = sum(count_rounds(found, shapes) for _unit, found in units)
            facts = {"units": len(units), "count": count, "is_shared": each > count}
            yield Notice.Kind.ESCALATED, facts, reverse(page)
