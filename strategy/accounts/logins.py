"""The log of log-ins: who came in, who did not, when, from which address and with what."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import Case, CharField, Max, Q, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

COLUMNS = ("attempt_time", "username", "ip_address", "user_agent", "kind")
IN, WRONG, LOCKED = "in", "wrong", "locked"
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Line/", "LINE"),
            ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
           ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True)
class LogIn:
    """One attempt, whether it succeeded, and from where."""

    at: datetime
    username: str
    address: str
    agent: str
    kind: str

    @property
    def is_in(self) -> bool:
        return self.kind == IN

    @property
    def outcome(self) -> str:
        if self.is_in:
            return _("เข้าสู่ระบบได้")
        return _("ไม่สำเร็จ และบัญชีถูกพัก") if self.kind == LOCKED else _("ไม่สำเร็จ")

    @property
    def device(self) -> str:
        """The browser and the system, as plainly as the browser says it."""
        return device_of(self.agent)


def device_of(agent: str) -> str:
    """``Chrome · Windows``; the beginning of what was sent where nothing of it is known."""
    found = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or re.sub(r"\s+", " ", agent)[:60] or _("ไม่ทราบอุปกรณ์")


def log_of(names: Q, *, kind: str = "") -> QuerySet[Any]:
    """Log-ins and refusals of the user names that the condition finds, latest first."""
    came = _came(names)
    failed = _failed(names)
    if kind == IN:
        return came.order_by("-attempt_time")
    if kind == WRONG:
        return failed.order_by("-attempt_time")
    return came.union(failed, all=True).order_by("-attempt_time")


def _came(names: Q) -> QuerySet[Any]:
    rows = AccessLog.objects.filter(names).annotate(kind=Value(IN, CharField()))
    return rows.order_by().values_list(*COLUMNS)


def _failed(names: Q) -> QuerySet[Any]:
    kind = Case(When(locked_out=True, then=Value(LOCKED)), default=Value(WRONG), output_field=CharField())
    return AccessFailureLog.objects.filter(names).annotate(kind=kind).order_by().values_list(*COLUMNS)


def read(rows: Iterable[Any]) -> list[LogIn]:
    """Rows of the log for a page."""
    return [LogIn(at, name or "", address or "", agent, kind) for at, name, address, agent, kind in rows]


def own_log(username: str, limit: int = 20) -> list[LogIn]:
    """A person's own last log-ins; one query."""
    return read(log_of(Q(username=username))[:limit])


@dataclass(frozen=True)
class LockOut:
    """A name that is locked out from one address for a while."""

    address: str
    until: datetime


def lock_outs(username: str) -> list[LockOut]:
    """From where a user name is locked out now; one query."""
    cool_off: timedelta = settings.AXES_COOLOFF_TIME
    return [LockOut(row["ip_address"] or "", row["last"] + cool_off) for row in _locked([username])]


def locked_names(usernames: Iterable[str]) -> set[str]:
    """Those of these user names that are locked out from somewhere now; one query."""
    return {row["username"] for row in _locked(usernames)}


def _locked(usernames: Iterable[str]) -> QuerySet[Any]:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = AccessAttempt.objects.filter(username__in=list(usernames), attempt_time__gte=since).order_by()
    counted = rows.values("username", "ip_address")
    summed = counted.annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return summed.filter(failures__gte=settings.AXES_FAILURE_LIMIT)
