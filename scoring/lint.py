"""The template linter: what is wrong with a printed KPI template (DESIGN.md section 6). Pure: sheets in, findings out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .template import Template


class Severity(StrEnum):
    """An error scores or judges some result wrongly; a warning is likely a misprint; a note is for the eye."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Fix:
    """A correction that can be applied to the template: `place` is `bands.4`, `pass` or `fail`; `text` is the notation."""

    place: str
    text: str


@dataclass(frozen=True)
class Finding:
    """One defect: where, of which kind, how bad, a Thai sentence with the plan's own figures, and what is proposed.

    `indicator` is a code, empty where the finding is of the plan as a whole; `place` names the field it is about.
    """

    indicator: str
    fiscal_year: int | None
    kind: str
    severity: Severity
    message: str
    proposal: str = ""
    place: str = ""
    fix: Fix | None = None


@dataclass(frozen=True)
class PrintedBaseline:
    """A baseline as printed, with its number where it has one."""

    text: str
    value: Decimal | None = None
    year: int | None = None


@dataclass(frozen=True)
class RoundDays:
    """The days of one evaluation round, with its printed name."""

    number: int
    name: str
    start: date
    end: date


@dataclass(frozen=True)
class Sheet:
    """Everything that the linter reads of one template for one year: the plan's table, the template, the summary.

    Texts are as printed; `owner_units` and `owner_template_units` are the codes of the units that the printed
    owners name, None where a name is unknown. `children` are the codes of the sub-indicators of the year.
    """

    template: Template
    name_template: str = ""
    parent: str = ""
    children: tuple[str, ...] = ()
    issue: int = 0
    theme: str = ""
    weight: Decimal | None = None
    weight_above: bool = False
    plan_target: str = ""
    template_target: str = ""
    baselines: tuple[PrintedBaseline, ...] = ()
    frequency: str = ""
    frequency_table: str = ""
    frequency_template: str = ""
    frequency_summary: str = ""
    ha_standard: str = ""
    ha_standard_summary: str = ""
    care_levels: str = ""
    care_levels_summary: str = ""
    owner: str = ""
    owner_template: str = ""
    owner_units: tuple[str, ...] | None = None
    owner_template_units: tuple[str, ...] | None = None
    definition: str = ""
    population: str = ""
    documents: str = ""
    rounds: tuple[RoundDays, ...] = ()


@dataclass(frozen=True)
class Announced:
    """A number that the plan announces about itself: รายเดือน (18 ตัวชี้วัด); `actual` is what it lists."""

    text: str
    count: Decimal
    actual: Decimal


@dataclass(frozen=True)
class PlanSheet:
    """A plan with the sheets of all its templates, all years."""

    code: str
    sheets: tuple[Sheet, ...]
    grades: tuple[tuple[str, str], ...] = ()
    announced: tuple[Announced, ...] = ()


def lint_sheet(sheet: Sheet) -> list[Finding]:
    """The defects of one template, worst first."""
    raise NotImplementedError


def lint_plan(plan: PlanSheet) -> Iterator[list[Finding]]:
    """The defects of a plan: one list for each sheet in order, and at last those of the plan as a whole."""
    raise NotImplementedError
