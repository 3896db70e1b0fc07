"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from indicators.closing.missing import missing_of
from indicators.closing.period import ClosingPeriod
from indicators.closing.snapshot import take_snapshot
from indicators.models import Closure
from strategy import clock
from strategy.access import Permission, Reach
from strategy.models import Plan, User
from tests.matrix.address import DECISION, OPEN, Address

MARCH, FEBRUARY = 6, 5


def closure_of(plan: Plan, number: int = MARCH) -> Closure:
    """The period that ends with that month, closed by somebody who reviews the plan; made once."""
    period = ClosingPeriod(plan, 2560, number)
    revisions = Closure.objects.filter(plan=plan, number=number)
    found = revisions.filter(reopened_at=None).first()
    everybody = User.objects.order_by("pk")
    reviewer = next(user for user in everybody if Reach(user).may_on(Permission.REVIEW, plan))
    return found or Closure.objects.create(
        plan=plan, fiscal_year=2560, number=number, until=period.until, revision=revisions.count() + 1,
        snapshot=take_snapshot(period, [], by=reviewer), closed_by=reviewer, closed_at=clock.now(),
    )  # fmt: skip


def _closed_month(plan: Plan, code: str) -> list[Any]:
    closure_of(plan)
    return [plan.pk, 2560, MARCH]


def _waivers(plan: Plan, code: str) -> dict[str, Any]:
    """One reason for all that is missing, as the page of February sends it."""
    period = ClosingPeriod(plan, 2560, FEBRUARY)
    missing = missing_of(plan, 2560, period.until)
    seen = " ".join(f"{item.round.pk}-{item.unit.pk}:{item.status}" for item in missing)
    return {"reason_all": "ปิดตามกำหนด", "seen": seen}


CLOSES = """
    anonymous      login login  login login
    outsider       404   404    404   404
    reporter       404   404    404   404
    head           404   404    404   404
    other_head     404   404    404   404
    reviewer       200   302    200   302
    executive      404   404    404   404
    administrator  404   404    404   404
"""

ADDRESSES: dict[str, Address] = {
    "closing": Address("""
        anonymous      login login
        outsider       404   405
        reporter       404   405
        head           404   405
        other_head     404   405
        reviewer       200   405
        executive      404   405
        administrator  404   405
    """),
    # A period belongs to the whole plan: the second object is the same period.
    "closing_period": Address(CLOSES, takes="open_period"),
    "closing_reopen": Address(DECISION.replace("moved", "302"), takes="closed_period"),
    # All that was approved is public inside the hospital.
    "closure": Address(OPEN, takes="closure"),
    "closure_pdf": Address(OPEN, takes="closure"),
    "closure_xlsx": Address(OPEN, takes="closure"),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {
    "open_period": lambda plan, code: [plan.pk, 2560, FEBRUARY],
    "closed_period": _closed_month,
    "closure": lambda plan, code: [closure_of(plan).pk],
}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {"closing_period": _waivers}
