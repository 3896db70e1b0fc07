"""What the tests of the provincial and the department's plan files share: a file read, and its texts without spaces."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from indicators.adapters import template_for_round, template_of
from indicators.models import IndicatorVersion
from indicators.plans.file import merged, read_plan_file
from indicators.plans.load import load_plan
from scoring.template import Template

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
# What a PDF or a scan does to Thai, as escapes so that a search for the damage does not find this table.
DAMAGE = {
    "space before sara a where sara am belongs": "[\u0e01-\u0e2e][\u0e48-\u0e4b]? \u0e32",
    "tone mark before its vowel": "[\u0e48-\u0e4b][\u0e31\u0e34-\u0e39]",
    "nikhahit and sara a instead of sara am": "\u0e4d\u0e32",
    "a vowel twice": "\u0e32\u0e32",
    "marks of a font of its own": "[\ue000-\uf8ff]",
    "tags and formulas of the extraction": r"<[a-z/]+>|\$|\\[a-z]+",
    # มิใช่ยา, งบทดลอง, การค้า, กาฬสินธุ์, ติดดาว as the scan read them.
    "letters read wrongly": "\u0e21\u0e35\u0e0a\u0e35\u0e27\u0e30|\u0e1a\u0e17\u0e22\u0e2d\u0e14|"
    "\u0e01\u0e32\u0e23\u0e04\u0e49\u0e33|\u0e20\u0e32\u0e1e\u0e2a\u0e34\u0e19|"
    "\u0e2a\u0e15 \u0e15\u0e34\u0e14\u0e15\u0e32\u0e21",
}


def bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def texts_of(data: Any) -> Iterator[str]:
    """Every text of a file, also what it says of a year."""
    if isinstance(data, dict):
        data = data.values()
    elif not isinstance(data, list):
        yield str(data)
        return
    for part in data:
        yield from texts_of(part)


class PlanFile:
    """One file of fixtures/, by its code."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.data = read_plan_file(FIXTURES / f"{code.lower()}.yaml")
        self.rows = {row["code"]: row for row in self.data["indicators"]}
        self.units = {unit["code"]: unit for unit in self.data["org_units"]}

    def year(self, code: str, year: str) -> dict[str, Any]:
        return merged(self.rows[code], self.rows[code]["versions"][year])

    def sections(self, code: str) -> dict[str, dict[str, Any]]:
        return {section["key"]: section for section in self.rows[code]["sections"]}

    def damage(self) -> list[tuple[str, str]]:
        """Where a text still shows what the PDF or the scan did to it."""
        marked = [(what, re.compile(f".{{0,12}}(?:{signs}).{{0,12}}")) for what, signs in DAMAGE.items()]
        return [
            (what, hit) for text in texts_of(self.data) for what, pattern in marked for hit in pattern.findall(text)
        ]

    def load(self) -> None:
        load_plan(self.data)

    def template(self, code: str, year: int, round_number: int | None = None) -> Template:
        """The template of a loaded plan, as scoring has it."""
        version = IndicatorVersion.objects.get(indicator__plan__code=self.code, indicator__code=code, fiscal_year=year)
        return template_of(version) if round_number is None else template_for_round(version, round_number)


def numbers(text: str) -> dict[str, Decimal]:
    """`A=1, B=2.5` as data."""
    return {code: Decimal(value) for code, value in (pair.split("=") for pair in text.replace(" ", "").split(","))}
