"""What the style sheets do when a page is printed from the browser, which leaves out the grounds."""

import re
from pathlib import Path

CSS = Path("static/css")


def rules_on_paper() -> str:
    """The last word of kpitrack.css for paper."""
    css = (CSS / "kpitrack.css").read_text(encoding="utf-8")
    return css[css.index("/* On paper:") :]


def test_every_level_has_a_dark_figure():
    colours = re.findall(r"--k-level-(\d)-text: (#\w+)", rules_on_paper())
    assert dict(colours) == {str(level): "#000" for level in range(6)}


def test_the_layout_for_telephones_is_not_printed():
    """A4 between the margins of a browser is narrower than 48rem."""
    for path in CSS.glob("*.css"):
        assert "@media (max-width: 48rem)" not in path.read_text(encoding="utf-8"), path


def test_names_are_whole_and_heads_are_not_broken():
    rules = rules_on_paper()
    assert ".kpis .kpi-name, .kpis .kpi-row > td { overflow: visible; white-space: normal; }" in rules
    assert ".table thead th { white-space: nowrap; }" in rules


def test_a_table_of_a_form_that_goes_on_says_so_on_a_screen():
    css = (CSS / "document.css").read_text(encoding="utf-8")
    assert re.search(r"\.doc-scroll \{[^}]*local,[^}]*overflow-x: auto;", css)
    assert "paper-hint" in Path("templates/reports/result_form.html").read_text(encoding="utf-8")
