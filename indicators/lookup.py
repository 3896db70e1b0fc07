"""Finding a KPI template by the code that somebody typed, over the active versions of a fiscal year."""

import difflib
import re
from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import gettext as _

from indicators.adapters import template_of
from indicators.models import Indicator, IndicatorVersion
from scoring.numbers import from_thai_digits
from scoring.template import Kind, RoundRule, Template
from strategy.models import Plan

LONGEST_SHOWN = 60
NEAR = 6
_BRACKETS = str.maketrans("（）", "()")
_INVISIBLE = re.compile(r"[\s\u200b-\u200d\ufeff]+")


class CodeError(LookupError):
    """A code that leads to no template, or to several; `message` is a Thai sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Found:
    """A template with the plan it belongs to; `half` is the scored one where its level comes from a half (26).

    `round` is the evaluation round by whose own bands it scores, where it has such (ITA: two rounds, two scales).
    """

    plan: str
    template: Template
    half: Template | None = None
    round: RoundRule | None = None

    def in_round(self, number: int | None) -> "Found":
        """The same for one evaluation round, the last one where none is said. CodeError where it has no such round.

        A template without rounds of its own stays what it is, whatever round is said.
        """
        rules = {rule.number: rule for rule in self.template.rounds}
        if not rules:
            return self
        if number is not None and number not in rules:
            facts = {"code": self.template.code, "number": number, "known": ", ".join(map(_round_name, rules.values()))}
            raise CodeError(_("ตัวชี้วัด %(code)s ไม่มีรอบที่ %(number)s (ที่มี: %(known)s)") % facts)
        chosen = rules[max(rules) if number is None else number]
        own = chosen.bands or chosen.measure or chosen.target or chosen.pass_criterion
        return replace(self, template=self.template.for_round(chosen.number), round=chosen if own else None)

    @property
    def round_name(self) -> str:
        """The round whose bands are used: `รอบที่ 1 (ไตรมาสที่ 1)`; empty without."""
        return _round_name(self.round) if self.round else ""


def _round_name(rule: RoundRule) -> str:
    number = _("รอบที่ %(number)d") % {"number": rule.number}
    return f"{number} ({rule.name})" if rule.name and rule.name != number else number


@dataclass(frozen=True)
class _Entry:
    plan: str
    code: str
    version: int
    indicator: int


def clean_code(text: str) -> str:
    """`7 (1)`, `๗(๑)` and `7.` as the plan has them: `7(1)` and `7`."""
    return from_thai_digits(_INVISIBLE.sub("", text)).translate(_BRACKETS).rstrip(".")


class Catalogue:
    """The active templates by fiscal year and code, each read once: for one look-up or for a table of them."""

    def __init__(self) -> None:
        self._years: dict[int, dict[str, list[_Entry]]] = {}
        self.find = cache(self._find)

    def _find(self, code: str, fiscal_year: int, plan: str | None = None) -> Found:
        """The template of a code. Raises CodeError where there is none, or several plans have one."""
        entries = self._entries(fiscal_year)
        if plan is not None:
            entries = _of_plan(entries, plan, fiscal_year)
        candidates = entries.get(clean_code(code), [])
        if not candidates:
            raise CodeError(_unknown(code, fiscal_year, list(entries)))
        if len(candidates) > 1:
            plans = ", ".join(entry.plan for entry in candidates)
            facts = {"code": _short(code), "year": fiscal_year, "plans": plans}
            raise CodeError(_("รหัส %(code)s ของปีงบประมาณ %(year)s มีในหลายแผน: %(plans)s กรุณาระบุแผน") % facts)
        return _found(candidates[0], fiscal_year)

    def _entries(self, fiscal_year: int) -> dict[str, list[_Entry]]:
        if fiscal_year not in self._years:
            self._years[fiscal_year] = _read_year(fiscal_year)
        return self._years[fiscal_year]


def _read_year(fiscal_year: int) -> dict[str, list[_Entry]]:
    rows = IndicatorVersion.objects.filter(is_active=True, fiscal_year=fiscal_year).order_by("indicator__position")
    entries: dict[str, list[_Entry]] = {}
    for row in rows.values_list("indicator__plan__code", "indicator__code", "pk", "indicator_id"):
        entries.setdefault(clean_code(row[1]), []).append(_Entry(*row))
    if not entries:
        raise CodeError(_no_year(fiscal_year))
    return entries


def _no_year(fiscal_year: int) -> str:
    years = IndicatorVersion.objects.filter(is_active=True).values_list("fiscal_year", flat=True).distinct()
    known = ", ".join(str(year) for year in sorted(set(years)))
    if not known:
        return _("ยังไม่มีแผนในระบบ กรุณาโหลดแผนด้วย load_plan ก่อน")
    return _("ไม่มีตัวชี้วัดของปีงบประมาณ %(year)s (ปีที่มี: %(known)s)") % {"year": fiscal_year, "known": known}


def _of_plan(entries: dict[str, list[_Entry]], plan: str, fiscal_year: int) -> dict[str, list[_Entry]]:
    """What of the year belongs to the plan; its code may be typed in small letters."""
    wanted = plan.strip().casefold()
    own = {code: [e for e in found if e.plan.casefold() == wanted] for code, found in entries.items()}
    own = {code: found for code, found in own.items() if found}
    if own:
        return own
    known = ", ".join(Plan.objects.values_list("code", flat=True))
    facts = {"plan": _short(plan), "year": fiscal_year, "known": known}
    raise CodeError(_("ไม่มีแผนรหัส %(plan)s ที่มีตัวชี้วัดของปีงบประมาณ %(year)s (แผนที่มี: %(known)s)") % facts)


def _unknown(code: str, fiscal_year: int, codes: list[str]) -> str:
    facts = {"code": _short(code), "year": fiscal_year, "near": ", ".join(_near(clean_code(code), codes))}
    if not facts["near"]:
        return _("ไม่มีตัวชี้วัดรหัส “%(code)s” ในปีงบประมาณ %(year)s") % facts
    return _("ไม่มีตัวชี้วัดรหัส “%(code)s” ในปีงบประมาณ %(year)s รหัสที่ใกล้เคียง: %(near)s") % facts


def _near(code: str, codes: list[str]) -> list[str]:
    """Codes of the same KPI first, then those that look alike."""
    number = code.partition("(")[0]
    kin = [known for known in codes if number and known.partition("(")[0] == number]
    alike = difflib.get_close_matches(code[:LONGEST_SHOWN], codes, n=NEAR, cutoff=0.5)
    return list(dict.fromkeys(kin + alike))[:NEAR]


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SHOWN]


def _found(entry: _Entry, fiscal_year: int) -> Found:
    template = _template(pk=entry.version)
    if template.kind is not Kind.SCORED_HALF:
        return Found(entry.plan, template)
    half = Indicator.objects.filter(parent=entry.indicator, scored=True).order_by("position").first()
    if half is None:
        return Found(entry.plan, template)
    return Found(entry.plan, template, _template(indicator=half, fiscal_year=fiscal_year, is_active=True))


def _template(**where: object) -> Template:
    versions = IndicatorVersion.objects.select_related("indicator").prefetch_related("items", "bands")
    return template_of(versions.get(**where))
