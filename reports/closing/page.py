"""A frozen revision as data, for its page and its print: totals, KPIs, what was waived, what changed since the last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from indicators.card_rows import overlaps
from indicators.closing.frozen import Frozen
from indicators.closing.missing import nobody
from indicators.models import Cancellation, Closure, Extension, Round
from indicators.naming import title_of
from reports.closing.differences import ChangedKpi, differences
from reports.closing.rows import ClosedGroup, groups_of, totals_of, totals_rows
from reports.dashboard import Figure, TotalsRow, figures, percent_and_grade
from scoring.numbers import format_number
from scoring.rollup import LEVEL_DECIMALS, Totals
from strategy import clock
from strategy.models import OrgUnit, Plan
from strategy.periods import BUDDHIST_ERA, Frequency, periods_of, thai_date, thai_month


@dataclass(frozen=True)
class WaiverRow:
    """A result that was missing when the period was closed, and why it was closed all the same."""

    round: Round
    unit: OrgUnit
    responsible: str
    state: str  # key of the badge
    reason: str
    is_other_unit: bool

    @property
    def code(self) -> str:
        return self.round.indicator.code

    @property
    def title(self) -> str:
        return title_of(self.round.indicator)

    @property
    def measured_in(self) -> str:
        """The unit, where it is not the plan's own."""
        return self.unit.label if self.is_other_unit else ""


@dataclass(frozen=True)
class ExtensionRow:
    """More time that was granted for one result: to whom, until when and why."""

    round: Round
    whose: str  # the responsible units, and where it is measured if that is another unit than the plan's own
    until: date
    reason: str

    @property
    def code(self) -> str:
        return self.round.indicator.code


@dataclass(frozen=True)
class ClosurePage:
    """One revision of a closed period; `before` is the revision that it followed."""

    closure: Closure
    before: Closure | None = None

    @cached_property
    def frozen(self) -> Frozen:
        return Frozen(self.closure.snapshot)

    @property
    def plan(self) -> Plan:
        """As it was called when the period was closed."""
        return self.frozen.plan

    @property
    def label(self) -> str:
        return thai_month(self.closure.until)

    @property
    def month_key(self) -> str:
        return f"{self.closure.until.year + BUDDHIST_ERA}-{self.closure.until:%m}"

    @property
    def span(self) -> str:
        start = periods_of(self.closure.fiscal_year, Frequency.MONTHLY)[0].start
        return _("%(start)s – %(end)s") % {"start": thai_date(start), "end": thai_date(self.closure.until)}

    @property
    def is_old(self) -> bool:
        return self.closure.reopened_at is not None

    @property
    def closed_by(self) -> Mapping[str, str]:
        """Name and title of who closed it, as they were; of a revision from before they were kept, as they are."""
        person = self.closure.closed_by
        kept: Mapping[str, str] = self.closure.snapshot.get("closed_by") or {"name": str(person), "title": person.title}
        return kept

    @property
    def closed_line(self) -> str:
        facts = {"who": self.closed_by["name"], "when": thai_date(clock.day_of(self.closure.closed_at), long=True)}
        return _("ปิดโดย %(who)s เมื่อ %(when)s") % facts

    @property
    def revision_line(self) -> str:
        """ "ฉบับที่ 1", of an old one with who reopened it, when and why."""
        closure = self.closure
        name = _("ฉบับที่ %(number)d") % {"number": closure.revision}
        if closure.reopened_at is None:
            return name
        facts = {
            "name": name,
            "when": thai_date(clock.day_of(closure.reopened_at)),
            "who": str(closure.reopened_by),
            "reason": closure.reopened_reason,
        }
        return _("%(name)s (ถูกเปิดใหม่เมื่อ %(when)s โดย %(who)s เพราะ %(reason)s)") % facts

    # What was frozen

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.closure.snapshot["totals"]["plan"])

    @property
    def grade(self) -> str | None:
        grade: str | None = self.closure.snapshot["totals"]["grade"]
        return grade

    @property
    def sentence(self) -> str:
        """How the plan stood, in one line."""
        if self.totals.official is None:
            return _("แผนยังไม่มีผลรวมทางการ ณ สิ้นเดือน%(month)s") % {"month": self.label}
        facts = {
            "month": self.label,
            "level": format_number(Totals.shown(self.totals.official), LEVEL_DECIMALS),
            "percent": percent_and_grade(self.totals, self.grade),
            "coverage": format_number(self.totals.coverage_percent),
        }
        return (
            _("ณ สิ้นเดือน%(month)s ผลรวมทางการ %(level)s จาก 5 (%(percent)s) รายงานแล้ว %(coverage)s %% ของน้ำหนักที่ถึงกำหนด")
            % facts
        )

    @property
    def figures(self) -> list[Figure]:
        return figures(self.totals, self.grade)

    @cached_property
    def totals_rows(self) -> list[TotalsRow]:
        return list(totals_rows(self.frozen))

    @cached_property
    def groups(self) -> list[ClosedGroup]:
        return groups_of(self.frozen)

    @property
    def is_demo(self) -> bool:
        return any(result.is_demo for result in self.frozen.results)

    @cached_property
    def waivers(self) -> list[WaiverRow]:
        return list(self._waivers())

    def _waivers(self) -> Iterator[WaiverRow]:
        units = self.frozen.units
        for row in self.closure.snapshot["waivers"]:
            responsible = ", ".join(units[pk].label for pk in row["responsible"]) or nobody()
            is_other = row["unit"] != self.plan.unit_id
            round_ = self.frozen.rounds[row["round"]]
            yield WaiverRow(round_, units[row["unit"]], responsible, row["state"], row["reason"], is_other)

    @property
    def cancellations(self) -> list[Cancellation]:
        """Those that began by the end of the period."""
        return [row for row in self.frozen.cancellations if row.day <= self.closure.until]

    @cached_property
    def extensions(self) -> list[ExtensionRow]:
        rows = self.frozen.extensions
        return [ExtensionRow(row.round, self._whose(row), row.until, row.reason) for row in rows]

    def _whose(self, row: Extension) -> str:
        """The units that were responsible for it at any time of its round."""
        measured = [duty for duty in self.frozen.duties if duty.measured_unit_id == row.measured_unit_id]
        duties = [duty for duty in measured if duty.indicator_id == row.round.indicator_id]
        units = {duty.responsible_unit.label: None for duty in duties if overlaps(duty, row.round)}
        if row.measured_unit_id != self.plan.unit_id:
            units.setdefault(row.measured_unit.label)
        return ", ".join(units) or nobody()

    @cached_property
    def changes(self) -> list[ChangedKpi]:
        """What reads otherwise than in the revision before."""
        return differences(Frozen(self.before.snapshot), self.frozen) if self.before else []
