"""axe-core finds nothing on any page, at either size."""

from pathlib import Path

import pytest

from tests.browser.tour import walk

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.target} ${node.html.slice(0, 200)}`))"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_page_shuts_anybody_out(visit, demo, size):
    script = AXE.read_text(encoding="utf-8")
    found = []
    for name, page in walk(visit, demo, size, bypass_csp=True):  # axe is put into the page as an inline script
        page.evaluate(script)
        found += [f"{name}: {fault}" for fault in page.evaluate(FAULTS)]
    assert found == []
