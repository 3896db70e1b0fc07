"""The one clock of kpitrack: the real date in Thailand, or KPITRACK_TODAY where it is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_acted: ContextVar[datetime | None] = ContextVar("acted", default=None)


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """For this block it is that moment: the demo year acts what happened on days gone by."""
    token = _acted.set(moment)
    try:
        yield
    finally:
        _acted.reset(token)


def today() -> date:
    """The date that all rules use (the demo year runs on 15 April 2560)."""
    if acted := _acted.get():
        return day_of(acted)
    fixed: date | None = settings.KPITRACK_TODAY
    return fixed or timezone.localdate()


def now() -> datetime:
    """The moment that is stored with an event: on the fixed day the clock still goes round."""
    if acted := _acted.get():
        return acted
    moment = timezone.localtime()
    return moment.replace(year=today().year, month=today().month, day=today().day) if is_fixed() else moment


def day_of(moment: datetime) -> date:
    """The day on which something happened, as people in Thailand call it."""
    return timezone.localtime(moment).date()


def is_fixed() -> bool:
    """Whether the clock stands still, which every page then says."""
    return settings.KPITRACK_TODAY is not None
