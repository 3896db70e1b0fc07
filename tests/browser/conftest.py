"""A headless Chromium, the live server, and people in front of it.

Every context that a test opens is watched: errors in the console, violations of the content security
policy, answers of 500 and more, and requests to any other server fail the test.

With KPITRACK_SLOW_LINE=0.8 each answer takes up to 0.8 s and nothing stays in the browser's cache: what a test
must not take for granted comes late.
"""

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from indicators.demo.year import load_demo
from strategy.models import Membership, OrgUnit, User
from tests.browser.session import sit_down
from tests.browser.watch import Watch
from tests.kept import is_kept, keep, put_back

# First the one that opens no windows: each context of the others is a window with pages of its own to draw.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--font-render-hinting=slight",  # letters as wide as in a window
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
SIZES = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
PATIENCE = 60_000  # milliseconds; a busy machine is slow, not wrong
SLOW_LINE = float(os.environ.get("KPITRACK_SLOW_LINE", 0))  # each answer takes up to so many seconds


class WaitsWhileHeld(ThreadedWSGIServer):
    """Begins with a request only when nobody holds `may_begin`: a test makes a slow server of it."""

    may_begin = threading.Lock()

    def set_app(self, application: Any) -> None:
        def begin_later(environ: Any, start_response: Any) -> Any:
            with self.may_begin:
                pass
            time.sleep(random.uniform(0, SLOW_LINE))
            return application(environ, start_response)

        super().set_app(begin_later)


@pytest.fixture(scope="session")
def live_server(django_db_setup) -> Iterator[LiveServer]:
    """pytest-django's own live server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LiveServerThread, "server_class", WaitsWhileHeld)
        server = LiveServer("localhost")
        yield server
        _wait_for_requests()  # of a browser that was closed a moment ago
        server.stop()


def _wait_for_requests() -> None:
    """What a closed browser had under way is written before the next test begins: the threads end with the browser."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE / 1000)


@pytest.fixture
def slow_server(live_server) -> threading.Lock:
    """While it is held (`with slow_server:`) nothing is answered."""
    return WaitsWhileHeld.may_begin


@pytest.fixture(scope="session")
def browser(live_server) -> Iterator[Browser]:
    """The Chromium of this machine, once for all tests of a worker; closed before the server is."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None and not os.environ.get("CI"):
        pytest.skip("ไม่มี Chromium ในเครื่องนี้ จึงข้ามการทดสอบในเบราว์เซอร์ (no Chromium here: apt-get install chromium)")
    assert program, "no Chromium on this machine: apt-get install chromium"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own: `visit(user, "phone")`; without a user nobody is logged in.

    `page.watch` has what went over the line.
    """
    contexts, watches = [], []

    def open_page(user: User | None = None, size: str = "desktop", language: str = "th", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=SIZES[size], locale="th-TH", timezone_id="Asia/Bangkok", **options
        )
        context.set_default_timeout(PATIENCE)
        if SLOW_LINE:
            context.route("**/nothing-is-cached", lambda route: route.continue_())
        watches.append(Watch(context, live_server.url))
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        sit_down(context, user, live_server.url)
        page = context.new_page()
        page.watch = watches[-1]
        return page

    yield open_page
    for watch in watches:
        watch.stop()
    for context in contexts:
        context.close()
    _wait_for_requests()
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture
def desktop(visit) -> Page:
    """A ward's old screen, nobody logged in."""
    return visit(size="desktop")


@pytest.fixture
def phone(visit) -> Page:
    """A phone, nobody logged in."""
    return visit(size="phone")


@pytest.fixture
def demo(plan) -> Callable[[str], User]:
    """The demo year instead of the cast: `demo("head")` is a person of it, "idle" heads a unit without any KPI."""
    if is_kept("demo"):
        put_back("demo")
    else:
        load_demo()
        keep("demo")
    unit = OrgUnit.objects.filter(parent__code="KKH", responsibilities__isnull=True).order_by("pk").first()
    Membership.objects.create(user=User.objects.create_user("idle"), unit=unit, role=Membership.Role.HEAD)
    return lambda name: User.objects.get(username=name)
