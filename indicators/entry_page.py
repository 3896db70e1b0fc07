"""What the entry page shows, gathered for its template: definition, boxes with earlier values, panel, conflict."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _

from indicators.actions import Project
from indicators.adapters import template_of
from indicators.events import EventLine, events_of, lines_of
from indicators.forms import BaseProjectFormSet, EntryForm, ProjectFormSet, box_name, initial_of
from indicators.history import History, PastRound, history_of
from indicators.models import ProjectLine, Result, ReviewEvent, ScoreBand
from indicators.naming import baseline_text, targets_of, title_of
from indicators.panel import Panel, computed_items, panel_of
from indicators.rules import EDITABLE, RoundAccess
from scoring.formula import FormulaError
from scoring.numbers import format_number
from scoring.template import Kind, Template
from strategy import clock
from strategy.periods import thai_date

TEXTS = ("note", "problems", "suggestions")
# Item C of 9(1) and 9(2): the length of the period, which the calendar knows.
DAYS_NAME, DAYS_UNIT = "ช่วงเวลาที่กำหนด", "วัน"


@dataclass(frozen=True)
class BoxRow:
    """One data item or step: its box, its unit, and what earlier rounds had."""

    code: str
    name: str
    unit: str
    box: BoundField | None  # None where the page is for reading alone
    value: Decimal | None  # what is saved
    last: Decimal | None
    last_year: Decimal | None
    hint: str = ""


@dataclass(frozen=True)
class Difference:
    """One line of a conflict: what is in the database now beside what was typed."""

    label: str
    saved: str
    typed: str

    @property
    def differs(self) -> bool:
        return self.saved != self.typed


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved first: who, when, what, and whether one may still write over it."""

    sentence: str
    lines: list[Difference]
    may_overwrite: bool


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
            yield BoxError(bound.id_for_label or "", str(bound.label), str(sentence))


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
    refusals: list[str] = field(default_factory=list)
    conflict: Conflict | None = None

    @property
    def title(self) -> str:
        return title_of(self.access.round.indicator)

    @property
    def is_milestone(self) -> bool:
        return self.template.kind is Kind.MILESTONE

    @property
    def may_enter(self) -> bool:
        return self.access.may_enter

    @cached_property
    def rows(self) -> list[BoxRow]:
        return list(self._rows())

    def _rows(self) -> Iterator[BoxRow]:
        computed = computed_items(self.template, self.panel)
        for code, name, unit, hint in _lines_of(self.template, self.access, computed):
            yield BoxRow(
                code, name, unit, self.form[box_name(code)] if self.may_enter else None, self.history.data.get(code),
                _value(self.history.last, code), _value(self.history.last_year, code), hint,
            )  # fmt: skip

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """The saved texts, for reading; empty ones left out."""
        saved = texts_of(self.access.result)
        return [(str(self.form.fields[name].label), text) for name, text in saved.items() if text]

    @cached_property
    def saved_projects(self) -> list[ProjectLine]:
        return saved_projects(self.access)

    @cached_property
    def events(self) -> list[ReviewEvent]:
        """The history of the result, newest first."""
        return events_of(self.access.result)[::-1] if self.access.result else []

    @property
    def event_lines(self) -> list[EventLine]:
        return lines_of(self.events)

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
        return sorted(self.access.version.bands.all(), key=lambda band: -band.level)

    @property
    def targets(self) -> list[tuple[str, str]]:
        return targets_of(self.access.version)

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


def _lines_of(
    template: Template, access: RoundAccess, computed: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """(code, name, unit, hint) of each item or step."""
    for step in template.steps if template.kind is Kind.MILESTONE else ():
        implied = _("ถือว่าทำแล้วเมื่อทำขั้นที่ %(number)s แล้ว") % {"number": step.implied_by} if step.implied_by else ""
        yield f"S{step.number}", f"{step.number}. {step.text}", "", implied
    for item in template.items:
        yield item.code, item.name, item.unit, item_hint(item.derived, computed.get(item.code, ""), access.may_enter)


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


def _value(past: PastRound | None, code: str) -> Decimal | None:
    return past.data.get(code) if past else None


def template_for(access: RoundAccess) -> Template:
    """The round's template, with its rows fetched once for the page and for what is saved from it."""
    prefetch_related_objects([access.version], "items", "bands")
    return template_of(access.version)


def texts_of(result: Result | None) -> dict[str, str]:
    return {name: getattr(result, name) if result else "" for name in TEXTS}


def saved_projects(access: RoundAccess) -> list[ProjectLine]:
    return list(access.result.projects.all()) if access.result else []


def saved_page(access: RoundAccess) -> EntryPage:
    """The page as it stands in the database."""
    template, history = template_for(access), history_of(access)
    result = access.result
    data = {code: history.data.get(code) for code in EntryForm(template).codes}
    panel = panel_of(template, data if result else {}, access.round, result.acknowledged if result else ())
    rows = saved_projects(access)
    page = EntryPage(
        access=access,
        template=template,
        history=history,
        form=EntryForm(template, initial=_initial(template, data, result)),
        projects=ProjectFormSet(prefix="projects", initial=[_project_initial(row) for row in rows]),
        panel=panel,
        lock=result.lock if result else 0,
    )
    page.__dict__["saved_projects"] = rows
    suggest_days(page)
    return page


def typed_page(
    access: RoundAccess, template: Template, form: EntryForm, projects: BaseProjectFormSet, **facts: Any
) -> EntryPage:
    """The page with everything that was typed, whatever is wrong with it."""
    page = EntryPage(
        access=access, template=template, history=history_of(access), form=form, projects=projects, **facts
    )
    suggest_days(page)
    return page


def _initial(template: Template, data: Mapping[str, Decimal | None], result: Result | None) -> dict[str, Any]:
    shown: Mapping[str, Any] = data
    if template.kind is Kind.MILESTONE:
        shown = {code: bool(value) for code, value in data.items()}
    return initial_of(shown, texts_of(result))


def _project_initial(row: ProjectLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "allocated", "spent", "source")}


def suggest_days(page: EntryPage) -> None:
    """The number of days of the period as an example in the box of KPI 9's item C; nothing is filled in."""
    days = (page.access.round.end - page.access.round.start + timedelta(days=1)).days
    for item in page.template.items:
        if item.name == DAYS_NAME and item.unit == DAYS_UNIT:
            widget = page.form.fields[box_name(item.code)].widget
            widget.attrs["placeholder"] = _("เช่น %(days)s") % {"days": days}


def conflict_of(
    access: RoundAccess, current: Result, sentence: str, form: EntryForm, projects: BaseProjectFormSet
) -> Conflict:
    """What is in the database now beside what was typed, box by box."""
    template = form.template
    saved = {row.code: row.value for row in current.values.all()}
    lines = [_difference(template, code, saved, form) for code in form.codes]
    for name, text in texts_of(current).items():
        lines.append(Difference(str(form.fields[name].label), text, form.as_typed_text(name)))
    lines.append(
        Difference(_("โครงการ/กิจกรรม"), _projects_text(current.projects.all()), _projects_text(projects.projects))
    )
    return Conflict(sentence, lines, may_overwrite=access.may_enter)


def _projects_text(rows: Iterable[ProjectLine | Project]) -> str:
    """One line a project: its name, allocated / spent, and source."""
    return "\n".join(
        f"{row.name} {format_number(row.allocated)} / {format_number(row.spent)} {row.source}".strip() for row in rows
    )


def _difference(template: Template, code: str, saved: Mapping[str, Decimal], form: EntryForm) -> Difference:
    if template.kind is Kind.MILESTONE:
        marks = {True: _("ทำแล้ว"), False: _("ยังไม่ทำ")}
        return Difference(form[box_name(code)].label, marks[bool(saved.get(code))], marks[form.is_ticked(code)])
    number = form.number_or_none(code)
    typed = form.as_typed(code) if number is None else format_number(number)
    return Difference(form[box_name(code)].label, format_number(saved.get(code)), typed)
