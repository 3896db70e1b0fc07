"""Long names without a space, as people give to files: nothing reaches over the edge of a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators.models import Evidence
from indicators.models.evidence import evidence_storage
from strategy.models import OrgUnit
from tests.files import pdf

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "w" * 100


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setitem(vars(evidence_storage()), "location", str(tmp_path))


@pytest.fixture
def phone(visit, cast) -> Page:
    return visit(cast.head, "phone")


def fits(page: Page) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_workbook_with_a_long_name(phone, plan):
    unit = OrgUnit.objects.get(code="PST_OPD").pk
    book = phone.request.get(reverse("workbook", args=[unit])).body()
    phone.goto(reverse("workbook_upload", args=[unit]))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    phone.set_input_files("#id_file", {"name": f"{LONG}.xlsx", "mimeType": kind, "buffer": book})
    phone.locator(".workbook-file button").click()
    expect(phone.locator(".page-head")).to_contain_text(LONG)
    fits(phone)


def test_evidence_with_a_long_name(phone, round_of):
    phone.goto(reverse("evidence", args=[round_of("7(1)", 6).pk]))
    phone.set_input_files("#file_files", {"name": f"{LONG}.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    phone.fill("#file_description", "รายงาน")
    phone.locator("button[value=files]").click()
    expect(phone.locator(".alert")).to_contain_text(LONG)
    fits(phone)
    row = Evidence.objects.get()
    row.file.storage.delete(row.file.name)
    phone.goto(reverse("evidence_file", args=[row.pk]))
    expect(phone.locator("main")).to_contain_text(row.sha256)
    fits(phone)
