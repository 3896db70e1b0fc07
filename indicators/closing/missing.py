"""What is owed of a period and what of it is missing: rounds of which no result is approved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from indicators.card_rows import overlaps
from indicators.models import Indicator, Responsibility, Result, Round
from indicators.naming import title_of
from indicators.rules import active_versions, unit_query
from indicators.schedule.standing import due_of, extensions_of, is_cancelled
from strategy import clock
from strategy.models import OrgUnit, Plan

Status = Result.Status
Key = tuple[int, int]  # round and measured unit


@dataclass(frozen=True)
class Owed:
    """One round of one measured unit, who is responsible for it and how far its result has come."""

    round: Round
    unit: OrgUnit
    responsible: tuple[OrgUnit, ...]
    status: str = ""  # of the result; empty where nothing was entered
    extended_until: date | None = None

    @property
    def key(self) -> Key:
        return self.round.pk, self.unit.pk

    @property
    def is_there(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def indicator(self) -> Indicator:
        return self.round.indicator

    @property
    def due(self) -> date:
        return due_of(self.round.due, self.extended_until)

    @property
    def is_due(self) -> bool:
        return self.due < clock.today()

    @property
    def state(self) -> str:
        """The badge that says how far it has come."""
        if self.status or self.is_due:
            return self.status or "not_reported"
        return "extended" if self.due > self.round.due else "not_yet_due"

    @property
    def waits_for_review(self) -> bool:
        return self.status == Status.SUBMITTED

    @property
    def query(self) -> str:
        """What follows the round in an address."""
        return "" if self.unit.pk == self.indicator.plan.unit_id else unit_query(self.unit)


@dataclass(frozen=True)
class MissingGroup:
    """What one measured unit lacks of one KPI: one box for one reason."""

    items: tuple[Owed, ...]

    @property
    def first(self) -> Owed:
        return self.items[0]

    @property
    def name(self) -> str:
        """Of its box in the form."""
        return f"reason-{self.first.indicator.pk}-{self.first.unit.pk}"

    @property
    def title(self) -> str:
        return title_of(self.first.indicator)

    @property
    def measured_in(self) -> str:
        """The unit, where it is not the plan's own."""
        return self.first.unit.label if self.first.query else ""

    @property
    def responsible(self) -> str:
        """Of all its rounds; of a round of nobody's time it says so."""
        units = {unit.pk: unit.label for item in self.items for unit in item.responsible}
        if not all(item.responsible for item in self.items):
            units[0] = nobody()
        return ", ".join(units.values())

    @cached_property
    def states(self) -> list[tuple[str, list[Owed]]]:
        """The rounds by what keeps them: "not_reported" with October and November, "submitted" with March."""
        found: dict[str, list[Owed]] = {}
        for item in self.items:
            found.setdefault(item.state, []).append(item)
        return list(found.items())


def nobody() -> str:
    """In the place of the responsible units."""
    return _("ไม่มีหน่วยงานรับผิดชอบ")


def owed_of(plans: Sequence[Plan], fiscal_year: int, until: date) -> list[Owed]:
    """All that is owed by that day, in the order of the plans; four queries, however many rounds and units.

    Not owed is what belongs to a cancelled indicator and to one without a template this year. What nobody was
    responsible for at any time of the round is owed by the plan's own unit: its weight is in the totals all the same.
    """
    rounds = _rounds(plans, fiscal_year, until)
    statuses, extensions = _statuses(rounds), extensions_of(rounds.order_by().values("pk"))
    known, duties = {plan.pk: plan for plan in plans}, _duties(plans)
    found = []
    for round_ in rounds:
        round_.indicator.plan = known[round_.indicator.plan_id]
        for unit, responsible in _units_of(round_, duties.get(round_.indicator_id, ())):
            key = (round_.pk, unit.pk)
            found.append(Owed(round_, unit, responsible, statuses.get(key, ""), extensions.get(key)))
    return found


def _units_of(round_: Round, duties: Iterable[Responsibility]) -> Iterator[tuple[OrgUnit, tuple[OrgUnit, ...]]]:
    """The measured units of a round, each with the units that were responsible for it at any time of the round.

    The plan's own where nobody was, as on the scorecards.
    """
    units: dict[int, list[Responsibility]] = {}
    for duty in duties:
        if overlaps(duty, round_):
            units.setdefault(duty.measured_unit_id, []).append(duty)
    if not units:
        yield round_.indicator.plan.unit, ()
    for rows in units.values():
        responsible = {row.responsible_unit_id: row.responsible_unit for row in rows}
        yield rows[0].measured_unit, tuple(responsible.values())


def _rounds(plans: Sequence[Plan], fiscal_year: int, until: date) -> QuerySet[Round]:
    template = active_versions().filter(indicator=OuterRef("indicator"), fiscal_year=OuterRef("fiscal_year"))
    rounds = Round.objects.filter(
        ~is_cancelled(), Exists(template), indicator__plan__in=plans, fiscal_year=fiscal_year, end__lte=until
    )
    return rounds.select_related("indicator__parent").order_by("indicator__plan", "indicator__position", "end", "pk")


def _duties(plans: Sequence[Plan]) -> dict[int, list[Responsibility]]:
    """By indicator, in their order."""
    rows = Responsibility.objects.filter(indicator__plan__in=plans).order_by("position", "pk")
    found: dict[int, list[Responsibility]] = {}
    for row in rows.select_related("measured_unit", "responsible_unit"):
        found.setdefault(row.indicator_id, []).append(row)
    return found


def _statuses(rounds: QuerySet[Round]) -> dict[Key, str]:
    rows = Result.objects.filter(round__in=rounds.order_by().values("pk"))
    return {(round_, unit): status for round_, unit, status in rows.values_list("round", "measured_unit", "status")}


def missing_of(plan: Plan, fiscal_year: int, until: date) -> list[Owed]:
    """All that is missing of a plan's period, in the order of the plan."""
    return [item for item in owed_of([plan], fiscal_year, until) if not item.is_there]


def grouped(items: Iterable[Owed]) -> list[MissingGroup]:
    """By KPI and measured unit, each with its rounds in order of time."""
    found: dict[Key, list[Owed]] = {}
    for item in items:
        found.setdefault((item.indicator.pk, item.unit.pk), []).append(item)
    return [MissingGroup(tuple(sorted(group, key=lambda item: item.round.end))) for group in found.values()]
