"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from indicators.models import Responsibility
from strategy.models import Plan
from tests.matrix.address import Address

# Who enters for the unit: nobody else has a use for its file.
TABLE = """
    anonymous      login login  login login
    outsider       404   {post}  404   {post}
    reporter       200   {own}   404   {post}
    head           200   {own}   404   {post}
    other_head     404   {post}  200   {own}
    reviewer       404   {post}  404   {post}
    executive      404   {post}  404   {post}
    administrator  404   {post}  404   {post}
"""


def _unit(plan: Plan, code: str) -> list[Any]:
    """The unit that is responsible for the indicator's results."""
    found = Responsibility.objects.filter(indicator__plan=plan, indicator__code=code).order_by("position", "pk")
    return [found.values_list("responsible_unit", flat=True)[0]]


ADDRESSES: dict[str, Address] = {
    "workbook": Address(TABLE.format(post="405", own="405"), takes="workbook_unit"),
    # What these pages send is no file, so it is asked for.
    "workbook_upload": Address(TABLE.format(post="404", own="422"), takes="workbook_unit"),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"workbook_unit": _unit}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {}
