"""What pages ask of rounds and results, named for the pages that they serve."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value

from indicators.models import Extension, Notice, Responsibility, Result, ReviewEvent, Round
from indicators.pieces import with_piece
from indicators.reviews.queries import review_queue, reviewed_results
from indicators.rules import EDITABLE
from indicators.schedule.standing import is_cancelled, is_closed, with_standing
from strategy import clock
from strategy.access import Permission, Reach, in_force, reach_of
from strategy.models import OrgUnit, User
from strategy.periods import fiscal_year_of, year_start

OPEN_STATUSES = [status for status in EDITABLE if status is not None]
BACK_STATUSES = [Result.Status.RETURNED, Result.Status.REOPENED]


def _owned(units: set[int] | QuerySet[OrgUnit]) -> QuerySet[Responsibility]:
    """Responsibilities of these units today; one for each measured unit."""
    return Responsibility.objects.filter(in_force(clock.today()), responsible_unit__in=units)


def rounds_of_units(units: set[int] | QuerySet[OrgUnit], fiscal_year: int) -> QuerySet[Round]:
    """The rounds that these units are responsible for today, each once: the year's, and what the year before left.

    September is due in October, and late results are taken until they are locked: so long the year before lasts.
    """
    first = year_start(fiscal_year)
    back = Exists(_results(units, status__in=BACK_STATUSES))
    granted = Exists(Extension.objects.filter(round=OuterRef("pk"), until__gte=first))
    late = Q(_is_left(units), locks__gte=clock.today())
    year = Q(fiscal_year=fiscal_year) | Q(fiscal_year=fiscal_year - 1) & (Q(due__gte=first) | late | back | granted)
    return Round.objects.filter(year, indicator__in=_owned(units).order_by().values("indicator"))


def _results(units: set[int] | QuerySet[OrgUnit], **conditions: Any) -> QuerySet[Result]:
    """Results of the outer round that these units are responsible for."""
    owned = _owned(units).filter(indicator=OuterRef("round__indicator"), measured_unit=OuterRef("measured_unit"))
    return Result.objects.filter(Exists(owned), round=OuterRef("pk"), **conditions)


def _is_left(units: set[int] | QuerySet[OrgUnit]) -> Exists:
    """Whether the outer round is not with the reviewers for every measured unit of theirs."""
    gone = Result.objects.filter(round=OuterRef(OuterRef("pk")), measured_unit=OuterRef("measured_unit")).exclude(
        status__in=OPEN_STATUSES
    )
    return Exists(_owned(units).filter(~Exists(gone), indicator=OuterRef("indicator")))


def awaiting_entry(reach: Reach, fiscal_year: int) -> QuerySet[Round]:
    """Rounds of one's units that have ended, or came back, and are not with the reviewers for every measured unit.

    What is closed, cancelled or locked waits for nobody any more.
    """
    units, today = reach.units_with(Permission.ENTER), clock.today()
    back = Exists(_results(units, status__in=BACK_STATUSES))
    more_time = Extension.objects.filter(round=OuterRef("pk"), until__gte=today)
    taken = Q(opens__lte=today) & (Q(locks__gte=today) | Exists(more_time))
    rounds = rounds_of_units(units, fiscal_year).filter(~is_closed(), ~is_cancelled())
    return rounds.filter(Q(_is_left(units), taken, end__lt=today) | back)


def rounds_for_my_work(reach: Reach, fiscal_year: int) -> list[Round]:
    """The rounds that are open to the units in which the person may enter, in order of time and plan."""
    rounds = rounds_of_units(reach.units_with(Permission.ENTER), fiscal_year).filter(opens__lte=clock.today())
    related = with_standing(rounds).select_related("indicator__parent__parent", "indicator__plan__strategy_unit")
    return list(related.order_by("end", "indicator__position", "pk"))


def units_for_my_work(reach: Reach) -> dict[int, list[OrgUnit]]:
    """For each indicator of one's units those in which it is measured, each once."""
    owned = _owned(reach.units_with(Permission.ENTER)).select_related("measured_unit").order_by("position", "pk")
    found: dict[int, dict[int, OrgUnit]] = {}
    for row in owned:
        found.setdefault(row.indicator_id, {})[row.measured_unit_id] = row.measured_unit
    return {indicator: list(units.values()) for indicator, units in found.items()}


def results_for_my_work(rounds: Iterable[Round], units: Mapping[int, list[OrgUnit]]) -> dict[tuple[int, int], Result]:
    """The units' results of these rounds, by round and measured unit, with the template that scored them."""
    measured = {unit.pk for found in units.values() for unit in found}
    rows = Result.objects.filter(round__in=[r.pk for r in rounds], measured_unit__in=measured)
    rows = rows.select_related("version")
    return {(result.round_id, result.measured_unit_id): result for result in rows}


def reasons_for_my_work(results: Iterable[Result]) -> dict[int, ReviewEvent]:
    """The last return or reopening of each result that came back, by result, with who did it."""
    back = [result.pk for result in results if result.status in BACK_STATUSES]
    actions = (ReviewEvent.Action.RETURN, ReviewEvent.Action.REOPEN)
    events = ReviewEvent.objects.filter(result__in=back, action__in=actions).select_related("actor").order_by("pk")
    return {event.result_id: event for event in events}


def waiting_counts(user: User) -> dict[str, int]:
    """What waits for a person, for the navigation: one query, whatever kinds of work are theirs."""
    reach = reach_of(user)
    counts = {"unread": _unread(user)}
    if reach.may_anywhere(Permission.ENTER):
        counts["entry"] = _count(with_piece(awaiting_entry(reach, fiscal_year_of(clock.today()))))
    if reach.may_anywhere(Permission.REVIEW):
        counts["review"] = _count(with_piece(review_queue(reviewed_results(reach)), "round__"))
    row = User.objects.filter(pk=user.pk).values(**counts).get()
    return {name: row[name] or 0 for name in counts}


def _unread(user: User) -> Subquery:
    unread = Notice.objects.filter(user=user, read_at__isnull=True).order_by()
    return Subquery(unread.values("user").annotate(number=Count("pk")).values("number"))


def _count(rows: QuerySet) -> Subquery:
    """How many pieces of work, as a column: grouped by nothing, which is NULL where there are none."""
    grouped = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(grouped.annotate(number=Count("piece", distinct=True)).values("number"))
