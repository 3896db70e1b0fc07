"""The grammar of the formula language: text to a small tree, and the tree back to text.

DESIGN.md section 4. A formula is parsed, never handed to ``eval``. Length, depth and the size of a
number are bounded here, so that whatever text arrives is refused or read in a moment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

MAX_LENGTH = 2000
MAX_DEPTH = 50
MAX_DIGITS = 15
ANY_NUMBER = 10_000  # more arguments than a formula of MAX_LENGTH can hold

# The fewest and the most arguments that each function takes.
FUNCTIONS = {
    "sum": (1, ANY_NUMBER),
    "mean": (1, ANY_NUMBER),
    "min": (1, ANY_NUMBER),
    "max": (1, ANY_NUMBER),
    "count": (1, ANY_NUMBER),
    "abs": (1, 1),
    "round": (1, 2),
    "if": (3, 3),
}


class FormulaError(ValueError):
    """The text is no formula. ``message`` is a Thai sentence, ``position`` counts characters from 0."""

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.position = position


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Negative:
    operand: "Node"


@dataclass(frozen=True)
class Chain:
    """Operands joined from left to right: only + and -, or only * and /.

    Flat instead of nested, so that a sum of a thousand terms is not a thousand levels deep.
    """

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]

    @property
    def is_sum(self) -> bool:
        return self.rest[0][0] in "+-"


@dataclass(frozen=True)
class Comparison:
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Negative | Chain | Comparison | Call


class Token(NamedTuple):
    kind: str
    text: str
    position: int


TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<operator><=|>=|==|<>|!=|[-+*/<>=(),:])"
)
# One character for one, so that positions stay those of the text as it was typed.
SAME = str.maketrans("๐๑๒๓๔๕๖๗๘๙×÷−–", "0123456789*/--")
LONGER = {"≤": "<=", "≥": ">=", "≠": "<>"}
SPELLINGS = {"==": "=", "!=": "<>"}


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of the text, then one of kind "end". FormulaError at a character that means nothing."""
    plain = text.translate(SAME)
    position = 0
    while position < len(plain):
        if plain[position] in LONGER:
            yield Token("operator", LONGER[plain[position]], position)
            position += 1
            continue
        match = TOKEN.match(plain, position)
        if match is None:
            raise _error_at(_("อ่านสูตรไม่ได้ตรง “%(found)s” (ตัวอักษรที่ %(place)s)"), text, position, text[position])
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), SPELLINGS.get(match.group(), match.group()), position)
        position = match.end()
    yield Token("end", "", len(text))


def _error_at(message: str, text: str, position: int, found: str = "") -> FormulaError:
    return FormulaError(message % {"found": found[:40], "place": position + 1}, text, position)


class Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            message = _("สูตรยาวเกิน %(limit)s ตัวอักษร") % {"limit": MAX_LENGTH}
            raise FormulaError(message, text, MAX_LENGTH)
        self.text = text
        self.tokens = list(tokens_of(text))
        self.index = 0
        self.depth = 0

    def parse(self) -> tuple[Node, Node | None]:
        """The formula, and the second half where it is a pair."""
        if self.token.kind == "end":
            raise FormulaError(_("ยังไม่มีสูตร"), self.text, 0)
        first = self.comparison()
        second = self.comparison() if self.accept(":") else None
        if self.token.kind != "end":
            raise self.unexpected()
        return first, second

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def accept(self, *operators: str) -> str | None:
        if self.token.kind != "operator" or self.token.text not in operators:
            return None
        self.index += 1
        return self.tokens[self.index - 1].text

    def expect(self, operator: str) -> None:
        if not self.accept(operator):
            raise self.unexpected(operator)

    def unexpected(self, wanted: str = "") -> FormulaError:
        token = self.token
        if token.kind == "end":
            message = _("สูตรยังไม่จบ ขาด “%(found)s” ต่อท้าย") if wanted else _("สูตรยังไม่จบ ขาดตัวเลขหรือรายการข้อมูลต่อท้าย")
            return _error_at(message, self.text, token.position, wanted)
        message = _("สูตรผิดตรง “%(found)s” (ตัวอักษรที่ %(place)s)")
        return _error_at(message, self.text, token.position, token.text)

    def comparison(self) -> Node:
        left = self.chain("+-")
        operator = self.accept("<", "<=", ">", ">=", "=", "<>")
        # A second comparison is left for the caller to refuse: 1 < A < 3 would not mean what it says.
        return Comparison(operator, left, self.chain("+-")) if operator else left

    def chain(self, operators: str) -> Node:
        first = self.chain("*/") if operators == "+-" else self.signed()
        rest = []
        while operator := self.accept(*operators):
            rest.append((operator, self.chain("*/") if operators == "+-" else self.signed()))
        if not rest:
            return first
        if isinstance(first, Chain) and first.rest[0][0] in operators:
            return Chain(first.first, (*first.rest, *rest))
        return Chain(first, tuple(rest))

    def signed(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _error_at(_("สูตรซ้อนกันลึกเกินไป (ตัวอักษรที่ %(place)s)"), self.text, self.token.position)
        node = Negative(self.signed()) if self.accept("-") else self.operand()
        self.depth -= 1
        return node

    def operand(self) -> Node:
        token = self.token
        if self.accept("("):
            node = self.comparison()
            self.expect(")")
            return node
        if token.kind not in ("number", "name"):
            raise self.unexpected()
        self.index += 1
        if token.kind == "number":
            return self.number(token)
        return self.call(token) if self.accept("(") else self.name(token)

    def number(self, token: Token) -> Number:
        if len(token.text.replace(".", "").lstrip("0")) > MAX_DIGITS or len(token.text) > 2 * MAX_DIGITS:
            message = _("ตัวเลข “%(found)s” ยาวเกินไป (ตัวอักษรที่ %(place)s)")
            raise _error_at(message, self.text, token.position, token.text)
        return Number(Decimal(token.text))

    def name(self, token: Token) -> Name:
        if token.text.lower() in FUNCTIONS:
            message = _("ฟังก์ชัน “%(found)s” ต้องมีวงเล็บตามหลัง (ตัวอักษรที่ %(place)s)")
            raise _error_at(message, self.text, token.position, token.text)
        return Name(token.text)

    def call(self, token: Token) -> Call:
        function = token.text.lower()
        if function not in FUNCTIONS:
            message = _("ไม่รู้จักฟังก์ชัน “%(found)s” (ตัวอักษรที่ %(place)s)")
            raise _error_at(message, self.text, token.position, token.text)
        arguments = [self.comparison()]
        while self.accept(","):
            arguments.append(self.comparison())
        self.expect(")")
        fewest, most = FUNCTIONS[function]
        if not fewest <= len(arguments) <= most:
            message = _("จำนวนค่าในวงเล็บของ “%(found)s” ไม่ถูกต้อง (ตัวอักษรที่ %(place)s)")
            raise _error_at(message, self.text, token.position, token.text)
        return Call(function, tuple(arguments))


def names_in(node: Node) -> tuple[str, ...]:
    """The item names in the tree, each once, in the order in which they are first read."""
    return tuple(dict.fromkeys(_names(node)))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for child in children(node):
        yield from _names(child)


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, from left to right."""
    match node:
        case Negative(operand):
            return (operand,)
        case Chain(first, rest):
            return (first, *(operand for _operator, operand in rest))
        case Comparison(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
    return ()


def rank(node: Node) -> int:
    """How tightly a node holds together when printed; a looser operand needs parentheses."""
    if isinstance(node, Comparison):
        return 0
    if isinstance(node, Chain):
        return 1 if node.is_sum else 2
    return 3


def print_node(node: Node, numbers: dict[str, str]) -> str:
    """The canonical text of a tree; names that `numbers` holds are replaced by its texts."""

    def inside(operand: Node, least: int) -> str:
        text = print_node(operand, numbers)
        return text if rank(operand) >= least else f"({text})"

    match node:
        case Number(value):
            return f"{value:f}"
        case Name(name):
            return numbers.get(name, name)
        case Negative(operand):
            return "-" + inside(operand, 3)
        case Comparison(operator, left, right):
            return inside(left, 1) + operator + inside(right, 1)
        case Call(function, arguments):
            return f"{function}({', '.join(print_node(argument, numbers) for argument in arguments)})"
    # A chain: its first operand may be of its own rank, the others bind more tightly.
    least = rank(node)
    rest = "".join(operator + inside(operand, least + 1) for operator, operand in node.rest)
    return inside(node.first, least) + rest
