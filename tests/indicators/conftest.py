"""The department head at the entry page: what the tests of งานของฉัน and of the entry page share."""

import pytest
from django.urls import reverse

from indicators.models import Responsibility, Result
from strategy.models import OrgUnit

EMPTY_PROJECTS = {"projects-TOTAL_FORMS": "2", "projects-INITIAL_FORMS": "0"}


@pytest.fixture
def head(client, cast):
    client.force_login(cast.head)
    return client


@pytest.fixture
def own(cast):
    """Makes the head responsible for another KPI, and gives its code back."""

    def make(indicator) -> str:
        unit = OrgUnit.objects.get(code="PST_OPD")
        Responsibility.objects.create(
            indicator=indicator, measured_unit=indicator.plan.unit, responsible_unit=unit, position=99
        )
        return indicator.code

    return make


@pytest.fixture
def page(head, round_of):
    """The text of the head's entry page of a round."""
    return lambda code="7(1)", number=6: head.get(address(round_of(code, number))).content.decode()


@pytest.fixture
def send(head, round_of):
    """Post the entry form: `send(A="33600", B="200", action="submit")`."""

    def post(code="7(1)", number=6, *, lock=None, action="save", texts=None, client=head, follow=False, **boxes):
        round_ = round_of(code, number)
        if lock is None:
            lock = Result.objects.filter(round=round_).values_list("lock", flat=True).first() or 0
        typed = {f"item_{box}": text for box, text in boxes.items()}
        data = {**EMPTY_PROJECTS, **typed, "lock": lock, "action": action, **(texts or {})}
        return client.post(address(round_), data, follow=follow)

    return post


def address(round_, name="entry") -> str:
    return reverse(name, args=[round_.pk])
