"""The shape of a plan file, as JSON Schema; what a template says may stand on the indicator or on one year."""

from typing import Any

TEXT = {"type": ["string", "null"]}
TEXTS = {"type": "array", "items": {"type": "string"}}
NUMBER_TEXT = {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}
CODE = {"type": "string", "pattern": r"^\S+$", "maxLength": 30}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


CORRECTION = {
    "anyOf": [{"type": "null"}, _object(["use", "reason"], use={"type": "string"}, reason={"type": "string"})]
}
DATA_ITEM = _object(
    ["name"],
    name={"type": "string"},
    unit=TEXT,
    adds_up={"enum": ["sum", "last", "mean", "max"]},
    minimum=NUMBER_TEXT,
    maximum=NUMBER_TEXT,
    at_most=TEXT,
    derived=TEXT,
    whole={"type": "boolean"},
)
STEP = _object(
    ["number", "text"],
    number={"type": "integer", "minimum": 1, "maximum": 20},
    text={"type": "string"},
    implied_by={"type": ["integer", "null"]},
)
# What belongs to a template and may differ from year to year.
TEMPLATE: dict[str, Any] = {
    "kind": {"enum": ["heading", "formula", "milestone", "mean_of_groups", "scored_half", "lowest_of"]},
    "unit": TEXT,
    "direction": {"enum": ["higher", "lower", None]},
    "decimals": {"type": "integer", "minimum": 0, "maximum": 4},
    "policy": {"enum": ["bands", "interpolated"]},
    "weight": NUMBER_TEXT,
    "owner": TEXT,
    "owner_template": TEXT,
    "stakeholders": TEXTS,
    "stakeholders_template": TEXT,
    "ha_standard": TEXT,
    "ha_standard_summary": TEXT,
    "care_levels": TEXT,
    "care_levels_summary": TEXT,
    "frequency": {"enum": ["monthly", "quarterly", "half_yearly", "yearly"]},
    "frequency_table": TEXT,
    "frequency_template": TEXT,
    "frequency_summary": TEXT,
    "rounds": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "string", "pattern": r"^\d\d-\d\d$"}}]},
    "definition": TEXT,
    "population": TEXT,
    "reporting_method": TEXT,
    "collection_method": TEXT,
    "documents": TEXT,
    "contacts": {"type": "array"},
    "data_items": {"type": "object", "additionalProperties": DATA_ITEM},
    "formula": TEXT,
    "formula_printed": TEXT,
    "formula_reason": TEXT,
    "steps": {"type": "array", "items": STEP},
}
BANDS = {"type": "object", "additionalProperties": False, "patternProperties": {"^[0-5]$": TEXT}}
VERSION = _object(
    [],
    revision={"type": "integer", "minimum": 1},
    plan_target=TEXT,
    template_target=TEXT,
    bands=BANDS,
    band_corrections={"type": "object", "patternProperties": {"^[0-5]$": CORRECTION}, "additionalProperties": False},
    pass_correction=CORRECTION,
    fail_correction=CORRECTION,
    **{"pass": TEXT, "fail": TEXT},
    **TEMPLATE,
)
INDICATOR = _object(
    ["code", "issue", "name", "kind", "versions"],
    code=CODE,
    parent={"type": ["string", "null"]},
    issue={"type": "integer"},
    name={"type": "string"},
    name_template=TEXT,
    scored={"type": "boolean"},
    source=TEXT,
    baseline={
        "type": "array",
        "items": _object(
            ["text"], text={"type": "string"}, value=NUMBER_TEXT, year={"type": ["integer", "null"]}, note=TEXT
        ),
    },
    versions={"type": "object", "patternProperties": {r"^\d{4}$": VERSION}, "additionalProperties": False},
    **TEMPLATE,
)
ORG_UNIT = _object(
    ["code", "name"],
    code={"type": "string", "pattern": r"^[-\w]+$", "maxLength": 40},
    name={"type": "string"},
    short_name=TEXT,
    aliases=TEXTS,
    kind={"type": "string"},
    parent=TEXT,
    ministry_code=TEXT,
    telephone=TEXT,
    note=TEXT,
)
PLAN = _object(
    ["code", "name", "hospital", "first_year", "last_year"],
    code={"type": "string", "pattern": r"^[-\w]+$", "maxLength": 40},
    name={"type": "string"},
    edition=TEXT,
    hospital={"type": "string"},
    strategy_unit=TEXT,
    first_year={"type": "integer", "minimum": 2400, "maximum": 2700},
    last_year={"type": "integer", "minimum": 2400, "maximum": 2700},
    vision=TEXT,
    missions=TEXTS,
    grades={"type": "array", "items": _object(["grade", "text"], grade={"type": "string"}, text={"type": "string"})},
)
ISSUE = _object(
    ["number", "name"],
    number={"type": "integer", "minimum": 1},
    code={"type": "string"},
    name={"type": "string"},
    name_en=TEXT,
    theme={"enum": ["quality", "virtue", "", None]},
    focus=TEXT,
)
FILE = _object(
    ["plan", "org_units", "issues", "indicators"],
    plan=PLAN,
    org_units={"type": "array", "items": ORG_UNIT},
    issues={"type": "array", "items": ISSUE},
    indicators={"type": "array", "items": INDICATOR},
)
