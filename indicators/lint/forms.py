"""The filter of the lint page, and what a decision about a finding sends."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.filters import ANY
from indicators.lint.actions import LONGEST_REASON
from indicators.lint.page import SEVERITIES, STATES, Card, Chosen, Item, kind_word
from indicators.lint.source import Linted
from indicators.models import LintDecision

Decision = LintDecision.Decision


class _Chooser(forms.CharField):
    """One word from a list. A word that is not on it (any more) filters everything away instead of being refused."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=100, widget=forms.Select)


class LintFilter(forms.Form):
    """Severity, kind, indicator, year and state; the address carries them."""

    severity = _Chooser(gettext_lazy("ความรุนแรง"))
    kind = _Chooser(gettext_lazy("ชนิด"))
    indicator = _Chooser(gettext_lazy("ตัวชี้วัด"))
    year = _Chooser(gettext_lazy("ปีงบประมาณ"))
    state = _Chooser(gettext_lazy("การตัดสินใจ"))

    def offer(self, linted: Linted) -> None:
        """Give the boxes what the plan's findings have."""
        kinds = {finding.kind for finding in linted.findings}
        codes = sorted({f.indicator for f in linted.findings}, key=lambda code: linted.position.get(code, 0))
        years = sorted({f.fiscal_year for f in linted.findings if f.fiscal_year})
        self._choose("severity", [(key, look.word) for key, look in SEVERITIES.items()])
        self._choose("kind", sorted(((kind, kind_word(kind)) for kind in kinds), key=lambda pair: pair[1]))
        self._choose("indicator", [(code or "-", code or _("ทั้งแผน")) for code in codes])
        self._choose("year", [(year, year) for year in years])
        self._choose("state", [(key, look.word) for key, look in STATES.items()])

    def _choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        self.fields[name].widget.choices = [ANY, *choices]

    @property
    def chosen(self) -> Chosen:
        return Chosen(**self.cleaned_data) if self.is_valid() else Chosen()


class DecideForm(forms.Form):
    """A decision with its reason, about one year's finding or the same one of several years.

    `seen` is the key of the latest decision that the page showed.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    findings = forms.MultipleChoiceField(
        label=gettext_lazy("ใช้กับปีงบประมาณ"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("กรุณาเลือกอย่างน้อยหนึ่งปี")},
    )
    reason = forms.CharField(
        label=gettext_lazy("เหตุผล"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("ผู้ที่มาอ่านภายหลังจะเห็นข้อความนี้พร้อมชื่อท่าน"),
        error_messages={"required": gettext_lazy("กรุณาระบุเหตุผล ผู้ที่มาอ่านภายหลังจะได้เข้าใจการตัดสินใจนี้")},
    )
    decision = forms.ChoiceField(choices=Decision.choices, widget=forms.HiddenInput)

    def __init__(self, card: Card, *args: Any, **kwargs: Any) -> None:
        self.items = same_state(card)
        super().__init__(*args, **kwargs)
        choices = [(item.finding.fingerprint, _choice_word(item, self.items)) for item in self.items]
        self.fields["findings"].choices = sorted(choices, key=lambda pair: pair[1])
        self.initial.setdefault("findings", [fingerprint for fingerprint, _year in choices])
        self.initial.setdefault("seen", max(item.seen for item in card.items))
        if len(choices) == 1:
            self.fields["findings"].widget = forms.MultipleHiddenInput()

    @property
    def chosen(self) -> list[Item]:
        wanted = set(self.cleaned_data["findings"])
        return [item for item in self.items if item.finding.fingerprint in wanted]


def _choice_word(item: Item, items: Iterable[Item]) -> str:
    """The year; with the sentence where a year has two."""
    year = str(item.finding.fiscal_year or _("ทั้งแผน"))
    alone = sum(other.finding.fiscal_year == item.finding.fiscal_year for other in items) == 1
    return year if alone else f"{year}: {item.finding.message}"


def same_state(card: Card) -> list[Item]:
    """The years of a card that stand as the one that is open: what can be decided together."""
    return [item for item in card.items if item.state == card.first.state]
