"""The formula language: what it computes, what it refuses, and that nothing else ever comes out of it."""

import pickle
from contextlib import suppress
from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.compiled import decimal_of
from scoring.formula import CannotCompute, FormulaError, NoCases, evaluate, parse_formula, rounded_units
from scoring.numbers import round_half_up


def compute(text, **values):
    return evaluate(parse_formula(text), {name: D(str(value)) for name, value in values.items()}).value


# Every form of formula in the plan, worked by hand.
PLAN = [
    ("A/B*100", {"A": 33, "B": 40}, "82.5"),
    ("(A/B)*100", {"A": 1, "B": 8}, "12.5"),
    ("A/B", {"A": 3410, "B": 20}, "170.5"),
    ("B/A*100", {"A": 200, "B": 1}, "0.5"),
    ("A*100/(B*C)", {"A": 31000, "B": 1000, "C": 31}, "100"),
    ("(A-B)*100/A", {"A": 80, "B": 60}, "25"),
    ("(A-B)/B*100", {"A": 110, "B": 100}, "10"),
    ("(A-B)/B*100", {"A": 95, "B": 100}, "-5"),
    ("abs(A-B)*100/abs(A)", {"A": -200, "B": -150}, "25"),
    ("mean(A1/B1*100, A2/B2*100)", {"A1": 1, "B1": 2, "A2": 3, "B2": 4}, "62.5"),
    ("mean(A1/B1*100, A2/B2*100, A3/B3*100)", {"A1": 1, "B1": 2, "A2": 0, "B2": 0, "A3": 3, "B3": 4}, "62.5"),
    ("(86.67+100)/2", {}, "93.335"),
]
RISK = "(A<1.5)+(B<1.0)+(C<0.8)+(D<0)+(E<0)+(F<3)*2"


@pytest.mark.parametrize(("text", "values", "result"), PLAN)
def test_formulas_of_the_plan(text, values, result):
    assert compute(text, **values) == Fr(result)


@pytest.mark.parametrize(
    ("values", "points"),
    [
        (("1.5", "1.0", "0.8", 0, 0, 3), 0),
        (("1.49", "0.99", "0.79", "-0.01", -1, "2.99"), 7),
        (("2", "2", "2", 5, 5, "2"), 2),
        (("1", "2", "2", -5, 5, "4"), 2),
    ],
)
def test_financial_risk_counts_its_six_conditions(values, points):
    assert compute(RISK, **dict(zip("ABCDEF", values, strict=True))) == points


def test_rounding_of_the_design_example():
    assert round_half_up(compute("(86.67+100)/2"), 2) == D("93.34")


def test_pair_gives_both_percentages():
    outcome = evaluate(parse_formula("(A/C):(B/C)"), {"A": D(764), "B": D(236), "C": D(1000)})
    assert (outcome.value, outcome.second) == (Fr("76.4"), Fr("23.6"))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("10-3-2", "5"),
        ("100/10/5", "2"),
        ("-2*-3", "6"),
        ("2--3", "5"),
        ("-(1+2)", "-3"),
        (".5+๑๒.๕", "13"),
        ("6×2÷3−1", "3"),
        ("1/3*3", "1"),
        ("1<2", "1"),
        ("2<=1", "0"),
        ("2≤2", "1"),
        ("2>1", "1"),
        ("1>=2", "0"),
        ("2≥2", "1"),
        ("1=1", "1"),
        ("1==2", "0"),
        ("1<>2", "1"),
        ("1!=1", "0"),
        ("1≠1", "0"),
        ("(1/3)<(1/2)", "1"),
        ("SUM(1,2,3)", "6"),
        ("mean(1,2)", "1.5"),
        ("min(3,1/2,2)", "0.5"),
        ("max(3,1/2,2)", "3"),
        ("abs(-4)", "4"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(93.335, 2)", "93.34"),
        ("round(1/3, 4)", "0.3333"),
        ("count(1,0,5)", "3"),
        ("count(1,0/0)", "1"),
        ("sum(1,0/0)", "1"),
        ("min(0/0,7)", "7"),
        ("max(0/0,-7)", "-7"),
        ("If(1<2, 10, 1/0)", "10"),
        ("if(0, 1/0, 20)", "20"),
        ("0*5", "0"),
        ("0/5", "0"),
        ("5/-2", "-2.5"),
        ("6/(2-4)<0", "1"),
        ("round(5/(2-4))", "-3"),
        ("abs(5/(2-4))", "2.5"),
        ("max(5/(2-4), -3)", "-2.5"),
    ],
)
def test_language(text, result):
    assert compute(text) == Fr(result)


def test_names_are_case_sensitive_and_listed():
    formula = parse_formula("A1 + a1*B_2 - A1")
    assert formula.names == {"A1", "a1", "B_2"}
    assert formula.ordered_names == ("A1", "a1", "B_2")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(A/B)*100", "A/B*100"),
        (" A × 100 ÷ ( B × C ) ", "A*100/(B*C)"),
        ("(A-B)*100/A", "(A-B)*100/A"),
        ("A-(B-C)", "A-(B-C)"),
        ("A/(B/C)", "A/(B/C)"),
        ("-(A+B)", "-(A+B)"),
        ("MEAN( A,B )", "mean(A, B)"),
        ("(A<1.50)+(B==2)*2", "(A<1.50)+(B=2)*2"),
        ("(A/C):(B/C)", "(A/C):(B/C)"),
        ("A/C : B/C", "(A/C):(B/C)"),
    ],
)
def test_canonical_print(text, printed):
    assert parse_formula(text).print() == printed
    assert parse_formula(printed) == parse_formula(text)


def test_with_numbers():
    assert parse_formula("A/B*100").with_numbers({"A": D(33), "B": D(40)}) == "33/40*100"
    assert parse_formula("(A-B)/B").with_numbers({"A": D(-5), "B": D("1234.50")}) == "((-5)-1234.5)/1234.5"
    assert parse_formula("A/B").with_numbers({"A": Fr(1, 3), "B": None}) == "0.333333…/B"
    assert parse_formula("A:B").with_numbers({"A": D(0), "B": D(1)}) == "(0):(1)"


def test_thirds_stay_thirds():
    assert compute("A/B", A=1, B=3) == Fr(1, 3)


# What cannot be computed.


def test_zero_denominator_names_the_item():
    with pytest.raises(CannotCompute) as caught:
        compute("A*100/(B*C)", A=5, B=12, C=0)
    assert caught.value.item == "C"
    assert "C" in caught.value.message


def test_zero_difference_names_both_items():
    with pytest.raises(CannotCompute) as caught:
        compute("A/(B-C)", A=5, B=2, C=2)
    assert caught.value.items == ("B", "C")


def test_constant_zero_denominator_has_no_item():
    with pytest.raises(CannotCompute) as caught:
        compute("1/0")
    assert caught.value.item is None


def test_missing_item_is_named_and_zero_is_not_missing():
    with pytest.raises(CannotCompute) as caught:
        evaluate(parse_formula("A/B"), {"A": D(0), "B": None})
    assert caught.value.item == "B"
    assert compute("A/B", A=0, B=4) == 0


def test_zero_of_zero_is_no_cases():
    with pytest.raises(NoCases) as caught:
        compute("A/B*100", A=0, B=0)
    assert caught.value.item == "B"


@pytest.mark.parametrize("function", ["sum", "mean", "min", "max", "count"])
def test_all_groups_without_cases(function):
    with pytest.raises(NoCases):
        compute(f"{function}(A/B, C/D)", A=0, B=0, C=0, D=0)


def test_a_group_with_a_numerator_but_no_denominator_does_not_drop_out():
    with pytest.raises(CannotCompute):
        compute("mean(A/B, C/D)", A=1, B=0, C=1, D=2)


@pytest.mark.parametrize("text", ["round(1, 0.5)", "round(1, -1)", "round(1, 16)"])
def test_round_takes_a_small_whole_number_of_places(text):
    with pytest.raises(CannotCompute):
        compute(text)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+999999", "1E-999999"])
def test_unmeasurable_items(value):
    with pytest.raises(CannotCompute):
        evaluate(parse_formula("A*2"), {"A": D(value)})


def test_numbers_do_not_grow_past_all_measure():
    product = "*".join(["999999999999999"] * 100)
    with pytest.raises(CannotCompute):
        compute(product)
    nested = "A"
    for _ in range(40):
        nested = f"({nested}*{nested})" if len(nested) < 900 else f"({nested}*A)"
    with pytest.raises(CannotCompute):
        compute(nested[:2000], A=999999999999999)


def test_long_sums_of_ratios_are_reduced_on_the_way():
    assert compute("+".join(["A/B"] * 400), A=7, B=999999999999999) == Fr(2800, 999999999999999)


def test_a_thousand_terms_do_not_exhaust_the_stack():
    assert compute("+".join("1" * 1000)) == 1000
    assert compute("-".join("1" * 1000)) == -998


# What is no formula.


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("A/", 2),
        ("A B", 2),
        ("2(3)", 1),
        ("(A/B", 4),
        ("A/B)*100", 3),
        ("A/B) *100", 3),
        ("9**9", 2),
        ("9^9", 1),
        ("1<2<3", 3),
        ("A:B:C", 3),
        ("(A:B)", 2),
        ("mean(A:B)", 6),
        ("1e999", 1),
        ("9" * 400, 0),
        ("0" * 400, 0),
        ("1234567890123456", 0),
        ("foo(1)", 0),
        ("__import__('os')", 0),
        ("A.real", 1),
        ("A; B", 1),
        ("mean", 0),
        ("mean()", 5),
        ("abs(1,2)", 0),
        ("if(1,2)", 0),
        ("+A", 0),
        ("1,5", 1),
        ("1.", 1),
        ("ก/ข", 0),
        ("A/B\0", 3),
        ("(" * 51 + "1" + ")" * 51, 50),
        ("-" * 60 + "1", 50),
        ("1" + "+1" * 1000, 2000),
    ],
)
def test_refused_with_the_place(text, position):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.position == position
    assert caught.value.text == text
    assert caught.value.message


def test_the_message_names_the_place_as_people_count():
    with pytest.raises(FormulaError) as caught:
        parse_formula("A/B)*100")
    assert caught.value.message == "สูตรผิดตรง “)” (ตัวอักษรที่ 4)"


def test_formula_can_be_pickled_after_use():
    formula = parse_formula("A/B")
    assert evaluate(formula, {"A": D(1), "B": D(2)}).value == Fr(1, 2)
    assert pickle.loads(pickle.dumps(formula)) == formula


# Properties.

SIGNS = "AB01+-*/()()<=>,:^๑×÷−≤."
WORDS = ["C1", "2.5", "100", "<=", "<>", "**", "e9", "mean(", "if(", "round(", "sum(", "abs(", "count(", "max("]
pieces = st.sampled_from([*SIGNS, *WORDS])
numbers = st.decimals(-(10**9), 10**9, places=2)


@given(st.text() | st.lists(pieces, max_size=40).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_formula_or_a_formula_error(text):
    with suppress(FormulaError, CannotCompute, NoCases):
        evaluate(parse_formula(text), {"A": D(0), "B": D("2.5"), "C1": D(-3), "e9": D(1)})


@given(st.text(max_size=30))
def test_an_error_names_a_place_in_its_text(text):
    try:
        parse_formula(text)
    except FormulaError as caught:
        error = caught
    else:
        return
    assert 0 <= error.position <= len(text)
    assert error.text == text


def formulas():
    leaves = st.sampled_from(["A", "B", "1", "0", "2.5", "100"])

    def grown(inner):
        binary = st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "<", "<=", "=", "<>"]), inner)
        call = st.tuples(
            st.sampled_from(["sum", "mean", "min", "max", "count"]), st.lists(inner, min_size=1, max_size=3)
        )
        return st.one_of(
            binary.map(lambda parts: f"({''.join(parts)})"),
            inner.map(lambda text: f"-{text}"),
            inner.map(lambda text: f"abs({text})"),
            call.map(lambda parts: f"{parts[0]}({','.join(parts[1])})"),
            st.tuples(inner, inner, inner).map(lambda parts: f"if({','.join(parts)})"),
        )

    return st.recursive(leaves, grown, max_leaves=12)


@given(formulas(), numbers, numbers)
@settings(deadline=None)
def test_print_reads_back_to_the_same_formula_and_value(text, a, b):
    formula = parse_formula(text)
    again = parse_formula(formula.print())
    assert again == formula
    assert outcome_of(again, a, b) == outcome_of(formula, a, b)


@given(formulas(), numbers, numbers)
@settings(deadline=None)
def test_the_formula_with_numbers_computes_to_the_same(text, a, b):
    formula = parse_formula(text)
    filled = parse_formula(formula.with_numbers({"A": a, "B": b}))
    assert outcome_of(filled, a, b) == outcome_of(formula, a, b)


def outcome_of(formula, a, b):
    try:
        return evaluate(formula, {"A": a, "B": b})
    except (CannotCompute, NoCases) as error:
        return type(error)


@given(numbers, numbers, numbers)
def test_division_agrees_with_fractions(a, b, c):
    assume(b and c)
    values = {"A": a, "B": b, "C": c}
    assert evaluate(parse_formula("A*100/(B*C)"), values).value == Fr(a) * 100 / (Fr(b) * Fr(c))
    assert evaluate(parse_formula("A/B<C"), values).value == (Fr(a) / Fr(b) < Fr(c))
    assert evaluate(parse_formula("(A-B)/C+A"), values).value == (Fr(a) - Fr(b)) / Fr(c) + Fr(a)


@given(st.fractions(), st.integers(1, 10**6), st.integers(0, 6))
def test_rounding_of_unreduced_ratios_agrees_with_round_half_up(fraction, factor, decimals):
    ratio = (fraction.numerator * factor, fraction.denominator * factor)
    assert rounded_units(ratio, decimals) == Fr(round_half_up(fraction, decimals)) * 10**decimals
    assert str(decimal_of(ratio, decimals)) == str(round_half_up(fraction, decimals))
