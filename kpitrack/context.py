"""What every page shows around its content: the year, one's unit, what waits, and the demo's banner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from indicators import queries
from strategy import access, clock, periods


@dataclass(frozen=True)
class Link:
    """One entry of the navigation; `waiting` is how many things wait behind it."""

    label: str
    url: str
    icon: str
    current: bool
    waiting: int = 0


# label, address name, icon, key of waiting_counts, and what one must be allowed somewhere to see it
NAVIGATION = (
    (_("งานของฉัน"), "my_work", "list-check", "entry", access.Permission.ENTER),
    (_("ตรวจผลงาน"), "review_list", "clipboard-check", "review", access.Permission.REVIEW),
    (_("มาตรการแก้ไข"), "recovery_list", "check-square", "", access.Permission.SEE_OWN),
    (_("ตรวจแม่แบบ"), "lint", "search", "", access.Permission.REVIEW),
    (_("ปิดงวด"), "closing", "lock", "", access.Permission.REVIEW),
    (_("ภาพรวมแผน"), "dashboard", "bar-chart", "", access.Permission.SEE_OWN),
    (_("ผู้ใช้และสิทธิ์"), "people", "people", "", access.Permission.USERS),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. Nothing is asked of the database before a template shows the navigation."""
    context: dict[str, Any] = {"demo_date": settings.KPITRACK_TODAY, "languages": settings.LANGUAGES}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["nav"] = SimpleLazyObject(lambda: _navigation_of(request))
    return context


def _navigation_of(request: HttpRequest) -> dict[str, Any]:
    reach, bell = access.reach_of(request.user), reverse("notices")
    waiting = queries.waiting_counts(request.user)
    return {
        "fiscal_year": periods.fiscal_year_of(clock.today()),
        "units": reach.own_units,
        "is_head": reach.may_anywhere(access.Permission.SUBMIT),
        "links": _links(request, reach, waiting),
        "bell": Link(str(_("การแจ้งเตือน")), bell, "bell", _is_current(request.path, bell), waiting["unread"]),
    }


def _links(request: HttpRequest, reach: access.Reach, waiting: Mapping[str, int]) -> list[Link]:
    links = []
    for label, name, icon, key, permission in NAVIGATION:
        if reach.may_anywhere(permission):
            url = reverse(name)
            links.append(Link(str(label), url, icon, _is_current(request.path, url), waiting.get(key, 0)))
    return links


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
