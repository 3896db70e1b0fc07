"""Pages that everybody of the hospital may open, and what on them is not for everybody."""

import pytest
from django.urls import reverse

from strategy.models import Membership, OrgUnit
from tests.matrix.asking import address_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_without_htmx_the_reason_is_the_page(client, cast, indicator):
    """A redirect that says nothing of whether the KPI is there."""
    for person in (cast.outsider, cast.head):
        client.force_login(person)
        assert client.get(reverse("indicator_why", args=[indicator("7(1)").pk])).status_code == 302


# What is not approved


SEEN_BY = {
    "reporter": True,
    "head": True,
    "other_head": False,
    "reviewer": True,
    "executive": True,
    "administrator": True,
}


@pytest.mark.parametrize("status", ["draft", "submitted"])
@pytest.mark.parametrize(("name", "code"), [("result_form", "7(1)"), ("indicator", "7(1)"), ("indicator_form", "7")])
def test_hidden_values(name, code, status, client, cast, plan):
    """168 minutes are for the team, the strategy unit and the executives until they are approved."""
    World(plan, cast).stand(status)
    seen = {}
    for person in SEEN_BY:
        client.force_login(getattr(cast, person))
        page = client.get(address_of(name, plan, code)).content.decode()
        seen[person] = "168.00" in page
    assert seen == SEEN_BY


def test_parts_of_other_units_stay_hidden_on_the_form_of_the_whole(client, cast, plan, saved):
    """7 is made of 7(1) of the PST OPD team and 7(2) of the PST ER team: neither sees the other's draft."""
    er = OrgUnit.objects.get(code="PST_ER")
    Membership.objects.create(user=cast.other_head, unit=er, role="head")
    saved("7(1)", 6, A=33600, B=200)
    saved("7(2)(1)", 6, by=cast.other_head, A=77, B=1000)
    for person, sees, not_sees in ((cast.head, "168.00", "7.70"), (cast.other_head, "7.70", "168.00")):
        client.force_login(person)
        page = client.get(address_of("indicator_form", plan, "7")).content.decode()
        assert sees in page
        assert not_sees not in page
