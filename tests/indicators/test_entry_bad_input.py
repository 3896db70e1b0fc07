"""What people type by mistake, and what scripts send: a sentence each, nothing saved, everything typed kept."""

import html
import re
from decimal import Decimal

import pytest
from django.test import Client

from indicators.entry.boxes import LONGEST_TEXT
from indicators.models import IndicatorVersion, Result, ScoreBand
from tests.indicators.conftest import EMPTY_PROJECTS, address

NO_NUMBER = "อ่าน “{}” เป็นตัวเลขไม่ได้"


@pytest.fixture
def value_of(round_of):
    """The number that is stored for a box, None where there is none."""

    def find(code="7(1)", box="A", number=6):
        return (
            Result.objects.filter(round=round_of(code, number), values__code=box)
            .values_list("values__value", flat=True)
            .first()
        )

    return find


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("33600", "33600"),
        ("  33,600  ", "33600"),
        ("๓๓,๖๐๐.๕", "33600.5"),
        ("+1,234.5", "1234.5"),
        ("0", "0"),
        ("-0", "0"),
        ("0.0001", "0.0001"),
        ("99,999,999,999.9999", "99999999999.9999"),
    ],
)
def test_numbers_as_people_type_them(send, value_of, typed, stored):
    assert send(A=typed, B="200").status_code == 302
    assert value_of() == Decimal(stored)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("สามสิบ", NO_NUMBER.format("สามสิบ") + ": “ส” ไม่ใช่ตัวเลข"),
        ("12,34", NO_NUMBER.format("12,34") + ": เครื่องหมายจุลภาคต้องคั่นหลักพันทุกสามหลัก"),
        ("1,234,5", NO_NUMBER.format("1,234,5")),
        ("1.2.3", NO_NUMBER.format("1.2.3")),
        ("NaN", NO_NUMBER.format("NaN")),
        ("Infinity", NO_NUMBER.format("Infinity")),
        ("1e5", NO_NUMBER.format("1e5") + ": “e” ไม่ใช่ตัวเลข"),
        ("0x10", NO_NUMBER.format("0x10")),
        ("-", "ยังไม่ได้ใส่ตัวเลข"),
        ("1 000", NO_NUMBER.format("1 000")),
        ("๓๗๐ คน", NO_NUMBER.format("๓๗๐ คน") + ": “ค” ไม่ใช่ตัวเลข"),
        ("-5", "ต้องไม่น้อยกว่า 0"),
        ("−5", "ต้องไม่น้อยกว่า 0"),
        ("100000000000", "ตัวเลขใหญ่เกินไป ต้องน้อยกว่า 100,000,000,000"),
        ("1.00001", "ใส่ทศนิยมได้ไม่เกิน 4 ตำแหน่ง"),
        ("1234567890123456", "ตัวเลขมีเลขนัยสำคัญเกิน 15 หลัก"),
        ("9" * 5000, "ตัวเลขยาวเกินไป"),
        ("1\x002", "ไม่ใช่ตัวเลข"),
        ("<script>alert(1)</script>", "ไม่ใช่ตัวเลข"),
    ],
)
def test_what_is_no_number_is_a_sentence(send, value_of, typed, sentence):
    response = send(A=typed, B="200", texts={"note": "หมายเหตุของฉัน"})
    text = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert sentence in text
    assert "ยังบันทึกไม่ได้ โปรดแก้ไขช่องต่อไปนี้" in text
    assert 'href="#id_item_A"' in text
    assert typed in text
    assert "หมายเหตุของฉัน" in text
    assert "<script>alert" not in response.content.decode()
    assert value_of() is None


def test_spaces_alone_are_no_number_and_no_error(send, value_of):
    assert send(A="   ", B="200").status_code == 302
    assert value_of() is None
    assert value_of(box="B") == 200


def test_a_minimum_that_is_not_declared_lets_a_minus_in(send, own, indicator, value_of):
    own(indicator("22"))
    assert send("22", A="-1,500.25", B="−2000").status_code == 302
    assert value_of("22") == Decimal("-1500.25")


def test_a_maximum_holds(send, own, indicator, value_of):
    own(indicator("3"))
    text = send("3", 1, A="5.01").content.decode()
    assert "ต้องไม่เกิน 5" in text
    assert value_of("3", number=1) is None


@pytest.mark.parametrize(
    ("boxes", "state", "sentence"),
    [
        ({"A": "5", "B": "0"}, "cannot_compute", "คำนวณไม่ได้"),
        ({"A": "0", "B": "0"}, "no_cases", "ไม่มีผู้รับบริการเข้าเกณฑ์"),
        ({"A": "99999999999", "B": "0.0001"}, "cannot_compute", "ผลคำนวณใหญ่เกินกว่าจะบันทึกได้"),
        ({"A": "5", "B": ""}, "incomplete", "ข้อมูลยังไม่ครบ"),
    ],
)
def test_what_has_no_value_says_why(send, head, round_of, boxes, state, sentence):
    assert send(**boxes).status_code == 302
    result = Result.objects.get(round=round_of("7(1)"))
    assert (result.state, result.value, result.level) == (state, None, None)
    text = head.get(address(result.round)).content.decode()
    assert sentence in text
    assert "score-value" not in text


def test_zero_cases_may_be_submitted(send, round_of):
    send(A="0", B="0", action="submit")
    assert Result.objects.get(round=round_of("7(1)")).status == "submitted"


# Texts


@pytest.mark.parametrize("box", ["note", "problems", "suggestions"])
def test_a_text_has_a_limit(send, round_of, box):
    typed = "ก" * (LONGEST_TEXT + 1)
    text = send(A="33600", B="200", texts={box: typed}).content.decode()
    assert "ข้อความยาว 5,001 ตัวอักษร ยาวได้ไม่เกิน 5,000 ตัวอักษร" in text
    assert typed in text
    assert not Result.objects.exists()


def test_a_line_break_counts_once(send, round_of):
    lines = "\r\n".join(["ก"] * (LONGEST_TEXT // 2))
    assert send(A="33600", B="200", texts={"note": lines}).status_code == 302
    assert Result.objects.get(round=round_of("7(1)")).note == "\n".join(["ก"] * (LONGEST_TEXT // 2))


def test_ten_megabytes_are_refused_with_a_page(send, round_of):
    response = send(A="33600", B="200", texts={"note": "x" * 10_000_000})
    assert response.status_code == 400
    assert "ระบบอ่านสิ่งที่เบราว์เซอร์ส่งมาไม่ได้" in response.content.decode()
    assert not Result.objects.exists()


def test_a_null_character_is_a_sentence(send):
    response = send(A="33600", B="200", texts={"note": "a\x00b"})
    assert response.status_code == 200
    assert "box-error" in response.content.decode()
    assert not Result.objects.exists()


def test_marks_of_html_stay_marks(send, head, round_of):
    send(A="33600", B="200", texts={"note": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in head.get(address(round_of("7(1)"))).content.decode()


# Projects


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"allocated": "1000"}, "กรุณาใส่ชื่อโครงการ/กิจกรรมของบรรทัดนี้"),
        ({"name": "คิว", "spent": "-1"}, "จำนวนเงินต้องไม่น้อยกว่า 0"),
        ({"name": "คิว", "spent": "พัน"}, NO_NUMBER.format("พัน")),
        ({"name": "คิว", "spent": "1.005"}, "ใส่ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"),
        ({"name": "คิว", "spent": "1000000000000"}, "ตัวเลขใหญ่เกินไป"),
        ({"name": "ก" * 256}, "255"),
    ],
)
def test_a_line_that_cannot_be_stored(send, line, sentence):
    typed = {f"projects-0-{name}": text for name, text in line.items()}
    text = send(A="33600", B="200", texts=typed).content.decode()
    assert sentence in text
    assert all(f'value="{part}"' in text for part in line.values())
    assert not Result.objects.exists()


@pytest.mark.parametrize("total", ["", "x", "99999"])
def test_a_tampered_number_of_lines(send, total):
    response = send(A="33600", B="200", texts={"projects-TOTAL_FORMS": total})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not Result.objects.exists()


# Templates that were broken in the database


@pytest.mark.parametrize(
    "broken",
    [
        lambda: ScoreBand.objects.filter(version__indicator__code="7(1)", level=4).update(printed="ดีพอสมควร"),
        lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(formula="A//B"),
        lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(pass_criterion="พอใช้ได้"),
        lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(formula=""),
    ],
    ids=["band", "formula", "criterion", "no formula"],
)
def test_a_broken_template_is_a_sentence(head, send, round_of, broken):
    broken()
    address_ = address(round_of("7(1)"))
    assert head.get(address_).status_code == 200
    preview = head.post(address(round_of("7(1)"), "entry_preview"), {"item_A": "33600", "item_B": "200"})
    assert preview.status_code == 200
    assert re.search('class="score-message">[^<]*[ก-๙]|alert-warning', preview.content.decode())
    assert send(A="33600", B="200").status_code == 302
    assert head.get(address_).status_code == 200
    assert head.get("/").status_code == 200
    assert send(A="33600", B="200", action="submit").status_code in (200, 302)


# Requests that no page sends


def test_a_forged_form_saves_nothing(cast, round_of):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.head)
    for name in ("entry", "entry_preview", "withdraw"):
        response = client.post(address(round_of("7(1)"), name), {**EMPTY_PROJECTS, "item_A": "1", "item_B": "1"})
        assert response.status_code == 403
    assert not Result.objects.exists()


@pytest.mark.parametrize("lock", ["", "x", "-1", "1.5", "๑", "9" * 5000])
def test_a_lock_that_is_none_is_told(send, saved, lock):
    saved("7(1)", A=33600, B=200)
    assert send(A="1", B="1", lock=lock).status_code == 409


def test_boxes_that_the_template_has_not(send, round_of):
    send(A="33600", B="200", Z="1", texts={"status": "approved", "level": "5", "action": "approve"})
    result = Result.objects.get(round=round_of("7(1)"))
    assert result.status == "draft"
    assert not result.values.filter(code="Z").exists()


def test_an_unknown_action_only_saves(send, round_of):
    send(A="33600", B="200", action="approve")
    assert Result.objects.get(round=round_of("7(1)")).status == "draft"


def test_a_second_tab_with_an_error_keeps_its_old_lock(send, saved, cast):
    saved("7(1)", A=33600, B=200)
    saved("7(1)", A=34000, B=200, by=cast.reporter)
    text = send(A="x", B="200", lock=1).content.decode()
    assert 'name="lock" value="1"' in text
    assert send(A="33000", B="200", lock=1).status_code == 409
