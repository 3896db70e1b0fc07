"""What must hold for any text: it is read or refused with the module's own error, and what is read can be used."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from random import Random
from typing import TypeVar

from scoring.compiled import Calculation, Ruler, decimal_of
from scoring.formula import LIMIT, CannotCompute, Formula, FormulaError, NoCases, Ratio, Values, evaluate, parse_formula
from scoring.levels import Direction, Policy, Scale, direction_contradiction, passes, reached_edge
from scoring.notation import LONGEST_TEXT, Notation, NotationError, parse_notation
from scoring.rollup import grade_of
from scoring.syntax import MAX_LENGTH

KEPT = 200  # how many texts that could be read are kept to be used together

T = TypeVar("T")


class BrokenError(Exception):
    """Something that must hold does not."""


def must(holds: bool, what: str) -> None:
    if not holds:
        raise BrokenError(what)


@dataclass
class Findings:
    """What a run came upon. ``slowest`` has processor time in nanoseconds, the call and its text."""

    outcomes: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)
    slowest: tuple[int, str, str] = (0, "", "")

    def add(self, other: "Findings") -> None:
        self.outcomes += other.outcomes
        self.defects += other.defects
        self.slowest = max(self.slowest, other.slowest)


class Checks:
    """Uses texts as kpitrack does, and notes how long each call takes."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.found = Findings()
        self.text = ""
        self.notations: list[Notation] = [Notation()]
        self.formulas: list[Formula] = [parse_formula("A")]

    def run(self, check: Callable[[str], str], text: str) -> None:
        """One text. Whatever goes wrong is noted with the text, and the run goes on."""
        self.text = text
        try:
            self.found.outcomes[check(text)] += 1
        except Exception as error:
            self.found.outcomes["defect"] += 1
            self.found.defects.append(f"{type(error).__name__}: {str(error)[:200]}: {text[:300]!r}")

    def timed(self, call: Callable[..., T], *arguments: object) -> T:
        start = time.thread_time_ns()
        try:
            return call(*arguments)
        finally:
            taken = time.thread_time_ns() - start
            if taken > self.found.slowest[0]:
                self.found.slowest = (taken, call.__qualname__, self.text[:200])

    def keep(self, kept: list[T], one: T) -> None:
        if len(kept) < KEPT:
            kept.append(one)
        else:
            kept[self.random.randrange(KEPT)] = one

    # notations

    def notation(self, text: str) -> str:
        """Reads a notation, prints it, and bands and judges values with it."""
        try:
            notation = self.timed(parse_notation, text)
        except NotationError as error:
            must(0 <= error.position <= len(text), f"place {error.position}")
            must(len(error.message) < 300, "a message longer than a screen")
            return "refused"
        printed = notation.print()
        must(len(printed) <= LONGEST_TEXT, "printed longer than can be read")
        must(parse_notation(printed) == notation, "does not print back")
        self.keep(self.notations, notation)
        self.use(notation)
        return "read"

    def use(self, notation: Notation) -> None:
        random = self.random
        value = self.value()
        direction = random.choice(list(Direction))
        verdict = self.timed(passes, value, notation, direction)
        must(verdict is not True or notation.bare or notation.contains(value), "passes outside of its criterion")
        bands = [notation, *random.choices(self.notations, k=random.randint(0, 4))]
        scale = Scale(direction, tuple(enumerate(bands, start=random.randint(0, 1))))
        for policy in Policy:
            level = self.timed(Ruler(scale, policy).level, value, value.as_integer_ratio())
            must(level is None or 0 <= level <= len(bands), "level out of its scale")
        edge = self.timed(reached_edge, value, scale)
        must(edge is None or edge.reached_by(value, direction), "level without its edge")
        self.timed(direction_contradiction, scale)
        self.timed(grade_of, value, [("A", band) for band in bands])

    def value(self) -> Decimal:
        """A rounded value; within what a formula can come to."""
        random = self.random
        value = Decimal(random.choice((0, 1, random.randint(-200, 200), random.randint(-(10**15), 10**15))))
        return value.scaleb(random.choice((0, -1, -2, -2, -4, random.randint(-300, 300))))

    # formulas

    def formula(self, text: str) -> str:
        """Reads a formula, prints it, and computes it with random data."""
        try:
            formula = self.timed(parse_formula, text)
        except FormulaError as error:
            must(0 <= error.position <= len(text), f"place {error.position}")
            must(len(error.message) < 300, "a message longer than a screen")
            return "refused"
        printed = self.timed(formula.print)
        must(len(printed) <= MAX_LENGTH, "printed longer than can be read")
        must(parse_formula(printed) == formula, "does not print back")
        self.keep(self.formulas, formula)
        self.timed(formula.with_numbers, self.data(formula, wild=False))
        self.timed(getattr, formula, "run")  # compiles it
        outcomes = [self.compute(formula, self.data(formula, wild=wild)) for wild in (False, True)]
        return outcomes[0]

    def compute(self, formula: Formula, data: Values) -> str:
        calculation = Calculation(formula, self.derived(formula))
        try:
            self.timed(evaluate, formula, data)
            self.timed(calculation.missing, data)
            self.measured(self.timed(calculation.run, data))
            second = self.timed(calculation.run_second, data)
            must((second is not None) == formula.is_pair, "a pair without its second half")
        except CannotCompute:
            return "cannot compute"
        except NoCases:
            return "no cases"
        return "computed"

    def measured(self, ratio: Ratio) -> None:
        numerator, denominator = ratio
        must(0 < denominator < LIMIT and -LIMIT < numerator < LIMIT, "a ratio out of bounds")
        decimals = self.random.randint(0, 6)
        rounded = self.timed(decimal_of, ratio, decimals)
        must(abs(Fraction(rounded) - Fraction(*ratio)) * 2 * 10**decimals <= 1, "rounded by more than a half")

    def derived(self, formula: Formula) -> tuple[tuple[str, Formula], ...]:
        """Other formulas behind some of the names; circles come about by themselves."""
        names = [name for name in formula.ordered_names if self.random.random() < 0.2]
        return tuple((name, self.random.choice(self.formulas)) for name in islice(names, 8))

    def data(self, formula: Formula, *, wild: bool) -> Values:
        """Values for the names of a formula: such as are typed, or whatever a Decimal or Fraction can hold."""
        return {name: self.wild() if wild else self.typed() for name in formula.ordered_names}

    def typed(self) -> Decimal | None:
        random = self.random
        whole = random.choice((0, 1, random.randint(-20, 200), random.randint(-(10**15), 10**15)))
        return None if random.random() < 0.03 else Decimal(whole).scaleb(random.choice((0, 0, 0, -1, -2, -15, 24)))

    def wild(self) -> Decimal | Fraction | None:
        random = self.random
        far = random.choice((10, 199, 200, 398, 399, 400, 401, 1000, 999_999, 10**15))
        return random.choice(
            (
                None,
                Decimal(0),
                Decimal(f"-0E{far}"),
                Decimal(f"{random.randint(-9, 9)}E{far}"),
                Decimal(f"{random.randint(-9, 9)}E-{far}"),
                Decimal("9" * random.choice((1, 15, 200, 400, 800))),
                Decimal(random.choice(("NaN", "sNaN", "Infinity", "-Infinity"))),
                Fraction(random.randint(-99, 99), 10 ** random.randint(0, 450) + random.randint(0, 9)),
                self.typed(),
            )
        )
