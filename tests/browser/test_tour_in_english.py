"""Every page on a desktop, in English: axe-core finds nothing, and Thai is left only where it belongs.

That is where the plan, the people and their texts are Thai themselves.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from tests.browser.axe import faults
from tests.browser.tour import walk

pytestmark = pytest.mark.django_db(transaction=True)

THAI = re.compile("[\u0e01-\u0e4e]")  # letters and marks; Thai digits are numbers
OWN_APPS = ("strategy", "indicators")
TYPED = ("“สิบ”", "“ส”", "“แปด”", "“แ”", "“รูป.zip”")
# Every text and every attribute that is read out or shown, of what is not said to be Thai.
TEXTS = """() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest("[lang=th], textarea")) texts.push(walker.currentNode.data);
    }
    for (const name of ["aria-label", "title", "placeholder", "data-label", "alt"]) {
        for (const element of document.querySelectorAll(`[${name}]:not([lang=th])`)) {
            texts.push(element.getAttribute(name));
        }
    }
    return texts.map(text => text.trim()).filter(Boolean);
}"""


def thai_of(value: Any) -> Iterator[str]:
    """The Thai texts in a value of the database, JSON taken apart."""
    if isinstance(value, str) and THAI.search(value):
        yield value
        yield from value.splitlines()
    elif isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from thai_of(part)


def known_texts() -> set[str]:
    """All Thai in the database, and what the tour mistypes."""
    found = {*TYPED}
    for model in [model for app in OWN_APPS for model in apps.get_app_config(app).get_models()]:
        for row in model.objects.values():
            found.update(text.strip() for value in row.values() for text in thai_of(value))
    return found - {""}


def thai_left(texts: list[str], own: set[str]) -> list[str]:
    """What is still Thai in a page's texts once the database's own are taken out."""
    longest_first = sorted(own, key=len, reverse=True)
    left = []
    for text in filter(THAI.search, texts):
        rest = text
        for known in longest_first:
            rest = rest.replace(known, "")
        if THAI.search(rest):
            left.append(text)
    return left


def test_english_pages_are_english_and_shut_nobody_out(visit, demo):
    left, shut, known = [], [], known_texts()
    for name, page in walk(visit, demo, "desktop", language="en"):
        found = thai_left(page.evaluate(TEXTS), known)
        if found:  # on the way something is written
            known |= known_texts()
        left += [f"{name}: {text}" for text in thai_left(found, known)]
        shut += [f"{name}: {fault}" for fault in faults(page)]
    assert left == []
    assert shut == []
