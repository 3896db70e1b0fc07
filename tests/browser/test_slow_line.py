"""A line that is slow, breaks, or brings only part of a page: nothing typed is lost, and nothing is done twice."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.models import Closure, Evidence, Indicator, Result
from tests.browser.session import wait_until
from tests.browser.test_grid import all_saved
from tests.browser.test_month import cell
from tests.builders import report
from tests.indicators.months import give, month_url

pytestmark = pytest.mark.django_db(transaction=True)
HOME = re.compile(r"//[^/]+/$")
SCRIPTS = ("htmx.min", "kpitrack", "entry", "autosave", "sheet", "order", "grid", "keep")


@pytest.fixture
def march(round_of):
    return reverse("entry", args=[round_of("7(1)", 6).pk])


@pytest.fixture
def unit(plan, cast):
    give(Indicator.objects.get(plan=plan, code="5"))
    return cast


def without(page: Page, script: str) -> None:
    page.route(re.compile(rf"/{re.escape(script)}[^/]*\.js"), lambda route: route.abort())


def values(code: str = "7(1)") -> dict[str, int]:
    result = Result.objects.filter(round__indicator__code=code, round__number=6).first()
    return {each.code: int(each.value) for each in result.values.all()} if result else {}


# A script that never comes


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_entry_page_without_one_of_its_scripts_is_saved_and_sent(script, visit, cast, march):
    page = visit(cast.head)
    without(page, script)
    page.goto(march)
    page.fill("#id_item_A", "33600")
    if script != "autosave":
        expect(page.locator("#autosave-note")).to_have_text(re.compile("^บันทึกแล้ว"))
        assert values() == {"A": 33600}
    page.fill("#id_item_B", "200")
    if script == "htmx.min":  # the score beside the numbers is an old one
        expect(page.locator(".live-note")).to_be_visible()
    page.get_by_role("button", name="ส่งให้ตรวจสอบ").click()
    expect(page).to_have_url(HOME)
    assert (values(), Result.objects.get().status) == ({"A": 33600, "B": 200}, "submitted")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_month_without_one_of_its_scripts_is_saved_and_sent(script, visit, unit):
    page = visit(unit.head)
    without(page, script)
    page.goto(month_url())
    cell(page, "7(1)", "A").fill("33600")
    cell(page, "7(1)", "B").fill("200")
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    saved = page.locator(".grid-told, .alert-success").filter(has_text=re.compile("^\\s*บันทึก(ทุกช่อง)?แล้ว"))
    expect(saved).to_be_visible()
    assert values() == {"A": 33600, "B": 200}
    page.get_by_role("button", name="ส่งทั้งหมดที่ครบแล้ว").click()
    expect(page.locator(".alert-success")).to_contain_text("ส่งแล้ว 1 รายการ")
    assert Result.objects.get().status == "submitted"


# Enter in a box: the browser takes the first button of the form


def test_enter_saves_the_draft_although_another_button_stands_before_it(visit, cast, march):
    page = visit(cast.head, java_script_enabled=False)
    page.goto(march)
    page.fill("#id_item_A", "40000")
    page.fill("#id_item_B", "200")
    page.locator("#id_item_B").press("Enter")
    expect(page.locator(".questions button")).to_be_visible()  # adds a measure
    page.fill("#id_item_A", "41000")
    page.locator("#id_item_A").press("Enter")
    expect(page.locator(".alert-success")).to_contain_text("บันทึกฉบับร่าง")
    expect(page).to_have_url(re.compile(f"{march}$"))
    assert values() == {"A": 41000, "B": 200}


def test_enter_chooses_nothing_where_two_have_saved(visit, unit):
    page, other = visit(unit.head, java_script_enabled=False), visit(unit.reporter, java_script_enabled=False)
    for each in (page, other):
        each.goto(month_url())
    cell(other, "7(1)", "A").fill("30000")
    other.get_by_role("button", name="บันทึกทั้งหมด").click()
    cell(page, "7(1)", "A").fill("33600")
    page.get_by_role("button", name="บันทึกทั้งหมด").click()
    expect(page.locator(".grid-trouble")).to_contain_text("30,000")
    cell(page, "5", "A").fill("9")
    cell(page, "5", "A").press("Enter")
    expect(page.locator(".grid-trouble")).to_contain_text("33600")
    assert (values(), values("5")) == ({"A": 30000}, {"A": 9})


def test_enter_in_a_reason_does_not_close_the_period(visit, cast, plan):
    page = visit(cast.reviewer, java_script_enabled=False)
    page.goto(reverse("closing_period", args=[plan.pk, 2560, 6]))
    page.fill("#close_reason_all", "ไม่มีข้อมูล")
    page.locator(".closing-box input").first.press("Enter")
    page.wait_for_timeout(500)
    assert not Closure.objects.exists()
    page.get_by_role("button", name="ปิดงวด").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert Closure.objects.exists()


# A button pressed twice, or while something is under way


def press_twice(page: Page, name: str, slow_server) -> None:
    """Impatiently: the answer to the first press is still on its way."""
    page.get_by_role("button", name=name, exact=True).focus()
    with slow_server:
        for _time in range(2):
            page.keyboard.press("Enter")
            page.wait_for_timeout(300)


def test_two_presses_attach_one_link_and_say_so(visit, cast, round_of, slow_server):
    page = visit(cast.head)
    page.goto(reverse("evidence", args=[round_of("7(1)", 6).pk]))
    page.fill("#link_link", "https://example.org/a")
    page.fill("#link_description", "ทะเบียน")
    press_twice(page, "แนบลิงก์", slow_server)
    expect(page.locator(".alert-success")).to_contain_text("แนบลิงก์แล้ว")
    expect(page.locator(".alert-danger")).to_have_count(0)
    assert Evidence.objects.count() == 1


def test_two_presses_approve_once_and_say_so(visit, cast, indicator, slow_server):
    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    page = visit(cast.reviewer)
    page.goto(reverse("review_detail", args=[result.round_id]))
    press_twice(page, "อนุมัติ", slow_server)
    expect(page.locator(".alert-success")).to_contain_text("อนุมัติตัวชี้วัด 7(1)")
    expect(page.locator("main")).not_to_contain_text("ยังไม่มีการตัดสินใดเกิดขึ้น")


def test_two_presses_submit_the_month_once_and_tell_what_went(visit, unit, slow_server):
    page = visit(unit.head)
    page.goto(month_url())
    cell(page, "7(1)", "A").fill("33600")
    cell(page, "7(1)", "B").fill("200")
    page.keyboard.press("Tab")
    all_saved(page)
    press_twice(page, "ส่งทั้งหมดที่ครบแล้ว", slow_server)
    expect(page.locator(".alert-success")).to_contain_text("ส่งแล้ว 1 รายการ")


def test_a_barred_way_leaves_the_button_to_be_pressed_again(visit, cast, round_of):
    page = visit(cast.head)
    page.clock.install()
    page.goto(reverse("evidence", args=[round_of("7(1)", 6).pk]))
    page.fill("#link_link", "https://example.org/a")
    page.fill("#link_description", "ทะเบียน")
    page.route("**/evidence/", lambda route: route.fulfill(status=204))  # the page stays where it is
    page.get_by_role("button", name="แนบลิงก์").click()
    page.unroute("**/evidence/")
    page.clock.fast_forward(10_000)
    page.get_by_role("button", name="แนบลิงก์").click()
    expect(page.locator(".alert-success")).to_contain_text("แนบลิงก์แล้ว")


def test_a_month_is_submitted_after_the_row_that_is_under_way(visit, unit, slow_server):
    page = visit(unit.head)
    page.goto(month_url())
    cell(page, "7(1)", "A").fill("33600")
    cell(page, "7(1)", "B").fill("200")
    with slow_server:
        with page.expect_request("**/row/"):
            page.keyboard.press("Tab")
        cell(page, "5", "A").fill("9")  # goes with the form
        page.get_by_role("button", name="ส่งทั้งหมดที่ครบแล้ว").click(no_wait_after=True)
        page.wait_for_timeout(500)
        assert not list(page.watch.posts(month_url()))
    expect(page.locator(".alert-success")).to_contain_text("ส่งแล้ว 1 รายการ")
    assert len(list(page.watch.posts("/row/"))) == 1
    assert (values(), values("5")) == ({"A": 33600, "B": 200}, {"A": 9})


def test_a_draft_waits_for_its_slow_save_and_is_no_conflict(visit, cast, march, slow_server):
    page = visit(cast.head)
    page.clock.install()
    page.goto(march)
    page.fill("#id_item_A", "33600")
    page.fill("#id_item_B", "200")
    with slow_server:
        with page.expect_request(re.compile("/autosave/")):
            page.clock.fast_forward(2500)
        page.get_by_label("หมายเหตุ").fill("สุ่มวันอังคาร")
        page.get_by_role("button", name="ส่งให้ตรวจสอบ").click(no_wait_after=True)
        page.clock.fast_forward(5000)
        page.wait_for_timeout(300)
        assert not list(page.watch.posts(march))
    expect(page).to_have_url(HOME)
    assert (Result.objects.get().note, Result.objects.get().status) == ("สุ่มวันอังคาร", "submitted")


def test_leaving_asks_while_an_older_save_is_under_way(visit, cast, march, slow_server):
    """What was typed since cannot go before that is answered."""
    page = visit(cast.head)
    page.route("**/preview/", lambda route: route.fulfill(status=204))
    asked = []
    page.goto(march)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("หมายเหตุ").press_sequentially("สุ่ม")
    with slow_server:
        with page.expect_request(re.compile("/autosave/")):
            pass
        page.get_by_label("หมายเหตุ").press_sequentially("วันอังคาร")
        page.locator(".brand").focus()
        page.keyboard.press("Enter")
        wait_until(page, lambda: bool(asked))
    assert asked == ["beforeunload"]
    expect(page.locator("input[name=lock]")).to_have_value("2")
    assert Result.objects.get().note == "สุ่มวันอังคาร"


# An answer that never comes


def test_a_row_without_an_answer_is_said_and_tried_again(visit, unit, slow_server):
    page = visit(unit.head)
    page.clock.install()
    page.goto(month_url())
    with slow_server:
        cell(page, "7(1)", "A").fill("33600")
        with page.expect_request("**/row/"):
            page.keyboard.press("Tab")
            page.clock.fast_forward(1000)
        page.clock.fast_forward(40_000)
        expect(page.locator(".grid-told")).to_contain_text("ยังบันทึกไม่ได้")
    page.get_by_role("button", name="ลองบันทึกอีกครั้ง").click()
    all_saved(page)
    assert values() == {"A": 33600}


def test_a_draft_without_an_answer_is_said_and_tried_again(visit, cast, march, slow_server):
    page = visit(cast.head)
    page.clock.install()
    page.goto(march)
    page.route("**/preview/", lambda route: route.fulfill(status=204))
    with slow_server:
        page.fill("#id_item_A", "33600")
        with page.expect_request(re.compile("/autosave/")):
            page.clock.fast_forward(2500)
        page.clock.fast_forward(40_000)
        expect(page.locator("#autosave-note")).to_contain_text("จะลองใหม่เอง")
    page.clock.fast_forward(10_000)
    expect(page.locator("input[name=lock]")).to_have_value("1")
    expect(page.locator("#autosave-note")).not_to_contain_text("จะลองใหม่เอง")
    assert values() == {"A": 33600}


# A part of a page that cannot be fetched


@pytest.fixture
def dashboard(visit, cast, indicator) -> Page:
    report(indicator("7(1)"), 6, cast, status="approved", A=33600, B=200)
    page = visit(cast.executive)
    page.goto(reverse("dashboard"))
    return page


def test_a_reason_that_cannot_be_fetched_is_read_on_its_own_page(dashboard):
    dashboard.route("**/why/**", lambda route: route.abort())
    dashboard.locator(".level-link").first.click()
    expect(dashboard.locator("#why")).to_be_visible()
    expect(dashboard).to_have_url(re.compile("#why$"))
    dashboard.watch.faults.clear()  # htmx says in the console that it was cut off


def test_a_reason_that_comes_late_leaves_the_focus_where_it_is(dashboard, slow_server):
    with slow_server:
        dashboard.locator(".level-link").first.click()
        dashboard.locator("main select").first.focus()
    expect(dashboard.locator(".why-box")).to_be_visible()
    dashboard.wait_for_timeout(300)
    expect(dashboard.locator("main select").first).to_be_focused()


def test_no_log_in_page_comes_into_the_table(dashboard):
    dashboard.context.clear_cookies(name="sessionid")
    dashboard.locator(".level-link").first.click()
    expect(dashboard).to_have_url(re.compile("/login/"))


def test_a_score_without_an_answer_is_said(visit, cast, march, slow_server):
    page = visit(cast.head)
    page.clock.install()
    page.goto(march)
    page.route("**/autosave/", lambda route: route.fulfill(status=204))
    with slow_server:
        page.fill("#id_item_A", "33600")
        with page.expect_request("**/preview/"):
            page.clock.fast_forward(1000)
        page.clock.fast_forward(40_000)
        page.wait_for_timeout(300)
        page.clock.fast_forward(40_000)
        expect(page.locator(".live-note")).to_be_visible()


# A page that the browser brings back as it was left


def come_back(page: Page) -> None:
    """As after the back button; the browser of the tests keeps no left pages."""
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def test_nobody_comes_back_to_a_page_after_the_log_out(dashboard):
    come_back(dashboard)
    dashboard.wait_for_timeout(500)
    expect(dashboard).to_have_url(re.compile("/dashboard/$"))
    dashboard.context.clear_cookies(name="sessionid")
    come_back(dashboard)
    expect(dashboard).to_have_url(re.compile("/login/"))


def test_what_is_typed_and_unsaved_stays_when_one_comes_back(visit, cast, round_of):
    page = visit(cast.head)
    page.goto(reverse("evidence", args=[round_of("7(1)", 6).pk]))
    page.fill("#link_link", "https://example.org/a")
    page.context.clear_cookies(name="sessionid")
    come_back(page)
    page.wait_for_timeout(700)
    expect(page.locator("#link_link")).to_have_value("https://example.org/a")


def test_a_form_that_was_sent_can_be_sent_again_when_one_comes_back(visit, cast, round_of):
    page = visit(cast.head)
    page.goto(reverse("evidence", args=[round_of("7(1)", 6).pk]))
    page.fill("#link_link", "https://example.org/a")
    page.fill("#link_description", "ทะเบียน")
    page.route("**/evidence/", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="แนบลิงก์").click()
    page.unroute("**/evidence/")
    come_back(page)
    page.get_by_role("button", name="แนบลิงก์").click()
    expect(page.locator(".alert-success")).to_contain_text("แนบลิงก์แล้ว")
