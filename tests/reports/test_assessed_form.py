"""What a reviewer gave stands on the printed form beside the computed score, a verdict without a level too."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.models import Round
from tests.builders import YES_NO, assess, make, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def text_of(client, cast):
    def get(address: str) -> str:
        client.force_login(cast.reviewer)
        return client.get(address).content.decode()

    return get


def form_address(indicator, number):
    return reverse("result_form", args=[Round.objects.get(indicator=indicator, number=number).pk])


def test_a_verdict_without_a_level_is_printed_with_its_reason(approved, cast, text_of):
    result = assess(approved("7(1)", A=33600, B=200), cast, passed=False, reason="ตรวจเวชระเบียนแล้ว")
    text = text_of(reverse("result_form", args=[result.round_id]))
    assert "คะแนนที่ผู้ตรวจกำหนด" in text
    assert "ตรวจเวชระเบียนแล้ว" in text
    row = text[text.index("คะแนนที่ผู้ตรวจกำหนด") :]
    assert "ไม่ผ่าน" in row[: row.index("</tr>")]


def test_of_a_part_too(approved, cast, text_of, indicator):
    assess(approved("7(1)", A=33600, B=200), cast, level=Decimal(2), reason="นับซ้ำกับคลินิกอื่น")
    text = text_of(reverse("indicator_form", args=[indicator("7").pk, 2560, 6]))
    assert "7(1) คะแนนที่ผู้ตรวจกำหนด" in text
    assert "นับซ้ำกับคลินิกอื่น" in text


def test_the_year_to_date_has_the_verdict_that_counts(plan, cast, text_of):
    daily = make(plan, "D1", kind="qualitative", items=YES_NO)
    assess(report(daily, 2, cast, P=1), cast, passed=False, level=1)
    text = text_of(form_address(daily, 2))
    year = text[text.index("สะสมตั้งแต่ต้นปีงบประมาณ") :]
    assert "ไม่ผ่าน" in year[: year.index("</tr>")]
