"""What a command takes: memory of all its processes at the highest, CPU time."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

_SAMPLE = 0.25  # seconds


def watched(process: "subprocess.Popen[bytes]", deadline: float) -> tuple[float, float]:
    """Wait for a process; returns its memory in MB at the highest, and its CPU time in seconds. Kills it if overdue.

    Both are of the process and its children; pages that they share are counted once. `deadline` is on the clock of
    `time.monotonic`.
    """
    before = os.times()
    highest = 0.0
    while process.poll() is None:
        highest = max(highest, sum(map(_memory, _family(process.pid))))
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            break
        time.sleep(_SAMPLE)
    times = os.times()
    cpu = times.children_user + times.children_system - before.children_user - before.children_system
    return highest, cpu


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _memory(pid: int) -> float:
    """MB of a process; what it shares with others is counted in part, so that a sum counts it once."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except (OSError, ValueError):
        pass
    return 0.0
