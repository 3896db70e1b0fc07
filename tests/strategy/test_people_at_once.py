"""Two who do the same at the same moment: one is in time, the other is told; a code opens one door.

On SQLite and on PostgreSQL, in threads with connections of their own.
"""

import time

import pytest
from django.contrib.auth import get_user_model
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators.handover import actions as handover
from indicators.handover.units import fetch_unit
from strategy.accounts import second_factor
from strategy.accounts.refused import Refused
from strategy.models import Membership, OrgUnit
from strategy.people import actions, roles
from strategy.people.scope import fetch_person
from tests.at_once import at_once
from tests.cast import TODAY

pytestmark = pytest.mark.django_db(transaction=True)

TRIES = range(3)
WHY = "พร้อมกัน"


@pytest.fixture
def pair(houses, cast):
    """boss and boss2 alone administer the hospital."""
    Membership.objects.filter(user=cast.administrator).delete()
    return houses


def winners(found: list[object]) -> int:
    """How many were in time; who was not was told, and nothing else happened."""
    assert [error for error in found if isinstance(error, Exception) and not isinstance(error, Refused)] == []
    return sum(not isinstance(each, Refused) for each in found)


@pytest.mark.parametrize("_again", TRIES)
def test_two_administrators_end_each_other(pair, _again):
    def ends(by, whom):
        role = whom.memberships.get(role="administrator")
        return lambda: roles.end_role(membership=role, last=TODAY, reason=WHY, by=by)

    assert winners(at_once(ends(pair.boss, pair.boss2), ends(pair.boss2, pair.boss))) == 1
    lasting = Membership.objects.filter(role="administrator", end=None, user__in=[pair.boss, pair.boss2])
    assert lasting.count() == 1


@pytest.mark.parametrize("_again", TRIES)
def test_two_administrators_close_each_others_account(pair, _again):
    def closes(by, whom):
        person = fetch_person(by, whom.pk)
        return lambda: actions.set_active(person=person, by=by, active=False, reason=WHY)

    assert winners(at_once(closes(pair.boss, pair.boss2), closes(pair.boss2, pair.boss))) == 1
    assert get_user_model().objects.filter(username__in=["boss", "boss2"], is_active=True).count() == 1


@pytest.mark.parametrize("_again", TRIES)
def test_one_role_handed_over_to_two(pair, cast, _again):
    unit = OrgUnit.objects.get(code="PST_OPD")

    def hands(by, to):
        access, leaving = fetch_unit(by, unit.pk), cast.head.memberships.get()
        return lambda: handover.hand_over(access=access, leaving=leaving, to=to, day=TODAY, reason=WHY, by=by)

    assert winners(at_once(hands(pair.boss, cast.reviewer), hands(pair.boss2, cast.executive))) == 1
    assert Membership.objects.filter(unit=unit, role="head", end=None).count() == 1


def test_the_same_role_given_twice(pair, cast):
    unit = OrgUnit.objects.get(code="QS")

    def gives(by):
        return lambda: roles.give_role(user=cast.head, unit=unit, role="head", start=TODAY, end=None, reason=WHY, by=by)

    assert winners(at_once(*[gives(by) for by in (pair.boss, pair.boss2)] * 3)) == 1
    assert unit.memberships.filter(user=cast.head).count() == 1


def test_the_same_name_added_twice(pair):
    def adds(by):
        return lambda: actions.add_person(by=by, username="new", facts={"first_name": "ใหม่"})

    assert winners(at_once(adds(pair.boss), adds(pair.boss2))) == 1


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_opens_one_door(pair, cast, kind):
    key = second_factor.new_key()
    totp = TOTP(TOTPDevice(key=key).bin_key)
    totp.time = time.time() - 30
    _device, codes = second_factor.set_up(user=cast.head, key=key, code=f"{totp.token():06d}")
    totp.time += 30
    code = f"{totp.token():06d}" if kind == "app" else codes[0]
    answers = at_once(*[lambda: second_factor.check(user=cast.head, code=code)] * 6)
    assert sum(answer.device is not None for answer in answers) == 1
