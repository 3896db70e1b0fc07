"""The page of one result on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from indicators.models import ReviewEvent
from strategy import clock
from tests.builders import report

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://intranet.kkh.example/qs/" + "satisfaction-survey-of-inpatients-" * 3


def test_the_history_of_a_long_link_is_not_cut(visit, cast, indicator):
    result = report(indicator("7(1)"), 6, cast, status="submitted", A=33600, B=200)
    ReviewEvent.objects.create(
        result=result, action="evidence", actor=cast.head, at=clock.now(), to_status="submitted",
        after={"evidence": [{"link": LINK, "description": "แบบสอบถามผู้ป่วยใน"}]},
    )  # fmt: skip
    page = visit(cast.reviewer, "phone")
    page.goto(reverse("review_detail", args=[result.round_id]))
    history = page.locator(".table-wrap:has(> .history)")
    expect(history).to_contain_text(LINK)
    assert history.evaluate("box => box.scrollWidth - box.clientWidth") == 0
