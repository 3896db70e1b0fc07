"""How long something takes, in a way that can be compared."""

import time
from collections.abc import Callable
from statistics import median


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median of so many runs, after one that is not counted."""
    work()
    times = []
    for _run in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return median(times)
