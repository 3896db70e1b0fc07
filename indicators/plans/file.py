"""Reading a plan file and checking it: every error with its place, before anything is written."""

import json
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from indicators.adapters import COMPOSED_KINDS
from indicators.plans.meaning import unwritable, version_defects, weighed, weighed_above
from indicators.plans.schema import FILE, TEMPLATE
from scoring.formula import FormulaError, parse_formula
from scoring.notation import NotationError, parse_notation
from scoring.template import Kind

MAX_BYTES = 10 * 1024 * 1024
WITH_PARTS = {Kind.HEADING, *COMPOSED_KINDS}
# A step with the number 1.0 would be S1.0: what is counted is written without a point.
_WHOLE = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _checker, value: type(value) is int)
PlanValidator = extend(Draft202012Validator, type_checker=_WHOLE)


@dataclass(frozen=True)
class PlanError:
    """One defect of the file: where, and a sentence."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class PlanFileError(Exception):
    """The file cannot be loaded; carries every error that was found."""

    def __init__(self, errors: list[PlanError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML whose mappings may not name a key twice: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        if not all(isinstance(key, Hashable) for key in keys):
            raise yaml.constructor.ConstructorError(None, None, "unhashable key", node.start_mark)
        twice = [key for key, count in Counter(keys).items() if count > 1]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]} ×2", node.start_mark)
        return super().construct_mapping(node, deep)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The same for JSON."""
    twice = [key for key, count in Counter(key for key, _value in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]} ×2")
    return dict(pairs)


def read_plan_file(path: str | Path) -> dict[str, Any]:
    """The file's content as plain data, checked. Raises PlanFileError."""
    data = _parse(Path(path))
    errors = list(check(data))
    if errors:
        raise PlanFileError(errors)
    return data


def _parse(path: Path) -> Any:
    place = path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PlanFileError([PlanError(place, _("ไฟล์ใหญ่เกิน 10 MB จึงไม่ใช่ไฟล์แผน"))])
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return _text_keys(json.loads(text, object_pairs_hook=_unique))
        return _text_keys(yaml.load(text, _UniqueKeyLoader))  # noqa: S506 - it is a SafeLoader
    except OSError as error:
        message = _("อ่านไฟล์ไม่ได้ (%(why)s) กรุณาตรวจชื่อไฟล์") % {"why": error.strerror}
    except UnicodeDecodeError as error:
        message = _("ไฟล์ไม่ใช่ข้อความ UTF-8 (ไบต์ที่ %(place)s)") % {"place": error.start}
    except json.JSONDecodeError as error:
        message = _("อ่าน JSON ไม่ได้ที่บรรทัด %(line)s: %(why)s") % {"line": error.lineno, "why": error.msg}
    except yaml.YAMLError as error:
        message = _yaml_message(error)
    except ValueError as error:  # a value that its own syntax does not allow: the date 2560-13-45, a key twice
        message = _("อ่านไฟล์ไม่ได้: %(why)s") % {"why": error}
    except RecursionError:
        message = _("ไฟล์ซ้อนกันลึกเกินไป จึงไม่ใช่ไฟล์แผน")
    raise PlanFileError([PlanError(place, message)])


def _yaml_message(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else "?"
    return _("อ่าน YAML ไม่ได้ที่บรรทัด %(line)s: %(why)s") % {"line": line, "why": getattr(error, "problem", error)}


def _text_keys(data: Any) -> Any:
    """YAML reads 2560: as a number, JSON cannot: keys are text from here on."""
    if isinstance(data, dict):
        return {str(key): _text_keys(value) for key, value in data.items()}
    return [_text_keys(value) for value in data] if isinstance(data, list) else data


def check(data: Any) -> Iterator[PlanError]:
    """All defects: first of shape, and where the shape holds, of meaning."""
    shape = [PlanError(*defect) for defect in unwritable(data)]
    shape += [_shape_error(error, data) for error in PlanValidator(FILE).iter_errors(data)] if not shape else []
    yield from shape
    if not shape:
        yield from _check_plan(data)
        yield from _check_units(data)
        for row in data["indicators"]:
            yield from _check_indicator(row, data)
        yield from _check_tree(data["indicators"])


def _shape_error(error: ValidationError, data: Any) -> PlanError:
    sentences = {
        "required": _("ขาดข้อมูลที่ต้องมี: %(detail)s"),
        "additionalProperties": _("มีชื่อที่ไม่รู้จัก: %(detail)s"),
        "enum": _("ค่านี้ไม่อยู่ในรายการที่ใช้ได้: %(detail)s"),
        "type": _("ชนิดของค่าไม่ถูกต้อง: %(detail)s"),
        "maxLength": _("ข้อความยาวเกินไป: %(detail)s"),
        "pattern": _("รูปแบบของค่าไม่ถูกต้อง: %(detail)s"),
    }
    sentence = sentences.get(str(error.validator), _("ค่าใช้ไม่ได้: %(detail)s"))
    return PlanError(_place(error, data), sentence % {"detail": error.message[:200]})


def _place(error: ValidationError, data: Any) -> str:
    """The path with codes instead of list positions: indicators[7(1)].versions.2560.bands.2."""
    place, here = "", data
    for key in error.absolute_path:
        here = here[key]
        if isinstance(key, int):
            name = here.get("code", here.get("number", key)) if isinstance(here, dict) else key
            place += f"[{name}]"
        else:
            place += f".{key}"
    return place.lstrip(".") or _("ทั้งไฟล์")


def _check_plan(data: dict[str, Any]) -> Iterator[PlanError]:
    plan = data["plan"]
    codes = {unit["code"] for unit in data["org_units"]}
    if plan["last_year"] < plan["first_year"]:
        yield PlanError("plan.last_year", _("ปีสุดท้ายมาก่อนปีแรก"))
    for key in ("hospital", "strategy_unit"):
        if plan.get(key) and plan[key] not in codes:
            yield PlanError(f"plan.{key}", _("ไม่มีหน่วยงานรหัส %(code)s") % {"code": plan[key]})
    for number, row in enumerate(plan.get("grades", [])):
        yield from _check_notation(f"plan.grades[{number}]", row["text"])
    for number, count in Counter(issue["number"] for issue in data["issues"]).items():
        if count > 1:
            yield PlanError(f"issues[{number}]", _("ลำดับประเด็นยุทธศาสตร์ซ้ำกัน"))


def _check_units(data: dict[str, Any]) -> Iterator[PlanError]:
    counts = Counter(unit["code"] for unit in data["org_units"])
    parents = {unit["code"]: unit.get("parent") for unit in data["org_units"]}
    for code, count in counts.items():
        if count > 1:
            yield PlanError(f"org_units[{code}]", _("รหัสหน่วยงานซ้ำกัน"))
    for code, parent in parents.items():
        if parent is not None and parent not in parents:
            yield PlanError(f"org_units[{code}].parent", _("ไม่มีหน่วยงานรหัส %(code)s") % {"code": parent})
        elif _loops(code, parents):
            yield PlanError(f"org_units[{code}].parent", _("สังกัดวนกลับมาที่ตัวเอง"))


def _loops(code: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    current: str | None = code
    while current is not None and current in parents:
        if current in seen:
            return True
        seen.add(current)
        current = parents[current]
    return False


def unit_names(data: dict[str, Any]) -> dict[str, str]:
    """Every name by which a unit is called in the file, with its code."""
    names: dict[str, str] = {}
    for unit in data["org_units"]:
        for name in (unit["name"], unit.get("short_name"), *unit.get("aliases", ()), unit["code"]):
            if name:
                names.setdefault(name, unit["code"])
    return names


def named_units(text: str, names: dict[str, str]) -> tuple[list[str], list[str]]:
    """The units of a printed owner or stakeholder ("พรส./HRD" are two), and the parts that are unknown."""
    text = text.strip()
    if text in names:
        return [names[text]], []
    parts = [part.strip() for part in text.split("/")]
    return [names[part] for part in parts if part in names], [part for part in parts if part not in names]


def merged(row: dict[str, Any], version: dict[str, Any]) -> dict[str, Any]:
    """A year's template: what stands on the year, else what stands on the indicator."""
    shared = {key: row[key] for key in TEMPLATE if key in row}
    return {**shared, **version}


def _check_indicator(row: dict[str, Any], data: dict[str, Any]) -> Iterator[PlanError]:
    place, plan = f"indicators[{row['code']}]", data["plan"]
    if row["issue"] not in {issue["number"] for issue in data["issues"]}:
        yield PlanError(f"{place}.issue", _("ไม่มีประเด็นยุทธศาสตร์ลำดับ %(number)s") % {"number": row["issue"]})
    names = unit_names(data)
    for key, texts in (("owner", [row.get("owner")]), ("stakeholders", row.get("stakeholders", []))):
        for text in texts:
            unknown = named_units(text, names)[1] if text else []
            for part in unknown:
                yield PlanError(f"{place}.{key}", _("ไม่รู้จักหน่วยงาน “%(name)s” ใน org_units") % {"name": part})
    for key in ("measured_units", "responsible"):
        for code in row.get(key, ()):
            if code not in set(names.values()):
                yield PlanError(f"{place}.{key}", _("ไม่มีหน่วยงานรหัส %(code)s") % {"code": code})
    yield from _check_measured(place, row, plan["hospital"])
    for year, version in row["versions"].items():
        if not plan["first_year"] <= int(year) <= plan["last_year"]:
            yield PlanError(f"{place}.versions.{year}", _("ปีนี้อยู่นอกช่วงปีของแผน"))
            continue
        yield from _check_version(f"{place}.versions.{year}", merged(row, version), int(year))


def _check_measured(place: str, row: dict[str, Any], hospital: str) -> Iterator[PlanError]:
    """Results of other units are looked at only where the indicator counts units at a level."""
    elsewhere = set(row.get("measured_units", ())) - {hospital}
    if elsewhere and not all(merged(row, version).get("across_level") for version in row["versions"].values()):
        message = _("ตัวชี้วัดที่วัดในหน่วยงานอื่นต้องมี across_level ทุกปี มิฉะนั้นไม่มีอะไรนับผลของหน่วยงานเหล่านั้น")
        yield PlanError(f"{place}.measured_units", message)


def _check_version(place: str, version: dict[str, Any], year: int) -> Iterator[PlanError]:
    yield from (PlanError(f"{place}.{where}", message) for where, message in version_defects(version, year))
    for level, printed in version.get("bands", {}).items():
        correction = version.get("band_corrections", {}).get(level)
        yield from _check_notation(f"{place}.bands.{level}", correction["use"] if correction else printed or "")
    for key in ("pass", "fail"):
        correction = version.get(f"{key}_correction")
        yield from _check_notation(f"{place}.{key}", correction["use"] if correction else version.get(key) or "")
    for rule in version.get("round_rules", ()):
        where = f"{place}.round_rules[{rule['number']}]"
        for key, text in (*rule.get("bands", {}).items(), ("pass", rule.get("pass"))):
            yield from _check_notation(f"{where}.{key}", text or "")
    if version["kind"] in ("formula", "pass_share"):
        yield from _check_formula(place, version)
    if version["kind"] in ("checklist", "qualitative") and not version.get("data_items"):
        yield PlanError(f"{place}.data_items", _("ตัวชี้วัดชนิดนี้ต้องมีรายการข้อมูล"))
    if version["kind"] == "milestone" and not version.get("steps"):
        yield PlanError(f"{place}.steps", _("ตัวชี้วัดแบบขั้นความสำเร็จต้องมีขั้นตอน"))


def _check_notation(place: str, text: str) -> Iterator[PlanError]:
    try:
        parse_notation(text)
    except NotationError as error:
        yield PlanError(place, error.message)


def _check_formula(place: str, version: dict[str, Any]) -> Iterator[PlanError]:
    items = set(version.get("data_items", {}))
    if not version.get("formula"):
        yield PlanError(f"{place}.formula", _("ตัวชี้วัดนี้ต้องมีสูตร"))
        return
    formulas = [("formula", version["formula"])]
    formulas += [
        (f"data_items.{c}.derived", i["derived"]) for c, i in version.get("data_items", {}).items() if i.get("derived")
    ]
    for key, text in formulas:
        try:
            unknown = sorted(parse_formula(text).names - items)
        except FormulaError as error:
            yield PlanError(f"{place}.{key}", error.message)
            continue
        if unknown:
            yield PlanError(
                f"{place}.{key}",
                _("สูตรใช้รายการที่ไม่มี: %(names)s (มี %(known)s)")
                % {"names": ", ".join(unknown), "known": ", ".join(sorted(items)) or "-"},
            )


def _check_tree(rows: list[dict[str, Any]]) -> Iterator[PlanError]:
    by_code = {row["code"]: row for row in rows}
    for code, count in Counter(row["code"] for row in rows).items():
        if count > 1:
            yield PlanError(f"indicators[{code}]", _("รหัสตัวชี้วัดซ้ำกัน"))
    parents = {row["code"]: row.get("parent") for row in rows}
    for row in rows:
        place, parent = f"indicators[{row['code']}].parent", row.get("parent")
        if parent is None:
            continue
        if parent not in by_code:
            yield PlanError(place, _("ไม่มีตัวชี้วัดรหัส %(code)s") % {"code": parent})
        elif _loops(row["code"], parents):
            yield PlanError(place, _("ตัวชี้วัดวนกลับมาที่ตัวเอง"))
        elif weighed(row) and weighed_above(row, by_code):
            yield PlanError(place, _("น้ำหนักพิมพ์ทั้งที่ตัวชี้วัดนี้และที่ตัวชี้วัดหลัก จึงนับซ้ำ"))
        elif by_code[parent]["kind"] not in WITH_PARTS:
            yield PlanError(place, _("ตัวชี้วัดหลักต้องเป็นชนิดที่มีตัวชี้วัดย่อย"))
