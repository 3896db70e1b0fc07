"""A short run of script/fuzz with texts that are always the same; the long one is a million of each."""

import pytest

from script.fuzzing.chunk import chunk

COUNT = 4_000
SLOWEST = 0.5  # seconds of one call; script/fuzz is stricter, on a machine with nothing else to do


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        ("notation", {"read", "refused"}),
        ("formula", {"computed", "cannot compute", "no cases", "refused"}),
    ],
)
def test_any_text_is_read_or_refused_and_what_is_read_can_be_used(kind, outcomes):
    found, _memory = chunk(kind, "test", COUNT, patience=0)
    assert found.defects == []
    assert set(found.outcomes) == outcomes
    assert found.outcomes["refused"] < COUNT * 3 / 4  # else the texts have lost touch with the grammar
    assert found.slowest[0] < SLOWEST * 1e9, found.slowest
