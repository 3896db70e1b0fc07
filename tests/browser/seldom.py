"""Pages that one meets seldom: refusals, steps before the pages, what stands behind a script. Stops of the tour."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.test import override_settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Page, expect

from indicators.models import Indicator, Result
from strategy import clock
from strategy.models import Membership, OrgUnit, Plan, User
from tests.indicators.workbooks import opened, saved


def _refused(page: Page, button: str) -> None:
    page.locator(button).first.click()
    expect(page.locator(".error-summary")).to_be_visible()


@override_settings(AXES_ENABLED=True)
def _lock_out(page: Page) -> None:
    """Wrong passwords until the name waits."""
    for _time in range(settings.AXES_FAILURE_LIMIT):
        page.fill("#id_username", "nobody-at-all")
        page.fill("#id_password", "wrong")
        with page.expect_navigation():
            page.locator("main button[type=submit]").click()
    expect(page.locator("#id_password")).to_have_count(0)


def _given_password() -> str:
    User.objects.filter(username="head-infra").update(must_change_password=True)
    return reverse("my_work")


def _is_asked(page: Page) -> None:
    expect(page.locator("#id_old_password")).to_be_visible()


def _reset_link() -> str:
    user = User.objects.get(username="head-hrd")
    code = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=[code, default_token_generator.make_token(user)])


def _deputy() -> str:
    unit, today = OrgUnit.objects.get(code="ACCOUNT"), clock.today()
    people = {name: User.objects.get(username=name) for name in ("head-account", "reviewer")}
    role, _made = Membership.objects.get_or_create(
        user=people["reviewer"], unit=unit, role=Membership.Role.HEAD, deputy_of=people["head-account"],
        defaults={"start": today, "end": today + timedelta(days=7)},
    )  # fmt: skip
    return reverse("deputy_end", args=[role.pk])


def _ended_role() -> str:
    yesterday = clock.today() - timedelta(days=1)
    Membership.objects.filter(user__username="head-nondrug_board").update(end=yesterday)
    return reverse("my_work")


def _effects() -> str:
    change = {"plan": "KKH2560", "indicator": "3", "year": 2561, "place": "pass", "text": "≥4.7"}
    return f"{reverse('lint_effects')}?{urlencode(change)}"


def _cancelled() -> str:
    return reverse("indicator_cancel", args=[Indicator.objects.get(code="30").pk])


def _closed() -> str:
    return reverse("closing_period", args=[Plan.objects.get(code="KKH2560").pk, 2560, 3])


def _grid() -> str:
    return reverse("grid", args=[Indicator.objects.get(code="15(1)").pk, 2560, 7])


def _import(page: Page) -> None:
    """The file as it is downloaded with one number changed: the preview shows it."""
    book = opened(page.request.get(page.url + "file/").body())
    book.active.cell(2, 3).value = 7
    page.set_input_files("#id_file", {"name": "grid.xlsx", "mimeType": "application/zip", "buffer": saved(book)})
    page.locator(".grid-file button").click()
    expect(page.locator("main table")).to_be_visible()


def _import_nothing(page: Page) -> None:
    page.set_input_files("#id_file", {"name": "grid.csv", "mimeType": "text/csv", "buffer": b"code,XYZ\n99,1\n"})
    _refused(page, ".grid-file button")


def _submitted() -> str:
    return reverse("review_detail", args=[Result.objects.filter(status="submitted").order_by("pk").first().round_id])


def _decide_late(page: Page) -> None:
    """As if the head had taken it back and sent it again since the page was opened."""
    page.eval_on_selector("form[action*='/approve/'] input[name=lock]", "lock => { lock.value = '0'; }")
    page.locator("form[action*='/approve/'] button").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def _send_stale(page: Page) -> None:
    page.locator(".thread textarea").fill("HOSxP 22")
    page.context.clear_cookies(name="csrftoken")
    page.locator(".thread form button").click()
    expect(page.locator(".review-texts")).to_be_visible()


# name, who opens it, where, what is done there (tests/browser/tour.py: Stop)
STOPS: tuple[tuple[str, str | None, Callable[[], str], Callable[[Page], None]], ...] = (
    ("log-in, locked out", None, lambda: reverse("login"), _lock_out),
    ("reset link", None, _reset_link, lambda page: _refused(page, "main form button")),
    ("password, given by another", "head-infra", _given_password, _is_asked),
    ("my work, role ended", "head-nondrug_board", _ended_role, lambda page: None),
    ("nothing kept", "head", lambda: reverse("resume"), lambda page: None),
    ("deputy, ended", "head-account", _deputy, lambda page: _refused(page, "main form button.btn-primary")),
    ("grid, file", "head-qs", _grid, _import),
    ("grid, wrong file", "head-qs", _grid, _import_nothing),
    ("review, overtaken", "reviewer", _submitted, _decide_late),
    ("form of another day", "reviewer", lambda: _submitted().replace("review/", "rounds/") + "evidence/", _send_stale),
    ("lint, effects", "reviewer", _effects, lambda page: None),
    ("cancelled, lifted wrongly", "reviewer", _cancelled, lambda page: _refused(page, "form[action*='/lift/'] button")),
    (
        "closing, opened wrongly",
        "reviewer",
        _closed,
        lambda page: _refused(page, "form[action*='/reopen/'] button"),
    ),
)
