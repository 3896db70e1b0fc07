"""One page for the month: all that a unit reports for it, typed in one table."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from indicators.grids.actions import Report, save_row, submit_complete
from indicators.grids.posted import locks_in, on_top_of, save_typed
from indicators.monthly.page import MonthPage, inline_of
from indicators.monthly.rows import UnitRows, fetch_unit_row, fetch_unit_rows
from indicators.views.entry import another_sentence, is_by_another
from indicators.views.rows import answer_of, is_away, tell_saved, typed_row
from strategy.models import User

TEMPLATE = "indicators/monthly/page.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest, unit: int, year: int, number: int) -> HttpResponse:
    """The page, and saving or submitting everything that was typed in it."""
    found = fetch_unit_rows(_user(request), unit, year, number)
    if is_by_another(request):
        messages.error(request, another_sentence())
        return redirect(request.get_full_path())
    if request.method == "POST":
        return _save_all(request, found)
    return render(request, TEMPLATE, {"page": MonthPage(found, {}, only_open="open" in request.GET)})


def _save_all(request: HttpRequest, found: UnitRows) -> HttpResponse:
    """Every row that was changed; what could not be saved is shown with what was typed."""
    may = any(row.access.is_entered for row in found.rows)
    outcomes = save_typed(request.POST, found.rows, by=_user(request))
    report = None
    if request.POST.get("action") == "submit" and may:
        locks = locks_in(request.POST, found.rows, outcomes)
        found = _again(request, found)
        report = _submit(request, found, locks)
    if may and report is None and all(outcome.is_clean for outcome in outcomes.values()):
        tell_saved(request, len(outcomes))
        return redirect(request.get_full_path())
    fresh = _again(request, found)
    only_open = "open" in request.GET and report is None
    page = MonthPage(fresh, on_top_of(fresh.rows, outcomes), report, only_open)
    return render(request, TEMPLATE, {"page": page}, status=200 if may else 403)


def _submit(request: HttpRequest, found: UnitRows, locks: dict[str, int]) -> Report:
    """What stands on the page; a large grid is submitted on its own."""
    return submit_complete(inline_of(found), by=_user(request), locks=locks, early="early" in request.POST)


@require_POST
def month_row(request: HttpRequest, unit: int, year: int, number: int) -> HttpResponse:
    """One row as it was typed, saved at once; the answer says what became of every cell."""
    if is_away(request):
        return HttpResponse(status=401)  # a log-in page has no place inside the table
    place = (_user(request), unit, year, number)
    found = fetch_unit_row(*place, request.POST.get("row", ""))
    row = found.rows[0]
    typed = typed_row(request, row)
    if typed is None:
        raise Http404
    outcome = save_row(row, by=_user(request), typed=typed)
    answer = answer_of(request, MonthPage(found, {row.key: outcome}), outcome)
    # How the month stands changes with the first save of a row, and where its last box is filled or emptied.
    before, now = ((each.result is not None, each.is_complete) for each in (row, outcome.row))
    return JsonResponse(answer | {"summary": MonthPage(fetch_unit_rows(*place), {}).summary if before != now else ""})


def _again(request: HttpRequest, found: UnitRows) -> UnitRows:
    month = found.month
    assert month is not None  # noqa: S101 - found for a month
    return fetch_unit_rows(_user(request), found.unit.pk, month.fiscal_year, month.number)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
