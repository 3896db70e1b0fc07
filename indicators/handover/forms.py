"""Forms of deputies and hand-over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.handover.units import UnitAccess
from strategy import clock
from strategy.fields import PickField, ThaiDateField
from strategy.people.forms import ReasonForm

PEOPLE = "people"  # the id of the datalist of people


class UnitFilter(forms.Form):
    """What is asked of the list of units."""

    q = forms.CharField(label=_("ชื่อหรือรหัสหน่วยงาน"), required=False, max_length=100)
    without = forms.BooleanField(label=_("เฉพาะที่มีตัวชี้วัดแต่ไม่มีหัวหน้า"), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DeputyForm(ReasonForm):
    """Who stands in for the head, from when to when."""

    of = forms.TypedChoiceField(label=_("แทนหัวหน้า"), coerce=int)
    deputy = PickField(
        label=_("ผู้รักษาการ"),
        list_id=PEOPLE,
        help_text=_("พิมพ์ส่วนหนึ่งของชื่อหรือชื่อผู้ใช้ แล้วเลือก"),
        error_messages={"required": _("เลือกผู้รักษาการ")},
    )
    start = ThaiDateField(label=_("ตั้งแต่วันที่"))
    end = ThaiDateField(label=_("ถึงวันที่"))
    field_order = ["of", "deputy", "start", "end", "reason"]

    def __init__(self, *args: Any, access: UnitAccess, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"start": clock.today()}, **kwargs})
        own = [role for role in access.heads if access.is_administrator or role.user_id == access.reach.user.pk]
        self.heads = {role.user_id: role.user for role in own}
        self.fields["of"].choices = [(pk, str(user)) for pk, user in self.heads.items()]  # type: ignore[attr-defined]
        self.fields["deputy"].options = access.candidates  # type: ignore[attr-defined]
        if not access.is_administrator:
            self.fields["of"].widget = forms.HiddenInput()
            self.initial["of"] = access.reach.user.pk

    def clean_of(self) -> Any:
        return self.heads[self.cleaned_data["of"]]


class HandOverForm(ReasonForm):
    """Which role, to whom, from which day."""

    leaving = forms.TypedChoiceField(label=_("บทบาทที่ส่งมอบ"), coerce=int)
    to = PickField(
        label=_("ผู้รับมอบ"),
        list_id=PEOPLE,
        help_text=_("พิมพ์ส่วนหนึ่งของชื่อหรือชื่อผู้ใช้ แล้วเลือก"),
        error_messages={"required": _("เลือกผู้รับมอบ")},
    )
    day = ThaiDateField(label=_("ผู้รับมอบเริ่มวันที่"), help_text=_("บทบาทเดิมสิ้นสุดวันก่อนหน้า"))
    field_order = ["leaving", "to", "day", "reason"]

    def __init__(self, *args: Any, access: UnitAccess, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"day": clock.today()}, **kwargs})
        self.roles = {role.pk: role for role in access.lasting if role.deputy_of_id is None}
        self.fields["leaving"].choices = [  # type: ignore[attr-defined]
            (pk, f"{role.get_role_display()} · {role.user}") for pk, role in self.roles.items()
        ]
        self.fields["to"].options = access.candidates  # type: ignore[attr-defined]

    def clean_leaving(self) -> Any:
        return self.roles[self.cleaned_data["leaving"]]
