"""The name of a file as it is kept: without paths, control characters or tricks, with the end that its content has."""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 120  # characters of a name without its end
# A real end of a name has a letter in it: "ครั้งที่ 2.1" has none.
END = re.compile(r"\.([0-9]*[A-Za-z][A-Za-z0-9]{0,5})$")
FORBIDDEN = re.compile(r'[<>:"|?*]')  # not in a name on Windows
# Control characters, marks that turn the direction of writing, and what is no character at all.
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain_name(name: str) -> str:
    """The last part of a path, in one composed form, with nothing invisible in it."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(mark for mark in last if unicodedata.category(mark) not in INVISIBLE)
    return " ".join(FORBIDDEN.sub("_", shown).split()).strip(". ")


def visible(text: str) -> str:
    """A text in one line without what cannot be seen in it."""
    return "".join(mark for mark in " ".join(text.split()) if unicodedata.category(mark) not in INVISIBLE).strip()


def end_of(name: str) -> str:
    """ "pdf" of "รายงาน.PDF"; empty where there is none."""
    found = END.search(plain_name(name))
    return found[1].lower() if found else ""


def kept_name(name: str, ends: tuple[str, ...]) -> str:
    """The name with an end that fits the content: a PNG called scan.pdf is kept as scan.png."""
    plain, end = plain_name(name), end_of(name)
    stem = (END.sub("", plain) if end else plain).strip(". ")[:LONGEST].strip(". ")
    return f"{stem or _('ไฟล์แนบ')}.{end if end in ends else ends[0]}"
