"""How the people of the demo year answer warnings: a comment beside each, or a recovery measure where a KPI fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from indicators.adapters import template_for_round
from indicators.demo.figures import Data
from indicators.models import RecoveryMeasure, Result
from indicators.pasts import Background, Placed
from indicators.questions import TICKED, questions, warning_key
from strategy.models import User

COMMENTS: Mapping[str, str] = {
    "far_value": "ตรวจกับทะเบียนแล้ว ตัวเลขถูกต้อง ผู้รับบริการเดือนนี้ต่างจากเดือนอื่น",
    "drift": "จำนวนตามทะเบียนจริงของเดือนนี้",
    "level_jump": "ตรวจซ้ำกับแหล่งข้อมูลแล้ว ผลงานเปลี่ยนจริงตามที่รายงาน",
    "same_again": "ยอดยังไม่เปลี่ยนจากงวดก่อน ยืนยันกับเจ้าของข้อมูลแล้ว",
    "not_whole": "เปิดเตียงเพิ่มกลางเดือน จึงใช้จำนวนเฉลี่ยของเดือน",
    "no_recovery": "อยู่ระหว่างทบทวนสาเหตุกับทีม จะเสนอมาตรการในการประชุมครั้งถัดไป",
}
OTHERWISE = "ตรวจสอบแล้ว ตัวเลขถูกต้อง"


@dataclass(frozen=True)
class Plan:
    """What is to be done about a KPI that fails, from its first failure on."""

    what: str
    who: str
    by_when: date


MEASURES: Mapping[str, Plan] = {
    "5": Plan(
        "ทบทวนเกณฑ์การส่งต่อร่วมกับคณะกรรมการ Service plan และเปิดให้ปรึกษาแพทย์เฉพาะทางผ่านระบบทางไกล",
        "ศูนย์ส่งต่อผู้ป่วย", date(2017, 5, 31),
    ),
    "7(1)": Plan(
        "กระจายเวลานัดเป็นช่วง และเปิดจุดเจาะเลือดก่อนเวลา 07.00 น.", "หัวหน้าพยาบาลผู้ป่วยนอก", date(2017, 3, 31)
    ),
    "8": Plan("วางแผนจำหน่ายตั้งแต่แรกรับในหอผู้ป่วยอายุรกรรมทุกหอ", "คณะกรรมการ UR", date(2017, 6, 30)),
    "25": Plan("กำหนดเวลาเปิดปิดเครื่องปรับอากาศ และเปลี่ยนหลอดไฟเป็น LED ในอาคารเก่า", "ฝ่ายบริหาร", date(2017, 7, 31)),
}  # fmt: skip


def answers_to(placed: Placed, data: Data, against: Background) -> dict[str, str]:
    """A comment beside every warning about these numbers that asks for one."""
    template = template_for_round(placed.version, placed.round.number)
    asked = (warning for warning in questions(template, data, placed.round, against) if warning.code not in TICKED)
    return {warning_key(warning, data): COMMENTS.get(warning.code, OTHERWISE) for warning in asked}


def begin_to_mend(result: Result, code: str, *, by: User, at: datetime) -> None:
    """Open the measure of a KPI at its first failure."""
    plan = MEASURES.get(code)
    if plan is None or result.passed is not False:
        return
    if not RecoveryMeasure.objects.filter(result__round__indicator=result.round.indicator_id).exists():
        RecoveryMeasure.objects.create(
            result=result, what=plan.what, who=plan.who, by_when=plan.by_when, created_by=by, created_at=at
        )
