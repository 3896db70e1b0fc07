"""Who signs, signs under something: signatures never stand alone on a page."""

import pytest

from reports import render
from reports.documents.model import Cell, Column, Row, Signature, Table
from tests.reports.test_render import document_of, pdf_text

FULL = range(24, 36, 2)  # rows, of which some fill the first page just so


def pages_of(rows: int) -> list[str]:
    table = Table("ก", (Column("รายการ"),), tuple(Row((Cell(f"row{row}"),)) for row in range(rows)), empty="")
    document = document_of(table, signatures=(Signature("ผู้รายงาน"),))
    return pdf_text(render.to_pdf(document)).rstrip("\f").split("\f")


@pytest.fixture(scope="module")
def broken() -> list[list[str]]:
    return [pages for pages in map(pages_of, FULL) if len(pages) > 1]


def test_the_last_rows_go_with_the_signatures(broken):
    assert broken, "no table filled its page"
    for pages in broken:
        assert "ลงชื่อ" in pages[-1]
        assert "row" in pages[-1]
