"""The tree of a plan's indicators with their scores for one fiscal year, as of a month.

Shared by dashboards, documents and closing. Only approved results count (DESIGN.md
section 5); five queries, however many KPIs there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet

from indicators.adapters import COMPOSED_KINDS, TYPED_KINDS, data_by_result, template_of
from indicators.models import DataItem, DataValue, Indicator, IndicatorVersion, Result, Round, ScoreBand
from scoring.explain import Score, State
from scoring.notation import Notation, NotationError, parse_notation
from scoring.rollup import Standing, Totals, grade_of, weighted_totals
from scoring.score import score_children, year_to_date
from scoring.template import Kind, Template
from strategy import clock
from strategy.models import Plan, StrategicIssue


class CardState(StrEnum):
    """Never the same thing (DESIGN.md section 4): each has its own name, look and effect."""

    HEADING = "heading"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    REPORTED = "reported"
    NO_CASES = "no_cases"
    CANNOT_COMPUTE = "cannot_compute"


Data = Mapping[str, Decimal | None]
# The people of a result, for pages that name them.
AUTHORS = ("entered_by", "submitted_by", "approved_by")


@dataclass(frozen=True)
class RoundCell:
    """One round of an indicator with its result, if there is one, and what was typed for it."""

    round: Round
    result: Result | None
    is_due: bool  # its due day has passed
    data: Data
    version: IndicatorVersion  # the revision that scored the result, else the active one

    @property
    def is_approved(self) -> bool:
        return self.result is not None and self.result.status == Result.Status.APPROVED


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
    def latest(self) -> RoundCell | None:
        """The latest approved round in scope."""
        return next((cell for cell in reversed(self.in_scope) if cell.is_approved), None)

    @property
    def scored_children(self) -> tuple["Scorecard", ...]:
        return scored_children(self.kind, self.children)

    @cached_property
    def due_cells(self) -> tuple[RoundCell, ...]:
        return tuple(cell for cell in self.in_scope if cell.is_due)

    @cached_property
    def state(self) -> CardState:
        if self.kind == Kind.HEADING:
            return CardState.HEADING
        return self._composed_state() if self.kind in COMPOSED_KINDS else self._own_state()

    def _own_state(self) -> CardState:
        if not self.due_cells:
            return CardState.NOT_DUE
        if not self.due_cells[-1].is_approved or self.score is None:
            return CardState.NOT_REPORTED
        by_score = {State.COMPUTED: CardState.REPORTED, State.NO_CASES: CardState.NO_CASES}
        return by_score.get(self.score.state, CardState.CANNOT_COMPUTE)

    def _composed_state(self) -> CardState:
        """Not reported as soon as one part that is due is not; a group without cases drops out."""
        states = {child.state for child in self.scored_children}
        for state in (CardState.NOT_REPORTED, CardState.CANNOT_COMPUTE, CardState.REPORTED, CardState.NO_CASES):
            if state in states:
                return state
        return CardState.NOT_DUE

    @property
    def level(self) -> Decimal | None:
        """The year-to-date level: 0 to 5, with four decimals for a mean of groups or interpolation."""
        return self.score.level if self.score else None

    @property
    def passed(self) -> bool | None:
        return self.score.passed if self.score else None

    @property
    def is_open(self) -> bool:
        """An unapproved round is left this year; as of the month, those after it are open whatever they are now."""
        own = any(not cell.is_approved or cell.round.end > self.until for cell in self.rounds)
        return own or any(child.is_open for child in self.scored_children)

    @cached_property
    def standing(self) -> Standing:
        """What the weighted totals need to know."""
        return Standing(
            weight=self.weight,
            level=self.level,
            due=self.state not in (CardState.NOT_DUE, CardState.HEADING),
            reported=self.state in (CardState.REPORTED, CardState.CANNOT_COMPUTE, CardState.NO_CASES),
            applicable=self.state != CardState.NO_CASES,
            open_rounds=self.is_open,
            computable=self.state != CardState.CANNOT_COMPUTE,
        )

    def walk(self) -> Iterator["Scorecard"]:
        """The card and all below it, top down."""
        yield self
        for child in self.children:
            yield from child.walk()


def scored_children(kind: Kind, children: tuple[Scorecard, ...]) -> tuple[Scorecard, ...]:
    """The children that make the level: the scored half of 26, all groups of 7(2), all domains of 27."""
    if kind == Kind.SCORED_HALF:
        return tuple(child for child in children if child.indicator.scored)
    return children if kind in COMPOSED_KINDS else ()


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
    tops = build_cards(plan, fiscal_year, until)
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
    return _Rows(plan, fiscal_year, root, people=people).cards(until)


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator's card of a year, with the templates of all its years."""

    card: Scorecard | None  # None where the year has no template
    years: tuple[IndicatorVersion, ...]


def indicator_card(indicator: Indicator, fiscal_year: int, until: date) -> IndicatorCard:
    """The indicator's card with who entered and approved, and its templates of every year; five queries."""
    rows = _Rows(indicator.plan, fiscal_year, indicator, people=("entered_by", "approved_by"), all_years=True)
    return IndicatorCard(next(iter(rows.cards(until)), None), tuple(rows.all_years))


def _family(root: Indicator | None, path: str) -> Q:
    """The root, its children and their children: the source goes no deeper (7, 7(2), 7(2)(1))."""
    if root is None:
        return Q()
    return Q(**{path: root}) | Q(**{f"{path}__parent": root}) | Q(**{f"{path}__parent__parent": root})


# What a list of cards does not show: long texts that would be read and unpacked for nothing.
TEMPLATE_TEXTS = (
    "definition", "population", "reporting_method", "collection_method", "documents", "owner_template",
    "stakeholders_template", "stakeholder_texts", "contacts", "own_rounds",
)  # fmt: skip
RESULT_TEXTS = ("result__note", "result__problems", "result__suggestions", "result__acknowledged")


class _Rows:
    """All rows of one year, fetched once: templates, items, bands, rounds with results, values.

    `people`: of AUTHORS, with the results; `all_years`: with the root's templates of the other years.
    """

    def __init__(
        self,
        plan: Plan,
        fiscal_year: int,
        root: Indicator | None,
        *,
        people: Sequence[str] = (),
        all_years: bool = False,
    ) -> None:
        self.root = root
        within = _family(root, "indicator") & Q(fiscal_year=fiscal_year)
        # Superseded revisions of the year come along: they scored results that still stand.
        wanted = within | Q(indicator=root, is_active=True) if all_years else within
        versions = IndicatorVersion.objects.filter(wanted, indicator__plan=plan)
        versions = versions.select_related("indicator__issue", "indicator__parent").order_by("indicator__position")
        # The adapters sort; the models' own ordering would join three tables for nothing.
        parts = (Prefetch("items", DataItem.objects.order_by()), Prefetch("bands", ScoreBand.objects.order_by()))
        if root is None:
            versions = versions.defer(*TEMPLATE_TEXTS)
        self.revisions = {version.pk: version for version in versions.prefetch_related(*parts)}
        found = [version for version in self.revisions.values() if version.is_active]
        self.versions = [v for v in found if v.fiscal_year == fiscal_year]
        self.all_years = sorted((v for v in found if root and v.indicator_id == root.pk), key=lambda v: v.fiscal_year)
        self.present = {v.indicator_id for v in self.versions}
        self.children: dict[int | None, list[IndicatorVersion]] = {}
        for version in self.versions:
            self.children.setdefault(version.indicator.parent_id, []).append(version)
        self._fetch_results(Round.objects.filter(within, indicator__plan=plan), plan, people)

    def _fetch_results(self, rounds: QuerySet[Round], plan: Plan, people: Sequence[str]) -> None:
        """Each round with its result of the plan's hospital, in one query; then what was typed."""
        joined = rounds.annotate(result=FilteredRelation("results", condition=Q(results__measured_unit=plan.unit_id)))
        related = [f"result__{name}" for name in people]
        if self.root is None:
            joined = joined.defer(*RESULT_TEXTS)
        self.rounds: dict[int, list[tuple[Round, Result | None]]] = {}
        for round_ in joined.select_related("result", *related).order_by("number"):
            self.rounds.setdefault(round_.indicator_id, []).append((round_, getattr(round_, "result", None)))
        results = Result.objects.filter(round__in=rounds.values("pk"), measured_unit=plan.unit_id)
        values = DataValue.objects.filter(result__in=results.values("pk")).order_by()
        self.data = data_by_result(values.values_list("result_id", "code", "value", named=True))

    def cards(self, until: date) -> list[Scorecard]:
        """The cards of the top templates: those without a parent in the year, or the root's own."""
        return [_card(version, self, until) for version in self.versions if self._is_top(version)]

    def cells(self, version: IndicatorVersion) -> Iterator[RoundCell]:
        """The rounds of a template's indicator, in order of time."""
        today = clock.today()
        for round_, result in self.rounds.get(version.indicator_id, ()):
            data = self.data.get(result.pk, {}) if result else {}
            scored_by = self.revisions.get(result.version_id, version) if result else version
            yield RoundCell(round_, result, round_.due < today, data, scored_by)

    def _is_top(self, version: IndicatorVersion) -> bool:
        if self.root is not None:
            return version.indicator_id == self.root.pk
        return version.indicator.parent_id not in self.present


def _card(version: IndicatorVersion, rows: _Rows, until: date) -> Scorecard:
    template = template_of(version)
    cells = tuple(rows.cells(version))
    children = tuple(_card(child, rows, until) for child in rows.children.get(version.indicator_id, ()))
    score = _year_score(template, cells, until) if template.kind in TYPED_KINDS else None
    if template.kind in COMPOSED_KINDS:
        score = _composed_score(template, children)
    return Scorecard(version.indicator, version, template, cells, until, score, children)


def _composed_score(template: Template, children: tuple[Scorecard, ...]) -> Score | None:
    parts = scored_children(template.kind, children)
    # A part that is not due yet is not a missing part, unless it is all that there is.
    parts = tuple(part for part in parts if part.state != CardState.NOT_DUE) or parts
    if all(child.score is None for child in parts):
        return None
    return score_children(template, [(c.indicator.code, c.score or _nothing(c.template)) for c in parts])


def _nothing(template: Template) -> Score:
    return Score(template, State.INCOMPLETE)


def _year_score(template: Template, cells: Iterable[RoundCell], until: date) -> Score | None:
    approved = [cell.data for cell in cells if cell.is_approved and cell.round.end <= until]
    return year_to_date(template, approved) if approved else None
