"""The tree of a plan's indicators with their scores for one fiscal year, as of a month.

Shared by dashboards, documents and closing. Only approved results count (DESIGN.md
section 5); five queries, however many KPIs and measured units there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from indicators.adapters import COMPOSED_KINDS, TYPED_KINDS, template_of
from indicators.card_rows import AUTHORS, CardRows
from indicators.card_scores import (
    LEFT_OUT,
    REPORTED,
    composed_score,
    first_of,
    scored_children,
    share_score,
    year_score,
)
from indicators.cells import (
    BY_SCORE,
    Assessed,
    Cancelled,
    CardState,
    RoundCell,
    UnitCell,
    assessed_of,
    counted_verdict,
)
from indicators.models import Indicator, IndicatorVersion
from scoring.explain import Score, State
from scoring.notation import Notation, NotationError, parse_notation
from scoring.rollup import Standing, Totals, grade_of, weighted_totals
from scoring.template import Kind, Template
from strategy.models import Plan, StrategicIssue

__all__ = [
    "AUTHORS", "Assessed", "CardState", "IndicatorCard", "IssueCard", "PlanCard", "RoundCell", "Scorecard", "UnitCell",
    "build_cards", "cards_of", "indicator_card", "plan_card", "plan_card_of", "plan_grades", "scored_children",
    "totals_of",
]  # fmt: skip


@dataclass(frozen=True)
class Scorecard:
    """An indicator's template, rounds and year-to-date score as of a month."""

    indicator: Indicator
    version: IndicatorVersion
    template: Template
    rounds: tuple[RoundCell, ...]  # all of the year
    until: date  # the as-of month's last day
    score: Score | None  # year to date, of approved rounds; None where nothing is approved yet
    children: tuple["Scorecard", ...]
    cancellation: Cancelled | None = None  # of its own or of one above it, in the course of the year

    @property
    def is_cancelled(self) -> bool:
        """As of the month: out of all sums from the month of its cancellation on."""
        return self.cancellation is not None and self.cancellation.day <= self.until

    @property
    def weight(self) -> Decimal | None:
        return self.version.weight

    @property
    def kind(self) -> Kind:
        return self.template.kind

    @cached_property
    def in_scope(self) -> tuple[RoundCell, ...]:
        """The rounds that have ended by the as-of month."""
        return tuple(cell for cell in self.rounds if cell.round.end <= self.until)

    @cached_property
    def counted(self) -> tuple[RoundCell, ...]:
        """Those of them that the year adds up: approved, with numbers."""
        return tuple(cell for cell in self.in_scope if cell.has_numbers)

    @cached_property
    def latest(self) -> RoundCell | None:
        """The latest approved round in scope."""
        return next((cell for cell in reversed(self.in_scope) if cell.is_approved), None)

    @property
    def scored_children(self) -> tuple["Scorecard", ...]:
        return scored_children(self.kind, self.children)

    @cached_property
    def due_cells(self) -> tuple[RoundCell, ...]:
        return tuple(cell for cell in self.in_scope if cell.is_due)

    @property
    def is_across(self) -> bool:
        """Measured in many units; the card counts those at a level."""
        return self.template.across is not None

    @property
    def units(self) -> tuple[UnitCell, ...]:
        """What each measured unit has reported for the latest due round; for the first one before any is due."""
        cell = self.due_cells[-1] if self.due_cells else next(iter(self.rounds), None)
        return cell.units if cell else ()

    @cached_property
    def assessed(self) -> Assessed | None:
        """The reviewer's assessment of the latest approved round that counts."""
        return assessed_of(self.counted[-1].result) if self.counted else None

    @cached_property
    def state(self) -> CardState:
        if self.is_cancelled:
            return CardState.CANCELLED
        if self.kind == Kind.HEADING:
            return CardState.HEADING
        if self.kind == Kind.PASS_SHARE:
            return self._share_state()
        return self._composed_state() if self.kind in COMPOSED_KINDS else self._own_state()

    def _own_state(self) -> CardState:
        if not self.due_cells:
            return CardState.NOT_DUE
        if not self.due_cells[-1].is_approved:
            return CardState.NOT_REPORTED
        if self.score is None:  # approved, and nothing of it to be counted
            return CardState.NOT_APPLICABLE
        return BY_SCORE.get(self.score.state, CardState.CANNOT_COMPUTE)

    def _share_state(self) -> CardState:
        """Reported as soon as one child is: those that are missing have not passed."""
        states = {leaf.state for leaf in self.leaves}
        if states & {CardState.REPORTED, CardState.CANNOT_COMPUTE} and self.score is not None:
            return BY_SCORE.get(self.score.state, CardState.CANNOT_COMPUTE)
        return first_of(states, CardState.NOT_REPORTED, CardState.NO_CASES)

    def _composed_state(self) -> CardState:
        """Not reported as soon as one part that is due is not; a group without cases drops out."""
        states = {child.state for child in self.scored_children}
        missing_first = (CardState.NOT_REPORTED, CardState.CANNOT_COMPUTE, CardState.REPORTED, CardState.NO_CASES)
        return first_of(states, *missing_first)

    @property
    def level(self) -> Decimal | None:
        """The year-to-date level: 0 to 5, with four decimals for a mean of groups or interpolation.

        The computed one; where there is a value that nothing gives a level, the one that a reviewer gave.
        """
        computed = self.score.level if self.score else None
        return self.assessed.level if computed is None and self._judged_by_hand else computed

    @property
    def passed(self) -> bool | None:
        """The computed verdict; where no criterion gives one, and of a yes or no, the reviewer's."""
        computed = self.score.passed if self.score else None
        return counted_verdict(self.kind, computed, self.assessed.passed if self._judged_by_hand else None)

    @property
    def _judged_by_hand(self) -> bool:
        """A reviewer has assessed a result that has a value: without one there is nothing to assess."""
        return self.assessed is not None and self.score is not None and self.score.state is State.COMPUTED

    @property
    def gives_level(self) -> bool:
        """Whether it can have a level at all: a count of units has none, nor what has no bands and nobody assessed."""
        if self.is_across:
            return False
        read_from_bands = self.kind in (Kind.FORMULA, Kind.CHECKLIST)
        without_bands = read_from_bands and not any((self.template.bands, *(r.bands for r in self.template.rounds)))
        return self.level is not None or not (without_bands or self.kind == Kind.QUALITATIVE)

    @property
    def is_open(self) -> bool:
        """An unapproved round is left this year; as of the month, those after it are open whatever they are now."""
        if self.is_cancelled:
            return False
        own = any(not cell.is_approved or cell.round.end > self.until for cell in self.rounds)
        parts = self.leaves if self.kind == Kind.PASS_SHARE else self.scored_children
        return own or any(part.is_open for part in parts)

    @cached_property
    def standing(self) -> Standing:
        """What the weighted totals need to know."""
        return Standing(
            weight=self.weight if self.gives_level else None,
            level=self.level,
            due=self.state not in (CardState.NOT_DUE, CardState.HEADING),
            reported=self.state in REPORTED,
            applicable=self.state not in LEFT_OUT,
            open_rounds=self.is_open,
            computable=self.state != CardState.CANNOT_COMPUTE,
        )

    @property
    def leaves(self) -> Iterator["Scorecard"]:
        """The children that count by themselves; a heading among them stands for its own."""
        for child in self.children:
            if child.kind == Kind.HEADING:
                yield from child.leaves
            else:
                yield child

    def walk(self) -> Iterator["Scorecard"]:
        """The card and all below it, top down."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class IssueCard:
    """A strategic issue with its KPIs and totals."""

    issue: StrategicIssue
    cards: tuple[Scorecard, ...]
    totals: Totals

    def walk(self) -> Iterator[Scorecard]:
        for card in self.cards:
            yield from card.walk()


@dataclass(frozen=True)
class PlanCard:
    """The whole plan for one fiscal year, as of a month."""

    plan: Plan
    fiscal_year: int
    until: date
    issues: tuple[IssueCard, ...]
    totals: Totals

    @property
    def grade(self) -> str | None:
        """Read from the official percent (DESIGN.md section 5)."""
        return grade_of(self.totals.percent_of(self.totals.official), plan_grades(self.plan))

    def walk(self) -> Iterator[Scorecard]:
        for issue in self.issues:
            yield from issue.walk()

    def totals_of_theme(self, theme: str) -> Totals:
        cards = [c for i in self.issues if i.issue.theme == theme for c in i.walk()]
        return totals_of(cards)

    @property
    def themes(self) -> list[tuple[str, Totals]]:
        """Each theme of the plan with its totals, in the order of the issues."""
        codes = dict.fromkeys(i.issue.theme for i in self.issues if i.issue.theme)
        return [(str(StrategicIssue.Theme(code).label), self.totals_of_theme(code)) for code in codes]


def totals_of(cards: Iterable[Scorecard]) -> Totals:
    return weighted_totals(card.standing for card in cards)


def plan_grades(plan: Plan) -> list[tuple[str, Notation]]:
    """The plan's grades by the percent that earns them; none where one cannot be read: a grade is never guessed."""
    try:
        return [(row["grade"], parse_notation(row["text"])) for row in plan.grades]
    except NotationError:
        return []


def plan_card(plan: Plan, fiscal_year: int, until: date) -> PlanCard:
    """The scorecards of all indicators of a plan in that year, as of `until` (a month's last day)."""
    return plan_card_of(plan, fiscal_year, until, build_cards(plan, fiscal_year, until))


def plan_card_of(plan: Plan, fiscal_year: int, until: date, tops: Sequence[Scorecard]) -> PlanCard:
    """The same of top cards that were built, from living rows or from a closed period's."""
    by_issue: dict[int, list[Scorecard]] = {}
    issues: dict[int, StrategicIssue] = {}
    for card in tops:
        by_issue.setdefault(card.indicator.issue_id, []).append(card)
        issues[card.indicator.issue_id] = card.indicator.issue
    ordered = sorted(issues.values(), key=lambda issue: issue.number)
    return PlanCard(
        plan, fiscal_year, until, tuple(_issue_card(i, by_issue[i.pk]) for i in ordered),
        totals_of(card for top in tops for card in top.walk()),
    )  # fmt: skip


def _issue_card(issue: StrategicIssue, cards: list[Scorecard]) -> IssueCard:
    return IssueCard(issue, tuple(cards), totals_of(card for top in cards for card in top.walk()))


def build_cards(
    plan: Plan, fiscal_year: int, until: date, root: Indicator | None = None, *, people: Sequence[str] = ()
) -> list[Scorecard]:
    """The top cards of the year with their children; with `root` only that indicator and what is below it.

    `people`: which of AUTHORS come with the results, by the same query.
    """
    return cards_of(CardRows(plan, fiscal_year, root, people=people), until)


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator's card of a year, with the templates of all its years."""

    card: Scorecard | None  # None where the year has no template
    years: tuple[IndicatorVersion, ...]


def indicator_card(indicator: Indicator, fiscal_year: int, until: date) -> IndicatorCard:
    """The indicator's card with who entered and approved, and its templates of every year; five queries."""
    people = ("entered_by", "approved_by", "assessed_by")
    rows = CardRows(indicator.plan, fiscal_year, indicator, people=people, all_years=True)
    return IndicatorCard(next(iter(cards_of(rows, until)), None), tuple(rows.all_years))


def cards_of(rows: CardRows, until: date) -> list[Scorecard]:
    """The top cards of rows that were fetched, as of a month's last day."""
    return [_card(version, rows, until) for version in rows.tops]


def _card(version: IndicatorVersion, rows: CardRows, until: date) -> Scorecard:
    template = template_of(version)
    cells = tuple(rows.cells(version))
    children = tuple(_card(child, rows, until) for child in rows.children.get(version.indicator_id, ()))
    score = year_score(template, cells, until) if template.kind in TYPED_KINDS else None
    if template.kind in COMPOSED_KINDS and template.kind is not Kind.PASS_SHARE:
        score = composed_score(template, children)
    cancellation = rows.cancelled.get(version.indicator_id)
    card = Scorecard(version.indicator, version, template, cells, until, score, children, cancellation)
    # What its children come to is a question to the card itself, which knows how a heading among them counts.
    return replace(card, score=share_score(card)) if template.kind is Kind.PASS_SHARE else card
