"""A table of the demo year is written at once: it must leave behind what the actions leave one by one."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from indicators.demo.people import create_people, demo_people
from indicators.demo.play import Play
from indicators.demo.scene import Cast, Scene
from indicators.demo.story import Story
from indicators.demo.table import Table
from indicators.models import IndicatorVersion, Result, Round
from strategy.models import OrgUnit

# Code and what is entered: a number, two numbers with a formula, a choice.
ROWS = [("15(1)(2)", {"A": "0"}), ("14(2)", {"A": "0.5", "B": "1.5"}), ("15(2)(DH0101)", {"P": "0"})]
RESULT_FIELDS = (
    "measured_unit", "version", "status", "state", "value", "second", "level", "passed", "policy", "assessed_level",
    "assessed_passed", "note", "problems", "suggestions", "acknowledged", "warning_comments", "lock", "is_demo",
    "entered_by", "submitted_by",
)  # fmt: skip


@pytest.fixture
def cast_of_demo(plan) -> Cast:
    return Cast(create_people(demo_people([OrgUnit.objects.get(code="QS")])))


def scene_of(code: str, number: int, data: dict[str, str]) -> Scene:
    """As the demo year fetches them: with all that scoring reads."""
    rounds = Round.objects.filter(indicator__plan__code="KKH2560", indicator__code=code, fiscal_year=2560)
    round_ = rounds.select_related("indicator__plan__unit").get(number=number)
    versions = IndicatorVersion.objects.filter(indicator=round_.indicator, fiscal_year=2560, is_active=True)
    version = versions.select_related("indicator").prefetch_related("items", "bands").get()
    numbers = {item: Decimal(text) for item, text in data.items()}
    return Scene(round_, version, (OrgUnit.objects.get(code="QS"),), numbers, Story(), has_ended=True)


def left_behind(code: str, number: int) -> dict[str, object]:
    """All that does not hang on the moment, or on which of the two reviewers had the round."""
    result = Result.objects.get(round__indicator__code=code, round__fiscal_year=2560, round__number=number)
    events = list(result.events.all())
    return {
        "fields": {name: getattr(result, name) for name in RESULT_FIELDS},
        "values": {row.code: row.value for row in result.values.all()},
        "events": [(e.action, e.from_status, e.to_status, e.reason, e.before, e.after) for e in events],
        "actors": [event.actor for event in events[:-1]],
        "reviewed": events[-1].actor == result.approved_by,
        "beside": (result.item_notes.count(), result.projects.count()),
    }


@pytest.mark.parametrize(("code", "data"), ROWS)
def test_a_row_of_a_table_is_what_the_actions_write(code, data, cast_of_demo):
    Play(scene_of(code, 1, data), cast_of_demo, Random(1)).run()
    Table([scene_of(code, 2, data)], cast_of_demo, Random(1)).run()
    assert left_behind(code, 2) == left_behind(code, 1)


def test_the_moments_of_a_table_follow_each_other(cast_of_demo):
    scenes = [scene_of(f"15(1)({number})", 3, {"A": "0"}) for number in range(1, 11)]
    Table(scenes, cast_of_demo, Random(1)).run()
    for result in Result.objects.filter(round__indicator__parent__code="15(1)"):
        moments = [event.at for event in result.events.all()]
        assert moments == [result.entered_at, result.submitted_at, result.approved_at] == sorted(set(moments))
        assert moments[0].date() > date(2016, 12, 31)


def test_a_table_takes_the_same_few_queries_for_any_number_of_rows(cast_of_demo, django_assert_num_queries):
    one = [scene_of("15(1)(1)", 4, {"A": "0"})]
    ten = [scene_of(f"15(1)({number})", 5, {"A": "0"}) for number in range(1, 11)]
    for scenes in (one, ten):
        with django_assert_num_queries(9):
            Table(scenes, cast_of_demo, Random(1)).run()
