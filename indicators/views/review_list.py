"""What came in, in the order of work, and decisions about many results at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators import rules
from indicators.closing.gaps import SOME_DUE, ground_of
from indicators.filters import FILTERS, ResultFilter, RoundFilter, kept
from indicators.pieces import GridKey
from indicators.reviews import queries
from indicators.reviews.bulk import Report, approve_chosen, approve_clean, return_all, told
from indicators.reviews.forms import BulkForm
from indicators.reviews.lists import TABS, counts_of, counts_of_grid, hospitals_of, narrowings_of
from indicators.reviews.page import ReviewPage
from indicators.reviews.summary import summary_of, summary_of_filter
from strategy.access import Permission, Reach
from strategy.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_list(request: HttpRequest) -> HttpResponse:
    """What came in, went back, was approved, and what is missing; posted, a decision about many of them."""
    reach = rules.require(_user(request), Permission.REVIEW)
    return _decide(request, reach) if request.method == "POST" else _list(request, reach)


def _list(request: HttpRequest, reach: Reach, bulk: BulkForm | None = None, status: int = 200) -> HttpResponse:
    """The list as its address has it; with `bulk`, a decision that was refused, and what was typed and ticked."""
    tab = next((tab for tab in TABS if tab.key == request.GET.get("tab")), TABS[0])
    results = ResultFilter(request.GET, queryset=queries.reviewed_results(reach))
    missing = RoundFilter(request.GET, queryset=queries.overdue_rounds(reach))
    filters = kept(request.GET, *FILTERS)
    tail = f"?{urlencode(filters)}" if filters else ""
    key = GridKey.read(filters.get("grid", ""))
    if key is None:  # the list of one grid has no filter form
        results.offer(queries.review_units(reach), queries.review_issues(reach))
    counts = (counts_of_grid if key else counts_of)(results.qs, missing.qs, tab)
    # Asked only where nothing is missing: else there is no sentence that it could make untrue.
    ground = SOME_DUE if filters or counts["missing"] else ground_of(queries.reviewed_plans(reach))
    picked = bulk.picked if bulk else {}
    number = request.GET.get("page")
    found = ReviewPage(tab, results.qs, missing.qs, counts[tab.key], number, tail, reach.user.pk, key, picked)
    context = {
        "tab": tab,
        "tabs": [(each, counts[each.key]) for each in TABS],
        "filter": results,
        "form": results.form,
        "is_filtered": bool(filters),
        "narrowings": narrowings_of(counts, filters, tab),
        "found": found,
        "page": found.page,
        "rows": found.rows,
        "summary": summary_of_filter(counts) if filters else summary_of(counts, ground),
        "gaps": ground.gaps,
        "empty": tab.empty if tab.statuses else ground.rounds,
        "hospitals": hospitals_of(reach),
        "grid": _grid_facts(key, found),
        "bulk": bulk or BulkForm(),
        "here": reverse("review_list") + _place(request),
    }
    return render(request, "indicators/review_list.html", context, status=status)


def _grid_facts(key: GridKey | None, found: ReviewPage) -> dict[str, Any] | None:
    """The grid that the list is narrowed to: what it is called, as its first row has it."""
    if key is None or not found.rows:
        return None
    round_ = found.rows[0].round
    return {"key": key, "indicator": key.home_of(round_.indicator), "label": round_.label}


def _place(request: HttpRequest) -> str:
    """Filter and page of the list as the tail of an address."""
    here = kept(request.GET, *FILTERS, "page")
    return f"?{urlencode(here)}" if here else ""


def _decide(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Approve what carries no warning, or send the ticked results back with one reason; then the list again."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _list(request, reach, form, status=422)
    for kind, sentence in _decided(reach.user, form):
        messages.add_message(request, messages.SUCCESS if kind == "success" else messages.WARNING, sentence)
    return HttpResponseRedirect(reverse("review_list") + _place(request))


def _decided(user: User, form: BulkForm) -> list[tuple[str, str]]:
    report: Report
    if form.cleaned_data["action"] == BulkForm.RETURN:
        report = return_all(by=user, seen=form.chosen, reason=form.cleaned_data["reason"])
        return told(report, _("ส่งกลับให้แก้ไขแล้ว %(count)s รายการ: %(codes)s"))
    approve = approve_clean if form.cleaned_data["action"] == BulkForm.CLEAN else approve_chosen
    report = approve(by=user, seen=form.chosen)
    return told(report, _("อนุมัติแล้ว %(count)s รายการ: %(codes)s"))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
