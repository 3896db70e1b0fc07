"""Whether mail can be sent at all, and the one mail of an account: the link to a new password."""

import logging
import threading
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import loader
from django.utils import translation

from strategy.models import User

log = logging.getLogger(__name__)


def is_configured() -> bool:
    """Whether the hospital has named a mail server."""
    return bool(settings.SENDS_MAIL)


def send_later(
    subject_template_name: str,
    email_template_name: str,
    context: dict[str, Any],
    from_email: str | None,
    to_email: str,
    html_email_template_name: str | None = None,
) -> None:
    """Written and sent while the page is on its way: how long the answer takes says nothing of who has an account."""
    language = translation.get_language()

    def send() -> None:
        with translation.override(language):
            subject = "".join(loader.render_to_string(subject_template_name, context).splitlines())
            body = loader.render_to_string(email_template_name, context)
        deliver(EmailMessage(subject, body, from_email, [to_email]))

    threading.Thread(target=send, daemon=True).start()


def deliver(message: EmailMessage) -> bool:
    """Whether the mail was handed over; a mail server that is down is told in the log."""
    try:
        return bool(message.send())
    except OSError as error:  # SMTPException is one
        log.error("The mail to set a new password could not be sent: %s", error)
        return False


def address(path: str) -> str:
    """The whole address of a link in a mail: where the settings say that the site is, not what a request claims."""
    return f"{settings.KPITRACK_SITE_URL}{path}"


def send_link(user: User, path: str) -> bool:
    """Mail a person the link that an administrator made for them; whether it was handed over."""
    context = {"user": user, "link": address(path)}
    subject = "".join(loader.render_to_string("registration/password_reset_subject.txt", context).splitlines())
    body = loader.render_to_string("people/link_email.txt", context)
    return deliver(EmailMessage(subject, body, None, [user.email]))
