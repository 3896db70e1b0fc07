"""Whose request it is where a proxy stands in front: the lock-out counts wrong passwords by name and address."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the reader's machine.

    Behind a proxy every request comes from the proxy, and one forgetful person would lock the name for the whole
    hospital. The last entry of X-Forwarded-For is the one that our own proxy wrote; those before it anybody can claim.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    if not settings.KPITRACK_BEHIND_PROXY:
        return direct
    last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(last))
    except ValueError:
        return direct
