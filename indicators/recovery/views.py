"""Recovery measures: adding one to a result, the list of those that a person follows, and one with its follow-ups."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators import rules
from indicators.filters import kept
from indicators.models import RecoveryStep
from indicators.naming import title_of
from indicators.places import own_page
from indicators.recovery import actions, queries
from indicators.recovery.filters import FILTERS, MeasureFilter
from indicators.recovery.forms import MeasureForm, StepForm
from indicators.recovery.lists import page_of, summary_of, tabs
from indicators.recovery.page import fails, measures_of
from indicators.recovery.rules import MeasureAccess, fetch_measure
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess
from strategy.access import Permission
from strategy.models import User


@login_required
@require_safe
def recovery_list(request: HttpRequest) -> HttpResponse:
    """What is to be done in the person's own units, or in the whole plan."""
    reach = rules.require(_user(request), Permission.SEE_OWN)
    in_sight = queries.measures_in_sight(reach)
    found = MeasureFilter(request.GET, queryset=in_sight)
    found.offer(queries.offices_of(in_sight), queries.issues_of(in_sight))
    filters = kept(request.GET, *FILTERS)
    shown = tabs()
    tab = next((each for each in shown if each.key == request.GET.get("tab")), shown[0])
    counts = queries.counts_of(found.qs)
    context = {
        "tab": tab,
        "tabs": [(each, counts[each.key]) for each in shown],
        "form": found.form,
        "is_filtered": bool(filters),
        "page": page_of(found.qs, tab, request.GET.get("page"), counts[tab.key]),
        "summary": summary_of(counts),
        "whole_plan": reach.may_anywhere(Permission.READ_ALL),
    }
    return render(request, "indicators/recovery/list.html", context)


# A new one


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_add(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done about a result, by whom and by when."""
    access = rules.fetch_round(_user(request), pk, request.GET.get("unit"))
    if not access.may_see_draft:
        raise Http404
    if request.method != "POST":
        return _add_page(request, access, MeasureForm())
    form = MeasureForm(request.POST)
    if not form.is_valid():
        return _add_page(request, access, form, status=403 if actions.why_not(access) else 422)
    try:
        measure = actions.add_measure(access=access, by=_user(request), **form.cleaned_data)
    except NotAllowed as refused:
        return _add_page(request, access, form, refusal=str(refused), status=403)
    messages.success(request, _("เพิ่มมาตรการแก้ไขแล้ว ผู้ตรวจสอบจะเห็นคู่กับผลงาน"))
    return redirect("recovery", measure.pk)


def _add_page(
    request: HttpRequest, access: RoundAccess, form: MeasureForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "access": access,
        "title": title_of(access.round.indicator),
        "form": form,
        "measures": measures_of(access),
        "fails": fails(access.result),
        "why_not": actions.why_not(access),
        "refusal": refusal,
        "back": own_page(access),
    }
    return render(request, "indicators/recovery/add.html", context, status=status)


# One and its follow-ups


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """A measure with everything that was done about it, and what can be done next."""
    seen = fetch_measure(_user(request), pk)
    if request.method != "POST":
        return _page(request, seen, _blank(seen))
    form = StepForm(request.POST, seen=seen)
    if not seen.may_follow_up:
        return _page(request, seen, form, refusal=_("ท่านดูมาตรการนี้ได้ แต่ติดตามไม่ได้"), status=403)
    if not form.is_valid():
        return _page(request, seen, _renewed(form, seen), status=422)
    try:
        actions.follow_up(seen=seen, by=_user(request), **form.cleaned_data)
    except actions.StaleMeasure as stale:
        fresh = fetch_measure(_user(request), pk)
        return _page(request, fresh, _renewed(form, fresh), refusal=str(stale), status=409)
    except NotAllowed as refused:
        return _page(request, seen, form, refusal=str(refused), status=403)
    messages.success(request, _("บันทึกการติดตามแล้ว"))
    return redirect("recovery", pk)


def _blank(seen: MeasureAccess) -> StepForm:
    return StepForm(seen=seen, initial={"lock": seen.measure.lock, "step": "progress"})


def _renewed(form: StepForm, seen: MeasureAccess) -> StepForm:
    """What was typed, on top of the measure as it is shown now."""
    data = form.data.copy()
    data["lock"] = str(seen.measure.lock)
    return StepForm(data, seen=seen)


def _page(
    request: HttpRequest, seen: MeasureAccess, form: StepForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    measure, access = seen.measure, seen.access
    context = {
        "seen": seen,
        "measure": measure,
        "access": access,
        "title": title_of(access.round.indicator),
        "state": queries.badge_of(measure.status, measure.by_when),
        "steps": RecoveryStep.objects.filter(measure=measure).select_related("by").order_by("pk"),
        "form": form,
        "refusal": refusal,
        "place": own_page(access),
        "entry_url": reverse("entry", args=[access.round.pk]) + access.query,
        "list_url": reverse("recovery_list"),
    }
    return render(request, "indicators/recovery/detail.html", context, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
