"""The boxes that people type in: numbers, marks, choices, ticks, and texts of several lines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from indicators.actions import LARGEST
from indicators.models.templates import DIGITS
from indicators.wording import choice_text
from scoring.numbers import NumberError, format_number, parse_number
from scoring.steps import Step
from scoring.template import Item, ItemKind, Kind, Template

LONGEST_TEXT = 5000  # characters of a note
SHOWN = 40  # characters of what could not be read


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
        shown = text.strip() if len(text.strip()) <= SHOWN else text.strip()[:SHOWN] + "…"
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

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "class": "form-control", "maxlength": LONGEST_TEXT})
        super().__init__(widget=widget, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).replace("\r\n", "\n")
        if len(text) > LONGEST_TEXT:
            facts = {"limit": format_number(LONGEST_TEXT), "length": format_number(len(text))}
            raise forms.ValidationError(
                _("ข้อความยาว %(length)s ตัวอักษร ยาวได้ไม่เกิน %(limit)s ตัวอักษร กรุณาย่อให้สั้นลง") % facts
            )
        return text


class ChoiceField(forms.ChoiceField):
    """One of an item's words; what is kept are its points. Empty is None, the word or its points are read."""

    def __init__(self, item: Item, *, nothing: str, radio: bool = False, **kwargs: Any) -> None:
        self.item = item
        words = [(_key(choice.points), choice_text(item, choice.points)) for choice in item.choices]
        widget = (
            forms.RadioSelect(attrs={"class": "form-check-input"})
            if radio
            else forms.Select(attrs={"class": "form-select"})
        )
        choices = [*words, ("", nothing)] if radio else [("", nothing), *words]
        super().__init__(choices=choices, widget=widget, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return _key(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = str(value or "").strip()
        if not text:
            return None
        points = self.item.points_of(text)
        return self._by_points(text) if points is None else points

    def _by_points(self, text: str) -> Decimal:
        for choice in self.item.choices:
            if text == _key(choice.points):
                return choice.points
        words = ", ".join(choice.label for choice in self.item.choices)
        shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
        raise forms.ValidationError(_("เลือก “%(text)s” ไม่ได้ เลือกได้เฉพาะ %(words)s") % {"text": shown, "words": words})

    def validate(self, value: Any) -> None:
        """Nothing more: to_python has found it among the choices."""


def _key(points: Decimal) -> str:
    return f"{points.normalize():f}"


def step_box(step: Step) -> forms.Field:
    """A tick for one step."""
    return _tick(f"{step.number}. {step.text}")


def item_box(template: Template, item: Item) -> forms.Field:
    """The box that fits the item's kind."""
    label = item.name if template.kind is Kind.QUALITATIVE else f"{item.code} {item.name}"
    match item.kind:
        case ItemKind.TICK:
            return _tick(label)
        case ItemKind.CHOICE if template.kind is Kind.QUALITATIVE:
            return ChoiceField(item, nothing=_("ยังไม่มีผล"), radio=True, label=label)
        case ItemKind.CHOICE:
            return ChoiceField(item, nothing=_("– ยังไม่เลือก –"), label=label)
    box = NumberField(label=label)
    if item.kind is ItemKind.POINTS and item.full is not None:
        box.widget.attrs["data-full"] = format_number(item.full)
    return box


def not_applicable_box(item: Item) -> forms.Field:
    """The tick that leaves an item out; what was typed for it stays."""
    return _tick(_("%(code)s ไม่เกี่ยวข้อง") % {"code": item.code})


def note_boxes(item_label: str) -> Sequence[tuple[str, forms.Field]]:
    """Where the evidence is, and a remark."""
    evidence = LongTextField(label=_("หลักฐานอ้างอิง (ข้อความหรือลิงก์) ของ %(item)s") % {"item": item_label}, rows=1)
    remark = LongTextField(label=_("หมายเหตุ ของ %(item)s") % {"item": item_label}, rows=1)
    return (("evidence", evidence), ("remark", remark))


def _tick(label: str) -> forms.Field:
    tick = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, widget=tick)
