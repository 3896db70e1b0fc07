"""Drafts that save themselves in a browser: quietly, box by box, through bad networks, and never over somebody else."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from indicators.models import Result, ReviewEvent
from tests.browser.session import scripts_on_their_way

pytestmark = pytest.mark.django_db(transaction=True)
HOME = re.compile(r"//[^/]+/$")
SAVED = re.compile(r"^บันทึกแล้ว \d\d:\d\d น\.$")


@pytest.fixture
def march(round_of):
    return reverse("entry", args=[round_of("7(1)", 6).pk])


@pytest.fixture
def head(visit, cast, march):
    """The head at March's page of 7(1)."""
    page = visit(cast.head)
    page.goto(march)
    return page


def note(page: Page):
    return page.locator("#autosave-note")


def forgive_the_preview(page: Page) -> None:
    """The live score fails without a network, or with the page left, and htmx says so in the console."""
    page.watch.faults[:] = [fault for fault in page.watch.faults if not fault.startswith("console: htmx:")]


def numbers() -> dict[str, int]:
    return {row.code: int(row.value) for row in Result.objects.get().values.all()}


def test_a_pause_in_typing_saves(head):
    head.fill("#id_item_A", "33600")
    head.fill("#id_item_B", "200")
    expect(note(head)).to_have_text(SAVED)
    assert numbers() == {"A": 33600, "B": 200}
    head.get_by_label("หมายเหตุ").fill("สุ่มวันอังคาร")
    expect(head.locator("input[name=lock]")).to_have_value("2")
    head.get_by_role("button", name="ส่งให้ตรวจสอบ").click()  # the save count is the page's own
    expect(head).to_have_url(HOME)
    result = Result.objects.get()
    assert (result.status, result.note) == ("submitted", "สุ่มวันอังคาร")


def test_a_wrong_box_is_marked_and_the_others_are_saved(head):
    head.fill("#id_item_A", "สามหมื่น")
    head.fill("#id_item_B", "200")
    box = head.locator("#id_item_A")
    expect(head.locator("#id_item_A_error")).to_contain_text("อ่าน “สามหมื่น” เป็นตัวเลขไม่ได้")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_attribute("aria-describedby", "id_item_A_error")
    expect(note(head)).to_have_text("บันทึกส่วนที่ถูกต้องแล้ว ช่องที่มีข้อผิดพลาดยังไม่ได้บันทึก")
    assert numbers() == {"B": 200}
    box.fill("33600")
    expect(note(head)).to_have_text(SAVED)
    expect(head.locator("#id_item_A_error")).to_have_count(0)
    expect(box).not_to_have_attribute("aria-invalid", "true")
    assert numbers() == {"A": 33600, "B": 200}


def test_leaving_saves_without_asking(head):
    asked = []
    head.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    head.fill("#id_item_A", "33600")
    with head.expect_request(re.compile("/autosave/")):
        head.locator(".brand").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("งานของฉัน")
    head.go_back()
    expect(head.locator("#id_item_A")).to_have_value(re.compile("33,?600"))
    assert asked == []
    assert numbers() == {"A": 33600}


def test_leaving_with_a_wrong_box_asks_first(head):
    asked = []
    head.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    head.fill("#id_item_A", "สิบ")
    expect(head.locator("#id_item_A_error")).to_be_visible()
    head.locator(".brand").click(no_wait_after=True)
    expect(head.locator("#id_item_A")).to_have_value("สิบ")
    assert asked == ["beforeunload"]


def test_a_conflict_stops_it_and_leads_to_both_versions(visit, cast, head, march):
    other = visit(cast.reporter)
    other.goto(march)
    other.fill("#id_item_A", "34000")
    expect(note(other)).to_have_text(SAVED)

    head.fill("#id_item_A", "33600")
    expect(note(head)).to_contain_text("มีผู้อื่นบันทึกผลงานนี้")
    head.get_by_label("หมายเหตุ").fill("ของหัวหน้า")
    head.wait_for_timeout(2500)
    assert (numbers(), Result.objects.get().note) == ({"A": 34000}, "")
    head.get_by_role("button", name="บันทึกร่าง", exact=True).click()
    told = head.locator(".conflict")
    for part in ("reporter", "34,000", "33,600", "ของหัวหน้า"):
        expect(told).to_contain_text(part)
    head.get_by_role("button", name="บันทึกทับด้วยค่าของฉัน").click()
    expect(head.locator(".conflict")).to_have_count(0)
    assert numbers() == {"A": 33600}


def test_without_a_network_it_tries_again(head):
    head.context.set_offline(True)
    head.fill("#id_item_A", "33600")
    expect(note(head)).to_contain_text("เครือข่ายขัดข้อง จะลองใหม่เอง")
    assert not Result.objects.exists()
    head.context.set_offline(False)
    expect(note(head)).to_have_text(SAVED)
    assert numbers() == {"A": 33600}
    forgive_the_preview(head)


def test_an_answer_that_got_lost_is_no_conflict(head):
    """The server has saved, the browser never heard of it: what was typed since is saved all the same."""
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        route.fetch()  # it arrives
        lost.append(route.request.url)
        route.abort()

    head.route(re.compile("/autosave/"), lose)
    head.fill("#id_item_A", "33600")
    expect(note(head)).to_contain_text("เครือข่ายขัดข้อง")
    assert numbers() == {"A": 33600}
    head.fill("#id_item_B", "200")
    head.evaluate("window.dispatchEvent(new Event('online'))")
    expect(head.locator("input[name=lock]")).to_have_value("2")
    expect(note(head)).to_have_text(SAVED)
    assert numbers() == {"A": 33600, "B": 200}
    assert lost


def test_a_button_waits_for_the_save_that_is_under_way(head, slow_server):
    head.fill("#id_item_A", "33600")
    head.fill("#id_item_B", "200")
    with slow_server:
        with head.expect_request(re.compile("/autosave/")):
            pass
        head.get_by_role("button", name="ส่งให้ตรวจสอบ").click(no_wait_after=True)
        head.wait_for_timeout(500)
    expect(head).to_have_url(HOME)
    expect(head.locator(".conflict")).to_have_count(0)
    assert Result.objects.get().status == "submitted"
    assert ReviewEvent.objects.filter(action="submit").count() == 1
    forgive_the_preview(head)


def test_a_session_that_ended_is_said_and_nothing_is_lost(head):
    """Answered 401, as the live score is."""
    head.context.clear_cookies(name="sessionid")
    head.fill("#id_item_A", "33600")
    expect(note(head)).to_contain_text("หมดเวลาเข้าสู่ระบบ")
    expect(head.locator("#id_item_A")).to_have_value("33600")
    assert not Result.objects.exists()
    head.on("dialog", lambda dialog: dialog.accept())


def test_a_comment_is_typed_while_the_page_counts(head, saved):
    """The boxes for comments come and go with the numbers; the one that is typed in stays, with the caret."""
    head.fill("#id_item_A", "40000")
    head.fill("#id_item_B", "200")
    answer = head.locator("#questions textarea")
    expect(answer).to_have_count(1)
    answer.click()
    head.keyboard.type("รอประชุมทีมวันที่ 20 เพื่อทบทวนจุดเจาะเลือด", delay=40)
    expect(answer).to_have_value("รอประชุมทีมวันที่ 20 เพื่อทบทวนจุดเจาะเลือด")
    expect(answer).to_be_focused()
    expect(head.locator("#score-panel")).to_have_attribute("data-complete", "1")
    expect(head.locator("[data-submit]")).to_have_class(re.compile("btn-primary"))
    head.locator("[data-submit]").click()
    expect(head).to_have_url(HOME)
    assert Result.objects.get().warning_comments == {"no_recovery:": "รอประชุมทีมวันที่ 20 เพื่อทบทวนจุดเจาะเลือด"}


def test_on_the_way_to_evidence_nothing_is_lost(head):
    head.fill("#id_item_A", "33600")
    head.get_by_role("button", name="แนบหลักฐาน").click()
    expect(head).to_have_url(re.compile("/evidence/$"))
    assert numbers() == {"A": 33600}


@pytest.mark.parametrize("name", ["evidence", "recovery_add"])
def test_without_javascript_too(name, visit, cast, march, round_of):
    page = visit(cast.head, java_script_enabled=False)
    page.goto(march)
    page.fill("#id_item_A", "40000")
    page.fill("#id_item_B", "200")
    page.locator(f".entry-beside button[value={'evidence' if name == 'evidence' else 'recovery'}]").click()
    expect(page).to_have_url(re.compile(f"{reverse(name, args=[round_of('7(1)', 6).pk])}$"))
    assert numbers() == {"A": 40000, "B": 200}


def test_without_javascript_warnings_and_not_applicable(visit, cast, march):
    page = visit(cast.head, java_script_enabled=False)
    page.goto(march)
    page.fill("#id_item_A", "40000")
    page.fill("#id_item_B", "200")
    page.get_by_role("button", name="ส่งให้ตรวจสอบ").click()
    expect(page.locator(".error-summary")).to_contain_text("ผลงานไม่ผ่านเกณฑ์และยังไม่มีมาตรการแก้ไข")
    page.get_by_label("เหตุผลที่ยังไม่มีมาตรการ").fill("รอประชุม")
    page.locator(".not-applicable summary").click()
    page.get_by_label("ตัวชี้วัดนี้ไม่เกี่ยวข้องกับหน่วยงานในงวดนี้").check()
    page.get_by_role("button", name="บันทึกร่าง", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("กรุณาระบุเหตุผลที่ไม่เกี่ยวข้อง")
    page.get_by_label("เหตุผลที่ไม่เกี่ยวข้อง").fill("ปิดปรับปรุง")
    page.get_by_role("button", name="ส่งให้ตรวจสอบ").click()
    assert (Result.objects.get().status, Result.objects.get().state) == ("submitted", "not_applicable")


def test_what_was_typed_before_the_scripts_had_come_is_scored_and_saved(visit, cast, march):
    page = visit(cast.head)
    with scripts_on_their_way(page):
        page.goto(march, wait_until="commit")
        page.fill("#id_item_A", "33600")
        page.fill("#id_item_B", "200")
        page.get_by_label("หมายเหตุ").fill("สุ่มวันอังคาร")
    expect(page.locator("#score-panel .score-value")).to_contain_text("168.00")
    expect(note(page)).to_have_text(SAVED)
    assert (numbers(), Result.objects.get().note) == ({"A": 33600, "B": 200}, "สุ่มวันอังคาร")
    assert len(list(page.watch.posts("/autosave/"))) == 1


def test_a_page_that_nobody_typed_in_saves_nothing_by_itself(visit, cast, march):
    page = visit(cast.head)
    with scripts_on_their_way(page):
        page.goto(march, wait_until="commit")
        expect(page.locator("#id_item_A")).to_be_visible()
    page.wait_for_timeout(2500)
    assert not list(page.watch.posts("/"))


def test_what_is_wrong_is_read_first_unless_one_types_already(head):
    head.fill("#id_item_A", "สิบ")
    save = head.get_by_role("button", name="บันทึกร่าง", exact=True)
    save.click()
    expect(head.locator(".error-summary")).to_be_focused()
    with scripts_on_their_way(head):
        with head.expect_navigation(wait_until="commit"):
            save.click(no_wait_after=True)
        head.locator("#id_item_A").press_sequentially("2")
    expect(head.locator("#id_item_A")).to_be_focused()
