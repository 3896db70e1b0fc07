"""Templates in the forms of the plan, for the tests of scores."""

from dataclasses import replace
from decimal import Decimal as D

from scoring.levels import Direction
from scoring.steps import Step
from scoring.template import Item, Kind, Printed, Template


def bands(*texts):
    """Bands of level 0, 1, 2 … as printed."""
    return tuple((level, Printed(text)) for level, text in enumerate(texts))


A = Item("A", "จำนวน PCC ที่ได้มาตรฐาน", "แห่ง", at_most="B", whole=True)
B = Item("B", "จำนวน PCC ทั้งหมด", "แห่ง", whole=True)
PERCENT = Template(
    code="11(1)",
    name="ร้อยละความพึงพอใจ",
    fiscal_year=2560,
    revision=1,
    kind=Kind.FORMULA,
    unit="ร้อยละ",
    direction=Direction.HIGHER,
    formula="A/B*100",
    items=(A, B),
    bands=bands("<65", "65-69", "70-74", "75-79", "80 - 86", ">87"),
    pass_criterion=Printed(">87"),
)
WAITING = replace(
    PERCENT,
    code="7(1)",
    unit="นาที",
    direction=Direction.LOWER,
    formula="A/B",
    items=(Item("A", "ผลรวมเวลา", "นาที"), Item("B", "จำนวนผู้ป่วย", "คน")),
    bands=bands(">190", "186 - 190", "181 - 185", "176 - 180", "171 - 175", "≤170"),
    pass_criterion=Printed("≤170"),
)
STEPS = (
    Step(1, "วิเคราะห์ Gap"),
    Step(2, "จัดทำแผน"),
    Step(3, "ดำเนินการ"),
    Step(4, "ก้าวหน้าน้อยกว่า 50%", implied_by=5),
    Step(5, "ก้าวหน้ามากกว่า 50%"),
)
MILESTONE = replace(
    PERCENT,
    code="13(1)",
    kind=Kind.MILESTONE,
    unit="ระดับ",
    formula="",
    items=(),
    steps=STEPS,
    bands=bands("", "ระดับ 1", "ระดับ 2", "ระดับ 3", "ระดับ 4", "ระดับ 5"),
    pass_criterion=Printed("≥ระดับ 5"),
)
PAIR = replace(
    PERCENT,
    code="2",
    unit="สัดส่วน",
    formula="(A/C):(B/C)",
    items=(Item("A", "ครั้งที่ รพ.สต."), Item("B", "ครั้งที่ รพ."), Item("C", "ครั้งทั้งหมด", derived="A+B")),
    bands=bands("", "76: 24", "77: 23", "78: 22", "79: 21", "≥ 80 : ≤ 20"),
    pass_criterion=Printed("≥ 80 : ≤ 20"),
)


def data(**values):
    return {code: None if value is None else D(str(value)) for code, value in values.items()}


def marks(*done, among=5):
    return {f"S{number}": D(int(number in done)) for number in range(1, among + 1)}
