"""The filter forms of lists: what stands in the address decides what is shown, so that it can be sent on."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Result, Round
from indicators.pieces import GridKey
from indicators.reviews.marks import (
    CHANGES,
    LATENESS,
    STATES,
    WARNINGS,
    choices_of,
    with_previous_level,
    without_warned_pieces,
)
from indicators.rules import current_responsibilities

LARGEST_KEY = 2**31 - 1
# What is asked of a result itself; of a round without one there is nothing to ask.
OF_RESULTS = ("state", "change", "warning", "late")
# What an address of the review list carries on to the pages of its results.
FILTERS = ("office", "issue", "q", *OF_RESULTS, "grid")
ANY = ("", _("ทั้งหมด"))
Choices = list[tuple[int, str]]


class KeyFilter(django_filters.Filter):
    """A row of another table by its key; the choices are drawn by the form, not fetched to read the address."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Select, min_value=1, max_value=LARGEST_KEY, **kwargs)


class _ReviewFilter(django_filters.FilterSet):
    """Responsible unit, strategic issue and text, over anything that leads to an indicator by `path`.

    The responsible unit is `office`: `unit` in an address is the one that was measured.
    """

    path = ""
    office = KeyFilter(label=_("หน่วยงานผู้รับผิดชอบ"), method="of_unit")
    issue = KeyFilter(label=_("ประเด็นยุทธศาสตร์"), method="of_issue")
    q = django_filters.CharFilter(label=_("ตัวชี้วัด"), method="with_text", max_length=100)
    state = django_filters.ChoiceFilter(
        label=_("ผลการคำนวณ"), method="in_state", choices=choices_of(STATES), empty_label=ANY[1]
    )
    change = django_filters.ChoiceFilter(
        label=_("ระดับเทียบกับงวดก่อน"), method="with_change", choices=choices_of(CHANGES), empty_label=ANY[1]
    )
    warning = django_filters.ChoiceFilter(
        label=_("คำเตือน"), method="with_warning", choices=choices_of(WARNINGS), empty_label=ANY[1]
    )
    late = django_filters.ChoiceFilter(
        label=_("การส่ง"), method="by_lateness", choices=choices_of(LATENESS), empty_label=ANY[1]
    )
    grid = django_filters.CharFilter(method="of_grid", widget=forms.HiddenInput)

    def offer(self, units: Choices, issues: Choices) -> None:
        """Give the two boxes something to choose from."""
        self.form.fields["office"].widget.choices = [ANY, *units]
        self.form.fields["issue"].widget.choices = [ANY, *issues]

    def of_unit(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        owned = current_responsibilities().filter(responsible_unit=value).order_by()
        return self._of(queryset, pk__in=owned.values("indicator"))

    def of_issue(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        return self._of(queryset, issue=value)

    def of_grid(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What is entered in one grid for one round; an address that names none finds nothing."""
        key = GridKey.read(value)
        return queryset.filter(key.rounds(self.path)) if key else queryset.none()

    def with_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The beginning of a code, or any part of a name ("7" finds 7(1) and not 17)."""
        return self._of(queryset, Q(code__istartswith=value) | Q(name__icontains=value))

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(STATES[value][1])

    def with_change(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return with_previous_level(queryset).filter(CHANGES[value][1])

    def with_warning(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(WARNINGS[value][1])

    def by_lateness(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(LATENESS[value][1])

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form.visible_fields() if field.name not in OF_RESULTS]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What is folded away, unless it narrows the list."""
        return [self.form[name] for name in OF_RESULTS]

    @property
    def asks_more(self) -> bool:
        return any(self.data.get(name) for name in OF_RESULTS)

    def _of(self, queryset: QuerySet, *conditions: Q, **lookups: Any) -> QuerySet:
        found = Indicator.objects.filter(*conditions, **lookups).order_by().values("pk")
        return queryset.filter(**{f"{self.path}indicator__in": found})


class ResultFilter(_ReviewFilter):
    """Filters results."""

    path = "round__"

    def of_unit(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Of an indicator that is measured in many units only those that this one is responsible for."""
        place = {"indicator": OuterRef("round__indicator"), "measured_unit": OuterRef("measured_unit")}
        return queryset.filter(Exists(current_responsibilities().order_by().filter(responsible_unit=value, **place)))

    def with_warning(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A whole grid is without a warning when none of its rows carries one: see filter_queryset."""
        return queryset if self._asks_whole_pieces else super().with_warning(queryset, name, value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Pieces without a warning last, so that they are told from those with one among all that is asked for."""
        found = super().filter_queryset(queryset)
        return without_warned_pieces(found) if self._asks_whole_pieces else found

    @property
    def _asks_whole_pieces(self) -> bool:
        asked = self.form.cleaned_data
        return asked.get("warning") == "none" and not asked.get("grid")

    class Meta:
        model = Result
        fields: list[str] = []


class RoundFilter(_ReviewFilter):
    """Filters rounds, where there is no result yet: what is asked of results finds none of them."""

    class Meta:
        model = Round
        fields: list[str] = []

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.none()

    with_change = with_warning = in_state

    def by_lateness(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """All that is missing after its due day is late."""
        return queryset if value == "yes" else queryset.none()


def kept(parameters: Mapping[str, str], *names: str) -> dict[str, str]:
    """The parameters of these names that say something, to be carried on to the next page."""
    return {name: parameters[name] for name in names if parameters.get(name)}
