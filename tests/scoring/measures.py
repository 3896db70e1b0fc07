"""Templates of the other kinds of measure, as the provincial documents print them."""

from dataclasses import replace
from decimal import Decimal as D

from scoring.levels import Direction
from scoring.template import (
    Accumulation,
    Across,
    Choice,
    Group,
    Item,
    ItemKind,
    Kind,
    Measure,
    Printed,
    RoundRule,
    Template,
)


def bands(**texts):
    """Bands by level: bands(b1="65-69", b5="85 ขึ้นไป")."""
    return tuple((int(key[1:]), Printed(text)) for key, text in texts.items())


GRADES = tuple(Choice(word, D(points)) for word, points in zip("ABCDF", (100, 80, 70, 60, 50), strict=True))
K405 = Template(
    code="K405",
    name="โรงพยาบาลมีการบริหารการเงินการคลังอย่างมีประสิทธิภาพ",
    fiscal_year=2566,
    revision=1,
    kind=Kind.FORMULA,
    unit="คะแนน",
    direction=Direction.HIGHER,
    formula="(EIA+TPS)/2",
    items=(
        Item("EIA", "คะแนน EIA", "คะแนน", Accumulation.LAST, maximum=D(100)),
        Item("TPS", "ผลประเมิน TPS", kind=ItemKind.CHOICE, choices=GRADES),
    ),
    bands=bands(b1="65-69", b2="70-74", b3="75-79", b4="80-84", b5="85 ขึ้นไป"),
    target="12 แห่ง",
    across=Across(5, criterion=Printed("12 แห่ง")),
)


def points(code, group, full=5, *, may_be_na=False):
    return Item(code, f"รายการ {code}", kind=ItemKind.POINTS, group=group, full=D(full), may_be_na=may_be_na)


def tick(code, group="", full=None, *, may_be_na=False):
    mark = None if full is None else D(full)
    return Item(code, f"ข้อ {code}", kind=ItemKind.TICK, group=group, full=mark, may_be_na=may_be_na)


SMART = replace(
    K405,
    code="16",
    name="ระบบข้อมูลข่าวสารสนเทศด้านสุขภาพ",
    kind=Kind.CHECKLIST,
    unit="ร้อยละ",
    formula="",
    across=None,
    target="",
    groups=(
        Group("1.1", "Smart Place", D(5)),
        Group("1.2", "Smart Tools", D(15), need=2),
        Group("1.4", "HAIT ระดับ 1", D(20)),
    ),
    items=(
        points("I1", "1.1"),
        points("I2", "1.2"),
        points("I3", "1.2"),
        points("I4", "1.2"),
        points("I5", "1.4"),
        points("I6", "1.4", may_be_na=True),
        points("I7", "1.4", 10),
    ),
    bands=bands(b1="<49", b2="50-59", b3="60-69", b4="70-79", b5="80-100"),
    words=((1, "ไม่ผ่าน"), (4, "ดี"), (5, "ดีมาก")),
    pass_criterion=Printed("80"),
)
ITA = replace(
    SMART,
    code="12",
    name="ธรรมาภิบาลและดัชนีวัดความโปร่งใส",
    groups=(),
    items=tuple(tick(f"EB{number}") for number in range(1, 25) if number != 3),
    bands=bands(b3="82", b4="87", b5="92"),
    words=(),
    pass_criterion=Printed("20 ข้อ"),
    rounds=(
        RoundRule(
            1,
            "ไตรมาสที่ 1",
            "5 ข้อ",
            Measure.POINTS,
            bands(b1="1 ข้อ", b2="2 ข้อ", b3="3 ข้อ", b4="4 ข้อ", b5="5 ข้อ"),
            Printed("5 ข้อ"),
        ),
        RoundRule(2, "ไตรมาสที่ 2", "ร้อยละ 82"),
    ),
)
TREE = replace(
    SMART,
    code="15",
    name="TPS",
    groups=(
        Group("1", "Planfin", D(2)),
        Group("5", "Risk Score Plus", D(1), need=5, all_or_nothing=True),
    ),
    items=(
        tick("T11", "1", 1),
        tick("T12", "1", 1),
        *(tick(f"R{number}", "5") for number in range(1, 8)),
    ),
    bands=bands(b1="< ร้อยละ 50", b2="ร้อยละ 50 - 59", b3="ร้อยละ 60 - 69", b4="ร้อยละ 70 - 79", b5="≥ ร้อยละ 80"),
)
DAILY = replace(
    K405,
    code="1",
    name="ระบบเทคโนโลยีสารสนเทศพร้อมใช้งาน",
    kind=Kind.QUALITATIVE,
    unit="",
    formula="",
    across=None,
    bands=(),
    items=(
        Item(
            "P",
            "ผลการประเมิน",
            kind=ItemKind.CHOICE,
            choices=(Choice("ทำได้ทุกวัน", D(1)), Choice("ทำไม่ได้ทุกวัน", D(0))),
        ),
    ),
    cutoff="ทุกวัน",
)
SHARE = replace(
    K405,
    code="14",
    name="ร้อยละของสาขาที่ผ่านเกณฑ์",
    kind=Kind.PASS_SHARE,
    unit="ร้อยละ",
    formula="A/B*100",
    across=None,
    items=(Item("A", "จำนวนที่ผ่าน", at_most="B"), Item("B", "จำนวนทั้งหมด")),
    bands=bands(b1="50-59", b2="60-69", b3="70-79", b4="80-89", b5="≥90"),
    pass_criterion=Printed("≥80"),
)
