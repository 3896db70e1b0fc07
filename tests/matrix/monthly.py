"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from indicators.models import Responsibility
from strategy.models import Plan
from tests.matrix.address import Address


def _unit_in_march(plan: Plan, code: str) -> list[Any]:
    """The unit that is responsible for the indicator's results, and March 2560."""
    found = Responsibility.objects.filter(indicator__plan=plan, indicator__code=code).order_by("position", "pk")
    return [found.values_list("responsible_unit", flat=True)[0], 2560, 6]


ADDRESSES: dict[str, Address] = {
    # Who reads everything may look at a unit's month; who enters for the unit fills it.
    "month": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       200   moved  404   404
        head           200   moved  404   404
        other_head     404   404    200   moved
        reviewer       200   403    200   403
        executive      200   403    200   403
        administrator  200   403    200   403
        """,
        takes="unit_month",
    ),
    # A row inside the page: a log-in page has no place there, so 401 tells the script.
    "month_row": Address(
        """
        anonymous      405   401              405   401
        outsider       405   404              405   404
        reporter       405   moved_with_200   405   404
        head           405   moved_with_200   405   404
        other_head     405   404              405   moved_with_200
        reviewer       405   404              405   404
        executive      405   404              405   404
        administrator  405   404              405   404
        """,
        takes="unit_month",
    ),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"unit_month": _unit_in_march}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {}
