"""`script/fuzz`: see there."""

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from django.conf import settings

from script.fuzzing.checks import Findings
from script.fuzzing.chunk import KINDS, chunk, prepare_process

CHUNK = 5_000
SLOWEST = 0.050  # seconds of one call that are still bearable
SHOWN = 20


def fuzz(kind: str, count: int, jobs: int, seed: int) -> bool:
    """Run and report one kind of text; whether all is well."""
    started, found, memory = time.monotonic(), Findings(), 0
    sizes = [CHUNK] * (count // CHUNK) + [count % CHUNK] * bool(count % CHUNK)
    seeds = [f"{kind} {seed} {place}" for place in range(len(sizes))]
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), initializer=prepare_process) as pool:
        for findings, peak in pool.map(chunk, [kind] * len(sizes), seeds, sizes):
            found.add(findings)
            memory = max(memory, peak)
    nanoseconds, call, text = found.slowest
    print(f"{kind}: {count:,} texts in {time.monotonic() - started:,.0f} s, seed {seed}")
    print("  " + ", ".join(f"{outcome} {times:,}" for outcome, times in found.outcomes.most_common()))
    print(f"  slowest call {nanoseconds / 1e6:.2f} ms: {call} with {text!r}")
    print(f"  peak memory of a process {memory / 1024:.0f} MiB")
    for defect in sorted(found.defects, key=len)[:SHOWN]:
        print(f"  DEFECT {defect}")
    if nanoseconds > SLOWEST * 1e9:
        print(f"  TOO SLOW: a call may take {SLOWEST * 1000:.0f} ms")
    return not found.defects and nanoseconds <= SLOWEST * 1e9


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("kind", nargs="*", help="notation or formula; without: both")
    parser.add_argument("--count", type=int, default=1_000_000, help="how many texts of each (1,000,000)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (1)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other texts (0)")
    options = parser.parse_args()
    if unknown := set(options.kind) - set(KINDS):
        parser.error(f"unknown kind {unknown.pop()!r}; there are: {', '.join(KINDS)}")
    # Nothing of Django but gettext, which needs to know that there is nothing to translate to.
    settings.configure(USE_I18N=False)
    well = [fuzz(kind, options.count, options.jobs, options.seed) for kind in options.kind or KINDS]
    return int(not all(well))


if __name__ == "__main__":
    sys.exit(main())
