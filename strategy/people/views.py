"""The people of a hospital, for its administrators: list, account, log of log-ins."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from strategy import clock
from strategy.accounts import mail
from strategy.accounts.history import lines_of
from strategy.accounts.logins import lock_outs, own_log
from strategy.accounts.refused import Refused
from strategy.people import actions, logs
from strategy.people.forms import AddForm, LogFilter, PersonForm
from strategy.people.queries import PAGE, PeopleFilter, people_for_list, rows_of, summary_of
from strategy.people.scope import Person, Units, administration, fetch_person

page_and_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role in the administrator's hospitals, and who has none yet."""
    reach = administration(request.user)  # type: ignore[arg-type]
    form = PeopleFilter(request.GET, Units(reach))
    page = Paginator(people_for_list(reach, form.chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": bool(form.chosen),
        "page": page,
        "rows": rows_of(page, reach),
        "summary": summary_of(reach),
    }
    return render(request, "people/people.html", context)


@login_required
@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, roles of all times, log-ins, and what was done to them."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    user = person.user
    context = {
        "person": person,
        "memberships": person.memberships,
        "current": {m.pk for m in person.memberships if _holds(m)},
        "today": clock.today(),
        "has_factor": user.totpdevice_set.filter(confirmed=True).exists(),
        "lock_outs": lock_outs(user.username),
        "log": own_log(user.username, 5),
        "history": lines_of(user),
    }
    return render(request, "people/person.html", context)


def _holds(membership: Any) -> bool:
    today = clock.today()
    begun = membership.start is None or membership.start <= today
    return begun and (membership.end is None or membership.end >= today)


@login_required
@never_cache
@page_and_form
def person_add(request: HttpRequest) -> HttpResponse:
    """A new account; what it may do is given on the next page."""
    administration(request.user)  # type: ignore[arg-type]
    form = AddForm(request.POST or None, can_mail=mail.is_configured())
    if form.is_valid():
        try:
            return _added(request, form)
        except Refused as refused:
            form.add_error("username", str(refused))
    return render(request, "people/person_form.html", {"form": form, "can_mail": mail.is_configured()})


def _added(request: HttpRequest, form: AddForm) -> HttpResponse:
    by: Any = request.user
    facts = actions.known(form.cleaned_data)
    user, password = actions.add_person(by=by, username=form.cleaned_data["username"], facts=facts)
    if not form.is_mailed:
        return _shown_once(request, user, password=password, is_new=True)
    path = actions.make_link(person=fetch_person(by, user.pk), by=by, is_mailed=True)
    if not mail.send_link(user, path):
        return _shown_once(request, user, password=password, is_new=True, has_failed=True)
    messages.success(request, _("เพิ่ม %(name)s แล้ว และส่งลิงก์ตั้งรหัสผ่านไปที่ %(mail)s") % {"name": user, "mail": user.email})
    return redirect("person_detail", user.pk)


def _shown_once(request: HttpRequest, user: Any, **secret: Any) -> HttpResponse:
    """The one page that shows a password or a link; it is in no address and kept nowhere."""
    context = {"shown": user, "days": settings.PASSWORD_RESET_TIMEOUT // 86_400, **secret}
    return render(request, "people/shown_once.html", context)


@login_required
@page_and_form
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, title, telephone, e-mail."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    form = PersonForm(request.POST or None, instance=fetch_person(request.user, pk).user)  # type: ignore[arg-type]
    if form.is_valid():
        try:
            actions.edit_person(person=person, by=request.user, facts=actions.known(form.cleaned_data))  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกข้อมูลของ %(name)s แล้ว") % {"name": person.user})
            return redirect("person_detail", pk)
    return render(request, "people/person_form.html", {"form": form, "person": person})


@login_required
@never_cache
@page_and_form
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A password for one time, or a link to a new one; shown once, or sent by mail."""
    person = fetch_person(request.user, pk)  # type: ignore[arg-type]
    error = ""
    if request.method == "POST":
        try:
            return _new_access(request, person, request.POST.get("kind", ""))
        except Refused as refused:
            error = str(refused)
    context = {"person": person, "error": error, "can_mail": mail.is_configured() and bool(person.user.email)}
    return render(request, "people/person_password.html", context)


def _new_access(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    by: Any = request.user
    if kind == "password":
        return _shown_once(request, person.user, password=actions.give_password(person=person, by=by))
    if kind == "link":
        path = actions.make_link(person=person, by=by)
        return _shown_once(request, person.user, link=request.build_absolute_uri(path))
    if kind == "mail" and mail.is_configured() and person.user.email:
        path = actions.make_link(person=person, by=by, is_mailed=True)
        if not mail.send_link(person.user, path):
            raise Refused(_("ส่งอีเมลไม่สำเร็จ ลองใหม่ภายหลัง หรือสร้างลิงก์แล้วส่งให้ด้วยวิธีอื่น"))
        messages.success(request, _("ส่งลิงก์ตั้งรหัสผ่านไปที่ %(mail)s แล้ว") % {"mail": person.user.email})
        return redirect("person_detail", person.user.pk)
    raise Refused(_("เลือกว่าจะให้เข้าใช้อีกครั้งด้วยวิธีใด"))


@login_required
@require_safe
def people_logins(request: HttpRequest) -> HttpResponse:
    """Who of the administrator's people logged in, and who tried in vain."""
    reach = administration(request.user)  # type: ignore[arg-type]
    form = LogFilter(request.GET, with_unknown=reach.user.is_superuser)
    page = Paginator(logs.log_for(reach, form.chosen), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "is_filtered": bool(form.chosen), "page": page, "rows": logs.rows_of(page.object_list)}
    return render(request, "people/logins.html", context)
