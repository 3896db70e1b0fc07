"""A workbook that is the same to the byte however often and whenever it is made."""

import io
import re
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from strategy.periods import THAI_TIME

PROPERTIES = "docProps/core.xml"
_MOMENT = re.compile(rb"(?<=>)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z(?=<)")


def pinned(book: bytes, at: datetime) -> bytes:
    """The workbook as if it had been saved at that moment, that of the closing: openpyxl writes the present one."""
    moment, out = at.astimezone(THAI_TIME), io.BytesIO()
    with ZipFile(io.BytesIO(book)) as source, ZipFile(out, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == PROPERTIES:
                part = _MOMENT.sub(f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            entry = ZipInfo(name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
            copy.writestr(entry, part, ZIP_DEFLATED)
    return out.getvalue()
