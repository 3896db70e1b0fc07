"""What a reviewer sends: a decision, with its reason where the unit must understand it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions import LEVEL_PLACES, is_assessed, level_error
from indicators.entry.boxes import NumberField
from indicators.models import Result
from indicators.reviews.bulk import LONGEST, read_seen
from scoring.template import Kind


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


class BulkForm(forms.Form):
    """A decision about many results: what the page showed, what of it was ticked, and why it goes back."""

    CLEAN, APPROVE, RETURN = "clean", "approve", "return"

    action = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="bulk_%s")
        self.fields["reason"].label = _("เหตุผลที่ส่งกลับ")
        self.fields["reason"].help_text = _("เหตุผลเดียวกันของทุกรายการที่เลือก หน่วยงานจะเห็นข้อความนี้")

    @property
    def picked(self) -> dict[int, int]:
        """What was ticked, with the save counts that the page showed."""
        return read_seen(" ".join(self.data.getlist("picked"))) if self.is_bound else {}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        action = data.get("action")
        if action not in (self.CLEAN, self.APPROVE, self.RETURN):
            self.add_error(None, _("ไม่ทราบว่าจะอนุมัติหรือส่งกลับ กรุณากดปุ่มอีกครั้ง"))
        elif action != self.CLEAN and not self.picked:
            self.add_error(None, _("ยังไม่ได้เลือกรายการ กรุณาทำเครื่องหมายหน้ารายการในตาราง แล้วกดอีกครั้ง"))
        if action == self.RETURN and "reason" not in self.errors and not data.get("reason"):
            self.add_error("reason", _("กรุณาระบุเหตุผล หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้"))
        return data

    @property
    def chosen(self) -> dict[int, int]:
        """What the decision is about."""
        is_all = self.cleaned_data["action"] == self.CLEAN
        return read_seen(self.cleaned_data["seen"]) if is_all else self.picked


class AssessForm(ReasonForm):
    """The reviewer's own level beside the computed one; both boxes empty take an assessment back."""

    level = NumberField(places=LEVEL_PLACES)
    passed = forms.TypedChoiceField(
        choices=(("", gettext_lazy("ไม่ระบุ")), ("1", gettext_lazy("ผ่าน")), ("0", gettext_lazy("ไม่ผ่าน"))),
        coerce=lambda text: text == "1",
        empty_value=None,
        required=False,
    )

    field_order = ("level", "passed", "reason")

    def __init__(self, *args: Any, result: Result, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="assess_%s")
        self.result = result
        self.fields["level"].label = _("ระดับที่ผู้ประเมินให้ (0 ถึง 5)")
        self.fields["level"].help_text = (
            _("ตัวชี้วัดนี้ไม่มีระดับที่คำนวณได้ ระดับที่ให้จะใช้ในคะแนนรวม")
            if result.version.kind == Kind.QUALITATIVE
            else _("ระดับที่คำนวณได้ยังอยู่ และเป็นระดับที่ใช้ในคะแนนรวม")
        )
        self.fields["passed"].label = _("ผู้ประเมินเห็นว่า")
        self.fields["reason"].label = _("เหตุผลของการประเมิน")
        self.fields["reason"].help_text = _("หน่วยงานจะเห็นข้อความนี้ เว้นว่างทั้งระดับและผลเพื่อยกเลิกการประเมินเดิม")

    def clean_level(self) -> Decimal | None:
        level = self.cleaned_data["level"]
        if sentence := level_error(self.result.version, level):
            raise forms.ValidationError(sentence)
        return level

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        nothing = data.get("level") is None and data.get("passed") is None
        if nothing and "level" not in self.errors and not is_assessed(self.result):
            self.add_error("level", _("กรุณาใส่ระดับหรือเลือกว่าผ่านหรือไม่ ยังไม่มีการประเมินให้ยกเลิก"))
        return data


def assessment_initial(result: Result) -> dict[str, Any]:
    """What the form shows of the assessment that stands."""
    passed = {True: "1", False: "0", None: ""}[result.assessed_passed]
    return {"lock": result.lock, "level": result.assessed_level, "passed": passed, "reason": result.assessed_reason}
