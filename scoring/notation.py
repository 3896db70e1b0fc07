"""Band notation: what templates print in score bands, targets and criteria, read once into numbers.

The rules are DESIGN.md section 3 ("Band notation"). The reader knows fixed lists of signs and words; whatever
else stands in a text is a NotationError that names the text and the place. It never guesses.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext as _

from .numbers import NumberError, from_thai_digits, parse_number

LONGEST_TEXT = 200
SHOWN_TEXT = 60  # how much of an unreadable text an error repeats


class NotationError(ValueError):
    """A notation that cannot be read: ``message`` (Thai) names the text, the place (``position``, from 0) and why."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        shown = text if len(text) <= SHOWN_TEXT else text[:SHOWN_TEXT] + "…"
        self.text = text
        self.position = position
        self.reason = reason
        self.message = _("อ่าน “%(text)s” ไม่ได้ที่ตัวอักษรที่ %(place)d: %(reason)s") % {
            "text": shown,
            "place": position + 1,
            "reason": reason,
        }
        super().__init__(self.message)


@dataclass(frozen=True)
class Bound:
    """One end of an interval; ``inclusive`` when the end itself belongs to it."""

    value: Decimal
    inclusive: bool


class NotationKind(StrEnum):
    RANGE = "range"
    EMPTY = "empty"  # an empty cell, "-" or "NA": no band
    NO_SUBMISSION = "no_submission"  # ไม่มี/ส่งผลงาน


@dataclass(frozen=True)
class Notation:
    """What a printed notation says. ``lower`` and ``upper`` are None where that side is open.

    A range printed high-low is ``backwards``: its first number stays ``lower``, its second ``upper``, as printed.
    ``bare`` is a single number without a sign (both bounds are that number). ``companion`` is the second half of a
    pair such as ``76: 24``, which decides nothing. ``note`` is a remark in brackets: ``20% (2 แห่ง)``.
    """

    kind: NotationKind = NotationKind.RANGE
    lower: Bound | None = None
    upper: Bound | None = None
    backwards: bool = False
    bare: bool = False
    companion: "Notation | None" = None
    unit: str = ""
    prefix: str = ""
    note: str = ""

    def print(self) -> str:
        """The canonical text, which reads back to an equal notation."""
        if self.kind is NotationKind.EMPTY:
            return "-"
        if self.kind is NotationKind.NO_SUBMISSION:
            return NO_SUBMISSION_TEXT
        note = f" ({self.note})" if self.note else ""
        pair = f" : {self.companion.print()}" if self.companion else ""
        return f"{self._print_numbers()}{self._print_unit()}{note}{pair}"

    def _print_unit(self) -> str:
        return self.unit if self.unit in ("", "%", "‰") else f" {self.unit}"

    def _print_numbers(self) -> str:
        words = [f"{word} " for word in self.prefix.split()]
        change = "".join(word for word in words if word.strip() not in _NOUNS)
        noun = "".join(word for word in words if word.strip() in _NOUNS)
        if self.bare and self.lower:
            return f"{change}{noun}{self.lower.value:f}"
        if self.lower and self.upper:
            return f"{change}{noun}{_printed(self.lower, '>', '', '')} - {_printed(self.upper, '<', '', '')}"
        lower = _printed(self.lower, ">", "≥", noun) if self.lower else ""
        upper = _printed(self.upper, "<", "≤", noun) if self.upper else ""
        return change + lower + upper

    def contains(self, value: Decimal) -> bool:
        """Whether ``value`` lies within the printed interval; nothing lies within a range printed backwards."""
        if self.kind is not NotationKind.RANGE:
            return False
        return _above(value, self.lower) and _below(value, self.upper)


def _printed(bound: Bound, strict: str, inclusive: str, noun: str) -> str:
    return f"{inclusive if bound.inclusive else strict}{noun}{bound.value:f}"


def _above(value: Decimal, bound: Bound | None) -> bool:
    return bound is None or value > bound.value or (bound.inclusive and value == bound.value)


def _below(value: Decimal, bound: Bound | None) -> bool:
    return bound is None or value < bound.value or (bound.inclusive and value == bound.value)


@lru_cache(maxsize=4096)
def parse_notation(text: str) -> Notation:
    """The meaning of a printed band, target or criterion; NotationError, and nothing else, for any other text."""
    if len(text) > LONGEST_TEXT:
        raise NotationError(text, LONGEST_TEXT, _("ยาวเกิน %(limit)d ตัวอักษร") % {"limit": LONGEST_TEXT})
    clean = from_thai_digits(text).translate(_ONE_FOR_ONE)
    if _EMPTY.fullmatch(clean):
        return Notation(kind=NotationKind.EMPTY)
    if _NO_SUBMISSION.fullmatch(clean):
        return Notation(kind=NotationKind.NO_SUBMISSION)
    return _Reader(text, clean).notation()


NO_SUBMISSION_TEXT = "ไม่มี/ส่งผลงาน"

# One character for one, so that places in the clean text are places in the printed one.
_ONE_FOR_ONE = str.maketrans("‹›＜＞⩽⩾≦≧：–—‑‒−％\u00a0\u2009\u202f\u200b\t", "<><>≤≥≤≥:-----%     ")
_EMPTY = re.compile(r"\s*(?:-|NA|N/A)?\s*")
_NO_SUBMISSION = re.compile(r"\s*(?:ไม่มี\s*/\s*(?:ไม่)?ส่งผลงาน|ไม่มีผลงาน|ไม่ส่งผลงาน)\s*")
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_CUT_SHORT = re.compile(r"\.(?=\s|$)")  # the plan prints "7." for 7 (KPI 5)
_NOTE = re.compile(r"\(\s*([^()<>≤≥=:\-]{1,40}?)\s*\)|(ทุกปี)")

_SIGNS = {
    ">": ">", "≥": "≥", ">=": "≥", "<": "<", "≤": "≤", "<=": "≤", "=": "=",
    "มากกว่า": ">", "สูงกว่า": ">", "เกิน": ">", "เกินกว่า": ">",
    "น้อยกว่า": "<", "ต่ำกว่า": "<", "ไม่ถึง": "<",
    "มากกว่าหรือเท่ากับ": "≥", "ไม่น้อยกว่า": "≥", "ไม่ต่ำกว่า": "≥", "อย่างน้อย": "≥",
    "น้อยกว่าหรือเท่ากับ": "≤", "ไม่เกิน": "≤", "ไม่มากกว่า": "≤", "ไม่สูงกว่า": "≤",
    "เท่ากับ": "=",
}  # fmt: skip
_ENDINGS = {"ขึ้นไป": "≥", "หรือมากกว่า": "≥", "ลงมา": "≤", "หรือน้อยกว่า": "≤"}
# What changes (printed before the sign) and what the number counts (printed before the number): one of each at most.
_CHANGES = ("ลดลง", "เพิ่มขึ้น", "ต่ำกว่าเกณฑ์เฉลี่ยแต่", "น้อยกว่าเกณฑ์")
_NOUNS = ("ร้อยละ", "ระดับ", "ระดับที่", "ขั้นตอนที่", "ขั้นที่", "คะแนน")
_UNITS = (
    "% ‰ เปอร์เซ็นต์ นาที ชั่วโมง วินาที วัน สัปดาห์ เดือน ไตรมาส ปี ครั้ง เท่า คน ราย เรื่อง ข้อ ระดับ คะแนน แห่ง ด้าน "
    "บาท ล้านบาท เตียง ขั้นตอน ขั้น หน่วย หน่วยงาน หน่วยบริการ โรงพยาบาล คลินิก สาขา ทีม กลุ่ม ตำบล อำเภอ จังหวัด หมู่บ้าน "
    "ชุมชน ครัวเรือน โครงการ กิจกรรม แผน หลักสูตร รุ่น ผลงาน ชิ้น ฉบับ เล่ม ชุด ระบบ รายการ ตัวชี้วัด ประเด็น จุด เครื่อง ใบ วันนอน "
    "ประชากร พันประชากร แสนประชากร MJ kWh kg g mg km m ml dl mmHg RW"
)


def _longest_first(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


_WORDS = _longest_first((*_SIGNS, *_CHANGES, *_NOUNS))
_ENDING = _longest_first(_ENDINGS)
_JOIN = re.compile(r"-|ถึง")
_COLON = re.compile(":")
_UNIT = _longest_first(_UNITS.split())
_PER = re.compile(r"\s*(/|ต่อ)\s*")
_MARKS_MEANING = re.compile("|".join(map(re.escape, [*_SIGNS, *_ENDINGS, *_CHANGES, "ถึง"])))


@dataclass(frozen=True)
class _Term:
    """One number with its sign and words, and where it stands."""

    start: int
    sign: str
    words: str
    number: Decimal
    unit: str


class _Reader:
    """Reads one notation from left to right. ``clean`` is ``text`` with one sign for each way of writing it."""

    def __init__(self, text: str, clean: str) -> None:
        self.text = text
        self.clean = clean
        self.place = 0

    def notation(self) -> Notation:
        first = self.side()
        companion = self.side() if self.take(_COLON) else None
        self.skip_spaces()
        if self.place < len(self.clean):
            raise self.error(_("ไม่เข้าใจ “%(rest)s”") % {"rest": self.rest()})
        notation = replace(first, companion=companion)
        if len(notation.print()) > LONGEST_TEXT:
            raise self.error(_("ยาวเกิน %(limit)d ตัวอักษร") % {"limit": LONGEST_TEXT})
        return notation

    def side(self) -> Notation:
        """Everything up to a colon or the end."""
        first = self.term()
        if self.take(_JOIN):
            return self.with_note(_range(self, first, self.term()))
        return self.with_note(self.single(first))

    def single(self, term: _Term) -> Notation:
        self.skip_spaces()
        place = self.place
        ending = self.take(_ENDING)
        if ending and term.sign:
            raise self.error(_("มีเครื่องหมายเปรียบเทียบอยู่แล้ว"), place)
        sign = _ENDINGS[ending] if ending else term.sign
        bound = Bound(term.number, inclusive=sign not in ("<", ">"))
        return Notation(
            lower=bound if sign not in ("<", "≤") else None,
            upper=bound if sign not in (">", "≥") else None,
            bare=sign in ("", "="),
            unit=term.unit,
            prefix=term.words,
        )

    def with_note(self, notation: Notation) -> Notation:
        self.skip_spaces()
        match = _NOTE.match(self.clean, self.place)
        if match is None:
            return notation
        note = match[1] or match[2]
        if not note.strip() or _MARKS_MEANING.search(note):
            raise self.error(_("ไม่เข้าใจ “%(rest)s”") % {"rest": match[0]})
        self.place = match.end()
        return replace(notation, note=note)

    def term(self) -> _Term:
        self.skip_spaces()
        start = self.place
        sign, change, noun = self.words()
        number = self.number()
        return _Term(start, sign, " ".join(filter(None, (change, noun))), number, self.unit())

    def words(self) -> tuple[str, str, str]:
        """The sign and the words before a number, each kind at most once."""
        found = {"sign": "", "change": "", "noun": ""}
        while True:
            self.skip_spaces()
            place = self.place
            word = self.take(_WORDS)
            if not word:
                return found["sign"], found["change"], found["noun"]
            kind = "sign" if word in _SIGNS else "change" if word in _CHANGES else "noun"
            if found[kind]:
                raise self.error(_("“%(word)s” ซ้อนกับ “%(before)s”") % {"word": word, "before": found[kind]}, place)
            found[kind] = _SIGNS.get(word, word)

    def number(self) -> Decimal:
        token = self.take(_NUMBER)
        if not token:
            raise self.error(_("ต้องเป็นตัวเลข"))
        place = self.place - len(token)
        if token[0] == "-" and self.text[place] not in "-−":
            raise self.error(_("ขีดหน้าตัวเลขต้องเป็นเครื่องหมายลบ"), place)
        try:
            number = parse_number(token)
        except NumberError as error:
            raise self.error(error.message, place + error.position) from None
        match = _CUT_SHORT.match(self.clean, self.place)
        self.place = match.end() if match else self.place
        return number

    def unit(self) -> str:
        unit = self.take(_UNIT)
        parts = 1
        while unit and parts < 3 and (match := _PER.match(self.clean, self.place)):
            following = _UNIT.match(self.clean, match.end())
            if following is None:
                raise self.error(_("ไม่รู้จักหน่วยนับ “%(rest)s”") % {"rest": self.rest()})
            unit, parts, self.place = unit + match[1] + following.group(), parts + 1, following.end()
        return unit

    def take(self, pattern: re.Pattern[str]) -> str:
        """The text of ``pattern`` here, past any spaces, or nothing."""
        self.skip_spaces()
        match = pattern.match(self.clean, self.place)
        if match is None:
            return ""
        self.place = match.end()
        return match.group()

    def skip_spaces(self) -> None:
        while self.place < len(self.clean) and self.clean[self.place].isspace():
            self.place += 1

    def rest(self) -> str:
        return self.text[self.place : self.place + 20]

    def error(self, reason: str, place: int | None = None) -> NotationError:
        return NotationError(self.text, self.place if place is None else place, reason)


def _range(reader: _Reader, first: _Term, second: _Term) -> Notation:
    """``70 - 79``; a sign within it may only sharpen its own end (``>70 - <80``)."""
    if first.sign not in ("", ">", "≥"):
        raise reader.error(_("ช่วงต้องไม่ขึ้นต้นด้วย “%(sign)s”") % {"sign": first.sign}, first.start)
    if second.sign not in ("", "<", "≤"):
        raise reader.error(_("ปลายช่วงต้องไม่มี “%(sign)s”") % {"sign": second.sign}, second.start)
    if second.words not in ("", first.words) or len({first.unit, second.unit} - {""}) > 1:
        raise reader.error(_("สองปลายของช่วงใช้หน่วยต่างกัน"), second.start)
    return Notation(
        lower=Bound(first.number, inclusive=first.sign != ">"),
        upper=Bound(second.number, inclusive=second.sign != "<"),
        backwards=first.number > second.number,
        unit=first.unit or second.unit,
        prefix=first.words,
    )
