"""What the review pages ask of rounds and results."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from indicators.models import DataValue, Result, ReviewEvent, Round
from indicators.pieces import with_piece
from indicators.rules import active_versions, current_responsibilities, responsibilities_prefetch
from strategy import clock
from strategy.access import Permission, Reach
from strategy.models import OrgUnit, StrategicIssue
from strategy.periods import fiscal_year_of, year_start

BACK_ACTIONS = [ReviewEvent.Action.RETURN, ReviewEvent.Action.REOPEN]


def reviewed_results(reach: Reach) -> QuerySet[Result]:
    """All results of the plans of the hospitals that the person reviews, of every measured unit, without any order."""
    return Result.objects.filter(round__indicator__plan__unit__in=reach.roots_of(Permission.REVIEW)).order_by()


def review_queue(results: QuerySet[Result]) -> QuerySet[Result]:
    """Those that wait for a decision, oldest first."""
    return results.filter(status=Result.Status.SUBMITTED).order_by("submitted_at", "pk")


def with_review_rows(results: QuerySet[Result]) -> QuerySet[Result]:
    """With what a row of the review list shows; two queries with the responsible units."""
    last_return = ReviewEvent.objects.filter(result=OuterRef("pk"), action__in=BACK_ACTIONS).order_by("-pk")
    rows = results.select_related(*RELATED)
    rows = rows.prefetch_related(responsibilities_prefetch("round__indicator__responsibilities"))
    return rows.annotate(return_reason=Subquery(last_return.values("reason")[:1]), returned_at=returned_at())


# What a row of the review list shows besides the result.
RELATED = (
    *("round__indicator__parent__parent", "round__indicator__plan"),
    *("version", "measured_unit", "submitted_by", "approved_by"),
)


def returned_at() -> Subquery:
    """When a result came back last, as a column."""
    events = ReviewEvent.objects.filter(result=OuterRef("pk"), action__in=BACK_ACTIONS).order_by("-pk")
    return Subquery(events.values("at")[:1])


def overdue_rounds(reach: Reach) -> QuerySet[Round]:
    """Rounds past their due day of which the reviewers have seen nothing of some measured unit, longest overdue first.

    Due days of this fiscal year: September of the last year is due in October, older years are history.
    """
    today = clock.today()
    active = active_versions().filter(indicator=OuterRef("indicator"), fiscal_year=OuterRef("fiscal_year"))
    rounds = Round.objects.filter(
        _is_missing(),
        Exists(active),
        indicator__plan__unit__in=reach.roots_of(Permission.REVIEW),
        indicator__plan__is_active=True,
        due__lt=today,
        due__gte=year_start(fiscal_year_of(today)),
    )
    return rounds.order_by("due", "indicator__plan", "indicator__position", "pk")


def _is_missing() -> Q:
    """Of one of the units measured today, or of the plan's own where nobody is responsible, nothing has come in."""
    seen = Result.objects.exclude(status=Result.Status.DRAFT)
    today = current_responsibilities().order_by()
    of_unit = seen.filter(round=OuterRef(OuterRef("pk")), measured_unit=OuterRef("measured_unit"))
    measured = today.filter(indicator=OuterRef("indicator"))
    own = seen.filter(round=OuterRef("pk"), measured_unit=OuterRef("indicator__plan__unit"))
    return Q(Exists(measured.filter(~Exists(of_unit)))) | Q(~Exists(measured), ~Exists(own))


def with_overdue_rows(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """With what a row of the list of what is missing shows, and what there is of each measured unit."""
    rows = rounds.select_related("indicator__parent__parent", "indicator__plan__unit")
    owners = current_responsibilities().select_related("responsible_unit", "measured_unit")
    return rows.prefetch_related(Prefetch("indicator__responsibilities", queryset=owners), "results")


def members_of(results: QuerySet[Result], pieces: list[str]) -> QuerySet[Result]:
    """The results of these pieces of work, with what their group row says of them."""
    found = with_piece(results, "round__").filter(piece__in=pieces).order_by("pk")
    return found.only("pk", "lock", "acknowledged", "passed", "state", "submitted_by", "measured_unit", "round")


def review_units(reach: Reach) -> list[tuple[int, str]]:
    """Units that are responsible for an indicator of the hospitals that the person reviews: key and label."""
    responsible = current_responsibilities().filter(indicator__plan__unit__in=reach.roots_of(Permission.REVIEW))
    units = OrgUnit.objects.filter(pk__in=responsible.order_by().values("responsible_unit"))
    return [(unit.pk, unit.label) for unit in units.order_by("name")]


def review_issues(reach: Reach) -> list[tuple[int, str]]:
    """Strategic issues of those hospitals' plans: key and name."""
    plans = {"plan__unit__in": reach.roots_of(Permission.REVIEW), "plan__is_active": True}
    return [(issue.pk, str(issue)) for issue in StrategicIssue.objects.filter(**plans)]


def values_to_compare(round_: Round, unit: int) -> list[DataValue]:
    """The numbers of a round, of the round before and of the year before (history.is_year_before), with results."""
    before = Q(result__round__end=round_.start - timedelta(days=1))
    year_before = Q(result__round__end__year=round_.end.year - 1, result__round__end__month=round_.end.month)
    family = {"result__round__indicator": round_.indicator_id, "result__measured_unit": unit}
    rows = DataValue.objects.filter(before | year_before | Q(result__round=round_), **family)
    return list(rows.select_related("result__round", "result__version").order_by("code"))
