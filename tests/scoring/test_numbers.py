"""Typed numbers, exact rounding and Thai printing (DESIGN.md sections 2 and 3)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.numbers import (
    NumberError,
    exact,
    format_exact,
    format_number,
    from_thai_digits,
    parse_number,
    round_half_up,
    to_thai_digits,
)

typed = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)
fractions = st.fractions(min_value=-(10**6), max_value=10**6)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("82.5", "82.5"),
        ("๘๕.๕", "85.5"),
        ("๑,๒๓๔.๕", "1234.5"),
        ("  1,234,567.50\u00a0", "1234567.50"),
        ("+5", "5"),
        ("-5", "-5"),
        ("−0.25", "-0.25"),
        ("-0", "0"),
        ("007", "7"),
        ("123456789012345", "123456789012345"),
        ("0.00000123", "0.00000123"),
    ],
)
def test_a_number_is_read(text: str, number: str) -> None:
    assert str(parse_number(text)) == str(Decimal(number))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("-", 0),
        ("abc", 0),
        ("12a", 2),
        ("  12a", 4),
        ("๑๒ก", 2),
        ("1 000", 1),
        ("1,23", 1),
        ("12,3456", 2),
        ("0,123", 1),
        (",123", 0),
        ("1,234,", 1),
        ("1.2.3", 1),
        ("5.", 1),
        (".5", 0),
        ("--5", 1),
        ("- 5", 1),
        ("1e5", 1),
        ("NaN", 0),
        ("Infinity", 0),
        ("10%", 2),
        ("½", 0),
        ("٣", 0),
        ("1_000", 1),
        ("1234567890123456", 0),
        ("0.1234567890123456", 0),
        ("1" * 100_000, 40),
    ],
)
def test_anything_else_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.text == text
    assert caught.value.position == position
    assert caught.value.message


def read_or_refused(text: str) -> Decimal | NumberError:
    try:
        return parse_number(text)
    except NumberError as error:
        return error


@given(st.one_of(st.text(), st.text(alphabet="0123456789๐๕.,+-−eE ")))
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    match read_or_refused(text):
        case NumberError() as error:
            assert 0 <= error.position <= len(text)
        case number:
            assert number.is_finite()


@given(typed, st.booleans(), st.booleans())
def test_a_printed_number_reads_back(x: Decimal, thousands: bool, thai_digits: bool) -> None:
    assert parse_number(format_number(x, thousands=thousands, thai_digits=thai_digits)) == x


@pytest.mark.parametrize(
    ("x", "decimals", "rounded"),
    [
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Decimal("-0.001"), 2, "0.00"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("93.335"), 2, "93.34"),
        (Decimal("7"), 2, "7.00"),
        (12, 1, "12.0"),
        (Fraction(10**60 + 1, 2), 0, str(5 * 10**59 + 1)),
        (Decimal(10) ** 60, 2, "1" + "0" * 60 + ".00"),
    ],
)
def test_halves_go_away_from_zero(x: Fraction | Decimal | int, decimals: int, rounded: str) -> None:
    assert format(round_half_up(x, decimals), "f") == rounded


def test_the_mean_of_printed_percentages_of_section_3() -> None:
    assert round_half_up((exact(Decimal("86.67")) + 100) / 2, 2) == Decimal("93.34")


@given(fractions, st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_step_at_most(x: Fraction, decimals: int) -> None:
    rounded = exact(round_half_up(x, decimals))
    step = Fraction(1, 10**decimals)
    assert abs(rounded - x) <= step / 2
    assert (rounded / step).denominator == 1
    if abs(rounded - x) == step / 2:
        assert abs(rounded) > abs(x)


@given(st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False), st.integers(0, 6))
def test_decimals_and_fractions_round_alike(x: Decimal, decimals: int) -> None:
    assert str(round_half_up(x, decimals)) == str(round_half_up(exact(x), decimals))


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (None, ""),
        (Decimal(0), "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("10.50"), "10.5"),
        (Decimal(100), "100"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("1234567.89"), "1,234,567.89"),
        (Decimal("-1234.5"), "-1,234.5"),
        (Decimal("-0.5"), "-0.5"),
        (1000, "1,000"),
        (Fraction(1, 4), "0.25"),
        (Fraction(10000, 3), "3,333.333333…"),
    ],
)
def test_a_number_is_printed_as_it_is(x: Decimal | Fraction | int | None, text: str) -> None:
    assert format_number(x) == text


def test_a_number_is_printed_with_fixed_decimals_and_in_thai_digits() -> None:
    assert format_number(Decimal("1234.5"), 2) == "1,234.50"
    assert format_number(Decimal("1234.5"), 2, thousands=False) == "1234.50"
    assert format_number(Decimal("1234.5"), 2, thai_digits=True) == "๑,๒๓๔.๕๐"
    assert format_number(None, 2) == ""
    assert format_number(Fraction(2, 3), 2) == "0.67"


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (Fraction(33, 40), "0.825"),
        (Fraction(1, 3), "0.333333…"),
        (Fraction(-1, 3), "-0.333333…"),
        (Fraction(5), "5"),
        (Fraction(1, 10**6), "0.000001"),
        (Fraction(1, 10**7), "0.000000…"),
        (Fraction(-7, 2), "-3.5"),
    ],
)
def test_an_exact_value_says_where_it_is_cut(x: Fraction, text: str) -> None:
    assert format_exact(x) == text


def test_an_exact_value_may_be_cut_at_once() -> None:
    assert format_exact(Fraction(7, 2), 0) == "3…"
    assert format_exact(Fraction(7), 0) == "7"


@given(st.text(alphabet="0123456789.,-"))
def test_thai_digits_turn_both_ways(text: str) -> None:
    assert from_thai_digits(to_thai_digits(text)) == text
    assert not set("0123456789") & set(to_thai_digits(text))


def test_a_number_that_is_not_finite_is_no_fraction() -> None:
    with pytest.raises(ValueError, match="NaN"):
        exact(Decimal("NaN"))
