"""Why templates with errors are in use all the same (DESIGN.md section 6): written, never changed."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.lint.source import errors_by_version, errors_of
from indicators.models import IndicatorVersion, TemplateOverride
from scoring.lint import Finding
from strategy import clock
from strategy.models import Plan, User


@transaction.atomic
def record_override(
    *, version: IndicatorVersion, by: User | None, reason: str, errors: Sequence[Finding] | None = None
) -> TemplateOverride | None:
    """Keep who put a template with errors to use, and why; nothing to keep where it has none.

    `errors` are those of the template as it is saved now, where they are known already.
    """
    found = errors_of(version) if errors is None else errors
    if not found:
        return None
    return TemplateOverride.objects.create(
        version=version, by=by, reason=reason, at=clock.now(), errors=_as_records(found)
    )


@transaction.atomic
def record_loaded(*, plan: Plan, versions: Iterable[IndicatorVersion]) -> int:
    """A plan file keeps what its document prints, errors too; says so for each template that it wrote."""
    written = {(version.indicator.code, version.fiscal_year): version for version in versions}
    reason, now = _("โหลดจากไฟล์แผน: คงไว้ตามที่พิมพ์ในเอกสาร"), clock.now()
    rows = [
        TemplateOverride(version=written[key], by=None, reason=reason, at=now, errors=_as_records(errors))
        for key, errors in errors_by_version(plan, written.values())
    ]
    TemplateOverride.objects.bulk_create(rows)
    return len(rows)


def _as_records(errors: Iterable[Finding]) -> list[dict[str, str]]:
    return [{"kind": error.kind, "message": error.message} for error in errors]
