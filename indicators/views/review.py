"""The strategy unit's pages: what came in, one result beside what came before, and the decisions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators import rules
from indicators.actions import assess_result, may_assess
from indicators.filters import FILTERS, ResultFilter, kept
from indicators.models import Result, ReviewEvent, Round
from indicators.reviews import queries
from indicators.reviews.forms import (
    AssessForm,
    DecisionForm,
    ReasonForm,
    ReopenForm,
    ReturnForm,
    assessment_initial,
)
from indicators.reviews.sheet import Queue, ReviewSheet
from indicators.rules import RoundAccess
from indicators.scorecards import plan_card
from indicators.workflow import NotAllowed, StaleResult, transition
from scoring.numbers import format_number
from strategy.periods import Frequency, period_of, thai_month

# One result


@login_required
@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One result with everything that a decision needs."""
    return _detail(request, _fetch(request, pk))


def _fetch(request: HttpRequest, pk: int) -> RoundAccess:
    return rules.fetch_review_round(request.user, pk, request.GET.get("unit"))


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
        "assess_form": form if isinstance(form, AssessForm) else _assess_form(sheet.result),
        "refused_form": form,
        "refusal": refusal,
        "typed": _typed_in_vain(form, access),
        "here": _place(request, access.round.pk, _unit_of(access)),
        "queue": _queue(request, access),
        "kept": _address_tail(request),
        "tail": _address_tail(request, _unit_of(access)),
    }
    return render(request, "indicators/review_detail.html", context, status=status)


def _typed_in_vain(form: ReasonForm | None, access: RoundAccess) -> str:
    """What was typed where its form is not there any more: it was decided meanwhile."""
    if form is None:
        return ""
    still = {ReturnForm: access.may_return, ReopenForm: access.may_reopen, AssessForm: may_assess(access)}
    return "" if still[type(form)] else str(form["reason"].value() or "")


def _assess_form(result: Result) -> AssessForm:
    return AssessForm(result=result, initial=assessment_initial(result))


def _queue(request: HttpRequest, access: RoundAccess) -> Queue:
    """What waits, in the list's filter that the address carries: the addresses of the pages."""
    waiting = queries.review_queue(queries.reviewed_results(access.reach))
    found = ResultFilter(request.GET, queryset=waiting).qs
    rows = found.values_list("round", "measured_unit__code", "round__indicator__plan__unit__code")
    places = tuple((pk, "" if unit == plans_own else unit) for pk, unit, plans_own in rows)
    return Queue(places, (access.round.pk, _unit_of(access)), lambda place: _place(request, *place))


def _place(request: HttpRequest, pk: int, unit: str) -> str:
    return reverse("review_detail", args=[pk]) + _address_tail(request, unit)


def _unit_of(access: RoundAccess) -> str:
    """The measured unit as an address names it; nothing for the plan's own."""
    return access.measured_unit.code if access.is_other_unit else ""


def _address_tail(request: HttpRequest, unit: str = "") -> str:
    """The filter as it goes on to the next page, after the measured unit: "?unit=10998&office=3", or nothing."""
    carried = ({"unit": unit} if unit else {}) | kept(request.GET, *FILTERS)
    return f"?{urlencode(carried)}" if carried else ""


# The decisions


@login_required
@require_POST
def review_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, say what it does to the plan's total, and go on to the next one."""
    access = _fetch(request, pk)
    queue = _queue(request, access)
    before = _official_percent(access.round)
    refused = _decide(request, access, ReviewEvent.Action.APPROVE, DecisionForm(request.POST))
    if refused is not None:
        return refused
    messages.success(request, _approved_sentence(access, before, _official_percent(access.round)))
    return _go_on(request, queue)


@login_required
@require_POST
def review_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back with a reason and go on to the next one."""
    access = _fetch(request, pk)
    queue = _queue(request, access)
    refused = _decide(request, access, ReviewEvent.Action.RETURN, ReturnForm(request.POST))
    if refused is not None:
        return refused
    facts = {**_names(access), "units": ", ".join(unit.label for unit in access.responsible)}
    messages.success(request, _("ส่งกลับตัวชี้วัด %(code)s (%(period)s) ให้ %(units)s แก้ไขแล้ว") % facts)
    return _go_on(request, queue)


@login_required
@require_POST
def review_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an approved result again, with a reason; the page stays."""
    access = _fetch(request, pk)
    refused = _decide(request, access, ReviewEvent.Action.REOPEN, ReopenForm(request.POST))
    if refused is not None:
        return refused
    messages.success(request, _("เปิดตัวชี้วัด %(code)s (%(period)s) ให้แก้ไขใหม่แล้ว") % _names(access))
    return HttpResponseRedirect(_place(request, pk, _unit_of(access)))


@login_required
@require_POST
def review_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a level of the reviewer's own beside the computed one, or take it back; the page stays."""
    access = _fetch(request, pk)
    result = access.result
    assert result is not None  # noqa: S101 - a round that may be reviewed has one
    form = AssessForm(request.POST, result=result)
    if not form.is_valid():
        return _detail(request, access, form=form, status=422)
    try:
        assess_result(access=access, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except StaleResult as stale:
        fresh = _fetch(request, pk)
        return _detail(request, fresh, form=_renewed(form, fresh), refusal=_stale_sentence(stale, fresh), status=409)
    except NotAllowed as refused:
        return _detail(request, access, form=form, refusal=str(refused), status=403)
    messages.success(request, _assessed_sentence(access, form))
    return HttpResponseRedirect(_place(request, pk, _unit_of(access)))


def _assessed_sentence(access: RoundAccess, form: AssessForm) -> str:
    if form.cleaned_data["level"] is None and form.cleaned_data["passed"] is None:
        return _("ยกเลิกการประเมินตัวชี้วัด %(code)s (%(period)s) แล้ว") % _names(access)
    return _("บันทึกการประเมินตัวชี้วัด %(code)s (%(period)s) แล้ว") % _names(access)


def _decide(request: HttpRequest, access: RoundAccess, action: str, form: DecisionForm) -> HttpResponse | None:
    """Make the transition; the page again with what was typed where it is refused."""
    shown = form if isinstance(form, ReasonForm) else None
    if not form.is_valid():
        nothing = _("ยังไม่มีการตัดสินใดเกิดขึ้น") if "lock" in form.errors else ""
        return _detail(request, access, form=shown, refusal=nothing, status=422)
    data = form.cleaned_data
    try:
        transition(access=access, action=action, by=request.user, lock=data["lock"], reason=data.get("reason", ""))  # type: ignore[arg-type]
    except StaleResult as stale:
        fresh = _fetch(request, access.round.pk)
        if _is_own_repeat(fresh.result, action, request.user.pk, data):
            return None
        return _detail(request, fresh, form=_renewed(shown, fresh), refusal=_stale_sentence(stale, fresh), status=409)
    except NotAllowed as refused:
        return _detail(request, access, form=shown, refusal=str(refused), status=403)
    return None


def _is_own_repeat(result: Result | None, action: str, by: int | None, data: dict[str, Any]) -> bool:
    """A second click, or a bad line: exactly this was decided by the same person, from the same page."""
    if result is None or result.lock != data["lock"] + 1:
        return False
    last = result.events.exclude(action=ReviewEvent.Action.EVIDENCE).order_by("-pk").first()
    made = (action, by, data.get("reason", "").strip())
    return last is not None and (last.action, last.actor_id, last.reason) == made


def _renewed(form: ReasonForm | None, access: RoundAccess) -> ReasonForm | None:
    """The same form with the reason that was typed and the save count of what is shown now."""
    if form is None or access.result is None:
        return None
    typed = {**form.cleaned_data, "lock": access.result.lock}
    if isinstance(form, AssessForm):
        typed["passed"] = form.data.get("passed", "")
        return AssessForm(result=access.result, initial=typed)
    return type(form)(initial=typed)


def _stale_sentence(stale: StaleResult, fresh: RoundAccess) -> str:
    facts = {"what": str(stale), "status": fresh.result.get_status_display() if fresh.result else ""}
    return _("%(what)s ยังไม่มีการตัดสินใดเกิดขึ้น ด้านล่างคือข้อมูลล่าสุด สถานะ “%(status)s” กรุณาตรวจอีกครั้ง") % facts


def _go_on(request: HttpRequest, queue: Queue) -> HttpResponse:
    return HttpResponseRedirect(queue.after_decision or reverse("review_list") + _address_tail(request))


# What an approval does to the plan


def _as_of(round_: Round) -> date:
    return period_of(round_.end, Frequency.MONTHLY).end


def _official_percent(round_: Round) -> Decimal | None:
    totals = plan_card(round_.indicator.plan, round_.fiscal_year, _as_of(round_)).totals
    return totals.percent_of(totals.official)


def _names(access: RoundAccess) -> dict[str, str]:
    unit = f" {access.measured_unit.label}" if access.is_other_unit else ""
    return {"code": f"{access.round.indicator.code}{unit}", "period": access.round.label}


def _approved_sentence(access: RoundAccess, before: Decimal | None, after: Decimal | None) -> str:
    """What changed in the official total of DESIGN.md section 5, as of the month of the round."""
    facts = {**_names(access), "month": thai_month(_as_of(access.round), short=True)}
    facts |= {"before": _percent(before), "after": _percent(after)}
    if access.status == Result.Status.APPROVED:  # by the first of two presses, whose effect is over
        return _("อนุมัติตัวชี้วัด %(code)s (%(period)s) แล้ว") % facts
    if before is None and after is None:
        return _("อนุมัติตัวชี้วัด %(code)s (%(period)s) แล้ว แผนยังไม่มีคะแนนรวมทางการ") % facts
    if before == after:
        return _("อนุมัติตัวชี้วัด %(code)s (%(period)s) แล้ว คะแนนรวมทางการของแผน ณ %(month)s ยังเป็น %(after)s") % facts
    return _("อนุมัติตัวชี้วัด %(code)s (%(period)s) แล้ว คะแนนรวมทางการของแผน ณ %(month)s: %(before)s → %(after)s") % facts


def _percent(value: Decimal | None) -> str:
    return _("ยังไม่มี") if value is None else f"{format_number(value, 2)}%"
