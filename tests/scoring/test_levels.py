"""From value to level by the edge rule, interpolation and passing (DESIGN.md section 3; the plan's own bands)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.levels import (
    Direction,
    Edge,
    Scale,
    direction_contradiction,
    interpolated,
    level_of,
    next_edge,
    passes,
    reached_edge,
)
from scoring.notation import parse_notation

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


def scale(direction: Direction, *texts: str) -> Scale:
    """Bands printed for the levels from 0 on."""
    return Scale(direction, tuple((level, parse_notation(text)) for level, text in enumerate(texts)))


PCC = scale(HIGHER, "ไม่มี/ส่งผลงาน", "1.00 – 4.99", "5.00 – 9.99", "10.00 – 14.99", "15.00 – 19.99", "≥20")  # KPI 1, 2560
PAIR = scale(HIGHER, "<75 : >25", "76: 24", "77: 23", "78 : 22", "79: 21", "≥ 80 : ≤ 20")  # KPI 2
REFER_OUT = scale(LOWER, ">14.1", "13.1 - 14.0", "12.1 - 13.0", "11.1 – 12.0", "10.1 – 11.0", "<10.0")  # KPI 5, 2560
REFER_IN = scale(LOWER, ">19.6", "19.1 – 19.5", "18.6 – 19.0", "18.1 – 18.5", "17.6 – 18.0", "17.5")  # KPI 6, 2560
OPD_RECORDS = scale(HIGHER, "<65", "65 - 69", "70 - 74", "75 - 79", "80 - 86", ">87")  # KPI 11(1), 2560
OPD_RECORDS_2561 = scale(HIGHER, "<70", "70 - 74", "75 - 79", "80 - 84", "85 - 88", ">89")
ZERO_DEFECT = scale(HIGHER, "<80", "80 -84", "85 -89", "90 -94", "95 -94", "100")  # KPI 15(1)
DOWN_TIME = scale(LOWER, ">2.0", "1.6- 2.0", "1.1-1.5", "0.6- 1.0", "0.1- 0.5", "0%")  # KPI 28, 2560
PAPERS = scale(HIGHER, "< 2 เรื่อง", ">2 เรื่อง", ">4 เรื่อง", ">6 เรื่อง", ">8 เรื่อง", ">10 เรื่อง")  # KPI 30
RISK = scale(LOWER, "ระดับ 7", "ระดับ 6", "ระดับ 5", "ระดับ 4", "ระดับ 3", "<ระดับ 2")  # KPI 23
TPS = scale(HIGHER, "", "< ร้อยละ 50", "ร้อยละ 50 - 59", "ร้อยละ 60 - 69", "ร้อยละ 70 - 79", "≥ ร้อยละ 80")
YES_NO = scale(HIGHER, "0", "-", "", "-", "-", "1")
ROUND_POINTS = scale(HIGHER, "", "70", "75", "80", "85", "90")


@pytest.mark.parametrize(
    ("bands", "value", "level"),
    [
        # issue "the main job", Must hold
        (REFER_OUT, "10.0", 4),
        (OPD_RECORDS_2561, "69.5", 0),
        (OPD_RECORDS_2561, "70", 1),
        (ZERO_DEFECT, "97", 4),
        (OPD_RECORDS, "87", 4),
        (PAPERS, "10", 4),
        (PAIR, "76.4", 1),
        (DOWN_TIME, "0.05", 4),
        (REFER_IN, "12", 5),
        # gaps, ends and misprints
        (OPD_RECORDS, "69.5", 1),
        (OPD_RECORDS, "64.99", 0),
        (OPD_RECORDS, "86.5", 4),
        (OPD_RECORDS, "87.01", 5),
        (REFER_OUT, "9.99", 5),
        (REFER_OUT, "11.05", 3),
        (REFER_OUT, "14.00", 1),
        (REFER_OUT, "14.05", 0),
        (ZERO_DEFECT, "100", 5),
        (ZERO_DEFECT, "94.5", 3),
        (DOWN_TIME, "0", 5),
        (DOWN_TIME, "0.0001", 4),
        (PAPERS, "2", 0),
        (PAPERS, "3", 1),
        (PAPERS, "11", 5),
        (PCC, "0", 0),
        (PCC, "0.99", 0),
        (PCC, "19.995", 4),
        (PCC, "20", 5),
        (RISK, "2", 4),
        (RISK, "1", 5),
        (RISK, "7", 0),
        (TPS, "0", 1),
        (TPS, "-5", 1),
        (TPS, "59.5", 2),
        (YES_NO, "0", 0),
        (YES_NO, "1", 5),
        (scale(LOWER, "", ">20", "16 - 20", "11 - 15", "6 - 10", "<6"), "99", 1),
        (scale(HIGHER, "", "10", "20", "20", "30", "30"), "20", 3),
        (scale(HIGHER, "", "10", "20", "20", "30", "30"), "30", 5),
        (scale(LOWER, "", "", "", "10", "", "<10"), "10", 3),
        (scale(HIGHER), "5", 0),
        (scale(HIGHER, "≥5", "-"), "5", 0),
    ],
)
def test_a_value_has_the_highest_level_whose_edge_it_reaches(bands: Scale, value: str, level: int) -> None:
    assert level_of(Decimal(value), bands) == level


def test_the_order_in_which_bands_are_given_does_not_matter() -> None:
    shuffled = Scale(HIGHER, tuple(reversed(OPD_RECORDS.bands)))
    assert shuffled.edges == OPD_RECORDS.edges


def test_the_edges_of_a_scale() -> None:
    assert REFER_OUT.edges[-2:] == (Edge(4, Decimal("11.0"), True), Edge(5, Decimal("10.0"), False))
    assert YES_NO.edges == (Edge(5, Decimal(1), True),)
    assert TPS.edges[0] == Edge(1, None, True)


def test_what_was_reached_and_what_comes_next() -> None:
    assert reached_edge(Decimal("69.5"), OPD_RECORDS) == Edge(1, Decimal(65), True)
    assert reached_edge(Decimal(1), OPD_RECORDS) is None
    assert next_edge(1, OPD_RECORDS) == Edge(2, Decimal(70), True)
    assert next_edge(0, YES_NO) == Edge(5, Decimal(1), True)
    assert next_edge(5, OPD_RECORDS) is None


SIGNS = ["", "≥", ">", "<", "≤"]
band_texts = st.one_of(
    st.just("-"),
    st.just("ไม่มี/ส่งผลงาน"),
    st.builds(lambda sign, number: f"{sign}{number}", st.sampled_from(SIGNS), st.integers(-20, 20)),
    st.builds(lambda low, high: f"{low} - {high}", st.integers(-20, 20), st.integers(-20, 20)),
)
scales = st.builds(
    lambda direction, texts: scale(direction, *texts),
    st.sampled_from(Direction),
    st.lists(band_texts, min_size=6, max_size=6),
)
values = st.integers(-100, 100).map(lambda quarter: Decimal(quarter) / 4)


@given(scales, values, values)
def test_a_better_value_never_gets_a_lower_level(bands: Scale, one: Decimal, other: Decimal) -> None:
    worse, better = sorted((one, other), reverse=bands.direction is LOWER)
    assert level_of(worse, bands) <= level_of(better, bands)
    assert interpolated(Fraction(worse), bands) <= interpolated(Fraction(better), bands)


@given(scales, values)
def test_the_prepared_table_says_what_the_rule_says(bands: Scale, value: Decimal) -> None:
    reached = [edge.level for edge in bands.edges if edge.reached_by(value, bands.direction)]
    level = level_of(value, bands)
    assert level == max(reached, default=0)
    assert all(not edge.reached_by(value, bands.direction) for edge in bands.edges if edge.level > level)


@given(scales, values)
def test_an_interpolated_score_stays_within_its_scale(bands: Scale, value: Decimal) -> None:
    score = interpolated(Fraction(value), bands)
    levels = [edge.level for edge in bands.edges] or [0]
    assert min(levels) <= score <= max(levels)
    assert score >= level_of(value, bands) or score == min(levels)


@pytest.mark.parametrize(
    ("bands", "value", "score"),
    [
        (ROUND_POINTS, "82.2835", "3.4567"),
        (ROUND_POINTS, "70", "1.0000"),
        (ROUND_POINTS, "90", "5.0000"),
        (ROUND_POINTS, "50", "1.0000"),
        (ROUND_POINTS, "99", "5.0000"),
        (ROUND_POINTS, "72.5", "1.5000"),
        (scale(LOWER, "", "90", "85", "80", "75", "70"), "82.5", "2.5000"),
        (scale(LOWER, "", "90", "85", "80", "75", "70"), "95", "1.0000"),
        (scale(HIGHER, "", "10", "", "20", "", ">30"), "15", "2.0000"),
        (scale(HIGHER, "", "10", "", "20", "", ">30"), "30", "5.0000"),
        (scale(HIGHER, "", "10", "20", "20", "30", "40"), "20", "3.0000"),
        # as points of a line edges count whatever their sign
        (scale(HIGHER, "", "<10", ">30", "40", "50", "60"), "30", "2.0000"),
        (scale(HIGHER, "", "10", ">20", ">20", "30", "40"), "20", "3.0000"),
        (TPS, "30", "1.0000"),
        (TPS, "55", "2.5000"),
        (scale(HIGHER), "30", "0.0000"),
    ],
)
def test_interpolation_runs_between_the_edges(bands: Scale, value: str, score: str) -> None:
    assert str(interpolated(Fraction(value), bands)) == score


def test_interpolation_takes_a_third_as_a_third() -> None:
    assert str(interpolated(Fraction(70) + Fraction(5, 3), ROUND_POINTS)) == "1.3333"


@pytest.mark.parametrize(
    ("criterion", "direction", "value", "passed"),
    [
        ("<12.0", LOWER, "10.0", True),  # KPI 5 in 2560: level 4 passes
        ("<12.0", LOWER, "12.0", False),
        (">87", HIGHER, "87", False),
        ("100", HIGHER, "100", True),
        ("100", HIGHER, "99.99", False),
        ("2.00", HIGHER, "2.05", True),
        ("0%", LOWER, "0", True),
        ("0%", LOWER, "0.0001", False),
        ("17.5", LOWER, "12", True),
        ("70 - 79", HIGHER, "79", True),
        ("70 - 79", HIGHER, "80", False),
        ("≥80", LOWER, "85", True),
        ("≥ 80 : ≤ 20", HIGHER, "80", True),
        ("ระดับ 4", HIGHER, "5", True),
        (">ระดับ 4", HIGHER, "4", False),
        ("<ระดับ2", LOWER, "1", True),
        ("ลดลง ≥5", HIGHER, "5", True),
        ("-", HIGHER, "5", None),
        ("ไม่มี/ส่งผลงาน", HIGHER, "5", None),
    ],
)
def test_passing_is_judged_by_the_criterion(
    criterion: str, direction: Direction, value: str, passed: bool | None
) -> None:
    assert passes(Decimal(value), parse_notation(criterion), direction) is passed


def test_without_a_criterion_passing_cannot_be_said() -> None:
    assert passes(Decimal(5), None, HIGHER) is None


@pytest.mark.parametrize("bands", [PCC, PAIR, REFER_OUT, REFER_IN, ZERO_DEFECT, DOWN_TIME, PAPERS, RISK, YES_NO])
def test_the_plans_bands_run_with_their_direction(bands: Scale) -> None:
    turned = Scale(LOWER if bands.direction is HIGHER else HIGHER, bands.bands)
    assert not direction_contradiction(bands)
    assert direction_contradiction(turned) == (bands is not YES_NO)


def test_one_misprint_does_not_turn_a_scale_round() -> None:
    assert not direction_contradiction(scale(HIGHER, "<0.5", "0.5-0.9", "0-1", "1- 2", "3- 4", "ลดลง >5"))
    assert not direction_contradiction(scale(HIGHER, "", "80", "85", "90", "95", "10"))


@pytest.mark.parametrize(
    ("bands", "contradicts"),
    [
        (scale(LOWER, "", "1", "2"), True),
        (scale(HIGHER, "", "2", "1"), True),
        (scale(LOWER, "", "5", "5", "5", "4"), False),
        (scale(HIGHER, "", "5", "5", "5", "6"), False),
        (scale(HIGHER, "", "5", "5"), False),
        (scale(LOWER, "", "5", "5"), False),
    ],
)
def test_equal_numbers_speak_for_no_direction(bands: Scale, contradicts: bool) -> None:
    assert direction_contradiction(bands) is contradicts
