"""The next revision of a template: how one that has scored results is changed without touching the past."""

from django.db import transaction
from django.db.models import Max

from indicators.models import IndicatorVersion


@transaction.atomic
def next_revision(*, version: IndicatorVersion) -> IndicatorVersion:
    """A copy with its items, bands and stakeholders, in use from now on in the place of the active one.

    Results stay with the revision that scored them; open ones are scored by the new one when they are saved
    (rules._version_for).
    """
    of_year = IndicatorVersion.objects.filter(indicator=version.indicator_id, fiscal_year=version.fiscal_year)
    last = of_year.aggregate(last=Max("revision"))["last"]
    of_year.filter(is_active=True).update(is_active=False)
    source = IndicatorVersion.objects.get(pk=version.pk)
    copy = IndicatorVersion.objects.get(pk=version.pk)
    copy.pk, copy._state.adding = None, True
    copy.revision, copy.is_active = last + 1, True
    copy.save()
    _copy_parts(source, copy)
    copy.stakeholders.set(source.stakeholders.all())
    return copy


def _copy_parts(source: IndicatorVersion, copy: IndicatorVersion) -> None:
    for parts in (source.items, source.bands):
        rows = list(parts.all())
        for row in rows:
            row.pk, row._state.adding, row.version = None, True, copy
        parts.model.objects.bulk_create(rows)
