"""Small indicators of every kind of measure, put beside those of the real plan, and approved results for them."""

from decimal import Decimal

from indicators.actions import apply_score
from indicators.adapters import template_for_round
from indicators.models import DataItem, DataValue, Indicator, IndicatorVersion, Responsibility, Result, Round, ScoreBand
from scoring.score import score_data
from strategy import clock
from strategy.models import OrgUnit
from strategy.periods import Frequency, due_day, lock_day, periods_of

GRADES = [
    {"label": word, "points": points} for word, points in zip("ABCDF", ("100", "80", "70", "60", "50"), strict=True)
]
K405_ITEMS = (
    {"code": "EIA", "name": "คะแนน EIA", "maximum": 100, "accumulation": "last"},
    {"code": "TPS", "name": "ผลประเมิน TPS", "kind": "choice", "choices": GRADES, "accumulation": "last"},
)
K405_BANDS = {1: "65-69", 2: "70-74", 3: "75-79", 4: "80-84", 5: "85 ขึ้นไป"}
SHARE_ITEMS = ({"code": "A", "name": "จำนวนที่ผ่าน"}, {"code": "B", "name": "จำนวนทั้งหมด"})
YES_NO = (
    {
        "code": "P",
        "name": "ผลการประเมิน",
        "kind": "choice",
        "choices": [{"label": "ทำได้ทุกวัน", "points": "1"}, {"label": "ทำไม่ได้ทุกวัน", "points": "0"}],
    },
)
EVIDENCE = tuple({"code": f"EB{n}", "name": f"หลักฐานที่ {n}", "kind": "tick"} for n in range(1, 6))
MARKS = (
    {"code": "1.1", "name": "Smart Place", "kind": "group", "full": 5},
    {"code": "I1", "name": "Green and Clean", "kind": "points", "group": "1.1", "full": 5},
    {"code": "1.2", "name": "Smart Tools", "kind": "group", "full": 15, "need": 2},
    {"code": "I2", "name": "จอเรียกคิว", "kind": "points", "group": "1.2", "full": 5},
    {"code": "I3", "name": "คิวออนไลน์", "kind": "points", "group": "1.2", "full": 5},
    {"code": "I4", "name": "เครื่องมือแพทย์", "kind": "points", "group": "1.2", "full": 5, "may_be_na": True},
)
MARK_BANDS = {1: "<49", 2: "50-59", 3: "60-69", 4: "70-79", 5: "80-100"}
ITA_ROUNDS = [
    {"number": 1, "name": "รอบที่ 1", "target": "5 ข้อ", "measure": "points", "pass": "5 ข้อ"},
    {"number": 2, "name": "รอบที่ 2", "target": "ร้อยละ 82", "measure": None, "pass": None},
]


def make(plan, code, *, items=(), bands=None, parent=None, frequency=Frequency.QUARTERLY, year=2560, **version):
    """An indicator of the plan's first issue with its template and rounds; a PASS_SHARE parent has none."""
    indicator = Indicator.objects.create(
        plan=plan,
        issue=plan.issues.first(),
        code=code,
        name=f"ตัวชี้วัด {code}",
        parent=parent,
        position=10_000 + Indicator.objects.count(),
    )
    template = IndicatorVersion.objects.create(indicator=indicator, fiscal_year=year, frequency=frequency, **version)
    DataItem.objects.bulk_create(
        DataItem(version=template, position=place, **item) for place, item in enumerate(items, 1)
    )
    give_bands(template, bands or {})
    if version.get("kind") != "pass_share":
        Round.objects.bulk_create(
            Round(
                indicator=indicator, fiscal_year=year, number=period.number, frequency=frequency,
                start=period.start, end=period.end, opens=period.start, due=due_day(period.end),
                locks=lock_day(due_day(period.end), year),
            )
            for period in periods_of(year, frequency)
        )  # fmt: skip
    return indicator


def give_bands(template, bands, *, round_number=0, words=None):
    ScoreBand.objects.bulk_create(
        ScoreBand(
            version=template, level=level, printed=text, round_number=round_number, word=(words or {}).get(level, "")
        )
        for level, text in bands.items()
    )


def measure_in(indicator, codes, responsible="POLICY"):
    """The indicator is measured in these hospitals, which are made; one unit enters for all."""
    responsible_unit = OrgUnit.objects.get(code=responsible)
    units = [OrgUnit.objects.get_or_create(code=code, defaults={"name": f"โรงพยาบาล {code}"})[0] for code in codes]
    for place, unit in enumerate(units):
        Responsibility.objects.create(
            indicator=indicator, measured_unit=unit, responsible_unit=responsible_unit, position=place
        )
    return units


def report(indicator, number, cast, *, unit=None, status="approved", year=2560, **data):
    """A result of that round with these numbers, scored by its template, approved unless said otherwise."""
    round_ = Round.objects.get(indicator=indicator, number=number, fiscal_year=year)
    version = IndicatorVersion.objects.get(indicator=indicator, fiscal_year=year, is_active=True)
    numbers = {code: Decimal(str(value)) for code, value in data.items()}
    now = clock.now()
    people = {"entered_by": cast.head, "entered_at": now, "submitted_by": cast.head, "submitted_at": now}
    if status == "approved":
        people |= {"approved_by": cast.reviewer, "approved_at": now}
    result = Result(
        round=round_, measured_unit=unit or indicator.plan.unit, version=version, status=status, lock=1, **people
    )
    apply_score(result, score_data(template_for_round(version, number), numbers))
    result.save()
    DataValue.objects.bulk_create(DataValue(result=result, code=code, value=value) for code, value in numbers.items())
    return result


def assess(result, cast, *, level=None, passed=None, reason="ตรวจพื้นที่แล้ว"):
    """The reviewer's own level, with a reason."""
    result.assessed_level, result.assessed_passed, result.assessed_reason = level, passed, reason
    result.assessed_by, result.assessed_at = cast.reviewer, clock.now()
    result.save()
    return result
