"""The entry page of every kind of measure: its boxes, live subtotals, notes, saving, reading and conflicts."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions import Entry, InvalidEntry, Note, save_result, submission_gaps
from indicators.models import DataValue, ItemNote, Result, ReviewEvent
from tests import shapes
from tests.indicators.conftest import address

CODE = "7(1)"


@pytest.fixture
def shaped(indicator):
    """Gives KPI 7(1) the shape of that name."""
    return lambda name: getattr(shapes, name)(indicator(CODE))


@pytest.fixture
def preview(head, round_of):
    def post(number=6, **boxes) -> str:
        typed = {
            (box if box.startswith(("evidence_", "remark_")) else f"item_{box}"): text for box, text in boxes.items()
        }
        return head.post(address(round_of(CODE, number), "entry_preview"), typed).content.decode()

    return post


def stored(round_) -> dict[str, str]:
    return {row.code: f"{row.value.normalize():f}" for row in DataValue.objects.filter(result__round=round_)}


def result_of(round_) -> Result:
    return Result.objects.get(round=round_)


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# Choices


def test_a_choice_is_a_box_with_words_and_points(shaped, page):
    shaped("grade")
    text = page()
    assert '<select name="item_TPS"' in text
    assert '<option value="100">A (100)</option>' in text
    assert "– ยังไม่เลือก –" in text


@pytest.mark.parametrize("typed", ["100", "A", "a", " A "])
def test_a_choice_is_kept_as_its_points(typed, shaped, send, page, round_of):
    shaped("grade")
    send(EIA="86.67", TPS=typed)
    round_ = round_of(CODE)
    assert stored(round_) == {"EIA": "86.67", "TPS": "100"}
    assert result_of(round_).value == Decimal("93.34")
    text = page()
    assert '<option value="100" selected>A (100)</option>' in text


def test_what_cannot_be_chosen_is_said_and_kept_out(shaped, send):
    shaped("grade")
    response = send(EIA="80", TPS="Z")
    assert "เลือก “Z” ไม่ได้ เลือกได้เฉพาะ A, B, F" in response.content.decode()
    assert not Result.objects.exists()


def test_a_choice_left_open_is_not_given(shaped, send, round_of):
    shaped("grade")
    send(EIA="80", TPS="")
    assert stored(round_of(CODE)) == {"EIA": "80"}
    assert result_of(round_of(CODE)).state == "incomplete"


def test_past_choices_and_the_history_show_words(shaped, send, page, client, cast):
    shaped("grade")
    send(number=5, EIA="80", TPS="B")
    send(EIA="80", TPS="A")
    client.force_login(cast.reporter)
    send(EIA="80", TPS="F")
    text = plain(page())
    assert "B (80)" in text
    assert "TPS: A (100) → F (50)" in text


def test_points_that_are_no_word_are_refused(shaped, saved):
    shaped("grade")
    with pytest.raises(InvalidEntry, match="ผลประเมิน TPS"):
        saved(CODE, EIA=80, TPS=81)


# Checklists


def test_a_checklist_stands_under_its_headings(shaped, page):
    shaped("smart")
    text = plain(page())
    assert text.index("1.1 Smart Place") < text.index("ผ่านเกณฑ์ Green and Clean") < text.index("1.2 Smart Tools")
    assert "ได้ 0 จาก 15 คะแนน · ทำแล้ว 0 จากอย่างน้อย 2 ข้อ" in text
    assert text.count("จาก 5") >= 4
    assert page().count("_NA") == page().count("item_I4_NA") > 0  # beside I4 alone


def test_subtotals_total_and_level_move(shaped, preview):
    shaped("smart")
    text = preview(I1="5", I2="5", I3="๕", I4="4")
    assert '<span hx-swap-oob="innerHTML:#subtotal-G2">ได้ 14 จาก 15 คะแนน · ทำแล้ว 2 จากอย่างน้อย 2 ข้อ</span>' in text
    assert "ได้ 19 จาก 20 คะแนน" in text
    assert "95.00" in text
    assert text.count('class="level level-5"') == 2  # the panel, and the line that a phone keeps in sight
    assert not Result.objects.exists()


def test_marks_that_are_missing_are_named_by_code(shaped, preview):
    shaped("smart")
    text = preview(I1="5", I2="", I3="", I4="")
    assert "ยังเหลืออีก 3 ข้อที่ยังไม่มีคะแนน: I2, I3, I4" in text
    assert "ได้ 5 จาก 20 คะแนน" in text


@pytest.mark.parametrize("typed", ["6", "-1", "ห้า"])
def test_a_mark_beyond_the_full_marks(typed, shaped, send, page):
    shaped("smart")
    text = send(I1=typed, I2="5", I3="5", I4="5").content.decode()
    assert 'href="#id_item_I1"' in text
    assert f'value="{typed}"' in text  # nothing typed is lost
    assert not Result.objects.exists()


def test_not_applicable_counts_neither_way_and_clears_nothing(shaped, send, round_of, page, client, cast):
    shaped("smart")
    send(I1="5", I2="5", I3="5", I4="2", I4_NA="on")
    round_ = round_of(CODE)
    assert stored(round_) == {"I1": "5", "I2": "5", "I3": "5", "I4": "2", "I4_NA": "1"}
    assert (result_of(round_).value, result_of(round_).level) == (Decimal("100.00"), 5)
    text = page()
    assert re.search(r'name="item_I4_NA"[^>]*checked', text)
    assert 'value="2"' in text
    assert "ได้ 15 จาก 15 คะแนน · ไม่เกี่ยวข้อง 1 ข้อ" in text
    client.force_login(cast.reporter)
    send(I1="5", I2="5", I3="5", I4="2")
    assert "I4_NA" not in stored(round_)
    assert "I4 (ไม่เกี่ยวข้อง): ไม่เกี่ยวข้อง → ว่าง" in plain(page())


def test_not_applicable_needs_no_mark(shaped, send, round_of):
    shaped("smart")
    send(I1="5", I2="5", I3="5", I4="", I4_NA="on")
    assert result_of(round_of(CODE)).state == "computed"


def test_what_always_applies_cannot_be_left_out(shaped, saved, send, round_of):
    shaped("smart")
    with pytest.raises(InvalidEntry, match="ไม่เกี่ยวข้องไม่ได้"):
        saved(CODE, I1=5, I1_NA=1)
    send(I1="5", I1_NA="on", I2="5", I3="5", I4="5", Z9="1", G1="5")  # codes that the template does not know
    assert set(stored(round_of(CODE))) == {"I1", "I2", "I3", "I4"}


def test_a_group_that_asks_for_more_is_warned_about(shaped, send, round_of, page):
    shaped("smart")
    text = send(I1="5", I2="5", I3="0", I4="0", action="submit").content.decode()
    assert "ทำแล้ว 1 ข้อ ต้องทำอย่างน้อย 2 ข้อ" in text
    answers = dict.fromkeys(re.findall(r'name="(comment:[^"]+)"', text), "จอเรียกคิวรอซ่อม")
    assert [name.split(":")[1] for name in answers] == ["group_short"]
    send(I1="5", I2="5", I3="0", I4="0", action="submit", texts=answers)
    assert result_of(round_of(CODE)).status == "submitted"


def test_all_or_nothing(shaped, preview):
    shaped("all_or_nothing")
    text = plain(preview(T1="on", R1="on"))
    assert "ได้ 0 จาก 1 คะแนน · ทำแล้ว 1 จากอย่างน้อย 2 ข้อ" in text
    assert "ได้ 0.5 จาก 2 คะแนน" in text
    assert "ได้ 1 จาก 1 คะแนน · ทำแล้ว 2 จากอย่างน้อย 2 ข้อ" in plain(preview(T1="on", R1="on", R3="on"))


def test_headings_print_their_criterion_and_numbered_names_no_code(shaped, page):
    shaped("all_or_nothing")
    text = plain(page())
    assert "เทียบกับค่ากลางของกลุ่ม" in text
    assert "T1 3.1 ค่าแรง" not in text
    assert "0.5 คะแนน" in text


# Evidence lists, and rounds of their own


def test_ticks_left_blank_are_not_done(shaped, send, round_of):
    shaped("evidence_list")
    send(number=5, EB1="on", EB2="on", EB3="on")
    round_ = round_of(CODE, 5)
    assert stored(round_) == {"EB1": "1", "EB2": "1", "EB3": "1", "EB4": "0"}
    assert (result_of(round_).value, result_of(round_).level) == (Decimal("75.00"), 0)


def test_a_round_is_scored_by_its_own_bands_everywhere(shaped, send, round_of, preview, page, client, cast):
    shaped("evidence_list")
    text = plain(page())
    assert "เป้าหมายของรอบนี้ 3 ข้อ" in text
    assert "เป้าหมายของรอบนี้" not in page(number=5)
    assert "ร้อยละ 82" in page(number=5)
    assert "1 ข้อ" in text  # a band of this round
    assert "87" not in plain(page().split("definition-body")[1].split("</details>")[0])
    assert 'class="level level-4"' in preview(EB1="on", EB2="on")
    send(EB1="on", EB2="on", EB3="on", action="submit")
    result = result_of(round_of(CODE))
    assert (result.value, result.level, result.passed) == (3, 5, True)
    client.force_login(cast.reviewer)
    review = plain(client.get(reverse("review_detail", args=[result.round_id])).content.decode())
    assert "เป้าหมายของรอบนี้: 3 ข้อ" in review
    assert "ทำแล้ว 3 จาก 4 ข้อ" in review


def test_a_gap_is_judged_by_the_round(shaped, send, round_of, access, cast):
    shaped("evidence_list")
    send(EB1="on")
    gaps = submission_gaps(access(cast.head, round_of(CODE)))
    assert len(gaps) == 2  # that it fails, and what to do
    assert gaps[0].startswith("ผลงานไม่ผ่านเกณฑ์")


# Milestones


def test_steps_carry_what_the_form_prints(shaped, page):
    shaped("milestone")
    text = page()
    assert text.count('type="checkbox" name="item_S') == 5
    assert 'class="keep-lines fold-text"' in text
    assert "7) เกณฑ์ย่อยข้อที่ 7" in text
    assert text.count("หลักฐานที่ต้องแนบ") == 5
    assert text.count("หมายเหตุของแบบ") == 1


def test_a_criterion_that_begins_with_the_name_is_not_read_twice(shaped, page):
    version = shaped("milestone")
    version.items.filter(code="S2").update(name="ประชุมพิจารณา", criterion="-ประชุมพิจารณา อย่างน้อยปีละ 1 ครั้ง")
    text = page()
    assert text.count("ประชุมพิจารณา") == 1
    assert "อย่างน้อยปีละ 1 ครั้ง" in text


def test_a_step_before_its_time_is_kept_and_does_not_count(shaped, send, round_of, page, preview):
    shaped("milestone")
    sentence = "ขั้นที่ 4 ทำแล้วแต่ยังไม่นับ เพราะขั้นที่ 2, 3 ยังไม่ทำ"
    moved = preview(S1="on", S4="on")
    assert f'<span hx-swap-oob="innerHTML:#state-S4">{sentence}</span>' in moved
    assert '<span hx-swap-oob="innerHTML:#state-S1"></span>' in moved
    send(S1="on", S4="on")
    round_ = round_of(CODE)
    assert stored(round_)["S4"] == "1"
    assert result_of(round_).level == 1
    assert sentence in page()


# Yes or no


def test_a_verdict_has_radio_buttons_and_its_target(shaped, page):
    shaped("verdict")
    text = page()
    assert text.count('type="radio"') == 3
    assert "เป้าหมาย: ทุกวัน" in plain(text)
    assert "ยังไม่มีผล" in text
    assert 'name="evidence_P"' in text


@pytest.mark.parametrize(("typed", "passed"), [("1", True), ("0", False)])
def test_a_verdict_passes_or_not_and_has_no_level(typed, passed, shaped, send, round_of, page):
    shaped("verdict")
    send(P=typed)
    result = result_of(round_of(CODE))
    assert (result.value, result.level, result.passed) == (int(typed), None, passed)
    assert re.search(rf'value="{typed}"[^>]*checked', page())


def test_no_verdict_is_nothing(shaped, send, round_of):
    shaped("verdict")
    send(P="")
    assert stored(round_of(CODE)) == {}
    text = send(P="", action="submit").content.decode()
    assert "ยังไม่ได้ส่ง" in text


def test_a_wrong_verdict_leads_to_the_buttons(shaped, send):
    shaped("verdict")
    text = send(P="อาจจะ").content.decode()
    assert 'href="#id_item_P_0"' in text
    assert 'id="id_item_P_0"' in text


# Notes


def test_notes_are_saved_with_the_result_and_open_where_they_hold_text(shaped, send, round_of, page):
    shaped("milestone")
    notes = {"evidence_S2": " https://example.go.th/a.pdf ", "remark_S2": "ส่งแล้ว", "evidence_S9": "ไม่มีขั้นนี้"}
    send(S1="on", texts=notes)
    row = ItemNote.objects.get()
    assert (row.code, row.evidence, row.remark) == ("S2", "https://example.go.th/a.pdf", "ส่งแล้ว")
    text = page()
    assert text.count('<details class="check-note" open>') == 1
    assert "https://example.go.th/a.pdf</textarea>" in text
    assert "S2 หลักฐานอ้างอิง: ว่าง → https://example.go.th/a.pdf" in plain(text)
    event = ReviewEvent.objects.get()
    assert event.after["notes"] == {"S2": {"evidence": "https://example.go.th/a.pdf", "remark": "ส่งแล้ว"}}
    send(S1="on", texts={"evidence_S2": "", "remark_S2": ""})
    assert not ItemNote.objects.exists()


def test_a_note_that_is_too_long_stays_open_with_its_error(shaped, send):
    shaped("smart")
    text = send(I1="5", texts={"remark_I1": "ย" * 5001}).content.decode()
    assert "ยาวได้ไม่เกิน" in text
    assert 'href="#id_remark_I1"' in text
    assert text.count('<details class="check-note" open>') == 1
    assert not Result.objects.exists()


def test_notes_are_read_by_the_unit_and_by_the_reviewer(shaped, send, page, client, cast, round_of):
    shaped("milestone")
    send(S1="on", action="submit", texts={"evidence_S1": "https://example.go.th/ <b>", "remark_S1": "ครบ"})
    text = page()
    assert '<a href="https://example.go.th/" rel="nofollow">' in text
    assert "&lt;b&gt;" in text
    client.force_login(cast.reviewer)
    review = client.get(reverse("review_detail", args=[round_of(CODE).pk])).content.decode()
    assert '<a href="https://example.go.th/" rel="nofollow">' in review
    assert "ครบ" in review


def test_a_formula_has_no_notes(shaped, send, page):
    shaped("grade")
    assert 'name="evidence_' not in page()
    send(EIA="80", TPS="A", texts={"evidence_EIA": "x"})
    assert not ItemNote.objects.exists()


# Two people


def test_a_conflict_speaks_in_words(shaped, send, access, cast, round_of):
    shaped("smart")
    send(I1="5", I2="5", I3="5", I4="", I4_NA="on")
    seen = access(cast.reporter, round_of(CODE))
    entry = Entry(
        data={"I1": Decimal(4), "I2": Decimal(5), "I3": Decimal(5), "I4": Decimal(1)}, notes={"I1": Note("ภาพ", "")}
    )
    save_result(access=seen, by=cast.reporter, entry=entry, lock=1)
    response = send(lock=1, I1="5", I2="5", I3="4", I4="", I4_NA="on", texts={"remark_I3": "ของฉัน"})
    assert response.status_code == 409
    lines = {line.label: (line.saved, line.typed) for line in response.context["page"].conflict.lines}
    assert lines["I1 ผ่านเกณฑ์ Green and Clean"] == ("4 จาก 5", "5 จาก 5")
    assert lines["I3 มีช่องทางออนไลน์"] == ("5 จาก 5", "4 จาก 5")
    assert lines["I4 ไม่เกี่ยวข้อง"] == ("", "ไม่เกี่ยวข้อง")
    assert lines["หลักฐานอ้างอิง (ข้อความหรือลิงก์) ของ I1"] == ("ภาพ", "")
    assert lines["หมายเหตุ ของ I3"] == ("", "ของฉัน")


def test_a_second_click_is_no_conflict(shaped, send):
    shaped("smart")
    boxes = {"I1": "5", "I2": "5", "I3": "5", "I4": "", "I4_NA": "on", "texts": {"evidence_I1": "ภาพถ่าย"}}
    send(**boxes)
    assert send(lock=0, **boxes).status_code == 302
    assert send(lock=0, **{**boxes, "texts": {"evidence_I1": "อื่น"}}).status_code == 409


# Reading, review, cost


@pytest.mark.parametrize("shape", ["smart", "evidence_list", "milestone", "grade", "verdict", "all_or_nothing"])
def test_every_kind_is_read_and_reviewed_within_twelve_queries(shape, shaped, send, page, head, client, cast, round_of):
    shaped(shape)
    boxes = {
        "smart": {"I1": "5", "I2": "5", "I3": "5", "I4_NA": "on"}, "evidence_list": {"EB1": "on"},
        "milestone": {"S1": "on"}, "grade": {"EIA": "80", "TPS": "A"}, "verdict": {"P": "1"},
        "all_or_nothing": {"T1": "on", "R1": "on", "R2": "on"},
    }[shape]  # fmt: skip
    for number in (4, 5):
        send(number=number, **boxes)
    send(**boxes, texts={"evidence_I1": "ก", "evidence_S1": "ก", "evidence_EB1": "ก", "evidence_P": "ก"})
    round_ = round_of(CODE)
    counted = []
    for person, name in ((cast.head, "entry"), (cast.reviewer, "review_detail"), (cast.executive, "entry")):
        if name == "review_detail":
            client.force_login(cast.head)
            send(**boxes, action="submit")
        client.force_login(person)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse(name, args=[round_.pk]))
        assert response.status_code == 200
        counted.append(len(asked))
    assert max(counted) <= 12


def test_the_reviewer_compares_words_and_subtotals(shaped, send, client, cast, round_of):
    shaped("smart")
    send(number=5, I1="5", I2="5", I3="3", I4="1")
    send(I1="4", I2="5", I3="5", I4="0", I4_NA="on", action="submit")
    client.force_login(cast.reviewer)
    response = client.get(reverse("review_detail", args=[round_of(CODE).pk]))
    lines = {line.name: [text for _title, text in line.cells] for line in response.context["sheet"].lines}
    assert lines["1.2 Smart Tools"][:2] == [
        "ได้ 10 จาก 10 คะแนน · ทำแล้ว 2 จากอย่างน้อย 2 ข้อ",
        "ได้ 9 จาก 15 คะแนน · ทำแล้ว 1 จากอย่างน้อย 2 ข้อ",
    ]
    assert lines["ควบคุมการพัฒนาโปรแกรม"][:2] == ["ไม่เกี่ยวข้อง", "1 จาก 5"]
    assert "เกณฑ์และหลักฐานที่กำหนด" in response.content.decode()
