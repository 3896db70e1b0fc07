"""What pages ask of rounds and results, named for the pages that they serve."""

from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet, Subquery, Value

from indicators.models import Result, ReviewEvent, Round
from indicators.review_queries import review_queue, reviewed_results
from indicators.rules import EDITABLE, active_versions
from strategy import clock
from strategy.access import Permission, Reach, in_force, reach_of
from strategy.models import Membership, OrgUnit, User
from strategy.periods import fiscal_year_of, year_start

OPEN_STATUSES = [status for status in EDITABLE if status is not None]
BACK_STATUSES = [Result.Status.RETURNED, Result.Status.REOPENED]


def rounds_of_units(units: set[int] | QuerySet[OrgUnit], fiscal_year: int) -> QuerySet[Round]:
    """The rounds that these units are responsible for today, each once: the year's, and what the year before left.

    September is due in October, so the year before lasts as long as something of it is due in this year.
    """
    owned = Q(indicator__responsibilities__responsible_unit__in=units)
    owned &= in_force(clock.today(), "indicator__responsibilities__")
    late = Q(due__gte=year_start(fiscal_year)) | Q(results__status__in=BACK_STATUSES)
    year = Q(fiscal_year=fiscal_year) | Q(fiscal_year=fiscal_year - 1) & late
    return Round.objects.filter(owned & year).distinct()


def awaiting_entry(reach: Reach, fiscal_year: int) -> QuerySet[Round]:
    """Rounds of one's units that have ended, or came back, and are not with the reviewers."""
    rounds = rounds_of_units(reach.units_with(Permission.ENTER), fiscal_year)
    ended = Q(end__lt=clock.today()) & (Q(results__isnull=True) | Q(results__status__in=OPEN_STATUSES))
    return rounds.filter(ended | Q(results__status__in=BACK_STATUSES))


def rounds_for_my_work(reach: Reach, fiscal_year: int) -> list[Round]:
    """The begun rounds of the units in which the person may enter, in order of time and plan."""
    rounds = rounds_of_units(reach.units_with(Permission.ENTER), fiscal_year).filter(start__lte=clock.today())
    related = rounds.select_related("indicator__parent", "indicator__plan")
    return list(related.order_by("end", "indicator__position", "pk"))


def results_for_my_work(rounds: Iterable[Round]) -> dict[int, Result]:
    """Results of these rounds for the plan's own unit, by round, with the template that scored them."""
    own = Result.objects.filter(round__in=[r.pk for r in rounds], measured_unit=F("round__indicator__plan__unit"))
    return {result.round_id: result for result in own.select_related("version")}


def reasons_for_my_work(results: Iterable[Result]) -> dict[int, ReviewEvent]:
    """The last return or reopening of each result that came back, by result, with who did it."""
    back = [result.pk for result in results if result.status in BACK_STATUSES]
    actions = (ReviewEvent.Action.RETURN, ReviewEvent.Action.REOPEN)
    events = ReviewEvent.objects.filter(result__in=back, action__in=actions).select_related("actor").order_by("pk")
    return {event.result_id: event for event in events}


def years_with_template(rounds: Iterable[Round]) -> set[tuple[int, int]]:
    """The (indicator, year) pairs that have an active template: without one nothing can be entered."""
    indicators = {r.indicator_id for r in rounds}
    versions = active_versions().filter(indicator__in=indicators)
    return set(versions.values_list("indicator_id", "fiscal_year"))


def people_to_ask() -> tuple[list[OrgUnit], list[User]]:
    """Whom somebody without a unit may ask: the strategy units of the plans, and the administrators."""
    units = OrgUnit.objects.filter(reviewed_plans__is_active=True).distinct().order_by("name")
    current = Membership.objects.filter(in_force(clock.today()), role=Membership.Role.ADMINISTRATOR)
    people = User.objects.filter(is_active=True, memberships__in=current).distinct().order_by("first_name", "username")
    return list(units), list(people)


def waiting_counts(user: User) -> dict[str, int]:
    """What waits for a person, for the navigation: one query, whatever kinds of work are theirs."""
    reach = reach_of(user)
    counts = {}
    if reach.may_anywhere(Permission.ENTER):
        counts["entry"] = _count(awaiting_entry(reach, fiscal_year_of(clock.today())))
    if reach.may_anywhere(Permission.REVIEW):
        counts["review"] = _count(review_queue(reviewed_results(reach)))
    if not counts:
        return {}
    row = User.objects.filter(pk=user.pk).values(**counts).get()
    return {name: row[name] or 0 for name in counts}


def _count(rows: QuerySet) -> Subquery:
    """How many rows, as a column: grouped by nothing, which is NULL where there are none."""
    grouped = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(grouped.annotate(number=Count("pk", distinct=True)).values("number"))
