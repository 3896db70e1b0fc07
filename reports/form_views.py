"""The official result form as page, PDF and Excel, all from one Document."""

from datetime import date
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.rules import fetch_indicator, fetch_round, with_visible_drafts
from indicators.scorecards import AUTHORS, Scorecard, build_cards
from reports.documents.model import Document
from reports.documents.result_form import result_form
from reports.queries import owners_within
from reports.render import to_html, to_pdf, to_xlsx
from reports.result_forms import indicator_form, round_form
from strategy.periods import Frequency, periods_of, thai_month

MIME = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@login_required
@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one KPI and period, to read and print."""
    access = fetch_round(request.user, pk, request.GET.get("unit"))
    document = result_form(round_form(access))
    files = {kind: reverse(f"result_form_{kind}", args=[pk]) + access.query for kind in MIME}
    context = {"body": to_html(document), "access": access, "indicator": access.round.indicator, "files": files}
    return render(request, "reports/result_form.html", context)


@login_required
@require_safe
def round_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same as a PDF or an Excel file."""
    access = fetch_round(request.user, pk, request.GET.get("unit"))
    return _file(result_form(round_form(access)), kind, access.round.indicator.code, access.round.label)


@login_required
@require_safe
def indicator_page(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """The form of a KPI that is made of others, as of a month; a simple KPI goes to its latest round's form."""
    card, document = _indicator_document(request, pk, year, number)
    if document is None:
        if not card.in_scope:
            raise Http404
        return redirect("result_form", pk=card.in_scope[-1].round.pk)
    files = {kind: reverse(f"indicator_form_{kind}", args=[pk, year, number]) for kind in MIME}
    context = {"body": to_html(document), "indicator": card.indicator, "files": files}
    return render(request, "reports/result_form.html", context)


@login_required
@require_safe
def indicator_file(request: HttpRequest, pk: int, year: int, number: int, kind: str) -> HttpResponse:
    """The same as a PDF or an Excel file."""
    card, document = _indicator_document(request, pk, year, number)
    if document is None:
        if not card.in_scope:
            raise Http404
        return redirect(f"result_form_{kind}", pk=card.in_scope[-1].round.pk)
    return _file(document, kind, card.indicator.code, thai_month(card.until))


def _indicator_document(request: HttpRequest, pk: int, year: int, number: int) -> tuple[Scorecard, Document | None]:
    indicator = fetch_indicator(request.user, pk)
    cards = build_cards(indicator.plan, year, _month_end(year, number), indicator, people=AUTHORS)
    if not cards:
        raise Http404
    card = cards[0]
    if not card.children:
        return card, None
    plan = indicator.plan
    owners = owners_within(plan, card)
    visible = with_visible_drafts(request.user, plan, owners, (one.indicator.pk for one in card.walk()))
    return card, result_form(indicator_form(plan, card, owners, visible=visible))


def _month_end(year: int, number: int) -> date:
    """The last day of the fiscal year's month of that number (1 is October)."""
    if not 2400 <= year <= 2700 or not 1 <= number <= 12:
        raise Http404
    return periods_of(year, Frequency.MONTHLY)[number - 1].end


def _file(document: Document, kind: str, code: str, period: str) -> HttpResponse:
    name = _("แบบรายงานผลตัวชี้วัด %(code)s (%(period)s)") % {"code": code, "period": period}
    return file_response(document, kind, name, "result-form")


def file_response(document: Document, kind: str, name: str, plain_name: str) -> HttpResponse:
    """A document as a file to keep; `plain_name` is its name where a browser cannot read Thai."""
    content = to_pdf(document) if kind == "pdf" else to_xlsx(document)
    response = HttpResponse(content, content_type=MIME[kind])
    # A name in Thai for today's browsers, one in ASCII for the rest.
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain_name}.{kind}\"; filename*=UTF-8''{quote(name, safe='')}.{kind}"
    )
    response["Cache-Control"] = "private, no-store"
    return response
