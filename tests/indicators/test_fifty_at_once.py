"""Fifty people at the same moment: one is first, all others are told, nothing is lost or done twice."""

from collections import Counter
from decimal import Decimal

import pytest

from indicators.actions import Entry, save_result, submit_result
from indicators.models import Result, ReviewEvent
from indicators.rules import fetch_round
from indicators.workflow import StaleResult, transition
from strategy.models import Membership, OrgUnit, User
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


def colleagues(unit: str, role: str, count: int = MANY) -> list[User]:
    """So many people with the same role in one unit."""
    made = User.objects.bulk_create(User(username=f"{role}_{number}") for number in range(count))
    place = OrgUnit.objects.get(code=unit)
    Membership.objects.bulk_create(Membership(user=user, unit=place, role=role) for user in made)
    return made


def kinds(found: list) -> Counter:
    return Counter(type(each).__name__ for each in found)


def saving(user, round_, lock: int, number: int):
    """A save of somebody who opened the page when `lock` stood there."""

    def save():
        data = {"A": Decimal(number), "B": Decimal(100)}
        return save_result(access=fetch_round(user, round_.pk), by=user, entry=Entry(data=data), lock=lock)

    return save


def stored(round_) -> dict[str, Decimal]:
    return {row.code: row.value for row in Result.objects.get(round=round_).values.all()}


def test_fifty_first_saves(cast, round_of):
    """Of fifty who saw an empty page, one makes the result."""
    march, people = round_of("7(1)"), colleagues("PST_OPD", "reporter")
    found = at_once(*(saving(user, march, 0, 1000 + place) for place, user in enumerate(people)))
    assert kinds(found) == {"Result": 1, "StaleResult": MANY - 1}
    winner = next(place for place, each in enumerate(found) if isinstance(each, Result))
    assert stored(march) == {"A": 1000 + winner, "B": 100}
    assert Result.objects.get(round=march).entered_by == people[winner]
    assert ReviewEvent.objects.filter(result__round=march).count() == 1


def test_fifty_saves_of_what_is_there(cast, saved):
    """The second is told, with what is stored now."""
    result = saved("7(1)", A=500, B=100)
    people = colleagues("PST_OPD", "reporter")
    found = at_once(*(saving(user, result.round, 1, 1000 + place) for place, user in enumerate(people)))
    assert kinds(found) == {"Result": 1, "StaleResult": MANY - 1}
    first = next(each for each in found if isinstance(each, Result))
    assert {each.current.lock for each in found if isinstance(each, StaleResult)} == {2}
    assert stored(result.round)["A"] == 1000 + found.index(first)
    assert Result.objects.get(pk=result.pk).lock == 2
    assert list(ReviewEvent.objects.filter(result=result).values_list("action", flat=True)) == ["save", "save"]


def test_one_approval(cast, submitted):
    """Forty-nine reviewers and a head who withdraws: one of them decides."""
    result = submitted("7(1)", A=16000, B=100)
    people = colleagues("POLICY", "reviewer", MANY - 1)

    def approve(user):
        return lambda: transition(
            access=fetch_round(user, result.round_id), action="approve", by=user, lock=result.lock
        )

    def withdraw():
        return transition(
            access=fetch_round(cast.head, result.round_id), action="withdraw", by=cast.head, lock=result.lock
        )

    found = at_once(withdraw, *(approve(user) for user in people))
    done = [each for each in found if isinstance(each, Result)]
    assert len(done) == 1
    assert kinds(found).keys() <= {"Result", "StaleResult", "NotAllowed"}
    now = Result.objects.get(pk=result.pk)
    assert (now.status, now.lock) == (done[0].status, result.lock + 1)
    assert ReviewEvent.objects.filter(result=result, action__in=["approve", "withdraw"]).count() == 1


def test_fifty_submissions_by_one_person(cast, saved):
    """A button pressed fifty times submits once."""
    result = saved("7(1)", A=16000, B=100)

    def submit():
        return submit_result(access=fetch_round(cast.head, result.round_id), by=cast.head, lock=result.lock)

    found = at_once(*[submit] * MANY)
    assert kinds(found)["Result"] == 1
    assert kinds(found).keys() <= {"Result", "StaleResult", "NotAllowed"}
    assert ReviewEvent.objects.filter(result=result, action="submit").count() == 1


def test_fifty_results_at_once(cast, round_of):
    """Nobody is in anybody's way where each has a result of their own."""
    months = [round_of("7(1)", number) for number in range(1, 7)]
    people = colleagues("PST_OPD", "reporter", len(months))
    found = at_once(*(saving(u, m, 0, 100 + m.number) for u, m in zip(people, months, strict=True)))
    assert kinds(found) == {"Result": len(months)}
    assert [stored(month)["A"] for month in months] == [100 + month.number for month in months]
