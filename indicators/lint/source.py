"""The linter's findings of a plan as it is in the database now, ready for pages, the admin and loading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import get_language

from indicators.lint.sheets import plan_sheet
from indicators.models import IndicatorVersion
from scoring.lint import Finding, PlanSheet, Severity, Sheet, lint_plan
from strategy.models import Plan

Key = tuple[str, int]  # code and fiscal year


@dataclass(frozen=True)
class Linted:
    """A plan with what the linter says of it."""

    plan: Plan
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def by_key(self) -> dict[Key, Sheet]:
        return {(sheet.template.code, sheet.template.fiscal_year): sheet for sheet in self.sheets}

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each indicator stands in the plan; the plan as a whole ("") comes first."""
        codes = dict.fromkeys(sheet.template.code for sheet in self.sheets)
        return {"": -1} | {code: place for place, code in enumerate(codes)}

    def sheet_of(self, finding: Finding) -> Sheet | None:
        return self.by_key.get((finding.indicator, finding.fiscal_year or 0))


def linted(plan: Plan) -> Linted:
    """All years of a plan: read afresh, judged again only where something has changed since the last time."""
    sheet = plan_sheet(plan, None)
    return Linted(plan, sheet.sheets, _findings(sheet, get_language() or ""))


@lru_cache(maxsize=4)
def _findings(sheet: PlanSheet, language: str) -> tuple[Finding, ...]:
    """The sheet itself is the key: equal sheets have equal findings, so nothing has to be told to forget."""
    return tuple(finding for found in lint_plan(sheet) for finding in found)


def errors_of(version: IndicatorVersion) -> list[Finding]:
    """What is wrong with one template as it is saved now, errors alone."""
    return [finding for finding in findings_of(version) if finding.severity is Severity.ERROR]


def findings_of(version: IndicatorVersion) -> list[Finding]:
    """What the linter says of one active template; nothing of one that is not in use."""
    return [finding for _key, found in _by_sheet(version.indicator.plan, [version]) for finding in found]


def errors_by_version(plan: Plan, versions: Iterable[IndicatorVersion]) -> Iterator[tuple[Key, list[Finding]]]:
    """The errors of many templates of a plan at once, those that have any."""
    for key, found in _by_sheet(plan, versions):
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        if errors:
            yield key, errors


def _by_sheet(plan: Plan, versions: Iterable[IndicatorVersion]) -> Iterator[tuple[Key, list[Finding]]]:
    wanted = {(version.indicator.code, version.fiscal_year) for version in versions if version.is_active}
    years = {year for _code, year in wanted}
    if not wanted:
        return
    read = plan_sheet(plan, years.pop() if len(years) == 1 else None)
    for sheet, found in zip(read.sheets, lint_plan(read), strict=False):  # the plan's own findings come last
        key = (sheet.template.code, sheet.template.fiscal_year)
        if key in wanted:
            yield key, found
