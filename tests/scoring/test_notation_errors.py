"""What is said of a notation that cannot be read, and how far the limits of the reader reach."""

import pytest

from scoring.notation import LONGEST_TEXT, NotationError, parse_notation

LONG = "9" * 70


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ทุกวัน", "ต้องเป็นตัวเลข"),
        ("70 79", "ไม่เข้าใจ “79”"),
        ("5 abcdefghijklmnopqrstuvwxyz", "ไม่เข้าใจ “abcdefghijklmnopqrst”"),
        ("80 (ขึ้นไป)", "ไม่เข้าใจ “(ขึ้นไป)”"),
        ("80 ( )", "ไม่เข้าใจ “( )”"),
        (">20 ขึ้นไป", "มีเครื่องหมายเปรียบเทียบอยู่แล้ว"),
        ("ระดับ คะแนน 4", "“คะแนน” ซ้อนกับ “ระดับ”"),
        ("< >10", "“>” ซ้อนกับ “<”"),
        ("–5", "ขีดหน้าตัวเลขต้องเป็นเครื่องหมายลบ"),
        ("5 เรื่องต่อหลังคา", "ไม่รู้จักหน่วยนับ “ต่อหลังคา”"),
        ("<70 - 80", "ช่วงต้องไม่ขึ้นต้นด้วย “<”"),
        ("70 - >80", "ปลายช่วงต้องไม่มี “>”"),
        ("70% - 79 คะแนน", "สองปลายของช่วงใช้หน่วยต่างกัน"),
        ("5" + " " * LONGEST_TEXT, "ยาวเกิน 200 ตัวอักษร"),
    ],
)
def test_the_reason_is_a_thai_sentence(text, reason):
    with pytest.raises(NotationError) as caught:
        parse_notation(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("> x", "อ่าน “> x” ไม่ได้ที่ตัวอักษรที่ 3: ต้องเป็นตัวเลข"),
        ("x" * 60, f"อ่าน “{'x' * 60}” ไม่ได้ที่ตัวอักษรที่ 1: ต้องเป็นตัวเลข"),
        ("x" * 61, f"อ่าน “{'x' * 60}…” ไม่ได้ที่ตัวอักษรที่ 1: ต้องเป็นตัวเลข"),
    ],
)
def test_the_message_names_text_place_and_reason(text, message):
    with pytest.raises(NotationError) as caught:
        parse_notation(text)
    assert caught.value.message == str(caught.value) == message


def test_a_text_may_be_as_long_as_the_limit():
    assert parse_notation("5".ljust(LONGEST_TEXT)).bare


def pair(length):
    """A notation that prints to `length` characters, itself five shorter."""
    number, unit = "0." + "0" * 37 + "1", "แสนประชากร/แสนประชากร/แสนประชากร"
    fixed = f"{number}-{number} {unit}({{}}):{number}"
    return fixed.format("น" * (length - 5 - len(fixed.format(""))))


def test_what_is_read_prints_within_the_limit():
    longest = pair(LONGEST_TEXT)
    assert len(longest) == LONGEST_TEXT - 5
    printed = parse_notation(longest).print()
    assert len(printed) == LONGEST_TEXT
    assert parse_notation(printed) == parse_notation(longest)
    with pytest.raises(NotationError) as caught:
        parse_notation(pair(LONGEST_TEXT + 1))
    assert caught.value.reason == "ยาวเกิน 200 ตัวอักษร"


@pytest.mark.parametrize(
    ("read", "refused", "position"),
    [
        ("145 MJ/เตียง/วัน", "145 MJ/เตียง/วัน/ปี", 16),
        (f"5 ({'ก' * 40})", f"5 ({'ก' * 41})", 2),
        ("5 (  ก  )", "5 (=)", 2),
        ("999999999999999", "9999999999999999", 0),
    ],
)
def test_how_much_stands_beside_and_in_a_number(read, refused, position):
    parse_notation(read)
    with pytest.raises(NotationError) as caught:
        parse_notation(refused)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("5 ‰", "5‰"),
        ("5 เปอร์เซ็นต์", "5 เปอร์เซ็นต์"),
        ("10 ราย / แสนประชากร ต่อ ปี", "10 ราย/แสนประชากรต่อปี"),
    ],
)
def test_units_are_printed_where_they_belong(text, printed):
    assert parse_notation(text).print() == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        # of two words that begin alike the longer one is read
        ("ระดับที่ 3", "ระดับที่ 3"),
        ("มากกว่าหรือเท่ากับ 5", "≥5"),
        ("เกินกว่า 5", ">5"),
        ("น้อยกว่าเกณฑ์ 5", "น้อยกว่าเกณฑ์ 5"),
        ("5 หน่วยบริการ", "5 หน่วยบริการ"),
        ("5 วันนอน", "5 วันนอน"),
        ("5 kg", "5 kg"),
        ("5 ขั้นตอน", "5 ขั้นตอน"),
    ],
)
def test_the_longest_word_is_taken(text, printed):
    assert parse_notation(text).print() == printed
