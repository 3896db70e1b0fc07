"""The gallery: every component in every state, with long Thai names. Open it first when something looks wrong."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kpitrack.templatetags.kpitrack_tags import STATES

LONG_NAME = _(
    "อัตราความสำเร็จของการรักษาผู้ป่วยวัณโรคปอดรายใหม่และกลับเป็นซ้ำที่ขึ้นทะเบียนในคลินิกวัณโรคของโรงพยาบาลและเครือข่ายบริการปฐมภูมิ"
)


class SampleForm(forms.Form):
    """A form with an error, a help text and every kind of box."""

    count = forms.CharField(label=LONG_NAME, help_text=_("จำนวนเต็มตั้งแต่ 0 ขึ้นไป เลขไทยก็ได้"))
    note = forms.CharField(label=_("หมายเหตุ"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    kind = forms.ChoiceField(label=_("ประเภท"), choices=[("a", _("ตัวเลือกหนึ่ง")), ("b", _("ตัวเลือกสอง"))])
    done = forms.BooleanField(label=_("ทำแล้ว"))

    def clean_count(self) -> str:
        raise forms.ValidationError(_("“สามสิบ” ไม่ใช่ตัวเลข พิมพ์เป็น 30 หรือ ๓๐"))


@login_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """For staff alone; to everybody else there is no such page."""
    if not request.user.is_staff:  # type: ignore[union-attr]
        raise Http404
    return render(request, "gallery.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    return {
        "levels": [*range(6), Decimal("2.9999"), None],
        "states": list(STATES),
        "alerts": ["success", "info", "warning", "danger"],
        "form": SampleForm({"count": "สามสิบ", "kind": "a"}),
        "long_name": LONG_NAME,
        "page": Paginator(range(500), 20).get_page(request.GET.get("page", 12)),
        "numbers": [Decimal(0), Decimal("1234567.50"), Decimal("-0.05"), None],
    }
