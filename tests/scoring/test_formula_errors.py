"""What a formula says where it cannot be read or computed, and how far its limits reach."""

from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest

from scoring.formula import MAX_NUMBER_DIGITS, CannotCompute, FormulaError, NoCases, evaluate, parse_formula
from scoring.syntax import MAX_DEPTH, MAX_LENGTH


def compute(text, **values):
    return evaluate(parse_formula(text), {name: D(value) for name, value in values.items()}).value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ยังไม่มีสูตร"),
        ("A^2", "อ่านสูตรไม่ได้ตรง “^” (ตัวอักษรที่ 2)"),
        ("A/", "สูตรยังไม่จบ ขาดตัวเลขหรือรายการข้อมูลต่อท้าย"),
        ("(A/B", "สูตรยังไม่จบ ขาด “)” ต่อท้าย"),
        ("A B", "สูตรผิดตรง “B” (ตัวอักษรที่ 3)"),
        ("A+mean*2", "ฟังก์ชัน “mean” ต้องมีวงเล็บตามหลัง (ตัวอักษรที่ 3)"),
        ("A+foo(1)", "ไม่รู้จักฟังก์ชัน “foo” (ตัวอักษรที่ 3)"),
        (f"{'f' * 41}(1)", f"ไม่รู้จักฟังก์ชัน “{'f' * 40}” (ตัวอักษรที่ 1)"),
        ("A+abs(1,2)", "จำนวนค่าในวงเล็บของ “abs” ไม่ถูกต้อง (ตัวอักษรที่ 3)"),
        ("A+1234567890123456", "ตัวเลข “1234567890123456” ยาวเกินไป (ตัวอักษรที่ 3)"),
        ("-" * 50 + "A", "สูตรซ้อนกันลึกเกินไป (ตัวอักษรที่ 51)"),
        ("A" * 2001, "สูตรยาวเกิน 2000 ตัวอักษร"),
    ],
)
def test_a_formula_that_cannot_be_read_says_why(text, message):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.message == str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "values", "message", "items"),
    [
        ("A*100/(B*C)", {"A": 5, "B": 12, "C": 0}, "คำนวณไม่ได้ เพราะตัวหาร (C) เป็นศูนย์", ("C",)),
        ("A/(B-C)", {"A": 5, "B": 2, "C": 2}, "คำนวณไม่ได้ เพราะตัวหาร (B, C) เป็นศูนย์", ("B", "C")),
        ("5/(1-1)", {}, "คำนวณไม่ได้ เพราะตัวหาร (1-1) เป็นศูนย์", ()),
        ("A/B", {"A": 5}, "คำนวณไม่ได้ เพราะยังไม่มีค่าของ B", ("B",)),
        ("A+B", {"A": 5, "B": "Infinity"}, "คำนวณไม่ได้ เพราะค่าของ B ไม่ใช่จำนวนที่ใช้ได้", ("B",)),
        ("A+B", {"A": 5, "B": "NaN"}, "คำนวณไม่ได้ เพราะค่าของ B ไม่ใช่จำนวนที่ใช้ได้", ("B",)),
        ("A", {"A": "1E+400"}, "คำนวณไม่ได้ เพราะค่าของ A ไม่ใช่จำนวนที่ใช้ได้", ("A",)),
        ("A", {"A": "1E-400"}, "คำนวณไม่ได้ เพราะค่าของ A ไม่ใช่จำนวนที่ใช้ได้", ("A",)),
        ("A", {"A": "1E+999999999"}, "คำนวณไม่ได้ เพราะค่าของ A ไม่ใช่จำนวนที่ใช้ได้", ("A",)),
        ("A*A", {"A": "1E+300"}, "คำนวณไม่ได้ เพราะตัวเลขระหว่างคำนวณใหญ่เกินไป", ()),
        ("round(A, 16)", {"A": 5}, "คำนวณไม่ได้ เพราะจำนวนทศนิยมของ round ต้องเป็น 0 ถึง 15", ()),
        ("1/if(0, A, 0)", {"A": "sNaN"}, "คำนวณไม่ได้ เพราะตัวหาร (A) เป็นศูนย์", ("A",)),
    ],
)
def test_what_cannot_be_computed_says_why_and_names_the_items(text, values, message, items):
    with pytest.raises(CannotCompute) as caught:
        compute(text, **values)
    assert caught.value.message == str(caught.value) == message
    assert caught.value.items == items


@pytest.mark.parametrize(
    ("text", "values", "message", "item"),
    [
        ("A/B", {"A": 0, "B": 0}, "ไม่มีกรณีให้คำนวณ เพราะตัวตั้งและตัวหาร (B) เป็นศูนย์", "B"),
        ("0/0", {}, "ไม่มีกรณีให้คำนวณ เพราะตัวตั้งและตัวหาร (0) เป็นศูนย์", None),
        # of several groups without cases the first
        ("mean(A/B, 0/0)", {"A": 0, "B": 0}, "ไม่มีกรณีให้คำนวณ เพราะตัวตั้งและตัวหาร (B) เป็นศูนย์", "B"),
        ("sum(A/B)", {"A": 0, "B": 0}, "ไม่มีกรณีให้คำนวณ เพราะตัวตั้งและตัวหาร (B) เป็นศูนย์", "B"),
    ],
)
def test_no_cases_says_why_and_names_the_item(text, values, message, item):
    with pytest.raises(NoCases) as caught:
        compute(text, **values)
    assert caught.value.message == str(caught.value) == message
    assert caught.value.item == item


# Limits: what still is read or computed, and what is one too many.

MOST = 10**MAX_NUMBER_DIGITS - 1
NINES = "9" * MAX_NUMBER_DIGITS
TINY = f"1E-{MAX_NUMBER_DIGITS - 1}"


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("A+B", {"A": NINES, "B": 0}, MOST),
        ("A+B", {"A": NINES, "B": 1}, None),
        ("-A-B", {"A": NINES, "B": 0}, -MOST),
        ("-A-B", {"A": NINES, "B": 1}, None),
        ("A*B", {"A": f"1E+{MAX_NUMBER_DIGITS - 1}", "B": 9}, 9 * 10 ** (MAX_NUMBER_DIGITS - 1)),
        ("A*B", {"A": f"1E+{MAX_NUMBER_DIGITS - 1}", "B": 10}, None),
        ("A*B", {"A": f"1E+{MAX_NUMBER_DIGITS - 1}", "B": -10}, None),
        ("A/B", {"A": TINY, "B": 9}, Fr(1, 9 * 10 ** (MAX_NUMBER_DIGITS - 1))),
        ("A/B", {"A": TINY, "B": 10}, None),
        ("A+B", {"A": TINY, "B": 1}, 1 + Fr(1, 10 ** (MAX_NUMBER_DIGITS - 1))),
        ("A+B/C", {"A": TINY, "B": TINY, "C": 10}, None),
        # a long numerator and denominator that have much in common
        ("A*B/A", {"A": "1E+300", "B": "1E+99"}, 10**99),
        ("A/B*B*3/C", {"A": 7, "B": "1E+399", "C": 2}, Fr(21, 2)),
    ],
)
def test_how_large_a_number_may_become(text, values, result):
    if result is None:
        with pytest.raises(CannotCompute):
            compute(text, **values)
    else:
        assert compute(text, **values) == result


@pytest.mark.parametrize("value", [Fr(MOST + 1), Fr(-MOST - 1), Fr(1, MOST + 1)])
def test_a_fraction_that_is_given_is_bounded_too(value):
    with pytest.raises(CannotCompute):
        evaluate(parse_formula("A"), {"A": value})


@pytest.mark.parametrize("value", [Fr(MOST), Fr(-MOST), Fr(1, MOST)])
def test_a_fraction_within_the_bounds_is_taken_as_it_is(value):
    assert evaluate(parse_formula("A"), {"A": value}).value == value


def test_long_sums_of_unlike_ratios_are_reduced_to_the_same_number():
    values = {"A": 7, "B": 999_999_999_999_989, "C": 999_999_999_999_937}
    result = 60 * (Fr(7, values["B"]) + Fr(7, values["C"]))
    assert compute("+".join(["A/B+A/C"] * 60), **values) == result


def nested(depth):
    """Parentheses with a term beside each."""
    text = "A"
    for _level in range(depth - 1):
        text = f"(A+{text})"
    return text


@pytest.mark.parametrize(
    "make",
    [
        lambda depth: "(" * (depth - 1) + "A" + ")" * (depth - 1),
        lambda depth: "-" * (depth - 1) + "A",
        lambda depth: "abs(" * (depth - 1) + "A" + ")" * (depth - 1),
        lambda depth: "A*A+A+" + "(" * (depth - 1) + "A" + ")" * (depth - 1),
        nested,
    ],
)
def test_how_deep_a_formula_may_be(make):
    parse_formula(make(MAX_DEPTH))
    with pytest.raises(FormulaError):
        parse_formula(make(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("read", "refused"),
    [
        ("A" * MAX_LENGTH, "A" * (MAX_LENGTH + 1)),
        ("999999999999999", "9999999999999999"),
        ("0." + "0" * 13 + "1" * 15, "0." + "0" * 14 + "1" * 15),
        ("round(A, 15)", "round(A, 15, 1)"),
        # the canonical text is longer, or deeper, than what was typed
        (f"sum({','.join(['A'] * 665)})", f"sum({','.join(['A'] * 666)})"),
        ("-" * 48 + "A:B", "-" * 49 + "A:B"),
        ("." + "1" * 15, "." + "0" * 14 + "1" * 15),
    ],
)
def test_how_long_a_formula_and_a_number_may_be(read, refused):
    formula = parse_formula(read)
    assert parse_formula(formula.print()) == formula
    with pytest.raises(FormulaError) as caught:
        parse_formula(refused)
    assert 0 <= caught.value.position <= len(refused)
    assert caught.value.text == refused


def test_a_refused_canonical_text_is_refused_at_the_end_of_what_was_typed():
    text = f"sum({','.join(['A'] * 900)})"
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert (caught.value.position, caught.value.text) == (len(text), text)
    assert caught.value.message == "สูตรยาวเกิน 2000 ตัวอักษร"


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("A/B>1", {"A": 5, "B": 1}, 1),
        ("A/B<1", {"A": 5, "B": 1}, 0),
        ("1<2*3", {}, 1),
        ("6<2*3", {}, 0),
        ("13<2*3+4*2", {}, 1),
        ("sum(1/2, 1/3)", {}, Fr(5, 6)),
        ("sum(A/B, A/C)", {"A": 1, "B": 3, "C": 7}, Fr(10, 21)),
        ("round(A/B, 2)", {"A": 1, "B": 3}, Fr(33, 100)),
        ("round(2/3, A)", {"A": 1}, Fr(7, 10)),
        ("round(2/3, 15)", {}, Fr(666666666666667, 10**15)),
    ],
)
def test_corners_of_the_language(text, values, result):
    assert compute(text, **values) == result


@pytest.mark.parametrize(
    ("text", "names"),
    [("-B", ("B",)), ("B<A", ("B", "A")), ("max(C, B, A)", ("C", "B", "A")), ("if(C>1, -B, A/C)", ("C", "B", "A"))],
)
def test_names_are_found_wherever_they_stand(text, names):
    assert parse_formula(text).ordered_names == names


@pytest.mark.parametrize("text", ["-A", "--A", "-(A*B)", "-(A+B)*C", "A+B<C-D", "(A<B)+C", "(A<B)<C", "(A*B)/C"])
def test_canonical_text_has_the_parentheses_it_needs_and_no_others(text):
    formula = parse_formula(text)
    assert formula.print() == {"(A*B)/C": "A*B/C"}.get(text, text)
    assert parse_formula(formula.print()) == formula


def test_a_pair_says_that_it_is_one():
    assert parse_formula("A:B").is_pair
    assert not parse_formula("A").is_pair
    assert parse_formula("A:B").ordered_names == ("A", "B")
