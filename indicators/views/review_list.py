"""What came in, in the order of work, and decisions about many results of one grid at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators import rules
from indicators.filters import FILTERS, ResultFilter, RoundFilter, kept
from indicators.grids.actions import Report
from indicators.grids.decisions import approve_clean, by_reason, read_seen, return_picked
from indicators.grids.rows import Grid, fetch_grid
from indicators.pieces import GridKey
from indicators.reviews import queries
from indicators.reviews.lists import TABS, counts_of, counts_of_grid, hospitals_of, summary_of
from indicators.reviews.page import ReviewPage
from strategy.access import Permission
from strategy.models import User


@login_required
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What came in, went back, was approved, and what is missing."""
    reach = rules.require(request.user, Permission.REVIEW)  # type: ignore[arg-type]
    tab = next((tab for tab in TABS if tab.key == request.GET.get("tab")), TABS[0])
    results = ResultFilter(request.GET, queryset=queries.reviewed_results(reach))
    missing = RoundFilter(request.GET, queryset=queries.overdue_rounds(reach))
    filters = kept(request.GET, *FILTERS)
    tail = f"?{urlencode(filters)}" if filters else ""
    key = GridKey.read(filters.get("grid", ""))
    if key is None:  # the list of one grid has no filter form
        results.offer(queries.review_units(reach), queries.review_issues(reach))
    counts = (counts_of_grid if key else counts_of)(results.qs, missing.qs)
    found = ReviewPage(tab, results.qs, missing.qs, counts[tab.key], request.GET.get("page"), tail, key)
    context = {
        "tab": tab,
        "tabs": [(each, counts[each.key]) for each in TABS],
        "form": results.form,
        "is_filtered": bool(filters),
        "found": found,
        "page": found.page,
        "rows": found.rows,
        "summary": summary_of(counts),
        "hospitals": hospitals_of(reach),
        "grid": _grid_facts(key, found),
    }
    return render(request, "indicators/review_list.html", context)


def _grid_facts(key: GridKey | None, found: ReviewPage) -> dict[str, Any] | None:
    """The grid that the list is narrowed to: what it is called, as its first row has it."""
    if key is None or not found.rows:
        return None
    round_ = found.rows[0].round
    return {"key": key, "indicator": key.home_of(round_.indicator), "label": round_.label}


@login_required
@require_POST
def grid_approve(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """Approve everything of one grid that carries no warning."""
    grid = _fetch(request, pk, year, number)
    report = approve_clean(grid, by=_user(request), seen=read_seen(request.POST.get("seen", "")))
    _tell(request, grid, report, _("อนุมัติแล้ว %(count)s รายการ: %(code)s %(period)s"))
    return _back(request, pk, year, number)


@login_required
@require_POST
def grid_return(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """Send the chosen results of one grid back with one reason."""
    grid = _fetch(request, pk, year, number)
    reason = request.POST.get("reason", "").strip()
    picked = read_seen(" ".join(request.POST.getlist("picked")))
    if not picked or not reason:
        missing = _("กรุณาเลือกรายการที่จะส่งกลับ") if not picked else _("กรุณาระบุเหตุผล ผู้รับผิดชอบจะเห็นข้อความนี้")
        messages.error(request, _("ยังไม่ได้ส่งกลับรายการใด %(missing)s") % {"missing": missing})
        return _back(request, pk, year, number, reason=reason)
    report = return_picked(grid, by=_user(request), seen=picked, picked=picked.keys(), reason=reason)
    _tell(request, grid, report, _("ส่งกลับให้แก้ไขแล้ว %(count)s รายการ: %(code)s %(period)s"))
    return _back(request, pk, year, number)


def _fetch(request: HttpRequest, pk: int, year: int, number: int) -> Grid:
    """A grid of a plan that the person reviews; others get 404."""
    grid = fetch_grid(_user(request), pk, year, number)
    if not grid.reach.may(Permission.REVIEW, grid.indicator.plan.unit_id):
        raise Http404
    return grid


def _tell(request: HttpRequest, grid: Grid, report: Report, done: str) -> None:
    """What happened, what was left and why."""
    if report.done:
        facts = {"count": len(report.done), "code": grid.indicator.code, "period": grid.label}
        messages.success(request, done % facts)
    else:
        messages.warning(request, _("ยังไม่มีการตัดสินใดเกิดขึ้น"))
    for sentence in by_reason(report):
        messages.warning(request, sentence)


def _back(request: HttpRequest, pk: int, year: int, number: int, **more: str) -> HttpResponse:
    """To the list of what is left of the grid, with a reason that was typed."""
    query = {"grid": str(GridKey(pk, year, number)), **{name: text[:500] for name, text in more.items() if text}}
    return HttpResponseRedirect(f"{reverse('review_list')}?{urlencode(query)}")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
