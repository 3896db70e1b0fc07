"""Who may do what with an indicator's round and its result: small predicates, and the fetchers.

Fetching is authorising: views get objects only through `fetch_*`, which raise Http404
for what is not there and for what is not theirs, so that neither can be told apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.http import urlencode

from indicators.models import Indicator, IndicatorVersion, Responsibility, Result, Round
from indicators.schedule.obstacle import obstacle_of
from indicators.schedule.standing import due_of, extended_until, standing_of, with_standing
from strategy import clock
from strategy.access import UNITS_ABOVE, Permission, Reach, in_force, reach_of
from strategy.models import OrgUnit, Plan, User
from strategy.periods import fiscal_year_of


@dataclass(frozen=True)
class RoundAccess:
    """One round with what one person may do there."""

    round: Round
    result: Result | None
    version: IndicatorVersion
    reach: Reach
    responsible: tuple[OrgUnit, ...]
    unit: OrgUnit | None = None  # the measured unit; None: the plan's own
    extended_until: date | None = None  # more time for this unit's result, granted by the strategy unit
    cancelled_on: date | None = None  # the day from which the indicator is cancelled this year
    cancelled_because: str = ""
    is_closed: bool = False  # the period is closed and its figures are frozen
    on: date | None = None  # the day of which the rights are; None: today

    @property
    def plan(self) -> Plan:
        return self.round.indicator.plan

    @property
    def measured_unit(self) -> OrgUnit:
        """Whose result this is: the plan's own unit, or one of those that the indicator is measured in."""
        return self.unit or self.plan.unit

    @property
    def is_other_unit(self) -> bool:
        """Measured in another unit than the plan's own, so that pages say in which."""
        return self.measured_unit.pk != self.plan.unit_id

    @property
    def query(self) -> str:
        """What follows the round in an address: "?unit=10998", or nothing for the plan's own unit."""
        return unit_query(self.measured_unit) if self.is_other_unit else ""

    @property
    def status(self) -> str | None:
        return self.result.status if self.result else None

    def _in_own_unit(self, permission: Permission) -> bool:
        return any(self.reach.may_in(permission, unit) for unit in self.responsible)

    @property
    def is_own(self) -> bool:
        return self._in_own_unit(Permission.SEE_OWN)

    @property
    def is_entered(self) -> bool:
        """By a unit in which the person may enter, whatever the status is now."""
        return self._in_own_unit(Permission.ENTER)

    @property
    def may_see_draft(self) -> bool:
        """Drafts, returned and submitted values: the responsible units, reviewers and executives."""
        return self.reach.may_on(Permission.READ_ALL, self.plan) or self.is_own

    @property
    def may_see_values(self) -> bool:
        return self.may_see_draft or self.status == Result.Status.APPROVED

    @property
    def _today(self) -> date:
        return self.on or clock.today()

    @property
    def is_editable(self) -> bool:
        """The result is with its unit: nothing yet, a draft, or sent back."""
        return self.status in EDITABLE

    @property
    def has_begun(self) -> bool:
        return self.round.opens <= self._today

    @property
    def due(self) -> date:
        """The day by which this unit's result is due, with the time that it was granted."""
        return due_of(self.round.due, self.extended_until)

    @property
    def locks(self) -> date:
        """The last day on which anything is taken from this unit."""
        return due_of(self.round.locks, self.extended_until)

    @property
    def is_locked(self) -> bool:
        """Nothing more is taken from the unit, unless the reviewers ask for it by sending a result back."""
        return self._today > self.locks and self.status not in (Result.Status.RETURNED, Result.Status.REOPENED)

    @property
    def is_cancelled(self) -> bool:
        """The indicator was cancelled before this round ended; earlier rounds stay what they were."""
        return self.cancelled_on is not None and self.round.end >= self.cancelled_on

    @property
    def is_open(self) -> bool:
        """The round can be worked on at all, by whoever may."""
        return not (self.is_closed or self.is_cancelled)

    @property
    def takes_entries(self) -> bool:
        """What the calendar says: begun, not locked, not closed, not cancelled."""
        return self.has_begun and self.is_open and not self.is_locked

    @property
    def obstacle(self) -> str:
        """Why the calendar keeps the unit from entering now, as a sentence; empty where it does not."""
        return obstacle_of(self)

    @property
    def may_enter(self) -> bool:
        return self.takes_entries and self.is_entered and self.is_editable

    @property
    def may_submit(self) -> bool:
        return self.takes_entries and self._in_own_unit(Permission.SUBMIT) and self.is_editable

    @property
    def may_withdraw(self) -> bool:
        """Once it is locked it stays where it is: a draft could not be submitted again."""
        can = self.takes_entries and self.status == Result.Status.SUBMITTED
        return can and self._in_own_unit(Permission.SUBMIT)

    @property
    def _may_review_here(self) -> bool:
        return self.is_open and self.reach.may_on(Permission.REVIEW, self.plan)

    @property
    def may_return(self) -> bool:
        return self._may_review_here and self.status == Result.Status.SUBMITTED

    @property
    def may_approve(self) -> bool:
        """Nobody approves what they submitted (DESIGN.md section 7)."""
        submitted_by = self.result.submitted_by_id if self.result else None
        return self.may_return and submitted_by != self.reach.user.pk

    @property
    def may_reopen(self) -> bool:
        return self._may_review_here and self.status == Result.Status.APPROVED


def unit_query(unit: OrgUnit) -> str:
    """The address tail that names a measured unit."""
    return f"?{urlencode({'unit': unit.code})}"


EDITABLE = (None, Result.Status.DRAFT, Result.Status.RETURNED, Result.Status.REOPENED)


def current_responsibilities() -> QuerySet[Responsibility]:
    """Responsibilities of today with their units: an owner may change in mid-year."""
    today = Responsibility.objects.filter(in_force(clock.today()))
    return today.select_related("responsible_unit").order_by("position", "pk")


def with_units_above(responsibilities: QuerySet[Responsibility]) -> QuerySet[Responsibility]:
    """With what Reach.may_in needs of the responsible units."""
    return responsibilities.select_related(f"responsible_unit__{UNITS_ABOVE}")


def active_versions() -> QuerySet[IndicatorVersion]:
    return IndicatorVersion.objects.filter(is_active=True)


def fetch_plans(user: User) -> list[Plan]:
    """The plans of the person's hospital, public inside it."""
    plans = Plan.objects.filter(unit__in=reach_of(user).hospitals, is_active=True)
    return list(plans.select_related("unit", "strategy_unit"))


def chosen_plan(plans: list[Plan], code: str | None) -> Plan:
    """The plan of that code, else 404. Without a code one that covers this fiscal year, else the newest."""
    this_year = fiscal_year_of(clock.today())
    if code:
        plans = [plan for plan in plans if plan.code == code]
    if not plans:
        raise Http404
    return next((plan for plan in plans if this_year in plan.years), plans[0])


# What the pages of a round show besides the round itself; each fetched by the same query.
ROUND_RELATED = ("indicator__plan__unit", "indicator__plan__strategy_unit", "indicator__issue", "indicator__parent")
RESULT_RELATED = ("version", "entered_by", "submitted_by", "approved_by", "assessed_by")


def fetch_round(user: User, pk: int, unit: str | None = None) -> RoundAccess:
    """The round with one measured unit's result and the person's rights, else 404.

    Public inside the hospital (or office) of the plan; elsewhere only for who is responsible for that unit's
    results. `unit` is the measured unit's code, nothing for the plan's own; one that is not measured is 404.
    """
    reach = reach_of(user)
    return _access(reach, *_round_with_result(reach, pk, unit), unit)


def _round_with_result(reach: Reach, pk: int, unit: str | None) -> tuple[Round, Result | None]:
    """A round that the person may look at with the result of the measured unit: one query, else 404."""
    wanted = _measured(pk, unit)
    measured = FilteredRelation("results", condition=Q(results__measured_unit=F("wanted")))
    rounds = Round.objects.filter(_is_in_sight(reach, wanted), pk=pk)
    rounds = rounds.annotate(wanted=Subquery(wanted)).annotate(measured=measured)
    rounds = with_standing(rounds, extended_until=extended_until(unit=wanted))
    related = (*ROUND_RELATED, *(f"measured__{name}" for name in RESULT_RELATED))
    found = next(iter(rounds.select_related(*related).order_by()), None)  # ordering costs a third, for one row
    if found is None:
        raise Http404
    return found, getattr(found, "measured", None)


def _measured(pk: int, unit: str | None) -> QuerySet:
    """The measured unit that was asked for, as part of another query."""
    if not unit:
        return Round.objects.filter(pk=pk).order_by().values("indicator__plan__unit")
    if "\0" in unit:  # PostgreSQL takes no NUL in a text
        raise Http404
    return OrgUnit.objects.filter(code=unit).order_by().values("pk")


def _is_in_sight(reach: Reach, measured: QuerySet) -> Q:
    """A round of the person's hospitals, or one whose measured unit's results are with their units."""
    owned = Responsibility.objects.filter(
        in_force(clock.today()),
        indicator=OuterRef("indicator"),
        measured_unit__in=measured,
        responsible_unit__in=reach.units_with(Permission.SEE_OWN),
    )
    return Q(indicator__plan__unit__in=reach.hospitals) | Q(Exists(owned))


def _access(reach: Reach, round_: Round, result: Result | None, unit: str | None) -> RoundAccess:
    if result is not None:
        result.round = round_
    version = _version_for(round_, result)
    version.indicator = round_.indicator
    plans_own = round_.indicator.plan.unit
    code = unit or plans_own.code
    owners = current_responsibilities().filter(indicator=round_.indicator, measured_unit__code=code)
    rows = list(with_units_above(owners).select_related("measured_unit"))
    measured = _measured_unit(code, plans_own, result, rows)
    responsible = tuple(row.responsible_unit for row in rows)
    standing = standing_of(round_, round_.extended_until)
    return RoundAccess(round_, result, version, reach, responsible, measured, **vars(standing))


def _measured_unit(code: str, plans_own: OrgUnit, result: Result | None, rows: list[Responsibility]) -> OrgUnit:
    """The unit of that code: the plan's own, one that is measured today, or was once; else 404."""
    if code == plans_own.code:
        return plans_own
    if rows:
        return rows[0].measured_unit
    if result is None:
        raise Http404
    return result.measured_unit


def _version_for(round_: Round, result: Result | None) -> IndicatorVersion:
    """An approved or submitted result keeps the revision that scored it; what is open takes the active one."""
    if result is not None and (result.status not in EDITABLE or result.version.is_active):
        return result.version
    version = active_versions().filter(indicator=round_.indicator, fiscal_year=round_.fiscal_year).first()
    if version is None:
        raise Http404
    return version


def fetch_own_round(user: User, pk: int, unit: str | None = None) -> RoundAccess:
    """A round of the person's own units: the entry page. Others get 404."""
    access = fetch_round(user, pk, unit)
    if not access.is_own:
        raise Http404
    return access


def fetch_review_round(user: User, pk: int, unit: str | None = None) -> RoundAccess:
    """A round that the person may review and that has a result; others get 404.

    The plan's office reviews what is measured in other units too. The version is the one that scored the result:
    a reviewer looks at what was submitted, also after it went back.
    """
    reach = reach_of(user)
    round_, result = _round_with_result(reach, pk, unit)
    if result is None or not reach.may_on(Permission.REVIEW, round_.indicator.plan):
        raise Http404
    result.version.indicator = round_.indicator
    return replace(_access(reach, round_, result, unit), version=result.version)


def _indicators_of(user: User) -> QuerySet[Indicator]:
    related = ("plan__unit", "plan__strategy_unit", "issue", "parent")
    return Indicator.objects.filter(plan__unit__in=reach_of(user).hospitals).select_related(*related)


def fetch_indicator(user: User, pk: int) -> Indicator:
    """An indicator of the person's hospital, else 404."""
    found = _indicators_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class IndicatorAccess:
    """One indicator with what one person may do in its rounds, as RoundAccess says it of one round."""

    indicator: Indicator
    reach: Reach
    is_own: bool
    is_entered: bool  # by a unit in which the person may enter

    @property
    def may_see_draft(self) -> bool:
        return self.reach.may_on(Permission.READ_ALL, self.indicator.plan) or self.is_own

    def may_see_values(self, result: Result) -> bool:
        return self.may_see_draft or result.status == Result.Status.APPROVED

    def may_open_entry(self, round_: Round) -> bool:
        """Whether the round has an entry page for the person; what they may do there is RoundAccess's to say."""
        return self.is_entered and round_.opens <= clock.today()


def fetch_indicator_access(user: User, pk: int) -> IndicatorAccess:
    """An indicator of the person's hospital and whether it is their units'; one query, else 404."""
    reach = reach_of(user)
    # Who enters for other units as well (K405's 26 hospitals) is of the plan's office: nobody else gets this far.
    own, entered = (reach.units_with(permission) for permission in (Permission.SEE_OWN, Permission.ENTER))
    found = _indicators_of(user).filter(pk=pk).annotate(
        is_own=_is_with(own), is_entered=_is_with(entered, measured_unit=OuterRef("plan__unit"))
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    return IndicatorAccess(found, reach, found.is_own, found.is_entered)


def _is_with(units: set[int] | QuerySet[OrgUnit], **measured: OuterRef) -> Exists:
    """Whether one of the units is responsible today for an indicator's results, of any measured unit or of one."""
    today = Responsibility.objects.filter(in_force(clock.today()), responsible_unit__in=units)
    return Exists(today.filter(indicator=OuterRef("pk"), **measured))


def with_visible_drafts(user: User, plan: Plan, owners: Iterable[Responsibility], family: Iterable[int]) -> set[int]:
    """Of a family of indicators those of which the person may see values that are not approved yet.

    `owners` are the responsibilities for them, with the units above theirs.
    """
    reach = reach_of(user)
    if reach.may_on(Permission.READ_ALL, plan):
        return set(family)
    return {row.indicator_id for row in owners if reach.may_in(Permission.SEE_OWN, row.responsible_unit)}


def require(user: User, permission: Permission) -> Reach:
    """The person's reach if they have the permission anywhere, else 404."""
    reach = reach_of(user)
    if not reach.may_anywhere(permission):
        raise Http404
    return reach


def responsibilities_prefetch(name: str = "indicator__responsibilities") -> Prefetch:
    return Prefetch(name, queryset=current_responsibilities())
