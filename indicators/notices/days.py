"""On which days somebody is reminded of a result that is due, and when others are told of it. Pure.

A reminder belongs to the last of its days that has come. Who was told on that day or since has had it, so that a
day on which the command did not run is made up for, and a second run of a day sends nothing.
"""

from datetime import date, timedelta

from strategy.models import Plan


def reminder_day(due: date, today: date, plan: Plan) -> date | None:
    """The last day on which the unit was to be reminded: once before the due day, on it, after it and ever again.

    None where the first of them is still to come.
    """
    before = due - timedelta(days=plan.remind_before)
    if today < before:
        return None
    if today < due:
        return before
    return due if today == due else _repeated(due + timedelta(days=1), today, plan)


def escalation_day(due: date, today: date, plan: Plan) -> date | None:
    """The last day on which the group head and the strategy unit were to be told; None where it is too early."""
    first = due + timedelta(days=max(1, plan.escalate_after))
    return None if today < first else _repeated(first, today, plan)


def _repeated(first: date, today: date, plan: Plan) -> date:
    """The first day or the last of those that follow it every so many days."""
    every = max(1, plan.remind_every)
    return first + timedelta(days=(today - first).days // every * every)
