"""Boxes of the admin for what is kept as a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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
