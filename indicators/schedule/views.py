"""The strategy unit's pages about the calendar: more time for one unit, indicators cancelled in mid-year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators.refusals import NotAllowed
from indicators.schedule.actions import cancel_indicator, extend_round, lift_cancellation
from indicators.schedule.forms import CancelForm, ExtensionForm, LiftForm
from indicators.schedule.page import CancelPage, ExtensionPage, extension_page, fetch_cancelled, fetch_office_round
from strategy.periods import thai_date


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def round_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant one unit more time for one round, beside what was granted before."""
    access = fetch_office_round(request.user, pk, request.GET.get("unit"))  # type: ignore[arg-type]
    page = extension_page(access)
    if request.method != "POST":
        return _extension(request, page, ExtensionForm(access=access, latest=page.latest))
    form = ExtensionForm(request.POST, access=access, latest=page.latest)
    if page.obstacle:
        return _extension(request, page, form, refusal=page.obstacle, status=403)
    if not form.is_valid():
        return _extension(request, page, form, status=422)
    try:
        extend_round(access=access, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except NotAllowed as refused:
        return _extension(request, page, _shown_again(form, page), refusal=str(refused), status=409)
    facts = {"until": thai_date(form.cleaned_data["until"]), "code": access.round.indicator.code, "units": page.units}
    messages.success(request, _("ขยายเวลาส่ง %(code)s ให้ %(units)s ถึง %(until)s แล้ว") % facts)
    return redirect(reverse("round_extend", args=[pk]) + access.query)


def _extension(
    request: HttpRequest, page: ExtensionPage, form: ExtensionForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"page": page, "access": page.access, "form": form, "refusal": refusal}
    return render(request, "indicators/schedule/extend.html", context, status=status)


def _shown_again(form: ExtensionForm, page: ExtensionPage) -> ExtensionForm:
    """What was typed, beside what is there now: sent once more it is meant."""
    typed = form.data.copy()
    typed["seen"] = str(page.latest.pk if page.latest else 0)
    return ExtensionForm(typed, access=form.access, latest=page.latest)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an indicator out of the year from a day on; what that does stands beside.

    A day that takes out other rounds than those shown is shown first, and cancelled when it is sent once more.
    """
    page = _fetch(request, pk)
    if request.method != "POST":
        return _cancel(request, page)
    form = CancelForm(request.POST, indicator=page.indicator, year=page.year)
    if not form.is_valid():
        return _cancel(request, page.starting(form.shown), form=form, status=422)
    day, reason = form.cleaned_data["day"], form.cleaned_data["reason"]
    there = page.starting(day)
    if there.is_another_than(page.starting(form.shown)):
        return _cancel(request, there, form=form.counting(day), is_preview=True)
    try:
        cancel_indicator(indicator=page.indicator, fiscal_year=page.year, day=day, reason=reason, by=request.user)  # type: ignore[arg-type]
    except NotAllowed as refused:
        return _cancel(request, _fetch(request, pk), form=form, refusal=str(refused), status=409)
    facts = {"code": page.indicator.code, "day": thai_date(day)}
    messages.success(request, _("ยกเลิกตัวชี้วัด %(code)s ตั้งแต่ %(day)s แล้ว") % facts)
    return redirect(_address(page))


@login_required
@require_POST
def indicator_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a cancelled indicator back into the year."""
    page = _fetch(request, pk)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return _cancel(request, page, lift=form, status=422)
    cancellation = next((row for row in page.history if row.pk == form.cleaned_data["cancellation"]), None)
    if cancellation is None:
        raise Http404
    try:
        lift_cancellation(cancellation=cancellation, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
    except NotAllowed as refused:
        return _cancel(request, page, lift=form, refusal=str(refused), status=409)
    messages.success(request, _("นำตัวชี้วัด %(code)s กลับมาแล้ว") % {"code": page.indicator.code})
    return redirect(_address(page))


def _fetch(request: HttpRequest, pk: int) -> CancelPage:
    return fetch_cancelled(request.user, pk, request.GET.get("year"))  # type: ignore[arg-type]


def _address(page: CancelPage) -> str:
    return f"{reverse('indicator_cancel', args=[page.indicator.pk])}?year={page.year}"


def _cancel(
    request: HttpRequest,
    page: CancelPage,
    *,
    form: CancelForm | None = None,
    lift: LiftForm | None = None,
    refusal: str = "",
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "indicator": page.indicator,
        "is_preview": is_preview,
        "form": form or CancelForm(indicator=page.indicator, year=page.year),
        "lift": lift or LiftForm(in_force=page.in_force),
        "refusal": refusal,
        "here": _address(page),
    }
    return render(request, "indicators/schedule/cancel.html", context, status=status)
