"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from indicators.models import Cancellation, Indicator
from strategy import clock
from strategy.models import Plan, User
from tests.matrix.address import Address

# Of the strategy unit alone. What these pages change is not the result: a redirect, and test_extensions and
# test_cancellations read what became of it.
OFFICE = """
    anonymous      login login  login login
    outsider       404   404    404   404
    reporter       404   404    404   404
    head           404   404    404   404
    other_head     404   404    404   404
    reviewer       200   302    200   302
    executive      404   404    404   404
    administrator  404   404    404   404
"""
LIFT = """
    anonymous      login login  login login
    outsider       405   404    405   404
    reporter       405   404    405   404
    head           405   404    405   404
    other_head     405   404    405   404
    reviewer       405   302    405   302
    executive      405   404    405   404
    administrator  405   404    405   404
"""


def _cancelled(plan: Plan, code: str) -> list[Any]:
    """An indicator that is cancelled this year."""
    indicator = Indicator.objects.get(plan=plan, code=code)
    by, at = User.objects.get(username="reviewer"), clock.now()
    facts = {"day": clock.today(), "reason": "ยุบรวมกับตัวชี้วัดอื่น", "by": by, "at": at}
    Cancellation.objects.get_or_create(indicator=indicator, fiscal_year=2560, lifted_at=None, defaults=facts)
    return [indicator.pk]


def _lift(plan: Plan, code: str) -> dict[str, Any]:
    found = Cancellation.objects.filter(indicator__plan=plan, indicator__code=code).last()
    return {"cancellation": found.pk if found else 0, "reason": "กลับมาใช้"}


ADDRESSES: dict[str, Address] = {
    "round_extend": Address(OFFICE, takes="round"),
    "indicator_cancel": Address(OFFICE, takes="indicator"),
    "indicator_lift": Address(LIFT, takes="cancelled"),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"cancelled": _cancelled}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {
    "round_extend": lambda plan, code: {"until": "28 เม.ย. 2560", "reason": "ระบบข้อมูลล่ม", "seen": "0"},
    "indicator_cancel": lambda plan, code: {"day": "15 เม.ย. 2560", "reason": "ยุบรวมกับตัวชี้วัดอื่น"},
    "indicator_lift": _lift,
}
