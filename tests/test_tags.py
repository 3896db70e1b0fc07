"""Numbers, dates, levels and states as templates show them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.translation import override

from kpitrack.templatetags.kpitrack_tags import STATES

CSS = Path(__file__).parents[1] / "static" / "css"


def shown(source: str, **values: object) -> str:
    return " ".join(Template("{% load kpitrack_tags %}" + source).render(Context(values)).split())


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal(0), "0"), (None, ""), (Decimal("1234567.50"), "1,234,567.5"), (Decimal("-0.05"), "-0.05")],
)
def test_number_tells_zero_from_missing(value, text):
    assert shown("{{ value|number }}", value=value) == text


def test_number_with_decimals():
    assert shown("{{ value|number:2 }}", value=Decimal("93.335")) == "93.34"


def test_dates_are_thai():
    day = date(2026, 11, 21)
    assert shown("{{ day|thai_date }}", day=day) == "21 พ.ย. 2569"
    assert shown("{{ day|thai_date_long }}", day=day) == "21 พฤศจิกายน 2569"
    assert shown("[{{ day|thai_date }}]", day=None) == "[]"


def test_times_are_on_the_clock_of_thailand():
    moment = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)
    assert shown("{{ moment|thai_time }}", moment=moment) == "21 พ.ย. 2569 01:05 น."
    assert shown("{{ moment|thai_date }}", moment=moment) == "21 พ.ย. 2569"


@pytest.mark.parametrize(
    ("level", "colour", "text"),
    [(0, 0, "0"), (5, 5, "5"), (Decimal("2.9999"), 2, "2.9999"), (Decimal("4.0000"), 4, "4")],
)
def test_level_has_its_figure_and_the_colour_of_its_floor(level, colour, text):
    badge = shown("{% level_badge level %}", level=level)
    assert f'class="level level-{colour}"' in badge
    assert badge.endswith(f"</span>{text}</span>")


def test_missing_level_says_why():
    assert "ยังไม่รายงาน" in shown("{% level_badge None %}")
    assert "เลยกำหนด" in shown('{% level_badge None "late" %}')
    assert "level-" not in shown("{% level_badge None %}")


def test_what_is_never_the_same_differs_in_word_shape_and_colour():
    """Zero is a number; these four stand where there is none."""
    looks = [STATES[key] for key in ("not_reported", "not_yet_due", "not_applicable", "cannot_compute")]
    css = (CSS / "kpitrack.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"(--k-[\w-]+): (#\w+);", (CSS / "tokens.css").read_text(encoding="utf-8")))
    rules = [re.search(rf"\.state-{look.tone} {{(.*)}}", css)[1] for look in looks]
    colours = [
        tuple(tokens[name] for name in re.findall(r"(?:color|background): var\(([^)]*)\)", rule)) for rule in rules
    ]
    for each in ([str(look.word) for look in looks], [look.icon for look in looks], colours):
        assert len(set(each)) == len(looks)


def test_state_has_shape_and_word():
    badge = shown('{% state_badge "returned" %}')
    assert "ส่งกลับแก้ไข" in badge
    assert "#arrow-return-left" in badge
    with override("en"):
        assert "Returned" in shown('{% state_badge "returned" %}')


def test_passing():
    assert "ผ่าน" in shown("{% pass_badge True %}")
    assert "ไม่ผ่าน" in shown("{% pass_badge False %}")
    assert shown("{% pass_badge None %}") == ""


def test_breadcrumbs():
    crumbs = shown('{% breadcrumbs "หน้าแรก" "/" "แผน" %}')
    assert '<a href="/">หน้าแรก</a>' in crumbs
    assert '<li aria-current="page">แผน</li>' in crumbs
