"""Decisions about the linter's findings: keyword-only, atomic, append-only (DESIGN.md sections 6 and 8)."""

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.lint.overrides import record_override
from indicators.models import Indicator, IndicatorVersion, LintDecision, ScoreBand
from indicators.revisions import next_revision
from indicators.rules import active_versions
from scoring.lint import Finding, Fix
from scoring.notation import NotationError, parse_notation
from strategy import clock
from strategy.models import Plan, User

Decision = LintDecision.Decision
LONGEST_REASON = 500  # what the reason of a correction holds


class DecisionRefused(Exception):
    """The decision cannot be taken; the message is a sentence for the page."""


class StaleDecision(DecisionRefused):
    """Somebody else decided since the page was opened; `latest` is what they decided."""

    def __init__(self, latest: LintDecision) -> None:
        facts = {"who": latest.by, "what": latest.get_decision_display(), "reason": latest.reason}
        told = _("%(who)s ตัดสินใจข้อนี้ไปแล้วหลังจากที่เปิดหน้านี้: “%(what)s” เพราะ “%(reason)s”") % facts
        super().__init__(" ".join((told, _("ยังไม่ได้บันทึกการตัดสินใจของท่าน กรุณาอ่านแล้วตัดสินใจอีกครั้ง"))))
        self.latest = latest


@transaction.atomic
def accept_finding(*, plan: Plan, finding: Finding, by: User, reason: str, seen: int | None = None) -> LintDecision:
    """Follow the proposal. A correction is applied at once: in a new revision where the template has results.

    Without a correction it is noted that the owner mends the document. `seen` is the key of the latest decision
    that the page showed (0: none); StaleDecision where there is a later one.
    """
    why = _reason(reason)
    _claim(plan, finding, seen, wanted_open=True)
    version = _apply(plan, finding, finding.fix, why, by) if finding.fix else None
    return _record(plan, finding, Decision.ACCEPT, by, why, version)


@transaction.atomic
def dismiss_finding(*, plan: Plan, finding: Finding, by: User, reason: str, seen: int | None = None) -> LintDecision:
    """Leave it as it is printed."""
    why = _reason(reason)
    _claim(plan, finding, seen, wanted_open=True)
    return _record(plan, finding, Decision.DISMISS, by, why)


@transaction.atomic
def reopen_finding(*, plan: Plan, finding: Finding, by: User, reason: str, seen: int | None = None) -> LintDecision:
    """Take a decided finding up again; a correction that was applied stays until it is changed itself."""
    why = _reason(reason)
    _claim(plan, finding, seen, wanted_open=False)
    return _record(plan, finding, Decision.REOPEN, by, why)


def _reason(text: str) -> str:
    clean = text.strip()
    if not clean:
        raise DecisionRefused(_("กรุณาระบุเหตุผล ผู้ที่มาอ่านภายหลังจะได้เข้าใจการตัดสินใจนี้"))
    return clean


def _claim(plan: Plan, finding: Finding, seen: int | None, *, wanted_open: bool) -> None:
    """One decision at a time in a plan; refused where the finding is not in the state that was decided upon."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    decisions = LintDecision.objects.filter(plan=plan, fingerprint=finding.fingerprint)
    latest = decisions.select_related("by").last()
    if latest is not None and seen is not None and latest.pk > seen:
        raise StaleDecision(latest)
    if is_open(latest) != wanted_open:
        raise DecisionRefused(_refusal(latest))


def is_open(latest: LintDecision | None) -> bool:
    """Whether a finding with this latest decision waits for one."""
    return latest is None or latest.decision == Decision.REOPEN


def _refusal(latest: LintDecision | None) -> str:
    if latest is None or latest.decision == Decision.REOPEN:
        return _("ข้อนี้ยังไม่มีการตัดสินใจ จึงไม่มีอะไรให้นำกลับมาพิจารณา")
    facts = {"what": latest.get_decision_display(), "who": latest.by}
    return _("ข้อนี้ตัดสินใจแล้ว: “%(what)s” โดย %(who)s ถ้าจะเปลี่ยน ให้นำกลับมาพิจารณาก่อน") % facts


def _record(
    plan: Plan, finding: Finding, decision: str, by: User, reason: str, version: IndicatorVersion | None = None
) -> LintDecision:
    return LintDecision.objects.create(
        plan=plan,
        indicator=Indicator.objects.filter(plan=plan, code=finding.indicator).first() if finding.indicator else None,
        fiscal_year=finding.fiscal_year,
        kind=finding.kind,
        fingerprint=finding.fingerprint,
        message=finding.message,
        proposal=finding.proposal,
        decision=decision,
        reason=reason,
        by=by,
        at=clock.now(),
        version=version,
    )


# Applying a correction


def _apply(plan: Plan, finding: Finding, fix: Fix, reason: str, by: User) -> IndicatorVersion:
    """Write the correction beside the printed text; the template that carries it."""
    present = _active(plan, finding)
    clean = reason[:LONGEST_REASON]
    _check(fix)
    if correction_of(present, fix.place) == fix.text:
        return present
    has_results = present.results.exists()
    version = next_revision(version=present) if has_results else present
    write_correction(version, fix, clean)
    if has_results:
        record_override(version=version, by=by, reason=_("ออกฉบับใหม่เมื่อรับข้อเสนอ: %(reason)s") % {"reason": clean})
    return version


def _active(plan: Plan, finding: Finding) -> IndicatorVersion:
    wanted = {"indicator__plan": plan, "indicator__code": finding.indicator, "fiscal_year": finding.fiscal_year}
    version = (
        active_versions().select_for_update(of=("self",)).select_related("indicator__plan").filter(**wanted).first()
    )
    if version is None:
        raise DecisionRefused(
            _("ไม่มี Template ที่ใช้งานของตัวชี้วัด %(code)s ปี %(year)s จึงแก้ตามข้อเสนอไม่ได้")
            % {"code": finding.indicator, "year": finding.fiscal_year}
        )
    return version


def _check(fix: Fix) -> None:
    try:
        parse_notation(fix.text)
    except NotationError as error:
        raise DecisionRefused(_("ใช้ค่าแก้ไขที่เสนอไม่ได้ %(why)s") % {"why": error.message}) from None


def correction_of(version: IndicatorVersion, place: str) -> str:
    """The correction that stands at a place (bands.4, pass, fail); empty where there is none."""
    if place in ("pass", "fail"):
        return str(getattr(version, f"{place}_correction"))
    band = version.bands.filter(level=_level(place), round_number=0).first()
    return band.correction if band else ""


def write_correction(version: IndicatorVersion, fix: Fix, reason: str) -> None:
    """The correction beside what is printed, which stays."""
    if fix.place in ("pass", "fail"):
        setattr(version, f"{fix.place}_correction", fix.text)
        setattr(version, f"{fix.place}_reason", reason)
        version.save(update_fields=[f"{fix.place}_correction", f"{fix.place}_reason"])
        return
    ScoreBand.objects.update_or_create(
        version=version, level=_level(fix.place), round_number=0, defaults={"correction": fix.text, "reason": reason}
    )


def _level(place: str) -> int:
    return int(place.removeprefix("bands."))
