"""What a reviewer sends: a decision, with its reason where the unit must understand it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class DecisionForm(forms.Form):
    """The save count that the page showed; without it nothing is decided."""

    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReasonForm(DecisionForm):
    """A decision that the unit must understand."""

    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("กรุณาระบุเหตุผล หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้")},
    )


class ReturnForm(ReasonForm):
    """Why it goes back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="return_%s")
        self.fields["reason"].label = _("เหตุผลที่ส่งกลับ")
        self.fields["reason"].help_text = _("บอกให้ชัดว่าต้องแก้อะไร หน่วยงานจะเห็นข้อความนี้")


class ReopenForm(ReasonForm):
    """Why an approved result is opened again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="reopen_%s")
        self.fields["reason"].label = _("เหตุผลที่เปิดให้แก้ไขใหม่")
        self.fields["reason"].help_text = _("ผลงานนี้จะไม่นับในคะแนนของแผนจนกว่าจะอนุมัติอีกครั้ง")
