"""What an administrator does to accounts: keyword-only, atomic, with a line in the person's history."""

import secrets
from collections.abc import Mapping
from typing import Any

from axes.utils import reset
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from strategy import clock
from strategy.accounts import second_factor
from strategy.accounts.history import record
from strategy.accounts.refused import Refused
from strategy.models import User
from strategy.people.roles import ONE_DAY, administrator_roles, is_replaced, other_administrators
from strategy.people.scope import Person

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike on paper
FIELDS = ("first_name", "last_name", "title", "telephone", "email")


def one_time_password() -> str:
    """``k7mf-29xd-tq4w``: to be read out on the telephone, 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(4)) for _group in range(3))


@transaction.atomic
def add_person(*, by: User, username: str, facts: Mapping[str, str]) -> tuple[User, str]:
    """A new account with a password for one time, which is returned and kept nowhere."""
    password = one_time_password()
    try:
        with transaction.atomic():
            user = User(username=username, must_change_password=True, **facts)
            user.set_password(password)
            user.save()
    except IntegrityError:
        raise Refused(_("มีผู้ใช้ชื่อ “%(name)s” อยู่แล้ว ตั้งชื่อผู้ใช้อื่น") % {"name": username}) from None
    record(user=user, by=by, line="added")
    return user, password


@transaction.atomic
def edit_person(*, person: Person, by: User, facts: Mapping[str, str]) -> list[str]:
    """Write what differs, and say which fields; what is no fact of a person is nobody's to edit here."""
    user = _mine(person)
    changed = [name for name in FIELDS if name in facts and getattr(user, name) != facts[name]]
    for name in changed:
        setattr(user, name, facts[name])
    if changed:
        user.save(update_fields=changed)
        labels = ", ".join(str(User._meta.get_field(name).verbose_name) for name in changed)
        record(user=user, by=by, line="edited", fields=labels)
    return changed


@transaction.atomic
def set_active(*, person: Person, by: User, active: bool, reason: str) -> None:
    """Close an account, or open it again; what the person has done stays theirs, and so do their roles."""
    if not active:
        _refuse_to_close(person, by)
    user = _mine(person)
    if user.is_active == active:
        raise Refused(_("บัญชีนี้เปิดใช้อยู่แล้ว") if active else _("บัญชีนี้ถูกระงับอยู่แล้ว"))
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(user=user, by=by, line="activated" if active else "deactivated", reason=reason)


def _refuse_to_close(person: Person, by: User) -> None:
    if person.user.pk == by.pk:
        raise Refused(_("ระงับบัญชีของตนเองไม่ได้ ให้ผู้ดูแลระบบคนอื่นทำ"))
    for role in administrator_roles(person.user):
        if not is_replaced(role, clock.today() - ONE_DAY, other_administrators(role)):
            raise Refused(_("ต้องเหลือผู้ดูแลระบบของโรงพยาบาลอย่างน้อยหนึ่งคน ให้บทบาทผู้ดูแลระบบแก่คนอื่นก่อน"))


def _mine(person: Person) -> User:
    """The person's row, locked; Refused where the account is not this administrator's to change."""
    if not person.may_manage:
        raise Refused(person.why_not)
    return User.objects.select_for_update().get(pk=person.user.pk)


@transaction.atomic
def give_password(*, person: Person, by: User) -> str:
    """A password for one time in place of the person's own; their sessions end."""
    user = _mine(person)
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(user=user, by=by, line="password_set")
    return password


@transaction.atomic
def make_link(*, person: Person, by: User, is_mailed: bool = False) -> str:
    """The address under which the person sets a password of their own, once, within days."""
    user = _mine(person)
    if not user.is_active:
        raise Refused(_("บัญชีนี้ถูกระงับ เปิดใช้ก่อนจึงสร้างลิงก์ได้"))
    record(user=user, by=by, line="link_sent" if is_mailed else "link_made")
    code = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=[code, default_token_generator.make_token(user)])


@transaction.atomic
def unlock(*, person: Person, by: User) -> None:
    """Forget the wrong passwords and codes of this name, so that the person may try at once."""
    user = _mine(person)
    reset(username=user.username)
    for device in (TOTPDevice, StaticDevice):
        device.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)
    record(user=user, by=by, line="unlocked")


@transaction.atomic
def remove_second_factor(*, person: Person, by: User, reason: str) -> None:
    """The telephone is lost and no recovery code is left: the password alone opens the account again."""
    user = _mine(person)
    if not TOTPDevice.objects.filter(user=user).exists():
        raise Refused(_("บัญชีนี้ไม่ได้เปิดการยืนยันตัวตนขั้นที่สอง"))
    second_factor.remove(user=user, by=by, reason=reason)


def known(facts: Mapping[str, Any]) -> dict[str, str]:
    """What of a form is a fact of a person; nothing that raises them above others."""
    return {name: str(facts[name]) for name in FIELDS if name in facts}
