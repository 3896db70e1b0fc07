"""What the review pages ask of rounds and results."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from indicators.card_rows import TEMPLATE_TEXTS
from indicators.models import DataValue, Extension, Result, ReviewEvent, Round
from indicators.pasts import years_back
from indicators.pieces import with_piece
from indicators.reviews.marks import HANDED_IN, with_previous_level
from indicators.rules import active_versions, current_responsibilities, responsibilities_prefetch
from indicators.schedule.standing import is_cancelled, is_closed
from strategy import clock
from strategy.access import Permission, Reach
from strategy.models import OrgUnit, Plan, StrategicIssue
from strategy.periods import fiscal_year_of, year_start

BACK_ACTIONS = [ReviewEvent.Action.RETURN, ReviewEvent.Action.REOPEN]
BACK = [Result.Status.RETURNED, Result.Status.REOPENED]
LONG_TEXTS = [f"version__{name}" for name in TEMPLATE_TEXTS]  # of the templates of many rounds


def reviewed_results(reach: Reach) -> QuerySet[Result]:
    """All results of the plans of the hospitals that the person reviews, of every measured unit, without any order.

    But of what is closed or cancelled only what was approved: nothing can be decided or mended of the others.
    """
    theirs = Result.objects.filter(round__indicator__plan__unit__in=reach.roots_of(Permission.REVIEW))
    is_open = Q(~is_closed("round__"), ~is_cancelled("round__"))
    return theirs.filter(Q(status=Result.Status.APPROVED) | is_open).order_by()


def review_queue(results: QuerySet[Result]) -> QuerySet[Result]:
    """Those that wait for a decision, oldest first."""
    return results.filter(status=Result.Status.SUBMITTED).order_by("submitted_at", "pk")


def with_review_rows(results: QuerySet[Result]) -> QuerySet[Result]:
    """With what a row of the review list shows; two queries with the responsible units."""
    last_return = ReviewEvent.objects.filter(result=OuterRef("pk"), action__in=BACK_ACTIONS).order_by("-pk")
    rows = with_return(results).select_related(*RELATED)
    rows = rows.prefetch_related(responsibilities_prefetch("round__indicator__responsibilities"))
    return with_previous_level(rows).annotate(return_reason=Subquery(last_return.values("reason")[:1]))


def with_return(results: QuerySet[Result]) -> QuerySet[Result]:
    """With `returned_at`, None where it never came back."""
    return results.annotate(returned_at=returned_at())


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
    """Rounds past their due day that are not with the reviewers for some measured unit, longest overdue first.

    Due days of this fiscal year, granted ones too, and of the last one what is still taken: September is due in
    October, and late results come until they are locked, or because they came back. Nothing is missing of what is
    closed or cancelled, nor while a unit has more time.
    """
    today = clock.today()
    year = fiscal_year_of(today)
    back = Exists(Result.objects.filter(round=OuterRef("pk"), status__in=BACK))
    granted = Exists(Extension.objects.filter(round=OuterRef("pk"), until__gte=year_start(year)))
    active = active_versions().filter(indicator=OuterRef("indicator"), fiscal_year=OuterRef("fiscal_year"))
    rounds = Round.objects.filter(
        _is_missing(),
        Q(due__gte=year_start(year)) | Q(locks__gte=today) | Q(back, fiscal_year=year - 1) | Q(granted),
        Exists(active),
        ~is_closed(),
        ~is_cancelled(),
        indicator__plan__unit__in=reach.roots_of(Permission.REVIEW),
        indicator__plan__is_active=True,
        due__lt=today,
    )
    return rounds.order_by("due", "indicator__plan", "indicator__position", "pk")


def _is_missing() -> Q:
    """The result of one of the units measured today that has no more time is not with the reviewers.

    Of the plan's own unit where nobody is responsible.
    """
    seen = Result.objects.filter(status__in=HANDED_IN)
    today = current_responsibilities().order_by()
    of_unit = seen.filter(round=OuterRef(OuterRef("pk")), measured_unit=OuterRef("measured_unit"))
    measured = today.filter(indicator=OuterRef("indicator"))
    own = seen.filter(round=OuterRef("pk"), measured_unit=OuterRef("indicator__plan__unit"))
    granted = Extension.objects.filter(round=OuterRef(OuterRef("pk")), measured_unit=OuterRef("measured_unit"))
    waiting = measured.filter(~Exists(of_unit)).annotate(until=Subquery(granted.order_by("-pk").values("until")[:1]))
    late = waiting.filter(Q(until__isnull=True) | Q(until__lt=clock.today()))
    return Q(Exists(late)) | Q(~Exists(measured), ~Exists(own))


def with_overdue_rows(rounds: QuerySet[Round]) -> list[Any]:
    """The rounds with what a row of the list of what is missing shows: three queries.

    `came_in` has the status of the result of each measured unit, `granted` until when a unit has more time.
    """
    owners = current_responsibilities().select_related("responsible_unit", "measured_unit")
    rows = rounds.select_related("indicator__parent__parent", "indicator__plan__unit")
    found: list[Any] = list(rows.prefetch_related(Prefetch("indicator__responsibilities", queryset=owners)))
    by_key = {round_.pk: round_ for round_ in found}
    for round_ in found:
        round_.came_in, round_.granted = {}, {}
    for pk, unit, _key, status, until in _came_in(list(by_key)):
        if status:
            by_key[pk].came_in[unit] = status
        else:
            by_key[pk].granted[unit] = until
    return found


def _came_in(rounds: list[int]) -> QuerySet:
    """Results and extensions of these rounds in one query, the extensions in the order in which they were granted."""
    columns = ("round", "measured_unit", "pk")
    nothing, no_day = Value("", CharField()), Cast(Value(None), DateField())
    results = Result.objects.filter(round__in=rounds).order_by().values_list(*columns, "status", no_day)
    granted = Extension.objects.filter(round__in=rounds).order_by().values_list(*columns, nothing, "until")
    return results.union(granted, all=True).order_by("pk")


def members_of(results: QuerySet[Result], pieces: list[str]) -> QuerySet[Result]:
    """The results of these pieces of work, with what their group row says of them."""
    found = with_return(with_piece(results, "round__").filter(piece__in=pieces)).order_by("pk")
    return found.only("pk", "lock", "acknowledged", "passed", "state", "submitted_by", "measured_unit", "round")


def reviewed_plans(reach: Reach) -> QuerySet[Plan]:
    """The plans in force of the hospitals that the person reviews."""
    return Plan.objects.filter(unit__in=reach.roots_of(Permission.REVIEW), is_active=True).order_by()


def review_units(reach: Reach) -> list[tuple[int, str]]:
    """Units that are responsible for an indicator of the hospitals that the person reviews: key and label."""
    responsible = current_responsibilities().filter(indicator__plan__unit__in=reach.roots_of(Permission.REVIEW))
    units = OrgUnit.objects.filter(pk__in=responsible.order_by().values("responsible_unit"))
    return [(unit.pk, unit.label) for unit in units.order_by("name")]


def review_issues(reach: Reach) -> list[tuple[int, str]]:
    """Strategic issues of those hospitals' plans: key and name."""
    plans = {"plan__unit__in": reach.roots_of(Permission.REVIEW), "plan__is_active": True}
    return [(issue.pk, str(issue)) for issue in StrategicIssue.objects.filter(**plans)]


def results_to_compare(round_: Round, unit: int) -> list[Any]:
    """The results of a round and of those before it that it is held against (indicators/pasts.py), in order of time.

    Each as often as it has numbers, with `code` and `typed`; once without them where it has none: it does not concern
    the unit, say. Among them are the round before and that of the year before (history.is_year_before).
    """
    back = round_.fiscal_year - years_back(round_)
    earlier = Q(round__end__lt=round_.end, round__fiscal_year__gte=back)
    rows = Result.objects.filter(earlier | Q(round=round_), round__indicator=round_.indicator_id, measured_unit=unit)
    rows = rows.select_related("round", "version").defer(*LONG_TEXTS)
    rows = rows.annotate(code=F("values__code"), typed=F("values__value"))
    return list(rows.order_by("round__start", "round__pk", "code"))


def values_of(rows: Iterable[Any]) -> list[DataValue]:
    """The numbers among these rows."""
    return [DataValue(result=row, code=row.code, value=row.typed) for row in rows if row.code is not None]
