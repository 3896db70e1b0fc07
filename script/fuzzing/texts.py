"""Random texts around a grammar: such as it reads, such as it nearly reads, and such as nobody would type."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

import yaml

from scoring import notation, syntax

PLAN = Path(__file__).parent.parent.parent / "fixtures" / "kkh2560.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where PyYAML has it
NOTATION_KEYS = {"bands", "pass", "plan_target", "template_target", "text", "target"}
NAMES = ("A", "B", "C", "A1", "B_2", "e9", "x", "SUM2", "a" * 30)
# Thai vowels and tone marks alone, other marks, invisible and right-to-left characters, NUL, half a surrogate pair,
# digits of other scripts, other spaces and line ends, characters that change their length in upper case.
ODD = tuple(
    "่้๊็์ัิุำเๆ฿ก๑\u0301\u0338\u20dd\u200b\u200c\u200d\u2060\ufeff\u202e\u202d\u2066\u200fאش\x00\x01\x1b\x7f\ud800\udfff"
    "\U0010ffff😀½²₂Ⅷ٣３𝟗①ﷺßİ＋×÷−–—‐≥≤≠‹›“'\"\\{}[]$#@!~^& \n\r\t\x0b\u00a0\u2028\u0085\u3000"
)
LENGTHS = (2, 3, 5, 8, 13, 20, 33, 49, 50, 51, 60, 100, 199, 200, 201, 400, 999, 2000, 2001, 5000)
VERY_LONG = 100_000


@cache
def plan_texts() -> tuple[list[str], list[str]]:
    """The notations and the formulas of the plan as printed, each once."""
    notations: dict[str, None] = {}
    formulas: dict[str, None] = {}
    with PLAN.open(encoding="utf-8") as file:
        for key, text in _leaves(yaml.load(file, LOADER)):
            if key in NOTATION_KEYS:
                notations[text] = None
            elif key in ("formula", "formula_printed"):
                formulas[text] = None
    return list(notations), list(formulas)


def _leaves(node: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, child in node.items():
            # The bands of a year are texts under their levels.
            yield from _leaves(child, key if key == "bands" else str(name))
    elif isinstance(node, list):
        for child in node:
            yield from _leaves(child, key)
    elif isinstance(node, str):
        yield key, node


class Texts:
    """Random texts of one kind. ``grow`` makes one by the grammar, ``words`` are its signs and words."""

    def __init__(self, random: Random, real: Sequence[str], words: Sequence[str], grow: Callable[[], str]) -> None:
        self.random = random
        self.real = real
        self.words = words
        self.grow = grow

    def one(self) -> str:
        """The next text."""
        kinds = (self.grow, self.changed_real, self.changed_grown, self.soup, self.characters, self.hostile)
        return self.random.choices(kinds, (40, 20, 15, 15, 6, 4))[0]()

    def changed_real(self) -> str:
        return self.changed(self.random.choice(self.real))

    def changed_grown(self) -> str:
        return self.changed(self.grow())

    def changed(self, text: str) -> str:
        """The text with one to four small changes."""
        random = self.random
        for _change in range(random.randint(1, 4)):
            start = random.randint(0, len(text))
            end = min(len(text), start + random.choice((0, 0, 1, 1, 2, 5)))
            piece = random.choice((random.choice(ODD), random.choice(self.words), "", text[start:end] * 2))
            text = text[:start] + piece + text[end:]
        return text

    def soup(self) -> str:
        """Signs and words of the grammar in any order."""
        glue = self.random.choice(("", "", " "))
        return glue.join(self.random.choices(self.words, k=self.random.randint(1, 14)))

    def characters(self) -> str:
        """Any characters at all."""
        random = self.random
        if random.random() < 0.3:
            return random.randbytes(random.randint(0, 40)).decode("latin-1")
        return "".join(
            random.choice(ODD) if random.random() < 0.5 else chr(random.randrange(0x110000))
            for _place in range(random.randint(0, 40))
        )

    def hostile(self) -> str:
        """What breaks careless readers: depth, length, powers, long numbers, much of the same."""
        random = self.random
        n = VERY_LONG if random.random() < 0.01 else random.choice(LENGTHS)
        word, start = random.choice((*self.words, *ODD)), random.choice(self.words)
        shapes = (
            word * n,
            start + word * n,
            word * n + start,
            (word + start) * n,
            f"{start}{'(' * n}{start}{')' * n}",
            f"5 ({word * n}",
            f"5 ({' ' * n}{word}{' ' * n}",
            f"{'-' * n}1",
            f"{'abs(' * n}A{')' * n}",
            f"{'if(A>0,' * n}A{',0)' * n}",
            f"sum({','.join(['A/B'] * n)})",
            "**".join("9" * min(n, 1000)),
            "*".join(["999999999999999"] * n),
            "/".join(["0.00000000000001"] * n),
            f"{'9' * n}.{'9' * n}",
            f"{'0' * n}.{'0' * n}1",
            f"{'1,' * n}1",
            f"1{',000' * n}",
            f"1E{'9' * n}",
            self.nested(min(n, 60)),
        )
        return random.choice(shapes)

    def nested(self, depth: int) -> str:
        """Calls, signs and parentheses in each other, about as deep as is read."""
        opened = [
            self.random.choice(("(", "-", "abs(", "round(", "mean(1,", "1/(", "if(B,A,", "2*(")) for _ in range(depth)
        ]
        return "".join(opened) + "A" + ")" * sum("(" in piece for piece in opened)


def notations(random: Random, real: Sequence[str]) -> Texts:
    """Texts around band notation."""
    signs, endings = list(notation._SIGNS), list(notation._ENDINGS)
    units = notation._UNITS.split()
    words = [*signs, *endings, *notation._CHANGES, *notation._NOUNS, *units, *NUMBERS]
    words += ["-", "–", "ถึง", ":", "/", "ต่อ", "(", ")", "(2 แห่ง)", "ทุกปี", " ", ".", ",", "NA", "ไม่มี/ส่งผลงาน"]

    def maybe(choices: Sequence[str], share: float) -> str:
        return random.choice(choices) if random.random() < share else ""

    def term(sign: float) -> str:
        unit = maybe(units, 0.4)
        per = f"{random.choice(('/', 'ต่อ', ' / '))}{random.choice(units)}" if unit and random.random() < 0.2 else ""
        parts = (
            maybe(notation._CHANGES, 0.1),
            maybe(signs, sign),
            maybe(notation._NOUNS, 0.2),
            number(random),
            unit + per,
        )
        return random.choice(("", " ")).join(filter(None, parts))

    def side() -> str:
        if random.random() < 0.4:
            return f"{term(0.05)}{random.choice((' - ', '-', '–', ' ถึง '))}{term(0.05)}"
        return f"{term(0.5)}{maybe(endings, 0.1)}{maybe((' (2 แห่ง)', '(EB)', ' ทุกปี'), 0.1)}"

    def grow() -> str:
        return f"{side()} : {side()}" if random.random() < 0.1 else side()

    return Texts(random, real, words, grow)


NUMBERS = ("0", "1", "5", "70", "79.5", "100", "1,000", "๘๕", "-3", "0.05", "999999999999999", "7.")


def number(random: Random) -> str:
    """A number as people type it."""
    if random.random() < 0.5:
        return random.choice(NUMBERS)
    return f"{random.uniform(0, 10 ** random.randint(0, 9)):.{random.randint(0, 4)}f}"


def formulas(random: Random, real: Sequence[str]) -> Texts:
    """Texts around the formula language."""
    operators = ("+", "-", "*", "/", "<", "<=", ">", ">=", "=", "<>", "==", "!=", "≤", "≥", "≠", "×", "÷", "−")
    words = [*operators, *NAMES, *NUMBERS, *(f"{name}(" for name in syntax.FUNCTIONS), *syntax.FUNCTIONS]
    words += ["(", ")", ",", ":", " ", ".", "**", "1e9", "0/0", ".5"]

    def grown(budget: int) -> str:
        if budget <= 1:
            return random.choice(NAMES) if random.random() < 0.6 else number(random).replace(",", "").rstrip(".")
        if random.random() < 0.35:
            return call(budget - 1)
        if random.random() < 0.1:
            return f"-{grown(budget - 1)}"
        left = random.randint(1, budget - 1)
        text = f"{grown(left)}{random.choice(operators)}{grown(budget - left)}"
        return f"({text})" if random.random() < 0.8 else text

    def call(budget: int) -> str:
        name = random.choice(list(syntax.FUNCTIONS))
        fewest, most = syntax.FUNCTIONS[name]
        count = random.randint(fewest, min(most, 4))
        arguments = [grown(max(1, budget // count)) for _argument in range(count)]
        return f"{name}({', '.join(arguments)})"

    def grow() -> str:
        text = grown(random.choice((1, 2, 3, 5, 8, 13, 30)))
        return f"{text}:{grown(3)}" if random.random() < 0.05 else text

    return Texts(random, real, words, grow)
