"""What stands beside results of the demo year: evidence, and what unit and reviewer wrote to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.demo.figures import Data
from indicators.demo.papers import chart_of, page_of
from indicators.demo.story import MARCH
from indicators.evidence.actions import add_comment, add_files, add_link
from indicators.evidence.forms import check_file
from indicators.models import Round
from indicators.rules import RoundAccess
from strategy import clock
from strategy.models import User


@dataclass(frozen=True)
class Page:
    """A scanned sheet; `{A}` in a line is what was entered for item A."""

    name: str
    shows: str
    title: str
    lines: Sequence[str]

    def content(self, data: Data) -> bytes:
        known = {code: f"{value or Decimal(0):,.0f}" for code, value in data.items()}
        return page_of(self.title, [line.format(**known) for line in self.lines])


@dataclass(frozen=True)
class Chart:
    """A picture of some months."""

    name: str
    shows: str
    title: str
    columns: Sequence[tuple[str, int]]

    def content(self, data: Data) -> bytes:
        return chart_of(self.title, self.columns)


@dataclass(frozen=True)
class Link:
    """Where the evidence lies."""

    address: str
    shows: str


Exhibit = Page | Chart | Link


@dataclass(frozen=True)
class Said:
    """One message, some days after what came before it; `by_unit`: of the head, else of the reviewer."""

    text: str
    by_unit: bool = False
    days: int = 0


OPD_CHART = Chart(
    "ระยะเวลารอคอย OPD ต.ค. 59 - ก.พ. 60.png",
    "กราฟระยะเวลารอคอยเฉลี่ยรายเดือนจากระบบคิว",
    "ระยะเวลารอคอยเฉลี่ยของผู้ป่วยนอก (นาที)",
    (("ต.ค. 59", 182), ("พ.ย. 59", 179), ("ธ.ค. 59", 177), ("ม.ค. 60", 174), ("ก.พ. 60", 170)),
)
POWER_CHART = Chart(
    "หน่วยไฟฟ้า ต.ค. 59 - มี.ค. 60.png",
    "หน่วยไฟฟ้าตามใบแจ้งหนี้การไฟฟ้าส่วนภูมิภาค เดือนมีนาคมรวมค่าไฟย้อนหลังของอาคารใหม่",
    "หน่วยไฟฟ้าตามใบแจ้งหนี้ (พันหน่วย)",
    (("ต.ค. 59", 4647), ("พ.ย. 59", 4790), ("ธ.ค. 59", 4478), ("ม.ค. 60", 4752), ("ก.พ. 60", 4531), ("มี.ค. 60", 7320)),
)

EVIDENCE: Mapping[tuple[str, int], tuple[Exhibit, ...]] = {
    ("2", MARCH): (
        Page(
            "รายงานผู้ป่วยนอก CUP มี.ค. 60.pdf",
            "รายงานจำนวนครั้งผู้ป่วยนอกแยกรายหน่วยบริการ หน้า 1",
            "รายงานการใช้บริการผู้ป่วยนอก เครือข่าย CUP เดือนมีนาคม 2560",
            (
                "หน่วยบริการปฐมภูมิ ({A} ครั้ง) และโรงพยาบาล ({B} ครั้ง)",
                "หมายเหตุ: อยู่ระหว่างติดตามข้อมูลของ รพ.สต. 2 แห่ง",
                "ผู้จัดทำรายงาน: กลุ่มงานเวชกรรมสังคม",
            ),
        ),
    ),
    ("5", MARCH): (
        Page(
            "ทะเบียนส่งต่อ มี.ค. 60.pdf",
            "สรุปทะเบียนส่งต่อผู้ป่วยออกนอกโรงพยาบาล ลงนามโดยหัวหน้าศูนย์ส่งต่อ",
            "สรุปทะเบียนส่งต่อผู้ป่วย เดือนมีนาคม 2560",
            (
                "ส่งต่อไปโรงพยาบาลที่มีศักยภาพสูงกว่า {A} ครั้ง จากที่ส่งต่อออกทั้งหมด {B} ครั้ง",
                "สาขาที่ส่งต่อมากที่สุด: โรคหัวใจ มะเร็ง ทารกแรกเกิด",
                "ตรวจสอบกับโปรแกรม Thai Refer แล้ว ข้อมูลตรงกัน",
            ),
        ),
        Link("https://hdc.moph.example/refer/2560/03", "รายงานการส่งต่อของจังหวัดในระบบ HDC"),
    ),
    ("7(1)", 5): (
        OPD_CHART,
        Page(
            "สรุปเวลารอคอย ก.พ. 60.pdf",
            "สรุปเวลารอคอยรายห้องตรวจ เดือนกุมภาพันธ์",
            "สรุประยะเวลารอคอยผู้ป่วยนอก เดือนกุมภาพันธ์ 2560",
            (
                "เวลารอคอยรวม {A} นาที จากผู้ป่วยที่สุ่มจับเวลา {B} ราย",
                "ห้องตรวจที่รอนานที่สุด: อายุรกรรม",
                "เก็บข้อมูลจากระบบคิวอัตโนมัติ ทุกวันอังคารและพฤหัสบดี",
            ),
        ),
    ),
    ("12(2)", 5): (
        Link("https://intranet.kkh.example/qs/survey/2560-02", "แบบสอบถามความพึงพอใจผู้ป่วยใน เดือนกุมภาพันธ์"),
    ),
    ("16", MARCH): (
        Page(
            "บันทึกข้อความ ย้ายศูนย์เครื่องมือแพทย์.pdf",
            "บันทึกข้อความแจ้งปิดให้บริการยืมเครื่องมือแพทย์ระหว่างย้ายอาคาร",
            "บันทึกข้อความ: ย้ายที่ทำการศูนย์บริการเครื่องมือแพทย์",
            (
                "เรียน หัวหน้าหอผู้ป่วยทุกหอ",
                "ศูนย์ฯ งดให้ยืมเครื่องมือแพทย์ระหว่างวันที่ 1 - 31 มีนาคม 2560 เพื่อย้ายอาคาร",
                "กรณีเร่งด่วนให้ยืมจากหอผู้ป่วยใกล้เคียงตามแผนสำรองเครื่องมือ",
            ),
        ),
    ),
    ("25", MARCH): (POWER_CHART,),
}  # fmt: skip

TALK: Mapping[tuple[str, int], tuple[Said, ...]] = {
    ("2", MARCH): (
        Said("ขอทราบว่า รพ.สต. สองแห่งที่ขาดคือแห่งใด ทางกลุ่มงานเห็นในระบบ HDC ครบแล้ว", by_unit=True),
        Said("ลำดับที่ 4 และ 9 ในรายงานที่แนบยังเป็น 0 เข้าใจว่า HDC ประมวลผลไม่ทัน กรุณาตรวจอีกครั้งแล้วส่งใหม่", days=1),
    ),
    ("9(2)", 4): (Said("ห้องพิเศษชั้น 5 นับวันนอนซ้ำจากการย้ายเตียงในวันเดียวกัน จะแก้จากโปรแกรมเวชระเบียนแล้วส่งใหม่", by_unit=True),),
    ("12(2)", 5): (
        Said("ได้แบบสอบถามคืน 431 ชุดจากที่แจก 600 ชุด เพราะหอผู้ป่วย 3 หอปิดปรับปรุงในเดือนกุมภาพันธ์", by_unit=True),
        Said("รับทราบ กรุณาเขียนเหตุผลนี้ในช่องหมายเหตุและแนบจำนวนชุดรายหอ แล้วส่งใหม่ได้เลย", days=1),
        Said("ขอเวลารวบรวมจำนวนชุดรายหอจากหัวหน้าหอผู้ป่วย จะส่งภายในสัปดาห์หน้า", by_unit=True),
    ),
    ("25", MARCH): (
        Said("หน่วยไฟฟ้าเดือนมีนาคมสูงกว่าเดือนก่อนเกินครึ่งเท่า รวมยอดย้อนหลังของอาคารใหม่ด้วยหรือไม่"),
        Said("รวมด้วย การไฟฟ้าเรียกเก็บย้อนหลัง 2 เดือนของอาคารอุบัติเหตุหลังใหม่ กำลังขอใบแจ้งหนี้แยกรายเดือน", by_unit=True),
    ),
}


def evidence_of(round_: Round) -> Sequence[Exhibit]:
    """What was attached to a round's result, in its order."""
    return EVIDENCE.get(_place(round_), ())


def attach(access: RoundAccess, exhibit: Exhibit, data: Data, *, by: User, at: datetime) -> None:
    """One file or link, as the unit attached it."""
    with clock.at_moment(at):
        if isinstance(exhibit, Link):
            add_link(access=access, by=by, link=exhibit.address, description=exhibit.shows)
        else:
            file = check_file(SimpleUploadedFile(exhibit.name, exhibit.content(data)))
            add_files(access=access, by=by, files=[file], description=exhibit.shows)


def messages_about(round_: Round) -> Sequence[Said]:
    """What was written about a round's result, in its order."""
    return TALK.get(_place(round_), ())


def say(access: RoundAccess, text: str, *, by: User, at: datetime) -> None:
    """One message, which the other side is told of."""
    with clock.at_moment(at):
        add_comment(access=access, by=by, text=text)


def _place(round_: Round) -> tuple[str, int]:
    return round_.indicator.code, round_.number
