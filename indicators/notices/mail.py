"""A digest as a mail: plain text, and the same as simple HTML."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import EmailValidator, ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from indicators.notices.digests import Draft, Section
from strategy.accounts.mail import is_configured
from strategy.models import User

NOBODYS = (".invalid", ".example", ".test")  # names that no mail ever reaches (RFC 2606)


def address_of(user: User) -> str:
    """Where the person's mail goes; empty where they have no address, or mail is not set up."""
    address = user.email.strip()
    if not is_configured() or address.endswith(NOBODYS):
        return ""
    try:
        EmailValidator()(address)
    except ValidationError:
        return ""
    return address


def body_of(draft: Draft) -> str:
    """The mail as plain text."""
    parts = [_("เรียน %(name)s") % {"name": draft.user}, *map(_part, draft.sections), closing()]
    return "\n\n".join(parts) + "\n"


def _part(section: Section) -> str:
    lines = [section.title, *(f"- {line}" for line in section.lines), f"{section.link}: {link_of(section)}"]
    return "\n".join(lines)


def link_of(section: Section) -> str:
    return f"{settings.KPITRACK_SITE_URL}{section.path}"


def closing() -> str:
    return _("อีเมลนี้ส่งจากระบบ kpitrack โดยอัตโนมัติ กรุณาอย่าตอบกลับ ถ้าท่านไม่ได้รับผิดชอบงานนี้แล้ว กรุณาแจ้งผู้ดูแลระบบ")


def message_of(draft: Draft, address: str) -> EmailMultiAlternatives:
    """The mail, ready to be sent."""
    sections = [(section, link_of(section)) for section in draft.sections]
    facts = {"draft": draft, "sections": sections, "closing": closing()}
    headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no answer of somebody on leave, please
    message = EmailMultiAlternatives(draft.subject, body_of(draft), to=[address], headers=headers)
    message.attach_alternative(render_to_string("indicators/notices/digest.html", facts), "text/html")
    return message
