"""What a person sends about a recovery measure: what is to be done, and how it goes on."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.recovery.rules import MeasureAccess
from indicators.recovery.steps import allowed_steps
from strategy import clock
from strategy.periods import DateError, parse_thai_date, thai_date, typed_date

FURTHEST = timedelta(days=3 * 366)  # beyond it is a slip of the year


class ThaiDateField(forms.CharField):
    """A day as people write it: 30 มิ.ย. 2560, 30/6/2560; what was typed comes back as it was."""

    def clean(self, value: Any) -> date:
        text = super().clean(value)
        try:
            return parse_thai_date(text, clock.today())
        except DateError as error:
            raise forms.ValidationError(error.message) from None


class MeasureForm(forms.Form):
    """What is done, who does it and by when."""

    what = forms.CharField(
        label=gettext_lazy("จะทำอะไร"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("มาตรการที่แก้สาเหตุของผลงานที่ไม่ผ่านเกณฑ์ เขียนให้ตรวจได้ว่าทำแล้วหรือยัง"),
        error_messages={"required": gettext_lazy("กรุณาเขียนว่าจะทำอะไร")},
    )
    who = forms.CharField(
        label=gettext_lazy("ใครรับผิดชอบ"),
        max_length=255,
        help_text=gettext_lazy("ชื่อหรือตำแหน่งของผู้รับผิดชอบ"),
        error_messages={"required": gettext_lazy("กรุณาระบุผู้รับผิดชอบ")},
    )
    by_when = ThaiDateField(
        label=gettext_lazy("ภายในวันที่"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("กรุณาระบุวันที่จะทำเสร็จ")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = typed_date(clock.today() + timedelta(days=30))
        self.fields["by_when"].help_text = _("ปี พ.ศ. เช่น %(day)s หรือ 30/6/2560 ต้องไม่ใช่วันที่ผ่านมาแล้ว") % {"day": day}

    def clean_by_when(self) -> date:
        day: date = self.cleaned_data["by_when"]
        if sentence := day_error(day):
            raise forms.ValidationError(sentence)
        return day


def day_error(day: date) -> str:
    """Why a measure cannot be due on that day; empty where it can."""
    today = clock.today()
    if day < today:
        facts = {"day": thai_date(day), "today": thai_date(today)}
        return _("%(day)s ผ่านมาแล้ว (วันนี้ %(today)s) กรุณาระบุวันที่จะทำเสร็จ") % facts
    if day > today + FURTHEST:
        return _("%(day)s ไกลเกินไป กรุณาตรวจปี พ.ศ. อีกครั้ง") % {"day": thai_date(day)}
    return ""


class StepForm(forms.Form):
    """A follow-up: what was done or found, and what becomes of the measure."""

    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    step = forms.ChoiceField(
        label=gettext_lazy("การติดตาม"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("กรุณาเลือกการติดตาม"),
            "invalid_choice": gettext_lazy("การติดตามที่เลือกทำไม่ได้ในสถานะนี้ กรุณาเลือกใหม่"),
        },
    )
    text = forms.CharField(
        label=gettext_lazy("ทำอะไรไปแล้ว พบอะไร หรือเพราะอะไร"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("กรุณาเขียนว่าทำอะไรไปแล้ว พบอะไร หรือเพราะอะไร")},
    )
    field_order = ("lock", "step", "text")

    def __init__(self, *args: Any, seen: MeasureAccess, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.key, step.label) for step in allowed_steps(seen)]
