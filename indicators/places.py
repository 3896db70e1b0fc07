"""Where a person finds one round's result: the page that they have of it."""

from django.urls import reverse

from indicators.rules import RoundAccess
from strategy.access import Permission


def own_page(access: RoundAccess) -> str:
    """The address of the page to review, to enter, else to read the result."""
    name = "entry" if access.is_own else "result_form"
    if access.result is not None and access.reach.may_on(Permission.REVIEW, access.plan):
        name = "review_detail"
    return reverse(name, args=[access.round.pk]) + access.query
