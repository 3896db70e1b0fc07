"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from indicators.models import Notice
from strategy import clock
from strategy.models import OrgUnit, Plan, User
from tests.matrix.address import Address

EVERYBODYS = """
    anonymous      login login
    outsider       200   405
    reporter       200   405
    head           200   405
    other_head     200   405
    reviewer       200   405
    executive      200   405
    administrator  200   405
"""
THE_REVIEWERS = """
    anonymous      login login
    outsider       404   405
    reporter       404   405
    head           404   405
    other_head     404   405
    reviewer       200   405
    executive      404   405
    administrator  404   405
"""


def _notice(plan: Plan, code: str) -> list[Any]:
    """An unread notice of the head who answers for the KPI; made once."""
    duty = {"responsibilities__indicator__plan": plan, "responsibilities__indicator__code": code}
    unit = OrgUnit.objects.filter(**duty).first()
    user = User.objects.filter(memberships__unit=unit, memberships__role="head").order_by("pk").first()
    found = Notice.objects.filter(user=user).first()
    return [(found or Notice.objects.create(user=user, kind="comment", url="/", at=clock.now())).pk]


ADDRESSES: dict[str, Address] = {
    "notices": Address(EVERYBODYS),
    "notices_read": Address("""
        anonymous      login login
        outsider       405   302
        reporter       405   302
        head           405   302
        other_head     405   302
        reviewer       405   302
        executive      405   302
        administrator  405   302
    """),
    # Everybody has their own alone.
    "notice_open": Address(
        """
        anonymous      login login  login login
        outsider       405   404    405   404
        reporter       405   404    405   404
        head           405   302    405   404
        other_head     405   404    405   302
        reviewer       405   404    405   404
        executive      405   404    405   404
        administrator  405   404    405   404
        """,
        takes="notice",
    ),
    "silent": Address(THE_REVIEWERS),
    "silent_list": Address(THE_REVIEWERS),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"notice": _notice}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {}
