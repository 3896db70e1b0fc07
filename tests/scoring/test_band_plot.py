"""The picture of a template's bands: what is drawn, that it is exact, safe, and readable without colour."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.band_plot import COLOURS, WIDTH, Mark, band_plot, marks_of
from scoring.coverage import coverage
from scoring.levels import Direction, level_of
from scoring.notation import parse_notation
from scoring.template import Kind, Printed
from tests.scoring.samples import PERCENT, WAITING, bands

SVG = "{http://www.w3.org/2000/svg}"
TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"


def of(*texts, template=PERCENT, **changes):
    return replace(template, bands=bands(*texts) if texts else (), **changes)


def draw(template, marks=(), name="p"):
    return band_plot(template, name=name, title="ช่วงคะแนน", marks=marks)


def root(svg):
    return ET.fromstring(svg)


def texts(svg):
    return [element.text for element in root(svg).iter(f"{SVG}text")]


def description(svg):
    return root(svg).find(f"{SVG}desc").text


def strip(svg):
    """The levels of the strip on top, from left to right: their colours in the first row of rectangles."""
    by_fill = {fill: level for level, (fill, _ink) in COLOURS.items()}
    found = [rect for rect in root(svg).iter(f"{SVG}rect") if rect.get("height") == "22"]
    return [by_fill[rect.get("fill")] for rect in sorted(found, key=lambda rect: float(rect.get("x")))]


# What is drawn


@pytest.mark.parametrize("printed", [(), ("", "-", "NA"), ("ไม่มี/ส่งผลงาน",), ("ดี", "ดีมาก")])
def test_nothing_to_draw(printed):
    assert draw(of(*printed)) is None


def test_it_is_an_image_with_title_and_description():
    svg = root(draw(PERCENT))
    assert svg.get("role") == "img"
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert [named[one] for one in svg.get("aria-labelledby").split()] == ["ช่วงคะแนน", description(draw(PERCENT))]


def test_strict_policy_allows_it():
    svg = draw(PERCENT, marks_of(PERCENT))
    assert "style" not in svg
    assert not re.search(r"\son\w+=|<script|href", svg)


def test_colours_are_those_of_the_tokens():
    css = TOKENS.read_text(encoding="utf-8")
    for level, (fill, ink) in COLOURS.items():
        assert f"--k-level-{level}: {fill}; --k-level-{level}-text: {ink};" in css


def test_letters_are_at_least_16_pixels_where_it_is_as_wide_as_a_phone():
    assert root(draw(PERCENT)).get("font-size") == "16"
    assert WIDTH <= 366  # 390 less the page's own margins


def test_every_level_has_its_figure_and_its_text():
    svg = draw(of("<65", "65-69", "70-74", "75-79", "80 - 86", ">87"))
    for text in ("0", "1", "2", "3", "4", "5", "<65", "65-69", "70-74", "75-79", "80 - 86", ">87"):
        assert text in texts(svg)


def test_only_two_levels_and_a_single_band():
    yes_no = draw(replace(PERCENT, bands=((0, Printed("ไม่มี/ส่งผลงาน")), (5, Printed("100")))))
    assert strip(yes_no) == [0, 5]
    assert texts(yes_no).count("–") == 4
    assert strip(draw(replace(PERCENT, bands=((3, Printed("80 ขึ้นไป")),)))) == [0, 3]


def test_a_pair_is_drawn_by_its_first_number():
    svg = draw(of("<56 : >44", "56 : 44", "61 : 39", "66 : 34", "71 : 29", "76: 24"))
    assert strip(svg) == [0, 1, 2, 3, 4, 5]
    assert "76" in texts(svg)
    assert "24" not in texts(svg)


def test_better_lies_where_the_arrow_points():
    assert "ยิ่งมากยิ่งดี →" in texts(draw(PERCENT))
    assert "← ยิ่งน้อยยิ่งดี" in texts(draw(WAITING))
    assert strip(draw(WAITING)) == [5, 4, 3, 2, 1, 0]


def test_the_strip_follows_the_edge_rule_and_not_the_print():
    """With a misprint at level 4, 97 is level 4 (DESIGN.md section 3); with equal edges the higher level wins."""
    assert strip(draw(of("<50", "50-60", "60-70", "71-80", "95-94", "100"))) == [0, 1, 2, 3, 4, 5]
    assert strip(draw(of("<50", "50-60", "50-70"))) == [0, 2]


def test_ends_that_are_left_out_are_hollow():
    svg = draw(of("<70", "70 - 80"))
    fills = [circle.get("fill") for circle in root(svg).iter(f"{SVG}circle")]
    assert fills.count("#ffffff") == 1
    assert len(fills) == 3


def test_what_cannot_be_read_is_named_and_gives_no_level():
    svg = draw(of("<50", "อะไรก็ไม่รู้", "60-70"))
    assert "อ่านไม่ได้: อะไรก็ไม่รู้" in texts(svg)
    assert strip(svg) == []
    assert any("ยังให้ระดับไม่ได้" in text for text in texts(svg))


def test_a_correction_is_drawn_and_the_print_is_an_outline():
    printed = replace(PERCENT, bands=((4, Printed("10.1 - 11.0", "10.0 - 10.9", "เหตุ")), (5, Printed("12"))))
    svg = draw(printed)
    assert "10.0 - 10.9" in texts(svg)
    assert any(rect.get("fill") == "none" and rect.get("stroke-dasharray") for rect in root(svg).iter(f"{SVG}rect"))


def test_texts_are_escaped_also_in_the_name():
    svg = band_plot(of("<50", '>"50&'), name='a"><b', title="<&>")
    assert root(svg).find(f"{SVG}title").text == "<&>"


@pytest.mark.parametrize(
    "printed",
    [
        ("<1,000,000", "1,000,000-2,000,000", "2,000,001-3,000,000", ">123,456,789,012"),
        ("<-10", "-10 - -5", "-4 - 0", ">10"),
        ("<0.0001", "0.0001-0.0002"),
        ("", "5", "5", "5"),
    ],
)
def test_long_negative_and_small_numbers_stay_inside(printed):
    template = of(*printed)
    marks = (Mark("baseline", "ฐานข้อมูล 999,999,999,999", D(999999999999)), Mark("pass", "เกณฑ์ผ่าน -3", D(-3)))
    for element in root(draw(template, marks)).iter():
        for name in ("x", "cx"):
            if element.get(name):
                assert 0 <= float(element.get(name)) <= WIDTH


# Marks


def test_marks_are_target_pass_line_and_baseline():
    marks = marks_of(replace(WAITING, target="≤170 นาที"), [("192 นาที", D(192)), ("NA", None)])
    assert [(mark.kind, mark.value) for mark in marks] == [("target", 170), ("pass", 170), ("baseline", 192)]
    assert [mark.label for mark in marks] == ["เป้าหมาย ≤170 นาที", "เกณฑ์ผ่าน ≤170", "ฐานข้อมูล 192 นาที"]


def test_of_a_range_the_worse_end_decides():
    assert marks_of(replace(PERCENT, target="80 - 86", pass_criterion=None))[0].value == 80
    assert marks_of(replace(WAITING, target="80 - 86", pass_criterion=None))[0].value == 86


def test_labels_do_not_collide():
    """Each has a line of its own."""
    svg = draw(PERCENT, tuple(Mark("target", f"เป้าหมาย {n}", D(87)) for n in range(3)))
    lines = [e.get("y") for e in root(svg).iter(f"{SVG}text") if (e.text or "").startswith("เป้าหมาย")]
    assert len(set(lines)) == 3


def test_a_mark_far_away_does_not_squeeze_the_bands():
    svg = draw(PERCENT, (Mark("baseline", "ฐานข้อมูล 9,000", D(9000)),))
    assert "ฐานข้อมูล 9,000 (อยู่นอกภาพ)" in texts(svg)
    near = draw(PERCENT, (Mark("baseline", "ฐานข้อมูล 95", D(95)),))
    assert "ฐานข้อมูล 95" in texts(near)


# Gaps and overlaps


COVERAGE = [
    # bands, decimals, gaps, shared
    (("<65", "65-69", "70-74"), 2, ["69 ถึง 70"], []),
    (("<65", "65-69", "70-74"), 0, [], []),  # whole values: nothing lies between
    (("<10.0", "10.1-11.0"), 2, ["10 ถึง 10.1"], []),
    (("<10", ">10"), 0, ["10"], []),
    (("50-60", "60-70"), 2, [], ["60"]),
    (("50-60", "55-70"), 2, [], ["55 ถึง 60"]),
    (("<50", "<40"), 2, [], ["40 ลงมา"]),
    ((">50", ">=60"), 2, [], ["60 ขึ้นไป"]),
    (("100", "95-94", "<90"), 2, ["90 ถึง 100"], []),  # backwards claims nothing
    (("5",), 2, [], []),
    (("-4 - -3", "-2 - -1"), 0, [], []),
    (("-4.5 - -3.5", "-2.5 - -1"), 0, ["-3.5 ถึง -2.5"], []),
]


@pytest.mark.parametrize(("printed", "places", "gaps", "shared"), COVERAGE)
def test_coverage(printed, places, gaps, shared):
    found = coverage([parse_notation(text) for text in printed], places)
    assert [[stretch.words for stretch in stretches] for stretches in found] == [gaps, shared]


def test_the_picture_marks_and_describes_them():
    svg = draw(of("<50", "50-60", "60-70", "75-80"))
    assert "url(#p-gap)" in svg
    assert {"ไม่มีช่วงใดรับ", "รับซ้อนกัน"} <= set(texts(svg))
    assert "ไม่มีช่วงใดรับ 70 ถึง 75" in description(svg)
    assert "รับซ้อนกัน 60" in description(svg)
    assert "ไม่มีช่วงใดรับ" not in texts(draw(of("<50", "50-60", ">60")))


def test_steps_are_whole():
    steps = replace(PERCENT, kind=Kind.MILESTONE, bands=bands("", "ระดับ 1", "ระดับ 2", "ระดับ 3"))
    assert "ไม่มีช่วงใดรับ" not in texts(draw(steps))


NUMBERS = st.decimals(-1000, 1000, places=1)
NOTATIONS = st.one_of(
    st.tuples(NUMBERS, NUMBERS).map(lambda pair: f"{pair[0]} - {pair[1]}"),
    st.tuples(st.sampled_from(["<", "≤", ">", "≥", ""]), NUMBERS).map(lambda pair: f"{pair[0]}{pair[1]}"),
    st.sampled_from(["", "-", "ไม่มี/ส่งผลงาน", "อ่านไม่ออก"]),
)


@given(st.lists(NOTATIONS, min_size=1, max_size=6), st.sampled_from(Direction))
def test_any_bands_can_be_drawn(printed, direction):
    svg = draw(of(*printed, direction=direction), (Mark("target", "เป้าหมาย 7", D(7)),))
    assert svg is None or root(svg).get("role") == "img"


@example(["0.0 - 0.0", "0.0 - 0.0"], Direction.LOWER, D("0.0"))
@given(st.lists(NOTATIONS, min_size=2, max_size=6), st.sampled_from(Direction), NUMBERS)
def test_every_level_that_a_value_can_get_is_on_the_strip(printed, direction, value):
    template = of(*(text for text in printed if text != "อ่านไม่ออก"), direction=direction)
    svg = draw(template)
    if svg is not None and template.scale.edges:
        points = template.scale.table[0]
        if points and points[0] <= value <= points[-1]:
            assert level_of(value, template.scale) in strip(svg)


@given(st.lists(NOTATIONS, min_size=1, max_size=5), NUMBERS)
def test_coverage_says_of_every_value_what_the_bands_say(printed, value):
    claims = [parse_notation(text) for text in printed if text != "อ่านไม่ออก"]
    gaps, shared = coverage(claims, 1)
    count = sum(claim.contains(value) for claim in claims)
    assert any(_holds(stretch, value) for stretch in shared) == (count >= 2)
    beyond = [D(-10000), *(D(n) / 10 for n in range(-10000, 10001, 7)), D(10000)]
    claimed = [other for other in beyond if any(claim.contains(other) for claim in claims)]
    if count == 0 and claimed and min(claimed) < value < max(claimed):
        assert any(_holds(stretch, value) for stretch in gaps)
    if count:
        assert not any(_holds(stretch, value) for stretch in gaps)


def _holds(stretch, value):
    above = stretch.low is None or value > stretch.low or (stretch.low_in and value == stretch.low)
    below = stretch.high is None or value < stretch.high or (stretch.high_in and value == stretch.high)
    return above and below
