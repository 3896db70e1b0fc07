"""What was reported last before each row of a workbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.adapters import data_of
from indicators.grids.rows import GridRow
from indicators.models import Result
from indicators.workbooks.periods import short_label

Numbers = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Earlier:
    """An earlier round of the same KPI and measured unit, with its numbers."""

    label: str
    data: Numbers


def earlier_of(rows: Iterable[GridRow]) -> dict[str, Earlier]:
    """By row key the last round before with numbers that the person may see: two queries, however many rows."""
    rows = list(rows)
    found: dict[tuple[int, int], list[Result]] = {}
    for result in _results(rows):
        found.setdefault((result.round.indicator_id, result.measured_unit_id), []).append(result)
    last = {row.key: _before(row, found.get((row.indicator.pk, row.access.measured_unit.pk), [])) for row in rows}
    return {key: earlier for key, earlier in last.items() if earlier}


def _results(rows: list[GridRow]) -> Iterable[Result]:
    """Of this fiscal year and the one before, the latest first."""
    years = {row.access.round.fiscal_year - back for row in rows for back in (0, 1)}
    results = Result.objects.filter(
        round__indicator__in={row.indicator.pk for row in rows},
        measured_unit__in={row.access.measured_unit.pk for row in rows},
        round__fiscal_year__in=years,
    )
    related = results.select_related("round").prefetch_related("values")
    return related.order_by("-round__end", "-round__number", "-pk")


def _before(row: GridRow, results: list[Result]) -> Earlier | None:
    for result in results:
        sees = row.access.may_see_draft or result.status == Result.Status.APPROVED
        if sees and result.round.end < row.access.round.end and (data := data_of(result)):
            return Earlier(short_label(result.round), data)
    return None
