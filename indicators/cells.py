"""The rounds of an indicator with what was reported for them: one result each, or one of each measured unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from indicators.models import IndicatorVersion, Result, Round
from indicators.schedule.standing import due_of
from scoring.explain import State
from scoring.template import Kind
from strategy.models import OrgUnit, User


class CardState(StrEnum):
    """Never the same thing (DESIGN.md section 4): each has its own name, look and effect."""

    HEADING = "heading"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    REPORTED = "reported"
    NO_CASES = "no_cases"
    CANNOT_COMPUTE = "cannot_compute"
    NOT_APPLICABLE = "not_applicable"
    CANCELLED = "cancelled"


Data = Mapping[str, Decimal | None]


BY_SCORE = {
    State.COMPUTED: CardState.REPORTED,
    State.NO_CASES: CardState.NO_CASES,
    State.NOT_APPLICABLE: CardState.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class Cancelled:
    """From which day of the year an indicator is cancelled, and why."""

    day: date
    reason: str


@dataclass(frozen=True)
class UnitCell:
    """What one measured unit has reported in one round of an indicator that is measured in many.

    `responsible`: who entered its results at any time of the round.
    """

    unit: OrgUnit
    result: Result | None
    data: Data
    is_due: bool
    version: IndicatorVersion  # the revision that scored the result, else the active one
    responsible: tuple[OrgUnit, ...] = ()
    extended_until: date | None = None

    @property
    def is_approved(self) -> bool:
        return self.result is not None and self.result.status == Result.Status.APPROVED

    @property
    def is_not_applicable(self) -> bool:
        """Said so by the unit, with a reason that was approved: it is not counted at all."""
        return self.is_approved and _is_not_applicable(self.result)

    @property
    def level(self) -> Decimal | None:
        """Of an approved result; the others do not count."""
        return self.result.level if self.result and self.is_approved else None

    @property
    def state(self) -> CardState:
        if self.result is not None and self.is_approved:
            return BY_SCORE.get(State(self.result.state), CardState.CANNOT_COMPUTE)
        return CardState.NOT_REPORTED if self.is_due else CardState.NOT_DUE


@dataclass(frozen=True)
class RoundCell:
    """One round of an indicator with its result, if there is one, and what was typed for it.

    Of an indicator that is measured in many units there is no result of its own but one of each of `units`.
    """

    round: Round
    result: Result | None
    is_due: bool  # its due day has passed, with the time that was granted, and it is owed
    data: Data
    version: IndicatorVersion  # the revision that scored the result, else the active one
    units: tuple[UnitCell, ...] = ()
    extended_until: date | None = None
    is_cancelled: bool = False  # the indicator was cancelled before it ended

    @property
    def due(self) -> date:
        """The day by which it is due, with the time that was granted."""
        return due_of(self.round.due, self.extended_until)

    @property
    def has_numbers(self) -> bool:
        """Approved with something to add to the year: not said to be not applicable."""
        return self.is_approved and not _is_not_applicable(self.result)

    @property
    def is_approved(self) -> bool:
        """With its result; with those of all measured units."""
        if self.units:
            return all(unit.is_approved for unit in self.units)
        return self.result is not None and self.result.status == Result.Status.APPROVED

    @property
    def approved_results(self) -> list[Result]:
        """Its own approved result, or those of the measured units."""
        if not self.units:
            return [self.result] if self.result is not None and self.is_approved else []
        return [unit.result for unit in self.units if unit.result is not None and unit.is_approved]


def _is_not_applicable(result: Result | None) -> bool:
    return result is not None and result.state == State.NOT_APPLICABLE


@dataclass(frozen=True)
class Assessed:
    """What a reviewer gave beside the computed level, and why (DESIGN.md section 4, "Computed and assessed")."""

    level: Decimal | None
    passed: bool | None
    reason: str
    result: Result

    @property
    def by(self) -> User | None:
        """Comes with the result where `people` asks for assessed_by."""
        return self.result.assessed_by

    @property
    def at(self) -> datetime | None:
        return self.result.assessed_at


def assessed_of(result: Result | None) -> Assessed | None:
    """The reviewer's assessment of a result; None where there is none."""
    if result is None or (result.assessed_level is None and result.assessed_passed is None):
        return None
    return Assessed(result.assessed_level, result.assessed_passed, result.assessed_reason, result)


def counted_verdict(kind: Kind, computed: bool | None, assessed: bool | None) -> bool | None:
    """Whose verdict counts: the computed one; of a yes or no, and where no criterion judges, the reviewer's."""
    if assessed is None:
        return computed
    return assessed if computed is None or kind is Kind.QUALITATIVE else computed
