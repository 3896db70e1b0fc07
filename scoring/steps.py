"""Milestones: steps that count only as far as they are done without a gap (DESIGN.md section 4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step of a milestone.

    `implied_by` names a later step that stands for this one: in KPIs 13 and 18 step 5 (progress over
    50 %) says that step 4 (progress under 50 %) is behind it. `criterion` is the full printed text,
    `evidence` and `remark` are what the form prints beside it.
    """

    number: int
    text: str
    implied_by: int | None = None
    criterion: str = ""
    evidence: str = ""
    remark: str = ""


def with_implied(steps: Sequence[Step], done: Collection[int]) -> frozenset[int]:
    """The numbers of the steps that are done or implied, also through one another."""
    reached = set(done)
    for _ in steps:
        reached |= {step.number for step in steps if step.implied_by in reached}
    return frozenset(reached)


def consecutive_done(steps: Sequence[Step], done: Collection[int]) -> int:
    """How many steps, from the first on, are done or implied without a gap."""
    reached = with_implied(steps, done)
    count = 0
    for step in sorted(steps, key=lambda step: step.number):
        if step.number not in reached:
            break
        count += 1
    return count
