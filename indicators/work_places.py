"""The lists of งานของฉัน: their order, their titles and what each asks for."""

from enum import StrEnum

from django.utils.translation import gettext_lazy


class Place(StrEnum):
    """The lists of the page, in their order."""

    BACK = "back"
    LATE = "late"
    DUE = "due"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    OUT = "out"


TITLES = {
    Place.BACK: gettext_lazy("ส่งกลับให้แก้ไข / เปิดให้แก้ไขใหม่"),
    Place.LATE: gettext_lazy("เลยกำหนด"),
    Place.DUE: gettext_lazy("ถึงกำหนดเดือนนี้"),
    Place.RUNNING: gettext_lazy("กำลังอยู่ในงวด"),
    Place.WAITING: gettext_lazy("รอตรวจสอบ"),
    Place.DONE: gettext_lazy("เสร็จแล้ว"),
    Place.OUT: gettext_lazy("ปิดงวดหรือยกเลิกแล้ว"),
}
HINTS = {
    Place.BACK: gettext_lazy("อ่านเหตุผล แก้ไข แล้วส่งอีกครั้ง"),
    Place.LATE: gettext_lazy("งวดที่สิ้นสุดแล้วและเลยวันกำหนดส่ง"),
    Place.DUE: gettext_lazy("งวดที่ต้องส่งภายในเดือนนี้"),
    Place.RUNNING: gettext_lazy("งวดยังไม่สิ้นสุด บันทึกไว้ก่อนได้"),
    Place.WAITING: gettext_lazy("ส่งแล้ว อยู่ที่หน่วยงานที่ตรวจสอบผลงาน"),
    Place.DONE: gettext_lazy("อนุมัติแล้ว"),
    Place.OUT: gettext_lazy("ไม่ต้องส่งแล้ว เพราะปิดงวดหรือยกเลิกตัวชี้วัด"),
}
OPEN = (Place.BACK, Place.LATE, Place.DUE)  # what the summary calls ค้างส่ง
