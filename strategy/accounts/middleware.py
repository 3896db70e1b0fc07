"""Around every request: the gate before the pages, and sessions that end without taking along what was typed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from strategy.accounts import gate, kept
from strategy.accounts.pages import page_of_ended_session
from strategy.accounts.requests import is_script, last_here, remember

GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware:
    """Renews a session that is used, once a minute at most; meets a form that comes after its end."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _comes_too_late(request, response):
            return _met(request, response)
        if request.session.accessed and SESSION_KEY in request.session and request.user.is_authenticated:
            renew(request, response)
            remember(request, response)
            kept.drop_sent(request, response.status_code)
        return response


def _comes_too_late(request: HttpRequest, response: HttpResponse) -> bool:
    """A form of somebody who was logged in here, and is not any more; it has passed the check against forgery."""
    if request.method != "POST" or response.status_code != 302 or request.user.is_authenticated:
        return False
    where, _mark, query = response["Location"].partition("?")
    asked_to_log_in = where in (reverse("login"), reverse("admin:login"))
    is_this = QueryDict(query).get("next") == request.get_full_path()  # the language switch goes there too
    return asked_to_log_in and is_this and last_here(request) is not None


def _met(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if is_script(request):
        return HttpResponse(status=401)
    typed = kept.typed_in(request)
    return page_of_ended_session(request, typed) if typed else response


def renew(request: HttpRequest, response: HttpResponse) -> None:
    """Push the end of a session away, in the row alone: what others write in the session meanwhile stays."""
    runs_out = getattr(request.session, "runs_out", None)
    end = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    if runs_out is None or abs(end - runs_out) < timedelta(seconds=settings.SESSION_RENEWED_EVERY):
        return
    key = request.session.session_key
    Session.objects.filter(session_key=key).update(expire_date=end)
    response.set_cookie(
        settings.SESSION_COOKIE_NAME, key, max_age=settings.SESSION_COOKIE_AGE, path=settings.SESSION_COOKIE_PATH,
        domain=settings.SESSION_COOKIE_DOMAIN, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )  # fmt: skip


class GateMiddleware:
    """Nobody gets past a step that stands before the pages, whatever the address; also not into the admin."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """After the check against forgery, which stands earlier in the list."""
        if not request.user.is_authenticated:
            return None
        step = gate.next_step(request)
        if not step or request.resolver_match.view_name in gate.STEPS[step]:  # type: ignore[union-attr]
            return None
        if is_script(request):
            return HttpResponse(status=401)
        return redirect(f"{reverse(step)}?{urlencode({'next': _afterwards(request)})}")


def _afterwards(request: HttpRequest) -> str:
    """Where to go on: the page that was asked for, or where a form waits that was sent."""
    if request.method == "GET":
        return request.get_full_path()
    typed = kept.typed_in(request, request.user.pk) if request.method == "POST" else None
    return reverse("resume") if kept.hold(request, typed, request.user) else "/"
