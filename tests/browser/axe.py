"""What axe-core finds on a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.target} ${node.html.slice(0, 200)}`))"""


@cache
def _script() -> str:
    return _AXE.read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    page.evaluate(_script())
    return page.evaluate(_FAULTS)
