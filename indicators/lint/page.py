"""What the lint page shows: the findings of a plan as cards, filtered, with the decisions taken about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.lint.actions import is_open
from indicators.lint.effects import corrected, is_applicable
from indicators.lint.source import Linted
from indicators.models import LintDecision
from scoring.band_plot import band_plot, marks_of
from scoring.lint import KINDS as KIND_ORDER
from scoring.lint import SEVERITIES as SEVERITY_ORDER
from scoring.lint import Finding, Fix, Severity, Sheet
from scoring.template import Template
from strategy.access import Permission, Reach, reach_of
from strategy.models import Plan, User

PAGE_SIZE = 25
EN_DASH = "–"

KINDS: Mapping[str, Promise] = {
    "gap": gettext_lazy("ค่าที่ไม่มีช่วงใดรับ"),
    "integer_gap": gettext_lazy("ช่วงพิมพ์เป็นจำนวนเต็ม"),
    "overlap": gettext_lazy("ช่วงซ้อนกัน"),
    "inverted_band": gettext_lazy("ช่วงพิมพ์กลับด้าน"),
    "non_monotonic": gettext_lazy("ขอบของระดับไม่เรียงลำดับ"),
    "unreachable_level": gettext_lazy("ระดับที่ไม่มีทางได้"),
    "level_missing": gettext_lazy("ขาดเกณฑ์ของบางระดับ"),
    "unreadable": gettext_lazy("อ่านข้อความไม่ได้"),
    "target_in_no_band": gettext_lazy("เป้าหมายไม่อยู่ในช่วงใด"),
    "target_below_band5": gettext_lazy("ถึงเป้าหมายแล้วยังไม่ได้ระดับ 5"),
    "band5_below_target": gettext_lazy("ได้ระดับ 5 ทั้งที่ยังไม่ถึงเป้าหมาย"),
    "pass_excludes_target": gettext_lazy("ถึงเป้าหมายแล้วยังไม่ผ่าน"),
    "pass_below_target": gettext_lazy("ผ่านทั้งที่ยังไม่ถึงเป้าหมาย"),
    "pass_vs_band5": gettext_lazy("เกณฑ์ผ่านไม่ตรงกับระดับ 5"),
    "pass_fail_overlap": gettext_lazy("เกณฑ์ผ่านกับไม่ผ่านซ้อนกัน"),
    "pass_fail_gap": gettext_lazy("ค่าที่ไม่ผ่านและไม่ตก"),
    "impossible_criterion": gettext_lazy("เกณฑ์ที่เป็นไปไม่ได้"),
    "target_mismatch": gettext_lazy("เป้าหมายในแผนกับ Template ไม่ตรงกัน"),
    "target_goes_back": gettext_lazy("เป้าหมายถอยกลับจากปีก่อน"),
    "frequency_mismatch": gettext_lazy("ความถี่ไม่ตรงกัน"),
    "ha_mismatch": gettext_lazy("มาตรฐาน HA ไม่ตรงกัน"),
    "care_level_mismatch": gettext_lazy("ระดับ KPI (1o, 2o, 3o) ไม่ตรงกัน"),
    "name_mismatch": gettext_lazy("ชื่อไม่ตรงกัน"),
    "owner_mismatch": gettext_lazy("ผู้รับผิดชอบไม่ตรงกัน"),
    "target_weaker_than_baseline": gettext_lazy("เป้าหมายด้อยกว่าฐานข้อมูล"),
    "formula_mismatch": gettext_lazy("สูตรไม่ตรงกับรายการข้อมูล"),
    "weight_problem": gettext_lazy("น้ำหนัก"),
    "count_mismatch": gettext_lazy("จำนวนที่ประกาศไม่ตรงกับที่มี"),
    "duplicate": gettext_lazy("ซ้ำกัน"),
}
# Kinds that the picture of the bands says nothing of: it is there, folded.
NOT_OF_BANDS = frozenset(
    {
        "frequency_mismatch", "ha_mismatch", "care_level_mismatch", "owner_mismatch", "name_mismatch",
        "formula_mismatch", "weight_problem", "count_mismatch", "duplicate",
    }
)  # fmt: skip

OPEN, ACCEPTED, DISMISSED = "open", "accepted", "dismissed"


@dataclass(frozen=True)
class Look:
    """A word with its shape and its colours, as STATES of the template tags."""

    word: Any
    icon: str
    tone: str


SEVERITIES: Mapping[str, Look] = {
    Severity.ERROR.value: Look(gettext_lazy("ข้อผิดพลาด"), "x-octagon", "wrong"),
    Severity.WARNING.value: Look(gettext_lazy("คำเตือน"), "exclamation-triangle", "wait"),
    Severity.NOTE.value: Look(gettext_lazy("ข้อสังเกต"), "info-circle", "quiet"),
}
STATES: Mapping[str, Look] = {
    OPEN: Look(gettext_lazy("ยังไม่ตัดสินใจ"), "circle", "missing"),
    ACCEPTED: Look(gettext_lazy("รับข้อเสนอแล้ว"), "check-circle", "good"),
    DISMISSED: Look(gettext_lazy("คงไว้ตามเดิม"), "slash-circle", "quiet"),
}


def kind_word(kind: str) -> str:
    return str(KINDS.get(kind, kind))


# Who may


def lint_plans(user: User) -> list[Plan]:
    """The plans whose templates the person reviews or edits; Http404 for who does neither anywhere."""
    reach: Reach = reach_of(user)
    roots = reach.roots_of(Permission.REVIEW) | reach.roots_of(Permission.TEMPLATES)
    if not roots:
        raise Http404
    return list(Plan.objects.filter(unit__in=roots, is_active=True).select_related("unit"))


def fetch_lint_plan(user: User, code: str = "") -> Plan:
    """The plan of that code among theirs, or the first; else 404."""
    return chosen_plan(lint_plans(user), code)


def chosen_plan(plans: Sequence[Plan], code: str = "") -> Plan:
    """The plan that the address names, or the first; else 404."""
    plan = next((plan for plan in plans if code in ("", plan.code)), None)
    if plan is None:
        raise Http404
    return plan


# Findings with their decisions


@dataclass(frozen=True)
class Item:
    """One finding with the latest decision about it."""

    finding: Finding
    latest: LintDecision | None = None

    @property
    def state(self) -> str:
        if self.latest is None or is_open(self.latest):
            return OPEN
        return ACCEPTED if self.latest.decision == LintDecision.Decision.ACCEPT else DISMISSED

    @property
    def state_look(self) -> Look:
        return STATES[self.state]

    @property
    def seen(self) -> int:
        return self.latest.pk if self.latest else 0


@dataclass(frozen=True)
class Card:
    """The same defect in one year or in several."""

    items: tuple[Item, ...]
    sheet: Sheet | None

    @property
    def first(self) -> Item:
        return self.items[0]

    @property
    def finding(self) -> Finding:
        return self.first.finding

    @property
    def title(self) -> str:
        return f"{self.finding.indicator} {self.sheet.template.name}" if self.sheet else _("ทั้งแผน")

    @property
    def years(self) -> str:
        """ "2560–2563", or "2560, 2562" where a year between has it not."""
        found = sorted({item.finding.fiscal_year for item in self.items if item.finding.fiscal_year})
        if len(found) > 2 and all(after == before + 1 for before, after in pairwise(found)):
            return f"{found[0]}{EN_DASH}{found[-1]}"
        return ", ".join(map(str, found))

    @property
    def says_the_same(self) -> bool:
        """Whether one sentence stands for all years; else each has its own figures."""
        return len({_without_year(item.finding) for item in self.items}) == 1

    @property
    def kind(self) -> str:
        return kind_word(self.finding.kind)

    @property
    def severity(self) -> Look:
        return SEVERITIES[self.finding.severity]

    @property
    def states(self) -> list[Look]:
        """One badge where the decisions of all years are alike, else one for each kind of state."""
        return [STATES[state] for state in dict.fromkeys(item.state for item in self.items)]

    @property
    def is_open(self) -> bool:
        return any(item.state == OPEN for item in self.items)

    @property
    def is_of_bands(self) -> bool:
        return self.finding.kind not in NOT_OF_BANDS

    @cached_property
    def plot(self) -> SafeString | None:
        return plot_of(self.sheet, f"plot-{self.finding.fingerprint[:12]}") if self.sheet else None

    @cached_property
    def plot_after(self) -> SafeString | None:
        """The bands with the proposed correction, where there is one that can be drawn."""
        fix = self.finding.fix
        if self.sheet is None or fix is None or not is_applicable(fix):
            return None
        return plot_of(self.sheet, f"after-{self.finding.fingerprint[:12]}", fix)


def plot_of(sheet: Sheet, name: str, fix: Fix | None = None) -> SafeString | None:
    """The picture of a template's bands, as it is or with a correction."""
    template: Template = corrected(sheet.template, fix) if fix else sheet.template
    facts = {"code": template.code, "year": template.fiscal_year}
    title = _("ช่วงคะแนนของตัวชี้วัด %(code)s ปี %(year)s ตามที่ใช้อยู่") % facts
    if fix:
        title = _("ช่วงคะแนนของตัวชี้วัด %(code)s ปี %(year)s ถ้ารับข้อเสนอ") % facts
    marks = marks_of(template, [(row.text, row.value) for row in sheet.baselines])
    drawn = band_plot(template, name=name, title=title, marks=marks)
    return mark_safe(drawn) if drawn else None  # noqa: S308  # band_plot escapes every text


def items_of(linted: Linted, decisions: Iterable[LintDecision]) -> list[Item]:
    """Every finding of the plan, worst first, in the order of the plan; `decisions` in the order they were taken."""
    latest = {decision.fingerprint: decision for decision in decisions}
    found = sorted(linted.findings, key=lambda finding: _order(linted, finding))
    return [Item(finding, latest.get(finding.fingerprint)) for finding in found]


def _order(linted: Linted, finding: Finding) -> tuple[int, int, int, str, int]:
    return (
        SEVERITY_ORDER.index(finding.severity),
        linted.position.get(finding.indicator, 0),
        KIND_ORDER.index(finding.kind),
        finding.place,
        finding.fiscal_year or 0,
    )


def decisions_of(plan: Plan) -> list[LintDecision]:
    """All decisions of a plan, oldest first, with who took them and the templates that came of them."""
    decisions = LintDecision.objects.filter(plan=plan).order_by("pk")
    return list(decisions.select_related("by", "version", "indicator"))


def cards_of(linted: Linted, items: Sequence[Item]) -> list[Card]:
    """Items that say the same of several years as one card, in the order of the first."""
    groups: dict[tuple[Any, ...], list[Item]] = {}
    for item in items:
        groups.setdefault(_sameness(item.finding), []).append(item)
    return [_card(linted, group) for group in groups.values()]


def _card(linted: Linted, group: list[Item]) -> Card:
    return Card(tuple(group), linted.sheet_of(group[0].finding))


def _sameness(finding: Finding) -> tuple[Any, ...]:
    """What findings of several years have in common when they are one misprint; each year has figures of its own."""
    return finding.indicator, finding.kind, finding.severity, finding.place, finding.fix is None


def _without_year(finding: Finding) -> tuple[str, str]:
    """What is said and proposed, whatever the year."""
    year = str(finding.fiscal_year or "")
    texts = (finding.message, finding.proposal)
    return tuple(text.replace(year, "") if year else text for text in texts)  # type: ignore[return-value]


# The filter and how things stand


@dataclass(frozen=True)
class Chosen:
    """What the filter asks for; empty where it does not say."""

    severity: str = ""
    kind: str = ""
    indicator: str = ""
    year: str = ""
    state: str = ""

    def keeps(self, item: Item) -> bool:
        finding = item.finding
        facts = {
            "severity": finding.severity.value,
            "kind": finding.kind,
            "indicator": finding.indicator or "-",
            "year": str(finding.fiscal_year or ""),
            "state": item.state,
        }
        return all(getattr(self, name) in ("", fact) for name, fact in facts.items())


def summary_of(items: Sequence[Item]) -> str:
    """How things stand, in one sentence."""
    if not items:
        return _("ไม่พบข้อบกพร่องใน Template ของแผนนี้")
    facts = {severity: _count(items, severity) for severity in SEVERITIES}
    facts |= {"all": len(items), "decided": sum(item.state != OPEN for item in items)}
    found = _("พบ %(all)d ข้อ · ข้อผิดพลาด %(error)d · คำเตือน %(warning)d · ข้อสังเกต %(note)d") % facts
    decided = _("ตัดสินใจแล้ว %(decided)d") % facts
    return f"{found} · {decided}"


def _count(items: Iterable[Item], severity: str) -> int:
    return sum(item.finding.severity == severity for item in items)


# One finding


@dataclass(frozen=True)
class Place:
    """Where a card stands among those of the filter, and the ones around it."""

    position: int
    total: int
    previous: Card | None
    following: Card | None
    next_open: Card | None


def place_of(cards: Sequence[Card], fingerprint: str) -> Place:
    """The way through the cards without going back to the list."""
    here = next((at for at, card in enumerate(cards) if _holds(card, fingerprint)), None)
    if here is None:
        return Place(0, len(cards), None, None, next((card for card in cards if card.is_open), None))
    later = [*cards[here + 1 :], *cards[:here]]
    return Place(
        here + 1,
        len(cards),
        cards[here - 1] if here else None,
        cards[here + 1] if here + 1 < len(cards) else None,
        next((card for card in later if card.is_open), None),
    )


def _holds(card: Card, fingerprint: str) -> bool:
    return any(item.finding.fingerprint == fingerprint for item in card.items)


def card_with(linted: Linted, items: Sequence[Item], fingerprint: str) -> Card | None:
    """The card of a finding with that finding first, so that the page is about its year."""
    found = next((card for card in cards_of(linted, items) if _holds(card, fingerprint)), None)
    if found is None:
        return None
    own = [item for item in found.items if item.finding.fingerprint == fingerprint]
    others = [item for item in found.items if item.finding.fingerprint != fingerprint]
    return _card(linted, own + others)
