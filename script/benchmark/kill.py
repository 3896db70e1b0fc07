"""SIGKILL under load, many times: every acknowledged save is there afterwards, and no transition by halves.

Each round starts the server, lets heads save and submit and reviewers approve, kills every process of the server at
a random moment, and reads everything back.
"""

import os
import random
import signal
import subprocess
import threading
import time

from django.db import connections

from script.benchmark.evening import Evening, Head, Reviewer, heads_of, prepare, reviewers_of
from script.benchmark.pages import free_port, server_command, wait_for
from script.benchmark.readback import Ledger, faults

TIMES = int(os.environ.get("KILLS", "50"))
HEADS = 10  # new ones after every kill
LONGEST = 3.0  # seconds of load between the first acknowledged save and the kill
PATIENCE = 60.0  # seconds for the first save


def run() -> None:
    world = prepare(HEADS * TIMES)
    ledgers: list[Ledger] = []
    chance = random.Random(20170331)
    for number in range(TIMES):
        evening = Evening(free_port())
        heads = heads_of(world, evening, number * HEADS, (number + 1) * HEADS)
        reviewers = reviewers_of(world, evening)
        connections.close_all()
        wait = chance.uniform(0, LONGEST)
        _kill_under_load(evening, heads, reviewers, wait)
        ledgers += [head.ledger for head in heads]
        _tell(number + 1, wait, heads, [*faults(ledgers), *_refused(evening)])
        connections.close_all()
    cells = sum(len(ledger.acknowledged) for ledger in ledgers)
    print(f"kill: {TIMES} times, {cells} acknowledged cells read back after every kill, no faults")


def _refused(evening: Evening) -> list[str]:
    """Failures that are not the kill's: what was answered, but wrongly."""
    return [failure for failure in evening.failures if not failure.startswith("lost")]


def _tell(number: int, wait: float, heads: list[Head], found: list[str]) -> None:
    saved = sum(len(head.ledger.acknowledged) for head in heads)
    print(f"  kill {number:3} after {wait:4.1f} s: {saved:5} acknowledged cells, {len(found)} faults")
    for fault in found[:10]:
        print(f"    {fault}")
    if found:
        raise SystemExit(1)


def _first_save(heads: list[Head]) -> None:
    """Return when somebody's save was acknowledged: a kill before that would prove little."""
    end = time.monotonic() + PATIENCE
    while not any(head.ledger.acknowledged for head in heads):
        if time.monotonic() > end:
            raise SystemExit("no save was acknowledged")
        time.sleep(0.005)


def _kill_under_load(evening: Evening, heads: list[Head], reviewers: list[Reviewer], wait: float) -> None:
    server = subprocess.Popen(server_command(evening.port), start_new_session=True)
    wait_for(evening.port)
    people = [threading.Thread(target=one.work, daemon=True) for one in (*heads, *reviewers)]
    for thread in people:
        thread.start()
    _first_save(heads)
    time.sleep(wait)
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    evening.over.set()
    for thread in people:
        thread.join(timeout=120)
