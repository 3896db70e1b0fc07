"""งานของฉัน, the page after log-in."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indicators.monthly.page import month_to_fill, units_to_fill, url_of
from indicators.work import OPEN, GridWork, Work, WorkRow, work_of
from strategy import clock
from strategy.access import Permission, reach_of
from strategy.people.asking import whom_to_ask
from strategy.periods import fiscal_year_of, period_label, thai_month


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
    month = month_to_fill(row.round.end for row in _rows_of(work) if row.place in OPEN)
    context = {
        "work": work,
        "to_fill": [(unit, url_of(unit, month)) for unit in units_to_fill(reach)] if work.rows else [],
        "month_to_fill": period_label(month),
        "units": reach.own_units,
        "fiscal_year": year,
        "month": thai_month(clock.today()),
    }
    return render(request, "indicators/my_work.html", context)


def _rows_of(work: Work) -> Iterator[WorkRow]:
    """All rows, those of grids too."""
    for piece in work.rows:
        yield from piece.rows if isinstance(piece, GridWork) else (piece,)


def _no_unit(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/no_unit.html", {"asking": whom_to_ask(request.user)})  # type: ignore[arg-type]
