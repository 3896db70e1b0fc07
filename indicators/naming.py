"""What a KPI is called where it stands alone, and what is asked of it."""

from django.utils.translation import gettext as _

from indicators.models import Baseline, Indicator, IndicatorVersion

SHORT_NAME = 45  # characters; a shorter name of a sub-KPI says little without its parent's ("ผู้ป่วยนอก", "สาขาหัวใจ")


def title_of(indicator: Indicator) -> str:
    """The name, after its parent's where it says little alone: "ร้อยละความสมบูรณ์ของเวชระเบียน — ผู้ป่วยนอก".

    Reads the parent: select it for lists.
    """
    parent = indicator.parent
    if parent is None or len(indicator.name) > SHORT_NAME or indicator.name.startswith(parent.name):
        return indicator.name
    return f"{parent.name} — {indicator.name}"


def targets_of(version: IndicatorVersion) -> list[tuple[str, str]]:
    """The plan's and the template's target, each with its label; one line where they say the same."""
    table, own = version.plan_target, version.template_target
    if own == table or not table or not own:
        return [(_("เป้าหมาย"), own or table)] if own or table else []
    return [(_("เป้าหมายตามตารางแผน"), table), (_("เป้าหมายตาม Template"), own)]


def baseline_text(row: Baseline) -> str:
    """A starting point as printed, with what it is of and its year: "78.78% STD. (ปี 2559)"."""
    note = row.note if row.note and row.note not in row.text else ""
    year = _("(ปี %(year)d)") % {"year": row.year} if row.year else ""
    return " ".join(part for part in (row.text, note, year) if part)
