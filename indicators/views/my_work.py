"""งานของฉัน, the page after log-in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indicators.monthly.filling import months_to_fill
from indicators.recovery.lists import reminder_of
from indicators.work import work_of
from strategy import clock
from strategy.access import Permission, reach_of
from strategy.people.asking import whom_to_ask
from strategy.periods import fiscal_year_of, thai_month


@login_required
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for a department; those who do not enter go where their own work is."""
    reach = reach_of(request.user)  # type: ignore[arg-type]
    if not reach.memberships:
        return _no_unit(request)
    if not reach.may_anywhere(Permission.ENTER):
        return redirect("review_list" if reach.may_anywhere(Permission.REVIEW) else "dashboard")
    year = fiscal_year_of(clock.today())
    work = work_of(reach, year)
    context = {
        "work": work,
        "to_fill": months_to_fill(reach, work),
        "measures": reminder_of(reach),
        "units": reach.own_units,
        "fiscal_year": year,
        "month": thai_month(clock.today()),
    }
    return render(request, "indicators/my_work.html", context)


def _no_unit(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/no_unit.html", {"asking": whom_to_ask(request.user)})  # type: ignore[arg-type]
