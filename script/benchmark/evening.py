"""The last evening of the month: 200 heads save 30 cells each and submit, while reviewers approve.

No request may fail; afterwards everything is read back (readback.py). The times of saving stand beside those of a
page of a log-in and one query, asked by one more person in the same minutes.
"""

import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.urls import reverse

from indicators.plans.statistics import count_tables
from script.benchmark.pages import free_port, gunicorn, session_of_user
from script.benchmark.readback import Ledger, faults
from script.benchmark.visitor import Answer, Lost, Visitor
from script.benchmark.world import ITEMS, MONTH, YEAR, World, make_world

HEADS = 200
REVIEWERS = 4
AT_ONCE = 40  # heads whose browsers have a request under way at the same moment
PAUSE = 0.05  # seconds between two requests of the one who measures the floor
_SEEN = re.compile(r'name="seen" value="([^"]*)"')


@dataclass
class Evening:
    """What the people share: times by what was asked, failures, and when the heads are done."""

    port: int
    times: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def note(self, what: str, answer: Answer, *expected: int) -> bool:
        """Keep the time; anything but the expected statuses is a failure."""
        self.times.setdefault(what, []).append(answer.seconds)
        if answer.status in expected:
            return True
        self.failures.append(f"{what}: {answer.status}")
        return False


@dataclass
class Head:
    """One department head: opens the month, fills cell by cell, submits all."""

    evening: Evening
    visitor: Visitor
    unit: int
    random: random.Random
    ledger: Ledger = field(default_factory=Ledger)

    def work(self) -> None:
        try:
            self._work()
        except Lost as lost:
            self.evening.failures.append(f"lost: {lost}")

    def _work(self) -> None:
        page = self.visitor.get(self._url("month"))
        if not self.evening.note("month page", page, 200):
            return
        rows = {name.partition(":")[0] for name in page.boxes}
        for key in sorted(rows):
            self._fill(key, page.boxes)
        self._submit()

    def _url(self, name: str) -> str:
        return reverse(name, args=[self.unit, YEAR, MONTH])

    def _fill(self, key: str, boxes: dict[str, str]) -> None:
        """The cells of one row, each saved as one leaves it."""
        state = {"lock": boxes[f"{key}:lock"], "was": boxes[f"{key}:was"]}
        typed: dict[str, str] = {}
        round_ = int(key.partition("-")[0])
        for code in ITEMS:
            typed[code] = self._number(code, typed)
            place, number = (round_, code), Decimal(typed[code])
            self.ledger.in_flight[place] = number
            cells = {f"{key}:{item}": text for item, text in typed.items()}
            answer = self.visitor.send(
                self._url("month_row"), {"row": key, f"{key}:lock": state["lock"], f"{key}:was": state["was"], **cells}
            )
            if not self.evening.note("save a cell", answer, 200):
                continue
            told = answer.json
            if told["cells"][code]["state"] != "saved":
                self.evening.failures.append(f"save a cell: {told['state']}")
                continue
            self.ledger.promised(place, number)
            state = {"lock": str(told["lock"]), "was": told["was"]}

    def _number(self, code: str, typed: dict[str, str]) -> str:
        """Counts that pass, so that nothing asks for a comment: at least 88 of 100."""
        whole = self.random.randint(100, 999)
        if code.startswith("A"):
            return str(whole)
        part = int(typed[f"A{code[1:]}"])
        return str(part + self.random.randint(0, part // 10))

    def _submit(self) -> None:
        page = self.visitor.get(self._url("month"))
        if not self.evening.note("month page", page, 200):
            return
        answer = self.visitor.send(self._url("month"), {**page.boxes, "action": "submit"})
        if self.evening.note("submit the month", answer, 200, 302):
            self.ledger.submitted |= {int(name.partition("-")[0]) for name in page.boxes if name.endswith(":lock")}


@dataclass
class Reviewer:
    """Opens the queue and approves what it shows, as long as heads are at work and anything waits."""

    evening: Evening
    visitor: Visitor

    def work(self) -> None:
        while True:
            last_look = self.evening.over.is_set()
            try:
                found = self._approve()
            except Lost as lost:
                self.evening.failures.append(f"lost: {lost}")
                return
            if last_look and not found:
                return
            time.sleep(0.2)

    def _approve(self) -> bool:
        queue = self.visitor.get(reverse("review_list"))
        seen = _SEEN.search(queue.text)
        if not self.evening.note("review queue", queue, 200) or not seen or not seen[1].strip():
            return False
        answer = self.visitor.post(reverse("review_list"), seen=seen[1], action="clean")
        self.evening.note("approve a page", answer, 302)
        return True


def floor(evening: Evening, visitor: Visitor) -> None:
    """One more person, who only opens a page of a log-in and one query."""
    while not evening.over.is_set():
        evening.note("log-in and one query", visitor.get("/bench/floor/"), 200)
        time.sleep(PAUSE)


def prepare(heads: int = HEADS) -> World:
    """An own database with the hospital and everybody's session."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    world = make_world(heads, REVIEWERS)
    count_tables()
    return world


def heads_of(world: World, evening: Evening, first: int = 0, last: int | None = None) -> list[Head]:
    """These heads, each with a session of their own, already logged in."""
    people = list(zip(world.units, world.heads, strict=True))[first:last]
    return [
        Head(evening, Visitor(evening.port, session_of_user(user)), unit.pk, random.Random(unit.pk))
        for unit, user in people
    ]


def reviewers_of(world: World, evening: Evening) -> list[Reviewer]:
    return [Reviewer(evening, Visitor(evening.port, session_of_user(user))) for user in world.reviewers]


def play(evening: Evening, heads: list[Head], reviewers: list[Reviewer], watcher: Visitor) -> None:
    """Everybody at once, until the heads are done and nothing waits."""
    beside: list[Callable[[], None]] = [*(reviewer.work for reviewer in reviewers), lambda: floor(evening, watcher)]
    threads = [threading.Thread(target=work) for work in beside]
    for thread in threads:
        thread.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(Head.work, heads))
    evening.over.set()
    for thread in threads:
        thread.join()


def run() -> None:
    world = prepare()
    connections.close_all()
    evening = Evening(free_port())
    heads, reviewers = heads_of(world, evening), reviewers_of(world, evening)
    watcher = Visitor(evening.port, session_of_user(world.reviewers[0]))
    connections.close_all()
    begin = time.perf_counter()
    with gunicorn(evening.port):
        play(evening, heads, reviewers, watcher)
    _report(evening, [head.ledger for head in heads], time.perf_counter() - begin)


def _report(evening: Evening, ledgers: list[Ledger], taken: float) -> None:
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    print(f"evening: {HEADS} heads, {AT_ONCE} at once, {REVIEWERS} reviewers, {engine}: {taken:.0f} s")
    bottom = _slow(evening.times["log-in and one query"])
    for what, times in evening.times.items():
        ratio = _slow(times) / bottom
        print(f"  {what:22} {len(times):6} requests   {_figures(times)}   {ratio:6.2f} x the floor's")
    saved = sum(len(ledger.acknowledged) for ledger in ledgers)
    submitted = sum(len(ledger.submitted) for ledger in ledgers)
    found = [*evening.failures, *faults(ledgers)]
    print(f"  {saved} cells and {submitted} submissions acknowledged, all read back; faults: {len(found)}")
    for fault in found[:20]:
        print(f"    {fault}")
    if found:
        raise SystemExit(1)


def _slow(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _figures(times: list[float]) -> str:
    return f"median {median(times) * 1000:7.1f} ms   p99 {_slow(times) * 1000:7.1f} ms"
