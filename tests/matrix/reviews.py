"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from indicators.models import Result
from strategy.models import Plan
from tests.matrix.address import Address


def _send_back(plan: Plan, code: str) -> dict[str, Any]:
    """Everything that was submitted, of every unit."""
    rows = Result.objects.filter(round__indicator__plan=plan, status="submitted")
    picked = [f"{pk}:{lock}" for pk, lock in rows.values_list("pk", "lock")]
    return {"action": "return", "picked": picked, "reason": "ตัวเลขไม่ตรงกับทะเบียน"}


ADDRESSES: dict[str, Address] = {
    # Posted, a decision about what is ticked.
    "review_list": Address(
        """
        anonymous      login login
        outsider       404   404
        reporter       404   404
        head           404   404
        other_head     404   404
        reviewer       200   moved
        executive      404   404
        administrator  404   404
        """,
        status="submitted",
    ),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {"review_list": _send_back}
