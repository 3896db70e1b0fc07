"""A hospital on the last evening of the month: many departments, each with KPIs to report, and their people."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from indicators.models import DataItem, Indicator, IndicatorVersion, Responsibility, Round, ScoreBand
from scoring.template import Kind
from strategy.models import Membership, OrgUnit, Plan, StrategicIssue, User
from strategy.periods import Frequency, due_day, lock_day, periods_of

YEAR, MONTH = 2560, 6  # March 2560
KPIS = 5  # of each department
ITEMS = ("A1", "B1", "A2", "B2", "A3", "B3")  # 5 x 6 = 30 cells a head
FORMULA = "(A1+A2+A3)/(B1+B2+B3)*100"
BANDS = {1: "50-59", 2: "60-69", 3: "70-79", 4: "80-84", 5: "85 ขึ้นไป"}


@dataclass(frozen=True)
class World:
    """What was made: one department and one head each, in the same order."""

    plan: Plan
    units: list[OrgUnit]
    heads: list[User]
    reviewers: list[User]


def make_world(departments: int, reviewers: int) -> World:
    """Everything in a few inserts; the log-ins have no usable password, sessions are made for them."""
    hospital = OrgUnit.objects.create(code="EVENING", name="โรงพยาบาลสิ้นเดือน", kind=OrgUnit.Kind.HOSPITAL)
    office = OrgUnit.objects.create(code="EVENING_STRATEGY", name="กลุ่มงานยุทธศาสตร์", parent=hospital)
    units = OrgUnit.objects.bulk_create(
        OrgUnit(code=f"EVENING_{number}", name=f"กลุ่มงานที่ {number}", parent=hospital)
        for number in range(1, departments + 1)
    )
    plan = Plan.objects.create(
        code="EVENING", name="แผนสิ้นเดือน", unit=hospital, strategy_unit=office, first_year=YEAR, last_year=YEAR
    )
    heads = _people("head", units, Membership.Role.HEAD)
    found = _people("reviewer", [office] * reviewers, Membership.Role.REVIEWER)
    _templates(plan, units)
    return World(plan, units, heads, found)


def _people(name: str, units: list[OrgUnit], role: str) -> list[User]:
    users = User.objects.bulk_create(
        User(username=f"evening_{name}_{number}", first_name=f"{name} {number}", password=make_password(None))
        for number in range(1, len(units) + 1)
    )
    Membership.objects.bulk_create(
        Membership(user=user, unit=unit, role=role) for user, unit in zip(users, units, strict=True)
    )
    return users


def _templates(plan: Plan, units: list[OrgUnit]) -> None:
    issue = StrategicIssue.objects.create(plan=plan, number=1, code="PE", name="บริการเป็นเลิศ")
    owners = [unit for unit in units for _kpi in range(KPIS)]
    indicators = Indicator.objects.bulk_create(
        Indicator(plan=plan, issue=issue, code=str(number), name=f"ตัวชี้วัดที่ {number}", position=number)
        for number in range(1, len(owners) + 1)
    )
    versions = IndicatorVersion.objects.bulk_create(
        IndicatorVersion(
            indicator=indicator, fiscal_year=YEAR, kind=Kind.FORMULA, unit="ร้อยละ", formula=FORMULA, weight=1,
            pass_criterion="≥80", frequency=Frequency.MONTHLY,
        )
        for indicator in indicators
    )  # fmt: skip
    DataItem.objects.bulk_create(
        DataItem(version=version, code=code, name=f"จำนวน {code}", position=place)
        for version in versions
        for place, code in enumerate(ITEMS, start=1)
    )
    ScoreBand.objects.bulk_create(
        ScoreBand(version=version, level=level, printed=text) for version in versions for level, text in BANDS.items()
    )
    Round.objects.bulk_create(_round(indicator) for indicator in indicators)
    Responsibility.objects.bulk_create(
        Responsibility(indicator=indicator, measured_unit=plan.unit, responsible_unit=unit)
        for indicator, unit in zip(indicators, owners, strict=True)
    )


def _round(indicator: Indicator) -> Round:
    period = periods_of(YEAR, Frequency.MONTHLY)[MONTH - 1]
    due: date = due_day(period.end)
    return Round(
        indicator=indicator, fiscal_year=YEAR, number=MONTH, frequency=Frequency.MONTHLY, start=period.start,
        end=period.end, opens=period.start, due=due, locks=lock_day(due, YEAR),
    )  # fmt: skip
