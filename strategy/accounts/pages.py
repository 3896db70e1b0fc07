"""Addresses that come from outside, and the log-in page with what was typed."""

from typing import Any

from axes.helpers import get_client_ip_address, get_client_username
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from strategy.accounts import kept
from strategy.accounts.kept import Kept
from strategy.accounts.logins import lock_outs


def next_of(request: HttpRequest, default: str = "/") -> str:
    """The address to go on to, where it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default


def page_of_ended_session(request: HttpRequest, typed: Kept) -> HttpResponse:
    """The log-in page in place of the page that a form was sent to, with the form inside it."""
    context = {
        "form": AuthenticationForm(request),
        "next": typed.path,
        "kept": typed.seal() if typed.fields else "",
        "ended": ended_text(typed),
    }
    return render(request, "registration/login.html", context, status=401)


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, credentials: dict | None = None
) -> HttpResponse:
    """In place of any page, for a name that is locked out from this address; the same for one that nobody has."""
    name, address = get_client_username(request, credentials) or "", get_client_ip_address(request)
    until = next((each.until for each in lock_outs(name) if each.address == address), None)
    context = {"cooloff_timedelta": settings.AXES_COOLOFF_TIME, "until": until}
    return render(request, "registration/locked_out.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)


def ended_text(typed: Kept) -> list[str]:
    """What happened, and what becomes of what was typed."""
    told = [_("ยังไม่ได้บันทึก เพราะออกจากระบบแล้วหรือไม่ได้ใช้งานนานเกินกำหนด")]
    if typed.is_too_large:
        told.append(
            _("ข้อมูลที่พิมพ์มีมากเกินกว่าจะเก็บไว้ในหน้านี้ กดย้อนกลับในเบราว์เซอร์ สิ่งที่พิมพ์ไว้ยังอยู่ เข้าสู่ระบบในอีกแท็บหนึ่งแล้วบันทึกอีกครั้ง")
        )
    elif typed.fields:
        told.append(_("สิ่งที่พิมพ์ไว้ยังอยู่ เข้าสู่ระบบด้วยบัญชีเดิมแล้วกดส่งต่อได้ทันที"))
    if typed.files:
        told.append(_("ไฟล์ที่แนบต้องเลือกใหม่: %(names)s") % {"names": ", ".join(typed.files)})
    return told


def hold_what_was_typed(request: HttpRequest, user: Any) -> bool:
    """Take what the log-in page carried into the session; say so where it belongs to somebody else."""
    text = request.POST.get("kept", "")
    typed = kept.unseal(text) if text else None
    if kept.hold(request, typed, user):
        return True
    if typed is not None:
        messages.warning(request, _("สิ่งที่พิมพ์ค้างไว้เป็นของผู้ใช้อื่น จึงไม่ได้นำมาให้ส่ง"))
    elif text:
        messages.warning(request, _("สิ่งที่พิมพ์ค้างไว้เก็บไว้นานเกินไปหรือเสียหาย จึงส่งต่อไม่ได้"))
    return False


def after_log_in(request: HttpRequest, user: Any) -> str:
    """Where to go after a log-in: to what waits to be sent, or on."""
    return reverse("resume") if hold_what_was_typed(request, user) else next_of(request)
