"""What the pages of a workbook show: what is owed and where it is submitted, and what a file would change."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from indicators.monthly.rows import UnitRows
from indicators.uploads import MAX_BYTES, MEGABYTE
from indicators.workbooks.asking import Asked, asked_of_preview
from indicators.workbooks.periods import PeriodSheet, sheets_of
from indicators.workbooks.preview import Preview
from strategy import clock
from strategy.models import OrgUnit
from strategy.periods import Frequency, period_of, thai_date, thai_month


@dataclass(frozen=True)
class MonthLink:
    """The month page on which rounds that end in a month are submitted."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class UploadPage:
    """The steps from the download to the submission; `refusal` says why a file was not read."""

    found: UnitRows
    refusal: str = ""
    is_saved: bool = False

    @property
    def unit(self) -> OrgUnit:
        return self.found.unit

    @property
    def megabytes(self) -> int:
        return MAX_BYTES // MEGABYTE

    @cached_property
    def sheets(self) -> list[PeriodSheet]:
        """As the file has them: it is Thai whatever language the page has."""
        with translation.override("th"):
            return sheets_of(self.found.rows)

    @property
    def summary(self) -> str:
        """How things stand, in one sentence."""
        if not self.found.rows:
            return _("ไม่มีรายการที่ยังต้องส่ง")
        cells = sum(len(row.fields) for row in self.found.rows)
        facts = {"rows": len(self.found.rows), "cells": cells, "sheets": len(self.sheets)}
        return _("ยังต้องส่ง %(rows)s รายการ %(cells)s ช่อง ใน %(sheets)s งวด") % facts

    @cached_property
    def months(self) -> list[MonthLink]:
        """Of what has numbers already the pages where it is submitted; of all, where nothing has."""
        saved = [row for row in self.found.rows if row.result is not None] or self.found.rows
        ends = [row.access.round.end.replace(day=1) for row in saved]
        return [MonthLink(thai_month(day), ends.count(day), self._url(day)) for day in sorted(set(ends))]

    def _url(self, day: datetime) -> str:
        month = period_of(day, Frequency.MONTHLY)
        return reverse("month", args=[self.unit.pk, month.fiscal_year, month.number])


@dataclass(frozen=True)
class PreviewPage:
    """A preview with what its form carries along; `said` is why nothing was written."""

    preview: Preview
    carried: str
    said: str = ""
    is_answered: bool = False  # the form was sent, so that what is missing in it is told

    @property
    def unit(self) -> OrgUnit:
        return self.preview.rows.unit

    @property
    def file_name(self) -> str:
        return self.preview.contents.file_name

    @property
    def made(self) -> str:
        """Who made the file and when."""
        made_at = datetime.fromisoformat(self.preview.contents.made_at)
        facts = {
            "who": self.preview.contents.made_by,
            "day": thai_date(clock.day_of(made_at)),
            "time": f"{made_at:%H:%M}",
        }
        return _("ไฟล์ที่ %(who)s ดาวน์โหลดเมื่อ %(day)s %(time)s น.") % facts

    @property
    def summary(self) -> str:
        """How things stand, in one sentence."""
        preview = self.preview
        kinds = [
            (len(preview.changes), _("จะเปลี่ยน %(count)s ช่อง")),
            (len(preview.conflicts), _("ต้องเลือก %(count)s ช่อง")),
            (len(preview.errors), _("ต้องแก้ %(count)s ช่อง")),
            (len(preview.shut), _("เขียนไม่ได้แล้ว %(count)s ช่อง")),
            (preview.same, _("ตรงกับที่บันทึกไว้ %(count)s ช่อง")),
            (len(preview.left), _("ไม่ได้แก้ในไฟล์ %(count)s ช่อง (ในระบบเปลี่ยนหลังดาวน์โหลด ไม่ถูกเขียนทับ)")),
            (preview.contents.blank, _("เว้นว่าง %(count)s ช่อง (ไม่เปลี่ยน)")),
        ]
        parts = [text % {"count": count} for count, text in kinds if count]
        return " · ".join([*parts, _("ยังไม่ได้บันทึก")]) if self.has_something else " · ".join(parts)

    @property
    def has_something(self) -> bool:
        preview = self.preview
        return bool(preview.changes or preview.conflicts or preview.errors or preview.shut)

    @property
    def nothing(self) -> str:
        """Why nothing would be written."""
        if self.preview.left:
            return _("ไม่มีช่องใดที่แก้ในไฟล์ และค่าที่เปลี่ยนในระบบหลังดาวน์โหลดยังอยู่ตามเดิม")
        return _("ทุกช่องในไฟล์ตรงกับที่บันทึกไว้แล้ว หรือเว้นว่างไว้")

    @cached_property
    def asked(self) -> list[Asked]:
        """The warnings to come; none where the file has to be mended first."""
        return asked_of_preview(self.preview) if self.preview.may_apply else []

    @property
    def missing(self) -> int:
        """Conflicts without an answer, once the form was sent."""
        return len(self.preview.undecided) if self.is_answered else 0

    @property
    def button(self) -> str:
        facts = {"cells": len(self.preview.changes) + len(self.preview.conflicts), "results": self.preview.results}
        if self.preview.conflicts:
            return _("บันทึกตามที่เลือก %(results)s รายการ") % facts
        return _("บันทึกทั้ง %(cells)s ช่อง (%(results)s รายการ)") % facts
