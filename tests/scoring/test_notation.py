"""Every form of band, target and criterion that the plan prints, and what is refused (DESIGN.md section 3)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.notation import LONGEST_TEXT, Bound, Notation, NotationError, NotationKind, parse_notation

# text as printed, canonical text, lower end, upper end ("[" and "]" include the end, "(" and ")" do not)
PLAN_BANDS = [
    ("100", "100", "[100", "100]"),
    ("2.00", "2.00", "[2.00", "2.00]"),
    ("60%", "60%", "[60", "60]"),
    ("0%", "0%", "[0", "0]"),
    ("7.5%", "7.5%", "[7.5", "7.5]"),
    ("20 %", "20%", "[20", "20]"),
    ("≥20", "≥20", "[20", None),
    ("≥4.60", "≥4.60", "[4.60", None),
    ("≥85%", "≥85%", "[85", None),
    (">85", ">85", "(85", None),
    (">14.1", ">14.1", "(14.1", None),
    (">95%", ">95%", "(95", None),
    (">20 %", ">20%", "(20", None),
    (">2 เรื่อง", ">2 เรื่อง", "(2", None),
    ("≤170", "≤170", None, "170]"),
    ("≤85%", "≤85%", None, "85]"),
    ("<71", "<71", None, "71)"),
    ("<10.0", "<10.0", None, "10.0)"),
    ("<5.0%", "<5.0%", None, "5.0)"),
    ("< 59", "<59", None, "59)"),
    ("< 5%", "<5%", None, "5)"),
    ("<20 %", "<20%", None, "20)"),
    ("<112 %", "<112%", None, "112)"),
    ("<10 เรื่อง", "<10 เรื่อง", None, "10)"),
    ("< 2 เรื่อง", "<2 เรื่อง", None, "2)"),
    ("<170 นาที", "<170 นาที", None, "170)"),
    ("‹71", "<71", None, "71)"),
    ("‹4.6", "<4.6", None, "4.6)"),
    ("<7.", "<7", None, "7)"),
    ("7.", "7", "[7", "7]"),
    ("1.00 – 4.99", "1.00 - 4.99", "[1.00", "4.99]"),
    ("7. – 8.0", "7 - 8.0", "[7", "8.0]"),
    ("72 – 73", "72 - 73", "[72", "73]"),
    ("11– 12", "11 - 12", "[11", "12]"),
    ("146  - 150", "146 - 150", "[146", "150]"),
    ("110  -112", "110 - 112", "[110", "112]"),
    ("186 - 190", "186 - 190", "[186", "190]"),
    ("27 -28", "27 - 28", "[27", "28]"),
    ("41- 45", "41 - 45", "[41", "45]"),
    ("1-4", "1 - 4", "[1", "4]"),
    ("13.1 - 14.0", "13.1 - 14.0", "[13.1", "14.0]"),
    ("1.92- 1.93", "1.92 - 1.93", "[1.92", "1.93]"),
    ("0.5-0.9", "0.5 - 0.9", "[0.5", "0.9]"),
    ("95 -94", "95 - 94", "[95", "94]"),
    ("2.02- 2.01", "2.02 - 2.01", "[2.02", "2.01]"),
    ("ระดับ 4", "ระดับ 4", "[4", "4]"),
    ("ระดับ4", "ระดับ 4", "[4", "4]"),
    ("<ระดับ 2", "<ระดับ 2", None, "2)"),
    ("<ระดับ2", "<ระดับ 2", None, "2)"),
    (">ระดับ 4", ">ระดับ 4", "(4", None),
    (">ระดับ2", ">ระดับ 2", "(2", None),
    ("≥ระดับ 5", "≥ระดับ 5", "[5", None),
    ("ไม่เกินระดับ 2", "≤ระดับ 2", None, "2]"),
    ("ไม่เกินระดับ 2 ทุกปี", "≤ระดับ 2 (ทุกปี)", None, "2]"),
    ("ลดลง >5", "ลดลง >5", "(5", None),
    ("ลดลง ≥5", "ลดลง ≥5", "[5", None),
    ("ลดลง <5", "ลดลง <5", None, "5)"),
    ("145 MJ/เตียง/วัน", "145 MJ/เตียง/วัน", "[145", "145]"),
    ("76: 24", "76 : 24", "[76", "76]"),
    ("78 : 22", "78 : 22", "[78", "78]"),
    ("80:20", "80 : 20", "[80", "80]"),
    ("≥ 80 : ≤ 20", "≥80 : ≤20", "[80", None),
    ("< 80 : > 20", "<80 : >20", None, "80)"),
    ("<75 : >25", "<75 : >25", None, "75)"),
    ("20% (2 แห่ง)", "20% (2 แห่ง)", "[20", "20]"),
    ("3 ด้าน", "3 ด้าน", "[3", "3]"),
    ("10 เรื่องต่อปี", "10 เรื่องต่อปี", "[10", "10]"),
    ("ต่ำกว่าเกณฑ์เฉลี่ยแต่มากกว่า 10%", "ต่ำกว่าเกณฑ์เฉลี่ยแต่ >10%", "(10", None),
    ("น้อยกว่าเกณฑ์ มากกว่า10%", "น้อยกว่าเกณฑ์ >10%", "(10", None),
    ("มากกว่า 80%", ">80%", "(80", None),
    ("70%- 79%", "70 - 79%", "[70", "79]"),
    ("น้อยกว่า 50%", "<50%", None, "50)"),
    # the service-plan branches of KPI 14
    ("≤10", "≤10", None, "10]"),
    ("ลดลง ≥ ร้อยละ 50", "ลดลง ≥ร้อยละ 50", "[50", None),
    ("ลดลง10%", "ลดลง 10%", "[10", "10]"),
    ("น้อยกว่าร้อยละ 5", "<ร้อยละ 5", None, "5)"),
    ("น้อยกว่า ร้อยละ 1", "<ร้อยละ 1", None, "1)"),
    ("<130:100000", "<130 : 100000", None, "130)"),
    ("ขั้นตอนที่ 5", "ขั้นตอนที่ 5", "[5", "5]"),
    ("16 ราย/ปี", "16 ราย/ปี", "[16", "16]"),
]
OTHER_FORMS = [
    (">=20", "≥20", "[20", None),
    ("<= 2.5", "≤2.5", None, "2.5]"),
    ("20 ขึ้นไป", "≥20", "[20", None),
    ("85 ขึ้นไป", "≥85", "[85", None),
    ("ระดับ 4 ขึ้นไป", "≥ระดับ 4", "[4", None),
    ("ร้อยละ 80 ขึ้นไป", "≥ร้อยละ 80", "[80", None),
    ("20 ลงมา", "≤20", None, "20]"),
    ("< ร้อยละ 50", "<ร้อยละ 50", None, "50)"),
    ("ร้อยละ 50 - 59", "ร้อยละ 50 - 59", "[50", "59]"),
    ("ร้อยละ 50 - ร้อยละ 59", "ร้อยละ 50 - 59", "[50", "59]"),
    ("≥ ร้อยละ 80", "≥ร้อยละ 80", "[80", None),
    ("≥ร้อยละ๘๕", "≥ร้อยละ 85", "[85", None),
    ("5 ข้อ", "5 ข้อ", "[5", "5]"),
    ("5 ข้อ(EB)", "5 ข้อ (EB)", "[5", "5]"),
    ("12 แห่ง", "12 แห่ง", "[12", "12]"),
    ("155 นาที", "155 นาที", "[155", "155]"),
    ("112 %", "112%", "[112", "112]"),
    ("80-100", "80 - 100", "[80", "100]"),
    ("๗๐ – ๗๙", "70 - 79", "[70", "79]"),
    ("70 ถึง 79", "70 - 79", "[70", "79]"),
    ("1,000 - 1,499 บาท", "1000 - 1499 บาท", "[1000", "1499]"),
    ("ไม่เกิน 2", "≤2", None, "2]"),
    ("มากกว่า 10", ">10", "(10", None),
    ("ไม่น้อยกว่า 80", "≥80", "[80", None),
    ("อย่างน้อย 5", "≥5", "[5", None),
    ("มากกว่าหรือเท่ากับ 5", "≥5", "[5", None),
    ("น้อยกว่าหรือเท่ากับ 5", "≤5", None, "5]"),
    ("=5", "5", "[5", "5]"),
    ("-5", "-5", "[-5", "-5]"),
    ("<-5", "<-5", None, "-5)"),
    ("-5 - -3", "-5 - -3", "[-5", "-3]"),
    ("5 - 5", "5 - 5", "[5", "5]"),
    (">70 - <80", ">70 - <80", "(70", "80)"),
    ("≥70 – ≤80", "70 - 80", "[70", "80]"),
    ("\u200b 70\u00a0-\u00a079 ", "70 - 79", "[70", "79]"),
]


def lower(text: str | None) -> Bound | None:
    return None if text is None else Bound(Decimal(text[1:]), inclusive=text[0] == "[")


def upper(text: str | None) -> Bound | None:
    return None if text is None else Bound(Decimal(text[:-1]), inclusive=text[-1] == "]")


@pytest.mark.parametrize(("text", "canonical", "low", "high"), PLAN_BANDS + OTHER_FORMS)
def test_a_printed_form_is_read(text: str, canonical: str, low: str | None, high: str | None) -> None:
    notation = parse_notation(text)
    assert notation.kind is NotationKind.RANGE
    assert (notation.lower, notation.upper) == (lower(low), upper(high))
    assert notation.print() == canonical
    assert parse_notation(canonical) == notation


@pytest.mark.parametrize("text", ["", " ", "-", "–", " - ", "NA", "N/A"])
def test_an_empty_cell_is_no_band(text: str) -> None:
    assert parse_notation(text) == Notation(kind=NotationKind.EMPTY)


@pytest.mark.parametrize("text", ["ไม่มี/ส่งผลงาน", "ไม่มี / ส่งผลงาน", " ไม่ส่งผลงาน"])
def test_no_submission_is_read(text: str) -> None:
    notation = parse_notation(text)
    assert notation == Notation(kind=NotationKind.NO_SUBMISSION)
    assert notation.print() == "ไม่มี/ส่งผลงาน"
    assert not notation.contains(Decimal(0))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        # misprints of the plan: 24(1) and 25
        ("1<40", 1),
        ("1>40", 1),
        ("< >10", 2),
        # what is no notation, or more than one
        ("abc", 0),
        ("ทุกวัน", 0),
        ("ลดลงจากปีที่ผ่านมา", 4),
        ("9. 59%", 3),
        ("70 79", 3),
        ("70 - ", 5),
        ("- 5", 0),
        ("–5", 0),
        (">", 1),
        ("ระดับ", 5),
        ("70 - 79 - 89", 8),
        ("1:2:3", 3),
        ("76:", 3),
        (": 24", 0),
        ("<70 - 80", 0),
        ("70 - >80", 5),
        ("70% - 79 คะแนน", 6),
        ("ร้อยละ 50 - ระดับ 59", 12),
        (">20 ขึ้นไป", 4),
        ("70 - 79 ขึ้นไป", 8),
        ("80 หลังคา", 3),
        ("5 เรื่องต่อหลังคา", 8),
        ("80 (ขึ้นไป)", 3),
        ("80 (มากกว่า 5)", 3),
        ("ระดับ ระดับ 4", 6),
        ("1,23", 1),
        ("1.2.3", 3),
        ("7..", 1),
        ("1e5", 1),
        ("12345678901234567", 0),
        ("> 12345678901234567", 2),
        ("80" + " " * 199, 200),
        ("9" * 100_000, 200),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_text_and_place(text: str, position: int) -> None:
    with pytest.raises(NotationError) as caught:
        parse_notation(text)
    error = caught.value
    assert (error.text, error.position) == (text, position)
    assert text[:60] in error.message
    assert f"ที่ตัวอักษรที่ {position + 1}:" in error.message
    assert error.reason


def test_the_parts_beside_the_numbers() -> None:
    pair = parse_notation("≥ 80 : ≤ 20")
    assert pair.companion == parse_notation("≤20")
    minutes = parse_notation("<170 นาที")
    assert (minutes.unit, minutes.prefix) == ("นาที", "")
    level = parse_notation("<ระดับ2")
    assert (level.unit, level.prefix) == ("", "ระดับ")
    assert parse_notation("ลดลง ≥ ร้อยละ 50").prefix == "ลดลง ร้อยละ"
    assert parse_notation("20% (2 แห่ง)").note == "2 แห่ง"
    assert parse_notation("70%- 79%").unit == "%"


def test_bare_and_backwards_are_told_apart() -> None:
    assert parse_notation("100").bare
    assert parse_notation("76: 24").bare
    assert not parse_notation("5 - 5").bare
    assert parse_notation("95 -94").backwards
    assert not parse_notation("94 - 95").backwards


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">85", ["85.01"], ["85", "84"]),
        ("≥85", ["85", "86"], ["84.99"]),
        ("<71", ["70.99"], ["71"]),
        ("≤71", ["71"], ["71.01"]),
        ("72 – 73", ["72", "72.5", "73"], ["71.99", "73.01"]),
        ("100", ["100.00"], ["99.99", "100.01"]),
        ("95 -94", [], ["94", "94.5", "95", "97"]),
        ("-", [], ["0"]),
        ("76: 24", ["76"], ["24"]),
    ],
)
def test_an_interval_contains_what_it_says(text: str, inside: list[str], outside: list[str]) -> None:
    notation = parse_notation(text)
    assert all(notation.contains(Decimal(value)) for value in inside)
    assert not any(notation.contains(Decimal(value)) for value in outside)


FRAGMENTS = [
    *["≥", "<", ">", "‹", "≤", ">=", "=", "-", "–", ":", "ถึง", " ", "  ", ".", ","],
    *["1", "70", "7.", "99.95", "1,000", "๘๕", "0", "-3"],
    *["ระดับ", "ร้อยละ", "ลดลง", "ไม่เกิน", "มากกว่า", "ขั้นตอนที่", "น้อยกว่าเกณฑ์", "ขึ้นไป", "ลงมา"],
    *["%", "นาที", "เรื่อง", "/", "ต่อ", "ปี", "MJ", "(", ")", "(2 แห่ง)", "ทุกปี", "NA", "ไม่มี/ส่งผลงาน", "x"],
]
garbage = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)


def read_or_refused(text: str) -> Notation | NotationError:
    try:
        return parse_notation(text)
    except NotationError as error:
        return error


@given(st.one_of(st.text(), garbage))
def test_any_text_is_read_or_refused_and_what_is_read_prints_back(text: str) -> None:
    match read_or_refused(text):
        case NotationError() as error:
            assert 0 <= error.position <= len(text)
        case notation:
            assert parse_notation(notation.print()) == notation
            assert len(notation.print()) <= LONGEST_TEXT


numbers = st.decimals(min_value=-9999, max_value=9999, places=2, allow_nan=False)
units = st.sampled_from(["", "%", "นาที", "เรื่องต่อปี", "MJ/เตียง/วัน"])
prefixes = st.sampled_from(["", "ระดับ", "ร้อยละ", "ลดลง", "ลดลง ร้อยละ", "เพิ่มขึ้น"])
notes = st.sampled_from(["", "2 แห่ง", "EB"])


@st.composite
def notations(draw: st.DrawFn, *, companion: bool = True) -> Notation:
    low, high = Bound(draw(numbers), draw(st.booleans())), Bound(draw(numbers), draw(st.booleans()))
    shape = draw(st.sampled_from(["bare", "lower", "upper", "both"]))
    if shape == "bare":
        low = high = Bound(low.value, inclusive=True)
    return Notation(
        lower=low if shape != "upper" else None,
        upper=high if shape != "lower" else None,
        bare=shape == "bare",
        backwards=shape == "both" and low.value > high.value,
        companion=draw(st.none() | notations(companion=False)) if companion else None,
        unit=draw(units),
        prefix=draw(prefixes),
        note=draw(notes),
    )


@given(notations())
def test_a_notation_printed_from_its_parse_parses_to_the_same(notation: Notation) -> None:
    assert parse_notation(notation.print()) == notation
