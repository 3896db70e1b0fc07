"""The facts behind a score as plain data, and the Thai sentences that tell them (DESIGN.md section 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from .checklist import Breakdown, Subtotal
from .levels import Direction, Policy
from .numbers import format_exact, format_number
from .template import Kind

# Kinds whose level is not read from bands.
OWN_LEVEL = (Kind.MILESTONE, Kind.MEAN_OF_GROUPS, Kind.LOWEST_OF, Kind.SCORED_HALF)


class State(StrEnum):
    """Whether there is a score, and if not, why.

    NO_CASES (0/0) and NOT_APPLICABLE (said so by the unit, with a reason) are left out of all sums.
    """

    COMPUTED = "computed"
    NO_CASES = "no_cases"
    CANNOT_COMPUTE = "cannot_compute"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Warning_:
    """Something odd about what was entered, which does not keep it from being scored."""

    code: str
    message: str
    items: tuple[str, ...] = ()


class Input(NamedTuple):
    """One item or step with its number. `word`: what the number stands for, a `choice` or whether it is done."""

    code: str
    name: str
    value: Decimal | Fraction | None
    unit: str
    word: str = ""
    choice: bool = False

    @property
    def shown(self) -> str:
        """The word or the number for reading: `A (100)`, `ทำแล้ว`, `33,600`; empty where nothing is given."""
        if not self.word:
            return format_number(self.value)
        return f"{self.word} ({format_number(self.value)})" if self.choice else self.word


class Counted(NamedTuple):
    """Of so many measured units that many are reported, and of these so many at a level or above."""

    at_level: int
    reported: int
    measured: int
    level: int


class Reached(NamedTuple):
    """The level that was reached: its band as printed, its edge in words."""

    level: int
    printed: str
    edge: str


class Following(NamedTuple):
    """The next level up: its band as printed, its edge in words, how far away it is (never negative)."""

    level: int
    printed: str
    edge: str
    gap: Decimal


@dataclass(frozen=True)
class Explanation:
    """The facts behind a score, for the page, the print and the command line alike."""

    code: str
    name: str
    fiscal_year: int
    revision: int
    kind: Kind
    direction: Direction
    state: State
    inputs: tuple[Input, ...]
    formula: str
    formula_with_numbers: str
    unrounded: str
    value: Decimal | None
    second: Decimal | None
    unit: str
    decimals: int
    level: Decimal | None
    reached: Reached | None
    following: Following | None
    pass_text: str
    passed: bool | None
    policy: Policy
    corrections: tuple[str, ...]
    notes: tuple[str, ...]
    message: str
    parts: Breakdown | None = None  # the subtotals of a checklist
    marks: str = ""  # what they are counted in
    counted: Counted | None = None
    word: str = ""  # of the level that was reached
    cutoff: str = ""
    within_cutoff: bool | None = None

    def sentences(self) -> tuple[str, ...]:
        """The explanation in Thai, one sentence a line, in the order in which the score came about."""
        return (*self._inputs(), *self.reasons())

    def reasons(self) -> tuple[str, ...]:
        """The sentences after the inputs, for where those stand in a table."""
        parts = (self._value(), self._level(), self._judgement())
        return (*(sentence for part in parts for sentence in part), *self.corrections, *self.notes)

    def as_dict(self) -> dict[str, object]:
        """The same for JSON: numbers as strings, nothing but plain types."""
        return {
            "template": {
                "code": self.code,
                "name": self.name,
                "fiscal_year": self.fiscal_year,
                "revision": self.revision,
            },
            "state": str(self.state),
            "inputs": [{**row._asdict(), "value": _plain(row.value)} for row in self.inputs],
            "formula": self.formula,
            "formula_with_numbers": self.formula_with_numbers,
            "unrounded": self.unrounded,
            "value": _plain(self.value),
            "second": _plain(self.second),
            "unit": self.unit,
            "decimals": self.decimals,
            "level": _plain(self.level),
            "policy": str(self.policy),
            "reached": self.reached._asdict() if self.reached else None,
            "following": {**self.following._asdict(), "gap": _plain(self.following.gap)} if self.following else None,
            "pass_criterion": self.pass_text,
            "passed": self.passed,
            "word": self.word,
            "cutoff": self.cutoff,
            "within_cutoff": self.within_cutoff,
            "checklist": _plain_parts(self.parts) if self.parts else None,
            "counted": self.counted._asdict() if self.counted else None,
            "corrections": list(self.corrections),
            "notes": list(self.notes),
            "message": self.message,
            "sentences": list(self.sentences()),
        }

    @property
    def next_step(self) -> str:
        """What the next level up needs, as a sentence; empty where there is none."""
        return self._following(self.following) if self.following else ""

    def _inputs(self) -> Iterator[str]:
        for row in self.inputs:
            facts = {"code": row.code, "name": row.name, "shown": row.shown, "unit": row.unit}
            if not row.shown:
                yield _("%(code)s %(name)s: ยังไม่มีค่า") % facts
            elif row.word and not row.choice:
                yield _("%(code)s %(name)s: %(shown)s") % facts
            else:
                yield (_("%(code)s %(name)s = %(shown)s %(unit)s") % facts).rstrip()

    def _value(self) -> Iterator[str]:
        if self.value is None:
            yield self.message
        if self.parts is not None:
            yield from self._marks(self.parts)
        elif self.counted is not None:
            yield self._units(self.counted)
        elif self.kind == Kind.QUALITATIVE:
            return
        elif self.value is not None:
            yield from self._computed()

    def _computed(self) -> Iterator[str]:
        if self.formula_with_numbers:
            facts = {"formula": self.formula, "numbers": self.formula_with_numbers, "result": self.unrounded}
            yield _("สูตร %(formula)s = %(numbers)s = %(result)s") % facts
        elif self.kind not in OWN_LEVEL:
            yield _("ค่าที่ให้มา: %(value)s") % {"value": self.unrounded}
        if self.kind not in OWN_LEVEL:
            yield self._rounding()

    def _marks(self, parts: Breakdown) -> Iterator[str]:
        """The subtotals of a checklist, then what they come to."""
        if len(parts.groups) > 1 or any(group.code for group in parts.groups):
            yield from (self._subtotal(group) for group in parts.groups)
        total = self._marks_of(parts.obtained, parts.full)
        if left_out := len(parts.not_applicable):
            total = _("%(total)s (ไม่เกี่ยวข้อง %(number)d ข้อ)") % {"total": total, "number": left_out}
        if self.value is not None:
            yield _("%(total)s = %(value)s") % {"total": total, "value": format_number(self.value, self.decimals)}
        else:
            yield _("เท่าที่ให้แล้ว: %(total)s") % {"total": total}

    def _subtotal(self, group: Subtotal) -> str:
        name = f"{group.code} {group.name}" if group.code else _("ไม่มีหมวด")
        facts = {
            "name": name, "marks": self._marks_of(group.obtained, group.full), "done": group.done,
            "applicable": group.applicable, "need": group.need or group.applicable,
        }  # fmt: skip
        if group.need is None and not group.all_or_nothing:
            return _("%(name)s: %(marks)s") % facts
        return _("%(name)s: %(marks)s ทำแล้ว %(done)d จาก %(applicable)d ข้อ (ต้องทำอย่างน้อย %(need)d ข้อ)") % facts

    def _marks_of(self, obtained: Decimal, full: Decimal) -> str:
        facts = {"obtained": format_number(obtained), "full": format_number(full), "marks": self.marks}
        return _("ได้ %(obtained)s จากเต็ม %(full)s %(marks)s") % facts

    def _units(self, counted: Counted) -> str:
        facts = {"level": counted.level, "number": counted.at_level, "unit": self.unit}
        return _("ได้ระดับ %(level)d ขึ้นไป %(number)d %(unit)s") % facts

    def _rounding(self) -> str:
        facts = {"decimals": self.decimals, "value": _pair(self.value, self.second, self.decimals)}
        if self.decimals == 0:
            return _("ปัดเศษครึ่งขึ้นเป็นจำนวนเต็ม: %(value)s") % facts
        return _("ปัดเศษครึ่งขึ้นเป็นทศนิยม %(decimals)s ตำแหน่ง: %(value)s") % facts

    def _level(self) -> Iterator[str]:
        if self.value is None or self.counted is not None:
            return
        if self.kind == Kind.QUALITATIVE:
            yield _("ตัวชี้วัดเชิงคุณภาพไม่มีระดับคะแนนของตัวเอง")
            return
        if self.level is None:
            yield _("ตัวชี้วัดนี้ไม่มีเกณฑ์ให้ระดับคะแนน")
            return
        if self.second is not None:
            yield _("ระดับคะแนนคิดจากตัวเลขแรกของคู่")
        if self.policy == Policy.INTERPOLATED:
            yield _("คิดคะแนนตามสัดส่วนระหว่างขีดของระดับ จากค่าก่อนปัดเศษ: %(level)s") % {"level": f"{self.level:f}"}
        yield self._reached(self.level)
        if self.word:
            yield _("แปลผล: %(word)s") % {"word": self.word}
        if self.following:
            yield self._following(self.following)

    def _reached(self, level: Decimal) -> str:
        if self.kind in OWN_LEVEL:
            return self._own_level() % {"level": format_number(level)}
        if self.reached is None and level:
            return _("ได้ระดับ %(level)s ซึ่งเป็นระดับต่ำสุด แม้ยังไม่ถึงขีดของระดับนั้น") % {"level": format_number(level)}
        if self.reached is None:
            return _("ได้ระดับ 0 เพราะยังไม่ถึงขีดของระดับใด")
        facts = {"level": self.reached.level, "printed": self.reached.printed, "edge": self.reached.edge}
        if self.policy == Policy.INTERPOLATED:
            return _("ถึงขีดของระดับ %(level)s (พิมพ์ว่า %(printed)s: %(edge)s)") % facts
        return _("ได้ระดับ %(level)s เพราะถึงขีดของระดับ %(level)s (พิมพ์ว่า %(printed)s: %(edge)s)") % facts

    def _own_level(self) -> str:
        """How a level came from parts, which the notes name; a level that was given came from nowhere."""
        if self.notes and self.kind == Kind.MEAN_OF_GROUPS:
            return _("ได้ระดับ %(level)s ซึ่งเป็นค่าเฉลี่ยของระดับของทุกส่วน")
        if self.notes and self.kind == Kind.LOWEST_OF:
            return _("ได้ระดับ %(level)s ซึ่งเป็นระดับต่ำสุดของทุกส่วน")
        if self.notes and self.kind == Kind.SCORED_HALF:
            return _("ได้ระดับ %(level)s ตามส่วนที่นำมาให้คะแนน")
        return _("ได้ระดับ %(level)s")

    def _following(self, following: Following) -> str:
        facts = {"level": following.level, "edge": following.edge, "gap": f"{following.gap:,f}"}
        if self.kind == Kind.MILESTONE:
            return _("ระดับ %(level)s ต้อง%(edge)s") % facts
        if not following.gap:
            return _("ระดับ %(level)s ต้อง%(edge)s ค่านี้เท่ากับขีดพอดี จึงยังไม่ถึง") % facts
        if self.direction == Direction.LOWER:
            return _("ระดับ %(level)s ต้อง%(edge)s ต้องลดลงอีก %(gap)s") % facts
        return _("ระดับ %(level)s ต้อง%(edge)s ยังขาด %(gap)s") % facts

    def _judgement(self) -> Iterator[str]:
        if self.passed is None:
            return
        if not self.pass_text:
            yield _("ผ่านเกณฑ์") if self.passed else _("ไม่ผ่านเกณฑ์")
        elif self.passed:
            yield _("ผ่านเกณฑ์ (%(criterion)s)") % {"criterion": self.pass_text}
        else:
            yield _("ไม่ผ่านเกณฑ์ (%(criterion)s)") % {"criterion": self.pass_text}
        if self.within_cutoff is not None:
            kept = _("แต่ยังอยู่ในค่า cut-off (%(cutoff)s)") if self.within_cutoff else _("และไม่ถึงค่า cut-off (%(cutoff)s)")
            yield kept % {"cutoff": self.cutoff}


def _plain(number: Decimal | Fraction | None) -> str | None:
    if number is None:
        return None
    return f"{number:f}" if isinstance(number, Decimal) else format_exact(number)


def _pair(first: Decimal | None, second: Decimal | None, decimals: int) -> str:
    shown = [format_number(number, decimals) for number in (first, second) if number is not None]
    return " : ".join(shown)


def _plain_parts(parts: Breakdown) -> dict[str, object]:
    groups = [{**vars(group), "obtained": _plain(group.obtained), "full": _plain(group.full)} for group in parts.groups]
    return {
        "groups": groups,
        "obtained": _plain(parts.obtained),
        "full": _plain(parts.full),
        "done": parts.done,
        "applicable": parts.applicable,
        "missing": list(parts.missing),
        "not_applicable": list(parts.not_applicable),
    }
