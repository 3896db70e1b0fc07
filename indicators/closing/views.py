"""Closing periods: the list of months, one period with what is missing of it, closing it and opening it again."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.closing.actions import NotWaived, close_period, refusal_to_close, refusal_to_reopen, reopen_period
from indicators.closing.forms import CloseForm, ReopenForm
from indicators.closing.missing import MissingGroup, Owed, grouped, owed_of
from indicators.closing.page import lacking, month_row, plan_years, years_of
from indicators.closing.period import ClosingPeriod, current_year
from indicators.closing.queries import earlier_reasons, fetch_period, fetch_reviewed_plans
from indicators.refusals import NotAllowed
from scoring.numbers import from_thai_digits


@login_required
@require_safe
def closing(request: HttpRequest) -> HttpResponse:
    """The months of a year, plan by plan: ?year=2560."""
    plans = fetch_reviewed_plans(request.user)  # type: ignore[arg-type]
    years = years_of(plans)
    year = _year(request.GET.get("year", ""), years)
    context = {"year": year, "years": years, "plans": plan_years(plans, year), "has_plans": bool(plans)}
    return render(request, "indicators/closing/list.html", context)


def _year(text: str, years: list[int]) -> int:
    """The year that was asked for, else the current one, else the nearest that a plan covers; 404 for another."""
    if not text:
        return min(years, key=lambda year: abs(year - current_year()), default=current_year())
    plain = from_thai_digits(text)
    if not (plain.isascii() and plain.isdigit() and int(plain[:5]) in years):
        raise Http404
    return int(plain)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closing_period(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """What is missing of a period and what closing it freezes; sent, it is closed."""
    period = fetch_period(request.user, pk, year, number)  # type: ignore[arg-type]
    return _close(request, period) if request.method == "POST" else _page(request, period)


def _close(request: HttpRequest, period: ClosingPeriod) -> HttpResponse:
    form = CloseForm(request.POST, groups=_groups(_owed(period)))
    if not form.is_valid():
        return _page(request, period, form=form, status=422)
    data = form.cleaned_data
    try:
        closure = close_period(period=period, by=request.user, waivers=form.waivers(), note=data["note"])  # type: ignore[arg-type]
    except NotWaived:
        again = CloseForm(request.POST, groups=_groups(_owed(period)))
        refusal = _("ยังไม่ได้ปิดงวด มีรายการที่เปลี่ยนไปหลังจากที่เปิดหน้านี้ (ทำเครื่องหมาย “ใหม่” ไว้) กรุณาตรวจแล้วกดปิดงวดอีกครั้ง")
        again.is_valid()
        return _page(request, period, form=again, refusal=refusal, status=409)
    except NotAllowed as refused:
        return _page(request, period, form=form, refusal=str(refused), status=409)
    facts = {"period": period.label, "revision": closure.revision}
    messages.success(request, _("ปิดงวด%(period)s แล้ว เป็นฉบับที่ %(revision)d ตัวเลขด้านล่างจะไม่เปลี่ยนอีก") % facts)
    return redirect("closure", pk=closure.pk)


def _owed(period: ClosingPeriod) -> list[Owed]:
    return owed_of([period.plan], period.fiscal_year, period.until)


def _groups(owed: Iterable[Owed]) -> list[MissingGroup]:
    return grouped(item for item in owed if not item.is_there)


@login_required
@require_POST
def closing_reopen(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """Open a closed period again, with a reason."""
    period = fetch_period(request.user, pk, year, number)  # type: ignore[arg-type]
    closure = month_row(period, ()).closure
    if closure is None:
        return _page(request, period, refusal=_("งวดนี้ไม่ได้ปิดอยู่ จึงไม่ต้องเปิดใหม่"), status=409)
    form = ReopenForm(request.POST, revision=closure.revision)
    if not form.is_valid():
        return _page(request, period, reopen=form, status=422)
    if form.is_of_another:
        sentence = _("งวดนี้ถูกเปิดใหม่และปิดอีกครั้งหลังจากที่เปิดหน้านี้ ตอนนี้เป็นฉบับที่ %(revision)d ดูฉบับนั้นแล้วกดอีกครั้งถ้ายังต้องการ")
        return _page(request, period, reopen=form, refusal=sentence % {"revision": closure.revision}, status=409)
    try:
        reopen_period(closure=closure, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
    except NotAllowed as refused:
        return _page(request, period, reopen=form, refusal=str(refused), status=409)
    facts = {"period": period.label, "revision": closure.revision}
    messages.success(request, _("เปิดงวด%(period)s ให้แก้ไขแล้ว ฉบับที่ %(revision)d ยังเปิดดูและพิมพ์ได้") % facts)
    return HttpResponseRedirect(reverse("closing_period", args=[pk, year, number]))


def _page(
    request: HttpRequest,
    period: ClosingPeriod,
    *,
    form: CloseForm | None = None,
    reopen: ReopenForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    owed = _owed(period)
    row = month_row(period, owed)
    context = {"period": period, "row": row, "refusal": refusal, "lacking": lacking(row.owed, row.there)}
    if row.closure is not None:
        context["reopen"] = reopen or ReopenForm(revision=row.closure.revision)
        context["no_reopening"] = refusal_to_reopen(row.closure, request.user)  # type: ignore[arg-type]
    elif row.can_close:
        context["form"] = form or CloseForm(groups=_groups(owed), earlier=earlier_reasons(period))
    else:
        context["no_closing"] = refusal_to_close(period, request.user, is_empty=not owed)  # type: ignore[arg-type]
    return render(request, "indicators/closing/period.html", context, status=status)
