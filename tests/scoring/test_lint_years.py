"""What the linter says of one year beside another, and of weights that nobody printed."""

import pytest

from scoring.lint import PlanSheet, lint_plan
from tests.scoring.lint_samples import only, sheet

HARD = ("<80", "80 - 84", "85 - 89", "90 - 94", "95 - 97", ">98")
SOFT = ("<75", "75 - 79", "80 - 84", "85 - 89", "90 - 97", ">98")


def linted(*sheets, **plan):
    return [each for group in lint_plan(PlanSheet("P", tuple(sheets), **plan)) for each in group]


def two_years(before, after, **rest):
    old, new = rest.pop("targets", (">98", ">98"))
    return (
        sheet(*before, target=old, fiscal_year=2560, **rest),
        sheet(*after, target=new, fiscal_year=2561, **rest),
    )


def test_levels_that_are_easier_than_the_year_before():
    """16 in 2561 begins at 75 where 2560 began at 80, while the target rises."""
    (finding,) = only(linted(*two_years(HARD, SOFT)), "target_goes_back")
    assert (finding.fiscal_year, finding.place) == (2561, "bands")
    assert "ระดับ 1 จาก 80 - 84 เป็น 75 - 79" in finding.message
    assert "ระดับ 4" in finding.message
    assert "ระดับ 5" not in finding.message


@pytest.mark.parametrize(
    "pair", [two_years(SOFT, HARD), two_years(HARD, HARD), two_years(HARD, SOFT, targets=("", "")), (sheet(*SOFT),)]
)
def test_levels_that_are_not(pair):
    assert not only(linted(*pair), "target_goes_back")


def test_bands_that_follow_a_weaker_target_are_told_by_the_target():
    told = only(linted(*two_years(HARD, SOFT, targets=(">98", ">97"))), "target_goes_back")
    assert [each.place for each in told] == ["target"]


def test_one_year_alone_is_compared_with_the_bands_that_come_with_it():
    later = two_years(HARD, SOFT)[1]
    earlier = {"earlier_targets": (("T", 2560, "", ">98"),), "earlier_bands": (("T", 2560, tuple(enumerate(HARD))),)}
    assert only(linted(later, **earlier), "target_goes_back") == only(
        linted(*two_years(HARD, SOFT)), "target_goes_back"
    )
    assert not only(linted(later, earlier_targets=earlier["earlier_targets"]), "target_goes_back")


def test_a_template_that_is_a_year_late():
    """25: 140 in the template of 2561 is the table's target of 2560."""
    years = [
        sheet(fiscal_year=year, plan_target=plan, template_target=own, target=own, direction="lower", unit="MJ")
        for year, plan, own in ((2560, "<140", "145 MJ"), (2561, "<135", "140 MJ"), (2562, "<130", "130 MJ"))
    ]
    (finding,) = [each for each in only(linted(*years), "target_mismatch") if each.place == "template_target"]
    assert (finding.fiscal_year, finding.severity.value) == (2561, "note")
    assert "2560" in finding.message


def test_a_plan_without_any_weight():
    two = (sheet(code="A", name="ก"), sheet(code="B", name="ข"))
    (finding,) = only(linted(*two), "weight_problem")
    assert (finding.severity.value, finding.indicator) == ("note", "")
    assert not only(linted(two[0]), "weight_problem")
