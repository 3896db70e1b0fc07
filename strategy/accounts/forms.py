"""Forms of one's own account."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import forms as auth
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from strategy.accounts.history import record
from strategy.accounts.mail import send_later
from strategy.accounts.throttle import is_too_often
from strategy.models import User


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Whether it is the password of who is logged in; wrong ones count towards the lock-out and stand in the log."""
    name = request.user.get_username()
    return authenticate(request, username=name, password=password) == request.user


@transaction.atomic
def _chosen(user: User, password: str) -> User:
    """Keep the password that a person chose, and nothing else: what an administrator did meanwhile stays."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(user=user, by=user, line="password_changed")
    return user


class LoginForm(auth.AuthenticationForm):
    """Django's own; a refusal says how many more there may be, the same for a name that nobody has."""

    error_messages = {
        **auth.AuthenticationForm.error_messages,
        "invalid_login": _("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง ตัวพิมพ์ใหญ่และตัวพิมพ์เล็กถือว่าต่างกัน"),
    }

    def get_invalid_login_error(self) -> forms.ValidationError:
        facts = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": settings.AXES_COOLOFF_TIME // timedelta(minutes=1)}
        rule = _("ผิดครบ %(limit)d ครั้งจากเครือข่ายหรือเครื่องนี้ จะถูกพัก %(minutes)d นาที หากจำไม่ได้ให้กด “ลืมรหัสผ่าน”")
        return forms.ValidationError([super().get_invalid_login_error(), forms.ValidationError(rule, params=facts)])


class AtTheNewPassword:
    """What is wrong with a new password stands at its first box; the second says only that they differ."""

    def validate_password_for_user(self, user: User, _field: str = "") -> None:
        super().validate_password_for_user(user, "new_password1")  # type: ignore[misc]


class PasswordChangeForm(AtTheNewPassword, auth.PasswordChangeForm):
    """Django's own: wrong old passwords count as everywhere, and the new one must be another."""

    def __init__(self, user: User, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(user, *args, **kwargs)
        if user.must_change_password:
            self.fields["old_password"].label = _("รหัสผ่านครั้งเดียวที่ได้รับ")

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not is_own_password(self.request, old):
            raise forms.ValidationError(_("รหัสผ่านเดิมไม่ถูกต้อง พิมพ์รหัสผ่านที่ใช้เข้าสู่ระบบครั้งนี้"), code="password_incorrect")
        return old

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("old_password") and data.get("old_password") == data.get("new_password1"):
            self.add_error("new_password1", _("รหัสผ่านใหม่ต้องไม่เหมือนรหัสผ่านเดิม"))
        return data

    def save(self, commit: bool = True) -> User:
        return _chosen(self.user, self.cleaned_data["new_password1"])


class SetPasswordForm(AtTheNewPassword, auth.SetPasswordForm):
    """Django's own, by a link; a password that one has chosen oneself need not be changed."""

    def save(self, commit: bool = True) -> User:
        return _chosen(self.user, self.cleaned_data["new_password1"])


class PasswordResetForm(auth.PasswordResetForm):
    """Django's own; the answer takes as long for an address that nobody has, and nobody is flooded with mail."""

    def save(self, **kwargs: Any) -> None:
        """The link leads where the settings say that the site is: the name in a request may be anybody's."""
        scheme, _mark, host = settings.KPITRACK_SITE_URL.partition("://")
        super().save(**{**kwargs, "domain_override": host, "use_https": scheme == "https"})

    def get_users(self, email: str) -> Any:
        return [] if is_too_often(email) else super().get_users(email)

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        send_later(*args, **kwargs)


class CodeForm(forms.Form):
    """The code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("รหัสยืนยัน"),
        max_length=40,
        help_text=_("รหัส 6 หลักจากแอปในโทรศัพท์ หรือรหัสสำรองที่จดไว้"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class PasswordForm(forms.Form):
    """One's password, before something that weakens the account."""

    password = forms.CharField(
        label=_("รหัสผ่านของท่าน"),
        strip=False,
        help_text=_("เพื่อให้แน่ใจว่าเป็นเจ้าของบัญชี"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not is_own_password(self.request, password):
            raise forms.ValidationError(_("รหัสผ่านไม่ถูกต้อง"), code="password_incorrect")
        return password


class SetUpForm(PasswordForm):
    """The first code of the app, with the password."""

    code = forms.CharField(
        label=_("รหัส 6 หลักจากแอป"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )
    field_order = ["code", "password"]
