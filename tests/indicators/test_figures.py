"""How a measured value reads, the same in every list and on every page."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.figures import figure, measured, with_unit
from indicators.history import is_year_before
from indicators.models import IndicatorVersion, Round
from strategy.models import Membership

pytestmark = pytest.mark.django_db


def version(kind: str = "formula", unit: str = "นาที", decimals: int = 2) -> IndicatorVersion:
    return IndicatorVersion(kind=kind, unit=unit, decimals=decimals)


def test_a_value_has_the_places_of_its_template():
    assert measured(version(), Decimal(168)) == "168.00 นาที"
    assert measured(version(decimals=0), Decimal("1680.0000")) == "1,680 นาที"
    assert measured(version(), None) == ""


def test_a_pair_has_both_halves():
    assert figure(version(unit=""), Decimal("76.4"), Decimal("23.6")) == "76.40 : 23.60"


@pytest.mark.parametrize("kind", ["milestone", "mean_of_groups", "lowest_of"])
def test_a_level_is_a_level_whatever_unit_is_printed(kind):
    assert measured(version(kind, unit="ขั้น"), Decimal("3.0000")) == "ระดับ 3"


def test_the_percent_word_comes_first():
    assert with_unit("85.00", "ร้อยละ") == "ร้อยละ 85.00"


def test_steps_read_the_same_in_every_list(client, cast, plan, submitted):
    """Two places after the point would make a measurement of three steps done."""
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    round_ = Round.objects.filter(indicator__versions__kind="milestone", fiscal_year=2560, end__lt="2017-04-01").first()
    result = submitted(round_.indicator.code, round_.number, S1=1, S2=1, S3=0, S4=0, S5=0)
    assert result.value == 2
    for person, page in ((cast.head, "my_work"), (cast.reviewer, "review_list")):
        client.force_login(person)
        text = client.get(reverse(page)).content.decode()
        assert "2.00" not in text
        assert "ระดับ" in text


def test_both_halves_of_a_pair_are_in_the_list_of_work(client, cast, plan, saved):
    Membership.objects.create(user=cast.head, unit=plan.unit, role="head")
    round_ = Round.objects.filter(indicator__versions__formula__contains=":", fiscal_year=2560, number=6).first()
    codes = [item.code for item in round_.indicator.versions.get(fiscal_year=2560).items.all()]
    result = saved(round_.indicator.code, 6, **dict(zip(codes, (70, 30, 100), strict=True)))
    assert result.second is not None
    client.force_login(cast.head)
    assert figure(result.version, result.value, result.second) in client.get(reverse("my_work")).content.decode()


def test_the_year_before_is_the_same_month():
    march = Round(start=date(2017, 3, 1), end=date(2017, 3, 31))
    quarter = Round(start=date(2016, 1, 1), end=date(2016, 3, 31))
    assert is_year_before(quarter, march)
    assert not is_year_before(march, march)
    assert not is_year_before(Round(end=date(2016, 2, 29)), march)
    assert is_year_before(Round(end=date(2016, 2, 29)), Round(end=date(2017, 2, 28)))
