"""Every score explains itself: the sentences and the plain data."""

import json
from dataclasses import replace
from decimal import Decimal as D

import pytest

from scoring.score import (
    score_data,
    score_value,
    year_to_date,
)
from scoring.template import Accumulation
from tests.scoring.samples import MILESTONE, PAIR, PERCENT, WAITING, A, B, data, marks

# The explanation.


def test_sentences_of_a_percentage():
    assert score_data(PERCENT, data(A=33, B=40)).explanation.sentences() == (
        "A จำนวน PCC ที่ได้มาตรฐาน = 33 แห่ง",
        "B จำนวน PCC ทั้งหมด = 40 แห่ง",
        "สูตร A/B*100 = 33/40*100 = 82.5",
        "ปัดเศษครึ่งขึ้นเป็นทศนิยม 2 ตำแหน่ง: 82.50",
        "ได้ระดับ 4 เพราะถึงขีดของระดับ 4 (พิมพ์ว่า 80 - 86: ตั้งแต่ 80)",
        "ระดับ 5 ต้องมากกว่า 87 ยังขาด 4.50",
        "ไม่ผ่านเกณฑ์ (>87)",
    )


def test_sentences_where_lower_is_better():
    sentences = score_data(WAITING, data(A=3480, B=20)).explanation.sentences()
    assert "ได้ระดับ 4 เพราะถึงขีดของระดับ 4 (พิมพ์ว่า 171 - 175: ไม่เกิน 175)" in sentences
    assert "ระดับ 5 ต้องไม่เกิน 170 ต้องลดลงอีก 4.00" in sentences


def test_sentences_at_the_ends_of_the_scale():
    top = score_value(PERCENT, D(95)).explanation
    assert top.following is None
    assert "ผ่านเกณฑ์ (>87)" in top.sentences()
    bottom = score_value(PERCENT, D(10)).explanation
    assert bottom.reached is None
    assert "ได้ระดับ 0 เพราะยังไม่ถึงขีดของระดับใด" in bottom.sentences()
    assert "ระดับ 1 ต้องตั้งแต่ 65 ยังขาด 55.00" in bottom.sentences()


def test_a_value_on_a_strict_edge_is_told_that_it_is_on_it():
    sentences = score_value(PERCENT, D(87)).explanation.sentences()
    assert "ระดับ 5 ต้องมากกว่า 87 ค่านี้เท่ากับขีดพอดี จึงยังไม่ถึง" in sentences


def test_sentences_of_a_pair():
    sentences = score_data(PAIR, data(A=764, B=236)).explanation.sentences()
    assert "สูตร (A/C):(B/C) = (764/1000):(236/1000) = 76.4 : 23.6" in sentences
    assert "ปัดเศษครึ่งขึ้นเป็นทศนิยม 2 ตำแหน่ง: 76.40 : 23.60" in sentences
    assert "ระดับคะแนนคิดจากตัวเลขแรกของคู่" in sentences


def test_a_corrected_formula_is_told():
    corrected = replace(PERCENT, formula_printed="(B/A)*100", formula_reason="พิมพ์กลับด้าน")
    assert (
        "สูตร: ใช้ค่าแก้ไข A/B*100 แทนที่พิมพ์ (B/A)*100 เพราะ พิมพ์กลับด้าน"
        in score_value(corrected, D(1)).explanation.sentences()
    )


@pytest.mark.parametrize(
    "score",
    [
        score_data(PERCENT, data(A=33, B=40)),
        score_data(PERCENT, data(A=33)),
        score_data(PAIR, data(A=764, B=236)),
        score_data(MILESTONE, marks(1, 2)),
        score_value(WAITING, D(160)),
        year_to_date(
            replace(PERCENT, items=(replace(A, accumulation=Accumulation.MEAN), B)), [data(A=1, B=3), data(A=2, B=3)]
        ),
    ],
)
def test_explanation_as_plain_data(score):
    plain = score.explanation.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["sentences"] == list(score.explanation.sentences())
    assert not any(isinstance(value, float) for value in plain.values())


def test_plain_numbers_are_texts():
    plain = score_data(PERCENT, data(A=33, B=40)).explanation.as_dict()
    assert (plain["value"], plain["level"], plain["passed"]) == ("82.50", "4", False)
    assert plain["following"] == {"level": 5, "printed": ">87", "edge": "มากกว่า 87", "gap": "4.50"}
    assert plain["template"] == {"code": "11(1)", "name": "ร้อยละความพึงพอใจ", "fiscal_year": 2560, "revision": 1}
