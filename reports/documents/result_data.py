"""What stands on a result form, as plain data: the builder's input (result_form.py), filled from the database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reports.documents.beside_tables import PrintedEvidence, PrintedMeasure
from reports.documents.item_tables import ItemLine, PartLine
from reports.documents.model import Signature, State


@dataclass(frozen=True)
class Project:
    """A project or activity of the KPI; amounts in baht, None where not given."""

    name: str
    allocated: Decimal | None = None
    spent: Decimal | None = None
    source: str = ""


@dataclass(frozen=True)
class PrintedBand:
    """The band of a level as the template prints it, and the correction that scoring uses instead, with its reason."""

    level: int
    printed: str
    correction: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ResultFormData:
    """What stands on the form. Texts are finished for reading (Thai dates, names); levels are 0 to 5.

    `counts` is the result as counted ("33/40"), `value` the measured value, `rate` the same where the KPI is a rate
    (percent, per 1,000); `value_text` (`ytd_text`) replaces the figure where there are two ("76.40 : 23.60").
    `unapproved` is the status of a result whose figures are shown although it is not approved. `no_result` is the
    word for a result that is not there (not reported, not yet due …) and `no_result_state` its mark. `cancelled` says
    since when and why there is a result of a round that nobody asks for any more.
    """

    plan_name: str = ""
    hospital: str = ""
    fiscal_year: str = ""
    indicator_code: str = ""
    indicator_name: str = ""
    period: str = ""
    unit_responsible: str = ""
    projects: tuple[Project, ...] = ()
    bands: tuple[PrintedBand, ...] = ()
    target: str = ""
    counts: str = ""
    value: Decimal | None = None
    value_text: str = ""
    decimals: int = 2
    unit: str = ""
    rate: Decimal | None = None
    level: Decimal | None = None
    passed: bool | None = None
    no_result: str = ""
    no_result_state: State | None = None
    unapproved: str = ""
    cancelled: str = ""
    ytd_counts: str = ""
    ytd_text: str = ""
    ytd_value: Decimal | None = None
    ytd_level: Decimal | None = None
    ytd_passed: bool | None = None
    assessed_level: Decimal | None = None
    assessed_passed: bool | None = None
    assessed_reason: str = ""
    pass_criterion: str = ""
    explanation: tuple[str, ...] = ()
    problems: str = ""
    suggestions: str = ""
    note: str = ""
    entered_by: str = ""
    entered_at: str = ""
    submitted_by: str = ""
    submitted_at: str = ""
    approved_by: str = ""
    approved_at: str = ""
    revision: int = 1
    signatures: tuple[Signature, ...] = ()
    demo: bool = False
    thai_digits: bool = False
    parts: tuple[ResultFormData, ...] = ()  # of a KPI that is made of others: a table for each
    items: tuple[ItemLine, ...] = ()  # steps or marks
    has_steps: bool = False
    units: tuple[PartLine, ...] = ()  # measured units, with the names of their inputs
    unit_inputs: tuple[str, ...] = ()
    children: tuple[PartLine, ...] = ()  # sub-indicators that pass or do not
    evidence: tuple[PrintedEvidence, ...] = ()
    measures: tuple[PrintedMeasure, ...] = ()

    @property
    def is_assessed(self) -> bool:
        """A reviewer has given a level, or has said whether it passes."""
        return self.assessed_level is not None or self.assessed_passed is not None
