"""The plan's dashboard and the page of one KPI: read, never write."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports import queries
from reports.closing.queries import closings_of
from reports.dashboard import FILTERS, Dashboard
from reports.indicator_page import IndicatorPage
from reports.months import MonthError
from reports.queries import Choice
from strategy.access import reach_of


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where the plan stands as of a month: ?plan=CODE&year=2560&month=2560-03&show=failed."""
    if not reach_of(request.user).hospitals:
        return render(request, "reports/no_unit.html", status=404)
    choice = _choice(request)
    try:
        plan_card, as_of, plans = queries.dashboard(request.user, choice)
    except MonthError:
        raise Http404 from None
    show = request.GET.get("show", "")
    page = Dashboard(plan_card, as_of, show if show in FILTERS else "", plans)
    closings = closings_of(plan_card.plan, as_of.fiscal_year, as_of.number)
    context = {"page": page, "plan": plan_card.plan, "choice": choice, "closings": closings}
    return render(request, "reports/dashboard.html", context)


@login_required
@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """One KPI as of a month, and why it has its level: ?year=2560&month=2560-03."""
    page = _indicator_page(request, pk)
    return render(request, "reports/indicator.html", {"page": page, "indicator": page.facts.indicator})


@login_required
@require_safe
def indicator_why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a KPI has its level, as a row for the dashboard's table; without htmx the KPI's own page."""
    if not request.htmx:
        return redirect(f"{reverse('indicator', args=[pk])}?{request.GET.urlencode()}#why")
    page = _indicator_page(request, pk)
    return render(request, "reports/why_row.html", {"page": page, "indicator": page.facts.indicator})


def _choice(request: HttpRequest) -> Choice:
    return Choice(**{name: request.GET.get(name, "").strip() for name in ("plan", "year", "month")})


def _indicator_page(request: HttpRequest, pk: int) -> IndicatorPage:
    try:
        return IndicatorPage(queries.indicator_facts(request.user, pk, _choice(request)))
    except MonthError:
        raise Http404 from None
