"""The watch sees what it is there for, otherwise the silence of the other tests would mean nothing."""

import pytest

from tests.browser.session import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS = {
    "console.error('broken')": "console: broken",
    "throw new Error('loose')": "script: loose",
    "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))": "Content Security Policy",
    "document.body.append(Object.assign(new Image(), {src: '/static/none.png'}))": "404: ",
    "location = 'http://elsewhere.invalid/'": "another server: http://elsewhere.invalid/",
}


def test_every_kind_of_fault_is_seen(desktop):
    desktop.goto("/accounts/login/")
    for script, told in FAULTS.items():
        desktop.evaluate(f"() => {{ setTimeout(() => {{ {script} }}); }}")
        wait_until(desktop, lambda told=told: any(told in fault for fault in desktop.watch.faults))
        desktop.watch.faults.clear()


def test_a_quiet_page_has_no_faults(desktop, phone):
    for page in (desktop, phone):
        page.goto("/accounts/login/")
        page.goto("/no/such/page/")
        assert page.watch.faults == []
