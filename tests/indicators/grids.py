"""Two grids for tests: THIP's first sub-indicators of the real plan, and K405 of the provincial office."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from django.contrib.auth import get_user_model
from django.urls import reverse

from indicators.grids.actions import encoded
from indicators.grids.rows import Grid, fetch_grid
from indicators.models import Indicator
from indicators.plans.file import read_plan_file
from indicators.plans.load import load_plan
from strategy.models import Membership, OrgUnit

PROVINCE_FILE = Path(__file__).parents[2] / "fixtures" / "kkpho2566.yaml"
JULY = date(2023, 7, 5)  # the second round of K405 has ended, and is not due yet
PASS, FAIL = "ผ่านเกณฑ์", "ไม่ผ่านเกณฑ์"


def person(name: str, unit: str, role: str):
    user = get_user_model().objects.create_user(name, first_name=name)
    Membership.objects.create(user=user, unit=OrgUnit.objects.get(code=unit), role=role)
    return user


def load_province() -> SimpleNamespace:
    """K405 with its people: who enters for all 26 hospitals, who reviews, and the head of one hospital."""
    load_plan(read_plan_file(PROVINCE_FILE))
    return SimpleNamespace(
        k405=Indicator.objects.get(code="K405"),
        enters=person("ins", "KKPHO_INSURANCE", "head"),
        colleague=person("ins2", "KKPHO_INSURANCE", "head"),
        reviews=person("prov", "KKPHO_STRATEGY", "reviewer"),
        hospital=person("chumphae", "10998", "head"),
    )


def grid_of(user, indicator: Indicator, year: int, number: int) -> Grid:
    """Fetched afresh."""
    user.__dict__.pop("_kpitrack_reach", None)
    return fetch_grid(user, indicator.pk, year, number)


def url_of(grid: Grid, name: str = "grid") -> str:
    return reverse(name, args=[grid.indicator.pk, grid.year, grid.number])


def form_of(grid: Grid, *typed: dict[str, str] | None, **more: str) -> dict[str, str]:
    """What the page's form sends with these texts typed into its first rows, by item code."""
    data = dict(more)
    for place, row in enumerate(grid.rows):
        if not row.access.may_enter:
            continue
        texts = (typed[place] if place < len(typed) else None) or {}
        data[f"{row.key}:lock"], data[f"{row.key}:was"] = str(row.lock), encoded(row)
        saved = dict(pair.split("=") for pair in encoded(row).split("&") if pair)
        data |= {f"{row.key}:{code}": text for code, text in {**_plain(saved), **texts}.items()}
    return data


def _plain(saved: dict[str, str]) -> dict[str, str]:
    from urllib.parse import unquote_plus

    return {code: unquote_plus(text) for code, text in saved.items()}
