"""Who may add, follow up and close recovery measures."""

from dataclasses import dataclass

from django.http import Http404

from indicators.models import RecoveryMeasure
from indicators.recovery.queries import UNCLOSED
from indicators.rules import RoundAccess, fetch_round
from strategy.access import Permission
from strategy.models import User

Status = RecoveryMeasure.Status


def may_add(access: RoundAccess) -> bool:
    """Who enters for the unit, in whatever state the result is, until the period is closed."""
    return access.has_begun and access.is_open and access.is_entered


@dataclass(frozen=True)
class MeasureAccess:
    """One measure with what one person may do with it."""

    measure: RecoveryMeasure
    access: RoundAccess

    @property
    def is_unclosed(self) -> bool:
        return self.measure.status in UNCLOSED

    @property
    def is_of_unit(self) -> bool:
        """The person acts for the unit whose measure it is."""
        return self.access.is_entered

    @property
    def is_of_reviewers(self) -> bool:
        return self.access.reach.may_on(Permission.REVIEW, self.access.plan)

    @property
    def may_report(self) -> bool:
        return self.is_unclosed and (self.is_of_unit or self.is_of_reviewers)

    @property
    def may_finish(self) -> bool:
        """Say that it is done; whether that is so, the strategy unit decides by closing it."""
        return self.is_of_unit and self.measure.status == Status.OPEN

    @property
    def may_close(self) -> bool:
        return self.is_of_reviewers and self.is_unclosed

    @property
    def may_reopen(self) -> bool:
        return self.is_of_reviewers and self.measure.status != Status.OPEN

    @property
    def may_drop(self) -> bool:
        return self.is_of_reviewers and self.is_unclosed

    @property
    def may_follow_up(self) -> bool:
        """Anything at all."""
        return self.may_report or self.may_reopen


def fetch_measure(user: User, pk: int) -> MeasureAccess:
    """A measure of the person's own units, of their plan for reviewers and executives; others get 404."""
    related = ("result__measured_unit", "created_by")
    found = RecoveryMeasure.objects.select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    access = fetch_round(user, found.result.round_id, found.result.measured_unit.code)
    if not access.may_see_draft:
        raise Http404
    return MeasureAccess(found, access)
