"""The shape of a plan file, as JSON Schema; what a template says may stand on the indicator or on one year."""

from typing import Any

from scoring.template import Kind
from strategy.models import OrgUnit, Plan
from strategy.periods import Frequency

TEXT = {"type": ["string", "null"]}
TEXTS = {"type": "array", "items": {"type": "string"}}
# As many digits as every database keeps exactly (DESIGN.md: numbers are exact end to end).
NUMBER_TEXT = {"type": ["string", "null"], "pattern": r"^-?\d{1,11}(\.\d{1,4})?$"}
LARGEST_WHOLE = 32_767  # of a small integer column; PostgreSQL refuses a larger one
YEAR = {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST_WHOLE}
WEIGHT_TEXT = {"type": ["string", "null"], "pattern": r"^\d{1,4}(\.\d{1,3})?$"}
CODE = {"type": "string", "pattern": r"^\S+$", "maxLength": 30}


def _text(longest: int) -> dict[str, Any]:
    """A text that fits its column; PostgreSQL refuses a longer one."""
    return {"type": ["string", "null"], "maxLength": longest}


def _name(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _by_level(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "patternProperties": {"^[0-5]$": value}}


CORRECTION = {"anyOf": [{"type": "null"}, _object(["use", "reason"], use=_name(120), reason=_name(500))]}
CHOICE = _object(["label", "points"], label=_name(60), points={**NUMBER_TEXT, "type": "string"})
DATA_ITEM = _object(
    ["name"],
    name=_name(500),
    kind={"enum": ["number", "choice", "tick", "points"]},
    choices={"type": "array", "items": CHOICE},
    group=_text(20),
    full=NUMBER_TEXT,
    may_be_na={"type": "boolean"},
    criterion=TEXT,
    evidence=TEXT,
    remark=TEXT,
    unit=_text(60),
    adds_up={"enum": ["sum", "last", "mean", "max"]},
    minimum=NUMBER_TEXT,
    maximum=NUMBER_TEXT,
    at_most=_text(20),
    derived=_text(255),
    whole={"type": "boolean"},
)
STEP = _object(
    ["number", "text"],
    number={"type": "integer", "minimum": 1, "maximum": 20},
    text=_name(500),
    implied_by={"type": ["integer", "null"], "minimum": 1, "maximum": 20},
    criterion=TEXT,
    evidence=TEXT,
    remark=TEXT,
)
GROUP = _object(
    ["code", "name"],
    code=_name(20),
    name=_name(500),
    full=NUMBER_TEXT,
    need={"type": ["integer", "null"], "minimum": 1, "maximum": LARGEST_WHOLE},
    all_or_nothing={"type": "boolean"},
    criterion=TEXT,
)
BANDS = _by_level(_text(120))
DAY = {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\d$"}
# What one round has of its own; its days are ISO dates (CE).
ROUND_RULE = _object(
    ["number"],
    number={"type": "integer", "minimum": 1, "maximum": 12},
    name=_text(120),
    start=DAY,
    end=DAY,
    due=DAY,
    target=_text(120),
    measure={"enum": ["percent", "points", None]},
    bands=BANDS,
    **{"pass": _text(120)},
)
# A heading of a form that has no column of its own: the department form, the ministry's 20 sections.
SECTION = _object(["key", "title", "text"], key=_name(60), number=_text(20), title=_name(500), text={"type": "string"})
# What belongs to a template and may differ from year to year.
TEMPLATE: dict[str, Any] = {
    "kind": {"enum": [str(kind) for kind in Kind]},
    "unit": _text(60),
    "direction": {"enum": ["higher", "lower", None]},
    "decimals": {"type": "integer", "minimum": 0, "maximum": 4},
    "policy": {"enum": ["bands", "interpolated"]},
    "weight": WEIGHT_TEXT,
    "owner": _text(255),
    "owner_template": TEXT,
    "stakeholders": TEXTS,
    "stakeholders_template": TEXT,
    "ha_standard": _text(20),
    "ha_standard_summary": _text(20),
    "care_levels": _text(60),
    "care_levels_summary": _text(60),
    "frequency": {"enum": ["monthly", "quarterly", "half_yearly", "yearly"]},
    "frequency_table": _text(60),
    "frequency_template": _text(255),
    "frequency_summary": _text(60),
    "rounds": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "string", "pattern": r"^\d\d-\d\d$"}}]},
    "definition": TEXT,
    "population": TEXT,
    "reporting_method": TEXT,
    "collection_method": TEXT,
    "documents": TEXT,
    "contacts": {"type": "array"},
    "data_items": {
        "type": "object",
        "additionalProperties": DATA_ITEM,
        "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_]{0,19}$"},
    },
    "formula": _text(500),
    "formula_printed": TEXT,
    "formula_reason": _text(500),
    "steps": {"type": "array", "items": STEP},
    "groups": {"type": "array", "items": GROUP},
    "measure": {"enum": ["percent", "points"]},
    "across_level": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
    "cutoff": _text(120),
    "round_rules": {"type": "array", "items": ROUND_RULE},
    "sections": {"type": "array", "items": SECTION},
    "band_words": _by_level(_text(60)),
    "band_descriptions": _by_level(TEXT),
}
VERSION = _object(
    [],
    revision={"type": "integer", "minimum": 1},
    plan_target=_text(120),
    template_target=_text(120),
    bands=BANDS,
    band_corrections={"type": "object", "patternProperties": {"^[0-5]$": CORRECTION}, "additionalProperties": False},
    pass_correction=CORRECTION,
    fail_correction=CORRECTION,
    **{"pass": _text(120), "fail": _text(120)},
    **TEMPLATE,
)
# When results are reported. An indicator's own days hold for its sub-indicators too.
DUE_DAY = {"type": ["integer", "null"], "minimum": 1, "maximum": 28}
DAYS = {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST_WHOLE}
INDICATOR = _object(
    ["code", "issue", "name", "kind", "versions"],
    code=CODE,
    parent={"type": ["string", "null"]},
    issue={"type": "integer"},
    name=_name(500),
    name_template=_text(500),
    scored={"type": "boolean"},
    source=_text(120),
    group=_text(255),
    measured_units=TEXTS,
    responsible=TEXTS,
    due_day=DUE_DAY,
    lock_days=DAYS,
    baseline={
        "type": "array",
        "items": _object(["text"], text=_name(120), value=NUMBER_TEXT, year=YEAR, note=_text(255)),
    },
    versions={"type": "object", "patternProperties": {r"^\d{4}$": VERSION}, "additionalProperties": False},
    **TEMPLATE,
)
ORG_UNIT = _object(
    ["code", "name"],
    code={"type": "string", "pattern": r"^[-\w]+$", "maxLength": 40},
    name=_name(255),
    short_name=_text(120),
    aliases=TEXTS,
    kind={"enum": OrgUnit.Kind.values},
    parent=TEXT,
    ministry_code=_text(5),
    telephone=_text(120),
    note=TEXT,
)
# A number that the plan says about itself, and what is to be counted to check it.
ANNOUNCED = _object(
    ["text", "count", "of"],
    text=_name(255),
    count={"type": "string", "pattern": r"^\d{1,6}(\.\d{1,3})?$"},
    of=_object(
        [],
        frequency={"enum": [str(frequency) for frequency in Frequency]},
        theme={"enum": ["quality", "virtue"]},
        children=CODE,
        weight={"type": "boolean"},
    ),
)
PLAN = _object(
    ["code", "name", "hospital", "first_year", "last_year"],
    code={"type": "string", "pattern": r"^[-\w]+$", "maxLength": 40},
    name=_name(255),
    edition=_text(255),
    hospital={"type": "string"},
    strategy_unit=TEXT,
    first_year={"type": "integer", "minimum": 2400, "maximum": 2700},
    last_year={"type": "integer", "minimum": 2400, "maximum": 2700},
    vision=TEXT,
    missions=TEXTS,
    grades={"type": "array", "items": _object(["grade", "text"], grade={"type": "string"}, text={"type": "string"})},
    announced={"type": "array", "items": ANNOUNCED},
    opening={"enum": [*Plan.Opening.values, None]},
    due_day=DUE_DAY,
    lock_days=DAYS,
    remind_before=DAYS,
    remind_every={**DAYS, "minimum": 1},
    escalate_after=DAYS,
)
ISSUE = _object(
    ["number", "name"],
    number={"type": "integer", "minimum": 1, "maximum": LARGEST_WHOLE},
    code={"type": "string", "maxLength": 20},
    name=_name(255),
    name_en=_text(255),
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
