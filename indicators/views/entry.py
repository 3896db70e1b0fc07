"""The entry page of one round: type, see the level, save, submit, withdraw."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions import InvalidEntry, NotComplete, save_result, submit_result
from indicators.entry.conflict import conflict_of
from indicators.entry.forms import box_name
from indicators.entry.ground import Ground
from indicators.entry.lines import item_hint
from indicators.entry.page import saved_page, typed_page
from indicators.entry.panel import Panel, computed_items
from indicators.entry.posted import Posted, lock_in
from indicators.models import Result, ReviewEvent
from indicators.refusals import NotAllowed
from indicators.rules import RoundAccess, fetch_own_round
from indicators.subtotals import subtotal_texts
from indicators.wording import Numbers, step_states
from indicators.workflow import StaleResult, transition
from scoring.template import Template
from strategy.models import User

TEMPLATE = "indicators/entry.html"
# Where a saved draft leads to, so that nothing typed is lost on the way: by the button that was pressed.
ONWARDS = {"evidence": "evidence", "recovery": "recovery_add"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, and saving or submitting what was typed in it."""
    access = fetch_entry(request, pk)
    if is_by_another(request):
        messages.error(request, another_sentence())
        return redirect(_address(access))
    if request.method == "POST":
        return Typed(request, access).respond()
    return render(request, TEMPLATE, {"page": saved_page(access)})


@require_POST
def entry_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The score panel for what is typed right now; saves nothing."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)  # a log-in page has no place inside the panel
    access = fetch_entry(request, pk)
    if not access.may_enter:
        raise Http404
    posted = Posted(request.POST, Ground(access))
    panel = posted.panel
    context = {"panel": panel, "moving": _moving(posted.ground.template, panel, posted.form.numbers)}
    return render(request, "indicators/_score_panel.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted result back to mend it."""
    access = fetch_entry(request, pk)
    try:
        transition(access=access, action=ReviewEvent.Action.WITHDRAW, by=_user(request), lock=lock_in(request.POST))
    except (NotAllowed, StaleResult) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("ถอนผลงานกลับมาแล้ว แก้ไขแล้วอย่าลืมส่งอีกครั้ง"))
    return redirect(_address(access))


class Typed:
    """One POST of the entry page: read everything, then save, submit, or show it again with what is wrong."""

    def __init__(self, request: HttpRequest, access: RoundAccess) -> None:
        self.request, self.access, self.user = request, access, _user(request)
        self.posted = Posted(request.POST, Ground(access))
        self.action = request.POST.get("action", "")
        self.wants_submit = self.action == "submit"

    def respond(self) -> HttpResponse:
        if not self.access.may_enter and self.access.is_editable:
            return self._again([refusal_of(self.access)], status=403)
        if not self.access.may_enter:
            return self._overtaken(self.access.result, refusal_of(self.access))
        if not self.posted.is_valid:
            return self._again([])
        try:
            self._write(self.access, self.posted.lock)
        except StaleResult as error:
            return self._overtaken(error.current, str(error))
        except InvalidEntry as error:
            for code, sentence in error.errors.items():
                self.posted.form.add_error(box_name(code), sentence)
            return self._again([])
        except NotComplete as error:
            return self._again([self._not_sent, *error.sentences])
        except NotAllowed as error:
            return self._again([str(error)], status=403)
        return self._done()

    @property
    def _not_sent(self) -> str:
        """That it was not submitted, and whether what stands in the boxes is saved."""
        saved = self.access.result
        if saved is not None and self.posted.says_the_same(saved):
            return _("ยังไม่ได้ส่ง")
        return _("ยังไม่ได้ส่ง และสิ่งที่แก้ไขล่าสุดยังไม่ได้บันทึก")

    @transaction.atomic
    def _write(self, access: RoundAccess, lock: int) -> None:
        result = save_result(access=access, by=self.user, entry=self.posted.entry, lock=lock)
        if self.wants_submit:
            self._submit(replace(access, result=result), result.lock)

    def _submit(self, access: RoundAccess, lock: int) -> None:
        if not access.may_submit:
            raise NotAllowed(_("ท่านบันทึกฉบับร่างได้ หัวหน้าหน่วยงานเป็นผู้ส่งผลงาน"))
        submit_result(access=access, by=self.user, lock=lock, against=self.posted.ground.background)

    def _overtaken(self, current: Result | None, sentence: str) -> HttpResponse:
        """Somebody was quicker. Where it was this very request (a second click, a bad line), all is well."""
        access = fetch_entry(self.request, self.access.round.pk)
        if current is None or access.result is None:
            return self._again([sentence])
        if self._is_own_repeat(access, access.result):
            return self._repeat(access, access.result)
        posted = self.posted
        conflict = conflict_of(access, access.result, sentence, posted.form, posted.projects, posted.answers)
        return self._page(Ground(access), lock=access.result.lock, conflict=conflict, status=409)

    def _is_own_repeat(self, access: RoundAccess, current: Result) -> bool:
        """The same person has just saved exactly this."""
        is_own = self.posted.is_valid and current.entered_by_id == self.user.pk and self.posted.says_the_same(current)
        return is_own and not (self.wants_submit and access.is_editable and self._somebody_acted(current))

    def _somebody_acted(self, current: Result) -> bool:
        """Since the page was opened, such as a reviewer who sent it back: that is to be read before submitting."""
        events = current.events.exclude(action=ReviewEvent.Action.EVIDENCE).order_by("-pk")
        since = events.values_list("actor", flat=True)[: max(0, current.lock - self.posted.lock)]
        return any(actor != self.user.pk for actor in since)

    def _repeat(self, access: RoundAccess, current: Result) -> HttpResponse:
        is_decided = current.status == Result.Status.APPROVED or (access.is_editable and not access.may_enter)
        if is_decided or not (access.is_editable or self.wants_submit):
            return redirect(_address(access))  # the page says how it stands
        if access.is_editable and self.wants_submit:
            try:
                self._submit(access, current.lock)
            except NotComplete as error:
                return self._again(error.sentences)
            except (NotAllowed, StaleResult) as error:
                return self._again([str(error)])
        return self._done()

    def _done(self) -> HttpResponse:
        round_, measured = self.access.round, self.access.measured_unit
        unit = f" {measured.label}" if self.access.is_other_unit else ""
        what = {"code": f"{round_.indicator.code}{unit}", "period": round_.label}
        if self.wants_submit:
            messages.success(self.request, _("ส่งผลงานตัวชี้วัด %(code)s (%(period)s) แล้ว รอตรวจสอบ") % what)
            return redirect("my_work")
        messages.success(self.request, _("บันทึกฉบับร่างตัวชี้วัด %(code)s (%(period)s) แล้ว ยังไม่ได้ส่ง") % what)
        return redirect(_address(self.access, ONWARDS.get(self.action, "entry")))

    def _again(self, refusals: list[str], *, status: int = 200) -> HttpResponse:
        return self._page(self.posted.ground, lock=self.posted.lock, refusals=refusals, status=status)

    def _page(self, ground: Ground, *, status: int = 200, **facts: Any) -> HttpResponse:
        refusals = [*facts.pop("refusals", []), *dict.fromkeys(self.posted.answers.errors.values())]
        form, projects, panel = self.posted.form, self.posted.projects, self.posted.panel
        page = typed_page(ground, form, projects, panel=panel, refusals=refusals, **facts)
        return render(self.request, TEMPLATE, {"page": page}, status=status)


def fetch_entry(request: HttpRequest, pk: int) -> RoundAccess:
    """The round of the address for who may look at its entry page, else 404."""
    return fetch_own_round(_user(request), pk, request.GET.get("unit"))


def _address(access: RoundAccess, name: str = "entry") -> str:
    return reverse(name, args=[access.round.pk]) + access.query


def _moving(template: Template, panel: Panel, data: Numbers) -> list[tuple[str, str]]:
    """What the live panel brings along for other places of the page: (id, text)."""
    computed, states = computed_items(template, panel), step_states(template, data)
    derived = [item for item in template.items if item.derived]
    return [
        *((f"hint-{item.code}", item_hint(item.derived, computed[item.code])) for item in derived),
        *((f"subtotal-{code}", text) for code, text in subtotal_texts(template, data).items()),
        *((f"state-S{step.number}", states.get(f"S{step.number}", "")) for step in template.steps),
    ]


def is_by_another(request: HttpRequest) -> bool:
    """Somebody else than who is logged in now opened the page: what was typed in it is not theirs to save."""
    return request.method == "POST" and request.POST.get("who", str(request.user.pk)) != str(request.user.pk)


def another_sentence() -> str:
    return _("ยังไม่ได้บันทึก เพราะหน้านี้เปิดไว้ในชื่อของผู้อื่น สิ่งที่พิมพ์ไว้จะแสดงให้ผู้นั้นเมื่อเข้าสู่ระบบในเครื่องนี้")


def refusal_of(access: RoundAccess) -> str:
    """Why what was typed is not saved: it is with the reviewers, the calendar says no, or it is not this person's."""
    if access.result is not None and not access.is_editable:
        facts = {"status": access.result.get_status_display()}
        return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ เพราะขณะนี้สถานะของผลงานคือ “%(status)s”") % facts
    if access.obstacle:
        return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ %(why)s") % {"why": access.obstacle}
    return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ เพราะท่านไม่ได้เป็นผู้บันทึกของหน่วยงาน")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
