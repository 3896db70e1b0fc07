"""Rows as compact JSON and back: every value exactly, nothing read from the database."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.connection import ConnectionDoesNotExist
from hypothesis import given
from hypothesis import strategies as st

from indicators.closing.tables import rows_of, table_of
from indicators.models import DataItem, Responsibility, Result, Round

decimals = st.decimals(min_value=-(10**11), max_value=10**11, places=4)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
moments = st.datetimes(timezones=st.just(UTC))
# Plain values: hypothesis writes down what it makes, and a result would look for its round.
results = st.fixed_dictionaries(
    {
        "pk": st.integers(1, 10**9),
        "round_id": st.integers(1, 10**9),
        "measured_unit_id": st.integers(1, 10**9),
        "version_id": st.integers(1, 10**9),
        "status": st.sampled_from(Result.Status.values),
        "value": st.none() | decimals,
        "level": st.none() | st.decimals(0, 5, places=4),
        "passed": st.none() | st.booleans(),
        "assessed_reason": texts,
        "note": texts,
        "acknowledged": st.lists(texts, max_size=3),
        "approved_at": st.none() | moments,
        "lock": st.integers(0, 1000),
        "is_demo": st.booleans(),
    }
)


def facts(row):
    return {f.attname: (type(value), value) for f in row._meta.concrete_fields for value in [getattr(row, f.attname)]}


@given(st.lists(results, max_size=6))
def test_there_and_back_by_json(given_values):
    rows = [Result(**values) for values in given_values]
    text = json.dumps(table_of(Result, rows))
    again = rows_of(Result, json.loads(text))
    assert [facts(row) for row in again] == [facts(row) for row in rows]


@given(st.lists(decimals, min_size=1, max_size=5))
def test_decimals_keep_their_places(numbers):
    rows = [DataItem(pk=place, version_id=1, code=str(place), full=number) for place, number in enumerate(numbers)]
    again = rows_of(DataItem, json.loads(json.dumps(table_of(DataItem, rows))))
    assert [str(row.full) for row in again] == [str(number) for number in numbers]


def test_what_is_the_same_stands_once():
    rows = [Round(pk=n, indicator_id=7, fiscal_year=2560, number=n, end=date(2017, 3, 31)) for n in (1, 2)]
    table = table_of(Round, rows)
    assert table["same"]["fiscal_year"] == 2560
    assert table["same"]["end"] == "2017-03-31"
    assert "fiscal_year" not in table["fields"]
    assert rows_of(Round, table) == rows


def test_one_and_true_and_a_text_are_not_the_same():
    rows = [DataItem(pk=pk, version_id=1, choices=choices) for pk, choices in enumerate(([True], [1], ["1"], []))]
    assert [row.choices for row in rows_of(DataItem, table_of(DataItem, rows))] == [[True], [1], ["1"], []]


def test_fields_can_be_left_out():
    table = table_of(Result, [Result(pk=1, round_id=2, note="ลับ")], leave=("note",))
    assert "note" not in table["fields"]
    assert rows_of(Result, table)[0].note == ""


def test_a_field_that_is_gone_is_passed_over():
    table = table_of(Round, [Round(pk=1), Round(pk=2)])
    table["same"]["colour"] = "red"
    table["fields"].append("shape")
    for row in table["rows"]:
        row.append("square")
    assert [row.pk for row in rows_of(Round, table)] == [1, 2]


def test_no_rows():
    assert rows_of(Round, table_of(Round, [])) == []


def test_a_frozen_row_reads_nothing_living():
    [row] = rows_of(Responsibility, table_of(Responsibility, [Responsibility(pk=1, indicator_id=2)]))
    with pytest.raises(ConnectionDoesNotExist):
        str(row.indicator)


def test_moments_and_numbers_have_their_types():
    at = datetime(2017, 4, 15, 9, 30, tzinfo=UTC)
    [row] = rows_of(Result, table_of(Result, [Result(pk=1, approved_at=at, value=Decimal("1.10"), policy="bands")]))
    assert (row.approved_at, str(row.value)) == (at, "1.10")
