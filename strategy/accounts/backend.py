"""Who is logged in, with what the gate asks about them."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import OuterRef, Subquery
from django_otp.plugins.otp_totp.models import TOTPDevice

from strategy.models import User


class AccountBackend(ModelBackend):
    """Django's own; the user of a session comes with the key of their second factor, in the same query."""

    def get_user(self, user_id: int) -> User | None:
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True).order_by("pk").values("pk")[:1]
        user = User.objects.annotate(second_factor=Subquery(device)).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
