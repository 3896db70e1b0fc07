"""The second factor: a code of an app on the phone, or one of the recovery codes that were written down."""

import math
from base64 import b32encode
from binascii import unhexlify
from dataclasses import dataclass
from datetime import datetime

import segno
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from strategy.accounts.history import record
from strategy.accounts.refused import Refused
from strategy.models import User

HOW_MANY_CODES = 10
APP, RECOVERY = "app", "recovery"
DIGITS = 6
MOST_FAILURES = 12  # a wait of 2 ** 11 seconds
_FROM_THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True)
class Answer:
    """What became of a code: right, or why not."""

    device: int | None = None  # the key of the second factor that was answered for
    error: str = ""
    codes_left: int | None = None  # where a recovery code was used


def new_key() -> str:
    """The secret that the app and the server share."""
    return str(random_hex(20))


def readable(key: str) -> str:
    """The secret to be typed into an app by hand, in groups of four."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def app_address(user: User, key: str) -> str:
    """The secret as the address (otpauth:) by which an app on the same phone takes it over."""
    return str(TOTPDevice(user=user, key=key).config_url)


def picture(user: User, key: str) -> SafeString:
    """The secret as a QR code, drawn in the page itself."""
    drawn = segno.make(app_address(user, key), error="m", micro=False)
    svg = drawn.svg_inline(border=3, dark="#1c2530", light="#fff", omitsize=True)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from squares alone


@transaction.atomic
def set_up(*, user: User, key: str, code: str) -> tuple[int, list[str]]:
    """Begin to ask for a second factor, once the app has shown that it knows the secret.

    Returns the device and the recovery codes, which are shown once. Raises Refused.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise Refused(_("เปิดการยืนยันตัวตนขั้นที่สองไว้แล้ว ปิดของเดิมก่อนจึงตั้งใหม่ได้"))
    device = TOTPDevice.objects.create(user=user, key=key, name=APP)
    if not _is_six_digits(plain(code)) or not device.verify_token(plain(code)):
        raise Refused(_("รหัสไม่ถูกต้อง ดูรหัส 6 หลักล่าสุดในแอป และตรวจว่าเวลาของโทรศัพท์ตรง"))
    record(user=user, by=user, line="factor_on")
    return device.pk, _new_codes(user)


@transaction.atomic
def make_codes(*, user: User) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more."""
    User.objects.select_for_update().get(pk=user.pk)
    record(user=user, by=user, line="codes_made")
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=RECOVERY)
    codes = [StaticToken.random_token() for _number in range(HOW_MANY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def check(*, user: User, code: str) -> Answer:
    """Whether it is the app's code or a recovery code, each good for one time.

    The row is locked, so that of two that come with the same code one is too late; wrong ones are told to wait,
    twice as long each time.
    """
    app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
    if app is None:
        return Answer(error=_("บัญชีนี้ไม่ได้เปิดการยืนยันตัวตนขั้นที่สอง"))
    text = plain(code)
    asked: TOTPDevice | StaticDevice | None = app if _is_six_digits(text) else _recovery(user)
    if asked is None:
        return Answer(error=_("รหัสจากแอปเป็นตัวเลข 6 หลัก"))
    # The wait doubles each time, but nobody shall lock somebody else out for longer than half an hour.
    asked.throttling_failure_count = min(asked.throttling_failure_count, MOST_FAILURES)
    allowed, why = asked.verify_is_allowed()
    if not allowed:
        return Answer(error=_wait(why["locked_until"]))
    if not asked.verify_token(text):
        return Answer(error=_wrong(asked))
    return Answer(app.pk, codes_left=None if asked is app else codes_left(user))


def _recovery(user: User) -> StaticDevice | None:
    return StaticDevice.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()


def _wait(until: datetime) -> str:
    seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
    return _("ใส่รหัสผิดหลายครั้ง รออีก %(seconds)d วินาทีแล้วลองใหม่") % {"seconds": seconds}


def _wrong(device: Device) -> str:
    if isinstance(device, TOTPDevice):
        return _("รหัสไม่ถูกต้อง หรือใช้ไปแล้ว รอรหัสถัดไปในแอปแล้วลองใหม่")
    return _("รหัสสำรองไม่ถูกต้อง หรือใช้ไปแล้ว")


def plain(code: str) -> str:
    """As it is stored: without spaces and dashes, Thai digits read."""
    return "".join(code.split()).replace("-", "").translate(_FROM_THAI).lower()[:32]


def _is_six_digits(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdigit()


@transaction.atomic
def remove(*, user: User, by: User, reason: str = "") -> None:
    """Ask for no second factor any more: switched off by the person, or lost and removed by an administrator."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    record(user=user, by=by, line="factor_off" if by.pk == user.pk else "factor_removed", reason=reason)
