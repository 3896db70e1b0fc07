"""The lines behind the tables of steps, marks, measured units and sub-indicators on the result form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.actions import Note
from indicators.adapters import target_of
from indicators.cells import UnitCell
from indicators.figures import decimals_of, measured
from indicators.scorecards import CardState, Scorecard
from indicators.wording import said_in, step_states
from reports.documents.item_tables import ItemLine, PartLine
from reports.documents.model import State as Mark
from scoring.checklist import breakdown
from scoring.template import Group, Item, ItemKind, Kind, Template
from strategy.models import OrgUnit

Data = Mapping[str, Decimal | None]
Notes = Mapping[str, Note]

# Marks of a state that has no figure (DESIGN.md section 4, "never the same thing").
MARKS = {
    CardState.NOT_DUE: Mark.NOT_DUE,
    CardState.NOT_REPORTED: Mark.NOT_REPORTED,
    CardState.NO_CASES: Mark.NOT_APPLICABLE,
    CardState.CANNOT_COMPUTE: Mark.CANNOT_COMPUTE,
    CardState.NOT_APPLICABLE: Mark.NOT_APPLICABLE,
    CardState.CANCELLED: Mark.CANCELLED,
}


def item_lines(template: Template, data: Data, notes: Notes) -> tuple[ItemLine, ...]:
    """The steps of a milestone or the items of a checklist; nothing of other kinds. Without data the blank form."""
    if template.kind is Kind.MILESTONE:
        return tuple(_step_lines(template, data, notes))
    return tuple(_checklist_lines(template, data, notes)) if template.kind is Kind.CHECKLIST else ()


def _step_lines(template: Template, data: Data, notes: Notes) -> Iterator[ItemLine]:
    doubts = step_states(template, data) if any(value is not None for value in data.values()) else {}
    for step in template.steps:
        code = f"S{step.number}"
        note = notes.get(code)
        mark = "\n".join(part for part in (said_in(template, code, data), doubts.get(code, "")) if part)
        evidence, remark = _beside(note, step.evidence, step.remark)
        text, criterion = _once(step.text, step.criterion)
        yield ItemLine(f"{step.number}. {text}", criterion, None, mark, evidence, remark)


def _once(text: str, criterion: str) -> tuple[str, str]:
    """A heading and its full text; where the full text begins with the heading, the full text alone."""
    full = criterion.lstrip("- ")
    return (full, "") if full.startswith(text) else (text, criterion)


def _checklist_lines(template: Template, data: Data, notes: Notes) -> Iterator[ItemLine]:
    totals = breakdown(template, data)
    given = any(value is not None for value in data.values())
    by_code = {group.code: group for group in template.groups}
    for part in totals.groups:
        if part.code:
            obtained = _marks(part.obtained) if given else ""
            group = by_code.get(part.code) or Group(part.code, part.name)
            yield ItemLine(part.name, "", _printed_full(group, part.full), obtained, is_group=True)
        for item in (item for item in template.items if item.group == part.code):
            yield _item_line(template, item, data, notes.get(item.code))
    if len(totals.groups) > 1 or totals.full != 1:
        marked = any(item.full is not None for item in template.items) or bool(template.groups)
        full = totals.full if marked else None
        yield ItemLine(_total_words(marked), "", full, _marks(totals.obtained) if given else "", is_total=True)


def _item_line(template: Template, item: Item, data: Data, note: Note | None) -> ItemLine:
    evidence, remark = _beside(note, item.evidence, item.remark)
    mark = said_in(template, item.code, data)
    if item.kind is ItemKind.POINTS and data.get(item.code) is not None and not data.get(item.not_applicable):
        mark = _marks(data[item.code])  # the full marks stand beside it
    name = f"{item.code} {item.name}" if item.full is None and not template.groups else item.name
    return ItemLine(*_once(name, item.criterion), item.full, mark, evidence, remark)


def _printed_full(group: Group, applying: Decimal) -> Decimal:
    """The group's full marks as printed; what applies of them is in the subtotal's explanation."""
    return applying if group.full is None else group.full


def _beside(note: Note | None, evidence: str, remark: str) -> tuple[str, str]:
    """What was written, else what the form prints there."""
    return (note.evidence if note and note.evidence else evidence, note.remark if note and note.remark else remark)


def _marks(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _total_words(marked: bool) -> str:
    return _("รวมคะแนน") if marked else _("รวมจำนวนข้อที่ทำแล้ว")


def state_word(state: CardState) -> str:
    """Why there is no figure; empty where there is one."""
    words = {
        CardState.NOT_DUE: _("ยังไม่ถึงกำหนด"),
        CardState.NOT_REPORTED: _("ยังไม่รายงาน"),
        CardState.NO_CASES: _("ไม่มีผู้รับบริการเข้าเกณฑ์ (0/0)"),
        CardState.CANNOT_COMPUTE: _("คำนวณไม่ได้"),
        CardState.NOT_APPLICABLE: _("ไม่เกี่ยวข้อง"),
        CardState.CANCELLED: _("ยกเลิกแล้ว"),
    }
    return words.get(state, "")


def unit_lines(template: Template, units: Iterable[UnitCell]) -> tuple[PartLine, ...]:
    """Each measured unit with its approved result, or why it has none."""
    return tuple(_unit_line(template, unit) for unit in units)


def _unit_line(template: Template, cell: UnitCell) -> PartLine:
    code, name = unit_code(cell.unit), cell.unit.name
    if cell.state in MARKS or cell.result is None:
        return PartLine(code, name, missing=state_word(cell.state), missing_state=MARKS.get(cell.state))
    inputs = tuple(_input(template, item, cell.data) for item in template.items)
    decimals = decimals_of(template)
    return PartLine(code, name, inputs, "", cell.result.value, cell.result.level, decimals=decimals)


def _input(template: Template, item: Item, data: Data) -> str | Decimal:
    """A number stays one, so that a spreadsheet can go on with it; a choice is its word."""
    value = data.get(item.code)
    if item.kind is ItemKind.NUMBER and value is not None:
        return value
    return said_in(template, item.code, data) or "–"


def unit_code(unit: OrgUnit) -> str:
    """The ministry's five digits where the unit has them."""
    return unit.ministry_code or unit.code


def child_lines(card: Scorecard) -> tuple[PartLine, ...]:
    """The sub-indicators whose pass or fail makes the share, under the headings of their groups."""
    return tuple(_child_lines(card))


def _child_lines(card: Scorecard) -> Iterator[PartLine]:
    group = ""
    for child in card.children:
        if child.indicator.group and child.indicator.group != group:
            group = child.indicator.group
            yield PartLine("", group, is_group=True)
        yield _child_line(child)


def _child_line(card: Scorecard) -> PartLine:
    line = PartLine(card.indicator.code, card.indicator.name, target=target_of(card.version))
    if card.kind is Kind.HEADING:
        return replace(line, missing="–")
    if card.state in MARKS or card.score is None:
        return replace(line, missing=state_word(card.state) or "–", missing_state=MARKS.get(card.state))
    return replace(line, value=_child_value(card), passed=card.passed)


def _child_value(card: Scorecard) -> str:
    """The value with its unit; a yes or no is said in the verdict beside it."""
    if card.kind is Kind.QUALITATIVE or card.score is None:
        return "–"
    return measured(card.template, card.score.value, card.score.second)
