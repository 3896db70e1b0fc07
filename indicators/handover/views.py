"""Units with their people: the list, one unit with its open work, deputies, hand-over."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.handover import actions
from indicators.handover.forms import PEOPLE, DeputyForm, HandOverForm, UnitFilter
from indicators.handover.units import (
    UnitAccess,
    fetch_administered,
    fetch_appointing,
    fetch_deputy,
    fetch_unit,
    unit_rows,
    units_for_list,
)
from indicators.handover.work import open_work
from strategy import clock
from strategy.access import Permission, reach_of
from strategy.accounts.refused import Refused
from strategy.people.forms import EndForm

PAGE = 50
page_and_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The units whose people one may see, with who answers for each today."""
    form = UnitFilter(request.GET)
    chosen = form.chosen
    found = units_for_list(request.user, chosen.get("q", ""), chosen.get("without", False))  # type: ignore[arg-type]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": bool(chosen),
        "page": page,
        "rows": unit_rows(page.object_list),
        "is_administrator": reach_of(request.user).may_anywhere(Permission.USERS),  # type: ignore[arg-type]
    }
    return render(request, "indicators/handover/units.html", context)


@login_required
@require_safe
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers for a unit, now, before and later, and what is open there."""
    access = fetch_unit(request.user, pk)  # type: ignore[arg-type]
    lasting = access.lasting
    context = {
        "access": access,
        "lasting": lasting,
        "past": [role for role in access.roles if role not in lasting],
        "today": clock.today(),
        "work": open_work(access.unit),
    }
    return render(request, "indicators/handover/unit.html", context)


def _decide(
    request: HttpRequest, access: UnitAccess, form: Form, act: Callable[[], Any], told: str, page: str, **more: Any
) -> HttpResponse:
    """Act on a right form and go back to the unit; else show the page with what was typed and what is wrong."""
    if form.is_valid():
        try:
            act()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, told)
            return redirect("unit_detail", access.unit.pk)
    return render(request, f"indicators/handover/{page}.html", {"form": form, "access": access, **more})


@login_required
@page_and_form
def deputy_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """A head names who stands in for them; or the administrator does."""
    access = fetch_appointing(request.user, pk)  # type: ignore[arg-type]
    form = DeputyForm(request.POST or None, access=access)

    def act() -> None:
        actions.appoint_deputy(access=access, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("มอบหมายผู้รักษาการแล้ว และแจ้งผู้ที่เกี่ยวข้องแล้ว")
    return _decide(request, access, form, act, told, "deputy", datalists={PEOPLE: access.candidates})


@login_required
@page_and_form
def deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stops standing in."""
    access, deputy = fetch_deputy(request.user, pk)  # type: ignore[arg-type]
    form = EndForm(request.POST or None)

    def act() -> None:
        actions.end_deputy(deputy=deputy, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("สิ้นสุดการรักษาการแล้ว และแจ้งผู้ที่เกี่ยวข้องแล้ว")
    return _decide(request, access, form, act, told, "deputy_end", deputy=deputy)


@login_required
@page_and_form
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A role goes from one person to another, with all that is open in the unit."""
    access = fetch_administered(request.user, pk)  # type: ignore[arg-type]
    form = HandOverForm(request.POST or None, access=access)

    def act() -> None:
        actions.hand_over(access=access, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("ส่งมอบงานแล้ว และแจ้งทั้งสองฝ่าย")
    more = {"datalists": {PEOPLE: access.candidates}, "work": open_work(access.unit)}
    return _decide(request, access, form, act, told, "hand_over", **more)
