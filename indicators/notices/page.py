"""The page of a person's notices: newest first, a page at a time, the unread ones marked."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404
from django.utils.http import url_has_allowed_host_and_scheme

from indicators.models import Notice
from indicators.notices.wording import detail_of, sentence_of
from strategy.models import User

PAGE_SIZE = 30
LARGEST_KEY = 2**63 - 1
Kind = Notice.Kind
ICONS = {
    Kind.RETURNED: "arrow-return-left",
    Kind.REOPENED: "unlock",
    Kind.APPROVED: "check-circle",
    Kind.COMMENT: "pencil",
    Kind.EXTENDED: "clock",
    Kind.CANCELLED: "x-circle",
    Kind.RECOVERY: "clipboard-check",
    Kind.DUE: "hourglass",
    Kind.OVERDUE: "exclamation-triangle",
    Kind.ESCALATED: "exclamation-triangle",
    Kind.HANDED_OVER: "person-circle",
    Kind.PERIOD: "lock",
}


@dataclass(frozen=True)
class Line:
    """One notice for reading."""

    notice: Notice

    @property
    def sentence(self) -> str:
        return sentence_of(self.notice)

    @property
    def detail(self) -> str:
        return detail_of(self.notice)

    @property
    def icon(self) -> str:
        return ICONS.get(Kind(self.notice.kind), "info-circle") if self.notice.kind in Kind.values else "info-circle"

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def leads(self) -> bool:
        return bool(safe_url(self.notice))


class NoticesPage:
    """The notices of one person, all or the unread ones; two queries."""

    def __init__(self, user: User, number: str | None, only_unread: bool = False) -> None:
        self.notices: QuerySet[Notice] = Notice.objects.filter(user=user)
        self.number, self.only_unread = number, only_unread

    @cached_property
    def _counts(self) -> dict[str, Any]:
        unread = Count("pk", filter=Q(read_at__isnull=True))
        return self.notices.aggregate(every=Count("pk"), unread=unread, newest=Max("pk"))

    @property
    def unread(self) -> int:
        return int(self._counts["unread"])

    @property
    def total(self) -> int:
        return int(self._counts["every"])

    @property
    def newest(self) -> int:
        """What comes after it the person has not been told of yet."""
        return int(self._counts["newest"] or 0)

    @cached_property
    def page(self) -> Page:
        shown = self.notices.filter(read_at__isnull=True) if self.only_unread else self.notices
        paginator = Paginator(shown.order_by("-at", "-pk"), PAGE_SIZE)
        paginator.count = self.unread if self.only_unread else self.total  # counted already
        return paginator.get_page(self.number)

    @cached_property
    def lines(self) -> list[Line]:
        return [Line(notice) for notice in self.page]


def fetch_notice(user: User, pk: int) -> Notice:
    """A notice of the person, else 404."""
    found = Notice.objects.filter(user=user, pk=pk).first() if pk <= LARGEST_KEY else None
    if found is None:
        raise Http404
    return found


def safe_url(notice: Notice) -> str:
    """Where the notice leads to, a page of this server; empty where it leads nowhere."""
    url = notice.url
    return url if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""
