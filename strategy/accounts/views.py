"""Log-in, passwords, one's own account, and what was typed before the log-in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login as auth_login
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from strategy.access import reach_of
from strategy.accounts import forms, gate, kept, mail, second_factor, stale
from strategy.accounts.logins import own_log
from strategy.accounts.pages import after_log_in, ended_text, next_of
from strategy.accounts.requests import last_here
from strategy.clock import today
from strategy.people.asking import strategy_units


class LoginView(auth.LoginView):
    """Django's own; it carries a form whose session had ended past the log-in."""

    redirect_authenticated_user = True
    authentication_form = forms.LoginForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "username" not in request.POST:  # back from the page of the lock-out
            return self.render_to_response(self.get_context_data(form=self.get_form_class()(request)))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        tokens = stale.tokens_before(self.request, form.get_user())
        auth_login(self.request, form.get_user())
        stale.remember_tokens(self.request, tokens)
        return HttpResponseRedirect(after_log_in(self.request, form.get_user()))

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        text = self.request.POST.get("kept", "")
        typed = kept.unseal(text) if text else None
        ended = ended_text(typed) if typed else _ended(self.request)
        return super().get_context_data(kept=text if typed else "", ended=ended, can_mail=mail.is_configured(), **more)


def _ended(request: HttpRequest) -> list[str]:
    """Why somebody who was logged in here stands before the log-in again."""
    if request.method == "POST" or "next" not in request.GET or last_here(request) is None:
        return []
    return [_("ออกจากระบบแล้วหรือไม่ได้ใช้งานนานเกินกำหนด เข้าสู่ระบบอีกครั้งเพื่อทำต่อ")]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """What was typed before the log-in: sent to where it was meant for, at the press of a button, or thrown away."""
    if request.method == "POST":
        typed = kept.waiting(request)
        request.session.pop(kept.SESSION, None)
        return redirect(typed.path if typed else "/")
    return render(request, "registration/resume.html", {"typed": kept.waiting(request)})


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: who one is, in which roles, and who logged in with this name."""
    user: Any = request.user
    context = {
        "memberships": user.memberships.select_related("unit", "deputy_of").order_by("end", "start", "pk"),
        "current": {m.pk for m in reach_of(user).memberships},
        "log": own_log(user.get_username()),
        "has_factor": user.second_factor is not None,
        "codes_left": second_factor.codes_left(user) if user.second_factor else 0,
        "is_required": gate.is_required(user),
        "today": today(),
    }
    return render(request, "registration/account.html", context)


class PasswordChangeView(auth.PasswordChangeView):
    """Django's own; a password that somebody else gave is changed here before anything else."""

    form_class = forms.PasswordChangeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        must = self.request.user.must_change_password  # type: ignore[union-attr]
        return super().get_context_data(must=must, next=next_of(self.request, ""), **more)

    def get_success_url(self) -> str:
        return next_of(self.request, reverse("password_change_done"))

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if self.get_success_url() != reverse("password_change_done"):
            messages.success(self.request, _("เปลี่ยนรหัสผ่านแล้ว ครั้งต่อไปเข้าสู่ระบบด้วยรหัสผ่านใหม่"))
        return response


class PasswordResetView(auth.PasswordResetView):
    """Ask for a link by mail; where no mail can be sent, whom to ask instead."""

    http_method_names = ["get", "head", "post"]
    form_class = forms.PasswordResetForm
    email_template_name = "registration/password_reset_email.txt"
    success_url = reverse_lazy("password_reset_done")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(can_mail=mail.is_configured(), units=strategy_units(), **more)

    def form_valid(self, form: Any) -> HttpResponse:
        if not mail.is_configured():
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)


class PasswordResetDoneView(auth.PasswordResetDoneView):
    """The same words whether the address is known or not."""

    http_method_names = ["get", "head"]


class PasswordResetConfirmView(auth.PasswordResetConfirmView):
    """The link leads here, once; the address in the bar is without its secret."""

    http_method_names = ["get", "head", "post"]
    form_class = forms.SetPasswordForm


class PasswordResetCompleteView(auth.PasswordResetCompleteView):
    """The password is set."""

    http_method_names = ["get", "head"]
