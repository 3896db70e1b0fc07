"""Rows to the frozen dataclasses of scoring, and back to nothing: scoring never sees the ORM."""

from collections.abc import Iterable
from decimal import Decimal

from indicators.models import DataItem, DataValue, IndicatorVersion, Result
from scoring.levels import Direction, Policy
from scoring.steps import Step
from scoring.template import Accumulation, Item, Kind, Printed, Template

# Kinds that are typed in; the others are made of their children.
TYPED_KINDS = (Kind.FORMULA, Kind.MILESTONE)
# Kinds that get their level from their children.
COMPOSED_KINDS = (Kind.MEAN_OF_GROUPS, Kind.SCORED_HALF, Kind.LOWEST_OF)


def template_of(version: IndicatorVersion) -> Template:
    """The version as scoring needs it. Reads items and bands: prefetch them for lists."""
    rows = sorted(version.items.all(), key=lambda row: row.position)
    numbers = [row for row in rows if row.kind == DataItem.Kind.NUMBER]
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
        items=tuple(_item(row) for row in numbers),
        bands=tuple((b.level, _printed(b.printed, b.correction, b.reason)) for b in _bands(version)),
        pass_criterion=_criterion(version.pass_criterion, version.pass_correction, version.pass_reason),
        fail_criterion=_criterion(version.fail_criterion, version.fail_correction, version.fail_reason),
        target=target_of(version),
        steps=tuple(Step(row.position, row.name, row.implied_by) for row in steps),
    )


def _bands(version: IndicatorVersion) -> list:
    return sorted(version.bands.all(), key=lambda band: band.level)


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
