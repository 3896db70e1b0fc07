"""The template linter: what is wrong with a printed KPI template (DESIGN.md section 6). Pure: sheets in, findings out.

Bands and criteria that carry a correction are linted as used, that is as corrected. What the correction mends is
then told once, as a note under the kind of the worst defect of the printed text ("แก้ไขแล้ว"), without a fix.
A round with bands or a criterion of its own is linted as the template of that round; what is as wrong in the
template itself is told only there.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from .findings import (
    KINDS,
    SEVERITIES,
    Announced,
    Finding,
    Fix,
    PlanSheet,
    PrintedBaseline,
    PrintedSection,
    RoundDays,
    Severity,
    Sheet,
)
from .linting.bands import band_findings
from .linting.counts import count_findings
from .linting.criteria import criterion_findings
from .linting.formula import formula_findings
from .linting.marks import mark_findings, need_findings
from .linting.misprints import misprint_findings
from .linting.plan import PlanIndex, plan_findings, sheet_in_plan
from .linting.reading import Reading, place_name, unreadable
from .linting.rounds import round_findings
from .linting.targets import printed_target_findings, target_findings
from .linting.texts import text_findings
from .linting.values import MEASURED
from .template import Printed, Template

__all__ = [
    "KINDS", "SEVERITIES", "Announced", "Finding", "Fix", "PlanSheet", "PrintedBaseline", "PrintedSection", "RoundDays",
    "Severity", "Sheet", "lint_plan", "lint_sheet",
]  # fmt: skip


# Misprints from which gaps, overlaps and levels out of reach follow.
CAUSES = ("unreadable", "inverted_band", "non_monotonic", "impossible_criterion")


def lint_sheet(sheet: Sheet) -> list[Finding]:
    """The defects of one template, worst first."""
    return _worst_first(_of_sheet(sheet))


def lint_plan(plan: PlanSheet) -> Iterator[list[Finding]]:
    """The defects of a plan: one list for each sheet in order, and at last those of the plan as a whole."""
    index = PlanIndex(plan)
    for sheet in plan.sheets:
        yield _worst_first([*_of_sheet(sheet), *sheet_in_plan(sheet, index)])
    yield plan_findings(plan)


def _worst_first(findings: list[Finding]) -> list[Finding]:
    """By severity, and within one in the order of reading; the same sentence once."""
    once = list(dict.fromkeys(findings))
    return sorted(once, key=lambda finding: (SEVERITIES.index(finding.severity), KINDS.index(finding.kind)))


def _of_sheet(sheet: Sheet) -> list[Finding]:
    reading = Reading(sheet, sheet.template)
    own = list(_of_numbers(reading))
    return [
        *own,
        *_corrected(reading, own),
        *_of_rounds(reading, own),
        *formula_findings(reading),
        *printed_target_findings(reading),
        *text_findings(reading),
        *misprint_findings(reading),
        *count_findings(reading),
        *need_findings(reading),
        *round_findings(reading),
    ]


def _of_numbers(reading: Reading) -> Iterator[Finding]:
    """What bands, criteria and target say of one another."""
    yield from unreadable(reading)
    if reading.template.kind not in MEASURED:
        return
    yield from band_findings(reading)
    yield from criterion_findings(reading)
    yield from target_findings(reading)
    yield from mark_findings(reading)


# Corrections


def _corrected(reading: Reading, own: list[Finding]) -> Iterator[Finding]:
    """For each correction the worst defect that it mends."""
    template = reading.template
    for place, printed in _printed_places(template):
        if printed.correction is None or printed.correction == printed.printed:
            continue
        before = Reading(reading.sheet, _with(template, place, Printed(printed.printed)))
        known = {(finding.kind, finding.place) for finding in own}
        gone = [each for each in _of_numbers(before) if (each.kind, each.place) not in known]
        if gone:
            yield _as_mended(_worst(gone, place), place, printed)


def _printed_places(template: Template) -> Iterator[tuple[str, Printed]]:
    for level, printed in template.bands:
        yield f"bands.{level}", printed
    for place, criterion in (("pass", template.pass_criterion), ("fail", template.fail_criterion)):
        if criterion is not None:
            yield place, criterion


def _with(template: Template, place: str, text: Printed) -> Template:
    """The template with another text at one place."""
    if place == "pass":
        return replace(template, pass_criterion=text)
    if place == "fail":
        return replace(template, fail_criterion=text)
    level = int(place.partition(".")[2])
    return replace(template, bands=tuple((at, text if at == level else printed) for at, printed in template.bands))


def _worst(findings: list[Finding], place: str) -> Finding:
    """The worst, and of equals the cause rather than what follows from it."""

    def rank(finding: Finding) -> tuple[int, bool, bool]:
        return SEVERITIES.index(finding.severity), finding.kind not in CAUSES, finding.place != place

    return min(findings, key=rank)


def _as_mended(finding: Finding, place: str, printed: Printed) -> Finding:
    facts = {"place": place_name(place), "old": printed.printed.strip(), "new": printed.used}
    proposal = _("แก้ไขแล้ว: %(place)s พิมพ์ว่า %(old)s ใช้ %(new)s แทน") % facts
    if printed.reason:
        proposal += " " + _("เพราะ %(reason)s") % {"reason": printed.reason}
    return replace(finding, severity=Severity.NOTE, proposal=proposal, place=place, fix=None)


# Rounds of their own


def _of_rounds(reading: Reading, own: list[Finding]) -> Iterator[Finding]:
    known = {(finding.kind, finding.place, finding.message) for finding in own}
    for rule in reading.template.rounds:
        if not (rule.bands or rule.pass_criterion):
            continue
        of_round = Reading(reading.sheet, reading.template.for_round(rule.number))
        for finding in _of_numbers(of_round):
            if (finding.kind, finding.place, finding.message) not in known:
                message = _("รอบที่ %(number)d: %(message)s") % {"number": rule.number, "message": finding.message}
                yield replace(finding, message=message, place=f"rounds.{rule.number}.{finding.place}", fix=None)
