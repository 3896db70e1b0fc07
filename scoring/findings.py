"""What the template linter reads and what it says, as frozen data (DESIGN.md section 6)."""

import hashlib
import re
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


SEVERITIES = tuple(Severity)

# Every kind that the linter can report, in the order in which a template is read.
KINDS = (
    "unreadable",
    "gap",
    "integer_gap",
    "overlap",
    "inverted_band",
    "non_monotonic",
    "unreachable_level",
    "level_missing",
    "target_in_no_band",
    "target_below_band5",
    "band5_below_target",
    "pass_excludes_target",
    "pass_below_target",
    "pass_vs_band5",
    "pass_fail_overlap",
    "pass_fail_gap",
    "impossible_criterion",
    "target_mismatch",
    "target_weaker_than_baseline",
    "target_goes_back",
    "frequency_mismatch",
    "ha_mismatch",
    "care_level_mismatch",
    "owner_mismatch",
    "name_mismatch",
    "formula_mismatch",
    "weight_problem",
    "count_mismatch",
    "duplicate",
)

_FIGURES = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Fix:
    """A correction that can be applied: `place` is `bands.4`, `pass` or `fail`; `text` is the notation."""

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

    @property
    def fingerprint(self) -> str:
        """What a decision about this finding is filed under: the same defect with the same figures, in any language.

        The figures of the message are sorted, since a translation may name them in another order.
        """
        figures = sorted(_FIGURES.findall(self.message))
        parts = (self.indicator, str(self.fiscal_year or ""), self.kind, self.place, *figures)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


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
class PrintedSection:
    """A section of the form that has no field of its own: its key, printed number and title, and its text."""

    key: str
    number: str
    title: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """Everything that the linter reads of one template for one year: the plan's table, the template, the summary.

    Texts are as printed; `owner_units` and `owner_template_units` are the codes of the units that the printed
    owners name, None where a name is unknown. `children` are the codes of the sub-indicators of the year, and
    `child_groups` the headings that they stand under, and `empty_groups` those under which no indicator
    stands. `inherited` names the fields that
    only repeat what the parent prints: a defect in them is reported at the parent. `scored` is false for the
    half of an indicator that has no level.
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
    child_groups: tuple[str, ...] = ()
    empty_groups: tuple[str, ...] = ()
    parent_kind: str = ""
    scored: bool = True
    inherited: frozenset[str] = frozenset()
    own_rounds: int = 0
    sections: tuple[PrintedSection, ...] = ()


@dataclass(frozen=True)
class Announced:
    """A number that the plan announces about itself: รายเดือน (18 ตัวชี้วัด); `actual` is what it lists."""

    text: str
    count: Decimal
    actual: Decimal


@dataclass(frozen=True)
class PlanSheet:
    """A plan with the sheets of all its templates, of all years or of one.

    `earlier_targets` are code, fiscal year, the plan's and the template's target of years without a sheet here;
    `earlier_bands` code, fiscal year and the bands in use of the same.
    """

    code: str
    sheets: tuple[Sheet, ...]
    grades: tuple[tuple[str, str], ...] = ()
    announced: tuple[Announced, ...] = ()
    earlier_targets: tuple[tuple[str, int, str, str], ...] = ()
    earlier_bands: tuple[tuple[str, int, tuple[tuple[int, str], ...]], ...] = ()
