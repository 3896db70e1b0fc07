"""A file that changes words, groups or rounds after results exist: a new revision, and the old results keep theirs."""

import copy
from decimal import Decimal

import pytest

from indicators.actions import Entry, InvalidEntry, level_error, range_errors, save_result
from indicators.adapters import template_for_round, template_of
from indicators.lookup import Catalogue
from indicators.models import DataItem, IndicatorVersion, Result
from indicators.plans.file import read_plan_file
from indicators.plans.load import load_plan
from indicators.rules import fetch_own_round
from indicators.scorecards import build_cards
from indicators.scoring_input import InputError, read_items, score_counts
from scoring.checks import check_item
from scoring.score import score_data
from scoring.template import Choice, Item, ItemKind
from strategy.models import Plan
from tests.cast import PLAN_FILE
from tests.indicators.grids import JULY, load_province

pytestmark = pytest.mark.django_db
CHUMPHAE = "10998"


@pytest.fixture(scope="module")
def province_file():
    return read_plan_file(PLAN_FILE.with_name("kkpho2566.yaml"))


@pytest.fixture
def province(plan, settings):
    settings.KPITRACK_TODAY = JULY
    return load_province()


def k405(data):
    return next(row for row in data["indicators"] if row["code"] == "K405")


def dumped(version):
    return [list(DataItem.objects.filter(version=version).order_by("pk").values_list()), version.round_rules]


def save(province, number=2, **typed):
    round_ = province.k405.rounds.get(fiscal_year=2566, number=number)
    access = fetch_own_round(province.enters, round_.pk, CHUMPHAE)
    data = {code: Decimal(str(value)) for code, value in typed.items()}
    return save_result(
        access=access, by=province.enters, entry=Entry(data), lock=access.result.lock if access.result else 0
    )


def test_changed_words_leave_old_results_as_they_were(province, province_file):
    result = save(province, EIA=80, TPS=100)
    old = result.version
    before = dumped(old)
    people = {"submitted_by": province.enters, "approved_by": province.reviews}
    at = {"submitted_at": result.entered_at, "approved_at": result.entered_at}
    Result.objects.filter(pk=result.pk).update(status="approved", **people, **at)
    changed = copy.deepcopy(province_file)
    k405(changed)["data_items"]["TPS"]["choices"][0] = {"label": "ดีเด่น", "points": "90"}
    for again in (changed, changed):
        report = load_plan(again)
        assert report.kept_rounds == []
    new = IndicatorVersion.objects.get(indicator=province.k405, fiscal_year=2566, is_active=True)
    assert (old.revision, new.revision, dumped(old)) == (1, 2, before)
    result.refresh_from_db()
    assert (result.version, result.level) == (old, 5)
    assert template_of(old).item("TPS").word_of(Decimal(100)) == "A"
    assert template_of(new).item("TPS").word_of(Decimal(90)) == "ดีเด่น"
    card = build_cards(Plan.objects.get(code="KKPHO2566"), 2566, JULY, province.k405)[0]
    unit = next(unit for cell in card.rounds for unit in cell.units if unit.result == result)
    assert (unit.version, unit.level) == (old, 5)


def test_changed_bands_of_a_round_make_a_new_revision(plan, settings):
    settings.KPITRACK_TODAY = JULY
    data = read_plan_file(PLAN_FILE.with_name("kalasin2564.yaml"))
    load_plan(data)
    own = IndicatorVersion.objects.get(indicator__plan__code="KALASIN2564", indicator__code="12")
    round_ = own.indicator.rounds.get(number=1)
    score = score_data(template_for_round(own, 1), {"EB1": Decimal(1), "EB2": Decimal(1)})
    Result.objects.create(
        round=round_, measured_unit=own.indicator.plan.unit, version=own, level=score.level, value=score.value
    )
    rules = next(row for row in data["indicators"] if row["code"] == "12")["round_rules"]
    rules[0]["bands"] = {"5": "2 ข้อ(EB)"}
    report = load_plan(data)
    assert (report.new_revisions, report.kept_rounds) == (1, [])
    new = IndicatorVersion.objects.get(indicator=own.indicator, is_active=True)
    old = IndicatorVersion.objects.get(pk=own.pk)
    levels = [
        score_data(template_for_round(each, 1), {"EB1": Decimal(1), "EB2": Decimal(1)}).level for each in (old, new)
    ]
    assert levels == [2, 5]
    assert Result.objects.get(round=round_).version == old


# What is typed for items that are not there, or cannot be so


@pytest.mark.parametrize(
    "data",
    [{"NEW": 1}, {"EIA_NA": 1}, {"TPS": 55}, {"TPS": Decimal("100.5")}, {"EIA": 10**11}, {"EIA": Decimal("1.00001")},
     {"S1": 1}, {"eia": 5}, {"x" * 30: 1}],
)  # fmt: skip
def test_what_is_not_asked_is_not_stored(province, data):
    with pytest.raises(InvalidEntry):
        save(province, **data)
    assert not Result.objects.filter(round__indicator=province.k405).exists()


def test_a_value_that_is_not_given_is_never_wrong(province):
    template = template_of(IndicatorVersion.objects.get(indicator=province.k405, fiscal_year=2566))
    assert range_errors(template, {"GONE": None, "EIA": Decimal(5)}) == {}


def test_a_word_is_its_own_bound():
    item = Item("W", "ผล", kind=ItemKind.CHOICE, choices=(Choice("ดี", Decimal(1)), Choice("ปรับ", Decimal(-1))))
    assert check_item(item, Decimal(-1)) is None
    assert check_item(item, Decimal(-2))


@pytest.mark.parametrize(("text", "sentence"), [("A=1,a=2", "สองครั้ง"), ("EB1=1,eb1=0", "สองครั้ง")])
def test_an_item_given_twice_is_refused_in_any_case(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_items(text)


def test_a_step_cannot_be_not_applicable(plan):
    """S2_NA=1 was read as S2=1: a step done that nobody said was done."""
    load_plan(read_plan_file(PLAN_FILE.with_name("kalasin2564.yaml")))
    found = Catalogue().find("13", 2564, "KALASIN2564")
    with pytest.raises(InputError, match="S2_NA"):
        score_counts(found, {"S1": "1", "S2_NA": "1"})
    assert score_counts(found, {"S1": "1", "S3": "1"}).level == 1


def test_an_assessment_of_a_milestone_is_whole_also_where_the_policy_interpolates(plan):
    version = IndicatorVersion(kind="milestone", policy="interpolated")
    assert level_error(version, Decimal("3.5"))
    assert not level_error(IndicatorVersion(kind="checklist", policy="interpolated"), Decimal("3.5"))
