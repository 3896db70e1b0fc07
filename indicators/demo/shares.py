"""The numbers behind KPI 14, 15(1) and 15(2) of the demo year: what each of their children reports, round by round."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from indicators.demo.figures import FIGURES, Data, Figure, Listed, Stretch

# Service plan, the first half-year: 21 of 24 pass. 14(11) is as far as KPI 1, 14(20) counts the year's donors,
# and 14(22) is never reported.
SERVICE_PLAN: Mapping[str, Figure] = {
    "14(1)": Listed(A="8.74"),
    "14(2)": Listed(A="0.52", B="1.13"),
    "14(3)": Listed(A="3.85"),
    "14(4.1)": Listed(A="4.21"),
    "14(4.2)": Listed(A="0.84"),
    "14(4.3)": Listed(A="11.42", B="12.08"),
    "14(5)": Listed(A="86.30"),
    "14(6)": Listed(A="0"),
    "14(7)": Listed(A="0"),
    "14(8)": Listed(A="29.46"),
    "14(9)": Listed(A="8.42", B="9.59"),
    "14(10)": Listed(P="1"),
    "14(11)": Listed(A="11.11"),
    "14(12)": Listed(A="36.40"),
    "14(13)": Listed(A="65.82"),
    "14(14)": Listed(A="83.10"),
    "14(15)": Listed(A="17.93"),
    "14(16)": Listed(A="24.60"),
    "14(17)": Listed(A="118"),
    "14(18)": Listed(A="3.12"),
    "14(19)": Listed(A="12.21"),
    "14(20)": Listed(A="9"),
    "14(21)": Listed(A="2"),
    "14(22)": Listed(A="1"),
}

PRESSURE_ULCERS = "15(1)(9)"
# Zero defect: nothing happened, but for pressure ulcers in some months.
ZERO_DEFECT: Mapping[str, Figure] = {
    **{f"15(1)({number})": Listed(A="0") for number in range(1, 11)},
    PRESSURE_ULCERS: Listed(A="1 0 2 1 0 0"),
}

# Clinical KPIs (THIP II): the weakest first, and how many of them fail in each month from October. The rest passes.
CLINICAL = "15(2)("
WEAKEST = (
    "DC0101", "DC0201", "SI0101", "DN0110", "CI0101", "DS0201", "DR0203", "DH0110", "SI0301", "DR0402", "CM0107",
    "DC0501", "DG0103", "CA0102", "CO0107",
)  # fmt: skip
FAILING = (15, 14, 12, 13, 10, 8)

ALL_FIGURES: Mapping[str, tuple[Figure, ...]] = {
    **FIGURES,
    **{code: (figure,) for code, figure in {**SERVICE_PLAN, **ZERO_DEFECT}.items()},
}


def round_data(code: str, random: Random, stretch: Stretch) -> Data:
    """What was counted for a KPI in a round; empty for a KPI that the demo does not know."""
    if code.startswith(CLINICAL):
        return _judged(code.removeprefix(CLINICAL).removesuffix(")"), stretch.number)
    data: Data = {}
    for figure in ALL_FIGURES.get(code, ()):
        data |= figure(random, stretch)
    return data


def _judged(code: str, month: int) -> Data:
    failing = FAILING[min(month, len(FAILING)) - 1]
    return {"P": Decimal(code not in WEAKEST[:failing])}
