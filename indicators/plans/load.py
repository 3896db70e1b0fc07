"""Writing a checked plan file into the database: idempotent, all or nothing."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import Max

from indicators.lint.overrides import record_loaded
from indicators.models import (
    Baseline,
    Cancellation,
    Indicator,
    IndicatorVersion,
    Responsibility,
    Round,
)
from indicators.plans.export import calendar_of, export_version, full_version
from indicators.plans.file import merged, named_units, unit_names
from indicators.plans.rounds import is_relied_on, load_rounds
from indicators.plans.write import write_version
from indicators.schedule.people import family_of
from strategy.models import OrgUnit, Plan, StrategicIssue


@dataclass
class LoadReport:
    """What loading changed; all zeros when the database already said the same."""

    plan: Plan
    created: int = 0
    changed: int = 0
    new_revisions: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)  # codes and years no longer in the file that something rests on
    written: list[IndicatorVersion] = field(default_factory=list)  # created, changed or in a new revision
    kept_rounds: list[str] = field(default_factory=list)  # years that keep other rounds than the file asks for
    moved_rounds: int = 0  # rounds that got other days by the file's calendar


@transaction.atomic
def load_plan(data: dict[str, Any]) -> LoadReport:
    """Load a file that `read_plan_file` has checked.

    A template that already scored results is never changed: it gets a new revision, and the
    old one stays with its results.
    """
    units = _load_units(data["org_units"])
    plan = _load_head(data["plan"], units)
    issues = _load_issues(plan, data["issues"])
    report = LoadReport(plan)
    names = unit_names(data)
    indicators = _load_indicators(plan, issues, data["indicators"], report)
    existing = _existing_versions(plan)
    for row in data["indicators"]:
        indicator = indicators[row["code"]]
        _load_versions(indicator, row, existing, units, names, report)
        _drop_years(indicator, row, existing, report)
        _load_responsibilities(indicator, row, units, names)
    rounds = load_rounds(plan)
    report.kept_rounds, report.moved_rounds = rounds.kept, rounds.moved
    record_loaded(plan=plan, versions=report.written)
    return report


def _set(instance: Any, values: dict[str, Any]) -> bool:
    """Assign and save only what differs; True where something did."""
    different = {name: value for name, value in values.items() if getattr(instance, name) != value}
    for name, value in different.items():
        setattr(instance, name, value)
    if different or instance.pk is None:
        instance.save()
    return bool(different)


def _load_units(rows: list[dict[str, Any]]) -> dict[str, OrgUnit]:
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    for row in rows:
        unit = units.setdefault(row["code"], OrgUnit(code=row["code"]))
        texts = {key: row.get(key) or "" for key in ("short_name", "ministry_code", "telephone", "note")}
        kind = row.get("kind") or OrgUnit.Kind.DEPARTMENT
        _set(unit, {"name": row["name"], "kind": kind, "aliases": row.get("aliases", []), **texts})
    for row in rows:
        # A file that begins at a hospital does not take it out of its province.
        if row.get("parent"):
            _set(units[row["code"]], {"parent_id": units[row["parent"]].pk})
    return units


def _load_head(row: dict[str, Any], units: dict[str, OrgUnit]) -> Plan:
    plan = Plan.objects.filter(code=row["code"]).first() or Plan(code=row["code"])
    reviewed_by = units[row["strategy_unit"]].pk if row.get("strategy_unit") else None
    _set(plan, {
        "name": row["name"], "edition": row.get("edition") or "", "unit_id": units[row["hospital"]].pk,
        "strategy_unit_id": reviewed_by, "first_year": row["first_year"], "last_year": row["last_year"],
        "vision": row.get("vision") or "", "missions": row.get("missions", []), "grades": row.get("grades", []),
        "announced": row.get("announced", []), **calendar_of(row),
    })  # fmt: skip
    return plan


def _load_issues(plan: Plan, rows: list[dict[str, Any]]) -> dict[int, StrategicIssue]:
    issues = {issue.number: issue for issue in plan.issues.all()}
    for row in rows:
        issue = issues.setdefault(row["number"], StrategicIssue(plan=plan, number=row["number"]))
        texts = {key: row.get(key) or "" for key in ("code", "name", "name_en", "theme", "focus")}
        _set(issue, texts)
    return issues


def _load_indicators(
    plan: Plan, issues: dict[int, StrategicIssue], rows: list[dict[str, Any]], report: LoadReport
) -> dict[str, Indicator]:
    indicators = {i.code: i for i in plan.indicators.all()}
    for position, row in enumerate(rows, start=1):
        indicator = indicators.setdefault(row["code"], Indicator(plan=plan, code=row["code"]))
        _set(indicator, {
            "issue_id": issues[row["issue"]].pk, "name": row["name"], "name_template": row.get("name_template") or "",
            "position": position, "scored": row.get("scored", True), "source": row.get("source") or "",
            "group": row.get("group") or "", "due_day": row.get("due_day"), "lock_days": row.get("lock_days"),
        })  # fmt: skip
    for row in rows:
        parent = indicators[row["parent"]].pk if row.get("parent") else None
        _set(indicators[row["code"]], {"parent_id": parent})
        _load_baselines(indicators[row["code"]], row.get("baseline", []))
    _drop_missing(plan, {row["code"] for row in rows}, report)
    return indicators


def _drop_missing(plan: Plan, codes: set[str], report: LoadReport) -> None:
    """What the file no longer names goes, children first, unless something rests on it."""
    gone = plan.indicators.exclude(code__in=codes).order_by("-position")
    for indicator in gone:
        if _is_relied_on(indicator):
            report.kept.append(indicator.code)
        else:
            indicator.children.update(parent=None)
            indicator.delete()


def _is_relied_on(indicator: Indicator) -> bool:
    """It, or one below it, has results, was cancelled once, or a decision about one of its rounds is on record."""
    rounds = Round.objects.filter(family_of(indicator))
    return rounds.filter(is_relied_on()).exists() or Cancellation.objects.filter(family_of(indicator)).exists()


def _load_baselines(indicator: Indicator, rows: list[dict[str, Any]]) -> None:
    wanted = [
        (row["text"], Decimal(row["value"]) if row.get("value") else None, row.get("year"), row.get("note") or "")
        for row in rows
    ]
    present = list(indicator.baselines.values_list("text", "value", "year", "note").order_by("position"))
    if wanted != present:
        indicator.baselines.all().delete()
        Baseline.objects.bulk_create(
            Baseline(indicator=indicator, text=t, value=v, year=y, note=n, position=number)
            for number, (t, v, y, n) in enumerate(wanted, start=1)
        )


def _existing_versions(plan: Plan) -> dict[tuple[str, int], IndicatorVersion]:
    rows = (
        IndicatorVersion.objects.filter(indicator__plan=plan, is_active=True)
        .select_related("indicator")
        .prefetch_related("items", "bands")
    )
    return {(row.indicator.code, row.fiscal_year): row for row in rows}


def _load_versions(
    indicator: Indicator,
    row: dict[str, Any],
    existing: dict[tuple[str, int], IndicatorVersion],
    units: dict[str, OrgUnit],
    names: dict[str, str],
    report: LoadReport,
) -> None:
    for year, of_year in row["versions"].items():
        wanted = full_version(merged(row, of_year))
        present = existing.get((indicator.code, int(year)))
        if present is not None and _is_same(export_version(present), wanted):
            report.unchanged += 1
            continue
        version = _writable(indicator, int(year), present, report)
        write_version(version, wanted)
        report.written.append(version)
        _write_stakeholders(version, units, names)


def _is_same(present: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Equal also in the order in which the data items stand on the form."""
    return present == wanted and list(present["data_items"]) == list(wanted["data_items"])


def _drop_years(
    indicator: Indicator,
    row: dict[str, Any],
    existing: dict[tuple[str, int], IndicatorVersion],
    report: LoadReport,
) -> None:
    """The template of a year that the file no longer has goes, unless something of the year rests on it."""
    for (code, year), version in existing.items():
        if code != indicator.code or str(year) in row["versions"]:
            continue
        if Round.objects.filter(is_relied_on(), indicator=indicator, fiscal_year=year).exists():
            report.kept.append(f"{code} {year}")
        else:
            version.delete()


def _writable(
    indicator: Indicator, year: int, present: IndicatorVersion | None, report: LoadReport
) -> IndicatorVersion:
    """The row to write into: a new one, the present one, or the next revision where it has scored results."""
    # Also a revision that is not in use keeps its number.
    of_year = IndicatorVersion.objects.filter(indicator=indicator, fiscal_year=year)
    following = (of_year.aggregate(last=Max("revision"))["last"] or 0) + 1
    if present is None:
        report.created += 1
        return IndicatorVersion(indicator=indicator, fiscal_year=year, revision=following)
    if not present.results.exists():
        report.changed += 1
        return present
    report.new_revisions += 1
    IndicatorVersion.objects.filter(pk=present.pk).update(is_active=False)
    return IndicatorVersion(indicator=indicator, fiscal_year=year, revision=following)


def _write_stakeholders(version: IndicatorVersion, units: dict[str, OrgUnit], names: dict[str, str]) -> None:
    found = [units[code] for text in version.stakeholder_texts for code in named_units(text, names)[0]]
    version.stakeholders.set(found)


def _load_responsibilities(
    indicator: Indicator, row: dict[str, Any], units: dict[str, OrgUnit], names: dict[str, str]
) -> None:
    """Who the file names enters the results, else the printed owners; a change made in the application is kept."""
    codes = row.get("responsible") or (named_units(row["owner"], names)[0] if row.get("owner") else [])
    if not codes or indicator.responsibilities.exists():
        return
    measured = [units[code].pk for code in row.get("measured_units") or ()] or [indicator.plan.unit_id]
    pairs = product(measured, dict.fromkeys(codes))
    Responsibility.objects.bulk_create(
        Responsibility(indicator=indicator, measured_unit_id=unit, responsible_unit=units[code], position=number)
        for number, (unit, code) in enumerate(pairs, start=1)
    )
