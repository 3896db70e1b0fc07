"""Charts: what is drawn, that it is exact, safe and readable without colour."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scoring.charts import Point, Target, trend

SVG = "{http://www.w3.org/2000/svg}"


def draw(*values, passed=None, target=None, **more):
    points = [Point(f"m{n}", None if v is None else Decimal(v), passed) for n, v in enumerate(values)]
    return trend(points, name="c", title="ผลงาน", desc="ต.ค. 1", target=target, **more)


def parsed(svg):
    return ET.fromstring(svg)


def texts(svg):
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


def test_nothing_to_draw():
    assert draw(None, None) == ""
    assert draw() == ""


def test_it_is_an_image_with_title_and_description():
    root = parsed(draw("1", "2"))
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby").split()
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert [named[one] for one in ids] == ["ผลงาน", "ต.ค. 1"]


def test_strict_policy_allows_it():
    svg = draw("1", "2", None, "3", passed=False, target=Target(Decimal(2), "เกณฑ์"))
    assert "style" not in svg
    assert "<script" not in svg
    assert not re.search(r"\son\w+=", svg)


def test_texts_are_escaped():
    svg = trend([Point("<b>", Decimal(1))], name='a"b', title="<&>", desc="</desc>", target=Target(Decimal(1), "<10"))
    assert {"<b>", "- - - <10"} <= set(texts(svg))


def test_every_value_has_its_figure_and_every_gap_its_dash():
    svg = draw("168", None, "170.5", decimals=2)
    assert texts(svg) == ["m0", "m1", "–", "m2", "168.00", "170.50"]


def test_line_breaks_where_a_round_has_no_value():
    svg = draw("1", "2", None, "3", None, "4", "5")
    assert svg.count('stroke-width="2"') == 2  # 3 stands alone


def test_passing_is_told_by_the_shape():
    assert draw("1", passed=True).count("<circle") == 1
    assert draw("1", passed=None).count("<circle") == 1
    failed = draw("1", passed=False)
    assert "<circle" not in failed
    assert 'fill="#ffffff"' in failed


def test_higher_is_higher_and_the_target_lies_between():
    svg = draw("10", "20", target=Target(Decimal(15), "เกณฑ์"))
    low, high = (float(circle.get("cy")) for circle in parsed(svg).iter(f"{SVG}circle"))
    line = float(re.search(r'd="M24 ([\d.]+)H\d+" stroke="currentColor" stroke-dasharray', svg)[1])
    assert line == (low + high) / 2
    assert high < low


def test_wide_figures_get_room():
    narrow, wide = (int(parsed(draw(*[value] * 12)).get("width")) for value in ("1", "1234567.25"))
    assert wide > narrow
    assert int(parsed(draw("1")).get("width")) == 480  # few rounds leave room for the target's word


def test_counts_do_not_go_below_nothing():
    circle = next(parsed(draw("0", "100")).iter(f"{SVG}circle"))
    assert circle.get("cy") == "196"  # on the ground line


numbers = st.none() | st.decimals(-(10**11), 10**11, places=4)


@given(st.lists(numbers, max_size=13), st.none() | numbers.filter(lambda x: x is not None))
def test_whatever_the_values_all_lie_inside(values, edge):
    target = None if edge is None else Target(edge, "x")
    svg = draw(*values, target=target)
    if not svg:
        assert all(value is None for value in values)
        return
    root = parsed(svg)
    width, height = int(root.get("width")), int(root.get("height"))
    for circle in root.iter(f"{SVG}circle"):
        assert 0 < Decimal(circle.get("cx")) < width
        assert 0 < Decimal(circle.get("cy")) < height
