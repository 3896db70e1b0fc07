"""A person's notices, and the strategy unit's list of who does not answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators import rules
from indicators.notices.actions import mark_read
from indicators.notices.page import NoticesPage, fetch_notice, safe_url
from indicators.notices.silent import SilentPage, as_csv
from strategy import clock
from strategy.access import Permission
from strategy.models import User

LONGEST_KEY = 19  # digits


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What the system told the person, newest first."""
    found = NoticesPage(_user(request), request.GET.get("page"), only_unread=request.GET.get("unread") == "1")
    return render(request, "indicators/notices/notices.html", {"found": found})


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """All of them as read, but not what came since the page was shown."""
    newest = request.POST.get("newest", "")
    is_key = newest.isascii() and newest.isdigit() and len(newest) < LONGEST_KEY
    count = mark_read(by=_user(request), newest=int(newest) if is_key else None)
    if count:
        messages.success(request, _("ทำเครื่องหมายว่าอ่านแล้ว %(count)s เรื่อง") % {"count": count})
    return HttpResponseRedirect(reverse("notices"))


@login_required
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go to its page; with `stay`, back to the list. Posted, since it writes."""
    user = _user(request)
    notice = fetch_notice(user, pk)
    mark_read(by=user, pk=notice.pk)
    url = "" if request.POST.get("stay") else safe_url(notice)
    return HttpResponseRedirect(url or reverse("notices"))


@login_required
@require_safe
def silent(request: HttpRequest) -> HttpResponse:
    """Units with overdue results, units without a head, and people whose roles have ended."""
    reach = rules.require(_user(request), Permission.REVIEW)
    return render(request, "indicators/notices/silent.html", {"found": SilentPage(reach)})


@login_required
@require_safe
def silent_list(request: HttpRequest) -> HttpResponse:
    """The same units as a table for calling them."""
    found = SilentPage(rules.require(_user(request), Permission.REVIEW))
    response = HttpResponse("\ufeff" + as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="overdue-{clock.today().isoformat()}.csv"'
    return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required has seen to it
    return request.user
