"""Sending the digests: one a person and day, whatever runs at the same moment or again.

The row of a digest is the right to send it. Who makes it sends; who finds it leaves it, unless its mail failed, or
whoever made it was cut off before saying what became of it. Mail is sent outside of every transaction: a slow mail
server keeps nobody from saving.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from smtplib import SMTPException

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Digest, Notice
from indicators.notices.actions import notify
from indicators.notices.digests import Draft
from indicators.notices.mail import address_of, body_of, message_of
from strategy import clock
from strategy.models import User

LEASE = timedelta(minutes=10)  # after which one who said nothing of a mail is taken to be gone
PATIENCE = 3  # times in a row that a mail server may say nothing
REMINDERS = (Notice.Kind.DUE, Notice.Kind.OVERDUE, Notice.Kind.ESCALATED)


class Outcome(StrEnum):
    """What became of one digest."""

    SENT = "sent"
    TOLD = "told"  # inside the application alone: no address, or no mail server
    FAILED = "failed"  # the next run tries again
    LEFT = "left"  # another run has it


@dataclass(frozen=True)
class Delivery:
    """One digest and what became of it."""

    user: User
    outcome: Outcome
    error: str = ""
    is_silence: bool = False  # no mail server was there to say anything


def deliver(drafts: Iterable[Draft]) -> Iterator[Delivery]:
    """Tell and mail each of them, one after the other.

    A mail server that did not answer three times in a row is asked no more in this run: everybody is told inside the
    application at once, and nobody waits for the server's silence two hundred times.
    """
    silences = 0
    for draft in drafts:
        found = _deliver(draft, is_silent=silences >= PATIENCE)
        if found.outcome is Outcome.SENT:
            silences = 0
        silences += found.is_silence
        yield found


def _deliver(draft: Draft, is_silent: bool) -> Delivery:
    digest = _claim(draft)
    if digest is None:
        return Delivery(draft.user, Outcome.LEFT)
    if not digest.address:
        return Delivery(draft.user, Outcome.TOLD)
    if is_silent:
        return _failed(draft, digest, _("ไม่ได้ลองส่ง เพราะเซิร์ฟเวอร์อีเมลไม่ตอบติดต่อกันหลายครั้ง"))
    try:
        message_of(draft, digest.address).send()
    except (OSError, ValueError) as error:  # SMTPException is an OSError; ValueError: a header that cannot be
        is_silence = isinstance(error, OSError) and not isinstance(error, SMTPException)
        return _failed(draft, digest, f"{type(error).__name__}: {error}"[:2000], is_silence)
    Digest.objects.filter(pk=digest.pk).update(sent_at=clock.now(), error="")
    return Delivery(draft.user, Outcome.SENT)


def _failed(draft: Draft, digest: Digest, sentence: str, is_silence: bool = False) -> Delivery:
    Digest.objects.filter(pk=digest.pk).update(error=sentence)
    return Delivery(draft.user, Outcome.FAILED, sentence, is_silence)


@transaction.atomic
def _claim(draft: Draft) -> Digest | None:
    """Today's digest of the person where it is ours to send: made now with its notices, or taken over."""
    facts = {
        "address": address_of(draft.user), "subject": draft.subject[:255], "body": body_of(draft),
        "made_at": clock.now(),
    }  # fmt: skip
    digest, is_new = Digest.objects.get_or_create(user=draft.user, day=clock.today(), defaults=facts)
    if is_new:
        _tell(draft)
        return digest
    left_behind = Q(error__gt="") | Q(made_at__lt=clock.now() - LEASE)
    mine = Digest.objects.filter(left_behind, pk=digest.pk, sent_at__isnull=True).exclude(address="")
    if not facts["address"] or not mine.update(**facts, error=""):
        return None
    digest.refresh_from_db()
    return digest


def _tell(draft: Draft) -> None:
    """The same inside the application; what earlier reminders said is said anew, so they count as read."""
    at = clock.now()
    Notice.objects.filter(user=draft.user, kind__in=REMINDERS, read_at__isnull=True).update(read_at=at)
    for kind, facts, url in draft.notices:
        notify(users=[draft.user], kind=kind, facts=facts, url=url, at=at)
