"""The numbers of the demo year: per KPI what a regional hospital of 1,000 beds counts in a round, and its drift.

Everything is whole numbers until the last division, so nothing is ever binary floating point.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from scoring.numbers import round_half_up

Data = dict[str, Decimal | None]
PERCENT = 10_000  # a share is given in hundredths of a percent


@dataclass(frozen=True)
class Stretch:
    """What a round covers: its number in the year, its days, and how many of them have passed."""

    number: int
    days: int
    passed: int


Figure = Callable[[Random, Stretch], Data]


@dataclass(frozen=True)
class Ratio:
    """A part and its whole: the part is `whole * rate / per`, the rate drifting from round to round."""

    whole: tuple[int, int]
    rate: int
    drift: int = 0
    spread: int = 0
    per: int = PERCENT
    items: tuple[str, str] = ("A", "B")
    places: int = 0

    def __call__(self, random: Random, stretch: Stretch) -> Data:
        whole = max(1, random.randint(*self.whole) * stretch.passed // stretch.days)
        rate = self.rate + self.drift * (stretch.number - 1) + random.randint(-self.spread, self.spread)
        part = round_half_up(Decimal(whole * max(rate, 0)) / self.per, self.places)
        return dict(zip(self.items, (part, Decimal(whole)), strict=True))


@dataclass(frozen=True)
class Occupancy:
    """Bed-days, beds and days: the share of bed-days drifts."""

    beds: int
    rate: int
    drift: int
    spread: int

    def __call__(self, random: Random, stretch: Stretch) -> Data:
        rate = self.rate + self.drift * (stretch.number - 1) + random.randint(-self.spread, self.spread)
        bed_days = self.beds * stretch.passed * rate // PERCENT
        return {"A": Decimal(bed_days), "B": Decimal(self.beds), "C": Decimal(stretch.passed)}


@dataclass(frozen=True)
class Span:
    """How long the round was, in parts of a day: 1440 for minutes."""

    item: str
    per_day: int

    def __call__(self, random: Random, stretch: Stretch) -> Data:
        return {self.item: Decimal(stretch.passed * self.per_day)}


class Listed:
    """Numbers written down round by round; the last stands for all that follow."""

    def __init__(self, **values: str) -> None:
        self.values = {item: text.split() for item, text in values.items()}

    def __call__(self, random: Random, stretch: Stretch) -> Data:
        return {item: Decimal(texts[min(stretch.number, len(texts)) - 1]) for item, texts in self.values.items()}


def steps(*numbers: str) -> Listed:
    """A milestone's five steps: which of them are done in each round, as `123`."""
    marks = {f"S{n}": " ".join("1" if str(n) in done else "0" for done in numbers) for n in range(1, 6)}
    return Listed(**marks)


def _pair(number: int) -> tuple[str, str]:
    return f"A{number}", f"B{number}"


FIGURES: Mapping[str, tuple[Figure, ...]] = {
    "1": (Listed(A="1", B="9"),),
    "2": (Ratio((7_100, 7_600), 33_600, 330, 250, items=("A", "B")),),  # visits outside for each inside
    "3": (Listed(A="4.65"),),
    "4": (Listed(A="8", B="18"),),
    "5": (Ratio((88, 112), 1_290, -50, 90),),
    "6": (Ratio((1_750, 2_050), 1_960, -35, 25),),
    "7(1)": (Ratio((190, 230), 1_822, -28, 14, per=10),),
    "7(2)(1)": (Ratio((48, 72), 2_450, -130, 250),),
    "7(2)(2)": (Ratio((820, 980), 2_060, -55, 120),),
    "7(2)(3)": (
        Ratio((2_500, 2_800), 1_420, -60, 90, items=_pair(3)),
        Ratio((2_100, 2_350), 1_180, -60, 90, items=_pair(4)),
        Ratio((580, 720), 900, -40, 80, items=_pair(5)),
    ),
    "7(3)": (
        Ratio((11, 18), 6_200, 250, 600, items=_pair(1)),
        Ratio((26, 40), 7_200, 120, 500, items=_pair(2)),
        Ratio((92, 124), 7_900, 80, 250, items=_pair(3)),
        Ratio((6, 11), 6_600, 200, 700, items=_pair(4)),
    ),
    "8": (Ratio((6_100, 6_600), 2_210, -55, 30),),
    "9(1)": (Occupancy(1_000, 11_480, -65, 60),),
    "9(2)": (Occupancy(186, 8_350, 120, 150),),
    "10": (Ratio((6_050, 6_450), 19_640, 110, 60, places=4),),
    "11(1)": (Ratio((4_600, 5_400), 8_440, 75, 60),),
    "11(2)": (Ratio((6_200, 6_900), 8_180, 80, 60),),
    "12(1)": (Ratio((9_200, 10_800), 8_760, 55, 50),),
    "12(2)": (Ratio((390, 450), 8_760, 50, 120),),
    "13(1)": (steps("123"),),
    "13(2)": (steps("1234"),),
    "13(3)": (steps("12"),),
    "13(4)": (steps("1235"),),
    "13(5)": (steps("12"),),
    "16": (Ratio((1_380, 1_540), 9_220, 40, 60),),
    "17": (Listed(A="4.80", B="-0.03 0.02 0.04 0.05 0.11 0.16"),),
    "18(1)": (steps("12"),),
    "18(2)": (steps("123"),),
    "18(3)": (Listed(A="1180", B="2140"),),
    "19": (Listed(A="42", B="96"),),
    "20": (Listed(A="38", B="96"),),
    "21": (Listed(A="1128 1574", B="2862"),),
    "22": (Ratio((11_200_000, 13_400_000), 11_350, -70, 130, items=("B", "A"), places=2),),
    "23": (
        Listed(
            A="1.38 1.41 1.44 1.47 1.49 1.52",
            B="1.08 1.09 1.11 1.12 1.14 1.15",
            C="0.71 0.72 0.74 0.75 0.77 0.78",
            D="212400000 218950000 224310000 229870000 236120000 241560000",
            E="-4120000 2380000 3150000 1960000 4870000 5230000",
            F="2.6 2.7 2.8 2.9 3.1 3.2",
        ),
    ),
    "24(1)": (Listed(A="1010.25", B="952.10 941.75 930.30 921.80 914.15 908.60"),),
    "24(2)": (Listed(A="15210.50", B="13920.40 13880.15 13790.60 13742.25 13695.80 13660.30"),),
    "25": (Ratio((29_400, 31_600), 1_556, -17, 12, per=10),),
    "26(1)": (Listed(A="92 102", B="120"),),
    "26(2)": (Listed(A="66 73", B="120"),),
    "27(1)": (steps("12345"),),
    "27(2)": (steps("1234"),),
    "27(3)": (steps("12345"),),
    "28": (Listed(A="62 48 0 55 35 22 18"), Span("B", 1_440)),
    "29": (Ratio((24_500_000, 31_200_000), 1_710, 90, 110, places=2),),
    "30": (Listed(A="6"),),
}
