"""Reads inputs in a process of its own, which is ended where it hangs and replaced where it dies."""

import contextlib
import gc
import json
import logging
import os
import random
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.findings import Finding, place, raise_slow
from tests.fuzz.mutation import mutated
from tests.fuzz.target import Target

CPU = 5.0  # seconds of CPU time that an input may take
HARD_CPU = 4 * CPU  # after that the process is killed: it is in a library that no signal interrupts
QUIET = 120.0  # seconds without an answer and without CPU time: it waits for something that never comes
MEMORY = 1 << 30  # bytes that an input may take above what the process had
_INPUTS = 3000  # that one process reads, so that what leaks does not add up
_TICKS = os.sysconf("SC_CLK_TCK")


def input_of(target: Target, seed: int, number: int) -> bytes:
    """The input with this number: the same for the same seed, whatever came before. The first are the seeds."""
    if number < len(target.seeds):
        return target.seeds[number]
    return mutated(random.Random(f"{seed}/{target.name}/{number}"), target.kind, target.seeds)


def read(target: Target, data: bytes, seed: int = 0, number: int = 0) -> Finding | None:
    """Read one input in this process; returns what is wrong, None for nothing."""
    signal.signal(signal.SIGPROF, raise_slow)
    try:
        signal.setitimer(signal.ITIMER_PROF, CPU)
        try:
            target.run(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except (KeyboardInterrupt, SystemExit) as error:
        if isinstance(error, SystemExit):
            return Finding.of(target.name, error, seed, number)
        raise
    except BaseException as error:
        return Finding.of(target.name, error, seed, number)
    return None


def limit_memory() -> None:
    """Let this process take no more than MEMORY above what it has."""
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY, has + MEMORY))


def cpu_of(pid: int) -> float:
    """Seconds of CPU time that a running process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Worker:
    """One process for one target. `make` gives the input with a number; by default those of `seed`."""

    def __init__(self, target: Target, seed: int, make: Callable[[int], bytes] | None = None) -> None:
        self.target, self.seed = target, seed
        self._make = make or (lambda number: input_of(target, seed, number))
        self._pid = 0
        self._read = 0

    def take(self, number: int) -> Finding | None:
        """Read an input; returns what is wrong with it."""
        if not self._pid or self._read >= _INPUTS:
            self.close()
            self._begin()
        self._read += 1
        os.write(self._to, f"{number}\n".encode())
        answer, state = self._answer()
        if answer:
            facts = json.loads(answer)
            return Finding(**facts) if facts else None
        kind = {"hang": "hang", "waits": "hang"}.get(state, "crash")
        self.close()
        return Finding(self.target.name, kind, state, state, "", self.seed, number)

    def _answer(self) -> tuple[bytes, str]:
        """(the answer, "") or (nothing, why there is none)."""
        began, last, moved = cpu_of(self._pid), 0.0, time.monotonic()
        answer = b""
        while True:
            if select.select([self._from], [], [], 0.5)[0]:
                piece = os.read(self._from, 1 << 16)
                if not piece:
                    _, status = os.waitpid(self._pid, 0)
                    self._pid = 0
                    return (
                        b"",
                        f"ended by {signal.Signals(status & 127).name}" if status & 127 else f"exit {status >> 8}",
                    )
                answer += piece
                if answer.endswith(b"\n"):
                    return answer, ""
                continue
            took = cpu_of(self._pid) - began
            if took > last:
                last, moved = took, time.monotonic()
            if took > HARD_CPU:
                return b"", "hang"
            if time.monotonic() - moved > QUIET:
                return b"", "waits"

    def _begin(self) -> None:
        inside, self._to = os.pipe()
        self._from, outside = os.pipe()
        self._read = 0
        self._pid = os.fork()
        if self._pid:
            os.close(inside), os.close(outside)
            return
        try:
            os.close(self._to), os.close(self._from)
            self._serve(inside, outside)
        finally:
            os._exit(0)

    def _serve(self, inside: int, outside: int) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # warcio prints what it thinks of each record
        gc.freeze()
        limit_memory()
        with os.fdopen(inside) as numbers:
            for line in numbers:
                number = int(line)
                found = read(self.target, self._make(number), self.seed, number)
                os.write(outside, json.dumps(found.__dict__ if found else None).encode("utf-8", "replace") + b"\n")

    def close(self) -> None:
        """End the process; its CPU time then counts among that of our children."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        if hasattr(self, "_to"):
            for descriptor in (self._to, self._from):
                with contextlib.suppress(OSError):
                    os.close(descriptor)
            del self._to
        self._pid = 0


__all__ = ["CPU", "Worker", "cpu_of", "input_of", "limit_memory", "place", "read"]
