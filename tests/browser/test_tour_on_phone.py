"""Every page on a phone, in Thai: nothing scrolls sideways, a thumb hits what it means, axe-core finds nothing."""

import pytest

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


def test_every_page_fits_a_phone_and_shuts_nobody_out(visit, demo):
    wide, low, shut = [], [], []
    for name, page in walk(visit, demo, "phone"):
        wide += [f"{name}: {fault}" for fault in page.evaluate(WIDE, WIDTH)]
        low += [f"{name}: {fault}" for fault in page.evaluate(LOW, [BUTTONS, THUMB])]
        shut += [f"{name}: {fault}" for fault in faults(page)]
    assert wide == []
    assert low == []
    assert shut == []
