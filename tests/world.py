"""The cast and its results once for a whole file of tests; what a test does to them is taken back.

Making the people and a submitted result costs more than most of the questions about them. A file whose tests only ask
takes `world` (or builds one of its own in `kept_apart`) and asks inside `kept_apart` again. Such a file must not use
the fixtures of tests/cast.py as well: those make the same people in a transaction of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http.cookies import SimpleCookie
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from indicators.actions import Entry, save_result, submit_result
from indicators.models import Round
from indicators.plans.load import load_plan
from indicators.rules import RoundAccess, fetch_round
from indicators.workflow import transition
from strategy.models import Plan, User
from tests.cast import TODAY, comments_for, make_cast, real_plan

NUMBERS = {"7(1)": {"A": 33600, "B": 200}, "22": {"A": 1000, "B": 900}}
MARCH = 6
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@contextmanager
def kept_apart() -> Iterator[None]:
    """What is written to the database inside is gone afterwards."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def quick_documents(monkeypatch):
    """The documents themselves have their own tests."""
    monkeypatch.setattr("reports.form_views.to_pdf", lambda document: b"%PDF-1.7")
    monkeypatch.setattr("reports.form_views.to_xlsx", lambda document: EMPTY_ZIP)


@dataclass(frozen=True)
class World:
    """The real plan and the cast."""

    plan: Plan
    cast: SimpleNamespace

    def stand(self, status: str) -> None:
        """A result in that status for KPI 7(1) and for KPI 22 in March."""
        put(self.plan, "7(1)", status, head=self.cast.head, reviewer=self.cast.reviewer)
        put(self.plan, "22", status, head=self.cast.other_head, reviewer=self.cast.reviewer)

    def browser(self, person: str) -> Client:
        """One in which that person of the cast is logged in; nobody is for "anonymous"."""
        return browser(None if person == "anonymous" else getattr(self.cast, person))


@contextmanager
def made() -> Iterator[World]:
    """The world on top of what the session's database holds."""
    with override_settings(KPITRACK_TODAY=TODAY), kept_apart():
        plan = Plan.objects.select_related("unit", "strategy_unit").filter(code="KKH2560").first()
        yield World(plan or load_plan(real_plan()).plan, make_cast())


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@contextmanager
def visit(client: Client) -> Iterator[None]:
    """One request of many: what it writes, and which cookies it sets, is taken back."""
    name = settings.SESSION_COOKIE_NAME
    kept = {name: client.cookies[name].value} if name in client.cookies else {}
    with kept_apart():
        yield
    client.cookies = SimpleCookie(kept)


def put(plan: Plan, code: str, status: str, *, head: User, reviewer: User) -> None:
    """March of the indicator, entered by its head and brought to that status; every warning has its comment."""
    round_ = Round.objects.get(indicator__plan=plan, indicator__code=code, fiscal_year=2560, number=MARCH)
    numbers = {item: Decimal(number) for item, number in NUMBERS[code].items()}
    entry = Entry(data=numbers, comments=comments_for(access_of(head, round_), numbers))
    result = save_result(access=access_of(head, round_), by=head, entry=entry, lock=0)
    if status != "draft":
        result = submit_result(access=access_of(head, round_), by=head, lock=result.lock)
    if status == "approved":
        transition(access=access_of(reviewer, round_), action="approve", by=reviewer, lock=result.lock)


def access_of(user: User, round_: Round) -> RoundAccess:
    """Fetched afresh; the person's cached reach is dropped."""
    user.__dict__.pop("_kpitrack_reach", None)
    return fetch_round(user, round_.pk)
