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

from indicators.actions import Entry, InvalidEntry, NotComplete, save_result, submit_result
from indicators.adapters import data_of
from indicators.entry.conflict import conflict_of, notes_of, texts_of
from indicators.entry.forms import BaseProjectFormSet, EntryForm, ProjectFormSet, box_name
from indicators.entry.lines import item_hint
from indicators.entry.page import saved_page, template_for, typed_page
from indicators.entry.panel import Panel, assessment_of, computed_items, panel_of
from indicators.models import Result, ReviewEvent
from indicators.rules import EDITABLE, RoundAccess, fetch_own_round
from indicators.subtotals import subtotal_texts
from indicators.wording import Numbers, step_states
from indicators.workflow import NotAllowed, StaleResult, transition
from scoring.template import Template
from strategy.models import User

TEMPLATE = "indicators/entry.html"
NO_LOCK = -1  # a lock that no result has


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, and saving or submitting what was typed in it."""
    access = _access(request, pk)
    if request.method == "POST":
        return Typed(request, access).respond()
    return render(request, TEMPLATE, {"page": saved_page(access)})


@require_POST
def entry_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The score panel for what is typed right now; saves nothing."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)  # a log-in page has no place inside the panel
    access = _access(request, pk)
    if not access.may_enter:
        raise Http404
    template = template_for(access)
    form = EntryForm(template, request.POST)
    form.is_valid()
    panel = _panel(access, template, form, request)
    context = {"panel": panel, "moving": _moving(template, panel, form.numbers)}
    return render(request, "indicators/_score_panel.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted result back to mend it."""
    access = _access(request, pk)
    try:
        transition(access=access, action=ReviewEvent.Action.WITHDRAW, by=_user(request), lock=_lock_of(request))
    except (NotAllowed, StaleResult) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("ถอนผลงานกลับมาแล้ว แก้ไขแล้วอย่าลืมส่งอีกครั้ง"))
    return redirect(_address(access))


class Typed:
    """One POST of the entry page: read everything, then save, submit, or show it again with what is wrong."""

    def __init__(self, request: HttpRequest, access: RoundAccess) -> None:
        self.request, self.access, self.user = request, access, _user(request)
        self.template: Template = template_for(access)
        self.form = EntryForm(self.template, request.POST)
        self.projects: BaseProjectFormSet = ProjectFormSet(request.POST, prefix="projects")
        self.lock = _lock_of(request)
        self.wants_submit = request.POST.get("action") == "submit"
        self.is_valid = all([self.form.is_valid(), self.projects.is_valid()])
        self.panel = _panel(access, self.template, self.form, request)

    def respond(self) -> HttpResponse:
        if not self.access.may_enter and self.access.status in EDITABLE:
            return self._again([_refusal(self.access)], status=403)
        if not self.access.may_enter:
            return self._overtaken(self.access.result, _refusal(self.access))
        if not self.is_valid:
            return self._again([])
        try:
            self._write(self.access, self.lock)
        except StaleResult as error:
            return self._overtaken(error.current, str(error))
        except InvalidEntry as error:
            for code, sentence in error.errors.items():
                self.form.add_error(box_name(code), sentence)
            return self._again([])
        except NotComplete as error:
            return self._again([_("ยังไม่ได้ส่งและยังไม่ได้บันทึก"), str(error)])
        except NotAllowed as error:
            return self._again([str(error)], status=403)
        return self._done()

    @property
    def entry(self) -> Entry:
        """What is saved. An acknowledgement of other numbers than these falls away."""
        texts = {name: self.form.cleaned_data[name] for name in ("note", "problems", "suggestions")}
        acknowledged = [question.key for question in self.panel.questions if question.acknowledged]
        projects = tuple(self.projects.projects)
        return Entry(
            data=self.form.numbers, **texts, projects=projects, acknowledged=acknowledged, notes=self.form.notes
        )

    @transaction.atomic
    def _write(self, access: RoundAccess, lock: int) -> None:
        result = save_result(access=access, by=self.user, entry=self.entry, lock=lock)
        if self.wants_submit:
            self._submit(replace(access, result=result), result.lock)

    def _submit(self, access: RoundAccess, lock: int) -> None:
        if not access.may_submit:
            raise NotAllowed(_("ท่านบันทึกฉบับร่างได้ หัวหน้าหน่วยงานเป็นผู้ส่งผลงาน"))
        submit_result(access=access, by=self.user, lock=lock)

    def _overtaken(self, current: Result | None, sentence: str) -> HttpResponse:
        """Somebody was quicker. Where it was this very request (a second click, a bad line), all is well."""
        access = _access(self.request, self.access.round.pk)
        if current is None or access.result is None:
            return self._again([sentence])
        if self._is_own_repeat(access.result):
            return self._repeat(access, access.result)
        conflict = conflict_of(access, access.result, sentence, self.form, self.projects)
        return self._page(access, lock=access.result.lock, conflict=conflict, status=409)

    def _is_own_repeat(self, current: Result) -> bool:
        """The same person has just saved exactly this."""
        if not self.is_valid or current.entered_by_id != self.user.pk:
            return False
        typed = self.entry
        numbers = {code: value for code, value in typed.data.items() if value is not None}
        texts = {"note": typed.note, "problems": typed.problems, "suggestions": typed.suggestions}
        rows = [(row.name, row.allocated, row.spent, row.source) for row in current.projects.all()]
        lines = [(line.name, line.allocated, line.spent, line.source) for line in typed.projects]
        same_texts = texts_of(current) == texts and notes_of(current) == typed.notes
        return data_of(current) == numbers and same_texts and rows == lines

    def _repeat(self, access: RoundAccess, current: Result) -> HttpResponse:
        if current.status == Result.Status.APPROVED or (current.status in EDITABLE and not access.may_enter):
            return redirect(_address(access))
        if current.status in EDITABLE and self.wants_submit:
            try:
                self._submit(access, current.lock)
            except (NotAllowed, StaleResult) as error:
                return self._again([str(error)])
        return self._done()

    def _done(self) -> HttpResponse:
        round_, measured = self.access.round, self.access.measured_unit
        unit = f" {measured.label}" if self.access.is_other_unit else ""
        what = {"code": f"{round_.indicator.code}{unit}", "period": round_.label}
        if self.wants_submit:
            messages.success(self.request, _("ส่งผลงาน %(code)s %(period)s แล้ว รอตรวจสอบ") % what)
            return redirect("my_work")
        messages.success(self.request, _("บันทึกฉบับร่าง %(code)s %(period)s แล้ว ยังไม่ได้ส่ง") % what)
        return redirect(_address(self.access))

    def _again(self, refusals: list[str], *, status: int = 200) -> HttpResponse:
        return self._page(self.access, lock=self.lock, refusals=refusals, status=status)

    def _page(self, access: RoundAccess, *, status: int = 200, **facts: Any) -> HttpResponse:
        page = typed_page(access, self.template, self.form, self.projects, panel=self.panel, **facts)
        return render(self.request, TEMPLATE, {"page": page}, status=status)


def _access(request: HttpRequest, pk: int) -> RoundAccess:
    return fetch_own_round(_user(request), pk, request.GET.get("unit"))


def _address(access: RoundAccess) -> str:
    return reverse("entry", args=[access.round.pk]) + access.query


def _panel(access: RoundAccess, template: Template, form: EntryForm, request: HttpRequest) -> Panel:
    known, assessed = request.POST.getlist("acknowledged"), assessment_of(access.result)
    return panel_of(template, form.numbers, access.round, known, form.sentences, assessed)


def _moving(template: Template, panel: Panel, data: Numbers) -> list[tuple[str, str]]:
    """What the live panel brings along for other places of the page: (id, text)."""
    computed, states = computed_items(template, panel), step_states(template, data)
    derived = [item for item in template.items if item.derived]
    return [
        *((f"hint-{item.code}", item_hint(item.derived, computed[item.code])) for item in derived),
        *((f"subtotal-{code}", text) for code, text in subtotal_texts(template, data).items()),
        *((f"state-S{step.number}", states.get(f"S{step.number}", "")) for step in template.steps),
    ]


def _lock_of(request: HttpRequest) -> int:
    """The save count that the page showed; what is no number fits no result."""
    text = request.POST.get("lock", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_LOCK


def _refusal(access: RoundAccess) -> str:
    if access.result is not None and access.status not in EDITABLE:
        facts = {"status": access.result.get_status_display()}
        return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ เพราะขณะนี้สถานะของผลงานคือ “%(status)s”") % facts
    return _("ยังไม่ได้บันทึกสิ่งที่พิมพ์ เพราะงวดยังไม่เริ่มหรือท่านไม่ได้เป็นผู้บันทึกของหน่วยงาน")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
