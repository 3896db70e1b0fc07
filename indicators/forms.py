"""What a department head types: the numbers of a round, the steps of a milestone, texts, and projects with budgets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions import LARGEST, Project, range_errors
from indicators.models import ProjectLine
from indicators.models.templates import DIGITS
from scoring.numbers import NumberError, format_number, parse_number
from scoring.template import Kind, Template

LONGEST_TEXT = 5000  # characters of a note
MOST_PROJECTS = 50
BLANK_PROJECTS = 2
BAHT_DECIMALS = 2
BAHT_LARGEST = Decimal(10) ** 12


class NumberField(forms.CharField):
    """A text box for a number: Thai digits and thousand separators are read, nothing is rounded. Empty is None."""

    def __init__(self, *, places: int = DIGITS["decimal_places"], largest: Decimal = LARGEST, **kwargs: Any) -> None:
        self.places, self.largest = places, largest
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "form-control num"}
        super().__init__(widget=forms.TextInput(attrs=attrs), required=False, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "")
        if not text.strip():
            return None
        try:
            number = parse_number(text)
        except NumberError as error:
            raise forms.ValidationError(self._complaint(text, error)) from None
        return self._storable(number)

    @staticmethod
    def _complaint(text: str, error: NumberError) -> str:
        shown = text.strip() if len(text.strip()) <= 40 else text.strip()[:40] + "…"
        return _("อ่าน “%(text)s” เป็นตัวเลขไม่ได้: %(why)s") % {"text": shown, "why": error.message}

    def _storable(self, number: Decimal) -> Decimal:
        if abs(number) >= self.largest:
            raise forms.ValidationError(_("ตัวเลขใหญ่เกินไป ต้องน้อยกว่า %(limit)s") % {"limit": format_number(self.largest)})
        if number != number.quantize(Decimal(1).scaleb(-self.places)):
            raise forms.ValidationError(_("ใส่ทศนิยมได้ไม่เกิน %(places)d ตำแหน่ง") % {"places": self.places})
        return number

    def validate(self, value: Any) -> None:
        """Nothing more: an empty box is a number that is not given."""

    def run_validators(self, value: Any) -> None:
        """Those of texts do not fit a number."""


class LongTextField(forms.CharField):
    """A text of several lines with a limit that counts a line break once, as the box in the browser does."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "class": "form-control", "maxlength": LONGEST_TEXT})
        super().__init__(widget=widget, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).replace("\r\n", "\n")
        if len(text) > LONGEST_TEXT:
            facts = {"limit": format_number(LONGEST_TEXT), "length": format_number(len(text))}
            raise forms.ValidationError(
                _("ข้อความยาว %(length)s ตัวอักษร ยาวได้ไม่เกิน %(limit)s ตัวอักษร กรุณาย่อให้สั้นลง") % facts
            )
        return text


class EntryForm(forms.Form):
    """The boxes of one round: a number for each data item, or a tick for each step, and three texts."""

    note = LongTextField(label=gettext_lazy("หมายเหตุ"))
    problems = LongTextField(label=gettext_lazy("ปัญหาและอุปสรรค"))
    suggestions = LongTextField(label=gettext_lazy("ข้อเสนอแนะ/โอกาสพัฒนา"))

    def __init__(self, template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        self.codes = _codes(template)
        texts = dict(self.fields)
        self.fields = {box_name(code): _box(template, code) for code in self.codes} | texts  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        for code, sentence in range_errors(self.template, self.numbers).items():
            self.add_error(box_name(code), sentence)
        return self.cleaned_data

    @property
    def numbers(self) -> dict[str, Decimal | None]:
        """What was typed and could be read, by item; a step that is not ticked is 0, not done."""
        typed = {code: self.cleaned_data.get(box_name(code)) for code in self.codes}
        if self.template.kind is Kind.MILESTONE:
            return {code: Decimal(bool(ticked)) for code, ticked in typed.items()}
        return typed

    def as_typed(self, code: str) -> str:
        """The text in a box, as it was typed."""
        return str(self[box_name(code)].value() or "")

    def as_typed_text(self, name: str) -> str:
        return str(self[name].value() or "").strip().replace("\r\n", "\n")

    def is_ticked(self, code: str) -> bool:
        return bool(self[box_name(code)].data)

    def number_or_none(self, code: str) -> Decimal | None:
        """The number in a box where it can be read."""
        return self.cleaned_data.get(box_name(code)) if self.is_bound else None

    @property
    def sentences(self) -> list[str]:
        """What is wrong with the boxes, each with its code, for the panel."""
        codes = [code for code in self.codes if box_name(code) in self.errors]
        return [f"{code}: {error}" for code in codes for error in self.errors[box_name(code)]]


def box_name(code: str) -> str:
    return f"item_{code}"


def _codes(template: Template) -> list[str]:
    if template.kind is Kind.MILESTONE:
        return [f"S{step.number}" for step in template.steps]
    return [item.code for item in template.items]


def _box(template: Template, code: str) -> forms.Field:
    item = template.item(code)
    if item is not None:
        return NumberField(label=f"{code} {item.name}")
    text = next(step.text for step in template.steps if f"S{step.number}" == code)
    tick = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=f"{code[1:]}. {text}", required=False, widget=tick)


def initial_of(data: Mapping[str, Decimal | None], texts: Mapping[str, str]) -> dict[str, Any]:
    """What the boxes show of a saved result."""
    return {box_name(code): value for code, value in data.items()} | dict(texts)


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
