"""A number in a document is read in one piece, however long it is."""

import re
from decimal import Decimal

import pytest

from reports import render
from reports.documents.model import Align, Cell, Column, Orientation, Row, Table
from reports.documents.result_form import result_form
from tests.reports.test_render import document_of, form_data, pdf_text

LONG = "999,999,999,999"
A4_RIGHT = 595 - 56  # points: 2 cm of margin


def words_of(content: bytes) -> list[tuple[str, float, float]]:
    """Each drawn word with its left and right end in points."""
    found = re.findall(r'<word xMin="([\d.]+)" .*?xMax="([\d.]+)".*?>(.*?)</word>', pdf_text(content, "-bbox"))
    return [(text, float(left), float(right)) for left, right, text in found]


def test_counts_break_at_the_stroke_only():
    texts = [text for text, _left, _right in words_of(render.to_pdf(result_form(form_data(counts="7,320,000/30,500"))))]
    assert "7,320,000/30,500" in texts or {"7,320,000/", "30,500"} <= set(texts)


def test_numbers_of_twelve_digits_stay_whole_and_on_the_page():
    number = Decimal("999999999999.00")
    data = form_data(counts=f"{LONG}/{LONG}", value=number, rate=number, target=f"{LONG} บาท")
    words = words_of(render.to_pdf(result_form(data)))
    assert [text for text, _left, _right in words].count(f"{LONG}.00") == 2
    assert len([text for text, _left, _right in words if LONG in text]) >= 4
    assert max(right for _text, _left, right in words) <= A4_RIGHT


def test_neighbouring_columns_do_not_touch():
    columns = (Column("รายการ", 60), Column("ก", 5, Align.RIGHT), Column("ข", 5, Align.RIGHT))
    table = Table(
        "ก", columns, (Row((Cell("x"), Cell(Decimal("999999999999")), Cell(Decimal("888888888888")))),), empty=""
    )
    words = {text: (left, right) for text, left, right in words_of(render.to_pdf(document_of(table)))}
    assert words[LONG][1] < words["888,888,888,888"][0]


@pytest.mark.parametrize(("orientation", "share"), [(Orientation.PORTRAIT, "12.1"), (Orientation.LANDSCAPE, "10.0")])
def test_a_column_grows_only_where_its_numbers_ask_for_it(orientation, share):
    columns = (Column("รายการ", 90), Column("ก", 10, Align.RIGHT))
    table = Table("ก", columns, (Row((Cell("x"), Cell("1,000,000"))),), empty="")
    assert f'<col width="{share}%">' in render.to_html(document_of(table, orientation=orientation))


def test_digits_without_end_are_broken_rather_than_lost():
    """Somebody's reference of 60 digits: no column has room for it."""
    table = Table("ก", (Column("ก", 20), Column("ข", 10)), (Row((Cell("x"), Cell("9" * 60))),), empty="")
    assert max(right for _text, _left, right in words_of(render.to_pdf(document_of(table)))) <= A4_RIGHT


def test_words_are_not_taken_for_numbers():
    table = Table("ก", (Column("ก"),), (Row((Cell("ปี 2560 <b> 1,234/5,678\nข"),)),), empty="")
    page = render.to_html(document_of(table))
    assert (
        'ปี 2560 &lt;b&gt; <span class="doc-number">1,234</span>/<wbr><span class="doc-number">5,678</span><br>ข' in page
    )
