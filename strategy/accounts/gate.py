"""What stands between a right password and the pages: a second factor, a password of one's own."""

from django.conf import settings
from django.http import HttpRequest

from strategy.access import Permission, reach_of
from strategy.models import User

VERIFIED = "second_factor"  # in the session: the key of the device that was asked
ALWAYS = frozenset({"logout", "set_language"})
# A step and the addresses that are open while it stands; the first that is not done is asked for.
STEPS = {
    "second_factor": ALWAYS | {"second_factor"},
    "password_change": ALWAYS | {"password_change"},
    "second_factor_set_up": ALWAYS | {"second_factor_set_up", "password_change"},
}


def is_verified(request: HttpRequest) -> bool:
    """Whether the second factor, where the person has one, was given in this session."""
    device = getattr(request.user, "second_factor", None)
    return device is None or request.session.get(VERIFIED) == device


def is_required(user: User) -> bool:
    """Whether the hospital asks a second factor of this person (KPITRACK_SECOND_FACTOR)."""
    if settings.SECOND_FACTOR == "EVERYONE":
        return True
    return settings.SECOND_FACTOR == "ADMINISTRATORS" and is_administrator(user)


def is_administrator(user: User) -> bool:
    """Who edits people or templates, here or in the admin."""
    reach = reach_of(user)
    return user.is_staff or any(reach.may_anywhere(each) for each in (Permission.USERS, Permission.TEMPLATES))


def next_step(request: HttpRequest) -> str:
    """The address that must be passed before all others; empty where nothing stands in the way."""
    user: User = request.user  # type: ignore[assignment]
    if not is_verified(request):
        return "second_factor"
    if user.must_change_password:
        return "password_change"
    if getattr(user, "second_factor", None) is None and is_required(user):
        return "second_factor_set_up"
    return ""
