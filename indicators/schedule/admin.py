"""The calendar in the admin: a plan's and an indicator's days move the rounds that nobody has relied on yet."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from indicators.models import Indicator, Round
from indicators.refusals import NotAllowed
from indicators.schedule.actions import reschedule_rounds
from indicators.schedule.standing import closed_sentence, closures_in_force, refuse_closed
from strategy.admin import PlanAdmin
from strategy.models import Plan

OF_PLAN = ("opening", "due_day", "lock_days")
OF_INDICATOR = ("due_day", "lock_days", "parent")
PLACE = ("indicator", "fiscal_year", "number", "name", "frequency", "start", "end")  # what a round is


def say_moved(request: HttpRequest, count: int) -> None:
    """How many rounds got other days, and which did not."""
    if count:
        messages.info(request, _("เลื่อนวันของรอบประเมินที่ยังไม่ถึงกำหนดและยังไม่ได้ส่ง %(count)d รอบ") % {"count": count})
    else:
        messages.info(request, _("ไม่มีรอบประเมินที่ต้องเลื่อนวัน รอบที่เลยกำหนดหรือส่งแล้วคงวันเดิม"))


class PlanWithRoundsAdmin(PlanAdmin):
    """A plan whose rounds follow its calendar."""

    def save_model(self, request: HttpRequest, obj: Plan, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and not set(OF_PLAN).isdisjoint(form.changed_data):
            say_moved(request, reschedule_rounds(plan=obj))


def reschedule_family(request: HttpRequest, indicator: Indicator, form: ModelForm) -> None:
    """After an indicator was changed: its rounds and those of its sub-indicators."""
    if not set(OF_INDICATOR).isdisjoint(form.changed_data):
        say_moved(request, reschedule_rounds(plan=indicator.plan, family=indicator))


class RoundForm(ModelForm):
    """The days of a round, in their order."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        for earlier, later, sentence in (
            ("start", "end", _("วันสิ้นสุดต้องไม่ก่อนวันเริ่ม")),
            ("end", "due", _("กำหนดส่งต้องไม่ก่อนวันสิ้นสุดงวด")),
            ("opens", "due", _("กำหนดส่งต้องไม่ก่อนวันเปิดให้บันทึก")),
            ("due", "locks", _("วันปิดรับต้องไม่ก่อนกำหนดส่ง")),
        ):
            first, last = self._day(earlier), self._day(later)
            if first and last and last < first and later in self.fields:
                self.add_error(later, forms.ValidationError(sentence))
        self._refuse_closed()
        return self.cleaned_data

    def _refuse_closed(self) -> None:
        """Neither out of a closed period nor into one, as of now: the page may be older than the closing."""
        typed = Round(**{name: self._value(name) for name in PLACE})
        if None in (typed.indicator_id, typed.fiscal_year, typed.number, typed.start, typed.end):
            return
        try:
            for round_ in (self.instance, typed) if self.instance.pk else (typed,):
                refuse_closed(round_)
        except NotAllowed as refused:
            self.add_error(None, str(refused))

    def _day(self, name: str) -> date | None:
        found: date | None = self._value(name)
        return found

    def _value(self, name: str) -> Any:
        """As it was typed, or as it is where it cannot be changed."""
        if name in self.fields:
            return self.cleaned_data.get(name)
        return getattr(self.instance, name) if self.instance.pk else None


def is_round_closed(round_: Round | None) -> bool:
    """Its period is closed: nothing of it changes."""
    if round_ is None:
        return False
    closed = closures_in_force().filter(plan=round_.indicator.plan_id, fiscal_year=round_.fiscal_year)
    return closed.filter(until__gte=round_.end).exists()


class ClosedWithPeriod(admin.ModelAdmin):
    """Rounds of a closed period can be read, and say why not more."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_round_closed(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_round_closed(obj)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        round_ = self.get_object(request, object_id)
        if request.method == "GET" and is_round_closed(round_):
            messages.warning(request, closed_sentence(round_))
        return super().change_view(request, object_id, *args, **kwargs)
