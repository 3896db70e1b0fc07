"""The frozen scorecards: equal to the living ones when a period is closed, and the same whatever changes later."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.actions import Entry, save_result, submit_result
from indicators.closing.actions import reopen_period
from indicators.closing.frozen import Frozen, UnknownFormat
from indicators.models import (
    Cancellation,
    DataItem,
    DataValue,
    Extension,
    Indicator,
    IndicatorVersion,
    Responsibility,
    Result,
    Round,
    ScoreBand,
)
from indicators.revisions import next_revision
from indicators.scorecards import plan_card
from indicators.workflow import transition
from scoring.explain import State
from strategy import clock
from strategy.models import OrgUnit, Plan, StrategicIssue, User
from tests.builders import K405_BANDS, K405_ITEMS, assess, make, measure_in, report

pytestmark = pytest.mark.django_db


def told(plan_card):
    """Everything that the cards say of the period, as plain values: two plans are equal where these are."""
    return {
        "plan": (plan_card.plan.code, plan_card.plan.name, plan_card.plan.unit.name, plan_card.fiscal_year),
        "totals": (plan_card.totals, plan_card.grade, plan_card.themes),
        "issues": [_issue(card) for card in plan_card.issues],
        "cards": [_card(card) for card in plan_card.walk()],
    }


def _issue(card):
    issue = card.issue
    return issue.pk, issue.number, issue.code, issue.name, issue.theme, card.totals


def _card(card):
    return (
        card.indicator.code, card.indicator.name, card.indicator.issue_id, card.indicator.parent_id,
        card.version.pk, card.version.revision, card.version.definition, card.weight, card.template, card.state,
        card.score, card.level, card.passed, card.standing, card.is_open, card.gives_level,
        card.cancellation,
        card.assessed and (card.assessed.level, card.assessed.passed, card.assessed.reason),
        [_cell(cell) for cell in card.in_scope], len(card.rounds), [child.indicator.code for child in card.children],
    )  # fmt: skip


def _cell(cell):
    units = [_unit(unit) for unit in cell.units]
    days = (
        cell.round.start,
        cell.round.end,
        cell.due,
        cell.round.label,
        cell.is_due,
        cell.is_approved,
        cell.is_cancelled,
    )
    return days, _result(cell.result), _data(cell), cell.version.pk if cell.is_approved else None, units


def _unit(cell):
    responsible = [unit.label for unit in cell.responsible]
    standing = (cell.is_due, cell.level, cell.state, responsible)
    return cell.unit.code, cell.unit.label, standing, _result(cell.result), _data(cell)


def _result(result):
    """Only what is approved is frozen: nothing else counts."""
    if result is None or result.status != Result.Status.APPROVED:
        return None
    names = ("value", "second", "level", "passed", "state", "policy", "note", "problems", "assessed_reason", "is_demo")
    people = [str(getattr(result, role)) for role in ("entered_by", "submitted_by", "approved_by", "assessed_by")]
    return {name: getattr(result, name) for name in names}, people, result.approved_at


def _data(cell):
    return dict(cell.data) if _result(cell.result) else {}


def frozen(closure):
    """As it comes out of the database: through JSON."""
    closure.refresh_from_db()
    return Frozen(closure.snapshot).plan_card


# Equal now


def test_an_empty_year_is_frozen_too(close, plan):
    assert told(frozen(close(6))) == told(plan_card(plan, 2560, date(2017, 3, 31)))


def test_kpis_of_many_hospitals(plan, cast, close):
    indicator = make(
        plan, "K405", items=K405_ITEMS, bands=K405_BANDS, formula="(EIA + TPS) / 2", across_level=5, plan_target="2"
    )
    units = measure_in(indicator, ["H1", "H2", "H3"])
    for unit, mark in zip(units, (90, 70), strict=False):
        report(indicator, 1, cast, unit=unit, EIA=mark, TPS=100)
    report(indicator, 2, cast, unit=units[2], status="submitted", EIA=95, TPS=100)
    Responsibility.objects.filter(indicator=indicator, measured_unit=units[1]).update(end=date(2016, 12, 31))
    assert told(frozen(close(6))) == told(plan_card(plan, 2560, date(2017, 3, 31)))


@pytest.fixture
def exceptions(plan, cast, indicator, round_of):
    """A KPI and the part of another are cancelled, one unit has more time, one round is not applicable."""
    who = {"by": cast.reviewer, "at": clock.now(), "reason": "ตามมติ"}
    for code, day in (("8", date(2017, 3, 1)), ("7(2)", date(2017, 1, 1)), ("10", date(2017, 6, 1))):
        Cancellation.objects.create(indicator=indicator(code), fiscal_year=2560, day=day, **who)
    lifted = {"lifted_by": cast.reviewer, "lifted_at": clock.now(), "lifted_reason": "คืน"}
    Cancellation.objects.create(indicator=indicator("5"), fiscal_year=2560, day=date(2017, 1, 1), **who, **lifted)
    for until in (date(2017, 4, 12), date(2017, 5, 1)):  # the latest holds
        Extension.objects.create(round=round_of("7(1)"), measured_unit=plan.unit, until=until, **who)
    result = report(indicator("16"), 5, cast)
    said = {"is_not_applicable": True, "not_applicable_reason": "ไม่มีงาน", "state": State.NOT_APPLICABLE}
    Result.objects.filter(pk=result.pk).update(value=None, level=None, passed=None, **said)


def test_exceptions_are_frozen(exceptions, plan, close, indicator, settings):
    closure, march = close(6), date(2017, 3, 31)
    before = told(frozen(closure))
    assert before == told(plan_card(plan, 2560, march))
    states = {card.indicator.code: card.state for card in frozen(closure).walk()}
    assert (states["8"], states["7(2)(1)"], states["5"], states["10"]) == (
        "cancelled",
        "cancelled",
        *["not_reported"] * 2,
    )
    assert [card.due_cells[-1].round.number for card in frozen(closure).walk() if card.indicator.code == "7(1)"] == [5]
    Cancellation.objects.update(lifted_by=closure.closed_by, lifted_at=clock.now(), lifted_reason="คืน")
    Extension.objects.all().delete()
    assert told(frozen(closure)) == before != told(plan_card(plan, 2560, march))


def test_an_assessment_is_frozen(approved, cast, plan, close):
    assess(approved("7(1)", A=33600, B=200), cast, level=Decimal(3), passed=False)
    assert told(frozen(close(6))) == told(plan_card(plan, 2560, date(2017, 3, 31)))


def test_a_superseded_revision_that_scored_comes_along(approved, plan, indicator, close):
    approved("7(1)", 5, A=33600, B=200)
    next_revision(version=IndicatorVersion.objects.get(indicator=indicator("7(1)"), fiscal_year=2560))
    card = next(card for card in frozen(close(6)).walk() if card.indicator.code == "7(1)")
    assert (card.version.revision, card.latest.version.revision) == (2, 1)
    assert told(frozen(close_again(close))) == told(plan_card(plan, 2560, date(2017, 3, 31)))


def close_again(close):
    from indicators.models import Closure

    last = Closure.objects.get(reopened_at=None)
    reopen_period(closure=last, by=last.closed_by, reason="ปิดอีกครั้ง")
    return close(6)


def test_what_is_not_approved_is_not_in_the_snapshot(saved, submitted, close):
    saved("7(1)", 5, A=31415, B=200)
    submitted("7(1)", 4, A=27182, B=200)
    text = json.dumps(close(6).snapshot, ensure_ascii=False)
    assert "31415" not in text
    assert "27182" not in text


def test_later_rounds_are_not_in_the_snapshot(approved, close, settings):
    settings.KPITRACK_TODAY = date(2017, 5, 2)
    approved("7(1)", 7, A=31415, B=200)
    assert "31415" not in json.dumps(close(6).snapshot)


# The same later


def edit_everything(plan):
    """Names, templates, bands, targets, weights, criteria, items, rounds, numbers, people: through the ORM."""
    Plan.objects.filter(pk=plan.pk).update(name="แผนใหม่", grades=[{"grade": "Z", "text": ">0"}])
    StrategicIssue.objects.update(name="ประเด็นใหม่", theme="quality")
    Indicator.objects.update(name="ตัวชี้วัดใหม่")
    IndicatorVersion.objects.update(
        weight=1, plan_target="1", template_target="1", pass_criterion=">0", pass_correction="", decimals=0,
        direction="higher", definition="ใหม่",
    )  # fmt: skip
    ScoreBand.objects.update(printed="0", correction="", reason="")
    DataItem.objects.update(accumulation="last", name="ใหม่")
    Round.objects.filter(due__lt=date(2017, 1, 1)).update(due=date(2017, 6, 1), locks=date(2017, 12, 1))
    DataValue.objects.update(value=7)
    Result.objects.update(value=7, level=1, passed=True, note="แก้", problems="แก้")
    User.objects.update(first_name="คนอื่น", last_name="", title="ตำแหน่งใหม่")
    OrgUnit.objects.update(name="หน่วยใหม่", short_name="")


EDITS = {
    "a target": lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(template_target="<1"),
    "a band": lambda: ScoreBand.objects.filter(version__indicator__code="7(1)").update(printed="0"),
    "a weight": lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(weight=9),
    "a criterion": lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(pass_correction="<1"),
    "a number": lambda: DataValue.objects.filter(result__round__indicator__code="7(1)").update(value=1),
    "a level": lambda: Result.objects.filter(round__indicator__code="7(1)").update(level=0),
    "a formula": lambda: IndicatorVersion.objects.filter(indicator__code="7(1)").update(formula="A"),
    "a name": lambda: Indicator.objects.filter(code="7(1)").update(name="อื่น"),
    "a unit": lambda: OrgUnit.objects.filter(code="KKH").update(name="อื่น"),
    "a person": lambda: User.objects.filter(username="head").update(first_name="อื่น"),
    "a status": lambda: Result.objects.filter(round__indicator__code="7(1)").update(
        status="reopened", approved_by=None, approved_at=None
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_each_edit_changes_the_living_card_alone(edit, approved, plan, close):
    approved("7(1)", 6, A=33600, B=200)
    closure, march = close(6), date(2017, 3, 31)
    before = told(frozen(closure))
    assert told(plan_card(plan, 2560, march)) == before
    EDITS[edit]()
    plan = Plan.objects.select_related("unit").get(pk=plan.pk)
    assert told(plan_card(plan, 2560, march)) != before
    assert told(frozen(closure)) == before


def test_what_is_due_stays_what_was_due_on_that_day(plan, close, settings):
    settings.KPITRACK_TODAY = date(2017, 4, 3)  # March is not due before the 10th
    closure = close(6)
    before = told(frozen(closure))
    settings.KPITRACK_TODAY = date(2017, 8, 1)
    assert told(frozen(closure)) == before != told(plan_card(plan, 2560, date(2017, 3, 31)))


def test_deleted_rows_are_still_there(approved, close, plan):
    approved("7(1)", 6, A=33600, B=200)
    closure = close(6)
    before = told(frozen(closure))
    for model in (ScoreBand, DataItem, Responsibility):
        model.objects.all().delete()
    assert told(frozen(closure)) == before


def test_a_corrected_result_makes_another_revision(approved, access, cast, plan, close):
    result = approved("7(1)", 6, A=33600, B=200)
    first = close(6)
    before = told(frozen(first))
    reopen_period(closure=first, by=cast.reviewer, reason="นับผิด")
    round_ = result.round
    transition(access=access(cast.reviewer, round_), action="reopen", by=cast.reviewer, lock=result.lock, reason="นับผิด")
    seen = access(cast.head, round_)
    entry = Entry(data={"A": Decimal(33800), "B": Decimal(200)})
    saved = save_result(access=seen, by=cast.head, entry=entry, lock=seen.result.lock)
    sent = submit_result(access=access(cast.head, round_), by=cast.head, lock=saved.lock)
    transition(access=access(cast.reviewer, round_), action="approve", by=cast.reviewer, lock=sent.lock)
    second = close(6)
    assert told(frozen(first)) == before
    assert told(frozen(second)) == told(plan_card(plan, 2560, date(2017, 3, 31))) != before


# Without the database


def test_a_later_format_is_not_guessed(close):
    data = close(6).snapshot
    assert data["format"] == 1
    with pytest.raises(UnknownFormat):
        Frozen({**data, "format": 2})


def test_numbers_are_exact(approved, close):
    approved("7(1)", 6, A=33600, B=200)
    totals = close(6).snapshot["totals"]["plan"]
    assert Fraction(totals["official"]) == Fraction(10, 71)  # level 5 of weight 2, among the 71 that are due
    assert not [number for number in _numbers(close_again(close).snapshot["tables"]["result"]) if type(number) is float]


def _numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    else:
        yield value
