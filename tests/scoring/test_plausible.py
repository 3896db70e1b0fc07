"""What is odd beside earlier rounds: worked examples with a hospital's numbers, and what holds for any numbers."""

import random
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as Fr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.plausible import PastRound, Series, _percent_off, implausible, wholes_of
from scoring.score import score_data
from scoring.template import Accumulation, Item, Kind
from tests.scoring.measures import ITA, K405
from tests.scoring.samples import MILESTONE, PERCENT, WAITING, bands, data

COUNT = replace(
    PERCENT, code="30", unit="เรื่อง", formula="A", decimals=0, items=(Item("A", "ผลงานวิชาการ", whole=True),),
    bands=bands("<2", "2", "3", "4", "5", ">5"),
)  # fmt: skip


def past(template, number=0, **values):
    """An earlier round with these numbers, scored by the template."""
    score = score_data(template, data(**values))
    return PastRound(f"งวด {number}", score.value, score.level, data(**values))


def series(template, **columns):
    """Rounds in order of time: `series(WAITING, A="33600 34000", B="200 200")`."""
    rows = zip(*(text.split() for text in columns.values()), strict=True)
    return [past(template, number, **dict(zip(columns, row, strict=True))) for number, row in enumerate(rows, 1)]


def found(template, pasts, **values):
    """The codes of the warnings about these numbers."""
    return [warning.code for warning in told(template, pasts, **values)]


def odd(template, pasts, **values):
    """The same without levels, which jump where values do."""
    return [code for code in found(template, pasts, **values) if code != "level_jump"]


def told(template, pasts, **values):
    numbers = data(**values)
    return implausible(score_data(template, numbers), numbers, pasts)


# Waiting time in an OPD: a year of about 200 patients a month who wait 166 to 176 minutes
YEAR = series(
    WAITING,
    A="34800 33600 35200 34040 35700 33250 34680 36100 33900 34200 35350 34510",
    B="  202   198   205   201   208   195   204   210   199   203   207   203",
)
# Referrals: 9 to 13 percent of about 100 a month
REFERRED = series(PERCENT, A="11 12 10 13 11 9 12 10 11 13 12 10", B="98 101 95 104 99 92 103 97 100 106 102 96")
# A rare infection: none in most months, once one, once two
RARE = series(PERCENT, A="0 0 1 0 0 0 2 0 0 0 0 0", B="400 380 410 395 402 388 415 399 405 391 384 408")


@pytest.mark.parametrize(
    ("template", "pasts", "values", "codes"),
    [
        # a month like the others
        (WAITING, YEAR, {"A": 34300, "B": 201}, []),
        (PERCENT, REFERRED, {"A": 14, "B": 101}, []),
        # minutes typed without the last digit, with one too many, seconds in place of minutes
        (WAITING, YEAR, {"A": 3430, "B": 201}, ["far_value"]),
        (WAITING, YEAR, {"A": 343000, "B": 201}, ["far_value"]),
        (WAITING, YEAR, {"A": 34300 * 60, "B": 201}, ["far_value"]),
        # the patients of another ward, the whole quarter instead of the month
        (WAITING, YEAR, {"A": 34300, "B": 21}, ["far_value", "drift"]),
        (WAITING, YEAR, {"A": 102900, "B": 603}, ["drift"]),
        (PERCENT, REFERRED, {"A": 33, "B": 301}, ["drift"]),
        # numerator and denominator in the wrong boxes
        (PERCENT, REFERRED, {"A": 101, "B": 12}, ["far_value", "drift"]),
        # a fourth more is no typing error, twice as many is far
        (PERCENT, REFERRED, {"A": 15, "B": 100}, []),
        (PERCENT, REFERRED, {"A": 31, "B": 100}, ["far_value"]),
        # one, two or three of 400 happen by chance, nine do not
        (PERCENT, RARE, {"A": 1, "B": 400}, []),
        (PERCENT, RARE, {"A": 3, "B": 400}, []),
        (PERCENT, RARE, {"A": 9, "B": 400}, ["far_value"]),
        # a ward that doubled drifts, one that grew by a third does not
        (PERCENT, REFERRED, {"A": 22, "B": 200}, ["drift"]),
        (PERCENT, REFERRED, {"A": 14, "B": 132}, []),
        (PERCENT, REFERRED, {"A": 5, "B": 40}, ["drift"]),
    ],
)
def test_worked_examples(template, pasts, values, codes):
    assert odd(template, pasts, **values) == codes


def test_the_rarer_side_of_a_share_counts():
    """95 of 100 on time: 80 on time are three times as many late ones, and no chance."""
    on_time = series(PERCENT, A="95 96 94 95 97 95 94 96", B="100 100 100 100 100 100 100 100")
    assert odd(PERCENT, on_time, A=90, B=101) == []
    assert "far_value" in odd(PERCENT, on_time, A=80, B=101)


def test_points_and_counts_jump_by_themselves():
    papers = series(COUNT, A="2 3 2 4 3 2 3 2")
    assert odd(COUNT, papers, A=6) == []
    assert "far_value" in odd(COUNT, papers, A=60)


def test_a_series_that_never_moved():
    flat = series(WAITING, A="34000 34000 34000 34000 34000", B="200 200 200 200 200")
    assert odd(WAITING, flat, A=34400, B=200) == []
    assert odd(WAITING, flat, A=42500, B=200) == ["far_value"]


def test_nothing_but_zeros():
    zeros = series(PERCENT, A="0 0 0 0 0", B="50 52 49 51 50")
    assert odd(PERCENT, zeros, A=0, B=51) == []
    assert odd(PERCENT, zeros, A=2, B=50) == []
    empty = series(PERCENT, A="0 0 0 0", B="0 0 0 0")
    assert [row.value for row in empty] == [None] * 4
    assert odd(PERCENT, empty, A=0, B=0) == []
    assert odd(PERCENT, empty, A=3, B=40) == ["drift"]


def test_too_few_rounds_say_nothing():
    assert odd(WAITING, YEAR[:3], A=343000, B=201) == []
    assert odd(WAITING, YEAR[:2], A=34300, B=2010) == []
    assert odd(WAITING, YEAR[:4], A=343000, B=201) == ["far_value"]
    assert odd(WAITING, [], A=343000, B=201) == []


def test_only_the_last_twelve_are_looked_at():
    long_ago = series(WAITING, A="343000 343000 343000", B="200 200 200")
    assert odd(WAITING, [*long_ago, *YEAR], A=343000, B=201) == ["far_value"]


def test_what_was_explained_once_does_not_ask_every_month():
    doubled = past(WAITING, 13, A=70000, B=410)
    assert odd(WAITING, YEAR, A=70000, B=410) == ["drift"]
    assert odd(WAITING, [*YEAR, doubled], A=71400, B=420) == []


def test_sentences_name_the_numbers():
    far, drift, _jump = told(WAITING, YEAR, A=34300, B=21)
    assert far.message == ("ผลงาน 1,633.33 สูงกว่า 12 งวดที่ผ่านมามาก ซึ่งอยู่ระหว่าง 168.47 ถึง 172.28 (ค่ากลาง 170.43)")
    assert far.items == ("A", "B")
    assert drift.message == "B จำนวนผู้ป่วย เป็น 21 น้อยกว่าค่ากลางของ 12 งวดที่ผ่านมา (203) ร้อยละ 90"
    assert drift.items == ("B",)
    low = told(WAITING, YEAR, A=3430, B=201)[0]
    assert "ต่ำกว่า 12 งวดที่ผ่านมามาก" in low.message
    more = told(WAITING, YEAR, A=102900, B=603)[-1]
    assert "เป็น 603 มากกว่าค่ากลางของ 12 งวดที่ผ่านมา (203) ร้อยละ 197" in more.message


@pytest.mark.parametrize(
    ("value", "percent"),
    [(D(44_444), "99.6"), (D(1), "99.9"), (D(0), "100"), (D(100_000), "99"), (D(23_600_000), "100")],
)
def test_less_by_almost_all_is_not_less_by_all(value, percent):
    assert _percent_off(Fr(value), Fr(11_775_303)) == percent


def test_a_drift_from_nothing():
    empty = series(PERCENT, A="0 0 0", B="0 0 0")
    assert "เป็น 40 ทั้งที่ค่ากลางของ 3 งวดที่ผ่านมาเป็น 0" in told(PERCENT, empty, A=3, B=40)[0].message


# What is divided by


def test_wholes_are_divisors_and_what_others_are_parts_of():
    assert wholes_of(PERCENT) == {"B"}
    assert wholes_of(WAITING) == {"B"}
    pair = replace(PERCENT, formula="(A/C):(B/C)", items=(Item("A", "ใน"), Item("B", "นอก"), Item("C", "ทั้งหมด")))
    assert wholes_of(pair) == {"C"}
    groups = replace(PERCENT, formula="mean(A1/B1, A2/(B2*C))*100", items=())
    assert wholes_of(groups) == {"B1", "B2", "C"}
    derived = replace(PERCENT, formula="C*100", items=(Item("C", "อัตรา", derived="A/D"), Item("A", "ก", at_most="N")))
    assert wholes_of(derived) == {"D", "N"}
    assert wholes_of(replace(PERCENT, formula="A/(")) == {"B"}  # unreadable


# Levels


def test_a_jump_of_three_levels():
    steady = series(PERCENT, A="81 82 66", B="100 100 100")  # levels 4, 4, 1
    assert found(PERCENT, steady, A=76, B=100) == []  # level 3
    assert found(PERCENT, steady, A=82, B=100) == ["level_jump"]
    warning = told(PERCENT, steady, A=90, B=100)[0]
    assert warning.message == "ระดับคะแนนเป็น 5 จากระดับ 1 ในงวดก่อน (งวด 3) ต่างกัน 4 ระดับ"
    assert found(PERCENT, steady[:2], A=50, B=100) == ["level_jump"]


def test_a_jump_is_counted_from_the_last_round_with_a_level():
    gap = PastRound("งวด 9", None, None, {})
    assert found(PERCENT, [past(PERCENT, A=66, B=100), gap], A=90, B=100) == ["level_jump"]


def test_steps_jump_too():
    before = [past(MILESTONE, S1=1, S2=0, S3=0, S4=0, S5=0)]
    assert found(MILESTONE, before, S1=1, S2=1, S3=1, S4=0, S5=0) == []
    assert found(MILESTONE, before, S1=1, S2=1, S3=1, S4=1, S5=0) == ["level_jump"]


def test_a_scale_of_two_levels_has_nothing_to_jump_over():
    yes_no = replace(PERCENT, bands=(bands("<80")[0], (5, bands(*["≥80"] * 6)[5][1])))
    assert found(yes_no, [past(yes_no, A=50, B=100)], A=90, B=100) == []


# The same again


def test_the_same_numbers_again():
    last = series(WAITING, A="34000 34300", B="200 201")
    (warning,) = told(WAITING, last, A=34300, B=201)
    assert (warning.code, warning.items) == ("same_again", ("A", "B"))
    assert warning.message == "ตัวเลขทุกช่องเท่ากับงวดก่อน (งวด 2): A = 34,300, B = 201"
    assert found(WAITING, last, A=34300, B=200) == []
    assert found(WAITING, last, A=34000, B=200) == []  # of the round before that


def test_zero_is_not_missing_when_numbers_are_compared():
    last = [past(PERCENT, A=0, B=40)]
    assert found(PERCENT, last, A=0, B=40) == ["same_again"]
    assert found(PERCENT, last, B=40) == []


def test_what_is_equal_by_nature_does_not_ask():
    assert found(PERCENT, [past(PERCENT, A=0, B=0)], A=0, B=0) == []
    assert found(PERCENT, [past(PERCENT, A=2, B=7)], A=2, B=7) == []  # small counts
    assert found(MILESTONE, [past(MILESTONE, S1=1)], S1=1) == []
    assert found(K405, [past(K405, EIA=86, TPS=100)], EIA=86, TPS=100) == []  # a choice
    ticks = {item.code: 1 for item in ITA.items}
    assert found(ITA, [past(ITA, **ticks)], **ticks) == []
    standing = replace(WAITING, items=tuple(replace(item, accumulation=Accumulation.LAST) for item in WAITING.items))
    assert found(standing, [past(standing, A=34300, B=201)], A=34300, B=201) == []


# What holds for any numbers

NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
COUNTS = st.integers(0, 10**6).map(D)
FORMULAS = ("A/B*100", "A/B", "A", "(A-B)*100/A", "mean(A/B, B/A)", "if(A>B, 1, 0)+B", "(A/B):(B/A)", "A/(", "")


@st.composite
def rounds(draw, template):
    kept = draw(st.dictionaries(st.sampled_from(["A", "B", "C"]), NUMBERS | COUNTS | st.none(), max_size=3))
    score = score_data(template, kept)
    return PastRound(draw(st.text(max_size=5)), score.value, score.level, kept)


@given(st.data())
def test_it_never_raises_and_says_each_thing_once(draw):
    template = replace(
        draw.draw(st.sampled_from([PERCENT, WAITING, COUNT])), formula=draw.draw(st.sampled_from(FORMULAS))
    )
    pasts = draw.draw(st.lists(rounds(template), max_size=15))
    here = draw.draw(rounds(template))
    warnings = implausible(score_data(template, here.data), here.data, pasts)
    assert len({(warning.code, warning.items) for warning in warnings}) == len(warnings)
    assert all(warning.message for warning in warnings)


SERIES = st.lists(NUMBERS.map(Fr), min_size=4, max_size=12)


@given(SERIES, NUMBERS.map(Fr), st.integers(1, 10**6))
def test_what_is_far_stays_far_further_out(numbers, number, further):
    found = Series(tuple(numbers))
    outwards = number + further if number > found.middle else number - further
    for is_odd in (found.is_far, found.has_drifted):
        assert not is_odd(number) or is_odd(outwards)


@given(SERIES, NUMBERS.map(Fr), st.randoms())
def test_the_order_of_the_rounds_does_not_matter(numbers, number, shuffler):
    mixed = list(numbers)
    shuffler.shuffle(mixed)
    one, other = Series(tuple(numbers)), Series(tuple(mixed))
    assert (one.is_far(number), one.has_drifted(number)) == (other.is_far(number), other.has_drifted(number))


@given(SERIES, NUMBERS.map(Fr))
def test_what_was_there_before_is_never_odd(numbers, number):
    known = Series((*numbers, number))
    assert not known.is_far(number)
    assert not known.has_drifted(number)


@given(st.integers(1, 10**6), st.lists(st.integers(-4, 4), min_size=5, max_size=13))
def test_a_series_within_four_percent_is_never_odd(middle, percents):
    *before, here = (Fr(middle * (100 + percent), 100) for percent in percents)
    found = Series(tuple(before))
    assert not found.is_far(here)
    assert not found.has_drifted(here)


@given(SERIES, NUMBERS.map(Fr), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_chance_never_asks_more(numbers, number, less, more):
    found = Series(tuple(numbers))
    small, large = sorted((Fr(less), Fr(more)))
    assert found.is_far(number, small) or not found.is_far(number, large)
    assert found.has_drifted(number, small) or not found.has_drifted(number, large)


# How often it asks for nothing, and what it misses (the figures of the module's head)


def _steady(chance: random.Random):
    """Series as hospitals have them: shares of different sizes, a mean that scatters by a tenth or a third."""

    def share(size, percent):
        whole = max(1, round(chance.gauss(size, size / 12)))
        return {"A": sum(chance.random() * 100 < percent for _ in range(whole)), "B": whole}

    def mean(scatter):
        whole = chance.randint(190, 230)
        return {"A": max(0, round(whole * chance.gauss(170, 170 * scatter / 100))), "B": whole}

    return [
        (PERCENT, lambda: share(100, 1)), (PERCENT, lambda: share(15, 33)), (PERCENT, lambda: share(100, 95)),
        (PERCENT, lambda: share(400, 50)), (WAITING, lambda: mean(2)), (WAITING, lambda: mean(10)),
        (WAITING, lambda: mean(30)),
    ]  # fmt: skip


def test_it_seldom_asks_for_nothing():
    chance = random.Random(2560)
    for template, draw in _steady(chance):
        asked = 0
        for _time in range(150):
            pasts = [past(template, **draw()) for _round in range(12)]
            asked += any(code in ("far_value", "drift") for code in found(template, pasts, **draw()))
        assert asked <= 150 * 3 / 100 + 3, template.code


def test_slips_by_a_factor_of_ten_are_seen():
    chance = random.Random(2561)
    for template, draw in _steady(chance)[2:6]:
        for _time in range(40):
            pasts = [past(template, **draw()) for _round in range(12)]
            slip = draw()
            item = chance.choice("AB")
            slip[item] = slip[item] * 10 if chance.random() < 0.5 else max(1, slip[item] // 10)
            above = template is PERCENT and slip["A"] > slip["B"]  # scoring.checks says so
            assert above or {"far_value", "drift"} & set(found(template, pasts, **slip)), (slip, template.code)


def test_kinds_without_counts_have_no_far_values():
    assert Kind.MILESTONE is MILESTONE.kind
    before = [past(MILESTONE, number, S1=1, S2=0) for number in range(6)]
    assert found(MILESTONE, before, S1=1, S2=1, S3=1, S4=0) == []
