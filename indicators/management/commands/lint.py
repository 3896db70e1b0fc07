"""Report the defects of a plan's templates.

python manage.py lint KKH2560
python manage.py lint KKH2560 --year 2560 --format json

The exit status is 1 where errors are open: found, and neither accepted nor dismissed.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from indicators.lint.sheets import closed_fingerprints, open_errors, plan_sheet
from indicators.models import IndicatorVersion
from indicators.scoring_input import InputError, read_year
from scoring.lint import Finding, PlanSheet, Severity, lint_plan
from strategy.models import Plan


class Command(BaseCommand):
    help = "Report the defects of a plan's KPI templates; exit status 1 where errors are open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "plan", nargs="?", help="the plan's code, such as KKH2560; may be left out where there is one"
        )
        parser.add_argument("--year", help="one fiscal year (Buddhist era) instead of all")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        self._write_utf8()
        plan = _plan(options["plan"])
        sheet = plan_sheet(plan, _year(plan, options["year"]))
        findings = list(_found(sheet))
        closed = closed_fingerprints(plan)
        if options["format"] == "json":
            self.stdout.write(json.dumps([_record(each) for each in findings], ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(sheet, findings, closed)))
        if open_errors(findings, closed):
            sys.exit(1)

    def _write_utf8(self) -> None:
        """Thai goes out whatever the terminal's locale says."""
        for wrapper, stream in ((self.stdout, sys.stdout), (self.stderr, sys.stderr)):
            if getattr(wrapper, "_out", None) is stream and hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8")


def _plan(code: str | None) -> Plan:
    plans = {plan.code: plan for plan in Plan.objects.order_by("code")}
    known = ", ".join(plans) or "-"
    if code is None and len(plans) == 1:
        return next(iter(plans.values()))
    if code is None:
        raise CommandError(_("กรุณาระบุรหัสแผน (ที่มี: %(known)s)") % {"known": known})
    found = next((plan for name, plan in plans.items() if name.casefold() == code.strip().casefold()), None)
    if found is None:
        raise CommandError(_("ไม่มีแผนรหัส %(code)s (ที่มี: %(known)s)") % {"code": code, "known": known})
    return found


def _year(plan: Plan, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        year = read_year(text)
    except InputError as error:
        raise CommandError(error.message) from None
    rows = IndicatorVersion.objects.filter(indicator__plan=plan, is_active=True)
    years = sorted(set(rows.values_list("fiscal_year", flat=True)))
    if year not in years:
        facts = {"plan": plan.code, "year": year, "known": ", ".join(map(str, years)) or "-"}
        raise CommandError(_("แผน %(plan)s ไม่มีตัวชี้วัดของปีงบประมาณ %(year)s (ปีที่มี: %(known)s)") % facts)
    return year


def _found(sheet: PlanSheet) -> Iterator[Finding]:
    """All findings of the plan, with a bar where standard error is a terminal."""
    batches = lint_plan(sheet)
    for findings in tqdm(batches, total=len(sheet.sheets) + 1, disable=None, unit="Template", file=sys.stderr):
        yield from findings


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "indicator": finding.indicator,
        "fiscal_year": finding.fiscal_year,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "message": finding.message,
        "proposal": finding.proposal,
    }


def _severity_name(severity: Severity) -> str:
    names = {Severity.ERROR: _("ข้อผิดพลาด"), Severity.WARNING: _("คำเตือน"), Severity.NOTE: _("หมายเหตุ")}
    return names[severity]


def _lines(sheet: PlanSheet, findings: list[Finding], closed: set[str]) -> Iterator[str]:
    """The findings under their indicators, then the counts."""
    names = {each.template.code: each.template.name for each in sheet.sheets}
    for code, group in groupby(findings, key=lambda finding: finding.indicator):
        yield f"{code} {names.get(code, '')}" if code else _("ทั้งแผน %(plan)s") % {"plan": sheet.code}
        for finding in group:
            yield from _entry(finding, closed)
        yield ""
    yield from _summary(findings, closed)


def _entry(finding: Finding, closed: set[str]) -> Iterator[str]:
    year = finding.fiscal_year or _("ทุกปี")
    decided = " " + _("(ตัดสินใจแล้ว)") if finding.fingerprint in closed else ""
    yield f"  {year} [{_severity_name(finding.severity)}] {finding.kind}{decided}: {finding.message}"
    if finding.proposal:
        yield "       " + _("ข้อเสนอ: %(proposal)s") % {"proposal": finding.proposal}


def _summary(findings: list[Finding], closed: set[str]) -> Iterator[str]:
    counts = Counter(finding.severity for finding in findings)
    parts = [f"{_severity_name(severity)} {counts[severity]}" for severity in Severity]
    facts = {"total": len(findings), "parts": ", ".join(parts), "open": len(open_errors(findings, closed))}
    yield _("พบ %(total)d รายการ: %(parts)s (ข้อผิดพลาดที่ยังไม่ตัดสินใจ %(open)d)") % facts
    kinds = Counter(finding.kind for finding in findings)
    yield ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
