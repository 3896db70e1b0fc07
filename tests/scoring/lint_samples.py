"""Sheets in the forms of the plan, for the tests of the linter."""

from dataclasses import replace

from scoring.levels import Direction
from scoring.lint import Finding, Sheet, lint_sheet
from scoring.template import Item, Kind, Printed, Template

SHARE = (Item("A", "ที่ผ่าน", "คน", at_most="B", whole=True), Item("B", "ทั้งหมด", "คน", whole=True))
TARGET_FREE = ("gap", "integer_gap", "overlap", "inverted_band", "non_monotonic", "unreachable_level", "level_missing")


def template(*bands, direction="higher", target="", passing="", failing="", **rest) -> Template:
    """A percentage with these bands from level 0 on; None leaves a level out."""
    values = {
        "code": "T", "name": "ร้อยละตัวอย่าง", "fiscal_year": 2560, "revision": 1, "kind": Kind.FORMULA,
        "unit": "ร้อยละ", "formula": "A/B*100", "items": SHARE,
    }  # fmt: skip
    return Template(
        **{**values, **rest},
        direction=Direction(direction),
        bands=tuple((level, _printed(text)) for level, text in enumerate(bands) if text is not None),
        target=target,
        pass_criterion=_printed(passing) if passing else None,
        fail_criterion=_printed(failing) if failing else None,
    )


def _printed(text) -> Printed:
    return text if isinstance(text, Printed) else Printed(text)


def sheet(*bands, plan_target=None, template_target=None, **rest) -> Sheet:
    """A sheet of such a template; fields of the sheet itself by name.

    `rounds` are the days of rounds; rules of rounds go by the name `round_rules`."""
    rules = rest.pop("round_rules", ())
    own = {key: rest.pop(key) for key in list(rest) if key in Sheet.__dataclass_fields__ and key != "template"}
    return Sheet(
        template(*bands, **rest, rounds=rules),
        plan_target=plan_target or "",
        template_target=template_target or rest.get("target", ""),
        **own,
    )


def found(*bands, **rest) -> list[Finding]:
    return lint_sheet(sheet(*bands, **rest))


def kinds(findings) -> set[str]:
    return {finding.kind for finding in findings}


def only(findings, kind) -> list[Finding]:
    return [finding for finding in findings if finding.kind == kind]


def with_fix(one: Sheet, finding: Finding) -> Sheet:
    """The sheet after the finding's correction was applied."""
    fix, printed = finding.fix, Printed(finding.fix.text)
    if fix.place == "pass":
        return replace(one, template=replace(one.template, pass_criterion=printed))
    if fix.place == "fail":
        return replace(one, template=replace(one.template, fail_criterion=printed))
    level = int(fix.place.partition(".")[2])
    bands = tuple((at, printed if at == level else text) for at, text in one.template.bands)
    return replace(one, template=replace(one.template, bands=bands))
