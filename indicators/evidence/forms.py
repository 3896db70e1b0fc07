"""What a person sends as evidence: files or a link, each with what it shows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.evidence.kinds import ACCEPT, accepted_words, kind_of
from indicators.evidence.naming import end_of, kept_name, plain_name, visible
from indicators.evidence.refusal import Refused

MEGABYTE = 1024 * 1024
LONGEST_LINK = 1000
MOST_AT_ONCE = 10


@dataclass(frozen=True)
class Checked:
    """A file that was looked into: the name that it is kept by, and what it is."""

    file: UploadedFile
    name: str
    content_type: str
    size: int
    sha256: str


def check_file(file: UploadedFile) -> Checked:
    """What the file is. Raises Refused with the rest of a sentence that begins with its name."""
    size, largest = file.size or 0, settings.KPITRACK_EVIDENCE_MB
    if size > largest * MEGABYTE:
        facts = {"size": f"{size / MEGABYTE:,.1f}", "largest": largest}
        raise Refused(_("มีขนาด %(size)s MB เกิน %(largest)s MB กรุณาลดขนาดไฟล์ หรือแนบเป็นลิงก์แทน") % facts)
    if getattr(file, "is_lost", False):
        raise Refused(_("รับไว้ไม่ได้ในขณะนี้ เพราะที่พักไฟล์ของระบบเต็ม กรุณาแจ้งผู้ดูแลระบบ แล้วลองใหม่"))
    data = file.read()
    file.seek(0)
    name = file.name or ""
    kind = kind_of(data, end_of(name))
    return Checked(file, kept_name(name, kind.ends), kind.content_type, len(data), hashlib.sha256(data).hexdigest())


class FilesInput(forms.FileInput):
    """A box for several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name) if hasattr(files, "getlist") else list(files.get(name, ()))


class FilesField(forms.Field):
    """Files of which each is looked into; what is refused is an error, and what is not is taken all the same."""

    widget = FilesInput

    def clean(self, value: Sequence[UploadedFile]) -> list[UploadedFile]:
        if not value:
            raise forms.ValidationError(_("กรุณาเลือกไฟล์อย่างน้อยหนึ่งไฟล์"))
        if len(value) > MOST_AT_ONCE:
            facts = {"count": len(value), "most": MOST_AT_ONCE}
            raise forms.ValidationError(_("เลือกมา %(count)s ไฟล์ แนบได้ครั้งละไม่เกิน %(most)s ไฟล์ กรุณาแบ่งแนบ") % facts)
        return list(value)


class _DescribedForm(forms.Form):
    """With what the evidence shows, for whoever reviews it."""

    description = forms.CharField(
        label=gettext_lazy("คำอธิบาย"),
        max_length=500,
        error_messages={"required": gettext_lazy("กรุณาเขียนคำอธิบายว่าหลักฐานนี้แสดงอะไร")},
    )

    def clean_description(self) -> str:
        """Nothing in it that turns the direction of writing; only such marks are no words."""
        if text := visible(self.cleaned_data["description"]):
            return text
        raise forms.ValidationError(self.fields["description"].error_messages["required"], "required")


class FilesForm(_DescribedForm):
    """One or several files. `accepted` are the good ones, also where others are refused."""

    files = FilesField(label=gettext_lazy("ไฟล์"))
    field_order = ("files", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="file_%s")
        self.accepted: list[Checked] = []
        self.refused: list[str] = []
        facts = {"kinds": accepted_words(), "largest": settings.KPITRACK_EVIDENCE_MB, "most": MOST_AT_ONCE}
        help_text = _("%(kinds)s ไม่เกินไฟล์ละ %(largest)s MB เลือกได้ครั้งละไม่เกิน %(most)s ไฟล์") % facts
        self.fields["files"].help_text = help_text
        self.fields["files"].widget.attrs["accept"] = ACCEPT
        self.fields["description"].help_text = _("หลักฐานนี้แสดงอะไร เช่น รายงานจาก HOSxP เดือนมีนาคม หน้า 2")

    def clean_files(self) -> list[Checked]:
        for file in self.cleaned_data["files"]:
            try:
                self.accepted.append(check_file(file))
            except Refused as refused:
                name = plain_name(file.name or "") or _("ไฟล์ที่ไม่มีชื่อ")
                self.refused.append(_("“%(name)s” %(why)s") % {"name": name, "why": refused})
        if self.refused:
            raise forms.ValidationError(self.refused)
        return self.accepted


class LinkForm(_DescribedForm):
    """A link to where the evidence lies."""

    link = forms.CharField(
        label=gettext_lazy("ที่อยู่ของลิงก์"),
        max_length=LONGEST_LINK,
        help_text=gettext_lazy("ขึ้นต้นด้วย https:// หรือ http:// และต้องเปิดได้จากเครื่องของผู้ตรวจสอบ"),
        error_messages={"required": gettext_lazy("กรุณาวางที่อยู่ของลิงก์")},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )
    field_order = ("link", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="link_%s")
        self.fields["description"].help_text = _("ลิงก์นี้แสดงอะไร")

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if sentence := link_error(link):
            raise forms.ValidationError(sentence)
        return link


def link_error(link: str) -> str:
    """Why a link cannot be evidence; empty where it can. A name inside the hospital without a dot is good."""
    if any(mark.isspace() or not mark.isprintable() for mark in link) or "\\" in link:
        return _("ลิงก์มีช่องว่างหรืออักขระที่ใช้ในที่อยู่เว็บไม่ได้ กรุณาคัดลอกจากแถบที่อยู่ของเบราว์เซอร์อีกครั้ง")
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("ที่อยู่ของลิงก์ไม่ถูกต้อง กรุณาคัดลอกจากแถบที่อยู่ของเบราว์เซอร์อีกครั้ง")
    if parts.scheme not in ("http", "https"):
        return _("ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http:// ถ้าเป็นไฟล์ในเครื่อง กรุณาแนบเป็นไฟล์")
    if not host or parts.netloc.startswith((".", ":")):
        return _("ลิงก์ไม่มีชื่อเว็บหลัง %(scheme)s://") % {"scheme": parts.scheme}
    if parts.username is not None or parts.password is not None:
        return _("ลิงก์มีชื่อผู้ใช้หรือรหัสผ่านอยู่ข้างใน กรุณาตัดออก เพราะผู้อื่นจะเห็น")
    return ""
