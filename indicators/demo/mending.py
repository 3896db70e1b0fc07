"""The recovery measures of the demo year: begun where a KPI fails first, then followed up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from indicators.models import RecoveryMeasure
from indicators.recovery.actions import add_measure, follow_up
from indicators.recovery.rules import fetch_measure
from indicators.rules import RoundAccess
from strategy import clock
from strategy.models import User
from strategy.periods import THAI_TIME

REVIEWER = "reviewer"


@dataclass(frozen=True)
class FollowUp:
    """One step: by the head of the unit, or where `by` says so by somebody else."""

    at: datetime
    step: str
    text: str
    by: str = ""


@dataclass(frozen=True)
class Mending:
    """What is to be done about a KPI that fails, from its first failure on, and what became of it."""

    what: str
    who: str
    by_when: date
    steps: tuple[FollowUp, ...] = ()


def _on(day: int, month: int, hour: int) -> datetime:
    return datetime(2017, month, day, hour, 20, tzinfo=THAI_TIME)


MENDINGS: Mapping[str, Mending] = {
    # Being done
    "5": Mending(
        "ทบทวนเกณฑ์การส่งต่อร่วมกับคณะกรรมการ Service plan และเปิดให้ปรึกษาแพทย์เฉพาะทางผ่านระบบทางไกล",
        "ศูนย์ส่งต่อผู้ป่วย", date(2017, 5, 31),
        (
            FollowUp(_on(18, 1, 10), "progress", "ทบทวนเกณฑ์สาขาโรคหัวใจและมะเร็งแล้ว สาขาทารกแรกเกิดนัดประชุมเดือนกุมภาพันธ์"),
            FollowUp(_on(15, 3, 14), "progress", "เริ่มปรึกษาทางไกลกับโรงพยาบาลมหาวิทยาลัย 2 สาขา ส่งต่อออกลดลงเหลือร้อยละ 10"),
        ),
    ),
    "8": Mending("วางแผนจำหน่ายตั้งแต่แรกรับในหอผู้ป่วยอายุรกรรมทุกหอ", "คณะกรรมการ UR", date(2017, 6, 30)),
    "25": Mending(
        "กำหนดเวลาเปิดปิดเครื่องปรับอากาศ และเปลี่ยนหลอดไฟเป็น LED ในอาคารเก่า", "ฝ่ายบริหาร", date(2017, 7, 31),
        (
            FollowUp(_on(22, 2, 9), "progress", "เปลี่ยนหลอดไฟอาคาร 2 และ 3 เสร็จแล้ว เหลืออาคารอำนวยการ"),
            FollowUp(_on(11, 4, 13), "progress", "ขอให้เสนอแผนของอาคารอุบัติเหตุเพิ่ม เพราะค่าไฟเดือนมีนาคมสูงผิดปกติ", REVIEWER),
        ),
    ),
    # Overdue
    "7(1)": Mending(
        "กระจายเวลานัดเป็นช่วง และเปิดจุดเจาะเลือดก่อนเวลา 07.00 น.", "หัวหน้าพยาบาลผู้ป่วยนอก", date(2017, 3, 31),
        (FollowUp(_on(15, 2, 11), "progress", "เปิดจุดเจาะเลือดเวลา 06.30 น. แล้ว การนัดเป็นช่วงเวลารอแก้โปรแกรมนัด"),),
    ),
    "2": Mending(
        "จัดแพทย์เวชศาสตร์ครอบครัวหมุนเวียนออกตรวจที่ ศสม. ให้ครบทุกวันทำการ", "กลุ่มงานเวชกรรมสังคม", date(2017, 2, 28),
        (FollowUp(_on(7, 3, 15), "progress", "ออกตรวจได้ 4 จาก 5 วันทำการ ขาดแพทย์วันศุกร์", ),),
    ),
    # Done, to be closed
    "11(1)": Mending(
        "แจ้งผลตรวจความสมบูรณ์ของเวชระเบียนคืนรายห้องตรวจทุกสัปดาห์", "งานเวชระเบียน", date(2017, 2, 28),
        (
            FollowUp(_on(20, 1, 10), "progress", "เริ่มแจ้งผลคืนครบทุกห้องตรวจ"),
            FollowUp(_on(13, 3, 9), "done", "แจ้งผลคืนต่อเนื่อง 8 สัปดาห์ ผลเดือนกุมภาพันธ์ผ่านเกณฑ์แล้ว ขอปิดมาตรการ"),
        ),
    ),
    # Closed
    "24(2)": Mending(
        "ทบทวนการใช้วัสดุการแพทย์มูลค่าสูงของหอผู้ป่วยวิกฤตร่วมกับคณะกรรมการ UR", "กลุ่มงานบัญชี", date(2016, 12, 30),
        (
            FollowUp(_on(11, 1, 10), "done", "ทบทวนครบ 6 หอ กำหนดรายการที่ต้องขออนุมัติก่อนใช้ ต้นทุนเดือนธันวาคมผ่านเกณฑ์"),
            FollowUp(_on(18, 1, 14), "close", "ตรวจกับรายงานต้นทุนเดือนธันวาคมแล้ว ผ่านเกณฑ์ จึงปิดมาตรการ", REVIEWER),
        ),
    ),
    # Dropped
    "23": Mending(
        "จัดทำแผนเพิ่มรายได้และลดค่าใช้จ่ายของหน่วยงาน", "กลุ่มงานบัญชี", date(2017, 3, 31),
        (FollowUp(_on(9, 2, 11), "drop", "รวมไว้ในแผนฟื้นฟูการเงินของโรงพยาบาลแล้ว ติดตามที่แผนนั้น", REVIEWER),),
    ),
}  # fmt: skip


def begin_to_mend(access: RoundAccess, *, by: User, at: datetime) -> None:
    """Open the measure of a KPI at its first failure."""
    plan = MENDINGS.get(access.round.indicator.code)
    if plan is None or access.result is None or access.result.passed is not False:
        return
    if not RecoveryMeasure.objects.filter(result__round__indicator=access.round.indicator_id).exists():
        with clock.at_moment(at):
            add_measure(access=access, by=by, what=plan.what, who=plan.who, by_when=plan.by_when)


def follow_ups() -> Iterator[tuple[str, FollowUp]]:
    """All steps with the code of their KPI, in order of time."""
    steps = [(code, step) for code, plan in MENDINGS.items() for step in plan.steps]
    return iter(sorted(steps, key=lambda pair: pair[1].at))


def take_step(code: str, step: FollowUp, *, by: User) -> None:
    """Follow up the measure of a KPI, as its page does."""
    found = RecoveryMeasure.objects.get(result__round__indicator__code=code, result__is_demo=True)
    seen = fetch_measure(by, found.pk)
    follow_up(seen=seen, by=by, step=step.step, text=step.text, lock=found.lock)
