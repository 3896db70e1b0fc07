"""What scoring must know of one KPI template (รายละเอียดตัวชี้วัด) for one fiscal year, as frozen data."""

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from .compiled import Calculation, Ruler
from .formula import parse_formula
from .levels import Direction, Policy, Scale
from .notation import Notation, NotationError, NotationKind, parse_notation
from .steps import Step


class Kind(StrEnum):
    """How the level of a KPI comes about (DESIGN.md section 4).

    HEADING only groups others; MEAN_OF_GROUPS, SCORED_HALF and LOWEST_OF take the level from their children.
    PASS_SHARE is a formula over two items that its children give: how many passed, of how many. CHECKLIST
    adds up marks. QUALITATIVE is a yes or no (item P) that the reviewer judges; it has no level of its own.
    """

    HEADING = "heading"
    FORMULA = "formula"
    MILESTONE = "milestone"
    MEAN_OF_GROUPS = "mean_of_groups"
    SCORED_HALF = "scored_half"
    LOWEST_OF = "lowest_of"
    PASS_SHARE = "pass_share"  # noqa: S105
    CHECKLIST = "checklist"
    QUALITATIVE = "qualitative"


class Measure(StrEnum):
    """What the value of a checklist is: percent of the full marks that apply, or the marks themselves."""

    PERCENT = "percent"
    POINTS = "points"


class Accumulation(StrEnum):
    """How a data item adds up over the approved rounds of a year."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    MAX = "max"


class ItemKind(StrEnum):
    """What is entered for an item: a number, one of named choices, a tick (1 or 0), or marks up to `full`."""

    NUMBER = "number"
    CHOICE = "choice"
    TICK = "tick"
    POINTS = "points"


# A checklist item that does not apply is marked by a value of its own, beside the item's: I16_NA = 1.
NOT_APPLICABLE = "_NA"


@dataclass(frozen=True)
class Choice:
    """One word that may be chosen, and the points it stands for: TPS grade A is 100."""

    label: str
    points: Decimal


@dataclass(frozen=True)
class Group:
    """A heading of a checklist with its own subtotal.

    `full`: its full marks as printed. `need`: how many of its items the source asks for at least. Where it is
    `all_or_nothing`, that many ticks earn the full marks and fewer earn none (TPS, group 5).
    """

    code: str
    name: str
    full: Decimal | None = None
    need: int | None = None
    all_or_nothing: bool = False


@dataclass(frozen=True)
class Item:
    """One data item of a template: what is counted, and what may be entered for it.

    `minimum` and `maximum` bound one round's entry. `at_most` is the code of the item that this one may
    not exceed, where it counts a part of it. `derived` is the formula used where the item is not given.
    `whole`: only whole numbers make sense. `full`: the full marks of a checklist's item, which belongs to
    `group`; `may_be_na`: it may be marked as not applicable. `criterion`, `evidence` and `remark` are printed.
    """

    code: str
    name: str
    unit: str = ""
    accumulation: Accumulation = Accumulation.SUM
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None
    at_most: str | None = None
    derived: str | None = None
    whole: bool = False
    kind: ItemKind = ItemKind.NUMBER
    choices: tuple[Choice, ...] = ()
    group: str = ""
    full: Decimal | None = None
    may_be_na: bool = False
    criterion: str = ""
    evidence: str = ""
    remark: str = ""

    @property
    def not_applicable(self) -> str:
        """The code under which it is marked as not applicable."""
        return f"{self.code}{NOT_APPLICABLE}"

    def points_of(self, word: str) -> Decimal | None:
        """What a typed word stands for: `A`, `a` is 100; None for a word that cannot be chosen."""
        plain = word.strip().casefold()
        return next((choice.points for choice in self.choices if choice.label.strip().casefold() == plain), None)

    def word_of(self, points: Decimal | Fraction | None) -> str:
        """The word behind a number, 100 is `A`; empty where no word stands for it."""
        return next((choice.label for choice in self.choices if choice.points == points), "")


@dataclass(frozen=True)
class Printed:
    """A text as the template prints it, with the correction that scoring uses instead and its reason."""

    printed: str
    correction: str | None = None
    reason: str | None = None

    @property
    def used(self) -> str:
        return self.printed if self.correction is None else self.correction


@dataclass(frozen=True)
class RoundRule:
    """What one evaluation round has of its own: target, measure, bands, criterion. What is None is the template's."""

    number: int
    name: str = ""
    target: str = ""
    measure: Measure | None = None
    bands: tuple[tuple[int, Printed], ...] = ()
    pass_criterion: Printed | None = None


@dataclass(frozen=True)
class Across:
    """An indicator measured in many units: the plan's row counts those at `level` or above (K405: 12 of 26).

    `criterion` is the printed number of units that passes; the row has a value and a pass, no level.
    """

    level: int
    unit: str = ""
    criterion: Printed | None = None


@dataclass(frozen=True)
class Template:
    """One revision of one KPI's template for one fiscal year (พ.ศ.). `decimals`: places of the rounded value.

    `bands` are (level, text) pairs; `steps` are those of a milestone; `grades` name results in words.
    `cutoff` is the printed value below which a result must not fall, shown beside the target.
    """

    code: str
    name: str
    fiscal_year: int
    revision: int
    kind: Kind
    unit: str
    direction: Direction
    decimals: int = 2
    policy: Policy = Policy.BANDS
    formula: str = ""
    formula_printed: str = ""
    formula_reason: str = ""
    items: tuple[Item, ...] = ()
    bands: tuple[tuple[int, Printed], ...] = ()
    pass_criterion: Printed | None = None
    fail_criterion: Printed | None = None
    target: str = ""
    steps: tuple[Step, ...] = ()
    grades: tuple[tuple[str, Printed], ...] = ()
    words: tuple[tuple[int, str], ...] = ()  # the word of a level (ไม่ผ่าน … ดีมาก)
    groups: tuple[Group, ...] = ()
    measure: Measure = Measure.PERCENT
    rounds: tuple[RoundRule, ...] = ()
    across: Across | None = None
    cutoff: str = ""

    def for_round(self, number: int) -> "Template":
        """The template as it holds in that round, with the round's own bands, target and criterion."""
        rule = next((rule for rule in self.rounds if rule.number == number), None)
        if rule is None:
            return self
        own = replace(
            self,
            target=rule.target or self.target,
            bands=rule.bands or self.bands,
            pass_criterion=rule.pass_criterion or self.pass_criterion,
        )
        return own._measuring(rule.measure) if rule.measure else own

    def _measuring(self, measure: Measure) -> "Template":
        """The checklist in a round that says what it measures: with a unit, and ticks counted whole."""
        kept = self.unit if measure is self.measure else ""
        if measure is Measure.PERCENT:
            decimals = self.decimals if measure is self.measure else max(self.decimals, 2)
            return replace(self, measure=measure, unit=kept or "ร้อยละ", decimals=decimals)
        if any(item.full for item in self.items):
            return replace(self, measure=measure, unit=kept or "คะแนน")
        return replace(self, measure=measure, unit=kept or "ข้อ", decimals=0)

    @property
    def has_own_rounds(self) -> bool:
        """Whether a round is scored by bands of its own, so that rounds cannot be added up over the year."""
        return any(rule.bands or rule.measure for rule in self.rounds)

    @cached_property
    def scale(self) -> Scale:
        """The bands as numbers, from the texts in use. NotationError names a band that cannot be read.

        Empty cells are left out. Level 0 decides nothing (DESIGN.md section 3), so a text there that is
        no notation is left out as well instead of keeping every result from its level.
        """
        read = ((level, self._band(level, printed.used)) for level, printed in self.bands)
        return Scale(self.direction, tuple((level, band) for level, band in read if band is not None))

    @staticmethod
    def _band(level: int, text: str) -> Notation | None:
        try:
            notation = parse_notation(text)
        except NotationError:
            if level == 0:
                return None
            raise
        return None if notation.kind is NotationKind.EMPTY else notation

    @cached_property
    def criterion(self) -> Notation | None:
        """The pass criterion as numbers; None where there is none. NotationError where it cannot be read."""
        return parse_notation(self.pass_criterion.used) if self.pass_criterion else None

    @cached_property
    def ruler(self) -> Ruler:
        """The scale ready for comparing. NotationError as for `scale`."""
        return Ruler(self.scale, self.policy)

    @cached_property
    def calculation(self) -> Calculation:
        """The formula ready for computing. FormulaError where it, or that of a derived item, cannot be read."""
        derived = ((item.code, parse_formula(item.derived)) for item in self.items if item.derived)
        return Calculation(parse_formula(self.formula), tuple(derived))

    def __getstate__(self) -> dict[str, object]:
        # What was made ready (closures) stays behind when a template is copied or pickled.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def item(self, code: str) -> Item | None:
        """The data item with this code."""
        return next((item for item in self.items if item.code == code), None)

    def printed_band(self, level: int) -> str:
        """The band of a level as it was printed; empty where the template has none."""
        return next((printed.printed for at, printed in self.bands if at == level), "")
