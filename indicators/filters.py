"""The filter forms of lists: what stands in the address decides what is shown, so that it can be sent on."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Result, Round
from indicators.pieces import GridKey
from indicators.rules import current_responsibilities

LARGEST_KEY = 2**31 - 1
# What an address of the review list carries on to the pages of its results.
FILTERS = ("office", "issue", "q", "grid")
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
    grid = django_filters.CharFilter(method="of_grid", widget=forms.HiddenInput)
    q = django_filters.CharFilter(label=_("ตัวชี้วัด"), method="with_text", max_length=100)

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

    def _of(self, queryset: QuerySet, *conditions: Q, **lookups: Any) -> QuerySet:
        found = Indicator.objects.filter(*conditions, **lookups).order_by().values("pk")
        return queryset.filter(**{f"{self.path}indicator__in": found})


class ResultFilter(_ReviewFilter):
    """Filters results."""

    path = "round__"

    class Meta:
        model = Result
        fields: list[str] = []


class RoundFilter(_ReviewFilter):
    """Filters rounds, where there is no result yet."""

    class Meta:
        model = Round
        fields: list[str] = []


def kept(parameters: Mapping[str, str], *names: str) -> dict[str, str]:
    """The parameters of these names that say something, to be carried on to the next page."""
    return {name: parameters[name] for name in names if parameters.get(name)}
