"""What the entry page shows, gathered for its template: definition, boxes with earlier values, panel, conflict."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _

from indicators.adapters import template_for_round
from indicators.entry.conflict import TEXTS, Conflict, texts_of
from indicators.entry.forms import BaseProjectFormSet, EntryForm, ProjectFormSet, box_name, initial_of
from indicators.entry.lines import Line, Section, Sources, sections_of
from indicators.entry.panel import Panel, assessment_of, computed_items, panel_of
from indicators.entry.round_texts import round_bands, round_targets
from indicators.events import EventLine, events_of, lines_of
from indicators.history import History, history_of
from indicators.models import ProjectLine, Result, ReviewEvent, ScoreBand
from indicators.naming import baseline_text, title_of
from indicators.result_parts import Parts, parts_of
from indicators.rules import EDITABLE, RoundAccess
from indicators.subtotals import subtotal_texts
from indicators.wording import Numbers, step_states
from scoring.formula import FormulaError
from scoring.template import ItemKind, Kind, Template
from strategy import clock
from strategy.periods import thai_date

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


def _place_of(bound: BoundField) -> str:
    """The id to jump to; radio buttons have none as a whole, so the first of them."""
    return bound.id_for_label or f"{bound.auto_id}_0"


@dataclass
class EntryPage:
    """One round's entry page for one person. Forms are given where something was typed, else made of what is saved."""

    access: RoundAccess
    template: Template
    history: History
    form: EntryForm
    projects: BaseProjectFormSet
    panel: Panel
    lock: int
    data: Numbers  # what the boxes hold, as far as it can be read
    refusals: list[str] = field(default_factory=list)
    conflict: Conflict | None = None

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

    @cached_property
    def parts(self) -> Parts:
        return parts_of(self.access.result)

    @property
    def saved_projects(self) -> list[ProjectLine]:
        return self.parts.projects

    @cached_property
    def events(self) -> list[ReviewEvent]:
        """The history of the result, newest first."""
        return events_of(self.access.result)[::-1] if self.access.result else []

    @property
    def event_lines(self) -> list[EventLine]:
        return lines_of(self.events, self.template)

    @property
    def comeback(self) -> ReviewEvent | None:
        """The return or reopening that is still to be answered."""
        back = {Result.Status.RETURNED: ReviewEvent.Action.RETURN, Result.Status.REOPENED: ReviewEvent.Action.REOPEN}
        action = back.get(Result.Status(self.access.status)) if self.access.status else None
        return next((event for event in self.events if event.action == action), None)

    @property
    def states(self) -> list[str]:
        """Keys of the state badges in the page's head."""
        today, round_ = clock.today(), self.access.round
        shown = [str(self.access.status)] if self.access.status else []
        if self.access.status in EDITABLE and round_.due < today:
            return ["late", *shown]
        return shown or ["due" if round_.end < today else "not_yet_due"]

    @property
    def standing(self) -> str:
        """How things stand, in one sentence."""
        result, round_ = self.access.result, self.access.round
        due = {"due": thai_date(round_.due, long=True)}
        if not self.access.has_begun:
            return _("งวดนี้ยังไม่เริ่ม บันทึกได้ตั้งแต่ %(day)s") % {"day": thai_date(round_.start, long=True)}
        if result is None:
            return _("ยังไม่มีผลงานของงวดนี้ กำหนดส่ง %(due)s") % due
        if self.comeback:
            return _("ผู้ตรวจสอบให้แก้ไข อ่านเหตุผล แก้ไข แล้วส่งอีกครั้ง")
        if result.status in EDITABLE:
            return _("บันทึกไว้แล้วแต่ยังไม่ได้ส่ง กำหนดส่ง %(due)s") % due
        if result.status == Result.Status.SUBMITTED:
            return _("ส่งแล้ว รอตรวจสอบ แก้ไขได้เมื่อถอนกลับมาหรือผู้ตรวจสอบส่งกลับ")
        return _("อนุมัติแล้ว แก้ไขได้เมื่อผู้ตรวจสอบเปิดให้แก้ไขใหม่")

    @property
    def reader_note(self) -> str:
        """Why this person cannot type although the round is open; empty where they can."""
        open_round = self.access.has_begun and self.access.status in EDITABLE
        return _("ท่านดูหน้านี้ได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน") if open_round and not self.may_enter else ""

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


def template_for(access: RoundAccess) -> Template:
    """The round's template, with its rows fetched once for the page and for what is saved from it."""
    prefetch_related_objects([access.version], "items", "bands")
    return template_for_round(access.version, access.round.number)


def saved_page(access: RoundAccess) -> EntryPage:
    """The page as it stands in the database."""
    template, history = template_for(access), history_of(access)
    result = access.result
    data = {code: history.data.get(code) for code in EntryForm(template).codes} if result else {}
    parts = parts_of(result)
    panel = panel_of(
        template, data, access.round, result.acknowledged if result else (), assessed=assessment_of(result)
    )
    page = EntryPage(
        access=access,
        template=template,
        history=history,
        form=EntryForm(template, initial=initial_of(template, data, texts_of(result), parts.notes)),
        projects=ProjectFormSet(prefix="projects", initial=[_project_initial(row) for row in parts.projects]),
        panel=panel,
        lock=result.lock if result else 0,
        data=data,
    )
    page.__dict__["parts"] = parts
    suggest_days(page)
    return page


def typed_page(
    access: RoundAccess, template: Template, form: EntryForm, projects: BaseProjectFormSet, **facts: Any
) -> EntryPage:
    """The page with everything that was typed, whatever is wrong with it."""
    page = EntryPage(
        access=access, template=template, history=history_of(access), form=form, projects=projects,
        data=form.numbers, **facts,
    )  # fmt: skip
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
