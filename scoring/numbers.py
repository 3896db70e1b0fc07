"""Numbers as people type and read them: exact in, rounded once, printed in Thai style.

No binary floating point anywhere: a measured number is a Decimal, and on the way to a result a Fraction
(DESIGN.md section 3, "Rounding").
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext as _

SIGNIFICANT_DIGITS = 15
LONGEST_NUMBER = 40  # characters, far above what 15 significant digits need
WIDE = Context(prec=2000, rounding=ROUND_HALF_UP)  # wide enough that only quantising ever rounds

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_FROM_THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER = re.compile(r"([+\-−]?)([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?", re.ASCII)


class NumberError(ValueError):
    """A text that is no number: ``message`` says why in Thai, ``position`` is the place in ``text`` (from 0)."""

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.position = position


def to_thai_digits(text: str) -> str:
    """``85.5`` as ``๘๕.๕``."""
    return text.translate(_TO_THAI)


def from_thai_digits(text: str) -> str:
    """``๘๕.๕`` as ``85.5``; keeps the length, so that places in the text stay what they were."""
    return text.translate(_FROM_THAI)


def parse_number(text: str) -> Decimal:
    """The number in a typed text: Thai or Arabic digits, ``1,234.5``, a leading sign, spaces around it.

    Raises NumberError for all else, such as exponents, NaN, misplaced separators and over 15 significant digits.
    """
    start = len(text) - len(text.lstrip())
    plain = text.strip()
    if not plain:
        raise NumberError(_("ยังไม่ได้ใส่ตัวเลข"), text, 0)
    if len(plain) > LONGEST_NUMBER:
        raise NumberError(_("ตัวเลขยาวเกินไป"), text, start + LONGEST_NUMBER)
    plain = from_thai_digits(plain)
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise _complaint(text, plain, start)
    return _checked(match, text, start)


def _checked(match: re.Match[str], text: str, start: int) -> Decimal:
    sign, whole, fraction = match.groups()
    digits = whole.replace(",", "")
    if len((digits + (fraction or "")).lstrip("0")) > SIGNIFICANT_DIGITS:
        message = _("ตัวเลขมีเลขนัยสำคัญเกิน %(limit)d หลัก") % {"limit": SIGNIFICANT_DIGITS}
        raise NumberError(message, text, start)
    number = Decimal(f"{digits}.{fraction}" if fraction else digits)
    return -number if sign in ("-", "−") and number else number


def _complaint(text: str, plain: str, start: int) -> NumberError:
    """Which character makes ``plain`` no number, and why."""
    body = plain[1:] if plain[0] in "+-−" else plain
    skipped = start + len(plain) - len(body)
    if not body:
        return NumberError(_("ยังไม่ได้ใส่ตัวเลข"), text, start)
    foreign = re.search(r"[^0-9.,\s]", body) or re.search(r"[^0-9.,]", body)  # a blank is seldom seen
    if foreign:
        message = _("“%(character)s” ไม่ใช่ตัวเลข") % {"character": foreign.group()}
        return NumberError(message, text, skipped + foreign.start())
    if "," in body:
        return NumberError(_("เครื่องหมายจุลภาคต้องคั่นหลักพันทุกสามหลัก"), text, skipped + body.index(","))
    place = skipped + max(body.find("."), 0)
    return NumberError(_("ต้องมีตัวเลขทั้งหน้าและหลังจุดทศนิยม และมีจุดได้จุดเดียว"), text, place)


def exact(x: Decimal | int | Fraction) -> Fraction:
    """The same number as a Fraction; a Decimal that is not finite raises ValueError or OverflowError."""
    return x if isinstance(x, Fraction) else Fraction(x)


def round_half_up(x: Fraction | Decimal | int, decimals: int) -> Decimal:
    """``x`` with exactly ``decimals`` places, halves away from zero (DESIGN.md section 3); never a negative zero."""
    if isinstance(x, Decimal | int):
        rounded = Decimal(x).quantize(_last_place(decimals), context=WIDE)
        return rounded or abs(rounded)
    top, bottom = x.numerator, x.denominator
    scaled = (2 * abs(top) * 10**decimals + bottom) // (2 * bottom)
    return Decimal(scaled if top >= 0 else -scaled).scaleb(-decimals, WIDE)


@cache
def _last_place(decimals: int) -> Decimal:
    return Decimal((0, (1,), -decimals))


def format_number(
    x: Decimal | Fraction | int | None,
    decimals: int | None = None,
    *,
    thousands: bool = True,
    thai_digits: bool = False,
) -> str:
    """``x`` for reading: ``1,234.50``; nothing for None; with ``decimals`` None as it is, without an exponent.

    A Fraction that does not end is cut after six places and marked with "…".
    """
    if x is None:
        return ""
    text = _plain(x) if decimals is None else format(round_half_up(x, decimals), "f")
    text = _grouped(text) if thousands else text
    return to_thai_digits(text) if thai_digits else text


def _plain(x: Decimal | Fraction | int) -> str:
    if isinstance(x, Fraction):
        return format_exact(x)
    text = format(Decimal(x), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _grouped(text: str) -> str:
    whole, point, fraction = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    tail = "…" if whole.endswith("…") else ""
    return f"{sign}{int(whole.strip('-…')):,}{tail}{point}{fraction}"


def format_exact(x: Fraction, places: int = 6) -> str:
    """``x`` as an exact decimal where it ends within ``places``, else cut there and marked: ``0.333333…``."""
    scaled, rest = divmod(abs(x.numerator) * 10**places, x.denominator)
    digits = str(scaled).rjust(places + 1, "0")
    whole, fraction = digits[: len(digits) - places], digits[len(digits) - places :]
    sign = "-" if x < 0 else ""
    if rest:
        return f"{sign}{whole}.{fraction}…" if places else f"{sign}{whole}…"
    fraction = fraction.rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
