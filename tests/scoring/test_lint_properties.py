"""Properties of the linter: silent on scales that are whole, loud on shuffled ones, and never raising."""

import re
from dataclasses import replace
from decimal import Decimal as D
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scoring.levels import Direction
from scoring.lint import KINDS, Fix, PlanSheet, PrintedBaseline, PrintedSection, Sheet, lint_plan, lint_sheet
from scoring.notation import parse_notation
from scoring.steps import Step
from scoring.template import Accumulation, Across, Choice, Group, Item, ItemKind, Kind, Measure, Printed, RoundRule
from tests.scoring.lint_samples import TARGET_FREE, kinds, template

UNFILLED = re.compile(r"%\([a-z]+\)[sd]")
WIDTHS = st.lists(st.integers(2, 900), min_size=4, max_size=4)


def scale(start: int, widths: list[int], direction: str) -> tuple[str, ...]:
    """Bands in hundredths that leave nothing out, from level 0 to 5."""
    edges = [start]
    for width in widths:
        edges.append(edges[-1] + width)
    inner = [f"{D(low) / 100} - {D(high - 1) / 100}" for low, high in pairwise(edges)]
    outer = f"<{D(edges[0]) / 100}", f"≥{D(edges[-1]) / 100}"
    bands = (outer[0], *inner, outer[1])
    return bands if direction == "higher" else tuple(reversed(bands))


@given(start=st.integers(100, 5000), widths=WIDTHS, direction=st.sampled_from(["higher", "lower"]))
def test_a_well_formed_scale_has_no_defect(start, widths, direction):
    one = template(*scale(start, widths, direction), direction=direction, items=(Item("A", ""), Item("B", "")))
    assert not kinds(lint_sheet(Sheet(one))) & set(TARGET_FREE)


@given(
    start=st.integers(100, 5000),
    widths=WIDTHS,
    direction=st.sampled_from(["higher", "lower"]),
    order=st.permutations(range(1, 6)).filter(lambda order: list(order) != [1, 2, 3, 4, 5]),
)
def test_a_shuffled_scale_has(start, widths, direction, order):
    bands = scale(start, widths, direction)
    shuffled = (bands[0], *(bands[place] for place in order))
    one = template(*shuffled, direction=direction, items=(Item("A", ""), Item("B", "")))
    assert kinds(lint_sheet(Sheet(one))) & {"non_monotonic", "unreachable_level"}


@given(start=st.integers(100, 5000), widths=WIDTHS, level=st.integers(1, 4))
def test_a_reversed_band_is_found_and_its_fix_mends_it(start, widths, level):
    bands = list(scale(start, widths, "higher"))
    low, high = bands[level].split(" - ")
    bands[level] = f"{high} - {low}"
    one = template(*bands, items=(Item("A", ""), Item("B", "")))
    (finding,) = [each for each in lint_sheet(Sheet(one)) if each.kind == "inverted_band"]
    assert finding.fix == Fix(f"bands.{level}", finding.fix.text)
    assert parse_notation(finding.fix.text) == parse_notation(f"{low} - {high}")


PRINTED = st.sampled_from(
    [
        "", "-", "NA", "≥20", ">85", "<71", "‹71", "72 – 73", "95 -94", "100", "60%", "0%", "ระดับ 4", "<ระดับ 2",
        "ลดลง >5", ">2 เรื่อง", "76: 24", "≥ 80 : ≤ 20", "ร้อยละ 50 - 59", "5 ข้อ", "ไม่มี/ส่งผลงาน", "1<40", "ทุกวัน", "12 แห่ง",
        "-5 - -1", "0.001 - 0.002", "999999999999999", "<130:100000", "20% (2 แห่ง)", "4.6 - 4.6",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    PRINTED, st.text(max_size=20).filter(lambda text: "%(" not in text), st.decimals(-200, 200, places=2).map(str)
)
NUMBERS = st.one_of(st.none(), st.integers(-1000, 1000).map(D))
FORMULAS = st.sampled_from(
    ["", "A", "A/B*100", "(A/C):(B/C)", "mean(A/B, C)", "A/", "A*100/(B*C)", "abs(A-B)*100/abs(A)", "(A<1.5)+(B<1)*2",
     "if(A>0, B/A, 0)", "round(A/B, 2)", "(A+B)/3", "-A", "min(A,B)-max(A,C)", "count(A)", "9/0*A", "X"]
)  # fmt: skip


def corrected(text):
    return st.builds(Printed, text, st.one_of(st.none(), text), st.one_of(st.none(), st.just("เหตุผล")))


ITEMS = st.lists(
    st.builds(
        Item,
        st.sampled_from(["A", "B", "C", "EB1", "EB3"]),
        st.just("รายการ"),
        unit=st.sampled_from(["", "คน", "ตำบล"]),
        accumulation=st.sampled_from(Accumulation),
        minimum=NUMBERS,
        maximum=NUMBERS,
        at_most=st.sampled_from([None, "B", "Z"]),
        derived=st.sampled_from([None, "A+B", "A/"]),
        whole=st.booleans(),
        kind=st.sampled_from(ItemKind),
        choices=st.just((Choice("A", D(100)), Choice("B", D(50)))),
        group=st.sampled_from(["", "G"]),
        full=NUMBERS,
    ),
    max_size=4,
    unique_by=lambda item: item.code,
).map(tuple)
BANDS = st.lists(st.tuples(st.integers(0, 5), corrected(TEXTS)), max_size=7, unique_by=lambda pair: pair[0]).map(tuple)
RULES = st.lists(
    st.builds(RoundRule, st.integers(1, 4), target=TEXTS, bands=BANDS, pass_criterion=st.none() | corrected(TEXTS)),
    max_size=2,
).map(tuple)


SECTIONS = st.lists(
    st.builds(
        PrintedSection,
        st.sampled_from(["higher_target", "higher_kpi", "own_kpi", "criterion"]),
        st.just("5"),
        st.just("เกณฑ์"),
        st.one_of(TEXTS, st.sampled_from(["> 4 ต่อปี", "ระดับ 4 ขึ้นไป ทุกแห่ง", "ความพึงพอใจ >90%"])),
    ),
    max_size=3,
).map(tuple)


@st.composite
def sheets(draw):
    one = replace(
        template(),
        kind=draw(st.sampled_from(Kind)),
        direction=draw(st.sampled_from(Direction)),
        decimals=draw(st.integers(0, 4)),
        unit=draw(st.sampled_from(["", "ร้อยละ", "นาที", "ระดับ", "MJ/เตียง/วัน"])),
        formula=draw(FORMULAS),
        cutoff=draw(TEXTS),
        formula_printed=draw(st.one_of(FORMULAS, TEXTS, st.just("เป็น 2 - 3 ได้ 3 คะแนน"))),
        items=draw(ITEMS),
        bands=draw(BANDS),
        pass_criterion=draw(st.none() | corrected(TEXTS)),
        fail_criterion=draw(st.none() | corrected(TEXTS)),
        target=draw(TEXTS),
        steps=tuple(Step(n, "ขั้น") for n in range(1, draw(st.integers(0, 6)) + 1)),
        groups=draw(st.sampled_from([(), (Group("G", "หมวด", D(5), 2, True),), (Group("G", "หมวด", D(5), 9),)])),
        measure=draw(st.sampled_from(Measure)),
        rounds=draw(RULES),
        across=draw(st.sampled_from([None, Across(5)])),
    )
    return Sheet(
        one,
        name_template=draw(TEXTS),
        weight=draw(st.none() | st.just(D(2))),
        weight_above=draw(st.booleans()),
        plan_target=draw(TEXTS),
        template_target=draw(TEXTS),
        baselines=tuple(PrintedBaseline(text, number) for text, number in draw(st.lists(st.tuples(TEXTS, NUMBERS)))),
        frequency_table=draw(TEXTS),
        frequency_template=draw(st.sampled_from(["รายเดือน", "1 ครั้งต่อปี", "0 ครั้งต่อปี"])),
        care_levels=draw(TEXTS),
        care_levels_summary="ทุกระดับ",
        owner="ก.",
        owner_template=draw(TEXTS),
        definition=draw(TEXTS) + "\nมี 3 ข้อ ดังนี้\n1. ก\n2) ข",
        sections=draw(SECTIONS),
    )


@settings(deadline=None, max_examples=150, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(sheets(), max_size=3))
def test_it_never_raises_and_always_says_what_in_thai(found):
    for findings in lint_plan(PlanSheet("P", tuple(found), grades=(("A", ">80"), ("B", "7")))):
        for finding in findings:
            assert finding.kind in KINDS
            assert any("ก" <= character <= "๙" for character in finding.message)
            assert not UNFILLED.search(finding.message + finding.proposal)
            assert len(finding.fingerprint) == 64
            if finding.fix:
                parse_notation(finding.fix.text)
                assert finding.fix.place in ("pass", "fail", *(f"bands.{level}" for level in range(6)))
