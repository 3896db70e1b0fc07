"""Who sits in front of a browser: a session cookie instead of the form."""

from django.test import Client
from playwright.sync_api import BrowserContext

from strategy.models import User


def sit_down(context: BrowserContext, user: User | None, url: str) -> None:
    """From now on the browser is the user's; without a user nobody is logged in."""
    context.clear_cookies(name="sessionid")
    if user is not None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
