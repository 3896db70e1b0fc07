"""Every page of kpitrack, each opened as somebody who has it, in the demo year."""

import re
from base64 import b32decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from indicators.demo.people import PASSWORD
from indicators.lint.source import linted
from indicators.models import Indicator, RecoveryMeasure, Result, Round
from strategy.models import Membership, OrgUnit, Plan, User
from tests import shapes
from tests.browser import seldom
from tests.browser.session import sit_down
from tests.indicators.workbooks import inputs, opened, saved


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


def _shaped(shape: str) -> str:
    """The entry page of KPI 22 after it was given another shape; its results so far stay what they are."""
    getattr(shapes, shape)(Indicator.objects.get(code="22"))
    return _round("22", 7, "entry")


def _fill_marks(page: Page) -> None:
    page.check("#id_item_I4_NA")
    page.fill("#id_item_I2", "5")
    expect(page.locator("#subtotal-G2")).to_contain_text(re.compile(r"5\D+10"))


def _skip_a_step(page: Page) -> None:
    page.check("#id_item_S3")
    expect(page.locator("#state-S3")).not_to_be_empty()


def _finding(kind: str, code: str) -> str:
    """The page of what the linter finds of this kind in the KPI's template of 2560."""
    plan = Plan.objects.get(code="KKH2560")
    wanted = (kind, code, 2560)
    found = next(f for f in linted(plan).findings if (f.kind, f.indicator, f.fiscal_year) == wanted)
    return f"{reverse('lint_detail', args=[found.fingerprint])}?plan=KKH2560"


def _effects(page: Page) -> None:
    expect(page.locator(".lint-effects").first).to_be_visible()


def _decide_without_reason(page: Page) -> None:
    page.locator(".lint-decide button[value=dismiss]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _dismiss(page: Page) -> None:
    here = page.url
    page.fill(".lint-decide textarea", "เป็นหน่วยงานเดียวกัน")
    with page.expect_navigation():  # to the next one
        page.locator(".lint-decide button[value=dismiss]").click()
    page.goto(here)
    expect(page.locator(".lint-decide button[value=reopen]")).to_be_visible()


def _grid(code: str, number: int) -> str:
    return _indicator(code, "grid", 2560, number)


def _month(unit: str, number: int) -> str:
    return reverse("month", args=[OrgUnit.objects.get(code=unit).pk, 2560, number])


def _leave_something(page: Page) -> None:
    """What is typed without a network is offered when the page is opened again."""
    page.route("**/row/", lambda route: route.abort())
    page.locator("input[data-code=A]").first.fill("12")
    page.keyboard.press("Tab")
    expect(page.locator(".grid-told")).not_to_be_empty()
    page.reload()  # still without a network: on the way out the page tries once more
    expect(page.locator(".keep-bar")).to_be_visible()
    page.unroute("**/row/")


def _mistype_in_grid(page: Page) -> None:
    page.locator("input[data-code=A]").first.fill("สิบ")
    page.keyboard.press("Tab")
    expect(page.locator(".box-error")).to_be_visible()


def _workbook() -> str:
    return reverse("workbook_upload", args=[OrgUnit.objects.get(code="ACCOUNT").pk])


def _send_workbook(page: Page, *values: object) -> None:
    """Download the file, type these values into its first cells, send it."""
    content = page.request.get(page.url.replace("/upload/", "/workbook/")).body()
    book = opened(content)
    cells = [cell for _kpi, _item, cell in inputs(book)]
    for cell, value in zip(cells, values, strict=False):
        cell.value = value
    _overtake()
    page.set_input_files("#id_file", {"name": "kpi.xlsx", "mimeType": "application/zip", "buffer": saved(book)})
    page.locator(".workbook-file button").click()


def _overtake() -> None:
    """As if somebody had saved the returned result of KPI 22 since, in the same cell."""
    result = Result.objects.get(round__indicator__code="22", round__fiscal_year=2560, round__number=5)
    result.values.filter(code="A").update(value=F("value") + 1)
    Result.objects.filter(pk=result.pk).update(lock=F("lock") + 1)


def _send_good_workbook(page: Page) -> None:
    _send_workbook(page, 7, 8, 9, 10, 11)
    expect(page.locator("fieldset.workbook-choice")).to_have_count(1)


def _send_wrong_workbook(page: Page) -> None:
    _send_workbook(page, 7, "แปด", 9, 10, -11)
    expect(page.locator(".error-summary")).to_be_visible()


def _send_no_workbook(page: Page) -> None:
    page.set_input_files("#id_file", {"name": "kpi.xlsx", "mimeType": "application/zip", "buffer": b"%PDF-1.7"})
    page.locator(".workbook-file button").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _mistype(page: Page) -> None:
    page.fill("#id_item_A", "30 thousand")
    page.fill("#id_item_B", "-1")
    page.locator("[data-save]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _type(page: Page) -> None:
    page.fill("#id_item_A", "34400")
    page.fill("#id_item_B", "200")
    expect(page.locator("#score-panel .next-step")).to_be_visible()


def _warn(page: Page) -> None:
    """Numbers that fail and are far from the months before: three warnings, one of them answered."""
    page.fill("#id_item_A", "90000")
    page.fill("#id_item_B", "90")
    page.locator("#questions textarea").first.fill("สุ่มเฉพาะคลินิกพิเศษ")
    expect(page.locator("#autosave-note")).to_be_visible()


def _leave_out(page: Page) -> None:
    page.locator(".not-applicable > summary").click()
    page.check("#id_not_applicable")
    page.locator("[data-save]").click()
    expect(page.locator(".error-summary")).to_be_visible()


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
    page.locator(".review-reason button[type=submit]").first.click()
    expect(page.locator(".error-summary")).to_be_visible()


def _attach(page: Page) -> None:
    """A file and a link, where they are not there yet from a walk at another size."""
    page.set_input_files("#file_files", {"name": "รายงาน มี.ค.pdf", "mimeType": "", "buffer": b"%PDF-1.7 report"})
    page.fill("#file_description", "รายงานจาก HOSxP")
    page.locator("button[value=files]").click()
    page.fill("#link_link", "https://hdc.moph.go.th/kkn/report?id=22")
    page.fill("#link_description", "รายงาน HDC")
    page.locator("button[value=link]").click()
    expect(page.locator(".evidence-list li")).to_have_count(2)


def _attach_wrong(page: Page) -> None:
    page.set_input_files("#file_files", {"name": "รูป.zip", "mimeType": "application/zip", "buffer": b"PK\x05\x06"})
    page.locator("button[value=files]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _say_nothing(page: Page) -> None:
    page.locator(".thread form button").click()
    expect(page.locator(".box-error")).to_be_visible()


def _measure() -> str:
    return reverse("recovery", args=[RecoveryMeasure.objects.order_by("pk").first().pk])


def _follow_without_words(page: Page) -> None:
    page.locator(".measure-follow button").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _add_nothing(page: Page) -> None:
    page.locator("main form button").first.click()
    expect(page.locator(".error-summary")).to_be_visible()


def _return_without_reason(page: Page) -> None:
    page.locator("input[name=picked]").first.check()
    page.locator("#bulk-form button[value=return]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("input[name=picked]").first).to_be_checked()


def _extend(page: Page) -> None:
    """Until a day that is after the last one granted: it is walked at several sizes."""
    page.fill("#id_until", "28 เม.ย. 2560")
    page.fill("#id_reason", "ระบบข้อมูลล่ม")
    page.locator("form.review-reason button").click()
    expect(page.locator("#history-title + ul li").first).to_be_visible()


def _cancel(page: Page) -> None:
    """Once; at another size it is cancelled already."""
    if page.locator("#id_day").count():
        page.fill("#id_day", "1 เม.ย. 2560")
        page.fill("#id_reason", "กระทรวงยุบรวมตัวชี้วัด")
        page.locator("form.review-reason button").click()
    expect(page.locator("#lift_reason")).to_be_visible()


def _period(number: int = 6) -> str:
    """The page on which a period of 2560 is closed and opened again."""
    return reverse("closing_period", args=[Plan.objects.get(code="KKH2560").pk, 2560, number])


def _close_without_reason(page: Page) -> None:
    page.fill("input[name^=reason-] >> nth=0", "เครื่องเสีย")
    page.locator("main form .btn-primary").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _close(page: Page) -> None:
    page.fill("#close_reason_all", "หน่วยงานส่งไม่ทันกำหนด")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#kpis-title")).to_be_visible()


def _reopen_period(page: Page) -> None:
    page.fill("#reopen_reason", "นับผิด")
    page.locator("main form .btn-outline-primary").click()
    expect(page.locator("#close_reason_all")).to_be_visible()


def _why(page: Page) -> None:
    page.locator(".level-link").first.click()
    expect(page.locator(".why-box")).to_be_visible()


def _menu(page: Page) -> None:
    page.locator(".menu > summary").click()


def _log_out(page: Page) -> None:
    _menu(page)
    page.locator("form[action$='/logout/'] button").click()
    expect(page.locator(".menu")).to_have_count(0)


def _end_session(page: Page) -> None:
    """The session has ended while one typed."""
    page.fill("#id_item_A", "34400")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-save]").click()
    expect(page.locator("#id_username")).to_be_visible()


def _come_back(page: Page) -> None:
    _end_session(page)
    page.fill("#id_username", "head")
    page.fill("#id_password", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".resume-drop")).to_be_visible()


def _second_factor() -> str:
    """The page between password and work, of somebody who has a second factor."""
    TOTPDevice.objects.get_or_create(user=User.objects.get(username="reviewer2"), name="app")
    return reverse("second_factor")


def _mistype_code(page: Page) -> None:
    page.fill("#id_code", "12345")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _set_up_factor(page: Page) -> None:
    key = b32decode(page.locator(".factor-key").inner_text().replace(" ", ""))
    page.fill("#id_code", f"{TOTP(key).token():06d}")
    page.fill("#id_password", PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".factor-codes")).to_be_visible()


def _person(name: str, address: str = "person_detail") -> str:
    return reverse(address, args=[User.objects.get(username=name).pk])


def _unit(code: str, address: str = "unit_detail") -> str:
    return reverse(address, args=[OrgUnit.objects.get(code=code).pk])


def _send_empty(page: Page) -> None:
    page.locator("main form button.btn-primary").first.click()
    expect(page.locator(".error-summary")).to_be_visible()


def _new_password(page: Page) -> None:
    page.locator("button[value=password]").click()
    expect(page.locator(".once-secret")).to_be_visible()


TOUR = (
    Stop("log-in", None, lambda: reverse("login")),
    Stop("log-in, wrong", None, lambda: reverse("login"), _log_in_wrongly),
    Stop("my work", "head", lambda: reverse("my_work"), _menu),
    Stop("my work, empty", "idle", lambda: reverse("my_work")),
    Stop("my work, no unit", "outsider", lambda: reverse("my_work")),
    Stop("notices", "head", lambda: reverse("notices")),
    Stop("entry, new", "head", lambda: _round("7(1)", 6, "entry"), _type),
    Stop("entry, wrong", "head", lambda: _round("7(1)", 6, "entry"), _mistype),
    Stop("entry, warned", "head", lambda: _round("7(1)", 6, "entry"), _warn),
    Stop("entry, not applicable", "head", lambda: _round("7(1)", 7, "entry"), _leave_out),
    Stop("entry, read-only", "head", lambda: _round("7(1)", 1, "entry")),
    Stop("entry, returned", "head-account", lambda: _round("22", 5, "entry")),
    Stop("entry, overtaken", "head-account", lambda: _round("22", 6, "entry"), _save_late),
    Stop("entry, steps", "head-sp_board", lambda: _round("13(1)", 1, "entry")),
    Stop("review list", "reviewer", lambda: reverse("review_list")),
    Stop("review list, returned", "reviewer", lambda: reverse("review_list") + "?tab=returned"),
    Stop("review list, approved", "reviewer", lambda: reverse("review_list") + "?tab=approved"),
    Stop("review list, missing", "reviewer", lambda: reverse("review_list") + "?tab=missing"),
    Stop("review list, nothing", "reviewer", lambda: reverse("review_list") + "?q=xyzzy"),
    Stop("review list, narrowed", "reviewer", lambda: reverse("review_list") + "?warning=any&late=yes&change=down"),
    Stop("review list, refused", "reviewer", lambda: reverse("review_list"), _return_without_reason),
    Stop("more time, wrong", "reviewer", lambda: _round("11(2)", 5, "round_extend"), _refuse),
    Stop("more time, granted", "reviewer", lambda: _round("11(2)", 5, "round_extend"), _extend),
    Stop("cancel, wrong", "reviewer", lambda: _indicator("15(1)", "indicator_cancel"), _refuse),
    Stop("cancelled", "reviewer", lambda: _indicator("30", "indicator_cancel"), _cancel),
    Stop("KPI, cancelled", "reviewer", lambda: _indicator("30")),
    Stop("silent owners", "reviewer", lambda: reverse("silent")),
    Stop("notices, of the office", "reviewer", lambda: reverse("notices")),
    Stop("notices, none", "idle", lambda: reverse("notices")),
    Stop("review", "reviewer", lambda: _result("submitted", "review_detail"), _refuse),
    Stop("review, approved", "reviewer", lambda: _result("approved", "review_detail")),
    Stop("evidence", "head-account", lambda: _round("22", 5, "evidence"), _attach),
    Stop("evidence, refused", "head-account", lambda: _round("22", 5, "evidence"), _attach_wrong),
    Stop("evidence, read-only", "executive", lambda: _round("22", 5, "evidence")),
    Stop("comment, refused", "reviewer", lambda: _result("submitted", "evidence"), _say_nothing),
    Stop("evidence, with a thread", "head", lambda: _round("2", 6, "evidence")),
    Stop("recovery measures", "reviewer", lambda: reverse("recovery_list")),
    Stop("recovery measures, empty", "idle", lambda: reverse("recovery_list") + "?tab=closed"),
    Stop("recovery measure", "reviewer", _measure, _follow_without_words),
    Stop("recovery measure, new", "head-account", lambda: _round("22", 5, "recovery_add"), _add_nothing),
    Stop("lint", "reviewer", lambda: reverse("lint")),
    Stop("lint, nothing", "reviewer", lambda: reverse("lint") + "?kind=xyzzy"),
    Stop("lint, finding", "reviewer", lambda: _finding("pass_below_target", "5"), _effects),
    Stop("lint, wrong", "reviewer", lambda: _finding("owner_mismatch", "5"), _decide_without_reason),
    Stop("lint, decided", "reviewer", lambda: _finding("owner_mismatch", "5"), _dismiss),
    Stop("grid, own rows", "head-qs", lambda: _grid("15(1)", 7), _mistype_in_grid),
    Stop("grid, many rows", "head-qs", lambda: _grid("15(2)", 7)),
    Stop("grid, read-only", "executive", lambda: _grid("14", 1)),
    Stop("workbook", "head-account", _workbook),
    Stop("workbook, no workbook", "head-account", _workbook, _send_no_workbook),
    Stop("workbook, wrong cells", "head-account", _workbook, _send_wrong_workbook),
    Stop("workbook, to choose", "head-account", _workbook, _send_good_workbook),
    Stop("month", "head", lambda: _month("SOCMED", 6)),
    Stop("month, wrong", "head-nursing", lambda: _month("NURSING", 7), _mistype_in_grid),
    Stop("month, steps", "head-gg_board", lambda: _month("GG_BOARD", 12)),
    Stop("month, large grid", "head-qs", lambda: _month("QS", 6)),
    Stop("month, departments", "executive", lambda: _month("KKH", 6)),
    Stop("month, nothing", "head-gg_board", lambda: _month("GG_BOARD", 7)),
    Stop("month, kept", "head-pst_er", lambda: _month("PST_ER", 7), _leave_something),
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
    Stop("entry, checklist", "head-account", lambda: _shaped("smart"), _fill_marks),
    Stop("entry, milestone", "head-account", lambda: _shaped("milestone"), _skip_a_step),
    Stop("entry, ticks", "head-account", lambda: _shaped("all_or_nothing")),
    Stop("entry, grade", "head-account", lambda: _shaped("grade")),
    Stop("entry, verdict", "head-account", lambda: _shaped("verdict")),
    Stop("log-in, session ended", "head", lambda: _round("7(1)", 6, "entry"), _end_session),
    Stop("forgotten password", None, lambda: reverse("password_reset")),
    Stop("after a session has ended", "head", lambda: _round("7(1)", 6, "entry"), _come_back),
    Stop("second factor", "reviewer2", _second_factor, _mistype_code),
    Stop("second factor, set up", "executive", lambda: reverse("second_factor_set_up"), _send_empty),
    Stop("second factor, codes", "executive", lambda: reverse("second_factor_set_up"), _set_up_factor),
    Stop("second factor, off", "executive", lambda: reverse("second_factor_off")),
    Stop("second factor, new codes", "executive", lambda: reverse("recovery_codes")),
    Stop("account", "executive", lambda: reverse("account")),
    Stop("reset link, used", None, lambda: reverse("password_reset_confirm", args=["MQ", "gone"])),
    Stop("reset, sent", None, lambda: reverse("password_reset_done")),
    Stop("reset, done", None, lambda: reverse("password_reset_complete")),
    Stop("people", "admin", lambda: reverse("people")),
    Stop("people, nobody", "admin", lambda: reverse("people") + "?q=xyzzy"),
    Stop("people, log", "admin", lambda: reverse("people_logins")),
    Stop("person", "admin", lambda: _person("head")),
    Stop("person, added wrongly", "admin", lambda: reverse("person_add"), _send_empty),
    Stop("person, edit", "admin", lambda: _person("head", "person_edit")),
    Stop("person, way in", "admin", lambda: _person("outsider", "person_password")),
    Stop("person, password once", "admin", lambda: _person("head-hr", "person_password"), _new_password),
    Stop("person, closed", "admin", lambda: _person("head", "person_active"), _send_empty),
    Stop("person, unlock", "admin", lambda: _person("head", "person_unlock")),
    Stop("person, factor", "admin", lambda: _person("reviewer2", "person_factor")),
    Stop("role, given wrongly", "admin", lambda: _person("head", "role_give"), _send_empty),
    Stop("role, ended", "admin", lambda: reverse("role_end", args=[Membership.objects.order_by("pk").first().pk])),
    Stop("units", "admin", lambda: reverse("units")),
    Stop("unit", "head", lambda: _unit("PST_OPD")),
    Stop("deputy", "head", lambda: _unit("PST_OPD", "deputy_appoint"), _send_empty),
    Stop("hand over", "admin", lambda: _unit("PST_OPD", "hand_over"), _send_empty),
    Stop("logged out", "head-ur", lambda: reverse("my_work"), _log_out),
    # Each is opened again, so that the pages after it find the period open.
    Stop("closing", "reviewer", lambda: reverse("closing")),
    Stop("closing, a year to come", "reviewer", lambda: reverse("closing") + "?year=2563"),
    Stop("closing, closed twice", "reviewer", lambda: _period(3)),
    Stop("closing, too early", "reviewer", lambda: _period(9)),
    Stop("closing, without a reason", "reviewer", _period, _close_without_reason),
    Stop("closure", "reviewer", _period, _close),
    Stop("closure, opened again", "reviewer", _period, _reopen_period),
    Stop("closure, second", "reviewer", _period, _close),
    Stop("dashboard, closed", "reviewer", lambda: reverse("dashboard") + "?month=2560-03"),
    Stop("closing, with revisions", "reviewer", lambda: reverse("closing")),
    Stop("closing, open at the end", "reviewer", _period, _reopen_period),
    *(Stop(*each) for each in seldom.STOPS),
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
        page.wait_for_load_state()  # the style of a page to which it led
        page.eval_on_selector_all("main details", "all => all.forEach(details => { details.open = true; })")
        yield stop.name, page
