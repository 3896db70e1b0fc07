"""fixtures/kkpho2566.yaml against the printed template K405. The tables here were typed from the source document."""

from decimal import Decimal

import pytest

from indicators.models import Responsibility, Round
from scoring.score import score_across, score_data
from strategy.models import OrgUnit
from tests.indicators.printed import PlanFile, bare, numbers

FILE = PlanFile("KKPHO2566")
K405 = FILE.rows["K405"]
YEARS = ("2566", "2567", "2568", "2569")

HOSPITALS = """
10670 รพ.ขอนแก่น|10995 รพ.บ้านฝาง|10996 รพ.พระยืน|10997 รพ.หนองเรือ|10998 รพ.ชุมแพ|10999 รพ.สีชมพู|11000 รพ.น้ำพอง
11001 รพ.อุบลรัตน์|11002 รพ.บ้านไผ่|11003 รพ.เปือยน้อย|11004 รพ.พล|11005 รพ.แวงใหญ่|11006 รพ.แวงน้อย|11007 รพ.หนองสองห้อง
11008 รพ.ภูเวียง|11009 รพ.มัญจาคีรี|11010 รพ.ชนบท|11011 รพ.เขาสวนกวาง|11012 รพ.ภูผาม่าน|11445 รพร.กระนวน
12275 รพ.สิรินธร จ.ขอนแก่น|14132 รพ.ซำสูง|77649 รพ.หนองนาคำ|77650 รพ.เวียงเก่า|77651 รพ.โคกโพธิ์ไชย|77652 รพ.โนนศิลา
""".strip().replace("\n", "|").split("|")  # fmt: skip

SECTIONS = [
    ("1", "ประเด็นยุทธศาสตร์ที่ 4"), ("2", "เป้าประสงค์ที่ 9"), ("3", "รหัสตัวชี้วัด"), ("4", "ชื่อตัวชี้วัด"), ("5", "เกณฑ์"),
    ("6", "ค่าน้ำหนัก"), ("7", "คำนิยาม"), ("8", "เกณฑ์เป้าหมาย"), ("9", "วัตถุประสงค์"), ("10", "กลุ่มเป้าหมาย"),
    ("11", "วิธีการจัดเก็บข้อมูล"), ("12", "แหล่งข้อมูล"), ("13", "รายการข้อมูล"), ("14", "สูตรคำนวณตัวชี้วัด"),
    ("15", "ระยะเวลาประเมินผล 2 ครั้ง/ปี"), ("16", "เกณฑ์การประเมิน"), ("17", "วิธีการประเมิน"),
    ("18", "รายละเอียดข้อมูลพื้นฐาน (Baseline data) ผลการดำเนินงานย้อนหลัง 3 ปี (ปี 2563-2565)"),
    (None, "วิธีการรายงาน"), (None, "หมายเหตุ"),
    ("19", "รายละเอียดข้อมูลพื้นฐาน (Baseline data) ผลการดำเนินงานปี 2565 แยกเป็นรายอำเภอ"),
    ("20", "ผู้รับผิดชอบ/ผู้ประสานงานตัวชี้วัด"), (None, "เอกสารประกอบตัวชี้วัด"),
]  # fmt: skip


def test_all_sections_in_their_printed_order():
    assert [(section.get("number"), section["title"]) for section in K405["sections"]] == SECTIONS
    assert len(FILE.sections("K405")) == len(SECTIONS)
    empty = {key for key, section in FILE.sections("K405").items() if not section["text"]}
    assert empty == {"target_criterion", "supporting_documents"}


# The number of printed points of a section, and words from its first, middle and last lines.
@pytest.mark.parametrize(
    ("key", "lines", "words"),
    [
        ("definition", 41, ["Audit Chart", "๓.๒ มีการเร่งรัดติดตาม", "Sum of AdjRW", "Cash Ratio ≥0.8"]),
        ("objective", 1, ["(ระดับ 4-7) ศูนย์จัดเก็บรายได้มีคุณภาพ"]),
        ("data_items", 3, ["1. สรุปผลการประเมิน", "2. งบทางการเงิน", "3. รายงานการประชุม"]),
        ("formula", 2, ["https://iad.moph.go.th", "http://hfo.cfo.in.th"]),
        ("evaluation_period", 3, ["รอบที่ 1 เดือน", "(ตามที่ กลุ่มงาน พนย.กำหนด)"]),
        ("evaluation_criteria", 6, ["(ส่วนที่ 1 = 100 คะแนน ส่วนที่ 2 = 100 คะแนน ดังนี้", "100 | 80 | 70 | 60 | 50"]),
        ("evaluation_method", 6, ["80-84 | 85 ขึ้นไป", "ระดับ 5 ขึ้นไป 12 แห่ง", "24 แห่ง"]),
        ("baseline", 3, ["https://hfo.moph.go.th", "จำนวน รพ."]),
        ("reporting_method", 5, ["รอบที่ 2 ภายในวันที่", "3. ประเมินให้คะแนน CUP ตามเกณฑ์ตัวชี้วัด ในรอบที่ 2/2566"]),
        ("remark", 2, ["ไตรมาส 1/2566", "หรือไตรมาส 3/2566"]),
        ("baseline_by_district", 27, ["TPS-Q3-65 (เกรด A-F)", "77652 รพ.โนนศิลา"]),
        ("contacts", 11, ["20.1 ชื่อ-สกุล นางบัวลักษณ์ จันทระ", "โทรศัพท์ 043-221125 ต่อ 153"]),
    ],
)
def test_long_sections_are_complete(key, lines, words):
    text = FILE.sections("K405")[key]["text"]
    assert len(text.splitlines()) == lines
    assert [word for word in words if bare(word) not in bare(text)] == []


def test_the_criterion_and_the_target_contradict_each_other_as_printed():
    sections = FILE.sections("K405")
    assert sections["criterion"]["text"] == "โรงพยาบาลผ่านเกณฑ์การดำเนินการ ระดับ 4 ขึ้นไป ทุกแห่ง"
    assert K405["across_level"] == 5
    assert [FILE.year("K405", year)["plan_target"] for year in YEARS] == ["12 แห่ง", "16 แห่ง", "20 แห่ง", "24 แห่ง"]


def test_twenty_six_hospitals_are_measured():
    units = [FILE.units[code] for code in K405["measured_units"]]
    printed = [(unit["ministry_code"], unit["short_name"]) for unit in units]
    wanted = [tuple(text.split(" ", 1)) for text in HOSPITALS]
    assert len(printed) == len(set(printed)) == 26
    assert printed[1:] == wanted[1:]
    assert all(unit["kind"] == "hospital" and unit["parent"] == "KKPHO" for unit in units)
    assert all(unit["code"] == unit["ministry_code"] for unit in units[1:])
    assert [line for line in HOSPITALS if line not in FILE.sections("K405")["baseline_by_district"]["text"]] == []


def test_the_regional_hospital_is_the_unit_of_its_own_plan():
    own = PlanFile("KKH2560").units["KKH"]
    here = FILE.units["KKH"]
    assert {key: here[key] for key in ("name", "short_name", "aliases", "telephone", "kind")} == {
        key: own[key] for key in ("name", "short_name", "aliases", "telephone", "kind")
    }
    assert (here["ministry_code"], here["parent"]) == ("10670", "KKPHO")


def test_weight_years_and_bands():
    assert (K405["weight"], tuple(K405["versions"]), K405["frequency"]) == ("3", YEARS, "half_yearly")
    bands = {"1": "65-69", "2": "70-74", "3": "75-79", "4": "80-84", "5": "85 ขึ้นไป"}
    assert all(FILE.year("K405", year)["bands"] == bands for year in YEARS)


def test_baselines_of_three_years():
    printed = [("ร้อยละ 15.38 (4 แห่ง)", 2563), ("ร้อยละ 15.38 (4 แห่ง)", 2564), ("ร้อยละ 26.92 (7 แห่ง)", 2565)]
    assert [(row["text"], row["year"]) for row in K405["baseline"]] == printed
    # The printed percentages are those of 26 hospitals.
    for row in K405["baseline"]:
        share = (Decimal(row["value"]) / 26 * 100).quantize(Decimal("0.01"))
        assert f"ร้อยละ {share} ({row['value']} แห่ง)" == row["text"]


def test_three_people_to_ask():
    assert [tuple(person.values()) for person in K405["contacts"]] == [
        ("นางบัวลักษณ์ จันทระ", "หัวหน้ากลุ่มงานประกันสุขภาพ", "043-221125 ต่อ 160 161", "043-224037"),
        ("นายชัชวาลย์ มุ่งแสง", "นักวิชาการสาธารณสุขชำนาญการ", "043-221125 ต่อ 160 161", "043-224037"),
        ("นางมลิวรรณ มะลิต้น", "เจ้าพนักงานการเงินและบัญชี", "043-221125 ต่อ 153", None),
    ]


def test_no_damaged_thai():
    assert FILE.damage() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "value", "level", "passed"),
    [
        ("EIA=100, TPS=100", "100", 5, True),  # grade A
        ("EIA=90, TPS=80", "85", 5, True),  # grade B
        ("EIA=89.98, TPS=80", "84.99", 4, False),
        ("EIA=80, TPS=80", "80", 4, False),
        ("EIA=89, TPS=70", "79.5", 3, False),  # between 79 and 80: the lower level
        ("EIA=80, TPS=60", "70", 2, False),
        ("EIA=80, TPS=50", "65", 1, False),
        ("EIA=79, TPS=50", "64.5", 0, False),
        ("EIA=0, TPS=50", "25", 0, False),  # zero was reported
    ],
)
def test_one_hospital_is_scored(data, value, level, passed):
    FILE.load()
    score = score_data(FILE.template("K405", 2566), numbers(data))
    assert (score.value, score.level, score.passed) == (Decimal(value), level, passed)


@pytest.mark.django_db
def test_grades_stand_for_points():
    FILE.load()
    choices = FILE.template("K405", 2566).item("TPS").choices
    assert {choice.label: choice.points for choice in choices} == {"A": 100, "B": 80, "C": 70, "D": 60, "F": 50}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "at_five", "passed"),
    [(2566, 12, True), (2566, 11, False), (2566, 26, True), (2567, 15, False), (2568, 20, True), (2569, 23, False)],
)
def test_the_province_passes_with_so_many_hospitals(year, at_five, passed):
    FILE.load()
    levels = [(code, Decimal(5 if number < at_five else 4)) for number, code in enumerate(K405["measured_units"])]
    score = score_across(FILE.template("K405", year), levels)
    assert (score.value, score.level, score.passed) == (at_five, None, passed)


@pytest.mark.django_db
def test_loaded_with_the_plan_of_the_regional_hospital():
    """The hospital and its own plan are there already, and loaded again: it stays one unit, in its province."""
    FILE.load()
    kkh = OrgUnit.objects.get(code="KKH")
    assert (kkh.parent.code, kkh.ministry_code, kkh.plans.get().code) == ("KKPHO", "10670", "KKH2560")
    rows = Responsibility.objects.filter(indicator__code="K405")
    assert {row.responsible_unit.code for row in rows} == {"KKPHO_INSURANCE"}
    assert {row.measured_unit.code for row in rows} == set(K405["measured_units"])
    PlanFile("KKH2560").load()
    kkh.refresh_from_db()
    assert (kkh.parent.code, kkh.ministry_code) == ("KKPHO", "10670")


@pytest.mark.django_db
def test_two_rounds_a_year_at_the_quarters_of_the_remark():
    FILE.load()
    rounds = Round.objects.filter(indicator__code="K405", fiscal_year=2566).order_by("number")
    assert [(r.label, f"{r.end:%m-%d}", f"{r.due:%m-%d}") for r in rounds] == [
        ("รอบที่ 1", "12-31", "01-10"), ("รอบที่ 2", "06-30", "07-10"),
    ]  # fmt: skip
