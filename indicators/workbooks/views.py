"""A unit's workbook: down, filled in without a network, up again, and after a look at every change all or nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.monthly.rows import UnitRows, fetch_owed_rows, fetch_rows_of_rounds
from indicators.uploads import FileError
from indicators.workbooks.actions import Overtaken, apply_changes
from indicators.workbooks.book import file_name, make_workbook
from indicators.workbooks.carry import pack, unpack
from indicators.workbooks.page import PreviewPage, UploadPage
from indicators.workbooks.preview import Preview, Seen
from indicators.workbooks.reading import Contents, read_workbook
from strategy.access import Permission
from strategy.models import User

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@never_cache
@require_safe
def workbook(request: HttpRequest, unit: int) -> HttpResponse:
    """The file with all that the unit owes, as it is saved now."""
    found = _entered(fetch_owed_rows(_user(request), unit))
    if not found.rows:
        messages.info(request, _("ไม่มีรายการที่ยังต้องส่ง จึงไม่มีไฟล์ให้ดาวน์โหลด"))
        return redirect("workbook_upload", unit)
    address = request.build_absolute_uri(reverse("workbook_upload", args=[unit]))
    content = make_workbook(found, made_by=str(request.user), address=address)
    headers = {"Content-Disposition": content_disposition_header(True, file_name(found)) or ""}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workbook_upload(request: HttpRequest, unit: int) -> HttpResponse:
    """The steps; a file that is sent comes back as a preview, and what the preview carries is written."""
    if request.method != "POST":
        return _steps(request, unit)
    nothing = _entered(fetch_rows_of_rounds(_user(request), unit, ()))
    try:
        if "changes" in request.POST:
            return _apply(request, nothing)
        contents = read_workbook(request.FILES.get("file"), nothing.unit)
        return _show(request, _preview(request, unit, contents))
    except FileError as error:
        return _steps(request, unit, refusal=error.message)


def _apply(request: HttpRequest, nothing: UnitRows) -> HttpResponse:
    unit = nothing.unit
    contents, locks = unpack(request.POST["changes"], unit, _user(request))
    preview = _preview(request, unit.pk, contents)
    if preview.undecided and _is_unmoved(preview, locks):
        return _show(request, preview, is_answered=True)
    try:
        results = apply_changes(preview=preview, by=_user(request), locks=locks)
    except Overtaken as error:
        fresh = _preview(request, unit.pk, contents)
        if not fresh.is_settled:
            return _show(request, fresh, said=str(error))
        messages.info(request, _("ทุกช่องในไฟล์บันทึกไว้แล้ว หรือเก็บค่าเดิมตามที่เลือก ไม่มีอะไรต้องบันทึกอีก"))  # a second click
    else:
        _tell(request, preview, results)
    return redirect(reverse("workbook_upload", args=[unit.pk]) + "?saved=1")


def _is_unmoved(preview: Preview, locks: Seen) -> bool:
    return preview.may_apply and dict(preview.locks) == dict(locks)


def _tell(request: HttpRequest, preview: Preview, results: int) -> None:
    if not results:
        messages.info(request, _("เก็บค่าที่บันทึกไว้เดิมทั้งหมด ไม่มีอะไรต้องบันทึกจากไฟล์"))
        return
    facts = {"cells": preview.written_cells, "results": results}
    messages.success(request, _("บันทึกจากไฟล์แล้ว %(cells)s ช่อง ใน %(results)s รายการ ยังไม่ได้ส่ง") % facts)


# Around


def _steps(request: HttpRequest, unit: int, *, refusal: str = "") -> HttpResponse:
    found = _entered(fetch_owed_rows(_user(request), unit))
    page = UploadPage(found, refusal, is_saved="saved" in request.GET)
    return render(request, "indicators/workbooks/upload.html", {"page": page}, status=422 if refusal else 200)


def _show(request: HttpRequest, preview: Preview, *, said: str = "", is_answered: bool = False) -> HttpResponse:
    carried = pack(preview, _user(request)) if preview.may_apply else ""
    page = PreviewPage(preview, carried, said, is_answered)
    status = 409 if said else 422 if preview.errors or page.missing else 200
    return render(request, "indicators/workbooks/preview.html", {"page": page, "preview": preview}, status=status)


def _preview(request: HttpRequest, unit: int, contents: Contents) -> Preview:
    """Against the rows as they are now."""
    rows = fetch_rows_of_rounds(_user(request), unit, contents.rounds)
    return Preview(rows, contents, {name: str(value) for name, value in request.POST.items()})


def _entered(found: UnitRows) -> UnitRows:
    """The same, for who enters for the unit; others get 404."""
    if not found.reach.may_in(Permission.ENTER, found.unit):
        raise Http404
    return found


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
