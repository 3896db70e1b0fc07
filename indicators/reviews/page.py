"""One page of the review list: pieces of work in their order, then the rows behind them."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, QuerySet

from indicators.models import Result, Round
from indicators.pieces import GridKey, with_piece
from indicators.reviews import queries
from indicators.reviews.lists import (
    GroupRow,
    MissingGroup,
    MissingRow,
    ResultRow,
    Tab,
    missing_rows,
    seen_text,
)
from indicators.reviews.marks import is_routine

PAGE_SIZE = 50
GRID_SIZE = 250  # the rows of one grid stand on one page
Row = ResultRow | GroupRow | MissingRow | MissingGroup


@dataclass
class ReviewPage:
    """The rows of one tab. With `grid` those of one grid and round, one by one; else each grid is one row."""

    tab: Tab
    results: QuerySet[Result]
    missing: QuerySet[Round]
    total: int
    number: str | None
    kept: str
    reader: int  # the person, who approves nothing of their own
    grid: GridKey | None = None
    picked: Container[int] = ()  # ticked before, in a form that was refused

    @cached_property
    def page(self) -> Any:
        paginator = Paginator(self._pieces(), GRID_SIZE if self.grid else PAGE_SIZE)
        if self.grid is None:
            paginator.count = self.total  # counted already with the tabs
        return paginator.get_page(self.number)

    @cached_property
    def rows(self) -> list[Row]:
        if self.grid:
            return list(self._single_rows())
        return list(self._results() if self.tab.statuses else self._missing())

    # One grid, row by row

    def _single_rows(self) -> Iterator[Row]:
        for row in self.page:
            if isinstance(row, Round):
                yield from missing_rows(row)
            else:
                yield self._row(row)

    def _row(self, result: Result) -> ResultRow:
        return ResultRow(result, self.kept, result.pk in self.picked)

    # What can be decided at once

    @cached_property
    def waiting(self) -> list[Result]:
        """All results behind the rows of this page that wait for a decision."""
        return [result for row in self.rows for result in _results_of(row)] if self.tab.key == "waiting" else []

    @cached_property
    def clean(self) -> list[Result]:
        """What one click may approve, and was not submitted by the person."""
        return [result for result in self.waiting if is_routine(result) and result.submitted_by_id != self.reader]

    @property
    def own(self) -> int:
        """How many wait for another reviewer."""
        return sum(result.submitted_by_id == self.reader for result in self.waiting)

    @property
    def seen(self) -> str:
        """What "approve all" sends: what passed and carries no warning, with its save counts."""
        return seen_text(self.clean)

    # All pieces of work

    def _pieces(self) -> QuerySet:
        if self.tab.statuses:
            return self._result_pieces()
        if self.grid:
            return queries.with_overdue_rows(self.missing)
        pieces = with_piece(self.missing).order_by().values("piece")
        return pieces.annotate(rows=Count("pk"), one=Min("pk"), first=Min("due")).order_by("first", "one")

    def _result_pieces(self) -> QuerySet:
        results = self.results.filter(status__in=self.tab.statuses)
        if self.grid:
            rows = queries.with_review_rows(results)
            return rows.order_by("round__indicator__position", "measured_unit__ministry_code", "pk")
        pieces = with_piece(results, "round__")
        if self.tab.key == "returned":
            pieces = pieces.annotate(returned_at=queries.returned_at())
        field, is_newest_first = self.tab.order[0].removeprefix("-"), self.tab.order[0].startswith("-")
        pieces = pieces.order_by().values("piece")
        pieces = pieces.annotate(rows=Count("pk"), one=Min("pk"), when=(Max if is_newest_first else Min)(field))
        return pieces.order_by("-when" if is_newest_first else "when", "-one" if is_newest_first else "one")

    def _results(self) -> Iterator[Row]:
        pieces = list(self.page)
        found = queries.with_review_rows(Result.objects.filter(pk__in=[piece["one"] for piece in pieces]))
        examples = {result.pk: self._row(result) for result in found}
        members = self._members([piece["piece"] for piece in pieces if piece["rows"] > 1])
        for piece in pieces:
            key, example = GridKey.read(piece["piece"]), examples[piece["one"]]
            group = members.get(piece["piece"])
            yield self._group(key, example, group, piece["when"]) if key and group else example

    def _group(self, key: GridKey, example: ResultRow, members: list[Result], when: datetime | None) -> GroupRow:
        return GroupRow(key, example, tuple(members), when, any(member.pk in self.picked for member in members))

    def _members(self, pieces: list[str]) -> dict[str, list[Result]]:
        waiting = self.results.filter(status__in=self.tab.statuses)
        found: dict[str, list[Result]] = {}
        for result in queries.members_of(waiting, pieces):
            found.setdefault(result.piece, []).append(result)  # type: ignore[attr-defined]  # annotated
        return found

    def _missing(self) -> Iterator[Row]:
        pieces = list(self.page)
        rounds = queries.with_overdue_rows(Round.objects.filter(pk__in=[piece["one"] for piece in pieces]))
        examples = {round_.pk: round_ for round_ in rounds}
        for piece in pieces:
            key, round_ = GridKey.read(piece["piece"]), examples[piece["one"]]
            left = missing_rows(round_)
            if key and piece["rows"] + len(left) > 2:
                yield MissingGroup(key, round_, max(piece["rows"], len(left)))
            else:
                yield from left[:1]


def _results_of(row: Row) -> tuple[Result, ...]:
    if isinstance(row, GroupRow):
        return row.members
    return (row.result,) if isinstance(row, ResultRow) else ()
