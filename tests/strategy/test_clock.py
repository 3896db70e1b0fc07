"""The clock while the demo year acts days gone by."""

from datetime import date, datetime

import pytest

from strategy import clock
from strategy.periods import THAI_TIME

LATE_EVENING = datetime(2017, 2, 20, 23, 30, tzinfo=THAI_TIME)


@pytest.mark.parametrize("fixed", [date(2017, 4, 15), None])
def test_it_stands_on_the_moment_for_the_block_alone(settings, fixed):
    settings.KPITRACK_TODAY = fixed
    before = clock.today()
    with clock.at_moment(LATE_EVENING):
        assert (clock.now(), clock.today()) == (LATE_EVENING, date(2017, 2, 20))
        with clock.at_moment(LATE_EVENING.replace(day=21)):
            assert clock.today() == date(2017, 2, 21)
        assert clock.today() == date(2017, 2, 20)
        assert clock.is_fixed() is (fixed is not None)
    assert clock.today() == before


def test_it_goes_back_where_the_block_fails(settings):
    settings.KPITRACK_TODAY = date(2017, 4, 15)
    with pytest.raises(ValueError, match="refused"), clock.at_moment(LATE_EVENING):
        raise ValueError("refused")
    assert clock.today() == date(2017, 4, 15)
