"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from indicators.models import RecoveryMeasure, Result
from strategy import clock
from strategy.models import Plan
from tests.matrix.address import Address


def _measure(plan: Plan, code: str) -> list[Any]:
    """A measure for the result of March."""
    result = Result.objects.get(round__indicator__plan=plan, round__indicator__code=code, round__number=6)
    measure = RecoveryMeasure.objects.create(
        result=result, what="เพิ่มช่องบริการ", who="หัวหน้า", by_when=date(2017, 5, 31), created_by=result.entered_by,
        created_at=clock.now(),
    )  # fmt: skip
    return [measure.pk]


# A measure changes nothing in the result itself, so what moves shows as 302.
ADDRESSES: dict[str, Address] = {
    "recovery_list": Address("""
        anonymous      login login
        outsider       404   405
        reporter       200   405
        head           200   405
        other_head     200   405
        reviewer       200   405
        executive      200   405
        administrator  200   405
    """),
    "recovery_add": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       200   302    404   404
        head           200   302    404   404
        other_head     404   404    200   302
        reviewer       200   403    200   403
        executive      200   403    200   403
        administrator  200   403    200   403
        """,
        takes="round",
    ),
    "recovery": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       200   302    404   404
        head           200   302    404   404
        other_head     404   404    200   302
        reviewer       200   302    200   302
        executive      200   403    200   403
        administrator  200   403    200   403
        """,
        takes="measure",
    ),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"measure": _measure}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {
    "recovery_add": lambda plan, code: {"what": "เพิ่มช่องบริการ", "who": "หัวหน้า", "by_when": "31 พ.ค. 2560"},
    "recovery": lambda plan, code: {"step": "progress", "text": "ประชุมแล้ว", "lock": "1"},
}
