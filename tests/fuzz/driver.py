"""Shares the time out among the targets, keeps what was found, and says at the end what it came to."""

import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from crawler.cli.output.text_table import table
from tests.fuzz.findings import Finding
from tests.fuzz.target import Target
from tests.fuzz.worker import Worker, input_of

_TURN = 15.0  # seconds that a target has before the next has its turn
_SAME = 200  # inputs with the same fault that are counted; beyond them a target that only fails is left


@dataclass
class Score:
    """What came of one target."""

    target: Target
    inputs: int = 0
    cpu: float = 0.0
    seconds: float = 0.0
    found: dict[str, Finding] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)


def cpu() -> float:
    """Seconds of CPU time that this process and its children that have ended have taken."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def fuzz(
    targets: Iterable[Target], *, seconds: float, seed: int, findings: Path, inputs: int = 0, quiet: bool = False
) -> list[Score]:
    """Feed damaged inputs to the targets for so many seconds, or so many inputs each; faults go into `findings`."""
    scores = [Score(target) for target in targets]
    ends = time.monotonic() + seconds
    turn = min(_TURN, max(0.2, seconds / len(scores) / 2))
    while time.monotonic() < ends and any(not inputs or score.inputs < inputs for score in scores):
        for score in scores:
            _take_turn(score, seed, min(ends, time.monotonic() + turn), inputs, findings, quiet)
        if not quiet:
            done = sum(score.inputs for score in scores)
            faults = sum(len(score.found) for score in scores)
            print(f"{done} inputs, {faults} findings, {cpu():.0f} s of CPU", file=sys.stderr, flush=True)
    return scores


def _take_turn(score: Score, seed: int, until: float, inputs: int, findings: Path, quiet: bool) -> None:
    target, began, started = score.target, cpu(), time.monotonic()
    worker = Worker(target, seed)
    try:
        while time.monotonic() < until and (not inputs or score.inputs < inputs):
            number = score.inputs
            score.inputs += 1
            if found := worker.take(number):
                score.times[found.key] = score.times.get(found.key, 0) + 1
                if found.key not in score.found:
                    score.found[found.key] = found
                    path = found.write(findings, input_of(target, seed, number))
                    if path and not quiet:
                        print(f"  {target.name} {found.kind} at {found.where}: {found.what[:120]!r}", file=sys.stderr)
    finally:
        worker.close()
    score.cpu += cpu() - began
    score.seconds += time.monotonic() - started


def summary(scores: list[Score], engine: str, seed: int) -> str:
    """The table of what was done and found."""
    rows = [[score.target.name, str(score.inputs), str(len(score.found)), f"{score.cpu:.0f} s"] for score in scores]
    total = ["in all", str(sum(s.inputs for s in scores)), str(sum(len(s.found) for s in scores)), f"{cpu():.0f} s"]
    lines = [table([*rows, total], ["target", "inputs", "findings", "CPU"]), f"engine: {engine}, seed {seed}"]
    for score in scores:
        for key, found in score.found.items():
            times = score.times.get(key, 1)
            lines.append(f"{found.target} {found.kind} at {found.where} ({times} inputs): {found.what[:150]}")
    return "\n".join(lines)
