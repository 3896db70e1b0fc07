"""Recovery measures to be read: those of one indicator and measured unit, and those that a person may see."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from indicators.models import RecoveryMeasure, RecoveryStep, Result, Round
from indicators.rules import RoundAccess, current_responsibilities
from strategy import clock
from strategy.access import Permission, Reach
from strategy.models import OrgUnit, StrategicIssue

if TYPE_CHECKING:  # which shows the lines of this module
    from indicators.result_parts import Parts

Status = RecoveryMeasure.Status
UNCLOSED = (Status.OPEN, Status.DONE)  # until the strategy unit has closed it


@dataclass(frozen=True)
class MeasureLine:
    """What is done, by whom and by when, and how it stands; `round` is the one whose result failed."""

    pk: int
    what: str
    who: str
    by_when: date
    status: str
    round: int
    round_end: date

    @property
    def is_unclosed(self) -> bool:
        return self.status in UNCLOSED

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.status, self.by_when)

    @property
    def state(self) -> str:
        """The key of its badge."""
        return badge_of(self.status, self.by_when)

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)


def is_overdue(status: str, by_when: date) -> bool:
    """Not reported as done although its day has passed."""
    return status == Status.OPEN and by_when < clock.today()


def badge_of(status: str, by_when: date) -> str:
    """The key of the state badge (kpitrack_tags.STATES)."""
    return "measure_overdue" if is_overdue(status, by_when) else f"measure_{status}"


def open_measures(access: RoundAccess) -> list[MeasureLine]:
    """Those that are not closed yet of the same indicator and measured unit, also of other rounds; one query.

    Empty for a person who may not see the unit's drafts.
    """
    return [_line(row) for row in _rows(_unclosed(access))] if access.may_see_draft else []


def has_open_measure(access: RoundAccess) -> bool:
    """Whether something is already being done about this indicator in this unit, whoever asks."""
    return _unclosed(access).exists()


def measures_shown(access: RoundAccess, parts: "Parts | None" = None) -> tuple[MeasureLine, ...]:
    """What stands beside a result: its own measures, and those of other rounds that are still open.

    `parts` are the result's (result_parts.parts_of), where the page has them: then nothing is asked.
    """
    if not access.may_see_draft:
        return ()
    if access.result is not None and parts is not None:
        return parts.measures
    return tuple(_line(row) for row in _rows(_unclosed(access) | _of(access.result)))


def measures_for(result: Result) -> QuerySet[RecoveryMeasure]:
    """The same as rows, for result_parts: of this result, and open ones of the same indicator and unit."""
    indicator = Round.objects.filter(pk=result.round_id).order_by().values("indicator")
    beside = Q(
        status__in=UNCLOSED, result__round__indicator__in=indicator, result__measured_unit=result.measured_unit_id
    )
    return RecoveryMeasure.objects.filter(Q(result=result.pk) | beside)


def _unclosed(access: RoundAccess) -> QuerySet[RecoveryMeasure]:
    return RecoveryMeasure.objects.filter(
        status__in=UNCLOSED,
        result__round__indicator=access.round.indicator_id,
        result__measured_unit=access.measured_unit.pk,
    )


def _of(result: Result | None) -> QuerySet[RecoveryMeasure]:
    return RecoveryMeasure.objects.filter(result=result) if result else RecoveryMeasure.objects.none()


def _rows(measures: QuerySet[RecoveryMeasure]) -> QuerySet[RecoveryMeasure]:
    return measures.select_related("result__round").order_by("by_when", "pk")


def _line(row: RecoveryMeasure) -> MeasureLine:
    round_ = row.result.round
    return MeasureLine(row.pk, row.what, row.who, row.by_when, row.status, round_.pk, round_.end)


# The list


def measures_in_sight(reach: Reach) -> QuerySet[RecoveryMeasure]:
    """Those of the person's own units and the units below them; of whole plans for who reads everything there."""
    everything = Q(result__round__indicator__plan__unit__in=reach.roots_of(Permission.READ_ALL))
    return RecoveryMeasure.objects.filter(everything | _of_units(reach, Permission.SEE_OWN))


def measures_to_do(reach: Reach) -> QuerySet[RecoveryMeasure]:
    """Those of the units that the person enters for."""
    return RecoveryMeasure.objects.filter(_of_units(reach, Permission.ENTER))


def _of_units(reach: Reach, permission: Permission) -> Q:
    own = current_responsibilities().order_by().filter(
        indicator=OuterRef("result__round__indicator"),
        measured_unit=OuterRef("result__measured_unit"),
        responsible_unit__in=reach.units_with(permission),
    )  # fmt: skip
    return Q(Exists(own))


def is_overdue_now() -> Q:
    """The same as is_overdue, as a condition."""
    return Q(status=Status.OPEN, by_when__lt=clock.today())


def by_urgency(measures: QuerySet[RecoveryMeasure]) -> QuerySet[RecoveryMeasure]:
    """What is to be done first, by its day; then what waits to be closed, then what is closed."""
    ranks = [When(status=status, then=rank) for rank, status in enumerate((Status.OPEN, Status.DONE, Status.CLOSED))]
    return measures.order_by(Case(*ranks, default=len(ranks), output_field=IntegerField()), "by_when", "pk")


def with_rows(measures: QuerySet[RecoveryMeasure]) -> QuerySet[RecoveryMeasure]:
    """With what a row of the list shows; two queries with the responsible units."""
    owners = Prefetch("result__round__indicator__responsibilities", queryset=current_responsibilities())
    last = RecoveryStep.objects.filter(measure=OuterRef("pk")).order_by("-pk")
    related = ("result__round__indicator__plan", "result__round__indicator__parent", "result__measured_unit")
    rows = measures.select_related(*related).prefetch_related(owners)
    return rows.annotate(last_text=Subquery(last.values("text")[:1]), last_at=Subquery(last.values("at")[:1]))


def counts_of(measures: QuerySet[RecoveryMeasure]) -> dict[str, int]:
    """How many there are in each tab of the list; one query."""
    conditions = {key: tab_condition(key) for key in TABS}
    found: dict[str, int] = measures.order_by().aggregate(
        **{key: Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    return found


TABS = ("unclosed", "overdue", "done", "closed")


def tab_condition(key: str) -> Q:
    """Which measures a tab shows."""
    conditions = {
        "unclosed": Q(status__in=UNCLOSED),
        "overdue": is_overdue_now(),
        "done": Q(status=Status.DONE),
        "closed": ~Q(status__in=UNCLOSED),
    }
    return conditions[key]


def offices_of(measures: QuerySet[RecoveryMeasure]) -> list[tuple[int, str]]:
    """The units that are responsible for what these measures are about: key and label."""
    place = {"result__round__indicator": OuterRef("indicator"), "result__measured_unit": OuterRef("measured_unit")}
    owners = current_responsibilities().order_by().filter(Exists(measures.order_by().filter(**place)))
    units = OrgUnit.objects.filter(pk__in=owners.values("responsible_unit")).order_by("name", "pk")
    return [(unit.pk, unit.label) for unit in units]


def issues_of(measures: QuerySet[RecoveryMeasure]) -> list[tuple[int, str]]:
    """The strategic issues of what these measures are about: key and name."""
    issues = StrategicIssue.objects.filter(pk__in=measures.order_by().values("result__round__indicator__issue"))
    return [(issue.pk, str(issue)) for issue in issues]
