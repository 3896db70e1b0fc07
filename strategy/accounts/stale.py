"""Forms that were opened before the latest log-in: their token against forgery is old, what was typed is not.

A log-in changes the token of the browser. Who logs in again in another tab and then sends the form of the first one
would be refused like a forgery. The session therefore remembers the digests of the tokens that the same person's pages
carried before: a form with one of those is theirs, and waits on the page of what was typed until they press the button.
"""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_TOKEN_LENGTH, _unmask_cipher_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from strategy.accounts import kept
from strategy.accounts.pages import after_log_in, ended_text, next_of
from strategy.accounts.requests import is_script, last_here

BEFORE = "tokens_before"
MOST = 5


def tokens_before(request: HttpRequest, user: Any) -> list[str]:
    """Digests of the tokens that this person's open pages carry; asked before a log-in changes the token."""
    if last_here(request) != user.pk:
        return []
    secret = request.META.get("CSRF_COOKIE")
    return [*request.session.get(BEFORE, []), *([_digest(secret)] if secret else [])][-MOST:]


def remember_tokens(request: HttpRequest, tokens: list[str]) -> None:
    """For the session that has begun."""
    if tokens:
        request.session[BEFORE] = tokens


def _digest(secret: str) -> str:
    return salted_hmac("strategy.accounts.stale", secret).hexdigest()[:32]


def _is_known(request: HttpRequest) -> bool:
    token = request.POST.get("csrfmiddlewaretoken", "")
    if len(token) != CSRF_TOKEN_LENGTH or not (token.isascii() and token.isalnum()):
        return False
    return _digest(_unmask_cipher_token(token)) in request.session.get(BEFORE, [])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a token of today: one's own waits to be sent, all else is refused with a sentence."""
    user: Any = request.user
    if request.path == reverse("login"):
        return redirect(after_log_in(request, user)) if user.is_authenticated else _log_in_again(request)
    if is_script(request):
        return HttpResponse(status=403)
    typed = kept.typed_in(request, user.pk) if user.is_authenticated else kept.typed_in(request)
    if user.is_authenticated and _is_known(request) and kept.hold(request, typed, user):
        return redirect("resume")
    return render(request, "403_csrf.html", _told(request, typed), status=403)


def _log_in_again(request: HttpRequest) -> HttpResponse:
    """The log-in page once more, with what it carries; a password that may come from elsewhere is not tried."""
    text = request.POST.get("kept", "")
    typed = kept.unseal(text) if text else None
    told = [_("หน้านี้เปิดค้างไว้นาน หรือเบราว์เซอร์ไม่รับคุกกี้ ใส่ชื่อผู้ใช้และรหัสผ่านอีกครั้ง")]
    context = {
        "form": AuthenticationForm(request),
        "next": next_of(request, ""),
        "kept": text if typed else "",
        "ended": told + (ended_text(typed)[1:] if typed else []),
    }
    return render(request, "registration/login.html", context, status=403)


def _told(request: HttpRequest, typed: kept.Kept | None) -> dict[str, Any]:
    """What stands on the page: the way back, and to be copied what was typed, where it comes from a page of ours."""
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return {
        "back": back if ours else "/",
        "typed": typed.shown if typed and _is_from_here(request) else [],
        "is_too_large": typed is not None and typed.is_too_large,
    }


def _is_from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
