"""What happened to single results of the demo year: missing, late, returned, reopened; and what people wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.actions import Project
from indicators.models import Result

Status = Result.Status
MISSING = "missing"
MARCH = 6  # the last month that is due on the demo's day
APRIL = 7


@dataclass(frozen=True)
class Story:
    """How one result stands, and how it came to stand there. `late`: days after the due day."""

    status: str = Status.APPROVED
    late: int = 0
    sent_back: str = ""  # returned once with this reason, then mended and submitted again
    withdrawn: bool = False
    reason: str = ""  # of the return or reopening in which it stands now
    note: str = ""
    data: Mapping[str, Decimal] = field(default_factory=dict)
    not_applicable: str = ""  # why the KPI does not concern the unit in this round


def _d(**values: str) -> dict[str, Decimal]:
    return {code: Decimal(text) for code, text in values.items()}


STORIES: Mapping[tuple[str, int], Story] = {
    # October to February
    ("5", 2): Story(late=4),
    ("6", 3): Story(sent_back="จำนวนผู้ป่วย Refer in ไม่ตรงกับทะเบียนศูนย์ส่งต่อ กรุณาตรวจสอบอีกครั้ง"),
    ("7(1)", 3): Story(late=2, sent_back="ผลรวมเวลายังไม่รวมห้องตรวจอายุรกรรม กรุณาเพิ่มข้อมูล"),
    ("7(2)(1)", 4): Story(data=_d(A="0", B="0"), note="เดือนนี้ไม่มีผู้ป่วย KESI 1 ในช่วงเวลาที่สุ่มเก็บข้อมูล"),
    ("7(2)(2)", 2): Story(late=3),
    ("7(3)", 3): Story(data=_d(A4="0", B4="0"), note="เดือนนี้ไม่มีผู้ป่วย STEMI ที่ต้องผ่าตัดฉุกเฉิน"),
    ("8", 4): Story(late=6),
    ("9(1)", 5): Story(
        data=_d(B="1002.5"),
        note="เปิดเตียงเพิ่ม 5 เตียงกลางเดือน จึงใช้จำนวนเตียงเฉลี่ยของเดือน",
    ),
    ("9(2)", 4): Story(status=Status.REOPENED, reason="พบวันนอนของห้องพิเศษชั้น 5 นับซ้ำ ขอให้ตรวจนับใหม่ก่อนปิดไตรมาส"),
    ("10", 3): Story(sent_back="ค่า AdjRW ยังไม่รวมผู้ป่วยที่สรุปเวชระเบียนช้า กรุณาปรับให้เป็นปัจจุบัน"),
    ("11(1)", 2): Story(late=5),
    ("11(2)", 5): Story(MISSING),
    ("12(1)", 3): Story(withdrawn=True),
    ("12(2)", 4): Story(
        not_applicable="เดือนมกราคมปรับปรุงแบบสอบถามผู้ป่วยในตามมาตรฐานใหม่ จึงงดสำรวจหนึ่งเดือน เริ่มใช้แบบใหม่เดือนกุมภาพันธ์",
    ),
    ("12(2)", 5): Story(status=Status.RETURNED, reason="จำนวนผู้ตอบแบบสอบถามน้อยกว่าขนาดตัวอย่างที่กำหนด กรุณาแนบคำอธิบาย"),
    ("15(1)(9)", 4): Story(late=3),
    ("15(2)(SI0101)", 5): Story(late=2),
    ("15(2)(DR0201)", 3): Story(sent_back="ผลไม่ตรงกับทะเบียนวัณโรค กรุณาตรวจสอบอีกครั้ง"),
    ("16", 2): Story(late=1),
    ("22", 5): Story(status=Status.RETURNED, reason="ตัวเลขรายได้จริงไม่ตรงกับงบทดลองเดือนกุมภาพันธ์ กรุณาตรวจสอบ"),
    ("24(1)", 3): Story(late=8),  # in time all the same: it was granted more
    ("25", 2): Story(sent_back="หน่วยไฟฟ้าเป็นยอดของเดือนก่อน กรุณาใช้ใบแจ้งหนี้เดือนพฤศจิกายน"),
    ("28", 4): Story(withdrawn=True),
    ("29", 3): Story(MISSING),
    ("29", 4): Story(late=9),
    # March, of which several still wait, and the rounds that end with it
    ("2", MARCH): Story(Status.RETURNED, reason="จำนวนครั้งของ รพ.สต. ยังขาดข้อมูล 2 แห่ง กรุณาเพิ่มให้ครบ"),
    ("3", 1): Story(Status.SUBMITTED),
    ("4", 1): Story(Status.DRAFT),
    ("5", MARCH): Story(Status.SUBMITTED),
    ("6", MARCH): Story(MISSING),
    ("7(1)", MARCH): Story(MISSING),
    ("7(2)(3)", MARCH): Story(Status.SUBMITTED),
    ("12(1)", MARCH): Story(Status.SUBMITTED),
    ("12(2)", MARCH): Story(Status.DRAFT),
    ("14(10)", 1): Story(
        not_applicable="ครึ่งปีแรกปรับปรุงห้องผ่าตัดกระดูกและข้อ งดผ่าตัดเปลี่ยนข้อสะโพก โดยส่งผู้ป่วยไปโรงพยาบาลเครือข่าย",
    ),
    ("14(8)", 1): Story(sent_back="อัตราไม่ตรงกับรายงานของงานเวชระเบียน กรุณาตรวจสอบอีกครั้ง"),
    ("14(13)", 1): Story(late=1),
    ("14(22)", 1): Story(MISSING),
    ("15(2)(CG0101)", MARCH): Story(MISSING),
    ("16", MARCH): Story(
        Status.SUBMITTED,
        not_applicable="ศูนย์บริการเครื่องมือแพทย์ย้ายอาคารตลอดเดือนมีนาคม จึงไม่มีเครื่องมือให้ยืมตามที่ตัวชี้วัดนี้วัด",
    ),
    ("22", MARCH): Story(Status.DRAFT),
    ("24(2)", MARCH): Story(data=_d(B="0"), note="โปรแกรมต้นทุนยังประมวลผลต้นทุนผู้ป่วยในของเดือนมีนาคมไม่เสร็จ จึงยังไม่มีตัวเลข"),
    ("25", MARCH): Story(Status.SUBMITTED, late=1, data=_d(A="7320000", B="30500")),  # far above the months before
    ("26(2)", 2): Story(MISSING),
    ("29", MARCH): Story(MISSING),  # cancelled since the first of March
    ("27(2)", 1): Story(Status.SUBMITTED),
    # April has begun: early drafts
    ("5", APRIL): Story(Status.DRAFT),
    ("8", APRIL): Story(Status.DRAFT),
    ("16", APRIL): Story(Status.DRAFT),
    ("28", APRIL): Story(Status.DRAFT),
}

# What is written with a result: problems, and what could be done about them.
TEXTS: Mapping[str, tuple[str, str]] = {
    "2": (
        "ประชาชนในเขตเมืองยังนิยมมาที่โรงพยาบาลโดยตรง และ ศสม. บางแห่งมีแพทย์ออกตรวจไม่ครบทุกวัน",
        "จัดแพทย์เวชศาสตร์ครอบครัวหมุนเวียนให้ครบทุกวันทำการ และประชาสัมพันธ์บริการใกล้บ้าน",
    ),
    "5": (
        "ผู้ป่วยโรคซับซ้อนบางสาขายังต้องส่งต่อ เนื่องจากแพทย์เฉพาะทางไม่เพียงพอ",
        "ทบทวนเกณฑ์การส่งต่อร่วมกับ Service plan และขอรับการปรึกษาผ่านระบบทางไกล",
    ),
    "7(1)": (
        "ช่วงเช้ามีผู้ป่วยหนาแน่น ทำให้รอผลตรวจทางห้องปฏิบัติการนาน",
        "กระจายเวลานัดเป็นช่วงเวลา และเปิดจุดเจาะเลือดก่อนเวลา 07.00 น.",
    ),
    "7(2)(3)": (
        "ผู้ป่วยกลุ่มไม่ฉุกเฉินมาใช้บริการนอกเวลาราชการจำนวนมาก",
        "เปิดคลินิกนอกเวลาแยกผู้ป่วย KESI 4 และ 5 ออกจากห้องฉุกเฉิน",
    ),
    "8": (
        "ผู้ป่วยสูงอายุรอผู้ดูแลรับกลับบ้าน ทำให้วันนอนเกินเกณฑ์",
        "วางแผนจำหน่ายตั้งแต่แรกรับ และประสานทีมเยี่ยมบ้านของ CUP",
    ),
    "11(2)": (
        "แพทย์สรุปเวชระเบียนล่าช้าในหอผู้ป่วยที่มีภาระงานสูง",
        "ตั้งทีม Auditor/Coder ให้คำแนะนำรายหอผู้ป่วย และแจ้งผลคืนทุกสัปดาห์",
    ),
    "15(1)(9)": (
        "ยังพบแผลกดทับระดับ 3 ในผู้ป่วยที่นอนนาน",
        "ทบทวนแนวทางพลิกตะแคงตัวและจัดหาที่นอนลดแรงกดเพิ่ม",
    ),
    "24(1)": (
        "ค่าวัสดุทางห้องปฏิบัติการเพิ่มขึ้นตามปริมาณการส่งตรวจ",
        "ทบทวนความเหมาะสมของการส่งตรวจร่วมกับคณะกรรมการ UR",
    ),
    "25": (
        "อากาศร้อนทำให้การใช้เครื่องปรับอากาศเพิ่มขึ้น",
        "กำหนดเวลาเปิดปิดเครื่องปรับอากาศ และเปลี่ยนหลอดไฟเป็น LED ในอาคารเก่า",
    ),
}

PROJECTS: Mapping[str, tuple[Project, ...]] = {
    "2": (
        Project("โครงการพัฒนาศูนย์สุขภาพชุมชนเมืองใกล้บ้านใกล้ใจ", Decimal(450000), Decimal("182500.50"), "เงินบำรุง"),
        Project("โครงการรณรงค์ใช้บริการใกล้บ้าน", Decimal(80000), Decimal(36400), "งบ PP"),
    ),
    "7(1)": (
        Project("โครงการลดระยะเวลารอคอยผู้ป่วยนอก", Decimal(250000), Decimal("98750.25"), "เงินบำรุง"),
        Project("กิจกรรมพัฒนาระบบนัดแบบช่วงเวลา", Decimal(60000), Decimal(60000), "เงินบำรุง"),
    ),
    "8": (Project("โครงการวางแผนจำหน่ายผู้ป่วยแบบสหสาขาวิชาชีพ", Decimal(120000), Decimal(45200), "เงินบำรุง"),),
    "15(1)(9)": (Project("โครงการอบรมความปลอดภัยผู้ป่วย", Decimal(180000), Decimal(0), "เงินบำรุง"),),
    "25": (Project("โครงการปรับเปลี่ยนหลอดไฟ LED", Decimal(900000), Decimal(315600), "งบค่าเสื่อม"),),
}


def story_of(code: str, number: int, has_ended: bool, is_year: bool) -> Story:
    """What happened to a round: one that has only begun holds nothing yet, but the year's own holds a draft."""
    usual = Story() if has_ended else Story(Status.DRAFT if is_year else MISSING)
    return STORIES.get((code, number), usual)
