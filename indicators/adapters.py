"""Rows to the frozen dataclasses of scoring, and back to nothing: scoring never sees the ORM."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from indicators.models import DataItem, DataValue, IndicatorVersion, Result, ScoreBand
from scoring.levels import Direction, Policy
from scoring.steps import Step
from scoring.template import (
    Accumulation,
    Across,
    Choice,
    Group,
    Item,
    ItemKind,
    Kind,
    Measure,
    Printed,
    RoundRule,
    Template,
)

# Kinds that are typed in; the others are made of their children.
TYPED_KINDS = (Kind.FORMULA, Kind.MILESTONE, Kind.CHECKLIST, Kind.QUALITATIVE)
# Kinds that get their level from their children.
COMPOSED_KINDS = (Kind.MEAN_OF_GROUPS, Kind.SCORED_HALF, Kind.LOWEST_OF, Kind.PASS_SHARE)


def template_for_round(version: IndicatorVersion, number: int) -> Template:
    """The version with what that round has of its own (its bands, target, criterion)."""
    return template_of(version).for_round(number)


def template_of(version: IndicatorVersion) -> Template:
    """The version as scoring needs it. Reads items and bands: prefetch them for lists."""
    rows = sorted(version.items.all(), key=lambda row: row.position)
    items = [row for row in rows if row.kind in ITEM_KINDS]
    steps = [row for row in rows if row.kind == DataItem.Kind.STEP]
    return Template(
        code=version.indicator.code,
        name=version.indicator.name,
        fiscal_year=version.fiscal_year,
        revision=version.revision,
        kind=Kind(version.kind),
        unit=version.unit,
        direction=Direction(version.direction),
        decimals=version.decimals,
        policy=Policy(version.policy),
        formula=version.formula,
        formula_printed=version.formula_printed,
        formula_reason=version.formula_reason,
        items=tuple(_item(row) for row in items),
        bands=_printed_bands(version),
        pass_criterion=_criterion(version.pass_criterion, version.pass_correction, version.pass_reason),
        fail_criterion=_criterion(version.fail_criterion, version.fail_correction, version.fail_reason),
        target=target_of(version),
        steps=tuple(
            Step(row.position, row.name, row.implied_by, row.criterion, row.evidence, row.remark) for row in steps
        ),
        words=tuple((band.level, band.word) for band in bands_of(version) if band.word),
        groups=tuple(_group(row) for row in rows if row.kind == DataItem.Kind.GROUP),
        measure=Measure(version.measure),
        rounds=tuple(_round_rule(version, row) for row in version.round_rules),
        across=_across(version),
        cutoff=version.cutoff,
    )


# What is entered, and what scoring calls it; steps have a place of their own, groups are headings.
ITEM_KINDS = {
    DataItem.Kind.NUMBER: ItemKind.NUMBER,
    DataItem.Kind.CHOICE: ItemKind.CHOICE,
    DataItem.Kind.TICK: ItemKind.TICK,
    DataItem.Kind.POINTS: ItemKind.POINTS,
}


def bands_of(version: IndicatorVersion, round_number: int = 0) -> list[ScoreBand]:
    """The bands of all rounds, or those that only one round has; by level."""
    bands = (band for band in version.bands.all() if band.round_number == round_number)
    return sorted(bands, key=lambda band: band.level)


def _printed_bands(version: IndicatorVersion, round_number: int = 0) -> tuple[tuple[int, Printed], ...]:
    return tuple((b.level, _printed(b.printed, b.correction, b.reason)) for b in bands_of(version, round_number))


def _group(row: DataItem) -> Group:
    return Group(row.code, row.name, row.full, row.need, row.all_or_nothing)


def _round_rule(version: IndicatorVersion, row: dict[str, Any]) -> RoundRule:
    return RoundRule(
        number=row["number"],
        name=row.get("name") or "",
        target=row.get("target") or "",
        measure=Measure(row["measure"]) if row.get("measure") else None,
        bands=_printed_bands(version, row["number"]),
        pass_criterion=_criterion(row.get("pass") or "", "", ""),
    )


def _across(version: IndicatorVersion) -> Across | None:
    """The criterion of the row over all units is the target: that many units, or more."""
    if version.across_level is None:
        return None
    return Across(version.across_level, criterion=_criterion(target_of(version), "", ""))


def _item(row: DataItem) -> Item:
    return Item(
        code=row.code,
        name=row.name,
        unit=row.unit,
        accumulation=Accumulation(row.accumulation),
        minimum=row.minimum,
        maximum=row.maximum,
        at_most=row.at_most or None,
        derived=row.derived or None,
        whole=row.whole,
        kind=ITEM_KINDS[DataItem.Kind(row.kind)],
        choices=tuple(Choice(choice["label"], Decimal(choice["points"])) for choice in row.choices),
        group=row.group,
        full=row.full,
        may_be_na=row.may_be_na,
        criterion=row.criterion,
        evidence=row.evidence,
        remark=row.remark,
    )


def _printed(text: str, correction: str, reason: str) -> Printed:
    return Printed(printed=text, correction=correction or None, reason=reason or None)


def _criterion(text: str, correction: str, reason: str) -> Printed | None:
    return _printed(text, correction, reason) if text or correction else None


def target_of(version: IndicatorVersion) -> str:
    """The target as the template prints it, else as the plan's table prints it."""
    return version.template_target or version.plan_target


def data_of(result: Result) -> dict[str, Decimal | None]:
    """The typed numbers of a result; a code that is not there was not given."""
    return {row.code: row.value for row in result.values.all()}


def data_by_result(rows: Iterable[DataValue]) -> dict[int, dict[str, Decimal | None]]:
    """Typed numbers of many results, by result."""
    data: dict[int, dict[str, Decimal | None]] = {}
    for row in rows:
        data.setdefault(row.result_id, {})[row.code] = row.value
    return data
