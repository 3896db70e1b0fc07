"""The fixed cast and the real plan, for all tests that touch the database.

The clock stands on 15 April 2560. The head and the reporter belong to the PST OPD team, which
owns KPI 7(1); the other head belongs to accounting; the outsider has no role at all.
"""

import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from indicators.actions import Entry, save_result, submit_result
from indicators.adapters import template_for_round
from indicators.models import Indicator, Result, Round
from indicators.pasts import background_of
from indicators.plans.file import read_plan_file
from indicators.plans.load import load_plan
from indicators.questions import TICKED, questions, warning_key
from indicators.rules import RoundAccess, fetch_round
from indicators.workflow import transition
from strategy.models import Membership, OrgUnit, Plan
from tests.kept import end_other_sessions, keep, put_back_after_transactional_tests

PLAN_FILE = Path(__file__).parent.parent / "fixtures" / "kkh2560.yaml"
TODAY = date(2017, 4, 15)
PASSWORD = "thai-silk-2560"
CAST = {
    "reporter": ("PST_OPD", "reporter"),
    "head": ("PST_OPD", "head"),
    "other_head": ("ACCOUNT", "head"),
    "reviewer": ("POLICY", "reviewer"),
    "executive": ("KKH", "executive"),
    "administrator": ("KKH", "administrator"),
    "outsider": None,
}


def real_plan() -> dict[str, Any]:
    """The content of the real plan's file, for each caller one of their own; it is read once."""
    return pickle.loads(_real_plan())


@cache
def _real_plan() -> bytes:
    return pickle.dumps(read_plan_file(PLAN_FILE))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The real plan, once; every test works in a transaction on top of it, or leaves it as it was."""
    with django_db_blocker.unblock():
        load_plan(real_plan())
        keep("plan")
    put_back_after_transactional_tests("plan")
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.KPITRACK_TODAY = TODAY


@pytest.fixture
def plan(db) -> Plan:
    """KKH2560."""
    return Plan.objects.select_related("unit", "strategy_unit").get(code="KKH2560")


@pytest.fixture
def cast(plan) -> SimpleNamespace:
    """reporter, head, other_head, reviewer, executive, administrator, outsider; the password is PASSWORD."""
    return make_cast()


def make_cast() -> SimpleNamespace:
    people = {name: _person(name, role) for name, role in CAST.items()}
    people["administrator"].is_staff = people["administrator"].is_superuser = True
    people["administrator"].save()
    return SimpleNamespace(**people)


def _person(name: str, role: tuple[str, str] | None):
    user = get_user_model().objects.create_user(name, password=PASSWORD, first_name=name)
    if role is not None:
        Membership.objects.create(user=user, unit=OrgUnit.objects.get(code=role[0]), role=role[1])
    return user


@pytest.fixture
def indicator(plan) -> Callable[[str], Indicator]:
    """The indicator of a code of the real plan."""
    return lambda code: Indicator.objects.get(plan=plan, code=code)


@pytest.fixture
def round_of(plan) -> Callable[..., Round]:
    """The round of a code: `round_of("7(1)", 6)` is March 2560, the sixth month of the fiscal year."""
    return lambda code, number=6, year=2560: Round.objects.get(
        indicator__plan=plan, indicator__code=code, fiscal_year=year, number=number
    )


@pytest.fixture
def access() -> Callable[..., RoundAccess]:
    """A person's access to a round, fetched afresh (the person's cached reach is dropped)."""

    def fetch(user, round_: Round) -> RoundAccess:
        user.__dict__.pop("_kpitrack_reach", None)
        return fetch_round(user, round_.pk)

    return fetch


def comments_for(access: RoundAccess, numbers: dict[str, Decimal]) -> dict[str, str]:
    """A comment beside every warning about these numbers."""
    template = template_for_round(access.version, access.round.number)
    asked = questions(template, numbers, access.round, background_of(access))
    return {warning_key(warning, numbers): "ตรวจกับทะเบียนแล้ว" for warning in asked if warning.code not in TICKED}


@pytest.fixture
def saved(cast, round_of, access) -> Callable[..., Result]:
    """A draft of the head: `saved("7(1)", 6, A=33600, B=200)`."""

    def save(code: str, number: int = 6, *, by=None, acknowledged=(), answered=False, **data) -> Result:
        numbers = {key: Decimal(str(value)) for key, value in data.items()}
        seen = access(by or cast.head, round_of(code, number))
        comments = comments_for(seen, numbers) if answered else {}
        entry = Entry(data=numbers, acknowledged=acknowledged, comments=comments)
        return save_result(access=seen, by=by or cast.head, entry=entry, lock=seen.result.lock if seen.result else 0)

    return save


@pytest.fixture
def submitted(saved, cast, access) -> Callable[..., Result]:
    """Saved and submitted by the head, who answers every warning and knows where a round has not ended yet."""

    def submit(code: str, number: int = 6, *, by=None, **data) -> Result:
        result = saved(code, number, by=by, acknowledged=("not_ended:",), answered=True, **data)
        return submit_result(access=access(by or cast.head, result.round), by=by or cast.head, lock=result.lock)

    return submit


@pytest.fixture
def approved(submitted, cast, access) -> Callable[..., Result]:
    """Saved, submitted by the head, approved by the reviewer."""

    def approve(code: str, number: int = 6, *, by=None, **data) -> Result:
        result = submitted(code, number, by=by, **data)
        seen = access(cast.reviewer, result.round)
        return transition(access=seen, action="approve", by=cast.reviewer, lock=result.lock)

    return approve
