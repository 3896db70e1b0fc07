"""Which warnings the numbers of a file bring: they are answered, on the pages, before the results can be submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.grids.comments import asked_of, saved_comments
from indicators.grids.rows import GridRow
from indicators.pasts import backgrounds_of, key_of
from indicators.questions import warning_key
from indicators.workbooks.periods import short_label
from indicators.workbooks.preview import Choice, Line, Preview
from scoring.explain import Warning_

Numbers = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Asked:
    """A row with what its numbers would ask, and by which keys that is answered."""

    row: GridRow
    warnings: tuple[Warning_, ...]
    keys: tuple[str, ...]

    @property
    def period(self) -> str:
        return short_label(self.row.access.round)


def asked_of_preview(preview: Preview) -> list[Asked]:
    """Of each row that would be written, with the cells as the file has them: two queries, however many rows."""
    rows = {row.key: row for line in _written(preview) if (row := line.row)}
    against = backgrounds_of([row.access for row in rows.values()])
    new: dict[str, dict[str, Decimal | None]] = {}
    for line in _written(preview):
        new.setdefault(line.given.key, {}).update(line.numbers or {})
    asked = []
    for key, row in rows.items():
        numbers = {**row.data, **new[key]}
        saved = saved_comments(row.result)
        keyed = {warning_key(each, numbers): each for each in asked_of(row, numbers, against[key_of(row.access)])}
        open_ = {name: each for name, each in keyed.items() if not saved.get(name)}
        if open_:
            asked.append(Asked(row, tuple(open_.values()), tuple(open_)))
    return asked


def _written(preview: Preview) -> list[Line]:
    """What the file would write: its changes, and of conflicts those that are not decided for the other value."""
    return [*preview.changes, *(line for line in preview.conflicts if line.choice is not Choice.THEIRS)]
