"""What a request says of the person in front of it: who logged in last here, and whether a script asks."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpRequest, HttpResponse

WHO = "kpitrack_who"
WHO_SALT = "strategy.accounts.who"
WHO_LASTS = 30 * 24 * 60 * 60


def is_script(request: HttpRequest) -> bool:
    """Asked by a script of a page: a whole page, such as the log-in, has no place in its answer."""
    if "HX-Request" in request.headers:
        return True
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode != "navigate"
    return "text/html" not in request.headers.get("Accept", "text/html")


def last_here(request: HttpRequest) -> int | None:
    """The user who logged in last in this browser. Whoever they are, this alone opens nothing."""
    try:
        return int(signing.loads(request.COOKIES.get(WHO, ""), salt=WHO_SALT, max_age=WHO_LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep who is logged in, so that what they typed can wait for them when their session has ended."""
    user = int(request.session[SESSION_KEY])
    if last_here(request) != user:
        response.set_cookie(
            WHO, signing.dumps(user, salt=WHO_SALT), max_age=WHO_LASTS, httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite=settings.SESSION_COOKIE_SAMESITE,
        )  # fmt: skip
