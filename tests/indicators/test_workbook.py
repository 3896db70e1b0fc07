"""The workbook of what a unit owes: what is in it, how it is protected, and the way down and up again."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl.worksheet.datavalidation import DataValidation

from indicators.models import DataItem, Result, ReviewEvent
from indicators.workflow import transition
from strategy.models import OrgUnit
from tests import shapes
from tests.indicators.workbooks import Desk, cell_of, edited, fill, inputs, numbers, opened, own, url_of

pytestmark = pytest.mark.django_db
MARCH, APRIL = "มี.ค. 2560", "เม.ย. 2560"


@pytest.fixture
def desk(client, cast) -> Desk:
    return Desk(client, cast.head, "PST_OPD")


@pytest.fixture
def checklist(indicator):
    """22 is a checklist with marks, one of which may not apply; the head of the PST team enters it too."""
    shapes.smart(indicator("22"))
    own(indicator("22"), "PST_OPD")


# What is in it


def test_a_sheet_a_period_after_the_instructions(desk):
    book = opened(desk.download())
    assert book.sheetnames[0] == "คำแนะนำ"
    assert book.sheetnames[-1] == "_kpitrack"
    assert book.sheetnames[-3:-1] == [MARCH, APRIL]
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_the_instructions_say_for_whom_when_and_where_to(desk):
    sheet = opened(desk.download()).worksheets[0]
    text = "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value)
    unit = OrgUnit.objects.get(code="PST_OPD")
    for said in (unit.name, "15 เมษายน 2560", "โดย head", f"http://testserver{url_of('PST_OPD')}", "พิมพ์คำว่า ลบ", MARCH):
        assert said in text


def test_a_line_says_what_is_asked_and_what_was_last_time(desk, saved):
    saved("7(1)", 5, A=33600, B=200)
    saved("7(1)", 6, A=1234, B="7.5")
    book = opened(desk.download())
    sheet = book[MARCH]
    values = [[cell.value for cell in row[:8]] for row in sheet.iter_rows(min_row=4, max_row=6)]
    assert values[0][5] == "งวดก่อน\nก.พ. 2560"
    assert [values[1][at] for at in (0, 2, 5, 6)] == ["7(1)", "A", 33600, 1234]
    assert [values[2][at] for at in (0, 2, 5, 6)] == ["7(1)", "B", 200, 7.5]
    assert values[1][1].startswith("ระยะเวลา")
    assert values[2][1] is None


def test_only_input_cells_are_open_and_there_is_no_password(desk):
    book = opened(desk.download())
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        open_ = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert open_ == {cell.coordinate for _kpi, _item, cell in inputs(book) if cell.parent is sheet}
    assert book.security.lockStructure
    assert book["_kpitrack"].sheet_state == "veryHidden"
    assert sum(1 for _each in inputs(book)) > 2


def test_every_input_cell_has_its_rule(desk, checklist):
    book = opened(desk.download())
    for _kpi, _item, cell in inputs(book):
        rules = [rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref]
        assert len(rules) == 1
    mark = rule_of(cell_of(book, "22", "I4"))
    assert (mark.type, mark.errorStyle) == ("list", "warning")
    assert listed(book, mark) == ["0", "1", "2", "3", "4", "5", "ไม่เกี่ยวข้อง"]
    plain = rule_of(cell_of(book, "22", "I1"))
    assert (plain.type, plain.operator, plain.formula1, plain.formula2) == ("decimal", "between", "0", "5")


def rule_of(cell) -> DataValidation:
    return next(rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref)


def listed(book, rule) -> list[str]:
    """The words of a drop-down, where it has them from."""
    title, _mark, place = rule.formula1.rpartition("!")
    return [row[0].value for row in book[title.strip("'")][place.replace("$", "")]]


def test_choices_and_ticks_are_chosen_from_lists(desk, indicator):
    shapes.grade(indicator("22"))
    shapes.milestone(indicator("7(1)"))
    own(indicator("22"), "PST_OPD")
    book = opened(desk.download())
    choice, tick = rule_of(cell_of(book, "22", shapes_item(indicator("22")))), rule_of(cell_of(book, "7(1)", "S1"))
    assert (choice.type, choice.errorStyle, listed(book, choice)) == ("list", "stop", ["A", "B", "F"])
    assert (tick.type, tick.errorStyle, listed(book, tick)) == ("list", "stop", ["ทำแล้ว", "ยังไม่ทำ"])


def shapes_item(indicator) -> str:
    version = indicator.versions.get(fiscal_year=2560, is_active=True)
    return DataItem.objects.filter(version=version, kind="choice").values_list("code", flat=True)[0]


def test_it_prints_on_a4_landscape_with_its_head_on_every_page(desk):
    sheet = opened(desk.download())[MARCH]
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.freeze_panes == "B5"
    assert sheet["A5"].font.name == "TH Sarabun New"


def test_texts_never_become_formulas(desk, indicator):
    """Neither names nor items nor units, and no control sign breaks the file."""
    type(indicator("7(1)")).objects.filter(code="7(1)").update(name="=HYPERLINK(1)\x0b" + "ก" * 60)
    DataItem.objects.filter(version__indicator__code="7(1)").update(name="+1+1", unit="@SUM(A1)")
    content = desk.download()
    sheet = opened(content)[MARCH]
    assert sheet["B5"].value.startswith("=HYPERLINK(1)ก")
    assert [sheet[place].data_type for place in ("B5", "D5", "E5")] == ["s", "s", "s"]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist())


def test_numbers_are_exact(desk, saved):
    saved("7(1)", 6, A="12345678901.2345", B="0.0001")
    content = desk.download()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = b"".join(package.read(name) for name in package.namelist() if "worksheets/" in name)
    assert b"<v>12345678901.2345</v>" in sheets
    assert b"<v>0.0001</v>" in sheets
    assert desk.send(content).context["page"].preview.changes == []


def test_what_is_submitted_is_not_owed(desk, submitted):
    before = sum(1 for _each in inputs(opened(desk.download())))
    submitted("7(1)", 6, A=33600, B=200)
    assert sum(1 for _each in inputs(opened(desk.download()))) == before - 2


def test_nothing_owed_is_no_file(desk, indicator):
    indicator("7(1)").responsibilities.all().delete()
    response = desk.client.get(url_of("PST_OPD", "workbook"), follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(url_of("PST_OPD"), 302)]
    assert "ไม่มีรายการที่ยังต้องส่ง จึงไม่มีไฟล์ให้ดาวน์โหลด" in page
    assert 'name="file"' not in page


def test_a_result_that_is_not_applicable_is_shut(desk, saved, indicator):
    result = saved("7(1)", 6, A=33600, B=200)
    Result.objects.filter(pk=result.pk).update(is_not_applicable=True, not_applicable_reason="ปิดหน่วยบริการ")
    book = opened(desk.download())
    assert [cell for kpi, _item, cell in inputs(book) if cell.parent.title == MARCH] == []
    assert book[MARCH]["G5"].value == "ไม่เกี่ยวข้อง"
    assert desk.send(desk.download()).context["page"].preview.errors == []


# Down and up again


def test_the_way_round(desk, saved):
    """What is typed arrives, exactly; the rest stays; the event says from which file."""
    saved("7(1)", 6, A=33600, B=200)
    response = desk.round_trip(
        lambda book: [fill(MARCH, A=33601.5)(book), fill(APRIL, A="๑๒,๓๔๕.๕", B=0.1 + 0.2)(book)]
    )
    assert response.status_code == 302
    assert numbers("7(1)", 6) == {"A": Decimal("33601.5"), "B": Decimal(200)}
    assert numbers("7(1)", 7) == {"A": Decimal("12345.5"), "B": Decimal("0.3")}
    result = Result.objects.get(round__number=7, round__indicator__code="7(1)")
    assert (result.status, result.entered_by, result.lock) == ("draft", desk.user, 1)
    event = ReviewEvent.objects.get(result=result)
    assert (event.action, event.actor, event.reason) == ("save", desk.user, "จากไฟล์ Excel “kpi.xlsx”")
    page = desk.client.get(response["Location"]).content.decode()
    assert "บันทึกจากไฟล์แล้ว 3 ช่อง ใน 2 รายการ ยังไม่ได้ส่ง" in page
    assert "ขั้นต่อไป: ตรวจและส่งผลงาน" in page
    assert f'/month/{OrgUnit.objects.get(code="PST_OPD").pk}/2560/6/"' in page


def test_what_was_read_back_is_the_same(desk, saved):
    desk.round_trip(fill(MARCH, A=33600, B=200.25))
    again = desk.send(desk.download()).context["page"]
    assert (again.preview.changes, again.preview.errors, again.preview.same) == ([], [], 2)


def test_the_preview_names_every_cell(desk, saved):
    saved("7(1)", 6, A=33600, B=200)
    page = desk.send(edited(desk.download(), fill(MARCH, A=41000))).content.decode()
    for said in (f"{MARCH}!G5", "7(1)", "33,600 →", "<b>41,000</b>", "จะเปลี่ยน 1 ช่อง", "ตรงกับที่บันทึกไว้ 1 ช่อง"):
        assert said in page
    assert numbers("7(1)", 6)["A"] == 33600


def test_an_empty_cell_is_left_alone_and_a_word_takes_away(desk, saved):
    saved("7(1)", 6, A=33600, B=200)
    desk.round_trip(fill(MARCH, A=None, B="ลบ"))
    assert numbers("7(1)", 6) == {"A": Decimal(33600)}


@pytest.mark.parametrize("word", ["delete", "DELETE ", "ลบค่า"])
def test_the_word_that_takes_away_in_english_too(desk, saved, word):
    saved("7(1)", 6, A=33600, B=200)
    desk.round_trip(fill(MARCH, B=word))
    assert numbers("7(1)", 6) == {"A": Decimal(33600)}


def test_in_english_the_page_names_the_sheets_as_the_file_does(desk):
    """And says which word takes a value away there."""
    desk.log_in()
    desk.client.cookies["django_language"] = "en"
    page = desk.client.get(url_of("PST_OPD")).content.decode()
    assert f'<span lang="th">{MARCH}</span> (1)' in page
    assert "“delete”" in page


def test_rows_are_as_high_as_what_stands_in_them(desk, indicator):
    """Not every program makes them higher by itself, and half a name is none."""
    type(indicator("7(1)")).objects.filter(code="7(1)").update(name="ระยะเวลารอคอยของผู้ป่วยนอก " * 8)
    book = opened(desk.download())
    sheet = book[MARCH]
    assert all(sheet.row_dimensions[number].height >= 20 for number in range(2, 7))
    assert sheet.row_dimensions[5].height > 4 * 20
    assert sheet.row_dimensions[6].height < 3 * 25
    first = book.worksheets[0]
    assert all(
        first.row_dimensions[number].height >= 20
        for number in range(2, first.max_row + 1)
        if first.cell(number, 1).value
    )


def test_marks_choices_ticks_and_what_does_not_apply(desk, checklist, indicator, saved):
    shapes.milestone(indicator("7(1)"))

    def edit(book):
        for item, value in {"I1": 5, "I2": "๔", "I3": 0, "I4": "ไม่เกี่ยวข้อง"}.items():
            cell_of(book, "22", item, APRIL).value = value
        for item, value in {"S1": "ทำแล้ว", "S2": True, "S3": 1, "S4": "ยังไม่ทำ"}.items():
            cell_of(book, "7(1)", item, APRIL).value = value

    assert desk.round_trip(edit).status_code == 302
    assert numbers("22", 7) == {"I1": 5, "I2": 4, "I3": 0, "I4_NA": 1}
    assert numbers("7(1)", 7) == {"S1": 1, "S2": 1, "S3": 1, "S4": 0, "S5": 0}
    book = opened(desk.download())
    assert cell_of(book, "22", "I4", APRIL).value == "ไม่เกี่ยวข้อง"
    assert cell_of(book, "7(1)", "S5", APRIL).value == "ยังไม่ทำ"
    desk.round_trip(lambda book: setattr(cell_of(book, "22", "I4", APRIL), "value", 3))
    assert numbers("22", 7) == {"I1": 5, "I2": 4, "I3": 0, "I4": 3}


def test_a_choice_by_its_word(desk, indicator):
    shapes.grade(indicator("22"))
    own(indicator("22"), "PST_OPD")
    item = shapes_item(indicator("22"))
    desk.round_trip(lambda book: setattr(cell_of(book, "22", item, APRIL), "value", "b"))
    assert numbers("22", 7) == {item: Decimal(80)}


def test_a_returned_result_says_why(desk, submitted, access, cast):
    result = submitted("7(1)", 6, A=33600, B=200)
    transition(
        access=access(cast.reviewer, result.round),
        action="return",
        by=cast.reviewer,
        lock=result.lock,
        reason="ตัวตั้งไม่ครบ",
    )
    assert "ส่งกลับ: ตัวตั้งไม่ครบ" in opened(desk.download())[MARCH]["H5"].value


# Whose it is


def test_a_reporter_of_the_unit_may_send_the_heads_file(desk, client, cast):
    content = edited(desk.download(), fill(MARCH, A=41000, B=100))
    reporter = Desk(client, cast.reporter, "PST_OPD")
    assert reporter.apply(reporter.send(content)).status_code == 302
    assert Result.objects.get(round__number=6, round__indicator__code="7(1)").entered_by == cast.reporter


def test_the_head_of_a_group_has_the_work_of_its_departments(client, cast, indicator):
    group = OrgUnit.objects.create(code="GROUP", name="กลุ่มภารกิจ", parent=indicator("22").plan.unit)
    OrgUnit.objects.filter(code="PST_OPD").update(parent=group)
    cast.head.memberships.update(unit=group)
    assert {kpi for kpi, _item, _cell in inputs(opened(Desk(client, cast.head, "GROUP").download()))} == {"7(1)"}


@pytest.mark.parametrize("unit", ["PST_OPD", "MEDINFO"])  # the second has units below it
def test_as_many_queries_for_many_rows_as_for_few(client, cast, indicator, unit):
    cast.head.memberships.update(unit=OrgUnit.objects.get(code=unit))
    own(indicator("30"), unit)
    desk = Desk(client, cast.head, unit)

    def cost(name: str) -> int:
        desk.log_in()
        with CaptureQueriesContext(connection) as asked:
            assert desk.client.get(url_of(unit, name)).status_code == 200
        assert len(asked) <= 12, "\n".join(row["sql"][:150] for row in asked.captured_queries)
        return len(asked)

    before = {name: cost(name) for name in ("workbook", "workbook_upload")}
    for code in ("22", "23", "5", "13(1)", "26(1)"):
        own(indicator(code), unit)
    assert {name: cost(name) for name in before} == before
