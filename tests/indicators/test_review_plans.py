"""A plan file that changes after results exist, and files that must be refused before anything is written."""

from copy import deepcopy

import pytest

from indicators.models import Indicator, IndicatorVersion, Result, Round
from indicators.plans.export import export_plan
from indicators.plans.file import check
from indicators.plans.load import load_plan
from tests.cast import real_plan


@pytest.fixture(scope="module")
def read():
    return real_plan()


@pytest.fixture
def file(plan, read):
    """The real plan's file, to be changed."""
    return deepcopy(read)


def row_of(file, code):
    return next(row for row in file["indicators"] if row["code"] == code)


def places(file):
    return [error.place for error in check(file)]


# Loading again


def test_a_second_load_changes_nothing(file, approved):
    approved("7(1)", A=33600, B=200)
    before = export_plan(Indicator.objects.get(code="7(1)").plan)
    rounds = set(Round.objects.values_list("pk", flat=True))
    report = load_plan(file)
    assert (report.created, report.changed, report.new_revisions) == (0, 0, 0)
    assert set(Round.objects.values_list("pk", flat=True)) == rounds
    assert export_plan(report.plan) == before


def test_a_changed_weight_makes_a_revision_where_there_are_results(file, approved):
    result = approved("7(1)", A=33600, B=200)
    row_of(file, "7(1)")["weight"] = "3"
    assert load_plan(file).new_revisions >= 1
    active = IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=2560, is_active=True)
    assert (active.revision, active.weight, result.version.weight) == (2, 3, 2)
    assert Result.objects.get(pk=result.pk).version.revision == 1
    assert load_plan(file).new_revisions == 0


def test_a_template_that_was_put_out_of_use_comes_back_as_a_revision(file):
    IndicatorVersion.objects.filter(indicator__code="7(1)", fiscal_year=2560).update(is_active=False)
    load_plan(file)
    active = IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=2560, is_active=True)
    assert active.revision == 2


def test_another_frequency_leaves_a_year_with_results_as_it_was_reported(file, approved):
    """Results of November stand in round 2; a second quarter beside them could not be told from it."""
    result = approved("7(1)", 2, A=33600, B=200)
    for version in row_of(file, "7(1)")["versions"].values():
        version["frequency"] = "quarterly"
    report = load_plan(file)
    rounds = Round.objects.filter(indicator__code="7(1)", fiscal_year=2560)
    assert [r.end.month for r in rounds.order_by("number")] == [10, 11, 12, *range(1, 10)]
    assert report.kept_rounds == ["7(1) 2560"]
    assert Round.objects.filter(indicator__code="7(1)", fiscal_year=2561).count() == 4
    assert Result.objects.get(pk=result.pk).round_id == result.round_id
    keys = set(rounds.values_list("pk", flat=True))
    load_plan(file)
    assert set(rounds.values_list("pk", flat=True)) == keys


def test_rounds_added_to_a_year_with_results(file, approved, round_of):
    result = approved("7(1)", 1, A=33600, B=200)
    Round.objects.filter(indicator__code="7(1)", fiscal_year=2560, number__gt=4).delete()
    assert load_plan(file).kept_rounds == []
    assert Round.objects.filter(indicator__code="7(1)", fiscal_year=2560).count() == 12
    assert Result.objects.get(pk=result.pk).round.number == 1


def test_a_year_that_vanished_goes_unless_it_has_results(file, approved):
    approved("7(1)", A=33600, B=200)
    for year in ("2560", "2563"):
        del row_of(file, "7(1)")["versions"][year]
    report = load_plan(file)
    years = IndicatorVersion.objects.filter(indicator__code="7(1)", is_active=True)
    assert sorted(years.values_list("fiscal_year", flat=True)) == [2560, 2561, 2562]
    assert report.kept == ["7(1) 2560"]
    assert not Round.objects.filter(indicator__code="7(1)", fiscal_year=2563).exists()


def test_an_indicator_that_became_a_heading_has_no_rounds(file):
    row = row_of(file, "30")
    row["kind"], row["formula"], row["data_items"] = "heading", None, {}
    load_plan(file)
    assert not Round.objects.filter(indicator__code="30").exists()


def test_the_head_of_kept_results_is_kept(file, approved, plan):
    from strategy.models import Membership, OrgUnit

    approved("7(1)", A=33600, B=200)
    unit = OrgUnit.objects.get(code="PST_OPD")
    assert Membership.objects.filter(unit=unit).exists()
    file["indicators"] = [row for row in file["indicators"] if row["code"] not in ("7", "7(1)")]
    for row in file["indicators"]:
        if row.get("parent") == "7":
            row["parent"] = None
    report = load_plan(file)
    assert sorted(report.kept) == ["7", "7(1)"]


def test_the_order_of_items_is_loaded(file):
    row = row_of(file, "7(1)")
    row["data_items"] = dict(reversed(row["data_items"].items()))
    assert load_plan(file).changed == 4
    version = IndicatorVersion.objects.get(indicator__code="7(1)", fiscal_year=2560)
    assert [item.code for item in version.items.order_by("position")] == ["B", "A"]
    assert load_plan(file).changed == 0


# Files that are refused


def refused(file, place):
    found = places(file)
    return found == [place] or set(found) == {place}


def test_a_formula_without_items_is_named(file):
    row = row_of(file, "30")
    del row["data_items"]
    assert set(places(file)) == {f"indicators[30].versions.{year}.formula" for year in range(2560, 2564)}


@pytest.mark.parametrize("days", [["13-01"], ["02-30"], ["03-31", "12-31"]])
def test_rounds_that_no_calendar_has(file, days):
    row_of(file, "30")["versions"]["2561"]["rounds"] = days
    assert places(file) == ["indicators[30].versions.2561.rounds"]


def test_a_weight_on_a_grandparent_counts_twice(file):
    row_of(file, "7(2)(1)")["weight"] = "1"
    row_of(file, "7(2)")["weight"] = None
    row_of(file, "7")["weight"] = "2"
    assert "indicators[7(2)(1)].parent" in places(file)


def test_a_weight_of_one_year_counts_twice_too(file):
    row_of(file, "7(2)(1)")["versions"]["2561"]["weight"] = "1"
    assert places(file) == ["indicators[7(2)(1)].parent"]


@pytest.mark.parametrize("weight", ["-1", "0.0001", "12345"])
def test_weights_that_the_record_cannot_hold(file, weight):
    row_of(file, "30")["weight"] = weight
    assert places(file) == ["indicators[30].weight"]


def test_texts_longer_than_the_record(file):
    row_of(file, "30")["name"] = "ก" * 501
    row_of(file, "29")["versions"]["2561"]["plan_target"] = "5" * 121
    assert places(file) == ["indicators[29].versions.2561.plan_target", "indicators[30].name"]


@pytest.mark.parametrize(("use", "reason"), [("", "เพราะพิมพ์ผิด"), (">80", "")])
def test_a_correction_says_what_and_why(file, use, reason):
    row_of(file, "30")["versions"]["2561"]["band_corrections"] = {"2": {"use": use, "reason": reason}}
    assert len(places(file)) == 1


def test_a_correction_of_a_band_that_is_not_there(file):
    version = row_of(file, "30")["versions"]["2561"]
    del version["bands"]["2"]
    version["band_corrections"] = {"2": {"use": ">80", "reason": "เพราะพิมพ์ผิด"}}
    assert places(file) == ["indicators[30].versions.2561.band_corrections.2"]


def test_items_and_steps_that_name_what_is_not_there(file):
    row_of(file, "8")["data_items"]["A"]["at_most"] = "Z"
    row_of(file, "27(1)")["steps"][0]["implied_by"] = 9
    found = {place.rpartition(".versions.")[0] for place in places(file)}
    assert found == {"indicators[8]", "indicators[27(1)]"}


def test_two_steps_of_one_number(file):
    steps = row_of(file, "27(1)")["steps"]
    steps[1]["number"] = steps[0]["number"]
    assert any(place.endswith(".steps") for place in places(file))


@pytest.mark.parametrize("code", ["A B", "ก", "1A", "A" * 21])
def test_item_codes_that_no_formula_can_name(file, code):
    row_of(file, "30")["data_items"][code] = {"name": "อื่น ๆ"}
    assert places(file)


def test_an_empty_text_is_the_same_as_none(file, approved):
    approved("7(1)", A=33600, B=200)
    for item in row_of(file, "7(1)")["data_items"].values():
        item["at_most"] = item["derived"] = ""
    assert load_plan(file).new_revisions == 0
