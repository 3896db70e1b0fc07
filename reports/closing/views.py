"""A closed period on its page, as PDF and as Excel: read, never write."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.closing.page import ClosurePage
from reports.closing.pinned import pinned
from reports.closing.queries import fetch_closure, may_reopen, previous_of, revisions_of
from reports.closing.report import closing_report
from reports.form_views import MIME, file_response


@login_required
@require_safe
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """One frozen revision of a period."""
    page = _page(request, pk)
    context = {
        "page": page,
        "closure": page.closure,
        "revisions": revisions_of(page.closure),
        "files": {kind: reverse(f"closure_{kind}", args=[pk]) for kind in MIME},
        "may_reopen": may_reopen(request.user, page.closure),  # type: ignore[arg-type]
    }
    return render(request, "reports/closing/closure.html", context)


@login_required
@require_safe
def closure_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The official closing report of the revision as a file."""
    page = _page(request, pk)
    name = _("รายงานปิดงวด%(period)s ฉบับที่ %(number)d") % {"period": page.label, "number": page.closure.revision}
    response = file_response(closing_report(page), kind, name, "closing-report")
    if kind == "xlsx":
        response.content = pinned(response.content, page.closure.closed_at)
    return response


def _page(request: HttpRequest, pk: int) -> ClosurePage:
    found = fetch_closure(request.user, pk)  # type: ignore[arg-type]
    return ClosurePage(found, previous_of(found))
