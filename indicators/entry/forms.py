"""What a department head types: the numbers of a round, the steps of a milestone, texts, and projects with budgets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions import Note, Project, range_errors
from indicators.entry.boxes import LongTextField, NumberField, item_box, not_applicable_box, note_boxes, step_box
from indicators.models import ProjectLine
from indicators.wording import said
from scoring.template import Kind, Template

MOST_PROJECTS = 50
BLANK_PROJECTS = 2
BAHT_DECIMALS = 2
BAHT_LARGEST = Decimal(10) ** 12


# Kinds of which every step or item may carry evidence and a remark.
NOTED_KINDS = (Kind.MILESTONE, Kind.CHECKLIST, Kind.QUALITATIVE)


class EntryForm(forms.Form):
    """The boxes of one round: one that fits each item or step, notes beside them, three texts, "not applicable"."""

    not_applicable = forms.BooleanField(
        label=gettext_lazy("ตัวชี้วัดนี้ไม่เกี่ยวข้องกับหน่วยงานในงวดนี้"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    not_applicable_reason = LongTextField(label=gettext_lazy("เหตุผลที่ไม่เกี่ยวข้อง"), rows=2)
    note = LongTextField(label=gettext_lazy("หมายเหตุ"))
    problems = LongTextField(label=gettext_lazy("ปัญหาและอุปสรรค"))
    suggestions = LongTextField(label=gettext_lazy("ข้อเสนอแนะ/โอกาสพัฒนา"))

    def __init__(self, template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        boxes = _boxes(template)
        self.codes = list(boxes)
        self.noted = noted_codes(template)
        notes = {name: box for code in self.noted for name, box in _notes(template, code)}
        texts = dict(self.fields)
        self.fields = {box_name(code): box for code, box in boxes.items()} | notes | texts  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        for code, sentence in range_errors(self.template, self.numbers).items():
            self.add_error(box_name(code), sentence)
        if self.is_not_applicable and not self.cleaned_data.get("not_applicable_reason", "?"):
            self.add_error("not_applicable_reason", _("กรุณาระบุเหตุผลที่ไม่เกี่ยวข้อง ผู้ตรวจสอบจะเห็นข้อความนี้ หรือเอาเครื่องหมายออก"))
        return self.cleaned_data

    @property
    def is_not_applicable(self) -> bool:
        return bool(self.cleaned_data.get("not_applicable"))

    @property
    def numbers(self) -> dict[str, Decimal | None]:
        """What was typed and could be read, by item; what is not ticked is 0, not done."""
        return {code: self._number(code) for code in self.codes}

    def _number(self, code: str) -> Decimal | None:
        typed = self.cleaned_data.get(box_name(code))
        if not isinstance(self.fields[box_name(code)], forms.BooleanField):
            return typed
        # That an item applies goes without saying: only the opposite is kept.
        return Decimal(bool(typed)) if typed or not is_mark(self.template, code) else None

    @property
    def notes(self) -> dict[str, Note]:
        """Evidence and remarks as they will be stored; empty ones left out."""
        typed = {code: self._note(code) for code in self.noted}
        return {code: note for code, note in typed.items() if note != Note()}

    def _note(self, code: str) -> Note:
        evidence, remark = (self.cleaned_data.get(note_name(part, code)) or "" for part in ("evidence", "remark"))
        return Note(evidence, remark)

    def as_typed(self, code: str) -> str:
        """What is in a box: in words where it can be read, else the text as it was typed."""
        number = self.numbers[code] if box_name(code) in getattr(self, "cleaned_data", {}) else None
        if number is not None or isinstance(self.fields[box_name(code)], forms.BooleanField):
            return said(self.template, code, number)
        return str(self[box_name(code)].value() or "")

    def as_typed_text(self, name: str) -> str:
        return str(self[name].value() or "").strip().replace("\r\n", "\n")

    @property
    def sentences(self) -> list[str]:
        """What is wrong with the boxes, each with its code, for the panel."""
        codes = [code for code in self.codes if box_name(code) in self.errors]
        return [f"{code}: {error}" for code in codes for error in self.errors[box_name(code)]]


def box_name(code: str) -> str:
    return f"item_{code}"


def note_name(part: str, code: str) -> str:
    """The box of a note: part is "evidence" or "remark"."""
    return f"{part}_{code}"


def is_mark(template: Template, code: str) -> bool:
    """Whether the code marks an item as not applicable."""
    return any(code == item.not_applicable for item in template.items if item.may_be_na)


def noted_codes(template: Template) -> list[str]:
    """The steps or items that may carry evidence and a remark."""
    if template.kind not in NOTED_KINDS:
        return []
    return [f"S{step.number}" for step in template.steps] or [item.code for item in template.items]


def _boxes(template: Template) -> dict[str, forms.Field]:
    """A box for every step or item, and one beside those that may not apply."""
    if template.kind is Kind.MILESTONE:
        return {f"S{step.number}": step_box(step) for step in template.steps}
    boxes: dict[str, forms.Field] = {}
    for item in template.items:
        boxes[item.code] = item_box(template, item)
        if item.may_be_na:
            boxes[item.not_applicable] = not_applicable_box(item)
    return boxes


def _notes(template: Template, code: str) -> list[tuple[str, forms.Field]]:
    label = code if template.item(code) else _("ขั้นที่ %(number)s") % {"number": code[1:]}
    return [(note_name(part, code), box) for part, box in note_boxes(label)]


def initial_of(
    template: Template, data: Mapping[str, Decimal | None], texts: Mapping[str, str], notes: Mapping[str, Note]
) -> dict[str, Any]:
    """What the boxes show of a saved result."""
    boxes = _boxes(template)
    shown = {
        code: bool(data.get(code)) if isinstance(box, forms.BooleanField) else data.get(code)
        for code, box in boxes.items()
    }
    written = {note_name(part, code): text for code, note in notes.items() for part, text in vars(note).items()}
    return {box_name(code): value for code, value in shown.items()} | written | dict(texts)


class ProjectForm(forms.Form):
    """One line of projects and budgets; a line left empty is no line."""

    name = forms.CharField(
        label=gettext_lazy("โครงการ/กิจกรรม"), max_length=ProjectLine._meta.get_field("name").max_length, required=False
    )
    allocated = NumberField(label=gettext_lazy("งบฯ ที่ได้รับจัดสรร (บาท)"), places=BAHT_DECIMALS, largest=BAHT_LARGEST)
    spent = NumberField(label=gettext_lazy("งบฯ ที่ใช้จริง (บาท)"), places=BAHT_DECIMALS, largest=BAHT_LARGEST)
    source = forms.CharField(
        label=gettext_lazy("แหล่งงบ"), max_length=ProjectLine._meta.get_field("source").max_length, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            long = {"maxlength": field.max_length} if name in ("name", "source") else {}
            field.widget.attrs.update({"class": field.widget.attrs.get("class", "form-control"), **long})

    def clean(self) -> dict[str, Any]:
        for name in ("allocated", "spent"):
            amount = self.cleaned_data.get(name)
            if amount is not None and amount < 0:
                self.add_error(name, _("จำนวนเงินต้องไม่น้อยกว่า 0"))
        if not self.cleaned_data.get("name") and self.project is not None and "name" not in self.errors:
            self.add_error("name", _("กรุณาใส่ชื่อโครงการ/กิจกรรมของบรรทัดนี้ หรือล้างทั้งบรรทัด"))
        return self.cleaned_data

    @property
    def project(self) -> Project | None:
        """The line as it will be stored; None where nothing was typed."""
        facts = {name: self.cleaned_data.get(name) for name in ("name", "allocated", "spent", "source")}
        if all(value in (None, "") for value in facts.values()):
            return None
        return Project(facts["name"] or "", facts["allocated"], facts["spent"], facts["source"] or "")


class BaseProjectFormSet(forms.BaseFormSet):
    """The lines in the order in which they were typed."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": gettext_lazy("ตารางโครงการส่งมาไม่ครบ กรุณาโหลดหน้านี้ใหม่"),
    }

    @property
    def projects(self) -> list[Project]:
        """The lines that were typed; those with an unreadable amount too, without it."""
        lines = (form.project for form in self.forms if hasattr(form, "cleaned_data"))
        return [line for line in lines if line is not None]


ProjectFormSet = forms.formset_factory(
    ProjectForm,
    formset=BaseProjectFormSet,
    extra=BLANK_PROJECTS,
    max_num=MOST_PROJECTS,
    absolute_max=2 * MOST_PROJECTS,  # what is read at all, whatever a request claims to send
    validate_max=True,
)
