"""The grid: many results of one round typed in one table, cell by cell, or read from a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.grids.actions import Refused, save_row, save_rows, submit_complete
from indicators.grids.files import FileError, Upload, file_name, template_file
from indicators.grids.page import GridPage
from indicators.grids.posted import locks_in, on_top_of, save_typed
from indicators.grids.rows import Grid, fetch_grid
from indicators.views.entry import another_sentence, is_by_another
from indicators.views.rows import answer_of, is_away, tell_saved, typed_row
from strategy.models import User

TEMPLATE = "indicators/grid/page.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """The page, and saving or submitting everything that was typed in it."""
    found = _fetch(request, pk, year, number)
    if is_by_another(request):
        messages.error(request, another_sentence())
        return _redirect(request, found)
    if request.method == "POST":
        status = 200 if any(row.access.is_entered for row in found.rows) else 403
        return _save_all(request, found, status)
    return _page(request, GridPage(found, {}, only_open="open" in request.GET, only_own=_is_own(request)))


def _save_all(request: HttpRequest, found: Grid, status: int) -> HttpResponse:
    """Every row that was changed; what could not be saved is shown with what was typed."""
    outcomes = save_typed(request.POST, found.rows, by=_user(request))
    report = None
    if request.POST.get("action") == "submit":
        locks = locks_in(request.POST, found.rows, outcomes)
        found = _fetch(request, found.indicator.pk, found.year, found.number)
        report = submit_complete(found, by=_user(request), locks=locks, early="early" in request.POST)
    failed = {key: outcome for key, outcome in outcomes.items() if not outcome.is_clean}
    if not failed and report is None and status == 200:
        tell_saved(request, len(outcomes))
        return _redirect(request, found)
    fresh = _fetch(request, found.indicator.pk, found.year, found.number)
    only_open = "open" in request.GET and report is None
    page = GridPage(fresh, on_top_of(fresh.rows, outcomes), report, only_open, only_own=_is_own(request))
    return _page(request, page, status)


@require_POST
def grid_row(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """One row as it was typed, saved at once; the answer says what became of every cell."""
    if is_away(request):
        return HttpResponse(status=401)  # a log-in page has no place inside the grid
    found = _fetch(request, pk, year, number)
    row = found.row(request.POST.get("row", ""))
    typed = typed_row(request, row)
    if row is None or typed is None:
        raise Http404
    outcome = save_row(row, by=_user(request), typed=typed)
    return JsonResponse(answer_of(request, GridPage(found, {row.key: outcome}), outcome))


# Files


@login_required
@require_safe
def grid_template(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """A file to fill in, with what is saved already."""
    found = _fetch(request, pk, year, number)
    headers = {"Content-Disposition": content_disposition_header(True, file_name(found)) or ""}
    return HttpResponse(template_file(found), content_type=XLSX, headers=headers)


@login_required
@require_POST
def grid_import(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """What a file would change; after a look at it, all of it or nothing is written."""
    found = _fetch(request, pk, year, number)
    if not GridPage(found, {}).may_enter:
        raise Http404
    if "changes" in request.POST:
        return _apply(request, found)
    try:
        upload = Upload.of_file(found, request.FILES.get("file"))
    except FileError as error:
        return _preview(request, found, None, refusal=error.message, status=422)
    return _preview(request, found, upload, status=422 if upload.errors else 200)


def _apply(request: HttpRequest, found: Grid) -> HttpResponse:
    try:
        upload = Upload.of_changes(found, request.POST["changes"])
    except FileError as error:
        return _preview(request, found, None, refusal=error.message, status=422)
    if upload.errors:
        return _preview(request, found, upload, status=422)
    try:
        count = save_rows(found, by=_user(request), changes=upload.changes, locks=upload.locks)
    except Refused as refused:
        return _preview(request, found, upload.refused(refused.reasons), status=409)
    messages.success(request, _("บันทึกจากไฟล์แล้ว %(count)s รายการ ยังไม่ได้ส่ง") % {"count": count})
    return _redirect(request, found)


def _preview(
    request: HttpRequest, found: Grid, upload: Upload | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"page": GridPage(found, {}), "upload": upload, "refusal": refusal}
    return render(request, "indicators/grid/import.html", context, status=status)


# Around


def _fetch(request: HttpRequest, pk: int, year: int, number: int) -> Grid:
    return fetch_grid(_user(request), pk, year, number)


def _page(request: HttpRequest, page: GridPage, status: int = 200) -> HttpResponse:
    return render(request, TEMPLATE, {"page": page}, status=status)


def _is_own(request: HttpRequest) -> bool:
    """Whether who has a part of the rows sees that part alone: unless they ask for all."""
    return "all" not in request.GET


def _redirect(request: HttpRequest, found: Grid) -> HttpResponse:
    address = reverse("grid", args=[found.indicator.pk, found.year, found.number])
    asked = "&".join(f"{name}=1" for name in ("open", "all") if name in request.GET)
    tail = f"?{asked}" if asked else ""
    return HttpResponse(status=302, headers={"Location": address + tail})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
