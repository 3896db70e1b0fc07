"""What a KPI's templates print: texts where the sources differ side by side, and the bands of all years."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.adapters import bands_of
from indicators.models import Baseline, IndicatorVersion, ScoreBand
from indicators.models.templates import DIRECTION_LABELS
from indicators.naming import baseline_text
from scoring.levels import Direction
from scoring.template import Kind

LEVELS = (5, 4, 3, 2, 1, 0)


@dataclass(frozen=True)
class Fact:
    """One thing that the template says; `readings` names each source where they do not agree."""

    name: str
    readings: tuple[tuple[str, str], ...]  # (source, text); the source is empty where there is one reading


@dataclass(frozen=True)
class Printed:
    """A text as printed, with the correction used instead and its reason."""

    text: str
    correction: str = ""
    reason: str = ""
    description: str = ""
    word: str = ""


@dataclass(frozen=True)
class YearColumn:
    """One year of the table of bands."""

    year: int
    is_current: bool
    plan_target: str
    template_target: str
    bands: tuple[tuple[int, Printed], ...]  # level 5 first
    passing: Printed
    failing: Printed
    revision: int


def facts_of(version: IndicatorVersion, baselines: Iterable[Baseline]) -> list[Fact]:
    """The template's facts in the order of the printed template; what is not printed is left out."""
    facts = [
        _sources(_("นิยาม"), ("", version.definition)),
        _sources(_("ประชากรกลุ่มเป้าหมาย"), ("", version.population)),
        _sources(_("ทิศทาง"), ("", _direction(version))),
        _formula(version),
        _sources(_("ฐานข้อมูล"), ("", "\n".join(map(baseline_text, baselines)))),
        _sources(_("เป้าหมาย"), (_("ตารางแผน"), version.plan_target), ("Template", version.template_target)),
        _sources(_("ค่า cut-off"), ("", version.cutoff)),
        _frequency(version),
        _sources(_("ผู้รับผิดชอบหลัก"), (_("ตารางแผน"), version.owner_text), ("Template", version.owner_template)),
        _stakeholders(version),
        _sources(_("มาตรฐาน HA"), (_("ตารางแผน"), version.ha_standard), (_("บทสรุป"), version.ha_standard_summary)),
        _sources(_("ระดับ KPI"), (_("ตารางแผน"), version.care_levels), (_("บทสรุป"), version.care_levels_summary)),
        _sources(_("วิธีการรายงาน"), ("", version.reporting_method)),
        _sources(_("วิธีการจัดเก็บข้อมูล"), ("", version.collection_method)),
        _sources(_("เอกสารสนับสนุน"), ("", version.documents)),
        *(_sources(_section_name(section), ("", section.get("text", ""))) for section in version.sections),
    ]
    return [fact for fact in facts if fact.readings]


def _section_name(section: dict[str, str]) -> str:
    """A heading that the document has beyond the usual ones, with its number where it has one."""
    number, title = section.get("number") or "", section.get("title") or section.get("key", "")
    return f"{number} {title}".strip()


def _direction(version: IndicatorVersion) -> str:
    """A heading has no result of its own that could be better or worse."""
    return "" if version.kind == Kind.HEADING else str(DIRECTION_LABELS[Direction(version.direction)])


def _sources(name: str, *readings: tuple[str, str]) -> Fact:
    """The readings that are given; where all of them agree, one without its source."""
    given = [(source, text.strip()) for source, text in readings if text and text.strip()]
    if len({text for _source, text in given}) == 1:
        given = [("", given[0][1])]
    return Fact(name, tuple(given))


def _formula(version: IndicatorVersion) -> Fact:
    used, printed = version.formula, version.formula_printed
    if not version.formula_reason:
        return _sources(_("สูตรคำนวณ"), ("", printed or used))
    used = _("%(formula)s เพราะ %(reason)s") % {"formula": used, "reason": version.formula_reason}
    return Fact(_("สูตรคำนวณ"), ((_("ตามที่พิมพ์"), printed or "–"), (_("ที่ใช้"), used)))


def _frequency(version: IndicatorVersion) -> Fact:
    return _sources(
        _("ความถี่รายงาน"),
        (_("ตารางแผน"), version.frequency_table),
        ("Template", version.frequency_template),
        (_("บทสรุป"), version.frequency_summary),
    )


def _stakeholders(version: IndicatorVersion) -> Fact:
    table = ", ".join(version.stakeholder_texts)
    return _sources(_("หน่วยงานที่เกี่ยวข้อง"), (_("ตารางแผน"), table), ("Template", version.stakeholders_template))


@dataclass(frozen=True)
class BandRow:
    """One line of the table of years: a level's bands, or a criterion where `level` is None."""

    level: int | None
    name: str
    cells: tuple[tuple[YearColumn, Printed], ...]


def band_rows(years: Iterable[YearColumn]) -> list[BandRow]:
    """The bands from level 5 down, then the criteria for passing and failing; empty lines are left out."""
    years = list(years)
    rows = [
        BandRow(level, "", tuple((year, year.bands[place][1]) for year in years)) for place, level in enumerate(LEVELS)
    ]
    rows.append(BandRow(None, _("เกณฑ์ผ่าน"), tuple((year, year.passing) for year in years)))
    rows.append(BandRow(None, _("เกณฑ์ไม่ผ่าน"), tuple((year, year.failing) for year in years)))
    return [row for row in rows if any(printed.text or printed.correction for _year, printed in row.cells)]


def year_columns(versions: Iterable[IndicatorVersion], current: int) -> list[YearColumn]:
    """The templates of all years, side by side."""
    return [_column(version, current) for version in versions]


def _column(version: IndicatorVersion, current: int) -> YearColumn:
    bands = {band.level: band for band in bands_of(version)}
    return YearColumn(
        year=version.fiscal_year,
        is_current=version.fiscal_year == current,
        plan_target=version.plan_target,
        template_target=version.template_target,
        bands=tuple((level, _band(bands.get(level))) for level in LEVELS),
        passing=Printed(version.pass_criterion, version.pass_correction, version.pass_reason),
        failing=Printed(version.fail_criterion, version.fail_correction, version.fail_reason),
        revision=version.revision,
    )


def _band(band: ScoreBand | None) -> Printed:
    if band is None:
        return Printed("")
    return Printed(band.printed, band.correction, band.reason, band.description, band.word)
