"""Addresses of real objects, what their forms send, and the word of the table for what is answered."""

import re
from contextlib import nullcontext
from unittest import mock
from urllib.parse import quote

from django.template.backends.django import Template
from django.test import Client
from django.urls import resolve, reverse

from indicators.lint.source import linted
from indicators.models import Indicator, IndicatorVersion, Result, Round
from strategy.models import Plan
from tests.access_matrix import ADDRESSES, SENDS, TAKES
from tests.indicators.conftest import EMPTY_PROJECTS
from tests.world import NUMBERS, visit

IN_MARCH = (2560, 6)
DATED = ("month", "grid", "unit_month", "open_period", "closed_period")


def address_of(name: str, plan: Plan, code: str) -> str:
    """The address of that name for the indicator; what it needs besides is made."""
    takes = ADDRESSES[name].takes
    if not takes:
        return reverse(name)
    if takes in TAKES:
        return reverse(name, args=TAKES[takes](plan, code))
    if takes == "finding":
        return f"{reverse(name, args=[fingerprint_of(plan, code)])}?plan={plan.code}"
    indicator = Indicator.objects.get(plan=plan, code=code)
    if takes == "grid":
        IndicatorVersion.objects.filter(indicator=indicator).update(across_level=1)
    if takes == "round":
        return reverse(name, args=[Round.objects.get(indicator=indicator, fiscal_year=2560, number=6).pk])
    return reverse(name, args=[indicator.pk, *(IN_MARCH if takes in DATED else ())])


def fingerprint_of(plan: Plan, code: str) -> str:
    """Of the first thing that the linter finds in the indicator's template of 2560."""
    found = (each for each in linted(plan).findings if (each.indicator, each.fiscal_year) == (code, 2560))
    return next(found).fingerprint


def data_for(name: str, plan: Plan, url: str, code: str) -> dict:
    """What a form of any page could send, and what the form of this page sends besides, by its part's own table."""
    shown = Result.objects.filter(round__indicator__plan=plan, round__indicator__code=code)
    lock = shown.values_list("lock", flat=True).first() or 0
    boxes = {f"item_{item}": str(number) for item, number in NUMBERS.get(code, {}).items()}
    boxes |= _typed_in_grid(plan, code, lock, url)
    every = {**EMPTY_PROJECTS, **boxes, "lock": lock, "action": "save", "reason": "ตัวตั้งไม่ตรงกับทะเบียน", "level": "3"}
    return {**every, **(SENDS[name](plan, code) if name in SENDS else {})}


def _typed_in_grid(plan: Plan, code: str, lock: int, url: str) -> dict:
    """The same of the one row of an indicator's grid or in a unit's month, and the choice of its result."""
    grid, unit = re.search(r"/grid/(\d{1,9})/|/(\d{1,9})/grid/", url), re.search(r"/month/(\d{1,9})/", url)
    if not grid and not unit:
        return {}
    rounds = Round.objects.filter(indicator__plan=plan, indicator__code=code, fiscal_year=2560, number=6)
    round_ = rounds.select_related("indicator__plan").first()
    if round_ is None:
        return {}
    key = f"{round_.pk}-{plan.unit_id}"
    result = Result.objects.filter(round=round_).first()
    cells = {f"{key}:{item}": str(number) for item, number in NUMBERS.get(code, {}).items()}
    seen = f"{result.pk}:{result.lock}" if result else ""
    return {**cells, "row": key, f"{key}:lock": lock, "seen": seen, "picked": seen}


def locks() -> list[tuple[int, str]]:
    return list(Result.objects.order_by("pk").values_list("lock", "status"))


def answer(client: Client, method: str, url: str, data: dict | None = None, *, is_drawn: bool = True) -> str:
    """What the table calls the answer; what the request has changed is taken back.

    Drawing a page takes longer than deciding who gets it: where nobody reads it, its template is left out.
    """
    headers = {"HX-Request": "true"} if ADDRESSES[resolve(url.partition("?")[0]).url_name].htmx else {}
    before = locks()
    with visit(client), nullcontext() if is_drawn else mock.patch.object(Template, "render", return_value=""):
        response = getattr(client, method)(url, data if method == "post" else None, headers=headers)
        has_moved = locks() != before
    if response.status_code == 302 and response["Location"] == f"{reverse('login')}?next={quote(url)}":
        return "login"
    if not has_moved:
        return str(response.status_code)
    return "moved" if response.status_code == 302 else f"moved_with_{response.status_code}"
