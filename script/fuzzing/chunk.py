"""A run of random texts in one process."""

import gc
import resource
import signal
from random import Random
from types import FrameType

from script.fuzzing.checks import Checks, Findings
from script.fuzzing.texts import formulas, notations, plan_texts

KINDS = ("notation", "formula")
PATIENCE = 10  # seconds after which a text counts as hanging
MEMORY = 2 * 1024**3
TIDY = 500  # texts after which garbage is collected


def hanging(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"not done after {PATIENCE} seconds")


def prepare_process() -> None:
    """A text that hangs or eats memory becomes a defect instead of the machine's end."""
    signal.signal(signal.SIGALRM, hanging)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def chunk(kind: str, seed: str, count: int, patience: float = PATIENCE) -> tuple[Findings, int]:
    """Findings among `count` texts, the same ones for the same seed, and the process's peak memory in KiB.

    `patience` 0 waits for ever; any other needs `prepare_process`.
    """
    random = Random(seed)
    real_notations, real_formulas = plan_texts()
    checks = Checks(random)
    texts, check = {
        "notation": (notations(random, real_notations), checks.notation),
        "formula": (formulas(random, real_formulas), checks.formula),
    }[kind]
    gc.freeze()
    gc.disable()  # whichever call it came upon would look slow
    try:
        for place in range(count):
            if place % TIDY == 0:
                gc.collect()
            text = texts.one()
            signal.setitimer(signal.ITIMER_REAL, patience)
            checks.run(check, text)
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        gc.enable()
        gc.unfreeze()
    return checks.found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
