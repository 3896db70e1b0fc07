"""What could not be sent is kept in the browser and offered again: month page, grid and entry page."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from indicators.models import Indicator, Result, Round
from tests.browser.session import sit_down, wait_until
from tests.browser.test_grid import all_saved
from tests.browser.test_main_path import log_in
from tests.browser.test_month import cell, row
from tests.indicators.months import give, month_url

pytestmark = pytest.mark.django_db(transaction=True)
STORED = "() => Object.keys(localStorage).filter(name => name.startsWith('kpitrack:keep:'))"


@pytest.fixture
def unit(plan, cast):
    give(Indicator.objects.get(plan=plan, code="5"))
    return cast


@pytest.fixture
def page(visit, unit) -> Page:
    opened = visit(unit.head)
    opened.on("dialog", lambda dialog: dialog.accept())
    opened.goto(month_url())
    return opened


@pytest.fixture
def entry(plan) -> str:
    march = Round.objects.get(indicator__code="7(1)", fiscal_year=2560, number=6)
    return reverse("entry", args=[march.pk])


def bar(page: Page):
    return page.locator(".keep-bar")


def type_in(page: Page, code: str, item: str, text: str) -> None:
    cell(page, code, item).fill(text)
    page.keyboard.press("Tab")


def values(code="7(1)") -> dict[str, int]:
    result = Result.objects.filter(round__indicator__code=code, round__number=6).first()
    return {row.code: int(row.value) for row in result.values.all()} if result else {}


def is_stored(page: Page) -> None:
    wait_until(page, lambda: bool(page.evaluate(STORED)))


def nothing_is_stored(page: Page) -> None:
    wait_until(page, lambda: not page.evaluate(STORED))


def _lost(route: Route) -> None:
    """Nothing that is sent arrives; the live score stays as it is."""
    if route.request.method != "POST":
        route.continue_()
    elif route.request.url.endswith("/preview/"):
        route.fulfill(status=204)
    else:
        route.abort()


def offline(page: Page, yes: bool = True) -> None:
    """Pages still come; what is sent is lost. Chromium's own switch lets a page that is left send after all."""
    if yes:
        page.context.route("**/*", _lost)
    else:
        page.context.unroute("**/*", _lost)


# The month page


def test_typed_without_a_network_and_offered_after_it(page):
    offline(page)
    type_in(page, "7(1)", "A", "33600")
    type_in(page, "5", "A", "๙")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    expect(page.locator(".grid-told")).to_contain_text("เก็บไว้ในเครื่องนี้แล้ว")
    page.goto("about:blank")
    offline(page, False)
    page.goto(month_url())
    expect(cell(page, "7(1)", "A")).to_have_value("")
    expect(bar(page)).to_contain_text(re.compile(r"พบสิ่งที่พิมพ์ไว้เมื่อ \d\d:\d\d น\. ที่ยังไม่ได้บันทึก"))
    expect(bar(page).locator("li")).to_have_count(2)
    expect(bar(page)).to_contain_text("33600")
    page.get_by_role("button", name="ใช้ต่อ").click()
    all_saved(page)
    expect(bar(page)).to_have_count(0)
    assert (values(), values("5")) == ({"A": 33600}, {"A": 9})
    nothing_is_stored(page)
    page.reload()
    expect(bar(page)).to_have_count(0)


def test_thrown_away_it_is_gone(page):
    offline(page)
    type_in(page, "7(1)", "A", "33600")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    page.goto("about:blank")
    offline(page, False)
    page.goto(month_url())
    page.get_by_role("button", name="ทิ้ง").click()
    expect(bar(page)).to_have_count(0)
    expect(cell(page, "7(1)", "A")).to_have_value("")
    nothing_is_stored(page)
    page.reload()
    expect(bar(page)).to_have_count(0)
    assert values() == {}


def test_it_is_sent_by_itself_when_the_network_is_back(page):
    page.context.set_offline(True)
    type_in(page, "7(1)", "A", "33600")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    page.context.set_offline(False)
    all_saved(page)
    assert values() == {"A": 33600}
    nothing_is_stored(page)


def test_the_session_ended(page, unit):
    sit_down(page.context, None, page.watch.home)
    type_in(page, "7(1)", "A", "33600")
    expect(page.locator(".grid-told")).to_contain_text("หมดเวลาเข้าสู่ระบบ")
    page.reload()
    expect(page).to_have_url(re.compile(r"/login/"))
    sit_down(page.context, unit.head, page.watch.home)
    page.goto(month_url())
    expect(bar(page)).to_contain_text("33600")
    page.get_by_role("button", name="ใช้ต่อ").click()
    all_saved(page)
    assert values() == {"A": 33600}


def test_another_person_does_not_see_it(page, unit):
    offline(page)
    type_in(page, "7(1)", "A", "33600")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    page.goto("about:blank")
    offline(page, False)
    sit_down(page.context, unit.reporter, page.watch.home)
    page.goto(month_url())
    expect(cell(page, "7(1)", "A")).to_be_visible()
    expect(bar(page)).to_have_count(0)
    assert "33600" not in page.locator("main").inner_text()
    sit_down(page.context, unit.head, page.watch.home)
    page.goto(month_url())
    expect(bar(page)).to_contain_text("33600")


def test_two_tabs(page):
    """What one tab could not send is offered in the other; each lets go only of what it has saved itself."""
    other = page.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.route("**/row/", lambda route: route.abort())
    other.goto(month_url())
    type_in(other, "7(1)", "A", "33600")
    expect(other.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    type_in(page, "5", "A", "9")
    all_saved(page)
    page.reload()
    expect(bar(page).locator("li")).to_have_count(1)
    expect(bar(page)).to_contain_text("33600")
    page.get_by_role("button", name="ใช้ต่อ").click()
    all_saved(page)
    other.unroute("**/row/")
    other.get_by_role("button", name="ลองบันทึกอีกครั้ง").click()
    all_saved(other)
    assert (values(), values("5")) == ({"A": 33600}, {"A": 9})
    page.reload()
    expect(row(page, "7(1)")).to_be_visible()
    expect(bar(page)).to_have_count(0)


def test_what_somebody_saved_meanwhile_is_shown_beside_it(page, visit, unit):
    page.route("**/row/", lambda route: route.abort())
    type_in(page, "7(1)", "A", "33600")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    other = visit(unit.reporter)
    other.goto(month_url())
    type_in(other, "7(1)", "A", "30000")
    all_saved(other)
    page.unroute("**/row/")
    page.goto("about:blank")
    page.goto(month_url())
    expect(bar(page)).to_contain_text("มีการบันทึกหลังจากที่พิมพ์")
    expect(bar(page).locator("li")).to_contain_text(re.compile(r"มีผู้บันทึก 30,?000 หลังจากนั้น · ที่พิมพ์ไว้ 33600"))
    expect(cell(page, "7(1)", "A")).to_have_value(re.compile("30,?000"))
    assert values() == {"A": 30000}
    page.get_by_role("button", name="ใช้ต่อ").click()
    all_saved(page)
    assert values() == {"A": 33600}


def test_what_was_not_taken_is_offered_with_its_slip(page):
    type_in(page, "7(1)", "A", "12a")
    expect(cell(page, "7(1)", "A")).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(bar(page)).to_contain_text("12a")


def test_a_comment_that_was_not_left_is_offered_and_saved(page):
    type_in(page, "7(1)", "A", "40000")
    type_in(page, "7(1)", "B", "200")
    all_saved(page)
    row(page, "7(1)").locator("textarea").press_sequentially("รอประชุมทีม")
    is_stored(page)
    page.goto("about:blank")
    page.goto(month_url())
    expect(bar(page)).to_contain_text("รอประชุมทีม")
    page.get_by_role("button", name="ใช้ต่อ").click()
    cell(page, "7(1)", "A").focus()
    expect(row(page, "7(1)").locator(".question-answer")).to_have_text("รอประชุมทีม")
    page.reload()
    expect(row(page, "7(1)")).to_be_visible()
    expect(bar(page)).to_have_count(0)


def test_it_expires(page):
    offline(page)
    type_in(page, "7(1)", "A", "33600")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    page.goto("about:blank")
    offline(page, False)
    page.goto(reverse("my_work"))
    page.evaluate("""() => Object.keys(localStorage).forEach(name => {
        const entry = JSON.parse(localStorage.getItem(name));
        entry.at -= 14 * 24 * 60 * 60 * 1000;
        localStorage.setItem(name, JSON.stringify(entry));
    })""")
    page.goto(month_url())
    expect(cell(page, "7(1)", "A")).to_be_visible()
    expect(bar(page)).to_have_count(0)
    nothing_is_stored(page)


@pytest.mark.parametrize("broken", ["get", "setItem"])
def test_where_nothing_may_be_stored_the_page_works(visit, unit, broken):
    page = visit(unit.head)
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
        if broken == "get"
        else "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    page.goto(month_url())
    type_in(page, "7(1)", "A", "33600")
    all_saved(page)
    page.route("**/row/", lambda route: route.abort())
    type_in(page, "7(1)", "B", "200")
    expect(page.locator(".grid-told")).to_contain_text("เครือข่ายขัดข้อง")
    expect(page.locator(".grid-told")).not_to_contain_text("เก็บไว้ในเครื่องนี้แล้ว")
    assert values() == {"A": 33600}


def test_rubbish_in_the_store_does_no_harm(page):
    key = page.locator("#grid-form").get_attribute("data-keep")
    for rubbish in ("{", "null", "[]", '{"at": "x", "boxes": {}}', '{"at": 9e15, "boxes": {"x": null}}'):
        page.evaluate("([key, text]) => localStorage.setItem(`kpitrack:keep:${key}`, text)", [key, rubbish])
        page.reload()
        expect(row(page, "7(1)")).to_be_visible()
        expect(bar(page)).to_have_count(0)
    type_in(page, "7(1)", "A", "33600")
    all_saved(page)


# The entry page: a form that is sent as a whole


def open_entry(page: Page, entry: str) -> None:
    page.goto(entry)
    expect(page.locator("#entry-form")).to_be_visible()


@pytest.fixture
def no_autosave(page):
    """The entry page with nothing that saves by itself."""
    page.context.route("**/autosave*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))


def test_the_entry_page_offers_numbers_texts_and_lines(page, entry, no_autosave):
    open_entry(page, entry)
    page.fill("#id_item_A", "33,600")
    page.fill("#id_note", "ตัวเลขจาก HOSxP\nบรรทัดที่สอง")
    page.fill("#id_projects-1-name", "โครงการลดคิว")
    is_stored(page)
    page.goto("about:blank")
    open_entry(page, entry)
    expect(bar(page)).to_contain_text("33,600")
    expect(bar(page)).to_contain_text("โครงการลดคิว")
    page.get_by_role("button", name="ใช้ต่อ").click()
    expect(page.locator("#id_note")).to_have_value("ตัวเลขจาก HOSxP\nบรรทัดที่สอง")
    expect(page.locator("#id_projects-1-name")).to_have_value("โครงการลดคิว")
    page.locator("[data-save]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert values() == {"A": 33600}
    nothing_is_stored(page)
    open_entry(page, entry)
    expect(bar(page)).to_have_count(0)


def test_what_a_closed_tab_saved_by_itself_is_not_offered(page, entry):
    """The entry page saves on leaving; nobody heard the answer."""
    open_entry(page, entry)
    page.fill("#id_item_A", "33,600")
    page.fill("#id_projects-1-name", "โครงการลดคิว")
    is_stored(page)
    page.goto("about:blank")
    wait_until(page, lambda: values() == {"A": 33600})
    open_entry(page, entry)
    expect(page.locator("#id_projects-0-name")).to_have_value("โครงการลดคิว")
    expect(bar(page)).to_have_count(0)
    nothing_is_stored(page)


def test_a_button_pressed_without_a_network_waits_for_it(page, entry):
    open_entry(page, entry)
    page.route("**/preview/", lambda route: route.fulfill(status=204))
    page.context.set_offline(True)
    page.fill("#id_item_A", "33600")
    page.locator("[data-save]").click()
    expect(page.locator(".keep-note")).to_contain_text("จะส่งให้เองเมื่อเครือข่ายกลับมา")
    expect(page.locator("#id_item_A")).to_have_value("33600")
    page.context.set_offline(False)
    expect(page.locator(".alert-success")).to_be_visible()
    assert values() == {"A": 33600}
    nothing_is_stored(page)


def test_what_came_back_with_errors_is_kept(page, entry):
    open_entry(page, entry)
    page.fill("#id_item_A", "12a")
    page.fill("#id_note", "ตรวจแล้ว")
    page.locator("[data-submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.goto("about:blank")
    open_entry(page, entry)
    expect(bar(page)).to_contain_text("12a")


def test_after_the_session_ended_the_entry_page_offers_it(page, unit, entry):
    open_entry(page, entry)
    sit_down(page.context, None, page.watch.home)
    page.fill("#id_item_A", "33600")
    is_stored(page)
    page.goto("about:blank")
    sit_down(page.context, unit.head, page.watch.home)
    open_entry(page, entry)
    expect(bar(page)).to_contain_text("33600")


def test_the_bar_at_phone_width(visit, unit):
    page = visit(unit.head, "phone")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(month_url())
    offline(page)
    type_in(page, "7(1)", "A", "33600")
    is_stored(page)
    page.goto("about:blank")
    offline(page, False)
    page.goto(month_url())
    expect(bar(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_number_that_stands_in_another_line_is_no_line_that_was_saved(page, entry, no_autosave):
    open_entry(page, entry)
    page.fill("#id_projects-0-name", "โครงการหนึ่ง")
    page.fill("#id_projects-0-allocated", "1000")
    page.locator("[data-save]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    page.wait_for_load_state()
    page.fill("#id_projects-1-name", "โครงการสอง")
    page.fill("#id_projects-1-allocated", "1000")
    is_stored(page)
    page.goto("about:blank")
    open_entry(page, entry)
    expect(bar(page).locator("li")).to_have_count(2)
    page.get_by_role("button", name="ใช้ต่อ").click()
    expect(page.locator("#id_projects-1-allocated")).to_have_value("1000")


def test_the_tab_after_a_log_in_in_another_one(page, unit, entry):
    """One's own page goes on saving; a page that somebody else had opened saves nothing in one's name."""
    open_entry(page, entry)
    sit_down(page.context, None, page.watch.home)
    page.fill("#id_item_A", "33600")
    expect(page.locator("#autosave-note")).to_contain_text("หมดเวลาเข้าสู่ระบบ")
    other = page.context.new_page()
    log_in(other, "head")
    page.fill("#id_item_B", "200")
    expect(page.locator("#autosave-note")).to_contain_text("บันทึกแล้ว")
    expect(page.locator("#score-panel")).to_contain_text("168.00")  # the live score comes again as well
    assert values() == {"A": 33600, "B": 200}
    other.locator(".menu", has_text="head").locator("summary").click()
    other.get_by_role("button", name="ออกจากระบบ").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("ออกจากระบบแล้ว")
    log_in(other, "reporter")
    page.fill("#id_item_B", "300")
    expect(page.locator("#autosave-note")).to_contain_text("เปิดไว้ในชื่อของผู้อื่น")
    page.locator("[data-save]").click()
    expect(page.locator(".alert-danger")).to_contain_text("เปิดไว้ในชื่อของผู้อื่น")
    expect(page.locator("#id_item_B")).to_have_value("200")
    expect(bar(page)).to_have_count(0)
    assert values() == {"A": 33600, "B": 200}
    sit_down(page.context, unit.head, page.watch.home)
    open_entry(page, entry)
    expect(bar(page)).to_contain_text("300")


def test_what_the_filter_hides_is_not_called_uneditable(page):
    """On the page of what is lacking, a row that is saved whole is not shown: all rows show it."""
    type_in(page, "7(1)", "A", "33600")
    type_in(page, "7(1)", "B", "200")
    all_saved(page)
    page.route("**/row/", lambda route: route.abort())
    type_in(page, "7(1)", "A", "33601")
    is_stored(page)
    page.goto(month_url() + "?open=1")
    expect(bar(page)).to_contain_text("แถวนี้ไม่ได้แสดงอยู่ กด “ทุกรายการ”")
    expect(bar(page)).not_to_contain_text("แก้ไขช่องนี้ไม่ได้")
    page.get_by_role("link", name="ทุกรายการ").click()
    bar(page).get_by_role("button", name="ใช้ต่อ").click()
    expect(cell(page, "7(1)", "A")).to_have_value("33601")
