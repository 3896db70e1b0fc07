"""What closed periods lack, for pages that say how things stand: nobody owes it any more, and it did not come."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from indicators.closing.period import ClosingPeriod, current_year
from indicators.models import Round, Waiver
from indicators.rules import active_versions
from indicators.schedule.standing import closures_in_force
from strategy import clock
from strategy.models import Plan


@dataclass(frozen=True)
class Gap:
    """How many results the closed part of a plan's year lacks."""

    period: ClosingPeriod
    count: int


@dataclass(frozen=True)
class Ground:
    """What may be said where nothing is late: whether anything was due at all, and what was closed without."""

    has_due: bool
    gaps: tuple[Gap, ...]

    def of(self, all_there: str, open_there: str, none_due: str) -> str:
        """The one of the three sentences that is true."""
        if not self.has_due:
            return none_due
        return open_there if self.gaps else all_there

    @property
    def units(self) -> str:
        """Of the units that answer."""
        return self.of(_("ทุกหน่วยงานส่งผลงานที่ถึงกำหนดแล้ว"), _("งวดที่ยังเปิดอยู่ไม่มีผลงานที่เลยกำหนดส่ง"), _("ยังไม่มีผลงานที่ถึงกำหนดส่ง"))

    @property
    def rounds(self) -> str:
        """Of the rounds."""
        return self.of(_("ทุกรอบที่ถึงกำหนดส่งมาแล้ว"), _("งวดที่ยังเปิดอยู่ไม่มีรอบที่เลยกำหนดส่ง"), _("ยังไม่มีรอบที่ถึงกำหนดส่ง"))


SOME_DUE = Ground(has_due=True, gaps=())


def ground_of(plans: QuerySet[Plan]) -> Ground:
    """Of these plans in the fiscal year that is being closed; one query.

    A period that is closed holds those before it, and its waivers name what they lack too.
    """
    year = current_year()
    last = closures_in_force().filter(plan=OuterRef("pk"), fiscal_year=year).order_by("-number")
    waived = Waiver.objects.filter(closure=OuterRef("closed")).order_by().values("closure").annotate(all=Count("pk"))
    template = active_versions().filter(indicator=OuterRef("indicator"), fiscal_year=OuterRef("fiscal_year"))
    due = Round.objects.filter(Exists(template), indicator__plan=OuterRef("pk"), due__lt=clock.today())
    rows: Collection[Plan] = plans.annotate(
        closed=Subquery(last.values("pk")[:1]),
        closed_number=Subquery(last.values("number")[:1]),
        waived=Subquery(waived.values("all")),
        has_due=Exists(due.order_by()),
    ).order_by("pk")
    found: list[Gap] = []
    for plan in (row for row in rows if row.waived):  # type: ignore[attr-defined]  # annotated
        found.append(Gap(ClosingPeriod(plan, year, plan.closed_number), plan.waived))  # type: ignore[attr-defined]
    return Ground(any(row.has_due for row in rows), tuple(found))  # type: ignore[attr-defined]
