"""Telling the heads concerned, and the other reviewers, that a period was closed or opened again."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from indicators.closing.snapshot import Waived
from indicators.models import Closure, Notice, Responsibility
from indicators.notices.actions import notify, reviewers_in
from strategy import clock
from strategy.access import in_force
from strategy.models import Membership, User
from strategy.periods import year_start


def tell(closure: Closure, by: User, waived: Iterable[Waived] = ()) -> None:
    """A notice to the heads of all units that answer for the period, with how many of their results were missing.

    And to the reviewers of the strategy unit, of whom one did it.
    """
    lacking = Counter(unit.pk for each in waived for unit in each.missing.responsible)
    by_count: dict[int, list[User]] = {}
    reviewers = reviewers_in(closure.plan.unit, closure.plan.strategy_unit_id)
    concerned = {user.pk: (user, 0) for user in reviewers} | _heads(closure, lacking)
    for user, count in concerned.values():
        by_count.setdefault(count, []).append(user)
    for count, users in by_count.items():
        facts = {**_facts(closure), "by": str(by), "missing": str(count) if count else ""}
        notify(users=users, kind=Notice.Kind.PERIOD, facts=facts, url=reverse("closure", args=[closure.pk]), by=by)


def _heads(closure: Closure, lacking: Counter[int]) -> dict[int, tuple[User, int]]:
    """Today's heads of the responsible units, each with what their units lack; one query."""
    start = year_start(closure.fiscal_year)
    duties = Responsibility.objects.filter(
        Q(start__isnull=True) | Q(start__lte=closure.until),
        Q(end__isnull=True) | Q(end__gte=start),
        indicator__plan=closure.plan_id,
    )
    heads = Membership.objects.filter(
        in_force(clock.today()),
        role=Membership.Role.HEAD,
        user__is_active=True,
        unit__in=duties.order_by().values("responsible_unit"),
    )
    found: dict[int, tuple[User, int]] = {}
    for row in heads.select_related("user").order_by("pk"):
        before = found[row.user_id][1] if row.user_id in found else 0
        found[row.user_id] = (row.user, before + lacking[row.unit_id])
    return found


def _facts(closure: Closure) -> dict[str, str]:
    """What the notice's sentence says; `reason` only of a reopening."""
    return {
        "change": "closed" if closure.reopened_at is None else "reopened",
        "until": closure.until.isoformat(),
        "plan": closure.plan.name,
        "revision": str(closure.revision),
        "reason": closure.reopened_reason,
    }
