"""The entry page: what it shows, live preview, save, submit, withdraw, and two people at once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import Entry, Project, save_result
from indicators.models import Result, ReviewEvent, ScoreBand
from indicators.workflow import transition
from strategy.models import Membership, OrgUnit
from tests.indicators.conftest import EMPTY_PROJECTS, address

Status = Result.Status


def result_of(round_) -> Result | None:
    return Result.objects.filter(round=round_).first()


# What the page shows


def test_the_page_says_what_is_measured_and_how(page):
    text = page()
    for part in (
        "ระยะเวลารอคอย OPD ลดลง", "มีนาคม 2560", "กำหนดส่ง", "10 เมษายน 2560", "เลยกำหนด", "A ÷ B",
        "(ผลรวมระยะเวลารับบริการของกลุ่มตัวอย่างที่สุ่มเก็บ) ÷ (จำนวนกลุ่มตัวอย่างที่สุ่มเก็บทั้งหมด)",
        "ยิ่งน้อยยิ่งดี", "เป้าหมายตามตารางแผน", "&lt;170 นาที", "≤170", "นาที", "ยังไม่มีผลงานของงวดนี้",
    ):  # fmt: skip
        assert part in text
    assert 'inputmode="decimal"' in text
    assert "<details" in text


def test_a_correction_is_shown_with_what_is_printed(head, own, indicator, round_of):
    code = own(indicator("17"))
    text = head.get(address(round_of(code, 1))).content.decode()
    assert "0.9-1" in text
    assert "แก้จากที่พิมพ์" in text
    assert "พิมพ์ว่า" in text


def test_last_month_and_last_year_stand_beside_the_boxes(page, saved, round_of, cast, plan):
    saved("7(1)", 4, A=10000, B=100)
    saved("7(1)", 5, A=32100, B=201)
    march = round_of("7(1)", 6)
    before = type(march).objects.create(
        indicator=march.indicator, fiscal_year=2559, number=6, frequency="monthly",
        start=march.start.replace(year=2016), end=march.end.replace(year=2016), opens=march.start.replace(year=2016),
        due=march.due.replace(year=2016), locks=march.locks.replace(year=2016),
    )  # fmt: skip
    old = Result.objects.create(round=before, measured_unit=plan.unit, version=saved("7(1)", 3, A=1, B=1).version)
    old.values.create(code="A", value=29876)
    text = page()
    assert "กุมภาพันธ์ 2560" in text
    assert "32,100" in text
    assert "10,000" not in text
    assert "มีนาคม 2559" in text
    assert "29,876" in text


@pytest.mark.parametrize(("code", "numbers"), [("7(1)", {"A": 33000, "B": 200}), ("15(2)(CG0101)", {"P": 1})])
def test_a_round_that_was_not_handed_in_says_so_beside_the_boxes(page, saved, submitted, own, indicator, code, numbers):
    """Its numbers are shown and nothing is held against them: nobody should take them for reported ones."""
    if code != "7(1)":
        own(indicator(code))
    saved(code, 5, **numbers)
    assert "กุมภาพันธ์ 2560 (ฉบับร่าง)" in page(code)
    submitted(code, 5, **numbers)
    text = page(code)
    assert "กุมภาพันธ์ 2560" in text
    assert "(ฉบับร่าง)" not in text


def test_the_days_of_the_period_are_an_example_only(head, own, indicator, round_of):
    own(indicator("9(1)"))
    text = head.get(address(round_of("9(1)", 5))).content.decode()
    assert 'placeholder="เช่น 28"' in text


def test_a_derived_item_is_computed_and_may_be_overtyped(send, own, indicator, round_of, page):
    own(indicator("2"))
    assert "ไม่ต้องพิมพ์ก็ได้ จะคำนวณจาก A+B" in page("2")
    send("2", A="764", B="236", C="")
    text = page("2")
    assert "คำนวณจาก A+B = 1,000" in text
    assert "76.40 : 23.60" in text
    assert 'class="level level-1"' in text
    send("2", A="764", B="236", C="1,528")
    assert result_of(round_of("2")).value == Decimal("50.00")


def test_a_milestone_is_a_list_of_steps(send, own, indicator, round_of, page):
    own(indicator("13(1)"))
    number = round_of("13(1)", 1).number
    text = page("13(1)", number)
    assert "สาขาหัวใจ" in text
    assert "ระดับความสำเร็จของการยกระดับศูนย์ความเป็น" in text  # the heading's name, which "สาขาหัวใจ" needs
    assert text.count('type="checkbox" name="item_S') == 5
    assert "ขั้นใดจะนับก็ต่อเมื่อทำทุกขั้นก่อนหน้าครบแล้ว" in text
    assert "ถือว่าทำแล้วเมื่อทำขั้นที่ 5 แล้ว" in text
    send("13(1)", number, S1="on", S2="on", S4="on")
    result = result_of(round_of("13(1)", number))
    assert {v.code: int(v.value) for v in result.values.all()} == {"S1": 1, "S2": 1, "S3": 0, "S4": 1, "S5": 0}
    assert result.level == 2
    text = page("13(1)", number)
    assert text.count("checked") == 3
    assert "ขั้นที่ 4 ทำแล้วแต่ยังไม่นับ" in text


def test_the_way_to_the_rounds_before_and_after(page, round_of):
    text = page(number=5)
    assert address(round_of("7(1)", 4)) in text
    assert address(round_of("7(1)", 6)) in text
    assert address(round_of("7(1)", 8)) not in page(number=7)  # May has not begun


def test_a_future_round_says_when_it_begins(page):
    text = page(number=8)
    assert "งวดนี้ยังไม่เปิดให้บันทึก เปิดวันที่ 1 พฤษภาคม 2560" in text
    assert "<form id" not in text


def test_history_tells_who_what_and_why(page, submitted, cast, access):
    result = submitted("7(1)", A=33600, B=200)
    seen = access(cast.reviewer, result.round)
    transition(access=seen, action="return", by=cast.reviewer, lock=result.lock, reason="แนบรายงานด้วย\nและตรวจ B")
    text = page()
    assert text.index("แนบรายงานด้วย") < text.index("นิยาม สูตร")  # the reason on top
    for part in ("ประวัติของผลงานนี้ (3)", "reviewer", "A: ", "33,600", "ส่งกลับให้แก้ไข", "บันทึกฉบับร่าง", "ส่งผลงาน"):
        assert part in text
    assert "บันทึกร่าง" in text


# Saving and submitting


def test_a_draft_is_saved_and_says_so_once(send, head, round_of):
    response = send(A="33,600", B="๒๐๐", texts={"note": "  ทดสอบ "}, follow=True)
    text = response.content.decode()
    assert response.redirect_chain == [(address(round_of("7(1)")), 302)]
    assert "บันทึกฉบับร่างตัวชี้วัด 7(1) (มีนาคม 2560) แล้ว ยังไม่ได้ส่ง" in text
    assert "168.00" in text
    assert 'class="level level-5"' in text
    result = result_of(round_of("7(1)"))
    assert (result.status, result.value, result.note) == ("draft", Decimal("168.00"), "ทดสอบ")
    assert 'value="33,600"' in text
    assert "แล้ว ยังไม่ได้ส่ง" not in head.get(address(result.round)).content.decode()


def test_the_panel_says_what_the_next_level_needs(send, page):
    send(A="34400", B="200")
    text = page()
    assert "172.00" in text
    assert "ระดับถัดไป:" in text
    assert "ไม่ผ่าน" in text
    assert "คิดคะแนนอย่างไร" in text
    assert "34400/200" in text.replace(" ", "")


def test_save_and_submit_in_one_go(send, round_of, cast):
    response = send(A="33600", B="200", action="submit", follow=True)
    result = result_of(round_of("7(1)"))
    assert (result.status, result.submitted_by) == (Status.SUBMITTED, cast.head)
    assert response.redirect_chain == [("/", 302)]
    assert "ส่งผลงานตัวชี้วัด 7(1) (มีนาคม 2560) แล้ว รอตรวจสอบ" in response.content.decode()
    assert list(result.events.values_list("action", flat=True)) == ["save", "submit"]


def test_nothing_is_saved_where_submitting_fails(send, round_of):
    text = send(A="33600", B="", action="submit").content.decode()
    assert "ยังไม่ได้ส่ง และสิ่งที่แก้ไขล่าสุดยังไม่ได้บันทึก" in text
    assert "ข้อมูลยังไม่ครบ" in text
    assert 'value="33600"' in text
    assert result_of(round_of("7(1)")) is None


def test_the_primary_button_follows_what_is_missing(send, page):
    primary = 'class="btn btn-primary" type="submit" name="action" value='
    assert f'{primary}"save"' in page()
    send(A="33600", B="200")
    assert f'{primary}"submit"' in page()
    assert f'{primary}"save"' not in page()


def test_a_reporter_saves_but_does_not_submit(client, cast, send, round_of):
    client.force_login(cast.reporter)
    text = client.get(address(round_of("7(1)"))).content.decode()
    assert 'value="submit"' not in text
    assert "หัวหน้าหน่วยงานเป็นผู้ส่งให้ตรวจสอบ" in text
    assert send(A="33600", B="200").status_code == 302
    text = send(A="33601", B="200", action="submit").content.decode()
    assert "หัวหน้าหน่วยงานเป็นผู้ส่งผลงาน" in text
    assert result_of(round_of("7(1)")).status == Status.DRAFT
    assert result_of(round_of("7(1)")).values.get(code="A").value == 33600


MEASURE = {"comment:no_recovery:": "รอประชุมทีมวันที่ 20"}


def test_a_part_above_its_whole_is_explained_once(send, own, indicator, round_of, page):
    own(indicator("5"))
    text = send("5", A="50", B="40", action="submit").content.decode()
    assert "มากกว่า B (40)" in text
    assert 'name="comment:exceeds:A=50,B=40"' in text
    assert result_of(round_of("5")) is None
    send("5", A="50", B="40")
    assert "มากกว่า B (40)" in page("5")
    answers = {"comment:exceeds:A=50,B=40": " ส่งต่อซ้ำ\r\nตามทะเบียน ", "comment:made:up": "ไม่มีใครถาม", **MEASURE}
    send("5", A="50", B="40", action="submit", texts=answers)
    result = result_of(round_of("5"))
    assert result.status == Status.SUBMITTED
    assert result.acknowledged == ["exceeds:A=50,B=40", "no_recovery:"]
    assert result.warning_comments["exceeds:A=50,B=40"] == "ส่งต่อซ้ำ\nตามทะเบียน"


def test_a_tick_is_no_comment(send, own, indicator, round_of):
    own(indicator("5"))
    ticked = {"acknowledged": "exceeds:A=50,B=40", "comment:exceeds:A=50,B=40": "  ", **MEASURE}
    page = send("5", A="50", B="40", action="submit", texts=ticked).content.decode()
    assert "ยังไม่ได้ส่ง และสิ่งที่แก้ไขล่าสุดยังไม่ได้บันทึก" in page
    assert result_of(round_of("5")) is None


def test_other_numbers_ask_again(send, own, indicator, round_of):
    own(indicator("5"))
    answers = {"comment:exceeds:A=50,B=40": "ตามทะเบียน", **MEASURE}
    text = send("5", A="60", B="40", action="submit", texts=answers).content.decode()
    assert 'name="comment:exceeds:A=60,B=40"' in text
    assert result_of(round_of("5")) is None


def test_a_comment_that_is_too_long_is_said_and_kept(send, own, indicator, round_of):
    own(indicator("5"))
    answers = {"comment:exceeds:A=50,B=40": "ก" * 1001, **MEASURE}
    text = send("5", A="50", B="40", texts=answers).content.decode()
    assert "คำอธิบายยาว 1,001 ตัวอักษร ยาวได้ไม่เกิน 1,000 ตัวอักษร" in text
    assert "ก" * 1001 in text
    assert result_of(round_of("5")) is None


def test_projects_and_budgets(send, round_of, page):
    lines = {
        "projects-TOTAL_FORMS": "4", "projects-INITIAL_FORMS": "0",
        "projects-0-name": "ลดขั้นตอนห้องยา", "projects-0-allocated": "๑๒,๐๐๐.๕๐", "projects-0-spent": "8000",
        "projects-0-source": "เงินบำรุง", "projects-2-name": "คิวออนไลน์",
    }  # fmt: skip
    send(A="33600", B="200", texts=lines)
    rows = list(result_of(round_of("7(1)")).projects.values_list("position", "name", "allocated", "spent", "source"))
    assert rows == [
        (1, "ลดขั้นตอนห้องยา", Decimal("12000.50"), Decimal("8000"), "เงินบำรุง"),
        (2, "คิวออนไลน์", None, None, ""),
    ]
    text = page()
    assert 'value="12,000.5"' in text
    assert 'name="projects-3-name"' in text  # two empty lines more
    assert 'name="projects-4-name"' not in text


def test_a_cleared_line_goes(send, round_of):
    line = {"projects-TOTAL_FORMS": "3", "projects-INITIAL_FORMS": "1", "projects-0-name": "คิวออนไลน์"}
    send(A="33600", B="200", texts=line)
    send(A="33600", B="200", texts={**line, "projects-0-name": ""})
    assert not result_of(round_of("7(1)")).projects.exists()


# Reading, and taking back


def test_a_submitted_result_is_for_reading_and_may_be_withdrawn(page, submitted, head, round_of):
    result = submitted("7(1)", A=33600, B=200)
    text = page()
    assert "<form id" not in text
    assert "33,600" in text
    assert "ส่งแล้ว รอตรวจสอบ" in text
    response = head.post(address(result.round, "withdraw"), {"lock": result.lock}, follow=True)
    assert "ถอนผลงานกลับมาแล้ว" in response.content.decode()
    assert result_of(result.round).status == Status.DRAFT


@pytest.mark.parametrize("lock", ["0", "x", ""])
def test_a_stale_withdrawal_is_refused(submitted, head, lock):
    result = submitted("7(1)", A=33600, B=200)
    response = head.post(address(result.round, "withdraw"), {"lock": lock}, follow=True)
    assert "มีผู้อื่นบันทึกผลงานนี้" in response.content.decode()
    assert result_of(result.round).status == Status.SUBMITTED


def test_an_approved_result_is_for_reading(page, approved, head):
    result = approved("7(1)", A=33600, B=200)
    assert "อนุมัติแล้ว แก้ไขได้เมื่อผู้ตรวจสอบเปิดให้แก้ไขใหม่" in page()
    text = head.post(address(result.round, "withdraw"), {"lock": result.lock}, follow=True).content.decode()
    assert "ทำไม่ได้ในขณะนี้" in text


def test_an_executive_reads(client, cast, saved, round_of):
    saved("7(1)", A=33600, B=200)
    client.force_login(cast.executive)
    text = client.get(address(round_of("7(1)"))).content.decode()
    assert "ท่านดูหน้านี้ได้ แต่ไม่ได้เป็นผู้บันทึกของหน่วยงาน" in text
    assert "<form id" not in text
    assert "33,600" in text


@pytest.mark.parametrize("person", ["other_head", "reviewer", "outsider"])
def test_strangers_get_404(client, cast, saved, person):
    result = saved("7(1)", A=33600, B=200)
    client.force_login(getattr(cast, person))
    assert client.get(address(result.round)).status_code == 404
    for name in ("entry", "entry_preview", "withdraw"):
        assert client.post(address(result.round, name), {"lock": result.lock}).status_code == 404
    assert result_of(result.round).lock == result.lock


def test_anonymous_people_log_in_first(client, round_of):
    round_ = round_of("7(1)")
    for name in ("entry", "withdraw"):
        assert client.post(address(round_, name)).headers["Location"].startswith("/accounts/login/")
    assert client.post(address(round_, "entry_preview")).status_code == 401


def test_missing_round(head):
    assert head.get("/rounds/999999/entry/").status_code == 404


# The live preview


def test_preview_scores_and_saves_nothing(head, round_of):
    round_ = round_of("7(1)")
    text = head.post(address(round_, "entry_preview"), {"item_A": "๓๔,๔๐๐", "item_B": "200"}).content.decode()
    assert text.lstrip().startswith("<section")
    assert "172.00" in text
    assert 'class="level level-4"' in text
    assert "ระดับถัดไป:" in text
    assert "<html" not in text
    assert not Result.objects.exists()


def test_preview_names_what_it_cannot_read(head, round_of):
    text = head.post(address(round_of("7(1)"), "entry_preview"), {"item_A": "สาม", "item_B": "-1"}).content.decode()
    assert "A: อ่าน “สาม” เป็นตัวเลขไม่ได้" in text
    assert "ต้องไม่น้อยกว่า 0" in text
    assert 'data-complete="0"' in text


def test_preview_brings_the_derived_items_along(head, own, indicator, round_of):
    own(indicator("2"))
    text = head.post(address(round_of("2"), "entry_preview"), {"item_A": "764", "item_B": "236"}).content.decode()
    assert 'hx-swap-oob="innerHTML:#hint-C"' in text
    assert "= 1,000" in text


def test_preview_of_what_may_not_be_entered(head, submitted):
    result = submitted("7(1)", A=33600, B=200)
    assert head.post(address(result.round, "entry_preview"), {}).status_code == 404
    assert head.get(address(result.round, "entry_preview")).status_code == 405


# Two people at once


def test_the_second_to_save_sees_both_and_loses_nothing(send, saved, cast, round_of):
    saved("7(1)", A=33600, B=200)
    saved("7(1)", A=34000, B=200, by=cast.reporter)
    response = send(A="33000", B="201", lock=1, texts={"note": "ของฉัน", "projects-0-name": "โครงการของฉัน"})
    text = response.content.decode()
    assert response.status_code == 409
    for part in (
        "มีผู้อื่นบันทึกผลงานนี้หลังจากที่เปิดหน้านี้", "สิ่งที่ท่านพิมพ์ยังอยู่ครบ", "reporter", "34,000", "33,000", "ของฉัน",
        "บันทึกทับด้วยค่าของฉัน", "ใช้ค่าที่บันทึกไว้", 'name="lock" value="2"', 'value="33000"', 'value="โครงการของฉัน"',
    ):  # fmt: skip
        assert part in text
    assert result_of(round_of("7(1)")).values.get(code="A").value == 34000
    assert send(A="33000", B="201", lock=2).status_code == 302
    assert result_of(round_of("7(1)")).values.get(code="A").value == 33000


def test_two_who_both_begin(send, saved, cast):
    saved("7(1)", A=34000, B=200, by=cast.reporter)
    assert send(A="33000", B="201", lock=0).status_code == 409


def test_somebody_submitted_in_the_meantime(send, submitted, round_of):
    submitted("7(1)", A=34000, B=200)
    response = send(A="33000", B="201", lock=1, texts={"note": "ของฉัน"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "ยังไม่ได้บันทึกสิ่งที่พิมพ์" in text
    assert "33,000" in text
    assert "ของฉัน" in text
    assert "บันทึกทับด้วยค่าของฉัน" not in text
    assert result_of(round_of("7(1)")).values.get(code="A").value == 34000


@pytest.mark.parametrize("action", ["save", "submit"])
def test_the_same_request_twice_is_no_conflict(send, round_of, action):
    first = send(A="33600", B="200", lock=0, action=action)
    second = send(A="33600", B="200", lock=0, action=action)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.headers["Location"] == first.headers["Location"]
    assert ReviewEvent.objects.count() == (2 if action == "submit" else 1)


def test_a_saved_draft_is_submitted_although_the_answer_got_lost(send, round_of):
    send(A="33600", B="200", lock=0)
    assert send(A="33600", B="200", lock=0, action="submit").status_code == 302
    assert result_of(round_of("7(1)")).status == Status.SUBMITTED


def test_a_page_of_before_the_return_does_not_submit_again(send, round_of, cast, access):
    """The reason of the return has not been read: a second tab shows it before anything is sent."""
    send(A="33600", B="200", lock=0, action="submit")
    result = result_of(round_of("7(1)"))
    back = {"action": "return", "by": cast.reviewer, "lock": result.lock, "reason": "ตัวตั้งผิด"}
    transition(access=access(cast.reviewer, result.round), **back)
    response = send(A="33600", B="200", lock=0, action="submit")
    assert response.status_code == 409
    assert "ตัวตั้งผิด" in response.content.decode()
    assert result_of(result.round).status == Status.RETURNED


def test_saving_again_what_was_submitted_meanwhile_says_no_draft(send, submitted, cast):
    submitted("7(1)", A=33600, B=200)
    text = send(A="33600", B="200", lock=1, follow=True).content.decode()
    assert "ยังไม่ได้ส่ง" not in text
    assert "ส่งแล้ว รอตรวจสอบ" in text


@pytest.mark.parametrize("name", ["entry", "autosave"])
def test_what_another_person_typed_is_not_saved(name, head, round_of, cast):
    """They have logged in in the same browser since."""
    data = {**EMPTY_PROJECTS, "item_A": "1", "lock": "0", "who": str(cast.reporter.pk)}
    response = head.post(address(round_of("7(1)"), name), data)
    assert response.status_code == (302 if name == "entry" else 403)
    assert result_of(round_of("7(1)")) is None
    if name == "entry":
        assert "หน้านี้เปิดไว้ในชื่อของผู้อื่น" in head.get(response.headers["Location"]).content.decode()


def test_an_older_page_of_ones_own_is_a_conflict_too(send):
    send(A="33600", B="200", lock=0)
    send(A="33700", B="200", lock=1)
    assert send(A="33600", B="200", lock=1).status_code == 409


# Cost


def test_queries_do_not_grow(head, saved, round_of, cast, access):
    counts = []
    address_ = address(round_of("7(1)", 6))
    with CaptureQueriesContext(connection) as empty:
        head.get(address_)
    for rows in (1, 3):
        for number in range(1, 1 + rows):
            saved("7(1)", number, A=33600 + rows, B=200)
        seen = access(cast.head, round_of("7(1)", 6))
        lines = [Project(f"โครงการ {n}") for n in range(rows)]
        entry = Entry(data={"A": Decimal(33600), "B": Decimal(200 + rows)}, projects=lines)
        save_result(access=seen, by=cast.head, entry=entry, lock=seen.result.lock if seen.result else 0)
        with CaptureQueriesContext(connection) as captured:
            head.get(address_)
        counts.append(len(captured))
    assert len(empty) <= 12
    assert counts[0] == counts[1] <= 12


def test_unreadable_bands_say_so(send, page, round_of):
    ScoreBand.objects.filter(version__indicator__code="7(1)", version__fiscal_year=2560, level=3).update(
        printed="แล้วแต่"
    )
    assert send(A="33600", B="200").status_code == 302
    text = page()
    assert "แล้วแต่" in text
    assert "อ่าน" in text
    text = send(A="33600", B="200", action="submit").content.decode()
    assert "<li>ยังไม่ได้ส่ง</li>" in text
    assert result_of(round_of("7(1)")).state == "unreadable"


def test_no_membership_but_head_elsewhere(client, cast, round_of):
    Membership.objects.filter(user=cast.head).delete()
    client.force_login(cast.head)
    assert client.get(address(round_of("7(1)"))).status_code == 404


def test_two_roles_cost_no_more(head, saved, cast, round_of):
    Membership.objects.create(user=cast.head, unit=OrgUnit.objects.get(code="POLICY"), role="reviewer")
    saved("7(1)", A=33600, B=200)
    page = address(round_of("7(1)"))
    with CaptureQueriesContext(connection) as captured:
        assert head.get(page).status_code == 200
    assert len(captured) <= 12


def test_the_baseline_stands_on_the_page(head, round_of):
    """In the plan's first year it is what last year has."""
    assert "181 นาที (ปี 2559)" in head.get(address(round_of("7(1)"))).content.decode()
