"""What is typed on the page of a period: reasons for what is missing, or the reason for opening it again."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.closing.actions import LONGEST
from indicators.closing.missing import Key, MissingGroup, Owed

# A form has at most a thousand boxes (settings: DATA_UPLOAD_MAX_NUMBER_FIELDS); the rest take the common reason.
MOST_BOXES = 500


class CloseForm(forms.Form):
    """One reason for all, one for each KPI and unit, and a note. `seen` is what the page showed as missing.

    What has become missing since, or stands otherwise than shown, has no reason yet: it is shown first.
    """

    reason_all = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        groups: list[MissingGroup],
        earlier: Mapping[Key, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs, auto_id="close_%s")
        self.groups, self.earlier = groups, earlier or {}
        self.fields["reason_all"].label = _("เหตุผลเดียวสำหรับทุกรายการที่ไม่ได้ระบุไว้ต่างหาก")
        self.fields["reason_all"].help_text = _("พิมพ์ครั้งเดียวใช้ได้ทุกรายการ รายการใดมีเหตุผลอื่นให้พิมพ์ในช่องของรายการนั้น")
        self.fields["note"].label = _("หมายเหตุของการปิดงวด (ถ้ามี)")
        self.fields["note"].help_text = _("พิมพ์อยู่ในรายงานปิดงวด")
        for group in groups[:MOST_BOXES]:
            self.fields[group.name] = self._box(group)

    def _box(self, group: MissingGroup) -> forms.CharField:
        first = group.first
        return forms.CharField(
            required=False,
            max_length=LONGEST,
            widget=forms.TextInput(attrs={"class": "form-control"}),
            label=_("เหตุผลของ %(code)s %(unit)s") % {"code": first.indicator.code, "unit": group.measured_in},
            initial=next((self.earlier[item.key] for item in group.items if item.key in self.earlier), ""),
        )

    @property
    def shown(self) -> str:
        """What the page shows as missing now, for `seen`."""
        return " ".join(map(_mark, self._items))

    @property
    def _items(self) -> Iterator[Owed]:
        return (item for group in self.groups for item in group.items)

    @property
    def waiting(self) -> int:
        """How many only wait for the reviewer."""
        return sum(item.waits_for_review for item in self._items)

    @property
    def early(self) -> int:
        """How many are not due yet."""
        return sum(not item.is_due for item in self._items)

    @property
    def boxes(self) -> Iterator["Box"]:
        """The groups with their boxes, for the table."""
        is_sent, seen = self.is_bound, self._seen
        for group in self.groups:
            is_new = is_sent and any(_mark(item) not in seen for item in group.items)
            yield Box(self, group, is_new)

    @property
    def _seen(self) -> set[str]:
        return set(self.data.get("seen", "").split())

    def waivers(self) -> dict[Key, str]:
        """The reason for each round that the page showed as it still stands."""
        found: dict[Key, str] = {}
        seen = self._seen
        for group in self.groups:
            reason = self.cleaned_data.get(group.name, "") or self.cleaned_data["reason_all"]
            found |= {item.key: reason for item in group.items if _mark(item) in seen}
        return found

    def clean(self) -> dict[str, Any]:
        """Each has a reason, of its own or the common one."""
        data = self.cleaned_data
        if not data.get("reason_all") and "reason_all" not in self.errors:
            lacking = sum(not data.get(group.name) for group in self.groups)
            if lacking:
                sentence = _("ยังไม่มีเหตุผลของ %(count)d รายการ พิมพ์เหตุผลเดียวที่นี่ หรือพิมพ์ในช่องของแต่ละรายการ")
                self.add_error("reason_all", sentence % {"count": lacking})
        return data


def _mark(item: Owed) -> str:
    """`12-34:draft`: the round, the measured unit and how far it has come."""
    return f"{item.round.pk}-{item.unit.pk}:{item.status}"


class Box:
    """A line of the table: what is missing, the box for its reason, and whether it was not there a moment ago."""

    def __init__(self, form: CloseForm, group: MissingGroup, is_new: bool) -> None:
        self.group, self.is_new = group, is_new
        self.field = form[group.name] if group.name in form.fields else None
        self.is_lacking = "reason_all" in form.errors and not form.cleaned_data.get(group.name)

    @property
    def widget(self) -> str:
        """The box itself; one that lacks its reason says so to a screen reader too."""
        if self.field is None:
            return ""
        return self.field.as_widget(attrs={"aria-invalid": "true"} if self.is_lacking else None)


class ReopenForm(forms.Form):
    """Why a closed period is opened again; `revision` is the one that the page showed."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    reason = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("กรุณาระบุเหตุผลที่เปิดงวดใหม่ หน่วยงานผู้รับผิดชอบจะเห็นข้อความนี้")},
    )

    def __init__(self, *args: Any, revision: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="reopen_%s")
        self.now = revision
        self.fields["reason"].label = _("เหตุผลที่เปิดงวดใหม่")
        self.fields["reason"].help_text = _("หัวหน้าหน่วยงานจะเห็นข้อความนี้ และพิมพ์อยู่บนฉบับเดิม")

    @property
    def is_of_another(self) -> bool:
        """The period was reopened and closed again since the page was opened."""
        return self.cleaned_data["revision"] not in (None, self.now)
