"""Pages of one decision each: a role given or ended, an account closed, unlocked, freed of a lost second factor."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from strategy.accounts.logins import lock_outs
from strategy.accounts.refused import Refused
from strategy.people import actions, roles
from strategy.people.forms import UNITS, EndForm, ReasonForm, RoleForm
from strategy.people.scope import Person, Units, fetch_person, fetch_role

page_and_form = require_http_methods(["GET", "HEAD", "POST"])


def _decide(
    request: HttpRequest, person: Person, form: Form, act: Callable[[], Any], told: str, template: str, **more: Any
) -> HttpResponse:
    """Act on a right form and go back to the person; else show the page with what was typed and what is wrong."""
    if form.is_valid():
        try:
            act()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, told)
            return redirect("person_detail", person.user.pk)
    return render(request, template, {"form": form, "person": person, **more})


@login_required
@page_and_form
def role_give(request: HttpRequest, pk: int) -> HttpResponse:
    """A role in a unit of the hospital, from a day."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    units = Units(person.reach)
    form = RoleForm(request.POST or None, units=units)

    def act() -> None:
        roles.give_role(user=person.user, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("ให้บทบาทแก่ %(name)s แล้ว") % {"name": person.user}
    options = {UNITS: units.options}
    return _decide(request, person, form, act, told, "people/role_give.html", datalists=options)


@login_required
@page_and_form
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a role, with a reason."""
    person, membership = fetch_role(request.user, pk)  # type: ignore[arg-type]
    form = EndForm(request.POST or None)

    def act() -> None:
        roles.end_role(membership=membership, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("สิ้นสุดบทบาทของ %(name)s แล้ว") % {"name": person.user}
    return _decide(request, person, form, act, told, "people/role_end.html", membership=membership)


@login_required
@page_and_form
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    active = not person.user.is_active
    if request.method == "POST":  # what the page showed, not what has become of it since
        active = request.POST.get("active") == "1"
    form = ReasonForm(request.POST or None)

    def act() -> None:
        actions.set_active(person=person, by=request.user, active=active, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("เปิดใช้บัญชีของ %(name)s แล้ว") if active else _("ระงับบัญชีของ %(name)s แล้ว")
    return _decide(request, person, form, act, told % {"name": person.user}, "people/person_active.html", active=active)


@login_required
@page_and_form
def person_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again who mistyped too often."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    form = Form(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.unlock(person=person, by=request.user)  # type: ignore[arg-type]

    told = _("ปลดการพักบัญชีของ %(name)s แล้ว เข้าสู่ระบบได้ทันที") % {"name": person.user}
    locked = lock_outs(person.user.username)
    return _decide(request, person, form, act, told, "people/person_unlock.html", lock_outs=locked)


@login_required
@page_and_form
def person_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a second factor whose telephone is lost."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    form = ReasonForm(request.POST or None)

    def act() -> None:
        actions.remove_second_factor(person=person, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    told = _("ลบการยืนยันตัวตนขั้นที่สองของ %(name)s แล้ว") % {"name": person.user}
    has_factor = person.user.totpdevice_set.filter(confirmed=True).exists()
    return _decide(request, person, form, act, told, "people/person_factor.html", has_factor=has_factor)
