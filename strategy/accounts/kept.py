"""What was typed when a session had ended: it waits, sealed, in the log-in page, and is offered after the log-in.

It goes back to the same address only, by the same person only, and only when they press the button there.
Passwords are never kept, files cannot be.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from strategy.accounts.requests import last_here

SALT = "strategy.accounts.kept"
LASTS = 3 * 24 * 60 * 60  # seconds: over a weekend
LARGEST = 300_000  # characters of all names and values together
SECRETS = ("password", "secret", "csrfmiddlewaretoken", "kept")
OF_THE_PAGE = ("lock", "action", "next", "seen", "row", "changes", "who", "was", "theirs")  # of one of its rows too
COMMENT = "comment:"  # of the name of a box beside warnings; which they are follows
BOXES = {
    "text": _("ข้อความ"), "reason": _("เหตุผล"), "reason_all": _("เหตุผล"), "not_applicable_reason": _("เหตุผล"),
    "override_reason": _("เหตุผล"), "note": _("หมายเหตุ"), "remark": _("หมายเหตุ"), "description": _("คำอธิบาย"),
    "link": _("ที่อยู่ของลิงก์"), "problems": _("ปัญหาและอุปสรรค"), "suggestions": _("ข้อเสนอแนะ/โอกาสพัฒนา"),
}  # fmt: skip
SESSION = "kept"
NEVER_FROM = "/accounts/"  # passwords and codes are typed there


@dataclass(frozen=True)
class Kept:
    """One form that could not be taken: where it was sent, by whom, and its fields."""

    path: str
    who: int
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    is_too_large: bool = False

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person may want to copy by hand, by the name of its box; not what the page itself sends along."""
        return [
            (called(name), value)
            for name, value in self.fields
            if value.strip() and name.rpartition(":")[2] not in OF_THE_PAGE and not name.endswith("_FORMS")
        ]

    def seal(self) -> str:
        """As text for a hidden field; nobody can change it unnoticed."""
        return signing.dumps([self.path, self.who, self.fields, self.files], salt=SALT, compress=True)


def called(name: str) -> str:
    """What a box is to people: a data item is its code, a comment says of which row; others as the form names them."""
    row, comment, _warnings = name.partition(COMMENT)
    if comment:
        return f"{row}{_('คำอธิบายคำเตือน')}"
    return str(BOXES.get(name, name.removeprefix("item_")))


def unseal(text: str) -> Kept | None:
    """What was sealed; None where it is not ours, or too old."""
    try:
        path, who, fields, files = signing.loads(text, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Kept(path, who, tuple((name, value) for name, value in fields), tuple(files))


def typed_in(request: HttpRequest, who: int | None = None) -> Kept | None:
    """The fields of this form; None where there is nobody whose they are, or where they are nobody's business."""
    who = who or last_here(request)
    if who is None or request.path.startswith(NEVER_FROM):
        return None
    fields = tuple((name, value) for name, values in request.POST.lists() for value in values if not _is_secret(name))
    files = tuple(str(file.name) for _name, all_ in request.FILES.lists() for file in all_)
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return Kept(request.get_full_path(), who, (), files, is_too_large=True)
    return Kept(request.get_full_path(), who, fields, files)


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRETS)


def hold(request: HttpRequest, kept: Kept | None, user: Any) -> bool:
    """Let it wait in the session of the person who typed it; whether it does."""
    if kept is None or kept.who != user.pk or not kept.fields:
        return False
    request.session[SESSION] = kept.seal()
    request.has_kept = True  # type: ignore[attr-defined]
    return True


def waiting(request: HttpRequest) -> Kept | None:
    """What waits for the person who is logged in."""
    kept = unseal(request.session.get(SESSION, ""))
    return kept if kept is not None and kept.who == request.user.pk else None


def drop_sent(request: HttpRequest, status: int) -> None:
    """It waits no longer once it was sent again, whatever the page said to it."""
    if request.method != "POST" or SESSION not in request.session or getattr(request, "has_kept", False):
        return
    if status in (401, 403) or status >= 500:
        return
    kept = unseal(request.session[SESSION])
    if kept is None or kept.path == request.get_full_path():
        del request.session[SESSION]
