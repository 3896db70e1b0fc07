"""The lint page: what is wrong with a plan's templates, one finding with what its correction changes, decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.filters import kept
from indicators.lint import actions as lint_actions
from indicators.lint import page
from indicators.lint.actions import DecisionRefused
from indicators.lint.criteria import criteria_of, place_word
from indicators.lint.effects import effects_of, is_applicable
from indicators.lint.forms import DecideForm, LintFilter
from indicators.lint.page import Card, Item
from indicators.lint.source import Linted, linted
from indicators.models import LintDecision
from scoring.lint import Fix
from strategy.models import Plan

FILTERS = ("plan", "severity", "kind", "indicator", "year", "state")
Decision = LintDecision.Decision
DECIDE: dict[str, Callable[..., LintDecision]] = {
    Decision.ACCEPT: lint_actions.accept_finding,
    Decision.DISMISS: lint_actions.dismiss_finding,
    Decision.REOPEN: lint_actions.reopen_finding,
}


@dataclass(frozen=True)
class _Found:
    """A plan's findings with their decisions, and those that the address filters."""

    request: HttpRequest
    plan: Plan

    @cached_property
    def linted(self) -> Linted:
        return linted(self.plan)

    @cached_property
    def decisions(self) -> list[LintDecision]:
        return page.decisions_of(self.plan)

    @cached_property
    def items(self) -> list[Item]:
        return page.items_of(self.linted, self.decisions)

    def history(self, fingerprint: str) -> list[LintDecision]:
        """All that was decided about a finding, newest first."""
        return [decision for decision in reversed(self.decisions) if decision.fingerprint == fingerprint]

    @cached_property
    def filter(self) -> LintFilter:
        return LintFilter(self.request.GET)

    @cached_property
    def cards(self) -> list[Card]:
        chosen = self.filter.chosen
        return page.cards_of(self.linted, [item for item in self.items if chosen.keeps(item)])

    @property
    def tail(self) -> str:
        """The filter as it goes on to the next page."""
        return f"?{urlencode(kept(self.request.GET, *FILTERS) | {'plan': self.plan.code})}"


def _found(request: HttpRequest) -> _Found:
    return _Found(request, page.fetch_lint_plan(request.user, request.GET.get("plan", "")))  # type: ignore[arg-type]


# The list


@login_required
@require_safe
def lint(request: HttpRequest) -> HttpResponse:
    """All findings of a plan, filtered."""
    plans = page.lint_plans(request.user)  # type: ignore[arg-type]
    if not plans and not request.GET.get("plan"):
        return render(request, "indicators/lint_no_plan.html")
    found = _Found(request, page.chosen_plan(plans, request.GET.get("plan", "")))
    found.filter.offer(found.linted)
    context = {
        "plan": found.plan,
        "plans": plans,
        "summary": page.summary_of(found.items),
        "has_findings": bool(found.items),
        "form": found.filter,
        "is_filtered": bool(kept(request.GET, *FILTERS[1:])),
        "cards": len(found.cards),
        "chosen": sum(len(card.items) for card in found.cards),
        "page": Paginator(found.cards, page.PAGE_SIZE).get_page(request.GET.get("page")),
        "kept": found.tail,
    }
    return render(request, "indicators/lint.html", context)


# One finding


@login_required
@require_safe
def lint_detail(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """One finding, what its correction would change, and what was decided about it."""
    return _detail(request, _found(request), fingerprint)


def _detail(
    request: HttpRequest,
    found: _Found,
    fingerprint: str,
    *,
    form: DecideForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    card = page.card_with(found.linted, found.items, fingerprint)
    history = found.history(fingerprint)
    if card is None:
        return _gone(request, found, history)
    context = {
        "plan": found.plan,
        "card": card,
        "item": card.first,
        "fix_place": place_word(card.finding.fix) if card.finding.fix else "",
        "criteria": criteria_of(card.sheet, card.finding.fix) if card.sheet else (),
        "effects": _effect_addresses(found.plan, card),
        "place": page.place_of(found.cards, fingerprint),
        "form": form or DecideForm(card),
        "refused_form": form,
        "refusal": refusal,
        "history": history,
        "kept": found.tail,
    }
    return render(request, "indicators/lint_detail.html", context, status=status)


def _gone(request: HttpRequest, found: _Found, history: list[LintDecision]) -> HttpResponse:
    """The template was mended: what was decided can still be read."""
    if not history:
        raise Http404
    context = {"plan": found.plan, "history": history, "last": history[0], "kept": found.tail}
    return render(request, "indicators/lint_gone.html", context)


def _effect_addresses(plan: Plan, card: Card) -> list[tuple[int | None, str]]:
    """For each year whose template has a correction proposed: where to ask what it changes."""
    wanted = []
    for item in card.items:
        finding, fix = item.finding, item.finding.fix
        if fix is not None and is_applicable(fix):
            facts = {"plan": plan.code, "indicator": finding.indicator, "year": finding.fiscal_year}
            query = urlencode({**facts, "place": fix.place, "text": fix.text})
            wanted.append((finding.fiscal_year, f"{reverse('lint_effects')}?{query}"))
    return wanted


@login_required
@require_safe
def lint_effects(request: HttpRequest) -> HttpResponse:
    """What a correction would change in results already scored: part of a finding's page, or a page of its own."""
    plan = page.fetch_lint_plan(request.user, request.GET.get("plan", ""))  # type: ignore[arg-type]
    fix = Fix(request.GET.get("place", ""), request.GET.get("text", ""))
    year = request.GET.get("year", "")
    if not (is_applicable(fix) and year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    effects = effects_of(plan, request.GET.get("indicator", ""), int(year), fix)
    context = {"plan": plan, "effects": effects, "fix": fix, "fix_place": place_word(fix)}
    name = "_lint_effects.html" if request.htmx else "lint_effects.html"  # type: ignore[attr-defined]
    return render(request, f"indicators/{name}", context)


# Decisions


@login_required
@require_POST
def lint_decide(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Accept, dismiss or reopen a finding, of one year or of several, and go on to the next open one."""
    found = _found(request)
    card = page.card_with(found.linted, found.items, fingerprint)
    if card is None:
        return _detail(request, found, fingerprint)
    form = DecideForm(card, request.POST)
    if not form.is_valid():
        return _detail(request, found, fingerprint, form=form, status=422)
    try:
        taken = _decide(request, found.plan, form)
    except DecisionRefused as refused:
        fresh = _Found(request, found.plan)
        return _detail(
            request, fresh, fingerprint, form=_renewed(fresh, form, fingerprint), refusal=str(refused), status=409
        )
    messages.success(request, _told(card, taken))
    following = _following(found, _Found(request, found.plan), fingerprint)
    if following is None:
        return HttpResponseRedirect(reverse("lint") + found.tail)
    return HttpResponseRedirect(reverse("lint_detail", args=[following]) + found.tail)


def _following(found: _Found, fresh: _Found, fingerprint: str) -> str | None:
    """The next open finding in the order that was shown, without those that the same correction has mended."""
    left = {item.finding.fingerprint for item in fresh.items}
    prints = {id(card): [item.finding.fingerprint for item in card.items] for card in found.cards}
    cards = [card for card in found.cards if fingerprint in prints[id(card)] or left.intersection(prints[id(card)])]
    card = page.place_of(cards, fingerprint).next_open
    return next((each for each in prints[id(card)] if each in left), None) if card else None


@transaction.atomic
def _decide(request: HttpRequest, plan: Plan, form: DecideForm) -> list[LintDecision]:
    """The same decision about every year that was chosen, or about none."""
    data = form.cleaned_data
    by = {"plan": plan, "by": request.user, "reason": data["reason"], "seen": data["seen"]}
    return [DECIDE[data["decision"]](finding=item.finding, **by) for item in form.chosen]


def _renewed(found: _Found, form: DecideForm, fingerprint: str) -> DecideForm | None:
    """The same form for what stands now, with the reason that was typed."""
    card = page.card_with(found.linted, found.items, fingerprint)
    return DecideForm(card, initial={"reason": form.cleaned_data["reason"]}) if card else None


def _told(card: Card, taken: list[LintDecision]) -> str:
    first = taken[0]
    years = ", ".join(str(decision.fiscal_year) for decision in taken if decision.fiscal_year)
    facts = {"code": card.finding.indicator or _("ทั้งแผน"), "years": years, "what": first.get_decision_display()}
    told = _("บันทึกแล้ว: %(code)s %(years)s “%(what)s”") % facts
    made = [decision.version for decision in taken if decision.version]
    if not made:
        return told
    names = ", ".join(_("ปี %(year)s ฉบับที่ %(number)s") % {"year": v.fiscal_year, "number": v.revision} for v in made)
    return _("%(told)s แก้ Template แล้ว (%(names)s)") % {"told": told, "names": names}
