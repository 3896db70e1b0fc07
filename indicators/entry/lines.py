"""The lines of the entry page: each item or step with its box, what earlier rounds had, and notes, in sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.forms import BoundField
from django.utils.translation import gettext as _

from indicators.actions import Note
from indicators.entry.forms import EntryForm, box_name, note_name
from indicators.history import History, PastRound
from indicators.wording import said_in
from scoring.numbers import format_number
from scoring.steps import Step
from scoring.template import Item, ItemKind, Kind, Template

STEP = "step"
SHORT_TEXT = 260  # characters of a criterion that are shown without folding
SHORT_LINES = 4


@dataclass(frozen=True)
class NoteLine:
    """Evidence and remark beside one item: two boxes, or what is saved."""

    saved: Note
    boxes: tuple[BoundField, ...] = ()

    @property
    def is_open(self) -> bool:
        """Nothing that was written, and nothing that is wrong, is folded away."""
        return any(box.value() or box.errors for box in self.boxes)


@dataclass(frozen=True)
class Line:
    """One data item or step: its box, what is saved, what earlier rounds had, and what the form prints of it."""

    code: str
    name: str
    kind: str  # of scoring.template.ItemKind, or STEP
    unit: str = ""
    full: str = ""
    box: BoundField | None = None  # None where the page is for reading alone
    mark: BoundField | None = None  # the tick "not applicable"
    said: str = ""  # what is saved, in words
    is_done: bool = False
    last: str = ""
    last_year: str = ""
    hint: str = ""
    state: str = ""  # what becomes of a step, as far as one can say now
    criterion: str = ""
    evidence: str = ""
    remark: str = ""
    note: NoteLine | None = None

    @property
    def shown_code(self) -> str:
        """The code before the name, unless the name is numbered itself ("3.1 ค่าแรงบุคลากร")."""
        return "" if self.name[:1].isdigit() else self.code

    @property
    def is_long(self) -> bool:
        """The criterion is folded after a few lines."""
        return len(self.criterion) > SHORT_TEXT or self.criterion.count("\n") >= SHORT_LINES

    @property
    def is_printed(self) -> bool:
        """The form prints more of it than its name."""
        return bool(self.criterion or self.evidence or self.remark)

    @property
    def is_ticked(self) -> bool:
        return self.kind in (STEP, ItemKind.TICK)


@dataclass(frozen=True)
class Section:
    """The items under one heading of a checklist, or all of them where it has none."""

    code: str = ""
    name: str = ""
    criterion: str = ""
    subtotal: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Sources:
    """Where the lines come from: the form and what is saved, here and in earlier rounds."""

    template: Template
    form: EntryForm
    history: History
    notes: Mapping[str, Note]
    may_enter: bool
    computed: Mapping[str, str]  # derived items, as they were computed
    states: Mapping[str, str]  # what becomes of steps

    def lines(self) -> list[Line]:
        if self.template.kind is Kind.MILESTONE:
            return [self._step(step) for step in self.template.steps]
        return [self._item(item) for item in self.template.items]

    def _step(self, step: Step) -> Line:
        code = f"S{step.number}"
        implied = _("ถือว่าทำแล้วเมื่อทำขั้นที่ %(number)s แล้ว") % {"number": step.implied_by} if step.implied_by else ""
        return Line(
            code, f"{step.number}. {step.text}", STEP, hint=implied, state=self.states.get(code, ""),
            criterion=_beyond_name(step.text, step.criterion),
            evidence=step.evidence, remark=step.remark, **self._common(code),
        )  # fmt: skip

    def _item(self, item: Item) -> Line:
        hint = item_hint(item.derived, self.computed.get(item.code, ""), self.may_enter)
        mark = self.form[box_name(item.not_applicable)] if item.may_be_na and self.may_enter else None
        return Line(
            item.code, item.name, str(item.kind), unit=item.unit, full=_full_text(item), mark=mark, hint=hint,
            criterion=_beyond_name(item.name, item.criterion),
            evidence=item.evidence, remark=item.remark, **self._common(item.code),
        )  # fmt: skip

    def _common(self, code: str) -> dict:
        """What a step and an item have alike."""
        return {
            "box": self.form[box_name(code)] if self.may_enter else None,
            "said": said_in(self.template, code, self.history.data),
            "is_done": bool(self.history.data.get(code)),
            "last": self._past(self.history.last, code),
            "last_year": self._past(self.history.last_year, code),
            "note": self._note(code),
        }

    def _past(self, past: PastRound | None, code: str) -> str:
        return said_in(self.template, code, past.data) if past else ""

    def _note(self, code: str) -> NoteLine | None:
        if code not in self.form.noted:
            return None
        names = (note_name(part, code) for part in ("evidence", "remark"))
        boxes = tuple(self.form[name] for name in names) if self.may_enter else ()
        return NoteLine(self.notes.get(code, Note()), boxes)


def _beyond_name(name: str, criterion: str) -> str:
    """What the criterion says after the name, where it begins with the name: nobody reads the same twice."""
    text = criterion.strip()
    plain = text.lstrip("- ")
    return plain.removeprefix(name).strip() if plain.startswith(name) else text


def _full_text(item: Item) -> str:
    """The full marks beside the box: "จาก 5", of a tick "5 คะแนน" unless it is worth one or its name says it."""
    if item.full is None:
        return ""
    full = {"full": format_number(item.full)}
    if item.kind is not ItemKind.TICK:
        return _("จาก %(full)s") % full
    marks = _("%(full)s คะแนน") % full
    return "" if item.full == 1 or marks in item.name else marks


def sections_of(
    template: Template, lines: Iterable[Line], criteria: Mapping[str, str], subtotals: Mapping[str, str]
) -> list[Section]:
    """The lines of a checklist under their headings with what is printed there, in the order of the template."""
    groups = {group.code: group for group in template.groups}
    of_line = {item.code: item.group for item in template.items}
    sections: dict[str, Section] = {}
    for line in lines:
        code = of_line.get(line.code, "")
        if code not in sections:
            group = groups.get(code)
            name = group.name if group else ""
            sections[code] = Section(code, name, criteria.get(code, ""), subtotals.get(code, ""))
        sections[code].lines.append(line)
    return list(sections.values())


def item_hint(derived: str | None, computed: str, may_enter: bool = True) -> str:
    """What stands under the box of an item that need not be typed."""
    if not derived:
        return ""
    facts = {"formula": derived, "value": computed}
    if not may_enter:
        return _("คำนวณจาก %(formula)s = %(value)s") % facts if computed else ""
    if computed:
        return _("ไม่ต้องพิมพ์ก็ได้ คำนวณจาก %(formula)s = %(value)s") % facts
    return _("ไม่ต้องพิมพ์ก็ได้ จะคำนวณจาก %(formula)s") % facts
