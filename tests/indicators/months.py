"""A unit's month for tests: who is responsible for what, the page's rows and what its form sends."""

from django.urls import reverse

from indicators.models import Responsibility
from indicators.monthly.rows import UnitRows, fetch_unit_rows
from strategy.models import OrgUnit
from tests.indicators.grids import form_of

MARCH, APRIL = 6, 7


def unit_of(code: str) -> OrgUnit:
    return OrgUnit.objects.get(code=code)


def give(indicator, code="PST_OPD", *, measured=None, position=99) -> Responsibility:
    """From now on the unit is responsible too."""
    return Responsibility.objects.create(
        indicator=indicator, measured_unit=measured or indicator.plan.unit, responsible_unit=unit_of(code),
        position=position,
    )  # fmt: skip


def group_of(*codes: str) -> OrgUnit:
    """A mission group with these departments below it."""
    group = OrgUnit.objects.create(code="GROUP", name="กลุ่มภารกิจทดสอบ", kind="mission_group", parent=unit_of("KKH"))
    OrgUnit.objects.filter(code__in=codes).update(parent=group)
    return group


def rows_of(user, code="PST_OPD", number=MARCH, year=2560) -> UnitRows:
    """Fetched afresh."""
    user.__dict__.pop("_kpitrack_reach", None)
    return fetch_unit_rows(user, unit_of(code).pk, year, number)


def codes_of(found: UnitRows) -> list[str]:
    return [row.code for row in found.rows]


def month_url(code="PST_OPD", number=MARCH, year=2560, name="month") -> str:
    return reverse(name, args=[unit_of(code).pk, year, number])


def month_form(found: UnitRows, *typed: dict[str, str] | None, **more: str) -> dict[str, str]:
    """What the page's form sends with these texts typed into its first rows."""
    return form_of(found, *typed, **more)
