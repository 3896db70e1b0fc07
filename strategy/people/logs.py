"""The log of log-ins of an administrator's own people, and of names that nobody has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from strategy.access import Reach
from strategy.accounts.logins import WRONG, LogIn, log_of, read
from strategy.models import User
from strategy.people.scope import people_of


@dataclass(frozen=True)
class Row:
    """One line of the log with the person whose name it was."""

    log_in: LogIn
    person: User | None


def log_for(reach: Reach, chosen: Mapping[str, Any]) -> QuerySet[Any]:
    """Their own people's log-ins; of names that nobody has only for who looks after the whole system."""
    kind = chosen.get("kind", "")
    if reach.user.is_superuser and chosen.get("unknown"):
        words = Q(username__icontains=chosen["q"].replace("\0", "")) if chosen.get("q") else Q()
        nobody = ~Exists(User.objects.filter(username=OuterRef("username")))
        return log_of(Q(nobody) & words, kind=WRONG)
    people = people_of(reach)
    for word in chosen.get("q", "").replace("\0", " ").split():
        people = people.filter(
            Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    return log_of(Q(username__in=people.order_by().values("username")), kind=kind)


def rows_of(lines: Iterable[Any]) -> list[Row]:
    """With the people whose names they are; one query more."""
    log = read(lines)
    people = {user.username: user for user in User.objects.filter(username__in={each.username for each in log})}
    return [Row(each, people.get(each.username)) for each in log]
