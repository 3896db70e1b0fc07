"""What only the plan as a whole shows: copies, weights, announced numbers, targets that go back."""

from decimal import Decimal as D

import pytest

from scoring.lint import Announced, PlanSheet, Severity, lint_plan
from tests.scoring.lint_samples import only, sheet

BANDS = ("<70", "70 - 74.99", "75 - 79.99", "80 - 84.99", "85 - 90", ">90")


def linted(*sheets, **rest):
    return list(lint_plan(PlanSheet("P", sheets, **rest)))


def row(code, *bands, **rest):
    return sheet(*bands, code=code, name=rest.pop("name", f"ร้อยละ {code}"), **rest)


def test_one_list_for_each_sheet_and_one_for_the_plan():
    lists = linted(row("1", weight=D(60)), row("2", weight=D(40)))
    assert len(lists) == 3
    assert lists[2] == []


def test_bands_copied_from_an_indicator_with_another_target():
    """11(2) prints the bands of 11(1), of which only 11(1) has the target."""
    lists = linted(row("11(1)", *BANDS, target=">90%"), row("11(2)", *BANDS, target="95%"))
    assert not only(lists[0], "duplicate")
    (copied,) = [each for each in only(lists[1], "duplicate") if each.place == "bands"]
    assert copied.severity is Severity.ERROR
    assert "11(1)" in copied.message
    assert "95%" in copied.message


@pytest.mark.parametrize("target", ["90%", ">90", "≥ร้อยละ 90"])
def test_the_same_bands_for_the_same_target_are_no_copy(target):
    lists = linted(row("14", *BANDS, target=">90%"), row("15(2)", *BANDS, target=target))
    assert not [each for each in only(lists[1], "duplicate") if each.place == "bands"]


def test_the_same_code_twice_is_an_error():
    lists = linted(row("1", name="ก"), row("1", name="ข"))
    assert [each.severity for each in only(lists[1], "duplicate") if each.place == "code"] == [Severity.ERROR]


def test_the_same_name_under_one_parent_but_not_under_two():
    same = linted(row("11(1)", name="ผู้ป่วยใน", parent="11"), row("11(2)", name="ผู้ป่วย ใน", parent="11"))
    other = linted(row("11(1)", name="ผู้ป่วยใน", parent="11"), row("12(1)", name="ผู้ป่วยใน", parent="12"))
    assert [each.place for each in only(same[1], "duplicate")] == ["name", "items"]
    assert [each.place for each in only(other[1], "duplicate")] == ["items"]


def test_the_same_counts_of_children_that_feed_their_parent_say_nothing():
    lists = linted(row("14(1)"), row("14(2)", parent="14", parent_kind="pass_share"))
    assert not only(lists[1], "duplicate")


def test_years_are_apart():
    lists = linted(row("1", name="ก"), row("1", name="ก", fiscal_year=2561))
    assert not only(lists[0] + lists[1], "duplicate")


# Weights


def test_weights_that_do_not_add_up_to_a_hundred():
    lists = linted(row("1", weight=D(50), issue=1), row("2", weight=D(44), issue=2))
    (finding,) = lists[-1]
    assert (finding.indicator, finding.fiscal_year, finding.kind) == ("", 2560, "weight_problem")
    assert "94" in finding.message
    assert "ประเด็นที่ 1 รวม 50" in finding.message


def test_one_indicator_alone_is_no_plan():
    assert linted(row("K405", weight=D(3)))[-1] == []


def test_weight_missing_twice_or_nowhere():
    lists = linted(
        row("1", weight=D(100)),
        row("2"),
        row("3", weight=D(0), weight_above=True),
        row("4", weight_above=True),
        row("5", scored=False),
    )
    severities = [[each.severity for each in only(one, "weight_problem")] for one in lists[:5]]
    assert severities == [[], [Severity.WARNING], [Severity.ERROR], [], []]
    assert not only(linted(row("1"), row("2"))[0], "weight_problem")  # a plan without weights has none to miss


def test_a_parent_whose_children_are_weighed_misses_no_weight():
    lists = linted(row("7", children=("7(1)",)), row("7(1)", weight=D(100), parent="7"))
    assert not only(lists[0], "weight_problem")


# From year to year


def test_a_target_weaker_than_the_year_before():
    lists = linted(
        row("16", plan_target=">95%", template_target=">95%", target=">95%", fiscal_year=2562),
        row("16", plan_target="95%", template_target="100%", target="100%", fiscal_year=2563),
    )
    (finding,) = only(lists[1], "target_goes_back")
    assert ">95%" in finding.message
    assert "2562" in finding.message


def test_a_table_that_prints_another_measure_does_not_go_back():
    lists = linted(
        row("17", plan_target="4.50%", template_target="ลดลง >5", target="ลดลง >5", fiscal_year=2560),
        row("17", plan_target="4.25%", template_target="ลดลง >10", target="ลดลง >10", fiscal_year=2561),
    )
    assert not only(lists[1], "target_goes_back")


def test_where_one_year_is_read_the_targets_before_it_are_known():
    lists = linted(row("16", target="90%"), earlier_targets=(("16", 2559, "", "95%"),))
    assert only(lists[0], "target_goes_back")


# The plan itself


def test_announced_numbers_and_grades():
    announced = (Announced("รายเดือน (18 ตัวชี้วัด)", D(18), D(17)), Announced("รายปี (6 ตัวชี้วัด)", D(6), D(6)))
    grades = (("A", ">80%"), ("B", "70-79%"), ("C", "60-69%"), ("D", "50-59%"), ("F", "<50%"))
    found = linted(row("1"), announced=announced, grades=grades)[-1]
    assert [(each.kind, each.place) for each in found] == [
        ("count_mismatch", "announced.1"),
        ("integer_gap", "grades.C"),
        ("integer_gap", "grades.B"),
        ("gap", "grades.A"),
    ]
    assert "79.01 ถึง 80" in found[-1].message
    assert {each.fiscal_year for each in found} == {None}


def test_grades_that_cannot_be_read():
    (finding,) = linted(grades=(("A", "มาก"),))[-1]
    assert (finding.kind, finding.place) == ("unreadable", "grades.A")
