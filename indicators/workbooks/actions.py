"""Writing what a file has changed: all of it or nothing."""

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions import InvalidEntry, save_result
from indicators.grids.actions import entry_with
from indicators.grids.rows import GridRow
from indicators.refusals import NotAllowed
from indicators.workbooks.preview import Preview, Seen
from indicators.workflow import StaleResult
from strategy.models import User


class Overtaken(Exception):
    """Nothing was written: something is not what the preview showed. The message is a sentence for the page."""


@transaction.atomic
def apply_changes(*, preview: Preview, by: User, locks: Seen) -> int:
    """Save every change of a preview, each result through its own event; how many results.

    `locks` are the save counts that the page showed. Overtaken where one row is not that any more or cannot be
    written: then none is.
    """
    writes = preview.writes
    if not preview.may_apply or preview.undecided or dict(preview.locks) != dict(locks):
        raise Overtaken(_("มีการเปลี่ยนแปลงหลังจากที่ตรวจไฟล์ ยังไม่ได้บันทึกอะไร กรุณาดูรายการล่าสุดข้างล่างแล้วยืนยันอีกครั้ง"))
    for key, numbers in writes.items():
        row = preview.rows.row(key)
        assert row is not None  # noqa: S101 - writes are of rows alone
        try:
            _save(row, numbers, by, preview.contents.file_name)
        except (NotAllowed, InvalidEntry, StaleResult) as error:
            facts = {"code": row.code, "why": error}
            raise Overtaken(_("ยังไม่ได้บันทึกอะไร เพราะ %(code)s: %(why)s") % facts) from None
    return len(writes)


def _save(row: GridRow, numbers: dict, by: User, file_name: str) -> None:
    reason = _("จากไฟล์ Excel “%(file)s”") % {"file": file_name}
    save_result(access=row.access, by=by, entry=entry_with(row, numbers), lock=row.lock, reason=reason)
