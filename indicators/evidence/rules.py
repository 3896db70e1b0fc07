"""Who may see, add and take away evidence, and who may write a comment."""

from django.http import Http404

from indicators.models import Evidence, Result
from indicators.rules import EDITABLE, RoundAccess, fetch_round
from strategy.access import Permission
from strategy.models import User

MOST = 20  # files and links on one result


def may_change(access: RoundAccess) -> bool:
    """The unit, while it may still enter, and while what it submitted waits for a decision."""
    with_unit = access.status in EDITABLE or access.status == Result.Status.SUBMITTED
    return with_unit and access.takes_entries and access.is_entered


def is_reviewer(access: RoundAccess) -> bool:
    """Of the strategy unit, whether the period is closed or not."""
    return access.reach.may_on(Permission.REVIEW, access.plan)


def may_comment(access: RoundAccess) -> bool:
    """Who enters for the unit, and the reviewers; also in a closed period, but of a result that there is."""
    return access.result is not None and (access.is_entered or is_reviewer(access))


def fetch_evidence(user: User, pk: int, *, also_removed: bool = False) -> tuple[Evidence, RoundAccess]:
    """A file or link that the person may see, with its round; others get 404.

    What was taken away is there for the reviewers alone, who may have decided by it; with `also_removed` for those
    who enter as well, whose second click comes when it is gone.
    """
    found = Evidence.objects.select_related("result__measured_unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    access = fetch_round(user, found.result.round_id, found.result.measured_unit.code)
    is_there = found.removed_at is None or is_reviewer(access) or (also_removed and access.is_entered)
    if not access.may_see_values or not is_there:
        raise Http404
    return found, access
