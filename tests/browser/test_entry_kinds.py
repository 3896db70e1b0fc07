"""Checklists, milestones and yes-or-no in a browser: quick from the keyboard, live, on a phone, and without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from indicators.models import DataValue, ItemNote
from tests import shapes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def march(indicator, round_of):
    """The address of March's entry page of 7(1), which has the shape of that name."""

    def shape(name: str) -> str:
        getattr(shapes, name)(indicator("7(1)"))
        return reverse("entry", args=[round_of("7(1)", 6).pk])

    return shape


def stored() -> dict[str, int]:
    return {row.code: int(row.value) for row in DataValue.objects.all()}


def test_a_checklist_is_filled_from_the_keyboard(visit, cast, march):
    page = visit(cast.head)
    page.goto(march("smart"))
    page.locator("#id_item_I1").focus()
    for mark in ("5", "5", "4", "3"):
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    expect(page.locator("#subtotal-G1")).to_have_text("ได้ 5 จาก 5 คะแนน")
    expect(page.locator("#subtotal-G2")).to_have_text("ได้ 12 จาก 15 คะแนน · ทำแล้ว 1 จากอย่างน้อย 2 ข้อ")
    expect(page.locator("#score-panel .score-value")).to_contain_text("85.00")
    page.locator("#id_item_I4").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#id_item_I3")).to_be_focused()
    page.keyboard.type("5")  # what stood there is selected, and replaced
    expect(page.locator("#score-panel .score-value")).to_contain_text("90.00")


def test_full_marks_at_one_press(visit, cast, march):
    page = visit(cast.head)
    page.goto(march("smart"))
    page.get_by_role("button", name=re.compile("^เต็ม I2")).click()
    expect(page.locator("#id_item_I2")).to_have_value("5")
    expect(page.locator("#subtotal-G2")).to_contain_text("ได้ 5 จาก 15")


def test_ticks_by_arrow_and_space(visit, cast, march):
    page = visit(cast.head)
    page.goto(march("all_or_nothing"))
    page.locator("#id_item_T1").focus()
    for _each in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    expect(page.locator("#subtotal-G5")).to_have_text("ได้ 0 จาก 1 คะแนน · ทำแล้ว 1 จากอย่างน้อย 2 ข้อ")
    page.keyboard.press("Space")
    expect(page.locator("#subtotal-G5")).to_have_text("ได้ 1 จาก 1 คะแนน · ทำแล้ว 2 จากอย่างน้อย 2 ข้อ")


def test_what_does_not_apply_says_why_and_keeps_what_was_typed(visit, cast, march):
    page = visit(cast.head)
    page.goto(march("smart"))
    why = page.locator(".check-left-out")
    expect(why).to_be_hidden()
    page.fill("#id_item_I4", "2")
    page.check("#id_item_I4_NA")
    expect(why).to_be_visible()
    expect(page.locator("#id_item_I4")).to_have_value("2")
    expect(page.locator("#id_item_I4")).to_be_enabled()
    expect(page.locator("#subtotal-G2")).to_contain_text("จาก 10 คะแนน")


def test_a_step_before_its_time_says_so_at_once(visit, cast, march):
    page = visit(cast.head)
    page.goto(march("milestone"))
    page.check("#id_item_S1")
    page.check("#id_item_S3")
    expect(page.locator("#state-S3")).to_have_text("ขั้นที่ 3 ทำแล้วแต่ยังไม่นับ เพราะขั้นที่ 2 ยังไม่ทำ")
    expect(page.locator("#score-panel .score-figures .level")).to_have_text(re.compile("1$"))
    page.check("#id_item_S2")
    expect(page.locator("#state-S3")).to_be_hidden()
    expect(page.locator("#score-panel .score-figures .level")).to_have_text(re.compile("3$"))


def test_a_long_criterion_is_folded_after_a_few_lines(visit, cast, march):
    page = visit(cast.head)
    page.goto(march("milestone"))
    text = page.locator(".fold-text")
    folded = text.bounding_box()["height"]
    page.get_by_text("อ่านเกณฑ์ทั้งหมด").click()
    assert text.bounding_box()["height"] > 2 * folded
    expect(page.get_by_text("ย่อเกณฑ์")).to_be_visible()


def test_on_a_phone_the_level_stays_in_sight(visit, cast, march):
    page = visit(cast.head, "phone")
    page.goto(march("smart"))
    for code, mark in (("I1", "5"), ("I2", "5"), ("I3", "5"), ("I4", "5")):
        page.fill(f"#id_item_{code}", mark)
    brief = page.locator("#score-brief")
    expect(brief.locator(".level")).to_have_text(re.compile("5$"))
    expect(brief).to_be_in_viewport()
    expect(page.locator("#score-panel")).not_to_be_in_viewport()
    page.keyboard.press("Home")
    expect(brief).to_contain_text("ได้ 20 จาก 20 คะแนน")


def test_without_scripts_everything_works(visit, cast, march):
    page = visit(cast.head, java_script_enabled=False)
    page.goto(march("smart"))
    expect(page.locator(".full-marks")).to_have_count(0)
    page.fill("#id_item_I1", "๕")
    page.fill("#id_item_I2", "5")
    page.fill("#id_item_I3", "4")
    page.check("#id_item_I4_NA")
    page.locator(".check-note summary").first.click()
    page.fill("#id_evidence_I1", "https://example.go.th/")
    page.locator("[data-save]").click()
    assert stored() == {"I1": 5, "I2": 5, "I3": 4, "I4_NA": 1}
    assert ItemNote.objects.get().evidence == "https://example.go.th/"
    expect(page.locator("#subtotal-G2")).to_have_text("ได้ 9 จาก 10 คะแนน · ทำแล้ว 1 จากอย่างน้อย 2 ข้อ")
    expect(page.locator("#id_evidence_I1")).to_be_visible()
    expect(page.locator("#score-panel .score-value")).to_contain_text("93.33")


def test_a_reviewer_gives_a_level_of_their_own(visit, cast, march, submitted):
    march("milestone")
    result = submitted("7(1)", 6, S1=1, S2=1, S3=0, S4=0, S5=0)
    page = visit(cast.reviewer)
    page.goto(reverse("review_detail", args=[result.round_id]))
    page.get_by_text("ให้ระดับโดยผู้ประเมิน ต่างจากที่คำนวณได้").click()
    page.get_by_label("ระดับที่ผู้ประเมินให้ (0 ถึง 5)").fill("3")
    page.get_by_label("เหตุผลของการประเมิน").fill("ขั้นที่ 3 มีหลักฐานแล้ว")
    page.get_by_role("button", name="บันทึกการประเมิน").click()
    panel = page.locator("#score-panel")
    expect(panel.locator(".score-figures .level")).to_have_text(re.compile("2$"))
    expect(panel.locator(".assessed .level")).to_have_text(re.compile("3$"))
    expect(panel.locator(".assessed")).to_contain_text("ขั้นที่ 3 มีหลักฐานแล้ว")
