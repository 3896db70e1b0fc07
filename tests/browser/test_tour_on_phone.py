"""Every page on a phone, in Thai: nothing scrolls sideways, a thumb hits what it means, axe-core finds nothing."""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.access_matrix import ADDRESSES
from tests.browser.axe import faults
from tests.browser.tour import walk

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH, THUMB = 390, 44
# What reaches over the right edge without a frame of its own that scrolls.
WIDE = """limit => document.documentElement.scrollWidth <= limit ? [] : [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > limit + 0.5)
    .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
    .concat(`page ${document.documentElement.scrollWidth}`).slice(-8)"""
BUTTONS = "main .btn, main button, .site-nav a, .menu > summary, .menu-body a, .menu-body button"
LOW = """([buttons, limit]) => [...document.querySelectorAll(buttons)]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height < limit)
    .map(e => `${e.innerText.trim()} ${e.className} ${e.getBoundingClientRect().height.toFixed(1)}`)"""

# What is got and is no page: files, and a panel inside a page, which the dashboard opens.
NO_PAGES = {
    "closure_pdf", "closure_xlsx", "evidence_file", "grid_template", "indicator_form_pdf", "indicator_form_xlsx",
    "indicator_why", "result_form_pdf", "result_form_xlsx", "silent_list", "workbook",
}  # fmt: skip


def pages() -> set[str]:
    """The names of all pages: what the table of addresses gives somebody for GET."""
    shown = {name for name, entry in ADDRESSES.items() for cells in entry.rows.values() if "200" in cells[::2]}
    assert shown >= NO_PAGES
    return shown - NO_PAGES


def name_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def test_every_page_fits_a_phone_and_shuts_nobody_out(visit, demo):
    wide, low, shut, seen = [], [], [], set()
    for name, page in walk(visit, demo, "phone"):
        seen.add(name_of(page.url))
        wide += [f"{name}: {fault}" for fault in page.evaluate(WIDE, WIDTH)]
        low += [f"{name}: {fault}" for fault in page.evaluate(LOW, [BUTTONS, THUMB])]
        shut += [f"{name}: {fault}" for fault in faults(page)]
    assert wide == []
    assert low == []
    assert shut == []
    assert pages() - seen == set(), "add a stop to tests/browser/tour.py"
