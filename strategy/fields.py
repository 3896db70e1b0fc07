"""Boxes for what Django has none of: lists in the admin, Thai dates, a unit of one's hospital."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from strategy import clock
from strategy.periods import DateError, parse_thai_date, typed_date


def _today() -> str:
    return typed_date(clock.today())


# The example in the boxes: today on the clock of the application, said when the box is drawn.
_example = lazy(_today, str)


class ThaiDateField(forms.CharField):
    """A day in the Buddhist era as people write it: 21 พ.ย. 2569, 21/11/2569; a mistyped one comes back as typed."""

    default_error_messages = {"required": format_lazy(_("กรุณาใส่วันที่ เช่น {day}"), day=_example())}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": _example(), "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 60, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return typed_date(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_thai_date(text, clock.today())
        except DateError as error:
            raise forms.ValidationError(error.message, code="no_date") from None


@dataclass(frozen=True)
class Option:
    """One thing to be picked: how the list shows it, and the other words by which people may name it."""

    value: Any
    label: str
    words: tuple[str, ...] = ()

    def is_named(self, text: str) -> bool:
        return text in (self.label.casefold(), *(word.casefold() for word in self.words))

    def has(self, text: str) -> bool:
        return any(text in word.casefold() for word in (self.label, *self.words))


class PickField(forms.CharField):
    """One of many, found by typing: the browser's own list beside a text box, which needs no script.

    What was typed names one by its code or name, or by a part that only one has; otherwise the error says which
    come near. The page draws `options` as a datalist with the id `list_id`.
    """

    NEAR = 5

    def __init__(self, *, list_id: str, **kwargs: Any) -> None:
        self.list_id = list_id
        self.options: Sequence[Option] = ()
        widget = forms.TextInput(attrs={"list": list_id, "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 400, **kwargs})

    def clean(self, value: Any) -> Any:
        text = " ".join(super().clean(value).split()).casefold()
        if not text:
            return None
        named = [option for option in self.options if option.is_named(text)]
        found = named or [option for option in self.options if option.has(text)]
        if len(found) == 1:
            return found[0].value
        raise forms.ValidationError(self._refusal(str(value).strip(), found), code="not_one")

    def _refusal(self, text: str, found: Sequence[Option]) -> str:
        facts = {"text": text[:60], "near": ", ".join(option.label for option in found[: self.NEAR])}
        if not found:
            return _("ไม่พบ “%(text)s” ในรายการ พิมพ์ส่วนหนึ่งของชื่อหรือรหัส แล้วเลือกจากรายการ") % facts
        return _("“%(text)s” ตรงกับหลายรายการ เช่น %(near)s พิมพ์ให้ครบหรือเลือกจากรายการ") % facts


class ListField(forms.JSONField):
    """A list of texts as JSON; an emptied box is an empty list, and what is no such list is refused."""

    default_error_messages = {
        "invalid": _('ต้องเป็นรายการแบบ JSON เช่น ["…", "…"]'),
        "not_list": _('ต้องเป็นรายการของข้อความ เช่น ["…", "…"] หรือเว้นว่าง'),
    }

    def to_python(self, value: Any) -> list:
        found = super().to_python(value)
        if found in self.empty_values:
            return []
        if not isinstance(found, list) or not all(self.fits(part) for part in found):
            raise forms.ValidationError(self.error_messages["not_list"], code="not_list")
        return found

    def fits(self, part: Any) -> bool:
        return isinstance(part, str)


class RecordsField(ListField):
    """A list of records, such as people with their telephones."""

    default_error_messages = {
        "not_list": _('ต้องเป็นรายการแบบ [{"ชื่อ": "ข้อความ"}] หรือเว้นว่าง'),
    }

    def fits(self, part: Any) -> bool:
        return isinstance(part, dict)


class GradesField(RecordsField):
    """The grades of a plan with the percent that each needs, as printed."""

    default_error_messages = {
        "not_list": _('ต้องเป็นรายการเกรด เช่น [{"grade": "A", "text": ">80 %"}] หรือเว้นว่าง'),
    }

    def fits(self, part: Any) -> bool:
        return isinstance(part, dict) and all(isinstance(part.get(key), str) for key in ("grade", "text"))
