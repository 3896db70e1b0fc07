"""Rows to the sheets of the linter, and which of its findings have been decided (DESIGN.md section 6)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from indicators.adapters import template_of
from indicators.models import IndicatorVersion, LintDecision, Round, ScoreBand
from indicators.plans.file import named_units
from scoring.lint import Announced, Finding, PlanSheet, PrintedBaseline, PrintedSection, RoundDays, Severity, Sheet
from scoring.template import Kind
from strategy.models import OrgUnit, Plan

# What a sub-indicator may only repeat of its parent, and the fields that then say the same.
REPEATED = {
    "frequency": ("frequency_table", "frequency_template", "frequency_summary"),
    "ha_standard": ("ha_standard", "ha_standard_summary"),
    "care_levels": ("care_levels", "care_levels_summary"),
    "owner": ("owner_text", "owner_template"),
}
CLOSING = (LintDecision.Decision.ACCEPT, LintDecision.Decision.DISMISS)
_NUMBERING = re.compile(r"^\s*\d{1,2}\s*[.)]\s*")
_TELEPHONE = re.compile(r"\s*โทร.*$")
_LENGTHS, _BRANCHES = "เดือน|ไตรมาส", "สาขา"


@dataclass
class Surroundings:
    """What the sheets of one plan share: the other templates of their years, names of units, days of named rounds."""

    versions: dict[tuple[int, int], IndicatorVersion]
    children: dict[tuple[int, int], list[IndicatorVersion]]
    names: dict[str, str]
    above: dict[str, str | None]
    rounds: dict[tuple[int, int], list[Round]] = field(default_factory=dict)

    def parent_of(self, version: IndicatorVersion) -> IndicatorVersion | None:
        return self.versions.get((version.indicator.parent_id or 0, version.fiscal_year))


def plan_sheet(plan: Plan, year: int | None = None) -> PlanSheet:
    """All templates in use of a plan, of all years or of one, as the linter reads them."""
    versions = list(_versions(plan, year))
    around = _surroundings(plan, versions)
    return PlanSheet(
        code=plan.code,
        sheets=tuple(_sheet(version, around) for version in versions),
        grades=tuple((row["grade"], row["text"]) for row in plan.grades),
        announced=tuple(_announced(plan, versions)),
        earlier_targets=_earlier_targets(plan, year),
        earlier_bands=_earlier_bands(plan, year),
    )


def sheet_of(version: IndicatorVersion) -> Sheet:
    """One template, in use or not, among the others of its plan and year."""
    plan = version.indicator.plan
    others = [each for each in _versions(plan, version.fiscal_year) if each.indicator_id != version.indicator_id]
    return _sheet(version, _surroundings(plan, [*others, version]))


def closed_fingerprints(plan: Plan) -> set[str]:
    """The findings that somebody accepted or dismissed, and did not take up again since."""
    rows = LintDecision.objects.filter(plan=plan).order_by("pk").values_list("fingerprint", "decision")
    latest = dict(rows)  # the last row of a fingerprint stays
    return {fingerprint for fingerprint, decision in latest.items() if decision in CLOSING}


def open_errors(findings: Iterable[Finding], closed: set[str]) -> list[Finding]:
    """The errors that nobody has decided."""
    return [each for each in findings if each.severity is Severity.ERROR and each.fingerprint not in closed]


def _versions(plan: Plan, year: int | None) -> QuerySet[IndicatorVersion]:
    rows = IndicatorVersion.objects.filter(indicator__plan=plan, is_active=True)
    rows = rows if year is None else rows.filter(fiscal_year=year)
    return (
        rows.select_related("indicator__parent", "indicator__issue")
        .prefetch_related("items", "bands", "indicator__baselines")
        .order_by("indicator__position", "fiscal_year")
    )


def _surroundings(plan: Plan, versions: list[IndicatorVersion]) -> Surroundings:
    children: dict[tuple[int, int], list[IndicatorVersion]] = defaultdict(list)
    for version in versions:
        if version.indicator.parent_id:
            children[version.indicator.parent_id, version.fiscal_year].append(version)
    rounds: dict[tuple[int, int], list[Round]] = defaultdict(list)
    # Only a name that says how long the round is can contradict its days.
    for row in Round.objects.filter(indicator__plan=plan, name__regex=_LENGTHS):
        rounds[row.indicator_id, row.fiscal_year].append(row)
    by_year = {(version.indicator_id, version.fiscal_year): version for version in versions}
    names, above = _units_by_name()
    return Surroundings(by_year, children, names, above, rounds)


def _units_by_name() -> tuple[dict[str, str], dict[str, str | None]]:
    """Every name under which a unit is printed, with its code; and the unit above each."""
    names: dict[str, str] = {}
    above: dict[str, str | None] = {}
    columns = ("code", "parent__code", "name", "short_name", "aliases")
    for code, parent, name, short_name, aliases in OrgUnit.objects.values_list(*columns):
        above[code] = parent
        for text in (name, short_name, *aliases):
            if text:
                names.setdefault(text, code)
    return names, above


def _sheet(version: IndicatorVersion, around: Surroundings) -> Sheet:
    indicator, parent = version.indicator, around.parent_of(version)
    key = (version.indicator_id, version.fiscal_year)
    children = around.children.get(key, [])
    return Sheet(
        template=template_of(version),
        name_template=indicator.name_template,
        parent=indicator.parent.code if indicator.parent else "",
        parent_kind=parent.kind if parent else "",
        children=tuple(child.indicator.code for child in children if not _is_bare(child, around)),
        child_groups=tuple(child.indicator.group for child in children),
        empty_groups=tuple(_heading(child) for child in children if _is_bare(child, around)),
        issue=indicator.issue.number,
        theme=indicator.issue.theme,
        weight=version.weight,
        weight_above=_weight_above(version, around),
        plan_target=version.plan_target,
        template_target=version.template_target,
        baselines=tuple(PrintedBaseline(row.text, row.value, row.year) for row in indicator.baselines.all()),
        definition=version.definition,
        population=version.population,
        documents=version.documents,
        rounds=tuple(RoundDays(row.number, row.name, row.start, row.end) for row in around.rounds.get(key, [])),
        own_rounds=len(version.own_rounds),
        sections=tuple(_section(each) for each in version.sections),
        scored=indicator.scored,
        inherited=_inherited(version, parent),
        **_printed_twice(version, around),
    )


def _section(row: dict[str, Any]) -> PrintedSection:
    texts = (str(row.get(name) or "") for name in ("key", "number", "title", "text"))
    return PrintedSection(*texts)


def _heading(version: IndicatorVersion) -> str:
    return version.indicator.group or version.indicator.name


def _is_bare(version: IndicatorVersion, around: Surroundings) -> bool:
    """A heading that nothing stands under, such as a branch whose indicators another office keeps."""
    key = (version.indicator_id, version.fiscal_year)
    return version.kind == Kind.HEADING and not around.children.get(key)


def _printed_twice(version: IndicatorVersion, around: Surroundings) -> dict[str, Any]:
    """What the table, the template and the summary each print."""
    table = _units(version.owner_text, around.names)
    return {
        "frequency": version.frequency,
        "frequency_table": version.frequency_table,
        "frequency_template": version.frequency_template,
        "frequency_summary": version.frequency_summary,
        "ha_standard": version.ha_standard,
        "ha_standard_summary": version.ha_standard_summary,
        "care_levels": version.care_levels,
        "care_levels_summary": version.care_levels_summary,
        "owner": version.owner_text,
        "owner_template": version.owner_template,
        "owner_units": table,
        "owner_template_units": _as_in_table(_units(version.owner_template, around.names), table, around.above),
    }


def _as_in_table(
    own: tuple[str, ...] | None, table: tuple[str, ...] | None, above: dict[str, str | None]
) -> tuple[str, ...] | None:
    """A section named in the template is its department where that is what the table names."""
    if own is None or table is None:
        return own
    return tuple(dict.fromkeys(above[code] or code if above.get(code) in table else code for code in own))


def _units(text: str, names: dict[str, str]) -> tuple[str, ...] | None:
    """The units that a printed owner names, one or more a line; None where one of them is unknown."""
    codes: list[str] = []
    for line in text.splitlines():
        plain = _TELEPHONE.sub("", _NUMBERING.sub("", line)).strip()
        for part in [plain] if plain in names else plain.split(","):
            found, unknown = named_units(part, names) if part.strip() else ([], [])
            if unknown:
                return None
            codes += found
    return tuple(dict.fromkeys(codes))


def _weight_above(version: IndicatorVersion, around: Surroundings) -> bool:
    seen = {version.indicator_id}
    parent = around.parent_of(version)
    while parent is not None and parent.indicator_id not in seen:
        if parent.weight:
            return True
        seen.add(parent.indicator_id)
        parent = around.parent_of(parent)
    return False


def _inherited(version: IndicatorVersion, parent: IndicatorVersion | None) -> frozenset[str]:
    if parent is None:
        return frozenset()
    return frozenset(
        name
        for name, columns in REPEATED.items()
        if all(getattr(version, column) == getattr(parent, column) for column in columns)
    )


def _earlier_targets(plan: Plan, year: int | None) -> tuple[tuple[str, int, str, str], ...]:
    """The targets of the year before, where only one year is read."""
    if year is None:
        return ()
    rows = IndicatorVersion.objects.filter(indicator__plan=plan, is_active=True, fiscal_year=year - 1)
    return tuple(rows.values_list("indicator__code", "fiscal_year", "plan_target", "template_target"))


def _earlier_bands(plan: Plan, year: int | None) -> tuple[tuple[str, int, tuple[tuple[int, str], ...]], ...]:
    """The bands of the year before, where only one year is read."""
    if year is None:
        return ()
    rows = ScoreBand.objects.filter(
        version__indicator__plan=plan, version__is_active=True, version__fiscal_year=year - 1, round_number=0
    )
    bands: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for code, level, text, correction in rows.values_list("version__indicator__code", "level", "printed", "correction"):
        bands[code].append((level, correction or text))
    return tuple((code, year - 1, tuple(each)) for code, each in bands.items())


def _announced(plan: Plan, versions: list[IndicatorVersion]) -> Iterable[Announced]:
    """What the plan announces about itself, counted in the first year that was read."""
    first = min((version.fiscal_year for version in versions), default=plan.first_year)
    of_year = [version for version in versions if version.fiscal_year == first]
    for row in plan.announced:
        yield Announced(row["text"], Decimal(row["count"]), _actual(row["text"], row["of"], of_year))


def _actual(text: str, of: dict[str, Any], versions: list[IndicatorVersion]) -> Decimal:
    """How many there are of what is announced; the plan counts its indicators without their parts.

    Of sub-indicators that stand under headings, a number of branches counts the headings.
    """
    if of.get("weight"):
        return sum((version.weight for version in versions if version.weight is not None), Decimal(0))
    if of.get("children"):
        parts = [v for v in versions if v.indicator.parent and v.indicator.parent.code == of["children"]]
        groups = {part.indicator.group for part in parts if part.indicator.group}
        return Decimal(len(groups) if groups and _BRANCHES in text else len(parts))
    tops = [version for version in versions if version.indicator.parent_id is None]
    if of.get("theme"):
        return Decimal(sum(version.indicator.issue.theme == of["theme"] for version in tops))
    return Decimal(sum(version.frequency == of.get("frequency") for version in tops))
