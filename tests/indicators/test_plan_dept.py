"""fixtures/dept2568.yaml against the department's form. The tables here were typed from the source document."""

from decimal import Decimal

import pytest

from indicators.models import Responsibility, Round
from scoring.score import score_data
from strategy.access import hospital_of
from strategy.models import OrgUnit, Plan
from tests.indicators.printed import PlanFile, bare, numbers

FILE = PlanFile("DEPT2568")
ROWS = FILE.rows
E_CLAIM = "ร้อยละคุณภาพการส่งข้อมูล(ติดC)"

# Code, own KPI | baseline | Q1 | Q2 | Q3 | Q4 | cut-off | method, owners.
TABLE = [
    ("S1", "ทุกวัน|ทุกวัน|ทุกวัน|ทุกวัน|ทุกวัน|ทุกวัน|ทุกวัน|เกณฑ์จากจังหวัด", "มานพ"),
    ("S2", "ระดับ5|4|4|5|5|5|4|เกณฑ์กระทรวง", "มานพ"),
    ("S3", "เพิ่มรายได้ร้อยละ 15 ใน IPUC LG CS และ FS ผ่านโปรแกรม E claim|"
     "3%|15%|15%|15%|15%|3%|เปรียบเทียบปีงบประมาณที่ผ่านมา", "มานพ"),
    ("R1", f"{E_CLAIM}ผู้ป่วยในUC LG CS ผ่านโปรแกรม E claim|95%|95%|95%|95%|95%|92%|E Claim", "มานพ อัญชนา"),
    ("R2", f"{E_CLAIM}ผู้ป่วยนอก UC LG CS ผ่านโปรแกรม E claim|95%|95%|95%|95%|95%|92%|E Claim", "มานพ อัญชนา"),
    ("R3", f"{E_CLAIM}ผู้ป่วยในSSOP|95%|95%|95%|95%|95%|92%|E Claim", "จรีรัตน์"),
    ("R4", f"{E_CLAIM}ผู้ป่วยนอกSSOP|95%|95%|95%|95%|95%|92%|E Claim", "จรีรัตน์"),
    ("R5", "ร้อยละแก้ไขระบบล่ม|95%|98%|98%|98%|98%|90%|RM", "ราเชนทร์ พิสิษฐ์"),
    ("R6", "เกณฑ์ICT|4|5|5|5|5|4|ผ่านเกณฑ์ICT", "มานพ"),
    ("R7", "ร้อยละความพึงพอใจ|>85|>90|>90|>90|>90|<80|รายงานแผนเงินบำรุง", "ทุกคน"),
    ("R8", "> 4 ต่อปี|1|1|1|1|1|2|แผนงานคุณภาพ", "ราเชนทร์ พิสิษฐ์"),
    ("R9", "อัตราความสมบูรณ์ของเวชระเบียนนอก/ใน > 96|92%|96%|96%|96%|96%|90%|เกณฑ์MRA", "มานพ"),
    ("P1", ">4 คลินิก|>4 คลินิก|>4 คลินิก|>4 คลินิก|ทุกคลีนิค|ทุกคลีนิค||เกณฑ์เขตสุขภาพ", "ทุกคน"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "cells", "owners"), TABLE)
def test_every_cell_of_the_department_s_own_half(code, cells, owners):
    row, sections = ROWS[code], FILE.sections(code)
    found = [sections["own_kpi"]["text"], row["baseline"][0]["text"]]
    found += [rule["target"] for rule in row["round_rules"]]
    found += [row["cutoff"] or "", sections["method"]["text"]]
    assert [bare(text) for text in found] == [bare(text) for text in cells.split("|")]
    assert [person["name_or_unit"] for person in row["contacts"]] == owners.split()
    assert [rule["number"] for rule in row["round_rules"]] == [1, 2, 3, 4]


CLAIMS = "ร้อยละของข้อมูลที่เรียกเก็บชดเชยค่ารักษาพยาบาลมีความครบถ้วยสมบูรณ์ถูกต้อง"
# Code, plan | KPI | target of the level above, lines of the action plan and its last words.
ABOVE = [
    ("S1", "1 การบริหารจัดการระบบเทคโนโลยีสารสนเทศอย่างมีประสิทธิภาพ|"
     "ระบบเทคโนโลยีสารสนเทศพร้อมใช้งาน|ระดับความสำเร็จ", 3, "ระบบ Network"),
    ("S2", "|ระดับความสำเร็จของการพัฒนาเทคโนโลยีสารสนเทศของโรงพยาบาล smart Hospital|ระดับ 5", 3, "Smart Digital Hospital."),
    ("S3", "2 เพิ่มประสิทธิภาพ การจัดเก็บรายได้|"
     "เพิ่มอัตราร้อยละที่เรียกเก็บชดเชยค่ารักษาพยาบาลรายกองทุน|ร้อยละ 15", 3, "เพิ่มกลยุทธิ์การหารายได้"),
    ("R1", f"1 คุณภาพ ประสิทธิภาพ การจัดเก็บรายได้|{CLAIMS}UC LG CS ไม่ติดC|ร้อยละ 95", 2, "ค่ารักษาพยาบาล"),
    ("R2", f"1 คุณภาพ ประสิทธิภาพ การจัดเก็บรายได้|{CLAIMS}UC LG CS ไม่ติดC|ร้อยละ 95", 2, "ค่ารักษาพยาบาล"),
    ("R3", f"|{CLAIMS} SSO ไม่ติดC|ร้อยละ 95", 2, "ค่ารักษาพยาบาล"),
    ("R4", f"|{CLAIMS} SSO ไม่ติดC|ร้อยละ 95", 2, "ค่ารักษาพยาบาล"),
    ("R5", "2 ความสามารถในการกู้ระบบ Hosxp hosoffice IPD paperless และระบบNetwok "
     "โรงพยาบาลกลับคืนหลังจากไม่สามารถใช้งานได้ภายใน 30 นาที|"
     "ความสามารถในการกู้ระบบสารสนเทศโรงพยาบาลกลับคืนหลังจากไม่สามารถใช้งานได้ภายใน 30 นาที|ร้อยละ95", 2, "ในการณืระบบล่ม"),
    ("R6", "3 การจัดการระบบสารสนเทศในโรงพยาบาลปลอดภัยCyber Security|"
     "มาตรฐานระบบบริการสุขภาพรักษาความมั่นคงทาง Cyber ผ่านระดับมาตรฐาน|"
     "ผ่านเกณฑ์ICT", 1, "เอกสารการประเมิน"),
    ("R7", "4 ระบบคอมพิวเตอร์ Network และโปรแกรมเพียงพอต่อความต้องการ และพร้อมใช้งาน|"
     "ความพึงพอใจของผู้ใช้งานในด้าน ความเพียงพอของอุปกรณ์และ โปรแกรม >90%|ร้อยละ 80", 2, "สำรวจความพึงพอใจ"),
    ("R8", "5 มีการนำนวัตกรรมเทคโนโลยีสารสนเทศมาช่วยในการทำงาน|"
     "จำนวนนวัตกรรมด้านเทคโนโลยีสารสนเทศต่อปี|> 4 ต่อปี", 1, "ในโรงพยาบาล"),
    ("R9", "6 พัฒนาระบบคุณภาพเวชระเบียน|อัตราความสมบูรณ์ของเวชระเบียน|96%", 3, "ตรวจสอบคุณภาพเวชระเบียบ"),
    ("P1", "1 ระบบการนัดหมายจองคิว ออนไลน์ Telemedicine|เกณฑ์ประเมินเขตสุขภาพ|>4 คลินิก", 1, "อำนวยความสะดวกแก่ผู้มารับบริการ"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "cells", "lines", "end"), ABOVE)
def test_every_cell_of_the_level_above(code, cells, lines, end):
    sections = FILE.sections(code)
    assert list(sections) == ["higher_plan", "higher_kpi", "higher_target", "action_plan", "own_kpi", "method"]
    found = [sections[key]["text"] for key in ("higher_plan", "higher_kpi", "higher_target")]
    assert [bare(text) for text in found] == [bare(text) for text in cells.split("|")]
    action = sections["action_plan"]["text"]
    assert len(action.splitlines()) == lines
    assert bare(action).endswith(bare(end))


def test_thirteen_rows_in_three_parts():
    assert [issue["name"] for issue in FILE.data["issues"]] == ["แผนงานเชิงกลยุทธ์", "งานประจำที่สำคัญ", "งานเป้าหมายรวม"]
    assert [issue["name_en"] for issue in FILE.data["issues"]] == ["strategic jobs", "routine jobs", "policy KPI"]
    counts = [sum(row["issue"] == number for row in ROWS.values()) for number in (1, 2, 3)]
    assert (list(ROWS), counts) == ([code for code, _cells, _owners in TABLE], [3, 9, 1])


def test_the_column_of_weights_is_empty():
    assert all(row["weight"] is None and row["frequency"] == "quarterly" for row in ROWS.values())


def test_a_quarter_passes_where_its_target_is_a_number():
    free = {(code, rule["number"]) for code, row in ROWS.items() for rule in row["round_rules"] if not rule.get("pass")}
    assert free == {("S1", 1), ("S1", 2), ("S1", 3), ("S1", 4), ("P1", 3), ("P1", 4)}
    assert all(rule.get("pass") in (None, rule["target"]) for row in ROWS.values() for rule in row["round_rules"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "quarter", "data", "value", "passed"),
    [
        ("S1", 1, "P=1", "1", True),
        ("S1", 4, "P=0", "0", False),
        ("S2", 1, "L=4", "4", True),
        ("S2", 2, "L=4", "4", False),
        ("S3", 1, "A=115, B=100", "15", True),
        ("S3", 2, "A=100, B=100", "0", False),  # no growth is zero, which was reported
        ("S3", 3, "A=97, B=100", "-3", False),
        ("R1", 1, "A=95, B=100", "95", True),
        ("R4", 1, "A=94, B=100", "94", False),
        ("R5", 1, "A=49, B=50", "98", True),
        ("R6", 1, "L=4", "4", False),
        ("R7", 1, "V=90", "90", False),  # more than 90
        ("R7", 1, "V=90.5", "90.5", True),
        ("R8", 1, "A=1", "1", True),
        ("R9", 1, "V=95.99", "95.99", False),
        ("P1", 1, "A=5", "5", True),
        ("P1", 2, "A=4", "4", False),
        ("P1", 3, "A=9", "9", None),  # "every clinic" is no number: the reviewer says
    ],
)
def test_a_quarter_is_judged_by_its_own_target(code, quarter, data, value, passed):
    FILE.load()
    score = score_data(FILE.template(code, 2568, quarter), numbers(data))
    assert (score.value, score.passed, score.level) == (Decimal(value), passed, None)


@pytest.mark.django_db
def test_no_system_failure_in_a_quarter_is_no_case():
    FILE.load()
    score = score_data(FILE.template("R5", 2568, 1), numbers("A=0, B=0"))
    assert (score.state, score.value, score.passed) == ("no_cases", None, None)


@pytest.mark.django_db
def test_the_people_of_the_department_reach_the_plan():
    FILE.load()
    department, plan = OrgUnit.objects.get(code="DEPT"), Plan.objects.get(code="DEPT2568")
    assert hospital_of(department) == plan.unit
    rows = Responsibility.objects.filter(indicator__plan=plan)
    assert len(rows) == 13
    assert {(row.measured_unit_id, row.responsible_unit_id) for row in rows} == {(plan.unit_id, department.pk)}
    rounds = Round.objects.filter(indicator__plan=plan)
    assert {(r.number, f"{r.end:%Y-%m-%d}") for r in rounds} == {
        (1, "2024-12-31"), (2, "2025-03-31"), (3, "2025-06-30"), (4, "2025-09-30"),
    }  # fmt: skip


def test_what_the_department_typed_is_kept_and_what_the_pdf_lost_is_back():
    whole = bare(" ".join(section["text"] for code in ROWS for section in FILE.sections(code).values()))
    typed = "เพิมเตม ครบถ้วย มแบหมาย กลยุทธิ์ อุปกณ์ การณืระบบล่ม พร้อมให้งาน บันทุก เวชระเบียบ นวัฒกรรม Netwok รอยคอย"
    assert [word for word in typed.split() if word not in whole] == []
    assert FILE.damage() == []
