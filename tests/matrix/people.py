"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from indicators.models import Responsibility
from strategy import clock
from strategy.models import Membership, OrgUnit, Plan, User
from tests.matrix.address import Address

TODAY = "15 เม.ย. 2560"
# A page of the administrators alone, about nobody in particular.
LIST = """
    anonymous      login login
    outsider       404   405
    reporter       404   405
    head           404   405
    other_head     404   405
    reviewer       404   405
    executive      404   405
    administrator  200   405
"""
# A decision of the administrators about one person or role; what it answers to a right form.
DECISION = """
    anonymous      login login  login login
    outsider       404   404    404   404
    reporter       404   404    404   404
    head           404   404    404   404
    other_head     404   404    404   404
    reviewer       404   404    404   404
    executive      404   404    404   404
    administrator  200   302    200   302
"""
ASKS_AGAIN = DECISION.replace("302", "200")
ADDRESSES: dict[str, Address] = {
    "people": Address(LIST),
    "people_logins": Address(LIST),
    # What is sent names nobody, so it is asked for.
    "person_add": Address(LIST.replace("405", "404").replace("200   404", "200   200")),
    "person_detail": Address(
        DECISION.replace("404   404    404   404", "404   405    404   405").replace("302", "405"), takes="person"
    ),
    "person_edit": Address(DECISION, takes="person"),
    "person_password": Address(ASKS_AGAIN, takes="person"),  # the password is on the page, once
    "person_active": Address(DECISION, takes="person"),
    "person_unlock": Address(DECISION, takes="person"),
    "person_factor": Address(ASKS_AGAIN, takes="person"),  # there is none to remove
    "role_give": Address(DECISION, takes="person"),
    "role_end": Address(DECISION, takes="role"),
    # Units: the administrators', and a head's own.
    "units": Address("""
        anonymous      login login
        outsider       404   405
        reporter       404   405
        head           200   405
        other_head     200   405
        reviewer       404   405
        executive      404   405
        administrator  200   405
    """),
    "unit_detail": Address(
        """
        anonymous      login login  login login
        outsider       404   405    404   405
        reporter       404   405    404   405
        head           200   405    404   405
        other_head     404   405    200   405
        reviewer       404   405    404   405
        executive      404   405    404   405
        administrator  200   405    200   405
        """,
        takes="own_unit",
    ),
    "deputy_appoint": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       404   404    404   404
        head           200   302    404   404
        other_head     404   404    200   302
        reviewer       404   404    404   404
        executive      404   404    404   404
        administrator  200   302    200   302
        """,
        takes="own_unit",
    ),
    "deputy_end": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       404   404    404   404
        head           200   302    404   404
        other_head     404   404    200   302
        reviewer       404   404    404   404
        executive      404   404    404   404
        administrator  200   302    200   302
        """,
        takes="deputy",
    ),
    "hand_over": Address(DECISION, takes="own_unit"),
}


def own_unit(plan: Plan, code: str) -> OrgUnit:
    """The unit that enters the indicator, and has a head."""
    rows = Responsibility.objects.filter(indicator__plan=plan, indicator__code=code)
    headed = rows.filter(responsible_unit__memberships__role="head")
    return headed.select_related("responsible_unit").order_by("position", "pk")[0].responsible_unit


def head_role(plan: Plan, code: str) -> Membership:
    return Membership.objects.filter(unit=own_unit(plan, code), role="head", deputy_of__isnull=True).order_by("pk")[0]


def deputy(plan: Plan, code: str) -> Membership:
    """Somebody who stands in for that head today."""
    unit = own_unit(plan, code)
    standing_in = Membership.objects.filter(unit=unit, deputy_of__isnull=False).first()
    if standing_in is not None:
        return standing_in
    user = User.objects.create(username=f"deputy-{unit.code}")
    end = clock.today() + timedelta(days=7)
    return Membership.objects.create(
        user=user, unit=unit, role="head", start=clock.today(), end=end, deputy_of=head_role(plan, code).user
    )


TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {
    "person": lambda plan, code: [head_role(plan, code).user_id],
    "role": lambda plan, code: [head_role(plan, code).pk],
    "own_unit": lambda plan, code: [own_unit(plan, code).pk],
    "deputy": lambda plan, code: [deputy(plan, code).pk],
}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {
    "person_edit": lambda plan, code: {"first_name": "สมศรี", "last_name": "ใจงาม", "email": ""},
    "person_password": lambda plan, code: {"kind": "password"},
    "person_active": lambda plan, code: {"active": "0"},
    "role_give": lambda plan, code: {"unit": plan.unit.code, "role": "reporter", "start": TODAY},
    "role_end": lambda plan, code: {"last": TODAY},
    "deputy_appoint": lambda plan, code: {
        "of": head_role(plan, code).user_id, "deputy": "reviewer", "start": TODAY, "end": "30 เม.ย. 2560",
    },
    "deputy_end": lambda plan, code: {"last": TODAY},
    "hand_over": lambda plan, code: {"leaving": head_role(plan, code).pk, "to": "reviewer", "day": TODAY},
}  # fmt: skip
