"""The plan's result form: every part of the paper, blanks where nothing was given, and never a zero for nothing."""

import dataclasses
from decimal import Decimal

import pytest

from reports.documents.model import KeyValues, Lines, Paragraph, Signature, State, Table
from reports.documents.result_data import PrintedBand, Project, ResultFormData
from reports.documents.result_form import result_form

DATA = ResultFormData(
    fiscal_year="2560",
    indicator_code="5",
    indicator_name="ร้อยละ Refer in ไม่เหมาะสม",
    period="มีนาคม 2560",
    bands=tuple(PrintedBand(level, f"{level}0") for level in range(1, 6)),
    counts="33/40",
    value=Decimal("82.50"),
    rate=Decimal("82.50"),
    level=Decimal("3.5"),
    passed=True,
)


def form(**changes):
    return result_form(dataclasses.replace(DATA, **changes))


def section(document, heading):
    return next((part for part in document.sections if part.heading == heading), None)


def quantitative(document):
    return section(document, "ผลการดำเนินงานเชิงปริมาณ").blocks[0]


def texts(table):
    return [cell.text for _row, _column, cell in table.placed]


def test_parts_stand_in_the_order_of_the_paper():
    headings = [part.heading for part in form().sections]
    paper = ["ผลการดำเนินงาน", "ผลการดำเนินงานเชิงปริมาณ", "ปัญหาและอุปสรรค", "ข้อเสนอแนะ/โอกาสพัฒนา"]
    assert [heading for heading in headings if heading in paper] == paper


def test_blank_form_has_lines_to_write_on():
    document = result_form(ResultFormData())
    about = [block for block in document.sections[0].blocks if isinstance(block, KeyValues)]
    assert {value for block in about for _name, value in block.pairs} == {""}
    assert isinstance(section(document, "ปัญหาและอุปสรรค").blocks[0], Lines)
    assert len(section(document, "ผลการดำเนินงาน").blocks[0].rows) == 4
    assert section(document, "สรุปผลการประเมิน") is None
    assert all(cell.blank for _row, column, cell in quantitative(document).placed if column >= 2)


def test_more_projects_than_lines_are_all_there():
    projects = tuple(Project(f"โครงการ {number}", Decimal(0)) for number in range(6))
    table = section(form(projects=projects), "ผลการดำเนินงาน").blocks[0]
    assert len(table.rows) == 6
    assert texts(table)[:4] == ["1. โครงการ 0", "0.00", "", ""]


def test_zero_is_not_missing():
    table = quantitative(form(counts="", value=Decimal(0), rate=Decimal(0), level=Decimal(0)))
    assert [cell.text for _row, column, cell in table.placed if column >= 4] == ["0.00", "0.00", "0"]


def test_reached_level_is_marked_by_the_floor():
    table = quantitative(form())
    assert [cell.text for _row, column, cell in table.placed if column in (1, 2) and cell.bold] == ["3 คะแนน", "30"]
    assert next(cell for _row, column, cell in table.placed if column == 6).text == "3.5"


def test_correction_stands_beside_the_printed_text_with_its_reason():
    document = form(bands=(PrintedBand(2, "0.9-10", "0.9-1", "พิมพ์เกินหนึ่งหลัก"),))
    assert "0.9-1 (พิมพ์ 0.9-10)" in texts(quantitative(document))
    notes = [block.text for block in section(document, "ผลการดำเนินงานเชิงปริมาณ").blocks[1:]]
    assert any("พิมพ์เกินหนึ่งหลัก" in note and "0.9-10" in note for note in notes)


@pytest.mark.parametrize(("counts", "spans"), [("", 3), ("0/0", 2)])
def test_a_missing_result_says_its_word(counts, spans):
    state = State.CANNOT_COMPUTE
    table = quantitative(
        form(counts=counts, value=None, rate=None, level=None, no_result="คำนวณไม่ได้", no_result_state=state)
    )
    cell = next(cell for _row, _column, cell in table.placed if cell.state)
    assert (cell.text, cell.state, cell.colspan) == ("คำนวณไม่ได้", state, spans)
    assert (counts in texts(table)) or not counts


def test_summary_shows_period_year_to_date_and_assessed_level():
    document = form(ytd_value=Decimal("85.71"), ytd_level=Decimal(4), ytd_passed=False,
                    assessed_level=Decimal(5), assessed_reason="ตรวจซ้ำแล้ว")  # fmt: skip
    table, reason = section(document, "สรุปผลการประเมิน").blocks
    assert isinstance(table, Table)
    assert texts(table) == [
        *("มีนาคม 2560", "82.50", "3.5", "ผ่าน"),
        *("สะสมตั้งแต่ต้นปีงบประมาณ", "85.71", "4", "ไม่ผ่าน"),
        *("คะแนนที่ผู้ตรวจกำหนด", "–", "5", "–"),
    ]
    assert reason.pairs == (("เหตุผลของคะแนนที่ผู้ตรวจกำหนด", "ตรวจซ้ำแล้ว"),)


def test_figures_that_are_not_approved_say_so():
    assert form(unapproved="ฉบับร่าง").sections[0].blocks[-1].pairs[-1][1].startswith("ฉบับร่าง")
    assert "สถานะ" not in dict(form().sections[0].blocks[-1].pairs)
    parts = (dataclasses.replace(DATA, unapproved="ส่งแล้ว รอตรวจสอบ"), DATA)
    blocks = [part.blocks[0] for part in form(parts=parts).sections if part.heading.startswith("ผลการดำเนินงานเชิงปริมาณ")]
    assert [isinstance(block, Paragraph) for block in blocks] == [True, False]
    assert "ส่งแล้ว รอตรวจสอบ" in blocks[0].text


def test_year_to_date_of_a_pair():
    table = section(form(ytd_value=Decimal("77.44"), ytd_text="77.44 : 22.56"), "สรุปผลการประเมิน").blocks[0]
    assert "77.44 : 22.56" in texts(table)


def test_parts_are_summed_up_in_their_own_units():
    parts = (dataclasses.replace(DATA, unit="ร้อยละ", ytd_value=Decimal("21.91"), ytd_level=Decimal(4)),)
    table = section(form(parts=parts, unit="ระดับ", ytd_level=Decimal("4.3333")), "สรุปผลการประเมิน").blocks[0]
    assert table.columns[1].unit == ""
    assert [row.cells[0].text.rpartition(" ")[2] for row in table.rows] == ["(ร้อยละ)", "(ระดับ)"]


def test_explanation_note_and_record_are_printed():
    document = form(explanation=("A/B*100",), note="รวมคลินิกนอกเวลา", entered_by="สมหญิง", entered_at="7 เม.ย. 2560")
    assert section(document, "คำอธิบายคะแนน").blocks == (Paragraph("A/B*100", small=True),)
    assert section(document, "หมายเหตุ").blocks[0].text == "รวมคลินิกนอกเวลา"
    assert section(document, "บันทึกในระบบ").blocks[0].text == "บันทึกโดย สมหญิง 7 เม.ย. 2560"


def test_who_signs():
    assert [signature.name for signature in form(entered_by="ก", submitted_by="ข", approved_by="ค").signatures] == [
        "ข",
        "ค",
    ]
    own = (Signature("ผู้อำนวยการโรงพยาบาล"),)
    assert form(signatures=own).signatures == own


def test_footer_names_what_the_sheet_is():
    assert form(revision=2).footer == "ตัวชี้วัดที่ 5 · มีนาคม 2560 · แก้ไขครั้งที่ 1"
    assert result_form(ResultFormData()).footer == ""
