"""The filter form of the list of recovery measures; what stands in the address decides what is shown."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.filters import ANY, Choices, KeyFilter
from indicators.models import RecoveryMeasure
from indicators.rules import current_responsibilities

FILTERS = ("office", "issue", "q")
INDICATOR = "result__round__indicator"


class MeasureFilter(django_filters.FilterSet):
    """Responsible unit, strategic issue, and words of the measure or of its indicator."""

    office = KeyFilter(label=_("หน่วยงานผู้รับผิดชอบ"), method="of_unit")
    issue = KeyFilter(label=_("ประเด็นยุทธศาสตร์"), field_name=f"{INDICATOR}__issue")
    q = django_filters.CharFilter(label=_("ตัวชี้วัด มาตรการ หรือผู้รับผิดชอบ"), method="with_text", max_length=100)

    class Meta:
        model = RecoveryMeasure
        fields: list[str] = []

    def offer(self, units: Choices, issues: Choices) -> None:
        """Give the two boxes something to choose from."""
        self.form.fields["office"].widget.choices = [ANY, *units]
        self.form.fields["issue"].widget.choices = [ANY, *issues]

    def of_unit(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        place = {"indicator": OuterRef(INDICATOR), "measured_unit": OuterRef("result__measured_unit")}
        return queryset.filter(Exists(current_responsibilities().order_by().filter(responsible_unit=value, **place)))

    def with_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The beginning of a code, or a part of the indicator's name, of the measure or of who does it."""
        indicator = Q(**{f"{INDICATOR}__code__istartswith": value}) | Q(**{f"{INDICATOR}__name__icontains": value})
        return queryset.filter(indicator | Q(what__icontains=value) | Q(who__icontains=value))
