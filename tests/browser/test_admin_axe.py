"""The admin at both sizes: axe-core finds nothing, whatever Django and its tables of boxes leave without a name."""

import pytest
from django.urls import reverse

from indicators.models import IndicatorVersion, Result
from strategy.models import Plan, User
from tests.browser.axe import faults
from tests.browser.conftest import PATIENCE, SIZES
from tests.browser.session import sit_down

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ("strategy_user", "strategy_orgunit", "indicators_indicatorversion", "indicators_reviewevent", "axes_accesslog")


def pages() -> list[str]:
    changed = {
        "strategy_user": User.objects.get(username="head"),
        "strategy_plan": Plan.objects.get(code="KKH2560"),
        "indicators_result": Result.objects.filter(status="approved").first(),
        "indicators_indicatorversion": IndicatorVersion.objects.filter(fiscal_year=2563, items__isnull=False).first(),
    }
    return [
        reverse("admin:index"),
        *(reverse(f"admin:{name}_changelist") for name in LISTS),
        *(reverse(f"admin:{name}_change", args=[one.pk]) for name, one in changed.items()),
        reverse("admin:auth_group_add"),
        reverse("admin:indicators_indicatorversion_add"),
        reverse("admin:strategy_orgunit_delete", args=[Plan.objects.get(code="KKH2560").unit_id]),
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_admin_shuts_nobody_out(browser, live_server, demo, size):
    """Not watched: Select2 writes styles into its elements, which the policy of the pages turns away."""
    context = browser.new_context(base_url=live_server.url, viewport=SIZES[size], locale="th-TH")
    context.set_default_timeout(PATIENCE)
    page, shut = context.new_page(), []
    page.goto(reverse("admin:login"))
    shut += [f"log-in: {fault}" for fault in faults(page)]
    sit_down(context, demo("admin"), live_server.url)
    for address in pages():
        page.goto(address)
        page.wait_for_selector("html[data-named]", state="attached")  # static/js/admin.js
        shut += [f"{address}: {fault}" for fault in faults(page)]
    context.close()
    assert shut == []
