"""Scores beside a second, plain way of counting them, written from DESIGN.md sections 3 to 5 alone."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.explain import State
from scoring.levels import Direction, Policy
from scoring.rollup import Standing, weighted_totals
from scoring.score import Part, score_across, score_data, score_number, score_pass_share, year_to_date
from scoring.steps import Step
from scoring.template import Across, Choice, Group, Item, ItemKind, Kind, Measure, Printed, Template

MANY = settings(max_examples=400, deadline=None)
GROUPS = ("", "G1", "G2", "G3")
BANDS = tuple((level, Printed(text)) for level, text in enumerate(("", "<49", "50-59", "60-69", "70-79", "80-100")))


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, by whole numbers: nothing of the module's own."""
    scale = 10**places
    units = (2 * abs(value) * scale + 1) // 2
    return Decimal(int(units if value >= 0 else -units)) / scale


# Checklists


@st.composite
def items_of(draw):
    kinds = st.sampled_from([ItemKind.TICK, ItemKind.POINTS, ItemKind.CHOICE])
    found = []
    for number in range(draw(st.integers(1, 7))):
        kind, full = draw(kinds), None
        if kind is ItemKind.POINTS or draw(st.booleans()):
            full = Decimal(draw(st.integers(0, 40))) / 4
        choices = (Choice("ก", Decimal(0)), Choice("ข", Decimal("2.5")), Choice("ค", Decimal(4)))
        found.append(Item(
            f"I{number}", "x", kind=kind, full=full, choices=choices if kind is ItemKind.CHOICE else (),
            group=draw(st.sampled_from(GROUPS)), may_be_na=draw(st.booleans()),
        ))  # fmt: skip
    return tuple(found)


@st.composite
def checklists(draw):
    groups = tuple(
        Group(code, code, Decimal(draw(st.integers(1, 20))), draw(st.integers(1, 4)), draw(st.booleans()))
        for code in GROUPS[1:]
    )
    measure = draw(st.sampled_from(list(Measure)))
    criterion = draw(st.sampled_from([None, Printed("60"), Printed("2 ข้อ")]))
    return Template(
        "X", "x", 2560, 1, Kind.CHECKLIST, "", Direction.HIGHER, items=draw(items_of()), groups=groups, bands=BANDS,
        measure=measure, pass_criterion=criterion, policy=draw(st.sampled_from(list(Policy))),
    )  # fmt: skip


@st.composite
def marks(draw, template):
    data = {}
    for item in template.items:
        if item.may_be_na and draw(st.booleans()):
            data[f"{item.code}_NA"] = Decimal(1)
        if draw(st.integers(0, 5)) == 0:
            continue
        if item.kind is ItemKind.TICK:
            data[item.code] = Decimal(draw(st.integers(0, 1)))
        elif item.kind is ItemKind.POINTS:
            data[item.code] = Decimal(draw(st.integers(0, int(item.full * 4)))) / 4
        else:
            data[item.code] = draw(st.sampled_from([choice.points for choice in item.choices]))
    return data


def worth(item: Item) -> Fraction:
    if item.full is not None:
        return Fraction(item.full)
    return Fraction(4) if item.kind is ItemKind.CHOICE else Fraction(1)


def counted(template: Template, data) -> tuple[str, Fraction | None, int]:
    """(why there is no value, the value, how many items are done), item by item."""
    applying = [item for item in template.items if data.get(f"{item.code}_NA") != 1]
    given_at_all = any(item.code in data for item in applying) or len(applying) < len(template.items)
    if not given_at_all:
        return "incomplete", None, 0
    if any(item.code not in data for item in applying if item.kind is not ItemKind.TICK):
        return "incomplete", None, 0
    if not applying:
        return "no_cases", None, 0
    got, out_of, done_in_all = Fraction(0), Fraction(0), 0
    for code in GROUPS:
        group = next((group for group in template.groups if group.code == code), None)
        own = [item for item in applying if item.group == code]
        done = 0
        for item in own:
            mark = Fraction(data.get(item.code, 0))
            done += mark >= (1 if item.kind is ItemKind.TICK else worth(item))
        done_in_all += done
        if group is not None and group.all_or_nothing:
            if own:
                out_of += Fraction(group.full)
                got += Fraction(group.full) if done >= min(group.need, len(own)) else 0
            continue
        for item in own:
            mark = Fraction(data.get(item.code, 0))
            got += mark * worth(item) if item.kind is ItemKind.TICK else mark
            out_of += worth(item)
    if template.measure is Measure.POINTS:
        return "", got, done_in_all
    return ("", got / out_of * 100, done_in_all) if out_of else ("cannot_compute", None, done_in_all)


def level_by_hand(value: Decimal) -> int:
    """Level 1 is open below: always reached."""
    return 1 + sum(value >= edge for edge in (50, 60, 70, 80))


@MANY
@given(st.data())
def test_a_checklist_counted_item_by_item(draw):
    template = draw.draw(checklists())
    data = draw.draw(marks(template))
    score = score_data(template, data)
    why, value, done = counted(template, data)
    assert score.state == (why or State.COMPUTED)
    if value is None:
        assert (score.value, score.level, score.passed) == (None, None, None)
        return
    assert (score.exact, score.value) == (value, rounded(value, 2))
    if template.policy is Policy.BANDS:
        assert score.level == level_by_hand(score.value)
        assert score_number(template, data) == (score.value, score.level)
    if template.pass_criterion is None:
        assert score.passed is None
    else:
        assert score.passed == (score.value >= 60 if template.pass_criterion.printed == "60" else done >= 2)
    assert year_to_date(template, [{item.code: Decimal(0) for item in template.items}, data]).value == score.value


# Milestones


@st.composite
def milestones(draw):
    number = draw(st.integers(1, 7))
    steps = [
        Step(n, f"ขั้น {n}", implied_by=draw(st.sampled_from([None, None, *range(n + 1, number + 1)])))
        for n in range(1, number + 1)
    ]
    bands = draw(st.sampled_from([(), BANDS]))
    return Template(
        "M", "m", 2560, 1, Kind.MILESTONE, "", Direction.HIGHER, steps=tuple(draw(st.permutations(steps))), bands=bands,
        policy=draw(st.sampled_from(list(Policy))), pass_criterion=Printed("ระดับ 5"), decimals=2,
    )  # fmt: skip


@MANY
@given(milestones(), st.data())
def test_steps_count_up_to_the_first_gap_and_are_never_interpolated(template, draw):
    count = len(template.steps)
    ticks = [draw.draw(st.booleans()) for _ in range(count)]
    score = score_data(template, {f"S{n}": Decimal(tick) for n, tick in enumerate(ticks, 1)})
    done = {n for n, tick in enumerate(ticks, 1) if tick}
    grown = True
    while grown:
        more = {step.number for step in template.steps if step.implied_by in done} - done
        done, grown = done | more, bool(more)
    reached = next((n - 1 for n in range(1, count + 1) if n not in done), count)
    assert (score.value, score.level, score.passed) == (reached, min(reached, 5), reached >= 5)
    assert score.policy is Policy.BANDS
    assert score.level == int(score.level)


# Children that pass, units at a level

PARTS = st.builds(Part, st.just("C"), st.sampled_from([True, False, None]), st.booleans(), st.booleans(), st.booleans())
SHARE = Template(
    "S", "s", 2560, 1, Kind.PASS_SHARE, "ร้อยละ", Direction.HIGHER, formula="A/B*100", bands=BANDS,
    items=(Item("A", "ผ่าน"), Item("B", "ทั้งหมด")), pass_criterion=Printed("≥80"),
)  # fmt: skip


@MANY
@given(st.lists(PARTS, max_size=80))
def test_the_share_of_children_that_pass(children):
    passed = whole = 0
    for child in children:
        if child.due and child.applicable:
            whole += 1
            if child.reported and child.passed:
                passed += 1
    score = score_pass_share(SHARE, children)
    assert dict(score.data) == {"A": passed, "B": whole}
    if not whole:
        assert (score.state, score.level, score.passed) == (State.NO_CASES, None, None)
        return
    value = rounded(Fraction(100 * passed, whole), 2)
    assert (score.value, score.level, score.passed) == (value, level_by_hand(value), value >= 80)


LEVELS = st.none() | st.decimals(0, 5, places=4)


@MANY
@given(st.lists(LEVELS, max_size=30), st.integers(1, 5), st.integers(1, 26))
def test_the_number_of_units_at_a_level(levels, level, wanted):
    across = Across(level, criterion=Printed(f"{wanted} แห่ง"))
    template = Template("K", "k", 2566, 1, Kind.FORMULA, "คะแนน", Direction.LOWER, across=across, bands=BANDS)
    score = score_across(template, [(str(n), value) for n, value in enumerate(levels)])
    at_level = len([value for value in levels if value is not None and value >= level])
    if all(value is None for value in levels):
        assert (score.state, score.value, score.passed) == (State.INCOMPLETE, None, None)
        return
    assert (score.value, score.level, score.passed) == (at_level, None, at_level >= wanted)
    assert (score.counted.reported, score.counted.measured) == (
        sum(value is not None for value in levels),
        len(levels),
    )


# Totals

STANDINGS = st.builds(
    Standing, weight=st.none() | st.decimals(0, 9, places=3), level=LEVELS, due=st.booleans(), reported=st.booleans(),
    applicable=st.booleans(), open_rounds=st.booleans(), computable=st.booleans(),
)  # fmt: skip


@MANY
@given(st.lists(STANDINGS, max_size=20))
def test_the_five_totals_by_hand(rows):
    sums = dict.fromkeys(("all", "due", "reported", "earned", "best", "worst"), Fraction(0))
    for row in rows:
        if not row.weight or not row.applicable:
            continue
        weight = Fraction(row.weight)
        level = Fraction(row.level) if row.level is not None and row.computable else Fraction(0)
        sums["all"] += weight
        sums["best"] += weight * (5 if row.open_rounds else level)
        sums["worst"] += weight * (0 if row.open_rounds else level)
        if row.due:
            sums["due"] += weight
        if row.due and row.reported and row.computable and row.level is not None:
            sums["reported"] += weight
            sums["earned"] += weight * level

    def share(part: str, whole: str) -> Fraction | None:
        return sums[part] / sums[whole] if sums[whole] else None

    totals = weighted_totals(rows)
    assert totals.reported == share("earned", "reported")
    assert totals.official == share("earned", "due")
    assert totals.coverage == share("reported", "due")
    assert (totals.best, totals.worst) == (share("best", "all"), share("worst", "all"))
