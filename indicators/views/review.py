"""The strategy unit's pages: what came in, one result beside what came before, and the decisions."""

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators import review_queries as queries
from indicators import rules
from indicators.filters import ResultFilter, RoundFilter, kept
from indicators.models import ReviewEvent, Round
from indicators.review_forms import DecisionForm, ReasonForm, ReopenForm, ReturnForm
from indicators.review_list import TABS, MissingRow, ResultRow, counts_of, hospitals_of, page_of, summary_of
from indicators.reviewing import Queue, ReviewSheet
from indicators.rules import RoundAccess
from indicators.scorecards import plan_card
from indicators.workflow import NotAllowed, StaleResult, transition
from scoring.numbers import format_number
from strategy.access import Permission
from strategy.periods import Frequency, period_of, thai_month

FILTERS = ("unit", "issue", "q")


# The list


@login_required
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What came in, went back, was approved, and what is missing."""
    reach = rules.require(request.user, Permission.REVIEW)
    tab = next((tab for tab in TABS if tab.key == request.GET.get("tab")), TABS[0])
    results = ResultFilter(request.GET, queryset=queries.reviewed_results(reach))
    missing = RoundFilter(request.GET, queryset=queries.overdue_rounds(reach))
    results.offer(queries.review_units(reach), queries.review_issues(reach))
    counts = counts_of(results.qs, missing.qs)
    page = page_of(tab, results.qs, missing.qs, counts[tab.key], request.GET.get("page"))
    context = {
        "tab": tab,
        "tabs": [(each, counts[each.key]) for each in TABS],
        "form": results.form,
        "is_filtered": bool(kept(request.GET, *FILTERS)),
        "page": page,
        "rows": [MissingRow(row) if tab.key == "missing" else ResultRow(row) for row in page],
        "summary": summary_of(counts),
        "kept": _address_tail(request),
        "hospitals": hospitals_of(reach),
    }
    return render(request, "indicators/review_list.html", context)


# One result


@login_required
@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One result with everything that a decision needs."""
    return _detail(request, rules.fetch_review_round(request.user, pk))


def _detail(
    request: HttpRequest, access: RoundAccess, *, form: ReasonForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    sheet = ReviewSheet(access)
    lock = {"lock": sheet.result.lock}
    context = {
        "sheet": sheet,
        "access": access,
        "approve_form": DecisionForm(initial=lock, auto_id="approve_%s"),
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(initial=lock),
        "reopen_form": form if isinstance(form, ReopenForm) else ReopenForm(initial=lock),
        "refused_form": form,
        "refusal": refusal,
        "queue": _queue(request, access),
        "kept": _address_tail(request),
    }
    return render(request, "indicators/review_detail.html", context, status=status)


def _queue(request: HttpRequest, access: RoundAccess) -> Queue:
    """What waits, in the list's filter that the address carries."""
    waiting = queries.review_queue(queries.reviewed_results(access.reach))
    found = ResultFilter(request.GET, queryset=waiting).qs
    return Queue(tuple(found.values_list("round", flat=True)), access.round.pk)


def _address_tail(request: HttpRequest) -> str:
    """The filter as it goes on to the next page: "?unit=3", or nothing."""
    carried = kept(request.GET, *FILTERS)
    return f"?{urlencode(carried)}" if carried else ""


# The decisions


@login_required
@require_POST
def review_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, say what it does to the plan's total, and go on to the next one."""
    access = rules.fetch_review_round(request.user, pk)
    queue = _queue(request, access)
    before = _official_percent(access.round)
    refused = _decide(request, access, ReviewEvent.Action.APPROVE, DecisionForm(request.POST))
    if refused is not None:
        return refused
    messages.success(request, _approved_sentence(access.round, before, _official_percent(access.round)))
    return _go_on(request, queue)


@login_required
@require_POST
def review_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back with a reason and go on to the next one."""
    access = rules.fetch_review_round(request.user, pk)
    queue = _queue(request, access)
    refused = _decide(request, access, ReviewEvent.Action.RETURN, ReturnForm(request.POST))
    if refused is not None:
        return refused
    facts = {**_names(access.round), "units": ", ".join(unit.label for unit in access.responsible)}
    messages.success(request, _("ส่งกลับตัวชี้วัด %(code)s (%(period)s) ให้ %(units)s แก้ไขแล้ว") % facts)
    return _go_on(request, queue)


@login_required
@require_POST
def review_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an approved result again, with a reason; the page stays."""
    access = rules.fetch_review_round(request.user, pk)
    refused = _decide(request, access, ReviewEvent.Action.REOPEN, ReopenForm(request.POST))
    if refused is not None:
        return refused
    messages.success(request, _("เปิดตัวชี้วัด %(code)s (%(period)s) ให้แก้ไขใหม่แล้ว") % _names(access.round))
    return HttpResponseRedirect(reverse("review_detail", args=[pk]) + _address_tail(request))


def _decide(request: HttpRequest, access: RoundAccess, action: str, form: DecisionForm) -> HttpResponse | None:
    """Make the transition; the page again with what was typed where it is refused."""
    shown = form if isinstance(form, ReasonForm) else None
    if not form.is_valid():
        return _detail(request, access, form=shown, status=422)
    data = form.cleaned_data
    try:
        transition(access=access, action=action, by=request.user, lock=data["lock"], reason=data.get("reason", ""))  # type: ignore[arg-type]
    except StaleResult as stale:
        fresh = rules.fetch_review_round(request.user, access.round.pk)
        return _detail(request, fresh, form=_renewed(shown, fresh), refusal=_stale_sentence(stale, fresh), status=409)
    except NotAllowed as refused:
        return _detail(request, access, form=shown, refusal=str(refused), status=403)
    return None


def _renewed(form: ReasonForm | None, access: RoundAccess) -> ReasonForm | None:
    """The same form with the reason that was typed and the save count of what is shown now."""
    if form is None or access.result is None:
        return None
    return type(form)(initial={"reason": form.cleaned_data["reason"], "lock": access.result.lock})


def _stale_sentence(stale: StaleResult, fresh: RoundAccess) -> str:
    facts = {"what": str(stale), "status": fresh.result.get_status_display() if fresh.result else ""}
    return _("%(what)s ยังไม่มีการตัดสินใดเกิดขึ้น ด้านล่างคือข้อมูลล่าสุด สถานะ “%(status)s” กรุณาตรวจอีกครั้ง") % facts


def _go_on(request: HttpRequest, queue: Queue) -> HttpResponse:
    following, tail = queue.after_decision, _address_tail(request)
    if following is None:
        return HttpResponseRedirect(reverse("review_list") + tail)
    return HttpResponseRedirect(reverse("review_detail", args=[following]) + tail)


# What an approval does to the plan


def _as_of(round_: Round) -> date:
    return period_of(round_.end, Frequency.MONTHLY).end


def _official_percent(round_: Round) -> Decimal | None:
    totals = plan_card(round_.indicator.plan, round_.fiscal_year, _as_of(round_)).totals
    return totals.percent_of(totals.official)


def _names(round_: Round) -> dict[str, str]:
    return {"code": round_.indicator.code, "period": round_.label}


def _approved_sentence(round_: Round, before: Decimal | None, after: Decimal | None) -> str:
    """What changed in the official total of DESIGN.md section 5, as of the month of the round."""
    facts = {**_names(round_), "month": thai_month(_as_of(round_), short=True)}
    facts |= {"before": _percent(before), "after": _percent(after)}
    if before == after:
        return _("อนุมัติตัวชี้วัด %(code)s (%(period)s) แล้ว คะแนนรวมทางการของแผน ณ %(month)s ยังเป็น %(after)s") % facts
    return _("อนุมัติตัวชี้วัด %(code)s (%(period)s) แล้ว คะแนนรวมทางการของแผน ณ %(month)s: %(before)s → %(after)s") % facts


def _percent(value: Decimal | None) -> str:
    return _("ยังไม่มี") if value is None else f"{format_number(value, 2)}%"
