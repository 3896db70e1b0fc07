"""Pages of the second factor: asked at the log-in, set up, new recovery codes, switched off."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from strategy.accounts import gate, second_factor
from strategy.accounts.forms import CodeForm, PasswordForm, SetUpForm
from strategy.accounts.pages import next_of
from strategy.accounts.refused import Refused

KEY = "second_factor_key"  # in the session: the secret that is being set up
FEW_CODES = 3


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """After the password: the code of the app, or a recovery code."""
    if gate.is_verified(request):
        return redirect(next_of(request))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        answer = second_factor.check(user=request.user, code=form.cleaned_data["code"])  # type: ignore[arg-type]
        if answer.device is not None:
            return _let_in(request, answer)
        form.add_error("code", answer.error)
        _count_failure(request)
    return render(request, "registration/second_factor.html", {"form": form, "next": next_of(request)})


def _let_in(request: HttpRequest, answer: second_factor.Answer) -> HttpResponse:
    request.session[gate.VERIFIED] = answer.device
    if answer.codes_left is not None:
        told = _("ใช้รหัสสำรองไป 1 รหัส เหลืออีก %(left)d รหัส สร้างชุดใหม่ได้ที่หน้าบัญชีของฉัน") % {"left": answer.codes_left}
        (messages.warning if answer.codes_left <= FEW_CODES else messages.info)(request, told)
    return redirect(next_of(request))


def _count_failure(request: HttpRequest) -> None:
    """A wrong code stands in the log of log-ins and counts towards the lock-out, like a wrong password."""
    user_login_failed.send(__name__, credentials={"username": request.user.get_username()}, request=request)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as text, take the first code of the app, show the recovery codes once."""
    user: Any = request.user
    if user.second_factor is not None:
        messages.info(request, _("เปิดการยืนยันตัวตนขั้นที่สองไว้แล้ว"))
        return redirect("account")
    key = request.session.setdefault(KEY, second_factor.new_key())
    form = SetUpForm(request.POST or None, request=request)
    if form.is_valid():
        try:
            return _begin(request, key, form.cleaned_data["code"])
        except Refused as refused:
            form.add_error("code", str(refused))
    context = {
        "form": form,
        "next": next_of(request, ""),
        "key": second_factor.readable(key),
        "picture": second_factor.picture(user, key),
        "address": second_factor.app_address(user, key),
        "is_required": gate.is_required(user),
    }
    return render(request, "registration/second_factor_set_up.html", context)


def _begin(request: HttpRequest, key: str, code: str) -> HttpResponse:
    device, codes = second_factor.set_up(user=request.user, key=key, code=code)  # type: ignore[arg-type]
    request.session.pop(KEY, None)
    request.session[gate.VERIFIED] = device
    return _codes(request, codes, is_new=True)


def _codes(request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    """The one page that shows recovery codes; they are in no address and in no other page."""
    context = {"codes": codes, "is_new": is_new, "next": next_of(request)}
    return render(request, "registration/recovery_codes.html", context)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes in place of the old ones."""
    user: Any = request.user
    if user.second_factor is None:
        return redirect("second_factor_set_up")
    form = PasswordForm(request.POST or None, request=request)
    if form.is_valid():
        return _codes(request, second_factor.make_codes(user=user), is_new=False)
    context = {"form": form, "left": second_factor.codes_left(user)}
    return render(request, "registration/recovery_codes_ask.html", context)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest) -> HttpResponse:
    """No second factor any more, after the password."""
    user: Any = request.user
    if user.second_factor is None:
        return redirect("account")
    form = PasswordForm(request.POST or None, request=request)
    if form.is_valid():
        second_factor.remove(user=user, by=user)
        messages.success(request, _("ปิดการยืนยันตัวตนขั้นที่สองแล้ว"))
        return redirect("account")
    return render(request, "registration/second_factor_off.html", {"form": form, "is_required": gate.is_required(user)})
