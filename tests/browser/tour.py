"""Every page of kpitrack, each opened as somebody who has it, in the demo year."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.models import Indicator, Result, Round
from strategy.models import User
from tests.browser.session import sit_down


@dataclass(frozen=True)
class Stop:
    """A page: who opens it (nobody: without a log-in), where, and what is done there before one looks."""

    name: str
    who: str | None
    address: Callable[[], str]
    act: Callable[[Page], None] = lambda page: None


def _round(code: str, number: int, name: str) -> str:
    return reverse(name, args=[Round.objects.get(indicator__code=code, fiscal_year=2560, number=number).pk])


def _result(status: str, name: str) -> str:
    """A page of the first result of this status."""
    return reverse(name, args=[Result.objects.filter(status=status).order_by("pk").first().round_id])


def _indicator(code: str, name: str = "indicator", *more: int) -> str:
    return reverse(name, args=[Indicator.objects.get(code=code).pk, *more])


def _mistype(page: Page) -> None:
    page.fill("#id_item_A", "30 thousand")
    page.fill("#id_item_B", "-1")
    page.locator("[data-save]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _type(page: Page) -> None:
    page.fill("#id_item_A", "34400")
    page.fill("#id_item_B", "200")
    expect(page.locator("#score-panel .next-step")).to_be_visible()


def _save_late(page: Page) -> None:
    """As if somebody had saved since the page was opened."""
    page.eval_on_selector("input[name=lock]", "lock => { lock.value = '0'; }")
    page.fill("#id_item_A", "1234")
    page.locator("[data-save]").click()
    expect(page.locator(".conflict")).to_be_visible()


def _log_in_wrongly(page: Page) -> None:
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _refuse(page: Page) -> None:
    page.locator(".review-reason button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _why(page: Page) -> None:
    page.locator(".level-link").first.click()
    expect(page.locator(".why-box")).to_be_visible()


def _menu(page: Page) -> None:
    page.locator(".menu > summary").click()


def _log_out(page: Page) -> None:
    _menu(page)
    page.locator("form[action$='/logout/'] button").click()
    expect(page.locator(".menu")).to_have_count(0)


TOUR = (
    Stop("log-in", None, lambda: reverse("login")),
    Stop("log-in, wrong", None, lambda: reverse("login"), _log_in_wrongly),
    Stop("my work", "head", lambda: reverse("my_work"), _menu),
    Stop("my work, empty", "idle", lambda: reverse("my_work")),
    Stop("my work, no unit", "outsider", lambda: reverse("my_work")),
    Stop("entry, new", "head", lambda: _round("7(1)", 6, "entry"), _type),
    Stop("entry, wrong", "head", lambda: _round("7(1)", 6, "entry"), _mistype),
    Stop("entry, read-only", "head", lambda: _round("7(1)", 1, "entry")),
    Stop("entry, returned", "head-account", lambda: _round("22", 5, "entry")),
    Stop("entry, overtaken", "head-account", lambda: _round("22", 6, "entry"), _save_late),
    Stop("entry, steps", "head-sp_board", lambda: _round("13(1)", 1, "entry")),
    Stop("review list", "reviewer", lambda: reverse("review_list")),
    Stop("review list, returned", "reviewer", lambda: reverse("review_list") + "?tab=returned"),
    Stop("review list, approved", "reviewer", lambda: reverse("review_list") + "?tab=approved"),
    Stop("review list, missing", "reviewer", lambda: reverse("review_list") + "?tab=missing"),
    Stop("review list, nothing", "reviewer", lambda: reverse("review_list") + "?q=xyzzy"),
    Stop("review", "reviewer", lambda: _result("submitted", "review_detail"), _refuse),
    Stop("review, approved", "reviewer", lambda: _result("approved", "review_detail")),
    Stop("dashboard", "executive", lambda: reverse("dashboard"), _why),
    Stop("dashboard, another year", "executive", lambda: reverse("dashboard") + "?year=2561"),
    Stop("dashboard, no unit", "outsider", lambda: reverse("dashboard")),
    Stop("indicator", "executive", lambda: _indicator("7(1)")),
    Stop("indicator, heading", "executive", lambda: _indicator("7")),
    Stop("indicator, group", "executive", lambda: _indicator("7(2)")),
    Stop("indicator, corrected", "executive", lambda: _indicator("17")),
    Stop("result form", "executive", lambda: _round("7(1)", 1, "result_form")),
    Stop("result form, group", "executive", lambda: _indicator("7(2)", "indicator_form", 2560, 6)),
    Stop("gallery", "admin", lambda: reverse("gallery")),
    Stop("password", "head", lambda: reverse("password_change")),
    Stop("password changed", "head", lambda: reverse("password_change_done")),
    Stop("logged out", "head-ur", lambda: reverse("my_work"), _log_out),
    Stop("not found", "head", lambda: "/no/such/page/"),
)


def walk(visit: Callable[..., Page], demo: Callable[[str], User], size: str, **options) -> Iterator[tuple[str, Page]]:
    """Every stop with its page, as it stands there with all that folds unfolded."""
    page = visit(size=size, **options)
    page.on("dialog", lambda dialog: dialog.accept())  # "leave without saving?"
    who = None
    for stop in TOUR:
        if stop.who != who:
            page.goto("about:blank")
            sit_down(page.context, demo(stop.who) if stop.who else None, page.watch.home)
            who = stop.who
        page.goto(stop.address())
        stop.act(page)
        page.eval_on_selector_all("main details", "all => all.forEach(details => { details.open = true; })")
        yield stop.name, page
