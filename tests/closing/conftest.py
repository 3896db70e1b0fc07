"""A period of the real plan, and closing it with everything that is missing waived."""

from collections.abc import Callable

import pytest

from indicators.closing.actions import close_period
from indicators.closing.period import ClosingPeriod
from indicators.models import Closure
from strategy.models import Membership, User
from tests.closing.cases import MARCH, all_waived


@pytest.fixture
def approved(approved, cast, plan):
    """As in the cast, but the head enters for every unit of the hospital."""
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    return approved


@pytest.fixture
def period(plan) -> Callable[[int], ClosingPeriod]:
    return lambda number=MARCH: ClosingPeriod(plan, 2560, number)


@pytest.fixture
def close(request, period) -> Callable[..., Closure]:
    """Closes a month of 2560 with one reason for all that is missing, by the demo's reviewer or the cast's."""

    def make(number: int = MARCH, **given) -> Closure:
        reviewer = User.objects.filter(username="reviewer").first() or request.getfixturevalue("cast").reviewer
        chosen = period(number)
        return close_period(period=chosen, by=reviewer, waivers=all_waived(chosen), **given)

    return make
