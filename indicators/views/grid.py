"""The grid: many results of one round typed in one table, cell by cell, or read from a file."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.grids.actions import Outcome, Refused, Typed, decoded, encoded, save_row, save_rows, submit_complete
from indicators.grids.files import FileError, Upload, file_name, template_file
from indicators.grids.page import GridPage, RowView
from indicators.grids.rows import Grid, GridRow, fetch_grid
from scoring.template import ItemKind
from strategy.models import User

TEMPLATE = "indicators/grid/page.html"
NO_LOCK = -1  # a lock that no result has
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """The page, and saving or submitting everything that was typed in it."""
    found = _fetch(request, pk, year, number)
    if request.method == "POST":
        status = 200 if any(row.access.is_entered for row in found.rows) else 403
        return _save_all(request, found, status)
    return _page(request, GridPage(found, {}, only_open="open" in request.GET))


def _save_all(request: HttpRequest, found: Grid, status: int) -> HttpResponse:
    """Every row that was changed; what could not be saved is shown with what was typed."""
    outcomes = _save_rows(request, found)
    report = None
    if request.POST.get("action") == "submit":
        locks = {row.key: _lock(request.POST, row) for row in found.rows}
        locks |= {key: outcome.row.lock for key, outcome in outcomes.items() if outcome.is_clean}
        found = _fetch(request, found.indicator.pk, found.year, found.number)
        report = submit_complete(found, by=_user(request), locks=locks, early="early" in request.POST)
    failed = {key: outcome for key, outcome in outcomes.items() if not outcome.is_clean}
    if not failed and report is None and status == 200:
        _tell(request, len(outcomes))
        return _redirect(request, found)
    fresh = _fetch(request, found.indicator.pk, found.year, found.number)
    only_open = "open" in request.GET and report is None
    return _page(request, GridPage(fresh, _on_top_of(fresh, outcomes), report, only_open), status)


def _on_top_of(fresh: Grid, outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """What became of the rows, with the rows as they are now."""
    rows = {row.key: row for row in fresh.rows}
    return {
        key: Outcome(rows[key], each.saved, each.errors, each.clashes, each.refusal, each.texts)
        for key, each in outcomes.items()
        if key in rows
    }


def _save_rows(request: HttpRequest, found: Grid) -> dict[str, Outcome]:
    skip = request.POST.get("theirs", "")
    outcomes = {}
    for row in found.rows:
        typed = _typed(request.POST, row)
        if typed is None or row.key == skip or not typed.touched(row.fields):
            continue
        outcomes[row.key] = save_row(row, by=_user(request), typed=typed)
    return outcomes


def _tell(request: HttpRequest, count: int) -> None:
    if count:
        messages.success(request, _("บันทึกแล้ว %(count)s รายการ ยังไม่ได้ส่ง") % {"count": count})
    else:
        messages.info(request, _("ไม่มีช่องที่เปลี่ยน จึงไม่มีอะไรต้องบันทึก"))


@require_POST
def grid_row(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """One row as it was typed, saved at once; the answer says what became of every cell."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)  # a log-in page has no place inside the grid
    found = _fetch(request, pk, year, number)
    row = found.row(request.POST.get("row", ""))
    typed = _typed(request.POST, row) if row else None
    if row is None or typed is None or not row.access.is_entered:
        raise Http404
    outcome = save_row(row, by=_user(request), typed=typed)
    page = GridPage(found, {row.key: outcome})
    view = next(view for view in page.rows if view.row.key == row.key)
    return JsonResponse(_answer(request, page, view, outcome))


def _answer(request: HttpRequest, page: GridPage, view: RowView, outcome: Outcome) -> dict[str, Any]:
    context = {"view": view, "page": page}
    trouble = outcome.clashes or outcome.refusal
    return {
        "lock": outcome.row.lock,
        "was": encoded(outcome.row),
        "state": outcome.state,
        "cells": {cell.field.code: _cell_answer(cell, outcome) for cell in view.cells},
        "outcome": render_to_string("indicators/grid/_outcome.html", context, request),
        "trouble": render_to_string("indicators/grid/_trouble.html", context, request) if trouble else "",
        "summary": page.summary,
    }


def _cell_answer(cell: Any, outcome: Outcome) -> dict[str, str]:
    code = cell.field.code
    state = "conflict" if cell.clash else "invalid" if cell.error else "saved" if code in outcome.saved else ""
    if outcome.refusal and code in outcome.texts and not state:
        state = "failed"
    return {"text": cell.saved, "state": state, "error": cell.error}


# What came in


def _typed(posted: QueryDict, row: GridRow) -> Typed | None:
    """The cells of a row; None where the page showed none of it to type in."""
    if f"{row.key}:lock" not in posted:
        return None
    texts = {}
    for field in row.fields:
        name = f"{row.key}:{field.code}"
        if field.kind is ItemKind.TICK:
            texts[field.code] = posted.get(name, "0")
        elif name in posted:
            texts[field.code] = posted[name]
    codes = row.fields if posted.get("mine") == row.key else ()
    was = decoded(posted.get(f"{row.key}:was", ""))
    return Typed(texts, was, _lock(posted, row), frozenset(field.code for field in codes))


def _lock(posted: QueryDict, row: GridRow) -> int:
    """The save count that the page showed; what is no number fits no result."""
    text = posted.get(f"{row.key}:lock", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_LOCK


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


def _redirect(request: HttpRequest, found: Grid) -> HttpResponse:
    address = reverse("grid", args=[found.indicator.pk, found.year, found.number])
    tail = "?open=1" if "open" in request.GET else ""
    return HttpResponse(status=302, headers={"Location": address + tail})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
