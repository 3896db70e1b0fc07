"""What pages ask of rounds and results, named for the pages that they serve."""

from django.db.models import Q, QuerySet

from indicators.models import Result, Round
from indicators.rules import EDITABLE
from strategy import clock
from strategy.access import Permission, Reach, reach_of
from strategy.models import User
from strategy.periods import fiscal_year_of

OPEN_STATUSES = [status for status in EDITABLE if status is not None]


def rounds_of_units(units: set[int], fiscal_year: int) -> QuerySet[Round]:
    """The year's rounds that these units are responsible for today, each once."""
    today = clock.today()
    owned = Q(indicator__responsibilities__responsible_unit__in=units)
    owned &= Q(indicator__responsibilities__start__isnull=True) | Q(indicator__responsibilities__start__lte=today)
    owned &= Q(indicator__responsibilities__end__isnull=True) | Q(indicator__responsibilities__end__gte=today)
    return Round.objects.filter(owned, fiscal_year=fiscal_year).distinct()


def awaiting_entry(reach: Reach, fiscal_year: int) -> QuerySet[Round]:
    """Rounds of one's units that have ended and are not with the reviewers yet."""
    units = reach.units_with(Permission.ENTER)
    ended = rounds_of_units(units, fiscal_year).filter(end__lt=clock.today())
    return ended.filter(Q(results__isnull=True) | Q(results__status__in=OPEN_STATUSES))


def awaiting_review(reach: Reach) -> QuerySet[Result]:
    """Submitted results of the hospitals that the person reviews."""
    return Result.objects.filter(
        status=Result.Status.SUBMITTED, round__indicator__plan__unit__in=reach.roots_of(Permission.REVIEW)
    )


def waiting_counts(user: User) -> dict[str, int]:
    """What waits for a person, for the navigation: one query for each kind of work that is theirs."""
    reach = reach_of(user)
    counts = {}
    if reach.may_anywhere(Permission.ENTER):
        counts["entry"] = awaiting_entry(reach, fiscal_year_of(clock.today())).count()
    if reach.may_anywhere(Permission.REVIEW):
        counts["review"] = awaiting_review(reach).count()
    return counts
