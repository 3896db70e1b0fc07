"""The addresses of this part (tests/access_matrix.py says how to read a row).

TAKES: for a word in Address.takes, what makes the arguments of the address for a plan and an indicator's code.
SENDS: for a name, what its form sends, as a function of the plan and the code.
"""

from collections.abc import Callable
from typing import Any

from strategy.models import Plan
from tests.matrix.address import Address

ADDRESSES: dict[str, Address] = {}
TAKES: dict[str, Callable[[Plan, str], list[Any]]] = {}
SENDS: dict[str, Callable[[Plan, str], dict[str, Any]]] = {}
