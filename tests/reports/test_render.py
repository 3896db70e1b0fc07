"""Documents as HTML, PDF and XLSX: nothing lost, numbers stay numbers, Thai text is found where it stands."""

import dataclasses
import io
import logging
import re
import shutil
import subprocess
import warnings
from decimal import Decimal
from pathlib import Path

import pytest
import weasyprint
from lxml import etree
from openpyxl import load_workbook

from reports import render, thai_pdf
from reports.documents.model import (
    Align,
    Cell,
    CheckItem,
    CheckList,
    Column,
    Document,
    HeaderGroup,
    KeyValues,
    Lines,
    Orientation,
    Paragraph,
    Row,
    Section,
    Signature,
    State,
    Table,
)
from reports.documents.result_data import PrintedBand, Project, ResultFormData
from reports.documents.result_form import result_form
from reports.xlsx import grid_of, grid_stops, number_format

WORDS = [
    "การประชุม",
    "จำนวน",
    "น้ำหนัก",
    "ที่",
    "ชี้",
    "ผู้ป่วย",
    "เป้าหมาย",
    "กำลัง",
    "ปัญหา",
    "ค่า",
    "ญาติ",
    "ฐาน",
    "ทั้งสิ้น",
    "กลุ่มงาน",
    "≥",
    "≤",
    "ทำ",
    "ห้องน้ำ",
    "ชำรุด",
    "เปรียบเทียบ",
]
LONG_NAME = (
    "ร้อยละของผู้ป่วยโรคหลอดเลือดสมองตีบเฉียบพลันที่ได้รับยาละลายลิ่มเลือดทางหลอดเลือดดำภายในระยะเวลาที่กำหนด"
    "และได้รับการดูแลต่อเนื่องในหอผู้ป่วยโรคหลอดเลือดสมองจนถึงการจำหน่ายกลับไปรับบริการใกล้บ้านใกล้ใจ"
)
DANGEROUS = ("=1+1", "+66 43 232 555", "-", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=2+2")


def form_data(**changes):
    data = ResultFormData(
        plan_name="แผนยุทธศาสตร์ โรงพยาบาลขอนแก่น ปีงบประมาณ 2560-2563",
        hospital="โรงพยาบาลขอนแก่น",
        fiscal_year="2560",
        indicator_code="11(1)",
        indicator_name="ร้อยละความพึงพอใจของผู้ป่วยนอก",
        period="มีนาคม 2560",
        unit_responsible="กลุ่มงานพัฒนาคุณภาพบริการและมาตรฐาน",
        projects=(Project("การประชุมลดระยะเวลารอคอย", Decimal("150000"), Decimal(0), "เงินบำรุง"),),
        bands=(
            PrintedBand(1, "65-69"),
            PrintedBand(2, "0.9-10", "0.9-1", "พิมพ์เกินหนึ่งหลัก"),
            PrintedBand(3, "75-79"),
            PrintedBand(4, "80-84"),
            PrintedBand(5, "≥85"),
        ),
        target="≥ 85%",
        counts="33/40",
        value=Decimal("82.50"),
        rate=Decimal("82.50"),
        unit="ร้อยละ",
        level=Decimal(4),
        passed=False,
        problems="จำนวนแบบสอบถามที่ได้คืนน้อย",
        entered_by="น.ส.น้ำทิพย์ ชี้แจง",
    )
    return dataclasses.replace(data, **changes)


def table_of(*values, **options):
    columns = (Column("รายการ", 30, row_header=True), Column("ค่า", 10, Align.RIGHT, "ร้อยละ"))
    rows = tuple(Row((Cell(f"แถวที่ {number}"), Cell(value))) for number, value in enumerate(values, 1))
    return Table("ตารางทดสอบ", columns, rows, empty="ยังไม่มีผลงานในรอบนี้", **options)


def document_of(*blocks, **options):
    return Document("เอกสารทดสอบ", (Section("หัวข้อ", blocks),), **options)


def everything():
    blocks = (
        Paragraph(" ".join(WORDS), bold=True),
        KeyValues((("ชื่อ", LONG_NAME), ("ว่าง", "")), columns=2),
        table_of(Decimal("1234.50"), Decimal(0), "ไม่มี"),
        CheckList((CheckItem("นโยบายหน่วยเหนือ", True), CheckItem("แผนยุทธศาสตร์"))),
        Lines(2, "ระบุ"),
    )
    return document_of(*blocks, meta=(("รหัส", "7(1)"),), signatures=(Signature("ผู้รายงาน"),), footer="kpitrack")


def pdf_text(content, *options):
    if not shutil.which("pdftotext"):
        pytest.fail("pdftotext is needed: apt-get install poppler-utils")
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(autouse=True)
def no_missing_glyph(caplog):
    """A glyph that the fonts do not have, or a style that WeasyPrint does not know, fails the test."""
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        weasyprint.LOGGER.propagate = True
        yield
    loud = [record for record in caplog.records if record.name.split(".")[0] in ("weasyprint", "fontTools")]
    bad = [record.getMessage() for record in loud if record.levelno >= logging.WARNING]
    if not getattr(caplog, "expects_warnings", False):
        assert not bad


class TestHtml:
    def parse(self, document, **options):
        text = render.to_html(document, **options)
        return etree.fromstring(re.sub(r"<(col|br)\b([^>]*)>", r"<\1\2/>", text))

    @pytest.mark.parametrize("document", [everything(), result_form(form_data()), result_form(ResultFormData())])
    def test_is_well_formed(self, document):
        assert self.parse(document).tag == "article"

    def test_tables_have_caption_and_scope(self):
        tree = self.parse(result_form(form_data()))
        tables = tree.findall(".//table")
        assert len(tables) == 3
        assert all(table.find("caption").text for table in tables)
        assert {head.get("scope") for head in tree.iter("th")} == {"col", "colgroup", "row"}

    def test_title_takes_the_level_of_the_page(self):
        tree = self.parse(everything(), level=2)
        assert tree.find(".//h2").text == "เอกสารทดสอบ"
        assert tree.find(".//h1") is None

    def test_escapes_what_people_typed(self):
        html = render.to_html(document_of(Paragraph("<script>alert(1)</script>"), table_of('"><img src=x>')))
        assert "<script" not in html
        assert "<img" not in html

    def test_carries_no_inline_style_or_script(self):
        html = render.to_print_html(everything())
        assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=", html)

    def test_empty_table_says_a_sentence(self):
        html = render.to_html(document_of(table_of()))
        assert "ยังไม่มีผลงานในรอบนี้" in html
        assert "<table" not in html

    def test_zero_is_printed_and_nothing_is_blank(self):
        cells = [cell.text for cell in self.parse(document_of(table_of(Decimal(0), None))).iter("td")]
        assert cells == ["0", None]

    def test_groups_reach_over_their_columns(self):
        columns = (Column("ก"), Column("ข"), Column("ค"))
        groups = (HeaderGroup(""), HeaderGroup("คู่", 2))
        table = Table("ตาราง", columns, (Row((Cell("1"), Cell("2"), Cell("3"))),), empty="ว่าง", groups=groups)
        first, second = self.parse(document_of(table)).find(".//thead")
        assert [(head.text, head.get("rowspan"), head.get("colspan")) for head in first] == [
            ("ก", "2", None),
            ("คู่", None, "2"),
        ]
        assert [head.text for head in second] == ["ข", "ค"]

    def test_demo_is_said(self):
        assert "ข้อมูลสาธิต" in render.to_html(document_of(demo=True))
        assert "ข้อมูลสาธิต" not in render.to_html(document_of())

    def test_thai_digits(self):
        html = render.to_html(document_of(table_of(Decimal("1234.5")), Paragraph("7(1)"), thai_digits=True))
        assert "๑,๒๓๔.๕" in html
        assert "๗(๑)" in html

    def test_level_and_state_have_their_mark_and_their_word(self):
        cells = (Cell(Decimal(4), level=4), Cell("ล่าช้า", state=State.LATE))
        table = Table("ตาราง", (Column("ก"), Column("ข")), (Row(cells),), empty="ว่าง")
        html = render.to_html(document_of(table))
        assert "doc-level-4" in html
        assert 'doc-state-late">ล่าช้า' in html


class TestModel:
    @pytest.mark.parametrize(
        "options", [{"level": 6}, {"level": 3, "value": ""}, {"state": State.LATE}, {"rowspan": 0}]
    )
    def test_refuses_cells_that_cannot_be_drawn(self, options):
        with pytest.raises(ValueError):
            Cell(**options)

    def test_refuses_float(self):
        with pytest.raises(TypeError):
            Cell(1.5)

    def test_refuses_rows_of_another_width(self):
        with pytest.raises(ValueError, match="row 2"):
            Table("ตาราง", (Column("ก"),), (Row((Cell("1"),)), Row((Cell("1"), Cell("2")))), empty="ว่าง")

    def test_places_cells_beside_those_that_reach_down(self):
        rows = (Row((Cell("a", rowspan=2), Cell("b"))), Row((Cell("c"),)))
        table = Table("ตาราง", (Column("ก"), Column("ข")), rows, empty="ว่าง")
        assert [(row, column, cell.text) for row, column, cell in table.placed] == [
            (0, 0, "a"),
            (0, 1, "b"),
            (1, 1, "c"),
        ]


class TestPdf:
    def test_text_is_found_as_written(self):
        text = pdf_text(render.to_pdf(everything()))
        assert [word for word in WORDS if word not in text.split()] == []

    def test_each_word_is_found_alone(self):
        document = document_of(*(Paragraph(word) for word in WORDS))
        assert [line for line in pdf_text(render.to_pdf(document)).split("\n") if line in WORDS] == list(WORDS)

    def test_bold_text_and_table_heads_are_found(self):
        rows = tuple(Row((Cell(word, bold=True), Cell(word))) for word in WORDS)
        table = Table("จำนวนการประชุม", (Column("น้ำหนัก"), Column("เป้าหมาย")), rows, empty="ว่าง")
        text = pdf_text(render.to_pdf(document_of(table)))
        assert all(text.split().count(word) >= 2 for word in WORDS)
        assert "จำนวนการประชุม" in text
        assert "น้ำหนัก" in text

    def test_result_form_is_found(self):
        text = pdf_text(render.to_pdf(result_form(form_data())), "-layout")
        for expected in ("แบบฟอร์มรายงานผลการดำเนินงานตัวชี้วัดตามแผนยุทธศาสตร์", "11(1)", "33/40", "82.50", "150,000.00",
                         "กลุ่มงานพัฒนาคุณภาพบริการและมาตรฐาน", "ปัญหาและอุปสรรค", "น.ส.น้ำทิพย์ ชี้แจง", "≥85"):  # fmt: skip
            assert expected in text

    def test_long_table_repeats_its_head_and_counts_pages(self):
        content = render.to_pdf(document_of(table_of(*[Decimal(number) for number in range(100)])))
        pages = pdf_text(content, "-layout").split("\f")[:-1]
        assert len(pages) >= 3
        assert all("รายการ" in page and "(ร้อยละ)" in page for page in pages)
        assert all(f"หน้า {number}/{len(pages)}" in page for number, page in enumerate(pages, 1))

    def test_long_name_is_whole(self):
        text = pdf_text(render.to_pdf(result_form(form_data(indicator_name=LONG_NAME))))
        assert LONG_NAME in re.sub(r"\s", "", text)

    def test_landscape_is_wide(self):
        content = render.to_pdf(document_of(table_of(Decimal(1)), orientation=Orientation.LANDSCAPE))
        done = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True)
        assert "841.89 x 595.276" in done.stdout.decode()

    def test_thai_page_numbers(self):
        assert "หน้า ๑/๑" in pdf_text(render.to_pdf(document_of(Paragraph("ก"), thai_digits=True)))

    def test_demo_is_on_every_page(self):
        content = render.to_pdf(document_of(table_of(*[Decimal(1)] * 100), demo=True))
        pages = pdf_text(content).split("\f")[:-1]
        assert all("ข้อมูลสาธิต" in page for page in pages)

    def test_blank_form_fits_one_page(self):
        pages = pdf_text(render.to_pdf(result_form(ResultFormData(hospital="โรงพยาบาลขอนแก่น")))).split("\f")[:-1]
        assert len(pages) == 1

    def test_missing_glyph_is_logged(self, caplog):
        caplog.expects_warnings = True
        render.to_pdf(document_of(Paragraph("\U000e0fff\U0001fbff")))
        assert any(".notdef" in record.getMessage() for record in caplog.records)

    def test_control_characters_are_left_out(self):
        assert "กข" in pdf_text(render.to_pdf(document_of(Paragraph("ก\x00\x0b\ud800ข"))))

    def test_only_sarabun_is_used(self):
        done = subprocess.run(["pdffonts", "-"], input=render.to_pdf(everything()), capture_output=True, check=True)
        names = [line.split()[0] for line in done.stdout.decode().splitlines()[2:]]
        assert names
        assert all("Sarabun" in name for name in names)


class TestMending:
    def test_fits_the_installed_version(self):
        assert weasyprint.__version__ == thai_pdf.MENDED_VERSION, "look at reports/thai_pdf.py before you upgrade"
        assert thai_pdf.mend_weasyprint()

    def test_is_done_once(self):
        thai_pdf.mend_weasyprint()
        before = thai_pdf.draw_text.draw_first_line, thai_pdf.pdf_fonts.Font.__init__
        thai_pdf.mend_weasyprint()
        assert (thai_pdf.draw_text.draw_first_line, thai_pdf.pdf_fonts.Font.__init__) == before

    def test_warns_of_another_version(self, monkeypatch):
        monkeypatch.setattr(weasyprint, "__version__", "71.0")
        with pytest.warns(thai_pdf.ThaiPdfWarning, match="71.0"):
            assert thai_pdf.mend_weasyprint() is False

    def test_does_not_warn_of_its_own(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert thai_pdf.mend_weasyprint()

    def test_own_characters_win(self):
        glyphs = thai_pdf.OwnCharacters({1: "า", 2: " \xa0"})
        glyphs[1], glyphs[2], glyphs[3] = "ำ", "\xa0", "ffi"
        assert glyphs == {1: "า", 2: "\xa0", 3: "ffi"}


class TestXlsx:
    def sheet(self, document):
        return load_workbook(io.BytesIO(render.to_xlsx(document))).active

    def cells(self, document):
        return [cell for row in self.sheet(document).iter_rows() for cell in row if cell.value is not None]

    @pytest.mark.parametrize("text", ["0", "82.50", "1234567.89", "-3.4567", "0.1", "999999999999.999", "33"])
    def test_numbers_are_exact_numbers(self, text):
        found = [cell for cell in self.cells(document_of(table_of(Decimal(text)))) if cell.data_type == "n"]
        assert [Decimal(str(cell.value)) for cell in found] == [Decimal(text)]

    def test_numbers_that_a_spreadsheet_cannot_hold_stay_whole_as_text(self):
        values = [cell.value for cell in self.cells(document_of(table_of(Decimal("12345678901234567.5"))))]
        assert "12,345,678,901,234,567.5" in values

    def test_formats_show_the_places(self):
        assert number_format(Decimal("82.5"), 2) == "#,##0.00"
        assert number_format(Decimal("3.4567"), None) == "#,##0.0000"
        assert number_format(Decimal("100"), None) == "#,##0"
        assert number_format(Decimal(1), 1, thai_digits=True) == "[$-D00041E]#,##0.0"

    @pytest.mark.parametrize("text", DANGEROUS)
    def test_texts_never_become_formulas(self, text):
        document = document_of(table_of(text), Paragraph(text), meta=((text, text),), footer=text)
        found = [cell for cell in self.cells(document) if cell.value == text]
        assert len(found) >= 3
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)

    def test_single_table_is_frozen_and_repeated_and_not_merged(self):
        sheet = self.sheet(document_of(table_of(*[Decimal(1)] * 60)))
        head = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "รายการ")
        assert sheet.freeze_panes == f"A{head + 1}"
        assert sheet.print_title_rows == f"${head}:${head}"
        assert all(merged.min_row < head for merged in sheet.merged_cells.ranges)

    def test_prints_on_a4(self):
        sheet = self.sheet(document_of(table_of(Decimal(1)), orientation=Orientation.LANDSCAPE, footer="เงินบำรุง & อื่น"))
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert "&P" in sheet.oddFooter.right.text
        assert round(sheet.page_margins.left * 2.54, 2) == 3

    def test_is_in_the_government_font_with_its_title(self):
        book = load_workbook(io.BytesIO(render.to_xlsx(everything())))
        assert book.properties.title == "เอกสารทดสอบ"
        fonts = {cell.font.name for row in book.active.iter_rows() for cell in row if cell.value is not None}
        assert fonts == {"TH Sarabun New"}

    def test_result_form_keeps_every_figure(self):
        cells = self.cells(result_form(form_data()))
        numbers = {Decimal(str(cell.value)) for cell in cells if cell.data_type == "n"}
        assert {Decimal("82.5"), Decimal(4), Decimal(150000), Decimal(0)} <= numbers
        texts = {cell.value for cell in cells if cell.data_type == "s"}
        assert {"33/40", "≥85", "4 คะแนน", "เงินบำรุง"} <= texts

    def test_no_value_is_hidden_by_merging(self):
        """Merging keeps the first cell alone: each text of each table must still be there, and nothing overlaps."""
        document = result_form(form_data(demo=True))
        sheet = self.sheet(document)
        values = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        for table in document.tables:
            for _row, _column, cell in table.placed:
                assert cell.is_empty or cell.is_number or cell.text in values
        ranges = list(sheet.merged_cells.ranges)
        assert not any(a.isdisjoint(b) is False for at, a in enumerate(ranges) for b in ranges[at + 1 :])

    def test_columns_are_wide_enough_and_rows_grow(self):
        sheet = self.sheet(document_of(table_of(LONG_NAME)))
        assert all(sheet.column_dimensions[letter].width >= 4 for letter in "AB")
        assert max(dimension.height or 0 for dimension in sheet.row_dimensions.values()) > 48

    def test_demo_is_said(self):
        sheet = self.sheet(document_of(demo=True))
        assert sheet["A1"].value == "ข้อมูลสาธิต" == sheet.oddHeader.right.text

    def test_empty_table_says_a_sentence(self):
        assert "ยังไม่มีผลงานในรอบนี้" in [cell.value for cell in self.cells(document_of(table_of()))]

    def test_tables_share_one_grid(self):
        halves = Table("ก", (Column("1", 1), Column("2", 1)), (), empty="")
        thirds = Table("ข", (Column("1", 1), Column("2", 1), Column("3", 1)), (), empty="")
        grid = grid_of([halves, thirds])
        assert [round(end) for end in grid] == [33, 50, 67, 100]
        assert grid_stops(halves, grid) == [2, 4]
        assert grid_stops(thirds, grid) == [1, 3, 4]


class TestFonts:
    def test_all_faces_are_found(self):
        assert all(render.font_file(name).is_file() for name in render.FONT_FACES)

    def test_says_what_to_install(self):
        with pytest.raises(FileNotFoundError, match="fontpkg-sarabun"):
            render.font_file("Sarabun-Nothing.ttf")


def test_the_marks_of_states_are_made_of_what_the_printer_draws():
    """It leaves gradients out, and with them the mark."""
    css = Path("static/css/document.css").read_text(encoding="utf-8")
    marks = [line for line in css.splitlines() if line.startswith(".doc-state-")]
    assert len(marks) == len(State)
    assert not [line for line in marks if "gradient" in line]
