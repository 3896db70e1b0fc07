"""Forms of the pages on which people and their roles are administered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from strategy import clock
from strategy.fields import PickField, ThaiDateField
from strategy.models import Membership, User
from strategy.people.scope import Units

UNITS = "units"  # the id of the datalist of units


class ReasonForm(forms.Form):
    """A decision that is kept with its reason."""

    reason = forms.CharField(
        label=_("เหตุผล"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("เช่น เลขที่คำสั่งหรือสาเหตุ เก็บไว้ในประวัติ"),
        error_messages={"required": _("กรุณาระบุเหตุผล ข้อความนี้เก็บไว้ในประวัติ")},
    )


class PersonForm(forms.ModelForm):
    """Who somebody is; nothing here says what they may do."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "title", "telephone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["first_name"].label = _("ชื่อ")
        self.fields["first_name"].error_messages["required"] = _("ใส่ชื่อของผู้ใช้")
        self.fields["last_name"].label = _("นามสกุล")
        self.fields["email"].label = _("อีเมล")
        self.fields["email"].help_text = _("ใช้ส่งลิงก์ตั้งรหัสผ่านและอีเมลเตือน เว้นว่างได้")


class AddForm(PersonForm):
    """A new person: a user name, and how they come to their first password."""

    SHOW, MAIL = "show", "mail"

    first_password = forms.ChoiceField(
        label=_("รหัสผ่านแรก"),
        choices=[
            (SHOW, _("แสดงรหัสผ่านครั้งเดียวให้ฉัน นำไปบอกผู้ใช้เอง")),
            (MAIL, _("ส่งลิงก์ตั้งรหัสผ่านไปที่อีเมลของผู้ใช้")),
        ],
        widget=forms.RadioSelect,
        initial=SHOW,
    )

    class Meta(PersonForm.Meta):
        fields = ["username", *PersonForm.Meta.fields]

    def __init__(self, *args: Any, can_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("ชื่อผู้ใช้")
        self.fields["username"].error_messages["required"] = _("ใส่ชื่อผู้ใช้ที่จะใช้เข้าสู่ระบบ")
        self.fields["username"].help_text = _("ใช้เข้าสู่ระบบ เป็นตัวอักษร ตัวเลข หรือ @ . + - _ และเปลี่ยนภายหลังไม่ได้")
        if not can_mail:
            del self.fields["first_password"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("มีผู้ใช้ชื่อนี้อยู่แล้ว ตั้งชื่อผู้ใช้อื่น"), code="taken")
        return name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("first_password") == self.MAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("ใส่อีเมลของผู้ใช้ หรือเลือกให้แสดงรหัสผ่าน"))
        return data

    @property
    def is_mailed(self) -> bool:
        return self.cleaned_data.get("first_password") == self.MAIL


class RoleForm(ReasonForm):
    """A role in a unit of the hospital, from a day, perhaps to a day."""

    unit = PickField(
        label=_("หน่วยงาน"),
        list_id=UNITS,
        help_text=_("พิมพ์ส่วนหนึ่งของชื่อหรือรหัส แล้วเลือก มีผลถึงหน่วยงานย่อยทั้งหมดด้วย"),
        error_messages={"required": _("เลือกหน่วยงานของบทบาทนี้")},
    )
    role = forms.ChoiceField(label=_("บทบาท"), choices=Membership.Role.choices)
    start = ThaiDateField(label=_("ตั้งแต่วันที่"))
    end = ThaiDateField(label=_("ถึงวันที่"), required=False, help_text=_("เว้นว่างหากไม่มีกำหนด"))
    field_order = ["unit", "role", "start", "end", "reason"]

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"start": clock.today()}, **kwargs})
        self.fields["unit"].options = units.options  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("วันสิ้นสุดอยู่ก่อนวันเริ่ม ตรวจวันที่ทั้งสองช่อง"))
        return data


class EndForm(ReasonForm):
    """The last day of a role."""

    last = ThaiDateField(
        label=_("วันสุดท้ายของบทบาท"),
        help_text=_("ใส่วันเมื่อวานเพื่อให้สิ้นสุดทันที วันที่ก่อนวันเริ่มคือการยกเลิกทั้งบทบาท"),
    )
    field_order = ["last", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"last": clock.today()}, **kwargs})


class LogFilter(forms.Form):
    """What is asked of the log of log-ins."""

    KINDS = (("", _("ทั้งหมด")), ("in", _("เข้าสู่ระบบได้")), ("wrong", _("ไม่สำเร็จ")))

    q = forms.CharField(label=_("ชื่อผู้ใช้หรือชื่อ"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("ผล"), required=False, choices=KINDS)
    unknown = forms.BooleanField(label=_("เฉพาะชื่อที่ไม่มีในระบบ"), required=False)

    def __init__(self, data: Any, *, with_unknown: bool) -> None:
        super().__init__(data)
        if not with_unknown:
            del self.fields["unknown"]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
