"""What a KPI is called where it stands alone."""

from indicators.models import Indicator

SHORT_NAME = 45  # characters; a shorter name of a sub-KPI says little without its parent's ("ผู้ป่วยนอก", "สาขาหัวใจ")


def title_of(indicator: Indicator) -> str:
    """The name, after its parent's where it says little alone: "ร้อยละความสมบูรณ์ของเวชระเบียน — ผู้ป่วยนอก".

    Reads the parent: select it for lists.
    """
    parent = indicator.parent
    if parent is None or len(indicator.name) > SHORT_NAME or indicator.name.startswith(parent.name):
        return indicator.name
    return f"{parent.name} — {indicator.name}"
