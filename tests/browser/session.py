"""Who sits in front of a browser (a session cookie instead of the form), and on what line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

from strategy.models import User


def sit_down(context: BrowserContext, user: User | None, url: str) -> None:
    """From now on the browser is the user's; without a user nobody is logged in."""
    context.clear_cookies(name="sessionid")
    if user is not None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


@contextmanager
def scripts_on_their_way(page: Page) -> Iterator[None]:
    """The next page is there and can be typed in, its scripts are not: a slow network."""
    waiting: list[Route] = []
    page.route("**/*.js", lambda route: waiting.append(route))
    yield
    for route in waiting:
        route.continue_()
    page.unroute("**/*.js")
    page.wait_for_load_state()


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """For what the page does not show; the page's policy lets no text be evaluated in it."""
    for _time in range(600):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("not after a minute")
