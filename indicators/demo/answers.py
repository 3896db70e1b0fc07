"""How the people of the demo year answer warnings: with a comment beside each."""

from collections.abc import Mapping

from indicators.adapters import template_for_round
from indicators.demo.figures import Data
from indicators.pasts import Background, Placed
from indicators.questions import TICKED, questions, warning_key

COMMENTS: Mapping[str, str] = {
    "far_value": "ตรวจกับทะเบียนแล้ว ตัวเลขถูกต้อง ผู้รับบริการเดือนนี้ต่างจากเดือนอื่น",
    "drift": "จำนวนตามทะเบียนจริงของเดือนนี้",
    "level_jump": "ตรวจซ้ำกับแหล่งข้อมูลแล้ว ผลงานเปลี่ยนจริงตามที่รายงาน",
    "same_again": "ยอดยังไม่เปลี่ยนจากงวดก่อน ยืนยันกับเจ้าของข้อมูลแล้ว",
    "not_whole": "เปิดเตียงเพิ่มกลางเดือน จึงใช้จำนวนเฉลี่ยของเดือน",
    "no_recovery": "อยู่ระหว่างทบทวนสาเหตุกับทีม จะเสนอมาตรการในการประชุมครั้งถัดไป",
}
BILL = "ใบแจ้งหนี้เดือนมีนาคมรวมยอดย้อนหลัง 2 เดือนของอาคารอุบัติเหตุหลังใหม่ แนบกราฟหน่วยไฟฟ้ารายเดือนแล้ว"
OWN: Mapping[tuple[str, str], str] = {("25", "far_value"): BILL, ("25", "level_jump"): BILL}
OTHERWISE = "ตรวจสอบแล้ว ตัวเลขถูกต้อง"


def answers_to(placed: Placed, data: Data, against: Background) -> dict[str, str]:
    """A comment beside every warning about these numbers that asks for one."""
    template = template_for_round(placed.version, placed.round.number)
    asked = (warning for warning in questions(template, data, placed.round, against) if warning.code not in TICKED)
    return {warning_key(warning, data): _comment(placed.round.indicator.code, warning.code) for warning in asked}


def _comment(kpi: str, warning: str) -> str:
    return OWN.get((kpi, warning)) or COMMENTS.get(warning, OTHERWISE)
