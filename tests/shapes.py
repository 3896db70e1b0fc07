"""Templates of every kind for tests of pages: KPI 7(1) of the cast's head is given another shape."""

from decimal import Decimal

from indicators.models import DataItem, IndicatorVersion, ScoreBand

GRADES = [{"label": label, "points": points} for label, points in (("A", "100"), ("B", "80"), ("F", "50"))]
VERDICT = [{"label": "ทำได้", "points": "1"}, {"label": "ทำไม่ได้", "points": "0"}]
PERCENT_BANDS = {1: "<50", 2: "50-59", 3: "60-69", 4: "70-79", 5: "80-100"}
LONG = "\n".join(f"{number}) เกณฑ์ย่อยข้อที่ {number} ตามที่แบบพิมพ์ไว้" for number in range(1, 8))


def reshape(indicator, items, bands=None, *, year=2560, round_bands=None, **fields) -> IndicatorVersion:
    """Make the KPI's template of that year anew: `items` are dicts of DataItem, `bands` texts by level."""
    version = indicator.versions.get(fiscal_year=year)
    version.items.all().delete()
    version.bands.all().delete()
    empty = {"formula": "", "pass_criterion": "", "fail_criterion": "", "unit": "ร้อยละ", "direction": "higher"}
    IndicatorVersion.objects.filter(pk=version.pk).update(**empty | {"plan_target": "", "template_target": ""} | fields)
    for position, item in enumerate(items, start=1):
        DataItem.objects.create(version=version, **{"position": position, "accumulation": "last", **item})
    for number, texts in {0: bands or {}, **(round_bands or {})}.items():
        for level, text in texts.items():
            ScoreBand.objects.create(version=version, level=level, printed=text, round_number=number)
    version.refresh_from_db()
    return version


def smart(indicator) -> IndicatorVersion:
    """A checklist like the smart hospital's: two groups of marks, one asks for two items, one item may not apply."""
    return reshape(indicator, kind="checklist", bands=PERCENT_BANDS, items=[
        {"code": "G1", "kind": "group", "name": "1.1 Smart Place", "full": 5},
        {"code": "I1", "kind": "points", "name": "ผ่านเกณฑ์ Green and Clean", "full": 5, "group": "G1"},
        {"code": "G2", "kind": "group", "name": "1.2 Smart Tools", "full": 15, "need": 2},
        {"code": "I2", "kind": "points", "name": "มีหน้าจอแสดงคิว", "full": 5, "group": "G2", "criterion": LONG},
        {"code": "I3", "kind": "points", "name": "มีช่องทางออนไลน์", "full": 5, "group": "G2"},
        {"code": "I4", "kind": "points", "name": "ควบคุมการพัฒนาโปรแกรม", "full": 5, "group": "G2", "may_be_na": True},
    ])  # fmt: skip


def evidence_list(indicator) -> IndicatorVersion:
    """An evidence list like ITA: 4 items, round 6 counts them, round 5 and the others are a percent."""
    days = {"start": None, "end": None, "due": None}
    rules = [{"number": 6, "name": "", **days, "target": "3 ข้อ", "measure": "points", "pass": "3 ข้อ"}]
    items = [{"code": f"EB{n}", "kind": "tick", "name": f"หลักฐานที่ {n}"} for n in range(1, 5)]
    counted = {6: {3: "1 ข้อ", 4: "2 ข้อ", 5: "3 ข้อ"}}
    return reshape(
        indicator, items, {3: "82", 4: "87", 5: "92"}, kind="checklist", round_rules=rules, round_bands=counted,
        plan_target="ร้อยละ 82",
    )  # fmt: skip


def milestone(indicator) -> IndicatorVersion:
    """Five steps with criterion, required evidence and remark."""
    items = [
        {"code": f"S{n}", "kind": "step", "name": f"ขั้นที่เขียนไว้ {n}", "position": n, "criterion": LONG if n == 1 else "",
         "evidence": f"รายงานการประชุม {n}", "remark": "ไม่ต้องแนบ" if n == 3 else ""}
        for n in range(1, 6)
    ]  # fmt: skip
    return reshape(indicator, items, kind="milestone", unit="ระดับ")


def grade(indicator) -> IndicatorVersion:
    """A number and a grade mapped to points, as K405."""
    items = [
        {"code": "EIA", "name": "คะแนน EIA", "maximum": Decimal(100)},
        {"code": "TPS", "kind": "choice", "name": "ผลประเมิน TPS", "choices": GRADES},
    ]
    return reshape(indicator, items, PERCENT_BANDS, kind="formula", formula="(EIA+TPS)/2")


def verdict(indicator) -> IndicatorVersion:
    """Reached or not, without numbers."""
    items = [{"code": "P", "kind": "choice", "name": "เปิดบริการทุกวัน", "choices": VERDICT}]
    return reshape(indicator, items, kind="qualitative", unit="", plan_target="ทุกวัน")


def all_or_nothing(indicator) -> IndicatorVersion:
    """Ticks of half a mark, and a group that earns its mark with two of three."""
    return reshape(indicator, kind="checklist", bands=PERCENT_BANDS, items=[
        {"code": "G1", "kind": "group", "name": "3. ค่าใช้จ่าย", "full": 1, "criterion": "เทียบกับค่ากลางของกลุ่ม"},
        {"code": "T1", "kind": "tick", "name": "3.1 ค่าแรง", "full": Decimal("0.5"), "group": "G1"},
        {"code": "T2", "kind": "tick", "name": "3.2 ค่ายา", "full": Decimal("0.5"), "group": "G1"},
        {"code": "G5", "kind": "group", "name": "5. Risk", "full": 1, "need": 2, "all_or_nothing": True},
        {"code": "R1", "kind": "tick", "name": "5.1 กำไร", "group": "G5"},
        {"code": "R2", "kind": "tick", "name": "5.2 สินทรัพย์", "group": "G5"},
        {"code": "R3", "kind": "tick", "name": "5.3 คลัง", "group": "G5"},
    ])  # fmt: skip
