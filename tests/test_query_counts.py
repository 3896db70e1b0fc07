"""Every page asks the database at most twelve times in all, and as often for three rows as for one.

Counted is the whole request: session, person, memberships, navigation and page.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import IndicatorVersion, Responsibility, Round
from strategy.models import Membership, OrgUnit

MOST = 12
ENTERERS = ("reporter", "head")
EVERYBODY = ("reporter", "head", "other_head", "reviewer", "executive", "administrator")
MADE_OF_OTHERS = ("7", "7(2)", "13", "26", "27")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cost(client):
    """How many queries a page asks of a person; it must be there."""

    def count(person, name, *args, query=None, headers=None) -> int:
        client.force_login(person)
        with CaptureQueriesContext(connection, ) as asked:
            response = client.get(reverse(name, args=args), query or {}, headers=headers or {})
        assert response.status_code == 200, (name, response.status_code)
        told = "\n".join(f"{number}. {row['sql'][:300]}" for number, row in enumerate(asked.captured_queries, 1))
        assert len(asked) <= MOST, f"{name} asks {len(asked)} times of {person}; at most {MOST} are allowed:\n{told}"
        return len(asked)

    return count


@pytest.fixture
def three_roles(cast):
    """Gives everybody roles in three more units, one of which has units below it."""

    def give(person) -> None:
        role = person.memberships.first().role
        for code in ("PST_ER", "OR", "MEDINFO"):
            Membership.objects.create(user=person, unit=OrgUnit.objects.get(code=code), role=role)

    return give


@pytest.fixture
def crowded(cast, indicator, plan):
    """Several responsible units for 7(1), several KPIs for the head's unit."""

    def fill() -> None:
        pst = OrgUnit.objects.get(code="PST_OPD")
        for position, code in enumerate(("PST_ER", "OR", "SOCMED"), 50):
            unit = OrgUnit.objects.get(code=code)
            Responsibility.objects.create(
                indicator=indicator("7(1)"), measured_unit=plan.unit, responsible_unit=unit, position=position
            )
        for code in ("5", "30", "13(1)"):
            Responsibility.objects.create(
                indicator=indicator(code), measured_unit=plan.unit, responsible_unit=pst, position=9
            )

    return fill
