"""What the pages of extensions and cancellations show. Fetching is authorising, as in rules.py."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q
from django.http import Http404

from indicators.models import Cancellation, Extension, Indicator, IndicatorVersion, Result, Round
from indicators.naming import title_of
from indicators.rules import RoundAccess, active_versions, fetch_indicator, fetch_round
from indicators.schedule.limits import extension_obstacle, is_of_the_office
from indicators.schedule.people import family_of
from strategy import clock
from strategy.access import reach_of
from strategy.models import User
from strategy.periods import Frequency, fiscal_year_of, period_of


def fetch_office_round(user: User, pk: int, unit: str | None = None) -> RoundAccess:
    """A round whose calendar the person may change, with or without a result; others get 404."""
    access = fetch_round(user, pk, unit)
    if not is_of_the_office(access.reach, access.plan):
        raise Http404
    return access


@dataclass(frozen=True)
class ExtensionPage:
    """One unit's round, its days, and what was granted before."""

    access: RoundAccess
    history: tuple[Extension, ...]  # the latest first

    @property
    def title(self) -> str:
        return title_of(self.access.round.indicator)

    @property
    def latest(self) -> Extension | None:
        return self.history[0] if self.history else None

    @property
    def earlier(self) -> tuple[Extension, ...]:
        return self.history[1:]

    @property
    def units(self) -> str:
        return ", ".join(unit.label for unit in self.access.responsible)

    @property
    def days_late(self) -> int:
        """Past the due day that holds; 0 where it has not passed or there is nothing to wait for."""
        return max(0, (clock.today() - self.access.due).days) if self.access.is_editable else 0

    @cached_property
    def obstacle(self) -> str:
        """Why no more time is granted here; empty where it can be."""
        return extension_obstacle(self.access)


def extension_page(access: RoundAccess) -> ExtensionPage:
    rows = Extension.objects.filter(round=access.round, measured_unit=access.measured_unit)
    return ExtensionPage(access, tuple(rows.select_related("by").order_by("-pk")))


# Cancelled indicators


def fetch_cancelled(user: User, pk: int, year: str | None) -> "CancelPage":
    """An indicator that the person may cancel in a year in which it has a template; else 404."""
    indicator = fetch_indicator(user, pk)
    if not is_of_the_office(reach_of(user), indicator.plan):
        raise Http404
    chosen = _year_of(indicator, year)
    versions = active_versions().filter(family_of(indicator), fiscal_year=chosen).select_related("indicator")
    found = list(versions.order_by("indicator__position", "pk"))
    if not any(version.indicator_id == indicator.pk for version in found):
        raise Http404
    return CancelPage(indicator, chosen, tuple(found))


def _year_of(indicator: Indicator, text: str | None) -> int:
    """The year that was asked for, else this one or the plan's nearest to it; 404 for what is no year of the plan."""
    years = indicator.plan.years
    if not text:
        return min(max(fiscal_year_of(clock.today()), years[0]), years[-1])
    if not (text.isascii() and text.isdigit() and len(text) == 4) or int(text) not in years:
        raise Http404
    return int(text)


@dataclass(frozen=True)
class RoundLine:
    """The rounds of the family that end on one day."""

    label: str
    end: date
    count: int
    approved: int
    submitted: int


@dataclass(frozen=True)
class CancelPage:
    """What cancelling does: the weight that leaves, the rounds that are not owed any more; and what was decided."""

    indicator: Indicator
    year: int
    versions: tuple[IndicatorVersion, ...]  # the indicator's and those below it
    chosen: date | None = None  # the day that was typed; None: today

    def starting(self, day: date | None) -> "CancelPage":
        """What cancelling from that day on does."""
        return replace(self, chosen=day)

    def is_another_than(self, shown: "CancelPage") -> bool:
        """Whether it takes out other rounds than the page that was shown; never where nothing is left to cancel."""
        is_left = self.in_force is None and self.above is None
        return is_left and self.not_owed != shown.not_owed

    @property
    def title(self) -> str:
        return title_of(self.indicator)

    @property
    def below(self) -> list[Indicator]:
        return [version.indicator for version in self.versions if version.indicator_id != self.indicator.pk]

    @property
    def weight(self) -> Decimal:
        """What leaves the totals; weight stands on a node or on those below it, never on both."""
        own = {version.indicator_id for version in self.versions}
        return sum((weight for pk, weight in self._weights if pk in own), Decimal(0))

    @property
    def weight_of_plan(self) -> Decimal:
        return sum((weight for _pk, weight in self._weights), Decimal(0))

    @property
    def weight_left(self) -> Decimal:
        return self.weight_of_plan - self.weight

    @cached_property
    def _weights(self) -> list[tuple[int, Decimal]]:
        """What counts in the month of the day, but for the decision that the page is about."""
        rows = active_versions().filter(indicator__plan=self.indicator.plan_id, fiscal_year=self.year)
        columns = ("weight", "indicator", "indicator__parent", "indicator__parent__parent")
        found = rows.filter(weight__isnull=False).order_by().values_list(*columns)
        return [(family[0], weight) for weight, *family in found if self._gone.isdisjoint(family)]

    @cached_property
    def _gone(self) -> set[int]:
        """Indicators that others' cancellations have taken out of the totals by the end of that month."""
        month_end = period_of(self.day, Frequency.MONTHLY).end
        standing = Cancellation.objects.filter(
            indicator__plan=self.indicator.plan_id, fiscal_year=self.year, day__lte=month_end, lifted_at__isnull=True
        )
        return set(standing.exclude(pk__in=[row.pk for row in self.decisions]).values_list("indicator", flat=True))

    @cached_property
    def decisions(self) -> list[Cancellation]:
        """Of the indicator and of those above it in this year, the latest first."""
        above = [self.indicator.pk, self.indicator.parent_id, self._grandparent]
        rows = Cancellation.objects.filter(indicator__in=[pk for pk in above if pk], fiscal_year=self.year)
        return list(rows.select_related("indicator", "by", "lifted_by").order_by("-pk"))

    @property
    def _grandparent(self) -> int | None:
        return self.indicator.parent.parent_id if self.indicator.parent else None

    @property
    def history(self) -> list[Cancellation]:
        return [row for row in self.decisions if row.indicator_id == self.indicator.pk]

    @property
    def in_force(self) -> Cancellation | None:
        return next((row for row in self.history if row.lifted_at is None), None)

    @property
    def above(self) -> Cancellation | None:
        """The cancellation of an indicator above, which holds for this one too."""
        others = (row for row in self.decisions if row.indicator_id != self.indicator.pk)
        return next((row for row in others if row.lifted_at is None), None)

    @cached_property
    def rounds(self) -> list[RoundLine]:
        """All rounds of the year by the day on which they end."""
        rows = Round.objects.filter(family_of(self.indicator), fiscal_year=self.year)
        found: dict[date, list[Round]] = {}
        for row in rows.annotate(**_counts()).order_by("end", "start", "pk"):
            found.setdefault(row.end, []).append(row)
        return [_line(group) for group in found.values()]

    @property
    def day(self) -> date:
        """From which day on the page counts: that of the cancellation, else the one that was typed, else today."""
        return self.in_force.day if self.in_force else self.chosen or clock.today()

    @property
    def not_owed(self) -> list[RoundLine]:
        """The rounds that end on or after the day."""
        return [line for line in self.rounds if line.end >= self.day]

    @property
    def waiting(self) -> int:
        """How many results wait for a decision in these rounds."""
        return sum(line.submitted for line in self.not_owed)

    @property
    def reported(self) -> int:
        """How many approved results leave the totals with them; they stay on record."""
        return sum(line.approved for line in self.not_owed)


def _counts() -> dict[str, Count]:
    status = Result.Status
    each = {"approved": status.APPROVED, "submitted": status.SUBMITTED}
    return {name: Count("results", filter=Q(results__status=value)) for name, value in each.items()}


def _line(rounds: Iterable[Round]) -> RoundLine:
    group = list(rounds)
    approved, submitted = (sum(getattr(row, name) for row in group) for name in ("approved", "submitted"))
    return RoundLine(group[0].label, group[0].end, len(group), approved, submitted)
