"""What the strategy unit sends: until when, from which day on, and why."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Cancellation, Extension, Indicator
from indicators.rules import RoundAccess
from indicators.schedule.actions import NONE_SEEN
from indicators.schedule.limits import LONGEST_REASON, cancel_error, extension_error, last_extension_day
from strategy import clock
from strategy.fields import ThaiDateField
from strategy.periods import thai_date, year_end, year_start


class _WithReason(forms.Form):
    """A decision that the unit must understand."""

    reason = forms.CharField(
        label=gettext_lazy("เหตุผล"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("กรุณาระบุเหตุผล หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้")},
    )


class ExtensionForm(_WithReason):
    """Until when; `seen` is the latest extension that the page showed."""

    until = ThaiDateField(label=gettext_lazy("ขยายถึงวันที่"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field_order = ("until", "reason", "seen")

    def __init__(self, *args: Any, access: RoundAccess, latest: Extension | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, initial={"seen": latest.pk if latest else NONE_SEEN})
        self.access = access
        facts = {"due": thai_date(access.round.due), "last": thai_date(last_extension_day(access))}
        self.fields["until"].help_text = (
            _("หลังกำหนดส่งเดิม %(due)s และไม่เกิน %(last)s เช่น 28 เม.ย. 2560 หรือ 28/4/2560") % facts
        )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if error := extension_error(self.access, until):
            raise forms.ValidationError(error)
        return until


class CancelForm(_WithReason):
    """From which day of the year on; `counted` is the day for which the page showed what that does."""

    day = ThaiDateField(label=gettext_lazy("ยกเลิกตั้งแต่วันที่"))
    counted = forms.DateField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])
    field_order = ("day", "reason", "counted")

    def __init__(self, *args: Any, indicator: Indicator, year: int, **kwargs: Any) -> None:
        first, last = year_start(year), year_end(year)
        super().__init__(*args, **kwargs, initial={"day": min(max(clock.today(), first), last)})
        self.indicator, self.year = indicator, year
        facts = {"year": year, "first": thai_date(first), "last": thai_date(last)}
        self.fields["day"].help_text = (
            _("ในปีงบประมาณ %(year)s คือ %(first)s ถึง %(last)s ถ้างวดที่ไม่ต้องส่งเปลี่ยนไป จะแสดงให้ดูก่อนยืนยัน") % facts
        )

    @property
    def shown(self) -> date | None:
        """The day that the page counted from; None: the one that it opens with."""
        return self.cleaned_data.get("counted")

    def counting(self, day: date) -> "CancelForm":
        """The same once more, for a page that shows what that day does."""
        typed = self.data.copy()
        typed["counted"] = day.isoformat()
        return CancelForm(typed, indicator=self.indicator, year=self.year)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if error := cancel_error(self.indicator, self.year, day):
            raise forms.ValidationError(error)
        return day


class LiftForm(_WithReason):
    """Why it comes back; `cancellation` is the one that the page showed."""

    cancellation = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, in_force: Cancellation | None = None, **kwargs: Any) -> None:
        super().__init__(
            *args, **kwargs, initial={"cancellation": in_force.pk if in_force else None}, auto_id="lift_%s"
        )
