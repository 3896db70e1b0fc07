"""What the entry page shows, gathered for its template: definition, boxes with earlier values, panel, conflict."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.forms import BaseForm, BoundField
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.entry.conflict import Conflict
from indicators.entry.forms import BaseProjectFormSet, EntryForm, ProjectFormSet, box_name, initial_of
from indicators.entry.ground import Ground
from indicators.entry.head import comeback_of, reader_note, standing_of, states_of, withdraw_note
from indicators.entry.lines import Line, Section, Sources, sections_of
from indicators.entry.panel import Panel, assessment_of, computed_items, given_in, panel_of, saved_panel
from indicators.entry.round_texts import round_bands, round_targets
from indicators.entry.saved import TEXTS, texts_of
from indicators.events import EventLine, events_of, lines_of
from indicators.evidence.page import EvidenceBox, Thread, evidence_of, thread_of
from indicators.history import History
from indicators.models import ProjectLine, ReviewEvent, ScoreBand
from indicators.naming import baseline_text, title_of
from indicators.recovery.page import MeasureBox
from indicators.result_parts import Parts
from indicators.rules import RoundAccess
from indicators.subtotals import subtotal_texts
from indicators.wording import Numbers, step_states
from scoring.formula import FormulaError
from scoring.template import ItemKind, Kind, Template

LAYOUTS = {
    Kind.MILESTONE: "indicators/_entry_steps.html",
    Kind.CHECKLIST: "indicators/_entry_checklist.html",
    Kind.QUALITATIVE: "indicators/_entry_verdict.html",
}
# Item C of 9(1) and 9(2): the length of the period, which the calendar knows.
DAYS_NAME, DAYS_UNIT = "ช่วงเวลาที่กำหนด", "วัน"


@dataclass(frozen=True)
class BoxError:
    """A sentence about one box, with the place to jump to."""

    target: str
    label: str
    sentence: str


def _errors_of(form: BaseForm) -> Iterator[BoxError]:
    if not form.is_bound:
        return
    for bound in form:
        for sentence in bound.errors:
            yield BoxError(_place_of(bound), str(bound.label), str(sentence))


def errors_by_box(*forms: BaseForm | BaseProjectFormSet) -> dict[str, str]:
    """What is wrong, by the id of the box."""
    each = (one for form in forms for one in (form.forms if isinstance(form, BaseProjectFormSet) else (form,)))
    return {error.target: error.sentence for one in each for error in _errors_of(one)}


def _place_of(bound: BoundField) -> str:
    """The id to jump to; radio buttons have none as a whole, so the first of them."""
    return bound.id_for_label or f"{bound.auto_id}_0"


@dataclass
class EntryPage:
    """One round's entry page for one person. Forms are given where something was typed, else made of what is saved."""

    ground: Ground
    form: EntryForm
    projects: BaseProjectFormSet
    panel: Panel
    lock: int
    data: Numbers  # what the boxes hold, as far as it can be read
    refusals: list[str] = field(default_factory=list)
    conflict: Conflict | None = None

    @property
    def access(self) -> RoundAccess:
        return self.ground.access

    @property
    def template(self) -> Template:
        return self.ground.template

    @property
    def history(self) -> History:
        return self.ground.history

    @property
    def parts(self) -> Parts:
        return self.ground.parts

    @property
    def measures(self) -> MeasureBox:
        """Recovery measures of this result, and open ones of others."""
        return self.ground.measures

    @property
    def evidence(self) -> EvidenceBox:
        return evidence_of(self.access, self.parts)

    @property
    def thread(self) -> Thread:
        """The comments between the unit and the reviewers."""
        return thread_of(self.access, self.parts)

    @property
    def may_see_beside(self) -> bool:
        """The page shows evidence and comments further down."""
        return self.evidence.may_see and self.thread.may_see

    @property
    def url(self) -> str:
        return reverse("entry", args=[self.access.round.pk]) + self.access.query

    @property
    def keep_key(self) -> str:
        """Under what the browser keeps what could not be sent: nobody else's, and of no other page."""
        return f"{self.access.reach.user.pk}:{self.url}"

    @property
    def title(self) -> str:
        return title_of(self.access.round.indicator)

    @property
    def boxes_template(self) -> str:
        """How the items of this kind are laid out: steps, a checklist, a yes or no, else a table of numbers."""
        return LAYOUTS.get(self.template.kind, "indicators/_entry_boxes.html")

    @property
    def may_enter(self) -> bool:
        return self.access.may_enter

    @cached_property
    def rows(self) -> list[Line]:
        """Every item or step."""
        computed = computed_items(self.template, self.panel)
        return Sources(
            template=self.template, form=self.form, history=self.history, notes=self.parts.notes,
            may_enter=self.may_enter, computed=computed, states=step_states(self.template, self.data),
        ).lines()  # fmt: skip

    @property
    def sections(self) -> list[Section]:
        """The items under their headings, with what each heading comes to."""
        criteria = {row.code: row.criterion for row in self.access.version.items.all()}
        return sections_of(self.template, self.rows, criteria, subtotal_texts(self.template, self.data))

    @property
    def blank_note(self) -> str:
        """What a box of the checklist means that is left as it is."""
        kinds = {line.kind for line in self.rows}
        ticks = _("ข้อที่ไม่ได้ทำเครื่องหมายถือว่ายังไม่ทำ") if ItemKind.TICK in kinds else ""
        others = _("ช่องที่เว้นว่างถือว่ายังไม่มีข้อมูล") if kinds - {ItemKind.TICK} else ""
        return " ".join(note for note in (ticks, others) if note)

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """The saved texts, for reading; empty ones left out."""
        saved = texts_of(self.access.result)
        return [(str(self.form.fields[name].label), text) for name, text in saved.items() if text]

    @property
    def saved_projects(self) -> list[ProjectLine]:
        return self.parts.projects

    @cached_property
    def events(self) -> list[ReviewEvent]:
        """The history of the result, newest first."""
        return events_of(self.access.result)[::-1] if self.access.result else []

    @cached_property
    def event_lines(self) -> list[EventLine]:
        return lines_of(self.events, self.template)

    @property
    def comeback(self) -> ReviewEvent | None:
        return comeback_of(self.access, self.events)

    @property
    def states(self) -> list[str]:
        """Keys of the state badges in the page's head."""
        return states_of(self.access)

    @property
    def standing(self) -> str:
        """How things stand, in one sentence."""
        return standing_of(self.access, self.comeback)

    @property
    def reader_note(self) -> str:
        return reader_note(self.access)

    @property
    def withdraw_note(self) -> str:
        return withdraw_note(self.access)

    @property
    def text_fields(self) -> list[BoundField]:
        return [self.form[name] for name in TEXTS]

    @property
    def errors(self) -> list[BoxError]:
        """Everything that is wrong with what was typed, in the order of the page."""
        return [error for form in (self.form, *self.projects.forms) for error in _errors_of(form)] + [
            BoxError("", "", str(sentence)) for sentence in self.projects.non_form_errors()
        ]

    @property
    def submit_first(self) -> bool:
        """Submitting is the primary action once nothing is missing."""
        return self.access.may_submit and self.panel.is_complete and self.conflict is None

    @property
    def save_first(self) -> bool:
        """Saving is the primary action, unless there is a conflict to decide first."""
        return not self.submit_first and self.conflict is None

    @property
    def bands(self) -> list[ScoreBand]:
        return round_bands(self.access.version, self.access.round)

    @property
    def targets(self) -> list[tuple[str, str]]:
        return round_targets(self.access.version, self.template, self.access.round)

    @cached_property
    def baselines(self) -> list[str]:
        """Where the KPI stood before the plan began: what last year had, as long as it is not a year of the plan."""
        return [baseline_text(row) for row in self.access.round.indicator.baselines.order_by("position")]

    @property
    def formula_in_words(self) -> str:
        """The formula with the items' names in place of their letters."""
        names = {item.code: f"({item.name})" for item in self.template.items}
        return re.sub(r"[A-Za-z][A-Za-z0-9_]*", lambda match: names.get(match[0], match[0]), self.formula_in_symbols)

    @property
    def formula_in_symbols(self) -> str:
        try:
            text = self.template.calculation.formula.print() if self.template.formula else ""
        except FormulaError:
            return self.template.formula
        signs = {"*": "×", "/": "÷"}
        return re.sub(r"\s*([*/])\s*", lambda match: f" {signs[match[1]]} ", text)


def saved_page(access: RoundAccess) -> EntryPage:
    """The page as it stands in the database."""
    ground, result = Ground(access), access.result
    data = {code: ground.history.data.get(code) for code in EntryForm(ground.template).codes} if result else {}
    page = EntryPage(
        ground=ground,
        form=EntryForm(ground.template, initial=_initial(ground, data)),
        projects=ProjectFormSet(prefix="projects", initial=[_project_initial(row) for row in ground.parts.projects]),
        panel=_panel(ground, data),
        lock=result.lock if result else 0,
        data=data,
    )
    suggest_days(page)
    return page


def _panel(ground: Ground, data: Numbers) -> Panel:
    """Of what is saved: for mending the questions that are open now, for reading every answer that was given."""
    result, round_ = ground.access.result, ground.access.round
    if result is not None and not ground.access.may_enter:
        return saved_panel(result, ground.template, data, round_, ground.background)
    assessed = assessment_of(result)
    return panel_of(ground.template, data, round_, given_in(result), assessed=assessed, against=ground.background)


def _initial(ground: Ground, data: Numbers) -> dict[str, Any]:
    result = ground.access.result
    boxes = initial_of(ground.template, data, texts_of(result), ground.parts.notes)
    if result is None:
        return boxes
    reason = result.not_applicable_reason
    return boxes | {"not_applicable": result.is_not_applicable, "not_applicable_reason": reason}


def typed_page(ground: Ground, form: EntryForm, projects: BaseProjectFormSet, **facts: Any) -> EntryPage:
    """The page with everything that was typed, whatever is wrong with it."""
    page = EntryPage(ground=ground, form=form, projects=projects, data=form.numbers, **facts)
    suggest_days(page)
    return page


def _project_initial(row: ProjectLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "allocated", "spent", "source")}


def suggest_days(page: EntryPage) -> None:
    """The number of days of the period as an example in the box of KPI 9's item C; nothing is filled in."""
    days = (page.access.round.end - page.access.round.start + timedelta(days=1)).days
    for item in page.template.items:
        if item.name == DAYS_NAME and item.unit == DAYS_UNIT:
            widget = page.form.fields[box_name(item.code)].widget
            widget.attrs["placeholder"] = _("เช่น %(days)s") % {"days": days}
