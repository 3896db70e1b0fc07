"""Writing one template of a plan file into its rows: the version itself, its bands, data items, steps and groups."""

from decimal import Decimal
from typing import Any

from indicators.models import DataItem, IndicatorVersion, ScoreBand

# File key -> model field, where the names differ.
VERSION_FIELDS = {
    "kind": "kind",
    "unit": "unit",
    "direction": "direction",
    "decimals": "decimals",
    "policy": "policy",
    "formula": "formula",
    "formula_printed": "formula_printed",
    "formula_reason": "formula_reason",
    "plan_target": "plan_target",
    "template_target": "template_target",
    "pass": "pass_criterion",
    "fail": "fail_criterion",
    "frequency": "frequency",
    "frequency_table": "frequency_table",
    "frequency_template": "frequency_template",
    "frequency_summary": "frequency_summary",
    "owner": "owner_text",
    "owner_template": "owner_template",
    "stakeholders": "stakeholder_texts",
    "stakeholders_template": "stakeholders_template",
    "contacts": "contacts",
    "ha_standard": "ha_standard",
    "ha_standard_summary": "ha_standard_summary",
    "care_levels": "care_levels",
    "care_levels_summary": "care_levels_summary",
    "definition": "definition",
    "population": "population",
    "reporting_method": "reporting_method",
    "collection_method": "collection_method",
    "documents": "documents",
    "rounds": "own_rounds",
    "measure": "measure",
    "across_level": "across_level",
    "cutoff": "cutoff",
    "sections": "sections",
}


def write_version(version: IndicatorVersion, wanted: dict[str, Any]) -> None:
    for key, name in VERSION_FIELDS.items():
        setattr(version, name, wanted[key])
    version.weight = Decimal(wanted["weight"]) if wanted["weight"] is not None else None
    for key in ("pass", "fail"):
        correction = wanted[f"{key}_correction"] or {"use": "", "reason": ""}
        setattr(version, f"{key}_correction", correction["use"])
        setattr(version, f"{key}_reason", correction["reason"])
    # Bands of a round are rows of their own.
    version.round_rules = [{key: value for key, value in r.items() if key != "bands"} for r in wanted["round_rules"]]
    version.save()
    _write_bands(version, wanted)
    _write_items(version, wanted)


def _write_bands(version: IndicatorVersion, wanted: dict[str, Any]) -> None:
    version.bands.all().delete()
    rows = [_band(version, wanted, level, printed) for level, printed in wanted["bands"].items()]
    for rule in wanted["round_rules"]:
        bands = {"version": version, "round_number": rule["number"]}
        rows += [ScoreBand(**bands, level=int(level), printed=text) for level, text in rule["bands"].items()]
    ScoreBand.objects.bulk_create(rows)


def _band(version: IndicatorVersion, wanted: dict[str, Any], level: str, printed: str) -> ScoreBand:
    correction = wanted["band_corrections"].get(level) or {"use": "", "reason": ""}
    return ScoreBand(
        version=version, level=int(level), printed=printed, correction=correction["use"], reason=correction["reason"],
        word=wanted["band_words"].get(level, ""), description=wanted["band_descriptions"].get(level, ""),
    )  # fmt: skip


def _write_items(version: IndicatorVersion, wanted: dict[str, Any]) -> None:
    version.items.all().delete()
    items = (_item(version, *pair, n) for n, pair in enumerate(wanted["data_items"].items(), start=1))
    groups = (_group(version, row, n) for n, row in enumerate(wanted["groups"], start=1))
    DataItem.objects.bulk_create([*items, *(_step(version, row) for row in wanted["steps"]), *groups])


def _item(version: IndicatorVersion, code: str, row: dict[str, Any], position: int) -> DataItem:
    return DataItem(
        version=version, code=code, name=row["name"], unit=row["unit"] or "", accumulation=row["adds_up"],
        minimum=_decimal(row["minimum"]), maximum=_decimal(row["maximum"]), at_most=row["at_most"] or "",
        derived=row["derived"] or "", whole=row["whole"], kind=row["kind"], choices=row["choices"],
        group=row["group"], full=_decimal(row["full"]), may_be_na=row["may_be_na"], position=position,
        **_beside(row),
    )  # fmt: skip


def _beside(row: dict[str, Any]) -> dict[str, str]:
    return {key: row[key] for key in ("criterion", "evidence", "remark")}


def _step(version: IndicatorVersion, row: dict[str, Any]) -> DataItem:
    return DataItem(
        version=version, code=f"S{row['number']}", name=row["text"], kind=DataItem.Kind.STEP, accumulation="last",
        maximum=Decimal(1), whole=True, implied_by=row["implied_by"], position=row["number"], **_beside(row),
    )  # fmt: skip


def _group(version: IndicatorVersion, row: dict[str, Any], position: int) -> DataItem:
    return DataItem(
        version=version, code=row["code"], name=row["name"], kind=DataItem.Kind.GROUP, accumulation="last",
        full=_decimal(row["full"]), need=row["need"], all_or_nothing=row["all_or_nothing"],
        criterion=row["criterion"], position=position,
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
