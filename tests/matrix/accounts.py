"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from strategy.models import Plan
from tests.matrix.address import Address

PEOPLE = ("outsider", "reporter", "head", "other_head", "reviewer", "executive", "administrator")


def table(anonymous: str, everybody: str) -> str:
    """One's own account is the same for everybody who is logged in."""
    return "\n".join([f"anonymous {anonymous}", *(f"{person} {everybody}" for person in PEOPLE)])


ADDRESSES: dict[str, Address] = {
    "account": Address(table("login login", "200 405")),
    "resume": Address(table("login login", "200 302")),
    # Nobody of the cast has a second factor: nothing to verify, to renew or to switch off.
    "second_factor": Address(table("login login", "302 302")),
    "second_factor_set_up": Address(table("login login", "200 200")),
    "recovery_codes": Address(table("login login", "302 302")),
    "second_factor_off": Address(table("login login", "302 302")),
    # Open to whoever comes.
    "password_reset": Address(table("200 200", "200 200")),
    "password_reset_done": Address(table("200 405", "200 405")),
    "password_reset_complete": Address(table("200 405", "200 405")),
    # A link that is not valid says so, whatever is asked of it.
    "password_reset_confirm": Address(
        table("200 200 200 200", "200 200 200 200"), takes="reset", others="200", is_public=True
    ),
}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {"reset": lambda plan, code: ["MQ", "wrong-token"]}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {}
