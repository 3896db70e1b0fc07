"""A plan as the data of its file: what `load_plan` reads, exported so that loading it changes nothing."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from indicators.adapters import ITEM_KINDS, bands_of
from indicators.models import DataItem, Indicator, IndicatorVersion, ScoreBand
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
    "groups": [],
    "measure": "percent",
    "cutoff": "",
    "round_rules": [],
    "sections": [],
    "band_words": {},
    "band_descriptions": {},
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
    "kind": "number",
    "choices": [],
    "group": "",
    "full": None,
    "may_be_na": False,
    "criterion": "",
    "evidence": "",
    "remark": "",
    "unit": "",
    "adds_up": "sum",
    "minimum": "0",
    "maximum": None,
    "at_most": None,
    "derived": None,
    "whole": False,
}
STEP_DEFAULTS = {"implied_by": None, "criterion": "", "evidence": "", "remark": ""}
GROUP_DEFAULTS = {"full": None, "need": None, "all_or_nothing": False, "criterion": ""}
RULE_DEFAULTS = {"name": "", "start": None, "end": None, "due": None, "target": "", "measure": None, "pass": ""}
# The plan's calendar; what is as it always is, is not written.
CALENDAR = ("opening", "due_day", "lock_days", "remind_before", "remind_every", "escalate_after")
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
    full["steps"] = [_filled(STEP_DEFAULTS, step) for step in full["steps"]]
    full["groups"] = [_filled(GROUP_DEFAULTS, group, "full") for group in full["groups"]]
    full["round_rules"] = [_full_rule(rule) for rule in full["round_rules"]]
    full["sections"] = [{"number": "", **_spoken(section)} for section in full["sections"]]
    for key in ("band_words", "band_descriptions"):
        full[key] = {level: text for level, text in sorted(full[key].items()) if text}
    return full


def _spoken(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _filled(defaults: dict[str, Any], row: dict[str, Any], *numbers: str) -> dict[str, Any]:
    """A row with every key; numbers in one way of writing."""
    full = {**defaults, **_spoken(row)}
    return full | {key: _plain_number(full[key]) for key in numbers}


def _plain_number(text: str | None) -> str | None:
    return None if text is None else number_text(Decimal(text))


def _full_item(item: dict[str, Any]) -> dict[str, Any]:
    # A limit that the file sets to null is no limit, which is not the same as not saying it.
    limits = {key: item[key] for key in ("minimum", "maximum") if key in item}
    full = _filled({"name": "", **ITEM_DEFAULTS}, item) | limits
    full |= {key: full[key] or None for key in ("at_most", "derived")}
    full["choices"] = [{**choice, "points": _plain_number(choice["points"])} for choice in full["choices"]]
    return full | {key: _plain_number(full[key]) for key in ("minimum", "maximum", "full")}


def _full_rule(rule: dict[str, Any]) -> dict[str, Any]:
    full = _filled(RULE_DEFAULTS, rule)
    full["bands"] = {level: text or "" for level, text in sorted(full.get("bands", {}).items())}
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
        "measure": version.measure, "across_level": version.across_level, "cutoff": version.cutoff,
        "sections": version.sections, "pass": version.pass_criterion, "fail": version.fail_criterion,
        "pass_correction": _correction(version.pass_correction, version.pass_reason),
        "fail_correction": _correction(version.fail_correction, version.fail_reason),
        **_export_bands(version), **_export_items(version),
    })  # fmt: skip


def _correction(use: str, reason: str) -> dict[str, str] | None:
    return {"use": use, "reason": reason} if use else None


def _export_bands(version: IndicatorVersion) -> dict[str, Any]:
    bands = bands_of(version)
    rules = [{**rule, "bands": _printed_by_level(bands_of(version, rule["number"]))} for rule in version.round_rules]
    return {
        "bands": _printed_by_level(bands),
        "band_corrections": {str(b.level): {"use": b.correction, "reason": b.reason} for b in bands if b.correction},
        "band_words": {str(band.level): band.word for band in bands},
        "band_descriptions": {str(band.level): band.description for band in bands},
        "round_rules": rules,
    }


def _printed_by_level(bands: Iterable[ScoreBand]) -> dict[str, str]:
    return {str(band.level): band.printed for band in bands}


def _export_items(version: IndicatorVersion) -> dict[str, Any]:
    rows = sorted(version.items.all(), key=lambda row: row.position)
    items = {row.code: _export_item(row) for row in rows if row.kind in ITEM_KINDS}
    return {
        "data_items": items,
        "steps": [_export_step(row) for row in rows if row.kind == DataItem.Kind.STEP],
        "groups": [_export_group(row) for row in rows if row.kind == DataItem.Kind.GROUP],
    }


def _export_step(row: DataItem) -> dict[str, Any]:
    printed = {"criterion": row.criterion, "evidence": row.evidence, "remark": row.remark}
    return {"number": row.position, "text": row.name, "implied_by": row.implied_by, **printed}


def _export_group(row: DataItem) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "full": number_text(row.full), "need": row.need,
        "all_or_nothing": row.all_or_nothing, "criterion": row.criterion,
    }  # fmt: skip


def _export_item(row: DataItem) -> dict[str, Any]:
    return {
        "name": row.name, "unit": row.unit, "adds_up": row.accumulation, "minimum": number_text(row.minimum),
        "maximum": number_text(row.maximum), "at_most": row.at_most or None, "derived": row.derived or None,
        "whole": row.whole, "kind": row.kind, "choices": row.choices, "group": row.group, "full": number_text(row.full),
        "may_be_na": row.may_be_na, "criterion": row.criterion, "evidence": row.evidence, "remark": row.remark,
    }  # fmt: skip


def export_plan(plan: Plan) -> dict[str, Any]:
    """The whole plan, texts as printed; `load_plan` of this gives the same database."""
    people = ("responsibilities__measured_unit", "responsibilities__responsible_unit")
    found = plan.indicators.select_related("parent", "issue", "plan__unit").order_by("position")
    indicators = found.prefetch_related("baselines", *people)
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
        "announced": plan.announced, **_export_calendar(plan),
    }  # fmt: skip


def _export_calendar(plan: Plan) -> dict[str, Any]:
    usual = calendar_of({})
    return {key: getattr(plan, key) for key in CALENDAR if getattr(plan, key) != usual[key]}


def calendar_of(row: dict[str, Any]) -> dict[str, Any]:
    """The calendar that a file gives its plan: the usual one where it is silent."""
    usual = {key: Plan._meta.get_field(key).get_default() for key in CALENDAR}
    return usual | {key: row[key] for key in CALENDAR if row.get(key) is not None}


def _units_of(plan: Plan) -> list[OrgUnit]:
    """The units that the plan names, and all above them."""
    by_pk = {unit.pk: unit for unit in OrgUnit.objects.select_related("parent")}
    tree = {unit.pk: unit.parent_id for unit in by_pk.values()}
    of_plan = IndicatorVersion.objects.filter(indicator__plan=plan)
    named = set(of_plan.values_list("stakeholders", flat=True))
    for role in ("responsible_unit", "measured_unit"):
        named |= set(plan.indicators.values_list(f"responsibilities__{role}", flat=True))
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
        "group": indicator.group,
        **_export_entry(indicator),
        **{key: value for key in ("due_day", "lock_days") if (value := getattr(indicator, key)) is not None},
        "baseline": [
            {"text": b.text, "value": number_text(b.value), "year": b.year, "note": b.note}
            for b in sorted(indicator.baselines.all(), key=lambda b: b.position)
        ],
        **{key: first[key] for key in TEMPLATE},
        "versions": {str(version.fiscal_year): _of_year(version, first, years) for version in versions},
    }


def _export_entry(indicator: Indicator) -> dict[str, Any]:
    """Who is measured and who enters, as the file names them: only where it is not the hospital and the owners."""
    rows = sorted(indicator.responsibilities.all(), key=lambda row: (row.position, row.pk))
    measured = dict.fromkeys(row.measured_unit.code for row in rows)
    own = list(measured) == [indicator.plan.unit.code]
    return {
        "measured_units": [] if own else list(measured),
        "responsible": list(dict.fromkeys(row.responsible_unit.code for row in rows)),
    }


def _of_year(version: IndicatorVersion, first: dict[str, Any], years: dict[int, dict[str, Any]]) -> dict[str, Any]:
    own = years[version.fiscal_year]
    always = [key for key in own if key not in TEMPLATE] + ["frequency"]
    different = [key for key in TEMPLATE if key in own and own[key] != first[key] and key not in always]
    return {"revision": version.revision, **{key: own[key] for key in always + different}}
