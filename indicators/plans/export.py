"""A plan as the data of its file: what `load_plan` reads, exported so that loading it changes nothing."""

from decimal import Decimal
from typing import Any

from indicators.models import DataItem, Indicator, IndicatorVersion
from indicators.plans.schema import TEMPLATE
from strategy.access import ancestors_and_self
from strategy.models import OrgUnit, Plan

# What a template says when the file is silent.
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(TEMPLATE),
    "unit": "",
    "direction": "higher",
    "decimals": 2,
    "policy": "bands",
    "stakeholders": [],
    "frequency": "monthly",
    "rounds": [],
    "contacts": [],
    "data_items": {},
    "steps": [],
    "plan_target": "",
    "template_target": "",
    "bands": {},
    "band_corrections": {},
    "pass": "",
    "fail": "",
    "pass_correction": None,
    "fail_correction": None,
}
ITEM_DEFAULTS = {
    "unit": "",
    "adds_up": "sum",
    "minimum": "0",
    "maximum": None,
    "at_most": None,
    "derived": None,
    "whole": False,
}
TEXT_KEYS = (
    "owner", "owner_template", "stakeholders_template", "ha_standard", "ha_standard_summary", "care_levels",
    "care_levels_summary", "frequency_table", "frequency_template", "frequency_summary", "definition", "population",
    "reporting_method", "collection_method", "documents", "formula", "formula_printed", "formula_reason",
)  # fmt: skip


def number_text(value: Decimal | None) -> str | None:
    """A stored number as the file has it: no exponent, no trailing zeros."""
    return None if value is None else f"{value.normalize():f}"


def full_version(row: dict[str, Any]) -> dict[str, Any]:
    """A year's template with every key, so that two of them can be compared."""
    row = {key: value for key, value in row.items() if value is not None and key != "revision"}
    full = {**DEFAULTS, **row}
    full |= {key: full[key] or "" for key in TEXT_KEYS}
    full["bands"] = {level: text or "" for level, text in sorted(full["bands"].items())}
    full["band_corrections"] = {level: c for level, c in sorted(full["band_corrections"].items()) if c}
    full["weight"] = number_text(Decimal(full["weight"])) if full["weight"] is not None else None
    full["data_items"] = {code: _full_item(item) for code, item in full["data_items"].items()}
    full["steps"] = [{"implied_by": None, **step} for step in full["steps"]]
    return full


def _full_item(item: dict[str, Any]) -> dict[str, Any]:
    full = {"name": "", **ITEM_DEFAULTS, **item}
    full["unit"] = full["unit"] or ""
    full |= {key: full[key] or None for key in ("at_most", "derived")}
    for key in ("minimum", "maximum"):
        full[key] = number_text(Decimal(full[key])) if full[key] is not None else None
    return full


def export_version(version: IndicatorVersion) -> dict[str, Any]:
    """One year's template as the file has it, with every key."""
    return full_version({
        "kind": version.kind, "unit": version.unit, "direction": version.direction, "decimals": version.decimals,
        "policy": version.policy, "weight": number_text(version.weight), "owner": version.owner_text,
        "owner_template": version.owner_template, "stakeholders": version.stakeholder_texts,
        "stakeholders_template": version.stakeholders_template, "ha_standard": version.ha_standard,
        "ha_standard_summary": version.ha_standard_summary, "care_levels": version.care_levels,
        "care_levels_summary": version.care_levels_summary, "frequency": version.frequency,
        "frequency_table": version.frequency_table, "frequency_template": version.frequency_template,
        "frequency_summary": version.frequency_summary, "rounds": version.own_rounds,
        "definition": version.definition, "population": version.population,
        "reporting_method": version.reporting_method, "collection_method": version.collection_method,
        "documents": version.documents, "contacts": version.contacts, "formula": version.formula,
        "formula_printed": version.formula_printed, "formula_reason": version.formula_reason,
        "plan_target": version.plan_target, "template_target": version.template_target,
        "pass": version.pass_criterion, "fail": version.fail_criterion,
        "pass_correction": _correction(version.pass_correction, version.pass_reason),
        "fail_correction": _correction(version.fail_correction, version.fail_reason),
        **_export_bands(version), **_export_items(version),
    })  # fmt: skip


def _correction(use: str, reason: str) -> dict[str, str] | None:
    return {"use": use, "reason": reason} if use else None


def _export_bands(version: IndicatorVersion) -> dict[str, Any]:
    bands = sorted(version.bands.all(), key=lambda band: band.level)
    corrected = {str(b.level): {"use": b.correction, "reason": b.reason} for b in bands if b.correction}
    return {"bands": {str(b.level): b.printed for b in bands}, "band_corrections": corrected}


def _export_items(version: IndicatorVersion) -> dict[str, Any]:
    rows = sorted(version.items.all(), key=lambda row: row.position)
    items = {row.code: _export_item(row) for row in rows if row.kind == DataItem.Kind.NUMBER}
    steps = [
        {"number": row.position, "text": row.name, "implied_by": row.implied_by}
        for row in rows
        if row.kind == DataItem.Kind.STEP
    ]
    return {"data_items": items, "steps": steps}


def _export_item(row: DataItem) -> dict[str, Any]:
    return {
        "name": row.name, "unit": row.unit, "adds_up": row.accumulation, "minimum": number_text(row.minimum),
        "maximum": number_text(row.maximum), "at_most": row.at_most or None, "derived": row.derived or None,
        "whole": row.whole,
    }  # fmt: skip


def export_plan(plan: Plan) -> dict[str, Any]:
    """The whole plan, texts as printed; `load_plan` of this gives the same database."""
    indicators = plan.indicators.select_related("parent", "issue").prefetch_related("baselines").order_by("position")
    versions: dict[int, list[IndicatorVersion]] = {}
    active = IndicatorVersion.objects.filter(indicator__plan=plan, is_active=True).order_by("fiscal_year")
    for version in active.select_related("indicator").prefetch_related("items", "bands"):
        versions.setdefault(version.indicator_id, []).append(version)
    return {
        "plan": _export_head(plan),
        "org_units": [_export_unit(unit) for unit in _units_of(plan)],
        "issues": [
            {key: getattr(i, key) for key in ("number", "code", "name", "name_en", "theme", "focus")}
            for i in plan.issues.order_by("number")
        ],
        "indicators": [_export_indicator(i, versions.get(i.pk, [])) for i in indicators],
    }


def _export_head(plan: Plan) -> dict[str, Any]:
    return {
        "code": plan.code, "name": plan.name, "edition": plan.edition, "hospital": plan.unit.code,
        "strategy_unit": plan.strategy_unit.code if plan.strategy_unit else None, "first_year": plan.first_year,
        "last_year": plan.last_year, "vision": plan.vision, "missions": plan.missions, "grades": plan.grades,
    }  # fmt: skip


def _units_of(plan: Plan) -> list[OrgUnit]:
    """The units that the plan names, and all above them."""
    by_pk = {unit.pk: unit for unit in OrgUnit.objects.select_related("parent")}
    tree = {unit.pk: unit.parent_id for unit in by_pk.values()}
    of_plan = IndicatorVersion.objects.filter(indicator__plan=plan)
    named = set(of_plan.values_list("stakeholders", flat=True))
    named |= set(plan.indicators.values_list("responsibilities__responsible_unit", flat=True))
    named |= {plan.unit_id, plan.strategy_unit_id}
    # Units of the hospital's own tree belong to its plan even where no KPI names them yet.
    wanted: set[int] = set()
    for pk in by_pk:
        chain = ancestors_and_self(pk, tree)
        if pk in named or plan.unit_id in chain:
            wanted.update(chain)
    return sorted((by_pk[pk] for pk in wanted), key=lambda unit: unit.pk)


def _export_unit(unit: OrgUnit) -> dict[str, Any]:
    texts = ("code", "name", "short_name", "aliases", "kind", "ministry_code", "telephone", "note")
    return {**{key: getattr(unit, key) for key in texts}, "parent": unit.parent.code if unit.parent else None}


def _export_indicator(indicator: Indicator, versions: list[IndicatorVersion]) -> dict[str, Any]:
    """Shared keys from the first year; a year writes its own keys and where it differs."""
    years = {version.fiscal_year: export_version(version) for version in versions}
    first = next(iter(years.values()), full_version({"kind": "heading"}))
    return {
        "code": indicator.code,
        "parent": indicator.parent.code if indicator.parent else None,
        "issue": indicator.issue.number,
        "name": indicator.name,
        "name_template": indicator.name_template,
        "scored": indicator.scored,
        "source": indicator.source,
        "baseline": [
            {"text": b.text, "value": number_text(b.value), "year": b.year, "note": b.note}
            for b in sorted(indicator.baselines.all(), key=lambda b: b.position)
        ],
        **{key: first[key] for key in TEMPLATE},
        "versions": {str(version.fiscal_year): _of_year(version, first, years) for version in versions},
    }


def _of_year(version: IndicatorVersion, first: dict[str, Any], years: dict[int, dict[str, Any]]) -> dict[str, Any]:
    own = years[version.fiscal_year]
    always = [key for key in own if key not in TEMPLATE] + ["frequency"]
    different = [key for key in TEMPLATE if key in own and own[key] != first[key] and key not in always]
    return {"revision": version.revision, **{key: own[key] for key in always + different}}
