"""The scoring core beside a bare loop of the same Decimal arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

from scoring.levels import Direction
from scoring.score import score_data, score_number
from scoring.template import Item, Kind, Printed, Template
from script.benchmark.timing import seconds

COUNT = 50_000
RUNS = 5
BANDS = ("≥87", "80 - 86", "75 - 79", "70 - 74", "65 - 69")
EDGES = tuple(Decimal(edge) for edge in (87, 80, 75, 70, 65))


def template() -> Template:
    """A percentage with five bands, as most KPIs of the plan are."""
    return Template(
        code="bench", name="", fiscal_year=2560, revision=1, kind=Kind.FORMULA, unit="ร้อยละ",
        direction=Direction.HIGHER, formula="A/B*100", items=(Item("A", ""), Item("B", "")),
        bands=tuple((level, Printed(text)) for level, text in zip((5, 4, 3, 2, 1), BANDS, strict=True)),
        pass_criterion=Printed("≥87"),
    )  # fmt: skip


def rows() -> list[dict[str, Decimal | None]]:
    return [{"A": Decimal(n % 997), "B": Decimal(1000 + n % 13)} for n in range(COUNT)]


def bare(data: list[dict[str, Decimal]]) -> None:
    """The floor: divide, multiply, round half-up, compare with five edges, and nothing else."""
    cent, hundred = Decimal("0.01"), Decimal(100)
    for row in data:
        value = (row["A"] / row["B"] * hundred).quantize(cent, ROUND_HALF_UP)
        level = 5
        for edge in EDGES:
            if value >= edge:
                break
            level -= 1


def run() -> None:
    data, one = rows(), template()
    floor = seconds(lambda: bare(data), RUNS)  # type: ignore[arg-type]
    core = seconds(lambda: [score_number(one, row) for row in data] and None, RUNS)
    full = seconds(lambda: [score_data(one, row) for row in data] and None, RUNS)
    print("core: results scored per second (formula, rounding half-up, bands), median of 5 runs")
    for name, taken in (("bare Decimal loop", floor), ("value and level", core), ("with pass and warnings", full)):
        print(f"  {name:24} {COUNT / taken:12,.0f} /s   {taken / floor:6.2f} x the bare loop's time")
