"""What came in from a page of rows: the texts of its cells and what the page had shown."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.http import QueryDict

from indicators.grids.actions import Outcome, Typed, decoded, save_row
from indicators.grids.comments import comments_in
from indicators.grids.rows import GridRow
from scoring.template import ItemKind
from strategy.models import User

NO_LOCK = -1  # a lock that no result has


def typed_in(posted: QueryDict, row: GridRow) -> Typed | None:
    """The cells of a row; None where the page showed none of it to type in."""
    if f"{row.key}:lock" not in posted:
        return None
    texts = {}
    for field in row.fields:
        name = f"{row.key}:{field.code}"
        if field.kind is ItemKind.TICK:
            texts[field.code] = posted.get(name, "0")
        elif name in posted:
            texts[field.code] = posted[name]
    was, theirs = (decoded(posted.get(f"{row.key}:{name}", "")) for name in ("was", "theirs"))
    overwrite = theirs if posted.get("mine") == row.key else {}
    return Typed(texts, was, lock_in(posted, row), overwrite, comments_in(posted, row))


def lock_in(posted: QueryDict, row: GridRow) -> int:
    """The save count that the page showed, of a row without boxes too; what is no number fits no result."""
    text = posted.get(f"{row.key}:lock", posted.get(f"{row.key}:seen", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_LOCK


def locks_in(posted: QueryDict, rows: Iterable[GridRow], outcomes: Mapping[str, Outcome]) -> dict[str, int]:
    """The save counts of all rows that the page showed, after what was typed has been saved."""
    locks = {row.key: lock_in(posted, row) for row in rows if _is_shown(posted, row)}
    return locks | {key: outcome.row.lock for key, outcome in outcomes.items() if outcome.is_clean}


def _is_shown(posted: QueryDict, row: GridRow) -> bool:
    """Whether the row stood on the page, with boxes or without."""
    return f"{row.key}:lock" in posted or f"{row.key}:seen" in posted


def save_typed(posted: QueryDict, rows: Iterable[GridRow], *, by: User) -> dict[str, Outcome]:
    """Save every row that was changed, but for one of which the person takes what is saved already."""
    skip = posted.get("theirs", "")
    outcomes = {}
    for row in rows:
        typed = typed_in(posted, row)
        if typed is None or row.key == skip or typed.is_empty(row.fields):
            continue
        outcomes[row.key] = save_row(row, by=by, typed=typed)
    return outcomes


def on_top_of(rows: Iterable[GridRow], outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """What became of the rows, with the rows as they are now."""
    now = {row.key: row for row in rows}
    return {key: replace(each, row=now[key]) for key, each in outcomes.items() if key in now}
